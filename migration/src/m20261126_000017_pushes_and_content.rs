//! What WeChat tells us by itself, and the check of what people write and send before others read it.

crate::ddl::changes! {
    up: &[
        // A push is kept until it is worked on, sealed; then only what recognises a repetition is left.
        "CREATE TABLE wechat_pushes (
            id uuid PRIMARY KEY NOT NULL,
            appid text NOT NULL,
            event text NOT NULL,
            dedupe_hash bytea NOT NULL UNIQUE,
            trace_id text,
            state text NOT NULL CHECK (state IN ('received', 'waiting', 'done')),
            body_sealed bytea,
            received_at timestamptz NOT NULL,
            done_at timestamptz
        )",
        "CREATE INDEX wechat_pushes_waiting ON wechat_pushes (trace_id) WHERE state = 'waiting'",
        "CREATE INDEX wechat_pushes_received ON wechat_pushes (received_at)",
        // One row a text or picture that somebody has to look at.
        "CREATE TABLE content_checks (
            id uuid PRIMARY KEY NOT NULL,
            case_id uuid NOT NULL REFERENCES cases (id),
            event_seq integer NOT NULL,
            upload_id uuid REFERENCES uploads (id),
            state text NOT NULL CHECK (state IN ('pending', 'passed', 'held', 'allowed', 'refused')),
            finding text,
            label bigint,
            trace_id text,
            link_hash bytea,
            due_at timestamptz NOT NULL,
            settled_at timestamptz,
            decided_by uuid REFERENCES accounts (id),
            reason text,
            created_at timestamptz NOT NULL,
            CHECK ((state = 'pending') = (settled_at IS NULL)),
            CHECK ((state IN ('passed', 'pending')) = (finding IS NULL))
        )",
        "CREATE UNIQUE INDEX content_checks_text ON content_checks (case_id, event_seq) WHERE upload_id IS NULL",
        "CREATE UNIQUE INDEX content_checks_upload ON content_checks (upload_id) WHERE upload_id IS NOT NULL",
        "CREATE UNIQUE INDEX content_checks_trace ON content_checks (trace_id) WHERE trace_id IS NOT NULL",
        "CREATE UNIQUE INDEX content_checks_link ON content_checks (link_hash) WHERE link_hash IS NOT NULL",
        "CREATE INDEX content_checks_pending ON content_checks (due_at) WHERE state = 'pending'",
        "CREATE INDEX content_checks_held ON content_checks (id) WHERE state = 'held'",
        // Whether residents read a sentence in place of the case's words: lists know it without a look-up.
        "ALTER TABLE cases ADD COLUMN text_held boolean NOT NULL DEFAULT false",
    ],
    down: &[
        "ALTER TABLE cases DROP COLUMN text_held",
        "DROP TABLE content_checks",
        "DROP TABLE wechat_pushes",
    ],
}
