//! The values of a template's fields: whatever goes in, what comes out is taken by WeChat.
//!
//! A field is named by its type and a number (`thing1`); the type limits what it may hold. Nothing is ever
//! refused here: what doesn't fit is cut, reduced to what does, or replaced by a neutral word.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::calendar::SHANGHAI;
use crate::text::half_width;

/// What stands for the rest of a text that was cut.
const ELLIPSIS: char = '…';

/// The types of fields that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Any text of up to 20 characters.
    Thing,
    /// A number of up to 32 digits.
    Number,
    /// Up to 32 Latin letters.
    Letter,
    /// Up to 5 signs.
    Symbol,
    /// Up to 32 characters of ASCII.
    CharacterString,
    /// A time of the day, also with its date.
    Time,
    /// A date, also with a time of the day.
    Date,
    /// A sum of up to 10 digits.
    Amount,
    /// A phone number of up to 17 characters.
    PhoneNumber,
    /// A number plate of up to 8 characters.
    CarNumber,
    /// A name: 10 characters, or 20 Latin ones.
    Name,
    /// Up to 5 Chinese characters.
    Phrase,
    /// One of the template's own words.
    Enum,
}

impl ValueType {
    /// All of them, with the word that a field's name begins with.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("thing", Self::Thing),
        ("number", Self::Number),
        ("letter", Self::Letter),
        ("symbol", Self::Symbol),
        ("character_string", Self::CharacterString),
        ("time", Self::Time),
        ("date", Self::Date),
        ("amount", Self::Amount),
        ("phone_number", Self::PhoneNumber),
        ("car_number", Self::CarNumber),
        ("name", Self::Name),
        ("phrase", Self::Phrase),
        ("enum", Self::Enum),
        ("enum_string", Self::Enum),
    ];
}

/// A field's name: its type and a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldKey {
    name: String,
    kind: ValueType,
}

impl FieldKey {
    /// Reads a name such as `thing1`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = name.len() - word.len();
        let kind = ValueType::ALL.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)?;
        (1..=3).contains(&digits).then(|| Self { name: name.to_owned(), kind })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The type.
    #[must_use]
    pub const fn kind(&self) -> ValueType {
        self.kind
    }
}

/// What is to stand in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A time.
    Moment(DateTime<Utc>),
}

/// The value as WeChat takes it in a field of this type. `now` stands where a time is wanted and none was given.
///
/// The words of an [`ValueType::Enum`] are the template's own: see [`one_of`]; here such a text only loses
/// what no field may hold.
#[must_use]
pub fn format(kind: ValueType, value: &Value, now: DateTime<Utc>) -> String {
    if matches!(kind, ValueType::Time | ValueType::Date) {
        return match value {
            Value::Moment(at) => long(*at),
            Value::Text(_) => long(now),
        };
    }
    let text = match value {
        Value::Text(text) => plain(text),
        Value::Moment(at) => short(*at),
    };
    let (formatted, fallback) = match kind {
        ValueType::Thing | ValueType::Enum => (cut(&text, 20), "详情请打开查看"),
        ValueType::Number => (number(&text), "0"),
        ValueType::Letter => (keep(&text, 32, |c| c.is_ascii_alphabetic()), "N"),
        ValueType::Symbol => (keep(&text, 5, |c| c.is_ascii_punctuation()), "-"),
        ValueType::CharacterString => (character_string(&text), "-"),
        ValueType::Amount => (amount(&text), "0元"),
        ValueType::PhoneNumber => (phone_number(&text), "-"),
        ValueType::CarNumber => {
            (keep(&text, 8, |c| is_han(c) || c.is_ascii_alphanumeric()).to_uppercase(), "无")
        }
        ValueType::Name => (name(&text), "未填写"),
        ValueType::Phrase => (keep(&text, 5, is_han), "请查看"),
        // Dealt with above.
        ValueType::Time | ValueType::Date => (long(now), ""),
    };
    if formatted.is_empty() { fallback.to_owned() } else { formatted }
}

/// The word among a template's own that is meant, else the first of them.
#[must_use]
pub fn one_of<'a>(text: &str, first: &'a str, others: &'a [String]) -> &'a str {
    let wanted = plain(text);
    let mut words = std::iter::once(first).chain(others.iter().map(String::as_str));
    words.find(|word| *word == wanted).unwrap_or(first)
}

/// The text on one line, without what WeChat refuses or can't count: controls, emoji, invisible characters.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() {
            if !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else if is_printable(character) && !(plain.is_empty() && is_combining(character)) {
            plain.push(character);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The text, or so much of it as fits before an ellipsis. A mark is never parted from its letter.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().take(most).collect();
    // The last one makes room for the ellipsis; the marks on it go with it.
    while let Some(last) = kept.pop() {
        if !is_combining(last) {
            break;
        }
    }
    let mut cut: String = kept.into_iter().collect();
    cut.truncate(cut.trim_end().len());
    cut.push(ELLIPSIS);
    cut
}

