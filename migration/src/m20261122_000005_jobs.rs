//! What makes retries harmless: the outbox, idempotency keys; and the log of messages.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE outbox (
            id uuid PRIMARY KEY NOT NULL,
            kind text NOT NULL,
            payload jsonb NOT NULL,
            dedupe_key text,
            state text NOT NULL CHECK (state IN ('pending', 'dead')),
            run_at timestamptz NOT NULL,
            attempts integer NOT NULL,
            lease_id uuid,
            leased_until timestamptz,
            last_error text,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX outbox_dedupe ON outbox (dedupe_key) WHERE dedupe_key IS NOT NULL",
        "CREATE INDEX outbox_due ON outbox (run_at) WHERE state = 'pending'",
        "CREATE TABLE idempotency_keys (
            scope text NOT NULL,
            key text NOT NULL,
            request_hash bytea NOT NULL,
            status smallint NOT NULL,
            response_sealed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (scope, key)
        )",
        "CREATE TABLE messages (
            id uuid PRIMARY KEY NOT NULL,
            case_id uuid NOT NULL REFERENCES cases (id),
            event_seq integer NOT NULL,
            account_id uuid NOT NULL REFERENCES accounts (id),
            template text NOT NULL,
            body jsonb NOT NULL,
            read_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX messages_once ON messages (case_id, event_seq, account_id)",
        "CREATE INDEX messages_account ON messages (account_id, id)",
    ],
    down: &["messages", "idempotency_keys", "outbox"],
}
