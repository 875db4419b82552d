//! The actions on a case: `POST /cases/{id}/{action}`, one file each. All are the same but for
//! their body: read it, check it, hand the command to [`call::ActionCall::act`].

mod accept_case;
mod answer_second_look;
mod approve_answer;
mod assign_case;
mod call;
mod confirm_case;
mod contest_case;
mod correct_response;
mod dispatch_case;
mod escalate_case;
mod merge_case;
mod note_case;
mod object_case;
mod plan_case;
mod reassign_case;
mod redirect_part;
mod reject_case;
mod reopen_case;
mod reply_case;
mod request_information;
mod respond_case;
mod return_case;
mod send_back_answer;
mod split_case;
mod supplement_case;
mod take_back_part;
mod unmerge_case;
mod uphold_case;
mod withdraw_case;

pub(super) use call::{ActionCall, ActionCallWith};
use domain::ids::UploadId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::map::RouteMap;
use crate::routes::problems::problems;
use crate::service::uploads::MAX_PER_EVENT;

/// The routes of actions.
pub(super) fn routes(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(assign_case::assign_case)
        .service(accept_case::accept_case)
        .service(return_case::return_case)
        .service(reassign_case::reassign_case)
        .service(request_information::request_information)
        .service(supplement_case::supplement_case)
        .service(dispatch_case::dispatch_case)
        .service(split_case::split_case)
        .service(redirect_part::redirect_part)
        .service(take_back_part::take_back_part)
        .service(reply_case::reply_case)
        .service(object_case::object_case)
        .service(plan_case::plan_case)
        .service(respond_case::respond_case)
        .service(approve_answer::approve_answer)
        .service(send_back_answer::send_back_answer)
        .service(confirm_case::confirm_case)
        .service(contest_case::contest_case)
        .service(reopen_case::reopen_case)
        .service(uphold_case::uphold_case)
        .service(reject_case::reject_case)
        .service(withdraw_case::withdraw_case)
        .service(merge_case::merge_case)
        .service(unmerge_case::unmerge_case)
        .service(escalate_case::escalate_case)
        .service(note_case::note_case)
        .service(correct_response::correct_response)
        .service(answer_second_look::answer_second_look);
}

problems!(pub(super) ActionProblems: NotAllowed, WrongState, TooLate, ReturnsExhausted, VersionConflict, UploadUnknown, AnswerUnfilled,
    IdempotencyKeyReused);

/// A reason alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why, up to 500 characters.
    reason: String,
}

impl ReasonBody {
    /// The reason, checked.
    fn parse(&self) -> Result<Reason, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(reason)
    }
}

/// Notes too many pictures.
pub(super) fn check_uploads(fields: &mut Fields, uploads: &[UploadId]) {
    if uploads.len() > MAX_PER_EVENT {
        fields.wrong("/uploads", "too_many", format!("最多添加{MAX_PER_EVENT}张图片。"));
    }
}
