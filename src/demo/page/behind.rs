//! What the product does meanwhile: what is due, what leaves, calls, sheets, and what the outside was asked.

use maud::{Markup, html};

use super::view::Panel;
use super::{Demo, notes};
use crate::kernel::text::{Lang, Text};
use crate::kernel::time::Zone;
use crate::kernel::{At, Result};
use crate::platform::outbox;
use crate::platform::store::Tx;
use crate::sandbox::Call;
use crate::school::attendance::{self, Event, EventKind, Line};
use crate::school::session;
use crate::text;

const MOST: i64 = 40;

pub fn name(panel: Panel) -> Text {
    match panel {
        Panel::Due => text!("demo-panel-due"),
        Panel::Outbox => text!("demo-panel-outbox"),
        Panel::Calls => text!("demo-panel-calls"),
        Panel::Sheet => text!("demo-panel-sheet"),
        Panel::Journal => text!("demo-panel-journal"),
    }
}

/// The panel as it stands; what cannot be read says so.
pub async fn panel(demo: &Demo, panel: Panel, lang: Lang) -> Markup {
    let shown = match panel {
        Panel::Due => due(demo, lang).await,
        Panel::Outbox => settled(demo, lang).await,
        Panel::Calls => Ok(calls(demo, lang)),
        Panel::Sheet => sheets(demo, lang).await,
        Panel::Journal => Ok(journal(demo, lang)),
    };
    shown.unwrap_or_else(|error| html! { p.bad { (error) } })
}

/// The hour, with its day where that is not today.
pub fn moment(at: At, now: At) -> String {
    let zone = Zone::default();
    let hour = zone.clock_hour(at);
    if zone.day(at) == zone.day(now) { hour } else { format!("{} {hour}", zone.day(at).format("%d/%m")) }
}

fn heads(lang: Lang, heads: &[Text]) -> Markup {
    html! { thead { tr { @for head in heads { th scope="col" { (head.render(lang)) } } } } }
}

async fn due(demo: &Demo, lang: Lang) -> Result<Markup> {
    let rows = demo.db.db.read(async |tx: &mut Tx| outbox::store::upcoming(tx, MOST).await).await?;
    Ok(html! {
        p.soft { (text!("demo-panel-due-about").render(lang)) }
        (table(&rows, demo.clock.now(), lang))
    })
}

async fn settled(demo: &Demo, lang: Lang) -> Result<Markup> {
    let look = async |tx: &mut Tx| Ok((outbox::store::counts(tx).await?, outbox::store::recent(tx, MOST).await?));
    let (counts, rows) = demo.db.db.read(look).await?;
    let count = |(state, count): (String, i64)| {
        text!("demo-row-count", state = notes::state(&state), count = count).render(lang)
    };
    let counts: Vec<String> = counts.into_iter().map(count).collect();
    Ok(html! {
        p.soft { (text!("demo-panel-outbox-about").render(lang)) }
        p { (counts.join(" · ")) }
        (table(&rows, demo.clock.now(), lang))
    })
}

/// Rows of the outbox: when, what, and how they stand.
fn table(rows: &[outbox::store::Shown], now: At, lang: Lang) -> Markup {
    html! {
        table {
            (heads(lang, &[text!("demo-when"), text!("demo-what"), text!("demo-state")]))
            tbody {
                @for row in rows {
                    tr {
                        td.n { (moment(row.due_at, now)) }
                        td { (crate::school::state::rules::words(&row.kind).render(lang)) br; span.soft { (row.kind) } }
                        td.bad[matches!(row.state.as_str(), "discarded" | "unknown")] {
                            (notes::state(&row.state).render(lang))
                            @if !row.note.is_empty() { br; span.soft { (notes::note(&row.note).render(lang)) } }
                        }
                    }
                }
            }
        }
    }
}

