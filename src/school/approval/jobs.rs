//! Showing agreements to admins, and letting them expire.

use futures::future::BoxFuture;

use super::flow::{self, Show, Shown};
use super::{State, rules};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text, id};
use crate::platform::outbox::{Outcome, Row};
use crate::school::rights::Act;
use crate::telegram::port::{Desk, Post, post};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Sends or edits one admin's message about an agreement.
pub fn show<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let Show { agreement, account, edit_only } = row.read()?;
        let known =
            desk.db.read(async |tx| Ok((flow::shown(tx, &agreement).await?, flow::reader(tx, account).await?))).await?;
        let (Some(shown), Some(reader)) = known else {
            return Ok(Outcome::Cancel("nobody to show it to".to_owned()));
        };
        // What many are to lose is for admins; whoever asked hears of it as long as they are of the school.
        if row.kind == flow::SHOW && !Act::School.is_always(Some(reader.role)) {
            return Ok(Outcome::Cancel("the account is no admin's any more".to_owned()));
        }
        let first = row.kind == flow::SHOW && !edit_only;
        if first && shown.agreement.state != State::Open {
            return Ok(Outcome::Cancel("decided before it was shown".to_owned()));
        }
        let lang = reader.lang.unwrap_or(desk.db.config().school.language);
        let mut page = Post::private(account, screen(&shown, desk.db.config().school.time_zone), lang);
        if row.kind == flow::SHOW {
            page = page.slot(format!("agreement:{agreement}:{account}"));
        }
        if edit_only {
            page = page.edit_only();
        }
        post(desk, row, page).await
    })
}

/// The agreement's time is over.
pub fn expire<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let agreement: String = row.read()?;
        desk.db.transact(async |tx| flow::expire(tx, &agreement).await).await?;
        Ok(Outcome::Done)
    })
}

fn screen(shown: &Shown, zone: Zone) -> Screen {
    let agreement = &shown.agreement;
    let asker = shown.asker.as_ref().map_or_else(|| text!("approval-by-preau"), Text::verbatim);
    let mut lines = vec![
        text!("approval-title", reference = id::reference(&agreement.id)),
        shown.effects.clone(),
        text!("approval-asked", asker = asker),
    ];
    if !shown.accepted.is_empty() {
        lines.push(text!("approval-accepted", names = shown.accepted.join(", ")));
    }
    if !shown.refused.is_empty() {
        lines.push(text!("approval-refused", names = shown.refused.join(", ")));
    }
    let until = Arg::Moment(agreement.expires_at, zone);
    match agreement.state {
        State::Open => lines.push(open(shown, until, zone)),
        state => lines.push(shown.ending.clone().unwrap_or_else(|| match state {
            State::Refused => text!("approval-state-refused"),
            State::Expired => text!("approval-state-expired", until = until),
            State::Done => text!("approval-state-done"),
            State::Open | State::Agreed => text!("approval-state-agreed"),
        })),
    }
    let screen = Screen::lines(lines);
    if rules::is_open(agreement) {
        screen.row([
            Key::press(text!("approval-accept"), "approval.accept", &agreement.id),
            Key::press(text!("approval-refuse"), "approval.refuse", &agreement.id),
        ])
    } else {
        screen
    }
}

/// What is still missing, and whose it is to give.
fn open(shown: &Shown, until: Arg, zone: Zone) -> Text {
    let Some(from) = shown.alone_from else { return text!("approval-open", left = shown.left, until = until) };
    let (from, reference) = (Arg::Moment(from, zone), id::reference(&shown.agreement.id));
    if shown.accepted.is_empty() {
        text!("approval-open-alone", from = from, reference = reference, until = until)
    } else {
        text!("approval-open-alone-second", from = from, reference = reference, until = until)
    }
}
