//! Posters and pictures of codes, as they come over HTTP: what is drawn leads to where it should, and what can't be
//! read from paper is refused.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, story};

/// The links in a picture, as a phone reads them.
pub(crate) fn links(png: &[u8]) -> Vec<String> {
    let picture = image::load_from_memory(png).unwrap().into_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    // As a phone that is held before one half of the poster or the other.
    let halves = [(0, height / 2), (height / 2, height), (0, height)].into_iter();
    let read = halves
        .flat_map(|(top, bottom)| qr::read_codes(width, bottom - top, |x, y| pixels[(top + y) * width + x]));
    let mut links: Vec<String> = read.collect();
    links.sort();
    links.dedup();
    links
}

fn field(answer: &Answer) -> String {
    let body: Value = answer.expect_problem(422, "validation_failed");
    format!(
        "{} {}",
        body["errors"][0]["pointer"].as_str().unwrap(),
        body["errors"][0]["code"].as_str().unwrap()
    )
}

story! {
    async fn a_code_is_drawn_in_the_look_that_is_asked_for(app: &App) {
        let district = app.district().await;
        let path = format!("/api/v1/codes/{}/qr", district.code);
        let plain = app.get(&format!("{path}.png")).await;
        let link = links(plain.bytes()).pop().unwrap();
        assert!(link.ends_with(&format!("/c/{}", district.code)), "{link}");
        let red = app.get(&format!("{path}.png?shape=round&dark=8f1d1d&size=600")).await;
        assert_eq!(red.status(), 200);
        assert_ne!(red.bytes(), plain.bytes());
        assert_eq!(links(red.bytes()), [link]);
        let again = app.get(&format!("{path}.png?shape=round&dark=8f1d1d&size=600")).await;
        assert_eq!(again.bytes(), red.bytes());
        let svg = app.get(&format!("{path}.svg?dark=8f1d1d")).await;
        assert!(String::from_utf8_lossy(svg.bytes()).contains("#8f1d1d"));

        assert_eq!(field(&app.get(&format!("{path}.png?dark=ffe0e0")).await), "dark too_light");
        assert_eq!(field(&app.get(&format!("{path}.svg?dark=red")).await), "dark invalid");
        assert_eq!(field(&app.get(&format!("{path}.png?size=3000")).await), "size out_of_range");
    }
}

story! {
    async fn posters_of_a_station_lead_to_its_code(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let path = format!("/api/v1/codes/{}/poster", district.code);
        for template in ["station", "table-tent", "stickers", "reception-days"] {
            let poster = app.get(&format!("{path}.png?template={template}")).await;
            assert_eq!(poster.status(), 200, "{template}: {:?}", poster.json());
            let links = links(poster.bytes());
            assert!(!links.is_empty(), "{template}");
            assert!(links.iter().all(|link| link.ends_with(&district.code)), "{template}: {links:?}");
        }
        let document = app.get(&format!("{path}.pdf?paper=a3&margin=crop-marks")).await;
        assert_eq!((document.status(), document.header("content-type")), (200, "application/pdf"));
        assert!(document.bytes().starts_with(b"%PDF-"));
        assert_eq!(field(&app.get(&format!("{path}.pdf?template=member-card")).await), "template not_for_this_code");
        assert_eq!(field(&app.get(&format!("{path}.png?dpi=5000")).await), "dpi out_of_range");
        let small = app.get(&format!("{path}.png?size=750")).await;
        assert_eq!(image::load_from_memory(small.bytes()).unwrap().width(), 750);
        assert_eq!(field(&app.get(&format!("{path}.png?size=60")).await), "size out_of_range");
        assert_eq!(field(&app.get(&format!("{path}.png?size=750&dpi=150")).await), "size invalid");

        // Who prints after a change prints the change, and nobody prints what does not work any more.
        let before = app.get(&format!("{path}.png?dpi=60")).await;
        let change = json!({ "notice": "元旦放假一天" });
        let station = format!("/api/v1/stations/{}", district.station);
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let change = app.request(reqwest::Method::PATCH, &station).bearer(&admin.token).json(&change).await;
        assert!(change.status() < 300, "{:?}", change.json());
        assert_eq!(app.get(&format!("{path}.png?dpi=60")).await.bytes(), before.bytes(), "it says nothing of it");
        let revoke = app.post(&format!("/api/v1/codes/{}/revoke", district.code)).bearer(&manager.token);
        revoke.json(&json!({ "reason": "海报破损" })).await.expect_status(200);
        app.get(&format!("{path}.png?dpi=60")).await.expect_problem(410, "code_revoked");
        app.get("/api/v1/codes/1R3ZYW02258Z74G0/poster.pdf").await.expect_problem(404, "code_not_found");
    }
}

story! {
    async fn a_member_has_a_card_of_its_own_size(app: &App) {
        let district = app.district().await;
        let path = format!("/api/v1/codes/{}/poster", district.member_code);
        let card = app.get(&format!("{path}.png?dpi=300")).await;
        assert_eq!(card.status(), 200, "{:?}", card.json());
        let size = image::load_from_memory(card.bytes()).unwrap();
        assert_eq!((size.width(), size.height()), (1063, 638), "90 × 54 mm");
        assert!(links(card.bytes()).iter().all(|link| link.ends_with(&district.member_code)));
        assert_eq!(field(&app.get(&format!("{path}.pdf?paper=a4")).await), "paper not_for_this_template");
    }
}
