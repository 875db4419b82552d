//! A gateway for text messages as `docs/WECHAT-messages.md` describes it, and as strict.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::http::header::{AUTHORIZATION, RETRY_AFTER};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde::Deserialize;
use uuid::Uuid;

use crate::Setup;

const SECRET: &str = "a gateway's secret of the tests";

/// A text message that has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextMessage {
    /// The sender's name for it.
    pub id: Uuid,
    /// To whom.
    pub phone: String,
    /// What it says.
    pub text: String,
}

/// What a gateway does other than taking a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayFault {
    /// Answers with this status and takes nothing.
    Refuse(u16),
    /// Asks for patience, in seconds.
    Busy(u32),
    /// Takes it, and answers with an error all the same.
    TakeAndFail,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<TextMessage>,
    ids: HashSet<Uuid>,
    faults: VecDeque<GatewayFault>,
    calls: usize,
}

type Shared = Arc<Mutex<State>>;

/// A running gateway; dropping it stops it.
#[derive(Debug)]
pub struct SmsGateway {
    state: Shared,
    url: String,
    stopper: ServerHandle,
}

impl SmsGateway {
    /// Starts one.
    ///
    /// # Panics
    /// It can't listen.
    #[must_use]
    pub fn start() -> Self {
        let state = Shared::default();
        let data = Data::new(state.clone());
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).route("/texts", web::post().to(take)))
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap_or_else(|error| panic!("the gateway does not listen: {error}"));
        let url = format!("http://{}/texts", server.addrs()[0]);
        let server = server.run();
        let stopper = server.handle();
        tokio::spawn(server);
        Self { state, url, stopper }
    }

    /// What has arrived, oldest first.
    #[must_use]
    pub fn taken(&self) -> Vec<TextMessage> {
        self.lock().taken.clone()
    }

    /// How often it was asked.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.lock().calls
    }

    /// The next calls end like this, one after the other.
    pub fn order(&self, faults: &[GatewayFault]) {
        self.lock().faults.extend(faults);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SmsGateway {
    fn drop(&mut self) {
        drop(self.stopper.stop(false));
    }
}

impl Setup {
    /// With text messages of these kinds by this gateway.
    #[must_use]
    pub fn texting(self, gateway: &SmsGateway, kinds: &[&str]) -> Self {
        let url = &gateway.url;
        self.set("messages.sms", &format!(r#"{{ url = "{url}", secret = "{SECRET}", kinds = {kinds:?} }}"#))
    }
}

async fn take(
    state: Data<Shared>,
    request: HttpRequest,
    message: Result<web::Json<TextMessage>, actix_web::Error>,
) -> HttpResponse {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.calls += 1;
    let expected = format!("Bearer {SECRET}");
    if request.headers().get(AUTHORIZATION).is_none_or(|given| given.as_bytes() != expected.as_bytes()) {
        return HttpResponse::Unauthorized().finish();
    }
    let Ok(web::Json(message)) = message else { return HttpResponse::BadRequest().finish() };
    let is_number = (7..=15).contains(&message.phone.len())
        && message.phone.chars().all(|character| character.is_ascii_digit());
    if !is_number || message.text.is_empty() || message.text.chars().count() > 60 {
        return HttpResponse::UnprocessableEntity().finish();
    }
    let fault = state.faults.pop_front();
    match fault {
        Some(GatewayFault::Refuse(status)) => return status_of(status),
        Some(GatewayFault::Busy(seconds)) => {
            return HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, seconds)).finish();
        }
        Some(GatewayFault::TakeAndFail) | None => {}
    }
    if !state.ids.insert(message.id) {
        return HttpResponse::Conflict().finish();
    }
    state.taken.push(message);
    if fault.is_some() { HttpResponse::BadGateway().finish() } else { HttpResponse::Accepted().finish() }
}

fn status_of(status: u16) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).expect("a status");
    HttpResponse::build(status).finish()
}
