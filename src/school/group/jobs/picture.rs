//! The picture of a group, out of the file that the configuration names.

use std::path::Path;

use super::super::flow;
use super::{done, outcome_of};
use crate::kernel::Result;
use crate::kernel::secret::sha256_hex;
use crate::platform::outbox::{Outcome, Row};
use crate::school::classroom::flow as classrooms;
use crate::telegram::port::Desk;

/// Telegram takes no larger pictures.
const MOST_BYTES: u64 = 10 * 1024 * 1024;

/// The picture and its hash; the words are for whoever looks after the machine.
pub(super) async fn picture(file: &Path) -> std::result::Result<(Vec<u8>, String), String> {
    let unreadable = |error: std::io::Error| format!("{}: {}", file.display(), error.kind());
    if tokio::fs::metadata(file).await.map_err(unreadable)?.len() > MOST_BYTES {
        return Err(format!("{}: > 10 MB", file.display()));
    }
    let bytes = tokio::fs::read(file).await.map_err(unreadable)?;
    let hash = sha256_hex(&bytes);
    Ok((bytes, hash))
}

/// Groups that have another picture than the file's get it.
pub(super) async fn follow(desk: &Desk, mark: &str) -> Result<()> {
    let Some(file) = desk.db.config().school.photo.clone() else { return Ok(()) };
    let found = picture(&file).await.map(|(_, hash)| hash);
    desk.db
        .transact(async |tx| match &found {
            Ok(hash) => flow::photos(tx, hash, mark).await,
            Err(why) => flow::unreadable(tx, why).await,
        })
        .await
}

/// One group gets the picture, when it has another one.
pub async fn photo(desk: &Desk, row: &Row) -> Result<Outcome> {
    let classroom_id: String = row.read()?;
    let group = desk.db.read(async |tx| classrooms::group_of(tx, &classroom_id).await).await?;
    let (Some(group), Some(file)) = (group, desk.db.config().school.photo.clone()) else {
        return Ok(Outcome::Cancel("no group, or no picture".to_owned()));
    };
    let (bytes, hash) = match picture(&file).await {
        Ok(found) => found,
        Err(why) => {
            return done(desk, row, async |tx| flow::unreadable(tx, &why).await).await;
        }
    };
    if desk.db.read(async |tx| flow::has_photo(tx, &group, &hash).await).await? {
        return Ok(Outcome::Cancel("it has this picture".to_owned()));
    }
    row.about_to_call(&desk.db).await?;
    match desk.telegram.set_photo(group.chat, bytes).await {
        Ok(()) => done(desk, row, async |tx| flow::photo_set(tx, &group, &hash).await).await,
        Err(trouble) => Ok(outcome_of(desk, trouble)),
    }
}
