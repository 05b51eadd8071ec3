//! What the outbox performs for sheets.

mod contests;

pub use self::contests::{contested, decided};

use super::flow::{self, For, Nudge};
use super::screens::{self, Show};
use super::sheet::{SheetFacts, file_name, xlsx};
use super::{Agreed, Early, SheetState, View, roll_slot};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Outcome, Rank, Row};
use crate::platform::store::Tx;
use crate::school::approval;
use crate::school::classroom::flow::{classroom, group_of};
use crate::school::roster::flow::{person, person_of_account};
use crate::school::session::flow::{About, session};
use crate::school::session::{Mode, Session, State, call_slot, is_ahead, late_by, slot, title};
use crate::telegram::port::{Attachment, Desk, Post, done, outcome_of, post, send_file};
use crate::telegram::screen::Screen;
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

/// What is said of a message whose reader is in charge of the lesson no more.
const NOT_THEIRS: &str = "the account is not in charge of it any more";

/// May the account still see the session's sheet? A session that is gone is nobody's.
async fn theirs(desk: &Desk, session_id: &str, account: i64) -> Result<bool> {
    desk.db
        .read(async |tx| match session(tx, session_id).await? {
            Some(session) => flow::may_see(tx, account, &session).await,
            None => Ok(true),
        })
        .await
}

/// The roll at the start, the proposed sheet at the end: one private message each.
pub async fn main_screen(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    let kind = if row.kind == flow::ROLL { flow::ROLL } else { flow::ASK };
    let theirs = theirs(desk, &about.session_id, about.account).await?;
    let Some((view, lang)) = standing(desk, &about).await? else {
        return Ok(Outcome::Cancel("the sheet is gone".to_owned()));
    };
    if !theirs {
        desk.db.transact(async |tx| flow::instead(tx, &view.session, kind, &about).await).await?;
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
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
        // « L'appel est ouvert » stands there already, or that it is over, and becomes the roll.
        message.afresh = !desk.db.read(async |tx| flow::had_a_call(tx, &view.session).await).await?;
    }
    let outcome = post(desk, row, message).await?;
    // Whoever was to have it cannot be written to (they blocked the bot since): somebody else must.
    if matches!(outcome, Outcome::Cancel(_)) {
        desk.db.transact(async |tx| flow::instead(tx, &view.session, kind, &about).await).await?;
    }
    Ok(outcome)
}

/// A call before its lesson begins.
enum Before {
    /// Who is in it, and whether it goes on with what was said of one before.
    Open(Early, bool),
    /// There is none any more; with the name of the class.
    Over(Session, String),
}

/// The call before its lesson begins, as an account sees it in its language; `None` when the roll is there, or the lesson
/// gone.
async fn before(desk: &Desk, about: &For) -> Result<Option<(Before, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = session(tx, &about.session_id).await? else { return Ok(None) };
            if flow::sheet(tx, &session.id).await?.is_some() {
                return Ok(None);
            }
            let lang = person_of_account(tx, about.account).await?.and_then(|person| person.lang);
            let lang = lang.unwrap_or(tx.config().school.language);
            let before = if let Some(early) = flow::early(tx, &session).await? {
                Before::Open(early, flow::goes_on(tx, &session).await?)
            } else {
                let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name);
                Before::Over(session, class.unwrap_or_default())
            };
            Ok(Some((before, lang)))
        })
        .await
}

/// Those in charge learn that the call is open, and follow who comes; the roll will stand in the same message.
pub async fn board(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    if !theirs(desk, &about.session_id, about.account).await? {
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
    let Some((Before::Open(early, goes_on), lang)) = before(desk, &about).await? else {
        return Ok(Outcome::Cancel("the roll is there, or no call".to_owned()));
    };
    let screen = screens::board(&early, &Show::Board)?;
    let words = screens::fingerprint(&screen);
    let write = async |tx: &mut Tx| flow::showing(tx, &about.session_id, about.account, &Show::Board, &words).await;
    desk.db.transact(write).await?;
    let slot = roll_slot(&about.session_id, about.account);
    let mut message = Post::private(about.account, screen, lang).slot(slot).any_hour();
    message.afresh = !goes_on;
    post(desk, row, message).await
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
    if !theirs(desk, &about.session_id, about.account).await? {
        return handed_over(desk, row, &about).await;
    }
    let mut last = false;
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
    } else {
        match before(desk, &about).await? {
            Some((Before::Open(early, _), lang)) => (screens::board(&early, &show)?, lang),
            Some((Before::Over(session, class), lang)) => {
                let (now, zone) = (desk.db.clock().now(), desk.db.config().school.time_zone);
                // At its new hours the lesson has another message.
                last = is_ahead(&session, now);
                (screens::uncalled(&session, &class, now, zone), lang)
            }
            None => return Ok(Outcome::Cancel("the sheet is gone".to_owned())),
        }
    };
    let now = screens::fingerprint(&screen);
    if now == words {
        return Ok(Outcome::Cancel("it says so already".to_owned()));
    }
    let slot = roll_slot(&about.session_id, about.account);
    let outcome = post(desk, row, Post::private(about.account, screen, lang).slot(slot).edit_only()).await?;
    if outcome == Outcome::Done {
        let write = async |tx: &mut Tx| {
            if last {
                return flow::forget(tx, &about.session_id, about.account).await;
            }
            flow::refreshed(tx, &about.session_id, about.account, &show, &now).await
        };
        desk.db.transact(write).await?;
    }
    Ok(outcome)
}

/// What stands with whoever is in charge no more says so, and nothing of the lesson any longer.
async fn handed_over(desk: &Desk, row: &Row, about: &For) -> Result<Outcome> {
    let lang = desk.db.read(async |tx| person_of_account(tx, about.account).await).await?;
    let lang = lang.and_then(|person| person.lang).unwrap_or(desk.db.config().school.language);
    let screen = Screen::new(text!("attendance-handed-over"));
    let slot = roll_slot(&about.session_id, about.account);
    let outcome = post(desk, row, Post::private(about.account, screen, lang).slot(slot).edit_only()).await?;
    if outcome == Outcome::Done {
        desk.db.transact(async |tx| flow::forget(tx, &about.session_id, about.account).await).await?;
    }
    Ok(outcome)
}

/// « La feuille n’est pas encore validée. »
pub async fn tell_nudge(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: For = row.read()?;
    if !theirs(desk, &about.session_id, about.account).await? {
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
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
    if !theirs(desk, &about.session_id, about.account).await? {
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
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
