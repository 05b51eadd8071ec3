//! What the outbox performs of the journal: its file.

use super::{Order, flow, rules, sheet};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::telegram::port::{Attachment, Desk, outcome_of, send_file};
use crate::text;

/// What was found, as a file, to whoever asked, where they are an admin still.
pub async fn file(desk: &Desk, row: &Row) -> Result<Outcome> {
    let order: Order = row.read()?;
    let read = async |tx: &mut Tx| {
        if !flow::may_read(tx, order.account).await? {
            return Ok(None);
        }
        Ok(Some(flow::all(tx, &order.query).await?))
    };
    let Some(lines) = desk.db.read(read).await? else {
        return Ok(Outcome::Cancel("the account is no admin's any more".to_owned()));
    };
    let caption = if lines.len() < rules::MOST_LINES {
        text!("journal-file-caption", count = lines.len())
    } else {
        text!("journal-file-caption-cut", count = lines.len())
    };
    let zone = desk.db.config().school.time_zone;
    let file = Attachment {
        name: format!("journal-{}.csv", zone.day(desk.db.clock().now())),
        bytes: sheet::csv(&lines, zone, order.lang),
        caption: caption.render(order.lang),
    };
    Ok(match send_file(desk, row, order.account, file).await? {
        Ok(_) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}
