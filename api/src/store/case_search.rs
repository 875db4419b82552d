//! The search index of cases: what it is made of, writing it, and finding in it.
//!
//! The terms are the domain's (`domain::search`), the same for both databases. PostgreSQL keeps them as a
//! `tsvector` with a GIN index, SQLite in an FTS5 table that triggers keep up to date.

use domain::case::{EventBody, EventKind};
use domain::ids::{CaseId, CategoryId, MemberId, StationId};
use domain::search::{Match, SEGMENTER, Terms};
use entity::case_search::{Column, Entity};
use entity::{case, case_event};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Statement,
};

use super::StoreError;

/// What a case is found by, without the words of its history.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Findable {
    /// The number that people use.
    pub number: String,
    /// What the resident wrote.
    pub text: String,
    /// What the place is called.
    pub place_name: Option<String>,
    /// Its address.
    pub place_address: Option<String>,
    /// The responsible station.
    pub station_id: StationId,
    /// The responsible member.
    pub member_id: Option<MemberId>,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// The newest event of its history.
    pub event_seq: i32,
    /// The event up to which the index has it, if it was cut as it is now.
    pub indexed_seq: Option<i32>,
}

/// What a case is found by; nothing when there is no such case.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<Findable>, StoreError> {
    let row = case::Entity::find_by_id(id)
        .select_only()
        .columns([
            case::Column::Number,
            case::Column::Text,
            case::Column::PlaceName,
            case::Column::PlaceAddress,
            case::Column::StationId,
            case::Column::MemberId,
            case::Column::CategoryId,
            case::Column::EventSeq,
        ])
        .column_as(Column::EventSeq, "indexed_seq")
        .join(JoinType::LeftJoin, to_index())
        .into_model()
        .one(db)
        .await?;
    Ok(row)
}

/// The entry of a case in the index, as it is cut now.
fn to_index() -> RelationDef {
    let relation: RelationDef =
        case::Entity::belongs_to(Entity).from(case::Column::Id).to(Column::CaseId).into();
    relation.on_condition(|_, index| Cond::all().add(Expr::col((index, Column::Segmenter)).eq(SEGMENTER)))
}

/// The words of a case's history that its resident reads, too: whoever may see a case may see these, so
/// that one index serves all.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn list_words(db: &impl ConnectionTrait, id: CaseId) -> Result<Vec<String>, StoreError> {
    let kinds = EventKind::ALL.iter().copied().filter(|kind| kind.has_public_text());
    let bodies: Vec<serde_json::Value> = case_event::Entity::find()
        .select_only()
        .column(case_event::Column::Body)
        .filter(case_event::Column::CaseId.eq(id))
        .filter(case_event::Column::Kind.is_in(kinds))
        .order_by_asc(case_event::Column::Seq)
        .into_tuple()
        .all(db)
        .await?;
    let mut words = Vec::with_capacity(bodies.len());
    for body in bodies {
        let body: EventBody = serde_json::from_value(body)
            .map_err(|error| StoreError::inconsistent("case_events", id, error))?;
        words.extend(body.text);
    }
    Ok(words)
}

