//! What the desk of a committee's office reads: its open cases by due time.

crate::ddl::changes! {
    up: &[
        // Those that have ended, nearly all after a year, are not in it.
        "CREATE INDEX cases_committee_open ON cases (committee_id, respond_by, id) WHERE ended_at IS NULL",
    ],
    down: &["DROP INDEX cases_committee_open"],
}
