//! `[Qui est-ce ?]`: somebody in the call gets a name; `[Voir les minutes]`.

use super::super::screens::Show;
use super::super::{Naming, flow};
use super::{mine, show, spot, unchanged};
use crate::kernel::Result;
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// So long it may be taken back.
const UNDO_MINUTES: i64 = 10;

/// `[Voir les minutes]`, a page of them.
pub async fn minutes(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    match mine(turn, &spot.session).await? {
        Ok((session, _)) => show(turn, &session, Show::Minutes(spot.page)).await,
        Err(answer) => Ok(answer),
    }
}

/// `[Qui est-ce ?]`: which of them, then which name.
pub async fn who(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let session = match mine(turn, &spot.session).await? {
        Ok((session, _)) => session,
        Err(answer) => return Ok(answer),
    };
    if let Some(peer) = spot.peer {
        return show(turn, &session, Show::Whose(peer, spot.page)).await;
    }
    let strangers = flow::view(turn.tx, &session).await?.map(|view| view.strangers).unwrap_or_default();
    match strangers.as_slice() {
        [] => Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-who-none"))),
        [one] => show(turn, &session, Show::Whose(one.peer, 0)).await,
        _ => show(turn, &session, Show::Who(spot.page)).await,
    }
}

/// A name was tapped, or `[Annuler (10 min)]` after that.
pub async fn name(turn: &mut Turn<'_>) -> Result<Answer> {
    let naming: Naming = serde_json::from_str(&turn.args)?;
    let (session, by) = match mine(turn, &naming.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let now = turn.tx.now();
    if naming.undo_until.is_some_and(|until| now > until) {
        return Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-who-undo-late")).loud());
    }
    let stranger = flow::view(turn.tx, &session).await?.map(|view| view.strangers).unwrap_or_default();
    let stranger = stranger.into_iter().find(|one| one.peer == naming.peer);
    match (flow::match_peer(turn.tx, &naming, &by).await?, stranger) {
        (Ok(_), _) if naming.undo_until.is_some() => {
            Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-who-undone")))
        }
        (Ok(_), Some(stranger)) => {
            let until = now.plus_minutes(UNDO_MINUTES);
            let undo = Naming { version: naming.version + 1, undo_until: Some(until), ..naming };
            show(turn, &session, Show::Named { stranger, undo }).await
        }
        (Ok(_), None) => show(turn, &session, Show::Main).await,
        (Err(why), _) => Ok(show(turn, &session, Show::Main).await?.with_alert(unchanged(&why)).loud()),
    }
}
