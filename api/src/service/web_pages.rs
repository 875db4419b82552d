//! The pages of the mini-program as they were built for browsers: files below one folder.

use std::path::{Path, PathBuf};

/// Deeper than any file of a build.
const MOST_FOLDERS: usize = 4;
/// Larger than any file of a build; it is read whole.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Their names hold a hash of what is in them.
const HASHED: &str = "assets";

/// A file of the build.
#[derive(Debug, PartialEq, Eq)]
pub struct WebFile {
    /// Its content.
    pub content: Vec<u8>,
    /// Its media type.
    pub kind: &'static str,
    /// Whether a file of this name never has another content.
    pub is_immutable: bool,
}

/// The file at this path below the folder, the first page for an empty one; nothing when it is not there, too
/// large, of a kind that no build has, or the path could lead anywhere else.
pub async fn find(folder: &str, path: &str) -> Option<WebFile> {
    let path = if path.is_empty() { "index.html" } else { path };
    let kind = kind_of(path)?;
    let place = place(folder, path)?;
    let found = tokio::fs::metadata(&place).await.ok()?;
    if !found.is_file() || found.len() > MOST_BYTES {
        return None;
    }
    let content = tokio::fs::read(&place).await.ok()?;
    Some(WebFile { content, kind, is_immutable: path.starts_with(HASHED) })
}

fn place(folder: &str, path: &str) -> Option<PathBuf> {
    let plain = |part: &str| {
        let bytes = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(bytes)
    };
    let parts: Vec<&str> = path.split('/').collect();
    let fits = !folder.is_empty() && parts.len() <= MOST_FOLDERS && parts.iter().all(|part| plain(part));
    fits.then(|| parts.iter().fold(Path::new(folder).to_owned(), |place, part| place.join(part)))
}

fn kind_of(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_folder_are_looked_for() {
        for good in ["index.html", "assets/index-BxY_1.js", "static/tabs/home.png"] {
            assert!(place("/srv/pages", good).is_some_and(|place| place.starts_with("/srv/pages")), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x.js",
            "a/../../x.js",
            "a//x.js",
            ".env",
            "a/.x.js",
            "a\\x.js",
            "a/b/c/d/x.js",
            "名.js",
        ] {
            assert_eq!(place("/srv/pages", bad), None, "{bad}");
        }
        assert_eq!(place("", "index.html"), None);
        assert_eq!((kind_of("x.toml"), kind_of("x")), (None, None));
    }
}
