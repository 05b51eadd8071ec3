//! One account's line to Telegram: the client's connections, their time-outs, what is pushed through them.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use grammers_client::sender::{ConnectionParams, InvocationError, NoRetries, SenderPool, SenderPoolFatHandle};
use grammers_client::session::storages::MemorySession;
use grammers_client::session::updates::UpdatesLike;
use grammers_client::{Client, tl};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::identity::Identity;
use super::pace::Pace;
use super::silence::{Asking, Silence};
use super::{SILENT, trouble};
use crate::kernel::{At, Clock};
use crate::platform::store::Tenure;
use crate::platform::tasks::Tasks;
use crate::telegram::port::{Called, Hint, Trouble};

/// How long an answer may take. The client itself knows no limit.
const PATIENCE: Duration = Duration::from_secs(15);
/// So many pushed updates may wait; newer ones are dropped by the client.
const WAITING: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// A connected account. Dropping it closes the connections.
pub(super) struct Line {
    pub account: i64,
    /// When it was signed in: another sign-in is another key.
    pub since: At,
    dc: i32,
    clock: Clock,
    pub client: Client,
    handle: SenderPoolFatHandle,
    /// Drives the connections; ends with the tenure.
    runner: JoinHandle<Option<()>>,
    /// What this account must say to ask about a peer, by Bot API id.
    hashes: Mutex<HashMap<i64, i64>>,
    /// The hash of each call met, by its id.
    calls: Mutex<HashMap<i64, i64>>,
    pace: Pace,
    /// The same for questions about groups: those about calls do not wait for them, nor they for those.
    groups_pace: Pace,
    silence: Silence,
    /// When its chats were listed last.
    listed: Mutex<Option<Duration>>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.handle.quit();
    }
}

/// What is needed to open a line.
pub(super) struct Opening<'o> {
    pub account: i64,
    pub since: At,
    pub api_id: i32,
    pub clock: &'o Clock,
    pub tasks: &'o Tasks,
    /// The connections live no longer than this is held.
    pub tenure: &'o Tenure,
    pub hints: Option<mpsc::Sender<Hint>>,
    /// Between two questions about calls; zero: no pace.
    pub step: Duration,
}

impl Line {
    /// Connections are made when the first question is asked.
    pub fn open(identity: &Identity, session: Arc<MemorySession>, opening: &Opening<'_>) -> Self {
        let params = ConnectionParams {
            device_model: "Préau".to_owned(),
            system_version: std::env::consts::OS.to_owned(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            system_lang_code: "fr".to_owned(),
            lang_code: "fr".to_owned(),
            // The default would ask again by itself after a lost answer: a group would be made twice.
            retry_policy: Box::new(NoRetries),
            updates_channel_capacity: WAITING,
            ..ConnectionParams::default()
        };
        let pool = SenderPool::with_configuration(session, opening.api_id, params);
        let SenderPool { runner, handle, updates } = pool;
        let tenure = opening.tenure.clone();
        let runner = opening.tasks.spawn(async move {
            let _ = tenure.during(runner.run()).await;
        });
        opening.tasks.spawn(listen(updates, opening.hints.clone()));
        Self {
            account: opening.account,
            since: opening.since,
            dc: identity.dc(),
            clock: opening.clock.clone(),
            client: Client::new(handle.clone()),
            handle,
            runner,
            hashes: Mutex::default(),
            calls: Mutex::default(),
            pace: Pace::new(opening.step),
            groups_pace: Pace::new(opening.step),
            silence: Silence::default(),
            listed: Mutex::default(),
        }
    }

    /// Can anything be asked through it still?
    pub fn is_open(&self) -> bool {
        !self.runner.is_finished()
    }

    /// Asks once.
    pub async fn ask<R: tl::RemoteCall + Sync>(&self, request: &R) -> Called<R::Return> {
        self.within(self.client.invoke(request)).await
    }

    /// Asks about a call, at the account's pace. `look`: the call that is looked into, if that is what it is.
    pub async fn ask_paced<R>(&self, request: &R, look: Option<i64>) -> Called<R::Return>
    where
        R: tl::RemoteCall + tl::Identifiable + Sync,
    {
        self.paced(&self.pace, request, look).await
    }

    /// Asks about a group, at the account's pace. `turn`: the group's, if it waits for its turn elsewhere.
    pub async fn ask_of_group<R>(&self, request: &R, turn: Option<i64>) -> Called<R::Return>
    where
        R: tl::RemoteCall + tl::Identifiable + Sync,
    {
        self.paced(&self.groups_pace, request, turn).await
    }

    async fn paced<R>(&self, pace: &Pace, request: &R, turn: Option<i64>) -> Called<R::Return>
    where
        R: tl::RemoteCall + tl::Identifiable + Sync,
    {
        pace.wait(&self.clock, R::CONSTRUCTOR_ID, turn).await?;
        let answer = self.ask(request).await;
        if let Err(Trouble::Wait(span)) = &answer {
            pace.hold(&self.clock, R::CONSTRUCTOR_ID, *span);
        }
        answer
    }

    /// May the account's chats be listed, once `every` so long? Whoever asks does it.
    pub fn may_list(&self, every: Duration) -> bool {
        let now = self.clock.elapsed();
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let may = listed.is_none_or(|at| at + every <= now);
        if may {
            *listed = Some(now);
        }
        may
    }

    pub async fn rest(&self, span: Duration) {
        self.clock.rest(span).await;
    }

    /// Any work of the client's, within the time that an answer may take.
    pub async fn within<T>(&self, work: impl Future<Output = Result<T, InvocationError>>) -> Called<T> {
        // A connection that broke, or that we gave up, is no answer.
        let answers = |answer: &Result<T, _>| matches!(answer, Ok(_) | Err(InvocationError::Rpc(_)));
        self.heard(work, answers).await?.map_err(|error| trouble::of(&error))
    }

    /// As [`Line::within`], for work whose errors are its own.
    pub async fn in_time<T>(&self, work: impl Future<Output = T>) -> Called<T> {
        self.heard(work, |_| true).await
    }

    async fn heard<T>(&self, work: impl Future<Output = T>, answers: impl FnOnce(&T) -> bool) -> Called<T> {
        let since = self.clock.elapsed();
        let Some(asking) = self.silence.asks(since, PATIENCE) else {
            return Err(Trouble::Unsent("the account does not answer".to_owned()));
        };
        let mut question = Question { line: self, asking, since, open: true };
        let answer = self.clock.within(PATIENCE, work).await;
        if let Some(answer) = &answer {
            question.open = false;
            self.silence.heard(asking, answers(answer).then_some(true));
        }
        answer.ok_or_else(|| Trouble::Lost("no answer in time".to_owned()))
    }

    pub fn hash_of(&self, peer: i64) -> Option<i64> {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).get(&peer).copied()
    }

