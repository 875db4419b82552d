//! Posters of codes: from the registry to what the drawing needs, and kept so that a second print costs nothing.

use bytes::Bytes;
use chrono::{DateTime, Datelike, Months, NaiveDate, Timelike, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::vocabulary::ShiftKind;
use qr::Token;
use qr::poster::{
    Margin, Paper, Poster, PosterCode, PosterKind, PosterMember, PosterStation, Print, Resolution, RosterRow,
};

use super::codes::link_of;
use super::drawn::{Asked, find_or_draw};
use super::scanning::{self, ScanError};
use crate::cache::{Fresh, Raw, Tag};
use crate::media::{FilesError, Rendition};
use crate::printing::PrintError;
use crate::state::Parts;
use crate::store::codes::{self, ScannedCode};
use crate::store::directory::members::MemberRow;
use crate::store::rosters::{self, ShiftRow};
use crate::store::{Database, StoreError};

/// Reception days that are read for a month's notice: more than a month has.
const MOST_SHIFTS: u64 = 400;
/// Letters of a token that stand together on paper.
const TOKEN_GROUP: usize = 4;

/// Why there is no poster.
#[derive(Debug, thiserror::Error)]
pub enum PosterFailure {
    /// There is no such code, or it does not work any more.
    #[error(transparent)]
    Code(#[from] ScanError),
    /// This kind is of members, and the code is a station's.
    #[error("a station's code has no member card")]
    NotForThisCode,
    /// It can't be drawn now, or not so.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The member's portrait can't be read.
    #[error("the portrait can't be read")]
    Portrait(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The form of a poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A document with selectable text.
    Pdf,
    /// A picture of this many pixels.
    Png(Resolution),
}

/// Which poster of a code is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PosterAsked {
    /// Which kind; the usual one of the code when nothing is said.
    pub kind: Option<PosterKind>,
    /// What it is printed on; the usual one of the kind when nothing is said.
    pub paper: Option<Paper>,
    /// What is added for who cuts it.
    pub margin: Margin,
    /// As what.
    pub form: Form,
}

impl Asked for PosterAsked {
    const FAMILY: &'static str = "poster";
}

/// The poster of a code that works.
///
/// # Errors
/// [`PosterFailure`].
pub async fn draw(state: &Parts, text: &str, asked: PosterAsked) -> Result<Bytes, PosterFailure> {
    find_or_draw(state, text, asked, async |token| load(state, token, asked).await).await
}

async fn load(state: &Parts, token: &Token, asked: PosterAsked) -> Result<Fresh<Raw>, PosterFailure> {
    // It refuses what is unknown or revoked in the words of a scan.
    scanning::find_printed_link(state, token.as_ref()).await?;
    let row = codes::find_scanned(state.db.reader(), token.as_ref()).await?.ok_or(ScanError::Unknown)?;
    let now = state.clock.now();
    let mut tags =
        vec![Tag::Code(row.token.clone()), Tag::Station(row.station.id), Tag::Committee(row.committee.id)];
    tags.extend(row.member.as_ref().map(|member| Tag::Member(member.id)));
    let kind = asked.kind.unwrap_or(match row.member {
        Some(_) => PosterKind::MemberCard,
        None => PosterKind::Station,
    });
    let poster = compose(state, row, kind, now).await?;
    let paper = asked.paper.unwrap_or(match kind {
        PosterKind::MemberCard | PosterKind::Slip => Paper::Own,
        _ => Paper::A4,
    });
    let print = Print { paper, margin: asked.margin };
    let drawn = state.printing.print(move |posters| match asked.form {
        Form::Pdf => posters.pdf(&poster, print),
        Form::Png(resolution) => posters.png(&poster, print, resolution),
    });
    // The notice of reception days is of another month one day.
    let tomorrow = shanghai_date(now).succ_opt().map(start_of_day);
    Ok(Fresh { value: Raw(drawn.await?.into()), tags, expires_at: tomorrow })
}

/// What the poster says.
pub(super) async fn compose(
    state: &Parts,
    row: ScannedCode,
    kind: PosterKind,
    now: DateTime<Utc>,
) -> Result<Poster, PosterFailure> {
    let code = PosterCode {
        link: link_of(state, &row.token),
        token: grouped(&row.token),
        place: row.placed_at.unwrap_or_default(),
        batch: row.batch.unwrap_or_default(),
        emblem: None,
        mini_program_code: None,
    };
    let station =
        PosterStation { committee: row.committee.name, name: row.station.name, address: row.station.address };
    Ok(match kind {
        PosterKind::Station => Poster::Station { station, code },
        PosterKind::TableTent => Poster::TableTent { station, code },
        PosterKind::Stickers => Poster::Stickers { station, code },
        PosterKind::ReceptionDays => {
            let (month, roster) = reception_days(&state.db, row.station.id, shanghai_date(now)).await?;
            Poster::ReceptionDays { station, month, roster, code }
        }
        PosterKind::MemberCard => {
            let member = row.member.ok_or(PosterFailure::NotForThisCode)?;
            let duty = row.station.opening_hours.unwrap_or_default();
            Poster::MemberCard { station, member: card_of(state, member, duty).await?, code }
        }
        PosterKind::Slip => return Err(PosterFailure::NotForThisCode),
    })
}

async fn card_of(state: &Parts, member: MemberRow, duty: String) -> Result<PosterMember, PosterFailure> {
    let portrait = match member.photo_id {
        Some(photo_id) => state.files.find(photo_id, Rendition::Large).await?,
        None => None,
    };
    let portrait = portrait.map(|bytes| bytes.to_vec());
    Ok(PosterMember { name: member.name, sector: member.sector.name, duty, portrait })
}

/// The reception days of this month, or of the next when this one has no more of them.
async fn reception_days(
    db: &Database,
    station: domain::ids::StationId,
    today: NaiveDate,
) -> Result<(String, Vec<RosterRow>), StoreError> {
    let first = today.with_day(1).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    let after_next = next.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    let bounds = (start_of_day(first), start_of_day(after_next));
    let shifts = rosters::list_between(db.reader(), station, bounds, None, MOST_SHIFTS).await?;
    let days = shifts.into_iter().filter(|shift| shift.kind == ShiftKind::ReceptionDay);
    let (this, later): (Vec<ShiftRow>, Vec<ShiftRow>) =
        days.partition(|shift| shanghai_date(shift.starts_at) < next);
    let is_over = this.iter().all(|shift| shanghai_date(shift.starts_at) < today);
    let (month, shifts) = if is_over && !later.is_empty() { (next, later) } else { (first, this) };
    Ok((format!("{}年{}月", month.year(), month.month()), shifts.iter().map(roster_row).collect()))
}

fn roster_row(shift: &ShiftRow) -> RosterRow {
    let day = shanghai_date(shift.starts_at);
    RosterRow {
        day: format!("{}月{}日 {}", day.month(), day.day(), weekday(day)),
        time: format!("{}–{}", clock_time(shift.starts_at), clock_time(shift.ends_at)),
        members: format!("{}（{}）", shift.member.name, shift.member.sector.name),
    }
}

fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "周一",
        chrono::Weekday::Tue => "周二",
        chrono::Weekday::Wed => "周三",
        chrono::Weekday::Thu => "周四",
        chrono::Weekday::Fri => "周五",
        chrono::Weekday::Sat => "周六",
        chrono::Weekday::Sun => "周日",
    }
}

/// The time of day in Shanghai: `9:00`.
fn clock_time(at: DateTime<Utc>) -> String {
    let since = at - start_of_day(shanghai_date(at));
    let time = chrono::NaiveTime::MIN + since;
    format!("{}:{:02}", time.hour(), time.minute())
}

/// A token as people read it out: `1ABC DEFG H012 3456`.
fn grouped(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    letters.chunks(TOKEN_GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_are_those_of_shanghai() {
        let at = DateTime::from_timestamp(1_796_000_400, 0).unwrap();
        assert_eq!(shanghai_date(at).to_string(), "2026-11-30");
        assert_eq!((clock_time(at), weekday(shanghai_date(at))), ("9:00".to_owned(), "周一"));
    }

    #[test]
    fn a_token_stands_in_groups() {
        assert_eq!(grouped("1ABCDEFGH0123456"), "1ABC DEFG H012 3456");
    }
}
