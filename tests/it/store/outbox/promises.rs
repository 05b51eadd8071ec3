//! What one worker promises.

use std::time::Duration;

use preau::platform::outbox::{self, Door, Outcome, Rank};

use super::{Does, NOW, Rig, SHORT, call, row};
use crate::place::Engine;

fn retry() -> Does {
    Does::Ends(Outcome::Retry("away".to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_blocks_its_lane_only_inside_its_window() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.retry_base_ms", "600000")]).await;
        rig.seen.plan("head", [retry()]);
        let head = row("head").lane("l").due(NOW).until(NOW.plus_minutes(10));
        let next = row("next").lane("l").due(NOW.plus_minutes(1));
        let other = row("other").lane("m").due(NOW.plus_minutes(1));
        rig.put([head, next, other]).await;
        rig.hire().await;
        rig.until_state("head", "retryable").await;
        rig.clock.set(NOW.plus_minutes(2));
        rig.until_state("other", "completed").await;
        assert_eq!(rig.state("next").await, "scheduled", "{engine:?}: it waits for its head");
        rig.clock.set(NOW.plus_minutes(11));
        rig.until_state("next", "completed").await;
        assert_eq!(rig.state("head").await, "retryable");
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_go_before_reminders_before_bulk() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.workers", "1"), ("outbox.retry_base_ms", "600000")]).await;
        rig.put([
            row("bulk").rank(Rank::Bulk),
            row("timed").rank(Rank::Timed).due(NOW.plus_minutes(-5)),
            row("answer").rank(Rank::Answer),
        ])
        .await;
        rig.hire().await;
        rig.until_quiet().await;
        assert_eq!(rig.seen.keys(), ["answer", "timed", "bulk"], "{engine:?}");
        // Within one lane too: an answer does not wait for bulk that cannot go.
        rig.seen.plan("stuck", [retry()]);
        rig.put([row("stuck").lane("chat").rank(Rank::Bulk)]).await;
        rig.until_state("stuck", "retryable").await;
        rig.put([row("asked").lane("chat").rank(Rank::Answer), row("later").lane("chat").rank(Rank::Bulk)]).await;
        rig.until_state("asked", "completed").await;
        assert_eq!(rig.state("later").await, "scheduled");
        rig.end().await;
    }
}

/// Who cannot be reached is no failed attempt, however often it is tried; and once the outside is back nothing waits for
/// its pause. What failed otherwise does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reaches_nobody_waits_for_as_long_as_it_is_wanted() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.retry_base_ms", "600000")]).await;
        let unreached = || Does::Ends(Outcome::Unreached("no connection".to_owned()));
        for key in ["waits", "late"] {
            rig.seen.plan(key, std::iter::repeat_with(unreached).take(14));
        }
        let until = |key: &str, minutes: i64| row(key).due(NOW).until(NOW.plus_minutes(minutes));
        rig.put([until("waits", 90), until("late", 10)]).await;
        rig.hire().await;
        for times in 1..=14 {
            for key in ["waits", "late"] {
                rig.until("tried", async |rig| rig.seen.times(key) == times).await;
                rig.until_state(key, "retryable").await;
            }
            if times < 14 {
                rig.clock.correct_wall(rig.clock.wall().plus_minutes(10));
            }
        }
        let db = &rig.database.db;
        assert_eq!(rig.state("waits").await, "retryable", "{engine:?}: never given up");
        assert_eq!(db.read(async |tx| outbox::store::troubled(tx, 9).await).await.unwrap(), [], "{engine:?}");
        // Too late: missed, not tried out.
        rig.clock.set(NOW.plus_minutes(11));
        rig.clock.correct_wall(rig.clock.wall().plus_minutes(10));
        rig.until_state("late", "discarded").await;
        let rows = db.read(async |tx| outbox::store::troubles(tx, preau::kernel::At(0), 9).await).await.unwrap();
        assert!(rows.len() == 1 && rows[0].key == "late" && rows[0].is_missed(), "{engine:?}: {rows:#?}");
        rig.until_state("waits", "completed").await;

        // Another one, whose pause is ended.
        rig.seen.plan("again", [unreached()]);
        rig.seen.plan("rests", [retry()]);
        rig.put([until("again", 90), until("rests", 90)]).await;
        rig.until_state("again", "retryable").await;
        rig.until_state("rests", "retryable").await;
        let why = "no connection";
        assert!(db.read(async |tx| outbox::store::unreached(tx, Door::Telegram, why).await).await.unwrap());
        db.transact(async |tx| outbox::store::reached(tx, Door::Telegram, why).await).await.unwrap();
        rig.until_state("again", "completed").await;
        assert!(!db.read(async |tx| outbox::store::unreached(tx, Door::Telegram, why).await).await.unwrap());
        assert_eq!(rig.state("rests").await, "retryable", "{engine:?}");
        rig.end().await;
    }
}

