//! The program stops anywhere between the file and the receipt: applied once, told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use preau::platform::store::Probe;

use super::*;
use crate::world::Engine;

/// Stops for good at so many points after it was armed with that number.
pub(super) fn trap() -> (Probe, Arc<AtomicUsize>) {
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let count = Arc::clone(&left);
    let probe = Probe::new(move |_| {
        let now = count.load(Ordering::SeqCst);
        let here = now != usize::MAX && count.fetch_sub(1, Ordering::SeqCst) <= 1;
        if here {
            count.store(0, Ordering::SeqCst);
        }
        Box::pin(async move {
            if here {
                std::future::pending::<()>().await;
            }
        })
    });
    (probe, left)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_between_press_and_receipt_applies_once() {
    for engine in Engine::all() {
        // On PostgreSQL nobody knows that the stopped program was alone: what it held is waited for.
        let patient = engine == Engine::Postgres;
        let mut world = World::with(engine, Probe::default(), &[("outbox.lease_seconds", "10")]).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let mut applied = 0;
        let mut struck = 0;
        let points: Vec<usize> = if patient { vec![4] } else { (1..=24).collect() };
        for point in points {
            let (probe, armed) = trap();
            world.stop().await;
            world.set_probe(probe);
            world.start().await.expect("it starts");
            world.drain().await.expect("quiet");
            let room = format!("R{point}");
            let line = ["26/11/2026", "10:00", "11:00", "1A", "Maths", "", room.as_str()];
            sends(&world, claire, "EDT.xlsx", book(&[], &[line])).await;
            let shown = message(&world, claire);
            armed.store(point, Ordering::SeqCst);
            world.sandbox.press(claire, claire, shown.id, "Appliquer").expect("a button");
            let mut waited = 0;
            while armed.load(Ordering::SeqCst) != 0 && waited < 100 {
                world.clock.rest(std::time::Duration::from_millis(5)).await;
                waited += 1;
            }
            struck += usize::from(armed.load(Ordering::SeqCst) == 0);
            world.crash().await;
            world.set_probe(Probe::default());
            world.start().await.expect("it starts again");
            if patient {
                world.clock.rest(std::time::Duration::from_secs(20)).await;
            }
            world.drain().await.expect("quiet");
            applied += 1;
            let all = timetable(&world).await;
            assert_eq!((all.len(), all[0].room.as_str()), (1, room.as_str()), "{engine:?}, point {point}");
            assert_eq!(recorded(&world, "workbook.applied").await, applied, "{engine:?}, point {point}");
            let text = world.sandbox.messages(claire).into_iter().find(|m| m.id == shown.id).expect("there").text;
            assert!(text.starts_with("Fait : "), "{engine:?}, point {point}: {text}");
        }
        assert!(struck >= if patient { 1 } else { 10 }, "{engine:?}: only {struck} points were reached");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_while_undoing_undoes_once_and_wholly() {
    for engine in Engine::all().into_iter().filter(|engine| *engine == Engine::Sqlite) {
        let mut world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let days: Vec<String> = (1..=28).map(|day| format!("{day:02}/12/2026")).collect();
        let lesson = |day: &'static str, start, end| [day, start, end, "1A", "Maths", "", "B1"];
        let days: Vec<&'static str> = days.into_iter().map(|day| &*day.leak()).collect();
        // More than one transaction's worth.
        let lessons: Vec<_> =
            days.iter().flat_map(|day| [lesson(day, "08:00", "10:00"), lesson(day, "10:00", "12:00")]).collect();
        let mut struck = 0;
        for point in 1..=12 {
            let (probe, armed) = trap();
            world.stop().await;
            world.set_probe(probe);
            world.start().await.expect("it starts");
            world.drain().await.expect("quiet");
            sends(&world, claire, "EDT.xlsx", book(&[], &lessons)).await;
            presses(&world, claire, "Appliquer").await;
            assert_eq!(timetable(&world).await.len(), 56, "point {point}");
            let shown = message(&world, claire);
            armed.store(point, Ordering::SeqCst);
            world.sandbox.press(claire, claire, shown.id, "Annuler").expect("a button");
            let mut waited = 0;
            while armed.load(Ordering::SeqCst) != 0 && waited < 100 {
                world.clock.rest(std::time::Duration::from_millis(5)).await;
                waited += 1;
            }
            struck += usize::from(armed.load(Ordering::SeqCst) == 0);
            world.crash().await;
            world.set_probe(Probe::default());
            world.start().await.expect("it starts again");
            world.drain().await.expect("quiet");
            assert_eq!(timetable(&world).await.len(), 0, "point {point}");
            assert_eq!(recorded(&world, "workbook.undone").await, point, "point {point}");
            let text = world.sandbox.messages(claire).into_iter().find(|m| m.id == shown.id).expect("there").text;
            assert!(text.starts_with("Annulé : l’emploi du temps"), "point {point}: {text}");
        }
        assert!(struck >= 8, "only {struck} points were reached");
        world.check().await;
    }
}
