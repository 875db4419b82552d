//! Taking pictures in, also twice and at once; showing and forgetting them.

use std::sync::Arc;

use domain::ids::TokenFamilyId;
use entity::idempotency_key;
use futures::future::join_all;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, PaginatorTrait, Set};

use super::bench::{Bench, id_of, photo};
use super::*;
use crate::auth::Caller;
use crate::media::PictureError;
use crate::service::sweeps;

fn visitor(account_id: AccountId) -> Visitor {
    let caller = Caller { account_id, family_id: TokenFamilyId(account_id.0), bindings: Arc::new([]) };
    Visitor { caller: Some(caller), ticket: None }
}

fn nobody() -> Visitor {
    Visitor { caller: None, ticket: None }
}

#[tokio::test]
async fn a_picture_is_taken_in_and_described() {
    let bench = Bench::new("described").await;
    let sender = bench.account().await;
    let answer = bench.send(Some(sender), "k", photo(1)).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let id = id_of(&answer);
    let expected =
        serde_json::json!({ "id": id, "kind": "image/png", "width": 40, "height": 30, "check": "pending" });
    assert_eq!((answer.status, body), (201, expected));
    assert_eq!((bench.rows().await, bench.files()), (1, 2));
}

#[tokio::test]
async fn the_same_key_and_content_get_the_first_answer_byte_for_byte() {
    let bench = Bench::new("replay").await;
    let first = bench.send(None, "k", photo(1)).await.unwrap();
    bench.clock.advance(TimeDelta::hours(1));
    assert_eq!(bench.send(None, "k", photo(1)).await.unwrap(), first);
    assert_eq!((bench.rows().await, bench.files()), (1, 2));
}

#[tokio::test]
async fn the_same_key_with_another_content_is_refused() {
    let bench = Bench::new("reused").await;
    bench.send(None, "k", photo(1)).await.unwrap();
    let second = bench.send(None, "k", photo(2)).await;
    assert!(matches!(second, Err(UploadError::Idempotency(IdempotencyError::Reused))));
    assert_eq!((bench.rows().await, bench.files()), (1, 2));
}

#[tokio::test]
async fn callers_do_not_meet_in_their_keys() {
    let bench = Bench::new("scopes").await;
    let (one, other) = (bench.account().await, bench.account().await);
    let mut ids = Vec::new();
    for sender in [Some(one), Some(other), None] {
        ids.push(id_of(&bench.send(sender, "k", photo(1)).await.unwrap()));
    }
    ids.dedup();
    assert_eq!((ids.len(), bench.rows().await), (3, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_equal_uploads_at_once_one_is_kept_and_all_get_its_answer() {
    let bench = Bench::new("race").await;
    let answers = join_all((0..8).map(|_| bench.send(None, "k", photo(1)))).await;
    let answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!((bench.rows().await, bench.files()), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_contents_with_one_key_at_once_one_is_kept_and_the_other_refused() {
    let bench = Bench::new("race-reused").await;
    let (one, two) = tokio::join!(bench.send(None, "k", photo(1)), bench.send(None, "k", photo(2)));
    let refused =
        |answer: &Result<_, _>| matches!(answer, Err(UploadError::Idempotency(IdempotencyError::Reused)));
    assert!(one.is_ok() && refused(&two) || two.is_ok() && refused(&one));
    assert_eq!((bench.rows().await, bench.files()), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_uploads_at_once_are_all_kept() {
    let bench = Bench::new("thirty").await;
    let ids = join_all((0..30).map(|shade| bench.upload(None, shade))).await;
    let mut apart = ids.clone();
    apart.sort();
    apart.dedup();
    assert_eq!((apart.len(), bench.rows().await, bench.files()), (30, 30, 60));
}

#[tokio::test]
async fn a_refused_picture_leaves_nothing_and_does_not_use_its_key_up() {
    let bench = Bench::new("refused").await;
    let refused = bench.send(None, "k", Bytes::from_static(b"no picture")).await;
    let unsupported = DevelopError::Picture(PictureError::Unsupported);
    assert_eq!(refused.unwrap_err().to_string(), unsupported.to_string());
    assert_eq!((bench.rows().await, bench.files()), (0, 0));
    assert!(bench.send(None, "k", photo(1)).await.is_ok());
}

#[tokio::test]
async fn a_picture_whose_row_can_not_be_written_leaves_no_file() {
    let bench = Bench::new("no-row").await;
    bench.state.db.reader().execute_unprepared("DROP TABLE uploads").await.unwrap();
    assert!(matches!(bench.send(None, "k", photo(1)).await, Err(UploadError::Store(_))));
    assert_eq!(bench.files(), 0);
    assert_eq!(idempotency_key::Entity::find().count(bench.state.db.reader()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_answer_is_kept_sealed_and_forgotten_after_a_day() {
    let bench = Bench::new("kept").await;
    let id = bench.upload(None, 1).await;
    let row = idempotency_key::Entity::find().one(bench.state.db.reader()).await.unwrap().unwrap();
    let plain = id.to_string().into_bytes();
    assert!(!row.response_sealed.windows(plain.len()).any(|window| window == plain));
    for (later, left) in [(TimeDelta::hours(24), 1), (TimeDelta::seconds(1), 0)] {
        bench.clock.advance(later);
        sweeps::sweep_keys(&bench.state).await.unwrap();
        assert_eq!(idempotency_key::Entity::find().count(bench.state.db.reader()).await.unwrap(), left);
    }
}

#[tokio::test]
async fn a_picture_is_shown_to_who_sent_it_and_to_nobody_else() {
    let bench = Bench::new("shown").await;
    let (sender, stranger) = (bench.account().await, bench.account().await);
    let id = bench.upload(Some(sender), 1).await;
    let loose = bench.upload(None, 2).await;
    for rendition in Rendition::ALL {
        let file = open(&bench.state, id, rendition, &visitor(sender)).await.unwrap();
        assert!(file.starts_with(&[0xFF, 0xD8, 0xFF]));
    }
    let stranger = visitor(stranger);
    for (id, viewer) in [(id, &stranger), (id, &nobody()), (loose, &nobody()), (loose, &stranger)] {
        let refused = open(&bench.state, id, Rendition::Small, viewer).await;
        assert!(matches!(refused, Err(UploadError::NotFound)));
    }
    let unknown = open(&bench.state, bench.state.ids.next(), Rendition::Small, &stranger).await;
    assert!(matches!(unknown, Err(UploadError::NotFound)));
}

#[tokio::test]
async fn a_picture_that_was_held_back_is_not_shown_to_its_sender() {
    let bench = Bench::new("held").await;
    let sender = bench.account().await;
    let id = bench.upload(Some(sender), 1).await;
    let held = upload::ActiveModel { id: Set(id), check_state: Set(UploadCheck::Held), ..Default::default() };
    held.update(bench.state.db.reader()).await.unwrap();
    let refused = open(&bench.state, id, Rendition::Small, &visitor(sender)).await;
    assert!(matches!(refused, Err(UploadError::NotFound)));
}
