//! What the school knows against what a file says → what applying it would do. Pure.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::kernel::text::Arg;
use crate::kernel::text::names;
use crate::kernel::time::Zone;
use crate::kernel::words::Folds;
use crate::kernel::{At, Text, Words};
use crate::text;

use super::read::{is_joined, part};
use super::rules_clash::{self, ClassNames, Items};
use super::rules_match::{self, Frozen, Hours, Pairs, Scope, Wish};
use super::rules_near::{looks_like, same_letters};
use super::rules_people::{self, full_name};
use super::rules_teacher::{Found, Teachers, Whose};
use super::{
    ChangedLesson, ClassRef, Difference, Known, KnownLesson, LessonState, NewClass, NewLesson, Warning, Who, Workbook,
    class_key, reference_key,
};

/// What applying `read` would do to what is `known`. The same file applied and read again has nothing left to do.
pub fn difference(known: &Known, read: &Workbook, now: At, zone: Zone) -> Difference {
    let mut out = Difference::default();
    let mut classes = Classes::new(known);
    let parted = part(read, |name| classes.knows(name));
    let twice = match &parted {
        Cow::Owned(parted) => parted.warnings.clone(),
        Cow::Borrowed(_) => Vec::new(),
    };
    let read: &Workbook = &parted;
    // People first: what changes in them is what must not be overlooked.
    rules_people::compare(known, read, &mut classes, &mut out);
    out.warnings.extend(twice);
    let teachers = Teachers::new(known, &out.people);
    let names = known.classrooms.iter().map(|class| (class.id.as_str(), class.name.as_str())).collect();
    let scene = Scene { known, read, now, zone, teachers, names };
    scene.lessons(&mut classes, &mut out);
    for class in &classes.created {
        if let Some(near) = &class.near {
            let text = text!("workbook-warning-class-near", class = class.name.as_str(), near = near.as_str());
            out.warnings.push(Warning { place: None, text });
        }
        if is_joined(&class.name) {
            let text = text!("workbook-warning-class-joined", class = class.name.as_str());
            out.warnings.push(Warning { place: None, text });
        }
    }
    out.classes = classes.created;
    out
}

/// Class names → classes, known or to be created.
pub(super) struct Classes {
    by_key: HashMap<String, ClassRef>,
    /// As the file writes them: most are named again and again.
    by_name: HashMap<Words, ClassRef>,
    /// Known ones: key and name.
    known: Vec<(String, String)>,
    pub created: Vec<NewClass>,
}

/// Two school years: what lies further ahead is hardly meant.
const FAR_DAYS: i64 = 2 * 366;
/// Beyond so many new classes nobody reads which other they look like.
const MANY_NEW: usize = 200;

impl Classes {
    pub fn new(known: &Known) -> Self {
        let mut by_key = HashMap::new();
        for class in &known.classrooms {
            let named = ClassRef { id: Some(class.id.as_str().into()), name: class.name.as_str().into() };
            by_key.entry(class_key(&class.name)).or_insert(named);
        }
        let known = known.classrooms.iter().map(|class| (class_key(&class.name), class.name.clone())).collect();
        Self { by_key, by_name: HashMap::new(), known, created: Vec::new() }
    }

    fn knows(&self, name: &str) -> bool {
        self.by_key.contains_key(&class_key(name))
    }

    pub fn resolve(&mut self, name: &str) -> ClassRef {
        if let Some(class) = self.by_name.get(name) {
            return class.clone();
        }
        let class = self.found(name);
        self.by_name.insert(name.into(), class.clone());
        class
    }

    fn found(&mut self, name: &str) -> ClassRef {
        let key = class_key(name);
        if let Some(class) = self.by_key.get(&key) {
            return class.clone();
        }
        let near = if self.created.len() < MANY_NEW { self.near(&key) } else { None };
        self.created.push(NewClass { name: name.to_owned(), near });
        let class = ClassRef { id: None, name: name.into() };
        self.by_key.insert(key, class.clone());
        class
    }

