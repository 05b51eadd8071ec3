//! The fault plan: what will go wrong, for which method, how often.

use std::collections::BTreeSet;
use std::time::Duration;

use super::queue::Turn;
use crate::sandbox::values::Fault;

#[derive(Debug, Default)]
pub struct Plan {
    faults: Vec<Fault>,
    /// What becomes of the bot's updates.
    updates: Vec<Fault>,
    pub away: bool,
    pub callers_away: bool,
    pub duplicates: u32,
    pub deaf_polls: u32,
    pub refuse_mail: u32,
    pub lose_mail: u32,
    pub lose_calls: u32,
    pub bare_calls: u32,
    /// How many changes of calls come late, and by how much.
    pub late_calls: (u32, u64),
    pub hidden: BTreeSet<i64>,
    pub partial: BTreeSet<i64>,
    pub veiled: BTreeSet<i64>,
    pub no_calls: BTreeSet<i64>,
}

/// What happens to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fate {
    pub delay: Option<u64>,
    pub reset: bool,
    pub retry_after: Option<u32>,
    pub server_error: bool,
    pub lost: bool,
    /// By how many milliseconds the answer is late.
    pub late: Option<u64>,
    /// An error of the `MTProto` door: code and name.
    pub refused: Option<(i32, String)>,
}

fn hits(wanted: Option<&str>, method: &str) -> bool {
    match wanted {
        Some(wanted) => wanted.eq_ignore_ascii_case(method),
        None => !method.eq_ignore_ascii_case("getUpdates") && !method.contains('.'),
    }
}

/// Which method a fault hits, and how often still.
fn aim(fault: &mut Fault) -> Option<(Option<&str>, &mut u32)> {
    match fault {
        Fault::TooManyRequests { method, times, .. }
        | Fault::LostAnswer { method, times }
        | Fault::LateAnswer { method, times, .. }
        | Fault::Reset { method, times }
        | Fault::ServerError { method, times } => Some((method.as_deref(), times)),
        Fault::FloodWait { method, times, .. } | Fault::Refuse { method, times, .. } => {
            Some((Some(method.as_str()), times))
        }
        _ => None,
    }
}

/// Which kind of updates a fault hits, and how often still.
fn aim_at_update(fault: &mut Fault) -> Option<(Option<&str>, &mut u32)> {
    match fault {
        Fault::LoseUpdates { kind, times }
        | Fault::DelayUpdates { kind, times, .. }
        | Fault::ReorderUpdates { kind, times, .. } => Some((kind.as_deref(), times)),
        _ => None,
    }
}

impl Plan {
    pub fn add(&mut self, mut fault: Fault) {
        if aim_at_update(&mut fault).is_some() {
            return self.updates.push(fault);
        }
        match fault {
            Fault::Away(away) => self.away = away,
            Fault::CallersAway(away) => self.callers_away = away,
            Fault::DuplicateUpdate { times } => self.duplicates += times,
            Fault::DeafPolls { times } => self.deaf_polls += times,
            Fault::RefuseMail { times } => self.refuse_mail += times,
            Fault::LoseMail { times } => self.lose_mail += times,
            Fault::LoseCallUpdates { times } => self.lose_calls += times,
            Fault::BareCalls { times } => self.bare_calls += times,
            Fault::DelayCallUpdates { millis, times } => self.late_calls = (self.late_calls.0 + times, millis),
            Fault::HiddenListeners(chat) => drop(self.hidden.insert(chat)),
            Fault::ShownListeners(chat) => drop(self.hidden.remove(&chat)),
            Fault::PartialMembers(chat) => drop(self.partial.insert(chat)),
            Fault::HiddenMembers(chat) => drop(self.veiled.insert(chat)),
            Fault::CallsRefused(chat) => drop(self.no_calls.insert(chat)),
            fault => self.faults.push(fault),
        }
    }

    /// Takes what the plan has for this request: any delay, and at most one other trouble.
    pub fn fate(&mut self, method: &str) -> Fate {
        let mut fate = Fate::default();
        let mut troubled = false;
        for fault in &mut self.faults {
            if let Fault::Delay { method: wanted, millis, times } = fault {
                if *times > 0 && fate.delay.is_none() && hits(wanted.as_deref(), method) {
                    *times -= 1;
                    fate.delay = Some(*millis);
                }
                continue;
            }
            let Some((wanted, times)) = aim(fault).filter(|_| !troubled) else { continue };
            if *times == 0 || !hits(wanted, method) {
                continue;
            }
            *times -= 1;
            troubled = true;
            match fault {
                Fault::TooManyRequests { retry_after, .. } => fate.retry_after = Some(*retry_after),
                Fault::FloodWait { seconds, .. } => fate.retry_after = Some(*seconds),
                Fault::Refuse { code, error, .. } => fate.refused = Some((*code, error.clone())),
                Fault::LostAnswer { .. } => fate.lost = true,
                Fault::LateAnswer { millis, .. } => fate.late = Some(*millis),
                Fault::Reset { .. } => fate.reset = true,
                _ => fate.server_error = true,
            }
        }
        fate
    }

