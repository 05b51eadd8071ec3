//! The small Telegram behind the port's traits: no socket, no wait. What goes wrong with a call, and where the program is
//! stopped, is planned by numbers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use preau::kernel::{Clock, Lang};
use preau::platform::outbox::{self, Rank};
use preau::platform::store::Probe;
use preau::school::classroom::RIGHTS;
use preau::telegram::port::{
    Attachment, Called, ChatInfo, Hint, Leave, MemberInfo, MenuScope, Messenger, Reader, Standing, Trouble, Updates,
};
use preau::telegram::screen::Page;
use serde_json::Value;
use tokio::sync::{Notify, mpsc};

use super::telegram::{Asked, BOT, BOT_NAME, Is, Telegram, keys};

/// What goes wrong with one call of the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No connection: it had no effect.
    Unsent,
    /// Its effect came about, its answer is lost.
    Lost,
    /// It never arrived, and nobody knows.
    Vanished,
    /// Too many requests: not now.
    Wait,
}

/// Where the program is stopped: at the n-th point, from the moment it is armed.
#[derive(Debug)]
pub struct Stop {
    at: usize,
    armed: AtomicBool,
    reached: AtomicUsize,
    hit: AtomicBool,
    over: AtomicBool,
}

impl Stop {
    /// `at` counts from 1; `usize::MAX` only counts.
    pub fn at(at: usize) -> Arc<Self> {
        let no = || AtomicBool::new(false);
        Arc::new(Self { at, armed: no(), reached: AtomicUsize::new(0), hit: no(), over: no() })
    }
    pub fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }
    pub fn disarm(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }
    pub fn is_armed(&self) -> bool {
        self.armed.load(Ordering::SeqCst)
    }
    pub fn reached(&self) -> usize {
        self.reached.load(Ordering::SeqCst)
    }
    pub fn is_hit(&self) -> bool {
        self.hit.load(Ordering::SeqCst) && !self.over.load(Ordering::SeqCst)
    }
    /// From here on nobody is stopped any more.
    pub fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }
    /// For the product: whoever reaches the point, or any later one, stays there until the product is dropped.
    pub fn probe(self: &Arc<Self>) -> Probe {
        let stop = Arc::clone(self);
        Probe::new(move |_| {
            let stop = Arc::clone(&stop);
            Box::pin(async move { stop.reach().await })
        })
    }
    async fn reach(&self) {
        if !self.armed.load(Ordering::SeqCst) || self.over.load(Ordering::SeqCst) {
            return;
        }
        if self.reached.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            self.hit.store(true, Ordering::SeqCst);
        }
        // A crash takes all threads.
        while self.is_hit() {
            std::future::pending::<()>().await;
        }
    }
}

/// Telegram as one run of the program sees it. What stands in it outlives the program.
#[derive(Clone)]
pub struct Line {
    pub world: Arc<Mutex<Telegram>>,
    pub clock: Clock,
    pub stop: Arc<Stop>,
    /// What goes wrong, by the number of the call.
    pub faults: Arc<BTreeMap<usize, Fault>>,
    /// So many calls were made from the moment the stop was armed.
    pub made: Arc<AtomicUsize>,
    pub fresh: Arc<Notify>,
    pub hints: mpsc::Sender<Hint>,
}

impl Line {
    pub fn world(&self) -> MutexGuard<'_, Telegram> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call: between two points, with what is planned to go wrong. `acts` gives what it comes to; `words`: what
    /// somebody may notice of it.
    pub async fn call<T>(
        &self,
        method: &'static str,
        chat: i64,
        words: Option<String>,
        acts: impl FnOnce(&mut Telegram) -> Called<T>,
    ) -> Called<T> {
        self.stop.reach().await;
        let counted = self.stop.armed.load(Ordering::SeqCst);
        let number = if counted { self.made.fetch_add(1, Ordering::SeqCst) + 1 } else { 0 };
        let fault = self.faults.get(&number).copied();
        let outcome = {
            let mut world = self.world();
            world.unfelt = false;
            let outcome = match fault {
                Some(Fault::Unsent) => Err(Trouble::Unsent("no connection".to_owned())),
                Some(Fault::Vanished) => Err(Trouble::Lost("the connection broke".to_owned())),
                Some(Fault::Wait) => Err(Trouble::Wait(Duration::from_millis(5))),
                Some(Fault::Lost) | None => acts(&mut world),
            };
            let effect = outcome.is_ok() && words.is_some() && !std::mem::take(&mut world.unfelt);
            let lost = matches!(fault, Some(Fault::Lost | Fault::Vanished));
            let (at, row) = (self.clock.now(), outbox::under_way());
            let words = words.unwrap_or_default();
            let done = outcome.is_ok();
            world.journal.push(Asked { at, row, method, chat, words, effect, done, lost });
            outcome
        };
        self.fresh.notify_waiters();
        self.stop.reach().await;
        match fault {
            Some(Fault::Lost) if outcome.is_ok() => Err(Trouble::Lost("the connection broke".to_owned())),
            _ => outcome,
        }
    }
}

