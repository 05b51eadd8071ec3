//! What is promised of calls and hangs on the school's settings, on the kind of lesson, or on what Telegram lets us see.

use preau::kernel::At;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::attendance::flow as attendance;
use preau::school::session::{CallState, Mode, Session};

use super::calls::{enter, in_call, remote};
use super::calls_seen::state;
use super::groups_made::sign_in;
use super::school::{School, id_of};
use crate::world::Engine;

const CREATE: &str = "phone.createGroupCall";

/// A school with its group and its account, and with these keys.
async fn school_with(engine: Engine, keys: &[(&str, &str)]) -> School {
    let mut school = School::with(engine, keys).await;
    school.group = school.adopt("BTS SIO 1A").await;
    school.caller().await;
    school
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_is_muted_where_the_school_wishes() {
    for engine in Engine::all() {
        for (wish, lost) in [("yes", false), ("yes", true), ("no", false)] {
            let school = school_with(engine, &[("call.join_muted", wish)]).await;
            remote(&school).await;
            if lost {
                school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
            }
            school.until("13:57").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].join_muted, wish == "yes", "{wish}, lost {lost}");
            school.check().await;
        }
        // The teacher's own call stays as the teacher opened it.
        let school = school_with(engine, &[("call.join_muted", "yes")]).await;
        remote(&school).await;
        school.until("13:50").await;
        school.sandbox.start_call(school.is("Claire"), school.group, "Bonjour");
        school.until("13:57").await;
        assert!(!school.sandbox.calls(school.group)[0].join_muted);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_may_open_calls_only_where_there_is_no_link() {
    for engine in Engine::all() {
        let school = school_with(engine, &[("call.when", "without_link")]).await;
        let link = Some("https://visio.example/reseaux");
        let linked = school.plan(school.lesson("10:00", "11:00", link)).await;
        let unlinked = remote(&school).await;
        school.until("09:46").await;
        let reminder = school.last(school.group);
        assert!(reminder.starts_with("Rappel : ") && !reminder.contains("Appel vidéo"), "{engine:?}: {reminder}");
        school.until("10:01").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        assert_eq!(state(&school, &linked).await, None);
        assert!(school.keys(school.group).iter().flatten().any(|key| key == "Rejoindre"));
        school.until("13:46").await;
        let reminder = school.last(school.group);
        assert!(reminder.ends_with("\nAppel vidéo du groupe à 13:55."), "{engine:?}: {reminder}");
        school.until("13:56").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1);
        assert_eq!(state(&school, &unlinked).await, Some(CallState::Open));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_that_opens_no_calls_promises_none_and_has_its_key() {
    for engine in Engine::all() {
        let school = school_with(engine, &[("call.when", "never")]).await;
        remote(&school).await;
        school.until("13:56").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        let reminder = school.last(school.group);
        assert!(reminder.starts_with("Rappel : ") && !reminder.contains("Appel vidéo"), "{engine:?}: {reminder}");
        for who in ["Mamadou", "Claire"] {
            assert!(!school.told(who).contains("appel vidéo"), "{engine:?}: {}", school.told(who));
        }
        school.press_in("Inès", school.group, "Je suis là").await;
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_cannot_be_opened_gives_the_lessons_own_link_back() {
    for engine in Engine::all() {
        let school = school_with(engine, &[]).await;
        school.plan(school.lesson("14:00", "16:00", Some("https://visio.example/reseaux"))).await;
        school.sandbox.fault(Fault::CallsRefused(school.group));
        school.until("13:56").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Le lien du cours est dans le message du groupe."), "{told}");
        let reminder = school.about("Réseaux").into_iter().next().expect("a reminder");
        let link = reminder.buttons.iter().flatten().find(|key| key.text == "Rejoindre").expect("a way in");
        assert_eq!(link.url.as_deref(), Some("https://visio.example/reseaux"));
        school.press_in("Inès", school.group, "Je suis là").await;
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hybrid_lesson_has_its_call_and_those_in_the_room_are_to_be_marked() {
    for engine in Engine::all() {
        let school = school_with(engine, &[]).await;
        let lesson = Session { mode: Mode::Hybrid, ..school.lesson("14:00", "16:00", None) };
        let id = school.plan(lesson).await;
        school.until("13:56").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        enter(&school, &["Inès", "Léa"]);
        school.until("14:50").await;
        school.sandbox.leave_call(school.is("Léa"), school.group);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[1], "Inès M. : présent");
        assert!(!said[2].ends_with(": présent"), "{said:?}");
        for line in [0, 3, 4] {
            assert!(said[line].ends_with("à pointer"), "never seen, perhaps in the room: {said:?}");
        }
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_less_than_half_the_lesson_proposes_nothing_against_anybody() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:50").await;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert!(said.iter().all(|line| line.ends_with("à pointer") || line == "Inès M. : présent"), "{said:?}");
        assert!(said.iter().filter(|line| line.ends_with("à pointer")).count() >= 4, "{said:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_minutes_in_the_dark_interrupt_nobody() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.until("14:30").await;
        let error = "WORKER_BUSY_TOO_LONG_RETRY".to_owned();
        school.sandbox.fault(Fault::Refuse { method: "phone.getGroupCall".to_owned(), code: 500, error, times: 20 });
        school.until("14:31").await;
        // Out and in again while nobody looked; one stays out.
        school.sandbox.leave_call(school.is("Inès"), school.group);
        school.sandbox.leave_call(school.is("Noé"), school.group);
        school.until("14:34").await;
        enter(&school, &["Inès"]);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[..3], ["Noé B. : absent", "Inès M. : présent", "Léa P. : présent"]);
        school.check().await;
    }
}

/// What is pushed is a hint: without it, or late, the sheet is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushed_news_that_are_lost_or_late_change_no_sheet() {
    for engine in Engine::all() {
        let mut sheets = Vec::new();
        let lost = Fault::LoseCallUpdates { times: 1_000 };
        let late = Fault::DelayCallUpdates { millis: 40, times: 1_000 };
        for fault in [None, Some(lost), Some(late)] {
            let (school, id) = in_call(engine).await;
            if let Some(fault) = fault.clone() {
                school.sandbox.fault(fault);
            }
            enter(&school, &["Inès", "Léa", "Noé"]);
            school.until("14:20").await;
            enter(&school, &["Paul"]);
            school.until("15:00").await;
            school.sandbox.leave_call(school.is("Léa"), school.group);
            school.until("15:01").await;
            enter(&school, &["Léa"]);
            school.until("15:30").await;
            school.sandbox.leave_call(school.is("Noé"), school.group);
            school.until("15:31").await;
            let told = school.told("Mamadou");
            assert!(told.contains("Présents 3") || told.contains("En retard 1"), "{fault:?}: {told}");
            school.sandbox.end_call(school.is("Claire"), school.group);
            school.until("15:33").await;
            assert_eq!(state(&school, &id).await, Some(CallState::Over), "{fault:?}");
            school.until("16:00").await;
            sheets.push((fault, school.said(&id).await));
            school.check().await;
        }
        assert_eq!(sheets[0].1, sheets[1].1);
        assert_eq!(sheets[0].1, sheets[2].1);
        assert_eq!(sheets[0].1[2], "Léa P. : présent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_message_is_edited_at_most_every_thirty_seconds() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        school.until("14:00").await;
        let before = school.sandbox.journal().len();
        for step in 0..60 {
            // Somebody whom nobody knows is counted: the words change each time.
            let guest = school.sandbox.add_person(&format!("Invité {step}"), "", "fr");
            school.sandbox.add_member(school.group, guest, school.is("Claire"));
            school.sandbox.join_call(guest, school.group).expect("joined");
            let next = At(school.clock.now().millis() + 5_000);
            school.go_to(next).await.expect("time passes");
        }
        let teacher = Some(school.is("Mamadou"));
        let journal = school.sandbox.journal();
        let edits: Vec<At> = journal[before..]
            .iter()
            .filter(|call| call.chat_id == teacher && call.method.eq_ignore_ascii_case("editMessageText"))
            .map(|call| call.at)
            .collect();
        assert!((6..=11).contains(&edits.len()), "five minutes: {edits:?}");
        assert!(edits.windows(2).all(|two| two[0].millis() + 30_000 <= two[1].millis()), "{edits:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_of_a_call_that_two_lessons_share_reach_both() {
    for engine in Engine::all() {
        let (school, first) = in_call(engine).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
        let second = school.plan(next).await;
        for minute in ["15:57", "15:58", "15:59"] {
            school.until(minute).await;
            let guest = school.sandbox.add_person(minute, "", "fr");
            school.sandbox.add_member(school.group, guest, school.is("Claire"));
            school.sandbox.join_call(guest, school.group).expect("joined");
            let soon = At(school.clock.now().millis() + 4_000);
            school.go_to(soon).await.expect("time passes");
            let seen = async |id: &str| school.write(async |tx: &mut Tx| attendance::strangers(tx, id).await).await;
            let found = seen(&first).await;
            assert!(found.iter().any(|one| one.peer == guest), "{minute}: {found:?}");
            assert_eq!(found, seen(&second).await, "{minute}");
        }
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_goes_on_for_the_next_lesson_is_called_after_it() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
        school.plan(next).await;
        school.until("16:04").await;
        assert_eq!(school.sandbox.calls(school.group)[0].title, "Réseaux · 24/11");
        school.until("16:06").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open, found[0].title.as_str()), (1, true, "Algo · 24/11"), "{found:?}");
        school.check().await;
        // One that the teacher opened keeps the teacher's words.
        let school = school_with(engine, &[]).await;
        school.until("13:50").await;
        school.sandbox.start_call(school.is("Claire"), school.group, "Toute la journée");
        remote(&school).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
        school.plan(next).await;
        school.until("16:10").await;
        assert_eq!(school.sandbox.calls(school.group)[0].title, "Toute la journée");
        school.check().await;
    }
}

/// Everything that a caller needs was given, and nobody typed « preau login »: whoever waits for a call knows why there is
/// none, and the admins, once a day, what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_is_foreseen_and_was_never_signed_in_is_said() {
    for engine in Engine::all() {
        let keys = [("telegram.caller.api_id", "12345"), ("telegram.caller.api_hash", "0123456789abcdef")];
        let mut school = School::with(engine, &keys).await;
        school.group = school.adopt("BTS SIO 1A").await;
        remote(&school).await;
        let later = school.lesson("17:00", "18:00", None);
        school.plan(Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..later }).await;
        let said = |who: &str, words: &str| {
            school.all(school.is(who)).into_iter().filter(|message| message.text.contains(words)).count()
        };
        school.until("13:56").await;
        let told = school.told("Mamadou");
        assert!(told.starts_with("Pas d’appel vidéo pour Réseaux"), "{engine:?}: {told}");
        assert!(told.contains("le compte de l’école n’est pas connecté") && told.contains("« Je suis là »"), "{told}");
        assert!(!told.contains("preau login"), "no teacher has the server: {told}");
        let told = school.told("Claire");
        assert!(told.starts_with("Pas d’appel vidéo : un compte appelant est prévu"), "{engine:?}: {told}");
        assert!(told.contains("« preau login »"), "{told}");
        school.press_in("Inès", school.group, "Je suis là").await;
        school.until("16:56").await;
        assert_eq!(said("Mamadou", "Pas d’appel vidéo pour Algo"), 1, "{engine:?}: each lesson's teacher");
        assert_eq!(said("Claire", "Pas d’appel vidéo"), 1, "{engine:?}: admins once a day");
        assert_eq!(said("Éric", "Pas d’appel vidéo"), 0);
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains("· Compte appelant : prévu, mais aucun n’est connecté"), "{state}");
        school.check().await;
    }
}

/// A class whose group is still to be made has nowhere to open a call: said once a day, with the way out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_without_a_group_has_no_call_and_those_in_charge_know_why() {
    for engine in Engine::all() {
        let school = School::with(engine, &[("telegram.caller.groups_a_day", "0")]).await;
        sign_in(&school, 1..=1).await;
        remote(&school).await;
        let later = school.lesson("17:00", "18:00", None);
        school.plan(Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..later }).await;
        school.until("13:56").await;
        for who in ["Mamadou", "Claire"] {
            let told = school.told(who);
            let wanted =
                "Pas d’appel vidéo pour Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : la classe BTS SIO 1A n’a pas";
            assert!(
                told.starts_with(wanted) && told.contains("/classes") && told.contains("/adopter"),
                "{who}: {told}"
            );
        }
        school.until("17:01").await;
        for who in ["Mamadou", "Claire"] {
            let said = school.all(school.is(who));
            let count = said.iter().filter(|message| message.text.contains("Pas d’appel vidéo")).count();
            assert_eq!(count, 1, "{engine:?}, {who}: {said:#?}");
        }
        school.check().await;
    }
}

