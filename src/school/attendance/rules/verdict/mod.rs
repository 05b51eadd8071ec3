//! What a line says of one person.

use super::seen::{self, Looked, Seen, Span};
use super::{Lesson, MINUTE, Rule, Watch, button_window};
use crate::kernel::At;
use crate::school::attendance::{Event, EventKind, Mark, Source, Verdict};
use crate::school::session::Mode;

/// By what the lines of one session are judged: reckoned once, asked for each person.
#[derive(Debug)]
pub struct Judge<'w> {
    lesson: Lesson,
    watch: &'w Watch,
    rule: Rule,
    /// `None` on site, where nobody asks a call.
    looked: Option<Looked>,
    usable: bool,
    /// When a press counts although the call was open: nobody looked.
    dark: Vec<Span>,
    /// When nobody could be seen.
    unseen: Vec<Span>,
}

impl<'w> Judge<'w> {
    pub fn new(lesson: Lesson, watch: &'w Watch, rule: Rule) -> Self {
        let asked = lesson.mode != Mode::OnSite;
        let looked = if asked { Looked::of(&lesson, watch) } else { None };
        let usable = asked && seen::usable(&lesson, watch, &rule);
        let (_, until) = button_window(&lesson);
        let late = lesson.end.max(until);
        let (dark, unseen) = (seen::stretches(watch, late), seen::unseen(watch, late));
        Self { lesson, watch, rule, looked, usable, dark, unseen }
    }

    /// What a line says, given all events of one person: manual > signature > card, button > call.
    ///
    /// Without a usable call nothing is proposed against anybody: the line is open. So it is for whom the call of a
    /// hybrid lesson never saw (they may sit in the room, where it does not look), and for whoever it could not have
    /// known (`knowable`: no account was tied to them before the end, and nobody said which one is theirs). `minutes`
    /// is what the call saw, whoever decides.
    pub fn says(&self, events: &[&Event], knowable: bool) -> Verdict {
        let seen = self.looked.as_ref().map(|looked| looked.seen(events));
        let minutes = seen.as_ref().map(|seen| seen.time / MINUTE);
        let minutes = minutes.filter(|minutes| *minutes > 0 || (self.usable && knowable));
        let pressed = self.pressed(events);
        let call = seen.filter(|_| self.usable).map(|seen| of_call(&self.lesson, &seen, pressed, &self.rule));
        let call = call.map(|call| if knowable { call } else { unless_absent(call) });
        Verdict { minutes, ..word(events, call, pressed) }
    }

    /// What it says while the lesson runs: who was seen in the call came, and when; nobody is missing before the end.
    pub fn says_so_far(&self, events: &[&Event]) -> Verdict {
        let (from, until) = button_window(&self.lesson);
        let other = word(events, None, presses(events).filter(|at| (from..=until).contains(at)).min());
        let other = Verdict { minutes: None, ..other };
        if other.source != Source::Nothing || self.lesson.mode == Mode::OnSite {
            return other;
        }
        let from = self.watch.opened.map_or(self.lesson.start, |opened| self.lesson.start.max(opened));
        // Who was gone before it began (the lesson before shares the call) is not there.
        let Some(first) = seen::came(events, &self.unseen, from) else { return other };
        let late = beyond(from, first, self.rule.late_minutes);
        Verdict { late, ..plain(Mark::Present, Source::Call) }
    }

    /// The first press of « Je suis là » that counts: within its window, and while no call was open or nobody looked.
    fn pressed(&self, events: &[&Event]) -> Option<At> {
        let (from, until) = button_window(&self.lesson);
        let unseen = |at: At| {
            let shut = !seen::open_at(self.watch, at);
            self.lesson.mode == Mode::OnSite || shut || self.dark.iter().any(|(from, to)| (*from..=*to).contains(&at))
        };
        presses(events).filter(|at| (from..=until).contains(at) && unseen(*at)).min()
    }
}

