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

/// When the call began, as far as we know; `None` when there was no call.
fn began(watch: &Watch) -> Option<At> {
    watch.opened.or_else(|| complete(watch).first().copied())
}

/// W before blind minutes are taken out: the lesson while the call was open. `None` when that is never.
pub fn window(lesson: &Lesson, watch: &Watch) -> Option<Span> {
    common((lesson.start, lesson.end), (began(watch)?, watch.closed.unwrap_or(lesson.end)))
}

/// The stretches of the call, not cut to any lesson, of more than 45 s without a complete poll. Its opening and its
/// closing are known moments too; a call that was not seen closing lasts until `end`.
pub(super) fn stretches(watch: &Watch, end: At) -> Vec<Span> {
    let Some(began) = began(watch) else { return Vec::new() };
    let polls = complete(watch);
    let over = watch.closed.unwrap_or_else(|| polls.last().map_or(end, |last| end.max(*last)));
    let looks = polls.into_iter().filter(|at| (began..=over).contains(at));
    let mut before = began;
    let mut found = Vec::new();
    for look in looks.chain([over]) {
        if length((before, look)) > BLIND {
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
    began(watch).is_some_and(|began| began <= at) && watch.closed.is_none_or(|closed| at < closed)
}

/// Is the call open and looked at, at this moment of asking?
pub(super) fn watched_now(watch: &Watch, now: At) -> bool {
    let looks = complete(watch).into_iter().chain(began(watch)).filter(|at| *at <= now);
    open_at(watch, now) && looks.max().is_some_and(|look| length((look, now)) <= BLIND)
}

/// W: milliseconds of the lesson in which the call was open and seen.
fn watched(lesson: &Lesson, watch: &Watch) -> i64 {
    window(lesson, watch).map_or(0, |window| lit(window, &blind(watch, window)))
}

/// W in minutes, rounded down: what minutes are held against (« ≥ 80 % des 120 min »).
pub fn watched_minutes(lesson: &Lesson, watch: &Watch) -> i64 {
    watched(lesson, watch) / MINUTE
}

/// May the call propose anything? Not when W is less than half of the lesson, nor when the call was blind for more
/// than `blind_percent` of the time that it was open.
pub fn usable(lesson: &Lesson, watch: &Watch, rule: &Rule) -> bool {
    let Some(window) = window(lesson, watch) else { return false };
    let dark = sum(&blind(watch, window));
    let seen = length(window).saturating_sub(dark);
    seen > 0
        && seen.saturating_mul(2) >= length((lesson.start, lesson.end))
        && dark.saturating_mul(100) <= length(window).saturating_mul(rule.blind_percent)
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
    cut(&presence(events.iter(), &stretches(watch, lesson.end), until), window)
}

/// What is the same for everybody who was, or was not, in a session's call: reckoned once a session.
#[derive(Debug)]
pub(super) struct Looked {
    window: Span,
    /// When nobody looked, not cut to the window.
    stretches: Vec<Span>,
    /// … and within it.
    dark: Vec<Span>,
    /// Milliseconds in which anybody could be seen.
    of: i64,
}

impl Looked {
    /// `None` when the call was never open while the lesson ran.
    pub fn of(lesson: &Lesson, watch: &Watch) -> Option<Self> {
        let window = window(lesson, watch)?;
        let stretches = stretches(watch, lesson.end);
        let dark = cut(&stretches, window);
        let of = lit(window, &dark);
        Some(Self { window, stretches, dark, of })
    }

    /// What the call says of one person.
    pub fn seen(&self, events: &[&Event]) -> Seen {
        let spans = cut(&presence(events.iter().copied(), &self.stretches, self.window.1), self.window);
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
mod tests {
    use super::*;
    use crate::school::attendance::rules::Poll;
    use crate::school::session::Mode;

    const START: At = At(1_795_525_200_000);
    const LESSON: Lesson = Lesson { start: START, end: START.plus_minutes(120), mode: Mode::Remote };

    fn at(seconds: i64) -> At {
        At(START.0 + seconds * 1000)
    }
    fn event(kind: EventKind, seconds: i64, device: Option<&str>) -> Event {
        Event {
            id: String::new(),
            person_id: Some("p".to_owned()),
            kind,
            source: "call".to_owned(),
            source_at: at(seconds),
            received_at: at(seconds),
            detail: device.map(str::to_owned),
        }
    }
    fn joined(seconds: i64) -> Event {
        event(EventKind::Joined, seconds, None)
    }
    fn left(seconds: i64) -> Event {
        event(EventKind::Left, seconds, None)
    }
    /// Opened at −300 s, closed at 7200 s, a poll each 15 s, incomplete within the stretches `dark`.
    fn watch(dark: &[(i64, i64)]) -> Watch {
        let polls = (-300..=7200)
            .step_by(15)
            .map(|second| {
                let complete = !dark.iter().any(|(from, to)| *from < second && second < *to);
                Poll { at: at(second), complete }
            })
            .collect();
        Watch { opened: Some(at(-300)), closed: Some(at(7200)), polls }
    }
    fn seconds(spans: &[Span]) -> Vec<(i64, i64)> {
        spans.iter().map(|(from, to)| ((from.0 - START.0) / 1000, (to.0 - START.0) / 1000)).collect()
    }
    fn of(events: &[Event], watch: &Watch) -> Vec<(i64, i64)> {
        seconds(&intervals(events, watch, &LESSON))
    }

    #[test]
    fn gaps_of_two_minutes_are_merged_and_longer_ones_are_not() {
        let watch = watch(&[]);
        assert_eq!(of(&[joined(0), left(600), joined(720), left(900)], &watch), [(0, 900)]);
        assert_eq!(of(&[joined(0), left(600), joined(721), left(900)], &watch), [(0, 600), (721, 900)]);
        // Merged first, cut then.
        assert_eq!(of(&[joined(-120), left(-60), joined(60), left(120)], &watch), [(0, 120)]);
    }

    #[test]
    fn several_devices_are_one_person() {
        let watch = watch(&[]);
        let device = event;
        let phone = [device(EventKind::Joined, 0, Some("phone")), device(EventKind::Left, 600, Some("phone"))];
        let desk = [device(EventKind::Joined, 300, Some("desk")), device(EventKind::Left, 1200, Some("desk"))];
        assert_eq!(of(&[phone.clone(), desk.clone()].concat(), &watch), [(0, 1200)]);
        // Left without a device: with all of them.
        assert_eq!(of(&[&phone[..1], &desk[..1], &[left(900)]].concat(), &watch), [(0, 900)]);
        // A lone device is left whatever is named.
        assert_eq!(of(&[joined(0), phone[1].clone()], &watch), [(0, 600)]);
        assert_eq!(of(&[desk[0].clone(), phone[1].clone()], &watch), [(300, 600)]);
        // Replaced in the same second: never out.
        assert_eq!(of(&[joined(0), joined(600), left(600)], &watch), [(0, 7200)]);
        assert_eq!(of(&[joined(0), joined(60), left(600)], &watch), [(0, 600)]);
    }

    #[test]
    fn an_open_interval_lasts_until_the_close_or_the_last_complete_poll() {
        let mut watch = watch(&[(3000, 8000)]);
        assert_eq!(of(&[joined(600)], &watch), [(600, 7200)]);
        watch.closed = None;
        assert_eq!(of(&[joined(600)], &watch), [(600, 3000)]);
        watch.polls.push(Poll { at: at(5000), complete: false });
        assert_eq!(of(&[joined(600)], &watch), [(600, 3000)]);
        watch.polls.push(Poll { at: at(7180), complete: true });
        assert_eq!(of(&[joined(600)], &watch), [(600, 7200)]);
        assert_eq!(of(&[left(600)], &watch), []);
        assert_eq!(of(&[joined(600)], &Watch::default()), []);
    }

    #[test]
    fn blind_is_more_than_45_seconds_without_a_complete_poll() {
        let polls = |list: &[i64]| list.iter().map(|second| Poll { at: at(*second), complete: true }).collect();
        let all = (at(0), at(200));
        let dark = |watch: &Watch| seconds(&blind(watch, all));
        let mut watch = Watch { opened: Some(at(0)), closed: Some(at(200)), polls: polls(&[45, 90, 136, 160]) };
        assert_eq!(dark(&watch), [(90, 136)]);
        watch.polls = polls(&[-20, 90]);
        assert_eq!(dark(&watch), [(0, 90), (90, 200)]);
        watch.opened = Some(at(-60));
        assert_eq!(dark(&watch), [(0, 90), (90, 200)], "the stretch is reckoned whole, then cut");
        watch.closed = None;
        watch.polls = polls(&[0, 40, 80, 120, 158]);
        assert_eq!(dark(&watch), []);
        assert_eq!(dark(&Watch::default()), [(0, 200)]);
    }

    #[test]
    fn a_blind_stretch_interrupts_nobody() {
        let watch = watch(&[(1800, 2100)]);
        assert_eq!(seconds(&blind(&watch, (LESSON.start, LESSON.end))), [(1800, 2100)]);
        assert_eq!(watched_minutes(&LESSON, &watch), 115);
        let events = [joined(0), left(1800), event(EventKind::Seen, 2100, None)];
        assert_eq!(of(&events, &watch), [(0, 7200)]);
        let seen = Looked::of(&LESSON, &watch).unwrap().seen(&events.iter().collect::<Vec<_>>());
        assert_eq!((seen.time, seen.of), (115 * MINUTE, 115 * MINUTE));
        // First seen after it: may have come at its beginning. Joined: came when joined.
        assert_eq!(of(&events[2..], &watch), [(1800, 7200)]);
        assert_eq!(of(&[joined(2000)], &watch), [(2000, 7200)]);
    }

    #[test]
    fn the_usual_pace_of_looks_is_what_half_of_them_keep() {
        let at_pace = |seconds: &[i64]| {
            let polls = seconds.iter().map(|second| Poll { at: at(*second), complete: *second != 24 }).collect();
            interval(&Watch { polls, ..Watch::default() })
        };
        assert_eq!((at_pace(&[]), at_pace(&[5])), (None, None));
        // A hint hastened one look, a wait held one up: neither is the pace.
        assert_eq!(at_pace(&[0, 12, 24, 27, 39, 300, 312]), Some(12));
        assert_eq!(at_pace(&[0, 45, 90, 136]), Some(45));
    }

    #[test]
    fn the_window_is_the_lesson_while_the_call_was_open() {
        let ask = |opened: Option<i64>, closed: Option<i64>| {
            let watch = Watch { opened: opened.map(at), closed: closed.map(at), polls: Vec::new() };
            window(&LESSON, &watch).map(|window| seconds(&[window])[0])
        };
        assert_eq!(ask(Some(-300), Some(7300)), Some((0, 7200)));
        assert_eq!(ask(Some(600), None), Some((600, 7200)));
        assert_eq!(ask(Some(600), Some(1200)), Some((600, 1200)));
        assert_eq!(ask(Some(7200), None), None);
        assert_eq!(ask(None, Some(7200)), None);
    }
}
