//! `preau import`: a timetable from the school's machine, beside the program that runs.

use preau::kernel::id::{self, Ids};
use preau::platform::config::Config;
use preau::platform::store::{Database, Probe, Tx};
use preau::school::roster::{Person, Role, flow as roster, store};
use preau::school::workbook::flow::{self as imports, AtOnce};
use preau::school::{approval, audit, classroom, session, workbook};
use serde_json::{Value, json};

use super::{MORNING, Machine};
use crate::place::Engine;
use crate::store::Raw;
use crate::talk::timetable::book;

pub const PEOPLE: [[&str; 7]; 2] = [
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "", "enseignant", "", ""],
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
];
pub const WEEK: [[&str; 7]; 3] = [
    ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "B204"],
    ["31/11/2026", "08:30", "10:30", "1A", "Maths", "M. Diallo", "B204"],
    ["26/11/2026", "14:00", "16:00", "1A", "Anglais", "M. Diallo", "A1"],
];

impl Machine {
    pub fn puts(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder().join(name), bytes).expect("a file");
    }

    /// `preau import ARGS` at the sandbox's hour.
    pub async fn imports(&self, args: &[&str]) -> (i32, String, String) {
        let all: Vec<&str> = std::iter::once("import").chain(args.iter().copied()).collect();
        let mut command = self.command(&all);
        command.env("PREAU__CLOCK__SOURCE", format!("{}/clock", self.sandbox.control_url()));
        let told = super::told(command.output().await.expect("it ran"));
        if args.contains(&"--json") {
            assert!(told.1.matches('\n').count() == 1 && told.1.ends_with('\n'), "one line for programs: {}", told.1);
        }
        told
    }

    pub async fn looks<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> preau::kernel::Result<T>) -> T {
        let database = self.database().await;
        let found = database.db.transact(work).await.expect("done");
        database.close().await;
        found
    }

    pub async fn sessions(&self) -> usize {
        let all =
            self.looks(async |tx| session::flow::between(tx, MORNING.plus_days(-1), MORNING.plus_days(90)).await).await;
        all.iter().filter(|session| session.state == session::State::Planned).count()
    }
}

