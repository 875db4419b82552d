//! How members' names are spelled for search, beside the names themselves.

use domain::ids::MemberId;
use entity::member::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use super::StoreError;

/// A name with its spellings.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Spelled {
    /// The member.
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// In pinyin.
    pub name_pinyin: String,
    /// By initials, and mixed.
    pub name_initials: String,
}

/// Members after the id `after`, ascending.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    after: Option<MemberId>,
    limit: u64,
) -> Result<Vec<Spelled>, StoreError> {
    let mut select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name, Column::NamePinyin, Column::NameInitials])
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after));
    }
    Ok(select.into_model().all(db).await?)
}

/// Keeps the spellings of a name, if it is still the name.
///
/// # Errors
/// The database does not answer.
pub async fn keep(db: &impl ConnectionTrait, spelled: Spelled) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::NamePinyin, Expr::value(spelled.name_pinyin))
        .col_expr(Column::NameInitials, Expr::value(spelled.name_initials))
        .filter(Column::Id.eq(spelled.id))
        .filter(Column::Name.eq(spelled.name))
        .exec(db)
        .await?;
    Ok(())
}
