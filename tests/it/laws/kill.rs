//! The product is stopped, as by a crash, at numbered points of a school day: before and after its commits and its
//! calls. It is started again on what it left. Nothing may be lost but what is reported in doubt; nothing doubled but
//! an answer to the person whose act was under way.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use futures::stream;
use preau::demo::day::{Act, Day};
use preau::demo::stage::Kill;
use preau::sandbox::Fault;

use super::outcome::{self, Bag, Outcome, goes_once, more, once_kind};
use crate::place::{Engine, Place};

/// Points that are tried, spread over the day.
const fn points(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 64,
        Engine::Postgres => 52,
    }
}

/// The day with one kill; what was broken, if anything.
async fn killed_at(engine: Engine, point: usize, calm: &Outcome) -> Vec<String> {
    let mut place = Place::ready(engine).await;
    let kill = Kill::at(point);
    let mut stage = outcome::stage(&place, kill.probe()).await;
    stage.arm(kill.clone());
    let mut day = outcome::day(stage);
    let played = day.play().await;
    let mut broken = Vec::new();
    if let Err(error) = played {
        broken.push(format!("the day did not end: {error}"));
    }
    if day.stage.kills() != 1 {
        broken.push(format!("the kill came {} times", day.stage.kills()));
    }
    broken.extend(verdict(engine, &day, calm, day.stage.in_flight()).await);
    broken.extend(day.stage.sandbox.violations());
    day.stage.strike().await;
    place.remove().await;
    broken
}

/// Who acted, and where, when the kill came.
#[derive(Debug)]
struct Acting {
    who: String,
    place: String,
}

impl Acting {
    /// May the answer stand there?
    fn is_answered_in(&self, chat: &str) -> bool {
        chat == outcome::OVER_A_PRESS || [&self.who, &self.place].iter().any(|place| *place == chat)
    }
}

fn chat_of(what: &str) -> &str {
    what.split(": ").next().unwrap_or_default()
}

/// What of DESIGN 1 a disturbed day broke; `in_flight`: keys of the rows whose call was under way then.
pub async fn verdict(engine: Engine, day: &Day, calm: &Outcome, in_flight: &[String]) -> Vec<String> {
    let after = outcome::outcome(day).await.expect("the outcome");
    // A reminder in doubt makes another day of it: the one in which that reminder's answer was lost.
    let troubled = match after.doubted.first() {
        Some(subject) => Some(outcome::reference(engine, Some(doubt(subject, &after))).await),
        None => None,
    };
    let named = |act: Act| Acting { who: outcome::name(day, act.account), place: outcome::name(day, act.chat) };
    let acting = day.struck.flatten().map(named);
    let mut broken = judge(troubled.as_ref().unwrap_or(calm), &after, acting.as_ref());
    // At most what was in flight is in doubt.
    let beyond: Vec<&String> = after.doubts.iter().filter(|key| !in_flight.contains(key)).collect();
    if !beyond.is_empty() {
        broken.push(format!("in doubt and not under way: {beyond:?}"));
    }
    broken
}

/// The trouble that puts the reminder of this session in doubt as the kill did: after it had left, or before.
fn doubt(subject: &str, after: &Outcome) -> (&'static str, Fault) {
    let hour = if subject == "Algorithmique" { "08:45" } else { "13:45" };
    let left = after.sent.keys().any(|words| words.contains(&format!("Rappel : {subject}")));
    let method = Some("sendMessage".to_owned());
    let fault = if left { Fault::LostAnswer { method, times: 1 } } else { Fault::Reset { method, times: 1 } };
    (hour, fault)
}

