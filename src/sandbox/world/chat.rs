//! A chat: private, basic group or supergroup, with its members, links, requests, messages and topics.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::calls::GroupCall;
use crate::kernel::At;

/// `ChatAdministratorRights` of a group, without the flags that only channels know.
pub const RIGHTS: [&str; 13] = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
];

/// `ChatPermissions`.
pub const PERMISSIONS: [&str; 16] = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];

/// A right by its Bot API name, with or without `can_`, or by its `MTProto` name.
pub fn right(name: &str) -> Option<&'static str> {
    let known = match name {
        "ban_users" => "can_restrict_members",
        "manage_call" => "can_manage_video_chats",
        "add_admins" => "can_promote_members",
        "other" => "can_manage_chat",
        other => other,
    };
    RIGHTS.into_iter().find(|right| *right == known || right.strip_prefix("can_") == Some(known))
}

/// What a new supergroup allows everybody.
pub fn usual_permissions() -> BTreeSet<&'static str> {
    let reserved = ["can_change_info", "can_pin_messages", "can_manage_topics", "can_edit_tag"];
    PERMISSIONS.into_iter().filter(|permission| !reserved.contains(permission)).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Private,
    Basic,
    Super,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Basic => "group",
            Self::Super => "supergroup",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Owner,
    Administrator { rights: BTreeSet<&'static str>, by: i64 },
    Member,
    Restricted { permissions: BTreeSet<&'static str>, present: bool, until: i64 },
    Left,
    Kicked { until: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub status: Status,
    pub title: Option<String>,
}

impl Member {
    pub const fn new(status: Status) -> Self {
        Self { status, title: None }
    }

    /// Bans and restrictions end by themselves.
    pub fn at(&self, seconds: i64) -> Self {
        let over = |until: i64| until != 0 && until <= seconds;
        let status = match &self.status {
            Status::Kicked { until } if over(*until) => Status::Left,
            Status::Restricted { present: true, until, .. } if over(*until) => Status::Member,
            Status::Restricted { present: false, until, .. } if over(*until) => Status::Left,
            status => status.clone(),
        };
        Self { status, title: self.title.clone() }
    }

    pub const fn present(&self) -> bool {
        match self.status {
            Status::Owner | Status::Administrator { .. } | Status::Member => true,
            Status::Restricted { present, .. } => present,
            Status::Left | Status::Kicked { .. } => false,
        }
    }

    pub const fn admin(&self) -> bool {
        matches!(self.status, Status::Owner | Status::Administrator { .. })
    }

    pub fn may(&self, right: &str) -> bool {
        match &self.status {
            Status::Owner => true,
            Status::Administrator { rights, .. } => rights.contains(right),
            _ => false,
        }
    }

    pub const fn name(&self) -> &'static str {
        match self.status {
            Status::Owner => "creator",
            Status::Administrator { .. } => "administrator",
            Status::Member => "member",
            Status::Restricted { .. } => "restricted",
            Status::Left => "left",
            Status::Kicked { .. } => "kicked",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Link {
    pub url: String,
    pub creator: i64,
    pub name: Option<String>,
    pub expire: Option<i64>,
    pub member_limit: Option<i64>,
    pub asks: bool,
    pub primary: bool,
    pub revoked: bool,
    pub used: i64,
}

#[derive(Clone, Debug)]
pub struct JoinRequest {
    pub link: String,
}

#[derive(Clone, Debug)]
pub struct Poll {
    pub id: String,
    pub question: String,
    pub options: Vec<String>,
    pub votes: BTreeMap<i64, Vec<usize>>,
    pub closed: bool,
    pub anonymous: bool,
    pub several: bool,
    /// The right answers; a poll that has any is a quiz.
    pub correct: Vec<i64>,
}

#[derive(Clone, Debug)]
pub enum Body {
    Text(String),
    Document {
        file: String,
        caption: String,
    },
    Photo {
        file: String,
        caption: String,
    },
    Poll(Poll),
    /// The name of the field and what it holds, as `Message` carries them.
    Service {
        name: &'static str,
        value: Value,
    },
}

impl Body {
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Document { caption: text, .. } | Self::Photo { caption: text, .. } => text,
            Self::Poll(poll) => &poll.question,
            Self::Service { .. } => "",
        }
    }
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Document { file, .. } | Self::Photo { file, .. } => Some(file),
            _ => None,
        }
    }
}