/// Who is heard before whom.
fn word(events: &[&Event], call: Option<Verdict>, pressed: Option<At>) -> Verdict {
    let has = |kind| events.iter().any(|event| event.kind == kind);
    if let Some(said) = manual(events) {
        said
    } else if has(EventKind::Signature) {
        // A signature proves that one was there, not when: what the call saw of that stays.
        let (late, early) =
            call.filter(|call| is_there(call.mark)).map_or((None, None), |call| (call.late, call.early));
        Verdict { late, early, ..plain(Mark::Present, Source::Signature) }
    } else if has(EventKind::Card) {
        plain(Mark::Present, Source::Card)
    } else if let Some(call) = call {
        call
    } else if pressed.is_some() {
        plain(Mark::Present, Source::Button)
    } else {
        plain(Mark::Open, Source::Nothing)
    }
}

fn presses(events: &[&Event]) -> impl Iterator<Item = At> {
    events.iter().filter(|event| event.kind == EventKind::Button).map(|event| event.source_at)
}

/// A call that could not know somebody does not miss them.
fn unless_absent(call: Verdict) -> Verdict {
    if call.mark == Mark::Absent { plain(Mark::Open, Source::Nothing) } else { call }
}

/// What an accepted justification makes of a line: it qualifies an absence, it never makes one.
pub fn justify(verdict: Verdict) -> Verdict {
    if verdict.mark == Mark::Absent { Verdict { mark: Mark::Justified, ..verdict } } else { verdict }
}

const fn is_there(mark: Mark) -> bool {
    matches!(mark, Mark::Present | Mark::Partial)
}

const fn plain(mark: Mark, source: Source) -> Verdict {
    Verdict { mark, late: None, early: None, minutes: None, source }
}

/// The last word of a person in charge; words that cannot be read are none.
fn manual(events: &[&Event]) -> Option<Verdict> {
    let said = |event: &Event| -> Option<Verdict> { serde_json::from_str(event.detail.as_deref()?).ok() };
    let (_, verdict) = events
        .iter()
        .filter(|event| event.kind == EventKind::Manual)
        .filter_map(|event| Some(((event.source_at, event.received_at, &event.id), said(event)?)))
        .max_by_key(|(order, _)| *order)?;
    // A word that was taken back.
    if verdict.mark == Mark::Open {
        return None;
    }
    let there = is_there(verdict.mark);
    let kept = |minutes: Option<i64>| minutes.filter(|minutes| there && *minutes > 0);
    Some(Verdict { late: kept(verdict.late), early: kept(verdict.early), source: Source::Manual, ..verdict })
}

/// What a usable call proposes. A press that counts proves arrival, not duration.
fn of_call(lesson: &Lesson, seen: &Seen, pressed: Option<At>, rule: &Rule) -> Verdict {
    let reaches = |percent: i64| seen.time.saturating_mul(100) >= seen.of.saturating_mul(percent);
    let mark = if reaches(rule.present_percent) {
        Mark::Present
    } else if reaches(rule.partial_percent) {
        Mark::Partial
    } else if lesson.mode == Mode::Hybrid && (pressed.is_some() || seen.time == 0) {
        // Who came, and whom the call never saw, may sit in the room, where it does not look: the teacher decides.
        return plain(Mark::Open, Source::Nothing);
    } else {
        return plain(Mark::Absent, Source::Call);
    };
    let arrival = seen.spans.first().map(|(from, _)| pressed.map_or(*from, |pressed| pressed.min(*from)));
    let leaving = seen.spans.last().map(|(_, to)| *to);
    let late = arrival.and_then(|arrival| beyond(seen.window.0, arrival, rule.late_minutes));
    let early = leaving.and_then(|leaving| beyond(leaving, seen.window.1, rule.early_minutes));
    Verdict { late, early, ..plain(mark, Source::Call) }
}

/// Minutes from `from` to `to`, rounded down, when they are more than `most`.
fn beyond(from: At, to: At, most: i64) -> Option<i64> {
    let span = to.0.saturating_sub(from.0);
    (span >= MINUTE && span > most.saturating_mul(MINUTE)).then_some(span / MINUTE)
}

/// One person's line, as [`Judge`] says it of somebody whom the call could know.
#[cfg(test)]
pub(super) fn judge(lesson: &Lesson, watch: &Watch, events: &[Event], rule: &Rule) -> Verdict {
    let events: Vec<&Event> = events.iter().collect();
    Judge::new(*lesson, watch, *rule).says(&events, true)
}

#[cfg(test)]
mod tests;
