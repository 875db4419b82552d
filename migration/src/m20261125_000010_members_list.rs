//! The member's list: what each account has seen of a case, an index for what is still open, the draft of
//! each answer, templates and corrections of answers, and second looks.

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
        // A picture that a draft names is not swept away as one that no case has taken.
        "CREATE TABLE draft_uploads (
            upload_id uuid PRIMARY KEY NOT NULL REFERENCES uploads (id),
            case_id uuid NOT NULL REFERENCES case_drafts (case_id) ON DELETE CASCADE
        )",
        "CREATE INDEX draft_uploads_case ON draft_uploads (case_id)",
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
        "CREATE TABLE response_corrections (
            case_id uuid NOT NULL REFERENCES cases (id),
            event_seq integer NOT NULL,
            response_id uuid NOT NULL REFERENCES responses (id),
            account_id uuid REFERENCES accounts (id),
            text text NOT NULL,
            reason text NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (case_id, event_seq)
        )",
        // One row an answer: its key is why nobody is asked twice.
        "CREATE TABLE second_looks (
            response_id uuid PRIMARY KEY NOT NULL REFERENCES responses (id),
            case_id uuid NOT NULL REFERENCES cases (id),
            reason text NOT NULL CHECK (reason IN ('explanation', 'promise')),
            asked_at timestamptz NOT NULL,
            answer_by timestamptz NOT NULL,
            answered_at timestamptz,
            verdict text CHECK (verdict IN ('yes', 'partly', 'no')),
            comment text,
            CHECK ((answered_at IS NULL) = (verdict IS NULL))
        )",
        "CREATE INDEX second_looks_case ON second_looks (case_id)",
        "ALTER TABLE cases ADD COLUMN second_look text CHECK (second_look IN ('explanation', 'promise'))",
        "ALTER TABLE cases ADD COLUMN second_look_at timestamptz",
        "ALTER TABLE cases ADD COLUMN second_look_by timestamptz",
        // A member's open cases by due time: those that have ended, nearly all after a year, are not in it.
        "CREATE INDEX cases_member_open ON cases (member_id, respond_by, id) WHERE ended_at IS NULL",
    ],
    down: &[
        "DROP INDEX cases_member_open",
        "ALTER TABLE cases DROP COLUMN second_look_by",
        "ALTER TABLE cases DROP COLUMN second_look_at",
        "ALTER TABLE cases DROP COLUMN second_look",
        "DROP TABLE second_looks",
        "DROP TABLE response_corrections",
        "ALTER TABLE responses DROP COLUMN template_only",
        "DROP TABLE answer_templates",
        "DROP TABLE draft_uploads",
        "DROP TABLE case_drafts",
        "DROP TABLE case_views",
    ],
}
