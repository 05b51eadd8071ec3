//! The roll, the sheet, its correction, and what becomes of it.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use preau::kernel::Lang;
use preau::school::attendance::{SheetState, flow as attendance};
use preau::school::audit::Actor;
use preau::school::roster::{Role, flow as roster};
use preau::school::session::Session;

use super::school::School;
use crate::world::Engine;

const LINK: &str = "https://visio.example/sio";

fn book(file: &preau::sandbox::Document) -> Range<Data> {
    let mut book = Xlsx::new(Cursor::new(file.bytes.clone())).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    book.worksheet_range(&name).expect("a sheet")
}

/// Family name, first name, state, source of each student; then what stands under the table.
fn table(file: &preau::sandbox::Document) -> (Vec<[String; 4]>, String) {
    let range = book(file);
    let cell = |row: &[Data], column: usize| row.get(column).map(ToString::to_string).unwrap_or_default();
    let lines: Vec<[String; 4]> = range
        .rows()
        .skip(6)
        .take_while(|row| !cell(row, 0).is_empty())
        .map(|row| [cell(row, 0), cell(row, 1), cell(row, 2), cell(row, 6)])
        .collect();
    let rest: Vec<String> = range.rows().skip(6 + lines.len()).map(|row| cell(row, 0)).collect();
    (lines, rest.join("|"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_present_except_then_validated() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        assert_eq!(
            school.told("Mamadou"),
            "BTS SIO 1A : Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204\n\
5 inscrits. Qui est là ?\n\
0 présent, 5 à pointer."
        );
        let teacher = school.is("Mamadou");
        assert_eq!(school.keys(teacher), [vec!["Tous présents sauf…", "Tous présents"], vec!["Liste"]]);
        assert!(!school.told("Éric").contains("Réseaux"), "the teacher has it");
        school.press("Mamadou", "sauf").await;
        assert_eq!(school.told("Mamadou"), "Touchez les absents, puis enregistrez.");
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Léa P.").await;
        school.press("Mamadou", "Paul S.").await;
        assert_eq!(school.told("Mamadou"), "3 absents choisis. Touchez un nom encore pour l’enlever.");
        school.press("Mamadou", "Léa P.").await;
        assert_eq!(
            school.keys(teacher),
            [
                vec!["Absent : Noé B.", "Inès M."],
                vec!["Léa P.", "Absent : Paul S."],
                vec!["Karim T."],
                vec!["Enregistrer : 3 présents, 2 absents"],
                vec!["« Retour"]
            ]
        );
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "5 lignes notées.");
        assert_eq!(school.told("Mamadou").lines().last(), Some("3 présents, 2 absents."));
        assert_eq!(school.keys(teacher), [["Liste"]]);

        // Two taps a change, and the next name is one tap away.
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Karim T.").await;
        assert_eq!(school.told("Mamadou"), "Karim T. : présent.\nSource : enseignant.");
        school.press("Mamadou", "En retard…").await;
        assert_eq!(school.told("Mamadou"), "Karim T. : combien de retard ?");
        school.press("Mamadou", "15 min").await;
        assert!(school.told("Mamadou").starts_with("Karim T. : présent → en retard de 15 min.\nBTS SIO 1A : Réseaux"));
        assert_eq!(school.keys(teacher)[0], ["Annuler (10 min)"]);
        school.press("Mamadou", "Paul S. ·").await;
        school.press("Mamadou", "Absence justifiée").await;
        let marks = [
            "Noé B. : absent",
            "Inès M. : présent",
            "Léa P. : présent",
            "Paul S. : justifié",
            "Karim T. : en retard de 15 min",
        ];
        assert_eq!(school.said(&id).await, marks);
        assert_eq!(school.about("Réseaux").len(), 1);
        assert!(!school.last(school.group).contains("présent"), "not before it is validated");

        school.until("16:00").await;
        assert_eq!(
            school.told("Mamadou"),
            "BTS SIO 1A : Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204\n\
Le cours est terminé. Tout est bon ?\n\
3 présents, dont 1 retard, 1 absent, 1 justifié.\n\
Absent : Noé B."
        );
        assert_eq!(school.keys(teacher), [["Valider", "Corriger"]]);
        assert_eq!(school.all(teacher).iter().filter(|message| message.text.contains("Réseaux")).count(), 2);
        assert_eq!(school.press("Mamadou", "Valider").await, "Feuille validée.");
        assert_eq!(
            school.last(school.group),
            "Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : séance terminée, 3 présents sur 5, dont 1 en retard.\n\
Chacun voit sa ligne avec /moi."
        );
        assert_eq!(school.about("Réseaux").len(), 1, "the same message, edited");
        for who in ["Mamadou", "Éric"] {
            let files = school.files(who);
            assert_eq!(files.len(), 1, "{who}");
            assert_eq!(files[0].name, "2026-11-24_14h00_BTS-SIO-1A_Reseaux.xlsx");
            let (lines, rest) = table(&files[0]);
            let line = |last: &str, first: &str, state: &str| [last, first, state, "enseignant"].map(str::to_owned);
            assert_eq!(
                lines,
                [
                    line("Blanc", "Noé", "absent"),
                    line("Moreau", "Inès", "présent"),
                    line("Petit", "Léa", "présent"),
                    line("Simon", "Paul", "justifié"),
                    line("Touré", "Karim", "retard 15 min"),
                ]
            );
            assert!(rest.contains("Révision 1|"), "{rest}");
            assert!(rest.contains("Validée par Mamadou Diallo, mardi 24 novembre 2026, 16:00 (Paris)"), "{rest}");
        }
        assert_eq!(
            school.last(school.is("Éric")),
            "Feuille de présence, BTS SIO 1A : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)"
        );
        school.to("26/11/2026", "10:00").await;
        assert!(!school.told("Mamadou").contains("attend encore"), "validated sheets nag nobody");
        assert!(!school.told("Éric").contains("pas validée"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corrected_after_validation_everything_follows() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        assert_eq!(school.press("Mamadou", "Tous présents").await, "");
        school.press("Mamadou", "« Retour").await;
        let roll = school.all(school.is("Mamadou")).pop().expect("the roll").id;
        let teacher = school.is("Mamadou");
        // The first key with these words is « … sauf… »: the other one by its whole label.
        let all = school.all(teacher).pop().expect("the roll").buttons[0][1].data.clone().expect("a key");
        let query = school.sandbox.press_data(teacher, teacher, roll, &all);
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.callback_answer(&query).flatten().as_deref(), Some("5 lignes notées."));
        // The same press again, of an old client: nothing more, and the screen as it is.
        let version = school.sheet(&id).await.expect("a sheet").version;
        let query = school.sandbox.press_data(teacher, teacher, roll, &all);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten();
        assert_eq!(said.as_deref(), Some("La feuille a changé entre-temps, la voici à jour."));
        assert_eq!(school.sheet(&id).await.expect("a sheet").version, version);

        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        school.until("16:05").await;
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Absent").await;
        assert_eq!(school.told("Mamadou"), "Inès M. : présent → absent. Motif ?");
        assert_eq!(school.keys(teacher), [vec!["Panne réseau", "Erreur de ma part"], vec!["Autre…"], vec!["« Retour"]]);
        school.press("Mamadou", "Autre").await;
        assert_eq!(
            school.told("Mamadou"),
            "Inès M. : présent → absent.\nÉcrivez-moi le motif en une phrase (ou /annuler)."
        );
        school.ask("Mamadou", "/annuler").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : présent");
        school.press("Mamadou", "« Retour").await;
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Absent").await;
        school.press("Mamadou", "Autre").await;
        school.ask("Mamadou", "Confondue avec une autre").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : absent");
        assert!(
            school.told("Mamadou").starts_with("Inès M. : présent → absent.\nBTS SIO 1A"),
            "{}",
            school.told("Mamadou")
        );
        assert!(school.last(school.group).contains("4 présents sur 5.\n"), "{}", school.last(school.group));
        assert_eq!(school.about("Réseaux").len(), 1);
        for who in ["Mamadou", "Éric"] {
            let files = school.files(who);
            assert_eq!(files.len(), 2, "{who}");
            let (lines, rest) = table(&files[1]);
            assert_eq!(lines[1][2], "absent");
            assert!(rest.contains("Révision 2|"), "{rest}");
        }
        // Undone within ten minutes; the key dies then.
        school.until("16:10").await;
        assert_eq!(school.press("Mamadou", "Annuler (10 min)").await, "C’est annulé. Inès M. : présent.");
        assert!(school.last(school.group).contains("5 présents sur 5.\n"));
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Absent").await;
        school.press("Mamadou", "Erreur de ma part").await;
        school.until("16:21").await;
        assert_eq!(
            school.press("Mamadou", "Annuler (10 min)").await,
            "Les 10 minutes sont passées. Corrigez par la liste, avec un motif."
        );
        assert_eq!(school.said(&id).await[1], "Inès M. : absent");
        // The supervisor may correct too; the file on request comes again, once a minute.
        let before = school.files("Mamadou").len();
        assert_eq!(school.press("Mamadou", "Recevoir la feuille").await, "La feuille arrive.");
        school.press("Mamadou", "Recevoir la feuille").await;
        assert_eq!(school.files("Mamadou").len(), before + 1);
        school.ask("Éric", "/presence").await;
        assert_eq!(school.keys(school.is("Éric")), [["mar. 24 nov. 14:00 BTS SIO 1A, Réseaux"]]);
        school.press("Éric", "Réseaux").await;
        assert!(school.told("Éric").contains("Feuille validée."), "{}", school.told("Éric"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_names_are_paged() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        for number in 10..35 {
            school.add_unlinked(&format!("Élève{number}"), &format!("Z{number}"), Role::Student, &[&class]).await;
        }
        let id = school.plan_usual().await;
        school.until("14:00").await;
        let teacher = school.is("Mamadou");
        assert!(school.told("Mamadou").contains("30 inscrits. Qui est là ?"));
        school.press("Mamadou", "sauf").await;
        let keys = school.keys(teacher);
        assert_eq!(keys.len(), 9, "six rows of names, pages, saving, back: {keys:?}");
        assert_eq!(keys[6], ["2/3 ›"]);
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "2/3").await;
        assert_eq!(school.keys(teacher)[6], ["‹ 1/3", "3/3 ›"]);
        school.press("Mamadou", "3/3").await;
        assert_eq!(school.keys(teacher)[3], ["‹ 2/3"]);
        school.press("Mamadou", "Élève34").await;
        assert_eq!(school.keys(teacher)[4], ["Enregistrer : 28 présents, 2 absents"]);
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "30 lignes notées.");
        let said = school.said(&id).await;
        assert_eq!(said.iter().filter(|line| line.ends_with("présent")).count(), 28);
        assert_eq!((said[0].as_str(), said[29].as_str()), ("Noé B. : absent", "Élève34 Z. : absent"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_lines_are_asked_about_and_never_become_absences() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Présent").await;
        school.until("16:00").await;
        assert!(
            school.told("Mamadou").ends_with("1 présent, 4 à pointer.\nÀ pointer : Inès M., Léa P., Paul S., Karim T.")
        );
        school.press("Mamadou", "Valider").await;
        assert_eq!(
            school.told("Mamadou"),
            "4 personnes à pointer : les laisser ainsi ? Elles ne compteront ni présentes ni absentes."
        );
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Proposed);
        // One of them is marked after all, without a reason: nobody had said anything of her.
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Absent").await;
        assert!(school.told("Mamadou").starts_with("Inès M. : à pointer → absent.\n"), "{}", school.told("Mamadou"));
        school.press("Mamadou", "Annuler (10 min)").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : à pointer");
        school.press("Mamadou", "Valider").await;
        assert_eq!(school.press("Mamadou", "Valider ainsi").await, "Feuille validée.");
        assert_eq!(
            school.last(school.group).lines().next(),
            Some("Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : séance terminée, 1 présent sur 5, 4 non pointés.")
        );
        let (lines, _) = table(&school.files("Mamadou")[0]);
        assert_eq!(lines[1], ["Moreau", "Inès", "non pointé", "rien"].map(str::to_owned));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i_am_here_counts_from_five_before_to_fifteen_after() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        let group = school.group;
        school.until("13:55").await;
        assert_eq!(school.press_in("Noé", group, "Je suis là").await, "C’est noté : vous êtes là.");
        let key = {
            let reminder = school.about("Réseaux").pop().expect("a reminder");
            (reminder.id, reminder.buttons[0][1].data.clone().expect("a key"))
        };
        school.until("14:00").await;
        assert_eq!(school.said(&id).await[..2], ["Noé B. : présent", "Inès M. : à pointer"]);
        // The teacher picks names while others press: nothing is begun again.
        school.press("Mamadou", "sauf").await;
        assert_eq!(school.keys(school.is("Mamadou"))[0], ["Noé B. · présent", "Inès M."]);
        school.press("Mamadou", "Paul S.").await;
        assert_eq!(school.press_in("Inès", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(school.press_in("Inès", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "3 lignes notées.");
        assert_eq!(school.press_in("Paul", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(
            school.said(&id).await,
            ["Noé B. : présent", "Inès M. : présent", "Léa P. : présent", "Paul S. : absent", "Karim T. : présent"],
            "what the teacher said stands"
        );
        // Enrolled after the start: the sheet is frozen.
        school.add_unlinked("Tard", "Venu", Role::Student, &[&class]).await;
        assert_eq!(school.lines(&id).await.len(), 5);
        school.until("14:16").await;
        let query = school.sandbox.press_data(school.is("Karim"), group, key.0, &key.1);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert_eq!(
            said,
            "« Je suis là » se touche pendant ce créneau : 13:55–14:15 (Paris). En dehors, c’est l’enseignant qui vous pointe. (SES-05)"
        );
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        let (lines, _) = table(&school.files("Mamadou")[0]);
        assert_eq!(lines.len(), 5);
        assert_eq!((lines[0][3].as_str(), lines[2][3].as_str()), ("bouton", "enseignant"));
        let place = book(&school.files("Mamadou")[0]);
        assert!(place.rows().nth(4).is_some_and(|row| row.iter().any(|cell| *cell == LINK)));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_on_the_frozen_roster_is_told() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.until("14:01").await;
        school.add("Tom", "Tard", Role::Student, &[&class], Lang::Fr).await;
        school.sandbox.add_member(school.group, school.is("Tom"), school.is("Claire"));
        let said = school.press_in("Tom", school.group, "Je suis là").await;
        assert!(said.starts_with("Votre nom n’est pas sur la feuille"), "{said}");
        school.write(async |tx| roster::unenrol(tx, &Actor::Cli, "p-noe", &class).await).await;
        assert_eq!(school.lines(&id).await.len(), 5, "who leaves the class later stays on it");
        school.until("16:00").await;
        assert!(school.said(&id).await.iter().all(|line| line.ends_with("à pointer")), "no press never means absent");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_screen_and_other_people_s_presses() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Anne", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        // Meanwhile the supervisor marks somebody.
        school.ask("Éric", "/presence").await;
        school.press("Éric", "Réseaux").await;
        school.press("Éric", "Liste").await;
        school.press("Éric", "Inès M.").await;
        school.press("Éric", "Absent").await;
        assert_eq!(school.press("Mamadou", "Présent").await, "La feuille a changé entre-temps, la voici à jour.");
        assert_eq!(school.said(&id).await[0], "Noé B. : à pointer");
        school.press("Mamadou", "Présent").await;
        assert_eq!(school.said(&id).await[..2], ["Noé B. : présent", "Inès M. : absent"]);
        // Keys of the teacher's chat are the teacher's; those of one's own open only one's own sheets.
        let teacher = school.is("Mamadou");
        let roll = school.all(teacher).pop().expect("the roll");
        let key = roll.buttons[1][0].data.clone().expect("a key");
        for who in ["Anne", "Noé"] {
            let query = school.sandbox.press_data(school.is(who), teacher, roll.id, &key);
            school.drain().await.expect("quiet");
            let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
            assert_eq!(said, "Ce bouton s’adresse à une autre personne. (TEL-02)", "{who}");
        }
        assert!(school.ask("Anne", "/presence").await.starts_with("Aucune feuille de présence ces 7 derniers jours."));
        assert!(school.ask("Noé", "/presence").await.contains("enseignant"));
        // The lesson passes to Mme Roy: what stood with M. Diallo opens nothing any more.
        school.change(&id, |session| session.teacher_id = Some("p-anne".to_owned())).await;
        assert_eq!(
            school.press("Mamadou", "Léa P.").await,
            "Cette feuille est celle d’un autre enseignant. La vie scolaire peut la corriger. (PRE-02)"
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_linked_teacher_the_roll_goes_to_the_supervisor_and_english_is_spoken() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let lesson = school.lesson("09:00", "10:00", None);
        school.plan(Session { teacher_id: None, teacher_name: "Mme Roy".to_owned(), ..lesson }).await;
        school.add("John", "Smith", Role::Teacher, &[], Lang::En).await;
        let lesson = school.lesson("14:00", "16:00", Some(LINK));
        school
            .plan(Session { teacher_id: Some("p-john".to_owned()), teacher_name: "Mr Smith".to_owned(), ..lesson })
            .await;
        school.until("09:00").await;
        assert!(school.told("Éric").starts_with("BTS SIO 1A : Réseaux, mar. 24 nov., 09:00–10:00 (Paris), Mme Roy"));
        school.until("14:00").await;
        assert_eq!(
            school.told("John"),
            "BTS SIO 1A: Réseaux, Tue 24 Nov, 14:00–16:00 (Paris), Mr Smith, remote\n\
5 enrolled. Who is here?\n\
0 present, 5 to be marked."
        );
        assert_eq!(school.keys(school.is("John")), [vec!["All present except…", "All present"], vec!["List"]]);
        school.press("John", "except").await;
        school.press("John", "Noé B.").await;
        school.press("John", "Save: 4 present, 1 absent").await;
        school.until("16:00").await;
        school.press("John", "Approve").await;
        assert_eq!(
            school.last(school.is("John")),
            "Attendance sheet, BTS SIO 1A: Réseaux, Tue 24 Nov, 14:00–16:00 (Paris)"
        );
        let range = book(&school.files("John")[0]);
        assert_eq!(range.get((0, 0)).map(ToString::to_string).as_deref(), Some("Attendance sheet"));
        assert!(school.last(school.group).contains("4 présents sur 5"), "the class speaks French");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_validates_and_nobody_is_woken() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.plan_usual().await;
        school.until("19:59").await;
        assert!(!school.told("Mamadou").starts_with("Cette feuille attend"));
        // 16:00 + 4 h is 20:00: quiet.
        school.until("23:00").await;
        assert!(!school.told("Mamadou").starts_with("Cette feuille attend"));
        school.to("25/11/2026", "07:00").await;
        assert!(school.told("Mamadou").starts_with("Cette feuille attend encore votre validation.\nBTS SIO 1A"));
        assert!(!school.told("Éric").contains("Réseaux"));
        school.to("25/11/2026", "16:00").await;
        assert!(school.told("Éric").starts_with("Cette feuille n’est toujours pas validée"), "{}", school.told("Éric"));
        let sheets = school.all(school.is("Mamadou")).iter().filter(|message| message.text.contains("Réseaux")).count();
        assert_eq!(sheets, 3, "roll, proposal, one reminder");
        // An evening lesson speaks in its group; its sheet, validated at night, waits for the morning elsewhere.
        school.to("25/11/2026", "20:00").await;
        school.plan(school.lesson("21:00", "22:00", None)).await;
        school.until("20:45").await;
        assert!(school.last(school.group).starts_with("Rappel : Réseaux, 21:00–22:00"));
        school.until("22:00").await;
        school.press("Mamadou", "Valider").await;
        school.press("Mamadou", "Valider ainsi").await;
        assert_eq!((school.files("Mamadou").len(), school.files("Éric").len()), (1, 0));
        school.to("26/11/2026", "07:00").await;
        assert_eq!(school.files("Éric").len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_s_own_line_and_contesting_it() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        assert_eq!(
            school.ask("Noé", "/moi").await,
            "Je n’ai aucune présence notée pour vous ces deux dernières semaines."
        );
        school.until("14:00").await;
        school.press("Mamadou", "sauf").await;
        for name in ["Noé B.", "Inès M."] {
            school.press("Mamadou", name).await;
        }
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        assert_eq!(
            school.ask("Noé", "/moi").await,
            "Votre présence ces deux dernières semaines :\n\
– Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : absent (feuille pas encore validée)"
        );
        school.press("Mamadou", "Valider").await;
        // In the group the command goes away, and the answer comes in private.
        let group = school.group;
        let count = school.all(group).len();
        school.sandbox.say(school.is("Noé"), group, "/moi");
        school.drain().await.expect("quiet");
        assert_eq!(school.all(group).len(), count);
        assert!(!school.sandbox.messages(group).iter().any(|message| message.text == "/moi"));
        assert_eq!(
            school.told("Noé"),
            "Votre présence ces deux dernières semaines :\n– Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : absent"
        );
        assert!(school.ask("Léa", "/me").await.ends_with(": présent"));
        assert!(school.keys(school.is("Léa")).is_empty(), "nothing to object to");

        school.press("Noé", "Contester : Réseaux mar. 24 nov.").await;
        assert!(school.told("Noé").starts_with("Vous contestez votre ligne : Réseaux, mar. 24 nov."));
        let noted = school.ask("Noé", "J’étais au fond de la salle").await;
        assert_eq!(noted, "C’est transmis à votre enseignant. La réponse vous arrivera ici.");
        assert_eq!(
            school.told("Mamadou"),
            "Noé B. conteste sa ligne (absent). Réseaux, mar. 24 nov., 14:00–16:00 (Paris). « J’étais au fond de la salle »"
        );
        assert_eq!(school.keys(school.is("Mamadou")), [["Mettre présent", "Refuser"]]);
        assert!(school.press("Noé", "Contester").await.starts_with("Vous avez déjà contesté"));
        school.press("Mamadou", "Mettre présent").await;
        let said: Vec<String> = school.all(school.is("Mamadou")).into_iter().map(|message| message.text).collect();
        assert!(said.iter().any(|text| text == "Accepté : la ligne dit maintenant « présent », et je le fais savoir."));
        assert_eq!(
            school.told("Noé"),
            "Votre contestation est acceptée. Votre ligne dit maintenant « présent » : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."
        );
        assert_eq!(school.said(&id).await[0], "Noé B. : présent");
        assert!(school.last(group).contains("4 présents sur 5"));
        assert_eq!(school.files("Éric").len(), 2);

        // Refused, with a reason.
        school.ask("Inès", "/moi").await;
        school.press("Inès", "Contester").await;
        school.ask("Inès", "Le bus").await;
        school.press("Mamadou", "Refuser").await;
        assert!(school.told("Mamadou").starts_with("Écrivez-moi en une phrase pourquoi vous refusez"));
        assert_eq!(school.ask("Mamadou", "Le bus n’est pas la salle").await, "Refusé. Je transmets votre explication.");
        assert_eq!(
            school.told("Inès"),
            "Votre contestation est refusée. Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Explication : « Le bus n’est pas la salle »"
        );
        assert_eq!(school.said(&id).await[1], "Inès M. : absent");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_seven_days_nobody_contests_and_after_ten_two_people_change() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        school.to("01/12/2026", "16:00").await;
        school.ask("Noé", "/moi").await;
        assert_eq!(school.keys(school.is("Noé")).len(), 1);
        school.until("16:01").await;
        assert_eq!(
            school.press("Noé", "Contester").await,
            "Le délai de 7 jours pour contester est passé. Parlez-en à l’école. (PRE-04)"
        );
        school.ask("Noé", "/moi").await;
        assert!(school.keys(school.is("Noé")).is_empty());
        school.to("05/12/2026", "02:00").await;
        // Each machine minute the next occurrence is written; so is it at a start.
        school.stop().await;
        school.start().await.expect("starts");
        school.until("04:00").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        // What stood on the teacher's phone from then.
        assert_eq!(school.press("Mamadou", "Corriger").await, "");
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Présent").await;
        let asked = school.press("Mamadou", "Erreur de ma part").await;
        assert_eq!(
            asked,
            "Cette feuille est close : un administrateur doit donner son accord. Je le lui demande ; sans réponse sous 3 jours, rien ne change."
        );
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        let wanted = school.told("Claire");
        assert!(
            wanted.contains("Changer une feuille de présence close. BTS SIO 1A, Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Noé B. : absent → présent. Motif : Erreur de ma part"),
            "{wanted}"
        );
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Présent").await;
        let again = school.press("Mamadou", "Erreur de ma part").await;
        assert_eq!(again, "Cette demande attend déjà l’accord d’un administrateur.");
        school.press("Claire", "Accepter").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : présent");
        assert!(school.last(school.group).contains("5 présents sur 5"));
        assert!(school.told("Claire").contains("Accepté, et fait."), "{}", school.told("Claire"));
        let state = school.write(async |tx| attendance::sheet(tx, &id).await).await.expect("a sheet").state;
        assert_eq!(state, SheetState::Locked);
        school.check().await;
    }
}
