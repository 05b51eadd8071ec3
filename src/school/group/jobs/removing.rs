//! What an admin is shown of a group's members, and those who are taken out.

use super::super::flow::{self, Found, Gone};
use super::super::{REMOVE, Removal, Wish};
use super::{done, outcome_of};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::school::approval;
use crate::telegram::port::{Desk, Post, Trouble, post};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// What was found, and what can be done about it.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let Found { asked, words, strangers } = row.read()?;
    let mut screen = Screen::new(words);
    if !strangers.is_empty() {
        let label = text!("group-remove-key", count = strangers.len());
        let args = serde_json::to_string(&Wish { classroom_id: asked.classroom_id, people: strangers })?;
        screen = screen.row([Key::press(label, REMOVE, args)]);
    }
    post(desk, row, Post::private(asked.account, screen, asked.lang)).await
}

/// Those who still are no more than strangers leave the group; they may ask to join again.
pub async fn remove(desk: &Desk, row: &Row) -> Result<Outcome> {
    let removal: Removal = row.read()?;
    let mut all = Vec::new();
    for one in desk.db.read(async |tx| flow::strangers_of(tx, &removal).await).await? {
        row.about_to_call(&desk.db).await?;
        let gone = match desk.telegram.remove(removal.chat, one.account).await {
            Ok(()) => Gone::Out,
            Err(Trouble::Refused(_) | Trouble::Unreachable(_)) => Gone::Stuck,
            Err(trouble) => return Ok(outcome_of(desk, trouble)),
        };
        all.push((one, gone));
    }
    let agreement = approval::id_of(&row.key);
    done(desk, row, async |tx| flow::removed(tx, &removal, &all, agreement, &row.id).await).await
}
