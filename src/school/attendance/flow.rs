//! From the opening of a sheet to its validation, and what follows.

use serde::{Deserialize, Serialize};

use super::rules::{Lesson, Rule, Watch, contest_until, judge};
use super::store::{self, Change, Contest};
pub use super::store::{is_on_a_sheet, lines, sessions_with_sheet, sheet};
use super::{Event, EventKind, LateChange, Line, Mark, Sheet, SheetState, Source, Verdict, View};
use crate::kernel::{At, Error, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::approval::flow::{self as approval, Ask};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow::classroom;
use crate::school::roster::flow::{person, reachable, staff_of, students_of};
use crate::school::roster::{Reachable, Role};
use crate::school::session::flow::{About, announced, session};
use crate::school::session::{Session, State, head_with_day, title};
use crate::text;

pub const ROLL: &str = "attendance.roll";
pub const ASK: &str = "attendance.ask";
pub const NUDGE: &str = "attendance.nudge";
pub const TELL_NUDGE: &str = "attendance.tell_nudge";
pub const REPORT: &str = "attendance.report";
pub const FILE: &str = "attendance.file";
pub const LOCK: &str = "attendance.lock";
pub const CONTESTED: &str = "attendance.contested";
pub const DECIDED: &str = "attendance.decided";
/// Carries out an agreed change of a locked sheet.
pub const CHANGE: &str = "attendance.change";

/// A message about a session for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct For {
    pub session_id: String,
    pub account: i64,
    /// The version of the sheet, where the message is about one.
    pub version: i64,
}

/// A message about a contest for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContestFor {
    pub contest_id: String,
    pub account: i64,
}

/// Who gets the roll of a session: its teacher, else those in charge of the class.
pub async fn in_charge(tx: &mut Tx, session: &Session) -> Result<Vec<Reachable>> {
    // Whose right to teach still waits for an admin's word gets no roll.
    if let Some(teacher) = &session.teacher_id
        && let Some(found) = reachable(tx, teacher).await?.filter(|found| found.role >= Role::Teacher)
    {
        return Ok(vec![found]);
    }
    staff_of(tx, &session.classroom_id).await
}

/// The session begins: its roster is frozen, and whoever is in charge gets the roll.
pub async fn open(tx: &mut Tx, about: &About) -> Result<bool> {
    let Some(session) = session(tx, &about.session_id).await? else { return Ok(false) };
    if session.state != State::Planned || session.start_at != about.start_at {
        return Ok(false);
    }
    if !store::insert_sheet(tx, &session.id).await? {
        return Ok(false);
    }
    for student in students_of(tx, &session.classroom_id).await? {
        store::insert_line(tx, &session.id, &student.id).await?;
    }
    // « Je suis là » may have been pressed before the start.
    propose_lines(tx, &session).await?;
    record(tx, &Actor::System, "sheet.opened", &object(&session.id), None, None).await?;
    for person in in_charge(tx, &session).await? {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version: 1 };
        let key = format!("{ROLL}:{}:{}", session.id, person.telegram_id);
        let put = Put::new(ROLL, key, &about)?.lane(format!("chat:{}", person.telegram_id)).until(session.end_at);
        outbox::put(tx, put).await?;
    }
    Ok(true)
}

/// The session ends: the rules propose, the teacher is asked.
pub async fn close(tx: &mut Tx, about: &About) -> Result<bool> {
    let Some(session) = session(tx, &about.session_id).await? else { return Ok(false) };
    if session.state != State::Planned {
        return Ok(false);
    }
    // A session whose opening was missed altogether still gets its sheet.
    open(tx, &About { session_id: session.id.clone(), start_at: session.start_at }).await?;
    if !store::propose(tx, &session.id).await? {
        return Ok(false);
    }
    propose_lines(tx, &session).await?;
    ask(tx, &session).await?;
    let hours = tx.config().attendance;
    for (step, after) in [("teacher", hours.remind_hours), ("supervisor", hours.escalate_hours)] {
        let due = awake(tx, session.end_at.plus_hours(after));
        let nudge = Nudge { session_id: session.id.clone(), step: step.to_owned() };
        let put =
            Put::new(NUDGE, format!("{NUDGE}:{}:{step}", session.id), &nudge)?.inner().due(due).until(due.plus_days(3));
        outbox::put(tx, put).await?;
    }
    Ok(true)
}

