//! Keyboards as PRODUCT c.2 wants them: on a phone everything is seen whole.

use preau::sandbox::Call;
use preau::telegram::callback::{MOST_ALONE, MOST_LABEL};
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
