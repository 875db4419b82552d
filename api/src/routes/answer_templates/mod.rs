//! `/answer-templates`: words that answers begin with.

mod change;
mod create;
mod list;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::map::RouteMap;
use crate::routes::problems::problems;
use crate::service::answer_templates::TemplateError;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(list::list_answer_templates)
        .service(create::create_answer_template)
        .service(change::change_answer_template);
}

problems!(ChangeProblems: NotAllowed, NotFound, AlreadyExists, IdempotencyKeyReused);

impl From<TemplateError> for ApiError {
    fn from(error: TemplateError) -> Self {
        let field = |pointer: &str, code: &'static str, detail: &'static str| {
            Self::invalid(vec![FieldError::new(pointer, code, detail)])
        };
        match error {
            TemplateError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            TemplateError::NotFound => Self::new(ErrorCode::NotFound),
            TemplateError::UnknownCategory => field("/category_id", "unknown", "没有这个诉求类别。"),
            TemplateError::Field(_) => {
                field("/body", "invalid", "填写项应写成“{{名称}}”，名称为 1 到 20 个字。")
            }
            TemplateError::Key(error) => error.into(),
            TemplateError::Store(error) => error.into(),
        }
    }
}