/// The law of DESIGN 1 for one kill.
fn judge(calm: &Outcome, after: &Outcome, acting: Option<&Acting>) -> Vec<String> {
    let mut broken = Vec::new();
    let missing = more(&calm.sent, &after.sent);
    let lost: i64 = missing.values().sum();
    let known = i64::try_from(calm.doubts.len()).unwrap_or(0);
    let doubts = i64::try_from(after.doubts.len()).unwrap_or(i64::MAX) - known;
    if lost > doubts {
        broken.push(format!("lost and not in doubt: {missing:?}; in doubt {:?}", after.doubts));
    }
    broken.extend(lost_elsewhere(&missing, calm, after));
    // Each doubt is reported: a report that may not have come is sent again, and is never in doubt itself.
    let told = told_doubts(after);
    if told < after.doubts.len() {
        broken.push(format!("in doubt {:?}, and {told} reported to the admin", after.doubts));
    }
    let mut doubled = more(&after.sent, &calm.sent);
    // Admins are told of each doubt: that is no doubling.
    doubled.retain(|what, _| !what.contains("Peut-être non envoyé"));
    // A teacher whose sheet's message is in doubt asks for the sheets.
    doubled.retain(|what, _| !what.contains("Quelle feuille"));
    // Links whose file is in doubt are made again: asked for, made and recorded twice.
    let links = after.doubts.iter().any(|key| key.starts_with("roster.links"));
    doubled.retain(|what, _| !(links && what.contains("lien")));
    // The message of an hour's first tie is in doubt: whoever would have been named there is told of in another.
    let tied = after.doubts.iter().any(|key| key.starts_with("roster.tied:"));
    doubled.retain(|what, _| !(tied && what.contains("viennent de relier")));
    // The day's greeting is in doubt: it stands there without the names that followed.
    let greeted = after.doubts.iter().any(|key| key.starts_with("roster.welcome:"));
    doubled.retain(|what, _| !(greeted && what.contains("group: Bienvenue ")));
    let extra: i64 = doubled.values().sum();
    // Only what answers the act may be repeated, and of that nothing that may go once only.
    let answers = |what: &str| acting.is_some_and(|act| act.is_answered_in(chat_of(what))) && !goes_once(what);
    if extra > 1 || !doubled.keys().all(|what| answers(what)) {
        broken.push(format!("doubled: {doubled:?} while {acting:?} acted"));
    }
    broken.extend(world(calm, after, acting));
    if !after.dead.is_empty() {
        broken.push(format!("dead rows: {:?}", after.dead));
    }
    if after.waiting != 0 {
        broken.push(format!("{} rows left undone", after.waiting));
    }
    if after.sheets != calm.sheets {
        broken.push(format!(
            "sheets: {:?} / {:?}",
            more(&calm.sheets, &after.sheets),
            more(&after.sheets, &calm.sheets)
        ));
    }
    let recorded = |outcome: &Outcome| -> Vec<(String, i64)> {
        let kept = outcome.audit.iter().filter(|(action, _)| !(links && action.starts_with("link")));
        kept.map(|(action, count)| (action.clone(), *count)).collect()
    };
    if recorded(after) != recorded(calm) {
        broken.push(format!("audit: {:?} / {:?}", more(&calm.audit, &after.audit), more(&after.audit, &calm.audit)));
    }
    broken
}

/// A message that is lost is one of those that are in doubt: of their kind, where it is known by its words, else in
/// their chat.
fn lost_elsewhere(missing: &Bag, calm: &Outcome, after: &Outcome) -> Vec<String> {
    let doubts = |kind: &str| {
        let of = |outcome: &Outcome| outcome.doubts.iter().filter(|key| key.starts_with(&format!("{kind}:"))).count();
        i64::try_from(of(after).saturating_sub(of(calm))).unwrap_or(0)
    };
    let mut by_kind = Bag::new();
    let mut broken = Vec::new();
    for (what, count) in missing {
        if let Some(kind) = once_kind(what) {
            *by_kind.entry(kind.to_owned()).or_default() += count;
        } else if chat_of(what) != outcome::OVER_A_PRESS && !after.doubted_chats.contains(chat_of(what)) {
            broken.push(format!("lost, and nothing in doubt there: {what}; in doubt {:?}", after.doubts));
        }
    }
    for (kind, lost) in by_kind {
        if lost > doubts(&kind) {
            broken.push(format!("{lost} lost of {kind}; in doubt {:?}", after.doubts));
        }
    }
    broken
}

/// How many doubts the admin was told of.
fn told_doubts(after: &Outcome) -> usize {
    let to_admin = after.sent.iter().filter(|(what, _)| chat_of(what) == "admin");
    let counts = to_admin
        .map(|(what, count)| what.matches("Peut-être non envoyé").count() * usize::try_from(*count).unwrap_or(0));
    counts.sum()
}

