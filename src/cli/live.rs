//! `preau check --live-caller`: a trial with a real account. It makes a group, opens a call, reads it, and removes both,
//! whatever happens on the way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{End, Ended, Here, print};
use crate::kernel::error::refuse;
use crate::kernel::{Result, Text};
use crate::platform::store::{Db, Probe, Tenure, alone};
use crate::platform::tasks::Tasks;
use crate::telegram::caller::{Accounts, store};
use crate::telegram::port::{Called, Callers as _, Hint, Trouble};
use crate::text;

/// By this the group of a trial is found again.
const MARK: &str = "préau:essai";
const TITLE: &str = "Préau, essai";
/// Longer Telegram is not waited for.
const MOST_WAIT: Duration = Duration::from_mins(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);
/// What is pushed may be a little later than what is seen.
const LATER: Duration = Duration::from_secs(3);

/// One trial of one account.
struct Trial<'t> {
    here: &'t Here,
    accounts: &'t Accounts,
    by: i64,
    chat: Option<i64>,
    call: Option<i64>,
    failed: bool,
}

/// Tries the first account that is signed in. Refused while a program runs: it has the same key in use.
pub(super) async fn try_out(here: &Here, wait: u64) -> Ended {
    here.there().await?;
    let database = here.alone(Arc::clone(&here.config)).await?;
    let work = Box::pin(with_accounts(here, &database.db, Duration::from_secs(wait)));
    let tried = Box::pin(alone(&database.db, work)).await;
    database.close().await;
    if tried? { Ok(()) } else { Err(End::Said) }
}

/// `true` when all went well.
async fn with_accounts(here: &Here, db: &Db, wait: Duration) -> Result<bool> {
    let tasks = Tasks::default();
    let (accounts, mut hints) = Accounts::new(db.clone(), Tenure::alone(db.clock()), tasks.clone(), Probe::default());
    accounts.gather().await?;
    let Some(by) = accounts.ready().first().copied() else {
        return refuse("CAL-05", text!("caller-none-ready"));
    };
    let kept = db.read(async |tx| store::account(tx, by).await).await?;
    let name = kept.map_or_else(|| by.to_string(), |kept| kept.shown());
    here.say(&text!("check-live-title", name = name));
    let mut trial = Trial { here, accounts: &accounts, by, chat: None, call: None, failed: false };
    trial.tidy_old().await;
    let interrupted = tokio::select! {
        () = trial.steps(&mut hints, wait) => false,
        _ = tokio::signal::ctrl_c() => true,
    };
    if interrupted {
        trial.note(text!("check-live-stopped"));
        trial.failed = true;
    }
    trial.tidy().await;
    let well = !trial.failed;
    accounts.let_go();
    tasks.stop(db.clock(), Duration::from_secs(1)).await;
    Ok(well)
}

