//! Pictures that lie about what they are, end too soon, or swell when they are opened.

use futures::future::join_all;
use tests::{Answer, App, story};

use super::{expect_nothing_kept, peak_memory_kib};
use crate::pictures;

async fn send(app: &App, key: &str, name: &str, kind: &str, content: &[u8]) -> Answer {
    app.post("/api/v1/uploads").idempotency_key(key).file(name, kind, content).await
}

story! {
    async fn what_only_calls_itself_a_picture_is_refused(app: &App) {
        let script = b"#!/bin/sh\necho hello\n".to_vec();
        let html = b"<html><script>alert(1)</script></html>".to_vec();
        let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec();
        let animation = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        let paper = b"%PDF-1.7\n".to_vec();
        for (n, content) in [script, html, drawing, animation, paper].iter().enumerate() {
            let sent = send(app, &format!("lie-{n}"), "photo.jpg", "image/jpeg", content).await;
            sent.expect_problem(415, "unsupported_picture");
        }
        let nothing = send(app, "nothing", "photo.jpg", "image/jpeg", b"").await;
        nothing.expect_problem(422, "validation_failed");
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn the_content_decides_whatever_the_name_says(app: &App) {
        for (n, name, kind) in [(1, "a.txt", "text/plain"), (2, "../../etc/passwd", "image/gif"), (3, "", "x")] {
            let sent = send(app, &format!("name-{n}"), name, kind, &pictures::png(40, 20)).await;
            assert_eq!(sent.expect_status(201)["kind"], "image/png", "{name}");
        }
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (3, 6));
    }
}

story! {
    async fn a_truncated_picture_is_refused(app: &App) {
        for (n, whole) in [pictures::png(300, 200), pictures::jpeg(300, 200)].into_iter().enumerate() {
            for (part, bytes) in [("head", 16), ("half", whole.len() / 2), ("most", whole.len() * 9 / 10)] {
                let sent = send(app, &format!("{n}-{part}"), "a.jpg", "image/jpeg", &whole[..bytes]).await;
                sent.expect_problem(422, "broken_picture");
            }
        }
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn a_bomb_of_a_few_bytes_is_refused_before_it_swells(app: &App) {
        // One picture first, so that what the decoder always needs is there already.
        send(app, "first", "a.png", "image/png", &pictures::png(64, 64)).await.expect_status(201);
        let before = peak_memory_kib();
        let bombs = [
            ("wide", pictures::bomb(6_400, 6_400, false)),
            ("deep", pictures::bomb(6_400, 6_400, true)),
            ("long", pictures::bomb(40_000_000, 1, false)),
            ("huge", pictures::bomb(100_000, 100_000, true)),
            ("endless", pictures::bomb(0x7fff_ffff, 0x7fff_ffff, true)),
        ];
        for (name, bomb) in &bombs {
            assert!(bomb.len() < 100);
            send(app, name, "a.png", "image/png", bomb).await.expect_problem(422, "picture_too_large");
        }
        let again = join_all((0..30).map(|n| async move {
            send(app, &format!("again-{n}"), "a.png", "image/png", &pictures::bomb(6_400, 6_400, true)).await
        }));
        again.await.iter().for_each(|sent| drop(sent.expect_problem(422, "picture_too_large")));
        let grown = peak_memory_kib() - before;
        assert!(grown < 16 * 1024, "grown by {grown} KiB");
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (1, 2));
    }
}

story! {
    async fn the_largest_picture_that_is_allowed_costs_what_its_pixels_cost(app: &App) {
        let before = peak_memory_kib();
        // 39.7 megapixels are within the limit: their pixels are held once, and there are none behind.
        let sent = send(app, "largest", "a.png", "image/png", &pictures::bomb(6_300, 6_300, false)).await;
        sent.expect_problem(422, "broken_picture");
        let grown = peak_memory_kib() - before;
        assert!(grown < 128 * 1024, "grown by {grown} KiB");
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn a_picture_of_more_than_ten_megabytes_is_refused(app: &App) {
        let mut large = pictures::jpeg(64, 64);
        large.resize(10_485_761, 0);
        let before = peak_memory_kib();
        for n in 0..4 {
            let sent = send(app, &format!("large-{n}"), "a.jpg", "image/jpeg", &large).await;
            sent.expect_problem(413, "body_too_large");
        }
        let grown = peak_memory_kib() - before;
        assert!(grown < 64 * 1024, "grown by {grown} KiB, the sender's copies included");
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn one_picture_comes_alone_and_with_a_key(app: &App) {
        let picture = pictures::png(8, 8);
        let keyless = app.post("/api/v1/uploads").file("a.png", "image/png", &picture).await;
        keyless.expect_problem(400, "idempotency_key_required");
        let part = |name: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n")
        };
        let form = "multipart/form-data; boundary=b";
        let two = [part("file").as_bytes(), &picture, b"\r\n", part("more").as_bytes(), b"x\r\n--b--\r\n"].concat();
        let request = app.post("/api/v1/uploads").idempotency_key("two").body(form, two);
        let problem = request.await.expect_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], "/more");
        let open = [part("file").as_bytes(), &picture].concat();
        let request = app.post("/api/v1/uploads").idempotency_key("open").body(form, open);
        request.await.expect_problem(400, "bad_request");
        let request = app.post("/api/v1/uploads").idempotency_key("none").body("multipart/form-data", "x");
        request.await.expect_problem(400, "bad_request");
        expect_nothing_kept(app).await;
    }
}
