//! Invite links and requests to join.

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::chat::Link;
use crate::sandbox::world::membership::Way;
use crate::sandbox::world::refusal::{Answer, Refusal, bad};

const RIGHT: &str = "can_invite_users";
const REFUSAL: &str = "to manage chat invite link";

/// What a request wants of a link.
fn wishes(world: &World, p: &Params, mut link: Link) -> Result<Link, Refusal> {
    link.name = p.text("name").filter(|name| !name.is_empty());
    link.expire = p.int("expire_date").filter(|date| *date != 0);
    link.member_limit = p.int("member_limit").filter(|limit| *limit != 0);
    link.asks = p.flag("creates_join_request") == Some(true);
    if link.name.as_deref().is_some_and(|name| name.chars().count() > 32) {
        return Err(bad("invite link name is too long"));
    }
    if link.expire.is_some_and(|date| date <= world.seconds()) {
        return Err(bad("EXPIRE_DATE_INVALID"));
    }
    if link.member_limit.is_some_and(|limit| !(1..=99_999).contains(&limit)) {
        return Err(bad("USAGE_LIMIT_INVALID"));
    }
    if link.asks && link.member_limit.is_some() {
        return Err(bad("member limit can't be specified for links requiring administrator approval"));
    }
    Ok(link)
}

fn keep(world: &mut World, chat: i64, link: &Link) -> Value {
    if let Some(place) = world.chats.get_mut(&chat).and_then(|chat| chat.link_mut(&link.url)) {
        *place = link.clone();
    }
    world.chat(chat).map(|chat| world.link_json(chat, link)).unwrap_or_default()
}

pub fn create(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_with(p, RIGHT, REFUSAL)?;
    let draft = Link {
        url: String::new(),
        creator: world.bot.id,
        name: None,
        expire: None,
        member_limit: None,
        asks: false,
        primary: false,
        revoked: false,
        used: 0,
    };
    let wished = wishes(world, p, draft)?;
    let made = world.new_link(chat, world.bot.id);
    Ok(keep(world, chat, &Link { url: made.url, ..wished }))
}

/// A link of the bot's own: others' cannot be changed by it.
fn own(world: &World, chat: i64, p: &Params) -> Result<Link, Refusal> {
    let url = p.text("invite_link").unwrap_or_default();
    let link = world.chat(chat).and_then(|chat| chat.link(&url)).cloned();
    link.filter(|link| link.creator == world.bot.id).ok_or_else(|| bad("INVITE_HASH_EXPIRED"))
}

pub fn edit(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_with(p, RIGHT, REFUSAL)?;
    let link = own(world, chat, p)?;
    if link.revoked {
        return Err(bad("INVITE_HASH_EXPIRED"));
    }
    if link.primary {
        return Err(bad("CHAT_INVITE_PERMANENT"));
    }
    let wished = wishes(world, p, link)?;
    Ok(keep(world, chat, &wished))
}

pub fn revoke(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_with(p, RIGHT, REFUSAL)?;
    let link = own(world, chat, p)?;
    let primary = link.primary;
    let revoked = keep(world, chat, &Link { revoked: true, primary: false, ..link });
    if primary {
        let new = world.new_link(chat, world.bot.id);
        keep(world, chat, &Link { primary: true, ..new });
    }
    Ok(revoked)
}

/// A new primary link; the bot's previous one is revoked.
pub fn export(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_with(p, RIGHT, REFUSAL)?;
    let bot = world.bot.id;
    if let Some(chat) = world.chats.get_mut(&chat) {
        for link in chat.links.iter_mut().filter(|link| link.primary && link.creator == bot) {
            link.revoked = true;
            link.primary = false;
        }
    }
    let new = world.new_link(chat, bot);
    let url = new.url.clone();
    keep(world, chat, &Link { primary: true, ..new });
    Ok(json!(url))
}

/// Approves or declines.
pub fn settle(world: &mut World, p: &Params, approve: bool) -> Answer {
    let chat = world.target_with(p, RIGHT, REFUSAL)?;
    let user = p.user()?;
    if !world.people.contains_key(&user) {
        return Err(bad("USER_ID_INVALID"));
    }
    if world.member(chat, user).present() {
        return Err(bad("USER_ALREADY_PARTICIPANT"));
    }
    let request = world.chats.get_mut(&chat).and_then(|chat| chat.requests.remove(&user));
    let request = request.ok_or_else(|| bad("HIDE_REQUESTER_MISSING"))?;
    // The window for writing first lasts until the request is processed.
    if let Some(person) = world.people.get_mut(&user) {
        person.reachable_until = None;
    }
    if approve {
        let way = Way { link: Some(request.link), by_request: true };
        world.enter(chat, world.bot.id, user, &way);
    }
    Ok(json!(true))
}