fn refused<T>(why: &str) -> Called<T> {
    Err(Trouble::Refused(why.to_owned()))
}

fn unreachable<T>() -> Called<T> {
    Err(Trouble::Unreachable("Forbidden: bot was blocked by the user".to_owned()))
}

impl Updates for Line {
    fn poll(&self, offset: i64, _seconds: u32) -> BoxFuture<'_, Called<Vec<Value>>> {
        Box::pin(async move {
            loop {
                let mut fresh = std::pin::pin!(self.fresh.notified());
                // Whoever acts after the look below wakes us.
                fresh.as_mut().enable();
                let batch: Vec<Value> = {
                    let mut world = self.world();
                    world.queue.retain(|(id, _)| *id >= offset);
                    world.queue.iter().map(|(_, update)| update.clone()).collect()
                };
                if !batch.is_empty() {
                    self.stop.reach().await;
                    return Ok(batch);
                }
                self.clock.within(Duration::from_secs(1), fresh).await;
            }
        })
    }
    fn reader(&self) -> Option<Reader> {
        Some(Reader::Us)
    }
    fn webhook(&self) -> BoxFuture<'_, Called<Option<String>>> {
        Box::pin(async { Ok(None) })
    }
    fn drop_webhook(&self) -> BoxFuture<'_, Called<()>> {
        Box::pin(async { Ok(()) })
    }
}

fn info(account: i64, is: Is) -> MemberInfo {
    let standing = match is {
        Is::Owner | Is::Admin => Standing::Admin,
        Is::Member => Standing::Member,
        Is::Left => Standing::Absent,
        Is::Banned => Standing::Banned,
    };
    let mut rights: Vec<&'static str> = if account == BOT && is == Is::Admin { RIGHTS.to_vec() } else { Vec::new() };
    if is == Is::Admin {
        rights.push("can_manage_video_chats");
    }
    MemberInfo { account, standing, is_owner: is == Is::Owner, rights }
}