    fn near(&self, key: &str) -> Option<String> {
        let known = self.known.iter().find(|(other, _)| looks_like(key, other)).map(|(_, name)| name);
        let created = || self.created.iter().map(|class| &class.name).find(|name| same_letters(key, &class_key(name)));
        known.or_else(created).cloned()
    }
}

struct Scene<'a> {
    known: &'a Known,
    read: &'a Workbook,
    now: At,
    zone: Zone,
    teachers: Teachers,
    names: ClassNames<'a>,
}

impl<'a> Scene<'a> {
    fn lessons(&self, classes: &mut Classes, out: &mut Difference) {
        let (mut folds, mut hours) = (Folds::default(), Hours::new(self.zone));
        let wishes = self.read.lessons.iter();
        let wishes: Vec<Wish<'a>> =
            wishes.map(|row| Wish::new(row, classes.resolve(&row.class), hours.of(row), &mut folds)).collect();
        let frozen = Frozen::new(self.read, self.known, self.zone);
        let scope = Scope::of(&wishes, self.zone);
        let pairs = rules_match::pair(&wishes, &self.known.lessons, &frozen, &scope, self.now);
        // Of the file's sessions, those that stand and stay as they are.
        let mut same = Vec::new();
        let mut whose = Whose::default();
        for (wish, pair) in wishes.iter().zip(&pairs.of_wish) {
            let before = pair.and_then(|index| self.known.lessons.get(index));
            if let Some(lesson) = self.settle(wish, before, &mut whose, out) {
                same.push((lesson, &wish.row.place));
            }
        }
        self.far_ahead(&wishes, out);
        self.brought_from_afar(&scope, out);
        self.numbered_anew(&wishes, &pairs, out);
        let stays = self.remove(&scope, &pairs, &frozen, out);
        self.borne_twice(&wishes, &pairs, &stays, out);
        let mut items = Items::new(&self.names, &mut folds);
        out.added.iter().for_each(|new| items.will_be(&new.lesson, &new.place));
        out.changed.iter().for_each(|changed| items.will_be(&changed.after, &changed.place));
        for (lesson, place) in same {
            items.is(lesson, Some(place));
        }
        for lesson in stays {
            items.is(lesson, None);
        }
        let at_once = rules_clash::warnings(items, self.zone);
        out.warnings.extend(at_once);
        whose.unknown.say(out);
    }

    fn day(&self, lesson: &KnownLesson) -> Arg {
        Arg::Day(self.zone.day(lesson.start))
    }

