//! What people ask of the timetable, and what they announce.

use chrono::{Days, NaiveDate};

use super::flow::{self, Announcement};
use super::screens::{self, WITHDRAW};
use super::{Session, State, head, head_with_day, store, title};
use crate::kernel::text::Arg;
use crate::kernel::time::monday;
use crate::kernel::{At, Result, Text};
use crate::platform::store::Tx;
use crate::school::classroom::flow::{classroom, classrooms, group_of_chat};
use crate::school::rights::{Act, Reach, Tie};
use crate::school::roster::flow::{classrooms_of, groups_among};
use crate::telegram::command::{Answer, Chat, Happening, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Lines of a day that a phone shows at once.
const MOST_LINES: usize = 40;
/// Keys to groups under a week.
const MOST_GROUPS: usize = 4;

/// Whose sessions are asked for here: the group's class, or what concerns the person.
enum Scope {
    /// Every class.
    All,
    Classes(Vec<String>),
    Teacher(String, Vec<String>),
    Unknown,
}

async fn scope(turn: &mut Turn<'_>) -> Result<Scope> {
    if !turn.is_private() {
        let group = group_of_chat(turn.tx, turn.chat.id).await?;
        return Ok(group.map_or(Scope::Unknown, |group| Scope::Classes(vec![group.classroom_id])));
    }
    let Some(id) = turn.who.person.clone() else { return Ok(Scope::Unknown) };
    let reach = Act::Timetable.reach_of(turn.who.rank);
    let has = |tie: Tie| matches!(reach, Reach::By(ties) if ties.contains(&tie)) || reach == Reach::Always;
    if reach == Reach::Never {
        return Ok(Scope::Unknown);
    }
    // Classes are read where they matter.
    let classes = if has(Tie::Enrolled) { classrooms_of(turn.tx, &id).await? } else { Vec::new() };
    Ok(match (has(Tie::Enrolled), has(Tie::Teaches)) {
        (_, false) => Scope::Classes(classes),
        (false, true) => Scope::Teacher(id, classes),
        // Those in charge of no class in particular are in charge of all.
        _ if classes.is_empty() => Scope::All,
        _ => Scope::Teacher(id, classes),
    })
}

async fn sessions(turn: &mut Turn<'_>, scope: &Scope, from: At, until: At) -> Result<Vec<Session>> {
    let mut all = Vec::new();
    let classes = match scope {
        Scope::All => return store::between(turn.tx, from, until).await,
        Scope::Classes(classes) => classes,
        Scope::Teacher(person, classes) => {
            all = store::of_teacher(turn.tx, person, from, until).await?;
            classes
        }
        Scope::Unknown => return Ok(all),
    };
    for class in classes {
        all.extend(store::of_classroom(turn.tx, class, from, until).await?);
    }
    all.sort_by(|a, b| (a.start_at, &a.id).cmp(&(b.start_at, &b.id)));
    all.dedup_by(|a, b| a.id == b.id);
    Ok(all)
}

fn not_here(turn: &Turn<'_>) -> Answer {
    Answer::say(if turn.is_private() { text!("session-who-are-you") } else { text!("session-no-class-here") })
}

/// Do several classes appear, so that each line must name its own?
fn several(sessions: &[Session]) -> bool {
    sessions.windows(2).any(|pair| matches!(pair, [a, b] if a.classroom_id != b.classroom_id))
}

async fn line(turn: &mut Turn<'_>, session: &Session, name_class: bool) -> Result<Text> {
    let zone = turn.tx.zone();
    let mut words = head(session, zone);
    if name_class && let Some(class) = classroom(turn.tx, &session.classroom_id).await? {
        words = text!("session-line-class", class = class.name, session = words);
    }
    Ok(match session.state {
        State::Planned => words,
        State::Cancelled => text!("session-line-cancelled", session = words),
    })
}

/// `/aujourdhui`
pub async fn today(turn: &mut Turn<'_>) -> Result<Answer> {
    let zone = turn.tx.zone();
    let day = zone.day(turn.tx.now());
    days(turn, day, 1).await
}

/// `/semaine`
pub async fn week(turn: &mut Turn<'_>) -> Result<Answer> {
    let zone = turn.tx.zone();
    let first = monday(zone.day(turn.tx.now()));
    days(turn, first, 7).await
}

async fn days(turn: &mut Turn<'_>, first: NaiveDate, count: u64) -> Result<Answer> {
    let zone = turn.tx.zone();
    let scope = scope(turn).await?;
    if matches!(scope, Scope::Unknown) {
        return Ok(not_here(turn));
    }
    let after = |days: u64| first.checked_add_days(Days::new(days)).unwrap_or(first);
    let all = sessions(turn, &scope, zone.start_of(first), zone.start_of(after(count))).await?;
    if all.is_empty() {
        let nothing = if count == 1 { text!("session-none-today") } else { text!("session-none-week") };
        return Ok(Answer::say(nothing));
    }
    let name_class = several(&all);
    let mut lines = Vec::new();
    let mut shown = None;
    for session in all.iter().take(MOST_LINES) {
        let day = zone.day(session.start_at);
        if shown != Some(day) {
            shown = Some(day);
            lines.push(text!("session-long-day", day = Arg::LongDay(day)));
        }
        lines.push(text!("session-line", session = line(turn, session, name_class).await?));
    }
    if all.len() > MOST_LINES {
        lines.push(text!("session-more", count = all.len() - MOST_LINES));
    }
    let screen = Screen::new(Text::lines(lines));
    let joins = if count > 1 { join_keys(turn, &scope, &all).await? } else { Vec::new() };
    Ok(Answer::screen(joins.into_iter().fold(screen, |screen, key| screen.row([key]))))
}

pub async fn notice(tx: &mut Tx, chat: &Chat, happening: &Happening) -> Result<()> {
    match happening {
        Happening::AsksToJoin { account, user_chat, language, .. } => {
            flow::asks_to_join(tx, chat.id, (*account, language.as_deref()), *user_chat).await
        }
        _ => Ok(()),
    }
}

/// The groups of the classes that a teacher sees this week, to join those they are not in.
async fn join_keys(turn: &mut Turn<'_>, scope: &Scope, sessions: &[Session]) -> Result<Vec<Key>> {
    let Scope::Teacher(person, _) = scope else { return Ok(Vec::new()) };
    let mut classes: Vec<String> = Vec::new();
    for session in sessions.iter().filter(|session| session.state == State::Planned) {
        if session.teacher_id.as_deref() == Some(person.as_str()) && !classes.contains(&session.classroom_id) {
            classes.push(session.classroom_id.clone());
        }
    }
    let groups = groups_among(turn.tx, &classes, turn.who.account).await?;
    let open = groups.into_iter().filter_map(|(class, link)| Some((class, link?)));
    Ok(open.map(|(class, link)| Key::open(text!("roster-join-class", class = class), link)).take(MOST_GROUPS).collect())
}

/// The session that runs or comes first, however far ahead, and whether it must name its class; one that began before
/// `from` is over. One of each class is asked for: a big school has a hundred thousand lessons.
async fn next_of(turn: &mut Turn<'_>, scope: &Scope, from: At) -> Result<(Option<Session>, bool)> {
    let (mut all, mut classes) = (Vec::new(), Vec::new());
    match scope {
        Scope::Unknown => return Ok((None, false)),
        Scope::All => return Ok((store::next(turn.tx, from).await?, classrooms(turn.tx).await?.len() > 1)),
        Scope::Classes(theirs) => classes.clone_from(theirs),
        Scope::Teacher(person, theirs) => {
            all.extend(store::next_of_teacher(turn.tx, person, from).await?);
            classes.clone_from(theirs);
            classes.extend(store::taught(turn.tx, person).await?);
        }
    }
    if let Scope::Classes(theirs) | Scope::Teacher(_, theirs) = scope {
        for class in theirs {
            all.extend(store::next_of_classroom(turn.tx, class, from).await?);
        }
    }
    classes.sort();
    classes.dedup();
    Ok((all.into_iter().min_by(|a, b| (a.start_at, &a.id).cmp(&(b.start_at, &b.id))), classes.len() > 1))
}

/// `/prochain`
pub async fn next(turn: &mut Turn<'_>) -> Result<Answer> {
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let scope = scope(turn).await?;
    if matches!(scope, Scope::Unknown) {
        return Ok(not_here(turn));
    }
    let (found, name_class) = next_of(turn, &scope, now.plus_hours(-12)).await?;
    let Some(session) = found else { return Ok(Answer::say(text!("session-none-ahead"))) };
    let mut words = head_with_day(&session, zone);
    if name_class && let Some(class) = classroom(turn.tx, &session.classroom_id).await? {
        words = text!("session-line-class", class = class.name, session = words);
    }
    if session.start_at <= now {
        words = text!("session-running", session = words);
    }
    Ok(Answer::screen(Screen::new(words).row(screens::join(&session))))
}

async fn announce(turn: &mut Turn<'_>, what: Announcement) -> Result<Answer> {
    let id = turn.args.clone();
    let person = turn.who.person.clone();
    let (session, person) = match flow::of_student(turn.tx, &id, person.as_deref()).await? {
        Ok(found) => found,
        Err(words) => return Ok(Answer::alert(words).loud()),
    };
    let zone = turn.tx.zone();
    let fresh = flow::announce(turn.tx, &session.id, &person, what).await?;
    let alert = match what {
        Announcement::Absent => text!("session-absent-noted"),
        Announcement::Late => text!("session-late-noted"),
    };
    if !fresh {
        return Ok(Answer::alert(alert));
    }
    let private = match what {
        Announcement::Absent => text!("session-absent-private", session = title(&session, zone)),
        Announcement::Late => text!("session-late-private", session = title(&session, zone)),
    };
    let key = Key::press(text!("session-withdraw-key"), WITHDRAW, session.id);
    Ok(Answer::screen(Screen::new(private).row([key])).privately().with_alert(alert))
}

/// `[Je serai absent]`
pub async fn absent(turn: &mut Turn<'_>) -> Result<Answer> {
    announce(turn, Announcement::Absent).await
}

/// `[En retard]`
pub async fn late(turn: &mut Turn<'_>) -> Result<Answer> {
    announce(turn, Announcement::Late).await
}

/// `[Annuler]` under an announcement.
pub async fn withdraw(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    let Some(person) = turn.who.person.clone() else { return Ok(Answer::alert(text!("session-who-are-you")).loud()) };
    let Some(session) = store::session(turn.tx, &id).await? else {
        return Ok(Answer::alert(text!("session-gone")).loud());
    };
    if turn.tx.now() >= session.end_at {
        return Ok(Answer::alert(text!("session-over-alert")).loud());
    }
    flow::withdraw(turn.tx, &id, &person).await?;
    let zone = turn.tx.zone();
    Ok(Answer::say(text!("session-withdrawn", session = title(&session, zone))))
}
