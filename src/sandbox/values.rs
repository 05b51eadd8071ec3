//! What the outside sees of the sandbox: plain values.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kernel::{At, Clock};

/// How a sandbox begins.
#[derive(Clone, Debug)]
pub struct Options {
    /// Dates in messages and the age of updates come from `now`, pace from `elapsed`.
    pub clock: Clock,
    /// Ids, tokens and links come from here: the same seed gives the same world.
    pub seed: u64,
    pub limits: Limits,
    /// Where `api.json` lies; without it nothing is validated.
    pub schema: Option<PathBuf>,
}

/// Telegram's pace. 0 = off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub overall_per_second: u32,
    pub chat_per_second: u32,
    pub group_per_minute: u32,
    /// User accounts may ask about calls as often as they like: for worlds whose hours fly by in seconds.
    pub calls_unpaced: bool,
}

/// A message as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub id: i64,
    pub chat: i64,
    pub from: i64,
    pub from_bot: bool,
    pub at: At,
    /// When its words were changed last: Telegram shows nothing of keys that change.
    pub edited: Option<At>,
    /// When anything of it was changed last.
    pub changed: Option<At>,
    /// The text, or the caption of a file, or the question of a poll.
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
    pub document: Option<Document>,
    pub edits: u32,
    pub pinned: bool,
    /// The name of the service field, such as `new_chat_members`.
    pub service: Option<String>,
    /// What that field holds, as the Bot API writes it; null for other messages.
    pub detail: Value,
    /// What is bold, a link or code, as the Bot API writes it; offsets in UTF-16 units.
    pub entities: Vec<Value>,
    /// The document is a picture.
    pub photo: bool,
    pub reply_to: Option<i64>,
}

/// A chat as one of its people sees it in the list of chats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChatLook {
    pub id: i64,
    pub private: bool,
    pub title: String,
    pub description: String,
    /// How many people are in it, the bot too.
    pub members: usize,
    /// What the reader is in it: `creator`, `administrator`, `member` …
    pub status: String,
    /// The newest pinned message.
    pub pinned: Option<i64>,
    pub photo: bool,
    /// When something was last said in it.
    pub last: Option<At>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub text: String,
    pub data: Option<String>,
    pub url: Option<String>,
}

/// A file: document or photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    pub name: String,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// A mail that the SMTP stand-in took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    /// The first text part, decoded.
    pub body: String,
    pub raw: String,
}

/// One request of the bot or of a user account, in order of arrival.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    pub number: u64,
    pub at: At,
    pub method: String,
    pub params: Value,
    pub chat_id: Option<i64>,
    /// `ok`, an error's description, `lost` (done, but the answer never left, or left too late) or `reset` (not done).
    pub outcome: String,
    /// An error that the fault plan gave, and not the request itself.
    pub planned: bool,
}

/// What can go wrong outside. A fault without a method hits any method of the Bot API but `getUpdates`, whose turn
/// nobody can foresee. Methods of the `MTProto` door are named with a dot (`phone.createGroupCall`) and have to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    TooManyRequests {
        method: Option<String>,
        retry_after: u32,
        times: u32,
    },
    /// The effect happens, the connection closes before the answer.
    LostAnswer {
        method: Option<String>,
        times: u32,
    },
    /// The effect happens, and the answer leaves so much later; until then the connection is open and mute. Whoever does not
    /// wait as long meets a time-out after the effect.
    LateAnswer {
        method: Option<String>,
        millis: u64,
        times: u32,
    },
    /// The connection closes before any effect.
    Reset {
        method: Option<String>,
        times: u32,
    },
    /// 502 before any effect.
    ServerError {
        method: Option<String>,
        times: u32,
    },
    Delay {
        method: Option<String>,
        millis: u64,
        times: u32,
    },
    /// 420 `FLOOD_WAIT_…` on the `MTProto` door.
    FloodWait {
        method: String,
        seconds: u32,
        times: u32,
    },
    /// An error of the `MTProto` door by its name (`PEER_FLOOD`), before any effect.
    Refuse {
        method: String,
        code: i32,
        error: String,
        times: u32,
    },
    /// Every session of a user account is ended from another device.
    RevokeSession(i64),
    /// A user account is banned from Telegram.
    Deactivated(i64),
    /// The next changes of calls are pushed to nobody.
    LoseCallUpdates {
        times: u32,
    },
    /// The next answers to who begins a call tell of the call alone, not of the line about it in the group.
    BareCalls {
        times: u32,
    },
    /// The next changes of calls are pushed late.
    DelayCallUpdates {
        millis: u64,
        times: u32,
    },
    /// In a group's calls, the open one too, who only listens is not shown.
    HiddenListeners(i64),
    /// … is shown again.
    ShownListeners(i64),
    /// A group's member lists leave every second ordinary member out, though they count them.
    PartialMembers(i64),
    /// A group hides its members: who is no administrator sees the administrators alone.
    HiddenMembers(i64),
    /// No call can be begun in this group (`CREATE_CALL_FAILED`).
    CallsRefused(i64),
    /// This person cannot be added to groups by others.
    CannotBeAdded(i64),
    /// The next of the bot's updates (those of this kind, such as `chat_member`) never come.
    LoseUpdates {
        kind: Option<String>,
        times: u32,
    },
    /// … come so much later (machine time), behind whatever came meanwhile.
    DelayUpdates {
        kind: Option<String>,
        millis: u64,
        times: u32,
    },
    /// … are overtaken by the next one: of the same chat, or of another one.
    ReorderUpdates {
        kind: Option<String>,
        within_chat: bool,
        times: u32,
    },
    /// An update that was confirmed comes once more.
    DuplicateUpdate {
        times: u32,
    },
    /// The next polls confirm nothing: what waits comes again and again.
    DeafPolls {
        times: u32,
    },
    /// Every connection to Telegram, at both doors, is closed at once, until told otherwise.
    Away(bool),
    /// The same at the door of user accounts alone.
    CallersAway(bool),
    /// The next mails are refused with 451.
    RefuseMail {
        times: u32,
    },
    /// The next mails are taken, but the connection closes before the server says so.
    LoseMail {
        times: u32,
    },
}

/// A group's video chat, over or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallLook {
    pub id: i64,
    pub title: String,
    /// People can be in it: one that is scheduled is not open.
    pub open: bool,
    /// Who joins is muted.
    pub join_muted: bool,
    pub started: At,
    pub ended: Option<At>,
    /// Who was in, in the order of joining; who came twice is listed twice.
    pub participants: Vec<CallStay>,
}

/// One stay in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallStay {
    pub person: i64,
    /// The title of the channel as which the person was shown.
    pub channel: Option<String>,
    pub joined: At,
    pub left: Option<At>,
}
