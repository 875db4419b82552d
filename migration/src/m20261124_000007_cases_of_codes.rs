//! How many cases came through a code is counted in `cases`, not kept beside it: a counter on the code
//! would make every report through one poster wait for the others.

crate::ddl::changes! {
    up: &[
        "ALTER TABLE codes DROP COLUMN case_count",
        "CREATE INDEX cases_code ON cases (code_id) WHERE code_id IS NOT NULL",
    ],
    down: &[
        "DROP INDEX cases_code",
        "ALTER TABLE codes ADD COLUMN case_count bigint NOT NULL DEFAULT 0",
    ],
}
