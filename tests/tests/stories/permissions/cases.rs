//! Cases in every state that this interface reaches, and the actions with a body that fits.

use chrono::TimeDelta;
use domain::ids::DepartmentId;
use domain::vocabulary::SecondLookReason;
use entity::{case, second_look, station};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::Answer;

use super::people::{Column, World};

/// All states that can be reached over HTTP.
pub const STATES: [&str; 12] = [
    "received",
    "assigned",
    "in_progress",
    "awaiting_resident",
    "dispatched",
    "planned",
    "responded",
    "contested",
    "closed",
    "rejected",
    "withdrawn",
    "merged",
];

/// The entry of an answer that waits, after the intake and the accepting.
const ANSWER: i32 = 3;

/// All actions.
pub const ACTIONS: [&str; 28] = [
    "assign",
    "accept",
    "return",
    "reassign",
    "request-information",
    "supplement",
    "dispatch",
    "split",
    "redirect-part",
    "take-back-part",
    "reply",
    "object",
    "plan",
    "respond",
    "approve",
    "send-back",
    "confirm",
    "contest",
    "reopen",
    "uphold",
    "reject",
    "withdraw",
    "merge",
    "unmerge",
    "escalate",
    "note",
    "correct-response",
    "second-look",
];

/// A state from which the action starts, such that also an officer can be a party where one may be.
pub fn state_before(action: &str) -> &'static str {
    match action {
        "assign" => "received",
        "accept" | "return" | "reassign" | "reject" | "withdraw" | "merge" => "assigned",
        "request-information" | "dispatch" | "split" | "plan" | "respond" => "in_progress",
        "supplement" | "reply" | "object" | "escalate" | "note" => "dispatched",
        "redirect-part" | "take-back-part" => "split",
        "approve" | "send-back" => "submitted",
        "unmerge" => "merged",
        "confirm" | "contest" | "correct-response" => "responded",
        "second-look" => "asked",
        "reopen" | "uphold" => "contested",
        other => panic!("{other}: say in which state it can be tried"),
    }
}

