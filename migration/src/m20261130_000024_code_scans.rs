//! Scans of codes by the hour, and the tokens that people scanned although nobody issued them.
//!
//! An hour is counted from the beginning of 1970: the same arithmetic on both databases. Nothing says who
//! scanned.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE code_scans (
            code_id uuid NOT NULL REFERENCES codes (id),
            hour integer NOT NULL,
            result text NOT NULL CHECK (result IN ('opened', 'revoked', 'reported')),
            scans bigint NOT NULL CHECK (scans > 0),
            PRIMARY KEY (code_id, hour, result)
        )",
        "CREATE TABLE unknown_codes (
            id uuid PRIMARY KEY NOT NULL,
            token text NOT NULL UNIQUE,
            scans bigint NOT NULL CHECK (scans > 0),
            first_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL
        )",
        "CREATE INDEX unknown_codes_last ON unknown_codes (last_at)",
    ],
    down: &["unknown_codes", "code_scans"],
}
