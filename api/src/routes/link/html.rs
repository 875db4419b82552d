//! Text inside HTML: whatever people wrote shows as they wrote it, and does nothing else.

use std::fmt;

/// A text that is escaped when it is written into HTML, as content or as a quoted attribute.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0.split_inclusive(['&', '<', '>', '"', '\'']) {
            let escaped = match piece.chars().next_back() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                Some('\'') => "&#39;",
                _ => {
                    f.write_str(piece)?;
                    continue;
                }
            };
            // All five are one byte long.
            f.write_str(piece.get(..piece.len() - 1).unwrap_or_default())?;
            f.write_str(escaped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_wrote_becomes_markup() {
        for (raw, shown) in [
            ("示例工作站", "示例工作站"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("A&B &amp; 灯>", "A&amp;B &amp;amp; 灯&gt;"),
            ("", ""),
        ] {
            assert_eq!(Text(raw).to_string(), shown);
        }
    }
}
