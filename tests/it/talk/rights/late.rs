//! What was asked for in time and is sent late: whether it is still theirs is asked again.

use std::time::Duration;

use preau::platform::outbox::{self, Put};
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, Person, Role, flow as roster, store};
use serde_json::{Value, json};

use super::super::school::id_of;
use super::{Stage, cases, shows_lessons, shows_names};

async fn becomes(tx: &mut Tx, name: &str, role: Role) -> preau::kernel::Result<()> {
    let person = roster::person(tx, &id_of(name)).await?.expect("of the school");
    roster::change(tx, &Actor::Cli, &Person { role, ..person }).await
}

/// What a row says, for this account.
type Made<'m> = Box<dyn Fn(i64) -> Value + 'm>;

/// Telegram holds the file up, and meanwhile whoever asked for it is of the staff no more, or not of this class.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_does_not_follow_whoever_lost_the_right_to_it() {
    const SENDS: &str = "sendDocument";
    for (name, action, gone) in [
        ("Mamadou", "attendance.send_file", "student"),
        ("Éric", "roster.links", "student"),
        ("Éric", "attendance.send_file", "class"),
        ("Éric", "roster.links", "class"),
        ("Mona", "roster.links", "account"),
        ("Claire", "journal.send", "student"),
    ] {
        let stage = Stage::new().await;
        let (account, id, what) = (stage.is(name), id_of(name), format!("{action} by {name}, {gone}"));
        let args = cases::of(action, &stage).expect("a case").args;
        let data = stage.laid(action, &args, account, Some(account)).await;
        let tries = |outcome: &str| {
            let all = stage.sandbox.journal();
            let of = all.iter().filter(|call| call.method == SENDS && call.chat_id == Some(account));
            of.filter(|call| call.outcome.contains(outcome)).count()
        };
        let had = tries("ok");
        let method = Some(SENDS.to_owned());
        stage.sandbox.fault(Fault::TooManyRequests { method, retry_after: 1, times: 1 });
        stage.forge(account, account, &data);
        for _ in 0..2000 {
            if tries("Too Many") > 0 {
                break;
            }
            stage.clock.rest(Duration::from_millis(5)).await;
        }
        let class = stage.class.clone();
        stage
            .write(async |tx| match gone {
                "student" => becomes(tx, name, Role::Student).await,
                "class" => {
                    let other = preau::school::classroom::flow::ensure(tx, &Actor::Cli, "CAP Cuisine").await?.0;
                    roster::enrol(tx, &Actor::Cli, &id, &other).await?;
                    roster::unenrol(tx, &Actor::Cli, &id, &class).await.map(|_| ())
                }
                _ => {
                    let by = roster::person(tx, &id_of("Claire")).await?.expect("the admin");
                    roster::untie(tx, &by, &id, account).await.map(|_| ())
                }
            })
            .await;
        stage.drain().await.expect("quiet");
        assert_eq!((tries("Too Many"), tries("ok")), (1, had), "{what}");
        stage.over_with().await;
    }
}

/// The roll in somebody's chat follows the lesson while it is theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_follows_nobody_who_lost_the_right_to_it() {
    for still in [true, false] {
        let stage = Stage::new().await;
        let (mamadou, group) = (stage.is("Mamadou"), stage.group);
        assert!(stage.all(mamadou).iter().any(|message| message.text.contains("Réseaux")), "he has the roll");
        if !still {
            stage.write(async |tx| becomes(tx, "Mamadou", Role::Student).await).await;
        }
        let then = stage.asked();
        let late = stage.laid("session.late", &stage.lesson, group, None).await;
        stage.forge(stage.is("Karim"), group, &late);
        stage.until("14:20").await;
        let said = stage.since(then, mamadou);
        assert_eq!(shows_names(&said) || shows_lessons(&said), still, "{said:?}");
        stage.over_with().await;
    }
}

