//! Which session of the file is which known one: by Référence (in its class, else the only one that a class of the file
//! has, for the only line), else exactly, else alone of its class, subject and week. A Référence ties neither to what is
//! over nor, when the subject differs too, to what lies beyond the file's weeks: such numbers begin anew.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};

use crate::kernel::text::names;
use crate::kernel::time::{Zone, monday};
use crate::kernel::words::Folds;
use crate::kernel::{At, Words};
use crate::school::session::CLASS_SETTLED;

use super::rules_near::{may_mean, same_letters};
use super::{ClassRef, Freeze, Known, KnownLesson, LessonRow, Workbook, class_key, reference_key};

/// A session of the file, placed in time.
pub(super) struct Wish<'a> {
    pub row: &'a LessonRow,
    pub class: ClassRef,
    pub start: At,
    pub end: At,
    /// Folded.
    subject: Words,
    /// As [`reference_key`] makes it.
    pub reference: Option<String>,
}

impl<'a> Wish<'a> {
    pub fn new(row: &'a LessonRow, class: ClassRef, (start, end): (At, At), folds: &mut Folds) -> Self {
        let reference = row.reference.as_deref().map(reference_key);
        Self { row, class, start, end, subject: folds.of(&row.subject), reference }
    }
}

/// A line's day, start and end, as they stand there.
type Said = (NaiveDate, NaiveTime, NaiveTime);

/// When lines begin and end: in a timetable many that follow one another have the same hours.
pub(super) struct Hours {
    zone: Zone,
    last: Option<(Said, (At, At))>,
}

impl Hours {
    pub const fn new(zone: Zone) -> Self {
        Self { zone, last: None }
    }

    pub fn of(&mut self, row: &LessonRow) -> (At, At) {
        let said = (row.day, row.start, row.end);
        if let Some((_, hours)) = self.last.filter(|(last, _)| *last == said) {
            return hours;
        }
        let start = self.zone.instant(row.day, row.start);
        let mut end = self.zone.instant(row.day, row.end);
        if end <= start {
            // The night the clocks go forward: keep the length.
            end = start.plus_minutes(length(row.start, row.end));
        }
        self.last = Some((said, (start, end)));
        (start, end)
    }
}

fn length(start: NaiveTime, end: NaiveTime) -> i64 {
    let length: TimeDelta = end.signed_duration_since(start);
    length.num_minutes().max(1)
}

/// What a file speaks for: the classes that it names, and the whole weeks between its first and last date.
pub(super) struct Scope {
    classes: HashSet<Words>,
    days: Option<(NaiveDate, NaiveDate)>,
    zone: Zone,
}

impl Scope {
    pub fn of(wishes: &[Wish<'_>], zone: Zone) -> Self {
        let days = || wishes.iter().map(|wish| wish.row.day);
        let sunday = |day: NaiveDate| monday(day).checked_add_days(Days::new(6)).unwrap_or(day);
        Self {
            classes: wishes.iter().filter_map(|wish| wish.class.id.clone()).collect(),
            days: days().min().zip(days().max()).map(|(first, last)| (monday(first), sunday(last))),
            zone,
        }
    }

    /// Does it lie in the file's weeks?
    pub fn in_weeks(&self, lesson: &KnownLesson) -> bool {
        let day = self.zone.day(lesson.start);
        self.days.is_some_and(|(first, last)| first <= day && day <= last)
    }

    pub fn holds(&self, lesson: &KnownLesson) -> bool {
        self.classes.contains(&lesson.classroom_id) && self.in_weeks(lesson)
    }
}

/// `of_wish[i]`: the known session that the i-th one of the file is. `taken[j]`: the j-th known one is in the file.
pub(super) struct Pairs {
    pub of_wish: Vec<Option<usize>>,
    pub taken: Vec<bool>,
    /// `namesake[i]`: one of its class that bears the reference of the i-th one of the file, and is another session.
    pub namesake: Vec<Option<usize>>,
}

impl Pairs {
    fn tie(&mut self, wish: usize, known: usize) {
        if let (Some(of_wish), Some(taken)) = (self.of_wish.get_mut(wish), self.taken.get_mut(known))
            && of_wish.is_none()
            && !*taken
        {
            *of_wish = Some(known);
            *taken = true;
        }
    }
    fn free(&self, known: usize) -> bool {
        self.taken.get(known).is_some_and(|taken| !taken)
    }
    fn open(&self, wish: usize) -> bool {
        self.of_wish.get(wish).is_some_and(Option::is_none)
    }
}

fn group<K: Eq + Hash, T>(items: impl Iterator<Item = (K, T)>) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for (key, item) in items {
        groups.entry(key).or_default().push(item);
    }
    groups
}

