//! What everything needs and is away: told once, by whatever way there is, and kept for `/etat`.
//!
//! While Telegram or the database is away nobody can be told in Telegram: a mail goes out (or the webhook), one for each
//! absence. Where there is no such way, or it failed too, admins are told in Telegram when all is back.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::House;
use crate::kernel::absence::{Absence, Needed};
use crate::kernel::text::Arg;
use crate::kernel::{At, Result, Text};
use crate::platform::inbox::{self, absence};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::ABSENT;
use crate::text;

/// A moment by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub now: At,
    pub wall: At,
}

/// Something is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    since: Moment,
    /// For so long that somebody should know: it stands in the store as soon as that can be written.
    long: bool,
    /// Somebody heard it outside Telegram.
    told: bool,
    /// What the store has of it: was it told by then?
    kept: Option<bool>,
}

impl House {
    pub(super) fn now(&self) -> Moment {
        Moment { now: self.db.clock().now(), wall: self.db.clock().wall() }
    }

    fn mark(&self, what: Needed) -> MutexGuard<'_, Option<Away>> {
        let mark: &Mutex<Option<Away>> = match what {
            Needed::Telegram => &self.silent,
            Needed::Store => &self.unwritten,
        };
        mark.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_away(&self, what: Needed) -> bool {
        self.mark(what).is_some()
    }

    /// School time, while it is away.
    pub(super) fn away_since(&self, what: Needed) -> Option<At> {
        self.mark(what).map(|away| away.since.now)
    }

    /// Away as seen at this moment, or not: what follows from it.
    pub(super) async fn mind(&self, what: Needed, away: Option<Moment>) -> Result<()> {
        let Some(seen) = away else { return self.came_back(what).await };
        // A look at the database has waited for it already; silence is counted in minutes.
        let minutes = if what == Needed::Store { 0 } else { self.db.config().outbox.stuck_minutes };
        let mine = {
            let mut mark = self.mark(what);
            let mine = mark.get_or_insert(Away { since: seen, long: false, told: false, kept: None });
            mine.long |= mine.since.wall.plus_minutes(minutes) <= self.db.clock().wall();
            *mine
        };
        if !mine.long {
            return Ok(());
        }
        // A mail server that is away with the network does not keep it out of the store, nor the store the mail.
        let kept = self.keep_away(what).await;
        let told = self.tell_away(what).await;
        if matches!(told, Ok(true)) {
            self.keep_away(what).await?;
        }
        kept.and(told.map(|_| ()))
    }

    /// The store has it as it stands. One that is open there (this program was started anew meanwhile, or another one saw
    /// it) goes on.
    async fn keep_away(&self, what: Needed) -> Result<()> {
        // That the database is away is written once it is back.
        if what == Needed::Store || self.is_away(Needed::Store) {
            return Ok(());
        }
        let Some(mut mine) = *self.mark(what) else { return Ok(()) };
        if mine.kept.is_none() {
            let Some(open) = self.open(what).await? else { return self.write_away(what, mine).await };
            mine.since.now = open.since;
            mine.told |= open.told;
            mine.kept = Some(open.told);
            self.note(what, |away| *away = mine);
        }
        if mine.kept == Some(mine.told) { Ok(()) } else { self.write_away(what, mine).await }
    }

    async fn write_away(&self, what: Needed, mine: Away) -> Result<()> {
        self.write(Absence { what, since: mine.since.now, until: None, told: mine.told }, mine.kept).await?;
        self.note(what, |away| away.kept = Some(mine.told));
        Ok(())
    }

    /// Was somebody told of it by this? Once for each absence.
    async fn tell_away(&self, what: Needed) -> Result<bool> {
        let Some(mine) = self.mark(what).filter(|mine| !mine.told) else { return Ok(false) };
        let (subject, body) = self.words(what, mine.since.now);
        let told = self.alert.send(&subject, &body).await?;
        self.note(what, |away| away.told |= told);
        Ok(told)
    }

    fn note(&self, what: Needed, change: impl FnOnce(&mut Away)) {
        if let Some(away) = self.mark(what).as_mut() {
            change(away);
        }
    }

    /// What this one saw is for whoever serves now to say.
    pub(super) fn let_go(&self, what: Needed) {
        *self.mark(what) = None;
    }

    async fn open(&self, what: Needed) -> Result<Option<Absence>> {
        let last = self.db.read(async |tx: &mut Tx| absence::last(tx, what).await).await?;
        Ok(last.filter(|last| last.until.is_none()))
    }

    /// It is there: what it was away for is kept, once, and told where it was not told yet. Also what the store has open
    /// from before: of that the process that saw it knows no more.
    async fn came_back(&self, what: Needed) -> Result<()> {
        let mine = self.mark(what).filter(|away| away.long);
        let open = self.open(what).await?;
        if let Some(since) = open.map(|open| open.since).or(mine.map(|mine| mine.since.now)) {
            let told = mine.is_some_and(|mine| mine.told) || open.is_some_and(|open| open.told);
            let until = Some(self.db.clock().now());
            self.write(Absence { what, since, until, told }, open.map(|open| open.told)).await?;
        }
        self.let_go(what);
        Ok(())
    }

    /// `kept`: what the store has of it already.
    async fn write(&self, absence: Absence, kept: Option<bool>) -> Result<()> {
        self.db
            .transact(async |tx: &mut Tx| {
                absence::keep(tx, &absence).await?;
                if absence.told && kept != Some(true) {
                    let at = tx.now().millis().to_string();
                    inbox::store::set_setting(tx, inbox::store::LAST_ALERT, &at).await?;
                }
                if absence.until.is_some() && !absence.told {
                    let key = format!("{ABSENT}:{}:{:?}", absence.since.millis(), absence.what);
                    outbox::put(tx, Put::new(ABSENT, key, &absence)?.inner()).await?;
                }
                Ok(())
            })
            .await
    }

    fn words(&self, what: Needed, since: At) -> (Text, Text) {
        let since = Arg::Moment(since, self.db.config().school.time_zone);
        match what {
            Needed::Telegram => (text!("alert-away-subject"), text!("alert-away-body", since = since)),
            Needed::Store => (text!("alert-store-subject"), text!("alert-store-body", since = since)),
        }
    }
}