fn calls(demo: &Demo, lang: Lang) -> Markup {
    let now = demo.clock.now();
    let name = |account: i64| demo.sandbox.name(account);
    let calls: Vec<_> = demo
        .groups
        .iter()
        .flat_map(|(class, chat)| demo.sandbox.calls(*chat).into_iter().rev().map(move |call| (class, call)))
        .collect();
    html! {
        p.soft { (text!("demo-panel-calls-about").render(lang)) }
        @if calls.is_empty() { p { (text!("demo-panel-empty").render(lang)) } }
        @for (class, call) in calls {
            h3 { (class) " · " (call.title) }
            p.n { (moment(call.started, now)) "–" (call.ended.map(|at| moment(at, now)).unwrap_or_default()) }
            table {
                (heads(lang, &[text!("demo-person"), text!("demo-from"), text!("demo-until")]))
                tbody {
                    @for stay in call.participants {
                        tr {
                            td { (stay.channel.unwrap_or_else(|| name(stay.person))) }
                            td.n { (moment(stay.joined, now)) }
                            td.n { (stay.left.map(|at| moment(at, now)).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}

/// The sheets of the last hours.
async fn sheets(demo: &Demo, lang: Lang) -> Result<Markup> {
    let now = demo.clock.now();
    let found = demo
        .db
        .db
        .read(async |tx: &mut Tx| {
            let mut found = Vec::new();
            let from = At(now.millis() - 6 * 3_600_000);
            for lesson in session::flow::between(tx, from, now.plus_days(1)).await? {
                if let Some(view) = attendance::flow::view(tx, &lesson).await? {
                    let events = attendance::flow::events(tx, &lesson.id).await?;
                    found.push((view, events));
                }
            }
            Ok(found)
        })
        .await?;
    let line = |line: &Line, events: &[Event]| {
        html! {
            tr {
                td {
                    (line.short_name())
                    @for stay in stays(events, &line.person_id) {
                        br; span.soft { (moment(stay.0, now)) "–" (stay.1.map(|at| moment(at, now)).unwrap_or_default()) }
                    }
                }
                td { (line.mark.word().render(lang)) @if let Some(late) = line.late { " · +" (late) " min" } }
                td.n { @if let Some(minutes) = line.minutes { (minutes) " min" } }
                td.soft { (line.source.word().render(lang)) }
            }
        }
    };
    Ok(html! {
        p.soft { (text!("demo-panel-sheet-about").render(lang)) }
        @if found.is_empty() { p { (text!("demo-panel-empty").render(lang)) } }
        @for (view, events) in found.iter().rev() {
            h3 { (view.classroom) " · " (view.head.render(lang)) }
            p.soft { (sheet_state(view.sheet.state).render(lang)) " · " (text!("demo-facts", count = events.len()).render(lang)) }
            table {
                (heads(lang, &[text!("demo-person"), text!("demo-state"), text!("demo-minutes"), text!("demo-source")]))
                tbody { @for one in &view.lines { (line(one, events)) } }
            }
        }
    })
}

/// So much of a message is shown in the journal.
const WORDS: usize = 48;

fn journal(demo: &Demo, lang: Lang) -> Markup {
    let now = demo.clock.now();
    let asked = demo.sandbox.journal();
    html! {
        p.soft { (text!("demo-panel-journal-about").render(lang)) }
        @for mail in demo.sandbox.mails().iter().rev().take(5) {
            p { "✉ " (mail.to.join(", ")) " · " (mail.subject) }
        }
        table {
            (heads(lang, &[text!("demo-when"), text!("demo-asked"), text!("demo-outcome")]))
            tbody {
                @for call in asked.iter().rev().filter(|call| !is_quiet(call)).take(60) {
                    tr {
                        td.n { (moment(call.at, now)) }
                        td {
                            (call.method)
                            @if let Some(whom) = whom(demo, call) { " → " (whom) }
                            @if let Some(words) = said(call) { br; span.soft { "« " (words) " »" } }
                        }
                        td.bad[!notes::went_well(&call.outcome)] { (notes::outcome(&call.outcome).render(lang)) }
                    }
                }
            }
        }
    }
}

/// Looks, of which a live call needs five a minute, would leave room for nothing else: one that failed is shown.
fn is_quiet(call: &Call) -> bool {
    let (method, well) = (call.method.as_str(), notes::went_well(&call.outcome));
    let looks = method.rsplit('.').next().is_some_and(|name| name.starts_with("get"));
    method.eq_ignore_ascii_case("getUpdates") || method.starts_with("updates.") || (looks && well)
}

/// To whom a request was: a person, or a group.
pub fn whom(demo: &Demo, call: &Call) -> Option<String> {
    let chat = call.chat_id?;
    let name = if chat > 0 { demo.sandbox.name(chat) } else { demo.sandbox.title(chat) };
    Some(name).filter(|name| !name.is_empty())
}

/// The first words of what it says.
fn said(call: &Call) -> Option<String> {
    let words = ["text", "caption"].into_iter().find_map(|name| call.params.get(name)?.as_str())?;
    let line = words.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(WORDS).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    Some(short).filter(|short| !short.is_empty())
}

/// When somebody was in the call, as the product learnt it: from, until.
fn stays(events: &[Event], person: &str) -> Vec<(At, Option<At>)> {
    let mut stays: Vec<(At, Option<At>)> = Vec::new();
    for event in events.iter().filter(|event| event.person_id.as_deref() == Some(person)) {
        match (event.kind, stays.last_mut()) {
            (EventKind::Left, Some(open)) if open.1.is_none() => open.1 = Some(event.source_at),
            (EventKind::Joined, Some((_, None))) => {}
            (EventKind::Joined, _) => stays.push((event.source_at, None)),
            _ => {}
        }
    }
    stays
}

fn sheet_state(state: attendance::SheetState) -> Text {
    match state {
        attendance::SheetState::Running => text!("demo-sheet-running"),
        attendance::SheetState::Proposed => text!("demo-sheet-proposed"),
        attendance::SheetState::Validated => text!("demo-sheet-validated"),
        attendance::SheetState::Locked => text!("demo-sheet-locked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_failed_is_shown_and_so_is_whatever_else_was_asked() {
        let call = |method: &str, outcome: &str| Call {
            number: 1,
            at: At(0),
            method: method.to_owned(),
            params: serde_json::Value::Null,
            chat_id: None,
            outcome: outcome.to_owned(),
            planned: false,
        };
        for (method, outcome, quiet) in [
            ("getUpdates", "waiting", true),
            ("GetUpdates", "reset", true),
            ("updates.getState", "ok", true),
            ("phone.getGroupCall", "ok", true),
            ("phone.getGroupParticipants", "ok", true),
            ("phone.getGroupCall", "FLOOD_WAIT_9", false),
            ("phone.createGroupCall", "ok", false),
            ("sendMessage", "ok", false),
        ] {
            assert_eq!(is_quiet(&call(method, outcome)), quiet, "{method}: {outcome}");
        }
    }
}
