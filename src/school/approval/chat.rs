//! The two buttons under an agreement.

use super::{State, Voiced, flow};
use crate::kernel::Result;
use crate::school::rights::Act;
use crate::telegram::command::{Answer, Button, Turn};
use crate::text;

pub const BUTTONS: &[Button] = &[
    Button {
        action: "approval.accept",
        audience: Act::School.audience(),
        take: |turn| Box::pin(async move { press(turn, true).await }),
    },
    Button {
        action: "approval.refuse",
        audience: Act::School.audience(),
        take: |turn| Box::pin(async move { press(turn, false).await }),
    },
];

/// The messages themselves are edited by rows, all of them alike.
async fn press(turn: &mut Turn<'_>, agrees: bool) -> Result<Answer> {
    let Some(voter) = turn.who.person.clone() else { return Ok(Answer::alert(text!("approval-admins-only")).loud()) };
    let words = match flow::voice(turn.tx, &turn.args, &voter, agrees).await? {
        Voiced::Counted { left } => {
            let id = turn.args.clone();
            flow::counted(turn.tx, &id, left).await?
        }
        Voiced::Decided(State::Agreed | State::Done) => text!("approval-agreed-alert"),
        Voiced::Decided(State::Expired | State::Open) | Voiced::Expired => text!("approval-expired-alert"),
        Voiced::Decided(State::Refused) => text!("approval-refused-alert"),
        Voiced::Already => text!("approval-already"),
        Voiced::Unknown => text!("approval-unknown"),
    };
    Ok(Answer::alert(words))
}
