//! What a call proves: its window, when nobody looked, and when a person was in it.

use super::{GONE, Lesson, MINUTE, Rule, Watch};
use crate::kernel::At;
use crate::school::attendance::{Event, EventKind};

/// From (included) to (excluded).
pub type Span = (At, At);

/// Without a complete poll for longer than this, we were blind.
pub(super) const BLIND: i64 = 45_000;

const fn length((from, to): Span) -> i64 {
    let length = to.0.saturating_sub(from.0);
    if length > 0 { length } else { 0 }
}

fn common(a: Span, b: Span) -> Option<Span> {
    let both = (a.0.max(b.0), a.1.min(b.1));
    (both.0 < both.1).then_some(both)
}

fn cut(spans: &[Span], window: Span) -> Vec<Span> {
    spans.iter().filter_map(|span| common(*span, window)).collect()
}

fn sum(spans: &[Span]) -> i64 {
    spans.iter().fold(0, |sum, span| sum.saturating_add(length(*span)))
}

fn complete(watch: &Watch) -> Vec<At> {
    let mut polls: Vec<At> = watch.polls.iter().filter(|poll| poll.complete).map(|poll| poll.at).collect();
    polls.sort_unstable();
    polls
}

/// The moments at which it is known who was in: complete polls, and the call's closings in between.
pub(super) fn looks(watch: &Watch) -> Vec<At> {
    let mut looks = complete(watch);
    looks.extend(watch.shut.iter().flat_map(|(closed, again)| [*closed, *again]));
    looks.sort_unstable();
    looks
}

/// When no call was open between the first and the last of several: when each was opened, and closed.
pub fn between(calls: &[(At, Option<At>)]) -> Vec<Span> {
    let mut calls = calls.to_vec();
    calls.sort_unstable();
    let mut shut = Vec::new();
    let mut over: Option<At> = None;
    for (opened, closed) in calls {
        if let Some(over) = over.filter(|over| *over < opened) {
            shut.push((over, opened));
        }
        let closed = closed.unwrap_or(At(i64::MAX));
        over = Some(over.map_or(closed, |over| over.max(closed)));
    }
    shut
}

/// When the call began, as far as we know; `None` when there was no call.
fn began(watch: &Watch) -> Option<At> {
    watch.opened.or_else(|| complete(watch).first().copied())
}

/// W before blind minutes are taken out: the lesson while the call was open. `None` when that is never.
pub fn window(lesson: &Lesson, watch: &Watch) -> Option<Span> {
    common((lesson.start, lesson.end), (began(watch)?, watch.closed.unwrap_or(lesson.end)))
}

/// The stretches of the call, not cut to any lesson, of more than 45 s without a complete poll. Its opening and its
/// closings are known moments too; a call that was not seen closing lasts until `end`.
pub(super) fn stretches(watch: &Watch, end: At) -> Vec<Span> {
    let Some(began) = began(watch) else { return Vec::new() };
    let looks = looks(watch);
    let over = watch.closed.unwrap_or_else(|| looks.last().map_or(end, |last| end.max(*last)));
    let looks = looks.into_iter().filter(|at| (began..=over).contains(at));
    // While it is closed nobody is missed.
    let is_shut = |span: Span| watch.shut.iter().any(|shut| shut.0 <= span.0 && span.1 <= shut.1);
    let mut before = began;
    let mut found = Vec::new();
    for look in looks.chain([over]) {
        if length((before, look)) > BLIND && !is_shut((before, look)) {
            found.push((before, look));
        }
        before = look;
    }
    found
}

/// When, within `window`, nobody looked: more than 45 s without a complete poll. All of it when there was no call.
pub fn blind(watch: &Watch, window: Span) -> Vec<Span> {
    if began(watch).is_none() {
        return common(window, window).into_iter().collect();
    }
    cut(&stretches(watch, window.1), window)
}

/// Was the call open at that moment?
pub(super) fn open_at(watch: &Watch, at: At) -> bool {
    began(watch).is_some_and(|began| began <= at)
        && watch.closed.is_none_or(|closed| at < closed)
        && !watch.shut.iter().any(|(closed, again)| (*closed..*again).contains(&at))
}

/// Is the call open and looked at, at this moment of asking?
pub(super) fn watched_now(watch: &Watch, now: At) -> bool {
    let looks = looks(watch).into_iter().chain(began(watch)).filter(|at| *at <= now);
    open_at(watch, now) && looks.max().is_some_and(|look| length((look, now)) <= BLIND)
}

/// When, until `end`, nobody could be seen: the call was closed in between, or nobody looked. None within another.
pub(super) fn unseen(watch: &Watch, end: At) -> Vec<Span> {
    [stretches(watch, end), watch.shut.clone()].concat()
}

/// W: milliseconds of the lesson in which the call was open and seen.
fn watched(lesson: &Lesson, watch: &Watch) -> i64 {
    window(lesson, watch).map_or(0, |window| lit(window, &unseen(watch, window.1)))
}

/// W in minutes, rounded down: what minutes are held against (« ≥ 80 % des 120 min »).
pub fn watched_minutes(lesson: &Lesson, watch: &Watch) -> i64 {
    watched(lesson, watch) / MINUTE
}

/// May the call propose anything? Not when W is less than half of the lesson, nor when the call was blind for more
/// than `blind_percent` of the time that it was open: a break in which it is closed is no such time.
pub fn usable(lesson: &Lesson, watch: &Watch, rule: &Rule) -> bool {
    let Some(window) = window(lesson, watch) else { return false };
    let dark = sum(&blind(watch, window));
    let open = lit(window, &watch.shut);
    let seen = open.saturating_sub(dark);
    seen > 0
        && seen.saturating_mul(2) >= length((lesson.start, lesson.end))
        && dark.saturating_mul(100) <= open.saturating_mul(rule.blind_percent)
}

