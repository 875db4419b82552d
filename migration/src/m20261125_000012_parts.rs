//! A case that is split: what each department is asked for, by when, and what it replies. Shifts that are
//! offered in exchange for others. Answers that the manager signs off.

crate::ddl::changes! {
    up: &[
        "ALTER TABLE cases ADD COLUMN part_count smallint NOT NULL DEFAULT 0",
        "CREATE TABLE case_parts (
            case_id uuid NOT NULL REFERENCES cases (id),
            ordinal smallint NOT NULL CHECK (ordinal BETWEEN 1 AND 60),
            department_id uuid NOT NULL REFERENCES departments (id),
            request text NOT NULL,
            state text NOT NULL CHECK (state IN ('asked', 'replied', 'objected', 'taken_back')),
            asked_at timestamptz NOT NULL,
            reply_days integer,
            object_days integer NOT NULL,
            reply_by timestamptz NOT NULL,
            object_by timestamptz NOT NULL,
            late_at timestamptz,
            objections smallint NOT NULL DEFAULT 0,
            reply text,
            reply_seq integer,
            settled_at timestamptz,
            PRIMARY KEY (case_id, ordinal),
            CHECK ((state = 'replied') = (reply IS NOT NULL)),
            CHECK ((state IN ('replied', 'taken_back')) = (settled_at IS NOT NULL))
        )",
        "CREATE INDEX case_parts_department ON case_parts (department_id, case_id) WHERE state = 'asked'",
        "ALTER TABLE shift_handovers ADD COLUMN in_return_shift_id uuid REFERENCES duty_shifts (id)",
        "ALTER TABLE shift_handovers ADD COLUMN expires_at timestamptz",
        "CREATE INDEX shift_handovers_in_return ON shift_handovers (in_return_shift_id)
            WHERE state = 'offered' AND in_return_shift_id IS NOT NULL",
        "ALTER TABLE stations ADD COLUMN answers_signed_off boolean NOT NULL DEFAULT false",
        "ALTER TABLE cases ADD COLUMN submitted_seq integer",
    ],
    down: &[
        "ALTER TABLE cases DROP COLUMN submitted_seq",
        "ALTER TABLE stations DROP COLUMN answers_signed_off",
        "DROP INDEX shift_handovers_in_return",
        "ALTER TABLE shift_handovers DROP COLUMN expires_at",
        "ALTER TABLE shift_handovers DROP COLUMN in_return_shift_id",
        "DROP TABLE case_parts",
        "ALTER TABLE cases DROP COLUMN part_count",
    ],
}
