//! What stands in the log can't be changed, removed or added to without its being seen.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::*;
use crate::testing::{Bench, bench};

async fn record_some(bench: &Bench, count: u128) {
    for n in 1..=count {
        let tx = bench.state.db.begin().await.unwrap();
        let deed = Deed {
            committee_id: None,
            action: AuditAction::Change,
            target: AuditTarget::Station,
            target_id: Uuid::from_u128(n),
            detail: json!({ "before": { "name": "旧名", "lat": 36.061 }, "after": { "name": "新名", "lat": 0.1 } }),
        };
        record(&bench.state, &tx, None, deed).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn tamper(bench: &Bench, sql: &str) -> Verdict {
    bench.state.db.reader().execute_unprepared(sql).await.unwrap();
    verify(&bench.state).await.unwrap()
}

#[tokio::test]
async fn an_untouched_chain_is_whole_and_tells_where_it_ends() {
    let bench = bench().await;
    assert_eq!(verify(&bench.state).await.unwrap(), Verdict::Whole { last: 0, hash: String::new() });
    record_some(&bench, 3).await;
    let Verdict::Whole { last: 3, hash } = verify(&bench.state).await.unwrap() else { panic!("broken") };
    assert_eq!(hash.len(), 64);
}

#[tokio::test]
async fn whatever_is_changed_removed_or_added_breaks_the_chain_there() {
    let changes = [
        ("UPDATE audit_entries SET action = 'create' WHERE seq = 2", 2),
        ("UPDATE audit_entries SET at = '2026-01-01 00:00:00+00:00' WHERE seq = 2", 2),
        ("UPDATE audit_entries SET detail = '{}' WHERE seq = 3", 3),
        ("UPDATE audit_entries SET hash = x'00' WHERE seq = 1", 1),
        ("DELETE FROM audit_entries WHERE seq = 2", 3),
        ("UPDATE audit_entries SET seq = 9 WHERE seq = 4", 9),
        (
            "INSERT INTO audit_entries SELECT 5, at, account_id, committee_id, action, target, target_id, detail, hash \
          FROM audit_entries WHERE seq = 4",
            5,
        ),
    ];
    for (change, at) in changes {
        let bench = bench().await;
        record_some(&bench, 4).await;
        assert_eq!(tamper(&bench, change).await, Verdict::Broken { at }, "{change}");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_shows_in_where_the_chain_ends() {
    let bench = bench().await;
    record_some(&bench, 4).await;
    let whole = verify(&bench.state).await.unwrap();
    let cut = tamper(&bench, "DELETE FROM audit_entries WHERE seq = 4").await;
    assert!(matches!(&cut, Verdict::Whole { last: 3, .. }) && cut != whole);
}

#[test]
fn the_log_keeps_what_has_changed_and_nothing_else() {
    let record = |name: &str| json!({ "id": 7, "name": name });
    let expected = json!({ "before": { "name": "旧" }, "after": { "name": "新" } });
    assert_eq!(difference(&record("旧"), &record("新")).unwrap(), expected);
}
