//! How each operation is called so that nothing but who calls it can be in its way.

use domain::content::{ContentState, Finding};
use domain::ids::ContentCheckId;
use entity::content_check;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Request};

use super::cases::{ACTIONS, state_before};
use super::people::{Column, PASSWORD, World};
use crate::pictures;

impl World<'_> {
    /// Tries a row of the table as somebody.
    pub async fn attempt(&mut self, row: &str, column: &Column) -> Answer {
        if let Some(action) = ACTIONS.iter().find(|action| row == operation_of(action)) {
            return self.attempt_action(row, action, column).await;
        }
        match row {
            "end_session" => return self.attempt_to_leave("/api/v1/sessions/current", column).await,
            "erase_me" => return self.attempt_to_leave("/api/v1/me", column).await,
            _ => {}
        }
        if let Some(request) = self.administration(row, column).await {
            return self.dress(request, column, None).await;
        }
        let case = match row {
            "show_upload" => Some(self.case_for(row, "picture").await),
            // Somebody answers, which the resident is told.
            "read_message" => Some(self.case_for(row, "responded").await),
            "create_case_ticket" => Some(self.case_for(row, "counter").await),
            "show_case"
            | "list_case_events"
            | "list_case_followers"
            | "list_case_holders"
            | "track_case"
            | "show_case_slip"
            | "check_answer"
            | "reveal_case_phone"
            | "show_draft"
            | "keep_draft"
            | "discard_draft" => Some(self.case_for(row, "dispatched").await),
            _ => None,
        };
        let request = self.request(row, column, case.as_ref()).await;
        self.dress(request, column, case.as_ref()).await
    }

    async fn attempt_action(&mut self, row: &str, action: &str, column: &Column) -> Answer {
        let case = self.case_for(row, state_before(action)).await;
        let answer = self.act_on(&case, action, column, false).await;
        if answer.status() < 300 {
            self.cases.remove(row);
        }
        answer
    }

    /// What ends a login or an account is tried with one that is not needed any more.
    async fn attempt_to_leave(&self, path: &str, column: &Column) -> Answer {
        let request = self.app.delete(path);
        match self.find_person(column.name) {
            Some(_) => request.bearer(&self.app.person(column.name).await.token).await,
            None => self.dress(request, column, None).await,
        }
    }

    /// The case that a row is tried on; a new one when somebody has changed it.
    async fn case_for(&mut self, row: &str, state: &str) -> Value {
        if let Some(case) = self.cases.get(row) {
            return case.clone();
        }
        let case = match state {
            "picture" => self.case_with_picture().await,
            "counter" => self.case_of_the_counter().await,
            state => self.case_in(state).await,
        };
        self.app.run_jobs().await;
        self.cases.insert(row.to_owned(), case.clone());
        case
    }

    async fn request(&mut self, row: &str, column: &Column, case: Option<&Value>) -> Request {
        let app = self.app;
        let (station, member) = (self.district.station, self.district.member);
        let code = &self.district.code;
        let id = case.and_then(|case| case["id"].as_str()).unwrap_or_default();
        let number = case.and_then(|case| case["number"].as_str()).unwrap_or_default();
        match row {
            "show_openapi" => app.get("/api/v1/openapi.json"),
            "show_card" => app.get(&format!("/api/v1/codes/{code}")),
            "show_qr_png" => app.get(&format!("/api/v1/codes/{code}/qr.png")),
            "show_qr_svg" => app.get(&format!("/api/v1/codes/{code}/qr.svg")),
            "show_poster_png" => app.get(&format!("/api/v1/codes/{code}/poster.png?paper=a5&dpi=100")),
            "show_poster_pdf" => app.get(&format!("/api/v1/codes/{code}/poster.pdf?paper=a5")),
            "list_stations" => app.get("/api/v1/stations"),
            "show_station" => app.get(&format!("/api/v1/stations/{station}")),
            "list_station_roster" => app.get(&format!("/api/v1/stations/{station}/roster")),
            "list_members" => app.get("/api/v1/members"),
            "show_member" => app.get(&format!("/api/v1/members/{member}")),
            "list_categories" => app.get("/api/v1/categories"),
            "list_sectors" => app.get("/api/v1/sectors"),
            "list_committees" => app.get("/api/v1/committees"),
            "list_departments" => app.get("/api/v1/departments"),
            "list_held_contents" => app.get(&format!("/api/v1/stations/{station}/held-contents")),
            "list_station_codes" => app.get(&format!("/api/v1/stations/{station}/codes")),
            "show_station_scans" => app.get(&format!("/api/v1/stations/{station}/scans")),
            "show_code_scans" => app.get(&format!("/api/v1/codes/{code}/scans")),
            "create_poster_report" => app
                .post("/api/v1/poster-reports")
                .json(&json!({ "token": code, "text": "被别的二维码盖住了" })),
            "list_poster_reports" => app.get("/api/v1/poster-reports"),
            "list_station_poster_reports" => app.get(&format!("/api/v1/stations/{station}/poster-reports")),
            "settle_poster_report" => {
                let report = json!({ "token": code, "text": "被别的二维码盖住了" });
                let report = app.post("/api/v1/poster-reports").json(&report).await.expect_status(201);
                let path = format!("/api/v1/poster-reports/{}/settle", report["id"].as_str().unwrap());
                app.post(&path).json(&json!({ "note": "已换新" }))
            }
            "list_unknown_codes" => app.get("/api/v1/unknown-codes"),
            "create_station_code" => app.post(&format!("/api/v1/stations/{station}/codes")).json(&json!({})),
            "create_member_code" => app.post(&format!("/api/v1/members/{member}/codes")).json(&json!({})),
            "show_me" => app.get("/api/v1/me"),
            "export_me" => app.get("/api/v1/me/export"),
            "list_messages" => app.get("/api/v1/me/messages"),
            "list_subscriptions" => app.get("/api/v1/me/subscriptions"),
            "tell_subscriptions" => {
                let answers = json!([{ "template_id": "demo-answered", "answer": "accept" }]);
                app.post("/api/v1/me/subscriptions").json(&json!({ "answers": answers }))
            }
            "read_message" => app.post(&format!("/api/v1/me/messages/{}/read", self.message().await)),
            "create_invitation" => app.post("/api/v1/invitations").json(&self.invitation("member", member.0)),
            "create_invitation admin" => {
                let invitation = self.invitation("committee_admin", self.district.committee.0);
                app.post("/api/v1/invitations").json(&invitation)
            }
            "show_case" => app.get(&format!("/api/v1/cases/{id}")),
            "list_case_events" => app.get(&format!("/api/v1/cases/{id}/events")),
            "count_cases" => app.get("/api/v1/cases/counts?view=assigned"),
            "list_answer_templates" => app.get("/api/v1/answer-templates"),
            "check_answer" => {
                app.post(&format!("/api/v1/cases/{id}/respond/check")).json(&json!({ "text": "已修复" }))
            }
            "show_draft" | "keep_draft" | "discard_draft" => {
                let seen = format!("\"{}\"", self.draft_version(id).await);
                let path = format!("/api/v1/cases/{id}/draft");
                match row {
                    "show_draft" => app.get(&path),
                    "keep_draft" => app
                        .request(Method::PUT, &path)
                        .header("if-match", &seen)
                        .json(&json!({ "text": "已" })),
                    _ => app.delete(&path).header("if-match", &seen),
                }
            }
            "list_case_followers" => app.get(&format!("/api/v1/cases/{id}/followers")),
            "reveal_case_phone" => app.post(&format!("/api/v1/cases/{id}/reveal-phone")),
            "list_case_holders" => app.get(&format!("/api/v1/cases/{id}/holders")),
            "show_case_slip" => app.get(&format!("/api/v1/cases/{id}/slip")),
            "create_case_ticket" => app.post(&format!("/api/v1/cases/{id}/tickets")),
            "track_case" => app.get(&format!("/api/v1/tracking/{number}")),
            "show_upload" => {
                let upload = self.upload.as_deref().unwrap_or_default();
                app.get(&format!("/api/v1/uploads/{upload}/320"))
            }
            _ => match row.strip_prefix("list_cases view=") {
                Some(view) => app.get(&format!("/api/v1/cases?view={view}")),
                None => match self.reception_request(row).await {
                    Some(request) => request,
                    None => self.prepared(row, column).await,
                },
            },
        }
    }

    /// What needs something new for every call.
    async fn prepared(&mut self, row: &str, column: &Column) -> Request {
        let (app, key) = (self.app, self.next_key());
        match row {
            "create_case" => {
                let body = json!({ "code": self.district.code, "text": "路灯不亮" });
                app.post("/api/v1/cases").idempotency_key(&key).json(&body)
            }
            "create_upload" => {
                let request = app.post("/api/v1/uploads").idempotency_key(&key);
                request.file("a.png", "image/png", &pictures::png(4, 4))
            }
            "allow_held_content" => {
                app.post(&format!("{}/allow", self.held_content().await)).json(&json!({}))
            }
            "refuse_held_content" => {
                let body = json!({ "reason": "涉及他人隐私" });
                app.post(&format!("{}/refuse", self.held_content().await)).json(&body)
            }
            "create_answer_template" => app.post("/api/v1/answer-templates").json(&self.template(&key)),
            "change_answer_template" => {
                let admin = &self.person("admin").token;
                let new = app.post("/api/v1/answer-templates").bearer(admin).json(&self.template(&key));
                let id = new.await.expect_status(201)["id"].as_str().unwrap().to_owned();
                let path = format!("/api/v1/answer-templates/{id}");
                app.request(Method::PATCH, &path).json(&json!({ "active": false }))
            }
            "revoke_code" => {
                let path = format!("/api/v1/stations/{}/codes", self.district.station);
                let manager = &self.person("manager").token;
                let code = app.post(&path).bearer(manager).json(&json!({})).await.expect_status(201);
                let path = format!("/api/v1/codes/{}/revoke", code["token"].as_str().unwrap());
                app.post(&path).json(&json!({ "reason": "海报破损" }))
            }
            "bind_me" => {
                let invitation = self.invitation("member", self.district.other_member.0);
                let admin = &self.person("admin").token;
                let made = app.post("/api/v1/invitations").bearer(admin).json(&invitation).await;
                let code = made.expect_status(201)["code"].clone();
                app.post("/api/v1/me/bindings").json(&json!({ "invite_code": code }))
            }
            "log_in_with_wechat" => {
                let js_code = app.wechat().login("resident").unwrap();
                app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code }))
            }
            "log_in_with_password" => {
                let body = json!({ "login": "manager", "password": PASSWORD });
                app.post("/api/v1/sessions/password").json(&body)
            }
            "refresh_session" => {
                let session = app.person("resident").await;
                let body = json!({ "refresh_token": session.refresh_token });
                app.post("/api/v1/sessions/refresh").json(&body)
            }
            other => {
                panic!("{other} by {}: say here how it is called, and in table.txt who may", column.name)
            }
        }
    }

    /// The path of words that are held back, of a case that all its parties know.
    async fn held_content(&mut self) -> String {
        let case = self.case_for("held content", "dispatched").await;
        let id: ContentCheckId = self.app.state().ids.next();
        self.keys += 1;
        let (case_id, at) = (case["id"].as_str().unwrap().parse().unwrap(), self.app.now());
        self.app
            .keep(content_check::Model {
                id,
                case_id,
                // One a piece: each call has an entry of its own, whether there is one or not.
                event_seq: 1_000 + i32::try_from(self.keys).unwrap(),
                upload_id: None,
                state: ContentState::Held,
                finding: Some(Finding::Review),
                label: None,
                trace_id: None,
                link_hash: None,
                due_at: at,
                settled_at: Some(at),
                decided_by: None,
                reason: None,
                created_at: at,
            })
            .await;
        format!("/api/v1/held-contents/{id}")
    }

    /// The version of the draft of a case; the manager begins one where there is none.
    async fn draft_version(&self, id: &str) -> i64 {
        let (path, manager) = (format!("/api/v1/cases/{id}/draft"), &self.person("manager").token);
        let found = self.app.get(&path).bearer(manager).await;
        let draft = match found.status() {
            404 => {
                let begin = self.app.request(Method::PUT, &path).bearer(manager);
                begin.json(&json!({ "text": "草稿" })).await.expect_status(200)
            }
            _ => found.expect_status(200),
        };
        draft["version"].as_i64().unwrap()
    }

    fn template(&self, title: &str) -> Value {
        json!({ "committee_id": self.district.committee, "title": title, "body": "已转{{单位}}办理。" })
    }

    fn invitation(&self, role: &str, scope_id: uuid::Uuid) -> Value {
        json!({ "role": role, "scope_id": scope_id })
    }
}

/// `accept` is the operation `accept_case`; some are called otherwise.
fn operation_of(action: &str) -> String {
    match action {
        "request-information" => "request_information".to_owned(),
        "correct-response" => "correct_response".to_owned(),
        "second-look" => "answer_second_look".to_owned(),
        "redirect-part" => "redirect_part".to_owned(),
        "approve" => "approve_answer".to_owned(),
        "send-back" => "send_back_answer".to_owned(),
        "take-back-part" => "take_back_part".to_owned(),
        action => format!("{action}_case"),
    }
}