/// Two lessons share a call: who was gone before the second began is not there, and is missed as anybody is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_before_the_lesson_began_is_not_on_its_roll() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
        let second = school.plan(next).await;
        enter(&school, &["Inès", "Léa"]);
        school.until("15:57").await;
        for who in ["Inès", "Léa"] {
            school.sandbox.leave_call(school.is(who), school.group);
        }
        school.until("16:02").await;
        let said = school.said(&second).await;
        assert!(said.iter().all(|line| line.ends_with("à pointer")), "{engine:?}: {said:?}");
        let told = school.all(school.is("Mamadou")).into_iter().rev();
        let roll = told.filter(|message| message.text.contains("Algo")).find(|one| one.text.contains("Présents"));
        let roll = roll.expect("a roll");
        assert!(roll.text.contains("Présents 0 · Pas encore là 5"), "{}", roll.text);
        assert!(roll.buttons.iter().flatten().any(|key| key.text == "Écrire aux 5"), "{:?}", roll.buttons);
        school.until("16:11").await;
        let told = school.all(school.is("Mamadou"));
        let nudged = |text: &str| text.starts_with("Algo") && text.contains("personne n’est noté présent");
        assert!(told.iter().any(|message| nudged(&message.text)), "{told:?}");
        school.check().await;
    }
}

