//! The school's workbook: a timetable and a list of people, as an Excel or `LibreOffice` file.
//!
//! Everything here is pure: bytes and stored values go in, a [`Difference`] comes out.
//! * [`read`]: bytes → [`Grid`] → [`Workbook`] (lessons, people, faults, warnings, freezes);
//! * [`rules`]: what is known against what was read → [`Difference`]; `rules_*` are its parts;
//! * [`wire`]: bytes are read in a process of its own; what passes between the two;
//! * [`sheet`]: the empty template, and the school's own file given back with a column « Problème ».
//!
//! Choices that a reader should know:
//! * A session belongs to one class: a line that names two classes stands for two sessions, and a Référence is looked
//!   for within its class first, then in the other classes of the file. « 1A + 1B » is two classes when both are known or stand alone in the file, else one. A `Jour` line (du/au) stands for one session a week, whose Référence is `R@2026-W48`.
//! * A column that is not in the file says nothing: rooms, teachers, links already known stay. An empty cell empties.
//! * Mode left empty: présentiel, or distanciel when the line has a link.
//! * A Référence that was that of a session of another day which is over, or of another subject beyond the file's weeks,
//!   names another session: many schools begin their numbers anew each week.
//! * Hidden sheets are not read: nobody sees what is in them. Sessions that may stand in an unread sheet are frozen.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod read;
pub mod rules;
mod rules_apply;
mod rules_changes;
mod rules_clash;
mod rules_limit;
mod rules_match;
mod rules_near;
mod rules_people;
mod rules_preview;
mod rules_teacher;
mod rules_undo;
mod rules_whose;
pub mod screens;
pub mod sheet;
pub mod store;
pub mod wire;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::kernel::text::names;
use crate::kernel::{At, Lang, Text, Words};
use crate::school::roster::Role;
use crate::school::session::{Mode, Wait};

pub use crate::school::roster::card_key;
pub use read::{Grid, open, read, understand};
pub use rules::difference;
pub use rules_apply::apply;
pub use rules_changes::{Change, Fate, Thing, changes, each, listed};
pub use rules_limit::{Load, OverLimit, classless_leavers, leavers, leaves, lesson_loads, lessons_moving};
pub use rules_limit::{removals_over_limit, roster_loads, roster_removals, with_school};
pub use rules_preview::{all_named, done, faults, kept, preview, told};
pub use rules_undo::{Effect, Enrolled, Kept, Undone};

// ── What was read ────────────────────────────────────────────────────────────────────────────────────────────────

/// A line of the file, as its reader sees it: sheet name and row number (from 1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub sheet: Words,
    pub row: u32,
}

/// What a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetKind {
    People,
    Timetable,
    /// No column of ours, or hidden.
    Ignored,
}

/// A sheet that was looked at. `columns` are the recognised ones: position (from 0) and heading as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SheetRead {
    pub name: String,
    pub kind: SheetKind,
    pub header_row: u32,
    pub columns: Vec<(u32, String)>,
    /// Lines below the headings.
    pub lines: u32,
}

/// One session as a line says it; `None`: the file has no such column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LessonRow {
    pub place: Place,
    pub reference: Option<Words>,
    pub class: Words,
    pub day: NaiveDate,
    pub start: NaiveTime,
    pub end: NaiveTime,
    pub subject: Words,
    pub teacher: Option<Words>,
    pub room: Option<Words>,
    pub mode: Option<Mode>,
    /// Empty: the cell is empty.
    pub link: Option<Words>,
}

/// One person as a line says it; `None`: nothing written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    pub place: Place,
    pub last_name: Option<String>,
    pub first_name: Option<String>,
    pub email: Option<String>,
    pub birth: Option<NaiveDate>,
    pub card: Option<String>,
    pub role: Option<Role>,
    pub lang: Option<Lang>,
    pub classes: Option<Vec<String>>,
    /// « Statut »: active (true) or gone (false).
    pub active: Option<bool>,
}

/// A line that cannot be taken: where, under which heading, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub sheet: String,
    pub row: u32,
    /// The heading as the file writes it; empty when the whole line is meant.
    pub column: String,
    pub reason: Text,
}

/// Something to look at that does not hinder the import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    pub place: Option<Place>,
    pub text: Text,
}

/// What a faulty line may stand for. `None` = any. Sessions that it may mean are not removed; those that it may mean
/// by class, subject and week are not taken for a moved one either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Freeze {
    /// Folded.
    pub class: Option<String>,
    /// As [`reference_key`] makes it.
    pub reference: Option<String>,
    pub day: Option<NaiveDate>,
    /// Folded; narrows only what may be taken for moved, never what may be removed.
    pub subject: Option<String>,
}

/// A workbook, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Workbook {
    pub file: String,
    pub sheets: Vec<SheetRead>,
    pub lessons: Vec<LessonRow>,
    pub people: Vec<PersonRow>,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Warning>,
    pub freezes: Vec<Freeze>,
}

