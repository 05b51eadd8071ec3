//! That Telegram does not answer the accounts is told of those that it does not answer when it is told, and apart from an
//! absence of all of Telegram.

use preau::sandbox::Fault;

use super::outages::{minute, own_time};
use crate::place::Engine;
use crate::talk::mailed::MAIL;
use crate::talk::school::{School, at};

const DAY: &str = "24/11/2026";

/// What admins were told of accounts.
fn told(school: &School) -> Vec<String> {
    let all = school.all(school.is("Claire")).into_iter().map(|one| one.text);
    all.filter(|text| text.starts_with("Telegram ne répond plus")).collect()
}

async fn prove(school: &School) {
    let accounts = school.app().expect("running").callers().clone();
    assert_eq!(accounts.prove().await, Some(()));
}

/// The server's network is away, and comes back: that the accounts are away is no news any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_away_with_all_of_telegram_is_not_told_of_the_accounts_when_it_is_back() {
    for engine in own_time() {
        let school = School::with(engine, &MAIL).await;
        school.caller().await;
        school.until("09:02").await;
        for fault in [Fault::Away(true), Fault::CallersAway(true)] {
            school.sandbox.fault(fault);
        }
        school.sandbox.restart();
        let begin = at(DAY, "09:02");
        for passed in 1..=20 {
            minute(&school, begin.plus_minutes(passed)).await;
            if passed == 1 {
                prove(&school).await;
            }
        }
        assert_eq!(school.sandbox.mails().len(), 1, "{engine:?}: all of it is told once");
        for fault in [Fault::Away(false), Fault::CallersAway(false)] {
            school.sandbox.fault(fault);
        }
        for passed in 21..=40 {
            minute(&school, begin.plus_minutes(passed)).await;
            school.drain().await.expect("quiet");
        }
        assert_eq!(told(&school), [""; 0], "{engine:?}");
        school.until("09:50").await;
        assert_eq!(told(&school), [""; 0], "{engine:?}");
        school.end().await;
    }
}

/// Only the accounts' door: what is kept of them is up to a minute old.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_answered_again_is_not_told_of() {
    for engine in Engine::all() {
        for restarted in [false, true] {
            let mut school = School::on(engine).await;
            school.caller().await;
            school.until("09:01").await;
            school.sandbox.fault(Fault::CallersAway(true));
            school.sandbox.restart();
            prove(&school).await;
            if restarted {
                // It stands as away when the program stops, and is answered when it starts.
                school.stop().await;
                school.sandbox.fault(Fault::CallersAway(false));
                school.clock.set(at(DAY, "09:20"));
                school.start().await.expect("again");
                school.drain().await.expect("quiet");
            } else {
                school.until("09:05").await;
                school.sandbox.fault(Fault::CallersAway(false));
            }
            school.until("09:40").await;
            assert_eq!(told(&school), [""; 0], "{engine:?}, restarted {restarted}");
            school.end().await;
        }
    }
}

/// Away, back, and away again: the second absence is told, once, and with its own hour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_absence_is_told_with_the_hour_at_which_it_began() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        for (hour, away) in [("09:01", true), ("09:03", false), ("09:04", true)] {
            school.until(hour).await;
            school.sandbox.fault(Fault::CallersAway(away));
            school.sandbox.restart();
            prove(&school).await;
        }
        school.until("09:10").await;
        assert_eq!(told(&school), [""; 0], "{engine:?}: it began at 09:04");
        school.until("09:30").await;
        let told = told(&school);
        assert!(told.len() == 1 && told[0].contains("depuis le mar. 24 nov., 09:04"), "{engine:?}: {told:?}");
        school.end().await;
    }
}
