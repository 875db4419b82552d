//! Codes: made, printed, scanned, counted, revoked.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

async fn create(app: &App, by: &Person, path: &str, body: &Value) -> Value {
    app.post(path).bearer(&by.token).json(body).await.expect_status(201)
}

/// What a scanner reads from a grey picture.
fn scanned(picture: &image::GrayImage) -> String {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grey = |x: usize, y: usize| picture.as_raw()[y * width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = prepared.detect_grids();
    let (_, text) = grids.first().expect("there is a code on the picture").decode().unwrap();
    text
}

/// Draws the filled paths of an SVG made of `M x y h w v h` squares, ten pixels a module.
fn drawn(svg: &str) -> image::GrayImage {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|error| panic!("{text}: {error}"));
    let view = svg.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let side = view.split_whitespace().nth(2).map(number).unwrap();
    let scale = 10.0;
    let mut picture =
        image::GrayImage::from_pixel(pixel(side * scale), pixel(side * scale), image::Luma([255]));
    let path = svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for part in path.split('M').skip(1) {
        let mut numbers =
            part.split(|c: char| !c.is_ascii_digit() && c != '-' && c != '.').filter(|it| !it.is_empty());
        let mut next = || number(numbers.next().unwrap());
        let (x, y, width) = (next(), next(), next());
        for column in pixel(x * scale)..pixel((x + width) * scale) {
            for row in pixel(y * scale)..pixel((y + 1.0) * scale) {
                picture.put_pixel(column, row, image::Luma([0]));
            }
        }
    }
    picture
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small picture")]
fn pixel(at: f64) -> u32 {
    at.round() as u32
}

story! {
    async fn a_manager_makes_a_code_that_decodes_to_its_link_and_leads_to_the_card(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let station = format!("/api/v1/stations/{}/codes", district.station);
        let body = json!({ "placed_at": "一号楼大厅", "batch": "2026 春" });
        let code = create(app, &manager, &station, &body).await;
        let (token, url) = (code["token"].as_str().unwrap(), code["url"].as_str().unwrap());
        assert_eq!(url, format!("https://m.example/c/{token}"));
        assert_eq!((&code["kind"], &code["placed_at"], &code["batch"]),
            (&json!("station"), &json!("一号楼大厅"), &json!("2026 春")));

        for size in [64, 200, 512, 2048] {
            let png = app.get(&format!("/api/v1/codes/{token}/qr.png?size={size}")).await;
            assert_eq!((png.status(), png.header("content-type")), (200, "image/png"));
            let picture = image::load_from_memory(png.bytes()).unwrap().into_luma8();
            assert_eq!(picture.dimensions(), (size, size));
            assert_eq!(scanned(&picture), url, "{size}");
        }
        let svg = app.get(&format!("/api/v1/codes/{token}/qr.svg")).await;
        assert_eq!((svg.status(), svg.header("content-type")), (200, "image/svg+xml"));
        assert_eq!(scanned(&drawn(std::str::from_utf8(svg.bytes()).unwrap())), url);
        let card = app.get(&format!("/api/v1/codes/{token}")).await.expect_status(200);
        assert_eq!((&card["code"]["token"], &card["code"]["state"]), (&json!(token), &json!("live")));
    }
}

story! {
    async fn a_place_that_cannot_be_read_is_refused_and_an_empty_one_is_none(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let path = format!("/api/v1/stations/{}/codes", district.station);
        let unreadable = json!({ "placed_at": "一号楼\u{1b}[31m", "batch": "春".repeat(61) });
        let refused = app.post(&path).bearer(&manager.token).json(&unreadable).await;
        let problem = refused.expect_problem(422, "validation_failed");
        let faults: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
        assert_eq!(faults, ["control_character", "too_long"]);
        let code = create(app, &manager, &path, &json!({ "placed_at": "  " })).await;
        assert!(code.get("placed_at").is_none());
    }
}

story! {
    async fn a_members_code_leads_to_that_member(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let path = format!("/api/v1/members/{}/codes", district.colleague);
        let code = create(app, &manager, &path, &json!({})).await;
        assert_eq!(code["kind"], "member");
        let token = code["token"].as_str().unwrap();
        let card = app.get(&format!("/api/v1/codes/{token}")).await.expect_status(200);
        assert_eq!(card["member"]["name"], "乙流云");
        let receipt = app.report(token, "物业问题", None).await;
        assert_eq!(receipt["member"]["name"], "乙流云", "not the one on duty");
        let elsewhere = json!({ "station_id": district.other_station });
        let refused = app.post(&path).bearer(&manager.token).json(&elsewhere).await;
        refused.expect_problem(404, "not_found");
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let own = app.get("/api/v1/me/codes").bearer(&colleague.token).await.expect_status(200);
        assert_eq!((own["items"].as_array().map(Vec::len), &own["items"][0]["url"], &own["items"][0]["station"]["name"]),
            (Some(2), &code["url"], &json!("青石街道委员工作站")), "that of his card and this one");
        app.post(&format!("/api/v1/codes/{token}/revoke")).bearer(&manager.token)
            .json(&json!({ "reason": "名片作废" })).await.expect_status(200);
        let own = app.get("/api/v1/me/codes").bearer(&colleague.token).await.expect_status(200);
        assert_eq!(own["items"].as_array().map(Vec::len), Some(1), "what does not work is shown to nobody");
        assert_ne!(own["items"][0]["url"], code["url"]);
        let other = format!("/api/v1/members/{}/codes", district.other_member);
        app.post(&other).bearer(&manager.token).json(&json!({})).await.expect_problem(404, "not_found");
        app.run_jobs().await;
    }
}

story! {
    async fn scans_and_cases_are_counted_by_code_and_the_list_is_walked_in_pages(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let path = format!("/api/v1/stations/{}/codes", district.station);
        for n in 0..5 {
            create(app, &manager, &path, &json!({ "placed_at": format!("{n} 号楼") })).await;
        }
        let scan = format!("/api/v1/codes/{}", district.code);
        for _ in 0..7 {
            app.get(&scan).await.expect_status(200);
        }
        app.get(&format!("{scan}/qr.png")).await;
        app.report(&district.code, "电梯坏了", None).await;
        app.report(&district.code, "路灯不亮", None).await;
        app.run_jobs().await;
        api::service::scan_counter::flush(app.state()).await.unwrap();

        let (mut codes, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("{path}?limit=2{cursor}")).bearer(&manager.token).await.expect_status(200);
            codes.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(codes.len(), 7, "five new ones, the station's first, and the colleague's");
        let counted = codes.iter().find(|code| code["token"] == *district.code).unwrap();
        assert_eq!((&counted["scan_count"], &counted["case_count"]), (&json!(7), &json!(2)));
        assert!(codes.iter().all(|code| code["state"] == "live"));
        let places: Vec<_> = codes.iter().filter_map(|code| code["placed_at"].as_str()).collect();
        assert_eq!(places, ["4 号楼", "3 号楼", "2 号楼", "1 号楼", "0 号楼"], "newest first");
    }
}
