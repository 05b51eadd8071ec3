//! A sheet counted anew: out of who pressed what, who was of the class and who was in the call, by the product's rules
//! (PRODUCT, « How attendance becomes truth ») and nothing of what it stores. Who announces an absence or a delay is not
//! absent or late by that, and nobody is absent who was not said to be, by somebody in charge or by a call.
//!
//! Where what was done does not say what a line must be (a minute more in the call would change it, a reason was typed),
//! nothing is said of the sheet.

use std::collections::{BTreeMap, BTreeSet};

use preau::kernel::At;

use super::plan::STUDENTS;
use super::school::CLASS;
use super::seen::{Paper, Planned, Pressed, Seen, read};
use super::telegram::Call;

/// What one student's line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Open,
    Present(Option<i64>),
    Partial,
    Absent,
    Justified,
}

/// First name and line, by name.
pub type Lines = BTreeMap<&'static str, Is>;

const MINUTE: i64 = 60_000;
/// Of those in a call, shares of what was watched (percent), and by how many minutes one is late.
const PRESENT: i64 = 80;
const PARTIAL: i64 = 50;
const LATE: i64 = 10;
/// Who is out for so long was not out.
const GAP: i64 = 2 * MINUTE;
/// « Je suis là » is taken from so many minutes before the start to so many after.
const HERE: (i64, i64) = (-5, 15);
/// Words over a press that was not taken.
const REFUSED: [&str; 6] =
    ["a changé entre-temps", "déjà noté", "10 minutes sont passées", "(PRE-", "Ce menu a expiré", "annulé"];
/// A correction was taken back: that was.
const TAKEN_BACK: &str = "C’est annulé";

impl Is {
    /// The word on paper.
    pub fn word(self) -> String {
        match self {
            Self::Open | Self::Partial => "non pointé".to_owned(),
            Self::Present(None) => "présent".to_owned(),
            Self::Present(Some(minutes)) => format!("retard {minutes} min"),
            Self::Absent => "absent".to_owned(),
            Self::Justified => "justifié".to_owned(),
        }
    }
    /// Out of « en retard de 12 min », « partiel, départ 20 min avant la fin » …
    fn read(words: &str) -> Option<Self> {
        if let Some((_, late)) = words.split_once("en retard de ") {
            return Some(Self::Present(Some(late.split_once(' ')?.0.parse().ok()?)));
        }
        let word = words.split(',').next()?.trim();
        Some(match word {
            "présent" => Self::Present(None),
            "partiel" => Self::Partial,
            "absent" => Self::Absent,
            "justifié" => Self::Justified,
            "à pointer" => Self::Open,
            _ if words.starts_with("départ ") => Self::Present(None),
            _ => return None,
        })
    }
}

/// All, present, late, partial, absent, justified, undecided.
pub fn sums(lines: &Lines) -> Vec<i64> {
    let many = |is: &dyn Fn(Is) -> bool| i64::try_from(lines.values().filter(|line| is(**line)).count()).unwrap_or(0);
    vec![
        many(&|_| true),
        many(&|line| matches!(line, Is::Present(_))),
        many(&|line| matches!(line, Is::Present(Some(_)))),
        many(&|line| line == Is::Partial),
        many(&|line| line == Is::Absent),
        many(&|line| line == Is::Justified),
        many(&|line| line == Is::Open),
    ]
}

/// The lines that this lesson's sheet must have in the end; `None`: what was done does not say.
pub fn of(seen: &Seen, lesson: &Planned) -> Option<Lines> {
    let alone = seen.planned.iter().filter(|other| other.subject == lesson.subject).count() == 1;
    if !alone || lesson.cancelled || !lesson.undisturbed || lesson.slept {
        return None;
    }
    let mut roll = Roll::of(seen, lesson)?;
    let mut places = BTreeSet::new();
    let head = format!("{CLASS} : ");
    for press in &seen.pressed {
        let place = (press.chat, press.message);
        if let Some((_, said)) = press.text.split_once(&head) {
            if said.starts_with(&format!("{},", lesson.subject)) {
                places.insert(place);
            } else {
                places.remove(&place);
            }
        }
        // A line that is objected to is decided under another message.
        if press.text.contains("conteste sa ligne") && press.text.contains(&lesson.subject) {
            return None;
        }
        let refused = REFUSED.iter().any(|words| press.answer.contains(words));
        if places.contains(&place) && (!refused || press.answer.starts_with(TAKEN_BACK)) {
            roll.press(press)?;
        }
    }
    roll.students.iter().map(|who| Some((*who, roll.line(who, At(i64::MAX))?))).collect()
}

