//! What changes is sent to each open tab as it changes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::watch;

use super::view::View;
use super::{Demo, Shared, behind, shell, tour, trouble};

/// Changes that come together are shown together.
const TOGETHER: Duration = Duration::from_millis(12);
/// What the product writes for itself shows within so long.
const LOOK: Duration = Duration::from_secs(1);

struct Tab {
    demo: Shared,
    view: View,
    changes: watch::Receiver<u64>,
    /// What was sent last, by name.
    sent: BTreeMap<String, String>,
    waiting: Vec<Event>,
}

/// `/stream`: one connection a tab.
pub async fn stream(
    State(demo): State<Shared>,
    RawQuery(query): RawQuery,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let view = View::read(&query.unwrap_or_default(), &demo.usual, demo.lang);
    let changes = demo.sandbox.changes();
    let tab = Tab { demo, view, changes, sent: BTreeMap::new(), waiting: Vec::new() };
    Sse::new(unfold(tab, |mut tab| async move {
        while tab.waiting.is_empty() {
            tab.look().await;
        }
        let event = tab.waiting.remove(0);
        Some((Ok(event), tab))
    }))
    .keep_alive(KeepAlive::default())
}

impl Tab {
    /// Waits for a change, and notes what has to be sent.
    async fn look(&mut self) {
        if !self.sent.is_empty() {
            let clock = self.demo.clock.clone();
            let _ = clock.within(LOOK, self.changes.changed()).await;
            clock.rest(TOGETHER).await;
        }
        self.changes.mark_unchanged();
        for (name, html) in parts(&self.demo, &self.view).await {
            if self.sent.get(&name) != Some(&html) {
                // Browsers pass an event without data on to nobody: what is empty now is sent as a remark.
                let data = if html.is_empty() { "<!---->".to_owned() } else { html.replace('\r', "") };
                self.waiting.push(Event::default().event(&name).data(data));
                self.sent.insert(name, html);
            }
        }
    }
}

/// The parts of a tab's page that change, by the name of their event.
async fn parts(demo: &Demo, view: &View) -> Vec<(String, String)> {
    if demo.over.load(Ordering::Relaxed) {
        // Another school is shown: the tab goes there, to its usual phones.
        let there = View { phones: Vec::new(), tour: true, ..view.clone() };
        return vec![("fresh".to_owned(), there.href())];
    }
    let mut parts = vec![
        ("clock".to_owned(), shell::clock(demo, view.lang).into_string()),
        ("news".to_owned(), trouble::news(demo, view.lang).into_string()),
    ];
    for (nth, phone) in view.phones.iter().enumerate() {
        let shown = super::phone::Shown { demo, view, nth, phone: *phone };
        parts.push((format!("phone-{nth}"), shown.above().into_string()));
        parts.push((format!("wall-{nth}"), shown.messages().into_string()));
    }
    if let Some(panel) = view.panel {
        parts.push(("panel".to_owned(), behind::panel(demo, panel, view.lang).await.into_string()));
    }
    if view.tour {
        parts.push(("tour".to_owned(), tour::steps(demo, view).await.into_string()));
    }
    parts
}
