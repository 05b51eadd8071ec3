//! A message's text as HTML: what the Bot API calls entities becomes tags; offsets count UTF-16 units.

use maud::{Markup, html};
use serde_json::Value;

#[derive(Clone, Copy)]
struct Span<'a> {
    from: usize,
    until: usize,
    kind: &'a str,
    url: Option<&'a str>,
}

fn spans(entities: &[Value]) -> Vec<Span<'_>> {
    let number = |entity: &Value, name: &str| {
        entity.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
    };
    let mut spans: Vec<Span<'_>> = entities
        .iter()
        .map(|entity| {
            let from = number(entity, "offset");
            Span {
                from,
                until: from + number(entity, "length"),
                kind: entity.get("type").and_then(Value::as_str).unwrap_or_default(),
                url: entity.get("url").and_then(Value::as_str),
            }
        })
        .collect();
    // Outer ones first.
    spans.sort_by_key(|span| (span.from, usize::MAX - span.until));
    spans
}

/// Where the UTF-16 unit `unit` begins in `text`.
fn byte(text: &str, unit: usize) -> usize {
    let mut units = 0;
    for (at, sign) in text.char_indices() {
        if units >= unit {
            return at;
        }
        units += sign.len_utf16();
    }
    text.len()
}

/// The text with its entities.
pub fn marked(text: &str, entities: &[Value]) -> Markup {
    between(text, 0, text.encode_utf16().count(), &spans(entities))
}

fn between(text: &str, from: usize, until: usize, spans: &[Span<'_>]) -> Markup {
    let plain = |from: usize, until: usize| text.get(byte(text, from)..byte(text, until)).unwrap_or_default();
    let Some((first, rest)) = spans.split_first() else { return html! { (plain(from, until)) } };
    if first.from >= until || first.from < from {
        return between(text, from, until, rest);
    }
    let end = first.until.min(until);
    let (inner, after): (Vec<Span<'_>>, Vec<Span<'_>>) = rest.iter().copied().partition(|span| span.from < end);
    let within = between(text, first.from, end, &inner);
    let said = plain(first.from, end);
    html! {
        (plain(from, first.from))
        @match first.kind {
            "text_link" => a href=(first.url.unwrap_or_default()) rel="noreferrer" target="_blank" { (within) },
            "url" => a href=(said) rel="noreferrer" target="_blank" { (within) },
            "bold" => strong { (within) },
            "italic" => em { (within) },
            "underline" => u { (within) },
            "strikethrough" => s { (within) },
            "code" => code { (within) },
            "pre" => pre { (within) },
            "blockquote" | "expandable_blockquote" => blockquote { (within) },
            _ => span.mention { (within) },
        }
        (between(text, end, until, &after))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entities_become_tags_and_nothing_else_does() {
        let said = |text: &str, entities: &[Value]| marked(text, entities).into_string();
        assert_eq!(said("a <b> & c", &[]), "a &lt;b&gt; &amp; c");
        let bold = json!({ "type": "bold", "offset": 3, "length": 4 });
        assert_eq!(said("🎓 Inès !", &[bold]), "🎓 <strong>Inès</strong> !");
        let nested = [
            json!({ "type": "bold", "offset": 0, "length": 5 }),
            json!({ "type": "italic", "offset": 2, "length": 2 }),
            json!({ "type": "code", "offset": 6, "length": 1 }),
        ];
        assert_eq!(said("abcde f", &nested), "<strong>ab<em>cd</em>e</strong> <code>f</code>");
        let link = json!({ "type": "text_link", "offset": 0, "length": 2, "url": "https://a.example/?x=\"" });
        assert!(said("là", &[link]).starts_with("<a href=\"https://a.example/?x=&quot;\""));
        let beyond = json!({ "type": "bold", "offset": 1, "length": 99 });
        assert_eq!(said("abc", &[beyond]), "a<strong>bc</strong>");
    }
}
