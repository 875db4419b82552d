//! What administrators did: rows that are only ever added, each sealed to the one before.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE audit_entries (
            seq bigint PRIMARY KEY NOT NULL,
            at timestamptz NOT NULL,
            account_id uuid REFERENCES accounts (id),
            committee_id uuid REFERENCES committees (id),
            action text NOT NULL,
            target text NOT NULL,
            target_id uuid NOT NULL,
            detail jsonb NOT NULL,
            hash bytea NOT NULL
        )",
        "CREATE INDEX audit_entries_committee ON audit_entries (committee_id, seq)",
    ],
    down: &["audit_entries"],
}
