//! A case that follows another one knows up to which event of it it has heard, and is found by it.

crate::ddl::changes! {
    up: &[
        "ALTER TABLE cases ADD COLUMN leader_seq integer",
        "UPDATE cases SET leader_seq = (SELECT leader.event_seq FROM cases leader
            WHERE leader.id = cases.leading_case_id) WHERE leading_case_id IS NOT NULL",
        "CREATE INDEX cases_leading ON cases (leading_case_id, id) WHERE leading_case_id IS NOT NULL",
    ],
    down: &[
        "DROP INDEX cases_leading",
        "ALTER TABLE cases DROP COLUMN leader_seq",
    ],
}
