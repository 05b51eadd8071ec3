//! What the outbox performs for sheets.

use super::flow::{self, ContestFor, For, Nudge};
use super::screens::{self, Show};
use super::sheet::{SheetFacts, file_name, xlsx};
use super::{Agreed, Decision, Early, SheetState, View, roll_slot, store};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Outcome, Rank, Row};
use crate::platform::store::Tx;
use crate::school::approval;
use crate::school::classroom::flow::{classroom, group_of};
use crate::school::roster::flow::{person, person_of_account};
use crate::school::session::flow::{About, session};
use crate::school::session::{Mode, Session, State, call_slot, late_by, slot, title};
use crate::telegram::port::{Attachment, Desk, Post, done, outcome_of, post, send_file};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// The session begins.
pub async fn open(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    done(desk, row, async |tx| flow::open(tx, &about, row.due_at).await.map(|_| ())).await
}

/// The session ends.
pub async fn close(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    done(desk, row, async |tx| flow::close(tx, &about).await.map(|_| ())).await
}

/// Does the call go on unseen?
pub async fn blind(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    done(desk, row, async |tx| flow::unseen(tx, &session_id).await).await
}

/// A sheet is not validated after hours.
pub async fn nudge(desk: &Desk, row: &Row) -> Result<Outcome> {
    let nudge: Nudge = row.read()?;
    done(desk, row, async |tx| flow::nudge(tx, &nudge).await).await
}

/// What is old enough is locked.
pub async fn lock(desk: &Desk, _row: &Row) -> Result<Outcome> {
    let locked = desk.db.transact(async |tx| flow::lock(tx).await).await?;
    tracing::info!(sheets = locked, "attendance.locked");
    Ok(Outcome::Done)
}

/// The sheet as it stands, and the language of an account (0: the class's group).
async fn standing(desk: &Desk, about: &For) -> Result<Option<(View, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = session(tx, &about.session_id).await? else { return Ok(None) };
            let lang = if about.account == 0 {
                classroom(tx, &session.classroom_id).await?.and_then(|class| class.lang)
            } else {
                person_of_account(tx, about.account).await?.and_then(|person| person.lang)
            };
            let lang = lang.unwrap_or(tx.config().school.language);
            Ok(flow::view(tx, &session).await?.map(|view| (view, lang)))
        })
        .await
}

/// The roll at the start, the proposed sheet at the end: one private message each.
pub async fn main_screen(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let Some((view, lang)) = standing(desk, &about).await? else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    let mut screen = screens::screen(&view, &Show::Main)?;
    let words = screens::fingerprint(&screen);
    if row.kind == flow::ROLL
        && let Some(late) = late_by(row.due_at, desk.db.clock().now())
    {
        screen.text = Text::lines([text!("attendance-roll-late", count = late), screen.text]);
    }
    let mut message = Post::private(about.account, screen, lang).any_hour();
    if row.kind == flow::ROLL {
        let write = async |tx: &mut Tx| flow::showing(tx, &about.session_id, about.account, &Show::Main, &words).await;
        desk.db.transact(write).await?;
        message = message.slot(roll_slot(&about.session_id, about.account));
        // « L'appel est ouvert » stands there already, and becomes the roll.
        if !view.calling {
            message = message.afresh();
        }
    }
    let outcome = post(desk, row, message).await?;
    // Whoever was to have it cannot be written to (they blocked the bot since): somebody else must.
    if matches!(outcome, Outcome::Cancel(_)) {
        let kind = if row.kind == flow::ROLL { flow::ROLL } else { flow::ASK };
        desk.db.transact(async |tx| flow::instead(tx, &view.session, kind, &about).await).await?;
    }
    Ok(outcome)
}

/// Who is in the call before its lesson begins, as an account sees it in its language.
async fn before(desk: &Desk, about: &For) -> Result<Option<(Early, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = session(tx, &about.session_id).await? else { return Ok(None) };
            let lang = person_of_account(tx, about.account).await?.and_then(|person| person.lang);
            let lang = lang.unwrap_or(tx.config().school.language);
            Ok(flow::early(tx, &session).await?.map(|early| (early, lang)))
        })
        .await
}

/// Those in charge learn that the call is open, and follow who comes; the roll will stand in the same message.
pub async fn board(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let Some((early, lang)) = before(desk, &about).await? else {
        return Ok(Outcome::Cancel("the roll is there, or no call".to_owned()));
    };
    let screen = screens::board(&early, &Show::Board)?;
    let words = screens::fingerprint(&screen);
    let write = async |tx: &mut Tx| flow::showing(tx, &about.session_id, about.account, &Show::Board, &words).await;
    desk.db.transact(write).await?;
    let slot = roll_slot(&about.session_id, about.account);
    post(desk, row, Post::private(about.account, screen, lang).slot(slot).any_hour()).await
}

