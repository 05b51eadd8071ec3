//! What was asked at the real doors, and for which row of the outbox: Telegram's journal knows no rows, and the product's
//! own probe knows who calls. What was asked for a row lies between the two points of its call; where several call at
//! once, chat and words tell them apart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use preau::demo::stage::Kill;
use preau::platform::outbox;
use preau::platform::store::Probe;
use preau::sandbox::{Call, Sandbox};
use serde_json::Value;
use tokio::task;

use super::seen::{Planned, read};
use super::telegram::Asked;
use crate::laws::outcome::once_kind;

/// A call of the product: for which row, and between which requests.
#[derive(Debug, Clone)]
struct Window {
    row: Option<String>,
    task: Option<task::Id>,
    from: usize,
    until: Option<usize>,
}

#[derive(Default)]
struct Inner {
    sandbox: OnceLock<Sandbox>,
    windows: Mutex<Vec<Window>>,
}

/// Who calls when. Cheap to clone.
#[derive(Clone, Default)]
pub struct Calls(Arc<Inner>);

/// A row as far as its calls can be told by it.
#[derive(Debug)]
pub struct Known {
    pub key: String,
    pub kind: String,
    pub lane: String,
}

impl Calls {
    /// Notes who calls, and stops the product where it is to be.
    pub fn probe(&self, kill: &Kill) -> Probe {
        let (calls, kill) = (self.clone(), kill.probe());
        Probe::new(move |point| {
            let (calls, kill) = (calls.clone(), kill.clone());
            Box::pin(async move {
                if point == "after call" {
                    calls.ends();
                }
                kill.reach(point).await;
                // Who is stopped before its call makes none.
                if point == "before call" {
                    calls.begins();
                }
            })
        })
    }

    /// From here on what is asked is told by this world.
    pub fn of(&self, sandbox: &Sandbox) {
        let _ = self.0.sandbox.set(sandbox.clone());
    }

    fn windows(&self) -> MutexGuard<'_, Vec<Window>> {
        self.0.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begins(&self) {
        let Some(sandbox) = self.0.sandbox.get() else { return };
        let (row, task, from) = (outbox::under_way(), task::try_id(), sandbox.asked());
        self.windows().push(Window { row, task, from, until: None });
    }

    fn ends(&self) {
        let Some(sandbox) = self.0.sandbox.get() else { return };
        let (task, until) = (task::try_id(), sandbox.asked());
        let mut windows = self.windows();
        // A poll that brought something began nowhere.
        if let Some(open) = windows.iter_mut().rev().find(|window| window.task == task && window.until.is_none()) {
            open.until = Some(until);
        }
    }

    /// Nobody calls: who did was stopped, or gave it up.
    pub fn rest(&self) {
        let Some(sandbox) = self.0.sandbox.get() else { return };
        let until = sandbox.asked();
        for window in self.windows().iter_mut().filter(|window| window.until.is_none()) {
            window.until = Some(until);
        }
    }

    /// What these requests were, each with its row, and the keys of all rows of which the answer to one may have been lost.
    pub fn told(&self, requests: &[Call], rows: &[Known], planned: &[Planned]) -> (Vec<Asked>, Vec<String>) {
        let windows = self.windows();
        let rows: BTreeMap<&str, &Known> = rows.iter().map(|row| (row.key.as_str(), row)).collect();
        let mut made: BTreeMap<usize, usize> = BTreeMap::new();
        let (mut all, mut lost) = (Vec::new(), Vec::new());
        for request in requests.iter().filter(|request| request.method != "getUpdates") {
            let mut asked = told(request);
            let number = usize::try_from(request.number).unwrap_or(usize::MAX);
            let within = windows
                .iter()
                .enumerate()
                .filter(|(_, window)| window.from < number && window.until.is_none_or(|until| number <= until));
            let within: Vec<(usize, &Window)> = within.collect();
            if asked.lost {
                lost.extend(within.iter().filter_map(|(_, window)| window.row.clone()));
            }
            let best = within.iter().max_by_key(|(place, window)| {
                let row = window.row.as_deref().and_then(|key| rows.get(key));
                // What is answered at once is nobody's: rather than a row's that says something else.
                let fits = row.map_or(1, |row| fits(row, &asked, planned));
                (fits, std::cmp::Reverse(made.get(place).copied().unwrap_or(0)), window.from)
            });
            if let Some((place, window)) = best {
                *made.entry(*place).or_default() += 1;
                asked.row.clone_from(&window.row);
            }
            all.push(asked);
        }
        (all, lost)
    }
}

/// Kinds whose messages are known by their words.
const KNOWN: [&str; 4] = ["session.remind", "attendance.ask", "attendance.file", "attendance.roll"];

/// How well a request fits a row.
fn fits(row: &Known, asked: &Asked, planned: &[Planned]) -> usize {
    let place = if asked.chat < 0 { "group" } else { "private" };
    let kind = once_kind(&format!("{place}: {}", asked.words));
    let says_else = matches!(asked.method, "send" | "file")
        && KNOWN.contains(&row.kind.as_str())
        && kind != Some(row.kind.as_str());
    if says_else || asked.chat > 0 && row.lane.starts_with("chat:") && row.lane != format!("chat:{}", asked.chat) {
        return 0;
    }
    let report = ["Peut-être non envoyé", "Non parti à temps", "Je n’ai pas réussi"].iter();
    let kind = match asked.method {
        "send" | "file" if kind == Some(row.kind.as_str()) => 4,
        "send" if row.kind == "state.tell" && report.clone().any(|words| asked.words.contains(words)) => 4,
        "answer" if row.kind == "telegram.press" => 4,
        "start_call" | "look" | "end_call" if row.kind.starts_with("call.") => 4,
        "members" if row.kind.starts_with("group.") => 4,
        _ => 0,
    };
    let lane = usize::from(asked.chat > 0 && row.lane == format!("chat:{}", asked.chat)) * 4;
    let lesson = planned.iter().find(|planned| row.key.contains(&planned.id));
    let about = usize::from(lesson.is_some_and(|lesson| asked.words.contains(&lesson.subject))) * 2;
    1 + kind + lane + about
}

