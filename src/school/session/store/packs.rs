//! New sessions that wait for their round: some hundred of them in one row. In a timetable nearly all words stand on many
//! lines; in a pack each stands once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::{Mode, Session, State};
use crate::kernel::{At, Error, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, run, statements};

statements! {
    PACK = "INSERT INTO session_pack (batch, first_id, sessions) VALUES ($1, $2, $3)";
    PACKED = "SELECT sessions FROM session_pack WHERE batch = $1 ORDER BY first_id";
    CLEAR_PACKS = "DELETE FROM session_pack WHERE batch = $1";
    CLEAR_OLD_PACKS = "DELETE FROM session_pack WHERE batch < $1";
}

/// Words, and sessions that name them by their places.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Pack {
    words: Vec<String>,
    sessions: Vec<Packed>,
}

/// Id, class, reference, start, end, subject, teacher, teacher's name, room, mode, link, state, revision.
#[derive(Debug, Serialize, Deserialize)]
struct Packed(
    String,
    usize,
    Option<String>,
    At,
    At,
    usize,
    Option<usize>,
    usize,
    usize,
    Mode,
    Option<String>,
    State,
    i64,
);

/// Gives words their places.
#[derive(Default)]
struct Places<'a> {
    of: HashMap<&'a str, usize>,
    words: Vec<String>,
}

impl<'a> Places<'a> {
    fn place(&mut self, words: &'a str) -> usize {
        let (next, all) = (self.words.len(), &mut self.words);
        *self.of.entry(words).or_insert_with(|| {
            all.push(words.to_owned());
            next
        })
    }
}

impl Pack {
    fn of(sessions: &[&Session]) -> Self {
        let mut places = Places::default();
        let mut packed = Vec::with_capacity(sessions.len());
        for session in sessions {
            packed.push(Packed(
                session.id.clone(),
                places.place(&session.classroom_id),
                session.reference.clone(),
                session.start_at,
                session.end_at,
                places.place(&session.subject),
                session.teacher_id.as_deref().map(|id| places.place(id)),
                places.place(&session.teacher_name),
                places.place(&session.room),
                session.mode,
                session.link.clone(),
                session.state,
                session.revision,
            ));
        }
        Self { words: places.words, sessions: packed }
    }

    fn sessions(self) -> Result<Vec<Session>> {
        let Self { words, sessions } = self;
        let unpack = |one: Packed| {
            let Packed(
                id,
                class,
                reference,
                start_at,
                end_at,
                subject,
                teacher,
                name,
                room,
                mode,
                link,
                state,
                revision,
            ) = one;
            let said = |place: usize| words.get(place).cloned();
            Some(Session {
                id,
                classroom_id: said(class)?,
                reference,
                start_at,
                end_at,
                subject: said(subject)?,
                teacher_id: match teacher {
                    Some(place) => Some(said(place)?),
                    None => None,
                },
                teacher_name: said(name)?,
                room: said(room)?,
                mode,
                link,
                state,
                revision,
            })
        };
        let all: Option<Vec<Session>> = sessions.into_iter().map(unpack).collect();
        all.ok_or_else(|| Error::fault("a pack of sessions names words that it does not hold"))
    }
}

/// New sessions as they will be once their batch is flipped.
pub(in crate::school::session) async fn pack(tx: &mut Tx, batch: &str, sessions: &[&Session]) -> Result<()> {
    let Some(first) = sessions.first() else { return Ok(()) };
    let json = serde_json::to_string(&Pack::of(sessions))?;
    run!(tx, PACK, batch, &first.id, json).map(|_| ())
}

/// A batch's new sessions, in the order in which they were packed.
pub(in crate::school::session) async fn packed(tx: &mut Tx, batch: &str) -> Result<Vec<Session>> {
    let mut all = Vec::new();
    for (json,) in fetch_all!(tx, (String,), PACKED, batch)? {
        all.extend(serde_json::from_str::<Pack>(&json)?.sessions()?);
    }
    Ok(all)
}

pub(in crate::school::session) async fn clear_packs(tx: &mut Tx, batch: &str) -> Result<u64> {
    run!(tx, CLEAR_PACKS, batch)
}

pub(in crate::school::session) async fn clear_old_packs(tx: &mut Tx, before: &str) -> Result<u64> {
    run!(tx, CLEAR_OLD_PACKS, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, room: &str, teacher: Option<&str>) -> Session {
        Session {
            id: id.to_owned(),
            classroom_id: "class".to_owned(),
            reference: teacher.map(|_| "R1".to_owned()),
            start_at: At(1_795_591_800_000),
            end_at: At(1_795_599_000_000),
            subject: "Réseaux".to_owned(),
            teacher_id: teacher.map(str::to_owned),
            teacher_name: "M. \"Diallo\"".to_owned(),
            room: room.to_owned(),
            mode: Mode::Hybrid,
            link: teacher.map(|_| "https://visio.example/j/7".to_owned()),
            state: State::Planned,
            revision: 1,
        }
    }

    #[test]
    fn what_is_packed_comes_back_as_it_was() {
        let all = [session("a", "B204", None), session("b", "", Some("p")), session("c", "B204", Some("class"))];
        let pack = Pack::of(&all.iter().collect::<Vec<_>>());
        assert_eq!(pack.words.len(), 6, "each word once: {:?}", pack.words);
        let json = serde_json::to_string(&pack).unwrap();
        assert_eq!(serde_json::from_str::<Pack>(&json).unwrap().sessions().unwrap(), all);
        // What another hand changed is no session.
        let wrong = json.replace("\"class\",", "");
        assert!(serde_json::from_str::<Pack>(&wrong).unwrap().sessions().is_err());
    }
}
