//! Printed codes and the duty roster.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE codes (
            id uuid PRIMARY KEY NOT NULL,
            token text NOT NULL UNIQUE,
            committee_id uuid NOT NULL REFERENCES committees (id),
            kind text NOT NULL CHECK (kind IN ('station', 'member')),
            station_id uuid NOT NULL REFERENCES stations (id),
            member_id uuid REFERENCES members (id),
            state text NOT NULL CHECK (state IN ('live', 'revoked')),
            placed_at text,
            batch text,
            scan_count bigint NOT NULL,
            case_count bigint NOT NULL,
            replacement_id uuid REFERENCES codes (id),
            revoked_reason text,
            revoked_at timestamptz,
            created_at timestamptz NOT NULL,
            CHECK ((kind = 'member') = (member_id IS NOT NULL)),
            CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
        )",
        "CREATE INDEX codes_station ON codes (station_id, id)",
        "CREATE INDEX codes_member ON codes (member_id) WHERE member_id IS NOT NULL",
        "CREATE TABLE duty_shifts (
            id uuid PRIMARY KEY NOT NULL,
            station_id uuid NOT NULL REFERENCES stations (id),
            member_id uuid NOT NULL REFERENCES members (id),
            kind text NOT NULL CHECK (kind IN ('duty', 'reception_day')),
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            CHECK (starts_at < ends_at)
        )",
        "CREATE INDEX duty_shifts_station ON duty_shifts (station_id, ends_at)",
        "CREATE INDEX duty_shifts_member ON duty_shifts (member_id, ends_at)",
    ],
    down: &["duty_shifts", "codes"],
}
