//! The description of the API, as a client's generator reads it.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::story;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

story! {
    async fn the_api_describes_itself_in_openapi_3_1(app: &App) {
        let answer = app.get("/api/v1/openapi.json").await;
        let document = answer.expect_status(200);

        assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")));
        assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
        assert_eq!(dangling_references(&document), Vec::<String>::new());
        let operations = operations(&document);
        let names: BTreeSet<&str> = operations.iter().filter_map(|(_, it)| it["operationId"].as_str()).collect();
        assert_eq!(names.len(), operations.len(), "operation ids are given, and are unique");
        for (name, operation) in operations {
            assert!(operation["tags"].is_array(), "{name} has no tag");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
            assert!(responses.contains_key("503"), "{name} does not say that it can be unavailable");
        }
    }
}

/// All operations with their method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = |(path, item): (&String, &'static str)| format!("{item} {path}");
    paths
        .iter()
        .flat_map(|(path, item)| METHODS.iter().map(move |method| (path, *method, item.get(*method))))
        .filter_map(|(path, method, operation)| Some((each((path, method)), operation?)))
        .collect()
}

/// The references within the document that lead nowhere.
fn dangling_references(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_references(document, &mut found);
    found.retain(|it| it.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).is_none());
    found
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
