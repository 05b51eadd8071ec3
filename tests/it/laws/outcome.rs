//! What a day comes to: what everybody was sent, and what the store holds.

use std::collections::{BTreeMap, BTreeSet};

use preau::demo::day::Day;
use preau::demo::stage::{Set, Stage};
use preau::demo::story;
use preau::demo::transcript::Transcript;
use preau::kernel::Result;
use preau::platform::outbox::{self, store::Troubled};
use preau::platform::store::Probe;
use preau::sandbox::Fault;
use preau::school::{attendance, audit, session};
use serde_json::Value;

use crate::place::{Engine, Place};
use crate::store::Raw;

/// Where words stand that are shown over a press.
pub const OVER_A_PRESS: &str = "press";

/// By which words the messages of the kinds that may go once only are known. The calm day's
/// outbox proves the list ([`prove_once`]).
const ONCE: [(&str, &str); 8] = [
    ("attendance.ask", "Le cours est terminé. Tout est bon ?"),
    ("attendance.file", ": Feuille de présence, "),
    ("attendance.roll", "Qui est là ? Je mets ce message à jour."),
    ("roster.decline_note", "Ce groupe est réservé aux personnes de la classe"),
    ("roster.links", "liens personnels, valables une fois"),
    ("roster.tied", "nt de relier "),
    ("roster.welcome", "group: Bienvenue "),
    ("session.remind", "group: Rappel : "),
];

/// The kind of the row that sent this, where it is one that may go once only.
pub fn once_kind(what: &str) -> Option<&'static str> {
    ONCE.iter().find(|(_, words)| what.contains(words)).map(|(kind, _)| *kind)
}

/// Was this sent by a row that may go once only?
pub fn goes_once(what: &str) -> bool {
    once_kind(what).is_some()
}

/// Every row that may go once only left exactly one message that is known as its own.
async fn prove_once(place: &Place, calm: &Outcome) {
    let rows = "SELECT kind FROM outbox WHERE policy = 'at_most_once' AND state = 'completed'";
    let mut done = Bag::new();
    for kind in Raw::open(place).await.texts(rows).await {
        *done.entry(kind).or_default() += 1;
    }
    let mut told = Bag::new();
    for (what, count) in &calm.sent {
        for (kind, _) in ONCE.iter().filter(|(_, words)| what.contains(words)) {
            *told.entry((*kind).to_owned()).or_default() += count;
        }
    }
    assert_eq!(done, told, "rows that may go once only, and the messages by which they are known");
}

/// Takes a stage down; what was said on it was Telegram's own language.
pub async fn strike(stage: Stage) {
    let violations = stage.sandbox.violations();
    assert!(violations.is_empty(), "against the Bot API's schema: {violations:#?}");
    stage.strike().await;
}

/// How many doubts an admin was told of in these words: of each, or of those that one message has no room for.
pub fn reported(words: &str) -> usize {
    // « Et 1 autre. /etat le montre. », « Et 5 autres. /etat les montre. »
    let of_more = |line: &str| line.strip_prefix("Et ")?.split_once(" autre")?.0.parse::<usize>().ok();
    let more: usize = words.lines().filter_map(of_more).sum();
    words.matches("Peut-être non envoyé").count() + more
}

/// Counts of equal things.
pub type Bag = BTreeMap<String, i64>;

/// A day's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Every message and file that left, by chat and words.
    pub sent: Bag,
    /// What stands in the chats in the end, by chat, words and keys.
    pub shown: Bag,
    /// Who is in the group.
    pub members: Bag,
    /// Presses that nobody answered.
    pub unanswered: usize,
    /// The lines of every sheet and its state; who announced what.
    pub sheets: Bag,
    /// What was recorded, by action.
    pub audit: Bag,
    /// Keys of rows in doubt, and of dead ones.
    pub doubts: Vec<String>,
    /// The chats that rows in doubt were for.
    pub doubted_chats: BTreeSet<String>,
    pub dead: Vec<String>,
    /// Subjects of the sessions whose reminder is in doubt.
    pub doubted: Vec<String>,
    /// Rows that are due and not settled.
    pub waiting: i64,
}

