//! Validated, corrected, left open, left alone.

use preau::school::attendance::flow::{self as attendance, Correction, Unchanged};
use preau::school::attendance::{Mark, SheetState, Source, Verdict};

use super::super::school::School;
use super::fair::{held, night};
use super::table;
use crate::world::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_present_except_then_validated() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        assert_eq!(
            school.told("Mamadou"),
            "BTS SIO 1A : Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204\n\
5 inscrits. Qui est là ? Je mets ce message à jour.\n\
Présents 0 · À pointer 5."
        );
        let teacher = school.is("Mamadou");
        assert_eq!(school.keys(teacher), [vec!["Tous présents sauf…", "Tous présents"], vec!["Liste"]]);
        assert!(!school.told("Éric").contains("Réseaux"), "the teacher has it");
        school.press("Mamadou", "sauf").await;
        assert_eq!(school.told("Mamadou"), "Touchez les absents, puis enregistrez.");
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Léa P.").await;
        school.press("Mamadou", "Paul S.").await;
        assert!(school.told("Mamadou").starts_with("3 absents choisis, 2 à noter « présent ». Touchez"));
        school.press("Mamadou", "Léa P.").await;
        assert_eq!(
            school.keys(teacher),
            [
                vec!["Absent : Noé B.", "Inès M."],
                vec!["Léa P.", "Absent : Paul S."],
                vec!["Karim T."],
                vec!["Enregistrer, 2 absents"],
                vec!["« Retour", "✕ Fermer"]
            ]
        );
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "5 lignes notées.");
        assert_eq!(school.told("Mamadou").lines().last(), Some("Présents 3 · Absents 2."));
        assert_eq!(school.keys(teacher), [["Liste"], ["Annuler (10 min)"]]);

        // Two taps a change, and the next name is one tap away.
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Karim T.").await;
        assert_eq!(school.told("Mamadou"), "Karim T. : présent.\nSource : à la main.");
        assert_eq!(school.keys(teacher)[1], ["Retard 5 min", "Retard 10 min", "Retard 15 min"]);
        school.press("Mamadou", "Retard 15 min").await;
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
3 présents (dont 1 retard), 1 absent, 1 justifié.\n\
Absent : Noé B."
        );
        assert_eq!(school.keys(teacher), [["Valider", "Corriger"]]);
        assert_eq!(school.all(teacher).iter().filter(|message| message.text.contains("Réseaux")).count(), 2);
        assert_eq!(school.press("Mamadou", "Valider").await, "Feuille validée.");
        assert_eq!(
            school.last(school.group),
            "Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : séance terminée, 3 présents sur 5 (dont 1 retard).\n\
Chacun voit sa ligne avec /moi."
        );
        assert_eq!(school.about("Réseaux").len(), 1, "the same message, edited");
        for who in ["Mamadou", "Éric"] {
            let files = school.files(who);
            assert_eq!(files.len(), 1, "{who}");
            assert_eq!(files[0].name, "2026-11-24_14h00_BTS-SIO-1A_Reseaux.xlsx");
            let (lines, rest) = table(&files[0]);
            let line = |last: &str, first: &str, state: &str| [last, first, state, "à la main"].map(str::to_owned);
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
        // The same press again, of an old client: nothing more, and the screen as it is, where it may be taken back.
        let version = school.sheet(&id).await.expect("a sheet").version;
        let query = school.sandbox.press_data(teacher, teacher, roll, &all);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten();
        assert_eq!(said.as_deref(), Some("5 lignes notées."));
        assert_eq!(school.sheet(&id).await.expect("a sheet").version, version);
        assert!(school.keys(teacher).concat().contains(&"Annuler (10 min)".to_owned()), "{:?}", school.keys(teacher));

        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        school.until("16:05").await;
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Absent").await;
        assert_eq!(school.told("Mamadou"), "Inès M. : présent → absent. Motif ?");
        assert_eq!(
            school.keys(teacher),
            [vec!["Panne réseau", "Erreur de ma part"], vec!["Autre…"], vec!["« Retour", "✕ Fermer"]]
        );
        school.press("Mamadou", "Autre").await;
        assert_eq!(
            school.told("Mamadou"),
            "Inès M. : présent → absent.\nÉcrivez-moi le motif en une phrase (ou /annuler). Pas de détail de santé, s’il vous plaît."
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
            let who = "Corrigée par Mamadou Diallo, mardi 24 novembre 2026, 16:05 (Paris)";
            assert!(rest.contains(who), "{rest}");
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
        assert_eq!(school.keys(school.is("Éric")), [["14:00 Réseaux · BTS SIO 1A, mar. 24 nov."], ["✕ Fermer"]]);
        school.press("Éric", "Réseaux").await;
        assert!(school.told("Éric").contains("Feuille validée."), "{}", school.told("Éric"));
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
async fn a_justification_qualifies_an_absence_and_makes_none() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        let teacher = school.is("Mamadou");
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        assert_eq!(school.keys(teacher)[2], ["En retard…"], "to be marked: no absence yet");
        school.press("Mamadou", "Absent").await;
        school.press("Mamadou", "Noé B.").await;
        let justify = school.all(teacher).pop().expect("the roll");
        school.press("Mamadou", "Absence justifiée").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : justifié");
        // Taken back, it is an absence again; a correction that says so of one who was there is refused.
        school.press("Mamadou", "Annuler (10 min)").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        let verdict = Verdict { mark: Mark::Justified, late: None, early: None, minutes: None, source: Source::Manual };
        let correction = Correction {
            session_id: &id,
            person_id: "p-ines",
            verdict,
            reason: "roll",
            by: "p-mamadou",
            version: None,
            undo: false,
            agreed: true,
        };
        let refused = school.write(async |tx| attendance::correct(tx, &correction).await).await;
        assert_eq!(refused, Err(Unchanged::NotAbsent));
        assert_eq!(school.said(&id).await[1], "Inès M. : à pointer");
        // The key of an old screen does nothing.
        let key = justify.buttons[1][1].data.clone().expect("a key");
        let query = school.sandbox.press_data(teacher, teacher, justify.id, &key);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten();
        assert_eq!(said.as_deref(), Some("La feuille a changé entre-temps, la voici à jour."));
        school.check().await;
    }
}

