# A PostgreSQL and a Redis server for one run of the tests, in a temporary folder, on free ports.
# Sourced after lib.sh; `start_servers` exports their URLs and makes `$DIR`, with `$DIR/tmp` for the script's own
# files. When the script ends, however it ends, exactly those servers and this folder go.
# shellcheck shell=bash

DIR=
# What a script wants to say when it has failed, while its folder is there: defined anew after sourcing this.
on_failure() { :; }

finish() {
    local status=$?
    trap - EXIT INT TERM
    stop_servers
    if [ -n "$DIR" ]; then
        [ "$status" -eq 0 ] || on_failure
        rm -rf "$DIR"
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

POSTGRES_PID=
REDIS_PID=

# as_postgres COMMAND…: PostgreSQL refuses to run as root; then somebody without rights runs it.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid="$POSTGRES_USER" --regid="$(id -g "$POSTGRES_USER")" --clear-groups "$@"
    else
        "$@"
    fi
}

# start_postgres DIR: settings that decide about durability stay as they are shipped, because
# stories kill the service and look what has been kept.
start_postgres() {
    local dir=$1/postgres bin port
    bin=$(postgres_bin)
    if [ -z "$bin" ]; then
        apt_install postgresql
        bin=$(postgres_bin)
    fi
    [ -n "$bin" ] || fail "no PostgreSQL server programs found after installing them"
    POSTGRES_USER=$(id -un)
    if [ "$(id -u)" -eq 0 ]; then
        POSTGRES_USER=nobody
        if id postgres >/dev/null 2>&1; then POSTGRES_USER=postgres; fi
    fi
    mkdir "$dir"
    chown "$POSTGRES_USER" "$dir"
    (cd / && as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale >"$dir.log" 2>&1) ||
        fail "initdb failed: $(tail -5 "$dir.log")"
    port=$(free_port)
    # Not by a function in the background: its process would be a shell around the server.
    local -a server=("$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1
        -c unix_socket_directories="$dir" -c max_connections=200)
    if [ "$(id -u)" -eq 0 ]; then
        server=(setpriv --reuid="$POSTGRES_USER" --regid="$(id -g "$POSTGRES_USER")" --clear-groups "${server[@]}")
    fi
    (cd / && exec "${server[@]}") >>"$dir.log" 2>&1 &
    POSTGRES_PID=$!
    wait_for 30 "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" || fail "PostgreSQL did not start: $(tail -5 "$dir.log")"
    export MASHANGJIAN_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
    # For stories that stop a server of their own: its programs, and as whom they run where we may not.
    export MASHANGJIAN_TEST_POSTGRES_BIN="$bin"
    if [ "$(id -u)" -eq 0 ]; then
        MASHANGJIAN_TEST_POSTGRES_OWNER="$(id -u "$POSTGRES_USER"):$(id -g "$POSTGRES_USER")"
        export MASHANGJIAN_TEST_POSTGRES_OWNER
    fi
    say "PostgreSQL $("$bin/postgres" --version | awk '{print $3}') on port $port"
}

start_redis() {
    local dir=$1/redis port
    command -v redis-server >/dev/null || apt_install redis-server
    mkdir "$dir"
    port=$(free_port)
    redis-server --bind 127.0.0.1 --port "$port" --dir "$dir" --save '' --appendonly no >"$dir.log" 2>&1 &
    REDIS_PID=$!
    wait_for 10 redis-cli -h 127.0.0.1 -p "$port" ping || fail "Redis did not start: $(tail -5 "$dir.log")"
    export MASHANGJIAN_TEST_REDIS="redis://127.0.0.1:$port/0"
    say "Redis $(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/') on port $port"
}

start_servers() {
    DIR=$(mktemp -d)
    chmod 755 "$DIR"
    mkdir "$DIR/tmp"
    start_postgres "$DIR"
    start_redis "$DIR"
}

# INT is PostgreSQL's fast stop: it does not wait for connections that were left open.
stop_servers() {
    stop_process "$REDIS_PID"
    stop_process "$POSTGRES_PID" INT
    REDIS_PID= POSTGRES_PID=
}