    /// Remembers a peer; `true` when that is news.
    pub fn met(&self, peer: i64, hash: i64) -> bool {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, hash) != Some(hash)
    }

    pub fn call_hash(&self, call: i64) -> Option<i64> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).get(&call).copied()
    }

    pub fn met_call(&self, call: i64, hash: i64) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).insert(call, hash);
    }
}

/// A question that left. Whoever waits no longer, and waited long, found the account silent too.
struct Question<'l> {
    line: &'l Line,
    asking: Asking,
    since: Duration,
    /// Nothing came back.
    open: bool,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let silent = self.line.clock.elapsed().saturating_sub(self.since) >= SILENT;
        self.line.silence.heard(self.asking, silent.then_some(false));
        if silent {
            // A connection that is silent may be dead without our noticing: the next question makes a new one.
            self.line.handle.disconnect_from_dc(self.line.dc);
        }
    }
}

/// Reads all that is pushed, so that nothing piles up; what concerns calls becomes hints.
async fn listen(mut updates: mpsc::Receiver<UpdatesLike>, hints: Option<mpsc::Sender<Hint>>) {
    while let Some(pushed) = updates.recv().await {
        let (UpdatesLike::Updates(pushed), Some(hints)) = (pushed, &hints) else { continue };
        for hint in hints_in(&pushed) {
            // Full: enough is known to be worth a look.
            let _ = hints.try_send(hint);
        }
    }
}

/// What pushed updates say about calls.
fn hints_in(pushed: &tl::enums::Updates) -> Vec<Hint> {
    let updates = match pushed {
        tl::enums::Updates::Updates(updates) => updates.updates.as_slice(),
        tl::enums::Updates::Combined(updates) => updates.updates.as_slice(),
        tl::enums::Updates::UpdateShort(update) => std::slice::from_ref(&update.update),
        _ => &[],
    };
    let mut hints: Vec<Hint> = updates
        .iter()
        .filter_map(|update| match update {
            tl::enums::Update::GroupCallParticipants(update) => match &update.call {
                tl::enums::InputGroupCall::Call(call) => Some(Hint { call: call.id, of_people: true }),
                _ => None,
            },
            tl::enums::Update::GroupCall(update) => {
                let call = match &update.call {
                    tl::enums::GroupCall::Call(call) => call.id,
                    tl::enums::GroupCall::Discarded(call) => call.id,
                };
                Some(Hint { call, of_people: false })
            }
            _ => None,
        })
        .collect();
    hints.dedup();
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_news_of_participants_say_who_is_in_a_call() {
        let call = || tl::types::InputGroupCall { id: 7, access_hash: 1 };
        let people =
            tl::types::UpdateGroupCallParticipants { call: call().into(), participants: Vec::new(), version: 2 };
        let ended = tl::types::GroupCallDiscarded { id: 8, access_hash: 1, duration: 60 };
        let ended = tl::types::UpdateGroupCall { live_story: false, peer: None, call: ended.into() };
        let updates = vec![people.clone().into(), people.into(), ended.into()];
        let pushed = tl::types::Updates { updates, users: Vec::new(), chats: Vec::new(), date: 0, seq: 0 };
        let hints = hints_in(&pushed.into());
        assert_eq!(hints, [Hint { call: 7, of_people: true }, Hint { call: 8, of_people: false }]);
    }
}
