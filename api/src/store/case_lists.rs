//! Lists of cases as people see them: projections without long texts, in the order of a page.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{EventKind, State};
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, CategoryId, MemberId, StationId};
use domain::vocabulary::Outcome;
use entity::{case, category, member, station};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef,
};

use super::case_pages::Cursor;
use super::{StoreError, case_views, padded};

/// How many characters of a case's text stand in a list.
const EXCERPT_CHARS: i32 = 80;

/// A case as it stands in a list.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "the columns of the same names, and names of what they point to")]
pub struct CaseSummary {
    pub id: CaseId,
    pub number: String,
    pub state: State,
    pub version: i32,
    pub station_id: StationId,
    pub station_name: String,
    pub member_id: Option<MemberId>,
    pub member_name: Option<String>,
    pub category_id: Option<CategoryId>,
    pub category_name: Option<String>,
    pub excerpt: String,
    pub text_held: bool,
    pub stage: Stage,
    pub escalation_level: i16,
    pub outcome: Option<Outcome>,
    pub respond_by: DateTime<Utc>,
    pub promised_on: Option<NaiveDate>,
    pub confirm_by: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The newest change that the reader has not seen; none without a reader.
    pub unseen_kind: Option<EventKind>,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its place in the order.
    pub at: Cursor,
    /// The case.
    pub case: CaseSummary,
}

/// The cases of a page in its order, with what is unseen for `seen_by`. One that is gone meanwhile is left
/// out.
///
/// # Errors
/// The database does not answer.
pub async fn summaries(
    db: &impl ConnectionTrait,
    page: &[Cursor],
    seen_by: Option<AccountId>,
) -> Result<Vec<Listed>, StoreError> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    let text = Expr::col((case::Entity, case::Column::Text));
    let excerpt = Func::cust("substr").arg(text).arg(1).arg(EXCERPT_CHARS);
    let query = case::Entity::find()
        .select_only()
        .columns([
            case::Column::Id,
            case::Column::Number,
            case::Column::State,
            case::Column::Version,
            case::Column::StationId,
            case::Column::MemberId,
            case::Column::CategoryId,
            case::Column::Stage,
            case::Column::EscalationLevel,
            case::Column::Outcome,
            case::Column::RespondBy,
            case::Column::PromisedOn,
            case::Column::ConfirmBy,
            case::Column::EndedAt,
            case::Column::CreatedAt,
            case::Column::UpdatedAt,
            case::Column::TextHeld,
        ])
        .expr_as(excerpt, "excerpt")
        .column_as(station::Column::Name, "station_name")
        .column_as(member::Column::Name, "member_name")
        .column_as(category::Column::Name, "category_name")
        .join(JoinType::InnerJoin, to_station())
        .join(JoinType::LeftJoin, to_member())
        .join(JoinType::LeftJoin, to_category())
        .filter(case::COLUMN.id.is_in(padded(page.iter().map(|place| place.id))));
    let query = match seen_by {
        Some(reader) => query
            .join(JoinType::LeftJoin, case_views::seen_by(reader))
            .expr_as(case_views::newest_unseen(reader), "unseen_kind"),
        None => query.expr_as(Expr::cust("NULL"), "unseen_kind"),
    };
    let found = query.into_model::<CaseSummary>().all(db).await?;
    let mut by_id: HashMap<CaseId, CaseSummary> = found.into_iter().map(|case| (case.id, case)).collect();
    let listed = page.iter().filter_map(|at| Some(Listed { at: *at, case: by_id.remove(&at.id)? }));
    Ok(listed.collect())
}

fn to_station() -> RelationDef {
    case::Entity::belongs_to(station::Entity).from(case::Column::StationId).to(station::Column::Id).into()
}

fn to_member() -> RelationDef {
    case::Entity::belongs_to(member::Entity).from(case::Column::MemberId).to(member::Column::Id).into()
}

fn to_category() -> RelationDef {
    case::Entity::belongs_to(category::Entity).from(case::Column::CategoryId).to(category::Column::Id).into()
}
