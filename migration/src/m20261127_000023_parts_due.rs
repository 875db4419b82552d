//! An officer's list of parts by the time when a reply is due, in the order of an index.

crate::ddl::changes! {
    up: &[
        "CREATE INDEX case_parts_department_due ON case_parts (department_id, reply_by, case_id)
            WHERE state = 'asked'",
    ],
    down: &["DROP INDEX case_parts_department_due"],
}
