//! What became of calls, for the scenes that look.

use preau::platform::store::Tx;
use preau::school::session::{CallState, Mode, Session, flow as sessions};

use super::school::School;

pub async fn state(school: &School, id: &str) -> Option<CallState> {
    school.write(async |tx: &mut Tx| sessions::call_state(tx, id).await).await
}

/// A remote lesson of the class without a link of its own.
pub async fn lesson(school: &School, subject: &str, from: &str, to: &str) -> String {
    let lesson = school.lesson(from, to, None);
    school.plan(Session { mode: Mode::Remote, subject: subject.to_owned(), ..lesson }).await
}

/// The calls of the group: what each is called, and whether it is open.
pub fn shown(school: &School) -> Vec<(String, bool)> {
    school.sandbox.calls(school.group).into_iter().map(|call| (call.title, call.open)).collect()
}

/// As [`shown`], by the subjects of that day.
pub fn titled(calls: &[(&str, bool)]) -> Vec<(String, bool)> {
    calls.iter().map(|(subject, open)| (format!("{subject} · 24/11"), *open)).collect()
}
