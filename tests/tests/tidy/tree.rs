//! Reads the files of the repository, without what is built, generated or private.

use std::path::{Path, PathBuf};

use crate::source::Source;

/// The files.
pub struct Tree {
    pub rust: Vec<Source>,
    /// Every text with its path, Rust included.
    pub texts: Vec<(String, String)>,
    /// Modules that are compiled for tests only, as paths without `.rs`.
    test_modules: Vec<String>,
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether a whole file is test code by where it lies.
fn lies_in_tests(path: &str) -> bool {
    path.starts_with("tests/src/") || path.starts_with("tests/tests/") || path.contains("/tests/")
}

/// The files that are declared as `#[cfg(test)] mod name;`, and what lies below them.
fn test_modules(rust: &[Source]) -> Vec<String> {
    let mut stems = Vec::new();
    for file in rust {
        let stem = file.path.trim_end_matches(".rs");
        let folder = stem.strip_suffix("/mod").or(stem.strip_suffix("/lib")).unwrap_or(stem);
        let tested = file.syntax.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) if module.content.is_none() && is_for_tests(&module.attrs) => {
                Some(format!("{folder}/{}", module.ident))
            }
            _ => None,
        });
        stems.extend(tested);
    }
    stems
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl Tree {
    pub fn read() -> Self {
        let mut texts = Vec::new();
        walk(&root(), "", &mut texts);
        texts.sort();
        let rust = texts.iter().filter(|(path, _)| path.ends_with(".rs"));
        let rust: Vec<Source> = rust.map(|(path, text)| Source::parse(path.clone(), text)).collect();
        let test_modules = test_modules(&rust);
        Self { rust, texts, test_modules }
    }

    /// Whether a whole file is test code.
    pub fn is_test_code(&self, path: &str) -> bool {
        let declared = |stem: &String| {
            let rest = path.strip_prefix(stem.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        lies_in_tests(path) || self.test_modules.iter().any(declared)
    }
}

/// Folders and files that hold nothing written here: `target` and `data` are what is built and what a
/// local run keeps; the lock files name registries by design.
fn is_foreign(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(path, "target" | "data" | ".git") || matches!(name, "node_modules" | "Cargo.lock" | "dist")
}

fn walk(folder: &Path, under: &str, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if under.is_empty() { name } else { format!("{under}/{name}") };
        if is_foreign(&path) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), &path, texts);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            // What is no UTF-8 is a picture or a font.
            texts.push((path, text));
        }
    }
}