/// A message as the world keeps it.
#[derive(Clone, Debug)]
pub struct Post {
    pub id: i64,
    pub from: i64,
    pub at: At,
    pub body: Body,
    pub entities: Vec<Value>,
    /// The inline keyboard, as it was sent.
    pub markup: Option<Value>,
    pub reply_to: Option<i64>,
    pub edits: u32,
    pub edited: Option<At>,
    /// Its words or its keys.
    pub changed: Option<At>,
    pub thread: Option<i64>,
    /// Whose message it was, and when, for forwarded ones.
    pub origin: Option<(i64, At)>,
    pub protected: bool,
    /// What else Telegram tells of it: a contact, a place, by which bot it was written, what it quotes.
    pub told: Map<String, Value>,
}

impl Post {
    pub fn new(from: i64, body: Body) -> Self {
        Self {
            id: 0,
            from,
            at: At(0),
            body,
            entities: Vec::new(),
            markup: None,
            reply_to: None,
            edits: 0,
            edited: None,
            changed: None,
            thread: None,
            origin: None,
            protected: false,
            told: Map::new(),
        }
    }
    pub fn service(from: i64, name: &'static str, value: Value) -> Self {
        Self::new(from, Body::Service { name, value })
    }
}

#[derive(Clone, Debug)]
pub struct Topic {
    pub name: String,
    pub closed: bool,
}

#[derive(Clone, Debug)]
pub struct Chat {
    pub id: i64,
    pub kind: Kind,
    pub title: String,
    pub description: String,
    pub photo: Option<String>,
    pub permissions: BTreeSet<&'static str>,
    pub members: BTreeMap<i64, Member>,
    pub links: Vec<Link>,
    pub requests: BTreeMap<i64, JoinRequest>,
    pub posts: BTreeMap<i64, Post>,
    pub next: i64,
    /// Newest last.
    pub pinned: Vec<i64>,
    pub forum: bool,
    pub topics: BTreeMap<i64, Topic>,
    pub migrated_to: Option<i64>,
    /// Oldest first; at most the last one is open.
    pub calls: Vec<GroupCall>,
}

impl Chat {
    pub fn new(id: i64, kind: Kind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            description: String::new(),
            photo: None,
            permissions: usual_permissions(),
            members: BTreeMap::new(),
            links: Vec::new(),
            requests: BTreeMap::new(),
            posts: BTreeMap::new(),
            next: 1,
            pinned: Vec::new(),
            forum: false,
            topics: BTreeMap::new(),
            migrated_to: None,
            calls: Vec::new(),
        }
    }

    pub fn member(&self, user: i64, seconds: i64) -> Member {
        self.members.get(&user).map_or(Member::new(Status::Left), |member| member.at(seconds))
    }

    pub fn link(&self, url: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.url == url)
    }
    pub fn link_mut(&mut self, url: &str) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.url == url)
    }
}

/// `{name: bool}` for every name of a list.
pub fn flags(all: &[&'static str], held: &BTreeSet<&'static str>) -> Map<String, Value> {
    all.iter().map(|name| ((*name).to_owned(), Value::Bool(held.contains(name)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_go_by_either_worlds_names() {
        assert_eq!(right("ban_users"), Some("can_restrict_members"));
        assert_eq!(right("invite_users"), Some("can_invite_users"));
        assert_eq!(right("can_pin_messages"), Some("can_pin_messages"));
        assert_eq!(right("fly"), None);
    }

    #[test]
    fn a_ban_ends_by_itself() {
        let member = Member::new(Status::Kicked { until: 100 });
        assert_eq!(member.at(99).name(), "kicked");
        assert_eq!(member.at(100).name(), "left");
        assert_eq!(Member::new(Status::Kicked { until: 0 }).at(1_000).name(), "kicked");
    }
}
