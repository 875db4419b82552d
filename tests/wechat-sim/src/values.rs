//! Which values a template's keys take, as the documentation says. Strict: what is not plainly allowed is refused.

/// Whether WeChat takes this value for a key such as `thing1`; `words` are those of an enumeration.
#[must_use]
pub fn takes_value(key: &str, value: &str, words: &[String]) -> bool {
    let kind = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = value.chars().count();
    if count == 0 || value.chars().any(|c| c.is_control() || is_line_break(c)) {
        return false;
    }
    match kind {
        "thing" => count <= 20 && !value.chars().any(is_emoji),
        "number" => is_number(value.strip_prefix('-').unwrap_or(value)) && value.len() <= 32,
        "letter" => count <= 32 && value.bytes().all(|byte| byte.is_ascii_alphabetic()),
        "symbol" => count <= 5 && !value.chars().any(|c| c.is_alphanumeric() || c.is_whitespace()),
        "character_string" => {
            count <= 32 && value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        }
        "time" => each_of_range(value, |part| is_clock(part) || is_date_and_clock(part)),
        "date" => each_of_range(value, |part| is_date(part) || is_date_and_clock(part)),
        "amount" => is_amount(value),
        "phone_number" => {
            count <= 17
                && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' '))
        }
        "car_number" => count <= 8 && value.chars().all(|c| is_han(c) || c.is_ascii_alphanumeric()),
        "name" => {
            let most = if value.is_ascii() { 20 } else { 10 };
            count <= most && !value.chars().any(|c| c.is_ascii_digit() || is_emoji(c))
        }
        "phrase" => count <= 5 && value.chars().all(is_han),
        "enum" | "enum_string" => words.iter().any(|word| word == value),
        _ => false,
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Pictures, and what makes and joins them.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2300}'..='\u{23FF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{200D}' | '\u{20E3}' | '\u{E0000}'..='\u{E007F}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, perhaps with a point and digits after it.
fn is_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole, 1..=32) && is_digits(fraction, 1..=32)
}

fn is_amount(text: &str) -> bool {
    let text = text.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(text);
    let text = text.strip_suffix('元').unwrap_or(text);
    is_number(text) && text.bytes().filter(u8::is_ascii_digit).count() <= 10
}

/// One moment, or two joined by `~`.
fn each_of_range(text: &str, is_moment: impl Fn(&str) -> bool) -> bool {
    let parts: Vec<&str> = text.split('~').map(str::trim).collect();
    parts.len() <= 2 && parts.into_iter().all(is_moment)
}

fn is_between(text: &str, low: u32, high: u32) -> bool {
    is_digits(text, 1..=2) && text.parse().is_ok_and(|number: u32| (low..=high).contains(&number))
}

/// `15:01` or `15:01:59`.
fn is_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [hours, minutes] => is_between(hours, 0, 23) && minutes.len() == 2 && is_between(minutes, 0, 59),
        [hours, minutes, seconds] => {
            let both = [minutes, seconds];
            is_between(hours, 0, 23) && both.iter().all(|part| part.len() == 2 && is_between(part, 0, 59))
        }
        _ => false,
    }
}

fn is_year(text: &str) -> bool {
    is_digits(text, 4..=4)
}

/// `2019年10月1日`, `2019年10月`, `10月1日`, or the numbers joined by one of `-`, `/`, `.`.
fn is_date(text: &str) -> bool {
    let numbers: Vec<&str> = if text.contains('月') {
        let Some(rest) = text.strip_suffix('日').or_else(|| text.strip_suffix('月')) else { return false };
        rest.split(['年', '月']).collect()
    } else {
        let Some(sign) = ['-', '/', '.'].into_iter().find(|sign| text.contains(*sign)) else { return false };
        text.split(sign).collect()
    };
    match numbers.as_slice() {
        [year, month, day] => is_year(year) && is_between(month, 1, 12) && is_between(day, 1, 31),
        [first, second] if is_year(first) => is_between(second, 1, 12),
        [month, day] => is_between(month, 1, 12) && is_between(day, 1, 31),
        _ => false,
    }
}

fn is_date_and_clock(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(date, clock)| is_date(date) && is_clock(clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_documentation_shows_is_taken() {
        for (key, value) in [
            ("thing1", "青石街道委员工作站，三号楼 3#"),
            ("number2", "-12.50"),
            ("letter1", "ABC"),
            ("symbol1", "#+-"),
            ("character_string1", "381-0472-956"),
            ("time1", "15:01"),
            ("time1", "2019年10月1日 15:01"),
            ("time1", "15:01:59~16:00"),
            ("date1", "2019年10月1日"),
            ("date1", "2019-12-25 09:42"),
            ("date1", "01-01~2018-01"),
            ("date1", "2018/01/01"),
            ("amount1", "¥100元"),
            ("amount1", "3.50"),
            ("phone_number1", "+86-0766-66888866"),
            ("car_number1", "粤A8Z888"),
            ("name1", "阿卜杜拉·买买提"),
            ("name1", "Anna-Maria Example"),
            ("phrase1", "配送中"),
        ] {
            assert!(takes_value(key, value, &[]), "{key} {value}");
        }
        assert!(takes_value("enum_string1", "已受理", &["已受理".to_owned()]));
    }

    #[test]
    fn what_developers_complained_of_is_refused() {
        let long = "灯".repeat(21);
        for (key, value) in [
            ("thing1", ""),
            ("thing1", "一行\n两行"),
            ("thing1", long.as_str()),
            ("thing1", "好😀"),
            ("number1", "12a"),
            ("number1", "1."),
            ("letter1", "A1"),
            ("symbol1", "a"),
            ("character_string1", "编号1"),
            ("time1", "2020-01-18 16:18:49.0"),
            ("time1", "2020-01-18"),
            ("time1", "24:00"),
            ("date1", "2019年13月1日"),
            ("date1", "15:01"),
            ("amount1", "12345678901"),
            ("phone_number1", "123456789012345678"),
            ("car_number1", "粤A8Z888123"),
            ("name1", "三号楼3"),
            ("name1", "一二三四五六七八九十一"),
            ("phrase1", "正在配送中啦"),
            ("phrase1", "ok"),
            ("enum_string1", "别的"),
            ("thingy1", "x"),
        ] {
            assert!(!takes_value(key, value, &[]), "{key} {value}");
        }
    }
}
