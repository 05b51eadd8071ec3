//! One student's line: what it says, what it may become, and why.

use super::super::{Mark, Reason, Source, Verdict, View, Wish};
use super::names::list;
use super::overview::main;
use super::{At, ONE, REASON, SET, at, back_to_list, closing};
use crate::kernel::{Result, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

fn wish(view: &View, person: &str, page: usize, mark: Mark, late: Option<i64>) -> Result<String> {
    let wish = Wish {
        session: view.session.id.clone(),
        person: person.to_owned(),
        mark,
        late,
        early: None,
        version: view.sheet.version,
        page,
        undo: None,
    };
    Ok(serde_json::to_string(&wish)?)
}

pub(super) fn one(view: &View, person: &str, page: usize) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == person) else { return list(view, page) };
    let here = At { person: Some(person.to_owned()), page, late: true, ..at(view) };
    let mut screen = Screen::new(text!("attendance-one", name = line.short_name(), state = line.verdict().words()));
    if line.source != Source::Nothing {
        screen.text = Text::lines([screen.text, text!("attendance-one-source", source = line.source.word())]);
    }
    if let (Some(minutes), Some(watched)) = (line.minutes, &view.watched) {
        let seen =
            text!("attendance-minutes", count = minutes, of = watched.minutes, percent = watched.rule.present_percent);
        screen.text = Text::lines([screen.text, seen]);
    }
    let mut late = Vec::new();
    for count in USUAL_MINUTES {
        let args = wish(view, person, page, Mark::Present, Some(count))?;
        late.push(Key::press(text!("attendance-late-by-key", count = count), SET, args));
    }
    let mut second = vec![Key::press(text!("attendance-late-key"), ONE, here.json()?)];
    // It qualifies an absence and makes none.
    if line.mark == Mark::Absent {
        let justified = wish(view, person, page, Mark::Justified, None)?;
        second.push(Key::press(text!("attendance-justified-key"), SET, justified));
    }
    Ok(screen
        .row([
            Key::press(text!("attendance-present-key"), SET, wish(view, person, page, Mark::Present, None)?),
            Key::press(text!("attendance-absent-key"), SET, wish(view, person, page, Mark::Absent, None)?),
        ])
        .row(late)
        .row(second)
        .folding(back_to_list(view, page)?, closing(at(view))?))
}

/// By how much people are late as a rule: one tap. Other minutes are asked.
const USUAL_MINUTES: [i64; 3] = [5, 10, 15];

pub(super) fn late(view: &View, person: &str, page: usize) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == person) else { return list(view, page) };
    let mut screen = Screen::new(text!("attendance-late-ask", name = line.short_name()));
    for minutes in [USUAL_MINUTES, [20, 30, 45]] {
        let mut row = Vec::new();
        for count in minutes {
            let args = wish(view, person, page, Mark::Present, Some(count))?;
            row.push(Key::press(text!("attendance-minutes-key", count = count), SET, args));
        }
        screen = screen.row(row);
    }
    Ok(screen.folding(back_to_list(view, page)?, closing(at(view))?))
}

/// « Karim T. : absent → présent. »
pub(super) fn changing(view: &View, wish: &Wish) -> Text {
    let found = view.lines.iter().find(|line| line.person_id == wish.person);
    let Some(line) = found else { return Text::verbatim("") };
    let new = Verdict { mark: wish.mark, late: wish.late, early: wish.early, minutes: None, source: line.source };
    text!("attendance-changed", name = line.short_name(), old = line.verdict().words(), new = new.words())
}

pub(super) fn reason(view: &View, wish: &Wish) -> Result<Screen> {
    if !view.lines.iter().any(|line| line.person_id == wish.person) {
        return main(view);
    }
    let words = Text::joined(" ", [changing(view, wish), text!("attendance-why")]);
    let press = |label: Text, code: Option<&str>| -> Result<Key> {
        let reason = Reason { wish: wish.clone(), code: code.map(str::to_owned) };
        Ok(Key::press(label, REASON, serde_json::to_string(&reason)?))
    };
    let mut screen = Screen::new(words);
    // Why somebody was excused may be a matter of health: a kind of proof is noted, never its words.
    if wish.mark == Mark::Justified {
        return Ok(screen
            .row([press(text!("attendance-why-document"), Some("document"))?])
            .row([press(text!("attendance-why-school"), Some("school"))?])
            .folding(back_to_list(view, wish.page)?, closing(at(view))?));
    }
    if view.contested.contains(&wish.person) {
        screen = screen.row([press(text!("attendance-why-contest-key"), Some("contest"))?]);
    }
    Ok(screen
        .row([
            press(text!("attendance-why-network"), Some("network"))?,
            press(text!("attendance-why-mistake"), Some("mistake"))?,
        ])
        .row([press(text!("attendance-why-other"), None)?])
        .folding(back_to_list(view, wish.page)?, closing(at(view))?))
}
