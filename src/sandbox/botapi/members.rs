//! Members: who is in, and what the bot may do about it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Kind, Member, PERMISSIONS, RIGHTS, Status};
use crate::sandbox::world::membership::Way;
use crate::sandbox::world::refusal::{Answer, Refusal, bad};

const NO_RESTRICT: &str = "to restrict/unrestrict chat member";

pub fn get(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    let user = p.user()?;
    let known = user == world.bot.id || world.people.contains_key(&user);
    if !known {
        return Err(bad("member not found"));
    }
    if chat > 0 {
        let there = user == chat || user == world.bot.id;
        return if there {
            Ok(world.member_json(user, &Member::new(Status::Member)))
        } else {
            Err(bad("member not found"))
        };
    }
    Ok(world.member_json(user, &world.member(chat, user)))
}

pub fn administrators(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    if chat > 0 {
        return Err(bad("there are no administrators in the private chat"));
    }
    // Other bots are left out; there are none here, and the bot itself is shown.
    let members = world.chat(chat).map(|chat| chat.members.clone()).unwrap_or_default();
    let admins = members.iter().filter(|(_, member)| member.admin());
    Ok(admins.map(|(user, member)| world.member_json(*user, member)).collect())
}

pub fn count(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    if chat > 0 {
        return Ok(json!(2));
    }
    let seconds = world.seconds();
    let present = |chat: &crate::sandbox::world::chat::Chat| {
        chat.members.values().filter(|member| member.at(seconds).present()).count()
    };
    Ok(json!(world.chat(chat).map_or(0, present)))
}

/// Somebody the bot may restrict: known, not itself, not the owner, no admin of another's making.
fn subject(world: &World, p: &Params) -> Result<(i64, i64, Member), Refusal> {
    let chat = world.target_group(p)?;
    let user = p.user()?;
    if user == world.bot.id {
        return Err(bad("can't restrict self"));
    }
    if !world.people.contains_key(&user) {
        return Err(bad("PARTICIPANT_ID_INVALID"));
    }
    let member = world.member(chat, user);
    if !world.member(chat, world.bot.id).may("can_restrict_members") {
        return Err(bad(format!("not enough rights {NO_RESTRICT}")));
    }
    match &member.status {
        Status::Owner => Err(bad("can't remove chat owner")),
        Status::Administrator { by, .. } if *by != world.bot.id => Err(bad("user is an administrator of the chat")),
        _ => Ok((chat, user, member)),
    }
}

/// Closer than 30 seconds or farther than 366 days means for ever.
fn until(world: &World, p: &Params) -> i64 {
    let date = p.int("until_date").unwrap_or(0);
    let away = date - world.seconds();
    if (30..=366 * 24 * 3600).contains(&away) { date } else { 0 }
}

pub fn ban(world: &mut World, p: &Params) -> Answer {
    let (chat, user, _) = subject(world, p)?;
    let until = until(world, p);
    world.exit(chat, world.bot.id, user, Status::Kicked { until });
    Ok(json!(true))
}

/// Without `only_if_banned` this kicks a member who is there.
pub fn unban(world: &mut World, p: &Params) -> Answer {
    let (chat, user, member) = subject(world, p)?;
    let only_if_banned = p.flag("only_if_banned") == Some(true);
    match member.status {
        Status::Kicked { .. } => {
            world.change_member(chat, world.bot.id, user, &Member::new(Status::Left), &Way::default());
        }
        _ if member.present() && !only_if_banned => world.exit(chat, world.bot.id, user, Status::Left),
        _ => {}
    }
    Ok(json!(true))
}

/// The permissions of a request, with those that others imply.
pub fn permissions(p: &Params) -> Result<BTreeSet<&'static str>, Refusal> {
    let given = p.json("permissions")?.ok_or_else(|| bad("can't parse permissions JSON object"))?;
    let granted = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or(false);
    let mut held: BTreeSet<&'static str> = PERMISSIONS.into_iter().filter(|name| granted(name)).collect();
    if p.flag("use_independent_chat_permissions") != Some(true) {
        let media = PERMISSIONS.into_iter().skip(1).take(6);
        if granted("can_send_other_messages") || granted("can_add_web_page_previews") {
            held.extend(media);
        }
        if PERMISSIONS.into_iter().skip(1).take(9).any(|name| held.contains(name)) {
            held.insert("can_send_messages");
        }
    }
    Ok(held)
}

pub fn restrict(world: &mut World, p: &Params) -> Answer {
    let (chat, user, member) = subject(world, p)?;
    if world.chat(chat).is_some_and(|chat| chat.kind != Kind::Super) {
        return Err(bad("method is available only for supergroups"));
    }
    let held = permissions(p)?;
    let all = PERMISSIONS.into_iter().take(10).all(|name| held.contains(name));
    let status = match (all, member.present()) {
        (true, true) => Status::Member,
        (true, false) => Status::Left,
        (false, present) => Status::Restricted { permissions: held, present, until: until(world, p) },
    };
    world.change_member(chat, world.bot.id, user, &Member::new(status), &Way::default());
    Ok(json!(true))
}

/// Nobody gives what they do not hold.
pub fn promote(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_with(p, "can_promote_members", "")?;
    let user = p.user()?;
    if world.chat(chat).is_some_and(|chat| chat.kind != Kind::Super) {
        return Err(bad("method is available only for supergroups"));
    }
    if user == world.bot.id {
        return Err(bad("can't promote self"));
    }
    if !world.people.contains_key(&user) {
        return Err(bad("PARTICIPANT_ID_INVALID"));
    }
    let member = world.member(chat, user);
    match &member.status {
        Status::Owner => return Err(bad("can't remove chat owner")),
        Status::Administrator { by, .. } if *by != world.bot.id => return Err(bad("CHAT_ADMIN_REQUIRED")),
        Status::Left | Status::Kicked { .. } => return Err(bad("USER_NOT_PARTICIPANT")),
        _ => {}
    }
    let mut rights: BTreeSet<&'static str> = RIGHTS.into_iter().filter(|name| p.flag(name) == Some(true)).collect();
    let own = world.member(chat, world.bot.id);
    if rights.iter().any(|right| !own.may(right)) {
        return Err(bad("RIGHT_FORBIDDEN"));
    }
    let status = if rights.is_empty() {
        Status::Member
    } else {
        rights.insert("can_manage_chat");
        Status::Administrator { rights, by: world.bot.id }
    };
    let title = member.title;
    world.change_member(chat, world.bot.id, user, &Member { status, title }, &Way::default());
    Ok(json!(true))
}

pub fn custom_title(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_group(p)?;
    let user = p.user()?;
    let title = p.text("custom_title").unwrap_or_default();
    if world.chat(chat).is_some_and(|chat| chat.kind != Kind::Super) {
        return Err(bad("method is available only for supergroups"));
    }
    let member = world.member(chat, user);
    match &member.status {
        Status::Owner => return Err(bad("only creator can edit their custom title")),
        Status::Administrator { by, .. } if *by == world.bot.id => {}
        Status::Administrator { .. } => return Err(bad("not enough rights to change custom title of the user")),
        _ => return Err(bad("user is not an administrator")),
    }
    if !world.member(chat, world.bot.id).may("can_promote_members") {
        return Err(bad("not enough rights to change custom title of the user"));
    }
    if title.chars().count() > 16 {
        return Err(bad("ADMIN_RANK_INVALID"));
    }
    let title = Some(title).filter(|title| !title.is_empty());
    world.change_member(chat, world.bot.id, user, &Member { title, ..member }, &Way::default());
    Ok(json!(true))
}
