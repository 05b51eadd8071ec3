//! Lists of names, paged; what is asked of several at once.

use super::super::{Line, Mark, SheetState, View};
use super::{
    At, EXCEPT, LIST, MINUTES, ONE, SAVE, announced_open, at, back, closing, counts, name_key, page_keys, page_of,
    rows_of, shortened, widest,
};
use crate::kernel::{Result, Text};
use crate::school::session::title;
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Names on one page, where they are lines.
const A_LONG_PAGE: usize = 30;

fn turn_pages(screen: Screen, action: &str, at: &At, page: usize, pages: usize) -> Result<Screen> {
    let keys = page_keys(action, page, pages, |page| at.page(page).json())?;
    Ok(if keys.is_empty() { screen } else { screen.row(keys) })
}

pub(super) fn list(view: &View, page: usize) -> Result<Screen> {
    let labels: Vec<Text> = view.lines.iter().map(name_key).collect();
    let (rows, page, pages) = rows_of(&labels, page);
    let head = text!("attendance-list-head", class = &view.classroom, session = title(&view.session, view.zone));
    let mut screen = Screen::lines([head, text!("attendance-counts", counts = counts(view))]);
    for places in rows {
        let mut row = Vec::new();
        for (line, label) in places.iter().filter_map(|place| view.lines.get(*place).zip(labels.get(*place))) {
            let here = At { person: Some(line.person_id.clone()), page, ..at(view) };
            row.push(Key::press(label.clone(), ONE, here.json()?));
        }
        screen = screen.row(row);
    }
    Ok(turn_pages(screen, LIST, &at(view), page, pages)?.folding(back(view)?, closing(at(view))?))
}

pub(super) fn except(view: &View, page: usize, absent: &[String]) -> Result<Screen> {
    // What somebody noted after the lesson is corrected through the list, with a reason.
    let running = view.sheet.state == SheetState::Running;
    let among: Vec<&Line> = view.lines.iter().filter(|line| running || line.mark == Mark::Open).collect();
    let unpicked = |line: &Line| match line.mark {
        Mark::Open => Text::verbatim(line.short_name()),
        _ => name_key(line),
    };
    let picked_key = |line: &Line| text!("attendance-picked-key", name = line.short_name());
    // Nothing moves under the finger when a name is picked.
    let longest = |line: &&Line| {
        let (one, other) = (unpicked(line), picked_key(line));
        if widest(&one) > widest(&other) { one } else { other }
    };
    let (rows, page, pages) = rows_of(&among.iter().map(longest).collect::<Vec<_>>(), page);
    let is_picked = |line: &Line| absent.contains(&line.person_id);
    let open = view.lines.iter().filter(|line| line.mark == Mark::Open && !is_picked(line)).count();
    let picked = among.iter().filter(|line| is_picked(line)).count();
    let mut screen = Screen::new(text!("attendance-except-head", count = picked, present = open));
    for places in rows {
        let mut row = Vec::new();
        for line in places.iter().filter_map(|place| among.get(*place)) {
            let mut after: Vec<String> = absent.to_vec();
            let label = if is_picked(line) {
                after.retain(|id| *id != line.person_id);
                picked_key(line)
            } else {
                after.push(line.person_id.clone());
                unpicked(line)
            };
            row.push(Key::press(label, EXCEPT, At { absent: after, page, ..at(view) }.json()?));
        }
        screen = screen.row(row);
    }
    let here = At { absent: absent.to_vec(), sure: true, ..at(view) };
    screen = turn_pages(screen, EXCEPT, &here, page, pages)?;
    let save = text!("attendance-save-key", absent = picked);
    Ok(screen.row([Key::press(save, SAVE, here.json()?)]).folding(back(view)?, closing(at(view))?))
}

/// What the call saw of each, and what that makes of their line.
pub(super) fn minutes(view: &View, page: usize) -> Result<Screen> {
    let (lines, page, pages) = page_of(&view.lines, page, A_LONG_PAGE);
    let head = text!("attendance-head", class = &view.classroom, session = title(&view.session, view.zone));
    let mut words = vec![head];
    words.extend(view.watched.as_ref().map(super::overview::rule).into_iter().flatten());
    words.extend(lines.iter().map(|line| {
        let (name, state) = (line.short_name(), line.verdict().words());
        match line.minutes {
            Some(count) => text!("attendance-minutes-line", name = name, count = count, state = state),
            None => text!("attendance-name-line", name = name, state = state),
        }
    }));
    let screen = turn_pages(Screen::lines(words), MINUTES, &at(view), page, pages)?;
    Ok(screen.folding(back(view)?, closing(at(view))?))
}

/// All present, though some announced an absence?
pub(super) fn ask_all(view: &View) -> Result<Screen> {
    let absent: Vec<&Line> = announced_open(view).collect();
    let open = view.lines.iter().filter(|line| line.mark == Mark::Open).count();
    let names = shortened(absent.iter().map(|line| line.short_name()).collect());
    let here = At { sure: true, ..at(view) };
    let but = At { absent: absent.iter().map(|line| line.person_id.clone()).collect(), ..here.clone() };
    let but_key = text!("attendance-all-but-key", absent = absent.len());
    Ok(Screen::new(text!("attendance-all-ask", count = absent.len(), names = names))
        .row([Key::press(but_key, SAVE, but.json()?)])
        .row([Key::press(text!("attendance-all-sure-key", count = open), SAVE, here.json()?)])
        .folding(back(view)?, closing(at(view))?))
}
