//! A school far from Paris: what its file says, when it is told, and which day it is, are its own.

use chrono_tz::Tz;
use preau::kernel::At;
use preau::kernel::time::{Zone, read_day, read_hour};

use super::school::School;
use super::timetable::book;
use crate::store::Raw;
use crate::world::Engine;

const SCHOOL: Zone = Zone(Tz::Indian__Reunion);

/// Three hours before Paris, in winter.
fn here(day: &str, hour: &str) -> At {
    SCHOOL.instant(read_day(day).expect("a day"), read_hour(hour).expect("an hour"))
}

impl School {
    async fn pass(&self, day: &str, hour: &str) {
        self.go_to(here(day, hour)).await.expect("time passes");
    }

    /// Sends a timetable; gives what the preview says.
    async fn previews(&self, lessons: &[[&str; 7]]) -> String {
        let claire = self.is("Claire");
        self.sandbox.send_file(claire, claire, "EDT.xlsx", book(&[], lessons), None);
        self.drain().await.expect("quiet");
        self.last(claire)
    }

    fn in_group(&self, begin: &str) -> Vec<(At, String)> {
        let said = self.all(self.group).into_iter().map(|message| (message.at, message.text));
        said.filter(|(_, text)| text.starts_with(begin)).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_on_la_reunion_lives_by_its_own_hours() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("school.time_zone", "Indian/Reunion")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let lesson = |day, from, to, subject, room| [day, from, to, "BTS SIO 1A", subject, "M. Diallo", room];
        let morning = lesson("25/11/2026", "08:30", "10:30", "Réseaux", "B204");
        let preview = school.previews(&[morning, lesson("26/11/2026", "14:00", "16:00", "Droit", "A1")]).await;
        assert!(preview.contains("Séances : +2"), "{engine:?}: {preview}");
        school.press("Claire", "Voir").await;
        let shown = school.last(school.is("Claire"));
        assert!(shown.contains("mer. 25 nov., 08:30–10:30 (Réunion)"), "{engine:?}: {shown}");
        school.press("Claire", "Fermer").await;
        school.press("Claire", "Appliquer").await;

        // 20:30 here is the afternoon in Paris: it is quiet here.
        school.pass("24/11/2026", "20:30").await;
        let preview = school.previews(&[morning, lesson("26/11/2026", "14:00", "16:00", "Droit", "A7")]).await;
        let quiet = "1 classe sera prévenue le mer. 25 nov., 07:00 (Réunion), après les heures calmes.";
        assert_eq!(preview.lines().last(), Some(quiet), "{engine:?}: {preview}");
        school.press("Claire", "Appliquer").await;

        // Half past midnight: the day is a new one here, not in Paris.
        school.pass("25/11/2026", "00:30").await;
        let today = school.ask("Inès", "/aujourdhui").await;
        assert!(today.contains("08:30–10:30 (Réunion)"), "{engine:?}: {today}");

        // What recurs at three in the morning.
        let mut raw = Raw::open(&school.place).await;
        let three = here("25/11/2026", "03:00");
        let locked = format!(
            "SELECT COUNT(*) FROM outbox WHERE key LIKE 'moment:attendance-lock:%' AND state = 'completed' \
             AND due_at = {}",
            three.millis()
        );
        school.pass("25/11/2026", "02:59").await;
        assert_eq!(raw.number(&locked).await, 0, "{engine:?}");
        school.pass("25/11/2026", "03:00").await;
        assert_eq!(raw.number(&locked).await, 1, "{engine:?}");

        school.pass("25/11/2026", "06:59").await;
        assert_eq!(school.in_group("Changements"), [], "{engine:?}");
        school.pass("25/11/2026", "07:00").await;
        let changes = "Changements :\n– Modifié : Droit, jeu. 26 nov., 14:00–16:00 (Réunion) ; salle A1 → salle A7";
        assert_eq!(school.in_group("Changements"), [(here("25/11/2026", "07:00"), changes.to_owned())], "{engine:?}");

        school.pass("25/11/2026", "08:14").await;
        assert_eq!(school.in_group("Rappel"), [], "{engine:?}");
        school.pass("25/11/2026", "08:20").await;
        let reminder = "Rappel : Réseaux, 08:30–10:30 (Réunion), M. Diallo, salle B204.";
        assert_eq!(school.in_group("Rappel"), [(here("25/11/2026", "08:15"), reminder.to_owned())], "{engine:?}");
        drop(raw);
        school.check().await;
    }
}
