//! A lesson from its reminder to its sheet, contested and corrected.

use preau::kernel::Lang;
use preau::school::audit::Actor;
use preau::school::roster::{Role, flow as roster};
use preau::school::session::{Mode, Session};

use super::tale::Tale;

const LINK: &str = "https://visio.example/sio";

async fn asked(tale: &mut Tale) {
    for who in ["Inès", "Mamadou", "Éric"] {
        tale.tell(who, ["/aujourdhui", "/today"]).await;
        tale.tell(who, ["/semaine", "/week"]).await;
        tale.tell(who, ["/prochain", "/next"]).await;
    }
    tale.tell("Inès", ["/moi", "/me"]).await;
    tale.tell("Mamadou", ["/presence", "/attendance"]).await;
}

/// Before the lesson: what is asked, announced and changed.
async fn before(tale: &mut Tale) -> String {
    asked(tale).await;
    let id = tale.plan_usual().await;
    let other = tale.lesson("17:00", "18:00", Some(LINK));
    let other = tale
        .plan(Session { subject: "Anglais".to_owned(), teacher_name: String::new(), teacher_id: None, ..other })
        .await;
    let hybrid = Session { mode: Mode::Hybrid, subject: "Droit".to_owned(), ..tale.lesson("10:00", "11:00", None) };
    let algo = Session { room: String::new(), subject: "Algo".to_owned(), ..hybrid.clone() };
    let maths = Session { room: String::new(), mode: Mode::OnSite, subject: "Maths".to_owned(), ..hybrid.clone() };
    let mut morning = Vec::new();
    for session in [hybrid, algo, maths] {
        morning.push(tale.plan(session).await);
    }
    asked(tale).await;
    tale.cancel(&other).await;
    tale.step("le cours d’anglais est annulé");
    tale.tell("Inès", ["/aujourdhui", "/today"]).await;
    for session in &morning {
        tale.cancel(session).await;
    }
    let group = tale.group;
    tale.tell_in("Inès", group, ["/aujourdhui", "/today"]).await;
    tale.tell_in("Inès", group, ["/semaine", "/week"]).await;
    tale.wait("13:45").await;
    tale.tell("Inès", ["/prochain", "/next"]).await;
    for (who, key) in [("Inès", "session-absent-key"), ("Karim", "session-late-key"), ("Mamadou", "session-absent-key")]
    {
        tale.touch_in(who, group, key).await;
    }
    tale.touch("Inès", "session-withdraw-key").await;
    tale.touch_in("Inès", group, "session-absent-key").await;
    id
}

/// The roll is called.
async fn roll(tale: &mut Tale) {
    tale.wait("14:00").await;
    tale.tell("Mamadou", ["/prochain", "/next"]).await;
    tale.touch("Mamadou", "attendance-except-key").await;
    tale.touch("Mamadou", "Noé B.").await;
    tale.touch("Mamadou", "attendance-save-key").await;
    tale.touch("Mamadou", "attendance-undo-key").await;
    tale.touch("Mamadou", "attendance-except-key").await;
    tale.touch("Mamadou", "Noé B.").await;
    tale.touch("Mamadou", "attendance-save-key").await;
    tale.touch("Mamadou", "attendance-list-key").await;
    tale.touch("Mamadou", "Karim T.").await;
    tale.touch("Mamadou", "attendance-late-key").await;
    tale.touch("Mamadou", "attendance-minutes-key").await;
    tale.tell("Noé", ["/moi", "/me"]).await;
    tale.wait("16:00").await;
    tale.tell("Mamadou", ["/presence", "/attendance"]).await;
    tale.touch("Mamadou", "Réseaux").await;
    tale.wait("17:00").await;
    tale.touch("Mamadou", "attendance-validate-key").await;
}