    /// Days are said without their year: one that lies beyond the next school year is said with it, as a slip of the hand.
    fn far_ahead(&self, wishes: &[Wish<'a>], out: &mut Difference) {
        let limit = self.now.plus_days(FAR_DAYS);
        for wish in wishes.iter().filter(|wish| wish.start > limit) {
            let text = text!("workbook-warning-far", day = wish.row.day.format("%d/%m/%Y").to_string());
            out.warnings.push(Warning { place: Some(wish.row.place.clone()), text });
        }
    }

    /// A reference brings in a session from beyond the file's weeks, of which the file says nothing else.
    fn brought_from_afar(&self, scope: &Scope, out: &mut Difference) {
        for changed in out.changed.iter().filter(|changed| !scope.in_weeks(&changed.before)) {
            let before = &changed.before;
            out.afar.insert(changed.id.clone());
            let reference = before.reference.as_deref().unwrap_or_default();
            let (subject, day) = (before.subject.as_str(), self.day(before));
            let text = text!("workbook-warning-from-afar", subject = subject, reference = reference, day = day);
            out.warnings.push(Warning { place: Some(changed.place.clone()), text });
        }
    }

    /// A line's reference that a session bore which is over: the line is another session, and that is said.
    fn numbered_anew(&self, wishes: &[Wish<'a>], pairs: &Pairs, out: &mut Difference) {
        for (wish, namesake) in wishes.iter().zip(&pairs.namesake).filter(|(wish, _)| wish.start > self.now) {
            let lesson = namesake.and_then(|index| self.known.lessons.get(index));
            let Some(lesson) = lesson.filter(|lesson| lesson.start <= self.now) else { continue };
            let reference = wish.row.reference.as_deref().unwrap_or_default();
            let (subject, day) = (lesson.subject.as_str(), self.day(lesson));
            let text = text!("workbook-warning-numbered-anew", reference = reference, subject = subject, day = day);
            out.warnings.push(Warning { place: Some(wish.row.place.clone()), text });
        }
    }

    /// A line's reference that another session keeps: said, never silently there twice. A lesson of two classes together,
    /// which bore it in both before, is none.
    fn borne_twice(&self, wishes: &[Wish<'a>], pairs: &Pairs, stays: &[&KnownLesson], out: &mut Difference) {
        let mut bearers: HashMap<String, &KnownLesson> = HashMap::new();
        let tied = wishes.iter().zip(&pairs.of_wish);
        let tied = tied.filter_map(|(wish, pair)| Some((self.known.lessons.get((*pair)?)?, wish)));
        // One that the file gives no reference, or cannot change.
        let kept = tied.filter(|(lesson, wish)| {
            let unchanged = lesson.fixed || wish.start <= self.now;
            let own = wish.reference == lesson.reference.as_deref().map(reference_key);
            lesson.start > self.now && !own && (wish.reference.is_none() || unchanged)
        });
        for lesson in stays.iter().copied().chain(kept.map(|(lesson, _)| lesson)) {
            if let Some(reference) = &lesson.reference {
                bearers.entry(reference_key(reference)).or_insert(lesson);
            }
        }
        for (wish, pair) in wishes.iter().zip(&pairs.of_wish).filter(|(wish, _)| wish.start > self.now) {
            let bearer = wish.reference.as_ref().and_then(|reference| bearers.get(reference));
            let before = pair.and_then(|index| self.known.lessons.get(index));
            let bore = before.and_then(|before| before.reference.as_deref()).map(reference_key);
            let Some(lesson) = bearer.filter(|_| bore != wish.reference) else { continue };
            let text = text!(
                "workbook-warning-reference-elsewhere",
                reference = wish.row.reference.as_deref().unwrap_or_default(),
                subject = lesson.subject.as_str(),
                class = self.names.get(lesson.classroom_id.as_str()).copied().unwrap_or_default(),
                day = self.day(lesson)
            );
            out.warnings.push(Warning { place: Some(wish.row.place.clone()), text });
        }
    }

    /// One session of the file: added, changed, unchanged or left out. Gives the one that stands, where it stays so.
    fn settle(
        &self,
        wish: &Wish<'_>,
        before: Option<&'a KnownLesson>,
        whose: &mut Whose,
        out: &mut Difference,
    ) -> Option<&'a KnownLesson> {
        let past = wish.start <= self.now;
        let Some(before) = before else {
            if past {
                out.past += 1;
                return None;
            }
            let lesson = self.state(wish, None, whose);
            out.added.push(NewLesson { place: wish.row.place.clone(), lesson });
            return None;
        };
        if before.start <= self.now || before.fixed || past {
            // What has its sheet before it begins may be meant by a line that calls it otherwise.
            let same = names::fold(&before.subject) == names::fold(&wish.row.subject) || before.start <= self.now;
            if before.start == wish.start && same {
                out.unchanged += 1;
            } else {
                out.untaken += 1;
                out.warnings.push(Warning { place: Some(wish.row.place.clone()), text: self.untaken(wish, before) });
            }
            return (before.start > self.now).then_some(before);
        }
        let after = self.state(wish, Some(before), whose);
        if same(before, &after) {
            out.unchanged += 1;
            return Some(before);
        }
        let place = wish.row.place.clone();
        out.changed.push(ChangedLesson { id: before.id.clone(), place, before: before.clone(), after });
        None
    }

    /// Why a line that means this session is not taken.
    fn untaken(&self, wish: &Wish<'_>, before: &KnownLesson) -> Text {
        let reference = wish.row.reference.as_deref().unwrap_or_default();
        let (subject, day) = (before.subject.as_str(), self.day(before));
        if before.start <= self.now {
            text!("workbook-warning-over", reference = reference, subject = subject, day = day)
        } else if before.fixed {
            text!("workbook-warning-has-sheet", reference = reference, subject = subject, day = day)
        } else {
            text!("workbook-warning-into-past", reference = reference, subject = subject, day = day)
        }
    }

    /// The session as it shall be. What the file has no column for stays as it is.
    fn state(&self, wish: &Wish<'_>, before: Option<&KnownLesson>, whose: &mut Whose) -> LessonState {
        let row = wish.row;
        let teacher_name =
            row.teacher.clone().unwrap_or_else(|| before.map(|b| b.teacher_name.clone()).unwrap_or_default());
        let link = match &row.link {
            Some(link) => Some(link.clone()).filter(|link| !link.is_empty()),
            None => before.and_then(|b| b.link.clone()),
        };
        let mode = row.mode.or_else(|| before.map(|b| b.mode)).unwrap_or_default();
        LessonState {
            class: wish.class.clone(),
            reference: row.reference.clone().or_else(|| before.and_then(|b| b.reference.clone())),
            start: wish.start,
            end: wish.end,
            subject: row.subject.clone(),
            teacher: self.teacher(&teacher_name, wish, before, whose),
            teacher_name,
            room: row.room.clone().unwrap_or_else(|| before.map(|b| b.room.clone()).unwrap_or_default()),
            mode,
            link,
        }
    }

    /// Who the name means; nobody when that is not certain. A tie that was made otherwise to the same name stays.
    fn teacher(&self, name: &Words, wish: &Wish<'_>, before: Option<&KnownLesson>, whose: &mut Whose) -> Option<Who> {
        let folded = whose.folds.of(name);
        let tied = before
            .filter(|before| before.teacher_name == *name || whose.folds.of(&before.teacher_name) == folded)
            .and_then(|before| before.teacher_id.clone().map(Who::Known));
        if wish.row.teacher.is_none() || folded.is_empty() {
            return tied.filter(|_| wish.row.teacher.is_none());
        }
        let found = whose.found.entry(folded).or_insert_with_key(|folded| self.teachers.find(folded));
        let several = match found {
            Found::One(who) => return Some(who.clone()),
            Found::None => false,
            Found::Several => true,
        };
        let keeper = match &tied {
            Some(Who::Known(id)) => self.known.people.iter().find(|person| person.id == *id),
            _ => None,
        };
        let keeper = keeper.map(|person| full_name(&person.first_name, &person.last_name));
        whose.unknown.note(name, &wish.row.place, several, keeper);
        tied
    }

    /// Known sessions that the file no longer has, within what it speaks for. Gives those ahead that it leaves alone.
    fn remove(&self, scope: &Scope, pairs: &Pairs, frozen: &Frozen, out: &mut Difference) -> Vec<&'a KnownLesson> {
        let mut stays = Vec::new();
        let untaken = self.known.lessons.iter().zip(&pairs.taken).filter(|(_, taken)| !**taken);
        for (lesson, _) in untaken.filter(|(lesson, _)| lesson.start > self.now) {
            if !scope.holds(lesson) || lesson.fixed {
                stays.push(lesson);
            } else if frozen.keeps(lesson) {
                out.frozen += 1;
                stays.push(lesson);
            } else {
                out.removed.push(lesson.clone());
            }
        }
        stays
    }
}

/// Nothing to change?
pub(super) fn same(before: &KnownLesson, after: &LessonState) -> bool {
    let teacher = match &after.teacher {
        None => before.teacher_id.is_none(),
        Some(Who::Known(id)) => before.teacher_id.as_ref() == Some(id),
        Some(Who::New(_)) => false,
    };
    teacher
        && after.class.id.as_ref() == Some(&before.classroom_id)
        && before.reference == after.reference
        && before.start == after.start
        && before.end == after.end
        && before.subject == after.subject
        && before.teacher_name == after.teacher_name
        && before.room == after.room
        && before.mode == after.mode
        && before.link == after.link
}
