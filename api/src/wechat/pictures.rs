//! The codes that WeChat draws (小程序码): they open the mini-program, and nothing but WeChat reads them.

use std::fmt;
use std::io::Cursor;

use image::ImageFormat;
use serde_json::json;

use super::client::WeChat;
use super::error::WeChatError;
use super::links::is_page;
use super::policy;
use super::wire;

/// The longest scene, in bytes; it is ASCII.
const MOST_SCENE: usize = 32;
/// The sides that WeChat draws, in pixels.
const SIDES: std::ops::RangeInclusive<u16> = 280..=1280;

/// The marker that a JPEG ends with (ITU-T T.81, B.1.1.3: EOI).
const JPEG_END: [u8; 2] = [0xFF, 0xD9];

/// Which version of the mini-program opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvVersion {
    /// The published one.
    Release,
    /// The one to try out.
    Trial,
    /// The developers'.
    Develop,
}

impl EnvVersion {
    /// WeChat's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Trial => "trial",
            Self::Develop => "develop",
        }
    }
}

/// What a code is to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRequest {
    scene: String,
    page: String,
    side: u16,
    version: EnvVersion,
}

impl CodeRequest {
    /// A code of a published page that hands it the scene. What is refused here WeChat would refuse: a
    /// scene of 1 to 32 of the characters that it takes, a page without a leading slash, a side of 280 to
    /// 1280 pixels.
    #[must_use]
    pub fn new(scene: &str, page: &str, side: u16, version: EnvVersion) -> Option<Self> {
        let scene_fits = (1..=MOST_SCENE).contains(&scene.len()) && scene.bytes().all(is_of_a_scene);
        let fits = scene_fits && is_page(page) && SIDES.contains(&side);
        fits.then(|| Self { scene: scene.to_owned(), page: page.to_owned(), side, version })
    }
}

fn is_of_a_scene(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~".contains(&byte)
}

/// A code as WeChat drew it: bytes that have been read as a picture once.
#[derive(Clone, PartialEq, Eq)]
pub struct CodePicture {
    /// `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for CodePicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodePicture({} bytes of {})", self.bytes.len(), self.content_type)
    }
}

impl CodePicture {
    /// Takes bytes that are a whole JPEG or PNG.
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let format = image::guess_format(&bytes).ok()?;
        // A decoder fills in what is missing of a JPEG, so its end is looked for.
        let (content_type, is_whole) = match format {
            ImageFormat::Jpeg => ("image/jpeg", bytes.ends_with(&JPEG_END)),
            ImageFormat::Png => ("image/png", true),
            _ => return None,
        };
        if !is_whole {
            return None;
        }
        let mut reader = image::ImageReader::with_format(Cursor::new(&bytes), format);
        let mut limits = image::Limits::default();
        (limits.max_image_width, limits.max_image_height) = (Some(4096), Some(4096));
        reader.limits(limits);
        reader.decode().ok()?;
        Some(Self { content_type, bytes })
    }
}

impl WeChat {
    /// Has WeChat draw a code; such codes are not counted and never end. An error that comes in a
    /// picture's dress is an error.
    ///
    /// # Errors
    /// WeChat refuses, does not answer, or answers with something that is no picture.
    pub async fn code_picture(&self, request: &CodeRequest) -> Result<CodePicture, WeChatError> {
        let api = policy::of("/wxa/getwxacodeunlimit");
        let body = json!({
            "scene": request.scene,
            "page": request.page,
            "width": request.side,
            "env_version": request.version.as_str(),
            "check_path": request.version == EnvVersion::Release,
        });
        self.call_with_token(
            api,
            |query| self.http.post(self.url(api.path)).query(query).json(&body),
            |answer| {
                let bytes = wire::read_bytes(answer)?;
                CodePicture::read(bytes).ok_or_else(|| answer.unreadable("no whole picture"))
            },
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_wechat_takes_is_asked_for() {
        let request =
            |scene: &str, page: &str, side| CodeRequest::new(scene, page, side, EnvVersion::Release);
        assert!(request("1R3ZYW02258Z74G0", "pages/scan/index", 430).is_some());
        assert!(request("!#$&'()*+,/:;=?@-._~", "pages/scan/index", 1280).is_some());
        for (scene, page, side) in [
            ("", "pages/scan/index", 430),
            ("码", "pages/scan/index", 430),
            ("a%20b", "pages/scan/index", 430),
            (&"x".repeat(33), "pages/scan/index", 430),
            ("a", "/pages/scan/index", 430),
            ("a", "pages/scan/index", 279),
            ("a", "pages/scan/index", 1281),
        ] {
            assert!(request(scene, page, side).is_none(), "{scene} {page} {side}");
        }
    }

    #[test]
    fn half_a_picture_is_none() {
        let mut jpeg = Vec::new();
        let pixels = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([(x * y % 251) as u8, 0, 0]));
        pixels.write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
        assert_eq!(CodePicture::read(jpeg.clone()).unwrap().content_type, "image/jpeg");
        for kept in [100, jpeg.len() / 2, jpeg.len() - 1] {
            assert_eq!(CodePicture::read(jpeg.get(..kept).unwrap().to_vec()), None, "{kept}");
        }
        assert_eq!(CodePicture::read(b"\xff\xd8\xff\xe0 no picture".to_vec()), None);
        assert_eq!(CodePicture::read(b"GIF89a".to_vec()), None);
    }
}
