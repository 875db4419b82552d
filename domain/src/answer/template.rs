//! Answer templates: words with fields, and whether an answer adds anything to them.

/// The longest name of a field, in characters.
const LONGEST_NAME: usize = 20;
/// Fewer fixed characters than this say nothing: no answer is "only" such a template.
const LEAST_FIXED: usize = 8;

/// Why a template was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{{` without `}}`, or the other way round.
    #[error("a field is opened and not closed, or closed and not opened")]
    Unbalanced,
    /// A field has no name, or one that is too long or has braces or line breaks.
    #[error("a field has no name of 1 to {LONGEST_NAME} characters")]
    BadName,
}

/// The pieces of a template: fixed words, then field, then fixed words, and so on.
struct Pieces<'a> {
    fixed: Vec<&'a str>,
    names: Vec<&'a str>,
}

fn pieces(body: &str) -> Result<Pieces<'_>, TemplateError> {
    let (mut fixed, mut names) = (Vec::new(), Vec::new());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").ok_or(TemplateError::Unbalanced)?;
        let name = name.trim();
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
        if !fits || name.contains(['{', '}', '\n', '\r', '\t']) {
            return Err(TemplateError::BadName);
        }
        fixed.push(before);
        names.push(name);
        rest = behind;
    }
    fixed.push(rest);
    if fixed.iter().any(|words| words.contains("}}")) {
        return Err(TemplateError::Unbalanced);
    }
    Ok(Pieces { fixed, names })
}

/// The names of a template's fields, each once, in order.
///
/// # Errors
/// A field is not closed, or has no proper name.
pub fn fields(body: &str) -> Result<Vec<String>, TemplateError> {
    let mut names: Vec<String> = Vec::new();
    for name in pieces(body)?.names {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Whether an answer is nothing but this template: its fixed words unchanged and in order, and in the
/// fields no more than those words. White space does not count.
#[must_use]
pub fn is_only_template(answer: &str, body: &str) -> bool {
    let Ok(pieces) = pieces(body) else { return false };
    let dense = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let answer = dense(answer);
    let fixed: Vec<String> = pieces.fixed.iter().map(|words| dense(words)).collect();
    let fixed_count: usize = fixed.iter().map(|words| words.chars().count()).sum();
    let filled_count = answer.chars().count().checked_sub(fixed_count);
    fixed_count >= LEAST_FIXED
        && filled_count.is_some_and(|filled| filled <= fixed_count)
        && matches(&answer, &fixed)
}

/// Whether the words come one after the other, the first at the beginning and the last at the end.
fn matches(answer: &str, fixed: &[String]) -> bool {
    let Some((first, others)) = fixed.split_first() else { return false };
    let Some((last, middle)) = others.split_last() else { return answer == first };
    let Some(mut rest) = answer.strip_prefix(first.as_str()) else { return false };
    for words in middle {
        let Some((_, behind)) = rest.split_once(words.as_str()) else { return false };
        rest = behind;
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = "您好，您反映的问题已转{{单位}}，预计{{日期}}前办结，感谢您的监督。";

    #[test]
    fn fields_are_named_once_in_order_and_a_broken_one_is_refused() {
        assert_eq!(fields(BODY).unwrap(), ["单位", "日期"]);
        assert_eq!(fields("{{ 日期 }}开工，{{日期}}复查").unwrap(), ["日期"]);
        assert_eq!(fields("没有空格").unwrap(), Vec::<String>::new());
        for (body, error) in [
            ("于{{日期完成", TemplateError::Unbalanced),
            ("于日期}}完成", TemplateError::Unbalanced),
            ("{{}}完成", TemplateError::BadName),
            ("{{ \n }}完成", TemplateError::BadName),
            ("{{{{日期}}}}", TemplateError::BadName),
            ("{{一二三四五六七八九十一二三四五六七八九十一}}", TemplateError::BadName),
        ] {
            assert_eq!(fields(body), Err(error), "{body}");
        }
    }

    #[test]
    fn an_answer_that_only_fills_the_fields_is_only_template() {
        for (answer, only) in [
            ("您好，您反映的问题已转城管局，预计3月6日前办结，感谢您的监督。", true),
            ("您好，您反映的问题\n已转城管局， 预计3月6日前办结，感谢您的监督。", true),
            ("您好，您反映的问题已转城管局，预计3月6日前办结，感谢您的监督。三号楼的灯已经换好两盏。", false),
            ("您好，三号楼路灯的问题已转城管局，预计3月6日前办结，感谢您的监督。", false),
            (
                "您好，您反映的问题已转城管局照明科王师傅，他今天下午到三号楼看过，灯杆已经断开，新灯杆已订货，三天内到货并安装，预计3月6日前办结，感谢您的监督。",
                false,
            ),
            ("已修复。", false),
        ] {
            assert_eq!(is_only_template(answer, BODY), only, "{answer}");
        }
        assert!(is_only_template("您的意见我们已收到，谢谢。", "您的意见我们已收到，谢谢。"));
        assert!(
            !is_only_template("已修复路灯", "{{结果}}"),
            "a template of fields alone says nothing itself"
        );
        assert!(!is_only_template("任何话", "{{没有关上"));
    }

    proptest! {
        #[test]
        fn a_template_filled_with_little_is_always_recognised(
            words in prop::collection::vec("[甲乙丙丁戊]{4,8}", 2..5), fill in "[0-9]{1,3}",
        ) {
            let body = words.join("{{日期}}");
            prop_assert!(is_only_template(&words.join(&fill), &body));
        }
    }
}
