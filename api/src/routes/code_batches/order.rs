//! `POST /committees/{id}/code-batches`

use actix_web::{HttpResponse, post, web};
use domain::ids::{CommitteeId, StationId};
use domain::vocabulary::{BatchForm, CodeKind};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::code_batches::{self, CodeBatch, Wanted};
use crate::service::poster_look::{PosterMargin, PosterPaper, PosterTemplate};
use crate::state::AppState;

/// Which codes of the committee, and how they are printed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCodeBatch {
    /// What the file is.
    form: BatchForm,
    /// Codes of this kind only.
    kind: Option<CodeKind>,
    /// Codes of this station only.
    #[schema(value_type = Option<uuid::Uuid>)]
    station_id: Option<StationId>,
    /// Which poster; a station's code has `station` when nothing is said, a member's `member-card`, which only
    /// members' codes have.
    template: Option<PosterTemplate>,
    /// What it is printed on; A4 when nothing is said. A member's card has a size of its own.
    paper: Option<PosterPaper>,
    /// What is added for who cuts it; nothing when nothing is said.
    margin: Option<PosterMargin>,
    /// Pixels an inch of the pictures of `zip-png`, 72 to 300; 150 when nothing is said.
    dpi: Option<u16>,
}

impl NewCodeBatch {
    fn parse(&self) -> Result<Wanted, ApiError> {
        let mut fields = Fields::default();
        fields.in_range("/dpi", self.dpi.map(i32::from), 72..=300);
        if self.template == Some(PosterTemplate::MemberCard) && self.kind == Some(CodeKind::Station) {
            fields.wrong("/template", "not_for_this_kind", "委员名片只能用委员的二维码制作。");
        }
        fields.finish(Some(Wanted {
            form: self.form,
            kind: self.kind,
            station_id: self.station_id,
            template: self.template,
            paper: self.paper,
            margin: self.margin.unwrap_or_default(),
            dpi: self.dpi,
        }))
    }
}

problems!(Problems: NotFound, TooManyBatches, ValidationFailed, IdempotencyKeyReused);

/// Orders the posters of all codes of a committee that work, or of some of them, as one file: at most 5,000. It is
/// drawn in the background; `GET /code-batches/{id}` says how far it is. For the committee's admins.
#[utoipa::path(
    tag = "codes",
    operation_id = "create_code_batch",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = NewCodeBatch,
    responses((status = 201, description = "The batch, which waits.", body = CodeBatch), Problems),
    security(("account" = []))
)]
#[post("/code-batches")]
pub async fn create_code_batch(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<NewCodeBatch>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let wanted = body.value.parse()?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("code-batches", Some(caller.account_id), &content);
    let batch = code_batches::order(&state, &caller, *id, wanted, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(batch))
}
