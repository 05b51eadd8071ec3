//! Who somebody in the call is, whom nobody knows. Only those in charge see this, never the group.

use super::super::{Line, Mark, Naming, Stranger, View};
use super::overview::main;
use super::{At, NAME, WHO, at, back, closing, page_keys, page_of, rows_of};
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

const A_PAGE: usize = 6;

/// « Le coin de Paul » or « compte inconnu », with the hour at which they were first seen.
pub(super) fn called(stranger: &Stranger, zone: Zone) -> Text {
    let hour = zone.clock_hour(stranger.first_at);
    match &stranger.title {
        Some(title) => text!("attendance-stranger-channel", title = title, hour = hour),
        None => text!("attendance-stranger-account", hour = hour),
    }
}

/// Which of them?
pub(super) fn who(view: &View, page: usize) -> Result<Screen> {
    let (some, page, pages) = page_of(&view.strangers, page, A_PAGE);
    let mut screen = Screen::new(text!("attendance-who-which"));
    for stranger in some {
        let here = At { peer: Some(stranger.peer), ..at(view) };
        screen = screen.row([Key::press(called(stranger, view.zone), WHO, here.json()?)]);
    }
    let keys = page_keys(WHO, page, pages, |page| at(view).page(page).json())?;
    Ok(screen.row(keys).folding(back(view)?, closing(at(view))?))
}

/// Whom the call did not see: among them is whoever came under another name.
fn is_unseen(line: &Line) -> bool {
    matches!(line.mark, Mark::Open | Mark::Absent | Mark::Justified) && line.minutes.unwrap_or(0) == 0
}

/// Which name?
pub(super) fn whose(view: &View, peer: i64, page: usize) -> Result<Screen> {
    let Some(stranger) = view.strangers.iter().find(|one| one.peer == peer) else { return main(view) };
    let among: Vec<&Line> = view.lines.iter().filter(|line| is_unseen(line)).collect();
    let names: Vec<Text> = among.iter().map(|line| Text::verbatim(line.short_name())).collect();
    let (rows, page, pages) = rows_of(&names, page);
    let mut screen = Screen::new(text!("attendance-who-whose", who = called(stranger, view.zone)));
    let naming = |person: Option<String>| -> Result<String> {
        let (session, version) = (view.session.id.clone(), view.sheet.version);
        Ok(serde_json::to_string(&Naming { session, peer, person, version, undo_until: None })?)
    };
    for places in rows {
        let mut row = Vec::new();
        for (line, name) in places.iter().filter_map(|place| among.get(*place).zip(names.get(*place))) {
            row.push(Key::press(name.clone(), NAME, naming(Some(line.person_id.clone()))?));
        }
        screen = screen.row(row);
    }
    let here = At { peer: Some(peer), ..at(view) };
    let keys = page_keys(WHO, page, pages, |page| here.page(page).json())?;
    Ok(screen
        .row(keys)
        .row([Key::press(text!("attendance-who-nobody-key"), NAME, naming(None)?)])
        .folding(back(view)?, closing(at(view))?))
}

/// It was said, and may be taken back.
pub(super) fn named(view: &View, stranger: &Stranger, undo: &Naming) -> Result<Screen> {
    let who = called(stranger, view.zone);
    let line = view.lines.iter().find(|line| undo.person.as_ref() == Some(&line.person_id));
    let words = match line {
        Some(line) => {
            text!("attendance-who-named", who = who, name = line.short_name(), state = line.verdict().words())
        }
        None => text!("attendance-who-nobody", who = who),
    };
    let mut screen = main(view)?;
    screen.text = Text::lines([words, screen.text]);
    screen.keys.insert(0, vec![Key::press(text!("attendance-undo-key"), NAME, serde_json::to_string(undo)?)]);
    Ok(screen)
}
