//! Schools that number their sessions anew each week, and sheets that are not read: no lesson is lost in silence.

use preau::school::session::State;
use preau::school::workbook::open;
use rust_xlsxwriter::Workbook;

use super::*;
use crate::world::Engine;

const HEAD: [&str; 6] = ["Date", "Début", "Fin", "Classe", "Matière", "Référence"];

/// Lessons of 1A from 08:30 to 10:30: days and subjects, numbered from 1.
fn numbered(lessons: &[(&str, &str)]) -> Vec<u8> {
    let rows: Vec<Vec<String>> = (1..)
        .zip(lessons)
        .map(|(number, (day, subject))| {
            vec![(*day).into(), "08:30".into(), "10:30".into(), "1A".into(), (*subject).into(), number.to_string()]
        })
        .collect();
    sheets(&[("EDT", &HEAD, &rows)])
}

/// A sheet's name, its first row, its lines.
type Sheet<'s> = (&'s str, &'s [&'s str], &'s [Vec<String>]);

fn sheets(all: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, head, lines) in all {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        for (column, words) in (0..).zip(*head) {
            sheet.write_string(0, column, *words).expect("a cell");
        }
        for (row, line) in (1..).zip(*lines) {
            for (column, words) in (0..).zip(line) {
                sheet.write_string(row, column, words).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

async fn subjects(world: &World) -> Vec<(String, String)> {
    let all = timetable(world).await.into_iter().filter(|session| session.state == State::Planned);
    let zone = preau::kernel::time::Zone::default();
    all.map(|session| (zone.day(session.start_at).to_string(), session.subject)).collect()
}

const FIRST: [(&str, &str); 5] = [
    ("24/11/2026", "Maths"),
    ("25/11/2026", "Anglais"),
    ("26/11/2026", "Droit"),
    ("27/11/2026", "Réseaux"),
    ("28/11/2026", "Sport"),
];
const SECOND: [(&str, &str); 5] = [
    ("30/11/2026", "Anglais"),
    ("01/12/2026", "Droit"),
    ("02/12/2026", "Réseaux"),
    ("03/12/2026", "Sport"),
    ("04/12/2026", "Maths"),
];

/// The first week over, the second is numbered as it was: its lessons are there, and their class is reminded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_numbered_like_the_last_one_is_planned_all_the_same() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        sends(&world, claire, "S48.xlsx", numbered(&FIRST)).await;
        presses(&world, claire, "Appliquer").await;
        world.go_to(at("29/11/2026", "12:00")).await.expect("time passes");
        let shown = sends(&world, claire, "S49.xlsx", numbered(&SECOND)).await;
        assert!(shown.contains("Séances : +5 −0 ~0, inchangées 0."), "{engine:?}: {shown}");
        assert!(shown.contains("EDT, ligne 2 : « 1 » était la référence de « Maths » (mar. 24 nov.)"), "{shown}");
        presses(&world, claire, "Appliquer").await;
        let there = subjects(&world).await;
        assert_eq!((there.len(), there[0].1.as_str(), there[5].1.as_str()), (10, "Maths", "Anglais"));
        world.go_to(at("30/11/2026", "08:20")).await.expect("time passes");
        assert!(last(&world, group).contains("Anglais"), "reminded: {}", last(&world, group));
        world.check().await;
    }
}

/// The first week still ahead: a file of the second one leaves it alone, or asks twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_that_a_file_does_not_speak_for_is_not_emptied_by_one_press() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "S48.xlsx", numbered(&FIRST)).await;
        presses(&world, claire, "Appliquer").await;
        let before = subjects(&world).await;

        // The same subjects, so that they may have moved: the second button, which names how many leave.
        let days = ["30/11/2026", "01/12/2026", "02/12/2026", "03/12/2026", "04/12/2026"];
        let moved: Vec<(&str, &str)> = days.into_iter().zip(FIRST.map(|(_, subject)| subject)).collect();
        let shown = sends(&world, claire, "S49.xlsx", numbered(&moved)).await;
        assert!(shown.contains("Séances : +0 −0 ~5") && shown.contains("hors des semaines de ce fichier"), "{shown}");
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert_eq!(asked, "Ce fichier déplace 5 séances (1A) : plus que d’habitude en un jour. Est-ce voulu ?");
        presses(&world, claire, "Abandonner").await;
        assert_eq!(subjects(&world).await, before, "{engine:?}");

        // Two of them are free; they count for a day, until they are taken back.
        sends(&world, claire, "S49.xlsx", numbered(&moved[..2])).await;
        presses(&world, claire, "Appliquer").await;
        let one = numbered(&[("05/12/2026", "x"), ("05/12/2026", "x"), ("05/12/2026", "Droit")]);
        sends(&world, claire, "S49b.xlsx", one.clone()).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier déplace 1 séance (1A)"), "{engine:?}: {asked}");
        presses(&world, claire, "Abandonner").await;
        presses(&world, claire, "Annuler").await;
        assert_eq!(subjects(&world).await, before, "{engine:?}");
        let counted = world.db().expect("running");
        let since = world.clock.now().plus_days(-1);
        let counted =
            counted.read(async |tx| preau::school::workbook::store::removals(tx, "session", since).await).await;
        assert_eq!(counted.expect("read"), []);

        // Other subjects: other lessons, and the first week is as it was.
        let shown = sends(&world, claire, "S49.xlsx", numbered(&SECOND)).await;
        assert!(
            shown.contains("Séances : +5 −0 ~0") && shown.contains("« 1 » est déjà la référence de Maths"),
            "{shown}"
        );
        presses(&world, claire, "Appliquer").await;
        let after = subjects(&world).await;
        assert_eq!((after.len(), &after[..5]), (10, before.as_slice()), "{engine:?}");
        world.check().await;
    }
}

