//! Declares which errors an operation can answer, for its OpenAPI description.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::error::ErrorCode;

/// The name of the error body in the document.
pub(crate) const PROBLEM: &str = "Problem";

/// One response for every status among the codes; its description lists the codes.
pub(crate) fn responses(codes: &[ErrorCode]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        let same = by_status.entry(code.status().as_u16()).or_default();
        if !same.contains(code) {
            same.push(*code);
        }
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect()
}

/// The response for codes of one status.
pub(crate) fn response(codes: &[ErrorCode]) -> Response {
    let words: Vec<String> = codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(PROBLEM))).build();
    ResponseBuilder::new().description(words.join(", ")).content("application/problem+json", content).build()
}

/// `problems!(AcceptProblems: WrongState, VersionConflict);` makes a type for `responses(...)`.
macro_rules! problems {
    ($visibility:vis $name:ident: $($code:ident),+ $(,)?) => {
        /// The errors of this operation, beside those that every operation can answer.
        $visibility struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses()
            -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                $crate::routes::problems::responses(&[$($crate::error::ErrorCode::$code),+])
            }
        }
    };
}
pub(crate) use problems;
