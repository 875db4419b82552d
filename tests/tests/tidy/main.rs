//! Reads the source tree and fails, with file and line, on what the compiler and clippy can't see.
//!
//! Start at [`rules`], the table of words and their homes. A file whose place in the table has changed
//! is moved there with a reason; the table is the architecture, this is its alarm.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod rules;
mod source;
mod tree;

use std::collections::BTreeMap;

use rules::{RAW, Reach, WORDS};
use source::Source;
use syn::visit::Visit;
use tree::Tree;

/// The longest file, in lines with code outside of `#[cfg(test)]` modules; blank lines and comments are
/// free.
const MOST_LINES: usize = 400;

/// Fails with all findings, one a line.
#[track_caller]
fn none(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}:\n{}", findings.join("\n"));
}

#[test]
fn words_stay_in_their_homes() {
    let tree = Tree::read();
    let mut findings = Vec::new();
    for rule in WORDS {
        let files = tree.rust.iter().filter(|file| file.path.starts_with(rule.within));
        for file in files.filter(|file| !rule.homes.iter().any(|(home, _)| file.path.starts_with(home))) {
            let text = match rule.reach {
                Reach::Everywhere => &file.code,
                Reach::Product if tree.is_test_code(&file.path) => continue,
                Reach::Product => &file.product,
                Reach::Tests if tree.is_test_code(&file.path) => &file.code,
                Reach::Tests => &file.tests,
            };
            findings.extend(
                source::find(text, rule.words)
                    .into_iter()
                    .map(|(line, word)| format!("{}:{line}: `{word}`: {}", file.path, rule.because)),
            );
        }
    }
    none("words away from their homes", findings);
}

#[test]
fn texts_hold_nothing_that_belongs_elsewhere() {
    let tree = Tree::read();
    let mut findings = Vec::new();
    for (path, text) in &tree.texts {
        for (number, line) in (1..).zip(text.lines()) {
            for (words, because) in RAW {
                let found = words.iter().map(|parts| parts.concat()).find(|word| line.contains(word));
                findings.extend(found.map(|word| format!("{path}:{number}: `{word}`: {because}")));
            }
            let phones = source::mobile_numbers(line).into_iter().filter(|it| !it.starts_with("1990000"));
            findings.extend(phones.map(|it| format!("{path}:{number}: {it} may be somebody's number")));
        }
    }
    none("texts", findings);
}

#[test]
fn services_speak_no_sea_orm_in_their_signatures() {
    let tree = Tree::read();
    let mut findings = Vec::new();
    let services = tree.rust.iter().filter(|file| file.path.starts_with("api/src/service/"));
    for file in services.filter(|file| !tree.is_test_code(&file.path)) {
        let mut signatures = Signatures::default();
        signatures.visit_file(&file.syntax);
        for (function, used) in &signatures.types {
            let from_sea_orm = |path: &Vec<String>| {
                path.first().is_some_and(|it| it == "sea_orm" || signatures.imported(it))
            };
            if used.iter().any(from_sea_orm) {
                let head = format!("fn {function}");
                let line = source::find(&file.code, &[&head]);
                let line = line.first().map_or(0, |(line, _)| *line);
                findings.push(format!("{}:{line}: `{function}` has a type of sea-orm", file.path));
            }
        }
    }
    none("signatures of services", findings);
}

/// What a file imports from sea-orm, and the types that its functions' signatures name.
#[derive(Default)]
struct Signatures {
    from_sea_orm: Vec<String>,
    types: BTreeMap<String, Vec<Vec<String>>>,
}

impl Signatures {
    fn imported(&self, name: &str) -> bool {
        self.from_sea_orm.iter().any(|it| it == name)
    }
}

impl<'ast> Visit<'ast> for Signatures {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if let syn::UseTree::Path(path) = &item.tree
            && path.ident == "sea_orm"
        {
            names(&path.tree, &mut self.from_sea_orm);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !matches!(item.vis, syn::Visibility::Inherited) {
            self.visit_signature(&item.sig);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !matches!(item.vis, syn::Visibility::Inherited) {
            self.visit_signature(&item.sig);
        }
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let mut paths = Paths::default();
        syn::visit::visit_signature(&mut paths, signature);
        self.types.insert(signature.ident.to_string(), paths.0);
    }
}

#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }
}

/// The names under which a tree of imports is used.
fn names(tree: &syn::UseTree, found: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(path) => names(&path.tree, found),
        syn::UseTree::Name(name) => found.push(name.ident.to_string()),
        syn::UseTree::Rename(rename) => found.push(rename.rename.to_string()),
        syn::UseTree::Glob(_) => {}
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| names(item, found)),
    }
}

#[test]
fn every_file_says_its_job_first() {
    let silent = |file: &&Source| !file.syntax.attrs.iter().any(|attribute| attribute.path().is_ident("doc"));
    let tree = Tree::read();
    let files = tree.rust.iter().filter(silent);
    none("files without a `//!` header", files.map(|file| format!("{}:1", file.path)).collect());
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    let drawer = |file: &&Source| {
        let stems = file.path.trim_end_matches(".rs").split('/');
        stems
            .into_iter()
            .any(|name| matches!(name, "utils" | "util" | "helpers" | "helper" | "common" | "misc"))
    };
    let tree = Tree::read();
    let files = tree.rust.iter().filter(drawer);
    none("modules named after nothing", files.map(|file| format!("{}:1", file.path)).collect());
}

#[test]
fn no_file_is_too_long_to_read() {
    let tree = Tree::read();
    let lengths = tree.rust.iter().map(|file| (file, source::lines_of_code(&file.product)));
    let long = lengths.filter(|(_, lines)| *lines > MOST_LINES);
    none("too long", long.map(|(file, lines)| format!("{}:1: {lines} lines of code", file.path)).collect());
}

#[test]
fn crates_depend_inwards_only() {
    let mut findings = Vec::new();
    for (name, allowed) in rules::INWARDS {
        let manifest = std::fs::read_to_string(tree::root().join(name).join("Cargo.toml")).unwrap();
        let own = ["domain", "entity", "migration", "qr", "api", "tests", "wechat-sim"];
        // Tests may know whom they like: they are nobody's foundation.
        let product = manifest.lines().take_while(|line| *line != "[dev-dependencies]");
        for (number, line) in (1..).zip(product) {
            let key = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if own.contains(&key) && !allowed.contains(&key) {
                findings.push(format!("{name}/Cargo.toml:{number}: {name} must not know {key}"));
            }
        }
    }
    none("direction of crates", findings);
}
