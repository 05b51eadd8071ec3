//! « The same press twice has one effect. » Each button is pressed where something real is to be done; pressed again; pressed
//! again after the program was stopped and started; and, in a school of its own, pressed twice at once.

use std::collections::{BTreeMap, BTreeSet};

use preau::sandbox::Call;
use preau::school::attendance::screens as sheets;
use preau::school::roster::flow as roster;
use preau::school::{classroom, group, journal, workbook};

use super::cases;
use super::forged::owner;
use super::scenes::{IN_CALL, SCENES, Scene, Stands};
use super::{Stage, buttons, is_refusal};
use crate::store::Raw;

/// Whose press changes nothing of what the school knows, and sends nothing but an answer: what it does instead.
const SHOWS: &[(&str, &str)] = &[
    ("telegram.close", "takes its message away"),
    ("telegram.why", "gives a reason"),
    ("welcome.run", "answers as the command does"),
    ("roster.stay", "says that nothing changes"),
    ("roster.class", "shows what links there would be"),
    ("roster.mail", "shows what mails there would be"),
    ("roster.linked", "lists accounts"),
    (roster::LINKED_TOLD, "lists accounts"),
    ("roster.tie", "shows an account"),
    (classroom::LIST, "lists classes"),
    (classroom::chat::CHOICES, "lists classes"),
    (classroom::GROUP_PAGE, "shows a group"),
    (group::REMOVE, "names who would be taken out"),
    (sheets::SHEET, "shows a sheet"),
    (sheets::LIST, "lists names"),
    (sheets::EXCEPT, "has names picked"),
    (sheets::ONE, "shows a line"),
    (sheets::MINUTES, "lists minutes"),
    (sheets::WHO, "asks for a name"),
    (sheets::SHEETS, "lists sheets"),
    (sheets::MINE, "lists one's own lines"),
    (sheets::CONTEST, "asks for words"),
    (journal::screens::PAGE, "shows the audit"),
    (journal::screens::PERSON, "shows the audit"),
    (workbook::screens::LOOK, "lists changes"),
];

/// Whose answer is brought by rows of these kinds: each press asks anew, and is answered once.
const BROUGHT: &[(&str, &[&str])] =
    &[(workbook::screens::LOOK, &["workbook.show"]), (group::chat::COMPARE, &["group.compare", "group.compared"])];

/// The machine room's own: what was received, is to be sent and was shown; and looks into a call, which go on.
const ROOM: &[&str] = &[
    "inbox",
    "lease",
    "outbox",
    "presence_poll",
    "roll_shown",
    "setting",
    "telegram_button",
    "telegram_dialogue",
    "telegram_slot",
];

/// Rows that look at something again or draw it anew: nobody is written to, and how many there are hangs on the moment.
const LOOKS: &[&str] = &["attendance.follow", "attendance.refresh", "call.find", "call.look"];

/// Everything that the school knows, what was to be done outside but answers, and how many mails left.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    tables: BTreeMap<String, Vec<String>>,
    rows: Vec<String>,
    audit: Vec<String>,
    mails: usize,
}

async fn known(stage: &Stage, action: &str) -> Known {
    let brought = BROUGHT.iter().find(|(known, _)| *known == action).map_or(&[][..], |(_, kinds)| *kinds);
    let (mut raw, mut tables) = (Raw::open(&stage.place).await, BTreeMap::new());
    for table in raw.tables().await.into_iter().filter(|table| !ROOM.contains(&table.as_str())) {
        let columns = raw.columns(&table).await;
        let values = raw.values(&table, &columns).await;
        tables.insert(table, values);
    }
    // Answers are compared as messages, and an account may connect at any moment.
    let to_do = "SELECT kind || ' ' || key || ' ' || state FROM outbox WHERE kind NOT LIKE 'telegram.%' \
        AND kind <> 'caller.connected' ORDER BY id";
    let mut rows = raw.texts(to_do).await;
    rows.retain(|row| !brought.contains(&row.split(' ').next().unwrap_or_default()));
    let noted = "SELECT action FROM audit_entry UNION ALL SELECT action FROM audit_staged";
    let (audit, mails) = (raw.texts(noted).await, stage.sandbox.mails().len());
    Known { tables, rows, audit, mails }
}

