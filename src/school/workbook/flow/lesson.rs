//! The sessions of a plan: new ones, of which there may be very many, share the file's words until they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{ClassRef, LessonState, Who, class_key};
use crate::kernel::words::Lexicon;
use crate::kernel::{At, Error, Result, Words};
use crate::school::session::flow as session;
use crate::school::session::{Mode, Session, State};

/// A session that a plan writes.
#[derive(Debug, Clone)]
pub enum Lesson {
    New(Newcomer),
    Changed(Box<session::Staged>),
}

/// A session to be planned.
#[derive(Debug, Clone)]
pub struct Newcomer {
    id: String,
    classroom_id: Words,
    reference: Option<Words>,
    start: At,
    end: At,
    subject: Words,
    teacher_id: Option<Words>,
    teacher_name: Words,
    room: Words,
    mode: Mode,
    link: Option<Words>,
}

impl Newcomer {
    pub(super) fn session(&self) -> Session {
        Session {
            id: self.id.clone(),
            classroom_id: String::from(&self.classroom_id),
            reference: self.reference.as_ref().map(String::from),
            start_at: self.start,
            end_at: self.end,
            subject: String::from(&self.subject),
            teacher_id: self.teacher_id.as_ref().map(String::from),
            teacher_name: String::from(&self.teacher_name),
            room: String::from(&self.room),
            mode: self.mode,
            link: self.link.as_ref().map(String::from),
            state: State::Planned,
            revision: 0,
        }
    }
}

impl Lesson {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::New(new) => &new.id,
            Self::Changed(one) => &one.after.id,
        }
    }

    /// When it first matters.
    pub(super) fn soonest(&self) -> At {
        match self {
            Self::New(new) => new.start,
            Self::Changed(one) => one.before.iter().map(|before| before.start_at).fold(one.after.start_at, At::min),
        }
    }

    /// What the sessions look at, of a new one.
    pub(super) fn newcomer(&self) -> Option<session::Newcomer<'_>> {
        match self {
            Self::New(Newcomer { id, classroom_id, start, .. }) => {
                Some(session::Newcomer { id, classroom_id, start_at: *start })
            }
            Self::Changed(_) => None,
        }
    }

    pub(super) fn staged(&self) -> session::Staged {
        match self {
            Self::New(new) => session::Staged::added(new.id.clone(), new.session()),
            Self::Changed(one) => one.as_ref().clone(),
        }
    }

    /// It, where its class may have to be told.
    pub(super) fn news(&self, fresh: &BTreeSet<String>) -> Option<session::Staged> {
        match self {
            Self::New(new) => fresh.contains(&new.id).then(|| self.staged()),
            Self::Changed(one) => session::is_news(one, fresh).then(|| one.as_ref().clone()),
        }
    }
}

/// What the plan makes before the lessons: ids of classes by their keys, and of new people.
pub(super) struct Made<'a> {
    pub classes: &'a BTreeMap<String, String>,
    pub people: &'a [String],
    pub lexicon: Lexicon,
}

impl Made<'_> {
    pub fn newcomer(&mut self, id: String, lesson: &LessonState) -> Result<Newcomer> {
        let LessonState { class, reference, start, end, subject, teacher, teacher_name, room, mode, link } = lesson;
        let teacher_id = match teacher {
            Some(Who::Known(id)) => Some(id.clone()),
            Some(Who::New(index)) => self.people.get(*index).map(|id| self.lexicon.words(id)),
            None => None,
        };
        let classroom_id = match &class.id {
            Some(id) => id.clone(),
            None => self.lexicon.words(&class_id(class, self.classes)?),
        };
        Ok(Newcomer {
            id,
            classroom_id,
            reference: reference.clone(),
            start: *start,
            end: *end,
            subject: subject.clone(),
            teacher_id,
            teacher_name: teacher_name.clone(),
            room: room.clone(),
            mode: *mode,
            link: link.clone(),
        })
    }
}

pub(super) fn class_id(class: &ClassRef, made: &BTreeMap<String, String>) -> Result<String> {
    class
        .id
        .as_ref()
        .map(String::from)
        .or_else(|| made.get(&class_key(&class.name)).cloned())
        .ok_or_else(|| Error::fault("a class of the file was neither known nor made"))
}
