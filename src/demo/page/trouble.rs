//! Trouble that a visitor may make: the drawer, and what the page says of it until it is over.

use std::sync::{Mutex, PoisonError};

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::behind::{moment, whom};
use super::house::Coming;
use super::{Demo, Shared};
use crate::demo::driver::Fallen;
use crate::kernel::At;
use crate::kernel::text::{Lang, Text};
use crate::sandbox::{Call, Fault};
use crate::school::state::rules::words;
use crate::telegram::screen::unbroken;
use crate::text;

/// How many minutes of school time something that is over is told of.
const TOLD_MINUTES: i64 = 10;

/// What a visitor let go wrong.
#[derive(Debug, Default)]
pub struct Troubles(Mutex<Made>);

#[derive(Debug, Clone, Default)]
struct Made {
    away: bool,
    /// The account that opens calls is signed out.
    signed_out: bool,
    /// Why it could not be signed in again.
    refused: Option<String>,
    /// In this group's calls, who only listens is not shown.
    hidden: Option<i64>,
    /// How many requests the journal had when an answer was to be lost, or a wait to be asked for.
    lost: Option<usize>,
    wait: Option<usize>,
}

impl Troubles {
    fn made(&self) -> Made {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn make(&self, change: impl FnOnce(&mut Made)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[derive(Debug, Deserialize)]
pub struct Trouble {
    fault: String,
}

/// `/fault`: trouble with Telegram, and its end.
pub async fn fault(State(demo): State<Shared>, Form(trouble): Form<Trouble>) -> StatusCode {
    let name = trouble.fault.as_str();
    let Some(fault) = planned(&demo, name) else {
        if name != "signin" {
            return StatusCode::NOT_FOUND;
        }
        let refused = crate::demo::school::sign_in(&demo.sandbox, &demo.db.db).await.err();
        demo.troubles.make(|made| {
            made.signed_out = refused.is_some();
            made.refused = refused.map(|error| error.to_string());
        });
        demo.sandbox.touch();
        return StatusCode::NO_CONTENT;
    };
    let asked = demo.sandbox.journal().len();
    demo.troubles.make(|made| match &fault {
        Fault::Away(away) => made.away = *away,
        Fault::LostAnswer { .. } => made.lost = Some(asked),
        Fault::TooManyRequests { .. } => made.wait = Some(asked),
        Fault::RevokeSession(_) => made.signed_out = true,
        Fault::HiddenListeners(chat) => made.hidden = Some(*chat),
        _ => made.hidden = None,
    });
    demo.sandbox.fault(fault);
    demo.sandbox.touch();
    StatusCode::NO_CONTENT
}

fn planned(demo: &Demo, name: &str) -> Option<Fault> {
    let group = demo.groups.values().next().copied();
    Some(match name {
        "away" => Fault::Away(true),
        "back" => Fault::Away(false),
        "lost" => Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 },
        "wait" => Fault::TooManyRequests { method: None, retry_after: 3, times: 1 },
        "revoked" => Fault::RevokeSession(demo.caller?),
        "hidden" => Fault::HiddenListeners(group?),
        "shown" => Fault::ShownListeners(group?),
        _ => return None,
    })
}

fn button(name: &str, place: &str, word: &Text, lang: Lang) -> Markup {
    html! {
        button type="button" id={ "fault-" (name) "-" (place) } hx-post="/fault"
            hx-vals={ "{\"fault\":\"" (name) "\"}" } hx-swap="none" { (word.render(lang)) }
    }
}

/// The drawer.
pub fn drawer(lang: Lang) -> Markup {
    let say = |text: &Text| text.render(lang);
    let fault = |name: &str, word: &Text| button(name, "drawer", word, lang);
    html! {
        details.card.faults {
            summary { (say(&text!("demo-trouble"))) }
            p.soft { (say(&text!("demo-trouble-about"))) }
            div.acts {
                (fault("away", &text!("demo-fault-away")))
                (fault("back", &text!("demo-fault-back")))
                (fault("lost", &text!("demo-fault-lost")))
                (fault("wait", &text!("demo-fault-wait")))
                (fault("revoked", &text!("demo-fault-revoked")))
                (fault("signin", &text!("demo-fault-signin")))
                (fault("hidden", &text!("demo-fault-hidden")))
                (fault("shown", &text!("demo-fault-shown")))
                button type="button" id="fault-restart" hx-post="/clock" hx-vals="{\"order\":\"restart\"}" hx-swap="none" {
                    (say(&text!("demo-fault-restart")))
                }
            }
        }
    }
}

/// Under the clock: what happened last, and what trouble there is.
pub fn news(demo: &Demo, lang: Lang) -> Markup {
    let (made, running, now) = (demo.troubles.made(), demo.driver.running(), demo.clock.now());
    let told = |words: &Text| html! { p.bad { (unbroken(&words.render(lang))) } };
    html! {
        @if let Some(happened) = &running.happened { p { (happening(happened, now, lang)) } }
        @match demo.fresh.coming() {
            Coming::Not => {},
            Coming::Raising => p { (text!("demo-fresh-coming").render(lang)) },
            Coming::Failed(why) => (told(&text!("demo-fresh-failed", why = why))),
        }
        @if made.away { (told(&text!("demo-away"))) (button("back", "news", &text!("demo-fault-back"), lang)) }
        @if let Some(words) = lost(demo, &made) { (told(&words)) }
        @if let Some(words) = wait(demo, &made) { (told(&words)) }
        @if let Some(chat) = made.hidden {
            (told(&text!("demo-hidden-now", class = demo.sandbox.title(chat))))
            (button("shown", "news", &text!("demo-fault-shown"), lang))
        }
        @if made.signed_out {
            (told(&text!("demo-signed-out")))
            @if let Some(why) = &made.refused { (told(&text!("demo-refused", why = why))) }
            (button("signin", "news", &text!("demo-fault-signin"), lang))
        }
        @if let Some(at) = running.restarted.filter(|at| is_fresh(*at, now)) {
            (told(&text!("demo-restarted", at = moment(at, now))))
        }
        @if let Some(fallen) = running.fallen { p.bad role="alert" { (unbroken(&still(&fallen).render(lang))) } }
    }
}

/// Why the program does not run.
fn still(fallen: &Fallen) -> Text {
    let why = fallen.why.clone();
    if fallen.awaits_telegram { text!("demo-fallen-waits", why = why) } else { text!("demo-fallen", why = why) }
}

fn is_fresh(at: At, now: At) -> bool {
    at.plus_minutes(TOLD_MINUTES) > now
}

/// « 13:45 · BTS SIO 1A : un rappel de cours »
fn happening(happened: &crate::demo::driver::Happened, now: At, lang: Lang) -> String {
    let one = |(class, kind): &(Option<String>, String)| {
        let what = words(kind);
        match class {
            Some(class) => text!("demo-happened-in", class = class, what = what).render(lang),
            None => what.render(lang),
        }
    };
    let all: Vec<String> = happened.what.iter().map(one).collect();
    format!("{} · {}", moment(happened.at, now), all.join(" · "))
}

/// The newest request since then that ended so.
fn since(demo: &Demo, asked: usize, ended: impl Fn(&Call) -> bool) -> Option<Call> {
    let now = demo.clock.now();
    demo.sandbox.journal().into_iter().skip(asked).rfind(|call| ended(call) && is_fresh(call.at, now))
}

fn lost(demo: &Demo, made: &Made) -> Option<Text> {
    let asked = made.lost?;
    if demo.sandbox.planned().iter().any(|fault| matches!(fault, Fault::LostAnswer { .. })) {
        return Some(text!("demo-lost-next"));
    }
    let call = since(demo, asked, |call| call.outcome == "lost")?;
    Some(text!("demo-lost", at = moment(call.at, demo.clock.now()), whom = whom(demo, &call).unwrap_or_default()))
}

fn wait(demo: &Demo, made: &Made) -> Option<Text> {
    let asked = made.wait?;
    if demo.sandbox.planned().iter().any(|fault| matches!(fault, Fault::TooManyRequests { .. })) {
        return Some(text!("demo-wait-next"));
    }
    let call = since(demo, asked, |call| call.planned)?;
    Some(text!("demo-waited", at = moment(call.at, demo.clock.now()), what = call.method))
}
