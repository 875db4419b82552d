//! When the resident is reminded to confirm an answer.

crate::ddl::changes! {
    up: &["ALTER TABLE cases ADD COLUMN confirm_reminder_at timestamptz"],
    down: &["ALTER TABLE cases DROP COLUMN confirm_reminder_at"],
}