/// Students said something: what is shown of the roll follows.
pub async fn follow(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    done(desk, row, async |tx| flow::follow(tx, &about.session_id, row.due_at).await).await
}

/// One message that shows a roll is brought up to date, unless its reader decides something there just now.
pub async fn refresh(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let shown = desk.db.read(async |tx| flow::shown(tx, &about.session_id, about.account).await).await?;
    let Some((show, words)) = shown else { return Ok(Outcome::Cancel("nothing stands there".to_owned())) };
    let (screen, lang) = if let Some((view, lang)) = standing(desk, &about).await? {
        // A lesson that is cancelled leaves nothing to decide.
        let cancelled = view.session.state == State::Cancelled;
        if !cancelled && !show.follows() {
            return Ok(Outcome::Cancel("somebody decides there".to_owned()));
        }
        let screen = if cancelled {
            screens::cancelled(&view)
        } else if view.sheet.state == SheetState::Running {
            screens::screen(&view, &show)?
        } else {
            screens::ended(&view)
        };
        (screen, lang)
    } else if let Some((early, lang)) = before(desk, &about).await? {
        (screens::board(&early, &show)?, lang)
    } else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    let now = screens::fingerprint(&screen);
    if now == words {
        return Ok(Outcome::Cancel("it says so already".to_owned()));
    }
    let slot = roll_slot(&about.session_id, about.account);
    let outcome = post(desk, row, Post::private(about.account, screen, lang).slot(slot).edit_only()).await?;
    if outcome == Outcome::Done {
        let write = async |tx: &mut Tx| flow::refreshed(tx, &about.session_id, about.account, &show, &now).await;
        desk.db.transact(write).await?;
    }
    Ok(outcome)
}

/// « La feuille n’est pas encore validée. »
pub async fn tell_nudge(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let Some((view, lang)) = standing(desk, &about).await? else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    if !view.sheet.waits() {
        return Ok(Outcome::Cancel("validated meanwhile".to_owned()));
    }
    let mut screen = screens::screen(&view, &Show::Main)?;
    let reader = desk.db.read(async |tx| person_of_account(tx, about.account).await).await?.map(|person| person.id);
    let words = match &view.session.teacher_id {
        Some(teacher) if reader.as_ref() != Some(teacher) => text!("attendance-nudge-staff"),
        _ => text!("attendance-nudge"),
    };
    screen.text = Text::lines([words, screen.text]);
    post(desk, row, Post::private(about.account, screen, lang)).await
}

/// The session's message in the group becomes the report: counts only.
pub async fn report(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let Some((view, lang)) = standing(desk, &about).await? else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    let group = desk.db.read(async |tx| group_of(tx, &view.session.classroom_id).await).await?;
    let Some(group) = group else { return Ok(Outcome::Cancel("the class has no group".to_owned())) };
    let message = Post::new(group.chat, screens::report(&view).silent(), lang)
        .slot(slot(&view.session.id))
        .rather(call_slot(&view.session.id));
    post(desk, row, message).await
}

