//! The page around the phones: clock, tour, panel, trouble.

use maud::{DOCTYPE, Markup, html};

use super::phone::Shown;
use super::view::{MOST_PHONES, Panel, Phone, View};
use super::{Demo, behind, tour, trouble};
use crate::demo::school::Part;
use crate::kernel::text::{Lang, Text};
use crate::kernel::time::{Zone, say_long_day};
use crate::text;

/// The whole page of a tab.
pub async fn page(demo: &Demo, view: &View) -> Markup {
    let say = |text: &Text| text.render(view.lang);
    let theme = view.dark.map(|dark| if dark { "dark" } else { "light" });
    let steps = if view.tour { Some(tour::steps(demo, view).await) } else { None };
    let panel = match view.panel {
        Some(panel) => Some((panel, behind::panel(demo, panel, view.lang).await)),
        None => None,
    };
    html! {
        (DOCTYPE)
        html lang=(view.lang.code()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (say(&text!("demo-title"))) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/assets/page.css";
                script src="/assets/htmx.min.js" defer {}
                script src="/assets/page.js" defer {}
                script src="/assets/sse.min.js" defer {}
            }
            body hx-ext="sse" sse-connect={ "/stream?" (view.query()) } {
                a.skip href="#phones" { (say(&text!("demo-skip"))) }
                (top(demo, view))
                main.stage.wide[panel.is_some()].full[view.phones.len() == MOST_PHONES] {
                    div.side {
                        @if let Some(steps) = steps {
                            section.card.tour aria-labelledby="tour-title" {
                                h2 id="tour-title" { (say(&text!("demo-tour"))) }
                                div sse-swap="tour" hx-swap="innerHTML" { (steps) }
                            }
                        }
                        (trouble::drawer(view.lang))
                    }
                    div.phones id="phones" tabindex="-1" role="group" aria-label=(say(&text!("demo-phones"))) {
                        @for (nth, phone) in view.phones.iter().enumerate() {
                            (Shown { demo, view, nth, phone: *phone }.whole())
                        }
                    }
                    @if let Some((open, panel)) = panel {
                        aside.card.behind aria-labelledby="behind-title" {
                            h2 id="behind-title" { (say(&text!("demo-behind"))) }
                            nav aria-label=(say(&text!("demo-behind"))) {
                                @for one in Panel::ALL {
                                    a.tab href=(view.with_panel(Some(one)).href()) aria-current=[(one == open).then_some("page")] {
                                        (say(&behind::name(one)))
                                    }
                                }
                            }
                            div.scroll tabindex="0" role="region" aria-label=(say(&behind::name(open))) sse-swap="panel" hx-swap="innerHTML" {
                                (panel)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn top(demo: &Demo, view: &View) -> Markup {
    let say = |text: &Text| text.render(view.lang);
    let other = if view.lang == Lang::Fr { Lang::En } else { Lang::Fr };
    html! {
        header.top {
            h1 { "Préau · " (say(&text!("demo-name"))) }
            div.clock role="group" aria-label=(say(&text!("demo-clock"))) sse-swap="clock" hx-swap="innerHTML" {
                (clock(demo, view.lang))
            }
            div.news role="status" sse-swap="news" hx-swap="innerHTML" { (trouble::news(demo, view.lang)) }
            nav.ways aria-label=(say(&text!("demo-ways"))) {
                @let more = view.phones.len();
                @if more < MOST_PHONES {
                    a.tab href=(view.with_phone(more, another(demo, view)).href_at(more)) { (say(&text!("demo-phone-more"))) }
                }
                @let panel = if view.panel.is_some() { None } else { Some(Panel::Due) };
                a.tab href=(view.with_panel(panel).href()) aria-current=[view.panel.map(|_| "true")] { (say(&text!("demo-behind"))) }
                a.tab href=(view.with_tour(!view.tour).href()) aria-current=[view.tour.then_some("true")] { (say(&text!("demo-tour-short"))) }
                // As the system prefers until something is chosen: the style sheet shows the link to the other light.
                @if view.dark != Some(true) {
                    a.tab.by-day[view.dark.is_none()] href=(view.with_theme(true).href()) { (say(&text!("demo-dark"))) }
                }
                @if view.dark != Some(false) {
                    a.tab.by-night[view.dark.is_none()] href=(view.with_theme(false).href()) { (say(&text!("demo-light"))) }
                }
                a.tab id="other-lang" href=(view.with_lang(other).href()) lang=(other.code()) hreflang=(other.code()) {
                    (if other == Lang::En { "English" } else { "Français" })
                }
            }
        }
    }
}

/// Somebody who is not on the page yet, an administrator first.
fn another(demo: &Demo, view: &View) -> Phone {
    let shown = |account: i64| view.phones.iter().any(|phone| phone.account == account);
    let mut rest = demo.personas.iter().filter(|one| !shown(one.account));
    let admin = demo.personas.iter().find(|one| one.part == Part::Admin && !shown(one.account));
    let account = admin.or_else(|| rest.next()).map_or(0, |one| one.account);
    Phone { account, chat: account }
}

fn order(name: &str, id: &str, word: &Text, class: &str, lang: Lang) -> Markup {
    html! {
        button type="button" id=(id) class=(class) hx-post="/clock" hx-vals={ "{\"order\":\"" (name) "\"}" } hx-swap="none" {
            (word.render(lang))
        }
    }
}

/// The button to the next event; `place` tells it from others on the page.
pub fn next(lang: Lang, place: &str) -> Markup {
    order("next", &format!("next-{place}"), &text!("demo-next"), "strong", lang)
}

/// The clock with its buttons.
pub fn clock(demo: &Demo, lang: Lang) -> Markup {
    let say = |text: &Text| text.render(lang);
    let (now, zone, running) = (demo.clock.now(), Zone::default(), demo.driver.running());
    html! {
        time datetime=(now.utc().to_rfc3339()) { (say_long_day(lang, zone.day(now))) ", " (zone.clock_hour(now)) }
        (order("five", "clock-five", &text!("demo-five"), "", lang))
        (next(lang, "clock"))
        // One button by its id: who pressed it stays on it.
        @if running.plays { (order("pause", "clock-run", &text!("demo-pause"), "", lang)) }
        @else { (order("play", "clock-run", &text!("demo-play"), "", lang)) }
        @if running.busy { span.soft role="status" aria-label=(say(&text!("demo-busy"))) title=(say(&text!("demo-busy"))) { "⏳" } }
    }
}