/// A line is contested, twice; another is corrected.
async fn contested(tale: &mut Tale) {
    tale.tell("Inès", ["/moi", "/me"]).await;
    tale.touch("Inès", "attendance-contest-key").await;
    tale.tell("Inès", ["J’étais au fond de la salle.", "I was at the back of the room."]).await;
    tale.touch("Inès", "attendance-contest-key").await;
    tale.touch("Mamadou", "attendance-contest-accept-key").await;
    tale.touch("Mamadou", "attendance-why-contest-key").await;
    tale.tell("Noé", ["/moi", "/me"]).await;
    tale.touch("Noé", "attendance-contest-key").await;
    tale.tell("Noé", ["Le bus.", "The bus."]).await;
    tale.touch("Mamadou", "attendance-contest-refuse-key").await;
    tale.tell("Mamadou", ["Le bus n’est pas la salle.", "The bus is not the room."]).await;
    tale.touch("Mamadou", "attendance-correct-key").await;
    tale.touch("Mamadou", "Karim T.").await;
    tale.touch("Mamadou", "attendance-absent-key").await;
    tale.touch("Mamadou", "attendance-why-other").await;
    tale.tell("Mamadou", ["Parti au bout de dix minutes.", "Left after ten minutes."]).await;
    tale.touch("Mamadou", "attendance-undo-key").await;
    tale.touch("Mamadou", "attendance-file-key").await;
}

/// Nobody validated it: those in charge are told; then it is locked, and two people change it.
async fn late(tale: &mut Tale) {
    tale.plan(Session { subject: "Algo".to_owned(), ..tale.lesson("21:00", "22:00", None) }).await;
    tale.wait("21:01").await;
    tale.wait("22:00").await;
    tale.touch("Mamadou", "attendance-validate-key").await;
    tale.wait_to("25/11/2026", "09:00").await;
    tale.wait_to("27/11/2026", "09:00").await;
    tale.wait_to("03/12/2026", "16:00").await;
    tale.wait_to("05/12/2026", "02:00").await;
    tale.stop().await;
    tale.school_mut().start().await.expect("starts");
    tale.wait("04:00").await;
    tale.tell("Mamadou", ["/presence", "/attendance"]).await;
    tale.touch("Mamadou", "attendance-correct-key").await;
    tale.touch("Mamadou", "Karim T.").await;
    tale.touch("Mamadou", "attendance-absent-key").await;
    tale.touch("Mamadou", "attendance-why-mistake").await;
    tale.touch("Claire", "approval-accept").await;
}

async fn told(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    before(&mut tale).await;
    roll(&mut tale).await;
    contested(&mut tale).await;
    late(&mut tale).await;
    tale.end("lessons").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_in_english() {
    told(Lang::En).await;
}

/// Moved, cancelled, from afar with a link; whoever is not on the frozen list.
async fn changes(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    let group = tale.group;
    let id = tale.plan(tale.lesson("14:00", "16:00", Some(LINK))).await;
    let second = tale.plan(Session { subject: "Algo".to_owned(), ..tale.lesson("17:00", "18:00", None) }).await;
    tale.wait("13:50").await;
    tale.wait("13:55").await;
    tale.touch_in("Noé", group, "session-here-key").await;
    tale.wait("14:01").await;
    let class = tale.class.clone();
    let tom = tale.join("Tom", "Tard", Role::Student, &[&class]).await;
    let claire = tale.is("Claire");
    tale.sandbox.add_member(group, tom, claire);
    tale.touch_in("Tom", group, "session-here-key").await;
    tale.touch_in("Mamadou", group, "session-here-key").await;
    tale.touch("Mamadou", "attendance-all-key").await;
    tale.cancel(&id).await;
    tale.step("le cours est annulé pendant l’appel");
    tale.wait("16:45").await;
    let later = |session: &mut Session| {
        session.start_at = session.start_at.plus_hours(1);
        session.end_at = session.end_at.plus_hours(1);
        session.room = "A10".to_owned();
    };
    tale.change(&second, later).await;
    tale.step("le cours d’algo est déplacé");
    tale.wait("17:50").await;
    tale.write(async |tx| roster::unenrol(tx, &Actor::Cli, "p-noe", &class).await).await;
    tale.touch_in("Noé", group, "session-absent-key").await;
    let stranger = tale.stranger("Passant");
    tale.sandbox.add_member(group, stranger, claire);
    tale.step("quelqu’un entre dans le groupe");
    tale.tell_in("Inès", group, ["/moi", "/me"]).await;
    tale.tell_in("Inès", group, ["/absence", "/absence"]).await;
    tale.tell_in("Inès", group, ["/presence", "/attendance"]).await;
    tale.tell_in("Inès", group, ["/licorne", "/unicorn"]).await;
    tale.end("changes").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_in_french() {
    changes(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_in_english() {
    changes(Lang::En).await;
}
