//! Days on which the calendar that is shipped was corrected by an administrator.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE calendar_days (
            day date PRIMARY KEY NOT NULL,
            is_working boolean NOT NULL,
            note text,
            account_id uuid REFERENCES accounts (id),
            created_at timestamptz NOT NULL
        )",
    ],
    down: &["calendar_days"],
}