/// The story's stage on this database.
pub async fn stage(place: &Place, probe: Probe) -> Stage {
    Stage::raise(set(place, probe)).await.expect("the stage")
}

/// How it is set.
pub fn set(place: &Place, probe: Probe) -> Set {
    let mut set: Set = story::set(&place.path(""));
    set.keys.retain(|(key, _)| key != "database.url");
    set.keys.push(("database.url".to_owned(), place.url.clone()));
    // What a killed program held is taken up after seconds, not after a minute.
    set.keys.push(("outbox.lease_seconds".to_owned(), "5".to_owned()));
    set.keys.push(("files.reader".to_owned(), env!("CARGO_BIN_EXE_preau").to_owned()));
    set.probe = probe;
    set
}

/// The story, told to nobody.
pub fn day(stage: Stage) -> Day {
    Day::new(stage, Transcript::new(Box::new(std::io::sink())))
}

/// The day as it goes when nothing disturbs it.
pub async fn undisturbed(engine: Engine) -> Outcome {
    reference(engine, None).await
}

/// The day as it goes when one reminder comes into doubt (`13:45`), having left or not: its buttons are then not there
/// to be pressed, or cannot be changed any more, and what follows is another day.
pub async fn reference(engine: Engine, trouble: Option<(&'static str, Fault)>) -> Outcome {
    let mut place = Place::ready(engine).await;
    let mut day = day(stage(&place, Probe::default()).await);
    let calm = trouble.is_none();
    day.trouble = trouble;
    day.play().await.expect("the story");
    assert!(!calm || day.wrong.is_empty(), "{:#?}", day.wrong);
    let outcome = outcome(&day).await.expect("the outcome");
    if calm {
        prove_once(&place, &outcome).await;
    }
    strike(day.stage).await;
    place.remove().await;
    outcome
}

/// Whose chat it is: Telegram's ids come from the sandbox's chance and differ between days.
pub fn name(day: &Day, chat: i64) -> String {
    let cast = &day.cast;
    let known = [
        (cast.admin, "admin"),
        (cast.group, "group"),
        (cast.second_group, "second group"),
        (cast.stranger, "stranger"),
    ];
    let found = known.iter().find(|(id, _)| *id == chat).map(|(_, name)| (*name).to_owned());
    let person = || cast.people.iter().find(|(_, id)| **id == chat).map(|(name, _)| name.clone());
    found.or_else(person).unwrap_or_else(|| chat.to_string())
}

pub async fn outcome(day: &Day) -> Result<Outcome> {
    let mut out = Outcome::default();
    for call in day.stage.sandbox.journal() {
        let method = call.method.to_lowercase();
        let words = ["text", "caption"].iter().find_map(|key| call.params.get(key).and_then(Value::as_str));
        let chat = match method.as_str() {
            "sendmessage" | "senddocument" => name(day, call.chat_id.unwrap_or_default()),
            "answercallbackquery" if words.is_some() => OVER_A_PRESS.to_owned(),
            _ => continue,
        };
        if !matches!(call.outcome.as_str(), "ok" | "lost") {
            continue;
        }
        // Read as people read it: a space is a space.
        let words = words.unwrap_or_default().replace('\u{a0}', " ");
        *out.sent.entry(format!("{chat}: {words}")).or_default() += 1;
    }
    (out.shown, out.members, out.unanswered) = (shown(day), members(day), day.stage.sandbox.unanswered());
    // Beside the product, so that nothing of ours reaches its probe.
    let beside = day.stage.beside().await?;
    beside
        .db
        .read(async |tx| {
            for planned in session::flow::planned(tx).await? {
                let Some(sheet) = attendance::flow::sheet(tx, &planned.id).await? else { continue };
                let name = &planned.subject;
                *out.sheets.entry(format!("{name} {:?}", sheet.state)).or_default() += 1;
                for line in attendance::flow::lines(tx, &planned.id).await? {
                    let words = format!("{name} {} {:?}", line.short_name(), line.verdict());
                    *out.sheets.entry(words).or_default() += 1;
                }
                for (_, what) in session::flow::announced(tx, &planned.id).await? {
                    *out.sheets.entry(format!("{name} announced {what}")).or_default() += 1;
                }
            }
            for entry in audit::store::latest(tx, 10_000).await? {
                *out.audit.entry(entry.action).or_default() += 1;
            }
            let planned = session::flow::planned(tx).await?;
            for row in outbox::store::troubled(tx, 1000).await? {
                let about =
                    planned.iter().find(|planned| row.key.starts_with(&format!("session.remind:{}", planned.id)));
                out.doubted.extend(about.map(|planned| planned.subject.clone()));
                if let Some(full) = outbox::store::trouble(tx, &row.id).await?.filter(Troubled::is_in_doubt) {
                    out.doubted_chats.insert(chat_of_row(day, &full.payload));
                }
                if row.state == "unknown" { &mut out.doubts } else { &mut out.dead }.push(row.key);
            }
            out.waiting = outbox::store::waiting(tx).await?;
            Ok(())
        })
        .await?;
    beside.close().await;
    Ok(out)
}

/// The chat that a row is for; one that names none is about the class's group.
fn chat_of_row(day: &Day, payload: &str) -> String {
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let chat = ["account", "chat", "user_chat"].iter().find_map(|key| payload.get(key)?.as_i64());
    name(day, chat.unwrap_or(day.cast.group))
}

/// What the bot's messages have become, after every edit.
fn shown(day: &Day) -> Bag {
    let cast = &day.cast;
    let chats = cast.people.values().chain([&cast.admin, &cast.group, &cast.second_group, &cast.stranger]);
    let mut shown = Bag::new();
    for message in chats.flat_map(|chat| day.stage.sandbox.messages(*chat)) {
        if !message.from_bot || message.service.is_some() {
            continue;
        }
        let keys: Vec<&str> = message.buttons.iter().flatten().map(|key| key.text.as_str()).collect();
        let file = message.document.as_ref().map(|file| file.name.clone()).unwrap_or_default();
        let words = format!("{}: {} {file}{keys:?}", name(day, message.chat), message.text);
        *shown.entry(words).or_default() += 1;
    }
    shown
}

fn members(day: &Day) -> Bag {
    let members = day.stage.sandbox.members(day.cast.group);
    // The second group is made by an account of the school's, which is of no name here.
    let second = day.stage.sandbox.members(day.cast.second_group).into_iter().map(|account| name(day, account));
    let second = second.map(|who| if who.parse::<i64>().is_ok() { "account".to_owned() } else { who });
    let mut all: Bag = members.into_iter().map(|account| (name(day, account), 1)).collect();
    for who in second {
        *all.entry(format!("second group: {who}")).or_default() += 1;
    }
    all
}

/// What `left` has more of than `right`.
pub fn more(left: &Bag, right: &Bag) -> Bag {
    left.iter()
        .map(|(what, count)| (what.clone(), count - right.get(what).copied().unwrap_or(0)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[test]
fn doubts_that_a_message_has_no_room_for_are_reported_too() {
    let one = "Peut-être non envoyé : un rappel de cours. Je ne l’ai pas renvoyé, pour ne pas le doubler.";
    assert_eq!(reported(one), 1);
    assert_eq!(reported(&format!("{one}\n{one}\nEt 1 autre. /etat le montre.")), 3);
    assert_eq!(reported(&format!("{one}\nEt 5 autres. /etat les montre.")), 6);
}
