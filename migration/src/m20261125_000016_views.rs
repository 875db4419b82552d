//! What lists read among a million cases: the open ones by due time, and those that have ended, each by an
//! index of its own. Without them a list of either walks over the other.

crate::ddl::changes! {
    up: &[
        // Those that have ended, nearly all after a year, are not in these.
        "CREATE INDEX cases_committee_open ON cases (committee_id, respond_by, id) WHERE ended_at IS NULL",
        // For offices with many committees below theirs, whose rows no other index has in order.
        "CREATE INDEX cases_open ON cases (respond_by, id) WHERE ended_at IS NULL",
        // An intake does not pay for these. The condition stands word for word in the queries
        // (`store::case_lists`).
        "CREATE INDEX cases_ended ON cases (id)
            WHERE state IN ('closed', 'rejected', 'withdrawn', 'merged')",
        "CREATE INDEX cases_station_ended ON cases (station_id, id)
            WHERE state IN ('closed', 'rejected', 'withdrawn', 'merged')",
        "CREATE INDEX cases_member_ended ON cases (member_id, id)
            WHERE state IN ('closed', 'rejected', 'withdrawn', 'merged')",
    ],
    down: &[
        "DROP INDEX cases_member_ended",
        "DROP INDEX cases_station_ended",
        "DROP INDEX cases_ended",
        "DROP INDEX cases_open",
        "DROP INDEX cases_committee_open",
    ],
}
