//! What people say of posters that look wrong to them. Nothing says who.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE poster_reports (
            id uuid PRIMARY KEY NOT NULL,
            code_id uuid REFERENCES codes (id),
            station_id uuid REFERENCES stations (id),
            said_token text,
            text text NOT NULL,
            place text,
            created_at timestamptz NOT NULL,
            settled_at timestamptz,
            note text
        )",
        "CREATE INDEX poster_reports_station ON poster_reports (station_id, id)",
    ],
    down: &["poster_reports"],
}
