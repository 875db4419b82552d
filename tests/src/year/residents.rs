//! What residents do: report, add what they are asked for, confirm or contest, or nothing at all.

use serde_json::json;

use super::life::{Known, Life, Reporter};

/// What somebody will do on a later day.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// Say what was asked.
    Supplement,
    /// Say what the answer is worth.
    Judge,
    /// Say whether it was really done.
    LookAgain,
    /// Take it back.
    Withdraw,
    /// Ask for more speed.
    Escalate,
}

const MATTERS: [&str; 6] = [
    "三号楼电梯停了两天，老人上不了楼",
    "小区门口路灯不亮，晚上看不清路",
    "物业不清理楼道杂物，有消防隐患",
    "社区医院药品不全，买药要跑很远",
    "公园步道有破损，下雨积水",
    "学校门口放学时段拥堵，不安全",
];
/// Residents with an account; each reports again and again.
const ACCOUNTS: usize = 60;

impl Life<'_> {
    /// Somebody scans a poster and reports.
    pub(super) async fn report(&mut self) {
        let place = self.dice.below(self.town.places.len());
        let text = format!("{}（{}）", self.dice.one_of(&MATTERS), self.cases.len());
        let named = self.dice.percent(15).then(|| self.dice.one_of(&self.town.places[place].members).0);
        let body = json!({ "code": self.town.places[place].code, "text": text, "member_id": named });
        let account = self.dice.percent(60).then(|| format!("resident-{}", self.dice.below(ACCOUNTS)));
        let key = self.new_key();
        let person = match &account {
            Some(name) => Some(self.login(name).await),
            None => None,
        };
        let app = self.app;
        let answer = self.patiently(async || {
            let request = app.post("/api/v1/cases").idempotency_key(&key).json(&body);
            match &person {
                Some(person) => request.bearer(&person.token).await,
                None => request.await,
            }
        });
        let answer = answer.await;
        assert!(self.count("report", &answer), "a report is never refused");
        let receipt = answer.expect_status(201);
        let text = |name: &str| receipt[name].as_str().expect("a text").to_owned();
        let by = account.map_or_else(|| Reporter::Ticket(text("case_ticket")), Reporter::Account);
        let case = self.cases.len();
        self.cases.push(Known { id: text("id"), by });
        self.places.insert(text("id"), case);
        if self.dice.percent(3) {
            let after = self.dice.days(0, 6);
            self.later(case, after, Turn::Withdraw);
        }
        if self.dice.percent(3) {
            let after = self.dice.days(10, 20);
            self.later(case, after, Turn::Escalate);
        }
    }

    /// What was to come until today comes.
    pub(super) async fn residents_react(&mut self) {
        let today = self.today();
        while let Some(entry) = self.to_come.first_entry().filter(|entry| *entry.key() <= today) {
            for (case, turn) in entry.remove() {
                self.take_turn(case, turn).await;
            }
        }
    }

    async fn take_turn(&mut self, case: usize, turn: Turn) {
        match turn {
            Turn::Supplement => {
                self.act_as_reporter(case, "supplement", json!({ "text": "在三单元一楼，照片稍后补上" }))
                    .await;
            }
            Turn::Judge => self.judge(case).await,
            Turn::LookAgain => {
                let done = *self.dice.one_of(&["yes", "yes", "partly", "no"]);
                self.act_as_reporter(case, "second-look", json!({ "done": done })).await;
            }
            Turn::Withdraw => {
                self.act_as_reporter(case, "withdraw", json!({ "reason": "已经自己解决" })).await;
            }
            Turn::Escalate => {
                self.act_as_reporter(case, "escalate", json!({ "reason": "很久没有消息" })).await;
            }
        }
    }

    async fn judge(&mut self, case: usize) {
        if self.dice.percent(12) {
            self.act_as_reporter(case, "contest", json!({ "reason": "还没有修好", "stars": 2 })).await;
            return;
        }
        let solved = *self.dice.one_of(&["yes", "yes", "yes", "partly"]);
        let stars = 3 + self.dice.below(3);
        let body = json!({ "solved": solved, "stars": stars, "comment": "谢谢" });
        if self.act_as_reporter(case, "confirm", body).await && self.dice.percent(60) {
            let after = self.dice.days(31, 40);
            self.later(case, after, Turn::LookAgain);
        }
    }

    /// A resident has been answered: most say something, some days later.
    pub(super) fn answered(&mut self, id: &str) {
        if self.dice.percent(80) {
            let (case, after) = (self.places[id], self.dice.days(0, 12));
            self.later(case, after, Turn::Judge);
        }
    }

    /// A resident has been asked: most answer.
    pub(super) fn asked(&mut self, id: &str) {
        if self.dice.percent(85) {
            let (case, after) = (self.places[id], self.dice.days(0, 8));
            self.later(case, after, Turn::Supplement);
        }
    }
}
