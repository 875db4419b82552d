//! What happens at the same moment happens once.

use std::collections::BTreeSet;

use api::service::deadlines;
use chrono::TimeDelta;
use domain::ids::{CaseId, UploadId};
use domain::role::Role;
use entity::{case, case_event, message, upload};
use futures::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::{Answer, App, Person, Request, story};
use wechat_sim::UserSpec;

/// The statuses of several answers, sorted.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    statuses
}

fn case_id(body: &Value) -> CaseId {
    body["id"].as_str().unwrap().parse().unwrap()
}

/// An action on a case, to be sent together with others.
fn action(app: &App, by: &Person, case: &Value, action: &str, body: &Value) -> Request {
    app.post(&format!("/api/v1/cases/{}/{action}", case["id"].as_str().unwrap())).bearer(&by.token).json(body)
}

/// The kinds of a case's events: numbered without a gap, each from the state that the one before led to,
/// and the last is the case's own.
async fn history(app: &App, id: CaseId) -> Vec<String> {
    let case = case::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
    let events = case_event::Entity::find()
        .filter(case_event::Column::CaseId.eq(id))
        .order_by_asc(case_event::Column::Seq)
        .all(app.db())
        .await
        .unwrap();
    let seqs: Vec<i32> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=case.event_seq).collect::<Vec<i32>>());
    for pair in events.windows(2) {
        assert_eq!(pair[1].from_state, Some(pair[0].to_state), "{:?} after {:?}", pair[1].kind, pair[0].kind);
    }
    assert_eq!(events.last().map(|event| event.to_state), Some(case.state));
    events.iter().map(|event| event.kind.to_string()).collect()
}

/// A small picture; each number makes another.
fn picture(n: u8) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(16, 12, |x, y| image::Rgb([n, u8::try_from(x * y).unwrap(), 128]));
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

fn send_picture(app: &App, by: &Person, n: u8) -> Request {
    let mut body =
        b"--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(picture(n));
    body.extend(b"\r\n--cut--\r\n");
    let request = app.post("/api/v1/uploads").bearer(&by.token).idempotency_key(&format!("picture-{n}"));
    request.body("multipart/form-data; boundary=cut", body)
}

story! {
    async fn fifty_posts_with_one_key_make_one_case(app: &App) {
        let district = app.district().await;
        let body = json!({ "code": district.code, "text": "电梯坏了" });
        let post = || async { app.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&body).await };

        let answers = join_all((0..50).map(|_| post())).await;

        assert!(answers.iter().all(|answer| answer.status() == 201));
        let bodies: BTreeSet<&[u8]> = answers.iter().map(|answer| answer.bytes()).collect();
        assert_eq!(bodies.len(), 1, "the first answer, byte for byte");
        assert_eq!(app.db_count("cases", None).await, 1);
        assert_eq!(app.db_count("case_events", None).await, 1);
        let other = json!({ "code": district.code, "text": "别的事" });
        let reused = app.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&other).await;
        reused.expect_problem(422, "idempotency_key_reused");
        app.run_jobs().await;
    }
}

