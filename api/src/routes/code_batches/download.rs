//! `GET /code-batches/{id}/file`

use actix_web::body::SizedStream;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use domain::calendar::shanghai_date;
use domain::ids::CodeBatchId;
use domain::vocabulary::BatchForm;
use futures::StreamExt;
use futures::stream::{self, Stream};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::code_batches::{self, BatchError, BatchFile};
use crate::state::AppState;

problems!(Problems: NotFound, BatchNotReady);

/// The file of a batch that is ready: a document, or an archive with a list of what is in it. For the committee's
/// admins.
#[utoipa::path(
    tag = "codes",
    operation_id = "download_code_batch",
    params(("id" = CodeBatchId, Path, description = "The batch.")),
    responses(
        (status = 200, description = "The file.", content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/zip"),
        )),
        Problems
    ),
    security(("account" = []))
)]
#[get("/{id}/file")]
pub async fn download_code_batch(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CodeBatchId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let file = code_batches::open(&state, &caller, *id).await?;
    let (kind, ending) = match file.batch.wanted.form {
        BatchForm::Pdf => ("application/pdf", "pdf"),
        BatchForm::ZipPng | BatchForm::ZipPdf => ("application/zip", "zip"),
    };
    let day = shanghai_date(file.batch.created_at).format("%Y%m%d");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"posters-{day}.{ending}\"")))
        .body(SizedStream::new(file.bytes, parts(state.get_ref().clone(), file))))
}

/// Part after part, never more than one of them in memory.
fn parts(state: AppState, file: BatchFile) -> impl Stream<Item = Result<web::Bytes, BatchError>> {
    let id = file.batch.id;
    stream::iter(file.parts).then(move |part| {
        let state = state.clone();
        async move { code_batches::read_part(&state, id, &part).await }
    })
}
