//! Fields that are still open in a text: `{{日期}}` of a template, `【日期】` of a form typed by hand.

/// The most characters between `【` and `】` that count as a field; longer ones are a quotation.
const LONGEST_FIELD: usize = 30;

/// The fields of a text that nobody has filled in, as they stand there, each once, in order.
///
/// `{{` always opens a field, also when nothing closes it: nobody writes that to a resident on purpose.
/// `【…】` is one up to 30 characters without a line break. Whoever wants brackets in an answer takes
/// `〔…〕`, as documents do, or `“…”`.
#[must_use]
pub fn unfilled(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '【']) {
        let from = rest.get(at..).unwrap_or_default();
        let field = double_brace(from).or_else(|| lenticular(from));
        let taken = match field {
            Some(field) => {
                if !found.iter().any(|known| known == field) {
                    found.push(field.to_owned());
                }
                field.len()
            }
            None => from.chars().next().map_or(1, char::len_utf8),
        };
        rest = from.get(taken..).unwrap_or_default();
    }
    found
}

/// `{{…}}`, or what is left of the line where nothing closes it.
fn double_brace(from: &str) -> Option<&str> {
    let inside = from.strip_prefix("{{")?;
    let line = inside.find('\n').unwrap_or(inside.len());
    let end = match inside.find("}}") {
        Some(close) if close < line => close + 2,
        _ => line,
    };
    from.get(..2 + end)
}

fn lenticular(from: &str) -> Option<&str> {
    let inside = from.strip_prefix('【')?;
    let close = inside.find('】')?;
    let name = inside.get(..close)?;
    let is_field = name.chars().count() <= LONGEST_FIELD && !name.contains('\n');
    let end = '【'.len_utf8() + close + '】'.len_utf8();
    if is_field { from.get(..end) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_open_field_is_found_however_it_is_written() {
        for (text, fields) in [
            ("已修复，欢迎监督。", &[][..]),
            ("{{单位}}将于{{日期}}前完成。", &["{{单位}}", "{{日期}}"]),
            ("{{日期}}开工，{{日期}}复查。", &["{{日期}}"]),
            ("已由【单位名称】处理。", &["【单位名称】"]),
            ("【】", &["【】"]),
            ("于{{日期完成", &["{{日期完成"]),
            ("于{{日期\n完成}}", &["{{日期"]),
            ("{单位}", &[]),
            ("依据〔2026〕12号文件", &[]),
            ("【没有关上的括号", &[]),
            ("{{{日期}}}", &["{{{日期}}"]),
        ] {
            assert_eq!(unfilled(text), fields, "{text}");
        }
    }

    #[test]
    fn a_long_passage_in_brackets_is_a_quotation() {
        let quoted = format!("来信称【{}】，经查属实。", "楼道堆物".repeat(10));
        assert!(unfilled(&quoted).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[{}【】\\n单位a ]{0,60}") {
            for field in unfilled(&text) {
                prop_assert!(text.contains(&field));
            }
        }
    }
}
