//! Who is who.

use grammers_tl_types::{enums, functions as f, types};

use super::refusal::{No, bad};
use super::requests::Ask;
use super::shapes::{self, blank};

/// `peerSettings` and `peerNotifySettings`, both with nothing set.
const SETTINGS: [u8; 8] = [0xf7, 0x41, 0x77, 0xf4, 0, 0, 0, 0];
const NOTIFY: [u8; 8] = [0x0c, 0x2c, 0x62, 0x99, 0, 0, 0, 0];

impl Ask<'_> {
    fn known(&self, id: i64) -> bool {
        id == self.world.bot.id || self.world.people.contains_key(&id)
    }

    /// The person meant, when the hash is the asker's own.
    pub fn user(&self, input: &enums::InputUser) -> Result<i64, No> {
        match input {
            enums::InputUser::UserSelf => Ok(self.me),
            enums::InputUser::User(types::InputUser { user_id, access_hash })
                if self.known(*user_id)
                    && (*user_id == self.me || *access_hash == self.world.callers.hash(self.me, "user", *user_id)) =>
            {
                Ok(*user_id)
            }
            _ => Err(bad("USER_ID_INVALID")),
        }
    }
}

/// Who cannot be found is shown empty, and is no mistake.
pub fn users(ask: &mut Ask, request: &f::users::GetUsers) -> Result<Vec<enums::User>, No> {
    let empty = |input: &enums::InputUser| match input {
        enums::InputUser::User(user) => user.user_id,
        _ => 0,
    };
    let found = request.id.iter().map(|input| match ask.user(input) {
        Ok(id) => shapes::user(ask.world, ask.me, id),
        Err(_) => Ok(types::UserEmpty { id: empty(input) }.into()),
    });
    found.collect()
}

pub fn full_user(ask: &mut Ask, request: &f::users::GetFullUser) -> Result<enums::users::UserFull, No> {
    let id = ask.user(&request.id)?;
    let mut full = blank::<types::UserFull>(&[&[0; 16], &SETTINGS, &NOTIFY, &[0; 8]])?;
    full.id = id;
    let users = vec![shapes::user(ask.world, ask.me, id)?];
    Ok(types::users::UserFull { full_user: full.into(), chats: Vec::new(), users }.into())
}

fn resolved(ask: &Ask, id: i64) -> Result<enums::contacts::ResolvedPeer, No> {
    let users = vec![shapes::user(ask.world, ask.me, id)?];
    let peer = types::PeerUser { user_id: id }.into();
    Ok(types::contacts::ResolvedPeer { peer, chats: Vec::new(), users }.into())
}

/// Nobody but the bot is looked for by a user name.
pub fn resolve(ask: &mut Ask, request: &f::contacts::ResolveUsername) -> Result<enums::contacts::ResolvedPeer, No> {
    ask.note("username", request.username.as_str());
    if !request.username.eq_ignore_ascii_case(&ask.world.bot.username) {
        return Err(bad("USERNAME_NOT_OCCUPIED"));
    }
    resolved(ask, ask.world.bot.id)
}

pub fn resolve_phone(ask: &mut Ask, request: &f::contacts::ResolvePhone) -> Result<enums::contacts::ResolvedPeer, No> {
    let found = ask.world.callers.by_phone(&request.phone).map(|(id, _)| id);
    resolved(ask, found.ok_or_else(|| bad("PHONE_NOT_OCCUPIED"))?)
}