/// The student of a text that begins with their name.
fn student(text: &str) -> Option<&'static str> {
    STUDENTS.into_iter().find(|first| text.starts_with(first))
}

/// The words that a change replaced; none: nobody had said any.
type Replaced = Vec<(&'static str, Option<Is>)>;

/// A sheet on its way.
struct Roll<'s> {
    seen: &'s Seen,
    lesson: &'s Planned,
    /// The call in which it took place.
    call: Option<&'s Call>,
    /// The roster, frozen at the start.
    students: Vec<&'static str>,
    /// The last word of somebody in charge.
    words: Lines,
    validated: bool,
    /// What a change replaced, by the message under which it can be taken back.
    replaced: BTreeMap<(i64, i64), Replaced>,
}

impl<'s> Roll<'s> {
    fn of(seen: &'s Seen, lesson: &'s Planned) -> Option<Self> {
        let is_of = |who: &str| {
            let mut moved = seen.enrolments.iter().filter(|(at, one, _)| one == who && *at < lesson.start);
            moved.next_back().is_none_or(|(_, _, is)| *is)
        };
        let students = STUDENTS.into_iter().filter(|who| is_of(who)).collect();
        let during = |call: &&Call| call.opened < lesson.end && call.ended.is_none_or(|ended| ended > lesson.start);
        let calls: Vec<&Call> = seen.calls.iter().filter(during).collect();
        let [call] = match calls.as_slice() {
            [] => [None],
            [call] => [Some(*call)],
            // When nobody could be in one is not reckoned here.
            _ => return None,
        };
        let (words, replaced) = (Lines::new(), BTreeMap::new());
        Some(Self { seen, lesson, call, students, words, validated: false, replaced })
    }

    /// What a line says at that moment.
    fn line(&self, who: &str, at: At) -> Option<Is> {
        if let Some(word) = self.words.get(who) {
            return Some(*word);
        }
        match self.call.filter(|_| self.lesson.remote) {
            None if self.lesson.remote => Some(if self.is_here(who, at) { Is::Present(None) } else { Is::Open }),
            None => Some(Is::Open),
            Some(call) if at < self.lesson.end => self.so_far(call, who, at),
            Some(call) => self.in_the_end(call, who),
        }
    }

    /// « Je suis là », pressed while there was no call to come into.
    fn is_here(&self, who: &str, at: At) -> bool {
        let (from, until) = (self.lesson.start.plus_minutes(HERE.0), self.lesson.start.plus_minutes(HERE.1));
        let pressed = |press: &&Pressed| press.who == who && press.key == "Je suis là" && press.chat < 0;
        let mut pressed = self.seen.pressed.iter().filter(pressed);
        pressed.any(|press| press.text.contains(&self.lesson.subject) && (from..=until.min(at)).contains(&press.at))
    }

    fn stays(&self, call: &'s Call, who: &str) -> impl Iterator<Item = (At, At)> {
        let account = self.seen.accounts.get(who).copied().unwrap_or_default();
        let stays = call.stays.iter().filter(move |(one, ..)| *one == account);
        let end = self.lesson.end;
        stays.map(move |(_, from, until)| (*from, until.unwrap_or(end)))
    }