/// What stands in the chats in the end, who is in the group, which presses were answered.
fn world(calm: &Outcome, after: &Outcome, acting: Option<&Acting>) -> Vec<String> {
    let mut broken = Vec::new();
    if after.members != calm.members {
        broken.push(format!("members: {:?} / {:?}", calm.members, after.members));
    }
    // Words over a press are a row, and counted as sent. One that gets none may have done its work and not been told:
    // its clock goes on for a while.
    if after.unanswered > calm.unanswered + usize::from(acting.is_some()) {
        broken.push(format!("{} presses are not answered", after.unanswered));
    }
    let (missing, mut more_of) = (more(&calm.shown, &after.shown), more(&after.shown, &calm.shown));
    more_of.retain(|what, _| !what.contains("Peut-être non envoyé"));
    let doubts = after.doubts.iter().filter(|key| !calm.doubts.contains(key)).count();
    let is_answer = |chat: &str| acting.is_some_and(|act| act.is_answered_in(chat));
    if doubts > 0 {
        // A message in doubt is not there, or is there and is not changed any more: in its chat, and in no other.
        let mut chats: BTreeSet<&str> = missing.keys().chain(more_of.keys()).map(|what| chat_of(what)).collect();
        chats.retain(|chat| !is_answer(chat) && !after.doubted_chats.contains(*chat));
        if !chats.is_empty() {
            broken.push(format!("in the chats, with {:?} in doubt: −{missing:#?} +{more_of:#?}", after.doubts));
        }
    } else {
        // An answer that was given twice stands there twice; the first is not changed any more.
        let answers = more_of.keys().all(|what| is_answer(chat_of(what)));
        if !missing.is_empty() || !answers || more_of.values().sum::<i64>() > 1 {
            broken.push(format!("in the chats, while {acting:?} acted: −{missing:#?} +{more_of:#?}"));
        }
    }
    broken
}

/// How many points an undisturbed day has.
async fn count(engine: Engine) -> usize {
    let mut place = Place::ready(engine).await;
    let kill = Kill::at(usize::MAX);
    let mut stage = outcome::stage(&place, kill.probe()).await;
    stage.arm(kill.clone());
    let mut day = outcome::day(stage);
    day.play().await.expect("the story");
    outcome::strike(day.stage).await;
    place.remove().await;
    kill.reached()
}

/// The points that are tried of so many: not quite evenly, so that points before and after commits and calls all come up.
fn spread(engine: Engine, all: usize) -> BTreeSet<usize> {
    let tried = points(engine);
    (0..tried).map(|number| 1 + number * (all - 20) / tried + number % 4).collect()
}

