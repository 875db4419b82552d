//! Whether the templates of the configuration are those of WeChat's console.

use super::Finding;
use crate::config::{Messages, Source, Template, Term};
use crate::wechat::{self, TemplateKind, WeChat};

const SUBJECT: &str = "templates";

/// Compares each configured template with the one of its id; nothing to say where there is none.
pub(super) async fn examine(messages: &Messages, program: &WeChat) -> Vec<Finding> {
    if messages.templates.is_empty() {
        return Vec::new();
    }
    let known = match program.templates().await {
        Ok(known) => known,
        Err(error) => return vec![Finding::fail(SUBJECT, error.to_string())],
    };
    let compared = messages.templates.iter().map(|(kind, template)| compare(kind, template, &known));
    compared.collect()
}

fn compare(kind: &str, ours: &Template, known: &[wechat::Template]) -> Finding {
    let Some(theirs) = known.iter().find(|theirs| theirs.id == ours.id) else {
        return Finding::fail(SUBJECT, format!("{kind}: WeChat has no template {}", ours.id));
    };
    let faults = faults(ours, theirs);
    if faults.is_empty() {
        return Finding::ok(SUBJECT, format!("{kind}: 《{}》", theirs.title));
    }
    Finding::fail(SUBJECT, format!("{kind}: 《{}》 {}", theirs.title, faults.join("; ")))
}

fn faults(ours: &Template, theirs: &wechat::Template) -> Vec<String> {
    let mut faults = Vec::new();
    let term = match theirs.kind {
        TemplateKind::Once => Some(Term::Once),
        TemplateKind::LongTerm => Some(Term::Long),
        TemplateKind::Other(_) => None,
    };
    if term.is_some_and(|term| term != ours.term) {
        let word = if ours.term == Term::Long { "once" } else { "long" };
        faults.push(format!("term is \"{word}\""));
    }
    let missing: Vec<&str> =
        theirs.keys.iter().map(String::as_str).filter(|key| !ours.fields.contains_key(*key)).collect();
    if !missing.is_empty() {
        faults.push(format!("the fields {} have no value", missing.join(", ")));
    }
    let unknown: Vec<&str> = ours
        .fields
        .keys()
        .map(String::as_str)
        .filter(|name| !theirs.keys.iter().any(|key| key == name))
        .collect();
    if !unknown.is_empty() {
        faults.push(format!("it has no fields {}", unknown.join(", ")));
    }
    for (name, source) in &ours.fields {
        let Source::Fixed(word) = source else { continue };
        let of_field = |choice: &&wechat::Choice| choice.key.trim_end_matches(".DATA") == name;
        let Some(choice) = theirs.choices.iter().find(of_field) else { continue };
        if !choice.words.contains(word) {
            faults.push(format!("{name} takes one of {}", choice.words.join(", ")));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(term: Term, fields: &[(&str, Source)]) -> Template {
        let fields = fields.iter().map(|(name, source)| ((*name).to_owned(), source.clone()));
        Template { id: "t1".to_owned(), term, fields: fields.collect(), page: String::new() }
    }

    fn theirs() -> wechat::Template {
        wechat::Template {
            id: "t1".to_owned(),
            title: "答复通知".to_owned(),
            kind: TemplateKind::Once,
            keys: vec!["thing1".to_owned(), "enum_string2".to_owned()],
            choices: vec![wechat::Choice {
                key: "enum_string2.DATA".to_owned(),
                words: vec!["已答复".to_owned(), "办理中".to_owned()],
            }],
        }
    }

    #[test]
    fn whatever_differs_is_named() {
        let fixed = |word: &str| Source::Fixed(word.to_owned());
        let right = ours(Term::Once, &[("thing1", Source::Title), ("enum_string2", fixed("已答复"))]);
        assert_eq!(faults(&right, &theirs()), Vec::<String>::new());

        let wrong = ours(Term::Long, &[("thing3", Source::Title), ("enum_string2", fixed("答完了"))]);
        let said = faults(&wrong, &theirs()).join("; ");
        for part in
            ["\"once\"", "fields thing1 have", "no fields thing3", "enum_string2 takes one of 已答复, 办理中"]
        {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        assert!(compare("answered", &right, &[]).detail.contains("no template t1"));
    }
}
