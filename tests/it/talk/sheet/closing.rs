//! ✕ Fermer on the screens of a roll and a sheet: their message stays, with what is to be decided in it.

use super::super::school::School;
use super::LINK;
use crate::world::Engine;

/// The last row of every screen but the first.
const LAST: [&str; 2] = ["« Retour", "✕ Fermer"];

/// Opens screens, one press after the other, and closes the last; says what was shown over that press.
async fn opened_and_closed(school: &School, labels: &[&str]) -> String {
    let teacher = school.is("Mamadou");
    let (first, messages) = (school.told("Mamadou"), school.all(teacher).len());
    let keys = school.keys(teacher);
    for label in labels {
        school.press("Mamadou", label).await;
        assert_eq!(school.keys(teacher).last().map(Vec::as_slice), Some(LAST.map(str::to_owned).as_slice()), "{label}");
    }
    let said = school.press("Mamadou", "✕ Fermer").await;
    assert_eq!((school.told("Mamadou"), school.keys(teacher)), (first, keys), "{labels:?}");
    assert_eq!(school.all(teacher).len(), messages, "the same message");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_comes_back_to_what_is_to_be_decided() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.until("14:00").await;
        for labels in [&["sauf"][..], &["Liste"], &["Liste", "Noé B."], &["Liste", "Noé B.", "En retard…"]] {
            assert_eq!(opened_and_closed(&school, labels).await, "", "{labels:?}");
        }
        // The roll whose list was closed is still followed.
        school.press_in("Inès", school.group, "Je suis là").await;
        school.until("14:01").await;
        assert!(school.told("Mamadou").contains("Présents 1 · "), "{}", school.told("Mamadou"));
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Absent").await;

        school.until("16:00").await;
        let teacher = school.is("Mamadou");
        let waits = "La feuille attend toujours d’être validée.";
        assert_eq!(school.keys(teacher).last().expect("keys"), &["Valider", "Corriger"]);
        let screens: [&[&str]; 6] = [
            &["sauf"],
            &["Corriger"],
            &["Corriger", "Noé B."],
            &["Corriger", "Noé B.", "Présent"],
            &["Corriger", "Noé B.", "Présent", "Autre…"],
            &["Valider"],
        ];
        for labels in screens {
            assert_eq!(opened_and_closed(&school, labels).await, waits, "{labels:?}");
        }
        // The reason that was asked for is not waited for any more.
        school.ask("Mamadou", "Présente en fait").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");

        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        school.press("Mamadou", "Valider").await;
        assert_eq!(school.press("Mamadou", "Valider ainsi").await, "Feuille validée.");
        assert_eq!(opened_and_closed(&school, &["Corriger", "Noé B."]).await, "", "nothing waits");
        assert_eq!(school.keys(teacher), [["Corriger", "Recevoir la feuille"]]);
        school.check().await;
    }
}
