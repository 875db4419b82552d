//! Answers and ratings: what a case's events say, kept again in columns that figures are made of.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, MemberId, RatingId, ResponseId};
use entity::{rating, response, response_correction};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::StoreError;

/// Stores an answer.
///
/// # Errors
/// The database does not answer.
pub async fn insert_response(tx: &impl ConnectionTrait, row: response::Model) -> Result<(), StoreError> {
    response::ActiveModel {
        id: Set(row.id),
        case_id: Set(row.case_id),
        event_seq: Set(row.event_seq),
        member_id: Set(row.member_id),
        account_id: Set(row.account_id),
        text: Set(row.text),
        evidence: Set(row.evidence),
        template_only: Set(row.template_only),
        created_at: Set(row.created_at),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// A case's answers, oldest first. There are few: each needs the one before contested or reopened.
///
/// # Errors
/// The database does not answer.
pub async fn list_responses(
    db: &impl ConnectionTrait,
    case_id: CaseId,
) -> Result<Vec<response::Model>, StoreError> {
    let of_case = response::Entity::find().filter(response::COLUMN.case_id.eq(case_id));
    Ok(of_case.order_by_asc(response::Column::Id).all(db).await?)
}

/// The last answer: the one that a rating is about.
///
/// # Errors
/// The database does not answer.
pub async fn find_last_response(
    db: &impl ConnectionTrait,
    case_id: CaseId,
) -> Result<Option<response::Model>, StoreError> {
    let of_case = response::Entity::find().filter(response::COLUMN.case_id.eq(case_id));
    Ok(of_case.order_by_desc(response::Column::Id).one(db).await?)
}

/// What a resident says of an answer.
#[derive(Debug, Clone)]
pub struct NewRating {
    /// Key.
    pub id: RatingId,
    /// The case.
    pub case_id: CaseId,
    /// The answer.
    pub response_id: ResponseId,
    /// Who gave the answer, also when the case has moved on since.
    pub member_id: Option<MemberId>,
    /// `yes`, `partly`, or `no` when contested.
    pub solved: &'static str,
    /// 1 to 5.
    pub stars: Option<i16>,
    /// A few words.
    pub comment: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a rating.
///
/// # Errors
/// The database does not answer, or the answer has been rated already.
pub async fn insert_rating(tx: &impl ConnectionTrait, row: NewRating) -> Result<(), StoreError> {
    rating::ActiveModel {
        id: Set(row.id),
        case_id: Set(row.case_id),
        response_id: Set(row.response_id),
        member_id: Set(row.member_id),
        solved: Set(row.solved.to_owned()),
        stars: Set(row.stars),
        comment: Set(row.comment),
        created_at: Set(row.created_at),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// A case's ratings, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_ratings(
    db: &impl ConnectionTrait,
    case_id: CaseId,
) -> Result<Vec<rating::Model>, StoreError> {
    let of_case = rating::Entity::find().filter(rating::COLUMN.case_id.eq(case_id));
    Ok(of_case.order_by_asc(rating::Column::Id).all(db).await?)
}

/// Stores a correction of an answer.
///
/// # Errors
/// The database does not answer.
pub async fn insert_correction(
    tx: &impl ConnectionTrait,
    row: response_correction::Model,
) -> Result<(), StoreError> {
    let row: response_correction::ActiveModel = row.into_active_model().reset_all();
    row.insert(tx).await?;
    Ok(())
}

/// The corrections of a case's answers, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_corrections(
    db: &impl ConnectionTrait,
    case_id: CaseId,
) -> Result<Vec<response_correction::Model>, StoreError> {
    let of_case = response_correction::Entity::find().filter(response_correction::COLUMN.case_id.eq(case_id));
    Ok(of_case.order_by_asc(response_correction::Column::EventSeq).all(db).await?)
}
