//! A new key for what is sealed: `preau secrets rotate`.
//!
//! The new key lies beside the old one before anything is sealed with it, both open while both are there, and the old one
//! goes last: cut off at any point, everything still opens, and the next start goes on from there.

use super::{sealed_as, store};
use crate::kernel::{Error, Result};
use crate::platform::store::Db;
use crate::platform::vault::Vault;

/// Seals everything anew with a new key; gives how many secrets that are.
pub async fn rotate(db: &Db, vault: &Vault) -> Result<usize> {
    for kept in db.read(async |tx| store::accounts(tx).await).await? {
        if kept.is_ready() {
            vault.open(&sealed_as(kept.account), &kept.sealed)?;
        }
    }
    vault.begin_rotation()?;
    finish(db, vault).await
}

/// Goes on where a rotation was cut off. Only for who is alone with the database.
pub async fn finish(db: &Db, vault: &Vault) -> Result<usize> {
    let count = db
        .transact(async |tx| {
            let mut count = 0;
            for kept in store::accounts(tx).await? {
                let what = sealed_as(kept.account);
                if !vault.is_current(&what, &kept.sealed)? {
                    let plain = match vault.open(&what, &kept.sealed) {
                        Ok(plain) => plain,
                        // Under a key that is gone: it holds up nobody else.
                        Err(Error::Refusal(_)) => continue,
                        Err(error) => return Err(error),
                    };
                    store::reseal(tx, &kept, &vault.seal(&what, &plain)?).await?;
                }
                count += 1;
            }
            Ok(count)
        })
        .await?;
    vault.end_rotation()?;
    Ok(count)
}
