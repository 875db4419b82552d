//! What is promised of counted scans: none is lost, none is counted twice.

use super::*;
use crate::store::district::District;

#[tokio::test]
async fn scans_of_many_codes_arrive_in_a_few_statements() {
    let district = District::found().await;
    let (often, once) = (district.add_code(None).await, district.add_code(None).await);
    for _ in 0..3 {
        district.state.scans.count(often.id, ScanResult::Opened);
    }
    district.state.scans.count(once.id, ScanResult::Opened);
    for _ in 0..BATCH {
        // Codes that the registry has lost: nothing to add to.
        district.state.scans.count(district.state.ids.next(), ScanResult::Opened);
    }

    let (flushed, statements) = district.count_statements(flush(&district.state)).await;
    flushed.unwrap();
    assert!(statements <= 6, "three for each of two batches, not {statements}");
    district.state.scans.count(often.id, ScanResult::Opened);
    flush(&district.state).await.unwrap();

    let counts = (district.code(often.id).await.scan_count, district.code(once.id).await.scan_count);
    assert_eq!(counts, (4, 1));
    assert_eq!(district.state.scans.pending(often.id, ScanResult::Opened), 0);
}

#[tokio::test]
async fn nothing_to_write_is_no_statement() {
    let district = District::found().await;
    let (flushed, statements) = district.count_statements(flush(&district.state)).await;
    assert!(flushed.is_ok());
    assert_eq!(statements, 0);
}

#[tokio::test]
async fn a_failed_flush_keeps_the_counts_for_the_next() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    district.state.scans.count(code.id, ScanResult::Opened);
    district.state.db.clone().close().await.unwrap();

    assert!(flush(&district.state).await.is_err());
    district.state.scans.count(code.id, ScanResult::Opened);

    assert_eq!(district.state.scans.pending(code.id, ScanResult::Opened), 2);
}

#[test]
fn a_flush_that_is_dropped_half_way_loses_nothing() {
    let counter = ScanCounter::default();
    let codes: Vec<CodeId> = (0..1200).map(|n| CodeId(uuid::Uuid::from_u128(n))).collect();
    for code in &codes {
        counter.count(*code, ScanResult::Opened);
    }

    let mut taken = counter.take();
    taken.written();
    drop(taken);

    let pending: i64 = codes.iter().map(|code| counter.pending(*code, ScanResult::Opened)).sum();
    assert_eq!(pending, 700);
}

#[test]
fn threads_that_count_at_once_lose_nothing() {
    let counter = ScanCounter::default();
    let codes: Vec<CodeId> = (0..20).map(|n| CodeId(uuid::Uuid::from_u128(n))).collect();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                codes.iter().cycle().take(2000).for_each(|code| counter.count(*code, ScanResult::Opened))
            });
        }
    });
    assert!(codes.iter().all(|code| counter.pending(*code, ScanResult::Opened) == 800));
}
