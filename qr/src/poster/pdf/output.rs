//! A PDF file object by object: each is written as soon as it is known, and only its place is remembered.

use std::io::Write;

use pdf_writer::{Chunk, Ref};

/// Comment bytes after the version tell transports that the file is binary.
const HEADER: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
/// The first place of a cross-reference table is the head of the list of free objects.
const FREE: &str = "0000000000 65535 f \n";

/// A PDF file that is being written.
pub(super) struct Output<W> {
    sink: W,
    written: u64,
    /// Where each object begins, by its number less one; 0 while it is not written.
    places: Vec<u64>,
}

impl<W: Write> Output<W> {
    pub(super) fn new(mut sink: W) -> std::io::Result<Self> {
        sink.write_all(HEADER)?;
        Ok(Self { sink, written: length(HEADER), places: Vec::new() })
    }

    /// What the rest of the file has to know: how long it is so far, and where everything is.
    pub(super) fn pause(mut self) -> std::io::Result<(W, u64, Vec<u64>)> {
        self.sink.flush()?;
        Ok((self.sink, self.written, self.places))
    }

    /// The rest of a file that was begun elsewhere.
    pub(super) fn resume(sink: W, written: u64, places: Vec<u64>) -> Self {
        Self { sink, written, places }
    }

    /// A number for an object that will be written.
    pub(super) fn reserve(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len()).unwrap_or(i32::MAX))
    }

    /// Writes the one object of a chunk.
    pub(super) fn object(&mut self, chunk: &Chunk) -> std::io::Result<()> {
        let [id] = chunk.refs().collect::<Vec<_>>()[..] else {
            return Err(std::io::Error::other("a chunk with other than one object"));
        };
        let number = usize::try_from(id.get()).unwrap_or_default();
        if let Some(place) = self.places.get_mut(number.wrapping_sub(1)) {
            *place = self.written;
        }
        self.sink.write_all(chunk.as_bytes())?;
        self.written += length(chunk.as_bytes());
        Ok(())
    }

    /// Writes the table of all objects, and where reading begins.
    pub(super) fn finish(mut self, catalog: Ref, info: Ref) -> std::io::Result<W> {
        let count = self.places.len() + 1;
        write!(self.sink, "xref\n0 {count}\n{FREE}")?;
        for place in &self.places {
            // A place has twenty bytes, the blank before the end of the line being one of them.
            writeln!(self.sink, "{place:010} 00000 n ")?;
        }
        write!(
            self.sink,
            "trailer\n<< /Size {count} /Root {} 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n",
            catalog.get(),
            info.get(),
            self.written
        )?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
