//! The directory: committees and what belongs to them, stations, members. A file per family.

pub mod committees;
pub mod members;
pub mod stations;
pub mod vocabularies;

use sea_orm::sea_query::{ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr};

/// What stands before a character that `LIKE` would read as a wildcard.
const ESCAPE: char = '!';

/// Whether the column holds these words, whatever the case of its letters.
fn holds(column: impl ColumnTrait, words: &str) -> SimpleExpr {
    like(column, format!("%{}%", escaped(words)))
}

/// Whether the column begins with these words, whatever the case of its letters.
fn begins_with(column: impl ColumnTrait, words: &str) -> SimpleExpr {
    like(column, format!("{}%", escaped(words)))
}

fn like(column: impl ColumnTrait, pattern: String) -> SimpleExpr {
    // PostgreSQL's LIKE minds case and SQLite's does not: lowering both sides makes them agree.
    Func::lower(column.into_simple_expr()).like(LikeExpr::new(pattern).escape(ESCAPE))
}

fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for character in words.to_lowercase().chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            escaped.push(ESCAPE);
        }
        escaped.push(character);
    }
    escaped
}

/// Rows after `(first, second)` in the order of two columns, the second of which is unique.
fn after<V: Into<sea_orm::Value>, W: Into<sea_orm::Value>>(
    columns: (impl ColumnTrait, impl ColumnTrait),
    (first, second): (V, W),
) -> Condition {
    let first = first.into();
    Condition::any()
        .add(columns.0.gt(first.clone()))
        .add(Condition::all().add(columns.0.eq(first)).add(columns.1.gt(second)))
}
