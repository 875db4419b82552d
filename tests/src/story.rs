//! Makes a test of a story: spawns the application, tells the story, and looks that nothing is left over.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;

use crate::{App, Backend, Setup};

/// Tells one story on one database, as [`run_with`] does.
///
/// # Panics
/// As [`run_with`].
pub async fn run(backend: Backend, story: impl AsyncFnOnce(&App)) {
    run_with(Setup::on(backend), story).await;
}

/// Tells one story with servers or settings of its own.
///
/// Whatever happens, the application is stopped and its database removed.
///
/// # Panics
/// The story failed; or it went well, but left due jobs or logged errors behind.
pub async fn run_with(setup: Setup, story: impl AsyncFnOnce(&App)) {
    let app = App::spawn_with(setup).await;
    let told = AssertUnwindSafe(story(&app)).catch_unwind().await;
    let left_over = match &told {
        Ok(()) => app.left_over().await,
        Err(_) => Vec::new(),
    };
    app.stop().await;
    if let Err(panic) = told {
        resume_unwind(panic);
    }
    assert!(left_over.is_empty(), "the story went well, but left this over:\n{}", left_over.join("\n"));
}

/// Declares a story, and makes two tests of it: `name::sqlite`, on SQLite without Redis, and
/// `name::postgres`, on PostgreSQL with Redis.
///
/// ```ignore
/// tests::story! {
///     async fn a_stranger_finds_no_case(app: &App) {
///         app.get("/api/v1/cases/0").await.expect_problem(404, "not_found");
///     }
/// }
/// ```
///
/// With `with { f }` before its body, `f` changes the [`Setup`] first.
#[macro_export]
macro_rules! story {
    ($(#[$attribute:meta])* async fn $name:ident($app:ident: &App) $body:block) => {
        $crate::story! { $(#[$attribute])* async fn $name($app: &App) with { |setup| setup } $body }
    };
    ($(#[$attribute:meta])* async fn $name:ident($app:ident: &App) with $configure:block $body:block) => {
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, reason = "not every story needs what its file imports")]
            use super::*;

            async fn story($app: &$crate::App) $body

            fn setup(backend: $crate::Backend) -> $crate::Setup {
                let change: fn($crate::Setup) -> $crate::Setup = $configure;
                change($crate::Setup::on(backend))
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                $crate::run_with(setup($crate::Backend::Sqlite), story).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                $crate::run_with(setup($crate::Backend::Postgres), story).await;
            }
        }
    };
}
