//! What people write and send is looked at before others than staff see it, and no case is lost over it.

mod deciding;
mod pictures;
mod texts;

use serde_json::{Value, json};
use tests::{App, District, Person};

/// Begins the sentence that residents read in place of what is held back.
const IN_PLACE: &str = "该内容";

/// What a resident reads of a case.
async fn read_text(app: &App, by: &Person, case: &Value) -> String {
    app.case(by, case).await.expect_status(200)["text"].as_str().unwrap().to_owned()
}

/// What waits for a person at the district's station.
async fn queue(app: &App, district: &District, manager: &Person) -> Vec<Value> {
    let path = format!("/api/v1/stations/{}/held-contents", district.station);
    let page = app.get(&path).bearer(&manager.token).await.expect_status(200);
    page["items"].as_array().unwrap().clone()
}

/// Sends a picture; answers with its record.
async fn upload(app: &App, by: Option<&Person>, side: u32) -> Value {
    let key = format!("picture-{side}-{}", by.map_or("", |it| it.token.as_str()).len());
    let picture = crate::pictures::png(side, side);
    let request = app.post("/api/v1/uploads").idempotency_key(&key).file("a.png", "image/png", &picture);
    match by {
        Some(person) => request.bearer(&person.token).await.expect_status(201),
        None => request.await.expect_status(201),
    }
}

/// A report with these pictures.
async fn report_with(app: &App, district: &District, by: Option<&Person>, pictures: &[&Value]) -> Value {
    let ids: Vec<&Value> = pictures.iter().map(|picture| &picture["id"]).collect();
    let body = json!({ "code": district.code, "text": "电梯坏了", "uploads": ids });
    app.send_report(&body, by).await.expect_status(201)
}

/// Decides on a piece.
async fn decide(app: &App, by: &Person, piece: &Value, verb: &str, body: &Value) -> tests::Answer {
    let path = format!("/api/v1/held-contents/{}/{verb}", piece["id"].as_str().unwrap());
    app.post(&path).bearer(&by.token).json(body).await
}
