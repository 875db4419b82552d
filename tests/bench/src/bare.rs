//! The other side of the scan pairs: the same HTTP server with handlers that do nothing but answer.
//!
//! They live here and not in the service, so that nothing of a measurement is shipped. The settings
//! are those of `api::startup`: the same server, workers and time limits. Each handler is there twice:
//! alone, and under `/framed` in the outermost layer of the service (request id, time limit, headers,
//! metrics, log), as a route of the service that does nothing would be.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::error::ErrorServiceUnavailable;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, get, web};
use anyhow::Context;
use api::metering::MetricsServer;
use api::routes::edge;
use bytes::Bytes;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig};

/// What is answered, byte for byte: taken from the service's own answer.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Canned {
    fn respond(&self, body: Bytes) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(body)
    }
}

#[get("/static/{token}")]
async fn show_static(canned: web::Data<Canned>) -> HttpResponse {
    canned.respond(canned.body.clone())
}

#[get("/redis/{token}")]
async fn show_redis(
    canned: web::Data<Canned>,
    redis: web::Data<MultiplexedConnection>,
    token: web::Path<String>,
) -> actix_web::Result<HttpResponse> {
    let mut redis = MultiplexedConnection::clone(&redis);
    let body: Option<Vec<u8>> = redis.get(token.as_str()).await.map_err(ErrorServiceUnavailable)?;
    let body = body.ok_or_else(|| ErrorServiceUnavailable("not in Redis"))?;
    Ok(canned.respond(body.into()))
}

/// Serves until it is killed; prints `ready PORT`. One connection to Redis a worker, as the service has.
pub(crate) async fn serve(canned: Canned, redis: &str, workers: usize) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    let settings = redis::io::tcp::TcpSettings::default().set_nodelay(true);
    let address = redis::IntoConnectionInfo::into_connection_info(redis)?.set_tcp_settings(settings);
    let client = Arc::new(redis::Client::open(address)?);
    let canned = web::Data::new(canned);
    let request_ids = web::Data::new(edge::RequestIds::starting_at(1));
    // Metrics are recorded as in production.
    MetricsServer::bind("127.0.0.1:0")?;
    let server = HttpServer::new(move || {
        let client = client.clone();
        App::new()
            .app_data(canned.clone())
            .data_factory(move || {
                let client = client.clone();
                async move {
                    // No time limits of its own: as little as can be.
                    let config = AsyncConnectionConfig::new();
                    let config = config.set_connection_timeout(None).set_response_timeout(None);
                    client.get_multiplexed_async_connection_with_config(&config).await
                }
            })
            .app_data(request_ids.clone())
            .service(
                web::scope("/framed").wrap(from_fn(edge::serve)).service(show_static).service(show_redis),
            )
            .service(show_static)
            .service(show_redis)
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(api::startup::KEEP_ALIVE)
    .listen(listener)?
    .run();
    writeln!(std::io::stdout(), "ready {port}")?;
    server.await.context("serving the bare handlers")
}