    /// Is the door of user accounts closed?
    pub const fn no_callers(&self) -> bool {
        self.away || self.callers_away
    }

    /// What is still to go wrong, once or more often.
    pub fn pending(&self) -> Vec<Fault> {
        let waits = |fault: &&Fault| {
            let mut fault = (*fault).clone();
            let update = aim_at_update(&mut fault).is_some_and(|(_, times)| *times > 0);
            update || aim(&mut fault).is_some_and(|(_, times)| *times > 0)
        };
        self.faults.iter().chain(&self.updates).filter(waits).cloned().collect()
    }

    /// When the next update, which is of this kind, comes.
    pub fn turn(&mut self, kind: &str) -> Turn {
        for fault in &mut self.updates {
            let Some((wanted, times)) = aim_at_update(fault) else { continue };
            if *times == 0 || wanted.is_some_and(|wanted| wanted != kind) {
                continue;
            }
            *times -= 1;
            return match fault {
                Fault::DelayUpdates { millis, .. } => Turn::Late(Duration::from_millis(*millis)),
                Fault::ReorderUpdates { within_chat, .. } => Turn::Overtaken { within_chat: *within_chat },
                _ => Turn::Never,
            };
        }
        Turn::Now
    }

    /// Does nobody hear of this change of a call?
    pub const fn call_lost(&mut self) -> bool {
        let lost = self.lose_calls > 0;
        self.lose_calls = self.lose_calls.saturating_sub(1);
        lost
    }

    /// Does the answer to who begins a call tell of the call alone?
    pub const fn begun_bare(&mut self) -> bool {
        let bare = self.bare_calls > 0;
        self.bare_calls = self.bare_calls.saturating_sub(1);
        bare
    }

    /// By how many milliseconds news of this change of a call are late.
    pub const fn call_late(&mut self) -> Option<u64> {
        let (times, millis) = self.late_calls;
        self.late_calls.0 = times.saturating_sub(1);
        if times > 0 { Some(millis) } else { None }
    }

    pub fn mail_refused(&mut self) -> bool {
        let refused = self.refuse_mail > 0;
        self.refuse_mail = self.refuse_mail.saturating_sub(1);
        refused
    }

    pub fn mail_lost(&mut self) -> bool {
        let lost = self.lose_mail > 0;
        self.lose_mail = self.lose_mail.saturating_sub(1);
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_its_method_as_often_as_planned() {
        let mut plan = Plan::default();
        plan.add(Fault::Reset { method: Some("sendMessage".to_owned()), times: 1 });
        plan.add(Fault::LostAnswer { method: None, times: 1 });
        plan.add(Fault::FloodWait { method: "phone.createGroupCall".to_owned(), seconds: 9, times: 1 });
        assert_eq!(plan.fate("getUpdates"), Fate::default());
        assert_eq!(plan.fate("phone.getGroupCall"), Fate::default());
        assert_eq!(plan.fate("phone.createGroupCall").retry_after, Some(9));
        assert!(plan.fate("SendMessage").reset);
        let left = Fault::LostAnswer { method: None, times: 1 };
        assert!(plan.pending().contains(&left));
        assert!(plan.fate("SendMessage").lost);
        assert!(plan.pending().is_empty());
        assert_eq!(plan.fate("SendMessage"), Fate::default());
    }

    #[test]
    fn what_becomes_of_an_update_is_of_its_kind() {
        let mut plan = Plan::default();
        plan.add(Fault::LoseUpdates { kind: Some("chat_member".to_owned()), times: 1 });
        plan.add(Fault::DelayUpdates { kind: None, millis: 5, times: 1 });
        assert_eq!(plan.pending().len(), 2);
        assert_eq!(plan.turn("message"), Turn::Late(Duration::from_millis(5)));
        assert_eq!(plan.turn("message"), Turn::Now);
        assert_eq!((plan.turn("chat_member"), plan.turn("chat_member")), (Turn::Never, Turn::Now));
        assert!(plan.pending().is_empty());
    }
}