/// What is in the second more often than in the first, sorted.
fn added(before: &[String], after: &[String]) -> Vec<String> {
    let mut left = before.to_vec();
    let mut new = after.to_vec();
    new.retain(|one| match left.iter().position(|known| known == one) {
        Some(place) => {
            left.swap_remove(place);
            false
        }
        None => true,
    });
    new.sort();
    new
}

impl Known {
    /// What differs, in words short enough to be read.
    fn differs(&self, after: &Self) -> Vec<String> {
        let tables = after.tables.iter().flat_map(|(table, values)| {
            let before = self.tables.get(table).map_or(&[][..], Vec::as_slice);
            let (come, gone) = (added(before, values), added(values, before));
            come.into_iter()
                .map(move |row| format!("{table} + {row}"))
                .chain(gone.into_iter().map(move |row| format!("{table} - {row}")).collect::<Vec<_>>())
        });
        let rows = added(&self.rows, &after.rows).into_iter().map(|row| format!("outbox + {row}"));
        let mails = (self.mails != after.mails).then(|| format!("{} mails", after.mails - self.mails));
        tables.chain(rows).chain(mails).collect()
    }
}

/// What one or more presses at once showed over the first, and what they sent and changed at Telegram.
struct Pressed {
    over: String,
    calls: Vec<Call>,
}

async fn press(stage: &Stage, at: &Stands, times: usize) -> Pressed {
    let then = stage.asked();
    let press = || stage.sandbox.press_data(at.account, at.chat, at.message, &at.data);
    let queries: Vec<String> = (0..times).map(|_| press()).collect();
    stage.drain().await.expect("quiet");
    let mut calls = stage.sandbox.journal().split_off(then);
    let silent = |call: &Call| call.method.starts_with("get") || call.method.contains('.') || call.chat_id.is_none();
    calls.retain(|call| !silent(call) && (call.outcome == "ok" || call.outcome.contains("not modified")));
    Pressed { over: stage.over(&queries[0]), calls }
}

impl Pressed {
    /// What is no answer to who pressed: to somebody else, in another chat, a second message, a file.
    fn beside(&self, at: &Stands) -> Vec<String> {
        let (theirs, mut beside): (Vec<&Call>, Vec<&Call>) =
            self.calls.iter().partition(|call| [Some(at.chat), Some(at.account)].contains(&call.chat_id));
        let (mut messages, others): (Vec<&Call>, Vec<&Call>) =
            theirs.into_iter().partition(|call| call.method == "sendMessage");
        beside.extend(messages.split_off(messages.len().min(1)));
        beside.extend(others.into_iter().filter(|call| call.method.starts_with("send")));
        beside.iter().map(|call| format!("{} {}", call.method, call.params)).collect()
    }
}

fn shows(action: &str) -> bool {
    SHOWS.iter().any(|(known, _)| *known == action)
}

/// The first press does what the button is for, and nothing else.
fn judge_first(action: &str, audit: Option<&[&str]>, (before, after): (&Known, &Known), first: &Pressed) {
    let (differs, noted) = (before.differs(after), added(&before.audit, &after.audit));
    let said = first.calls.iter().map(|call| format!("{} {}", call.method, call.params)).collect::<Vec<_>>();
    let silent = said.is_empty() && first.over.is_empty();
    assert!(!is_refusal(&first.over) && !silent, "{action}: {}", first.over);
    if shows(action) {
        assert!(differs.is_empty(), "{action} is said to show something and no more: {differs:#?}");
    } else {
        assert!(!differs.is_empty(), "{action} did nothing the first time: {} {said:?}", first.over);
        let kinds: BTreeSet<&str> = noted.iter().map(String::as_str).collect();
        let audit: Option<BTreeSet<&str>> = audit.map(|audit| audit.iter().copied().collect());
        assert_eq!(Some(kinds), audit, "{action}: {differs:#?}");
    }
}

/// Another press of the same changes nothing, and sends no more than an answer.
async fn again(stage: &Stage, action: &str, at: &Stands, when: &str) {
    let before = known(stage, action).await;
    let pressed = press(stage, at, 1).await;
    let differs = before.differs(&known(stage, action).await);
    assert!(differs.is_empty(), "{action} {when}: {differs:#?}");
    let beside = pressed.beside(at);
    assert!(beside.is_empty(), "{action} {when}: {beside:#?}");
}