/// A request in the words of the small Telegram.
fn told(request: &Call) -> Asked {
    let text = |name: &str| request.params.get(name).and_then(Value::as_str).map(read);
    let words = text("text").or_else(|| text("caption")).or_else(|| text("title"));
    let (done, lost) = match request.outcome.as_str() {
        "ok" => (true, false),
        "lost" => (true, true),
        // Of the last two nobody knows but here: Telegram's inside might have failed after the effect.
        "reset" | "waiting" | "Bad Gateway" | "INTERNAL_SERVER_ERROR" => (false, true),
        // It stands there as it was to.
        other => (other.contains("message is not modified"), false),
    };
    let (method, felt) = match request.method.as_str() {
        "sendMessage" => ("send", true),
        "sendDocument" => ("file", true),
        "editMessageText" => ("edit", true),
        "deleteMessage" => ("delete", true),
        "pinChatMessage" => ("pin", true),
        "setChatPhoto" => ("photo", true),
        "answerCallbackQuery" => ("answer", words.is_some()),
        "approveChatJoinRequest" => ("approve", true),
        "declineChatJoinRequest" => ("decline", true),
        "createChatInviteLink" | "exportChatInviteLink" => ("link", true),
        "banChatMember" => ("ban", true),
        "unbanChatMember" => ("unban", true),
        // A number is noted where one was begun: asked for the same one again, there is none.
        "phone.createGroupCall" => ("start_call", request.params.get("call").is_some()),
        "phone.startScheduledGroupCall" => ("start_call", true),
        "phone.editGroupCallTitle" => ("name_call", true),
        "phone.discardGroupCall" => ("end_call", true),
        "phone.toggleGroupCallSettings" => ("mute", true),
        "phone.getGroupCall" | "phone.getGroupParticipants" => ("look", false),
        "channels.getFullChannel" => ("open_call", false),
        "channels.getParticipants" => ("members", false),
        "messages.getHistory" => ("find_message", false),
        "channels.editAdmin" | "promoteChatMember" => ("promote", true),
        "channels.editTitle" => ("rename", true),
        "messages.editChatAbout" => ("describe", true),
        "channels.inviteToChannel" => ("invite", true),
        _ => ("other", false),
    };
    let effect = done && felt && !request.outcome.contains("not modified");
    let chat = request.chat_id.unwrap_or_default();
    Asked { at: request.at, row: None, method, chat, words: words.unwrap_or_default(), effect, done, lost }
}

#[test]
fn a_request_is_its_row_s_also_where_several_call_at_once() {
    let window =
        |row: &str, from: usize, until: Option<usize>| Window { row: Some(row.to_owned()), task: None, from, until };
    let calls = Calls::default();
    calls.windows().extend([
        window("attendance.ask:s1:5", 0, Some(3)),
        window("telegram.answer:1", 0, Some(3)),
        window("session.remind:s1:5", 0, Some(3)),
        window("call.open:s1:5", 3, None),
    ]);
    let known = |key: &str, lane: &str| Known {
        key: key.to_owned(),
        kind: key.split(':').next().unwrap_or_default().to_owned(),
        lane: lane.to_owned(),
    };
    let rows = [
        known("attendance.ask:s1:5", "chat:7"),
        known("telegram.answer:1", "chat:8"),
        known("session.remind:s1:5", "session:s1"),
        known("call.open:s1:5", ""),
    ];
    let request = |number: u64, method: &str, chat: i64, params: Value, outcome: &str| Call {
        number,
        at: preau::kernel::At(0),
        method: method.to_owned(),
        params,
        chat_id: Some(chat),
        outcome: outcome.to_owned(),
        planned: false,
    };
    let said = |words: &str| serde_json::json!({ "text": words });
    let requests = [
        request(1, "sendMessage", -1, said("Rappel : Réseaux, 10:00"), "ok"),
        request(2, "sendMessage", 8, said("pong"), "lost"),
        request(3, "sendMessage", 7, said("Le cours est terminé. Tout est bon ?"), "reset"),
        request(4, "phone.createGroupCall", -1, serde_json::json!({ "title": "Réseaux", "call": 9 }), "ok"),
        request(5, "phone.createGroupCall", -1, serde_json::json!({ "title": "Réseaux" }), "ok"),
        request(6, "editMessageText", 7, said("x"), "Bad Request: message is not modified"),
    ];
    let (asked, lost) = calls.told(&requests, &rows, &[]);
    let rows: Vec<_> = asked.iter().map(|asked| asked.row.as_deref().unwrap_or_default()).collect();
    assert_eq!(rows[..4], ["session.remind:s1:5", "telegram.answer:1", "attendance.ask:s1:5", "call.open:s1:5"]);
    let ends: Vec<_> = asked.iter().map(|asked| (asked.effect, asked.done, asked.lost)).collect();
    let felt = (true, true, false);
    let (lost_answer, never, unfelt) = ((true, true, true), (false, false, true), (false, true, false));
    assert_eq!(ends, [felt, lost_answer, never, felt, unfelt, unfelt]);
    // Of whom it was that lost an answer nobody can be quite sure: all who called then may be in doubt.
    assert_eq!(lost.len(), 6, "{lost:?}");
}
