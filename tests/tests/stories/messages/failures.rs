//! WeChat refuses: what that means for the credit, the template and the case.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::{App, story};
use wechat_sim::{Fault, FaultKind, Settings, SubscribeTemplate};

use super::{SEND, answered, calls};

/// How many answers were refused; other kinds of messages find no credit in these stories.
async fn refused(app: &App) -> i64 {
    app.db_count("deliveries", Some("state = 'refused' AND template_id = 'demo-answered'")).await
}

story! {
    async fn a_user_who_has_taken_it_back_is_not_asked_again_and_the_case_goes_on(app: &App)
    with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered", "demo-answered"]).await;
        // WeChat's word of it is lost.
        app.wechat().unsubscribe("resident", "demo-answered").unwrap();
        drop(app.wechat().take_subscribe_events());

        let receipt = answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), app.ledger().await, refused(app).await), (1, 0, 1));
        answered(app, &district, &resident, &member).await;
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!((calls(app), refused(app).await), (1, 2), "no second call");

        let (resident, confirm) = (app.person("resident").await, json!({ "solved": "yes", "stars": 5 }));
        let closed = app.act(&resident, &receipt, "confirm", &confirm).await.expect_status(200);
        assert_eq!(closed["state"], "closed");
        app.run_jobs().await;
    }
}

story! {
    async fn a_template_that_does_not_fit_is_told_to_the_operator_without_what_stood_in_it(app: &App)
    with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered"]).await;
        let keys = [("编号", "character_string1"), ("情况", "phrase2"), ("时间", "time3"), ("单位", "thing4")];
        app.wechat().set_templates(vec![SubscribeTemplate::new("demo-answered", "答复", 2, &keys)]);

        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;

        assert_eq!(refused(app).await, 1);
        assert_eq!((app.ledger().await, app.wechat().credits()), (1, 1), "it was not spent");
        let errors = app.take_errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("compare the template"), "{errors:?}");
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!(calls(app), 1);
    }
}

story! {
    async fn a_template_that_wechat_does_not_know_rests_for_an_hour(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered", "demo-answered", "demo-answered"]).await;
        app.wechat().order(Fault::once(SEND, FaultKind::Errcode(40037))).unwrap();

        for _ in 0..2 {
            answered(app, &district, &resident, &member).await;
            app.run_jobs().await;
        }
        assert_eq!((calls(app), refused(app).await, app.ledger().await), (1, 2, 3));
        assert_eq!(app.take_errors().len(), 1, "the operator hears of it once");
        app.advance(TimeDelta::minutes(61));
        let (resident, member) = (app.person("resident").await, app.person("member").await);
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["已有答复"]);
    }
}

story! {
    async fn when_the_days_quota_is_used_up_messages_wait_for_the_next_morning(app: &App)
    with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree_to_all("resident", 2).await;
        app.wechat().order(Fault::once(SEND, FaultKind::Errcode(45009))).unwrap();
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), app.deliveries("waiting").await), (1, 2));
        assert_eq!(app.take_errors().len(), 1);
        // The quota begins anew at midnight in Beijing, and nobody is woken for it.
        app.advance(TimeDelta::hours(15));
        app.run_jobs().await;
        assert_eq!(calls(app), 1);
        app.advance(TimeDelta::minutes(450));
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["开始办理", "已有答复"]);
        assert_eq!(app.ledger().await, app.wechat().credits());
    }
}

story! {
    async fn a_sensitive_word_makes_it_plainer_once(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered", "demo-answered"]).await;
        let refuse = |words: &[&str]| {
            let sensitive_words = words.iter().map(|word| (*word).to_owned()).collect();
            app.wechat().set_settings(Settings { sensitive_words, ..Settings::default() });
        };
        refuse(&["已有答复"]);
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((app.phone("resident"), calls(app)), (vec!["详情请打开查看".to_owned()], 2));

        refuse(&["已有答复", "详情"]);
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), refused(app).await), (4, 1));
        assert_eq!((app.ledger().await, app.wechat().credits()), (1, 1));
    }
}

story! {
    async fn a_page_that_is_not_published_is_left_out_once(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered"]).await;
        app.wechat().set_settings(Settings { pages: Some(Vec::new()), ..Settings::default() });
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        let arrived = app.wechat().arrived_at("resident").unwrap();
        assert_eq!((arrived.len(), arrived[0].page.as_ref()), (1, None));
    }
}

story! {
    async fn while_wechat_cannot_be_reached_messages_wait(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered"]).await;
        // Nobody gets a token: the message has surely not been sent.
        app.wechat().order(Fault::once("/cgi-bin/stable_token", FaultKind::DropAfter).forever()).unwrap();
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!((calls(app), app.deliveries("waiting").await, app.ledger().await), (0, 1, 1));
        app.wechat().clear_faults();
        app.advance(TimeDelta::seconds(20));
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["已有答复"]);
        drop(app.take_errors());
    }
}
