//! The registry of printed codes.

use chrono::{DateTime, Utc};
use domain::ids::{CodeId, CommitteeId, MemberId, StationId};
use domain::scans::Hour;
use domain::vocabulary::{CodeConcern, CodeKind, CodeState};
use entity::{case, code, committee, member, station};
use sea_orm::sea_query::{CaseStatement, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait,
    IntoActiveModel, IntoSimpleExpr, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};

use super::directory::members::{MemberRow, to_sector};
use super::directory::stations::StationRow;
use super::{StoreError, Transaction, code_scans};

/// The other code that stands in for a revoked one.
const REPLACEMENT: &str = "replacement";

/// A committee by name.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "committee::Entity")]
pub struct CommitteeName {
    /// Key.
    pub id: CommitteeId,
    /// As it is called.
    pub name: String,
}

/// The code that took another's place.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "code::Entity")]
pub struct Replacement {
    /// What stands in its link.
    pub token: String,
    /// Whether it works.
    pub state: CodeState,
}

/// A code with all that its scan card says of committee, station and member.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "code::Entity")]
pub struct ScannedCode {
    /// Key.
    pub id: CodeId,
    /// What stands in the printed link.
    pub token: String,
    /// What it points to.
    pub kind: CodeKind,
    /// Whether it works.
    pub state: CodeState,
    /// Where it hangs.
    pub placed_at: Option<String>,
    /// The print run.
    pub batch: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its committee.
    #[sea_orm(nested)]
    pub committee: CommitteeName,
    /// Its station.
    #[sea_orm(nested)]
    pub station: StationRow,
    /// Its member.
    #[sea_orm(nested)]
    pub member: Option<MemberRow>,
    /// The code that took its place.
    #[sea_orm(nested, alias = "replacement")]
    pub replacement: Option<Replacement>,
}

/// A code in its station's list.
#[derive(Debug, Clone)]
pub struct RegisteredCode {
    /// The code.
    pub code: code::Model,
    /// What its member is called.
    pub member_name: Option<String>,
    /// How many cases came through it.
    pub case_count: i64,
    /// The last hour in which it was scanned.
    pub last_hour: Option<Hour>,
    /// Why somebody should look at it.
    pub concerns: Vec<CodeConcern>,
}

/// A station by name.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "station::Entity")]
pub struct StationName {
    /// Key.
    pub id: StationId,
    /// As it is called.
    pub name: String,
}

/// A code as its member needs it.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "code::Entity")]
pub struct CodeOfMember {
    /// Key.
    pub id: CodeId,
    /// What stands in its link.
    pub token: String,
    /// Where it hangs.
    pub placed_at: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The station that it belongs to.
    #[sea_orm(nested)]
    pub station: StationName,
}

fn to_committee() -> RelationDef {
    code::Entity::belongs_to(committee::Entity)
        .from(code::Column::CommitteeId)
        .to(committee::Column::Id)
        .into()
}

fn to_station() -> RelationDef {
    code::Entity::belongs_to(station::Entity).from(code::Column::StationId).to(station::Column::Id).into()
}

fn to_member() -> RelationDef {
    code::Entity::belongs_to(member::Entity).from(code::Column::MemberId).to(member::Column::Id).into()
}

fn to_replacement() -> RelationDef {
    code::Entity::belongs_to(code::Entity).from(code::Column::ReplacementId).to(code::Column::Id).into()
}

/// Codes with what their cards and posters need, as [`ScannedCode`].
pub(super) fn select_scanned() -> Select<code::Entity> {
    code::Entity::find()
        .join(JoinType::InnerJoin, to_committee())
        .join(JoinType::InnerJoin, to_station())
        .join(JoinType::LeftJoin, to_member())
        .join(JoinType::LeftJoin, to_sector())
        .join_as(JoinType::LeftJoin, to_replacement(), REPLACEMENT)
}

/// The code with what its card needs, in one statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_scanned(
    conn: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<ScannedCode>, StoreError> {
    let select = select_scanned().filter(code::Column::Token.eq(token));
    Ok(select.into_partial_model().one(conn).await?)
}

/// The code of a token.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl ConnectionTrait, token: &str) -> Result<Option<code::Model>, StoreError> {
    Ok(code::Entity::find().filter(code::Column::Token.eq(token)).one(conn).await?)
}

/// The codes of these tokens, locked in the order of their keys, so that two who lock the same never
/// wait for each other. (SQLite has locked everything when the transaction began.)
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, tokens: &[&str]) -> Result<Vec<code::Model>, StoreError> {
    let select = code::Entity::find()
        .filter(code::Column::Token.is_in(tokens.iter().copied()))
        .order_by_asc(code::Column::Id)
        .lock_exclusive();
    Ok(select.all(tx).await?)
}

