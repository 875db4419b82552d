//! How the operations of administration are called, each with something new.

use api::cache::Tag;
use domain::ids::AccountId;
use domain::role::Role;
use domain::vocabulary::Level;
use entity::{committee, role_binding};
use serde_json::json;
use tests::{Request, workbook};
use uuid::Uuid;

use super::people::{Column, PASSWORD, World};

/// A far year, so that no case moves.
fn year() -> serde_json::Value {
    let day = json!({ "day": "2050-01-01", "kind": "holiday", "name": "元旦" });
    json!({ "year": 2050, "source": "示例通知", "days": [day] })
}

impl World<'_> {
    /// The request of a row that is about administration.
    pub async fn administration(&mut self, row: &str, column: &Column) -> Option<Request> {
        let (app, n) = (self.app, self.next_key());
        let committee = format!("/api/v1/committees/{}", self.district.committee);
        let name = json!({ "name": format!("示例{n}") });
        if let Some(view) = row.strip_prefix("export_cases view=") {
            return Some(app.get(&format!("/api/v1/cases/export?view={view}")));
        }
        Some(match row {
            "count_cases_by_filter" => app.get("/api/v1/cases/filter-counts?view=station"),
            "list_case_views" => app.get("/api/v1/me/case-views"),
            "create_case_view" => {
                app.post("/api/v1/me/case-views").json(&json!({ "name": n, "query": "view=station" }))
            }
            "change_case_view" => app.patch(&self.case_view(&n).await).json(&json!({ "query": "view=mine" })),
            "delete_case_view" => app.delete(&self.case_view(&n).await),
            "show_terms" => app.get(&format!("{committee}/terms")),
            "change_terms" => app.patch(&format!("{committee}/terms")).json(&json!({ "accept_days": 2 })),
            "show_routing_rules" => app.get(&format!("{committee}/routing-rules")),
            "change_routing_rules" => {
                app.patch(&format!("{committee}/routing-rules")).json(&json!({ "full_at_percent": 200 }))
            }
            "simulate_routing" => {
                let body = json!({ "from": "2026-03-01", "to": "2026-03-02" });
                app.post(&format!("{committee}/routing-simulations")).json(&body)
            }
            "show_calendar" => app.get("/api/v1/calendar"),
            "import_calendar" => app.post("/api/v1/calendar").json(&year()),
            "list_calendar_revisions" => app.get("/api/v1/calendar/revisions"),
            "show_calendar_revision" => app.get(&self.revision().await),
            "list_moved_deadlines" => app.get(&format!("{}/moved-deadlines", self.revision().await)),
            "list_audit_entries" => app.get(&format!("{committee}/audit-entries")),
            "list_committee_figures" => app.get(&format!("{committee}/figures")),
            "show_station_figures" => app.get(&format!("/api/v1/stations/{}/figures", self.district.station)),
            "show_member_figures" => app.get(&format!("/api/v1/members/{}/figures", self.district.member)),
            "list_staff" => app.get(&format!("{committee}/staff")),
            "create_committee" => {
                // The district's own committee is of the lowest level: nothing can be below it.
                let body = json!({ "name": format!("示例{n}"), "level": "district" });
                app.post(&format!("/api/v1/committees/{}/committees", self.city(&n).await)).json(&body)
            }
            "change_committee" => app.patch(&committee).json(&name),
            "create_sector" => app.post(&format!("{committee}/sectors")).json(&name),
            "create_category" => app.post(&format!("{committee}/categories")).json(&name),
            "create_department" => app.post(&format!("{committee}/departments")).json(&name),
            "create_station" => {
                let body = json!({ "kind": "station", "name": format!("示例{n}"), "address": "示例路" });
                app.post(&format!("{committee}/stations")).json(&body)
            }
            "import_members" => {
                let book = workbook(&[&["姓名", "界别"], &["甲示例", "建设"]]);
                app.post(&format!("{committee}/members/import")).body("application/octet-stream", book)
            }
            "show_import_template" => app.get(&format!("{committee}/members/import-template")),
            "create_code_batch" => {
                // What was ordered before is drawn first: there may be so many at once.
                app.run_jobs().await;
                app.post(&format!("{committee}/code-batches")).json(&json!({ "form": "pdf" }))
            }
            "list_code_batches" => app.get(&format!("{committee}/code-batches")),
            "show_code_batch" => app.get(&format!("/api/v1/code-batches/{}", self.code_batch().await)),
            "download_code_batch" => {
                app.get(&format!("/api/v1/code-batches/{}/file", self.code_batch().await))
            }
            "create_member" => {
                let body = json!({ "name": format!("示例{n}"), "sector_id": self.sector().await });
                app.post(&format!("{committee}/members")).json(&body)
            }
            "change_sector" => app.patch(&format!("/api/v1/sectors/{}", self.sector().await)).json(&name),
            "change_category" => {
                app.patch(&format!("/api/v1/categories/{}", self.district.category)).json(&name)
            }
            "change_department" => {
                app.patch(&format!("/api/v1/departments/{}", self.district.department)).json(&name)
            }
            "change_station" => app.patch(&format!("/api/v1/stations/{}", self.district.station)).json(&name),
            "change_member" => app.patch(&format!("/api/v1/members/{}", self.district.member)).json(&name),
            "reassign_member_cases" => {
                // One without cases, so that nobody loses any.
                let path = format!("/api/v1/members/{}/reassign-cases", self.district.colleague);
                app.post(&path).json(&json!({ "reason": "任期届满" }))
            }
            "revoke_role" => app.delete(&format!("/api/v1/role-bindings/{}", self.spare_role(&n).await.0)),
            "set_account_state" => {
                let path = format!("/api/v1/accounts/{}/state", self.spare_role(&n).await.1);
                app.put(&path).json(&json!({ "state": "disabled" }))
            }
            "set_phone" => app.put("/api/v1/me/phone").json(&json!({ "phone": "19900000007" })),
            "remove_phone" => app.delete("/api/v1/me/phone"),
            "set_password" => {
                let body =
                    json!({ "login": column.name, "password": PASSWORD, "current_password": PASSWORD });
                app.put("/api/v1/me/password").json(&body)
            }
            _ => return None,
        })
    }

    /// A city's committee of the district's admin.
    async fn city(&self, name: &str) -> Uuid {
        let id = self.app.state().ids.next::<Uuid>();
        let (level, created_at) = (Level::City, self.app.now());
        let row =
            committee::Model { id: id.into(), parent_id: None, name: name.to_owned(), level, created_at };
        self.app.keep(row).await;
        let tag = Tag::Committee(self.district.committee);
        self.app.state().cache.invalidate(&[tag]).await;
        self.app.staff("admin", Role::CommitteeAdmin, id).await;
        id
    }

    /// The path of a list that the manager keeps; he keeps one where there is none.
    async fn case_view(&self, name: &str) -> String {
        let (path, manager) = ("/api/v1/me/case-views", &self.person("manager").token);
        let kept = self.app.get(path).bearer(manager).await.expect_status(200);
        let id = match kept["items"][0]["id"].as_str() {
            Some(id) => id.to_owned(),
            None => {
                let new = json!({ "name": name, "query": "view=mine" });
                let new = self.app.post(path).bearer(manager).json(&new).await.expect_status(201);
                new["id"].as_str().unwrap().to_owned()
            }
        };
        format!("{path}/{id}")
    }

    /// The path of an import.
    async fn revision(&self) -> String {
        let admin = &self.person("admin").token;
        let imported = self.app.post("/api/v1/calendar").bearer(admin).json(&year()).await.expect_status(201);
        format!("/api/v1/calendar/revisions/{}", imported["revision"]["id"].as_str().unwrap())
    }

    /// A batch of posters that is ready; the admin orders one where there is none.
    async fn code_batch(&self) -> String {
        let (path, admin) =
            (format!("/api/v1/committees/{}/code-batches", self.district.committee), self.person("admin"));
        self.app.run_jobs().await;
        let listed = self.app.get(&path).bearer(&admin.token).await.expect_status(200);
        let batch = match listed["items"].as_array().unwrap().first() {
            Some(batch) => batch.clone(),
            None => {
                let order = self.app.post(&path).bearer(&admin.token).json(&json!({ "form": "pdf" }));
                let batch = order.await.expect_status(201);
                self.app.run_jobs().await;
                batch
            }
        };
        batch["id"].as_str().unwrap().to_owned()
    }

    async fn sector(&self) -> String {
        let path = format!("/api/v1/sectors?committee={}", self.district.committee);
        let sectors = self.app.get(&path).await.expect_status(200);
        sectors["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A role that somebody has who tries nothing.
    async fn spare_role(&self, name: &str) -> (Uuid, Uuid) {
        let person = self.app.person(name).await;
        let id = self.app.state().ids.next::<Uuid>();
        self.app
            .keep(role_binding::Model {
                id: id.into(),
                account_id: AccountId(person.account_id),
                role: Role::Member,
                scope_id: self.district.colleague.0,
                created_at: self.app.now(),
                revoked_at: None,
            })
            .await;
        (id, person.account_id)
    }
}