/// Puts a case into the index, in the place of what was there. Whoever comes late, with an older history,
/// changes nothing.
///
/// # Errors
/// The database does not answer.
pub async fn keep(
    db: &impl ConnectionTrait,
    id: CaseId,
    event_seq: i32,
    terms: &Terms,
) -> Result<(), StoreError> {
    // By hand, since only one of the two has a type of its own for terms, and only the other one numbers
    // what it indexes; it has one writer at a time.
    let (doc, cut) = match db.get_database_backend() {
        DbBackend::Postgres => ("NULL", "array_to_tsvector(string_to_array($4, ' '))"),
        _ => ("(SELECT coalesce(max(doc), 0) + 1 FROM case_search)", "$4"),
    };
    let sql = format!(
        "INSERT INTO case_search (case_id, doc, segmenter, event_seq, terms) VALUES ($1, {doc}, $2, $3, {cut})
        ON CONFLICT (case_id) DO UPDATE
            SET segmenter = excluded.segmenter, event_seq = excluded.event_seq, terms = excluded.terms
            WHERE case_search.event_seq < excluded.event_seq OR case_search.segmenter <> excluded.segmenter"
    );
    let values = [id.0.into(), SEGMENTER.into(), event_seq.into(), terms.joined().into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Cases after the id `after`, ascending, that the index does not have as they are now.
///
/// # Errors
/// The database does not answer.
pub async fn list_missed(
    db: &impl ConnectionTrait,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseId>, StoreError> {
    let indexed_seq = Expr::col((Entity, Column::EventSeq));
    let behind = indexed_seq.clone().lt(Expr::col((case::Entity, case::Column::EventSeq)));
    let mut missed = case::Entity::find()
        .join(JoinType::LeftJoin, to_index())
        .filter(Cond::any().add(indexed_seq.is_null()).add(behind));
    if let Some(after) = after {
        missed = missed.filter(case::Column::Id.gt(after));
    }
    let missed = missed.order_by_asc(case::Column::Id).limit(limit);
    Ok(missed.select_only().column(case::Column::Id).into_tuple().all(db).await?)
}

/// Cases on one side of this one, in the order of their ids.
#[derive(Debug, Clone, Copy)]
pub(super) enum Beyond {
    /// Older ones.
    Before(CaseId),
    /// Newer ones.
    After(CaseId),
}

/// That the index has these terms for a case of the outer query.
///
/// `beyond` is said of those by the outer query too. PostgreSQL does not conclude it for the index, and a late
/// page would walk there from the start.
pub(super) fn holds(backend: DbBackend, wanted: &Match, beyond: Option<Beyond>) -> Expr {
    let terms = match backend {
        DbBackend::Postgres => {
            Expr::cust_with_values("terms @@ $1::tsquery", [text_query(wanted, &POSTGRES)])
        }
        _ => Expr::cust_with_values(
            "doc IN (SELECT rowid FROM case_words WHERE case_words MATCH ?)",
            [text_query(wanted, &SQLITE)],
        ),
    };
    let mut found = Query::select();
    found.column(Column::CaseId).from(Entity).and_where(terms);
    match beyond {
        Some(Beyond::Before(id)) => found.and_where(Column::CaseId.lt(id)),
        Some(Beyond::After(id)) => found.and_where(Column::CaseId.gt(id)),
        None => &mut found,
    };
    Expr::col((case::Entity, case::Column::Id)).in_subquery(found.to_owned())
}

/// How a database writes what is wanted.
struct Dialect {
    quote: char,
    begins: &'static str,
    all: &'static str,
    any: &'static str,
}

const POSTGRES: Dialect = Dialect { quote: '\'', begins: ":*", all: " & ", any: " | " };
const SQLITE: Dialect = Dialect { quote: '"', begins: " *", all: " AND ", any: " OR " };

/// Terms hold letters, digits and our own marks: nothing that ends a quotation. That is left out all the
/// same, so that no term ever becomes a part of the query.
fn text_query(wanted: &Match, dialect: &Dialect) -> String {
    let quoted = |term: &str| {
        let inner: String = term.chars().filter(|c| !matches!(c, '\'' | '"' | '\\' | '\0')).collect();
        format!("{0}{inner}{0}", dialect.quote)
    };
    let joined = |of: &[Match], between: &str| {
        let parts: Vec<String> = of.iter().map(|wanted| text_query(wanted, dialect)).collect();
        format!("({})", parts.join(between))
    };
    match wanted {
        Match::Term(term) => quoted(term),
        Match::Begins(beginning) => quoted(beginning) + dialect.begins,
        Match::All(all) => joined(all, dialect.all),
        Match::Any(any) => joined(any, dialect.any),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_written_in_the_words_of_each_database() {
        let wanted = Match::All(vec![
            Match::Term("电梯".to_owned()),
            Match::Any(vec![Match::Begins("坏".to_owned()), Match::Term("a'b\"c\\".to_owned())]),
        ]);
        assert_eq!(text_query(&wanted, &POSTGRES), "('电梯' & ('坏':* | 'abc'))");
        assert_eq!(text_query(&wanted, &SQLITE), "(\"电梯\" AND (\"坏\" * OR \"abc\"))");
    }
}