impl Messenger for Line {
    fn turn(&self, chat: i64, _rank: Rank) -> BoxFuture<'_, Called<Leave>> {
        Box::pin(async move { Ok(Leave::into(chat)) })
    }
    fn turn_to_edit(&self, chat: i64) -> BoxFuture<'_, Called<Leave>> {
        Box::pin(async move { Ok(Leave::into(chat)) })
    }
    fn is_free(&self, _chat: i64) -> bool {
        true
    }
    fn send<'a>(&'a self, leave: Leave, page: &'a Page) -> BoxFuture<'a, Called<i64>> {
        let (chat, at) = (leave.chat(), self.clock.now());
        Box::pin(self.call("send", chat, Some(page.text.clone()), move |world| {
            if world.reaches(chat) { Ok(world.post(chat, at, page)) } else { unreachable() }
        }))
    }
    fn edit<'a>(&'a self, leave: Leave, message: i64, page: &'a Page) -> BoxFuture<'a, Called<bool>> {
        let chat = leave.chat();
        Box::pin(self.call("edit", chat, Some(page.text.clone()), move |world| {
            if !world.reaches(chat) {
                return unreachable();
            }
            let Some(said) = world.said(chat, message) else { return Err(Trouble::MessageGone) };
            let keys = keys(page);
            let changes = said.text != page.text || said.keys != keys;
            (said.text, said.keys) = (page.text.clone(), keys);
            world.unfelt = !changes;
            Ok(changes)
        }))
    }
    fn delete(&self, chat: i64, message: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(self.call("delete", chat, Some(String::new()), move |world| {
            let Some(all) = world.chats.get_mut(&chat) else { return Ok(false) };
            let before = all.len();
            all.retain(|said| said.id != message);
            let gone = all.len() < before;
            world.unfelt = !gone;
            Ok(gone)
        }))
    }
    fn pin(&self, chat: i64, _message: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(self.call("pin", chat, Some(String::new()), |_| Ok(())))
    }
    fn set_photo(&self, chat: i64, _bytes: Vec<u8>) -> BoxFuture<'_, Called<()>> {
        Box::pin(self.call("photo", chat, Some(String::new()), |_| Ok(())))
    }
    fn send_file(&self, leave: Leave, file: Attachment) -> BoxFuture<'_, Called<i64>> {
        let (chat, at) = (leave.chat(), self.clock.now());
        Box::pin(self.call("file", chat, Some(file.caption.clone()), move |world| {
            let put = |world: &mut Telegram| world.post_file(chat, at, &file.caption, &file.name, file.bytes.clone());
            if world.reaches(chat) { Ok(put(world)) } else { unreachable() }
        }))
    }
    fn answer_press<'a>(&'a self, query: &'a str, text: Option<&'a str>, _loud: bool) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.call("answer", 0, text.map(str::to_owned), move |world| {
            if let Some(answered) = world.presses.get_mut(query) {
                *answered += 1;
                world.answers.entry(query.to_owned()).or_insert_with(|| text.unwrap_or_default().to_owned());
            }
            Ok(())
        }))
    }
    fn approve_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        let at = self.clock.now();
        Box::pin(self.call("approve", chat, Some(account.to_string()), move |world| {
            let asks = world.groups.get_mut(&chat).is_some_and(|group| group.asking.remove(&account));
            if asks {
                world.set(chat, BOT, account, Is::Member, at);
            }
            Ok(())
        }))
    }
    fn decline_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(self.call("decline", chat, Some(account.to_string()), move |world| {
            if let Some(group) = world.groups.get_mut(&chat) {
                group.asking.remove(&account);
            }
            Ok(())
        }))
    }
    fn join_link<'a>(&'a self, chat: i64, _name: &'a str) -> BoxFuture<'a, Called<String>> {
        Box::pin(self.call("link", chat, Some(String::new()), move |world| match world.groups.get_mut(&chat) {
            Some(group) => {
                let link = format!("https://t.me/+group{}", chat.unsigned_abs());
                group.link = Some(link.clone());
                Ok(link)
            }
            None => refused("Bad Request: chat not found"),
        }))
    }
    fn chat(&self, chat: i64) -> BoxFuture<'_, Called<ChatInfo>> {
        Box::pin(self.call("chat", chat, None, move |world| match world.groups.get(&chat) {
            Some(group) => Ok(ChatInfo { id: chat, title: group.title.clone(), is_supergroup: true }),
            None => refused("Bad Request: chat not found"),
        }))
    }
    fn member(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<MemberInfo>> {
        Box::pin(self.call("member", chat, None, move |world| Ok(info(account, world.is(chat, account)))))
    }
    fn administrators(&self, chat: i64) -> BoxFuture<'_, Called<Vec<MemberInfo>>> {
        Box::pin(self.call("admins", chat, None, move |world| {
            let group = world.groups.get(&chat).map(|group| group.members.clone()).unwrap_or_default();
            let admins = group.into_iter().filter(|(_, is)| matches!(is, Is::Owner | Is::Admin));
            Ok(admins.map(|(account, is)| info(account, is)).collect())
        }))
    }
    fn ban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        let at = self.clock.now();
        Box::pin(self.call("ban", chat, Some(account.to_string()), move |world| {
            world.set(chat, BOT, account, Is::Banned, at);
            Ok(())
        }))
    }
    fn remove(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        let at = self.clock.now();
        Box::pin(self.call("remove", chat, Some(account.to_string()), move |world| {
            world.set(chat, BOT, account, Is::Left, at);
            Ok(())
        }))
    }
    fn unban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        let at = self.clock.now();
        Box::pin(self.call("unban", chat, Some(account.to_string()), move |world| {
            if world.is(chat, account) == Is::Banned {
                world.set(chat, BOT, account, Is::Left, at);
            }
            Ok(())
        }))
    }
    fn download<'a>(&'a self, _file_id: &'a str, _most: u64) -> BoxFuture<'a, Called<Vec<u8>>> {
        Box::pin(self.call("download", 0, None, |_| refused("file is too big")))
    }
    fn set_menu<'a>(
        &'a self,
        _scope: MenuScope,
        _language: Option<Lang>,
        _commands: &'a [(String, String)],
    ) -> BoxFuture<'a, Called<()>> {
        // Menus are set again and again: nobody is told anything by it.
        Box::pin(self.call("menu", 0, None, |_| Ok(())))
    }
    fn me(&self) -> (i64, String) {
        (BOT, BOT_NAME.to_owned())
    }
}