/// A sheet amid a timetable lost its headings: what it stands for stays, and it is to be corrected.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_that_is_not_read_removes_nothing() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let week = |days: [&str; 2]| -> Vec<Vec<String>> {
            let line = |day: &str| [day, "08:30", "10:30", "1A", "Maths"].map(str::to_owned).to_vec();
            days.map(line).to_vec()
        };
        let weeks = [
            week(["30/11/2026", "01/12/2026"]),
            week(["07/12/2026", "08/12/2026"]),
            week(["14/12/2026", "15/12/2026"]),
        ];
        let head = &HEAD[..5];
        let file = |lost: &[&str]| {
            let heads = [head, lost, head];
            let names = ["S49", "S50", "S51"];
            let all: Vec<_> = (0..3).map(|n| (names[n], heads[n], weeks[n].as_slice())).collect();
            sheets(&all)
        };
        sends(&world, claire, "EDT.xlsx", file(head)).await;
        presses(&world, claire, "Appliquer").await;
        let before = subjects(&world).await;
        assert_eq!(before.len(), 6);

        let shown = sends(&world, claire, "EDT.xlsx", file(&["Semaine 50"])).await;
        assert_eq!(
            shown,
            "Lu : 2 onglets, 4 lignes. Onglet laissé de côté : S50.\n\
Séances : +0 −0 ~0, inchangées 4.\n\
1 ligne à corriger :\n\
• S50, ligne 2 : cet onglet a des dates et des heures mais pas de titres comme Date, Début, Fin, Classe, Matière : il n’est pas lu. Ajoutez-les, ou supprimez-le.\n\
2 séances absentes du fichier sont gardées : une ligne à corriger parle peut-être d’elles.\n\
Rien à appliquer : corrigez d’abord ces lignes, puis renvoyez le fichier."
        );
        assert_eq!(keys(&world, claire), ["Avoir le fichier annoté", "Abandonner"]);
        presses(&world, claire, "annoté").await;
        let sent =
            world.sandbox.messages(claire).into_iter().filter_map(|m| m.document.filter(|_| m.from_bot)).next_back();
        let grid = open(&sent.expect("a file").bytes).expect("a workbook");
        let cells: Vec<String> = grid.sheets[1].rows[1].cells().map(|(_, cell)| cell.words()).collect();
        assert!(cells.iter().any(|words| words.contains("pas de titres")), "{engine:?}: {cells:?}");
        assert_eq!(subjects(&world).await, before);

        // The rest of such a file is applied under words that mean more than one line, and removes nothing either.
        let first = [weeks[0].clone(), week(["02/12/2026", "03/12/2026"])].concat();
        let (unread, last) = (weeks[1].as_slice(), &weeks[2][..1]);
        let all = [("S49", head, first.as_slice()), ("S50", &["Semaine 50"][..], unread), ("S51", head, last)];
        let shown = sends(&world, claire, "EDT.xlsx", sheets(&all)).await;
        assert!(shown.contains("Séances : +2 −1 ~0, inchangées 3."), "{engine:?}: {shown}");
        assert_eq!(presses(&world, claire, "Appliquer le reste").await.0, "Fait : 2 séances ajoutées, 1 retirée.");
        let there = subjects(&world).await;
        assert_eq!(there.iter().filter(|(day, _)| day.starts_with("2026-12-0")).count(), 5, "{there:?}");
        world.check().await;
    }
}
