# Shell functions shared by `run`, `test` and the scripts beside this file. Sourced, not run.
# They know how to say things, to install what is missing and to find free ports; they know nothing
# of the service.
# shellcheck shell=bash

# The versions that a fresh machine gets.
NEXTEST_VERSION=0.9.143
CARGO_DENY_VERSION=0.18.9

# say LINE…
say() { printf '%s\n' "$@"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# as_root COMMAND…: runs it with the rights to install packages.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

# apt_install PACKAGE…: installs Debian packages, or says what to run.
# RUNLEVEL=1 asks the packages not to start servers of their own.
apt_install() {
    may_install || fail "$* missing and may not be installed from here; run: sudo apt-get install -y --no-install-recommends $*"
    say "installing $* (Debian packages)"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*"
}

need_rust() {
    # A fresh rustup has its programs here before any shell has been told.
    PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
    command -v cargo >/dev/null || fail "no Rust toolchain; install rustup (https://rustup.rs), then run this again"
    # aws-lc and SQLite are C.
    command -v cc >/dev/null || apt_install build-essential
}

# need_cargo_tool PROGRAM CRATE VERSION: builds a cargo subcommand once, into cargo's own folder.
# A version that is there already is taken as it is.
need_cargo_tool() {
    command -v "$1" >/dev/null && return
    say "building $2 $3 (once; some minutes)"
    # Unoptimised: it runs for a second, and would take three times as long to build.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo install --quiet --locked "$2" --version "$3" || fail "cargo could not install $2 $3"
}

# missing_fonts: prints the Debian packages of fonts that posters need and that are not here: for Chinese, and for the
# other scripts that names are written in.
missing_fonts() {
    has_font 'NotoSansCJK*' || has_font 'SourceHanSans*' || has_font 'wqy-*' || say fonts-noto-cjk
    has_font 'NotoSerifTibetan*' || say fonts-noto-core
}

# need_poster_programs: the fonts of posters, and the programs that open documents and read codes which we did not
# write.
need_poster_programs() {
    local missing=()
    mapfile -t missing < <(missing_fonts)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
    command -v zbarimg >/dev/null || missing+=(zbar-tools)
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# has_font FILE: whether a font whose file is called so lies where fonts lie.
has_font() {
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.local/share/fonts" -iname "$1" -print -quit 2>/dev/null || true)" ]
}

# postgres_bin: prints the folder of the newest PostgreSQL server programs, or nothing.
postgres_bin() {
    local folder newest=
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V); do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && newest=$folder
    done
    if [ -z "$newest" ] && command -v initdb >/dev/null && command -v postgres >/dev/null; then
        newest=$(dirname "$(readlink -f "$(command -v postgres)")")
    fi
    printf '%s' "$newest"
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: prints a port that nobody listens on now, below the range from which the system hands
# out ports by itself.
free_port() {
    local port try
    for try in $(seq 50); do
        port=$((20000 + (RANDOM + try) % 12000))
        if port_is_free "$port"; then
            printf '%s' "$port"
            return
        fi
    done
    fail "no free port found"
}

# wait_for SECONDS COMMAND…: tries the command until it succeeds, four times a second.
wait_for() {
    local tries=$(($1 * 4)) try
    shift
    for try in $(seq "$tries"); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.25
    done
    return 1
}

# why LOG: prints the error in a log without its backtrace, or the log's end.
why() {
    if grep -q '^Error' "$1"; then sed -n '/^Error/,/^$/p' "$1"; else tail -5 "$1"; fi
}

# stop_process PID [SIGNAL]: ends a child that this script started, and waits for it.
stop_process() {
    [ -n "${1:-}" ] || return 0
    kill "-${2:-TERM}" "$1" 2>/dev/null || return 0
    wait "$1" 2>/dev/null || true
}
