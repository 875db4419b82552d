//! Tells people about shifts and bookings: the sentences, and the rows of their inbox.
//!
//! They are written in the transaction of what they tell, so that nobody is told twice or not at all.

use chrono::{DateTime, Utc};
use domain::calendar::{SHANGHAI, shanghai_date};
use domain::ids::{AccountId, BookingId, ShiftId};
use domain::message::MessageKind;
use entity::{booking, notice};

use crate::service::messaging::{self, Recipient, Told};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// A message that is about to be written.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Which text it is.
    pub template: &'static str,
    /// A few characters for a list.
    pub title: &'static str,
    /// One or two sentences.
    pub text: String,
    /// The time that it is about, where that is not the beginning of the shift.
    pub at: Option<DateTime<Utc>>,
}

/// Writes one message to each account.
///
/// # Errors
/// The database does not answer.
pub async fn tell(
    state: &Parts,
    tx: &Transaction,
    shift_id: ShiftId,
    to: impl IntoIterator<Item = (AccountId, Option<BookingId>)>,
    telling: &Telling,
) -> Result<(), StoreError> {
    let created_at = state.clock.now();
    let row = |(account_id, booking_id)| notice::Model {
        id: state.ids.next(),
        account_id,
        shift_id,
        booking_id,
        template: telling.template.to_owned(),
        body: serde_json::json!({ "title": telling.title, "text": telling.text }),
        read_at: None,
        created_at,
    };
    let rows: Vec<notice::Model> = to.into_iter().map(row).collect();
    let recipients: Vec<Recipient> =
        rows.iter().map(|row| Recipient { account_id: row.account_id, message_id: row.id.0 }).collect();
    store::notices::insert(tx, rows).await?;
    send_too(state, tx, shift_id, &recipients, telling).await
}

/// Plans the sending of the same outside the app.
async fn send_too(
    state: &Parts,
    tx: &Transaction,
    shift_id: ShiftId,
    recipients: &[Recipient],
    telling: &Telling,
) -> Result<(), StoreError> {
    let is_for_residents = telling.template.starts_with("reception.");
    let kind = if is_for_residents { MessageKind::Reception } else { MessageKind::Shift };
    let Some(first) = recipients.first().filter(|_| messaging::is_sent(state, kind)) else { return Ok(()) };
    let missing = |table| StoreError::inconsistent(table, shift_id, "the shift of a notice is not there");
    let shift = store::shifts::find(tx, shift_id).await?.ok_or_else(|| missing("duty_shifts"))?;
    let station = store::directory::stations::find(tx, shift.station_id).await?;
    let station = station.ok_or_else(|| missing("stations"))?;
    let told = Told {
        title: telling.title.to_owned(),
        text: telling.text.clone(),
        number: None,
        case_id: None,
        handler: station.name.clone(),
        station: station.name,
        department: None,
        at: telling.at.unwrap_or(shift.starts_at),
        event: first.message_id.to_string(),
        station_id: station.id,
        committee_id: station.committee_id,
    };
    messaging::plan(state, tx, kind, &told, recipients).await
}

/// Whose these bookings are.
pub fn owners(bookings: &[booking::Model]) -> impl Iterator<Item = (AccountId, Option<BookingId>)> {
    bookings.iter().filter_map(|booking| Some((booking.account_id?, Some(booking.id))))
}

/// A place on a reception day is booked.
#[must_use]
pub fn booked(station: &str, starts_at: DateTime<Utc>, number: i32) -> Telling {
    let at = moment(starts_at);
    Telling {
        template: "reception.booked",
        at: Some(starts_at),
        title: "预约成功",
        text: format!("您已预约{station}{at}的委员接待，第{number}号。如不能前来，请提前取消。"),
    }
}

/// The reception day does not take place.
#[must_use]
pub fn called_off(station: &str, starts_at: DateTime<Utc>, reason: &str) -> Telling {
    let day = day(starts_at);
    Telling {
        template: "reception.called_off",
        at: None,
        title: "接待日取消",
        text: format!("{station}{day}的委员接待日已取消，原因：{reason}。很抱歉，请您另约时间。"),
    }
}