    /// Who was seen in the call has come; nobody is missing before the end.
    fn so_far(&self, call: &'s Call, who: &str, at: At) -> Option<Is> {
        let from = call.opened.max(self.lesson.start);
        let mut is = Is::Open;
        for (came, left) in self.stays(call, who).filter(|(came, left)| *came <= at && left.plus_minutes(1) >= from) {
            // Within a minute it is not known to have been looked.
            if came.plus_minutes(1) > at || left.plus_minutes(-1) <= from || came > from.plus_minutes(LATE - 1) {
                return None;
            }
            is = Is::Present(None);
        }
        Some(is)
    }

    /// What the call proposes, where a minute more or less makes no other line of it.
    fn in_the_end(&self, call: &'s Call, who: &str) -> Option<Is> {
        let (from, until) = (
            call.opened.max(self.lesson.start),
            call.ended.map_or(self.lesson.end, |ended| ended.min(self.lesson.end)),
        );
        let (of, all) = (until.millis() - from.millis(), self.lesson.end.millis() - self.lesson.start.millis());
        let unseen = self.seen.deaf
            || self.seen.journal.iter().any(|asked| {
                asked.method == "look" && (asked.lost || !asked.done) && (from..=until).contains(&asked.at)
            });
        if unseen || (of * 2 - all).abs() <= 2 * MINUTE {
            return None;
        }
        if of * 2 < all {
            return (!self.is_here(who, self.lesson.end)).then_some(Is::Open);
        }
        let mut stays: Vec<(At, At)> = self
            .stays(call, who)
            .map(|(came, left)| (came.max(from), left.min(until)))
            .filter(|(came, left)| came < left)
            .collect();
        stays.sort();
        let (mut least, mut most, mut until_now) = (0, 0, None::<At>);
        for (came, left) in &stays {
            let since = until_now.map_or(*came, |out| out.max(*came));
            least += (left.millis() - since.millis()).max(0);
            most += (left.millis() - since.millis()).max(0);
            most += until_now.map_or(0, |out| came.millis() - out.millis()).clamp(0, GAP);
            until_now = Some(until_now.map_or(*left, |out| out.max(*left)));
        }
        if stays.first().is_some_and(|(came, _)| *came > from.plus_minutes(LATE - 1)) {
            return None;
        }
        let reaches = |time: i64, percent: i64| time * 100 >= of * percent;
        let (least, most) = (least - MINUTE, most + MINUTE);
        if reaches(least, PRESENT) {
            Some(Is::Present(None))
        } else if reaches(least, PARTIAL) && !reaches(most, PRESENT) {
            Some(Is::Partial)
        } else {
            (!reaches(most, PARTIAL)).then_some(Is::Absent)
        }
    }

    fn press(&mut self, press: &Pressed) -> Option<()> {
        let key = press.key.as_str();
        if let Some(late) = key.strip_prefix("Retard ").or(Some(key)).and_then(|key| key.strip_suffix(" min")) {
            return match late.parse() {
                Ok(minutes) => self.set(press, Is::Present(Some(minutes))),
                Err(_) => Some(()),
            };
        }
        match key {
            // Asked first: somebody announced an absence.
            "Tous présents" if press.then.contains("Que noter") => Some(()),
            "Tous présents" => self.roll(press, &[]),
            _ if press.text.contains("Que noter") && key.starts_with("Tous présents sauf ") => {
                let named: Vec<&str> = STUDENTS.into_iter().filter(|first| press.text.contains(first)).collect();
                self.roll(press, &named)
            }
            _ if press.text.contains("Que noter")
                && (key.starts_with("Tous présents : ") || key.starts_with("Présent : ")) =>
            {
                self.roll(press, &[])
            }
            _ if key.starts_with("Enregistrer, ") => {
                let picked = press.keys.iter().filter_map(|key| student(key.strip_prefix("Absent : ")?));
                let picked: Vec<&str> = picked.collect();
                self.roll(press, &picked)
            }
            "Présent" => self.set(press, Is::Present(None)),
            "Absent" => self.set(press, Is::Absent),
            "Absence justifiée" => self.set(press, Is::Justified),
            "Panne réseau"
            | "Erreur de ma part"
            | "Justificatif reçu"
            | "Accord de l’école"
            | "Contestation acceptée" => {
                let (_, new) = press.text.split_once(" → ")?;
                let is = Is::read(new.split_once(". Motif")?.0)?;
                self.write(press, &[(student(&press.text)?, is)]);
                Some(())
            }
            // Whether the reason was typed, and what was typed in between, is another tale.
            "Autre…" => None,
            "Annuler (10 min)" => {
                for (who, word) in self.replaced.remove(&(press.chat, press.message))? {
                    match word {
                        Some(word) => self.words.insert(who, word),
                        None => self.words.remove(who),
                    };
                }
                Some(())
            }
            "Valider" => {
                let mut open = false;
                for who in self.students.clone() {
                    open |= matches!(self.line(who, press.at)?, Is::Open | Is::Partial);
                }
                self.validated |= !open;
                Some(())
            }
            "Valider ainsi" => {
                self.validated = true;
                Some(())
            }
            _ => Some(()),
        }
    }

