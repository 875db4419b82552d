//! Years of the calendar as they were imported, and the deadlines that each import has moved; the terms and
//! the rules of routing that a committee has decided on itself.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE calendar_revisions (
            id uuid PRIMARY KEY NOT NULL,
            year integer NOT NULL,
            version integer NOT NULL,
            year_table jsonb NOT NULL,
            account_id uuid REFERENCES accounts (id),
            after_case_id uuid,
            failed integer NOT NULL,
            finished_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX calendar_revisions_version ON calendar_revisions (year, version)",
        "CREATE TABLE moved_deadlines (
            revision_id uuid NOT NULL REFERENCES calendar_revisions (id),
            case_id uuid NOT NULL REFERENCES cases (id),
            clock text NOT NULL CHECK (clock IN ('accept', 'respond', 'reply', 'object')),
            was_due_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            PRIMARY KEY (revision_id, case_id, clock)
        )",
        "CREATE TABLE committee_rules (
            committee_id uuid PRIMARY KEY NOT NULL REFERENCES committees (id),
            terms jsonb NOT NULL,
            routing jsonb NOT NULL,
            updated_at timestamptz NOT NULL
        )",
    ],
    down: &["committee_rules", "moved_deadlines", "calendar_revisions"],
}
