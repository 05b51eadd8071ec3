//! What stands in the end of a day: in the chats, in the store, in the files that people were given.

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Reader as _, Xlsx};
use preau::kernel::{At, Lang, Result};
use preau::platform::store::Tx;
use preau::platform::{inbox, outbox};
use preau::school::attendance::{Counts, Line, Source, flow as attendance};
use preau::school::audit;
use preau::school::roster::flow as roster;
use preau::school::session::{Mode, Session, State, flow as sessions};
use preau::text;

use super::school::person;
use super::telegram::{Asked, Call};
use crate::place::Place;
use crate::store::Raw;

/// Counts of equal things.
pub type Bag = BTreeMap<String, i64>;

/// A row of the outbox in the end.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Kept {
    pub id: String,
    pub kind: String,
    pub key: String,
    /// As the store has it, and `forgotten` where an admin said that nobody need see to it.
    pub state: String,
    pub policy: String,
}

/// One student's line of a lesson that had a call, and how long they were in it as Telegram knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stayed {
    pub subject: String,
    pub who: String,
    /// Minutes on the line, when the call says them.
    pub line: Option<i64>,
    pub stays: Vec<(At, At)>,
    pub lesson: (At, At),
    /// While nobody looked: the program slept.
    pub unseen: bool,
}

/// A lesson as it stands in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is known of it")]
pub struct Planned {
    pub id: String,
    pub subject: String,
    pub start: At,
    pub end: At,
    pub cancelled: bool,
    /// From the morning on at these hours. Where the program slept, or the clock jumped, over its reminder, that leaves
    /// late, or ends badly, which is told: it is never let go in silence.
    pub undisturbed: bool,
    pub remote: bool,
    /// The program slept, or the clock jumped, between its reminder and its sheet.
    pub slept: bool,
}

/// A key that somebody pressed, as they saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pressed {
    pub at: At,
    pub who: String,
    pub chat: i64,
    pub message: i64,
    /// What stood there, with the labels of its keys, and which of them it was.
    pub text: String,
    pub keys: Vec<String>,
    pub key: String,
    /// What stood there then, and what was said over the press.
    pub then: String,
    pub answer: String,
}

/// As people read it: a space is a space.
pub fn read(words: &str) -> String {
    words.replace(['\u{a0}', '\u{202f}'], " ")
}

/// A line of a sheet: first name, the word of its state, minutes in the call.
pub type Row = (String, String, Option<i64>);

/// A sheet as it stands, or as a file says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    pub subject: String,
    pub rows: Vec<Row>,
    /// All, present, late, partial, absent, justified, undecided.
    pub sums: Vec<i64>,
    pub revision: String,
}

/// What stands in the end of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub rows: Vec<Kept>,
    pub journal: Vec<Asked>,
    pub shown: Bag,
    /// Standing in the group: as Telegram knows it, and as the program does.
    pub members: BTreeMap<String, bool>,
    pub known: BTreeMap<String, bool>,
    /// May they be in the group, as the roster says?
    pub enrolled: BTreeSet<String>,
    pub asking: BTreeSet<String>,
    pub calls: Vec<Call>,
    /// Lessons that had a call of their own or the next one's.
    pub called: BTreeSet<String>,
    pub sheets: Bag,
    pub audit: Bag,
    pub stayed: Vec<Stayed>,
    pub planned: Vec<Planned>,
    pub pressed: Vec<Pressed>,
    /// Who was put into the class, or taken out of it, when.
    pub enrolments: Vec<(At, String, bool)>,
    pub accounts: BTreeMap<String, i64>,
    /// Validated sheets, and the last file of each that somebody was given.
    pub papers: Vec<(Paper, Paper)>,
    /// What admins were told of: ids of rows.
    pub told: Vec<String>,
    pub waiting: i64,
    pub unanswered: usize,
    /// What a second sweep of the agreed world did.
    pub second: Vec<Asked>,
    /// What stands after three nights, where they are looked at.
    pub night: Option<Box<Self>>,
    /// Of some changes in calls nobody was told in time, and of some changes of a group's members never.
    pub deaf: bool,
    pub unheard: bool,
    /// Keys of rows whose call was begun when the program was stopped, and of all that were under way.
    pub in_flight: Vec<String>,
    pub cut: Vec<String>,
    pub kills: usize,
    pub points: usize,
    pub made: usize,
}

pub type Name = Box<dyn Fn(i64) -> String + Send + Sync>;
pub type Account = Box<dyn Fn(&str) -> i64 + Send + Sync>;

/// How what is stored is read: whose accounts these are, and what the day was.
pub struct Book {
    pub class: String,
    pub group: i64,
    /// The bot and the calling account.
    pub ours: [i64; 2],
    pub name: Name,
    pub account: Account,
    pub touched: BTreeSet<String>,
    pub asleep: Vec<(At, At)>,
    pub now: At,
    /// What the files said that people were given, the newest first.
    pub files: Vec<Paper>,
}