/// Messages with names that wait in the outbox for one account: whoever has the right gets them, nobody else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_an_account_is_sent_to_whoever_still_may() {
    let stage = Stage::new().await;
    // Karl tied his account by his link a moment ago.
    let since = super::super::school::at("24/11/2026", "14:00");
    let (now, xavier, karl) = (stage.clock.now(), stage.is("Xavier"), id_of("Karl"));
    let tie = async |tx: &mut Tx| {
        roster::make_link(tx, LinkKind::Printed, Some(&karl), &Actor::Cli).await?;
        store::insert_account(tx, xavier, &karl, None, None).await?;
        let used = "UPDATE personal_link SET state = 'used', used_by = $1, used_at = $2 WHERE person_id = $3";
        preau::run!(tx, used, xavier, now, karl.as_str()).map(|_| ())
    };
    stage.write(tie).await;
    let (claire, eric, mamadou) = (stage.is("Claire"), stage.is("Éric"), stage.is("Mamadou"));
    let (mona, max, tess, zoe) = (stage.is("Mona"), stage.is("Max"), stage.is("Tess"), stage.is("Zoé"));
    // Something that ended badly, of which admins are told.
    let dead = Put::new("attendance.close", "attendance.close:test", &json!({})).expect("a row");
    let dead = dead.due(now.plus_minutes(-90)).until(now.plus_minutes(-30));
    stage.write(async |tx| outbox::put(tx, dead.clone()).await.map(|_| ())).await;
    let over = async |tx: &mut Tx| {
        preau::fetch_all!(tx, (String,), "SELECT id FROM outbox WHERE key = 'attendance.close:test'")
    };
    let dead = stage.db().expect("running").read(over).await.expect("read").remove(0).0;
    let session = |session: &str, account: i64| json!({ "session_id": session, "account": account, "version": 1 });
    let (lesson, past, class) = (stage.lesson.clone(), stage.past.clone(), stage.class.clone());
    let asked = |account: i64| json!({ "classroom_id": class, "account": account, "lang": "fr" });
    let words = preau::kernel::Text::verbatim("Dans le groupe : Karim T.");
    let kinds: Vec<(&'static str, i64, i64, Made<'_>)> = vec![
        ("attendance.roll", mamadou, tess, Box::new(|account| session(&lesson, account))),
        ("attendance.ask", mamadou, tess, Box::new(|account| session(&lesson, account))),
        ("attendance.ask", eric, zoe, Box::new(|account| session(&past, account))),
        ("attendance.tell_nudge", eric, max, Box::new(|account| session(&stage.waiting, account))),
        ("attendance.file", eric, max, Box::new(|account| session(&past, account))),
        (
            "attendance.contested",
            mamadou,
            zoe,
            Box::new(|account| json!({ "contest_id": stage.contest, "account": account })),
        ),
        (
            "attendance.decided",
            stage.is("Noé"),
            zoe,
            Box::new(|account| json!({ "contest_id": stage.contest, "account": account })),
        ),
        (
            "approval.show",
            claire,
            mona,
            Box::new(|account| json!({ "agreement": stage.agreement, "account": account, "edit_only": false })),
        ),
        (
            "group.compared",
            claire,
            mona,
            Box::new(|account| json!({ "asked": asked(account), "words": words, "strangers": [] })),
        ),
        ("roster.tied", eric, max, Box::new(|account| json!({ "account": account, "circle": class, "since": since }))),
        ("state.tell", claire, mona, Box::new(|account| json!({ "account": account, "rows": [dead] }))),
        ("workbook.annotate", claire, mona, Box::new(|account| json!({ "import_id": "0", "account": account }))),
    ];
    for (place, (kind, may, may_not, made)) in kinds.iter().enumerate() {
        for (account, gets) in [(*may_not, false), (*may, true)] {
            let then = stage.asked();
            let put = Put::new(kind, format!("{kind}:test:{place}:{account}"), &made(account)).expect("a row");
            let put = put.rank(outbox::Rank::Answer).lane(format!("test:{account}"));
            stage.write(async |tx| outbox::put(tx, put.clone()).await.map(|_| ())).await;
            let said = stage.since(then, account);
            assert_eq!(!said.is_empty(), gets, "{kind}: {said:?}");
        }
    }
    drop(kinds);
    stage.over_with().await;
}
