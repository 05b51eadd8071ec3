//! The program stops, as it is asked to, while a call opens or ends; and it was away for hours.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::store::Probe;
use preau::sandbox::Fault;
use preau::school::session::{CallState, flow as sessions};
use preau::telegram::port::Callers as _;

use super::calls::{enter, in_call, remote};
use super::school::{School, at};
use crate::store::Raw;
use crate::world::{Engine, World};

/// Holds whoever is about to call the outside, while it is shut.
#[derive(Clone, Default)]
struct Gate {
    shut: Arc<AtomicBool>,
    held: Arc<AtomicBool>,
}

impl Gate {
    fn probe(&self) -> Probe {
        let gate = self.clone();
        Probe::new(move |point| {
            let gate = gate.clone();
            Box::pin(async move {
                while point == "before call" && gate.shut.load(Ordering::SeqCst) {
                    gate.held.store(true, Ordering::SeqCst);
                    Clock::machine().rest(Duration::from_millis(2)).await;
                }
            })
        })
    }

    /// The school, with its group, its account and its lesson, behind this gate.
    async fn school(&self, engine: Engine) -> (School, String) {
        let mut school = School::of(World::with(engine, self.probe(), &[]).await).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school.caller().await;
        let id = remote(&school).await;
        (school, id)
    }

    /// At this hour the program is about to call, and is stopped there; its connections break. Then it is started again.
    async fn stop_at(&self, school: &mut School, hour: &str, method: &str) {
        school.sandbox.fault(Fault::Reset { method: Some(method.to_owned()), times: 1 });
        self.shut.store(true, Ordering::SeqCst);
        school.clock.set(at("24/11/2026", hour));
        let began = school.clock.elapsed();
        while !self.held.load(Ordering::SeqCst) {
            assert!(school.clock.elapsed().saturating_sub(began) < Duration::from_secs(20), "no call was made");
            school.clock.rest(Duration::from_millis(2)).await;
        }
        let opens = async {
            Clock::machine().rest(Duration::from_millis(300)).await;
            self.shut.store(false, Ordering::SeqCst);
        };
        tokio::join!(school.stop(), opens);
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_while_a_call_opens_or_ends_raises_no_alarm() {
    for engine in Engine::all() {
        let gate = Gate::default();
        let (mut school, id) = gate.school(engine).await;
        school.until("13:54").await;
        gate.stop_at(&mut school, "13:55", "phone.createGroupCall").await;
        school.until("13:56").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open), (1, true), "{engine:?}: {found:?}");
        assert_eq!(school.write(async |tx| sessions::call_state(tx, &id).await).await, Some(CallState::Open));
        let told = |words: &str| {
            let of = |who: &str| school.all(school.is(who)).iter().filter(|said| said.text.contains(words)).count();
            ["Mamadou", "Éric", "Claire"].map(of)
        };
        assert_eq!(told("Pas d’appel"), [0, 0, 0], "{engine:?}");
        school.check().await;

        let gate = Gate::default();
        let (mut school, _) = gate.school(engine).await;
        school.until("16:04").await;
        gate.stop_at(&mut school, "16:05", "phone.discardGroupCall").await;
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open, "{engine:?}");
        let told = school.all(school.is("Mamadou"));
        assert!(!told.iter().any(|said| said.text.contains("reste ouvert")), "{engine:?}: {told:#?}");
        school.check().await;
    }
}

/// Once a lesson is over, that nobody was asked to look into it is no trouble.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_slept_through_of_a_lesson_that_is_over_is_not_told() {
    for engine in Engine::all() {
        let (mut school, _) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:05").await;
        school.stop().await;
        school.clock.set(at("24/11/2026", "17:30"));
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        let told = school.all(school.is("Claire"));
        assert!(!told.iter().any(|said| said.text.contains("la vérification que quelqu’un")), "{engine:?}: {told:#?}");
        school.end().await;
    }
}

/// Waits for something that another task does.
async fn comes(what: &str, mut there: impl AsyncFnMut() -> bool) {
    let clock = Clock::machine();
    let began = clock.elapsed();
    while !there().await {
        assert!(clock.elapsed().saturating_sub(began) < Duration::from_secs(20), "{what}");
        clock.rest(Duration::from_millis(5)).await;
    }
}

/// Telegram has begun the call when the program finds that another serves the callers: that one goes on with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_that_is_lost_while_a_call_opens_leaves_one_call_to_the_next_program() {
    const MUTE: &str = "phone.toggleGroupCallSettings";
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut school = School::with(Engine::Postgres, &[("call.join_muted", "yes")]).await;
    school.group = school.adopt("BTS SIO 1A").await;
    school.caller().await;
    school.start_another().await.expect("a second program");
    let id = remote(&school).await;
    school.until("13:54").await;
    // It never gets as far as muting it.
    school.sandbox.fault(Fault::Delay { method: Some(MUTE.to_owned()), millis: 12_000, times: 1 });
    school.sandbox.fault(Fault::Reset { method: Some(MUTE.to_owned()), times: 1 });
    school.clock.set(at("24/11/2026", "13:55"));
    let asked = |method: &str| school.sandbox.journal().iter().filter(|call| call.method == method).count();
    comes("no call was begun", async || asked(MUTE) > 0).await;
    let mut raw = Raw::open(&school.place).await;
    // Not so far that it can only be of a clock that was put back since.
    let far = school.clock.wall().plus_minutes(2).millis();
    raw.execute(&format!("UPDATE lease SET holder = 'a third', until = {far} WHERE name = 'caller'")).await;
    comes("it still serves", async || !school.app().expect("running").callers().serves()).await;
    let opening = "SELECT COUNT(*) FROM outbox WHERE kind = 'call.open' AND state = 'executing'";
    comes("it still opens", async || raw.number(opening).await == 0).await;
    let (created, called) = (asked("phone.createGroupCall"), school.sandbox.calls(school.group));
    assert_eq!((created, called.len(), called[0].join_muted), (1, 1, false), "{called:?}");
    school.lose_first().await;
    raw.execute("DELETE FROM lease").await;
    school.until("13:57").await;
    enter(&school, &["Inès", "Léa"]);
    school.until("14:12").await;
    let told = school.told("Mamadou");
    assert!(told.contains("Présents 2 · Pas encore là 3"), "{told}");
    let found = school.sandbox.calls(school.group);
    let seen = (found.len(), found[0].open, found[0].join_muted, found[0].title.as_str());
    assert_eq!(seen, (1, true, true, "Réseaux · 24/11"), "{found:?}");
    for who in ["Mamadou", "Claire", "Éric"] {
        let said = school.all(school.is(who));
        let alarmed = |text: &str| text.contains("Pas d’appel") || text.contains("Je ne vois plus");
        assert!(said.iter().all(|said| !alarmed(&said.text)), "{who}: {said:#?}");
    }
    school.until("16:00").await;
    assert_eq!(school.said(&id).await[1], "Inès M. : présent");
    school.until("16:06").await;
    assert!(!school.sandbox.calls(school.group)[0].open);
    school.check().await;
}
