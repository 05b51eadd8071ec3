//! Telegram's updates that never come, come late, or come in another order than things happened.

use std::collections::BTreeSet;

use preau::kernel::Lang;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::audit::Actor;
use preau::school::classroom::flow as classrooms;
use preau::school::roster::{LinkKind, Role, flow as roster};

use super::groups_made::{asked, group_of, join};
use super::school::School;
use crate::world::Engine;

fn lose(what: &str, times: u32) -> Fault {
    Fault::LoseUpdates { kind: Some(what.to_owned()), times }
}

/// The next update of this kind comes behind the one that follows it in its chat.
fn overtaken(what: &str) -> Fault {
    Fault::ReorderUpdates { kind: Some(what.to_owned()), within_chat: true, times: 1 }
}

/// Of these, who is in the group: as the product thinks, and as it is.
async fn inside(school: &School, people: &[i64]) -> (BTreeSet<i64>, BTreeSet<i64>) {
    let known = school.write(async |tx| classrooms::members(tx, school.group).await).await;
    let known = known.into_iter().map(|(account, _)| account).filter(|account| people.contains(account)).collect();
    let real = school.sandbox.members(school.group).into_iter().filter(|account| people.contains(account)).collect();
    (known, real)
}

/// What staff were told since they had heard so much.
fn heard(school: &School, before: usize) -> Vec<String> {
    school.all(school.is("Éric")).into_iter().skip(before).map(|one| one.text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comings_and_goings_that_were_lost_are_found_in_the_morning() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        let zoe = school.sandbox.add_person("Zoé", "Ailleurs", "fr");
        let people = [school.is("Inès"), school.is("Noé"), zoe];
        school.sandbox.fault(lose("chat_member", 2));
        school.sandbox.leave(people[0], school.group);
        school.sandbox.add_member(school.group, zoe, school.is("Claire"));
        school.drain().await.expect("quiet");
        assert!(school.sandbox.planned().is_empty(), "both were lost");
        let (known, real) = inside(&school, &people).await;
        assert_eq!((known, &real), (BTreeSet::from([people[0], people[1]]), &BTreeSet::from([people[1], zoe])));
        let before = school.all(school.is("Éric")).len();
        school.to("25/11/2026", "08:00").await;
        assert_eq!(inside(&school, &people).await, (real.clone(), real), "{engine:?}");
        let told = heard(&school, before).concat();
        assert!(told.contains("Zoé Ailleurs") && told.contains("Inès M."), "{engine:?}: {told}");
        school.check().await;
    }
}

/// A coming that does not follow from what is known shows that something is missing before it: Telegram is asked, also where
/// no account reads the group.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaving_that_was_lost_shows_when_somebody_comes_back() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let ines = school.is("Inès");
        school.sandbox.fault(lose("chat_member", 2));
        school.sandbox.leave(ines, school.group);
        school.sandbox.add_member(school.group, ines, school.is("Claire"));
        school.sandbox.leave(ines, school.group);
        let before = asked(&school, "getChatMember").len();
        school.until("08:01").await;
        let (known, real) = inside(&school, &[ines]).await;
        assert_eq!((known.len(), real.len()), (0, 0), "{engine:?}");
        assert_eq!(asked(&school, "getChatMember").len(), before, "{engine:?}: this one followed");
        school.sandbox.fault(lose("chat_member", 1));
        school.sandbox.add_member(school.group, ines, school.is("Claire"));
        school.sandbox.promote(school.group, ines, school.is("Claire"), &["can_pin_messages"]);
        school.until("08:02").await;
        let (known, real) = inside(&school, &[ines]).await;
        assert_eq!((known, real), (BTreeSet::from([ines]), BTreeSet::from([ines])), "{engine:?}");
        assert_eq!(asked(&school, "getChatMember").len(), before + 1, "{engine:?}: asked once");
        school.check().await;
    }
}

/// Somebody leaves and is back at once, and the leaving is heard last: nobody is told that they walked out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaving_that_comes_after_the_return_removes_nobody() {
    for engine in Engine::all() {
        for late in [false, true] {
            let school = School::on(engine).await;
            let (ines, claire) = (school.is("Inès"), school.is("Claire"));
            let before = school.all(school.is("Éric")).len();
            let fault = if late {
                Fault::DelayUpdates { kind: Some("chat_member".to_owned()), millis: 300, times: 1 }
            } else {
                overtaken("chat_member")
            };
            school.sandbox.fault(fault);
            school.sandbox.leave(ines, school.group);
            school.sandbox.add_member(school.group, ines, claire);
            school.until("08:01").await;
            let (known, real) = inside(&school, &[ines]).await;
            assert_eq!((known, real), (BTreeSet::from([ines]), BTreeSet::from([ines])), "{engine:?}, late {late}");
            school.until("10:00").await;
            assert_eq!(heard(&school, before), Vec::<String>::new(), "{engine:?}, late {late}");
            school.check().await;
        }
    }
}

