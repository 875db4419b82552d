//! Names in pinyin, so that a member is found by typing letters: for whoever adds or renames a member.
//!
//! Many surnames are read otherwise than the same character elsewhere: 单 is shàn, 曾 zēng. Those that
//! 《现代汉语词典》 gives as surnames are listed here; of such a name the usual reading finds it, too.

use pinyin::{Pinyin, ToPinyin};

/// Surnames that are read otherwise than the `pinyin` crate reads the character first. Two-character ones
/// stand first, since 尉迟 is not 尉.
const SURNAMES: &[(&str, &[&str])] = &[
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("单", &["shan"]),
    ("曾", &["zeng"]),
    ("解", &["xie"]),
    ("仇", &["qiu"]),
    ("区", &["ou"]),
    ("查", &["zha"]),
    ("朴", &["piao"]),
    ("盖", &["ge"]),
    ("秘", &["bi"]),
    ("翟", &["zhai"]),
    ("乐", &["yue"]),
    ("员", &["yun"]),
    ("种", &["chong"]),
    ("缪", &["miao"]),
    ("折", &["she"]),
    ("召", &["shao"]),
    ("卜", &["bu"]),
    ("覃", &["qin"]),
    ("祭", &["zhai"]),
    ("繁", &["po"]),
    ("洗", &["xian"]),
    ("句", &["gou"]),
    ("阚", &["kan"]),
    ("都", &["du"]),
    ("薄", &["bo"]),
    ("能", &["nai"]),
    ("佴", &["nai"]),
    ("乜", &["nie"]),
    ("隗", &["wei"]),
];

/// Names of more syllables are spelled in full or by initials, and not mixed.
const MOST_MIXED: usize = 5;

/// The name in pinyin: small letters without tones, blanks or dots. What is no Chinese character stays if
/// it is a letter or a digit.
#[must_use]
pub fn name_pinyin(name: &str) -> String {
    syllables(name).concat()
}

/// The first letters of the name's pinyin, and behind it, with blanks between, in what other ways it is
/// begun: some syllables in full and some by their first letter, and by the usual reading of a surname that
/// has one of its own.
#[must_use]
pub fn name_initials(name: &str) -> String {
    let own = syllables(name);
    let mut spellings = vec![initials(&own)];
    spellings.extend(mixed(&own));
    let usual = usual(name);
    if usual != own {
        spellings.extend([usual.concat(), initials(&usual)]);
        spellings.extend(mixed(&usual));
    }
    let mut once: Vec<String> = Vec::with_capacity(spellings.len());
    for spelling in spellings {
        if !once.contains(&spelling) {
            once.push(spelling);
        }
    }
    once.join(" ")
}

/// The syllables of a name, its surname read as one.
fn syllables(name: &str) -> Vec<String> {
    let name = name.trim();
    let surname = SURNAMES.iter().find_map(|(surname, read)| Some((name.strip_prefix(surname)?, *read)));
    match surname {
        // A single character is no whole name, and one that goes on in letters no Chinese one.
        Some((given, read)) if given.chars().any(|c| c.to_pinyin().is_some()) => {
            read.iter().map(|syllable| (*syllable).to_owned()).chain(usual(given)).collect()
        }
        _ => usual(name),
    }
}

/// The syllables of a name as its characters are usually read.
fn usual(name: &str) -> Vec<String> {
    let mut syllables = Vec::new();
    for character in name.chars() {
        match character.to_pinyin() {
            // `ü` is typed as `v`.
            Some(found) => syllables.push(Pinyin::plain(found).replace('ü', "v")),
            None => {
                let letters: String = character.to_lowercase().filter(|c| c.is_alphanumeric()).collect();
                if !letters.is_empty() {
                    syllables.push(letters);
                }
            }
        }
    }
    syllables
}

fn initials(syllables: &[String]) -> String {
    syllables.iter().filter_map(|syllable| syllable.chars().next()).collect()
}

/// Every way to write the last syllable in full and each of those before in full or by its first letter, but
/// for all in full. What stops earlier begins one of these.
fn mixed(syllables: &[String]) -> Vec<String> {
    if syllables.len() > MOST_MIXED {
        return Vec::new();
    }
    let Some((last, before)) = syllables.split_last() else { return Vec::new() };
    let mut begun = vec![String::new()];
    for syllable in before {
        let first = syllable.chars().take(1).collect::<String>();
        begun = begun
            .iter()
            .flat_map(|start| [format!("{start}{first}"), format!("{start}{syllable}")])
            .collect();
    }
    let full = syllables.concat();
    begun.into_iter().map(|start| start + last).filter(|spelling| *spelling != full).collect()
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
            assert_eq!(name_pinyin(name), full);
            assert_eq!(name_initials(name).split(' ').next(), Some(initials), "{name}");
        }
    }

    #[test]
    fn a_surname_is_read_as_one() {
        for (name, full) in [
            ("单示例", "shanshili"),
            ("曾示例", "zengshili"),
            ("解示例", "xieshili"),
            ("仇示例", "qiushili"),
            ("区示例", "oushili"),
            ("查示例", "zhashili"),
            ("任示例", "renshili"),
            ("华示例", "huashili"),
            ("尉迟示例", "yuchishili"),
            ("万俟示例", "moqishili"),
            ("长孙示例", "zhangsunshili"),
            ("单于示例", "chanyushili"),
            ("尉示例", "weishili"),
            ("澹台示例", "tantaishili"),
            ("覃示例", "qinshili"),
        ] {
            assert_eq!(name_pinyin(name), full, "{name}");
        }
        assert_eq!(name_pinyin("李单"), "lidan", "a given name is read as usual");
    }

    #[test]
    fn only_surnames_that_are_read_otherwise_are_listed() {
        for (surname, read) in SURNAMES {
            assert_ne!(usual(surname), *read, "{surname}");
        }
    }

    #[test]
    fn however_it_is_begun_it_is_found() {
        let found = |name: &str, typed: &str| {
            let known = format!("{} {}", name_pinyin(name), name_initials(name));
            known.split(' ').any(|spelling| spelling.starts_with(typed))
        };
        for typed in [
            "z", "zeng", "zs", "zsl", "zengs", "zengsl", "zshi", "zshil", "zengshil", "ceng", "csl", "cengsl",
        ] {
            assert!(found("曾示例", typed), "{typed}");
        }
        for typed in ["shili", "sl", "zzeng", "zengli"] {
            assert!(!found("曾示例", typed), "{typed}");
        }
        assert_eq!(name_initials("曾示例").split(' ').next(), Some("zsl"));
        assert!(name_initials("尉迟示例示例").len() < 600);
    }
}
