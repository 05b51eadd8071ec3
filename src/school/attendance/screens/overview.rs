//! The first screen: counts, who is missing, what can be done.

use super::super::{Line, Mark, SheetState, Sight, Source, View, Watched};
use super::who::called;
use super::{
    At, EXCEPT, LIST, MINUTES, MOST_NAMES, SAVE, SEND_FILE, VALIDATE, WHO, announced_open, at, counts, named, shortened,
};
use crate::kernel::{Result, Text};
use crate::school::session::{END_CALL, EXTEND_CALL, Longer, Mode, RUN_LATE, WRITE_MISSING};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// The call is looked at so often as a rule: what is slower is told.
const USUAL_SECONDS: i64 = 15;

/// May it still be marked as a whole? Once somebody stands by it, lines are corrected one by one.
const fn is_open(view: &View) -> bool {
    view.sheet.validated_at.is_none()
}

pub(super) fn main(view: &View) -> Result<Screen> {
    let mut lines = vec![text!("attendance-head", class = &view.classroom, session = view.head.clone())];
    lines.push(match view.sheet.state {
        SheetState::Running => text!("attendance-running", count = view.lines.len()),
        SheetState::Proposed => text!("attendance-proposed"),
        SheetState::Validated => text!("attendance-validated"),
        SheetState::Locked if view.sheet.waits() => text!("attendance-locked-open"),
        SheetState::Locked => text!("attendance-locked-state"),
    });
    if view.sheet.state == SheetState::Running {
        lines.push(text!("attendance-counts", counts = live(view)));
        if view.sight == Sight::Hidden {
            lines.push(text!("attendance-hidden"));
        }
    } else {
        lines.push(text!("attendance-counts", counts = counts(view)));
        let many = |mark: Mark| view.lines.iter().filter(|line| line.mark == mark).count();
        for (mark, title) in [
            (
                Mark::Absent,
                text!("attendance-names-absent", count = many(Mark::Absent), names = named(view, Mark::Absent)),
            ),
            (
                Mark::Partial,
                text!("attendance-names-partial", count = many(Mark::Partial), names = named(view, Mark::Partial)),
            ),
            (Mark::Open, text!("attendance-names-open", names = named(view, Mark::Open))),
        ] {
            if many(mark) > 0 {
                lines.push(title);
            }
        }
        lines.extend(view.watched.as_ref().map(rule).into_iter().flatten());
    }
    lines.extend(unknown(view));
    lines.extend(announcements(view));
    let mut screen = Screen::lines(lines);
    let here = at(view);
    if is_open(view) && view.lines.iter().any(|line| line.mark == Mark::Open) {
        // Who announced an absence is picked already.
        let absent = announced_open(view).map(|line| line.person_id.clone()).collect();
        screen = screen.row([
            Key::press(text!("attendance-except-key"), EXCEPT, At { absent, ..at(view) }.json()?),
            Key::press(text!("attendance-all-key"), SAVE, here.json()?),
        ]);
    }
    let list = if view.sheet.state == SheetState::Running {
        text!("attendance-list-key")
    } else {
        text!("attendance-correct-key")
    };
    let mut bottom = vec![Key::press(list, LIST, here.json()?)];
    if view.sheet.waits() {
        bottom.insert(0, Key::press(text!("attendance-validate-key"), VALIDATE, here.json()?));
    } else if view.sheet.state != SheetState::Running {
        bottom.push(Key::press(text!("attendance-file-key"), SEND_FILE, here.json()?));
    }
    let mut more = Vec::new();
    if view.sheet.state != SheetState::Running && view.watched.is_some() {
        more.push(Key::press(text!("attendance-minutes-all-key"), MINUTES, here.json()?));
    }
    if !view.strangers.is_empty() && view.sheet.state != SheetState::Locked {
        more.push(Key::press(text!("attendance-who-key"), WHO, here.json()?));
    }
    screen = screen.row(bottom).row(more);
    // Whoever stands by the sheet is done with the call.
    let over = view.sheet.state != SheetState::Running && !view.sheet.waits();
    if view.calling && !over { calling(view, screen) } else { Ok(screen) }
}

/// By what the minutes of each were judged, and how well the call was seen.
pub(super) fn rule(watched: &Watched) -> Vec<Text> {
    if watched.minutes == 0 {
        return vec![text!("attendance-rule-unseen")];
    }
    let mut words = vec![if watched.usable {
        text!("attendance-rule", percent = watched.rule.present_percent, minutes = watched.minutes)
    } else {
        text!("attendance-rule-none", minutes = watched.minutes, lesson = watched.lesson)
    }];
    if watched.blind > 0 {
        words.push(text!("attendance-blind", count = watched.blind));
    }
    if let Some(seconds) = watched.interval.filter(|seconds| *seconds > USUAL_SECONDS) {
        words.push(text!("attendance-interval", seconds = seconds));
    }
    words
}

