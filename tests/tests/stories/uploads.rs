//! Pictures: cleaned, turned, resized, and shown to nobody who has no business with them.

use domain::role::Role;
use futures::future::join_all;
use image::RgbImage;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};

use crate::pictures;

/// Stands for the place in the metadata of a photo.
const PLACE: &[u8] = b"N31.2304 E121.4737";

async fn send(app: &App, by: Option<&Person>, key: &str, content: &[u8]) -> Answer {
    let request = app.post("/api/v1/uploads").idempotency_key(key).file("photo.jpg", "image/jpeg", content);
    match by {
        Some(person) => request.bearer(&person.token).await,
        None => request.await,
    }
}

fn path(upload: &Value, size: u32) -> String {
    format!("/api/v1/uploads/{}/{size}", upload["id"].as_str().unwrap())
}

async fn fetch(app: &App, by: &Person, upload: &Value, size: u32) -> RgbImage {
    let answer = app.get(&path(upload, size)).bearer(&by.token).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, "image/jpeg"));
    assert!(answer.header("cache-control").starts_with("private"));
    for word in [PLACE, b"Exif"] {
        assert!(!answer.bytes().windows(word.len()).any(|bytes| bytes == word), "metadata came out");
    }
    image::load_from_memory(answer.bytes()).unwrap().into_rgb8()
}

story! {
    async fn a_photo_comes_out_upright_clean_and_in_two_sizes(app: &App) {
        let resident = app.person("resident").await;
        // Taken with the phone on its side: what is above in the file is to the right.
        let photo = pictures::photo_with_place(2000, 1000, 6, PLACE);
        let sent = send(app, Some(&resident), "a", &photo).await.expect_status(201);
        assert_eq!((&sent["kind"], &sent["width"], &sent["height"], &sent["check"]),
            (&json!("image/jpeg"), &json!(1000), &json!(2000), &json!("pending")));

        for (size, width, height) in [(1280, 640, 1280), (320, 160, 320)] {
            let picture = fetch(app, &resident, &sent, size).await;
            assert_eq!(picture.dimensions(), (width, height));
            let colour = |x, y| picture.get_pixel(x, y).0.map(|channel| channel > 128);
            assert_eq!(colour(width - 5, height / 2), [true, false, false], "red has turned to the right");
            assert_eq!(colour(5, height / 2), [false, false, true]);
        }
        let unknown = format!("/api/v1/uploads/{}/640", sent["id"].as_str().unwrap());
        app.get(&unknown).bearer(&resident.token).await.expect_problem(404, "not_found");
    }
}

story! {
    async fn png_and_webp_come_out_as_jpeg_and_small_ones_stay_small(app: &App) {
        let resident = app.person("resident").await;
        let mut webp = std::io::Cursor::new(Vec::new());
        pictures::two_colours(50, 30).write_to(&mut webp, image::ImageFormat::WebP).unwrap();
        for (key, kind, content) in [("p", "image/png", pictures::png(50, 30)), ("w", "image/webp", webp.into_inner())] {
            let sent = send(app, Some(&resident), key, &content).await.expect_status(201);
            assert_eq!(sent["kind"], kind);
            assert_eq!(fetch(app, &resident, &sent, 1280).await.dimensions(), (50, 30));
        }
    }
}

story! {
    async fn before_its_check_a_picture_is_for_handlers_and_after_it_for_the_ticket_too(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let stranger = app.staff("stranger", Role::Member, district.other_member.0).await;
        let upload = send(app, None, "a", &pictures::png(40, 40)).await.expect_status(201);
        let shown = path(&upload, 320);
        app.get(&shown).await.expect_problem(404, "not_found");
        app.get(&shown).bearer(&member.token).await.expect_problem(404, "not_found");

        let body = json!({ "code": district.code, "text": "电梯坏了", "uploads": [upload["id"]] });
        let receipt = app.send_report(&body, None).await.expect_status(201);
        let ticket = receipt["case_ticket"].as_str().unwrap();
        fetch(app, &member, &upload, 320).await;
        app.get(&shown).ticket(ticket).await.expect_problem(404, "not_found");
        app.get(&shown).bearer(&stranger.token).await.expect_problem(404, "not_found");
        app.get(&shown).await.expect_problem(404, "not_found");

        app.db().execute_unprepared("UPDATE uploads SET check_state = 'passed'").await.unwrap();
        assert_eq!(app.get(&shown).ticket(ticket).await.status(), 200);
        app.get(&shown).ticket("aaaaaaaaaaaaaaaa").await.expect_problem(404, "not_found");
        app.get(&shown).bearer(&stranger.token).await.expect_problem(404, "not_found");
        let case = app.case(&member, &receipt).await.expect_status(200);
        assert_eq!(case["uploads"][0]["id"], upload["id"]);
        app.run_jobs().await;
    }
}

story! {
    async fn thirty_pictures_at_once_are_all_kept(app: &App) {
        let resident = app.person("resident").await;
        let photo = pictures::photo_with_place(400, 300, 1, PLACE);
        let answers = join_all((0..30).map(|n| {
            let (resident, photo) = (&resident, &photo);
            async move { send(app, Some(resident), &format!("many-{n}"), photo).await }
        }))
        .await;

        for answer in &answers {
            let sent = answer.expect_status(201);
            assert_eq!(fetch(app, &resident, &sent, 320).await.dimensions(), (320, 240));
        }
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (30, 60));
    }
}

story! {
    async fn the_same_key_gives_the_first_picture_again_and_another_picture_is_refused(app: &App) {
        let resident = app.person("resident").await;
        let (one, two) = (pictures::png(30, 30), pictures::png(31, 31));
        let first = join_all((0..10).map(|_| send(app, Some(&resident), "one", &one))).await;
        assert!(first.iter().all(|answer| answer.status() == 201 && answer.bytes() == first[0].bytes()));
        send(app, Some(&resident), "one", &two).await.expect_problem(422, "idempotency_key_reused");
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (1, 2));
    }
}

story! {
    async fn a_picture_is_taken_once_by_one_case_and_only_ones_own(app: &App) {
        let district = app.district().await;
        let (resident, thief) = (app.person("resident").await, app.person("thief").await);
        let own = send(app, Some(&resident), "own", &pictures::png(20, 20)).await.expect_status(201);
        let report = |uploads: Value| json!({ "code": district.code, "text": "电梯坏了", "uploads": uploads });
        let refused = async |by: &Person, uploads: Value, pointer: &str| {
            let answer = app.send_report(&report(uploads), Some(by)).await;
            let problem = answer.expect_problem(422, "upload_unknown");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        };
        refused(&thief, json!([own["id"]]), "/uploads/0").await;
        refused(&resident, json!([own["id"], own["id"]]), "/uploads/1").await;
        app.send_report(&report(json!([own["id"]])), Some(&resident)).await.expect_status(201);
        refused(&resident, json!([own["id"]]), "/uploads/0").await;
        assert_eq!(app.db_count("cases", None).await, 1, "a refused report leaves no case");
        app.run_jobs().await;
    }
}

story! {
    async fn what_no_case_takes_within_a_day_is_removed(app: &App) {
        let resident = app.person("resident").await;
        send(app, Some(&resident), "left", &pictures::png(20, 20)).await.expect_status(201);
        let sweep = async || api::service::uploads::sweep_unclaimed(app.state(), app.now()).await.unwrap();
        app.advance(chrono::TimeDelta::hours(23));
        assert_eq!(sweep().await, 0);
        app.advance(chrono::TimeDelta::hours(2));
        assert_eq!(sweep().await, 1);
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (0, 0));
    }
}
