//! The calling account of the small Telegram.

use std::time::Duration;

use futures::future::BoxFuture;
use preau::kernel::{At, Result};
use preau::telegram::port::{
    Called, Callers, InCall, Look, Members, OpenCall, Rights, Sought, Standing, Trouble, Whom,
};

use super::port::Line;
use super::telegram::{BOT, CALLER, Group, Is, Telegram};

fn refused<T>(word: &str) -> Called<T> {
    Err(Trouble::Refused(word.to_owned()))
}

/// The group, when the account is in it.
fn group(world: &mut Telegram, by: i64, chat: i64) -> Called<&mut Group> {
    match world.groups.get_mut(&chat) {
        Some(group) if group.members.get(&by).is_some_and(|is| is.present()) => Ok(group),
        _ => refused("CHANNEL_PRIVATE"),
    }
}

fn shown(world: &mut Telegram, chat: i64) -> Option<OpenCall> {
    world.open_call(chat).map(|call| OpenCall { id: call.id, message: None, ours: call.by == CALLER })
}

const fn whom(whom: Whom<'_>) -> i64 {
    match whom {
        Whom::Account(account) | Whom::Bot { account, .. } => account,
    }
}

impl Callers for Line {
    fn ready(&self) -> Vec<i64> {
        if self.world().has_caller { vec![CALLER] } else { Vec::new() }
    }
    fn gathered(&self) -> BoxFuture<'_, Vec<i64>> {
        Box::pin(async { self.ready() })
    }
    fn awaited_for(&self) -> Option<Duration> {
        None
    }
    fn ours(&self) -> Vec<i64> {
        self.ready()
    }
    fn shut(&self) -> Vec<i64> {
        Vec::new()
    }
    fn has_any(&self) -> bool {
        self.world().has_caller
    }
    fn answers(&self, _account: i64) -> BoxFuture<'_, bool> {
        Box::pin(async { true })
    }
    fn is_lost(&self, _account: i64) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async { Ok(false) })
    }

    fn create_group<'a>(&'a self, by: i64, title: &'a str, about: &'a str) -> BoxFuture<'a, Called<i64>> {
        Box::pin(self.call("create", 0, Some(title.to_owned()), move |world| {
            let chat = -1_002_100_000_000 - i64::try_from(world.groups.len()).unwrap_or(0);
            world.add_group(chat, title, by);
            let group = group(world, by, chat)?;
            about.clone_into(&mut group.about);
            // The bot is let in by a step of its own.
            group.members.remove(&BOT);
            Ok(chat)
        }))
    }
    fn find_group<'a>(&'a self, by: i64, mark: &'a str, _since: At) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.call("find_group", 0, None, move |world| {
            let owned = |group: &Group| group.members.get(&by) == Some(&Is::Owner) && group.about.contains(mark);
            Ok(world.groups.iter().find(|(_, group)| owned(group)).map(|(chat, _)| *chat))
        }))
    }
    fn knows(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(async move { Ok(self.world().is(chat, by).present()) })
    }
    fn invite<'a>(&'a self, by: i64, chat: i64, who: Whom<'a>) -> BoxFuture<'a, Called<bool>> {
        let at = self.clock.now();
        Box::pin(self.call("invite", chat, Some(format!("{who:?}")), move |world| {
            group(world, by, chat)?;
            world.set(chat, by, whom(who), Is::Member, at);
            Ok(true)
        }))
    }
    fn bring(&self, by: i64, chat: i64, other: i64) -> BoxFuture<'_, Called<()>> {
        let at = self.clock.now();
        Box::pin(self.call("bring", chat, Some(other.to_string()), move |world| {
            group(world, by, chat)?;
            world.set(chat, by, other, Is::Member, at);
            Ok(())
        }))
    }
    fn promote<'a>(&'a self, by: i64, chat: i64, who: Whom<'a>, rights: Rights<'a>) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.call("promote", chat, Some(format!("{who:?} {rights:?}")), move |world| {
            let account = whom(who);
            let group = group(world, by, chat)?;
            let is = if rights.is_empty() { Is::Member } else { Is::Admin };
            match group.members.get(&account) {
                Some(Is::Owner) => refused("USER_CREATOR"),
                Some(now) if now.present() => {
                    group.members.insert(account, is);
                    Ok(())
                }
                _ => refused("USER_NOT_PARTICIPANT"),
            }
        }))
    }
    fn rename<'a>(&'a self, by: i64, chat: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.call("rename", chat, Some(title.to_owned()), move |world| {
            title.clone_into(&mut group(world, by, chat)?.title);
            Ok(())
        }))
    }
    fn describe<'a>(&'a self, by: i64, chat: i64, about: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.call("describe", chat, Some(about.to_owned()), move |world| {
            about.clone_into(&mut group(world, by, chat)?.about);
            Ok(())
        }))
    }
    fn members(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<Members>> {
        Box::pin(self.call("members", chat, None, move |world| {
            let standing =
                |is: Is| if matches!(is, Is::Owner | Is::Admin) { Standing::Admin } else { Standing::Member };
            let members = group(world, by, chat)?.members.clone();
            let here = members.into_iter().filter(|(_, is)| is.present());
            let list: Vec<(i64, Standing)> = here.map(|(account, is)| (account, standing(is))).collect();
            let name = |account: i64| world.people.get(&account).map(|one| (account, one.first.clone()));
            let names = list.iter().filter_map(|(account, _)| name(*account)).collect();
            Ok(Members { complete: true, list, names })
        }))
    }

    fn open_call(&self, by: i64, chat: i64, _muted: bool) -> BoxFuture<'_, Called<Option<OpenCall>>> {
        Box::pin(self.call("open_call", chat, None, move |world| {
            group(world, by, chat)?;
            Ok(shown(world, chat))
        }))
    }
    fn start_call<'a>(
        &'a self,
        by: i64,
        chat: i64,
        title: &'a str,
        token: i32,
        _muted: bool,
    ) -> BoxFuture<'a, Called<OpenCall>> {
        let at = self.clock.now();
        Box::pin(self.call("start_call", chat, Some(title.to_owned()), move |world| {
            group(world, by, chat)?;
            if shown(world, chat).is_none() {
                world.start_call(chat, by, token, title, at);
            } else {
                world.unfelt = true;
            }
            shown(world, chat).ok_or_else(|| Trouble::Refused("CREATE_CALL_FAILED".to_owned()))
        }))
    }
    fn name_call<'a>(&'a self, by: i64, chat: i64, call: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.call("name_call", chat, Some(title.to_owned()), move |world| {
            group(world, by, chat)?;
            match world.open_call(chat).filter(|open| open.id == call) {
                Some(open) => {
                    title.clone_into(&mut open.title);
                    Ok(())
                }
                None => refused("GROUPCALL_INVALID"),
            }
        }))
    }
    fn look(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<Look>> {
        Box::pin(self.call("look", chat, None, move |world| {
            group(world, by, chat)?;
            let Some(open) = world.open_call(chat).filter(|open| open.id == call) else {
                return Ok(Look { open: false, complete: true, people: Vec::new() });
            };
            let here = open.stays.iter().filter(|(_, _, until)| until.is_none());
            let people = here.map(|(peer, since, _)| InCall { peer: *peer, title: None, since: *since }).collect();
            Ok(Look { open: true, complete: true, people })
        }))
    }
    fn end_call(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<bool>> {
        let at = self.clock.now();
        Box::pin(self.call("end_call", chat, Some(call.to_string()), move |world| {
            group(world, by, chat)?;
            Ok(world.end_call(chat, call, at))
        }))
    }
    fn find_message<'a>(&'a self, by: i64, chat: i64, sought: Sought<'a>) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.call("find_message", chat, None, move |world| {
            group(world, by, chat)?;
            let fits = |said: &&super::telegram::Said| {
                let Sought { from, words, since, after } = sought;
                said.from == from && said.text == words && said.at >= since && said.id > after
            };
            Ok(world.chats.get(&chat).and_then(|all| all.iter().rev().find(fits)).map(|said| said.id))
        }))
    }
}
