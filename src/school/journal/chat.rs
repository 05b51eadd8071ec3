//! `/journal`, its pages, and its file.

use super::{Meant, Order, Query, flow, screens};
use crate::kernel::Result;
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::page_asked;
use crate::text;

/// `/journal`, alone or with what is looked for.
pub async fn journal(turn: &mut Turn<'_>) -> Result<Answer> {
    let words = turn.args.trim().to_owned();
    if words.is_empty() {
        return shown(turn, Query::default(), 1).await;
    }
    let query = match flow::meant(turn.tx, &words).await? {
        Meant::Query(query) => query,
        Meant::Several(query, people) => return Ok(Answer::screen(screens::several(&query, &people)?)),
        Meant::Unknown(words) => return Ok(Answer::screen(screens::unknown(&words))),
    };
    shown(turn, query, 1).await
}

async fn shown(turn: &mut Turn<'_>, query: Query, page: usize) -> Result<Answer> {
    let found = flow::page(turn.tx, query, page).await?;
    Ok(Answer::screen(screens::page(&found, turn.tx.zone())?))
}

/// « ‹ 1/4 › »
pub async fn page(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let (query, page) = args.rsplit_once(' ').unwrap_or((&args, ""));
    let query = serde_json::from_str(query)?;
    shown(turn, query, page_asked(page).unwrap_or(1)).await
}

/// One of several people who are called so.
pub async fn person(turn: &mut Turn<'_>) -> Result<Answer> {
    let query = serde_json::from_str(&turn.args)?;
    shown(turn, query, 1).await
}

/// « Fichier CSV »
pub async fn send(turn: &mut Turn<'_>) -> Result<Answer> {
    let query = serde_json::from_str(&turn.args)?;
    let order = Order { account: turn.who.account, lang: turn.who.lang, query };
    flow::order(turn.tx, &order, turn.message).await?;
    Ok(Answer::alert(text!("journal-file-alert")))
}
