//! Which pictures a case can take, and what becomes of those that none takes.

use super::bench::Bench;
use super::*;
use crate::clock::Clock;
use crate::store::cases::Readers;

#[tokio::test]
async fn a_case_takes_the_claimants_pictures_and_those_without_an_account() {
    let bench = Bench::new("claims").await;
    let (resident, stranger) = (bench.account().await, bench.account().await);
    let case_id = bench.case().await;
    let own = bench.upload(Some(resident), 1).await;
    let loose = bench.upload(None, 2).await;
    let foreign = bench.upload(Some(stranger), 3).await;
    // somebody else's picture is as good as none, and takes the others down with it
    let refused = bench.claim(&[own, loose, foreign], case_id, Some(resident)).await;
    assert!(matches!(refused, Err(ClaimError::UploadUnknown { index: 2 })));
    let refused = bench.claim(&[own], case_id, None).await;
    assert!(matches!(refused, Err(ClaimError::UploadUnknown { index: 0 })));
    assert!(
        store::uploads::list_of_case(bench.state.db.reader(), case_id, Readers::Staff)
            .await
            .unwrap()
            .is_empty()
    );
    // own and loose ones are taken
    bench.claim(&[loose, own], case_id, Some(resident)).await.unwrap();
    let rows = store::uploads::list_of_case(bench.state.db.reader(), case_id, Readers::Staff).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.id, row.event_seq)).collect::<Vec<_>>(),
        [(own, Some(1)), (loose, Some(1))]
    );
    // and then belong to no other case
    let refused = bench.claim(&[own], bench.case().await, Some(resident)).await;
    assert!(matches!(refused, Err(ClaimError::UploadUnknown { index: 0 })));
}

#[tokio::test]
async fn unknown_repeated_and_too_many_pictures_are_refused() {
    let bench = Bench::new("refusals").await;
    let (case_id, free) = (bench.case().await, bench.upload(None, 1).await);
    let unknown: UploadId = bench.state.ids.next();
    let refused = bench.claim(&[free, unknown], case_id, None).await;
    assert!(matches!(refused, Err(ClaimError::UploadUnknown { index: 1 })));
    let refused = bench.claim(&[free, free], case_id, None).await;
    assert!(matches!(refused, Err(ClaimError::UploadUnknown { index: 1 })));
    let refused = bench.claim(&[free; MAX_PER_EVENT + 1], case_id, None).await;
    assert!(matches!(refused, Err(ClaimError::TooMany)));
    assert!(bench.claim(&[], case_id, None).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_cases_that_want_one_picture_one_gets_it() {
    let bench = Bench::new("claim-race").await;
    let (one, two) = (bench.case().await, bench.case().await);
    let wanted = [bench.upload(None, 1).await];
    let (first, second) = tokio::join!(bench.claim(&wanted, one, None), bench.claim(&wanted, two, None));
    assert!(first.is_ok() != second.is_ok());
}

#[tokio::test]
async fn what_no_case_takes_in_a_day_is_removed_with_its_files() {
    let bench = Bench::new("sweep").await;
    let case_id = bench.case().await;
    let (forgotten, taken) = (bench.upload(None, 1).await, bench.upload(None, 2).await);
    bench.claim(&[taken], case_id, None).await.unwrap();
    bench.clock.advance(TimeDelta::hours(20));
    let fresh = bench.upload(None, 3).await;
    bench.clock.advance(TimeDelta::hours(5));
    assert_eq!(sweep_unclaimed(&bench.state, bench.clock.now()).await.unwrap(), 1);
    assert_eq!(sweep_unclaimed(&bench.state, bench.clock.now()).await.unwrap(), 0);
    let db = bench.state.db.reader();
    assert!(store::uploads::find(db, forgotten).await.unwrap().is_none());
    assert!(store::uploads::find(db, taken).await.unwrap().is_some());
    assert!(store::uploads::find(db, fresh).await.unwrap().is_some());
    assert_eq!(bench.files(), 4);
}

#[tokio::test]
async fn a_sweep_takes_more_than_one_round() {
    let bench = Bench::new("rounds").await;
    let template =
        store::uploads::find(bench.state.db.reader(), bench.upload(None, 1).await).await.unwrap().unwrap();
    let transaction = bench.state.db.begin().await.unwrap();
    for _ in 0..SWEEP_BATCH {
        let row = upload::Model { id: bench.state.ids.next(), ..template.clone() };
        store::uploads::insert(&transaction, row).await.unwrap();
    }
    transaction.commit().await.unwrap();
    bench.clock.advance(TimeDelta::hours(25));
    assert_eq!(sweep_unclaimed(&bench.state, bench.clock.now()).await.unwrap(), SWEEP_BATCH + 1);
}
