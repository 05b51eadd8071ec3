//! The fault plan: what will go wrong, for which method, how often.

use crate::sandbox::values::Fault;

#[derive(Debug, Default)]
pub struct Plan {
    faults: Vec<Fault>,
    pub away: bool,
    pub duplicates: u32,
    pub refuse_mail: u32,
    pub lose_mail: u32,
}

/// What happens to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fate {
    pub delay: Option<u64>,
    pub reset: bool,
    pub retry_after: Option<u32>,
    pub server_error: bool,
    pub lost: bool,
}

fn hits(wanted: Option<&str>, method: &str) -> bool {
    match wanted {
        Some(wanted) => wanted.eq_ignore_ascii_case(method),
        None => !method.eq_ignore_ascii_case("getUpdates"),
    }
}

impl Plan {
    pub fn add(&mut self, fault: Fault) {
        match fault {
            Fault::Away(away) => self.away = away,
            Fault::DuplicateUpdate { times } => self.duplicates += times,
            Fault::RefuseMail { times } => self.refuse_mail += times,
            Fault::LoseMail { times } => self.lose_mail += times,
            fault => self.faults.push(fault),
        }
    }

    /// Takes what the plan has for this request: any delay, and at most one other trouble.
    pub fn fate(&mut self, method: &str) -> Fate {
        let mut fate = Fate::default();
        let mut troubled = false;
        for fault in &mut self.faults {
            match fault {
                Fault::Delay { method: wanted, millis, times }
                    if *times > 0 && fate.delay.is_none() && hits(wanted.as_deref(), method) =>
                {
                    *times -= 1;
                    fate.delay = Some(*millis);
                }
                Fault::TooManyRequests { method: wanted, times, .. }
                | Fault::LostAnswer { method: wanted, times }
                | Fault::Reset { method: wanted, times }
                | Fault::ServerError { method: wanted, times }
                    if *times > 0 && !troubled && hits(wanted.as_deref(), method) =>
                {
                    *times -= 1;
                    troubled = true;
                    match fault {
                        Fault::TooManyRequests { retry_after, .. } => fate.retry_after = Some(*retry_after),
                        Fault::LostAnswer { .. } => fate.lost = true,
                        Fault::Reset { .. } => fate.reset = true,
                        _ => fate.server_error = true,
                    }
                }
                _ => {}
            }
        }
        fate
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
        assert_eq!(plan.fate("getUpdates"), Fate::default());
        assert!(plan.fate("SendMessage").reset);
        assert!(plan.fate("SendMessage").lost);
        assert_eq!(plan.fate("SendMessage"), Fate::default());
    }
}