/// What the rules say of each line, from everything that was seen so far.
async fn propose_lines(tx: &mut Tx, session: &Session) -> Result<()> {
    let events = store::events(tx, &session.id).await?;
    let rule = rule(tx);
    let lesson = Lesson { start: session.start_at, end: session.end_at, mode: session.mode };
    for line in store::lines(tx, &session.id).await? {
        let is_theirs = |event: &&Event| event.person_id.as_deref() == Some(&line.person_id);
        let own: Vec<Event> = events.iter().filter(is_theirs).cloned().collect();
        let verdict = judge(&lesson, &Watch::default(), &own, &rule);
        if verdict != line.verdict() {
            store::set_line(tx, &session.id, &line.person_id, &verdict).await?;
        }
    }
    Ok(())
}

/// A reminder of a sheet that is not validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    pub session_id: String,
    /// `teacher` or `supervisor`.
    pub step: String,
}

/// The sheet is still not validated: the teacher, later those in charge of the class, are reminded.
pub async fn nudge(tx: &mut Tx, nudge: &Nudge) -> Result<()> {
    let Some(sheet) = store::sheet(tx, &nudge.session_id).await? else { return Ok(()) };
    let Some(session) = session(tx, &nudge.session_id).await? else { return Ok(()) };
    if sheet.state != SheetState::Proposed {
        return Ok(());
    }
    let people = if nudge.step == "teacher" {
        in_charge(tx, &session).await?
    } else {
        staff_of(tx, &session.classroom_id).await?
    };
    let now = tx.now();
    let due = awake(tx, now);
    for person in people {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version: sheet.version };
        let key = format!("{TELL_NUDGE}:{}:{}:{}", session.id, nudge.step, person.telegram_id);
        let put = Put::new(TELL_NUDGE, key, &about)?.lane(format!("chat:{}", person.telegram_id));
        // Late, after a stop, it may be night.
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(())
}

async fn ask(tx: &mut Tx, session: &Session) -> Result<()> {
    let version = store::sheet(tx, &session.id).await?.map_or(0, |sheet| sheet.version);
    for person in in_charge(tx, session).await? {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version };
        let key = format!("{ASK}:{}:{}", session.id, person.telegram_id);
        let put =
            Put::new(ASK, key, &about)?.lane(format!("chat:{}", person.telegram_id)).until(session.end_at.plus_days(2));
        outbox::put(tx, put).await?;
    }
    Ok(())
}

/// Everything a screen of a sheet is made of; `None` when the sheet is not open yet.
pub async fn view(tx: &mut Tx, session: &Session) -> Result<Option<View>> {
    let Some(sheet) = store::sheet(tx, &session.id).await? else { return Ok(None) };
    let lines = store::lines(tx, &session.id).await?;
    let classroom = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let said = announced(tx, &session.id).await?;
    let those = |kind: &str| -> Vec<String> {
        let is_so = |line: &&Line| said.iter().any(|(person, what)| *person == line.person_id && what == kind);
        lines.iter().filter(is_so).map(Line::short_name).collect()
    };
    let (absences, latenesses) = (those("absent"), those("late"));
    let zone = tx.zone();
    let head = head_with_day(session, zone);
    Ok(Some(View { session: session.clone(), head, classroom, sheet, lines, absences, latenesses, zone }))
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unchanged {
    /// The sheet was changed since the press was shown.
    Stale,
    /// Too old: one person may not change it alone.
    Locked,
    /// The line says this already.
    Same,
    Gone,
}

/// A correction by a person in charge.
#[derive(Debug, Clone)]
pub struct Correction<'c> {
    pub session_id: &'c str,
    pub person_id: &'c str,
    pub verdict: Verdict,
    pub reason: &'c str,
    pub by: &'c str,
    /// The version that was on the screen; `None` does not mind.
    pub version: Option<i64>,
    /// Takes a change back: the line is again what `verdict` says, its source too.
    pub undo: bool,
    /// A second person agreed: a locked sheet changes too.
    pub agreed: bool,
}

