//! `parse_mode`: from marked-up text to plain text and entities, offsets in UTF-16 units.

use serde_json::{Value, json};

use super::refusal::{Refusal, bad};

/// Text and its entities.
pub type Parsed = (String, Vec<Value>);

fn cannot(why: &str) -> Refusal {
    bad(format!("can't parse entities: {why}"))
}

/// Reads the text as `mode` says.
pub fn parse(text: &str, mode: Option<&str>) -> Result<Parsed, Refusal> {
    match mode.map(str::to_lowercase).as_deref() {
        None | Some("") => Ok((text.to_owned(), super::posts::command_entities(text))),
        Some("html") => html(text),
        Some("markdownv2") => markdown(text),
        Some(_) => Err(bad("unsupported parse_mode")),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

struct Open {
    tag: String,
    start: usize,
    entity: Value,
}

fn close(open: Open, length: usize, entities: &mut Vec<Value>) {
    let mut entity = open.entity;
    if length > 0
        && let Some(fields) = entity.as_object_mut()
    {
        fields.insert("offset".to_owned(), json!(open.start));
        fields.insert("length".to_owned(), json!(length));
        entities.push(entity);
    }
}

fn sorted(mut entities: Vec<Value>) -> Vec<Value> {
    let number = |entity: &Value, name: &str| entity.get(name).and_then(Value::as_i64).unwrap_or(0);
    entities.sort_by_key(|entity| (number(entity, "offset"), -number(entity, "length")));
    entities
}

/// Telegram's HTML: a handful of tags, four named entities and numbers.
fn html(text: &str) -> Result<Parsed, Refusal> {
    let (mut out, mut open, mut entities) = (String::new(), Vec::<Open>::new(), Vec::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        if first == '&' {
            let (decoded, used) = html_entity(rest);
            out.push_str(&decoded);
            rest = rest.get(used..).unwrap_or_default();
        } else if first == '<' {
            let end = rest.find('>').ok_or_else(|| cannot(&format!("Unclosed start tag at byte offset {at}")))?;
            let inside = rest.get(1..end).unwrap_or_default();
            rest = rest.get(end + 1..).unwrap_or_default();
            if let Some(name) = inside.strip_prefix('/') {
                let name = name.trim().to_lowercase();
                let Some(last) = open.pop() else {
                    return Err(cannot(&format!("Unexpected end tag at byte offset {at}")));
                };
                if last.tag != name {
                    let (wanted, found) = (last.tag, name);
                    return Err(cannot(&format!(
                        "Unmatched end tag at byte offset {at}, expected \"</{wanted}>\", found \"</{found}>\""
                    )));
                }
                let length = units(&out) - last.start;
                close(last, length, &mut entities);
            } else {
                let (tag, entity) = html_tag(inside, at)?;
                open.push(Open { tag, start: units(&out), entity });
            }
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    match open.pop() {
        Some(left) => Err(cannot(&format!("Can't find end tag corresponding to start tag \"{}\"", left.tag))),
        None => Ok((out, sorted(entities))),
    }
}

fn html_entity(rest: &str) -> (String, usize) {
    for (name, plain) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\"")] {
        if rest.starts_with(name) {
            return (plain.to_owned(), name.len());
        }
    }
    let number = rest.strip_prefix("&#").and_then(|digits| {
        let (digits, tail) = digits.split_once(';')?;
        let _ = tail;
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => digits.parse().ok()?,
        };
        Some((char::from_u32(code)?.to_string(), digits.len() + 3))
    });
    // Anything else stays as it was written.
    number.unwrap_or_else(|| ("&".to_owned(), 1))
}

fn html_tag(inside: &str, at: usize) -> Result<(String, Value), Refusal> {
    let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let name = name.to_lowercase();
    let attribute = |wanted: &str| {
        attributes.split_once(&format!("{wanted}=")).map(|(_, value)| {
            let value = value.trim_start();
            let quoted = value.strip_prefix('"').and_then(|value| value.split_once('"'));
            let single = value.strip_prefix('\'').and_then(|value| value.split_once('\''));
            let raw =
                quoted.or(single).map_or_else(|| value.split_whitespace().next().unwrap_or(""), |(value, _)| value);
            raw.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">")
        })
    };
    let entity = match name.as_str() {
        "b" | "strong" => json!({ "type": "bold" }),
        "i" | "em" => json!({ "type": "italic" }),
        "u" | "ins" => json!({ "type": "underline" }),
        "s" | "strike" | "del" => json!({ "type": "strikethrough" }),
        "tg-spoiler" => json!({ "type": "spoiler" }),
        "span" if attribute("class").as_deref() == Some("tg-spoiler") => json!({ "type": "spoiler" }),
        "span" => {
            return Err(cannot(&format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}")));
        }
        "code" => json!({ "type": "code" }),
        "pre" => json!({ "type": "pre" }),
        "blockquote" if attributes.contains("expandable") => json!({ "type": "expandable_blockquote" }),
        "blockquote" => json!({ "type": "blockquote" }),
        "a" => json!({ "type": "text_link", "url": attribute("href").unwrap_or_default() }),
        _ => return Err(cannot(&format!("Unsupported start tag \"{name}\" at byte offset {at}"))),
    };
    Ok((name, entity))
}

/// `MarkdownV2`: every mark that is not meant must be escaped.
fn markdown(text: &str) -> Result<Parsed, Refusal> {
    let (mut out, mut open, mut entities) = (String::new(), Vec::<Open>::new(), Vec::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let inside_code = open.last().is_some_and(|open| open.tag.starts_with('`'));
        let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(char::is_ascii_punctuation);
        if let Some(escaped) = escaped {
            out.push(escaped);
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        let mark = ["```", "`", "__", "_", "*", "~", "||", "["].into_iter().find(|mark| rest.starts_with(mark));
        let mark = mark.filter(|mark| !inside_code || open.last().is_some_and(|open| open.tag == *mark));
        if rest.starts_with("](") && !inside_code && open.last().is_some_and(|open| open.tag == "[") {
            let end = rest.find(')').ok_or_else(|| cannot("Can't find end of a URL"))?;
            let url = rest.get(2..end).unwrap_or_default().replace('\\', "");
            if let Some(mut last) = open.pop() {
                last.entity = json!({ "type": "text_link", "url": url });
                let length = units(&out) - last.start;
                close(last, length, &mut entities);
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        } else if let Some(mark) = mark {
            rest = rest.get(mark.len()..).unwrap_or_default();
            if open.last().is_some_and(|open| open.tag == mark) {
                if let Some(last) = open.pop() {
                    let length = units(&out) - last.start;
                    close(last, length, &mut entities);
                }
            } else {
                let kind = match mark {
                    "```" => "pre",
                    "`" => "code",
                    "__" => "underline",
                    "_" => "italic",
                    "*" => "bold",
                    "~" => "strikethrough",
                    _ => "spoiler",
                };
                open.push(Open { tag: mark.to_owned(), start: units(&out), entity: json!({ "type": kind }) });
            }
        } else if !inside_code && "]()>#+-=|{}.!".contains(first) && !(first == '>' && starts_line(text, at)) {
            return Err(cannot(&format!(
                "Character '{first}' is reserved and must be escaped with the preceding '\\'"
            )));
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    match open.pop() {
        Some(left) => Err(cannot(&format!("Can't find end of the entity starting with {}", left.tag))),
        None => Ok((out, sorted(entities))),
    }
}

fn starts_line(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str, mode: &str) -> Parsed {
        parse(text, Some(mode)).unwrap()
    }

    #[test]
    fn html_becomes_text_and_entities() {
        let (text, entities) =
            ok("é🙂 <b>gras &amp; <i>deux</i></b> <a href=\"https://a.b/?x=1&amp;y\">lien</a>", "HTML");
        assert_eq!(text, "é🙂 gras & deux lien");
        assert_eq!(entities[0], json!({ "type": "bold", "offset": 4, "length": 11 }));
        assert_eq!(entities[1], json!({ "type": "italic", "offset": 11, "length": 4 }));
        assert_eq!(entities[2]["url"], "https://a.b/?x=1&y");
    }

    #[test]
    fn html_that_is_none_is_refused_as_telegram_does() {
        let why = |text: &str| parse(text, Some("HTML")).unwrap_err().description;
        assert!(why("<b>x").ends_with("Can't find end tag corresponding to start tag \"b\""));
        assert!(why("a <nom>").ends_with("Unsupported start tag \"nom\" at byte offset 2"));
        assert!(why("<b>x</i>").ends_with("expected \"</b>\", found \"</i>\""));
    }

    #[test]
    fn markdown_wants_its_marks_escaped() {
        let (text, entities) = ok("*gras* \\- `a.b` [l](https://x.y)", "MarkdownV2");
        assert_eq!(text, "gras - a.b l");
        assert_eq!(entities.len(), 3);
        assert!(parse("a.b", Some("MarkdownV2")).unwrap_err().description.contains("Character '.' is reserved"));
    }
}
