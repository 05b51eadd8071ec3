//! Holds both sides to the published Bot API: what the bot asks, and what the sandbox answers and tells.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
}

#[derive(Debug, Deserialize)]
struct Type {
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    subtypes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Method {
    name: String,
    returns: Vec<String>,
    #[serde(default)]
    fields: Vec<Field>,
}

/// The published description: methods and types.
#[derive(Debug, Deserialize)]
pub struct Schema {
    methods: BTreeMap<String, Method>,
    types: BTreeMap<String, Type>,
    /// Methods by their lower-case name.
    #[serde(skip)]
    names: BTreeMap<String, String>,
}

/// Whether values may come as text: in forms everything does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Asked,
    Given,
}

impl Schema {
    pub fn load(path: &Path) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let mut schema: Self = serde_json::from_str(&text)?;
        schema.names = schema.methods.keys().map(|name| (name.to_lowercase(), name.clone())).collect();
        Ok(schema)
    }

    fn method(&self, name: &str) -> Option<&Method> {
        self.names.get(&name.to_lowercase()).and_then(|name| self.methods.get(name))
    }

    /// What is wrong with a request; empty when nothing is.
    pub fn check_request(&self, name: &str, params: &Map<String, Value>) -> Vec<String> {
        let Some(method) = self.method(name) else {
            return vec![format!("{name}: no such method")];
        };
        self.fields(&method.fields, params, &method.name, Side::Asked)
    }

    /// What is wrong with our own answer.
    pub fn check_answer(&self, name: &str, result: &Value) -> Vec<String> {
        self.method(name).map_or_else(Vec::new, |method| {
            self.any(&method.returns, result, &format!("{} answer", method.name), Side::Given)
        })
    }

    pub fn check_type(&self, name: &str, value: &Value) -> Vec<String> {
        self.one(name, value, name, Side::Given)
    }

    fn fields(&self, fields: &[Field], values: &Map<String, Value>, path: &str, side: Side) -> Vec<String> {
        let mut wrong = Vec::new();
        for field in fields {
            match values.get(&field.name) {
                Some(Value::Null) if side == Side::Asked && !field.required => {}
                Some(value) => wrong.extend(self.any(&field.types, value, &format!("{path}.{}", field.name), side)),
                None if field.required => wrong.push(format!("{path}.{}: missing", field.name)),
                None => {}
            }
        }
        let unknown = values.keys().filter(|name| !fields.iter().any(|field| field.name == **name));
        wrong.extend(unknown.map(|name| format!("{path}.{name}: unknown field")));
        wrong
    }

    /// One of several types must fit; the complaint is that of the only one, or of none.
    fn any(&self, types: &[String], value: &Value, path: &str, side: Side) -> Vec<String> {
        let mut least: Option<Vec<String>> = None;
        for name in types {
            let wrong = self.one(name, value, path, side);
            if wrong.is_empty() {
                return wrong;
            }
            if least.as_ref().is_none_or(|least| wrong.len() < least.len()) {
                least = Some(wrong);
            }
        }
        let mut wrong = least.unwrap_or_default();
        if types.len() > 1 {
            wrong.insert(0, format!("{path}: fits none of {}", types.join(", ")));
        }
        wrong
    }

    fn one(&self, name: &str, value: &Value, path: &str, side: Side) -> Vec<String> {
        let asked = side == Side::Asked;
        let as_text = value.as_str().filter(|_| asked);
        let fits = match name {
            "Integer" => value.is_i64() || as_text.is_some_and(|text| text.parse::<i64>().is_ok()),
            "Float" => value.is_number() || as_text.is_some_and(|text| text.parse::<f64>().is_ok()),
            "Boolean" | "True" => value.is_boolean() || as_text.is_some_and(|text| matches!(text, "true" | "false")),
            "String" | "InputFile" => value.is_string(),
            _ => return self.compound(name, value, path, side),
        };
        if fits { Vec::new() } else { vec![format!("{path}: {} is no {name}", kind(value))] }
    }

    fn compound(&self, name: &str, value: &Value, path: &str, side: Side) -> Vec<String> {
        // In requests objects may come as JSON in a string.
        if side == Side::Asked
            && let Some(parsed) = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
            && !parsed.is_string()
        {
            return self.compound(name, &parsed, path, side);
        }
        if let Some(element) = name.strip_prefix("Array of ") {
            let Some(items) = value.as_array() else {
                return vec![format!("{path}: {} is no {name}", kind(value))];
            };
            let each = |(index, item)| self.one(element, item, &format!("{path}[{index}]"), side);
            return items.iter().enumerate().flat_map(each).collect();
        }
        let Some(declared) = self.types.get(name) else {
            return vec![format!("{path}: type {name} is not described")];
        };
        if !declared.subtypes.is_empty() {
            return self.any(&declared.subtypes, value, path, side);
        }
        match value.as_object() {
            Some(values) => self.fields(&declared.fields, values, path, side),
            None => vec![format!("{path}: {} is no {name}", kind(value))],
        }
    }
}

/// Values are named by their kind only: violations go into logs of tests, texts do not belong there.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        let mut schema: Schema = serde_json::from_value(json!({
            "methods": { "sendIt": { "name": "sendIt", "returns": ["Pet"], "fields": [
                { "name": "chat_id", "types": ["Integer", "String"], "required": true },
                { "name": "pets", "types": ["Array of Pet"], "required": false },
            ] } },
            "types": {
                "Pet": { "subtypes": ["Cat", "Dog"] },
                "Cat": { "fields": [{ "name": "lives", "types": ["Integer"], "required": true }] },
                "Dog": { "fields": [{ "name": "barks", "types": ["Boolean"], "required": true }] },
            },
        }))
        .unwrap();
        schema.names.insert("sendit".to_owned(), "sendIt".to_owned());
        schema
    }

    #[test]
    fn requests_are_held_to_their_fields() {
        let schema = schema();
        let check = |params: Value| schema.check_request("SendIt", params.as_object().unwrap()).join("; ");
        assert_eq!(check(json!({ "chat_id": 5, "pets": "[{\"lives\":9},{\"barks\":true}]" })), "");
        assert_eq!(check(json!({})), "sendIt.chat_id: missing");
        assert_eq!(check(json!({ "chat_id": 5, "x": 1 })), "sendIt.x: unknown field");
        assert!(check(json!({ "chat_id": 5, "pets": [{ "lives": "nine" }] })).contains("fits none of Cat, Dog"));
    }

    #[test]
    fn answers_are_not_forgiven_text() {
        let schema = schema();
        assert!(schema.check_answer("sendIt", &json!({ "lives": 9 })).is_empty());
        assert!(!schema.check_answer("sendIt", &json!({ "lives": "9" })).is_empty());
        assert!(!schema.check_answer("sendIt", &json!("{\"lives\":9}")).is_empty());
    }
}
