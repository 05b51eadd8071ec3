//! The program stops, as it is asked to, while a call opens or ends; and it was away for hours.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::store::Probe;
use preau::sandbox::Fault;
use preau::school::session::{CallState, flow as sessions};

use super::calls::{enter, in_call, remote};
use super::school::{School, at};
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
        assert!(!told.iter().any(|said| said.text.contains("la vérification qu’un appel")), "{engine:?}: {told:#?}");
        school.end().await;
    }
}