/// A group as `/adopter` leaves it.
fn group_for(classroom_id: String) -> classroom::Group {
    classroom::Group {
        classroom_id,
        chat: -77,
        title: "1A".to_owned(),
        bot_is_admin: true,
        missing_rights: String::new(),
        join_link: None,
        owner: None,
        spare: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_shown_then_applied_beside_a_live_run() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        for wrong in [
            &["edt.xlsx"][..],
            &["edt.xlsx", "--dry-run", "--apply"],
            &["nowhere.xlsx", "--dry-run"],
            &["edt.xlsx", "--dry-run", "--remove", "3"],
        ] {
            let (code, out, err) = machine.imports(wrong).await;
            assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}: {err}");
        }
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let (code, out, err) = machine.imports(&["edt.xlsx", "--dry-run"]).await;
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert_eq!(
            out,
            "Lu : 2 onglets, 5 lignes.\n\
Séances : +2 −0 ~0, inchangées 0.\n\
Personnes : +1 ~0, inchangées 0.\n\
+ à ajouter, − à retirer, ~ à modifier.\n\
Classe à créer : 1A.\n\
1 ligne à corriger :\n\
• EDT, ligne 3, Date : « 31/11/2026 » n’existe pas. Corrigez la date.\n\
Rôle à confirmer à part : Mamadou Diallo (enseignant).\n\
1 personne et 2 séances attendent ces droits.\n\
Séances à ajouter (2)\n\
+ mer. 25 nov., 08:30–10:30 (Paris) · 1A · Réseaux\n\
+ jeu. 26 nov., 14:00–16:00 (Paris) · 1A · Anglais\n\
Personnes à ajouter (1)\n\
+ Inès Moreau (étudiant) · 1A\n\
Classes à créer (1)\n\
+ 1A\n"
        );
        assert_eq!(machine.sessions().await, 0, "nothing is changed");
        let (code, out, err) = machine.imports(&["edt.xlsx", "--apply"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("Fait : 2 séances ajoutées, 1 personne ajoutée, 1 classe créée.\n"), "{out}");
        assert!(out.ends_with("1 rôle au-dessus d’étudiant n’est pas donné : ajoutez --give-rights.\n"), "{out}");
        assert_eq!(machine.sessions().await, 2);
        let (code, out, _) = machine.imports(&["edt.xlsx", "--apply", "--give-rights", "--json"]).await;
        let said: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((code, &said["applied"]), (0, &json!(true)), "{out}");
        assert_eq!(said["rights"], json!([{ "name": "Mamadou Diallo", "role": "teacher", "given": true }]));
        assert_eq!(
            said["faults"],
            json!([{ "sheet": "EDT", "row": 3, "column": "Date", "reason": "« 31/11/2026 » n’existe pas. Corrigez la date." }])
        );
        let (code, out, _) = machine.imports(&["edt.xlsx", "--apply"]).await;
        assert_eq!(code, 0);
        assert!(out.ends_with("Rien à appliquer : corrigez d’abord ces lignes, puis renvoyez le fichier.\n"), "{out}");
        let entries = machine.looks(async |tx| audit::store::latest(tx, 100).await).await;
        assert!(
            entries.iter().filter(|entry| entry.action == "session.planned").all(|entry| entry.actor_kind == "cli")
        );

        // What would change, for machines.
        let mut moved = WEEK.to_vec();
        moved[0][6] = "C3";
        machine.puts("moved.xlsx", &book(&[], &moved));
        let (_, out, _) = machine.imports(&["moved.xlsx", "--dry-run", "--json"]).await;
        let said = serde_json::from_str::<Value>(&out).expect("JSON");
        assert_eq!(said["told"], json!([]), "the class has no group");
        assert_eq!(
            said["changes"],
            json!([{
                "what": "session",
                "how": "changed",
                "which": "mer. 25 nov., 08:30–10:30 (Paris) · 1A · Réseaux",
                "details": ["salle B204 → C3"]
            }])
        );

        // Not a workbook; nothing but mistakes.
        machine.puts("edt.txt", b"hello");
        let (code, out, err) = machine.imports(&["edt.txt", "--apply"]).await;
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("(IMP-02)"), "{err}");
        let (code, out, _) = machine.imports(&["edt.txt", "--apply", "--json"]).await;
        assert_eq!(code, 1);
        assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON")["refused"]["code"], "IMP-02");
        machine.puts("wrong.xlsx", &book(&[], &WEEK[1..2]));
        assert_eq!(machine.imports(&["wrong.xlsx", "--apply"]).await.0, 1);
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);

        // Once the class has a group, it is said when it will hear of it.
        machine
            .looks(async |tx| {
                let class = classroom::store::by_name(tx, "1A").await?.expect("a class");
                let group = group_for(class.id);
                classroom::store::save_group(tx, &group, None).await
            })
            .await;
        let (_, out, _) = machine.imports(&["moved.xlsx", "--dry-run"]).await;
        assert!(out.contains("\n1 classe sera prévenue tout de suite.\nSéances à modifier (1)\n"), "{out}");
        let (_, out, _) = machine.imports(&["moved.xlsx", "--dry-run", "--json"]).await;
        assert_eq!(
            serde_json::from_str::<Value>(&out).expect("JSON")["told"],
            json!([{ "at": "2026-11-24T08:02:00+01:00", "at_once": true, "classes": ["1A"] }])
        );
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_beyond_the_limits_wants_its_number_or_an_agreement() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let hours = ["08:00", "09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00", "17:00"];
        let lesson = |n: usize| ["25/11/2026", hours[n], hours[n + 1], "1A", "Maths", "", "B1"];
        let lessons: Vec<[&str; 7]> = (0..8).map(lesson).collect();
        let names: Vec<String> = (0..6).map(|n| format!("p{n}@ecole.example")).collect();
        let people = |status| -> Vec<[&str; 7]> {
            names.iter().map(|mail| [mail.as_str(), "Élève", mail.as_str(), "", "", "1A", status]).collect()
        };
        machine.puts("all.xlsx", &book(&people(""), &lessons));
        assert_eq!(machine.imports(&["all.xlsx", "--apply"]).await.0, 0);
        machine.puts("few.xlsx", &book(&[], &lessons[..3]));
        let (code, _, err) = machine.imports(&["few.xlsx", "--dry-run"]).await;
        assert_eq!(code, 0);
        assert!(err.contains("retire 5 séances (1A)"), "{err}");
        for wrong in [&["few.xlsx", "--apply"][..], &["few.xlsx", "--apply", "--remove", "4"]] {
            let (code, _, err) = machine.imports(wrong).await;
            assert_eq!(code, 1);
            assert!(err.ends_with("Si c’est voulu, ajoutez --remove 5.\n"), "{err}");
        }
        assert_eq!(machine.sessions().await, 8);
        let (code, out, _) = machine.imports(&["few.xlsx", "--apply", "--remove", "5"]).await;
        assert_eq!(code, 0, "{out}");
        assert_eq!(machine.sessions().await, 3);

        // Nobody could agree: nothing is asked, and it is said what comes first.
        machine.puts("gone.xlsx", &book(&people("parti"), &[]));
        let (code, _, err) = machine.imports(&["gone.xlsx", "--apply"]).await;
        assert_eq!(code, 1);
        assert!(
            err.contains("aucun administrateur n’est relié. Faites d’abord « preau invite --role admin »"),
            "{err}"
        );
        assert!(machine.looks(async |tx| approval::flow::open_agreements(tx).await).await.is_empty());
        let claire = Person {
            id: "p-claire".to_owned(),
            last_name: "Dupont".to_owned(),
            first_name: "Claire".to_owned(),
            email: None,
            birth: None,
            card: None,
            role: Role::Admin,
            lang: None,
            active: true,
        };
        machine
            .looks(async |tx| {
                store::insert_person(tx, &claire).await?;
                store::insert_account(tx, 77, &claire.id, None, None).await
            })
            .await;
        let (code, _, err) = machine.imports(&["gone.xlsx", "--apply"]).await;
        assert_eq!(code, 1);
        let open = machine.looks(async |tx| approval::flow::open_agreements(tx).await).await;
        assert_eq!(open.len(), 1);
        assert!(err.contains(&format!("« preau agree {} »", id::reference(&open[0].id))), "{err}");
        let active = machine.looks(async |tx| roster::people(tx).await).await;
        assert!(active.iter().all(|person| person.active));

        // Who agrees reads every name: more roles than there is room for are given on their own, afterwards.
        let staff: Vec<String> = (0..60).map(|n| format!("professeur{n}@ecole.example")).collect();
        let staff = staff.iter().map(|mail| [mail.as_str(), "Professeur", mail.as_str(), "", "enseignant", "", ""]);
        let all: Vec<[&str; 7]> = people("parti").into_iter().chain(staff).collect();
        machine.puts("many.xlsx", &book(&all, &[]));
        let (code, _, err) = machine.imports(&["many.xlsx", "--apply", "--give-rights"]).await;
        assert_eq!(code, 1);
        assert!(err.contains("\n60 rôles sont trop nombreux pour être tous nommés dans la demande"), "{err}");
        let open = machine.looks(async |tx| approval::flow::open_agreements(tx).await).await;
        let asked = open.iter().find(|one| err.contains(&id::reference(&one.id))).expect("asked");
        assert!(asked.payload.contains("\"rights\":false"), "{}", asked.payload);
        assert!(!asked.effects.contains("workbook-agree-rights"), "{}", asked.effects);
        machine.remove().await;
    }
}