async fn restart(stage: &mut Stage) {
    stage.stop().await;
    stage.start().await.expect("started");
    // The school's accounts are there again, and what they found is settled.
    stage.app().expect("running").callers().gather().await.expect("signed in");
    stage.drain().await.expect("quiet");
}

/// What came of one press: lines of the audit, kinds of rows.
type Came = Vec<(&'static str, Vec<String>, Vec<String>)>;

fn came(scene: &Scene, before: &Known, after: &Known) -> (&'static str, Vec<String>, Vec<String>) {
    let kind = |row: String| row.split(' ').next().unwrap_or_default().to_owned();
    let mut kinds: Vec<String> = added(&before.rows, &after.rows).into_iter().map(kind).collect();
    kinds.retain(|kind| !LOOKS.contains(&kind.as_str()));
    kinds.sort();
    (scene.action, added(&before.audit, &after.audit), kinds)
}

async fn one_by_one(stage: &mut Stage, scenes: &[Scene]) -> Came {
    let mut all = Vec::new();
    for scene in scenes {
        let at = stage.set(scene).await;
        let before = known(stage, scene.action).await;
        let first = press(stage, &at, 1).await;
        let after = known(stage, scene.action).await;
        judge_first(scene.action, Some(scene.audit), (&before, &after), &first);
        all.push(came(scene, &before, &after));
        again(stage, scene.action, &at, "again").await;
        restart(stage).await;
        again(stage, scene.action, &at, "after a restart").await;
    }
    all
}

/// Telegram brings two presses together: a finger that slipped.
async fn at_once(stage: &mut Stage, scenes: &[Scene]) -> Came {
    let mut all = Vec::new();
    for scene in scenes {
        let at = stage.set(scene).await;
        let before = known(stage, scene.action).await;
        press(stage, &at, 2).await;
        all.push(came(scene, &before, &known(stage, scene.action).await));
    }
    all
}

#[test]
fn every_button_has_its_scene_or_shows_something() {
    let acting: Vec<&str> = SCENES.iter().chain(IN_CALL).map(|scene| scene.action).collect();
    let all: BTreeSet<&str> = buttons().iter().map(|button| button.action).collect();
    let known: BTreeSet<&str> = acting.iter().copied().chain(SHOWS.iter().map(|(action, _)| *action)).collect();
    assert_eq!(known, all, "each registered button, and no other");
    let once: BTreeSet<&str> = acting.iter().copied().collect();
    assert_eq!(once.len(), acting.len(), "one scene each");
    for scene in SCENES.iter().chain(IN_CALL).filter(|scene| shows(scene.action)) {
        assert!(scene.audit.is_empty(), "{}", scene.action);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_button_does_twice_what_it_did() {
    let mut stage = Stage::new().await;
    let one = one_by_one(&mut stage, SCENES).await;
    stage.over_with().await;
    let mut stage = Stage::new().await;
    let two = at_once(&mut stage, SCENES).await;
    stage.over_with().await;
    assert_eq!(one, two, "pressed once, and twice at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_button_of_a_call_or_a_group_does_twice_what_it_did() {
    let mut stage = Stage::with_call().await;
    let one = one_by_one(&mut stage, IN_CALL).await;
    stage.over_with().await;
    let mut stage = Stage::with_call().await;
    let two = at_once(&mut stage, IN_CALL).await;
    stage.over_with().await;
    assert_eq!(one, two, "pressed once, and twice at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_shows_something_changes_nothing() {
    let (mut stage, mut stand) = (Stage::new().await, Vec::new());
    let staged: Vec<&str> = SCENES.iter().chain(IN_CALL).map(|scene| scene.action).collect();
    for (action, _) in SHOWS.iter().filter(|(action, _)| !staged.contains(action)) {
        let case = cases::of(action, &stage).unwrap_or_else(|| panic!("no case for {action}"));
        let at = stage.laid_as_case(action, stage.is(owner(&case).name)).await;
        let before = known(&stage, action).await;
        let first = press(&stage, &at, 1).await;
        judge_first(action, None, (&before, &known(&stage, action).await), &first);
        again(&stage, action, &at, "again").await;
        stand.push((*action, at));
    }
    restart(&mut stage).await;
    for (action, at) in &stand {
        again(&stage, action, at, "after a restart").await;
    }
    stage.over_with().await;
}
