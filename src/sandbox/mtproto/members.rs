//! Members: who is in, who comes in, who may what.

use grammers_tl_types::{enums, functions as f, types};

use super::groups::{count, group};
use super::refusal::{No, bad};
use super::requests::Ask;
use super::{rights, shapes};
use crate::sandbox::world::chat::{Member, PERMISSIONS, Status};
use crate::sandbox::world::membership::Way;

/// Members on one page.
const PAGE: usize = 200;
const LONGEST_RANK: usize = 16;

impl Ask<'_> {
    /// Writes down whom the request is about.
    fn subject(&mut self, input: &enums::InputUser) -> Result<i64, No> {
        let user = self.user(input)?;
        self.note("user", user);
        Ok(user)
    }

    fn person(&mut self, input: &enums::InputPeer) -> Result<i64, No> {
        let input = match input {
            enums::InputPeer::PeerSelf => enums::InputUser::UserSelf,
            enums::InputPeer::User(types::InputPeerUser { user_id, access_hash }) => {
                types::InputUser { user_id: *user_id, access_hash: *access_hash }.into()
            }
            _ => return Err(bad("PARTICIPANT_ID_INVALID")),
        };
        self.subject(&input).map_err(|_| bad("PARTICIPANT_ID_INVALID"))
    }
}

/// Who does not let others add them is said, and is no mistake.
pub fn invite(ask: &mut Ask, request: &f::channels::InviteToChannel) -> Result<enums::messages::InvitedUsers, No> {
    let chat = ask.own_group(&request.channel)?;
    let users: Vec<i64> = request.users.iter().map(|user| ask.user(user)).collect::<Result<_, _>>()?;
    ask.note("users", users.clone());
    if !ask.chat(chat)?.permissions.contains("can_invite_users") {
        ask.need(chat, "can_invite_users")?;
    }
    if users.iter().any(|user| matches!(ask.world.member(chat, *user).status, Status::Kicked { .. })) {
        return Err(bad("USER_KICKED"));
    }
    let (missing, added): (Vec<i64>, Vec<i64>) =
        users.into_iter().partition(|user| ask.world.callers.private.contains(user));
    for user in added {
        ask.world.add_member(chat, user, ask.me);
    }
    let invitee = |user_id| {
        types::MissingInvitee { premium_would_allow_invite: false, premium_required_for_pm: false, user_id }.into()
    };
    let missing_invitees = missing.into_iter().map(invitee).collect();
    Ok(types::messages::InvitedUsers { updates: ask.changed(chat)?, missing_invitees }.into())
}

/// Gives an admin rights, or takes all of them. A bot that is not in yet comes in by it.
pub fn edit_admin(ask: &mut Ask, request: &f::channels::EditAdmin) -> Result<enums::Updates, No> {
    let chat = ask.own_group(&request.channel)?;
    let user = ask.subject(&request.user_id)?;
    let held = rights::held(&request.admin_rights);
    ask.note("rights", held.iter().copied().collect::<Vec<_>>());
    ask.need(chat, "can_promote_members")?;
    let (own, member) = (ask.world.member(chat, ask.me), ask.world.member(chat, user));
    if request.rank.as_ref().is_some_and(|rank| rank.chars().count() > LONGEST_RANK) {
        return Err(bad("ADMIN_RANK_INVALID"));
    }
    if held.iter().any(|right| !own.may(right)) {
        return Err(No::new(403, "RIGHT_FORBIDDEN"));
    }
    match &member.status {
        Status::Owner => return Err(bad("USER_CREATOR")),
        Status::Administrator { by, .. } if *by != ask.me && own.status != Status::Owner => {
            return Err(bad("CHAT_ADMIN_REQUIRED"));
        }
        Status::Kicked { .. } => return Err(bad("USER_KICKED")),
        Status::Left if user != ask.world.bot.id => return Err(bad("USER_NOT_PARTICIPANT")),
        _ => {}
    }
    let names: Vec<&str> = held.into_iter().collect();
    ask.world.promote(chat, user, ask.me, &names);
    if let Some(rank) = request.rank.clone().filter(|rank| !rank.is_empty() && !names.is_empty()) {
        let member = Member { title: Some(rank), ..ask.world.member(chat, user) };
        ask.world.change_member(chat, ask.me, user, &member, &Way::default());
    }
    ask.changed(chat)
}

/// Bans, restricts, and takes either back.
pub fn edit_banned(ask: &mut Ask, request: &f::channels::EditBanned) -> Result<enums::Updates, No> {
    let chat = ask.own_group(&request.channel)?;
    let user = ask.person(&request.participant)?;
    let enums::ChatBannedRights::Rights(banned) = &request.banned_rights;
    ask.need(chat, "can_restrict_members")?;
    let member = ask.world.member(chat, user);
    match &member.status {
        Status::Owner => return Err(bad("USER_ADMIN_INVALID")),
        Status::Administrator { by, .. } if *by != ask.me && ask.world.member(chat, ask.me).status != Status::Owner => {
            return Err(bad("USER_ADMIN_INVALID"));
        }
        _ => {}
    }
    let until = i64::from(banned.until_date);
    if banned.view_messages {
        ask.world.exit(chat, ask.me, user, Status::Kicked { until });
        return ask.changed(chat);
    }
    let (permissions, present) = (rights::permitted(banned), member.present());
    let free = PERMISSIONS.into_iter().take(10).all(|name| permissions.contains(name));
    let status = match (free, present) {
        (true, true) => Status::Member,
        (true, false) => Status::Left,
        (false, present) => Status::Restricted { permissions, present, until },
    };
    ask.world.change_member(chat, ask.me, user, &Member::new(status), &Way::default());
    ask.changed(chat)
}