story! {
    async fn of_two_managers_who_reassign_at_once_one_wins(app: &App) {
        let district = app.district().await;
        let one = app.staff("one", Role::StationManager, district.station.0).await;
        let two = app.staff("two", Role::CommitteeAdmin, district.committee.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let path = format!("/api/v1/cases/{}/reassign", receipt["id"].as_str().unwrap());
        let reassign = |token: String, member: uuid::Uuid| {
            let request = app.post(&path).bearer(&token).header("if-match", "\"1\"");
            request.json(&json!({ "member_id": member, "reason": "同时改派" }))
        };

        let answers = join_all([
            reassign(one.token, district.colleague.0).into_future(),
            reassign(two.token, district.member.0).into_future(),
        ])
        .await;

        assert_eq!(statuses(&answers), [200, 412]);
        assert_eq!(app.db_count("case_events", Some("kind = 'reassign'")).await, 1);
        app.run_jobs().await;
    }
}

story! {
    async fn thirty_pictures_sent_at_once_are_all_kept(app: &App) {
        let resident = app.person("resident").await;

        let answers = join_all((0..30).map(|n| send_picture(app, &resident, n).into_future())).await;

        let ids: BTreeSet<String> =
            answers.iter().map(|answer| answer.expect_status(201)["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 30);
        assert_eq!(app.db_count("uploads", None).await, 30);
        for id in ids {
            for rendition in ["1280", "320"] {
                let file = app.get(&format!("/api/v1/uploads/{id}/{rendition}")).bearer(&resident.token).await;
                assert_eq!(file.status(), 200, "{rendition}");
            }
        }
    }
}

story! {
    async fn a_picture_that_two_cases_want_goes_to_one_of_them(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        for n in 0..5 {
            let sent = send_picture(app, &resident, n).await.expect_status(201);
            let body = json!({ "code": district.code, "text": "电梯坏了", "uploads": [sent["id"]] });

            let answers = join_all((0..2).map(|_| app.send_report(&body, Some(&resident)))).await;

            assert_eq!(statuses(&answers), [201, 422]);
            let (won, lost) = if answers[0].status() == 201 { (0, 1) } else { (1, 0) };
            lost_picture(&answers[lost]);
            let id: UploadId = sent["id"].as_str().unwrap().parse().unwrap();
            let row = upload::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
            assert_eq!(row.case_id, Some(case_id(&answers[won].json())));
        }
        assert_eq!(app.db_count("cases", None).await, 5, "the case that lost was not stored");
        assert_eq!(app.db_count("idempotency_keys", Some("scope LIKE 'cases%'")).await, 5);
        app.run_jobs().await;
    }
}

fn lost_picture(answer: &Answer) {
    let problem = answer.expect_problem(422, "upload_unknown");
    assert_eq!(problem["errors"][0]["pointer"], "/uploads/0");
}

story! {
    async fn accepting_and_reassigning_at_once_leaves_one_history(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let to = json!({ "member_id": district.colleague.0, "reason": "请另一位委员办理" });
        for _ in 0..10 {
            let receipt = app.report(&district.code, "物业乱收费", None).await;

            let (accepted, reassigned) = tokio::join!(
                action(app, &member, &receipt, "accept", &json!({})).into_future(),
                action(app, &manager, &receipt, "reassign", &to).into_future(),
            );

            // Whoever comes second finds the case as the first has left it.
            reassigned.expect_status(200);
            let kinds = history(app, case_id(&receipt)).await;
            match accepted.status() {
                200 => assert_eq!(kinds, ["created", "accept", "reassign"]),
                _ => {
                    accepted.expect_problem(404, "not_found");
                    assert_eq!(kinds, ["created", "reassign"]);
                }
            }
            let case = app.case(&manager, &receipt).await.expect_status(200);
            assert_eq!((&case["state"], &case["member"]["name"]), (&json!("assigned"), &json!("乙流云")));
        }
        app.run_jobs().await;
    }
}

story! {
    async fn an_answer_is_confirmed_or_contested_but_not_both(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        for _ in 0..8 {
            let receipt = app.report(&district.code, "物业乱收费", Some(&resident)).await;
            app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
            let answer = json!({ "text": "已核实", "evidence": "explanation" });
            app.act(&member, &receipt, "respond", &answer).await.expect_status(200);

            let (confirmed, contested) = tokio::join!(
                action(app, &resident, &receipt, "confirm", &json!({ "solved": "yes", "stars": 5 })).into_future(),
                action(app, &resident, &receipt, "contest", &json!({ "reason": "没有退钱" })).into_future(),
            );

            assert_eq!(statuses(&[confirmed.clone(), contested.clone()]), [200, 409]);
            let (last, lost) =
                if confirmed.status() == 200 { ("confirm", contested) } else { ("contest", confirmed) };
            lost.expect_problem(409, "wrong_state");
            assert_eq!(history(app, case_id(&receipt)).await, ["created", "accept", "respond", last]);
        }
        assert_eq!(app.db_count("ratings", None).await, 8);
        app.run_jobs().await;
    }
}

story! {
    async fn fifty_first_logins_of_one_person_make_one_account(app: &App) {
        app.wechat().put_user(UserSpec { user: "resident".to_owned(), ..UserSpec::default() }).unwrap();
        let codes: Vec<String> = (0..50).map(|_| app.wechat().login("resident").unwrap()).collect();

        let logins = codes.iter().map(|code| {
            app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": code })).into_future()
        });
        let people: Vec<Person> =
            join_all(logins).await.iter().map(|answer| Person::of(&answer.expect_status(201))).collect();

        let accounts: BTreeSet<_> = people.iter().map(|person| person.account_id).collect();
        assert_eq!(accounts.len(), 1);
        assert_eq!(app.db_count("accounts", None).await, 1);
        assert_eq!(app.db_count("wechat_identities", None).await, 1);
        for person in people {
            app.get("/api/v1/me").bearer(&person.token).await.expect_status(200);
        }
    }
}

story! {
    async fn an_invitation_that_two_people_take_at_once_binds_one(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let (one, two) = (app.person("one").await, app.person("two").await);
        let invitation = json!({ "role": "station_manager", "scope_id": district.station });
        for taken in 1..=8 {
            let made = app.post("/api/v1/invitations").bearer(&admin.token).json(&invitation).await;
            let code = json!({ "invite_code": made.expect_status(201)["code"] });

            let bind = |person: &Person| app.post("/api/v1/me/bindings").bearer(&person.token).json(&code);
            let answers = join_all([bind(&one).into_future(), bind(&two).into_future()]).await;

            assert_eq!(statuses(&answers), [201, 404]);
            let lost = answers.iter().find(|answer| answer.status() == 404).unwrap();
            lost.expect_problem(404, "invitation_invalid");
            let used = app.db_count("invitations", Some("used_by IS NOT NULL")).await;
            assert_eq!(used, taken);
        }
    }
}

story! {
    async fn a_refresh_token_used_twice_at_once_ends_the_login(app: &App) {
        let resident = app.person("resident").await;
        let body = json!({ "refresh_token": resident.refresh_token });
        let refresh = || app.post("/api/v1/sessions/refresh").json(&body).into_future();

        let answers = join_all([refresh(), refresh()]).await;

        assert_eq!(statuses(&answers), [201, 401]);
        let fresh = answers.iter().find(|answer| answer.status() == 201).unwrap();
        let fresh = Person::of(&fresh.json());
        let body = json!({ "refresh_token": fresh.refresh_token });
        let refused = app.post("/api/v1/sessions/refresh").json(&body).await;
        refused.expect_problem(401, "refresh_token_invalid");
        app.get("/api/v1/me").bearer(&fresh.token).await.expect_problem(401, "unauthenticated");
    }
}

story! {
    async fn two_runners_announce_lateness_once(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        let other = app.another_instance().await;
        let mut cases = Vec::new();
        for n in 0..12 {
            let receipt = app.report(&district.code, &format!("{n} 号楼物业乱收费"), None).await;
            cases.push(case_id(&receipt));
        }
        app.run_jobs().await;

        // Each day both look at all cases at the same moment.
        for _ in 0..20 {
            app.advance(TimeDelta::days(1));
            let (here, there) = tokio::join!(deadlines::tick_due(app.state()), deadlines::tick_due(other.state()));
            here.unwrap();
            there.unwrap();
            tokio::join!(app.run_jobs(), other.run_jobs());
        }

        for id in cases {
            let kinds = history(app, id).await;
            let once: BTreeSet<&String> = kinds.iter().collect();
            assert_eq!(once.len(), kinds.len(), "announced twice: {kinds:?}");
            assert!(kinds.iter().any(|kind| kind == "supervised"), "{kinds:?}");
        }
        let messages = message::Entity::find().all(app.db()).await.unwrap();
        let each: BTreeSet<_> = messages.iter().map(|row| (row.case_id, row.event_seq, row.account_id)).collect();
        assert_eq!(each.len(), messages.len(), "told twice");
        other.stop().await;
    }
}