/// Adds a code.
///
/// # Errors
/// [`StoreError::Duplicate`] when the token exists.
pub async fn insert(conn: &impl ConnectionTrait, code: code::Model) -> Result<(), StoreError> {
    code::Entity::insert(code.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Revokes a code, or changes the reason and the replacement of a revoked one. Codes that led on to it
/// lead to its replacement from then on, so that nobody has to follow a chain.
///
/// # Errors
/// The database does not answer.
pub async fn revoke(
    tx: &Transaction,
    code: code::Model,
    reason: &str,
    replacement_id: Option<CodeId>,
    now: DateTime<Utc>,
) -> Result<code::Model, StoreError> {
    let revoked_at = code.revoked_at.unwrap_or(now);
    let id = code.id;
    let mut change = code.into_active_model();
    change.state = ActiveValue::Set(CodeState::Revoked);
    change.revoked_at = ActiveValue::Set(Some(revoked_at));
    change.revoked_reason = ActiveValue::Set(Some(reason.to_owned()));
    change.replacement_id = ActiveValue::Set(replacement_id);
    let revoked = change.update(tx).await?;
    if let Some(replacement_id) = replacement_id {
        code::Entity::update_many()
            .col_expr(code::Column::ReplacementId, sea_orm::sea_query::Expr::val(replacement_id))
            .filter(code::Column::ReplacementId.eq(id))
            .filter(code::Column::Id.ne(replacement_id))
            .exec(tx)
            .await?;
    }
    Ok(revoked)
}

/// The codes of these members that work, before a place in the list, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_working_of_members(
    conn: &impl ConnectionTrait,
    members: &[MemberId],
    (last, limit): (Option<CodeId>, u64),
) -> Result<Vec<CodeOfMember>, StoreError> {
    let mut select = code::Entity::find()
        .filter(code::Column::MemberId.is_in(members.iter().copied()))
        .filter(code::Column::State.eq(CodeState::Live))
        .order_by_desc(code::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(code::Column::Id.lt(last));
    }
    Ok(select.join(JoinType::InnerJoin, to_station()).into_partial_model().all(conn).await?)
}

/// The codes of a station before `last`, newest first; all, or those that somebody should look at for one
/// reason.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_station(
    conn: &impl ConnectionTrait,
    station_id: StationId,
    concern: Option<CodeConcern>,
    (last, limit): (Option<CodeId>, u64),
    now: DateTime<Utc>,
) -> Result<Vec<RegisteredCode>, StoreError> {
    let mut select = code::Entity::find()
        .filter(code::Column::StationId.eq(station_id))
        .order_by_desc(code::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(code::Column::Id.lt(last));
    }
    if let Some(concern) = concern {
        select = select.filter(code_scans::is_of_concern(concern, now));
    }
    let codes = select.all(conn).await?;
    let members: Vec<MemberId> = codes.iter().filter_map(|code| code.member_id).collect();
    let names: Vec<(MemberId, String)> = if members.is_empty() {
        Vec::new()
    } else {
        let select =
            member::Entity::find().select_only().column(member::Column::Id).column(member::Column::Name);
        select.filter(member::Column::Id.is_in(members)).into_tuple().all(conn).await?
    };
    let ids: Vec<CodeId> = codes.iter().map(|code| code.id).collect();
    let cases = count_cases(conn, ids.iter().copied()).await?;
    let last_hours = code_scans::list_last(conn, &ids).await?;
    let mut concerns: Vec<(CodeConcern, Vec<CodeId>)> = Vec::new();
    for concern in CodeConcern::ALL {
        concerns.push((*concern, code_scans::list_of_concern(conn, &ids, *concern, now).await?));
    }
    let name_of = |id: MemberId| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let count_of = |id: CodeId| cases.iter().find(|(known, _)| *known == id).map_or(0, |(_, count)| *count);
    let registered = |code: code::Model| RegisteredCode {
        member_name: code.member_id.and_then(name_of),
        case_count: count_of(code.id),
        last_hour: last_hours.iter().find(|(known, _)| *known == code.id).map(|(_, hour)| Hour(*hour)),
        concerns: concerns
            .iter()
            .filter(|(_, ids)| ids.contains(&code.id))
            .map(|(concern, _)| *concern)
            .collect(),
        code,
    };
    Ok(codes.into_iter().map(registered).collect())
}

/// How many cases came through each of these codes; those without any are left out.
async fn count_cases(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = CodeId>,
) -> Result<Vec<(CodeId, i64)>, StoreError> {
    let select = case::Entity::find()
        .select_only()
        .column(case::Column::CodeId)
        .column_as(case::Column::Id.count(), "count")
        .filter(case::Column::CodeId.is_in(ids))
        .group_by(case::Column::CodeId);
    Ok(select.into_tuple().all(conn).await?)
}

/// Adds to the scan counts of many codes in one statement.
///
/// # Errors
/// The database does not answer; then nothing was added.
pub async fn add_scans(conn: &impl ConnectionTrait, counts: &[(CodeId, i64)]) -> Result<(), StoreError> {
    if counts.is_empty() {
        return Ok(());
    }
    let added = counts
        .iter()
        .fold(CaseStatement::new(), |added, (id, count)| added.case(code::Column::Id.eq(*id), *count));
    let sum = code::Column::ScanCount.into_simple_expr().add(added.finally(0_i64));
    code::Entity::update_many()
        .col_expr(code::Column::ScanCount, sum)
        .filter(code::Column::Id.is_in(counts.iter().map(|(id, _)| *id)))
        .exec(conn)
        .await?;
    Ok(())
}