/// Why somebody was ill is nobody's business here: a kind of proof is noted, and no words are asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_excuse_after_the_lesson_has_a_kind_and_no_words() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Absence justifiée").await;
        assert_eq!(school.told("Mamadou"), "Noé B. : absent → justifié. Motif ?");
        let teacher = school.is("Mamadou");
        assert_eq!(
            school.keys(teacher),
            [vec!["Justificatif reçu"], vec!["Accord de l’école"], vec!["« Retour", "✕ Fermer"]]
        );
        school.press("Mamadou", "Justificatif reçu").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : justifié");
        // Of an old sheet, where a second person reads why.
        school.press("Mamadou", "Annuler (10 min)").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        school.press("Mamadou", "Valider").await;
        let mut school = school;
        school.to("05/12/2026", "02:00").await;
        night(&mut school, "05/12/2026").await;
        school.ask("Éric", "/presence").await;
        let kept = school.told("Éric");
        assert!(kept.starts_with("Aucune feuille"), "validated, and older than a week: {kept}");
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Absence justifiée").await;
        school.press("Mamadou", "Accord de l’école").await;
        let wanted = school.told("Claire");
        assert!(wanted.contains("Noé B. : absent → justifié. Motif : Accord de l’école"), "{wanted}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_undecided_is_asked_about_and_an_unvalidated_sheet_may_be_contested() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("13:50").await;
        school.press_in("Paul", school.group, "Je serai absent").await;
        school.until("14:00").await;
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        assert!(school.told("Mamadou").contains("Absents : Noé B., Paul S."), "{}", school.told("Mamadou"));
        // As a call would propose it.
        let verdict =
            Verdict { mark: Mark::Partial, late: None, early: None, minutes: Some(70), source: Source::Manual };
        let correction = Correction {
            session_id: &id,
            person_id: "p-lea",
            verdict,
            reason: "roll",
            by: "p-mamadou",
            version: None,
            undo: false,
            agreed: false,
        };
        school.write(async |tx| attendance::correct(tx, &correction).await).await.expect("changed");
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        assert!(school.told("Mamadou").contains("Partiel, à vous de décider : Léa P."), "{}", school.told("Mamadou"));
        school.press("Mamadou", "Valider").await;
        assert!(school.told("Mamadou").starts_with("1 personne à pointer : la laisser ainsi ?"));
        // Contested before anybody validated.
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        school.ask("Noé", "J’étais là").await;
        school.press("Mamadou", "Mettre présent").await;
        school.press("Mamadou", "Contestation acceptée").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : présent");
        assert!(school.said(&id).await[2].starts_with("Léa P. : partiel"));
        assert!(school.files("Mamadou").is_empty(), "nothing is made public by that");
        school.press("Mamadou", "« Retour").await;
        school.press("Mamadou", "Valider").await;
        school.press("Mamadou", "Valider ainsi").await;
        let (lines, _) = table(&school.files("Mamadou")[0]);
        assert_eq!(
            (lines[2][2].as_str(), lines[3][2].as_str()),
            ("non pointé", "absent"),
            "who announced it was picked"
        );
        assert!(school.last(school.group).contains("3 présents sur 5"), "{}", school.last(school.group));
        school.check().await;
    }
}

/// Four hours, then a day: to the minute, where nobody sleeps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teacher_is_reminded_after_four_hours_and_the_supervisor_told_after_a_day() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.to("25/11/2026", "07:30").await;
        school.plan(school.lesson("08:00", "10:00", None)).await;
        let waits = "Cette feuille attend encore votre validation.";
        school.until("13:59").await;
        assert!(!school.told("Mamadou").starts_with(waits), "{engine:?}: {}", school.told("Mamadou"));
        school.until("14:00").await;
        assert!(school.told("Mamadou").starts_with(waits), "{engine:?}: {}", school.told("Mamadou"));
        let late = "Cette feuille n’est toujours pas validée";
        school.to("26/11/2026", "09:59").await;
        assert!(!school.all(school.is("Éric")).iter().any(|message| message.text.starts_with(late)), "{engine:?}");
        school.until("10:00").await;
        assert!(school.told("Éric").starts_with(late), "{engine:?}: {}", school.told("Éric"));
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
        assert_eq!(sheets, 4, "roll, nobody marked after ten minutes, proposal, one reminder");
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
