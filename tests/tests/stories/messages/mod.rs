//! Messages that leave the service: by WeChat to whoever agreed, else to a group of staff.

mod failures;
mod groups;
mod once;
mod storm;
mod subscriptions;
mod texts;
mod who;

use serde_json::{Value, json};
use tests::{App, District, Person};

/// The path of the API.
const SEND: &str = "/cgi-bin/message/subscribe/send";

/// The member answers a report of the resident.
async fn answered(app: &App, district: &District, resident: &Person, member: &Person) -> Value {
    let receipt = app.report(&district.code, "电梯坏了", Some(resident)).await;
    app.act(member, &receipt, "accept", &json!({})).await.expect_status(200);
    app.run_jobs().await;
    let answer = json!({ "text": "已修复", "evidence": "visit" });
    app.act(member, &receipt, "respond", &answer).await.expect_status(200);
    receipt
}

/// How often WeChat was asked to send something.
fn calls(app: &App) -> u64 {
    app.wechat().calls(SEND)
}
