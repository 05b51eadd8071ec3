//! What the server says by itself: changes of calls, to every member account that is connected, in the call or not; and
//! to an account that it came into a group, left it, or holds other rights there. New messages are not pushed, they are
//! read. Nothing of it is kept for those who are away, as the real server keeps none of it either.

use std::time::Duration;

use grammers_tl_types::{Serializable as _, enums, types};

use super::refusal::No;
use super::requests::date;
use super::{calls, groups};
use crate::sandbox::door::spawn;
use crate::sandbox::world::World;
use crate::sandbox::world::calls::Stay;
use crate::sandbox::world::upgrade::channel_id;

/// An update, and the people and groups that it names.
type News = (enums::Update, Vec<enums::User>, Vec<enums::Chat>);

/// News as they are written. A seq of zero says that they stand outside the numbered sequence.
fn body((update, users, chats): News, seconds: i64) -> Vec<u8> {
    let updates = types::Updates { updates: vec![update], users, chats, date: date(seconds), seq: 0 };
    enums::Updates::from(updates).to_bytes()
}

impl World {
    /// Tells of a call that began, changed or ended. Who asked for it has it in the answer.
    pub fn tell_call(&mut self, chat: i64, id: i64) {
        let asking = self.callers.asking;
        self.tell(chat, asking, |world, viewer| {
            let found = world.chat(chat).and_then(|chat| chat.calls.iter().find(|call| call.id == id));
            let call = found.ok_or_else(|| No::new(500, "no such call"))?;
            let (users, chats) = calls::faces(world, viewer, chat, &[])?;
            Ok((calls::update(world, viewer, chat, call)?, users, chats))
        });
    }

    /// Tells of somebody who came, went, or spoke.
    pub fn tell_participant(&mut self, chat: i64, id: i64, stay: &Stay, just_joined: bool) {
        let found = self.chat(chat).and_then(|chat| chat.calls.iter().find(|call| call.id == id));
        let version = found.map_or(0, |call| call.version);
        self.tell(chat, None, |world, viewer| {
            let enums::GroupCallParticipant::Participant(mut participant) =
                calls::participant(stay, viewer, just_joined)?;
            participant.versioned = true;
            let call = calls::input(world, viewer, id);
            let update =
                types::UpdateGroupCallParticipants { call, participants: vec![participant.into()], version }.into();
            let (users, chats) = calls::faces(world, viewer, chat, &[stay])?;
            Ok((update, users, chats))
        });
    }

    /// Tells an account that its own standing in a group is another.
    pub fn tell_standing(&self, chat: i64, account: i64) {
        let Ok(shown) = groups::group(self, account, chat) else { return };
        let update = types::UpdateChannel { channel_id: channel_id(chat) }.into();
        let body = body((update, Vec::new(), vec![shown]), self.seconds());
        for line in self.callers.hearing(account, self.callers.asking) {
            let _ = line.send(body.clone());
        }
    }

    /// Writes news to the lines of every member account but one line, as the fault plan lets it.
    fn tell(&mut self, chat: i64, but: Option<u64>, news: impl Fn(&Self, i64) -> Result<News, No>) {
        if self.plan.call_lost() {
            return;
        }
        let late = self.plan.call_late();
        let seconds = self.seconds();
        for viewer in self.callers.accounts.keys().copied() {
            if !self.member(chat, viewer).present() {
                continue;
            }
            let Ok(news) = news(self, viewer) else { continue };
            let body = body(news, seconds);
            for line in self.callers.hearing(viewer, but) {
                let (line, body) = (line.clone(), body.clone());
                let Some(millis) = late else {
                    let _ = line.send(body);
                    continue;
                };
                let clock = self.clock.clone();
                spawn(async move {
                    clock.rest(Duration::from_millis(millis)).await;
                    let _ = line.send(body);
                });
            }
        }
    }
}