/// Marks one line by hand: an event, the line, a revision and who did it.
pub async fn correct(tx: &mut Tx, correction: &Correction<'_>) -> Result<std::result::Result<Line, Unchanged>> {
    let (session_id, person_id) = (correction.session_id, correction.person_id);
    let Some(sheet) = store::sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    let Some(line) = store::line(tx, session_id, person_id).await? else { return Ok(Err(Unchanged::Gone)) };
    if sheet.state == SheetState::Locked && !correction.agreed {
        return Ok(Err(Unchanged::Locked));
    }
    if correction.version.is_some_and(|version| version != sheet.version) {
        return Ok(Err(Unchanged::Stale));
    }
    let source = if correction.undo { correction.verdict.source } else { Source::Manual };
    let verdict = Verdict { source, minutes: line.minutes, ..correction.verdict };
    if verdict == line.verdict() {
        return Ok(Err(Unchanged::Same));
    }
    if !store::bump(tx, session_id, sheet.version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    write(tx, &sheet, &line, &verdict, correction.reason, correction.by).await?;
    if matches!(sheet.state, SheetState::Validated | SheetState::Locked) {
        publish(tx, session_id, correction.by).await?;
    }
    Ok(Ok(line))
}

/// The event, the line, the change and the audit; the sheet's version was raised by the caller.
async fn write(tx: &mut Tx, sheet: &Sheet, line: &Line, verdict: &Verdict, reason: &str, by: &str) -> Result<()> {
    let (old, new) = (serde_json::to_string(&line.verdict())?, serde_json::to_string(verdict)?);
    let session_id = sheet.session_id.as_str();
    // Taking a word back leaves nobody's word: what else was seen counts again.
    let word = match verdict.source {
        Source::Manual => *verdict,
        _ => Verdict { mark: Mark::Open, late: None, early: None, ..*verdict },
    };
    let word = serde_json::to_string(&word)?;
    store::insert_event(tx, session_id, &line.person_id, EventKind::Manual, by, Some(&word)).await?;
    store::set_line(tx, session_id, &line.person_id, verdict).await?;
    let change = Change { session_id, person_id: &line.person_id, version: sheet.version + 1, old, new, reason, by };
    store::insert_change(tx, &change).await?;
    let actor = Actor::Person(by.to_owned());
    let object = format!("sheet:{session_id}:{}", line.person_id);
    record(tx, &actor, "sheet.corrected", &object, Some(&change.old), Some(&change.new)).await
}

/// Every open line becomes present, those of `absent` become absent; lines that somebody marked stay (while the session
/// runs, naming somebody absent overrules them). Gives how many changed.
pub async fn mark_open(
    tx: &mut Tx,
    session_id: &str,
    absent: &[String],
    by: &str,
    version: i64,
) -> Result<std::result::Result<usize, Unchanged>> {
    let Some(sheet) = store::sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    if sheet.state == SheetState::Locked {
        return Ok(Err(Unchanged::Locked));
    }
    if sheet.version != version {
        return Ok(Err(Unchanged::Stale));
    }
    let mut changes = Vec::new();
    for line in store::lines(tx, session_id).await? {
        let mark = match (absent.contains(&line.person_id), line.mark) {
            (true, Mark::Open) => Mark::Absent,
            (true, _) if sheet.state == SheetState::Running => Mark::Absent,
            (false, Mark::Open) => Mark::Present,
            _ => continue,
        };
        let verdict = Verdict { mark, late: None, early: None, minutes: line.minutes, source: Source::Manual };
        if verdict != line.verdict() {
            changes.push((line, verdict));
        }
    }
    if changes.is_empty() {
        return Ok(Err(Unchanged::Same));
    }
    if !store::bump(tx, session_id, version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    for (line, verdict) in &changes {
        write(tx, &sheet, line, verdict, "roll", by).await?;
    }
    if sheet.state == SheetState::Validated {
        publish(tx, session_id, by).await?;
    }
    Ok(Ok(changes.len()))
}

/// What became of « Je suis là ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Noted,
    /// The roster was frozen at the start, without this person.
    NotOnSheet,
}

/// « Je suis là ». The sheet's version stays: a teacher who is picking names need not begin again.
pub async fn here(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<Here> {
    let open = store::sheet(tx, session_id).await?.is_some();
    if open && store::line(tx, session_id, person_id).await?.is_none() {
        return Ok(Here::NotOnSheet);
    }
    let said = store::events(tx, session_id)
        .await?
        .iter()
        .any(|event| event.kind == EventKind::Button && event.person_id.as_deref() == Some(person_id));
    if !said {
        store::insert_event(tx, session_id, person_id, EventKind::Button, "group", None).await?;
        // Before the start there is no sheet yet: the press counts when it opens.
        store::press_line(tx, session_id, person_id).await?;
    }
    Ok(Here::Noted)
}

/// How a validation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validated {
    Done,
    /// So many lines are still to be marked: asked first, never turned into absences.
    Open(i64),
    Refused(Unchanged),
}

/// The teacher stands by the sheet. With open lines only when `leave_open` says so.
pub async fn validate(tx: &mut Tx, session_id: &str, by: &str, version: i64, leave_open: bool) -> Result<Validated> {
    let Some(sheet) = store::sheet(tx, session_id).await? else { return Ok(Validated::Refused(Unchanged::Gone)) };
    match sheet.state {
        SheetState::Locked => return Ok(Validated::Refused(Unchanged::Locked)),
        SheetState::Validated if sheet.version == version + 1 => return Ok(Validated::Refused(Unchanged::Same)),
        _ => {}
    }
    let lines = store::lines(tx, session_id).await?;
    let open = super::Counts::of(&lines).open;
    if open > 0 && !leave_open {
        return Ok(Validated::Open(open));
    }
    if !store::validate(tx, session_id, by, version).await? {
        return Ok(Validated::Refused(Unchanged::Stale));
    }
    let actor = Actor::Person(by.to_owned());
    record(tx, &actor, "sheet.validated", &object(session_id), None, Some(&format!("version {}", version + 1))).await?;
    outbox::cancel_like(tx, &format!("{NUDGE}:{session_id}:"), "validated").await?;
    outbox::cancel_like(tx, &format!("{TELL_NUDGE}:{session_id}:"), "validated").await?;
    publish(tx, session_id, by).await?;
    Ok(Validated::Done)
}

/// The counts go to the group (by editing the session's message), the file to those in charge. Who did it waits for
/// the file; the others are not woken for it.
async fn publish(tx: &mut Tx, session_id: &str, by: &str) -> Result<()> {
    store::publish(tx, session_id).await?;
    let (Some(sheet), Some(session)) = (store::sheet(tx, session_id).await?, session(tx, session_id).await?) else {
        return Ok(());
    };
    let about = For { session_id: session_id.to_owned(), account: 0, version: sheet.revision };
    let put = Put::new(REPORT, format!("{REPORT}:{session_id}:{}", sheet.revision), &about)?;
    outbox::put(tx, put.lane(format!("session:{session_id}")).repeatable()).await?;
    let mut people = in_charge(tx, &session).await?;
    for person in staff_of(tx, &session.classroom_id).await? {
        if !people.iter().any(|known| known.telegram_id == person.telegram_id) {
            people.push(person);
        }
    }
    let now = tx.now();
    for person in people {
        let due = if person.person_id == by { now } else { awake(tx, now) };
        let account = person.telegram_id;
        let about = For { session_id: session_id.to_owned(), account, version: sheet.revision };
        let put = Put::new(FILE, file_key(&about), &about)?.lane(format!("chat:{account}"));
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(())
}

fn file_key(about: &For) -> String {
    format!("{FILE}:{}:{}:{}", about.session_id, about.version, about.account)
}

/// The sheet as a file, for one account that asks for it; two presses in a minute are one.
pub async fn file_for(tx: &mut Tx, session_id: &str, account: i64, revision: i64) -> Result<()> {
    let about = For { session_id: session_id.to_owned(), account, version: revision };
    let key = format!("{}:asked:{}", file_key(&about), tx.now().millis() / 60_000);
    let put = Put::new(FILE, key, &about)?.lane(format!("chat:{account}"));
    outbox::put(tx, put.rank(Rank::Answer)).await.map(|_| ())
}

/// The first moment from `at` on when staff may be pushed a message.
fn awake(tx: &Tx, at: At) -> At {
    let school = &tx.config().school;
    school.time_zone.after_quiet(at, school.quiet_from, school.quiet_until)
}

/// Locks what is old enough.
pub async fn lock(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-tx.config().attendance.lock_days);
    store::lock(tx, before).await
}

/// May this line still be contested?
pub fn may_contest(tx: &Tx, state: SheetState, end: At, validated: Option<At>) -> bool {
    let until = contest_until(end, validated, tx.config().attendance.contest_days);
    matches!(state, SheetState::Proposed | SheetState::Validated) && tx.now() <= until
}

/// A student objects to their line; `None` when they did before.
pub async fn contest(tx: &mut Tx, session_id: &str, person_id: &str, words: &str) -> Result<Option<String>> {
    let Some(session) = session(tx, session_id).await? else { return Ok(None) };
    let Some(id) = store::insert_contest(tx, session_id, person_id, words).await? else { return Ok(None) };
    let actor = Actor::Person(person_id.to_owned());
    record(tx, &actor, "sheet.contested", &object(session_id), None, None).await?;
    let now = tx.now();
    let due = awake(tx, now);
    for person in in_charge(tx, &session).await? {
        let about = ContestFor { contest_id: id.clone(), account: person.telegram_id };
        let key = format!("{CONTESTED}:{id}:{}", person.telegram_id);
        let put = Put::new(CONTESTED, key, &about)?.lane(format!("chat:{}", person.telegram_id));
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(Some(id))
}

/// How a decision about a contest ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Done,
    Already,
    /// The sheet was locked meanwhile: a second person is asked, the contest stays open until then.
    Asked,
}

/// The one in charge decides.
pub async fn decide(tx: &mut Tx, contest_id: &str, accept: bool, reason: &str, by: &str) -> Result<Decided> {
    let Some(contest) = store::contest(tx, contest_id).await? else { return Ok(Decided::Already) };
    let locked = store::sheet(tx, &contest.session_id).await?.is_some_and(|sheet| sheet.state == SheetState::Locked);
    if contest.state != "open" {
        return Ok(Decided::Already);
    }
    let verdict = Verdict { mark: Mark::Present, late: None, early: None, minutes: None, source: Source::Manual };
    if accept && locked {
        let change = LateChange {
            session: contest.session_id,
            person: contest.person_id,
            mark: verdict.mark,
            late: None,
            early: None,
            reason: reason.to_owned(),
            by: by.to_owned(),
        };
        ask_change(tx, &change).await?;
        return Ok(Decided::Asked);
    }
    let state = if accept { "accepted" } else { "refused" };
    if !settle_contest(tx, &contest, state, reason, by).await? {
        return Ok(Decided::Already);
    }
    if accept {
        let correction = Correction {
            session_id: &contest.session_id,
            person_id: &contest.person_id,
            verdict,
            reason,
            by,
            version: None,
            undo: false,
            agreed: false,
        };
        match correct(tx, &correction).await? {
            // Already so: the contest is settled all the same.
            Ok(_) | Err(Unchanged::Same) => {}
            Err(why) => return Err(Error::outage("sheet", &format!("{why:?}"))),
        }
    }
    Ok(Decided::Done)
}

/// Records what was decided and tells the student; `false` when it was decided before.
async fn settle_contest(tx: &mut Tx, contest: &Contest, state: &str, reason: &str, by: &str) -> Result<bool> {
    if !store::decide_contest(tx, &contest.id, state, reason, by).await? {
        return Ok(false);
    }
    let actor = Actor::Person(by.to_owned());
    record(tx, &actor, "sheet.contest_decided", &object(&contest.session_id), None, Some(state)).await?;
    if let Some(person) = reachable(tx, &contest.person_id).await? {
        let about = ContestFor { contest_id: contest.id.clone(), account: person.telegram_id };
        let put = Put::new(DECIDED, format!("{DECIDED}:{}", contest.id), &about)?;
        outbox::put(tx, put.lane(format!("chat:{}", person.telegram_id))).await?;
    }
    Ok(true)
}

/// A locked sheet is changed by two: asks for the second person. `false` when just this waits for an answer already.
pub async fn ask_change(tx: &mut Tx, change: &LateChange) -> Result<bool> {
    let Some(session) = session(tx, &change.session).await? else { return Ok(false) };
    let Some(line) = store::line(tx, &change.session, &change.person).await? else { return Ok(false) };
    let payload = serde_json::to_value(change)?;
    let asked = payload.to_string();
    if approval::open_agreements(tx).await?.iter().any(|one| one.kind == CHANGE && one.payload == asked) {
        return Ok(false);
    }
    let new = Verdict {
        mark: change.mark,
        late: change.late,
        early: change.early,
        minutes: line.minutes,
        source: Source::Manual,
    };
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let effects = text!(
        "attendance-change-effects",
        class = class,
        session = title(&session, tx.zone()),
        name = line.short_name(),
        old = line.verdict().words(),
        new = new.words(),
        reason = reason_words(&change.reason)
    );
    // An admin who asks is one voice; it takes another's.
    let is_admin = person(tx, &change.by).await?.is_some_and(|person| person.role == Role::Admin);
    let needs = if is_admin { 2 } else { 1 };
    let ask = Ask { kind: CHANGE, effects, payload, needs, asked_by: Some(change.by.clone()), hours: 72 };
    approval::ask(tx, ask).await?;
    let actor = Actor::Person(change.by.clone());
    let object = format!("sheet:{}:{}", change.session, change.person);
    record(tx, &actor, "sheet.change_asked", &object, None, Some(change.mark.code())).await?;
    Ok(true)
}

/// What was agreed is carried out.
pub async fn carry_out(tx: &mut Tx, change: &LateChange) -> Result<()> {
    let verdict =
        Verdict { mark: change.mark, late: change.late, early: change.early, minutes: None, source: Source::Manual };
    let correction = Correction {
        session_id: &change.session,
        person_id: &change.person,
        verdict,
        reason: &change.reason,
        by: &change.by,
        version: None,
        undo: false,
        agreed: true,
    };
    if let Err(why @ Unchanged::Stale) = correct(tx, &correction).await? {
        return Err(Error::outage("sheet", &format!("{why:?}")));
    }
    if let Some(contest) = store::contest_of(tx, &change.session, &change.person).await?
        && change.mark == Mark::Present
    {
        settle_contest(tx, &contest, "accepted", &change.reason, &change.by).await?;
    }
    Ok(())
}

/// The reason of a change as people read it: one of ours, or their own words.
fn reason_words(reason: &str) -> Text {
    match reason {
        "network" => text!("attendance-why-network"),
        "mistake" => text!("attendance-why-mistake"),
        "contest" => text!("attendance-why-contest"),
        words => Text::verbatim(words),
    }
}

fn rule(tx: &Tx) -> Rule {
    let set = tx.config().attendance;
    Rule {
        present_percent: set.present_percent,
        partial_percent: set.partial_percent,
        late_minutes: set.late_minutes,
        early_minutes: set.early_minutes,
        blind_percent: set.blind_percent,
    }
}

fn object(session_id: &str) -> String {
    format!("sheet:{session_id}")
}
