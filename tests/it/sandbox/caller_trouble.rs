//! Bad days of a user account.

use std::time::Duration;

use grammers_client::InvocationError;
use grammers_client::tl::{enums, functions as f};
use preau::kernel::Clock;
use preau::sandbox::{Fault, Sandbox};
use tokio::net::TcpStream;

use super::callers::{Group, claire, creation, with_bot};
use super::calls::{begin, change, user};
use super::mtproto::{Caller, caller};
use super::{http, rest, sandbox};

const CREATE: &str = "channels.createChannel";

fn outcomes(sandbox: &Sandbox, method: &str) -> Vec<String> {
    let calls = sandbox.journal().into_iter().filter(|call| call.method == method);
    calls.map(|call| call.outcome).collect()
}

async fn broken(caller: &Caller) -> InvocationError {
    let error = caller.client.invoke(&creation("3ᵉ B", "préau:3b")).await.unwrap_err();
    assert!(!matches!(error, InvocationError::Rpc(_)), "{error}");
    error
}

#[tokio::test]
async fn a_lost_answer_and_a_reset_differ_in_what_was_done() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
    broken(&caller).await;
    assert_eq!(caller.groups().await.len(), 1, "it was done");
    sandbox.fault(Fault::Reset { method: Some(CREATE.to_owned()), times: 1 });
    broken(&caller).await;
    assert_eq!(caller.groups().await.len(), 1, "it was not done");
    assert_eq!(outcomes(&sandbox, CREATE), ["lost", "reset"]);
}

#[tokio::test]
async fn an_answer_that_leaves_too_late_was_done() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    let late = |millis| Fault::LateAnswer { method: Some(CREATE.to_owned()), millis, times: 1 };
    sandbox.fault(late(60_000));
    let request = creation("3ᵉ B", "préau:3b");
    let made = caller.client.invoke(&request);
    assert!(Clock::machine().within(Duration::from_millis(500), made).await.is_none());
    assert_eq!(caller.groups().await.len(), 1, "the line is open, and it was done");
    sandbox.fault(late(200));
    caller.client.invoke(&creation("3ᵉ C", "préau:3c")).await.unwrap();
    assert_eq!(caller.groups().await.len(), 2);
    assert_eq!(outcomes(&sandbox, CREATE), ["lost", "lost"], "too late, or perhaps too late");
}

#[tokio::test]
async fn waits_refusals_and_delays_by_plan() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    // A fault that names no method is the bot's alone.
    sandbox.fault(Fault::Reset { method: None, times: 1 });
    sandbox.fault(Fault::FloodWait { method: CREATE.to_owned(), seconds: 42, times: 1 });
    assert_eq!(caller.refused(creation("x", "")).await, "FLOOD_WAIT 42");
    let refuse = Fault::Refuse { method: CREATE.to_owned(), code: 400, error: "PEER_FLOOD".to_owned(), times: 1 };
    sandbox.fault(refuse);
    assert_eq!(caller.refused(creation("x", "")).await, "PEER_FLOOD");
    sandbox.fault(Fault::ServerError { method: Some(CREATE.to_owned()), times: 1 });
    assert_eq!(caller.refused(creation("x", "")).await, "INTERNAL_SERVER_ERROR");
    let clock = Clock::machine();
    sandbox.fault(Fault::Delay { method: Some(CREATE.to_owned()), millis: 1_500, times: 1 });
    let slow = caller.create("x", "");
    let quick = async {
        caller.client.get_me().await.unwrap();
        clock.elapsed()
    };
    let (_, quick) = tokio::join!(slow, quick);
    assert!(clock.elapsed() >= Duration::from_millis(1_500) && quick < Duration::from_millis(1_500), "others pass by");
    assert_eq!(outcomes(&sandbox, CREATE), ["FLOOD_WAIT_42", "PEER_FLOOD", "INTERNAL_SERVER_ERROR", "ok"]);
}

#[tokio::test]
async fn a_delayed_request_that_is_cut_off_is_not_done() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    caller.client.get_me().await.unwrap();
    sandbox.fault(Fault::Delay { method: Some(CREATE.to_owned()), millis: 2_000, times: 1 });
    let cut = async {
        rest(700).await;
        sandbox.restart();
    };
    tokio::join!(broken(&caller), cut);
    rest(1_600).await;
    assert_eq!(caller.groups().await.len(), 0);
    assert_eq!(outcomes(&sandbox, CREATE), ["reset"]);
}

