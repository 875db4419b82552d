//! The member's list: what each account has seen of a case, an index for what is still open, the draft of
//! each answer, and templates of answers.

crate::ddl::changes! {
    up: &[
        "CREATE TABLE case_views (
            account_id uuid NOT NULL REFERENCES accounts (id),
            case_id uuid NOT NULL REFERENCES cases (id),
            seen_seq integer NOT NULL,
            seen_at timestamptz NOT NULL,
            PRIMARY KEY (account_id, case_id)
        )",
        "CREATE TABLE case_drafts (
            case_id uuid PRIMARY KEY NOT NULL REFERENCES cases (id),
            version integer NOT NULL,
            text text NOT NULL,
            evidence text CHECK (evidence IN ('photo', 'visit', 'document', 'explanation')),
            account_id uuid NOT NULL REFERENCES accounts (id),
            party text NOT NULL CHECK (party IN ('its_member', 'manager')),
            member_id uuid REFERENCES members (id),
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )",
        "CREATE TABLE answer_templates (
            id uuid PRIMARY KEY NOT NULL,
            committee_id uuid NOT NULL REFERENCES committees (id),
            category_id uuid REFERENCES categories (id),
            title text NOT NULL,
            body text NOT NULL,
            active boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )",
        "CREATE UNIQUE INDEX answer_templates_title ON answer_templates (committee_id, title)",
        "ALTER TABLE responses ADD COLUMN template_only boolean NOT NULL DEFAULT false",
        // A member's open cases by due time: those that have ended, nearly all after a year, are not in it.
        "CREATE INDEX cases_member_open ON cases (member_id, respond_by, id) WHERE ended_at IS NULL",
    ],
    down: &[
        "DROP INDEX cases_member_open",
        "ALTER TABLE responses DROP COLUMN template_only",
        "DROP TABLE answer_templates",
        "DROP TABLE case_drafts",
        "DROP TABLE case_views",
    ],
}