/// When one person was in the call, within W: gaps of at most 2 min (blind time not counted) merged, devices united.
///
/// A device is what `detail` of `joined`, `seen` and `left` names; `left` without one leaves with all, and a person
/// known on one device only leaves with it whatever is named. Who did not leave is in until the call closed, or else
/// until the last complete poll.
pub fn intervals(events: &[Event], watch: &Watch, lesson: &Lesson) -> Vec<Span> {
    let Some(window) = window(lesson, watch) else { return Vec::new() };
    let until = watch.closed.unwrap_or_else(|| match complete(watch).last() {
        Some(last) if length((*last, lesson.end)) <= BLIND => lesson.end,
        Some(last) => *last,
        None => window.0,
    });
    cut(&presence(events.iter(), &unseen(watch, lesson.end), until), window)
}

/// When somebody came who was in the call after `from`: who was gone by then never came. A stay that no event ends goes
/// on. `dark`: when nobody could be seen.
pub(super) fn came(events: &[&Event], dark: &[Span], from: At) -> Option<At> {
    let stays = presence(events.iter().copied(), dark, At(i64::MAX));
    stays.into_iter().find(|(_, to)| *to > from).map(|(since, _)| since)
}

/// What is the same for everybody who was, or was not, in a session's call: reckoned once a session.
#[derive(Debug)]
pub(super) struct Looked {
    window: Span,
    /// When nobody could be seen, not cut to the window.
    unseen: Vec<Span>,
    /// … and within it.
    dark: Vec<Span>,
    /// Milliseconds in which anybody could be seen.
    of: i64,
}

impl Looked {
    /// `None` when the call was never open while the lesson ran.
    pub fn of(lesson: &Lesson, watch: &Watch) -> Option<Self> {
        let window = window(lesson, watch)?;
        let unseen = unseen(watch, lesson.end);
        let dark = cut(&unseen, window);
        let of = lit(window, &dark);
        Some(Self { window, unseen, dark, of })
    }

    /// What the call says of one person.
    pub fn seen(&self, events: &[&Event]) -> Seen {
        let spans = cut(&presence(events.iter().copied(), &self.unseen, self.window.1), self.window);
        let time = spans.iter().fold(0_i64, |time, span| time.saturating_add(lit(*span, &self.dark)));
        Seen { window: self.window, spans, time, of: self.of }
    }
}

/// What the call says of one person.
pub(super) struct Seen {
    pub window: Span,
    /// When the person was in; the last one reaches the end of the window when no leaving is known.
    pub spans: Vec<Span>,
    /// Milliseconds seen.
    pub time: i64,
    /// Milliseconds in which anybody could be seen.
    pub of: i64,
}

/// Seconds between two looks into the call, as a rule: half of them followed sooner. `None` with fewer than two looks.
pub fn interval(watch: &Watch) -> Option<i64> {
    let mut looks: Vec<At> = watch.polls.iter().map(|poll| poll.at).collect();
    looks.sort_unstable();
    let mut gaps: Vec<i64> = looks.iter().zip(looks.iter().skip(1)).map(|(one, next)| length((*one, *next))).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).map(|gap| gap.saturating_add(500) / 1000)
}

/// Intervals of presence, sorted and merged, not cut. `until` ends those that no event ends.
fn presence<'e>(events: impl Iterator<Item = &'e Event>, dark: &[Span], until: At) -> Vec<Span> {
    let mut told: Vec<&Event> =
        events.filter(|event| matches!(event.kind, EventKind::Joined | EventKind::Seen | EventKind::Left)).collect();
    // Of two at one moment, what was learnt later is later; learnt together, a change of device: left, then joined.
    told.sort_by_key(|event| {
        (
            event.source_at,
            event.received_at,
            event.kind != EventKind::Left,
            event.kind == EventKind::Seen,
            &event.detail,
        )
    });
    let mut inside: Vec<(Option<&str>, At)> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for event in told {
        let device = event.detail.as_deref();
        let at = event.source_at;
        if event.kind != EventKind::Left {
            if !inside.iter().any(|(other, _)| *other == device) {
                inside.push((device, since(event, dark)));
            }
        } else if device.is_none() || inside.len() == 1 {
            spans.extend(inside.drain(..).map(|(_, since)| (since, at)));
        } else {
            let place = |wanted| inside.iter().position(|(other, _)| *other == wanted);
            if let Some(place) = place(device).or_else(|| place(None)) {
                spans.push((inside.remove(place).1, at));
            }
        }
    }
    spans.extend(inside.into_iter().map(|(_, since)| (since, until)));
    spans.retain(|(from, to)| from < to);
    merge(spans, dark)
}

/// Who is first seen after a blind stretch may have come at its beginning; who joined, came when he joined.
fn since(event: &Event, dark: &[Span]) -> At {
    let at = event.source_at;
    let hidden = dark.iter().find(|(from, to)| event.kind == EventKind::Seen && *from < at && at <= *to);
    hidden.map_or(at, |(from, _)| *from)
}

fn merge(mut spans: Vec<Span>, dark: &[Span]) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if lit((last.1, span.0), dark) <= GONE => last.1 = last.1.max(span.1),
            _ => merged.push(span),
        }
    }
    merged
}

/// How much of `span` was looked at.
fn lit(span: Span, dark: &[Span]) -> i64 {
    length(span).saturating_sub(sum(&cut(dark, span)))
}

#[cfg(test)]
mod tests;
