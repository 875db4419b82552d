//! A Rust file as the rules see it: code without comments and texts, tests apart from the rest.

/// One file.
pub struct Source {
    /// From the root of the repository.
    pub path: String,
    pub syntax: syn::File,
    /// Comments and the insides of string literals are blanks; lines are where they were.
    pub code: String,
    /// The code without its `#[cfg(test)]` modules.
    pub product: String,
    /// Only the `#[cfg(test)]` modules.
    pub tests: String,
}

impl Source {
    pub fn parse(path: String, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let code = mask(text);
        let (product, tests) = split_tests(&code);
        Self { path, syntax, code, product, tests }
    }
}

/// Puts blanks over comments, strings and characters. Bytes stay where they are.
fn mask(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + skipped(&bytes[at..], at > 0 && is_word(bytes[at - 1]));
        for byte in &mut masked[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    // What is left is code, and the words of code are ASCII.
    String::from_utf8_lossy(&masked).into_owned()
}

/// How many bytes here are a comment or a literal; 0 for code.
fn skipped(rest: &[u8], in_word: bool) -> usize {
    if rest.starts_with(b"//") {
        return rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return block_comment(rest);
    }
    if rest[0] == b'"' {
        return quoted(rest, b'"');
    }
    if rest[0] == b'\'' {
        return character(rest);
    }
    if in_word { 0 } else { raw_string(rest) }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character, which a lifetime is not: that has no second quote.
fn character(rest: &[u8]) -> usize {
    let escaped = rest.get(1) == Some(&b'\\');
    let text = String::from_utf8_lossy(&rest[1..rest.len().min(6)]).into_owned();
    let width = text.chars().next().map_or(0, char::len_utf8);
    if escaped || rest.get(1 + width) == Some(&b'\'') { quoted(rest, b'\'') } else { 0 }
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`.
fn raw_string(rest: &[u8]) -> usize {
    let prefix = match rest {
        [b'b' | b'c', b'r', ..] => 2,
        [b'r', ..] => 1,
        _ => return 0,
    };
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return 0;
    }
    let close = [&b"\""[..], &b"#".repeat(hashes)].concat();
    let body = &rest[open + 1..];
    let end = body.windows(close.len()).position(|window| window == close);
    end.map_or(rest.len(), |end| open + 1 + end + close.len())
}

/// Parts masked code into what is shipped and its `#[cfg(test)]` modules; lines stay where they are.
fn split_tests(code: &str) -> (String, String) {
    const MARK: &str = "#[cfg(test)]";
    let blank = |text: &str| -> String {
        text.chars().map(|character| if character == '\n' { '\n' } else { ' ' }).collect()
    };
    let (mut product, mut tests, mut rest) = (String::new(), String::new(), code);
    while let Some(start) = rest.find(MARK) {
        let length = item(&rest[start + MARK.len()..]) + MARK.len();
        let (before, module) = (&rest[..start], &rest[start..start + length]);
        product += before;
        product += &blank(module);
        tests += &blank(before);
        tests += module;
        rest = &rest[start + length..];
    }
    product += rest;
    tests += &blank(rest);
    (product, tests)
}

/// The length of an item: to its semicolon, or to the end of its block.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the words stand in masked code, by line. A path's first segment is meant, or a part of a path
/// with `::`; not a field, a method or a longer word.
pub fn find<'w>(code: &str, words: &[&'w str]) -> Vec<(usize, &'w str)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        for word in words {
            let stem = word.trim_end_matches('*');
            let whole = |(at, _): &(usize, &str)| {
                let before = line.as_bytes()[..*at].last().copied();
                let after = line.as_bytes().get(at + stem.len()).copied();
                let starts = !before.is_some_and(|byte| is_word(byte) || byte == b'.');
                let ends = stem.len() < word.len() || !after.is_some_and(is_word);
                // A word without `::` names a crate: it is a path's first segment, or a call.
                let used = stem.contains([':', '!', '[', ' ']) || is_path_or_call(line, *at, stem.len());
                starts && ends && used
            };
            found.extend(line.match_indices(stem).find(whole).map(|_| (number, *word)));
        }
    }
    found
}

fn is_path_or_call(line: &str, at: usize, length: usize) -> bool {
    let after = line[at + length..].trim_start();
    let imported = line[..at].trim_end().ends_with("use") && after.starts_with([';', ' ']);
    after.starts_with("::") || after.starts_with('(') || imported
}

/// Lines that hold code.
pub fn lines_of_code(masked: &str) -> usize {
    masked.lines().filter(|line| !line.trim().is_empty()).count()
}

/// Runs of exactly eleven digits that look like a mobile number of China.
pub fn mobile_numbers(line: &str) -> Vec<&str> {
    let runs = line.split(|character: char| !character.is_ascii_alphanumeric() && character != '.');
    runs.filter(|run| {
        let bytes = run.as_bytes();
        bytes.len() == 11
            && bytes.iter().all(u8::is_ascii_digit)
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1])
    })
    .collect()
}

#[test]
fn comments_texts_and_characters_are_no_code() {
    let text =
        "let a = \"x // y\"; // sleep(\nlet b = r#\"dbg!\"#; /* a /* b */ c */ f('\"', 'é', '\\'', &'a T);";
    let code = mask(text);
    assert_eq!(code.lines().count(), 2);
    assert!(!code.contains("sleep") && !code.contains("dbg") && !code.contains('"'), "{code}");
    assert!(code.contains("let b =") && code.contains("&'a T"), "{code}");
}

#[test]
fn a_test_module_is_apart_from_what_is_shipped() {
    let (product, tests) = split_tests("fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n");
    assert!(product.contains("fn a") && product.contains("fn c") && !product.contains("fn b"));
    assert_eq!(find(&tests, &["fn b"]), [(4, "fn b")]);
    assert_eq!((lines_of_code(&product), lines_of_code(&tests)), (2, 4));
}

#[test]
fn words_are_found_whole_and_as_paths() {
    let code = "use entity::case;\nlet entity = self.entity;\nmy_entity::a();\ncase::Entity::find_by_id(1)";
    assert_eq!(find(code, &["entity"]), [(1, "entity")]);
    assert_eq!(find(code, &["Entity::find*"]), [(4, "Entity::find*")]);
    assert_eq!(find(code, &["Entity::find"]), []);
}

#[test]
fn mobile_numbers_are_seen_and_longer_numbers_are_not() {
    let number = ["138", "00138000"].concat();
    assert_eq!(mobile_numbers(&format!("call {number}, now")), [number.as_str()]);
    assert!(mobile_numbers(&format!("1{number} 0.{number} a{number}")).is_empty());
}
