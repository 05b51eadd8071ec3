//! Who did what, when, old and new: each action of the audit with the values before and after, in this order.

use std::collections::BTreeSet;

use preau::kernel::text::arguments_of;
use preau::kernel::{Lang, Text};
use preau::platform::outbox;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::approval::{Ask, flow as approval};
use preau::school::audit::{Actor, Entry, store as audit};
use preau::school::classroom::flow as classroom;
use preau::school::journal::rules;
use preau::school::roster::{LinkKind, Person, Role, flow as roster};
use preau::school::state;

use super::mailed::MAIL;
use super::school::{School, id_of};
use super::timetable::book;
use crate::paths::Machine;
use crate::source;
use crate::world::Engine;

/// Action, old, new; « # » is a fingerprint, « ID » an id, « C » the class.
type Row = (&'static str, Option<&'static str>, Option<&'static str>);

const PEOPLE: &[Row] = &[
    ("classroom.made", None, Some("BTS SIO 1A")),
    ("classroom.closed", Some("open"), Some("closed")),
    ("classroom.reopened", Some("closed"), Some("open")),
    ("classroom.adopted", None, Some("GROUP BTS SIO 1A")),
    (
        "person.added",
        None,
        Some(r##"{"active":"yes","birth":"#","first_name":"Inès","last_name":"Moreau","role":"student"}"##),
    ),
    ("person.changed", Some(r#"{"last_name":"Moreau"}"#), Some(r##"{"card":"#","last_name":"Petit"}"##)),
    ("person.changed", Some(r##"{"birth":"#"}"##), Some(r##"{"birth":"#","email":"#"}"##)),
    ("person.left", Some(r#"{"active":"yes"}"#), Some(r#"{"active":"no"}"#)),
    (
        "person.taken_back",
        Some(r##"{"active":"yes","birth":"#","first_name":"Yan","last_name":"Zola","role":"student"}"##),
        None,
    ),
    ("person.role", Some("student"), Some("teacher")),
    ("person.created", None, Some("admin")),
    ("person.enrolled", None, Some("C")),
    ("person.unenrolled", Some("C"), None),
    ("account.lang", Some("fr"), Some("en")),
    ("account.reachable", Some("yes"), Some("no")),
    ("account.reachable", Some("no"), Some("yes")),
    ("account.tied", None, Some("#")),
    ("account.untied", Some("#"), None),
    ("account.forgotten", Some("#"), None),
    ("link.made", None, Some("printed")),
    ("link.made", None, Some("admin")),
    ("link.made", None, Some("mailed")),
    ("link.used", Some("open"), Some("used")),
    ("link.refused", Some("open"), Some("the person has another account")),
    ("link.dead", Some("open"), Some("under 16")),
    ("link.renewed", None, None),
    ("links.ordered", None, None),
    ("links.mailed", None, Some("1")),
    ("group.join_approved", None, None),
    ("group.join_declined", None, None),
    ("group.left", Some("p-lea"), None),
    ("group.untied", Some("p-ines"), None),
];

const LESSONS: &[Row] = &[
    (
        "session.planned",
        None,
        Some(
            "Planned 2026-11-24T13:00:00.000Z–2026-11-24T15:00:00.000Z Réseaux | B204 | OnSite | teacher person:p-mamadou | link – | ref – | class C",
        ),
    ),
    (
        "session.changed",
        Some(
            "Planned 2026-11-24T13:00:00.000Z–2026-11-24T15:00:00.000Z Réseaux | B204 | OnSite | teacher person:p-mamadou | link – | ref – | class C",
        ),
        Some(
            "Planned 2026-11-24T13:00:00.000Z–2026-11-24T15:00:00.000Z Réseaux | Z9 | OnSite | teacher person:p-mamadou | link – | ref – | class C",
        ),
    ),
    (
        "session.taken_back",
        Some(
            "Planned 2026-11-26T12:00:00.000Z–2026-11-26T14:00:00.000Z Anglais | A1 | OnSite | teacher – | link – | ref – | class C",
        ),
        None,
    ),
    ("session.announced", None, Some("absent")),
    ("session.withdrawn", None, None),
    ("sheet.opened", None, None),
    ("sheet.proposed", Some("running"), Some("proposed")),
    (
        "sheet.corrected",
        Some(r#"{"mark":"open","late":null,"early":null,"minutes":null,"source":"nothing"}"#),
        Some(r#"{"mark":"absent","late":null,"early":null,"minutes":null,"source":"manual"}"#),
    ),
    ("sheet.validated", None, Some("version 4")),
    ("sheet.contested", None, None),
    ("sheet.contest_decided", None, Some("refused")),
    ("workbook.undone", Some("applied"), Some("undone")),
    ("agreement.asked", None, Some("roster.menu")),
    ("agreement.voiced", None, Some("accepts")),
    ("agreement.decided", Some("open"), Some("agreed")),
    ("agreement.carried_out", Some("agreed"), Some("done")),
    ("agreement.came_to_nothing", Some("agreed"), Some("done")),
    ("outbox.retried", Some("session.notice in doubt"), Some("again")),
    ("outbox.forgotten", Some("session.notice in doubt"), Some("forgotten")),
    ("outbox.recalled", Some("forgotten"), Some("open")),
];

/// Said by the real program at the machine.
const MACHINE: &[Row] = &[
    ("store.moved", Some("sqlite://data/preau.db"), Some("sqlite://one.db")),
    ("store.restored", Some("replaced"), Some("a.backup")),
    ("secrets.rotated", Some("the old key"), Some("a new key: 0 secrets")),
];

/// Those that other tests come to: through a user account, or after the ten days of a sheet.
const ELSEWHERE: &[&str] = &[
    "caller.signed_in",
    "call.",
    "classroom.group_made",
    "classroom.group_upgraded",
    "group.account_paused",
    "group.orphaned",
    "group.owner_changed",
    "group.photo",
    "group.renamed",
    "group.rights",
    "group.stranger_removed",
    "presence.",
    "sheet.change_asked",
    "sheet.locked",
    "sheet.roll_asked",
    "workbook.applied",
];

/// Without what differs from one run to the next.
fn plain(words: &str, school: &[(&str, &str)]) -> String {
    let mut words = words.to_owned();
    for (from, to) in school {
        words = words.replace(from, to);
    }
    let mut out = String::new();
    let mut rest = words.as_str();
    while let Some((before, after)) = rest.split_once('#') {
        let hex = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        assert_eq!(hex, 12, "a fingerprint: {words}");
        out.push_str(before);
        out.push('#');
        rest = &after[hex..];
    }
    out.push_str(rest);
    out
}

fn holds(entries: &[Entry], names: &[(&str, &str)], table: &[Row]) {
    let plain = |words: &Option<String>| words.as_deref().map(|words| plain(words, names));
    let all: Vec<(String, Option<String>, Option<String>)> =
        entries.iter().map(|entry| (entry.action.clone(), plain(&entry.old), plain(&entry.new))).collect();
    let mut missing = Vec::new();
    for (action, old, new) in table {
        let row = ((*action).to_owned(), old.map(str::to_owned), new.map(str::to_owned));
        if !all.contains(&row) {
            let of_it: Vec<_> = all.iter().filter(|(known, ..)| known == action).collect();
            missing.push(format!("{row:?}, but {of_it:?}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

async fn check(school: &School, table: &[Row]) {
    let entries = school.write(async |tx| audit::latest(tx, 10_000).await).await;
    let group = school.group.to_string();
    holds(&entries, &[(school.class.as_str(), "C"), (group.as_str(), "GROUP")], table);
}

async fn opens(school: &School, account: i64, person: &str, kind: LinkKind) {
    let id = id_of(person);
    let token = school.write(async |tx| roster::make_link(tx, kind, Some(&id), &Actor::Cli).await).await;
    school.sandbox.start_bot(account, &token);
    school.drain().await.expect("quiet");
}

async fn presses(school: &School, account: i64, label: &str) {
    let last = school.sandbox.last(account).expect("a message");
    school.sandbox.press(account, account, last.id, label).expect("a key");
    school.drain().await.expect("quiet");
}

async fn changes(school: &School, first: &str, change: impl Fn(&mut Person)) {
    school
        .write(async |tx| {
            let mut person = roster::person(tx, &id_of(first)).await?.expect("known");
            change(&mut person);
            roster::change(tx, &Actor::Cli, &person).await
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_people_is_recorded_as_it_was_and_as_it_is() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &MAIL).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let (class, claire) = (school.class.clone(), school.is("Claire"));
        school.write(async |tx| classroom::close(tx, &Actor::Cli, &class).await).await;
        school.write(async |tx| classroom::ensure(tx, &Actor::Cli, "BTS SIO 1A").await).await;
        school.ask("Noé", "/reglages").await;
        school.press("Noé", "English").await;
        school.sandbox.block_bot(school.is("Noé"), true);
        school.drain().await.expect("quiet");
        school.sandbox.block_bot(school.is("Noé"), false);
        school.drain().await.expect("quiet");
        changes(&school, "Inès", |ines| {
            ines.last_name = "Petit".to_owned();
            ines.card = Some("0042".to_owned());
        })
        .await;
        changes(&school, "Noé", |noe| {
            noe.birth = Some("2005-04-13".to_owned());
            noe.email = Some("noe@horizon.example".to_owned());
        })
        .await;

        // Links: used, refused, closed, renewed; ties made and undone.
        let other = school.sandbox.add_person("Inès", "", "fr");
        opens(&school, other, "Inès", LinkKind::Printed).await;
        let (ines, eric) = (school.is("Inès"), id_of("Éric"));
        let eric = school.write(async |tx| roster::person(tx, &eric).await).await.expect("Éric");
        school.write(async |tx| roster::untie(tx, &eric, &id_of("Inès"), ines).await).await;
        for (first, age) in [("Zed", "18"), ("Tom", "Moins")] {
            school.add_unlinked(first, "Zola", Role::Student, &[&class]).await;
            let account = school.sandbox.add_person(first, "", "fr");
            opens(&school, account, first, LinkKind::Printed).await;
            school.say(account, account, "12/03/2005").await;
            presses(&school, account, "Oui").await;
            presses(&school, account, age).await;
            school.sandbox.ask_to_join(account, &school.sandbox.links(school.group)[0]).expect("asks");
            school.drain().await.expect("quiet");
        }
        changes(&school, "Tom", |tom| tom.email = Some("tom@horizon.example".to_owned())).await;
        school.ask("Claire", "/liens BTS SIO 1A mail").await;
        school.press("Claire", "Envoyer 1 mail").await;
        school.ask("Claire", "/liens BTS SIO 1A").await;
        school.press("Claire", "Créer 2 liens").await;
        let late = school.sandbox.add_person("Tom", "", "fr");
        let id = id_of("Tom");
        let token =
            school.write(async |tx| roster::make_link(tx, LinkKind::Mailed, Some(&id), &Actor::Cli).await).await;
        school.until("08:20").await;
        school.sandbox.start_bot(late, &token);
        school.drain().await.expect("quiet");
        presses(&school, late, "nouveau lien").await;
        let new = school.sandbox.add_person("Ada", "", "fr");
        let token = school.write(async |tx| roster::admin_link(tx).await).await;
        school.sandbox.start_bot(new, &token);
        school.drain().await.expect("quiet");
        school.say(new, new, "Ada Adam").await;

        // Roles, classes, leaving; noted by mistake.
        let karim = school.write(async |tx| roster::person(tx, &id_of("Karim")).await).await.expect("Karim");
        school.write(async |tx| roster::change_role(tx, &Actor::Cli, &karim, Role::Teacher).await).await;
        school.add_unlinked("Yan", "Zola", Role::Student, &[&class]).await;
        school.write(async |tx| roster::take_back(tx, &Actor::Cli, &id_of("Yan")).await).await;
        school
            .write(async |tx| {
                roster::plan_departure(tx, &id_of("Léa"), &class).await?;
                roster::unenrol(tx, &Actor::Cli, &id_of("Léa"), &class).await?;
                roster::deactivate(tx, &Actor::Cli, &id_of("Paul")).await
            })
            .await;
        school.to("25/11/2026", "09:00").await;
        check(&school, PEOPLE).await;

        // Nothing of what identifies somebody elsewhere is read there.
        let entries = school.write(async |tx| audit::latest(tx, 10_000).await).await;
        let accounts = [other, ines, claire, school.is("Noé")].map(|account| account.to_string());
        for entry in entries.iter().filter(|entry| entry.object.starts_with("person:")) {
            let all = format!("{:?} {:?}", entry.old, entry.new);
            for personal in ["2005-", "0042", "@horizon"].into_iter().chain(accounts.iter().map(String::as_str)) {
                assert!(!all.contains(personal), "{engine:?}: {entry:?}");
            }
        }
        school.end().await;
    }
}

async fn agreed(tx: &mut Tx, nothing: bool) -> preau::kernel::Result<()> {
    let ask = Ask {
        kind: "roster.menu",
        effects: Text::verbatim("…"),
        payload: serde_json::json!({ "account": 1 }),
        needs: 1,
        asked_by: Some(id_of("Claire")),
        hours: 48,
    };
    let id = approval::ask(tx, ask).await?;
    approval::voice(tx, &id, &id_of("Claire"), true).await?;
    if nothing {
        approval::came_to_nothing(tx, &id, &Text::verbatim("…")).await.map(|_| ())
    } else {
        approval::carried_out(tx, &id).await.map(|_| ())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_lessons_is_recorded_as_it_was_and_as_it_is() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.change(&id, |lesson| lesson.room = "Z9".to_owned()).await;
        let lessons = [["26/11/2026", "13:00", "15:00", "BTS SIO 1A", "Anglais", "", "A1"]];
        let claire = school.is("Claire");
        school.sandbox.send_file(claire, claire, "EDT.xlsx", book(&[], &lessons), None);
        school.drain().await.expect("quiet");
        school.press("Claire", "Appliquer").await;
        school.press("Claire", "Annuler (10 min)").await;
        for nothing in [false, true] {
            school.write(async |tx| agreed(tx, nothing).await).await;
        }
        // A notice in doubt: done again, forgotten, taken up again.
        school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        school.until("13:45").await;
        let row = school.write(async |tx| outbox::store::troubled(tx, 9).await).await.remove(0).id;
        let by = Actor::Person(id_of("Claire"));
        school.write(async |tx| state::flow::forget(tx, &by, &row).await).await;
        school.write(async |tx| state::flow::recall(tx, &by, &row, true).await).await;
        school.write(async |tx| state::flow::retry(tx, &by, &row).await).await;
        school.press_in("Léa", school.group, "Je serai absent").await;
        school.press("Léa", "Annuler").await;
        school.until("14:00").await;
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        school.ask("Noé", "J’étais là").await;
        school.press("Mamadou", "Refuser").await;
        school.ask("Mamadou", "Vu absent").await;
        check(&school, LESSONS).await;
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_at_the_machine_is_recorded() {
    let machine = Machine::new().await;
    let said = async |args: &[&str]| {
        let (code, out, err) = machine.said(args).await;
        assert_eq!(code, 0, "{args:?}: {out}{err}");
    };
    said(&["migrate"]).await;
    said(&["backup", "a.backup"]).await;
    said(&["restore", "a.backup", "--replace"]).await;
    said(&["secrets", "rotate"]).await;
    said(&["store", "move", "--to", "sqlite://one.db"]).await;
    let database = machine.database().await;
    let entries = database.db.read(async |tx| audit::latest(tx, 100).await).await.expect("read");
    database.close().await;
    holds(&entries, &[], MACHINE);
}

/// Every action that is written anywhere stands in a table above, or is named as another test's.
#[test]
fn no_action_is_left_out() {
    let tables = [PEOPLE, LESSONS, MACHINE];
    let known: BTreeSet<&str> = tables.iter().flat_map(|table| table.iter()).map(|(action, ..)| *action).collect();
    let mut found = BTreeSet::new();
    for (path, text) in source::files() {
        let records = text.contains("record(") || text.contains("record_many(") || text.contains("audit::stage");
        if !records || !(path.contains("/flow") || path.contains("src/cli/") || path.ends_with("call/chat.rs")) {
            continue;
        }
        // An action is « thing.done »; the names of jobs and keys are constants of their own.
        for line in text.lines().filter(|line| !line.contains("const ")) {
            found.extend(line.split('"').skip(1).step_by(2).filter(|word| is_action(word)).map(str::to_owned));
        }
    }
    assert!(found.len() > 50, "{found:?}");
    let named = |action: &str| known.contains(action) || ELSEWHERE.iter().any(|other| action.starts_with(other));
    let left: Vec<&String> = found.iter().filter(|action| !named(action)).collect();
    assert_eq!(left, Vec::<&String>::new());
    for action in known {
        assert!(found.contains(action), "{action} is written nowhere");
    }
    // What is read at /journal: words for each, none left over.
    let said: BTreeSet<String> = rules::ACTIONS.iter().map(|(action, _)| (*action).to_owned()).collect();
    assert_eq!(said, found, "src/school/journal/rules.rs has words for exactly what is written");
    for (action, key) in rules::ACTIONS {
        for lang in Lang::ALL {
            assert_eq!(arguments_of(lang, key), Some(BTreeSet::new()), "{action}: {key} in {}", lang.code());
        }
    }
}

const THINGS: [&str; 15] = [
    "account",
    "agreement",
    "call",
    "caller",
    "classroom",
    "group",
    "link",
    "links",
    "outbox",
    "person",
    "presence",
    "secrets",
    "session",
    "sheet",
    "workbook",
];

fn is_action(word: &str) -> bool {
    let Some((thing, done)) = word.split_once('.') else { return false };
    let is_word = !done.is_empty() && done.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_word && (THINGS.contains(&thing) || thing == "store")
}
