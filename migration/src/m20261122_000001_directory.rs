//! Committees and what belongs to them: sectors, categories, stations, members, departments.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE committees (
            id uuid PRIMARY KEY NOT NULL,
            parent_id uuid REFERENCES committees (id),
            name text NOT NULL,
            level text NOT NULL CHECK (level IN ('national', 'province', 'city', 'district')),
            created_at timestamptz NOT NULL
        )",
        "CREATE TABLE sectors (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            name text NOT NULL,
            sort integer NOT NULL,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX sectors_name ON sectors (committee_id, name)",
        "CREATE TABLE categories (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            name text NOT NULL,
            keywords jsonb NOT NULL,
            sort integer NOT NULL,
            accept_days integer,
            respond_days integer,
            closed_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX categories_name ON categories (committee_id, name)",
        "CREATE TABLE category_sectors (
            category_id uuid NOT NULL REFERENCES categories (id),
            sector_id uuid NOT NULL REFERENCES sectors (id),
            PRIMARY KEY (category_id, sector_id)
        )",
        "CREATE TABLE stations (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            kind text NOT NULL CHECK (kind IN ('station', 'studio', 'sector_station', 'deliberation_room')),
            name text NOT NULL,
            address text NOT NULL,
            phone text,
            opening_hours text,
            lat double precision,
            lng double precision,
            service_area jsonb,
            notice text,
            members_may_dispatch boolean NOT NULL,
            closed_at timestamptz,
            created_at timestamptz NOT NULL,
            CHECK ((lat IS NULL) = (lng IS NULL))
        )",
        "CREATE INDEX stations_committee ON stations (committee_id, id)",
        "CREATE TABLE members (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            sector_id uuid NOT NULL REFERENCES sectors (id),
            name text NOT NULL,
            name_pinyin text NOT NULL,
            name_initials text NOT NULL,
            level text NOT NULL CHECK (level IN ('national', 'province', 'city', 'district')),
            post text,
            bio text,
            photo_id uuid,
            capacity integer NOT NULL CHECK (capacity > 0),
            left_on date,
            created_at timestamptz NOT NULL
        )",
        "CREATE INDEX members_committee ON members (committee_id, id)",
        "CREATE TABLE member_stations (
            member_id uuid NOT NULL REFERENCES members (id),
            station_id uuid NOT NULL REFERENCES stations (id),
            PRIMARY KEY (member_id, station_id)
        )",
        "CREATE INDEX member_stations_station ON member_stations (station_id)",
        "CREATE TABLE member_specialities (
            member_id uuid NOT NULL REFERENCES members (id),
            category_id uuid NOT NULL REFERENCES categories (id),
            PRIMARY KEY (member_id, category_id)
        )",
        "CREATE TABLE absences (
            id uuid PRIMARY KEY NOT NULL,
            member_id uuid NOT NULL REFERENCES members (id),
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            reason text,
            created_at timestamptz NOT NULL,
            CHECK (starts_at < ends_at)
        )",
        "CREATE INDEX absences_member ON absences (member_id, ends_at)",
        "CREATE TABLE departments (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            name text NOT NULL,
            closed_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX departments_name ON departments (committee_id, name)",
    ],
    down: &[
        "departments",
        "absences",
        "member_specialities",
        "member_stations",
        "members",
        "stations",
        "category_sectors",
        "categories",
        "sectors",
        "committees",
    ],
}
