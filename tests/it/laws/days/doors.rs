//! The same days through the real doors: the bot over HTTP, the account over MTProto.

use std::collections::BTreeSet;

use preau::demo::stage::Kill;
use preau::kernel::{At, Result};
use preau::platform::store::Tx;
use preau::sandbox::Message;
use preau::school::audit::Actor;
use preau::school::session::flow as sessions;

use super::judge;
use super::plan::{ADMIN, Act, Chance, Lesson, Plan, STRANGER};
use super::play;
use super::school::at;
use super::seen::{Account, Bag, Book, Name, Seen, paper};
use super::telegram::Call;
use crate::place::{Engine, tell};
use crate::talk::school::School;
use crate::world::World;

/// So many days, on each engine.
const DAYS: u64 = 10;
/// Acts of a day.
const SIZE: usize = 8;

struct Day {
    school: School,
    caller: i64,
    ids: Vec<String>,
    touched: BTreeSet<String>,
    asleep: Vec<(At, At)>,
}

/// Plays a day under a kill, or one that only counts.
async fn play(engine: Engine, plan: &Plan, kill: &Kill) -> Result<Seen> {
    let mut school = School::of(World::with(engine, kill.probe(), &[]).await).await;
    school.group = school.adopt("BTS SIO 1A").await;
    let stranger = school.sandbox.add_person(STRANGER, "Lopez", "fr");
    school.who.insert(STRANGER.to_owned(), stranger);
    let caller = if plan.caller { school.caller().await } else { 0 };
    let mut day = Day { school, caller, ids: Vec::new(), touched: BTreeSet::new(), asleep: Vec::new() };
    let played = day.play(plan, kill).await;
    day.school.strike().await;
    played
}

impl Day {
    async fn play(&mut self, plan: &Plan, kill: &Kill) -> Result<Seen> {
        self.school.arm(kill.clone());
        for lesson in &plan.lessons {
            let id = self.put(*lesson).await?;
            self.ids.push(id);
        }
        for (minute, act) in &plan.acts {
            self.school.pass_to(at(*minute)).await?;
            self.act(act).await?;
            self.school.settle().await?;
        }
        self.school.pass_to(at(22 * 60)).await?;
        let points = kill.reached();
        let mut seen = self.seen().await?;
        seen.points = points;
        Ok(seen)
    }

    async fn put(&mut self, lesson: Lesson) -> Result<String> {
        let session = play::session(&self.school.class, lesson);
        let id = self.school.write_beside(async |tx| sessions::plan(tx, &Actor::Cli, session.clone()).await).await?;
        self.school.settle().await?;
        Ok(id)
    }

    async fn act(&mut self, act: &Act) -> Result<()> {
        let (group, admin) = (self.school.group, self.school.is(ADMIN));
        let is = |who: &str| self.school.is(who);
        let sandbox = self.school.sandbox.clone();
        let present = |who: i64| sandbox.members(group).contains(&who);
        match act {
            Act::Say { who, group: true, words } if present(is(who)) => _ = sandbox.say(is(who), group, words),
            Act::Say { group: true, .. } => {}
            Act::Say { who, words, .. } => _ = sandbox.say(is(who), is(who), words),
            Act::Press { who, group: true, .. } if !present(is(who)) => {}
            Act::Press { who, group: there, pick, twice } => {
                let chat = if *there { group } else { is(who) };
                let has = |message: &Message| {
                    message.from_bot && message.buttons.iter().flatten().any(|key| key.data.is_some())
                };
                let all = sandbox.messages(chat).into_iter().filter(has);
                let newest = all.max_by_key(|message| (message.at, message.text.clone(), message.id));
                let Some(message) = newest else { return Ok(()) };
                let keys: Vec<&String> = message.buttons.iter().flatten().filter_map(|key| key.data.as_ref()).collect();
                for _ in 0..=usize::from(*twice) {
                    sandbox.press_data(is(who), chat, message.id, keys[pick % keys.len()]);
                }
            }
            Act::Ask(who) => {
                let link = self.link().await?;
                // Who is in it, or banned, asks for nothing.
                let _ = sandbox.ask_to_join(is(who), &link);
            }
            Act::Leave(who) if present(is(who)) => sandbox.leave(is(who), group),
            Act::Ban(who) if present(is(who)) => _ = sandbox.ban(admin, is(who), group),
            Act::Leave(_) | Act::Ban(_) => {}
            Act::Block(who, blocked) => sandbox.block_bot(is(who), *blocked),
            Act::Enter(who) => _ = sandbox.join_call(is(who), group),
            Act::HangUp(who) => _ = sandbox.leave_call(is(who), group),
            Act::Sleep(minutes) => {
                let now = self.school.clock.now();
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.school.stop().await;
                self.school.clock.set(now.plus_minutes(*minutes));
                self.school.start().await?;
            }
            Act::Jump(minutes) => {
                let now = self.school.clock.now();
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.school.clock.set(now.plus_minutes(*minutes));
            }
            of_office => {
                let (ids, class) = (self.ids.clone(), self.school.class.clone());
                let write = async |tx: &mut Tx| play::office(tx, of_office, &ids, &class).await;
                let done = self.school.write_beside(write).await?;
                self.touched.extend(done);
            }
        }
        Ok(())
    }

