//! The health card as a page, for whoever looks after the machine.

use maud::{DOCTYPE, html};

use super::{flow, rules, screens};
use crate::kernel::absence::{Absence, Needed};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::platform::outbox;
use crate::platform::web::{Check, Visit};
use crate::text;

/// So many effects that are due next are listed.
const MOST_AHEAD: usize = 10;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:1.5rem auto;padding:0 1rem;\
color:#1b1b1b;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.5rem}li{margin:.2rem 0}a{color:#0645ad}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#8ab4f8}}";

/// A check of `/readyz` that fails, in words where it has some.
fn failing(check: &Check, zone: Zone) -> Text {
    match (check.name.as_str(), check.detail.as_str()) {
        ("telegram", Check::NOT_YET) => text!("state-check-not-yet"),
        ("telegram", Check::SILENT) => text!("state-check-silent"),
        ("telegram", Check::RIVAL) => text!("state-check-rival"),
        ("telegram", Check::WEBHOOK) => text!("state-check-webhook"),
        ("store", _) => match check.since {
            Some(since) => text!("state-store-away", since = Arg::Moment(since, zone)),
            None => text!("state-check-store-silent"),
        },
        (_, Check::LATE) => text!("state-check-late"),
        (name, detail) => text!("state-check-other", name = name, detail = detail),
    }
}

/// What `/etat` says, the checks of `/readyz`, and what is due next. Nothing can be changed here.
pub async fn health(visit: &Visit, callers: Vec<(String, Option<Text>)>) -> Result<String> {
    let (card, ahead) = visit
        .db
        .read(async |tx| Ok((flow::card(tx, 0, callers).await?, outbox::store::upcoming(tx, rules::AHEAD).await?)))
        .await?;
    let ahead: Vec<_> = ahead.into_iter().filter(|row| rules::is_told(&row.kind)).take(MOST_AHEAD).collect();
    let say = |words: &Text| words.render(visit.lang);
    // What the card knows to be away it says itself, and since when.
    let is_open = |absence: &Absence| absence.what == Needed::Telegram && absence.until.is_none();
    let away = card.absences.iter().any(is_open);
    let said = |check: &Check| check.name == "telegram" && check.detail == Check::SILENT && away;
    let failing = visit.checks.iter().filter(|check| !check.ok && !said(check)).map(|check| failing(check, card.zone));
    let concerns: Vec<Text> = failing.chain(screens::concerns(&card)).collect();
    let title = say(&screens::title(&card));
    let listed = [
        (text!("state-page-troubles"), screens::numbered(&card.troubles, card.zone), text!("state-page-decide")),
        (text!("state-page-overdue"), screens::numbered(&card.overdue, card.zone), text!("state-page-again")),
    ];
    let due = |row: &outbox::store::Shown| {
        text!("state-page-due", what = rules::words(&row.kind), at = Arg::Moment(row.due_at, card.zone))
    };
    let page = html! {
        (DOCTYPE)
        html lang=(visit.lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Préau · " (title) }
                style { (STYLE) }
            }
            body {
                main {
                    h1 { (say(&screens::verdict(&concerns))) }
                    p { (title) }
                    ul { @for concern in &concerns { li { (say(concern)) } } }
                    @for (head, rows, about) in listed.iter().filter(|(_, rows, _)| !rows.is_empty()) {
                        h2 { (say(head)) }
                        ul { @for row in rows { li { (say(row)) } } }
                        p { (say(about)) }
                    }
                    h2 { (say(&text!("state-page-parts"))) }
                    ul { @for line in &screens::standing(&card) { li { (say(line)) } } }
                    h2 { (say(&text!("state-page-ahead"))) }
                    @if ahead.is_empty() { p { (say(&text!("state-next-none"))) } }
                    ul { @for row in &ahead { li { (say(&due(row))) } } }
                    h2 { (say(&text!("state-page-machine"))) }
                    ul {
                        @for check in &visit.checks {
                            li { (check.name) " : " @if check.ok { "ok" } @else { strong { "✗" } }
                                @if check.detail == Check::STANDS_BY { " · " (say(&text!("state-check-stands-by"))) } }
                        }
                        @for path in ["/healthz", "/readyz", "/metrics"] { li { a href=(path) { (path) } } }
                    }
                }
            }
        }
    };
    Ok(page.into_string())
}
