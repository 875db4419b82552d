//! Uploads over HTTP, without an account.

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::{Bytes, Data};
use serde_json::Value;

use crate::routes;
use crate::service::uploads::bench::{Bench, photo};

const MULTIPART: &str = "multipart/form-data; boundary=edge";

/// One part of a multipart body.
fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let header = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    [header.as_bytes(), content, b"\r\n"].concat()
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat().as_slice(), b"--edge--\r\n"].concat()
}

fn post(body: Vec<u8>) -> TestRequest {
    TestRequest::post()
        .uri("/api/v1/uploads")
        .insert_header(("idempotency-key", "k"))
        .insert_header(("content-type", MULTIPART))
        .set_payload(body)
}

async fn answer(bench: &Bench, request: TestRequest) -> (StatusCode, Value, Bytes) {
    let app = App::new()
        .app_data(Data::new(bench.state.clone()))
        .configure(routes::extractors)
        .service(routes::api());
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let status = response.status();
    let body = read_body(response).await;
    (status, serde_json::from_slice(&body).unwrap_or_default(), body)
}

/// Status and code of a failure.
async fn fault(bench: &Bench, request: TestRequest) -> (u16, String) {
    let (status, body, _) = answer(bench, request).await;
    assert_eq!(body["status"], status.as_u16());
    (status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn a_picture_is_created_once_and_answered_twice() {
    let bench = Bench::new("http-created").await;
    let (status, body, first) = answer(&bench, post(form(&[part("file", &photo(1))]))).await;
    assert_eq!(
        (status, &body["kind"], &body["check"]),
        (StatusCode::CREATED, &"image/png".into(), &"pending".into())
    );
    // the frame around the content is not part of it: another name, the same picture
    let (status, _, second) = answer(&bench, post(form(&[part("photo", &photo(1))]))).await;
    assert_eq!((status, second), (StatusCode::CREATED, first));
    let reused = fault(&bench, post(form(&[part("file", &photo(2))]))).await;
    assert_eq!(reused, (422, "idempotency_key_reused".to_owned()));
    assert_eq!(bench.rows().await, 1);
}

#[actix_web::test]
async fn what_can_not_be_taken_in_answers_a_problem_and_stores_nothing() {
    let bench = Bench::new("http-refused").await;
    let picture = photo(1);
    let max_bytes = bench.state.config.media.max_bytes;
    let jpeg_start = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
    let table = [
        (form(&[part("file", b"just text")]), 415, "unsupported_picture"),
        (form(&[part("file", jpeg_start)]), 422, "broken_picture"),
        (form(&[part("file", &picture), part("note", b"x")]), 422, "validation_failed"),
        (form(&[part("file", &picture), part("file", &picture)]), 422, "validation_failed"),
        (form(&[part("file", b"")]), 422, "validation_failed"),
        (part("file", &picture), 400, "bad_request"),
        (b"no multipart at all".to_vec(), 400, "bad_request"),
        (form(&[part("file", &vec![0; max_bytes + 1])]), 413, "body_too_large"),
    ];
    for (body, status, code) in table {
        assert_eq!(fault(&bench, post(body)).await, (status, code.to_owned()));
    }
    assert_eq!((bench.rows().await, bench.files()), (0, 0));
}

#[actix_web::test]
async fn a_body_that_says_it_is_too_large_is_refused_unread() {
    let bench = Bench::new("http-length").await;
    let request = post(form(&[part("file", &photo(1))])).insert_header(("content-length", "99999999999"));
    assert_eq!(fault(&bench, request).await, (413, "body_too_large".to_owned()));
}

#[actix_web::test]
async fn a_request_without_key_or_of_another_type_is_refused() {
    let bench = Bench::new("http-type").await;
    let keyless = TestRequest::post().uri("/api/v1/uploads").insert_header(("content-type", MULTIPART));
    assert_eq!(fault(&bench, keyless).await, (400, "idempotency_key_required".to_owned()));
    for other in ["application/json", "image/jpeg", "nonsense"] {
        let request = TestRequest::post()
            .uri("/api/v1/uploads")
            .insert_header(("idempotency-key", "k"))
            .insert_header(("content-type", other));
        assert_eq!(fault(&bench, request).await, (415, "unsupported_media_type".to_owned()), "{other}");
    }
}

#[actix_web::test]
async fn an_unknown_picture_size_or_viewer_is_not_found() {
    let bench = Bench::new("http-show").await;
    let id = bench.upload(None, 1).await;
    for path in [
        format!("/api/v1/uploads/{id}/320"),
        format!("/api/v1/uploads/{id}/640"),
        "/api/v1/uploads/1/320".to_owned(),
    ] {
        let request = TestRequest::get().uri(&path);
        assert_eq!(fault(&bench, request).await, (404, "not_found".to_owned()), "{path}");
    }
}
