//! The call of a remote lesson: foreseen, open, looked into, ended; and when it cannot be opened.

use preau::kernel::Lang;
use preau::sandbox::Fault;

use super::super::calls::remote;
use super::tale::Tale;

async fn told(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    tale.caller().await;
    let group = tale.group;
    remote(&tale).await;
    tale.wait("13:45").await;
    tale.wait("13:55").await;
    for who in ["Inès", "Léa"] {
        tale.sandbox.join_call(tale.is(who), group).expect("joined");
    }
    tale.wait("13:58").await;
    tale.wait("14:00").await;
    tale.wait("14:12").await;
    tale.touch("Mamadou", "call-write-key").await;
    tale.touch("Mamadou", "call-write-key").await;
    tale.touch("Mamadou", "call-late-key").await;
    tale.touch("Mamadou", "call-extend-key").await;
    tale.sandbox.join_call(tale.is("Paul"), group).expect("joined");
    tale.sandbox.join_call_as_channel(tale.is("Karim"), group, "Karim").expect("joined");
    tale.wait("15:00").await;
    tale.sandbox.leave_call(tale.is("Léa"), group);
    tale.wait("16:00").await;
    tale.touch("Mamadou", "attendance-minutes-all-key").await;
    tale.touch("Mamadou", "attendance-back-key").await;
    tale.touch("Mamadou", "attendance-who-key").await;
    tale.touch("Mamadou", "Karim T.").await;
    tale.touch("Mamadou", "attendance-undo-key").await;
    tale.touch("Mamadou", "attendance-validate-key").await;
    tale.wait("16:25").await;
    tale.tell("Léa", ["/moi", "/me"]).await;
    tale.end("calls").await;
}

/// A reminder of which nobody knows whether it went out; a roll that was slept through.
async fn doubted(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    tale.plan_usual().await;
    tale.until("13:44").await;
    tale.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
    tale.wait("13:45").await;
    tale.tell("Claire", ["/etat", "/status"]).await;
    tale.touch("Claire", "state-forget-key").await;
    tale.touch("Claire", "state-recall-key").await;
    tale.touch("Claire", "state-retry-key").await;
    tale.end("doubts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubts_in_french() {
    doubted(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubts_in_english() {
    doubted(Lang::En).await;
}

/// Refused; and where nobody comes.
async fn failed(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    tale.caller().await;
    let group = tale.group;
    remote(&tale).await;
    tale.sandbox.fault(Fault::CallsRefused(group));
    tale.wait("13:56").await;
    tale.touch_in("Inès", group, "session-here-key").await;
    tale.wait("14:11").await;
    tale.end("calls-refused").await;

    let mut tale = Tale::grouped(lang, &[]).await;
    tale.caller().await;
    remote(&tale).await;
    tale.wait("14:11").await;
    tale.touch("Mamadou", "call-end-key").await;
    tale.wait("16:00").await;
    tale.tell("Claire", ["/etat", "/status"]).await;
    tale.end("calls-empty").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_in_english() {
    told(Lang::En).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_fail_in_french() {
    failed(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_fail_in_english() {
    failed(Lang::En).await;
}
