//! The list of all operations, walked for one purpose at a time.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::Paths;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{OpenApiFactory, scope};

/// Where the routes of a folder are put.
///
/// Every worker thread has routes of its own, but one description of them is enough for the process:
/// collecting the schemas of all operations takes 20 MiB, which the allocator then keeps by the thread.
pub struct RouteMap<'a, 'c>(Purpose<'a, 'c>);

enum Purpose<'a, 'c> {
    Serve(&'a mut web::ServiceConfig),
    Describe(&'a mut ServiceConfig<'c>),
    Name(&'a mut Paths),
}

impl<'a, 'c> RouteMap<'a, 'c> {
    /// Routes that answer requests.
    pub fn serving(config: &'a mut web::ServiceConfig) -> Self {
        Self(Purpose::Serve(config))
    }

    /// Operations with the schemas of all that they take and give.
    pub fn describing(config: &'a mut ServiceConfig<'c>) -> Self {
        Self(Purpose::Describe(config))
    }

    /// Operations alone: methods, patterns below the prefix, and what they ask of the caller.
    pub fn naming(paths: &'a mut Paths) -> Self {
        Self(Purpose::Name(paths))
    }

    /// Adds one operation.
    pub fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            Purpose::Serve(config) => {
                config.service(operation);
            }
            Purpose::Describe(config) => {
                config.service(operation);
            }
            Purpose::Name(paths) => paths.merge(operation.paths()),
        }
        self
    }

    /// Adds operations that are declared elsewhere.
    pub fn configure(&mut self, folder: impl FnOnce(&mut RouteMap<'_, '_>)) -> &mut Self {
        folder(self);
        self
    }

    /// Adds the operations that lie below a prefix. All of them: a request that fits the prefix is looked
    /// for nowhere else.
    pub fn scope(&mut self, prefix: &'static str, folder: impl FnOnce(&mut RouteMap<'_, '_>)) -> &mut Self {
        match &mut self.0 {
            Purpose::Serve(config) => {
                config.service(web::scope(prefix).configure(|config| folder(&mut RouteMap::serving(config))));
            }
            Purpose::Describe(config) => {
                let scope = scope::scope(prefix);
                config.service(scope.configure(|config| folder(&mut RouteMap::describing(config))));
            }
            Purpose::Name(paths) => {
                let mut below = Paths::new();
                folder(&mut RouteMap::naming(&mut below));
                for (path, item) in below.paths {
                    paths.paths.insert(format!("{prefix}{path}"), item);
                }
            }
        }
        self
    }
}
