//! A life in small: some weeks of a town, in which everything is accounted for. `scripts/year` lives a
//! whole year.

use tests::year::{Life, Year, check};
use tests::{Setup, story};

story! {
    async fn after_some_weeks_of_a_town_nothing_is_left_without_an_answer(app: &App) with { Setup::unlimited } {
        let since = app.now();
        let year = Year { days: 65, cases_a_day: 4, seed: 20_260_302 };
        let tally = Life::live(app, year).await;
        let reported = tally["report"];
        check(app, reported, since).await;
        for action in ["accept", "respond", "return", "assign", "merge", "dispatch", "reply", "object", "plan",
            "request-information", "supplement", "confirm", "contest", "reopen", "uphold", "reject", "withdraw",
            "reassign", "second-look", "correct-response", "go away", "reassign all", "split",
            "redirect-part", "take-back-part", "approve", "send-back"] {
            assert!(tally.contains_key(action), "nobody did {action}: {tally:#?}");
        }
    }
}