impl World<'_> {
    /// A new case of the resident in this state.
    pub async fn case_in(&mut self, state: &str) -> Value {
        let district = &self.district;
        // The member is chosen: however many cases he has, this one is his.
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member,
            "contact": { "phone": "19900000001" } });
        let case = self.app.send_report(&body, self.find_person("resident")).await.expect_status(201);
        for (by, action) in way_to(state) {
            let done = self.act(&case, action, self.person(by)).await;
            done.expect_status(200);
        }
        if state == "asked" {
            self.ask(&case).await;
            return case;
        }
        if state == "submitted" {
            self.submit(&case).await;
            return case;
        }
        let shown = if state == "split" { "dispatched" } else { state };
        assert_eq!(self.state_of(&case).await, shown);
        case
    }

    /// The member answers while the station signs answers off.
    async fn submit(&self, case: &Value) {
        let signs_off = async |signs_off: bool| {
            let setting = station::ActiveModel {
                id: Set(self.district.station),
                answers_signed_off: Set(signs_off),
                ..Default::default()
            };
            setting.update(self.app.db()).await.unwrap();
        };
        signs_off(true).await;
        let seen = self.act(case, "respond", self.person("member")).await.expect_status(200);
        assert_eq!(seen["submitted_answer"]["seq"], ANSWER);
        signs_off(false).await;
    }

    /// Asks the resident whether it was really done, as time does weeks after the end: nobody here is logged
    /// in for so long.
    async fn ask(&self, case: &Value) {
        let seen = self.app.case(self.person("manager"), case).await.expect_status(200);
        let id = |of: &Value| of.as_str().unwrap().parse::<uuid::Uuid>().unwrap();
        let (case_id, response_id) = (id(&seen["id"]).into(), id(&seen["responses"][0]["id"]).into());
        let (asked_at, answer_by) = (self.app.now(), self.app.now() + TimeDelta::days(1));
        let reason = SecondLookReason::Explanation;
        let question = second_look::Model {
            response_id,
            case_id,
            reason,
            asked_at,
            answer_by,
            answered_at: None,
            verdict: None,
            comment: None,
        };
        self.app.keep(question).await;
        let asked = case::ActiveModel {
            id: Set(case_id),
            second_look_by: Set(Some(answer_by)),
            ..Default::default()
        };
        asked.update(self.app.db()).await.unwrap();
    }

    /// Where a case stands.
    pub async fn state_of(&self, case: &Value) -> String {
        let seen = self.app.case(self.person("manager"), case).await.expect_status(200);
        seen["state"].as_str().unwrap().to_owned()
    }

    /// Tries an action on a case, with a version that nobody has ever seen or with none.
    pub async fn act_on(&self, case: &Value, action: &str, by: &Column, stale: bool) -> Answer {
        let path = format!("/api/v1/cases/{}/{action}", case["id"].as_str().unwrap());
        let request = self.dress(self.app.post(&path).json(&self.body_of(action)), by, Some(case));
        if stale { request.header("if-match", "\"999\"").await } else { request.await }
    }

    async fn act(&self, case: &Value, action: &str, by: &tests::Person) -> Answer {
        self.app.act(by, case, action, &self.body_of(action)).await
    }

    /// What the action needs.
    fn body_of(&self, action: &str) -> Value {
        let reason = json!({ "reason": "按流程办理" });
        match action {
            "accept" | "unmerge" => json!({}),
            "merge" => json!({ "leading_case_id": self.leading["id"] }),
            "assign" | "reassign" => json!({ "member_id": self.district.member, "reason": "请办理" }),
            "request-information" => json!({ "question": "请问是几号楼？" }),
            "supplement" => json!({ "text": "三号楼" }),
            "dispatch" => json!({ "department_id": self.district.department, "request": "请现场查看" }),
            "split" => {
                let asked = |department: DepartmentId| json!({ "department_id": department, "request": "请现场查看" });
                json!({ "parts": [asked(self.district.department), asked(self.second_department)] })
            }
            "redirect-part" => json!({ "part": 1, "department_id": self.third_department }),
            "take-back-part" => json!({ "part": 1, "reason": "已自行解决" }),
            "reply" => json!({ "text": "已现场查看" }),
            "plan" => json!({ "promise": "本周内修复", "promised_on": "2026-03-06" }),
            "respond" => json!({ "text": "已修复", "evidence": "visit" }),
            "approve" => json!({ "answer": ANSWER }),
            "send-back" => json!({ "answer": ANSWER, "reason": "请写明时间" }),
            "confirm" => json!({ "solved": "yes", "stars": 5 }),
            "contest" => json!({ "reason": "没有修好", "stars": 1 }),
            "uphold" => json!({ "explanation": "已核实，确已修复" }),
            "note" => json!({ "text": "电话联系过" }),
            "correct-response" => json!({ "text": "已于昨日修复", "reason": "日期有误" }),
            "second-look" => json!({ "done": "yes" }),
            "return" | "object" | "reopen" | "reject" | "withdraw" | "escalate" => reason,
            other => panic!("{other}: say what it needs"),
        }
    }
}

/// Who does what, from a new case to this state.
fn way_to(state: &str) -> Vec<(&'static str, &'static str)> {
    let accepted = ("member", "accept");
    let answered = [accepted, ("member", "respond")];
    match state {
        "received" => vec![("member", "return")],
        "assigned" => vec![],
        "in_progress" | "submitted" => vec![accepted],
        "awaiting_resident" => vec![accepted, ("member", "request-information")],
        "dispatched" => vec![accepted, ("manager", "dispatch")],
        "split" => vec![accepted, ("manager", "split")],
        "planned" => vec![accepted, ("member", "plan")],
        "responded" => answered.to_vec(),
        "contested" => [answered.as_slice(), &[("resident", "contest")]].concat(),
        "closed" | "asked" => [answered.as_slice(), &[("resident", "confirm")]].concat(),
        "rejected" => vec![("manager", "reject")],
        "withdrawn" => vec![("resident", "withdraw")],
        "merged" => vec![("manager", "merge")],
        other => panic!("{other}: say how a case gets there"),
    }
}