/// A break with the call closed: nobody could be in it, and nobody was unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_break_of_a_quarter_of_an_hour_is_no_time_in_the_dark() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let admin = school.is("Claire");
        school.sandbox.promote(school.group, school.is("Mamadou"), admin, &["manage_call"]);
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.until("15:00").await;
        school.sandbox.end_call(school.is("Mamadou"), school.group);
        school.until("15:15").await;
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Réseaux, suite");
        enter(&school, &["Inès", "Noé"]);
        school.until("15:45").await;
        school.sandbox.leave_call(school.is("Noé"), school.group);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(
            (said[1].as_str(), said[3].as_str()),
            ("Inès M. : présent", "Paul S. : absent"),
            "{engine:?}: {said:?}"
        );
        assert!(said[0].starts_with("Noé B. : départ 1"), "{said:?}");
        assert_eq!(said[2], "Léa P. : partiel, départ 60 min avant la fin", "an hour of an hour and three quarters");
        let told = school.told("Mamadou");
        assert!(told.contains("% des 10") && !told.contains("je n’ai pas vu"), "{told}");
        school.check().await;
    }
}

/// Telegram hides who listens, from the beginning: nobody is said to be missing, and the teacher knows why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_hides_its_listeners_misses_nobody() {
    for engine in Engine::all() {
        let school = school_with(engine, &[]).await;
        let id = remote(&school).await;
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        school.until("13:55").await;
        enter(&school, &["Inès", "Léa"]);
        school.until("13:58").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Telegram cache qui est dans l’appel. Au début du cours, pointez ici."), "{told}");
        school.until("14:12").await;
        let told = school.told("Mamadou");
        assert!(told.contains("À pointer ") && !told.contains("Pas encore là"), "{told}");
        assert!(told.contains("Telegram cache qui est dans l’appel : pointez ici."), "{told}");
        let keys = school.keys(school.is("Mamadou")).concat();
        assert!(keys.iter().all(|key| !key.starts_with("Écrire")), "{keys:?}");
        let all = school.all(school.is("Mamadou"));
        assert!(all.iter().all(|message| !message.text.contains("personne n’est noté présent")), "{all:?}");
        school.until("16:00").await;
        let told = school.told("Mamadou");
        assert!(told.contains("\nJe n’ai jamais vu qui était dans l’appel : je ne propose rien"), "{told}");
        for words in ["min sur 120", "je n’ai pas vu", "regardé toutes les"] {
            assert!(!told.contains(words), "{words}: {told}");
        }
        // Whoever stands by the sheet is done with the call, which is open for a while yet.
        assert!(school.keys(school.is("Mamadou")).concat().contains(&"Fermer l’appel".to_owned()));
        school.press("Mamadou", "Tous présents sauf…").await;
        school.press("Mamadou", "Enregistrer, 0 absent").await;
        school.press("Mamadou", "Valider").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        let keys = school.keys(school.is("Mamadou")).concat();
        assert!(keys.contains(&"Corriger".to_owned()) && !keys.contains(&"Prolonger 15 min".to_owned()), "{keys:?}");
        assert!(!keys.contains(&"Fermer l’appel".to_owned()), "{keys:?}");
        assert!(school.said(&id).await.iter().all(|line| line.ends_with("présent")));
        school.check().await;
    }
}

/// Who teaches is no listener: neither on the sheet nor somebody whom nobody knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teacher_in_the_call_is_nobodys_presence() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Mamadou", "Inès"]);
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 1 · Pas encore là 4"), "{told}");
        assert!(!told.contains("sans que je sache qui"), "{told}");
        school.until("15:00").await;
        school.sandbox.leave_call(school.is("Mamadou"), school.group);
        school.until("16:00").await;
        let events = school.write(async |tx: &mut Tx| attendance::events(tx, &id).await).await;
        let seen: std::collections::BTreeSet<_> = events.iter().map(|event| event.person_id.clone()).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [Some(id_of("Inès"))], "{events:?}");
        let strangers = school.write(async |tx: &mut Tx| attendance::strangers(tx, &id).await).await;
        assert!(strangers.is_empty(), "{strangers:?}");
        let said = school.said(&id).await;
        assert_eq!(said.len(), 5, "{said:?}");
        assert!(said.iter().all(|line| !line.contains("Mamadou")), "{said:?}");
        school.check().await;
    }
}