/// An admin has what failed tried at once, as one attempt more. What was asked to wait, what is in hand and what is not
/// overdue is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_overdue_and_rests_is_hurried_and_nothing_else() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.retry_base_ms", "600000")]).await;
        let (since, far) = (NOW.plus_minutes(-5), rig.clock.wall().plus(Duration::from_hours(1)));
        rig.seen.plan("failed", std::iter::repeat_with(retry).take(20));
        rig.seen.plan("asked", [Does::Ends(Outcome::Snooze(far))]);
        rig.seen.plan("busy", [Does::Hangs]);
        rig.seen.plan("fresh", [retry()]);
        let due = |key: &str, minutes: i64| row(key).due(NOW.plus_minutes(minutes));
        rig.put([due("failed", -10), due("asked", -9), due("busy", -8), due("fresh", -2)]).await;
        rig.hire().await;
        for (key, state) in
            [("failed", "retryable"), ("asked", "retryable"), ("busy", "executing"), ("fresh", "retryable")]
        {
            rig.until_state(key, state).await;
        }
        let (db, wall) = (&rig.database.db, rig.clock.wall());
        let rows = db.read(async |tx| outbox::store::overdue_rows(tx, since, 9).await).await.unwrap();
        let stand: Vec<_> = rows.iter().map(|row| (row.rests(wall).is_some(), row.was_asked_to_wait())).collect();
        assert_eq!(stand, [(true, false), (true, true), (false, false)], "{engine:?}: oldest first");
        assert_eq!(rows[1].hold_until, far);
        let oldest = db.read(async |tx| outbox::store::overdue_rows(tx, since, 1).await).await.unwrap();
        assert_eq!(oldest, rows[..1]);
        let hurry = async |key: &str| {
            let id = rig.look(key).await.unwrap().id;
            db.transact(async |tx| outbox::store::hurry(tx, since, &id).await).await.unwrap()
        };
        for key in ["asked", "busy", "fresh"] {
            assert!(!hurry(key).await, "{engine:?}: {key}");
        }
        // Twelve attempts in all, as without anybody's pressing.
        for attempts in 1..12 {
            rig.until_state("failed", "retryable").await;
            assert_eq!(rig.seen.times("failed"), attempts, "{engine:?}");
            assert!(hurry("failed").await, "{engine:?}: {attempts}");
            rig.until("tried again", async |rig| rig.seen.times("failed") > attempts).await;
        }
        rig.until_state("failed", "discarded").await;
        assert!(!hurry("failed").await, "{engine:?}: it is over");
        assert_eq!((rig.seen.times("asked"), rig.seen.times("busy"), rig.seen.times("fresh")), (1, 1, 1), "{engine:?}");
        rig.end().await;
    }
}