/// Twelve lessons of one class.
fn twelve(room: &'static str) -> Vec<[&'static str; 7]> {
    let hours = ["08:00", "09:00", "10:00", "11:00", "13:00", "14:00", "15:00"];
    let line = |day: &'static str, n: usize| [day, hours[n], hours[n + 1], "1A", "Maths", "", room];
    ["25/11/2026", "26/11/2026"].into_iter().flat_map(|day| (0..6).map(move |n| line(day, n))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_is_written_in_rounds_and_told_once() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        for (room, done) in
            [("B1", "Fait : 12 séances ajoutées, 1 classe créée."), ("C7", "Fait : 12 séances modifiées.")]
        {
            machine.puts("edt.xlsx", &book(&[], &twelve(room)));
            let mut command = machine.command(&["import", "edt.xlsx", "--apply"]);
            command.env("PREAU__DATABASE__ROUND", "5");
            let (code, out, err) = super::told(command.output().await.expect("it ran"));
            assert_eq!((code, err.as_str(), out.matches("Fait").count()), (0, "", 1), "{engine:?}: {out}");
            assert!(out.ends_with(&format!("{done}\n")), "{engine:?}: {out}");
            let mut raw = Raw::url(&machine.database_url()).await;
            let now = raw.number(&format!("SELECT COUNT(*) FROM session WHERE room = '{room}'")).await;
            assert_eq!((now, raw.number("SELECT COUNT(*) FROM workbook_rest").await), (12, 0), "{engine:?}");
        }
        let mut raw = Raw::url(&machine.database_url()).await;
        let rests = "SELECT COUNT(*) FROM outbox WHERE kind = 'workbook.rest'";
        assert_eq!(raw.number(rests).await, 2, "{engine:?}: rounds are what is tried");
        drop(raw);
        running.kill().await;
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_stopped_import_began_is_finished_by_the_next_run_or_import() {
    for engine in Engine::all() {
        for by_run in [true, false] {
            let machine = Machine::on(engine).await;
            assert_eq!(machine.said(&["migrate"]).await.0, 0);
            let url = machine.database_url();
            let keys = [("database.url", url.as_str()), ("database.round", "5")];
            let config = std::sync::Arc::new(Config::with(&keys, &[]).expect("a configuration"));
            let ids = Ids::from_system(machine.clock.clone());
            let opened = Database::open(config, machine.clock.clone(), ids, Probe::default()).await;
            let database = opened.expect("the database");
            let workbook = workbook::read(&book(&[], &twelve("B1")), "edt.xlsx").expect("read");
            let terms = AtOnce { sha256: String::new(), rights: false, remove: None };
            let db = &database.db;
            let import = db.transact(async |tx| imports::kept(tx, &workbook, &terms, true).await).await.expect("kept");
            let look = async |tx: &mut Tx| imports::preview(tx, &workbook, Some(&terms)).await;
            let looked = db.read(look).await.expect("looked at");
            workbook::jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
            let write = async |tx: &mut Tx| imports::at_once(tx, &import, &workbook, &terms, &looked).await;
            db.transact(write).await.expect("written").expect("applied");
            // It is stopped here.
            database.close().await;
            assert_eq!(machine.sessions().await, 5, "{engine:?}");
            let running = by_run.then(|| machine.run());
            if running.is_none() {
                machine.puts("edt.xlsx", &book(&[], &twelve("B1")));
                let (code, out, err) = machine.imports(&["edt.xlsx", "--dry-run"]).await;
                assert!(code == 0 && out.contains("Séances : +0 −0 ~0, inchangées 12."), "{engine:?}: {out}{err}");
            }
            super::eventually("the rest", async || machine.sessions().await == 12).await;
            let mut raw = Raw::url(&url).await;
            assert_eq!(raw.number("SELECT COUNT(*) FROM workbook_rest").await, 0, "{engine:?}");
            drop(raw);
            if let Some(running) = running {
                running.kill().await;
            }
            machine.remove().await;
        }
    }
}
