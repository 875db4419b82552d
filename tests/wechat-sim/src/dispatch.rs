//! The way of a call: counted, struck by a fault or not, answered, and then sent, spoilt or dropped.
//!
//! The only place where the pure parts meet the HTTP server. A faulty call that is dropped really loses its
//! connection: the socket is shut down before a byte is written, so the client sees a transport error.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr, Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream as ServedStream;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use url::form_urlencoded;

use crate::endpoints::{self, Endpoint, Request};
use crate::faults::{Blow, FaultKind, Moment, spoil};
use crate::handle::SimHandle;
use crate::state::World;
use crate::state::calls::RefusedCall;
use crate::wire::{self, Dialect, Outcome, Refusal, Reply};

/// A second handle on a connection's socket, by which a fault can cut it.
struct Socket(TcpStream);

/// Keeps a handle on each new connection's socket.
pub(crate) fn keep_socket(connection: &dyn Any, data: &mut Extensions) {
    let socket =
        connection.downcast_ref::<ServedStream>().and_then(|stream| stream.as_fd().try_clone_to_owned().ok());
    if let Some(socket) = socket {
        data.insert(Socket(TcpStream::from(socket)));
    }
}

fn hang_up(request: &HttpRequest) -> HttpResponse {
    if let Some(Socket(socket)) = request.conn_data::<Socket>() {
        // An error means that the client hung up first, which is as well.
        let _ = socket.shutdown(Shutdown::Both);
    }
    HttpResponse::InternalServerError().finish()
}

/// Answers a call of the simulated servers.
pub(crate) async fn answer(http: HttpRequest, body: Bytes, sim: Data<SimHandle>) -> HttpResponse {
    let mut request = Request {
        method: http.method().to_string(),
        path: http.path().to_owned(),
        query: http.query_string().to_owned(),
        body: body.to_vec(),
        peer: http.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip()),
        is_proven: false,
    };
    if request.path == endpoints::jump_rules::ADD_PATH {
        request.is_proven = is_proven(&sim, &request.body).await;
    }
    let _in_flight = InFlight::begin(&sim, &request);
    let fault = arrive(&sim, &request.path);
    let Some(endpoint) = endpoints::find(&request.path) else {
        return HttpResponse::NotFound().finish();
    };
    let work =
        || conclude(&sim, endpoint, &request, |world, request| endpoint.answer(world, request, sim.now()));
    let Some(Blow { kind, moment }) = fault else { return work().into() };
    let reply = match (&kind, moment) {
        (FaultKind::DropBefore, _) => return hang_up(&http),
        (FaultKind::TokenSuperseded, _) => {
            sim.supersede_token();
            work()
        }
        (FaultKind::Errcode(errcode), moment) => {
            if moment == Moment::After {
                work();
            }
            conclude(&sim, endpoint, &request, |_, _| Err(Refusal::new(*errcode)))
        }
        // Spoilt beyond recognition: what it was made of does not matter.
        (_, Moment::Before) => Reply::json(endpoint.dialect, &wire::ok()),
        (_, Moment::After) => work(),
    };
    match kind {
        FaultKind::DropAfter => hang_up(&http),
        FaultKind::Slow(delay) => {
            actix_web::rt::time::sleep(delay).await;
            reply.into()
        }
        kind => spoil(reply, &kind).into(),
    }
}

/// Whether the folder of the link in this body holds the mini-program's file.
async fn is_proven(sim: &SimHandle, body: &[u8]) -> bool {
    let (file_name, file_content) = sim.world().proof_file();
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let prefix = body.get("prefix").and_then(Value::as_str).unwrap_or_default();
    let Some(address) = endpoints::jump_rules::proof_address(prefix, &file_name) else { return false };
    let address = sim.world().pushes.resolve(address.as_str());
    sim.read_file(&address).await.is_some_and(|text| text.trim_ascii() == file_content.as_bytes())
}

/// A send to a user that is under way, from its arrival to its answer.
struct InFlight<'a> {
    sim: &'a SimHandle,
    openid: String,
}

impl<'a> InFlight<'a> {
    fn begin(sim: &'a SimHandle, request: &Request) -> Option<Self> {
        if request.path != endpoints::subscribe_send::PATH {
            return None;
        }
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        let openid = body.get("touser")?.as_str()?.to_owned();
        sim.world().subscriptions.begin(&openid);
        Some(Self { sim, openid })
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.sim.world().subscriptions.end(&self.openid);
    }
}

fn arrive(sim: &SimHandle, path: &str) -> Option<Blow> {
    let mut world = sim.world();
    world.calls.count(path);
    world.faults.strike(path)
}

/// Lets the world answer, and gives a refusal its rid.
fn conclude(
    sim: &SimHandle,
    endpoint: &Endpoint,
    request: &Request,
    decide: impl FnOnce(&mut World, &Request) -> Outcome,
) -> Reply {
    let started = Instant::now();
    let world = &mut *sim.world();
    match decide(world, request) {
        Ok(decided) => endpoints::dress(endpoint, &decided),
        Err(refusal) => {
            let body = refuse(sim, world, endpoint, request, &refusal, started.elapsed());
            Reply::json(endpoint.dialect, &body)
        }
    }
}

fn refuse(
    sim: &SimHandle,
    world: &mut World,
    endpoint: &Endpoint,
    request: &Request,
    refusal: &Refusal,
    cost: Duration,
) -> Value {
    let now = sim.now();
    let rid = world.random.rid(now);
    let body = refusal.body(endpoint.dialect, &rid);
    // The rids of `/sns/*` cannot be asked about.
    if endpoint.dialect != Dialect::Sns {
        world.calls.remember(RefusedCall {
            rid,
            at: now,
            cost,
            url: without_token(request),
            request: String::from_utf8_lossy(&request.body).into_owned(),
            response: body.to_string(),
            client_ip: request.peer.to_string(),
        });
    }
    body
}

fn without_token(request: &Request) -> String {
    let pairs = form_urlencoded::parse(request.query.as_bytes()).filter(|(name, _)| name != "access_token");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{}?{query}", request.path)
}
