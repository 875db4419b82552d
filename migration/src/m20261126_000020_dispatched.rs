//! What a department has to reply to, in the order in which its replies are due.

crate::ddl::changes! {
    up: &[
        // An intake does not pay for this: only what is dispatched has a department.
        "CREATE INDEX cases_department_due ON cases (department_id, reply_by, id) WHERE department_id IS NOT NULL",
    ],
    down: &["DROP INDEX cases_department_due"],
}