/// Telegram away for an hour: what is due is tried again and again, and given up only when its window is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_nobody_hears_is_not_given_up_before_its_window_ends() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.retry_base_ms", "1")]).await;
        let unreached = || Does::Ends(Outcome::Unreached("no connection".to_owned()));
        rig.seen.plan("heard in the end", std::iter::repeat_with(unreached).take(14));
        rig.seen.plan("too late", std::iter::repeat_with(unreached).take(99));
        rig.put([row("heard in the end").due(NOW), row("too late").due(NOW).until(NOW.plus_minutes(10))]).await;
        rig.hire().await;
        rig.until_state("heard in the end", "completed").await;
        assert_eq!(rig.seen.times("heard in the end"), 15, "{engine:?}");
        assert_eq!(rig.state("too late").await, "retryable", "{engine:?}");
        rig.clock.set(NOW.plus_minutes(11));
        rig.until_state("too late", "discarded").await;
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn being_asked_to_wait_is_no_attempt() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        let until = rig.clock.wall();
        let snoozes = (0..20).map(|_| Does::Ends(Outcome::Snooze(until)));
        rig.seen.plan("slow", snoozes.chain([retry()]));
        rig.put([row("slow")]).await;
        rig.hire().await;
        rig.until_state("slow", "completed").await;
        assert_eq!(rig.seen.times("slow"), 22, "{engine:?}: twenty waits, one failure, one success");
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_is_obeyed() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        let until = rig.clock.wall().plus(Duration::from_millis(700));
        rig.seen.plan("later", [Does::Ends(Outcome::Snooze(until))]);
        rig.put([row("later"), row("now")]).await;
        rig.hire().await;
        rig.until_state("now", "completed").await;
        rig.until("again", async |rig| rig.seen.times("later") == 2).await;
        // The second time came after the wait, however slow this machine is.
        assert!(rig.clock.wall() >= until, "{engine:?}");
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pauses_grow_and_end_in_death_which_is_told() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.retry_base_ms", "40")]).await;
        rig.seen.plan("tries", (0..6).map(|_| retry()));
        rig.put([row("tries")]).await;
        rig.hire().await;
        rig.until_state("tries", "completed").await;
        let times: Vec<Duration> = rig.seen.performed.lock().unwrap().iter().map(|(_, _, at)| *at).collect();
        let pauses: Vec<u128> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).as_millis()).collect();
        for (at, pause) in pauses.iter().enumerate() {
            assert!(*pause >= 20 << at, "{engine:?}: pause {at} of {pauses:?}");
        }
        rig.end().await;

        let mut rig = Rig::on(engine, &[]).await;
        rig.seen.plan("dies", (0..100).map(|_| retry()));
        rig.put([row("dies")]).await;
        rig.hire().await;
        rig.until_state("dies", "discarded").await;
        assert_eq!(rig.seen.times("dies"), 12);
        rig.until("told", async |rig| !rig.seen.told().is_empty()).await;
        assert_eq!(rig.seen.told(), [("dies".to_owned(), "discarded".to_owned())]);
        // Retry, as an admin presses it.
        rig.seen.plan("dies", []);
        let id = rig.look("dies").await.unwrap().id;
        let db = &rig.database.db;
        assert!(db.transact(async |tx| preau::platform::outbox::store::revive(tx, &id).await).await.unwrap());
        rig.until_state("dies", "completed").await;
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_one_effect_and_a_cancelled_one_comes_back() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        let later = NOW.plus_minutes(5);
        assert_eq!(rig.put([row("one"), row("one"), row("two").due(later)]).await, [true, false, true]);
        rig.hire().await;
        rig.until_state("one", "completed").await;
        assert_eq!(rig.put([row("one")]).await, [false], "it was done");
        assert!(rig.cancel("two").await);
        assert!(!rig.cancel("two").await, "once is enough");
        assert!(!rig.cancel("one").await, "what is done cannot be withdrawn");
        rig.clock.set(later.plus_minutes(1));
        rig.until_quiet().await;
        assert_eq!((rig.seen.times("two"), rig.state("two").await.as_str()), (0, "cancelled"));
        assert_eq!(rig.put([row("two"), row("two")]).await, [true, false], "revived by the same key");
        rig.until_state("two", "completed").await;
        assert_eq!((rig.seen.times("one"), rig.seen.times("two")), (1, 1), "{engine:?}");
        rig.end().await;
    }
}