    async fn link(&self) -> Result<String> {
        let class = self.school.class.clone();
        let beside = self.school.beside().await?;
        let group = beside.db.read(async |tx| preau::school::classroom::flow::group_of(tx, &class).await).await;
        beside.close().await;
        Ok(group?.and_then(|group| group.join_link).unwrap_or_default())
    }

    async fn seen(&self) -> Result<Seen> {
        let (sandbox, group) = (&self.school.sandbox, self.school.group);
        let who = self.school.who.clone();
        let names = who.clone();
        let name: Name = Box::new(move |one| match names.iter().find(|(_, account)| **account == one) {
            Some((name, _)) => name.clone(),
            None if one == group => "group".to_owned(),
            None => one.to_string(),
        });
        let account: Account = Box::new(move |first| who.get(first).copied().unwrap_or(0));
        let mut shown = Bag::new();
        let chats: Vec<i64> = self.school.who.values().copied().chain([group]).collect();
        let all: Vec<Message> = chats.iter().flat_map(|chat| self.school.all(*chat)).collect();
        for message in &all {
            let keys: Vec<&str> = message.buttons.iter().flatten().map(|key| key.text.as_str()).collect();
            *shown.entry(format!("{}: {} {keys:?}", name(message.chat), message.text)).or_default() += 1;
        }
        let members = sandbox.members(group);
        let calls = sandbox.calls(group).into_iter().map(|call| Call {
            id: call.id,
            by: 0,
            token: i32::try_from(call.id % 1_000_000_000).unwrap_or(0),
            title: call.title,
            opened: call.started,
            ended: call.ended,
            stays: call.participants.iter().map(|stay| (stay.person, stay.joined, stay.left)).collect(),
        });
        let mut seen = Seen {
            shown,
            members: self.school.who.iter().map(|(who, account)| (who.clone(), members.contains(account))).collect(),
            calls: calls.collect(),
            unanswered: sandbox.unanswered(),
            ..Seen::default()
        };
        let mut files: Vec<_> = all.iter().filter(|message| message.document.is_some()).collect();
        files.sort_by_key(|message| message.id);
        let files = files.iter().rev().filter_map(|message| paper(&message.document.as_ref()?.bytes)).collect();
        let book = Book {
            class: self.school.class.clone(),
            group,
            ours: [self.caller, sandbox.bot_id()],
            name,
            account,
            touched: self.touched.clone(),
            asleep: self.asleep.clone(),
            now: self.school.clock.now(),
            files,
        };
        book.rows(&self.school.place, &mut seen).await?;
        let beside = self.school.beside().await?;
        let read = beside.db.read(async |tx| book.stored(tx, &mut seen).await).await;
        beside.close().await;
        read?;
        seen.in_flight = self.school.in_flight().to_vec();
        seen.kills = self.school.kills();
        Ok(seen)
    }
}

/// What such a day must hold: nothing is known here of which row spoke which words.
fn laws(seen: &Seen) -> Vec<String> {
    [
        judge::unreported(seen),
        judge::called_twice(seen),
        judge::roster_differs(seen),
        judge::sheet_differs(seen),
        judge::papers_differ(seen),
        judge::left_due(seen),
    ]
    .concat()
}

async fn broken(engine: Engine, seed: u64) -> Vec<String> {
    let plan = Plan::of(seed, SIZE);
    let count = Kill::at(usize::MAX);
    let calm = match play(engine, &plan, &count).await {
        Ok(calm) => calm,
        Err(error) => return vec![format!("the day did not end: {error}")],
    };
    let wrong = laws(&calm);
    if !wrong.is_empty() {
        return wrong;
    }
    let point = 1 + Chance::of(seed).below(calm.points.saturating_sub(20));
    match play(engine, &plan, &Kill::at(point)).await {
        Ok(day) => {
            let wrong = [laws(&day), judge::differs(&day, &calm)].concat();
            wrong.into_iter().map(|why| format!("point {point} of {}: {why}", calm.points)).collect()
        }
        Err(error) => vec![format!("point {point} of {}: the day did not end: {error}", calm.points)],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_through_the_real_doors_keep_the_laws() {
    for engine in Engine::all() {
        // Others than those of the model.
        let seeds = (0..DAYS).map(|number| 90_000 + number);
        let played = futures::stream::iter(seeds.map(|seed| async move { (seed, broken(engine, seed).await) }));
        let all: Vec<_> =
            futures::StreamExt::collect(futures::StreamExt::buffer_unordered(played, engine.beside())).await;
        let wrong: Vec<_> = all.into_iter().filter(|(_, wrong)| !wrong.is_empty()).collect();
        for (seed, why) in &wrong {
            tell(&format!("{engine:?}, day {seed} through the doors: {why:#?}"));
        }
        assert!(wrong.is_empty(), "{engine:?}: {wrong:#?}");
    }
}
