//! What an admin is shown of a group's members, and those who are taken out.

use super::super::flow::{self, Found, Stands};
use super::super::{Gone, REMOVE, Removal, Stranger, Wish};
use super::{done, outcome_of};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::school::approval;
use crate::school::rights::Act;
use crate::school::roster::flow::account_may;
use crate::telegram::port::{Called, Desk, Post, Trouble, post};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// What was found, and what can be done about it.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let Found { asked, words, strangers } = row.read()?;
    let theirs = desk.db.read(async |tx| account_may(tx, asked.account, Act::School).await).await?;
    if !theirs {
        return Ok(Outcome::Cancel("the account is no admin's any more".to_owned()));
    }
    let mut screen = Screen::new(words);
    if !strangers.is_empty() {
        let label = text!("group-remove-key", count = strangers.len());
        let wish = Wish { classroom_id: asked.classroom_id, people: strangers, press: String::new() };
        let args = serde_json::to_string(&wish)?;
        screen = screen.row([Key::press(label, REMOVE, args)]);
    }
    post(desk, row, Post::private(asked.account, screen, asked.lang)).await
}

/// Those who still are no more than strangers leave the group, one a row; they may ask to join again.
pub async fn remove(desk: &Desk, row: &Row) -> Result<Outcome> {
    let mut removal: Removal = row.read()?;
    if let Some(agreement) = approval::id_of(&row.key) {
        removal.progress.agreement = Some(agreement.to_owned());
    }
    let gone = match &removal.progress.begun {
        Some(one) => match taken_out(desk, row, &removal, one).await? {
            Ok(gone) => gone,
            Err(trouble) => return Ok(outcome_of(desk, trouble)),
        },
        None => None,
    };
    done(desk, row, async |tx| flow::next(tx, removal, gone, (&row.id, row.expires_at)).await).await
}

/// What becomes of one; `None`: they stay.
async fn taken_out(desk: &Desk, row: &Row, removal: &Removal, one: &Stranger) -> Result<Called<Option<Gone>>> {
    match desk.db.read(async |tx| flow::stands(tx, removal, one).await).await? {
        Stands::Stranger => {}
        Stands::Stays => return Ok(Ok(None)),
        // The answer was lost, or the program stopped, when Telegram was asked; who left by themselves is out as well.
        Stands::Away => return Ok(Ok(Some(Gone::Out))),
    }
    row.about_to_call(&desk.db).await?;
    Ok(match desk.telegram.remove(removal.chat, one.account).await {
        Ok(()) => Ok(Some(Gone::Out)),
        Err(Trouble::Refused(_) | Trouble::Unreachable(_)) => Ok(Some(Gone::Stuck)),
        Err(trouble) => Err(trouble),
    })
}