/// A job's panic is a failed attempt like any other, not a row that hangs until its lease runs out, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_failed_attempt() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.seen.plan("once more", [Does::Panics]);
        rig.seen.plan("poison", (0..100).map(|_| Does::Panics));
        rig.put([row("once more"), row("poison")]).await;
        rig.hire().await;
        rig.until_state("once more", "completed").await;
        rig.until_state("poison", "discarded").await;
        assert_eq!((rig.seen.times("once more"), rig.seen.times("poison")), (2, 12), "{engine:?}");
        rig.end().await;
    }
}

/// A row that took the program with it at each attempt is dead at last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_stops_the_program_each_time_is_given_up() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.put([row("bomb"), row("other")]).await;
        super::super::Raw::open(&rig.place).await.execute("UPDATE outbox SET attempts = 12 WHERE key = 'bomb'").await;
        rig.hire().await;
        rig.until_state("other", "completed").await;
        rig.until_state("bomb", "discarded").await;
        assert_eq!(rig.seen.times("bomb"), 0, "{engine:?}");
        rig.end().await;
    }
}

/// A job that takes longer than its lease is not begun a second time beside the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_job_keeps_its_row() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, SHORT).await;
        rig.seen.plan("long", [Does::Takes(Duration::from_secs(8))]);
        rig.hire().await;
        rig.hire().await;
        rig.put([row("long").repeatable()]).await;
        rig.until_state("long", "completed").await;
        assert_eq!(rig.seen.times("long"), 1, "{engine:?}");
        rig.end().await;
    }
}

/// However many rows wait, whose turn it is is found quickly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_many_rows_stays_short() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.workers", "4")]).await;
        for batch in 0..20 {
            let many = (0..1000).map(|at| {
                let number = batch * 1000 + at;
                let due = if number % 2 == 0 { NOW.plus_minutes(-5) } else { NOW.plus_days(1) };
                row(&format!("bulk {number}")).lane(format!("chat:{}", number % 977)).rank(Rank::Bulk).due(due)
            });
            rig.put(many).await;
        }
        rig.hire().await;
        rig.put([row("asked").rank(Rank::Answer)]).await;
        let began = rig.clock.elapsed();
        rig.until_state("asked", "completed").await;
        let took = rig.clock.elapsed().saturating_sub(began);
        assert!(took < Duration::from_secs(2), "{engine:?}: {took:?}");
        rig.end().await;
    }
}

/// A data centre that is silent holds whoever asks it for long: reminders go all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_hang_leave_half_of_the_workers_to_everything_else() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        let calls: Vec<String> = (0..50).map(|number| format!("call {number}")).collect();
        for key in &calls {
            rig.seen.plan(key, [Does::Hangs]);
        }
        // Due before everything else.
        rig.put(calls.iter().map(|key| call(key).due(NOW.plus_minutes(-1)))).await;
        rig.hire().await;
        rig.until("the callers' share hangs", async |rig| rig.seen.keys().len() == 8).await;
        let began = rig.clock.elapsed();
        rig.put([row("reminder"), row("another")]).await;
        rig.until_state("reminder", "completed").await;
        rig.until_state("another", "completed").await;
        let took = rig.clock.elapsed().saturating_sub(began);
        assert!(took < Duration::from_secs(2), "{engine:?}: {took:?}");
        assert_eq!(rig.seen.keys().iter().filter(|key| key.starts_with("call")).count(), 8, "{engine:?}");
        rig.end().await;
    }
}

/// And the other way round: whatever waits for the bot, calls are opened and looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rush_of_messages_leaves_calls_their_turn() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.workers", "4")]).await;
        let rush: Vec<String> = (0..80).map(|number| format!("message {number}")).collect();
        for key in &rush {
            rig.seen.plan(key, [Does::Takes(Duration::from_millis(30))]);
        }
        rig.put(rush.iter().map(|key| row(key).due(NOW.plus_minutes(-5))).chain([call("call")])).await;
        rig.hire().await;
        rig.until_quiet().await;
        let place = rig.seen.keys().iter().position(|key| key == "call").expect("performed");
        assert!(place < 20, "{engine:?}: it came as number {place}");
        rig.end().await;
    }
}
