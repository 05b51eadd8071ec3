//! What must have come of it.

use std::collections::BTreeMap;

use preau::platform::outbox::store as outbox;
use preau::platform::store::Tx;
use preau::school::attendance;
use preau::school::session::flow as sessions;

use super::super::super::outcome::{self, once_kind};
use super::super::strikes::Told;
use super::{STUDENTS, School, is_sent, words};
use crate::place::tell;
use crate::store::Raw;

impl School {
    /// What of DESIGN 1 and 4 was broken.
    pub(in super::super) async fn judge(&self, told: &Told) -> Vec<String> {
        let sandbox = &self.stage.sandbox;
        let mut broken = sandbox.violations();
        let read = self.stage.db().expect("watched").read(async |tx| outbox::troubled(tx, 1_000).await).await;
        let (doubts, dead): (Vec<_>, Vec<_>) = read.expect("read").into_iter().partition(|row| row.state == "unknown");
        tell(&format!(
            "{} questions, {} presses, {} in doubt, until {:?}",
            self.asked.borrow().values().map(|(count, _)| count).sum::<usize>(),
            self.presses.get(),
            doubts.len(),
            self.stage.clock.now()
        ));
        broken.extend(dead.iter().map(|row| format!("dead: {row:?}")));
        broken.extend(
            doubts
                .iter()
                .filter(|row| !told.in_hand.contains(&row.key))
                .map(|row| format!("in doubt, in nobody's hand: {row:?}")),
        );
        if doubts.len() > told.hits {
            broken.push(format!("{} in doubt after {} strikes: {doubts:?}", doubts.len(), told.hits));
        }
        let reported = sandbox.messages(self.admin);
        let reported: usize = reported.iter().map(|one| outcome::reported(&one.text)).sum();
        let reports = doubts.iter().filter(|row| row.key.starts_with("state.tell:")).count();
        if reported + reports < doubts.len() {
            broken.push(format!("{} in doubt, {reported} reported: {doubts:?}", doubts.len()));
        }
        broken.extend(self.answers(told));
        broken.extend(self.once().await);
        broken.extend(self.calls());
        broken.extend(self.sheets().await);
        if sandbox.unanswered() > told.hits {
            broken.push(format!("{} presses are not answered", sandbox.unanswered()));
        }
        let deadlocks = "SELECT CAST(deadlocks AS BIGINT) FROM pg_stat_database WHERE datname = current_database()";
        let deadlocks = Raw::open(&self.place).await.number(deadlocks).await;
        if deadlocks > 0 {
            broken.push(format!("{deadlocks} deadlocks"));
        }
        broken
    }

    /// Each question is answered; again only where the answer was under way at a strike.
    fn answers(&self, told: &Told) -> Vec<String> {
        let (said, doubled) = (self.said(), self.doubled.borrow());
        let (mut broken, mut again) = (Vec::new(), 0);
        for (student, (count, _)) in self.asked.borrow().iter() {
            let said = said.get(student).copied().unwrap_or(0);
            let may = doubled.get(student).copied().unwrap_or(0);
            again += said.saturating_sub(*count);
            if said < *count || said > *count + may {
                broken.push(format!("{count} questions, {said} answers, {may} may be doubled"));
            }
        }
        tell(&format!("{again} answers given twice"));
        if again > told.hits {
            broken.push(format!("{again} answers given twice after {} strikes", told.hits));
        }
        broken
    }

    /// What may go once only went once; and of kinds that are known by their words as much as rows say did, or may have.
    async fn once(&self) -> Vec<String> {
        let (mut sent, mut kinds) = (BTreeMap::<String, usize>::new(), BTreeMap::<&str, i64>::new());
        for call in self.stage.sandbox.journal().iter().filter(|call| is_sent(call)) {
            let chat = call.chat_id.unwrap_or_default();
            let place = if self.groups.contains(&chat) { "group" } else { "private" };
            let what = format!("{place}: {}", words(call));
            if let Some(kind) = once_kind(&what) {
                *kinds.entry(kind).or_default() += 1;
                *sent.entry(format!("{chat}: {}", words(call))).or_default() += 1;
            }
        }
        let mut broken: Vec<String> = sent.into_iter().filter(|(_, count)| *count > 1).map(|(what, _)| what).collect();
        let mut raw = Raw::open(&self.place).await;
        for kind in ["session.remind", "attendance.file"] {
            let rows = format!("SELECT COUNT(*) FROM outbox WHERE kind = '{kind}' AND state =");
            let done = raw.number(&format!("{rows} 'completed'")).await;
            let doubted = raw.number(&format!("{rows} 'unknown'")).await;
            let went = kinds.get(kind).copied().unwrap_or(0);
            tell(&format!("{kind}: {went} went, {done} done, {doubted} in doubt"));
            if went < done || went > done + doubted || done == 0 {
                broken.push(format!("{kind}: {went} went, {done} done, {doubted} in doubt"));
            }
        }
        broken
    }

    /// One call for each remote lesson that is over, and it is over.
    fn calls(&self) -> Vec<String> {
        let (now, calls) = (self.stage.clock.now(), self.stage.sandbox.calls(self.groups[0]));
        let mut broken = Vec::new();
        for (subject, end) in self.remote.iter().filter(|(_, end)| *end < now) {
            let of: Vec<_> = calls.iter().filter(|call| call.title.starts_with(subject.as_str())).collect();
            if of.len() != 1 || of.iter().any(|call| call.open) {
                broken.push(format!("{subject}, which ended at {end:?}: {of:?}"));
            }
        }
        broken
    }

    /// Every lesson that is over has its sheet; what the teacher validated says that everybody was there.
    async fn sheets(&self) -> Vec<String> {
        let now = self.stage.clock.now();
        let look = async |tx: &mut Tx| {
            let mut wrong = Vec::new();
            for planned in sessions::planned(tx).await?.into_iter().filter(|planned| planned.end_at < now) {
                let lines = attendance::flow::lines(tx, &planned.id).await?;
                if attendance::flow::sheet(tx, &planned.id).await?.is_none() || lines.len() != STUDENTS {
                    wrong.push(format!("{}: {} lines", planned.subject, lines.len()));
                }
            }
            Ok(wrong)
        };
        self.stage.db().expect("watched").read(look).await.expect("read")
    }
}
