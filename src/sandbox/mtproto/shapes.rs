//! The world as TL values, as one account sees it.

use grammers_tl_types::{Deserializable, enums, types};

use super::refusal::No;
use crate::sandbox::world::World;

/// `boolFalse`, an empty vector, a `peerUser` that is nobody.
pub const FALSE: [u8; 4] = 0xbc79_9737_u32.to_le_bytes();
pub const NO_VECTOR: [u8; 8] = [0x15, 0xc4, 0xb5, 0x1c, 0, 0, 0, 0];

pub const PEER: [u8; 12] = [0x22, 0x17, 0x51, 0x59, 0, 0, 0, 0, 0, 0, 0, 0];

/// A value with nothing in it, read from bytes that are zero but where a boxed field stands. The types here have up to
/// eighty fields, of which we fill five: naming the others would only tie us to one layer.
pub fn blank<T: Deserializable>(parts: &[&[u8]]) -> Result<T, No> {
    T::from_bytes(&parts.concat()).map_err(|_| No::new(500, "SANDBOX_SHAPE_INVALID"))
}

/// A person or the bot, with the access hash that is `viewer`'s.
pub fn user(world: &World, viewer: i64, id: i64) -> Result<enums::User, No> {
    let mut user = blank::<types::User>(&[&[0; 16]])?;
    user.id = id;
    user.access_hash = Some(world.callers.hash(viewer, "user", id));
    user.is_self = id == viewer;
    if id == world.bot.id {
        user.bot = true;
        user.bot_info_version = Some(1);
        user.first_name = Some(world.bot.name.clone());
        user.username = Some(world.bot.username.clone());
        return Ok(user.into());
    }
    let Some(person) = world.people.get(&id) else { return Ok(types::UserEmpty { id }.into()) };
    user.first_name = Some(person.first.clone());
    user.last_name = Some(person.last.clone()).filter(|last| !last.is_empty());
    user.username.clone_from(&person.username);
    if user.is_self {
        user.phone = world.callers.accounts.get(&id).map(|account| account.phone.clone());
    }
    Ok(user.into())
}

pub fn users(world: &World, viewer: i64, ids: impl IntoIterator<Item = i64>) -> Result<Vec<enums::User>, No> {
    let ids: std::collections::BTreeSet<i64> = ids.into_iter().collect();
    ids.into_iter().map(|id| user(world, viewer, id)).collect()
}

/// A number for what goes by a text elsewhere, such as a file.
pub fn number(text: &str) -> i64 {
    let mix = |number: i64, byte: u8| number.wrapping_mul(31).wrapping_add(i64::from(byte));
    text.bytes().fold(7, mix) & i64::MAX
}
