//! What members do with their list: some every day, some seldom, some hand back what they should do.

use chrono::Days;
use serde_json::{Value, json};

use super::life::Life;

/// So many cases a member looks at on one day.
const AT_ONCE: usize = 12;

impl Life<'_> {
    /// Every member who works today goes through the list.
    pub(super) async fn members_work(&mut self) {
        for place in 0..self.town.places.len() {
            for member in 0..self.town.places[place].members.len() {
                // From somebody who comes daily to somebody who comes every third day.
                let diligence = 95 - 12 * u32::try_from(member).expect("few members");
                if self.dice.percent(diligence) {
                    self.member_works(place, member).await;
                }
                if self.dice.percent(1) {
                    self.go_away(place, member).await;
                }
            }
        }
    }

    async fn member_works(&mut self, place: usize, member: usize) {
        let name = self.town.places[place].members[member].1.clone();
        for case in self.list(&name, &format!("view=assigned&list=todo&limit={AT_ONCE}")).await {
            match case["state"].as_str() {
                Some("assigned") => self.take_on(&name, &case).await,
                Some("in_progress") => self.work_on(place, &name, &case).await,
                Some("planned") => self.answer_as_member(place, &name, &case, "photo").await,
                other => panic!("{other:?} is nothing that a member has to do"),
            }
        }
    }

    async fn take_on(&mut self, name: &str, case: &Value) {
        match self.dice.below(100) {
            0..85 => {
                self.act(name, case, "accept", json!({})).await;
            }
            85..93 => {
                self.act(name, case, "return", json!({ "reason": "不熟悉这方面的情况" })).await;
            }
            // Somebody who waits until it is late.
            _ => {}
        }
    }

    async fn work_on(&mut self, place: usize, name: &str, case: &Value) {
        match self.dice.below(100) {
            0..50 => {
                let evidence = *self.dice.one_of(&["photo", "visit", "document", "explanation"]);
                self.answer_as_member(place, name, case, evidence).await;
            }
            50..60 => {
                let question = json!({ "question": "请问具体在几号楼几单元？" });
                if self.act(name, case, "request-information", question).await {
                    self.asked(case["id"].as_str().expect("an id"));
                }
            }
            60..68 => {
                let until = self.today().checked_add_days(Days::new(7)).expect("a day of this century");
                let promise = json!({ "promise": "列入本月维修计划", "promised_on": until });
                self.act(name, case, "plan", promise).await;
            }
            68..72 => {
                self.act(name, case, "note", json!({ "text": "已电话联系物业" })).await;
            }
            72..75 => {
                self.act(name, case, "return", json!({ "reason": "需要换人办理" })).await;
            }
            _ => {}
        }
    }

    /// Answers the resident, or gives the answer to the manager where he signs answers off.
    async fn answer_as_member(&mut self, place: usize, name: &str, case: &Value, evidence: &str) {
        if !self.town.places[place].is_signing {
            return self.answer(name, case, evidence).await;
        }
        let body = json!({ "text": "已到现场，物业承诺周五前修好。", "evidence": evidence });
        self.act(name, case, "respond", body).await;
    }

    /// Answers the resident; now and then the answer has to be corrected.
    pub(super) async fn answer(&mut self, name: &str, case: &Value, evidence: &str) {
        let body = json!({ "text": "已会同物业现场查看，明日上午修复。", "evidence": evidence });
        if !self.act(name, case, "respond", body).await {
            return;
        }
        let id = case["id"].as_str().expect("an id");
        self.answered(id);
        if self.dice.percent(2) {
            let body = json!({ "text": "已会同物业现场查看，后日上午修复。", "reason": "日期有误" });
            self.act(name, &json!({ "id": id }), "correct-response", body).await;
        }
    }

    /// A member will be away from tomorrow on, and says so.
    async fn go_away(&mut self, place: usize, member: usize) {
        let (id, name) = self.town.places[place].members[member].clone();
        let person = self.login(&name).await;
        let from = self.app.now() + chrono::TimeDelta::days(1);
        let until = self.app.now().checked_add_days(self.dice.days(3, 15)).expect("a day of this century");
        let body = json!({ "starts_at": from, "ends_at": until, "reason": "出差" });
        let path = format!("/api/v1/members/{id}/absences");
        let key = self.new_key();
        let app = self.app;
        let send = async || app.post(&path).bearer(&person.token).idempotency_key(&key).json(&body).await;
        let answer = self.patiently(send).await;
        self.count("go away", &answer);
    }
}