impl Book {
    /// The outbox, and who is known to be in the group.
    pub async fn rows(&self, place: &Place, seen: &mut Seen) -> Result<()> {
        let mut raw = Raw::open(place).await;
        // None of these holds a quotation mark.
        let rows = "SELECT '{\"id\":\"' || id || '\",\"kind\":\"' || kind || '\",\"key\":\"' || key || '\",\"state\":\"' || \
            CASE WHEN state = 'completed' AND note = 'forgotten' THEN note ELSE state END || '\",\"policy\":\"' || policy || '\"}' FROM outbox";
        for row in raw.texts(rows).await {
            seen.rows.push(serde_json::from_str(&row)?);
        }
        let group = self.group;
        let known = format!("SELECT CAST(account AS TEXT) || ' ' || standing FROM group_member WHERE chat = {group}");
        for row in raw.texts(&known).await {
            let (one, standing) = row.split_once(' ').unwrap_or_default();
            let one: i64 = one.parse().unwrap_or_default();
            if !self.ours.contains(&one) {
                seen.known.insert((self.name)(one), matches!(standing, "member" | "admin"));
            }
        }
        let called =
            "SELECT DISTINCT subject || ' ' || CAST(start_at AS TEXT) FROM live_call JOIN session ON id = session_id";
        seen.called = raw.texts(called).await.into_iter().collect();
        let tells = "SELECT key || '|' || state || '|' || CASE WHEN note = 'done with another' THEN 'with' ELSE '' END \
            FROM outbox WHERE kind IN ('state.trouble', 'state.tell')";
        let tells = raw.texts(tells).await;
        let begins = |with: String, as_is: &str| tells.iter().any(|row| row.starts_with(&with) && row.contains(as_is));
        // The first of those that are told together stands in the message's key.
        let told = |row: &&Kept| {
            begins(format!("state.trouble:{}:", row.key), "|completed|with")
                || begins(format!("state.trouble:{}:", row.key), "|completed|")
                    && begins(format!("state.tell:{}:", row.id), "|")
        };
        seen.told = seen.rows.iter().filter(told).map(|row| row.id.clone()).collect();
        Ok(())
    }

    /// Timetable, roster, sheets.
    pub async fn stored(&self, tx: &mut Tx, seen: &mut Seen) -> Result<()> {
        seen.waiting = outbox::store::waiting(tx).await? + inbox::store::waiting(tx).await?;
        for entry in audit::store::latest(tx, 10_000).await? {
            *seen.audit.entry(entry.action).or_default() += 1;
        }
        for student in super::plan::STUDENTS {
            if roster::may_be_in(tx, &person(student), &self.class).await? {
                seen.enrolled.insert(student.to_owned());
            }
        }
        for planned in sessions::planned(tx).await? {
            self.lesson(tx, &planned, seen).await?;
        }
        Ok(())
    }

    /// What is said of one lesson.
    async fn lesson(&self, tx: &mut Tx, session: &Session, seen: &mut Seen) -> Result<()> {
        let slept = |from: At, to: At| self.asleep.iter().any(|(slept, woke)| *slept <= to && from <= *woke);
        let due = session.start_at.plus_minutes(-15);
        let subject = session.subject.clone();
        seen.planned.push(Planned {
            id: session.id.clone(),
            subject: subject.clone(),
            start: session.start_at,
            end: session.end_at,
            cancelled: session.state != State::Planned,
            undisturbed: !self.touched.contains(&session.id),
            remote: session.mode == Mode::Remote,
            slept: slept(due, session.end_at.plus_minutes(15)),
        });
        let Some(sheet) = attendance::sheet(tx, &session.id).await? else { return Ok(()) };
        *seen.sheets.entry(format!("{subject} {:?} {}", sheet.state, sheet.revision)).or_default() += 1;
        let lines = attendance::lines(tx, &session.id).await?;
        for line in &lines {
            *seen.sheets.entry(format!("{subject} {} {:?}", line.short_name(), line.verdict())).or_default() += 1;
            let of = (self.account)(&line.first_name);
            let stays = seen.calls.iter().flat_map(|call| &call.stays).filter(|(who, ..)| *who == of);
            let stays = stays.map(|(_, from, to)| (*from, to.unwrap_or(self.now))).collect();
            seen.stayed.push(Stayed {
                subject: subject.clone(),
                who: line.first_name.clone(),
                line: (line.source <= Source::Call).then_some(line.minutes).flatten(),
                stays,
                lesson: (session.start_at, session.end_at),
                unseen: session.mode != Mode::Remote
                    || self.touched.contains(&session.id)
                    || slept(due, session.end_at.plus_minutes(15)),
            });
        }
        let file = self.files.iter().find(|file| file.subject == subject);
        if sheet.validated_at.is_some()
            && let Some(file) = file
        {
            let word = |line: &Line| preau::school::attendance::sheet::state(line).render(Lang::Fr);
            let rows = lines.iter().map(|line| (line.first_name.clone(), word(line), line.minutes)).collect();
            let all = Counts::of(&lines);
            let sums = vec![all.all, all.present, all.late, all.partial, all.absent, all.justified, all.open];
            let revision = text!("attendance-sheet-revision", number = sheet.revision).render(Lang::Fr);
            seen.papers.push((Paper { subject, rows, sums, revision }, file.clone()));
        }
        Ok(())
    }
}

/// What a sheet's file says; `None`: it is another kind of file.
pub fn paper(bytes: &[u8]) -> Option<Paper> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).ok()?;
    let name = book.sheet_names().first()?.clone();
    let range = book.worksheet_range(&name).ok()?;
    let word = |row: u32, column: u32| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    let mut paper = Paper { subject: word(2, 1), ..Paper::default() };
    let mut row = 6;
    while !word(row, 1).is_empty() {
        paper.rows.push((word(row, 1), word(row, 2), word(row, 5).parse().ok()));
        row += 1;
    }
    paper.sums = (0..7).filter_map(|column| word(row + 2, column).parse().ok()).collect();
    paper.revision = word(row + 4, 0);
    Some(paper)
}