/// The characters that may stay, at most so many, full-width ones made plain first.
fn keep(text: &str, most: usize, may_stay: fn(char) -> bool) -> String {
    text.chars().map(half_width).filter(|c| may_stay(*c)).take(most).collect()
}

/// A whole number or a decimal fraction; a part of one would be another number.
fn number(text: &str) -> String {
    let digits: String =
        text.chars().map(half_width).filter(|c| !matches!(c, ' ' | ',' | '-') || !c.is_ascii()).collect();
    let sign = if text.starts_with('-') || text.starts_with('－') { "-" } else { "" };
    if is_decimal(&digits, 31) { format!("{sign}{digits}") } else { String::new() }
}

/// Digits, perhaps with one point between them; at most so many characters.
fn is_decimal(text: &str, most: usize) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= most && is_digits(whole) && is_digits(fraction)
}

fn character_string(text: &str) -> String {
    let ascii = keep(text, usize::MAX, |c| c.is_ascii_graphic());
    match ascii.get(..29) {
        Some(head) if ascii.len() > 32 => format!("{head}..."),
        _ => ascii,
    }
}

fn amount(text: &str) -> String {
    let half: String = text.chars().map(half_width).filter(|c| !matches!(c, ',' | ' ')).collect();
    let (sign, rest) = match half.chars().next() {
        Some(sign @ ('¥' | '￥' | '$' | '€' | '£')) => (Some(sign), half.get(sign.len_utf8()..)),
        _ => (None, Some(half.as_str())),
    };
    let rest = rest.unwrap_or_default();
    let (digits, yuan) = rest.strip_suffix('元').map_or((rest, ""), |digits| (digits, "元"));
    if !is_decimal(digits, 11) || digits.bytes().filter(u8::is_ascii_digit).count() > 10 {
        return String::new();
    }
    sign.into_iter().chain(digits.chars()).chain(yuan.chars()).collect()
}

/// A number that is too long is none: its head would be somebody else's.
fn phone_number(text: &str) -> String {
    let number = keep(text, 18, |c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')'));
    if number.len() > 17 { String::new() } else { number }
}

fn name(text: &str) -> String {
    let letters: String = text.chars().map(half_width).filter(|c| !c.is_ascii_digit()).collect();
    let letters = letters.trim();
    if letters.is_ascii() { cut_plainly(letters, 20) } else { cut(letters, 10) }
}

/// As [`cut`], for a text that has to stay ASCII.
fn cut_plainly(text: &str, most: usize) -> String {
    match text.get(..most.saturating_sub(3)) {
        Some(head) if text.len() > most => format!("{}...", head.trim_end()),
        _ => text.to_owned(),
    }
}

/// `2026年3月2日 09:30`, as in Shanghai.
fn long(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&SHANGHAI);
    let year = at.year().clamp(1970, 9999);
    format!("{year}年{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// `3月2日09:30`, as in Shanghai.
fn short(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&SHANGHAI);
    format!("{}月{}日{:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// Whether it is a Chinese character.
fn is_han(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2A6DF}' | '\u{2A700}'..='\u{2EBE0}' | '\u{30000}'..='\u{323AF}')
}

/// Whether it stands on the letter before it: accents, vowels of Uyghur and Tibetan.
fn is_combining(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0F18}'..='\u{0F19}'
        | '\u{0F35}' | '\u{0F37}' | '\u{0F39}' | '\u{0F3E}'..='\u{0F3F}' | '\u{0F71}'..='\u{0F84}'
        | '\u{0F86}'..='\u{0F87}' | '\u{0F8D}'..='\u{0FBC}' | '\u{0FC6}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}'
        | '\u{3099}'..='\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

/// Whether people see it as a character of writing: no control, no emoji, nothing invisible or private.
fn is_printable(character: char) -> bool {
    let is_odd = matches!(character,
        // Invisible: soft hyphen, Arabic marks of direction, joiners, directions, byte order.
        '\u{00AD}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}'
        // Pictures: keycaps, arrows and signs that phones draw in colour, dingbats.
        | '\u{20E3}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
        | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{00A9}' | '\u{00AE}' | '\u{E000}'..='\u{F8FF}');
    // Above the basic plane only Chinese characters are writing that a phone shows.
    let is_beyond = u32::from(character) > 0xFFFF && !is_han(character);
    !character.is_control() && !is_odd && !is_beyond
}

#[cfg(test)]
mod tests;