/// The sheet as a workbook.
pub async fn file(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let Some((view, lang)) = standing(desk, &about).await? else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    // Two corrections in a row: the file of the last one says it all. Who asked for one gets what there is.
    if row.rank != Rank::Answer.code() && view.sheet.revision > about.version {
        return Ok(Outcome::Cancel("a newer revision follows".to_owned()));
    }
    let validated_by = match view.sheet.validated_by.clone() {
        Some(id) => desk.db.read(async |tx| person(tx, &id).await).await?.map(|person| person.full_name()),
        None => None,
    };
    let corrected = desk.db.read(async |tx| flow::corrected(tx, &view.sheet).await).await?;
    let config = &desk.db.config().school;
    let facts = SheetFacts {
        school: config.name.clone(),
        registration: config.registration.clone().unwrap_or_default(),
        classroom: view.classroom.clone(),
        subject: view.session.subject.clone(),
        teacher: view.session.teacher_name.clone(),
        place: place(&view.session, lang),
        mode: view.session.mode,
        start: view.session.start_at,
        end: view.session.end_at,
        zone: config.time_zone,
        validated_by: validated_by.unwrap_or_default(),
        validated_at: view.sheet.validated_at,
        revision: view.sheet.revision,
        corrected,
        watched: view.watched,
        lines: view.lines.clone(),
    };
    let bytes = xlsx(&facts, lang)?;
    let caption =
        text!("attendance-file-caption", class = &view.classroom, session = title(&view.session, config.time_zone))
            .render(lang);
    let attachment = Attachment { name: file_name(&facts), bytes, caption };
    Ok(match send_file(desk, row, about.account, attachment).await? {
        Ok(_) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}

/// Where it took place: the room, the link, or both.
fn place(session: &Session, lang: Lang) -> String {
    let link = session.link.as_deref().map(str::trim).filter(|link| !link.is_empty() && session.mode != Mode::OnSite);
    match (session.mode, link, session.room.trim()) {
        (Mode::Remote, Some(link), _) | (Mode::Hybrid, Some(link), "") => link.to_owned(),
        (Mode::Hybrid, Some(link), room) => format!("{room}, {link}"),
        _ => session.place().render(lang),
    }
}

/// A change of a locked sheet was agreed.
pub async fn change(desk: &Desk, row: &Row) -> Result<Outcome> {
    let change: Agreed = row.read()?;
    desk.db
        .transact(async |tx| {
            flow::carry_out(tx, &change).await?;
            if let Some(id) = approval::id_of(&row.key) {
                approval::flow::carried_out(tx, id).await?;
            }
            outbox::store::settle(tx, row, &Outcome::Done, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// A student objects: the one in charge decides.
pub async fn contested(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ContestFor = row.read()?;
    let found = desk
        .db
        .read(async |tx| {
            let Some(contest) = store::contest(tx, &about.contest_id).await? else { return Ok(None) };
            let Some(session) = session(tx, &contest.session_id).await? else { return Ok(None) };
            let line = store::line(tx, &contest.session_id, &contest.person_id).await?;
            let lang = person_of_account(tx, about.account).await?.and_then(|person| person.lang);
            let head = title(&session, tx.zone());
            Ok(line.map(|line| (contest, line, head, lang.unwrap_or(tx.config().school.language))))
        })
        .await?;
    let Some((contest, line, head, lang)) = found else { return Ok(Outcome::Cancel("the contest is gone".to_owned())) };
    let words = text!(
        "attendance-contested",
        name = line.short_name(),
        session = head,
        state = line.verdict().words(),
        words = contest.words.as_str()
    );
    let decision =
        |accept: bool, other: bool| serde_json::to_string(&Decision { contest: contest.id.clone(), accept, other });
    let screen = Screen::new(words)
        .row([
            Key::press(text!("attendance-contest-accept-key"), screens::DECIDE, decision(true, false)?),
            Key::press(text!("attendance-contest-other-key"), screens::DECIDE, decision(true, true)?),
        ])
        .row([Key::press(text!("attendance-contest-refuse-key"), screens::DECIDE, decision(false, false)?)]);
    let outcome = post(desk, row, Post::private(about.account, screen, lang)).await?;
    // Whoever was to decide cannot be written to any more: somebody else must.
    if matches!(outcome, Outcome::Cancel(_)) {
        desk.db.transact(async |tx| flow::contested_instead(tx, &contest).await).await?;
    }
    Ok(outcome)
}

/// The student learns what was decided.
pub async fn decided(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ContestFor = row.read()?;
    let found = desk
        .db
        .read(async |tx| {
            let Some(contest) = store::contest(tx, &about.contest_id).await? else { return Ok(None) };
            let Some(session) = session(tx, &contest.session_id).await? else { return Ok(None) };
            let line = store::line(tx, &contest.session_id, &contest.person_id).await?;
            let lang = person_of_account(tx, about.account).await?.and_then(|person| person.lang);
            let (head, reason) = (title(&session, tx.zone()), store::contest_reason(tx, &contest.id).await?);
            Ok(line.map(|line| (contest, line, head, reason, lang.unwrap_or(tx.config().school.language))))
        })
        .await?;
    let Some((contest, line, head, reason, lang)) = found else {
        return Ok(Outcome::Cancel("the contest is gone".to_owned()));
    };
    let (reason, state) = (reason.unwrap_or_default(), line.verdict().words());
    let words = match (contest.state.as_str(), reason.as_str()) {
        ("accepted", "contest" | flow::ROLL_CALL) => {
            text!("attendance-decided-accepted", session = head, state = state)
        }
        ("accepted", why) => {
            text!("attendance-decided-corrected", session = head, state = state, reason = flow::reason_words(why))
        }
        _ => text!("attendance-decided-refused", session = head, reason = reason),
    };
    post(desk, row, Post::private(about.account, Screen::new(words), lang)).await
}