pub(super) fn pair(wishes: &[Wish<'_>], known: &[KnownLesson], frozen: &Frozen, scope: &Scope, now: At) -> Pairs {
    let (of_wish, namesake) = (vec![None; wishes.len()], vec![None; wishes.len()]);
    let mut pairs = Pairs { of_wish, taken: vec![false; known.len()], namesake };
    by_reference(wishes, known, scope, now, &mut pairs);
    from_another_class(wishes, known, scope, now, &mut pairs);
    let mut folds = Folds::default();
    exactly(wishes, known, &mut folds, &mut pairs);
    alone_in_week(wishes, known, frozen, (now, scope.zone), &mut folds, &mut pairs);
    pairs
}

fn by_reference(wishes: &[Wish<'_>], known: &[KnownLesson], scope: &Scope, now: At, pairs: &mut Pairs) {
    let referred = known.iter().enumerate().filter_map(|(index, lesson)| {
        Some(((lesson.classroom_id.clone(), reference_key(lesson.reference.as_deref()?)), (index, lesson)))
    });
    let referred = group(referred);
    for (index, wish) in wishes.iter().enumerate() {
        let (Some(reference), Some(class)) = (&wish.reference, &wish.class.id) else { continue };
        let bearers = referred.get(&(class.clone(), reference.clone())).map(Vec::as_slice).unwrap_or_default();
        let free = bearers.iter().filter(|(bearer, _)| pairs.free(*bearer));
        let near = free.clone().filter_map(|(bearer, lesson)| Some((distance(wish, lesson, scope, now)?, *bearer)));
        let other = free.clone().next().map(|(bearer, _)| *bearer);
        if let Some((_, found)) = near.min() {
            pairs.tie(index, found);
        } else if let Some(namesake) = pairs.namesake.get_mut(index) {
            *namesake = other;
        }
    }
}

/// How far a line is from a session of its class that bears its reference; `None`: it is another session, of a school
/// that begins its numbers anew each week.
fn distance(wish: &Wish<'_>, lesson: &KnownLesson, scope: &Scope, now: At) -> Option<u8> {
    if lesson.start == wish.start {
        return Some(0);
    }
    if lesson.start <= now {
        // It stays as it is: a line of its own day may correct its hour, one of another day is another session.
        return (scope.zone.day(lesson.start) == wish.row.day).then_some(9);
    }
    let far = match (scope.in_weeks(lesson), wish.subject == names::fold(&lesson.subject)) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 3,
        // The file says nothing of its week, and names another lesson.
        (false, false) => return None,
    };
    Some(if lesson.fixed { far + 3 } else { far })
}

/// A session that went to another class. The file must speak for the one that it leaves; two that bear the reference, on
/// either side, are not guessed between; and what begins so soon that its class heard of it stays there.
///
/// When the file comes again, nothing else may be meant. So lines count that found a session of their own (what is new now
/// is found then), and one that says what is written down for good, where its reference will never stand, is that.
fn from_another_class(wishes: &[Wish<'_>], known: &[KnownLesson], scope: &Scope, now: At, pairs: &mut Pairs) {
    let soon = now.plus_minutes(CLASS_SETTLED);
    let left = known.iter().enumerate().filter(|(index, lesson)| pairs.free(*index) && lesson.start > now);
    let left =
        group(left.filter_map(|(index, lesson)| Some((reference_key(lesson.reference.as_deref()?), (index, lesson)))));
    let written = known.iter().filter(|lesson| lesson.fixed);
    let written: HashSet<_> =
        written.map(|one| (one.classroom_id.as_str(), one.start, Words::from(names::fold(&one.subject)))).collect();
    let is_written = |line: &Wish<'_>| {
        line.class.id.as_deref().is_some_and(|class| written.contains(&(class, line.start, line.subject.clone())))
    };
    let bearing = wishes.iter().enumerate();
    let bearing = group(bearing.filter_map(|(index, wish)| Some((wish.reference.clone()?, (index, wish)))));
    for (reference, wishes) in bearing {
        if let ([(wish, line)], Some([(index, lesson)])) = (wishes.as_slice(), left.get(&reference).map(Vec::as_slice))
            // One whose own class numbers so did not come from another.
            && pairs.namesake.get(*wish).is_some_and(Option::is_none)
            && line.start > soon
            && !is_written(line)
            && !lesson.fixed
            && lesson.start > soon
            && scope.holds(lesson)
        {
            pairs.tie(*wish, *index);
        }
    }
}

fn exactly(wishes: &[Wish<'_>], known: &[KnownLesson], folds: &mut Folds, pairs: &mut Pairs) {
    let exact = group(
        known
            .iter()
            .enumerate()
            .map(|(index, lesson)| ((lesson.classroom_id.clone(), lesson.start, folds.of(&lesson.subject)), index)),
    );
    // Several at once (two halves of a class): first those that are alike in all, then in order.
    for strict in [true, false] {
        for (index, wish) in wishes.iter().enumerate().filter(|(_, wish)| wish.class.id.is_some()) {
            if !pairs.open(index) {
                continue;
            }
            let class = wish.class.id.clone().unwrap_or_default();
            let candidates = exact.get(&(class, wish.start, wish.subject.clone()));
            let alike = |candidate: &usize| {
                pairs.free(*candidate) && (!strict || known.get(*candidate).is_some_and(|lesson| alike(wish, lesson)))
            };
            if let Some(found) = candidates.and_then(|all| all.iter().copied().find(alike)) {
                pairs.tie(index, found);
            }
        }
    }
}

fn called_alike(one: &str, other: &str) -> bool {
    one == other || names::fold(one) == names::fold(other)
}

fn alike(wish: &Wish<'_>, lesson: &KnownLesson) -> bool {
    let row = wish.row;
    wish.end == lesson.end
        && row.teacher.as_ref().is_none_or(|teacher| called_alike(teacher, &lesson.teacher_name))
        && row.room.as_ref().is_none_or(|room| called_alike(room, &lesson.room))
        && row.link.as_deref().is_none_or(|link| link == lesson.link.as_deref().unwrap_or_default())
        && row.mode.is_none_or(|mode| mode == lesson.mode)
        && wish
            .reference
            .as_ref()
            .is_none_or(|key| lesson.reference.as_deref().map(reference_key).as_ref() == Some(key))
}

/// A session that was moved within its week, when nothing else can be meant on either side.
fn alone_in_week(
    wishes: &[Wish<'_>],
    known: &[KnownLesson],
    frozen: &Frozen,
    (now, zone): (At, Zone),
    folds: &mut Folds,
    pairs: &mut Pairs,
) {
    let left = wishes.iter().enumerate().filter(|(index, wish)| pairs.open(*index) && wish.start > now);
    let left = group(left.filter_map(|(index, wish)| {
        Some(((wish.class.id.clone()?, wish.subject.clone(), monday(wish.row.day)), index))
    }));
    let there = known.iter().enumerate().filter(|(index, lesson)| {
        pairs.free(*index) && !lesson.fixed && lesson.start > now && !frozen.may_have_moved(lesson)
    });
    let there = group(there.map(|(index, lesson)| {
        ((lesson.classroom_id.clone(), folds.of(&lesson.subject), monday(zone.day(lesson.start))), index)
    }));
    for (key, wishes) in left {
        if let ([wish], Some([lesson])) = (wishes.as_slice(), there.get(&key).map(Vec::as_slice)) {
            pairs.tie(*wish, *lesson);
        }
    }
}

/// What faulty lines may stand for, by class.
pub(super) struct Frozen {
    zone: Zone,
    by_class: HashMap<String, Vec<Freeze>>,
    references: HashSet<String>,
    /// By class: those of them that a session bears and no line that can be read does. Each says which session it means.
    telling: HashSet<(Words, String)>,
}

/// Beyond so many, everything is frozen.
const MANY: usize = 2_000;

impl Frozen {
    pub fn new(read: &Workbook, known: &Known, zone: Zone) -> Self {
        let mut distinct: Vec<Freeze> = Vec::new();
        let mut seen = HashSet::new();
        for freeze in &read.freezes {
            let week = Freeze { day: freeze.day.map(monday), ..freeze.clone() };
            if seen.insert((week.class.clone(), week.reference.clone(), week.day, week.subject.clone())) {
                distinct.push(week);
            }
        }
        if distinct.len() > MANY {
            distinct = vec![Freeze::default()];
        }
        let references = distinct.iter().filter_map(|freeze| freeze.reference.clone()).collect();
        // A name that means a class, known or of the file, is no slip for another.
        let of_file = read.lessons.iter().map(|row| row.class.as_str());
        let names: HashSet<&str> = known.classrooms.iter().map(|class| class.name.as_str()).chain(of_file).collect();
        let names: HashSet<String> = names.into_iter().map(|name| class_key(name).replace(' ', "")).collect();
        let means = |freeze: &Freeze, name: &str| match freeze.class.as_deref() {
            None => true,
            Some(class) if names.contains(&class.replace(' ', "")) => same_letters(class, name),
            Some(class) => may_mean(class, name),
        };
        let by_class = known
            .classrooms
            .iter()
            .map(|class| {
                let key = class_key(&class.name);
                (class.id.clone(), distinct.iter().filter(|freeze| means(freeze, &key)).cloned().collect())
            })
            .collect();
        let telling = telling(&references, read, known);
        Self { zone, by_class, references, telling }
    }

    /// May a faulty line stand for this session? Then it is not removed.
    pub fn keeps(&self, lesson: &KnownLesson) -> bool {
        let reference = lesson.reference.as_deref().map(reference_key);
        if reference.as_deref().is_some_and(|reference| self.named(reference)) {
            return true;
        }
        // A reference that names no session, or one for which another line stands, may be a new or a wrong one.
        let tells = |of: &String| self.telling.contains(&(lesson.classroom_id.clone(), of.clone()));
        self.of(lesson).any(|freeze| reference.is_none() || !freeze.reference.as_ref().is_some_and(tells))
    }

    /// May a faulty line stand for it, so that it is not to be taken for one that moved?
    fn may_have_moved(&self, lesson: &KnownLesson) -> bool {
        let subject = names::fold(&lesson.subject);
        self.keeps(lesson)
            && self.of(lesson).any(|freeze| freeze.subject.as_ref().is_none_or(|frozen| *frozen == subject))
    }

    fn of<'a>(&'a self, lesson: &KnownLesson) -> impl Iterator<Item = &'a Freeze> + use<'a> {
        let week = monday(self.zone.day(lesson.start));
        let in_week = move |day: Option<NaiveDate>| day.is_none_or(|day| day == week);
        let freezes = self.by_class.get(lesson.classroom_id.as_str()).map(Vec::as_slice).unwrap_or_default();
        freezes.iter().filter(move |freeze| in_week(freeze.day))
    }

    fn named(&self, reference: &str) -> bool {
        names_of(reference).any(|name| self.references.contains(name))
    }
}

/// The reference itself, and the line of which it is one week.
fn names_of(reference: &str) -> impl Iterator<Item = &str> {
    std::iter::once(reference).chain(reference.rsplit_once('@').map(|(line, _)| line))
}

/// Which of these references of faulty lines say, in a class, for which session their line stands.
fn telling(references: &HashSet<String>, read: &Workbook, known: &Known) -> HashSet<(Words, String)> {
    let mut telling = HashSet::new();
    if references.is_empty() {
        return telling;
    }
    let mut taken: HashSet<String> = HashSet::new();
    for reference in read.lessons.iter().filter_map(|row| row.reference.as_deref()).map(reference_key) {
        taken.extend(names_of(&reference).filter(|name| references.contains(*name)).map(str::to_owned));
    }
    for lesson in &known.lessons {
        let Some(reference) = lesson.reference.as_deref().map(reference_key) else { continue };
        for name in names_of(&reference).filter(|name| references.contains(*name) && !taken.contains(*name)) {
            telling.insert((lesson.classroom_id.clone(), name.to_owned()));
        }
    }
    telling
}
