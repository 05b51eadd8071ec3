//! What the outbox performs for calls: `opening` and finding them, `looking` into them, `ending` them, and what is said
//! about them; `away` of accounts that Telegram does not answer.

mod away;
mod ending;
mod looking;
mod opening;

use std::time::Duration;

pub use self::away::away;
pub use self::ending::hang_up;
pub use self::looking::look;
pub use self::opening::{find, open};
use super::flow::{self, Said, Which};
use super::{Hitch, screens, store};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::classroom::Group;
use crate::school::classroom::flow::{classroom, group_of};
use crate::school::roster::flow::admins;
use crate::school::session::flow::session;
use crate::school::session::{Session, call_slot};
use crate::telegram::port::{Desk, LostAccount, Post, ShutAccount, Trouble, done, lost_because, post, signed_in_again};
use crate::telegram::screen::Screen;
use crate::text;

/// Telegram's words for an account that is not in the group, or has no right there.
const NOT_ALLOWED: [&str; 6] = [
    "CHAT_ADMIN_REQUIRED",
    "CHANNEL_PRIVATE",
    "CHANNEL_INVALID",
    "GROUPCALL_FORBIDDEN",
    "USER_BANNED_IN_CHANNEL",
    "CHAT_FORBIDDEN",
];

/// What a trouble says of the account that had it. One that is not connected is gone only if the store says so: a stop, or
/// a lease that goes to another process, closes every line.
async fn hitch(desk: &Desk, account: i64, trouble: &Trouble) -> Result<Hitch> {
    Ok(match trouble {
        Trouble::Wait(span) => Hitch::Wait(*span),
        Trouble::Lost(_) | Trouble::Unsent(_) if desk.callers.ready().contains(&account) => Hitch::Away,
        Trouble::Lost(_) | Trouble::Unsent(_) => missing(desk, account).await?,
        Trouble::Refused(word) if NOT_ALLOWED.contains(&word.as_str()) => Hitch::NotAllowed,
        Trouble::Refused(word) => Hitch::Refused(word.clone()),
        other => Hitch::Refused(format!("{other:?}")),
    })
}

/// Why an account is not connected.
async fn missing(desk: &Desk, account: i64) -> Result<Hitch> {
    Ok(if desk.callers.is_lost(account).await? {
        Hitch::Gone
    } else if desk.callers.shut().contains(&account) {
        Hitch::Shut
    } else {
        Hitch::Away
    })
}

/// This process stops, or another one serves the callers: what they could not do says nothing. The row is taken up by
/// whoever serves them next.
fn elsewhere(desk: &Desk) -> Option<Outcome> {
    let moment = desk.db.clock().wall().plus(Duration::from_secs(1));
    (!desk.callers.serves()).then_some(Outcome::Snooze(moment))
}

/// The session with its class's group and language.
async fn standing(desk: &Desk, session_id: &str) -> Result<Option<(Session, Option<Group>, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = session(tx, session_id).await? else { return Ok(None) };
            let group = group_of(tx, &session.classroom_id).await?;
            let class = classroom(tx, &session.classroom_id).await?;
            let lang = class.and_then(|class| class.lang).unwrap_or(tx.config().school.language);
            Ok(Some((session, group, lang)))
        })
        .await
}

/// The call's message in the group.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let which: Which = row.read()?;
    let Some((session, _, lang)) = standing(desk, &which.session_id).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    let read = async |tx: &mut Tx| store::call(tx, &which.session_id, which.call_id).await;
    let Some(call) = desk.db.read(read).await? else {
        return Ok(Outcome::Cancel("the call is gone".to_owned()));
    };
    let over = call.closed_at.is_some();
    if over && !row.key.ends_with(":over") {
        return Ok(Outcome::Cancel("the call is over".to_owned()));
    }
    // The report may stand there already, in the grace of a call that is open again, too.
    let ended = over || desk.db.clock().now() >= session.end_at;
    if ended && desk.db.read(async |tx| attendance::is_public(tx, &session.id).await).await? {
        return Ok(Outcome::Cancel("the report stands there".to_owned()));
    }
    let screen = screens::message(&call, &session, desk.db.clock().now(), desk.db.config().school.time_zone);
    let mut message = Post::new(call.chat, screen, lang).slot(call_slot(&session.id)).any_hour();
    // Of a session that was moved the old message stays, as a note of the move: nobody would see it change.
    message.afresh = !call.again && !over;
    post(desk, row, if over { message.edit_only() } else { message }).await
}

/// Did anybody come?
pub async fn nobody(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    if !desk.db.read(async |tx| attendance::sees(tx, &session_id).await).await? {
        // It is foreseen again as soon as somebody sees.
        return Ok(Outcome::Cancel("nobody sees who is in the call".to_owned()));
    }
    done(desk, row, async |tx| flow::nobody(tx, &session_id).await).await
}

/// A line to a class's group.
pub async fn say(desk: &Desk, row: &Row) -> Result<Outcome> {
    let said: Said = row.read()?;
    let lang = standing(desk, &said.session_id).await?.map_or(desk.db.config().school.language, |(_, _, lang)| lang);
    post(desk, row, Post::new(said.chat, Screen::new(said.words), lang).any_hour()).await
}

/// An account was lost: every admin is told, with what to do.
pub async fn lost(desk: &Desk, row: &Row) -> Result<Outcome> {
    let lost: LostAccount = row.read()?;
    let name = if lost.name.is_empty() { lost.account.to_string() } else { lost.name };
    let (why, remedy) = (lost_because(&lost.why), signed_in_again(&lost.why));
    tell_admins(desk, row, &row.key, text!("call-account-lost", name = name, why = why, remedy = remedy)).await
}

/// An account cannot be opened: every admin is told, with what to do.
pub async fn shut(desk: &Desk, row: &Row) -> Result<Outcome> {
    let shut: ShutAccount = row.read()?;
    let name = if shut.name.is_empty() { shut.account.to_string() } else { shut.name };
    tell_admins(desk, row, &row.key, text!("call-account-shut", name = name, why = shut.why)).await
}

async fn tell_admins(desk: &Desk, row: &Row, key: &str, words: Text) -> Result<Outcome> {
    let until = desk.db.clock().now().plus_days(7);
    done(desk, row, async |tx| {
        let all = admins(tx).await?;
        flow::tell_each(tx, &all, key, &words, until).await
    })
    .await
}
