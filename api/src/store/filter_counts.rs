//! How many cases a filter finds, grouped by all that they can be filtered by further: one statement, which
//! stops counting at [`MOST`].

use chrono::{DateTime, Utc};
use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{CategoryId, MemberId, StationId};
use entity::case;
use sea_orm::sea_query::{Alias, Asterisk, Cond, Expr, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};

use super::StoreError;
use super::case_filter::CaseFilter;

/// So many cases are counted exactly; a desk that shows more wants a narrower filter first.
pub const MOST: u64 = 10_000;

/// Cases that are alike in all that is counted by.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Group {
    /// Their state.
    pub state: State,
    /// The last stage of lateness announced.
    pub stage: Stage,
    /// Their station.
    pub station_id: StationId,
    /// Their member.
    pub member_id: Option<MemberId>,
    /// Their category.
    pub category_id: Option<CategoryId>,
    /// How many.
    pub total: i64,
    /// How many of them have not ended.
    pub open: i64,
    /// How many of them are late with their answer.
    pub overdue: i64,
}

/// Counts what the filter finds, late at `now`. When there are more than [`MOST`], some one more than that
/// are counted, and it is not said which.
///
/// # Errors
/// The database does not answer.
pub async fn groups(
    db: &impl ConnectionTrait,
    filter: &CaseFilter,
    now: DateTime<Utc>,
) -> Result<Vec<Group>, StoreError> {
    let columns = [
        case::Column::State,
        case::Column::Stage,
        case::Column::StationId,
        case::Column::MemberId,
        case::Column::CategoryId,
    ];
    let found = case::Entity::find()
        .select_only()
        .columns(columns)
        .expr_as(one_if(Cond::all().add(case::Column::EndedAt.is_null())), "is_open")
        .expr_as(one_if(filter.scope.is_late(now)), "is_late")
        .filter(filter.condition())
        .limit(MOST + 1)
        .into_query();
    let sum = |column: &'static str| Func::sum(Expr::col(Alias::new(column)));
    let groups = Query::select()
        .columns(columns)
        .expr_as(Func::count(Expr::col(Asterisk)), "total")
        .expr_as(sum("is_open"), "open")
        .expr_as(sum("is_late"), "overdue")
        .from_subquery(found, "found")
        .group_by_columns(columns)
        .to_owned();
    Ok(Group::find_by_statement(db.get_database_backend().build(&groups)).all(db).await?)
}

fn one_if(condition: Cond) -> SimpleExpr {
    Expr::case(condition, 1).finally(0).into()
}