/// Telegram tells nobody of a request: whoever asked is not in, staff hear of that in the morning, and a second request is
/// answered as ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_join_that_was_lost_can_be_made_again() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.caller().await;
        let zoe = school.add("Zoé", "Petit", Role::Student, &[&school.class.clone()], Lang::Fr).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let before = school.all(school.is("Éric")).len();
        school.sandbox.fault(lose("chat_join_request", 1));
        join(&school, zoe, &group).await;
        assert_eq!(school.sandbox.join_requests(group.chat), [zoe], "{engine:?}: it waits at Telegram");
        school.to("25/11/2026", "08:00").await;
        let told = heard(&school, before).concat();
        assert!(told.contains("Zoé P.") && told.contains("pas dans le groupe"), "{engine:?}: {told}");
        join(&school, zoe, &group).await;
        let (known, real) = inside(&school, &[zoe]).await;
        assert_eq!((known, real), (BTreeSet::from([zoe]), BTreeSet::from([zoe])), "{engine:?}");
        assert_eq!(asked(&school, "approveChatJoinRequest").len(), 1, "{engine:?}");
        school.check().await;
    }
}

/// Somebody leaves and asks to come back: what is heard first changes nothing of what comes of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_join_may_be_heard_before_the_leaving() {
    for engine in Engine::all() {
        for swapped in [false, true] {
            let school = School::on(engine).await;
            let ines = school.is("Inès");
            let link = group_of(&school, &school.class).await.and_then(|group| group.join_link).expect("a link");
            let before = school.all(school.is("Éric")).len();
            if swapped {
                school.sandbox.fault(overtaken("chat_member"));
            }
            school.sandbox.leave(ines, school.group);
            school.sandbox.ask_to_join(ines, &link).expect("asked");
            school.until("08:01").await;
            let (known, real) = inside(&school, &[ines]).await;
            let (there, context) = (BTreeSet::from([ines]), format!("{engine:?}, swapped {swapped}"));
            assert_eq!((&known, &real), (&there, &there), "{context}");
            assert_eq!(asked(&school, "approveChatJoinRequest").len(), 1, "{context}");
            school.until("10:00").await;
            assert_eq!(heard(&school, before), Vec::<String>::new(), "{context}");
            school.check().await;
        }
    }
}

/// Within one chat and across chats: each question is answered, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_out_of_turn_are_answered_once_each() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.plan_usual().await;
        let (ines, noe) = (school.is("Inès"), school.is("Noé"));
        let any = |within_chat| Fault::ReorderUpdates { kind: None, within_chat, times: 1 };
        let late = Fault::DelayUpdates { kind: None, millis: 300, times: 2 };
        for fault in [any(true), any(false), late] {
            let before = (school.all(ines).len(), school.all(noe).len());
            school.sandbox.fault(fault.clone());
            for (who, words) in [(ines, "/prochain"), (noe, "/moi"), (ines, "/ping")] {
                school.sandbox.say(who, who, words);
            }
            school.drain().await.expect("quiet");
            let (two, one) = (school.all(ines).split_off(before.0), school.all(noe).split_off(before.1));
            assert_eq!((two.len(), one.len()), (2, 1), "{engine:?}, {fault:?}: {two:#?}");
            assert!(two.iter().any(|said| said.text.contains("Réseaux")), "{engine:?}, {fault:?}: {two:#?}");
        }
        school.check().await;
    }
}

/// The answer to a question is heard before whoever asks was heard to begin: no try is used up, and it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_heard_before_its_question_is_given_again() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.add_unlinked("Zoé", "Petit", Role::Student, &[&school.class]).await;
        let make = async |tx: &mut Tx| roster::make_link(tx, LinkKind::Printed, Some("p-zoe"), &Actor::Cli).await;
        let token = school.write(make).await;
        let zoe = school.sandbox.add_person("Zoé", "", "fr");
        school.sandbox.fault(overtaken("message"));
        school.sandbox.start_bot(zoe, &token);
        school.sandbox.say(zoe, zoe, "12/03/2005");
        school.drain().await.expect("quiet");
        let last = school.last(zoe);
        assert!(last.contains("date de naissance"), "{engine:?}: the link is heard last: {last}");
        let said = school.say(zoe, zoe, "13/03/2005").await;
        assert!(said.contains("il reste 4 essais"), "{engine:?}: {said}");
        let said = school.say(zoe, zoe, "12/03/2005").await;
        assert!(said.contains("c’est vous ?"), "{engine:?}: {said}");
        school.check().await;
    }
}

/// A key is pressed while the answer to the message that bears it is still on its way: the product does not know yet that
/// the message stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_pressed_before_its_message_is_known_to_stand() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("13:44").await;
        let send = Some("sendMessage".to_owned());
        school.sandbox.fault(Fault::LateAnswer { method: send, millis: 4_000, times: 1 });
        school.clock.set(super::school::at("24/11/2026", "13:45"));
        school.soon("the reminder stands", async || school.about("Réseaux").len() == 1).await;
        let message = school.about("Réseaux").remove(0);
        let query =
            school.sandbox.press(school.is("Inès"), school.group, message.id, "Je serai absent").expect("a key");
        school.soon("it is answered", async || school.sandbox.callback_answer(&query).is_some()).await;
        let reminder = asked(&school, "sendMessage").into_iter().rfind(|call| call.chat_id == Some(school.group));
        assert_eq!(reminder.expect("sent").outcome, "lost", "{engine:?}: its answer has not left");
        school.drain().await.expect("quiet");
        // The message is known now: what changes is written into it.
        school.cancel(&id).await;
        let about = school.about("Réseaux");
        assert_eq!((about.len(), about[0].id), (1, message.id), "{engine:?}: {about:#?}");
        assert!(about[0].text.contains("annul"), "{engine:?}: {about:#?}");
        school.check().await;
    }
}
