//! What a file may do to sessions that are announced, under way or over.

use preau::school::session::State;

use super::*;
use crate::world::Engine;

fn said(world: &World, chat: i64, words: &str) -> usize {
    let is_so = |text: &str| text.contains(words) && !text.starts_with("Changements");
    world.sandbox.messages(chat).iter().filter(|message| is_so(&message.text)).count()
}

/// What the class was told of changes.
fn notices(world: &World, chat: i64) -> Vec<String> {
    let messages = world.sandbox.messages(chat).into_iter().map(|message| message.text);
    messages.filter(|text| text.starts_with("Changements")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reminders_follow_what_the_file_moves_and_never_come_for_what_it_cancels() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        let day = |start, end, subject, room| ["24/11/2026", start, end, "1A", subject, "", room];
        let first = [
            day("08:30", "09:30", "Histoire", "A1"),
            day("10:00", "11:00", "Réseaux", "B204"),
            day("14:00", "15:00", "Droit", "A1"),
            day("16:00", "17:00", "Anglais", "A1"),
        ];
        sends(&world, claire, "EDT.xlsx", book(&[], &first)).await;
        presses(&world, claire, "Appliquer").await;
        let before = timetable(&world).await;
        world.until("08:20").await;
        assert_eq!(said(&world, group, "Histoire"), 1);
        world.until("08:40").await;

        // Histoire has begun: it has its sheet. Réseaux moves, Droit is gone, Anglais changes rooms.
        let second = [
            day("08:30", "09:45", "Histoire", "C9"),
            day("11:30", "12:30", "Réseaux", "B204"),
            day("16:00", "17:00", "Anglais", "A7"),
        ];
        let shown = sends(&world, claire, "EDT.xlsx", book(&[], &second)).await;
        assert!(shown.contains("Séances : +0 −1 ~2, inchangées 1."), "{shown}");
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 2 séances modifiées, 1 retirée.");
        let after = timetable(&world).await;
        let id = |all: &[Session], subject: &str| all.iter().find(|s| s.subject == subject).map(|s| s.id.clone());
        for subject in ["Histoire", "Réseaux", "Droit", "Anglais"] {
            assert_eq!(id(&before, subject), id(&after, subject), "{subject}");
        }
        assert_eq!(before[0], after[0], "Histoire is as it was");
        world.until("11:14").await;
        assert_eq!(said(&world, group, "Réseaux"), 0, "not at its old hour");
        assert_eq!(
            notices(&world, group),
            ["Changements :\n\
– Déplacé : Réseaux, mar. 24 nov., 10:00–11:00 (Paris) → mar. 24 nov., 11:30–12:30 (Paris)\n\
– Annulé : Droit, mar. 24 nov., 14:00–15:00 (Paris)\n\
– Modifié : Anglais, mar. 24 nov., 16:00–17:00 (Paris) ; salle A1 → salle A7"],
            "one import, one notice"
        );
        world.until("11:16").await;
        assert_eq!(said(&world, group, "Réseaux"), 1);
        world.until("15:40").await;
        assert_eq!(said(&world, group, "Droit"), 0);
        world.until("15:46").await;
        assert_eq!(said(&world, group, "Anglais"), 1);
        assert!(last(&world, group).contains("A7"), "{}", last(&world, group));

        // Announced, then cancelled: its message says so.
        let third = [day("11:30", "12:30", "Réseaux", "B204")];
        sends(&world, claire, "EDT.xlsx", book(&[], &third)).await;
        let (text, _) = presses(&world, claire, "Appliquer").await;
        assert_eq!(text, "Fait : 1 séance retirée.");
        assert!(
            last(&world, group).contains("Anglais") && last(&world, group).contains("nnul"),
            "{}",
            last(&world, group)
        );
        // It comes back: as a new session, with a reminder of its own.
        sends(&world, claire, "EDT.xlsx", book(&[], &[third[0], day("16:00", "17:00", "Anglais", "A7")])).await;
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance ajoutée.");
        world.until("17:01").await;
        let all = timetable(&world).await;
        assert_eq!(all.iter().filter(|s| s.subject == "Anglais" && s.state == State::Planned).count(), 1);
        assert_eq!(said(&world, group, "Anglais"), 2);
        assert_eq!(notices(&world, group).len(), 1, "the same lesson as before");

        // The next day everything is over: nothing of it is touched, whatever the file says.
        world.go_to(at("25/11/2026", "07:00")).await.expect("time passes");
        let shown = sends(&world, claire, "EDT.xlsx", book(&[], &[day("09:00", "11:00", "Réseaux", "Z1")])).await;
        assert!(shown.contains("−0 ~0"), "{shown}");
        assert_eq!(timetable(&world).await, all);
        let mut world = world;
        world.strike().await;
    }
}
