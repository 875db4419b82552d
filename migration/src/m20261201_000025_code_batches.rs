//! Batches of posters: what was ordered, how far it is, and where it goes on after a restart.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE code_batches (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            account_id uuid NOT NULL REFERENCES accounts (id),
            wanted jsonb NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'drawing', 'ready', 'failed')),
            total integer NOT NULL CHECK (total > 0),
            done integer NOT NULL CHECK (done >= 0),
            part integer NOT NULL CHECK (part >= 0),
            bytes bigint NOT NULL CHECK (bytes >= 0),
            work jsonb NOT NULL,
            failure text,
            created_at timestamptz NOT NULL,
            finished_at timestamptz
        )",
        "CREATE INDEX code_batches_committee ON code_batches (committee_id, id)",
        "CREATE INDEX code_batches_created ON code_batches (created_at)",
    ],
    down: &["code_batches"],
}
