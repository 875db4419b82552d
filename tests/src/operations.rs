//! The operations of the service as its own description lists them: stories about every route take
//! them from here, so that a new route is in them by itself.

use reqwest::Method;
use serde_json::Value;

use crate::{App, Request};

/// Who may call an operation at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody; a token is not looked at.
    Public,
    /// Everybody; who sends a token must send a good one.
    Optional,
    /// Nobody without an account or, where the description says so, a ticket.
    Protected,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// Its path with names in braces.
    pub path: String,
    /// Who may call it at all.
    pub access: Access,
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value) -> Self {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
        let ways = operation["security"].as_array();
        let open = |way: &Value| way.as_object().is_some_and(serde_json::Map::is_empty);
        Self {
            id: id.to_owned(),
            method: method.to_uppercase().parse().unwrap_or_else(|error| panic!("{method}: {error}")),
            path: path.to_owned(),
            access: match ways {
                None => Access::Public,
                Some(ways) if ways.iter().any(open) => Access::Optional,
                Some(_) => Access::Protected,
            },
        }
    }

    /// The path with every name in braces replaced by this.
    #[must_use]
    pub fn path_with(&self, value: &str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { value } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A request with this in place of every name in its path.
    pub fn request(&self, app: &App, value: &str) -> Request {
        app.request(self.method.clone(), &self.path_with(value))
    }
}

impl App {
    /// All operations that the service describes.
    ///
    /// # Panics
    /// The description can't be read.
    pub async fn operations(&self) -> Vec<Operation> {
        let document = self.get("/api/v1/openapi.json").await.expect_status(200);
        let paths = document["paths"].as_object().unwrap_or_else(|| panic!("no paths in {document}"));
        let methods = ["get", "post", "put", "patch", "delete"];
        paths
            .iter()
            .flat_map(|(path, item)| methods.map(|method| (path, method, item.get(method))))
            .filter_map(|(path, method, operation)| Some(Operation::read(path, method, operation?)))
            .collect()
    }
}
