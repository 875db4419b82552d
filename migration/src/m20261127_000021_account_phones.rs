//! The phone numbers to which staff want text messages.

crate::ddl::changes! {
    up: &[
        "CREATE TABLE account_phones (
            account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
            phone_sealed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )",
    ],
    down: &["DROP TABLE account_phones"],
}