// ── What is known ────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownLesson {
    pub id: Words,
    pub classroom_id: Words,
    pub reference: Option<Words>,
    pub start: At,
    pub end: At,
    pub subject: Words,
    pub teacher_id: Option<Words>,
    pub teacher_name: Words,
    pub room: Words,
    pub mode: Mode,
    pub link: Option<Words>,
    /// It has a sheet: it never changes by a file.
    pub fixed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownClassroom {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownPerson {
    pub id: String,
    pub last_name: String,
    pub first_name: String,
    pub email: Option<String>,
    pub birth: Option<NaiveDate>,
    pub card: Option<String>,
    pub role: Role,
    pub lang: Option<Lang>,
    /// Ids of classrooms.
    pub classes: Vec<String>,
    pub active: bool,
}

/// What the school knows when the file arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Known {
    pub lessons: Vec<KnownLesson>,
    pub classrooms: Vec<KnownClassroom>,
    pub people: Vec<KnownPerson>,
}

// ── What would change ────────────────────────────────────────────────────────────────────────────────────────────

/// A class: known by id, or to be created under this name (`id` empty).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassRef {
    pub id: Option<Words>,
    pub name: Words,
}

/// A person: known by id, or the n-th of [`PeopleDifference::added`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Known(Words),
    New(usize),
}

/// A session as it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LessonState {
    pub class: ClassRef,
    pub reference: Option<Words>,
    pub start: At,
    pub end: At,
    pub subject: Words,
    pub teacher: Option<Who>,
    pub teacher_name: Words,
    pub room: Words,
    pub mode: Mode,
    pub link: Option<Words>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewLesson {
    pub place: Place,
    pub lesson: LessonState,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedLesson {
    pub id: Words,
    pub place: Place,
    pub before: KnownLesson,
    pub after: LessonState,
}

/// A class to create; `near` is an existing name that looks like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClass {
    pub name: String,
    pub near: Option<String>,
}

/// A person as they shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonState {
    pub last_name: String,
    pub first_name: String,
    pub email: Option<String>,
    pub birth: Option<NaiveDate>,
    pub card: Option<String>,
    pub role: Role,
    pub lang: Option<Lang>,
    pub classes: Vec<ClassRef>,
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewPerson {
    pub place: Place,
    pub person: PersonState,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedPerson {
    pub id: String,
    pub place: Place,
    pub before: KnownPerson,
    pub after: PersonState,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PeopleDifference {
    pub added: Vec<NewPerson>,
    pub changed: Vec<ChangedPerson>,
    /// « Statut = parti ».
    pub left: Vec<KnownPerson>,
    pub unchanged: usize,
    /// « Statut = parti », of whom the school knows nothing.
    pub strangers: usize,
}

/// A role above étudiant that is new to its holder: given only by `[Donner ces droits]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Right {
    pub who: Who,
    pub name: String,
    /// The role held so far; a new person would otherwise be a student.
    pub from: Role,
    pub to: Role,
}

/// What applying the file would do, and what its reader should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Difference {
    pub added: Vec<NewLesson>,
    pub changed: Vec<ChangedLesson>,
    pub removed: Vec<KnownLesson>,
    pub unchanged: usize,
    /// Those changed that come from beyond the file's weeks, by id: each is lost to the week that it leaves.
    pub afar: BTreeSet<Words>,
    /// Lines that mean a session which a file may not change so: each is warned of.
    pub untaken: usize,
    /// Sessions kept because a faulty line may stand for them.
    pub frozen: usize,
    /// Sessions of the file that already took place and that we do not have: left out.
    pub past: usize,
    pub classes: Vec<NewClass>,
    pub people: PeopleDifference,
    pub rights: Vec<Right>,
    /// Faulty lines that only what is known could show (two people match).
    pub faults: Vec<Fault>,
    pub warnings: Vec<Warning>,
}

/// An import, what applying it would do now, and where it stands. Once it was applied, all that is left of it are the
/// rights that wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub import_id: String,
    pub file_name: String,
    pub sha256: String,
    /// `reading`, `previewed`, `waiting`, `applied`, `abandoned` or `refused`.
    pub state: String,
    pub agreement_id: Option<String>,
    pub workbook: Workbook,
    pub known: Known,
    pub difference: Difference,
    pub fingerprint: String,
}

/// Classes that would be told of a file's changes at the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub at: At,
    /// None: at once.
    pub wait: Option<Wait>,
    /// Their names.
    pub classes: Vec<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub people_added: usize,
    pub people_changed: usize,
    pub people_left: usize,
    pub classes: usize,
    /// Roles that were given …
    pub rights_given: usize,
    /// … and that wait for `[Donner ces droits]`.
    pub rights_waiting: usize,
    /// Sessions and people that began or were changed while the file was written, and stay as they are.
    #[serde(default)]
    pub kept: usize,
}

/// The message that shows an import.
pub fn slot(import_id: &str) -> String {
    format!("import:{import_id}")
}

/// The form in which two references are compared: no case, no spaces at the ends or doubled.
pub fn reference_key(reference: &str) -> String {
    reference.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The form in which two class names are the same class.
pub fn class_key(name: &str) -> String {
    names::fold(name)
}
