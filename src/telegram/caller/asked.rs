//! What is asked through the accounts' lines.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::future::BoxFuture;
use grammers_client::tl;

use super::line::Line;
use super::{Accounts, SILENT, calls, groups, store};
use crate::kernel::{At, Result};
use crate::telegram::port::{Called, Callers, Look, Members, OpenCall, Rights, Sought, Trouble, Whom};

/// Before an account counts as away it is asked again after these pauses.
const ASK_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900), Duration::from_millis(2_700)];
/// An account's chats are listed so often at most, where one is looked for again and again.
const LISTED_EVERY: Duration = Duration::from_secs(10);

impl Accounts {
    /// As [`Callers::find_group`], among the groups of this title: descriptions cost a question each.
    pub async fn find_group_called(&self, by: i64, title: &str, mark: &str) -> Called<Option<i64>> {
        self.with(by, async move |line| groups::find(self, line, mark, groups::Among::Title(title)).await).await
    }

    /// Removes a group that the account owns, for everybody.
    pub async fn delete_group(&self, by: i64, chat: i64) -> Called<()> {
        self.with(by, async move |line| groups::delete(line, chat).await).await
    }

    /// A link by which anybody enters the group.
    pub async fn group_link(&self, by: i64, chat: i64) -> Called<String> {
        self.with(by, async move |line| groups::link(line, chat).await).await
    }
}

impl Callers for Accounts {
    fn ready(&self) -> Vec<i64> {
        if self.0.tenure.holds() { self.lines().keys().copied().collect() } else { Vec::new() }
    }
    fn gathered(&self) -> BoxFuture<'_, Vec<i64>> {
        Box::pin(async move {
            if let Err(error) = self.gather().await {
                tracing::warn!(error = %error, "caller.gather_failed");
            }
            self.ready()
        })
    }
    fn serves(&self) -> bool {
        self.0.tenure.holds() && !self.0.tasks.stopping().is_cancelled()
    }
    fn awaited_for(&self) -> Option<Duration> {
        let awaited = self.0.signed_in.load(Ordering::Relaxed) && self.ready().is_empty();
        let since = *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        awaited.then(|| self.0.db.clock().elapsed().saturating_sub(since))
    }
    fn ours(&self) -> Vec<i64> {
        self.own().iter().copied().collect()
    }
    fn shut(&self) -> Vec<i64> {
        if self.serves() { self.unopened().keys().copied().collect() } else { Vec::new() }
    }
    fn has_any(&self) -> bool {
        self.0.any.load(Ordering::Relaxed)
    }
    fn answers(&self, account: i64) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let asked = async move |line: &Line| line.ask(&tl::functions::updates::GetState {}).await;
            let clock = self.0.db.clock();
            for pause in ASK_AGAIN {
                let began = clock.elapsed();
                match self.with(account, asked).await {
                    // A connection that was just cut takes the next questions along; silence is waited for once.
                    Err(Trouble::Lost(_)) if clock.elapsed().saturating_sub(began) < SILENT => clock.rest(pause).await,
                    answer => return answer.is_ok(),
                }
            }
            self.with(account, asked).await.is_ok()
        })
    }
    fn is_lost(&self, account: i64) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let kept = self.0.db.read(async |tx| store::account(tx, account).await).await?;
            Ok(kept.is_none_or(|kept| !kept.is_ready()))
        })
    }
    fn create_group<'a>(&'a self, by: i64, title: &'a str, about: &'a str) -> BoxFuture<'a, Called<i64>> {
        Box::pin(self.with(by, async move |line| groups::create(self, line, title, about).await))
    }
    fn find_group<'a>(&'a self, by: i64, mark: &'a str, since: At) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.with(by, async move |line| groups::find(self, line, mark, groups::Among::Since(since)).await))
    }
    fn knows(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(self.with(by, async move |line| groups::knows(self, line, chat).await))
    }
    fn invite<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>) -> BoxFuture<'a, Called<bool>> {
        Box::pin(self.with(by, async move |line| groups::invite(self, line, chat, whom).await))
    }
    fn bring(&self, by: i64, chat: i64, other: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            let link = self.with(by, async |line| groups::one_link(line, chat).await).await?;
            self.with(other, async |line| groups::enter(line, &link).await).await
        })
    }
    fn promote<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>, rights: Rights<'a>) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::promote(self, line, chat, whom, rights).await))
    }
    fn rename<'a>(&'a self, by: i64, chat: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::rename(line, chat, title).await))
    }
    fn describe<'a>(&'a self, by: i64, chat: i64, about: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::describe(line, chat, about).await))
    }
    fn members(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<Members>> {
        Box::pin(self.with(by, async move |line| groups::members(self, line, chat).await))
    }
    fn open_call(&self, by: i64, chat: i64, muted: bool) -> BoxFuture<'_, Called<Option<OpenCall>>> {
        Box::pin(self.with(by, async move |line| {
            groups::reach(self, line, chat, LISTED_EVERY).await?;
            let own = self.own().clone();
            calls::open(line, chat, Some(chat), &calls::Wish { own: &own, muted, muting: &self.0.muting }).await
        }))
    }
    fn start_call<'a>(
        &'a self,
        by: i64,
        chat: i64,
        title: &'a str,
        token: i32,
        muted: bool,
    ) -> BoxFuture<'a, Called<OpenCall>> {
        Box::pin(self.with(by, async move |line| {
            groups::reach(self, line, chat, Duration::ZERO).await?;
            let own = self.own().clone();
            calls::start(line, chat, title, token, &calls::Wish { own: &own, muted, muting: &self.0.muting }).await
        }))
    }
    fn name_call<'a>(&'a self, by: i64, chat: i64, call: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| calls::name(line, chat, call, title).await))
    }
    fn look(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<Look>> {
        Box::pin(async move {
            let mut seen = self.with(by, async move |line| calls::look(line, chat, call, &self.0.muting).await).await?;
            let own = self.own();
            seen.people.retain(|one| !own.contains(&one.peer));
            Ok(seen)
        })
    }
    fn end_call(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(async move {
            let ended = self.with(by, async move |line| calls::end(line, chat, call).await).await?;
            self.0.muting.forget(call).await;
            Ok(ended)
        })
    }
    fn find_message<'a>(&'a self, by: i64, chat: i64, sought: Sought<'a>) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.with(by, async move |line| groups::find_message(line, chat, sought).await))
    }
}