    /// All who are not marked are present but these; while the lesson runs these are absent whatever was said.
    fn roll(&mut self, press: &Pressed, absent: &[&str]) -> Option<()> {
        if self.validated {
            return Some(());
        }
        let running = press.at < self.lesson.end;
        let mut changes = Vec::new();
        for who in self.students.clone() {
            match (absent.contains(&who), self.line(who, press.at)?) {
                (true, Is::Open) => changes.push((who, Is::Absent)),
                (true, _) if running => changes.push((who, Is::Absent)),
                (false, Is::Open) => changes.push((who, Is::Present(None))),
                _ => {}
            }
        }
        self.write(press, &changes);
        Some(())
    }

    /// One line, at once while the lesson runs, and afterwards where nobody marked it yet; else a reason is asked first.
    fn set(&mut self, press: &Pressed, is: Is) -> Option<()> {
        let who = student(&press.text)?;
        let line = self.line(who, press.at)?;
        let at_once = press.at < self.lesson.end || !self.validated && line == Is::Open;
        let asked = press.then.contains("Motif ?");
        match (at_once, asked) {
            // Who objects to their line is answered with a reason.
            (true, true) => None,
            (true, false) if is == Is::Justified && line != Is::Absent => Some(()),
            (true, false) => {
                self.write(press, &[(who, is)]);
                Some(())
            }
            (false, _) => Some(()),
        }
    }

    fn write(&mut self, press: &Pressed, changes: &[(&'static str, Is)]) {
        let mut replaced = Vec::new();
        for (who, is) in changes {
            if self.students.contains(who) {
                replaced.push((*who, self.words.insert(who, *is)));
            }
        }
        if !replaced.is_empty() {
            self.replaced.insert((press.chat, press.message), replaced);
        }
    }
}

/// The sheets that can be counted anew, each with the file that somebody was given.
fn counted(seen: &Seen) -> impl Iterator<Item = (&Paper, Lines)> {
    seen.papers.iter().filter_map(|(sheet, file)| {
        // An earlier file is an earlier sheet.
        let newest = file.revision.starts_with(&sheet.revision);
        let lesson = seen.planned.iter().find(|lesson| newest && lesson.subject == file.subject)?;
        Some((file, of(seen, lesson)?))
    })
}

/// How many sheets of this day are counted anew.
pub fn count(seen: &Seen) -> usize {
    counted(seen).count()
}

/// A sheet's file says what people did: its lines, and its sums.
pub fn wrong(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    for (file, lines) in counted(seen) {
        let is: BTreeMap<&str, String> =
            file.rows.iter().map(|(first, word, _)| (first.as_str(), read(word))).collect();
        let must: BTreeMap<&str, String> = lines.iter().map(|(first, line)| (*first, line.word())).collect();
        if is != must || file.sums != sums(&lines) {
            let (is_sums, must_sums) = (&file.sums, sums(&lines));
            broken.push(format!(
                "{}: the file says {is:?} {is_sums:?}, what was done {must:?} {must_sums:?}",
                file.subject
            ));
        }
    }
    broken
}
