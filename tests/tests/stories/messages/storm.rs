//! A small storm of messages and faults; `scripts/messages` has the large one, in which processes are killed, too.

use domain::vocabulary::DeliveryState;
use tests::storm::Storm;
use tests::{App, story};

async fn rages(app: &App) {
    let fates = Storm { messages: 800, users: 150, kills: 0 }.rage(app).await;
    let of = |state: DeliveryState| -> usize {
        fates.iter().filter(|((fate, _), _)| *fate == state).map(|(_, messages)| messages).sum()
    };
    // Most got through; some were refused by users, some died with their answer.
    assert!(of(DeliveryState::Sent) > 600, "{fates:?}");
    assert!(of(DeliveryState::Refused) > 0 && of(DeliveryState::Dead) > 0, "{fates:?}");
    drop(app.take_errors());
}

story! {
    async fn in_a_storm_of_faults_nothing_arrives_twice_and_the_books_agree(app: &App)
    with { |setup| setup.templates() } {
        rages(app).await;
    }
}
