//! Each type with what it makes of good and of impossible input.

use proptest::prelude::*;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-03-02T01:30:00Z".parse().unwrap()
}

fn formatted(kind: ValueType, text: &str) -> String {
    format(kind, &Value::Text(text.to_owned()), now())
}

#[test]
fn a_text_that_fits_stays_as_it_is() {
    assert_eq!(formatted(ValueType::Thing, "青石街道委员工作站"), "青石街道委员工作站");
    assert_eq!(formatted(ValueType::CharacterString, "381-0472-956"), "381-0472-956");
    assert_eq!(formatted(ValueType::Number, "３８１-0472-956"), "3810472956");
    assert_eq!(formatted(ValueType::Name, "阿卜杜拉·买买提"), "阿卜杜拉·买买提");
    assert_eq!(formatted(ValueType::Name, "Anna Example"), "Anna Example");
    assert_eq!(formatted(ValueType::Amount, "￥1,200.50"), "￥1200.50");
    assert_eq!(formatted(ValueType::PhoneNumber, "0931-000 0000"), "0931-0000000");
    assert_eq!(formatted(ValueType::CarNumber, "甘Ａ·12345"), "甘A12345");
    assert_eq!(formatted(ValueType::Phrase, "办理中"), "办理中");
    let kinds = [ValueType::Time, ValueType::Date];
    for kind in kinds {
        assert_eq!(format(kind, &Value::Moment(now()), now()), "2026年3月2日 09:30");
    }
    assert_eq!(format(ValueType::Thing, &Value::Moment(now()), now()), "3月2日09:30");
}

#[test]
fn a_long_text_ends_with_an_ellipsis_and_a_mark_stays_with_its_letter() {
    let long = formatted(ValueType::Thing, &"灯".repeat(300));
    assert_eq!((long.chars().count(), long.ends_with("灯…")), (20, true));
    assert_eq!(formatted(ValueType::Thing, &"灯".repeat(20)), "灯".repeat(20));
    // The twentieth character is the mark of the nineteenth: both go.
    let marked = format!("{}e\u{301}一二三", "灯".repeat(18));
    assert_eq!(formatted(ValueType::Thing, &marked), format!("{}…", "灯".repeat(18)));
    let tibetan = "བོད་ཡིག་".repeat(9);
    let cut = formatted(ValueType::Thing, &tibetan);
    assert!(cut.chars().count() <= 20 && cut.ends_with('…'));
}

#[test]
fn emoji_controls_and_line_breaks_are_gone() {
    assert_eq!(formatted(ValueType::Thing, "电梯👨‍👩‍👧坏了😀\n\t三号楼\u{0}\u{202e}"), "电梯坏了 三号楼");
    assert_eq!(formatted(ValueType::Thing, "1️⃣号楼"), "1号楼");
    assert_eq!(formatted(ValueType::Name, "示例😀人3"), "示例人");
}

#[test]
fn what_holds_nothing_usable_becomes_a_neutral_word() {
    for nothing in ["", "\n", "😀", "\u{200b}"] {
        for (_, kind) in ValueType::ALL {
            assert!(!formatted(*kind, nothing).is_empty(), "{kind:?}");
        }
        assert_eq!(formatted(ValueType::Thing, nothing), "详情请打开查看");
    }
    assert_eq!(formatted(ValueType::Number, "三号"), "0");
    assert_eq!(formatted(ValueType::Number, &"9".repeat(40)), "0", "a part of it would be another number");
    assert_eq!(formatted(ValueType::PhoneNumber, &"1".repeat(18)), "-");
    assert_eq!(formatted(ValueType::Date, "no date"), "2026年3月2日 09:30");
}

#[test]
fn an_enum_is_one_of_the_words_of_its_template() {
    let others = ["已办结".to_owned()];
    assert_eq!(one_of(" 已办结\n", "办理中", &others), "已办结");
    assert_eq!(one_of("别的", "办理中", &others), "办理中");
}

#[test]
fn a_field_is_named_by_its_type_and_a_number() {
    assert_eq!(FieldKey::parse("character_string12").map(|key| key.kind()), Some(ValueType::CharacterString));
    assert_eq!(FieldKey::parse("enum_string1").map(|key| key.kind()), Some(ValueType::Enum));
    for bad in ["thing", "thing1234", "things1", "1", "", "Thing1", "thing1a", "thing１"] {
        assert_eq!(FieldKey::parse(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn nothing_gets_longer_than_its_type_allows(text in any::<String>(), at in any::<usize>()) {
        let (_, kind) = ValueType::ALL[at % ValueType::ALL.len()];
        let value = formatted(kind, &text);
        prop_assert!(!value.is_empty());
        prop_assert!(value.chars().count() <= 32);
        prop_assert!(!value.chars().any(char::is_control));
    }
}
