//! Keyboards as PRODUCT c.2 wants them: on a phone everything is seen whole.

use preau::sandbox::Call;
use preau::telegram::screen::{MOST_ALONE, MOST_LABEL};
use serde_json::Value;

const MOST_ROWS: usize = 8;
const MOST_COLUMNS: usize = 3;

/// What is wrong with the keyboards that the bot sent.
pub fn clumsy(journal: &[Call]) -> Vec<String> {
    journal.iter().filter_map(|call| call.params.get("reply_markup")).flat_map(wrong).collect()
}

fn wrong(markup: &Value) -> Vec<String> {
    let read = markup.as_str().and_then(|words| serde_json::from_str(words).ok());
    let markup: &Value = read.as_ref().unwrap_or(markup);
    let rows: Vec<Vec<&str>> = markup["inline_keyboard"].as_array().map_or_else(Vec::new, |rows| {
        rows.iter()
            .map(|row| row.as_array().into_iter().flatten().filter_map(|key| key["text"].as_str()).collect())
            .collect()
    });
    let mut wrong = Vec::new();
    // Wherever one may go back, or turn pages, one may close.
    let goes_back = |label: &&str| label.starts_with("« ") && !label.contains('»');
    let turns = |label: &&str| label.starts_with('‹') || label.ends_with('›');
    let mut labels = rows.iter().flatten();
    if labels.clone().any(|label| goes_back(label) || turns(label)) && !labels.any(|label| label.starts_with("✕ ")) {
        wrong.push(format!("cannot be closed: {rows:?}"));
    }
    if rows.len() > MOST_ROWS {
        wrong.push(format!("{} rows: {rows:?}", rows.len()));
    }
    for row in rows {
        let most = if row.len() > 1 { MOST_LABEL } else { MOST_ALONE };
        if row.len() > MOST_COLUMNS || row.iter().any(|label| label.encode_utf16().count() > most) {
            wrong.push(format!("a row: {row:?}"));
        }
    }
    wrong
}

#[test]
fn a_keyboard_that_goes_back_or_turns_pages_can_be_closed() {
    let wrong = |labels: &[&str]| {
        let row: Vec<Value> = labels.iter().map(|label| serde_json::json!({ "text": label })).collect();
        wrong(&serde_json::json!({ "inline_keyboard": [row] })).len()
    };
    for poor in [&["« Retour"][..], &["« Back", "List"], &["2/3 ›"], &["‹", "3/3"]] {
        assert_eq!(wrong(poor), 1, "{poor:?}");
    }
    for fine in [&["« Retour", "✕ Fermer"][..], &["‹ 1/3", "3/3 ›", "✕ Close"], &["Liste"], &["« Je suis là »"]]
    {
        assert_eq!(wrong(fine), 0, "{fine:?}");
    }
}
