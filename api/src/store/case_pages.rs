//! Which cases a page of a list has: their ids in the order of the list, found in an index of that order.
//!
//! What people see of them is read afterwards, by [`super::case_lists`]: a statement that joins nothing is
//! planned in a fifth of the time, and its plan does not go wrong.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DepartmentId};
use entity::{case, case_part};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::case_filter::{CaseFilter, Scope, Sort};
use super::case_search::Beyond;
use super::{StoreError, case_parts, case_spans};

/// So many stations (or members, or committees) are each looked up in their own part of the index. More are
/// looked for on the way through all cases: there they are frequent.
pub(super) const FEW: usize = 8;

/// A case's place in a list; the next page begins after the last one of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct Cursor {
    /// When it is due, for the order by that: the answer, or in an officer's list the reply.
    pub due: DateTime<Utc>,
    /// Its id.
    pub id: CaseId,
}

/// The places of up to `limit` cases after the cursor. `now` only says where to begin to look.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    db: &impl ConnectionTrait,
    filter: &CaseFilter,
    after: Option<Cursor>,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Vec<Cursor>, StoreError> {
    for newest in case_spans::newest_first(filter, after.map(|after| after.id), now) {
        let page = find_all(db, &newest, after, limit).await?;
        if page.len() as u64 >= limit {
            return Ok(page);
        }
    }
    find_all(db, filter, after, limit).await
}

async fn find_all(
    db: &impl ConnectionTrait,
    filter: &CaseFilter,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<Cursor>, StoreError> {
    let page = Page { sort: filter.sort, after, limit };
    let select = page.of(filter);
    Ok(Cursor::find_by_statement(db.get_database_backend().build(&select)).all(db).await?)
}

/// A piece of a list.
#[derive(Debug, Clone, Copy)]
struct Page {
    sort: Sort,
    after: Option<Cursor>,
    limit: u64,
}

impl Page {
    fn of(self, filter: &CaseFilter) -> SelectStatement {
        let each = |column: case::Column, ids: Vec<Value>| {
            ids.into_iter().map(|id| self.of_cases(filter, column.eq(id))).collect()
        };
        let branches: Vec<SelectStatement> = match &filter.scope {
            Scope::Departments(ids) => self.of_departments(filter, ids),
            Scope::Members(ids) if is_few(ids) => each(case::Column::MemberId, values(ids)),
            Scope::Stations(ids) if is_few(ids) => each(case::Column::StationId, values(ids)),
            Scope::Committees(ids) if is_few(ids) => each(case::Column::CommitteeId, values(ids)),
            Scope::Resident(_)
            | Scope::Members(_)
            | Scope::Stations(_)
            | Scope::Committees(_)
            | Scope::Followers(_) => {
                let condition = filter.choices(self.beyond()).add(filter.scope.condition());
                return self.of_cases_where(condition, case::Column::RespondBy);
            }
        };
        self.merged(branches)
    }

    /// Where in the order of ids it begins.
    fn beyond(self) -> Option<Beyond> {
        match self.sort {
            Sort::Newest => self.after.map(|after| Beyond::Before(after.id)),
            Sort::Oldest => self.after.map(|after| Beyond::After(after.id)),
            Sort::Due => None,
        }
    }

    fn of_cases(self, filter: &CaseFilter, scope: SimpleExpr) -> SelectStatement {
        self.of_cases_where(filter.choices(self.beyond()).add(scope), case::Column::RespondBy)
    }

    fn of_cases_where(self, condition: Cond, due: case::Column) -> SelectStatement {
        let due = Expr::col((case::Entity, due));
        let select = Query::select()
            .column((case::Entity, case::Column::Id))
            .expr_as(due.clone(), "due")
            .from(case::Entity)
            .cond_where(condition)
            .to_owned();
        self.cut(select, due, Expr::col((case::Entity, case::Column::Id)))
    }

    /// What departments have to reply to: whole cases, and parts of split ones.
    fn of_departments(self, filter: &CaseFilter, ids: &[DepartmentId]) -> Vec<SelectStatement> {
        let whole = ids.iter().map(|id| {
            let condition = filter.choices(self.beyond()).add(case::Column::DepartmentId.eq(*id));
            self.of_cases_where(condition, case::Column::ReplyBy)
        });
        let parts = ids.iter().map(|id| self.of_parts(filter, *id, ids));
        whole.chain(parts).collect()
    }

    /// Cases of which this department has a part to reply to, unless another part of them comes first.
    fn of_parts(self, filter: &CaseFilter, id: DepartmentId, ids: &[DepartmentId]) -> SelectStatement {
        // The order is the one of the parts: it is in their index, and a page ends there.
        let (case_id, due) = case_parts::case_and_due();
        let parts = Query::select()
            .expr_as(case_id.clone(), "id")
            .expr_as(due.clone(), "due")
            .from(case_part::Entity)
            .inner_join(case::Entity, Expr::col((case::Entity, case::Column::Id)).eq(case_id.clone()))
            .and_where(case_parts::comes_first(id, ids))
            .cond_where(filter.choices(self.beyond()))
            .to_owned();
        self.cut(parts, due, case_id)
    }

    /// The first of what is first in each branch. No case is in two of them.
    fn merged(self, branches: Vec<SelectStatement>) -> SelectStatement {
        let mut branches = branches.into_iter();
        let Some(first) = branches.next() else { return nothing() };
        if branches.len() == 0 {
            return first;
        }
        let mut all = part_of_union(first);
        for branch in branches {
            all.union(UnionType::All, part_of_union(branch));
        }
        let select = part_of_union(all);
        self.cut(select, Expr::col("due"), Expr::col("id"))
    }

    /// Puts what is selected into the order of the list, and keeps the page of it.
    fn cut(self, mut select: SelectStatement, due: Expr, id: Expr) -> SelectStatement {
        match (self.sort, self.after) {
            (Sort::Newest, Some(after)) => select.and_where(id.clone().lt(after.id)),
            (Sort::Oldest, Some(after)) => select.and_where(id.clone().gt(after.id)),
            (Sort::Due, Some(after)) => {
                let later = due.clone().gt(after.due);
                let same = due.clone().eq(after.due).and(id.clone().gt(after.id));
                // The first condition is where an index is entered: it says nothing new to people.
                select.and_where(due.clone().gte(after.due)).and_where(later.or(same))
            }
            (Sort::Newest | Sort::Oldest | Sort::Due, None) => &mut select,
        };
        match self.sort {
            Sort::Newest => select.order_by_expr(id, Order::Desc),
            Sort::Oldest => select.order_by_expr(id, Order::Asc),
            Sort::Due => select.order_by_expr(due, Order::Asc).order_by_expr(id, Order::Asc),
        };
        select.limit(self.limit).to_owned()
    }
}

fn is_few<T>(ids: &[T]) -> bool {
    (1..=FEW).contains(&ids.len())
}

fn values<T: Copy + Into<Value>>(ids: &[T]) -> Vec<Value> {
    ids.iter().map(|id| (*id).into()).collect()
}

/// A branch with an order and an end of its own can't stand in a union as it is.
fn part_of_union(branch: SelectStatement) -> SelectStatement {
    Query::select().column("id").column("due").from_subquery(branch, "branch").to_owned()
}

fn nothing() -> SelectStatement {
    let (id, due) = (case::Column::Id, case::Column::RespondBy);
    Query::select()
        .column(id)
        .expr_as(Expr::col(due), "due")
        .from(case::Entity)
        .and_where(Expr::val(1).eq(0))
        .to_owned()
}
