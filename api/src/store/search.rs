//! What is searched for in a list of cases: the words typed, with what bears them in its name.
//!
//! Names are not in the index of cases, since they change: the index has the ids of station, member and
//! category, and whose names they are is looked up for each search.

use domain::search::{Match, Query, Word, folded};
use entity::{case, category, member, station};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, LikeExpr, Query as Sql, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, FromQueryResult, IntoSimpleExpr};
use uuid::Uuid;

use super::StoreError;
use super::case_filter::{Scope, contains_pattern};
use super::case_search::{self, Beyond};

/// How many names one search may hit: those of a province's members of one surname. Of more, it is found
/// by the first only.
const MOST_NAMES: u64 = 1_000;

/// A search, ready to become the condition of a list.
#[derive(Debug, Clone)]
pub struct Search {
    query: Query,
    /// What bears each word in its name.
    named: Vec<Vec<Uuid>>,
    /// Where and when the cases came in, if only some of those that have the words are wanted.
    within: Option<Match>,
    backend: DbBackend,
}

/// Something with a name.
#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
    pinyin: String,
    initials: String,
}

impl Search {
    /// Looks up what bears the words in its name, among what cases of this scope can point to.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn prepare(db: &impl ConnectionTrait, scope: &Scope, query: Query) -> Result<Self, StoreError> {
        let typed: Vec<&str> =
            query.words.iter().filter(|word| word.may_be_name()).map(Word::typed).collect();
        let found = if typed.is_empty() || query.number.is_some() {
            Vec::new()
        } else {
            let select = named(scope, &typed);
            Named::find_by_statement(db.get_database_backend().build(&select)).all(db).await?
        };
        let bearers = |word: &Word| {
            let named = found.iter().filter(|named| word.may_be_name() && named.bears(word.typed()));
            named.map(|named| named.id).collect()
        };
        let named = query.words.iter().map(bearers).collect();
        Ok(Self { query, named, within: None, backend: db.get_database_backend() })
    }

    /// The same among the cases that have this, too; nothing where a number is looked for, which one case has.
    pub(super) fn within(&self, place: Match) -> Option<Self> {
        let search = Self { within: Some(place), ..self.clone() };
        self.query.number.is_none().then_some(search)
    }

    /// The cases that have all of the words, or the number; of those beyond one, if the rest of the query says
    /// so too.
    pub(super) fn condition(&self, beyond: Option<Beyond>) -> Cond {
        if let Some(number) = self.query.number {
            return Cond::all().add(case::Column::Number.eq(number.to_string()));
        }
        let words = || self.query.words.iter().zip(&self.named);
        let mut everywhere: Vec<Match> = words().map(|(word, named)| word.anywhere(named)).collect();
        if everywhere.is_empty() {
            return Cond::all().add(Expr::val(1).eq(0));
        }
        everywhere.extend(self.within.clone());
        let mut all = Cond::all().add(case_search::holds(self.backend, &Match::All(everywhere), beyond));
        for (word, named) in words() {
            let Some(digits) = word.digits().filter(|_| word.has_many_digits()) else { continue };
            let in_number = case::Column::Number.contains(digits);
            let elsewhere = case_search::holds(self.backend, &word.in_texts_or_names(named), None);
            all = all.add(Cond::any().add(in_number).add(elsewhere));
        }
        all
    }
}

impl Named {
    fn bears(&self, typed: &str) -> bool {
        let spelled = typed.replace('\'', "");
        let spellings = self.initials.split(' ').chain([self.pinyin.as_str()]);
        folded(&self.name).contains(typed)
            || (!spelled.is_empty() && spellings.into_iter().any(|known| known.starts_with(&spelled)))
    }
}

/// Members, stations and categories of the scope's committees with one of these words in the name, or
/// members spelled so. A resident's and a department's cases may be of any committee.
fn named(scope: &Scope, words: &[&str]) -> SelectStatement {
    let committees = |column: Expr| match scope {
        Scope::Committees(ids) => column.is_in(ids.iter().map(|id| id.0)),
        Scope::Stations(ids) => {
            let of = Sql::select()
                .column(station::Column::CommitteeId)
                .from(station::Entity)
                .and_where(station::Column::Id.is_in(ids.iter().copied()))
                .to_owned();
            column.in_subquery(of)
        }
        Scope::Members(ids) => {
            let of = Sql::select()
                .column(member::Column::CommitteeId)
                .from(member::Entity)
                .and_where(member::Column::Id.is_in(ids.iter().copied()))
                .to_owned();
            column.in_subquery(of)
        }
        Scope::Resident(_) | Scope::Departments(_) | Scope::Followers(_) => Expr::val(1).eq(1),
    };
    let any_in = |column: Expr| {
        words.iter().fold(Cond::any(), |any, word| {
            let contains = LikeExpr::new(contains_pattern(word)).escape('\\');
            any.add(Expr::expr(Func::lower(column.clone())).like(contains))
        })
    };
    let spelled =
        words.iter().fold(Cond::any(), |any, word| any.add(super::directory::members::is_spelled(word)));
    let mut members = Sql::select();
    members
        .column(member::Column::Id)
        .column(member::Column::Name)
        .expr_as(member::Column::NamePinyin.into_simple_expr(), "pinyin")
        .expr_as(member::Column::NameInitials.into_simple_expr(), "initials")
        .from(member::Entity)
        .and_where(committees(member::Column::CommitteeId.into_simple_expr()))
        .cond_where(any_in(member::Column::Name.into_simple_expr()).add(spelled));
    let others = |table: sea_orm::sea_query::DynIden, id: Expr, name: Expr, committee: Expr| {
        Sql::select()
            .expr_as(id, "id")
            .expr_as(name.clone(), "name")
            .expr_as(Expr::val(""), "pinyin")
            .expr_as(Expr::val(""), "initials")
            .from(table)
            .and_where(committees(committee))
            .cond_where(any_in(name))
            .to_owned()
    };
    use sea_orm::sea_query::IntoIden;
    let stations = others(
        station::Entity.into_iden(),
        station::Column::Id.into_simple_expr(),
        station::Column::Name.into_simple_expr(),
        station::Column::CommitteeId.into_simple_expr(),
    );
    let categories = others(
        category::Entity.into_iden(),
        category::Column::Id.into_simple_expr(),
        category::Column::Name.into_simple_expr(),
        category::Column::CommitteeId.into_simple_expr(),
    );
    members.union(UnionType::All, stations).union(UnionType::All, categories).limit(MOST_NAMES);
    members
}
