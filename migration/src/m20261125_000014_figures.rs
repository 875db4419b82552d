//! Figures by day, station and member, brought forward from the history of cases; and saved views of lists.

crate::ddl::changes! {
    up: &[
        "CREATE TABLE figures (
            day date NOT NULL,
            station_id uuid NOT NULL REFERENCES stations (id),
            member_id uuid NOT NULL,
            figure text NOT NULL CHECK (figure IN ('received', 'assigned', 'returned', 'answered',
                'answered_late', 'answered_again', 'answer_time', 'confirmed', 'confirmed_partly', 'contested',
                'upheld', 'unconfirmed', 'rejected', 'withdrawn', 'merged', 'look_asked', 'look_confirmed',
                'look_contested', 'look_unconfirmed')),
            bin smallint NOT NULL,
            total bigint NOT NULL,
            PRIMARY KEY (day, station_id, member_id, figure, bin)
        )",
        "CREATE INDEX figures_station ON figures (station_id, day)",
        "CREATE INDEX figures_member ON figures (member_id, day)",
        // One row: its lock keeps those apart who bring figures forward and who check them.
        "CREATE TABLE figure_rolls (
            id smallint PRIMARY KEY NOT NULL,
            rolled_at timestamptz,
            verified_at timestamptz,
            checked_to date
        )",
        "INSERT INTO figure_rolls (id) VALUES (1)",
        // Up to which event of its history a case stands in the figures. The index holds no more than what
        // has happened since they were brought forward.
        "ALTER TABLE cases ADD COLUMN figures_seq integer NOT NULL DEFAULT 0",
        "CREATE INDEX cases_unrolled ON cases (id) WHERE figures_seq < event_seq",
        // What lies at a station now: those that have ended, nearly all after a year, are not in it.
        "CREATE INDEX cases_station_open ON cases (station_id, respond_by, id) WHERE ended_at IS NULL",
        // The events of a day, nearly in the order of the table: an intake does not pay for this index.
        "CREATE INDEX case_events_at ON case_events USING brin (at)",
        "CREATE INDEX second_looks_answer_by ON second_looks (answer_by)",
        "CREATE TABLE saved_views (
            id uuid PRIMARY KEY NOT NULL,
            account_id uuid NOT NULL REFERENCES accounts (id),
            name text NOT NULL,
            query text NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX saved_views_name ON saved_views (account_id, name)",
    ],
    down: &[
        "DROP TABLE saved_views",
        "DROP INDEX second_looks_answer_by",
        "DROP INDEX case_events_at",
        "DROP INDEX cases_station_open",
        "DROP INDEX cases_unrolled",
        "ALTER TABLE cases DROP COLUMN figures_seq",
        "DROP TABLE figure_rolls",
        "DROP TABLE figures",
    ],
}
