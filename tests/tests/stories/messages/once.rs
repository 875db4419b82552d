//! One agreement, one message; nothing twice, whatever happens to the answer.

use std::time::Duration;

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::story;
use wechat_sim::{Fault, FaultKind, Settings};

use super::{SEND, answered, calls};

story! {
    async fn who_agreed_reads_it_on_the_phone_and_pays_with_one_credit(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered"]).await;

        let receipt = answered(app, &district, &resident, &member).await;
        app.run_jobs().await;

        assert_eq!(app.phone("resident"), ["已有答复"]);
        let message = &app.wechat().arrived_at("resident").unwrap()[0];
        let number = receipt["number"].as_str().unwrap();
        assert_eq!(message.data["character_string1"].replace('-', ""), number);
        assert_eq!(message.data["time3"], "2026年3月2日 09:30");
        let page = message.page.as_deref().unwrap();
        assert!(page.starts_with(&format!("pages/case/detail?id={}", receipt["id"].as_str().unwrap())), "{page}");
        assert_eq!((app.ledger().await, app.wechat().credits()), (0, 0));
        assert_eq!(app.deliveries("sent").await, 1);

        // The next answer finds no credit: WeChat is not even asked, and the inbox has it.
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), app.phone("resident").len()), (1, 1));
        let told = app.inbox(&resident).await;
        assert_eq!(told.iter().filter(|item| item["title"] == "已有答复").count(), 2);
        app.hand_over_events().await;
        app.advance(TimeDelta::minutes(20));
        app.run_jobs().await;
        assert_eq!(app.deliveries("sent").await, 1);
    }
}

story! {
    async fn a_busy_wechat_gets_it_at_the_third_try_for_one_credit(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered"]).await;
        app.wechat().order(Fault::once(SEND, FaultKind::Errcode(-1)).times(2)).unwrap();

        answered(app, &district, &resident, &member).await;
        for _ in 0..4 {
            app.run_jobs().await;
            app.advance(TimeDelta::seconds(20));
        }

        assert_eq!((calls(app), app.phone("resident").len()), (3, 1));
        assert_eq!((app.ledger().await, app.wechat().credits()), (0, 0));
    }
}

story! {
    async fn a_message_whose_answer_was_lost_is_never_sent_again(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered", "demo-answered"]).await;
        app.wechat().order(Fault::once(SEND, FaultKind::DropAfter)).unwrap();
        app.wechat().order(Fault::once(SEND, FaultKind::DropBefore)).unwrap();

        // WeChat has delivered it, and nobody heard so. The next one to this user waits until that is clear.
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), app.deliveries("unknown").await, app.deliveries("waiting").await), (1, 1, 1));

        // WeChat's word makes it clear. The second one is lost before it was delivered.
        app.hand_over_events().await;
        assert_eq!(app.deliveries("sent").await, 1);
        app.advance(TimeDelta::seconds(20));
        app.run_jobs().await;
        assert_eq!((calls(app), app.deliveries("unknown").await), (2, 1));

        // WeChat says nothing: it is given up where the operator sees it, and its credit is there again.
        app.hand_over_events().await;
        app.advance(TimeDelta::minutes(9));
        app.run_jobs().await;
        assert_eq!(app.deliveries("unknown").await, 1);
        app.advance(TimeDelta::minutes(2));
        app.run_jobs().await;
        assert_eq!((calls(app), app.phone("resident").len()), (2, 1));
        assert_eq!((app.deliveries("unknown").await, app.deliveries("dead").await), (0, 1));
        assert_eq!((app.ledger().await, app.wechat().credits()), (1, 1));
    }
}

story! {
    async fn a_name_of_wechats_tells_which_of_two_messages_is_meant(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.wechat().set_settings(Settings { answers_msgid: true, ..Settings::default() });
        app.agree("resident", &["demo-answered", "demo-answered"]).await;
        for _ in 0..2 {
            answered(app, &district, &resident, &member).await;
            app.run_jobs().await;
        }
        assert_eq!(app.db_count("deliveries", Some("msg_id IS NOT NULL")).await, 2);
        app.hand_over_events().await;
        assert_eq!(app.db_count("deliveries", Some("confirmed_at IS NOT NULL")).await, 2);
    }
}

story! {
    async fn one_users_messages_go_out_one_after_the_other_also_from_two_processes(app: &App)
    with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree_to_all("resident", 2).await;
        let other = app.another_instance().await;
        app.wechat().order(Fault::once(SEND, FaultKind::Slow(Duration::from_millis(60))).times(9)).unwrap();
        for _ in 0..2 {
            let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
            for (action, body) in [
                ("accept", json!({})),
                ("request-information", json!({ "question": "几号楼？" })),
            ] {
                app.act(&member, &receipt, action, &body).await.expect_status(200);
            }
        }
        for _ in 0..4 {
            tokio::join!(app.run_jobs(), other.run_jobs());
        }
        app.advance(TimeDelta::seconds(20));
        tokio::join!(app.run_jobs(), other.run_jobs());

        // None was refused as the second at the same time: there were as many calls as messages.
        assert_eq!((calls(app), app.phone("resident").len()), (4, 4));
        other.stop().await;
    }
}

story! {
    async fn what_can_wait_waits_for_the_morning(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        app.staff("member", Role::Member, district.member.0).await;
        app.agree_to_all("resident", 1).await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.run_jobs().await;

        // 22:00 in Shanghai.
        app.advance(TimeDelta::minutes(750));
        let member = app.person("member").await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        app.run_jobs().await;
        assert!(app.phone("resident").is_empty());
        let resident = app.person("resident").await;
        assert_eq!(app.told_of(&resident, &receipt).await, ["开始办理"], "the inbox has it at once");

        app.advance(TimeDelta::minutes(599));
        app.run_jobs().await;
        assert!(app.phone("resident").is_empty());
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["开始办理"]);
    }
}
