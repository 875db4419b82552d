//! A folder, and a server that speaks as much S3 as is needed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::AUTHORIZATION;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use image::RgbImage;
use image::codecs::png::PngEncoder;
use uuid::Uuid;

use super::*;
use crate::config;
use crate::media::Header;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("mashangjian-files-{}-{name}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn picture() -> Picture {
    let mut file = Vec::new();
    RgbImage::new(400, 300).write_with_encoder(PngEncoder::new(&mut file)).unwrap();
    let limits =
        config::Media { max_bytes: 1_000_000, max_pixels: 1_000_000, parallel: 1, unclaimed_hours: 24 };
    Picture::develop(&file, Header::read(&file, &limits).unwrap()).unwrap()
}

/// An id of 2026-11-22.
fn id() -> UploadId {
    UploadId(Uuid::from_u128((1_795_305_600_000_u128 << 80) | (7 << 76) | (2 << 62) | 1))
}

fn storage(kind: StorageKind, path: PathBuf, endpoint: String) -> Storage {
    Storage {
        kind,
        path,
        bucket: "pictures".to_owned(),
        region: "cn-north-1".to_owned(),
        endpoint,
        access_key: "an access key".into(),
        secret_key: "a secret key".into(),
        batch_days: 30,
    }
}

async fn what_is_written_is_found_until_it_is_removed(files: &Files) {
    let picture = picture();
    assert_eq!(files.find(id(), Rendition::Large).await.unwrap(), None);
    files.write(id(), &picture).await.unwrap();
    for rendition in Rendition::ALL {
        let found = files.find(id(), rendition).await.unwrap().unwrap();
        assert_eq!(found, picture.file(rendition));
    }
    files.remove(id()).await.unwrap();
    files.remove(id()).await.unwrap();
    assert_eq!(files.find(id(), Rendition::Small).await.unwrap(), None);
}

#[test]
fn the_name_of_a_file_follows_from_the_id() {
    let name = path(id(), Rendition::Small);
    assert_eq!(name.as_ref(), format!("uploads/2026/11/{}/320.jpg", id()));
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = Folder::new("keeps");
    let files = Files::open(&storage(StorageKind::Local, folder.0.join("deep/er"), String::new())).unwrap();
    what_is_written_is_found_until_it_is_removed(&files).await;
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_is_told_at_the_start() {
    let folder = Folder::new("blocked");
    std::fs::write(&folder.0, "a file").unwrap();
    let opened = Files::open(&storage(StorageKind::Local, folder.0.join("files"), String::new()));
    assert!(matches!(opened, Err(FilesError::Folder(_))));
    std::fs::remove_file(&folder.0).unwrap();
}

type Bucket = web::Data<Mutex<HashMap<String, web::Bytes>>>;

/// The bucket: objects by path; a request that is not signed is refused.
async fn answer(request: HttpRequest, body: web::Bytes, bucket: Bucket) -> HttpResponse {
    let signed = request.headers().get(AUTHORIZATION).is_some_and(|value| {
        value.to_str().is_ok_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=an access key/"))
    });
    if !signed {
        return HttpResponse::Forbidden().finish();
    }
    let mut objects = bucket.lock().unwrap_or_else(PoisonError::into_inner);
    let path = request.path().to_owned();
    match request.method().as_str() {
        "PUT" => {
            objects.insert(path, body);
            HttpResponse::Ok().insert_header(("etag", "\"1\"")).finish()
        }
        "GET" => objects.get(&path).map_or_else(
            || HttpResponse::NotFound().finish(),
            |object| {
                HttpResponse::Ok()
                    .insert_header(("etag", "\"1\""))
                    .insert_header(("last-modified", "Sun, 22 Nov 2026 00:00:00 GMT"))
                    .body(object.clone())
            },
        ),
        "DELETE" => {
            objects.remove(&path);
            HttpResponse::NoContent().finish()
        }
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}

#[actix_web::test]
async fn a_bucket_keeps_files() {
    // given a bucket behind plain HTTP
    let bucket: Bucket = web::Data::new(Mutex::default());
    let app = {
        let bucket = bucket.clone();
        move || App::new().app_data(bucket.clone()).default_service(web::to(answer))
    };
    let server = HttpServer::new(app).workers(1).bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("http://{}/", server.addrs()[0]);
    let server = server.disable_signals().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    // when and then
    let files = Files::open(&storage(StorageKind::S3, PathBuf::new(), endpoint)).unwrap();
    what_is_written_is_found_until_it_is_removed(&files).await;
    // and the objects lie below the bucket
    files.write(id(), &picture()).await.unwrap();
    let objects = bucket.lock().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(objects.contains(&format!("/pictures/uploads/2026/11/{}/1280.jpg", id())));
    handle.stop(false).await;
}
