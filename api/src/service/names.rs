//! Names in pinyin, so that a member is found by typing letters: for whoever adds or renames a member.

use pinyin::ToPinyin;

/// The name in pinyin: small letters without tones, blanks or dots. What is no Chinese character stays if
/// it is a letter or a digit.
#[must_use]
pub fn name_pinyin(name: &str) -> String {
    spell(name, pinyin::Pinyin::plain)
}

/// The first letters of the name's pinyin.
#[must_use]
pub fn name_initials(name: &str) -> String {
    spell(name, pinyin::Pinyin::first_letter)
}

fn spell(name: &str, syllable: impl Fn(pinyin::Pinyin) -> &'static str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for character in name.chars() {
        match character.to_pinyin() {
            // `ü` is typed as `v`.
            Some(found) => spelled.push_str(&syllable(found).replace('ü', "v")),
            None => spelled.extend(character.to_lowercase().filter(|c| c.is_alphanumeric())),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelled_in_full_and_by_its_initials() {
        for (name, full, initials) in [
            ("甲一明", "jiayiming", "jym"),
            ("吕示例", "lvshili", "lsl"),
            ("买买提·示例", "maimaitishili", "mmtsl"),
            ("Li 示例", "lishili", "lisl"),
            ("", "", ""),
        ] {
            assert_eq!((name_pinyin(name), name_initials(name)), (full.to_owned(), initials.to_owned()));
        }
    }
}