/// One member as `asker` is shown them.
fn participant(ask: &Ask, user: i64, member: &Member) -> Result<enums::ChannelParticipant, No> {
    let date_of = ask.date();
    let rank = member.title.clone();
    Ok(match &member.status {
        Status::Owner => {
            let admin_rights = rights::admin(|_| true)?;
            types::ChannelParticipantCreator { user_id: user, admin_rights, rank }.into()
        }
        Status::Administrator { by, .. } => types::ChannelParticipantAdmin {
            can_edit: *by == ask.me,
            is_self: user == ask.me,
            user_id: user,
            inviter_id: Some(*by).filter(|_| user == ask.me),
            promoted_by: *by,
            date: date_of,
            admin_rights: rights::admin(|name| member.may(name))?,
            rank,
        }
        .into(),
        Status::Kicked { until } => {
            let mut banned = rights::banned(&std::collections::BTreeSet::new(), *until)?;
            banned.view_messages = true;
            out_of_reach(user, true, date_of, banned)
        }
        Status::Restricted { permissions, present, until } => {
            out_of_reach(user, !present, date_of, rights::banned(permissions, *until)?)
        }
        Status::Left => types::ChannelParticipantLeft { peer: types::PeerUser { user_id: user }.into() }.into(),
        Status::Member if user == ask.me => types::ChannelParticipantSelf {
            via_request: false,
            user_id: user,
            inviter_id: 0,
            date: date_of,
            subscription_until_date: None,
            rank,
        }
        .into(),
        Status::Member => {
            types::ChannelParticipant { user_id: user, date: date_of, subscription_until_date: None, rank }.into()
        }
    })
}

fn out_of_reach(user: i64, left: bool, date: i32, banned: types::ChatBannedRights) -> enums::ChannelParticipant {
    let peer = types::PeerUser { user_id: user }.into();
    types::ChannelParticipantBanned { left, peer, kicked_by: 0, date, banned_rights: banned.into(), rank: None }.into()
}

pub fn one(ask: &mut Ask, request: &f::channels::GetParticipant) -> Result<enums::channels::ChannelParticipant, No> {
    let chat = ask.own_group(&request.channel)?;
    let user = ask.person(&request.participant)?;
    let member = ask.world.member(chat, user);
    if member.status == Status::Left {
        return Err(bad("USER_NOT_PARTICIPANT"));
    }
    let participant = participant(ask, user, &member)?;
    let users = shapes::users(ask.world, ask.me, [user])?;
    Ok(types::channels::ChannelParticipant { participant, chats: Vec::new(), users }.into())
}

/// Does this member belong into a list of that kind?
fn listed(ask: &Ask, filter: &enums::ChannelParticipantsFilter, user: i64, member: &Member) -> bool {
    use enums::ChannelParticipantsFilter as F;
    match filter {
        F::ChannelParticipantsAdmins => member.admin(),
        F::ChannelParticipantsKicked(_) => matches!(member.status, Status::Kicked { .. }),
        F::ChannelParticipantsBanned(_) => matches!(member.status, Status::Restricted { .. }),
        F::ChannelParticipantsBots => member.present() && user == ask.world.bot.id,
        F::ChannelParticipantsSearch(types::ChannelParticipantsSearch { q }) => {
            let name = ask.world.people.get(&user).map(|person| format!("{} {}", person.first, person.last));
            member.present() && name.unwrap_or_default().to_lowercase().contains(&q.to_lowercase())
        }
        F::ChannelParticipantsContacts(_) => false,
        _ => member.present(),
    }
}

/// A page of members. The count is of all of them, even where some are left out.
pub fn list(ask: &mut Ask, request: &f::channels::GetParticipants) -> Result<enums::channels::ChannelParticipants, No> {
    let chat = ask.own_group(&request.channel)?;
    let seconds = ask.world.seconds();
    let members: Vec<(i64, Member)> =
        ask.chat(chat)?.members.iter().map(|(user, member)| (*user, member.at(seconds))).collect();
    let members: Vec<_> =
        members.into_iter().filter(|(user, member)| listed(ask, &request.filter, *user, member)).collect();
    let veiled = ask.world.plan.veiled.contains(&chat) && !ask.world.member(chat, ask.me).admin();
    let members: Vec<_> = members.into_iter().filter(|(_, member)| !veiled || member.admin()).collect();
    let total = count(members.len());
    let partial = ask.world.plan.partial.contains(&chat);
    let left_out = |at: usize, member: &Member| partial && member.status == Status::Member && at % 2 == 1;
    let shown = members.into_iter().enumerate().filter(|(at, (_, member))| !left_out(*at, member));
    let from = usize::try_from(request.offset).unwrap_or(0);
    let wanted = usize::try_from(request.limit).unwrap_or(0).min(PAGE);
    let page: Vec<(i64, Member)> = shown.map(|(_, member)| member).skip(from).take(wanted).collect();
    let participants = page.iter().map(|(user, member)| participant(ask, *user, member)).collect::<Result<_, _>>()?;
    let users = shapes::users(ask.world, ask.me, page.iter().map(|(user, _)| *user))?;
    let chats = vec![group(ask.world, ask.me, chat)?];
    Ok(types::channels::ChannelParticipants { count: total, participants, chats, users }.into())
}

pub fn leave(ask: &mut Ask, request: &f::channels::LeaveChannel) -> Result<enums::Updates, No> {
    let chat = ask.group(&request.channel)?;
    if !ask.world.member(chat, ask.me).present() {
        return Err(bad("USER_NOT_PARTICIPANT"));
    }
    ask.world.leave(ask.me, chat);
    ask.changed(chat)
}