impl Trial<'_> {
    fn well(&self, said: Text) {
        self.here.say(&text!("check-well", said = said));
    }
    fn note(&self, said: Text) {
        self.here.say(&text!("check-note", said = said));
    }
    fn broke(&mut self, step: Text, trouble: &Trouble) {
        self.failed = true;
        let why = match trouble {
            Trouble::Unsent(why) | Trouble::Lost(why) | Trouble::Refused(why) => why.clone(),
            other => format!("{other:?}"),
        };
        self.here.say(&text!("check-missing", said = text!("check-live-failed", step = step, why = why)));
    }

    /// What it gave, or `None` and a sentence.
    fn given<T>(&mut self, step: Text, answer: Called<T>) -> Option<T> {
        match answer {
            Ok(given) => Some(given),
            Err(trouble) => {
                self.broke(step, &trouble);
                None
            }
        }
    }

    /// A trial that was cut off for good left its group behind.
    async fn tidy_old(&mut self) {
        if let Ok(Some(chat)) = self.accounts.find_group_called(self.by, TITLE, MARK).await
            && self.accounts.delete_group(self.by, chat).await.is_ok()
        {
            self.note(text!("check-live-left"));
        }
    }

    /// Asks again when Telegram wants us to wait for a moment.
    async fn patiently<T>(&self, mut ask: impl AsyncFnMut() -> Called<T>) -> Called<T> {
        let clock = &self.here.clock;
        let began = clock.elapsed();
        loop {
            match ask().await {
                Err(Trouble::Wait(span)) if clock.elapsed().saturating_sub(began) + span < MOST_WAIT => {
                    clock.rest(span).await;
                }
                answer => return answer,
            }
        }
    }

    async fn steps(&mut self, hints: &mut mpsc::Receiver<Hint>, wait: Duration) {
        let (accounts, by) = (self.accounts, self.by);
        let made = self.patiently(async || accounts.create_group(by, TITLE, MARK).await).await;
        let Some(chat) = self.given(text!("check-live-step-group"), made) else { return };
        self.chat = Some(chat);
        self.well(text!("check-live-group", title = TITLE));
        let token = i32::try_from(self.here.ids.below(1 << 30)).unwrap_or(1);
        let opened = self.patiently(async || accounts.start_call(by, chat, TITLE, token, false).await).await;
        let Some(call) = self.given(text!("check-live-step-call"), opened) else { return };
        self.call = Some(call.id);
        self.well(text!("check-live-call"));
        let look = self.patiently(async || accounts.look(by, chat, call.id).await).await;
        if self.given(text!("check-live-step-look"), look).is_none() {
            return;
        }
        self.well(text!("check-live-look"));
        if wait.is_zero() {
            return;
        }
        let link = self.patiently(async || accounts.group_link(by, chat).await).await;
        let Some(link) = self.given(text!("check-live-step-link"), link) else { return };
        // What was pushed about its beginning says nothing about arrivals.
        self.here.clock.rest(PAUSE).await;
        while hints.try_recv().is_ok() {}
        self.note(text!("check-live-ask", seconds = whole(wait)));
        print(&link);
        self.arrivals(hints, (chat, call.id), wait).await;
    }

    /// Waits until somebody comes in, and says how that was seen.
    async fn arrivals(&mut self, hints: &mut mpsc::Receiver<Hint>, (chat, call): (i64, i64), wait: Duration) {
        let clock = &self.here.clock;
        let began = clock.elapsed();
        let since = || clock.elapsed().saturating_sub(began);
        let mut pushed = false;
        while since() < wait {
            pushed |= clock.within(PAUSE, about(hints, call)).await.is_some();
            let look = self.accounts.look(self.by, chat, call).await;
            let Ok(look) = look else { continue };
            if look.people.is_empty() {
                continue;
            }
            let seconds = whole(since());
            pushed = pushed || clock.within(LATER, about(hints, call)).await.is_some();
            let pace = self.here.config.telegram.caller.poll_seconds;
            return if pushed {
                self.well(text!("check-live-pushed", seconds = seconds));
            } else {
                self.note(text!("check-live-polled", seconds = seconds, pace = i64::from(pace)));
            };
        }
        self.note(text!("check-live-nobody"));
    }

    /// Ends and removes what was made; also what was made without our hearing of it.
    async fn tidy(&mut self) {
        let (accounts, by) = (self.accounts, self.by);
        if let (Some(chat), Some(call)) = (self.chat, self.call) {
            let ended = self.patiently(async || accounts.end_call(by, chat, call).await).await;
            if self.given(text!("check-live-step-end"), ended).is_some() {
                self.well(text!("check-live-ended"));
            }
        }
        let chat = match self.chat {
            Some(chat) => Ok(Some(chat)),
            None => self.patiently(async || accounts.find_group_called(by, TITLE, MARK).await).await,
        };
        let deleted = match chat {
            Ok(Some(chat)) => self.patiently(async || accounts.delete_group(by, chat).await).await.map(|()| true),
            Ok(None) => Ok(false),
            Err(trouble) => Err(trouble),
        };
        match self.given(text!("check-live-step-delete"), deleted) {
            Some(true) => self.well(text!("check-live-deleted")),
            Some(false) => {}
            None => self.note(text!("check-live-by-hand", title = TITLE)),
        }
    }
}

fn whole(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

/// The next word about who is in this call. That the call itself changed (its title, how many are in) is pushed to
/// everybody in the group, and says nothing of arrivals.
async fn about(hints: &mut mpsc::Receiver<Hint>, call: i64) {
    while let Some(hint) = hints.recv().await {
        if hint.call == call && hint.of_people {
            return;
        }
    }
    std::future::pending::<()>().await;
}