/// Those in the call whom nobody knows: channels by their names, accounts by how many they are.
fn unknown(view: &View) -> Option<Text> {
    let (channels, accounts): (Vec<_>, Vec<_>) = view.strangers.iter().partition(|one| one.title.is_some());
    let several = (accounts.len() > 1).then(|| text!("attendance-stranger-accounts", count = accounts.len()));
    let alone = accounts.iter().filter(|_| several.is_none());
    // A few, with what tells them apart: nobody reads a list of numbers.
    let some = channels.iter().take(MOST_NAMES).chain(alone).map(|one| called(one, view.zone));
    let names = Text::joined(", ", some.chain(several.clone()));
    // « 10 comptes inconnus » says how many itself.
    let count = if channels.is_empty() { 1 } else { view.strangers.len() };
    (!view.strangers.is_empty()).then(|| text!("attendance-strangers", count = count, names = names))
}

/// What can be done about the call that is open, also after the lesson, as long as it goes on.
fn calling(view: &View, screen: Screen) -> Result<Screen> {
    let id = || view.session.id.clone();
    let extend = serde_json::to_string(&Longer { session: id(), extended: view.extended })?;
    let longer =
        [Key::press(text!("call-extend-key"), EXTEND_CALL, extend), Key::press(text!("call-end-key"), END_CALL, id())];
    if view.sheet.state != SheetState::Running {
        return Ok(screen.row(longer));
    }
    let is_missed = |line: &&Line| line.mark == Mark::Open && !view.absences.contains(&line.person_id);
    // Who is not to be seen is not said to be missing.
    let missed = if view.sight == Sight::Clear { view.lines.iter().filter(is_missed).count() } else { 0 };
    let write = Key::press(text!("call-write-key", count = missed), WRITE_MISSING, id());
    let late = Key::press(text!("call-late-key"), RUN_LATE, id());
    let first: Vec<Key> = (missed > 0).then_some(write).into_iter().chain([late]).collect();
    Ok(screen.row(first).row(longer))
}

/// « Présents 23 · En retard 1 · Pas encore là 3 (Paul S., Inès M., Karim T.) · Annoncé absent 1 (Noé B.) »
fn live(view: &View) -> Text {
    let those = |is_so: &dyn Fn(&Line) -> bool| -> Vec<String> {
        view.lines.iter().filter(|line| is_so(line)).map(Line::short_name).collect()
    };
    let many = |mark: Mark| view.lines.iter().filter(|line| line.mark == mark).count();
    let is_announced = |line: &Line| view.absences.contains(&line.person_id);
    // Who is gone is told of as such; the word of a person in charge stands.
    let is_gone = |line: &Line| line.source == Source::Call && view.gone.contains(&line.person_id);
    let gone = those(&|line| line.mark == Mark::Present && is_gone(line));
    let late = those(&|line| line.mark == Mark::Present && line.late.is_some() && !is_gone(line)).len();
    let announced = those(&|line| line.mark == Mark::Open && is_announced(line));
    let waited = those(&|line| line.mark == Mark::Open && !is_announced(line));
    // In a room nobody comes one by one before our eyes, nor in a call that hides them: they are to be marked.
    let is_blind = view.session.mode == Mode::OnSite || view.sight != Sight::Clear;
    let waiting = match (is_blind, waited.len()) {
        (true, count) => text!("attendance-live-open", count = count),
        // A long list of names says nothing.
        (_, count) if count > MOST_NAMES => text!("attendance-live-waiting", count = count),
        (_, count) => text!("attendance-live-waiting-names", count = count, names = waited.join(", ")),
    };
    let mut parts = vec![text!("attendance-live-present", count = many(Mark::Present) - late - gone.len())];
    for (count, part) in [
        (late, text!("attendance-live-late", count = late)),
        (gone.len(), text!("attendance-live-gone", count = gone.len(), names = shortened(gone.clone()))),
        (many(Mark::Partial), text!("attendance-live-partial", count = many(Mark::Partial))),
        (waited.len(), waiting),
        (
            announced.len(),
            text!("attendance-live-announced", count = announced.len(), names = shortened(announced.clone())),
        ),
        (many(Mark::Absent), text!("attendance-live-absent", count = many(Mark::Absent))),
        (many(Mark::Justified), text!("attendance-live-justified", count = many(Mark::Justified))),
    ] {
        if count > 0 {
            parts.push(part);
        }
    }
    Text::joined(" · ", parts)
}

/// Who announced what. While the lesson runs, absences stand among the counts, and who has come is waited for no more.
fn announcements(view: &View) -> Vec<Text> {
    let running = view.sheet.state == SheetState::Running;
    let those = |ids: &[String]| -> Vec<String> {
        let is_so = |line: &&Line| ids.contains(&line.person_id) && (!running || line.mark == Mark::Open);
        view.lines.iter().filter(is_so).map(Line::short_name).collect()
    };
    let (absent, late) = (those(&view.absences), those(&view.latenesses));
    let mut lines = Vec::new();
    if !absent.is_empty() && !running {
        lines.push(text!("attendance-announced-absent", names = shortened(absent)));
    }
    if !late.is_empty() {
        lines.push(text!("attendance-announced-late", names = shortened(late)));
    }
    lines
}

/// What becomes of the roll's message when the lesson is over: the sheet is another one.
pub fn ended(view: &View) -> Screen {
    let head = text!("attendance-head", class = &view.classroom, session = view.head.clone());
    Screen::lines([head, text!("attendance-roll-ended")])
}

/// What becomes of it when the lesson is cancelled while it runs.
pub fn cancelled(view: &View) -> Screen {
    let head = text!("attendance-head", class = &view.classroom, session = view.head.clone());
    Screen::lines([head, text!("attendance-roll-cancelled")])
}
