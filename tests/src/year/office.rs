//! What managers, department officers and the committee's admin do: nobody's case stays nobody's.

use serde_json::{Value, json};

use super::life::Life;

impl Life<'_> {
    /// Managers look at their queue, at what is contested, and at what is late.
    pub(super) async fn managers_work(&mut self) {
        for place in 0..self.town.places.len() {
            if !self.dice.percent(90) {
                continue;
            }
            let name = self.town.places[place].manager.clone();
            let mut before: Option<Value> = None;
            for case in self.list(&name, "view=station&state=received&limit=50").await {
                self.decide_on_new(place, &name, &case, before.as_ref()).await;
                before = Some(case);
            }
            for case in self.list(&name, "view=station&state=contested&limit=50").await {
                self.decide_on_contested(place, &name, &case).await;
            }
            for case in self.list(&name, "view=station&stage=red&stage=supervised&sort=due&limit=30").await {
                self.put_right(place, &name, &case).await;
            }
            let mut before: Option<Value> = None;
            for case in self.list(&name, "view=station&state=in_progress&limit=6").await {
                match (self.dice.below(100), before.as_ref()) {
                    (0..20, _) => self.dispatch(&name, &case).await,
                    (20..32, _) => self.split(&name, &case).await,
                    (32..40, Some(before)) => {
                        self.act(&name, &case, "merge", json!({ "leading_case_id": before["id"] })).await;
                    }
                    _ => {}
                }
                before = Some(case);
            }
            for case in self.list(&name, "view=station&state=dispatched&limit=30").await {
                self.settle_parts(&name, &case).await;
            }
            for case in self.list(&name, "view=station&submitted=true&limit=50").await {
                self.sign(&name, &case).await;
            }
        }
    }

    async fn decide_on_new(&mut self, place: usize, name: &str, case: &Value, before: Option<&Value>) {
        match (self.dice.below(100), before) {
            (0..5, _) => {
                self.act(name, case, "reject", json!({ "reason": "不属于受理范围，请拨打热线" })).await;
            }
            (5..35, Some(before)) => {
                self.act(name, case, "merge", json!({ "leading_case_id": before["id"] })).await;
            }
            _ => {
                let to = self.dice.one_of(&self.town.places[place].members).0;
                self.act(name, case, "assign", json!({ "member_id": to, "reason": "请您办理" })).await;
            }
        }
    }

    async fn decide_on_contested(&mut self, place: usize, name: &str, case: &Value) {
        match self.dice.below(100) {
            0..50 => {
                self.act(name, case, "reopen", json!({ "reason": "群众反映未解决，重新办理" })).await;
            }
            50..75 => self.reassign(place, name, case).await,
            _ => {
                let body = json!({ "explanation": "经核实已按规定办理，特此说明" });
                self.act(name, case, "uphold", body).await;
            }
        }
    }

    /// What is two days late or more goes to somebody else, or the manager answers it.
    async fn put_right(&mut self, place: usize, name: &str, case: &Value) {
        match case["state"].as_str() {
            Some("in_progress") if self.dice.percent(50) => self.answer(name, case, "visit").await,
            Some("assigned" | "in_progress" | "dispatched") if self.dice.percent(60) => {
                self.reassign(place, name, case).await;
            }
            Some("in_progress") => {
                self.act(name, case, "escalate", json!({ "reason": "逾期未办结" })).await;
            }
            _ => {}
        }
    }

    async fn reassign(&mut self, place: usize, name: &str, case: &Value) {
        let to = self.dice.one_of(&self.town.places[place].members).0;
        self.act(name, case, "reassign", json!({ "member_id": to, "reason": "请您接办" })).await;
    }

    async fn dispatch(&mut self, name: &str, case: &Value) {
        let to = self.dice.one_of(&self.town.departments).0;
        let body = json!({ "department_id": to, "request": "请现场核查并回复" });
        self.act(name, case, "dispatch", body).await;
    }

    /// Two departments are asked at once.
    async fn split(&mut self, name: &str, case: &Value) {
        let departments = &self.town.departments;
        let first = self.dice.below(departments.len());
        let ask = |n: usize, request: &str| json!({ "department_id": departments[n].0, "request": request });
        let parts = [ask(first, "请核查设施情况"), ask((first + 1) % departments.len(), "请核查周边环境")];
        self.act(name, case, "split", json!({ "parts": parts })).await;
    }

    /// What a department objected to goes to the one that has no part yet, or is done without.
    async fn settle_parts(&mut self, name: &str, case: &Value) {
        let shown = self.show(name, case).await;
        let parts = shown["parts"].as_array().expect("parts").clone();
        for part in parts.iter().filter(|part| part["state"] == "objected") {
            // As it is now: the part before this one may have gone to the department without any.
            let now = self.show(name, case).await;
            let asked = now["parts"].as_array().expect("parts");
            let has = |department: &Value| asked.iter().any(|part| part["department"]["id"] == *department);
            let other = self.town.departments.iter().map(|(id, _)| json!(id)).find(|id| !has(id));
            let number = &part["part"];
            let (action, body) = match other.filter(|_| self.dice.percent(70)) {
                Some(id) => ("redirect-part", json!({ "part": number, "department_id": id })),
                None => ("take-back-part", json!({ "part": number, "reason": "由委员直接协调" })),
            };
            self.act(name, &now, action, body).await;
        }
    }

    /// The manager signs a member's answer off, gives it back, or leaves it until tomorrow.
    async fn sign(&mut self, name: &str, case: &Value) {
        let shown = self.show(name, case).await;
        let answer = &shown["submitted_answer"]["seq"];
        let choice = self.dice.below(100);
        if choice < 75 {
            let is_sent = self.act(name, &shown, "approve", json!({ "answer": answer })).await;
            if is_sent {
                self.answered(case["id"].as_str().expect("an id"));
            }
        } else if choice < 90 {
            let body = json!({ "answer": answer, "reason": "请写明具体完成时间" });
            self.act(name, &shown, "send-back", body).await;
        }
    }

    /// Officers reply, object, or let it lie.
    pub(super) async fn officers_work(&mut self) {
        for department in 0..self.town.departments.len() {
            let name = self.town.departments[department].1.clone();
            for case in self.list(&name, "view=dispatched&limit=50").await {
                match self.dice.below(100) {
                    0..55 => {
                        let body = json!({ "text": "已核查，三日内整改到位。" });
                        self.act(&name, &case, "reply", body).await;
                    }
                    55..65 => {
                        self.act(&name, &case, "object", json!({ "reason": "不属于本部门职责" })).await;
                    }
                    _ => {}
                }
            }
        }
    }

    /// Once in two months a member's whole list goes to others.
    pub(super) async fn admin_works(&mut self, day: u32) {
        if day % 60 != 45 {
            return;
        }
        let place = self.dice.below(self.town.places.len());
        let member = self.dice.one_of(&self.town.places[place].members).0;
        let admin = self.login("admin").await;
        let path = format!("/api/v1/members/{member}/reassign-cases");
        let body = json!({ "reason": "委员调离，统一改派" });
        let app = self.app;
        let answer = self.patiently(async || app.post(&path).bearer(&admin.token).json(&body).await).await;
        assert!(self.count("reassign all", &answer), "an admin may do that");
    }
}
