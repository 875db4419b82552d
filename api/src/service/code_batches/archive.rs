//! A ZIP archive that can be left and gone on with between any two files (APPNOTE.TXT 6.3.10): what it holds is
//! stored as it is, since pictures and documents are packed already.

use flate2::Crc;
use serde::{Deserialize, Serialize};

/// Version 2.0 of the format, which has folders.
const VERSION: u16 = 20;
/// Names are UTF-8 (general purpose bit 11).
const UTF_8: u16 = 0x0800;
/// 1980-01-01, the first day of the format: the same files make the same archive.
const DAY: u16 = 0x0021;

/// The archive would be larger than the format takes.
#[derive(Debug, thiserror::Error)]
#[error("the archive would be larger than 4 GB")]
pub struct TooLarge;

/// An archive that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    written: u64,
    files: Vec<Stored>,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    name: String,
    /// The code that it is of; none for the list.
    token: Option<String>,
    crc: u32,
    size: u32,
    at: u32,
}

impl Archive {
    /// Writes a file behind what was written before.
    ///
    /// # Errors
    /// [`TooLarge`]; nothing is written then.
    pub fn add(
        &mut self,
        name: &str,
        token: Option<&str>,
        content: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), TooLarge> {
        let mut crc = Crc::new();
        crc.update(content);
        let stored = Stored {
            name: name.to_owned(),
            token: token.map(str::to_owned),
            crc: crc.sum(),
            size: u32::try_from(content.len()).map_err(|_| TooLarge)?,
            at: u32::try_from(self.written).map_err(|_| TooLarge)?,
        };
        let before = out.len();
        out.extend(0x0403_4b50_u32.to_le_bytes());
        stored.write(out)?;
        out.extend(name.as_bytes());
        out.extend(content);
        self.written += length(out.len() - before);
        self.files.push(stored);
        Ok(())
    }

    /// Writes the directory, which ends the archive.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), TooLarge> {
        let (begin, at) = (out.len(), u32::try_from(self.written).map_err(|_| TooLarge)?);
        for stored in &self.files {
            out.extend(0x0201_4b50_u32.to_le_bytes());
            out.extend(VERSION.to_le_bytes());
            stored.write(out)?;
            // No comment, the first disk, no attributes.
            out.extend([0; 10]);
            out.extend(stored.at.to_le_bytes());
            out.extend(stored.name.as_bytes());
        }
        let size = u32::try_from(out.len() - begin).map_err(|_| TooLarge)?;
        let count = u16::try_from(self.files.len()).map_err(|_| TooLarge)?;
        out.extend(0x0605_4b50_u32.to_le_bytes());
        out.extend([0; 4]);
        out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        out.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
        out.extend([0; 2]);
        self.written += length(out.len() - begin);
        Ok(())
    }

    /// The file of a code.
    pub fn name_of(&self, token: &str) -> Option<&str> {
        let stored = self.files.iter().find(|stored| stored.token.as_deref() == Some(token));
        stored.map(|stored| stored.name.as_str())
    }
}

impl Stored {
    /// What both headers of a file say alike.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), TooLarge> {
        for number in [VERSION, UTF_8, 0, 0, DAY] {
            out.extend(number.to_le_bytes());
        }
        for number in [self.crc, self.size, self.size] {
            out.extend(number.to_le_bytes());
        }
        let name = u16::try_from(self.name.len()).map_err(|_| TooLarge)?;
        out.extend([name.to_le_bytes(), [0; 2]].concat());
        Ok(())
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// A name that every system takes as one of a file.
pub fn file_name(text: &str) -> String {
    let fits = |character: char| !character.is_control() && !r#"/\:*?"<>|"#.contains(character);
    let name: String = text.chars().map(|it| if fits(it) { it } else { '_' }).collect();
    // Windows takes no name that ends so.
    name.trim().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn an_archive_that_was_kept_between_its_files_is_read_by_others() {
        let (mut bytes, mut kept) = (Vec::new(), serde_json::to_value(Archive::default()).unwrap());
        for n in 0..3 {
            let mut archive: Archive = serde_json::from_value(kept).unwrap();
            let (name, content) = (format!("青石站/{n}.txt"), format!("第 {n} 个"));
            archive.add(&name, Some(&n.to_string()), content.as_bytes(), &mut bytes).unwrap();
            kept = serde_json::to_value(archive).unwrap();
        }
        let mut archive: Archive = serde_json::from_value(kept).unwrap();
        assert_eq!(archive.name_of("1"), Some("青石站/1.txt"));
        archive.finish(&mut bytes).unwrap();
        let mut read = ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(read.len(), 3);
        let mut text = String::new();
        read.by_name("青石站/2.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "第 2 个");
    }

    #[test]
    fn no_name_leads_out_of_the_archive() {
        assert_eq!(file_name("../站:一?..."), ".._站_一_");
        assert_eq!(file_name("甲·青山"), "甲·青山");
    }
}