async fn shard(engine: Engine, shard: usize, shards: usize) {
    let calm = outcome::undisturbed(engine).await;
    let all = count(engine).await;
    assert!(all > 200, "a day has many points, this one {all}");
    let tried = spread(engine, all);
    assert!(tried.len() >= 50, "{engine:?}: only {} different points are tried", tried.len());
    let days = tried.into_iter().skip(shard).step_by(shards).map(|point| {
        let calm = &calm;
        async move {
            let wrong = killed_at(engine, point, calm).await;
            (!wrong.is_empty()).then(|| format!("{engine:?}, point {point} of {all}: {wrong:#?}"))
        }
    });
    let ended: Vec<Option<String>> = stream::iter(days).buffer_unordered(engine.beside()).collect().await;
    let broken: Vec<String> = ended.into_iter().flatten().collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_an_answer_may_be_repeated() {
    let sent = |what: &[(&str, i64)]| -> Outcome {
        let sent = what.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect();
        Outcome { sent, ..Outcome::default() }
    };
    let (answer, reminder) = ("group: C’est noté.", "group: Rappel : Algorithmique, 09:00");
    let calm = sent(&[(answer, 1), (reminder, 1)]);
    let acting = Acting { who: "Paul".to_owned(), place: "group".to_owned() };
    assert_eq!(judge(&calm, &sent(&[(answer, 2), (reminder, 1)]), Some(&acting)), Vec::<String>::new());
    assert!(judge(&calm, &sent(&[(answer, 1), (reminder, 2)]), Some(&acting))[0].contains("doubled"));
    assert!(judge(&calm, &sent(&[(answer, 3), (reminder, 1)]), Some(&acting))[0].contains("doubled"));
    assert!(judge(&calm, &sent(&[(answer, 2), (reminder, 1)]), None)[0].contains("doubled"));
}

/// Each doubt asks for a report, and a loss for a doubt of its own.
#[test]
fn a_doubt_is_reported_and_a_loss_is_one_of_the_doubts() {
    let reminder = "group: Rappel : Algorithmique, 09:00";
    let report = "admin: Peut-être non envoyé : un rappel de cours. Je ne l’ai pas renvoyé.";
    let day = |sent: &[&str], doubts: &[&str], chats: &[&str]| Outcome {
        sent: sent.iter().map(|what| ((*what).to_owned(), 1)).collect(),
        doubts: doubts.iter().map(|key| (*key).to_owned()).collect(),
        doubted_chats: chats.iter().map(|chat| (*chat).to_owned()).collect(),
        ..Outcome::default()
    };
    let calm = day(&[reminder, "Paul: Bonjour"], &[], &[]);
    let lost = |sent: &[&str], doubts: &[&str], chats: &[&str]| judge(&calm, &day(sent, doubts, chats), None);
    let doubt = ["session.remind:1:15"];
    assert_eq!(lost(&["Paul: Bonjour", report], &doubt, &["group"]), Vec::<String>::new());
    // It left, and is in doubt all the same.
    assert_eq!(lost(&[reminder, "Paul: Bonjour", report], &doubt, &["group"]), Vec::<String>::new());
    let untold = lost(&["Paul: Bonjour"], &doubt, &["group"]);
    assert!(untold[0].contains("0 reported"), "{untold:?}");
    let told_to_another = lost(&["Paul: Bonjour", "Paul: Peut-être non envoyé : x"], &doubt, &["group"]);
    assert!(told_to_another[0].contains("0 reported"), "{told_to_another:?}");
    let report_in_doubt = lost(&["Paul: Bonjour"], &[doubt[0], "state.tell:1:2:3"], &["admin", "group"]);
    assert!(report_in_doubt[0].contains("0 reported"), "{report_in_doubt:?}");
    // Another kind, another chat.
    let another = lost(&["Paul: Bonjour", report], &["attendance.ask:1"], &["group"]);
    assert!(another[0].contains("1 lost of session.remind"), "{another:?}");
    let elsewhere = lost(&[reminder, report], &doubt, &["group"]);
    assert!(elsewhere[0].contains("nothing in doubt there: Paul: Bonjour"), "{elsewhere:?}");
}

macro_rules! shards {
    ($($name:ident: $number:literal),+) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            for engine in Engine::all() {
                shard(engine, $number, 4).await;
            }
        }
    )+ };
}

shards![a_kill_at_any_point_first_quarter: 0, a_kill_at_any_point_second_quarter: 1,
    a_kill_at_any_point_third_quarter: 2, a_kill_at_any_point_last_quarter: 3];

/// A campaign: every point, or those that `KILLS=first/step` picks. `cargo test --release -- --ignored every_point`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a long campaign"]
#[expect(clippy::disallowed_methods, reason = "a campaign is told by the environment which points to try")]
async fn every_point() {
    let picked = std::env::var("KILLS").unwrap_or_else(|_| "1/1".to_owned());
    let picked = picked.split_once('/').and_then(|(first, step)| Some((first.parse().ok()?, step.parse().ok()?)));
    let (first, step): (usize, usize) = picked.expect("KILLS=first/step");
    let mut broken = Vec::new();
    for engine in Engine::all() {
        let calm = outcome::undisturbed(engine).await;
        let all = count(engine).await;
        for point in (first..all.saturating_sub(10)).step_by(step) {
            let wrong = killed_at(engine, point, &calm).await;
            if !wrong.is_empty() {
                let said = format!("{engine:?}, point {point} of {all}: {wrong:#?}");
                println!("{said}");
                broken.push(said);
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
