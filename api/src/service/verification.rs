//! WeChat's verification files: small texts that prove to WeChat that the domain is ours.

use std::path::Path;

/// The longest name without `.txt`.
const MOST_NAME: usize = 64;
/// Far more than WeChat ever puts into such a file.
const MOST_BYTES: u64 = 4096;

/// The content of `<name>.txt` in the folder; nothing when it is not there, too large, or the name could
/// lead anywhere else.
pub async fn find_verification_file(folder: &str, name: &str) -> Option<Vec<u8>> {
    if folder.is_empty() || !is_plain(name) {
        return None;
    }
    let path = Path::new(folder).join(format!("{name}.txt"));
    let found = tokio::fs::metadata(&path).await.ok()?;
    if !found.is_file() || found.len() > MOST_BYTES {
        return None;
    }
    tokio::fs::read(&path).await.ok()
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=MOST_NAME).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_is_looked_for() {
        for good in ["MP_verify_AbC123", "a", &"x".repeat(64)] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "..", "../secret", "a/b", "a\\b", "a.txt", "a\0", "%2e%2e", "文件", &"x".repeat(65)]
        {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }

    #[tokio::test]
    async fn a_file_outside_of_the_folder_is_never_served() {
        let folder = std::env::temp_dir().join(format!("verification-{}", std::process::id()));
        let inside = folder.join("public");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(inside.join("MP_verify_x.txt"), "proof").unwrap();
        std::fs::write(folder.join("secret.txt"), "secret").unwrap();
        std::fs::write(inside.join("huge.txt"), vec![b'x'; 5000]).unwrap();
        let find = async |name: &str| find_verification_file(inside.to_str().unwrap(), name).await;

        assert_eq!(find("MP_verify_x").await.as_deref(), Some(b"proof".as_slice()));
        assert_eq!(find("../secret").await, None);
        assert_eq!(find("huge").await, None);
        assert_eq!(find("missing").await, None);
        assert_eq!(find_verification_file("", "MP_verify_x").await, None);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