#[tokio::test]
async fn a_session_is_revoked_and_an_account_is_banned() {
    let sandbox = sandbox().await;
    let (one, claire) = claire(&sandbox).await;
    assert!(one.client.is_authorized().await.unwrap());
    sandbox.fault(Fault::RevokeSession(claire));
    assert_eq!(one.refused(creation("x", "")).await, "AUTH_KEY_UNREGISTERED");
    assert!(!one.client.is_authorized().await.unwrap());
    // The same key can sign in again, and a new one is good at once.
    let token = one.client.request_login_code(super::callers::PHONE, "hash").await.unwrap();
    one.client.sign_in(&token, "12345").await.unwrap();
    let two = caller(&sandbox, claire);
    assert!(two.client.is_authorized().await.unwrap());
    sandbox.fault(Fault::Deactivated(claire));
    assert_eq!(two.refused(creation("x", "")).await, "USER_DEACTIVATED_BAN");
    assert!(!one.client.is_authorized().await.unwrap());
    let again = one.client.request_login_code(super::callers::PHONE, "hash").await;
    assert!(again.is_err());
}

async fn with_call(sandbox: &Sandbox) -> (Caller, i64, Group, i64) {
    let (caller, owner) = claire(sandbox).await;
    let group = with_bot(sandbox, &caller, &["manage_call"]).await;
    caller.begin(&group, 7, "Maths").await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.add_member(group.chat, lea, owner);
    (caller, owner, group, lea)
}

#[tokio::test]
async fn changes_of_calls_get_lost_and_come_late() {
    let sandbox = sandbox().await;
    let (mut caller, _, group, lea) = with_call(&sandbox).await;
    let mut news = caller.news().await;
    caller.client.get_me().await.unwrap();
    sandbox.fault(Fault::LoseCallUpdates { times: 1 });
    sandbox.join_call(lea, group.chat).unwrap();
    let clock = Clock::machine();
    sandbox.fault(Fault::DelayCallUpdates { millis: 300, times: 1 });
    sandbox.leave_call(lea, group.chat);
    let (version, left) = change(&mut news).await;
    assert_eq!((version, user(&left), left.left), (3, Some(lea), true), "the version tells that one was missed");
    assert!(clock.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn news_come_again_after_a_cut() {
    let sandbox = sandbox().await;
    let (mut caller, _, group, lea) = with_call(&sandbox).await;
    let mut news = caller.news().await;
    caller.client.get_me().await.unwrap();
    sandbox.restart();
    rest(100).await;
    // What happens meanwhile is kept for nobody.
    sandbox.join_call(lea, group.chat).unwrap();
    let watching = async { change(&mut news).await };
    let acting = async {
        rest(1_500).await;
        caller.client.get_me().await.unwrap();
        sandbox.leave_call(lea, group.chat);
    };
    let ((version, left), ()) = tokio::join!(watching, acting);
    assert!((version, left.left) == (3, true) || left.just_joined, "{version} {left:?}");
}

#[tokio::test]
async fn away_closes_both_doors() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    caller.client.get_me().await.unwrap();
    sandbox.fault(Fault::Away(true));
    rest(100).await;
    caller.client.get_me().await.unwrap_err();
    assert!(http().get(format!("{}/bot{}/getMe", sandbox.bot_api_url(), sandbox.token())).send().await.is_err());
    sandbox.fault(Fault::Away(false));
    rest(100).await;
    caller.client.get_me().await.unwrap();
    sandbox.stop().await;
    assert!(TcpStream::connect(("127.0.0.1", sandbox.mtproto_port())).await.is_err());
}

#[tokio::test]
async fn twenty_calls_a_minute() {
    let sandbox = sandbox().await;
    let (caller, owner) = claire(&sandbox).await;
    let group = caller.create("x", "").await;
    let mut begun = 0;
    let refused = loop {
        match caller.client.invoke(&begin(&group, begun, "x")).await {
            Ok(enums::Updates::Updates(_)) => {
                begun += 1;
                sandbox.end_call(owner, group.chat);
            }
            Err(InvocationError::Rpc(error)) if error.value == Some(1) => rest(1_000).await,
            Err(InvocationError::Rpc(error)) => break error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((begun, refused.name.as_str()), (20, "FLOOD_WAIT"));
    assert!(refused.value.is_some_and(|seconds| (2..=60).contains(&seconds)));
    caller.ask(f::channels::GetChannels { id: vec![group.input()] }).await;
}