/// The reception day is held at another time.
#[must_use]
pub fn moved(station: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Telling {
    let (from, to) = (moment(from), moment(to));
    Telling {
        template: "reception.moved",
        at: None,
        title: "接待时间有变化",
        text: format!(
            "{station}原定{from}开始的委员接待日改为{to}开始，您的预约号不变，预约时间相应调整，请打开查看。"
        ),
    }
}

/// Another member receives.
#[must_use]
pub fn other_member(station: &str, starts_at: DateTime<Utc>, name: &str) -> Telling {
    let day = day(starts_at);
    Telling {
        template: "reception.other_member",
        at: None,
        title: "接待委员有变化",
        text: format!("{station}{day}的委员接待日改由{name}委员接待，时间不变。"),
    }
}

/// A colleague asks to take a shift over.
#[must_use]
pub fn offered(station: &str, starts_at: DateTime<Utc>, from: &str) -> Telling {
    let at = moment(starts_at);
    Telling {
        template: "shift.offered",
        at: None,
        title: "请您接手班次",
        text: format!("{from}委员请您接手{station}{at}开始的班次，请打开查看并答复。"),
    }
}

/// A colleague is asked to swap a shift.
#[must_use]
pub fn swap_offered(
    station: &str,
    starts_at: DateTime<Utc>,
    from: &str,
    in_return_at: DateTime<Utc>,
) -> Telling {
    let (at, yours) = (moment(starts_at), moment(in_return_at));
    Telling {
        template: "shift.swap_offered",
        at: None,
        title: "请您对换班次",
        text: format!("{from}委员想用{station}{at}开始的班次，与您{yours}开始的班次对换，请打开查看并答复。"),
    }
}

/// A colleague has answered whether to swap.
#[must_use]
pub fn swap_answered(station: &str, starts_at: DateTime<Utc>, name: &str, accepted: bool) -> Telling {
    let (at, verdict) = (moment(starts_at), if accepted { "已同意" } else { "不能" });
    Telling {
        template: if accepted { "shift.swap_accepted" } else { "shift.swap_declined" },
        at: None,
        title: if accepted { "班次已对换" } else { "班次未能对换" },
        text: format!("{name}委员{verdict}与您对换{station}{at}开始的班次。"),
    }
}

/// A colleague has answered.
#[must_use]
pub fn answered(station: &str, starts_at: DateTime<Utc>, name: &str, accepted: bool) -> Telling {
    let (at, verdict) = (moment(starts_at), if accepted { "已接手" } else { "不能接手" });
    Telling {
        template: if accepted { "shift.accepted" } else { "shift.declined" },
        at: None,
        title: if accepted { "同事已接手" } else { "同事不能接手" },
        text: format!("{name}委员{verdict}{station}{at}开始的班次。"),
    }
}

/// The manager has given or taken a shift.
#[must_use]
pub fn roster_changed(station: &str, starts_at: DateTime<Utc>) -> Telling {
    let at = moment(starts_at);
    Telling {
        template: "shift.changed",
        at: None,
        title: "轮值安排有变化",
        text: format!("{station}{at}开始的班次有变化，请打开查看您的轮值安排。"),
    }
}

fn day(at: DateTime<Utc>) -> String {
    shanghai_date(at).format("%-m月%-d日").to_string()
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&SHANGHAI).format("%-m月%-d日%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_in_shanghai_and_every_sentence_ends() {
        let at: DateTime<Utc> = "2026-03-10T01:00:00Z".parse().unwrap();
        let later: DateTime<Utc> = "2026-03-10T16:30:00Z".parse().unwrap();
        let station = "示例工作站";
        let tellings = [
            booked(station, at, 3),
            called_off(station, at, "委员外出"),
            moved(station, at, later),
            other_member(station, at, "甲示例"),
            offered(station, at, "甲示例"),
            answered(station, at, "乙示例", true),
            answered(station, at, "乙示例", false),
            roster_changed(station, at),
        ];
        for telling in &tellings {
            assert!(telling.text.ends_with('。') && telling.text.contains("3月10日"), "{}", telling.text);
        }
        assert!(tellings[2].text.contains("3月10日09:00") && tellings[2].text.contains("3月11日00:30"));
    }
}
