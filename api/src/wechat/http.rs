//! The home of the HTTP client: nothing else in the service calls other servers by HTTP.

use std::time::Duration;

use reqwest::redirect::Policy;

use crate::config;

/// A client with time-outs that follows no redirect and no proxy of the environment: its URLs carry
/// secrets, which must reach the configured server and nobody else.
///
/// # Errors
/// TLS can't be set up.
pub fn http_client(config: &config::WeChat) -> reqwest::Result<reqwest::Client> {
    // reqwest is built without a crypto provider of its own. It fails when one is installed
    // already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
        .timeout(Duration::from_millis(config.timeout_ms))
        .redirect(Policy::none())
        .no_proxy()
        .build()
}
