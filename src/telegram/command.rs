//! What people can do: commands, buttons, files, answers to questions, and what happens in groups. Features list these
//! as constants; `routes` builds the handler tree, the rights gate, menus and help from the lists.

use futures::future::BoxFuture;

use super::screen::Screen;
use super::{caller, store};
use crate::kernel::{Lang, Result, Text};
use crate::platform::store::Tx;
use crate::text;

/// Who may use a thing, by rank: each includes those after it. A rank opens the door; whether this class or this
/// session is theirs is asked again by the feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    Anyone,
    Student,
    Teacher,
    Supervisor,
    Manager,
    Admin,
}

impl Audience {
    /// Names the missing right and who can give it.
    pub fn refusal(self) -> Text {
        match self {
            Self::Anyone | Self::Student => text!("telegram-not-linked"),
            Self::Teacher => text!("telegram-needs-teacher"),
            Self::Supervisor => text!("telegram-needs-supervisor"),
            Self::Manager => text!("telegram-needs-manager"),
            Self::Admin => text!("telegram-needs-admin"),
        }
    }
}

/// Where a command may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Private,
    Group,
    Both,
}

impl Place {
    pub const fn allows(self, private: bool) -> bool {
        matches!((self, private), (Self::Both, _) | (Self::Private, true) | (Self::Group, false))
    }
}

/// An account that acts, as far as the school knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub account: i64,
    /// The person behind it, once linked.
    pub person: Option<String>,
    pub rank: Audience,
    pub lang: Lang,
    /// What their Telegram says that they speak, where we speak it too.
    pub spoken: Option<Lang>,
}

/// The chat where something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    pub id: i64,
    pub title: String,
    pub kind: ChatKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    Private,
    /// A small group, which Telegram may upgrade.
    Group,
    Supergroup,
    Channel,
}

/// A file that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub file_id: String,
    pub name: String,
    /// Bytes, as Telegram says.
    pub size: u64,
}

/// One thing that somebody did, inside the transaction that will settle it.
#[derive(Debug)]
pub struct Turn<'t> {
    pub tx: &'t mut Tx,
    pub who: Caller,
    pub chat: &'t Chat,
    /// The message that was typed or whose button was pressed.
    pub message: i64,
    /// What followed the command, the button's arguments, the answer's text.
    pub args: String,
    /// The arguments kept with a question.
    pub asked: String,
    pub file: Option<Sent>,
    /// Every command there is, for help.
    pub commands: &'t [&'static Command],
    /// Every kind of file that is read.
    pub uploads: &'t [&'static Upload],
    /// Every refusal's reason, for « Pourquoi ? ».
    pub reasons: &'t [&'static Reason],
}

impl Turn<'_> {
    pub fn is_private(&self) -> bool {
        self.chat.kind == ChatKind::Private
    }

    /// Why refusals with this code are what they are.
    pub fn reason_of(&self, code: &str) -> Option<Text> {
        self.reasons.iter().find(|reason| reason.code == code).map(|reason| Text::of(reason.words, vec![]))
    }

    /// See [`callers`].
    pub async fn callers(&mut self) -> Result<Vec<(String, Option<Text>)>> {
        callers(self.tx).await
    }

    /// Sends the account's next text to `topic`.
    pub async fn ask(&mut self, topic: &str, args: &str) -> Result<()> {
        store::set_dialogue(self.tx, self.who.account, topic, args).await
    }
    pub async fn end_question(&mut self) -> Result<bool> {
        store::end_dialogue(self.tx, self.who.account).await
    }

    /// Nothing of this account is kept: the keys that it was shown, the question that it was asked.
    pub async fn forget(&mut self) -> Result<()> {
        store::forget(self.tx, self.who.account).await
    }
}

/// The user accounts as the store knows them, whoever serves them: name, and what keeps it from being of use, since when
/// and what to do; `None`: nothing is known against it.
pub async fn callers(tx: &mut Tx) -> Result<Vec<(String, Option<Text>)>> {
    let (zone, known) = (tx.zone(), caller::store::accounts(tx).await?);
    Ok(known.into_iter().map(|kept| (kept.shown(), caller::hindrance(&kept, zone))).collect())
}

/// What `routes` sends back.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub screen: Option<Screen>,
    /// Where the screen goes.
    pub way: Way,
    /// Shown over the chat after a press (at most 200 letters); `loud` waits for OK.
    pub alert: Option<Text>,
    pub loud: bool,
    /// Delete the message that was typed (something private in a group).
    pub hush: bool,
    /// Remember the message under this slot, so that later news edit it.
    pub slot: Option<String>,
    /// The command whose menu this is, when another one was pressed: what renews it once it has expired.
    pub of: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// Edits the message whose button was pressed; a new message after a command.
    #[default]
    InPlace,
    /// A new message in the same chat.
    New,
    /// To the person's private chat.
    Private,
}

impl Answer {
    pub fn none() -> Self {
        Self::default()
    }
    pub fn screen(screen: Screen) -> Self {
        Self { screen: Some(screen), ..Self::default() }
    }
    pub fn say(text: Text) -> Self {
        Self::screen(Screen::new(text))
    }
    pub fn alert(text: Text) -> Self {
        Self { alert: Some(text), ..Self::default() }
    }
    pub fn with_alert(mut self, text: Text) -> Self {
        self.alert = Some(text);
        self
    }
    pub fn loud(mut self) -> Self {
        self.loud = true;
        self
    }
    pub fn new_message(mut self) -> Self {
        self.way = Way::New;
        self
    }
    pub fn privately(mut self) -> Self {
        self.way = Way::Private;
        self
    }
    pub fn hush(mut self) -> Self {
        self.hush = true;
        self
    }
    pub fn slot(mut self, slot: impl Into<String>) -> Self {
        self.slot = Some(slot.into());
        self
    }
    pub fn of(mut self, command: &'static str) -> Self {
        self.of = Some(command);
        self
    }

    /// An alert shows over a press. To whoever typed, or whose press was answered already, it is words like others:
    /// above the screen, or alone. In a group they go to the person (an alert is for one pair of eyes), beside a screen
    /// that everybody may see: the second answer.
    pub(super) fn aloud(mut self, private: bool) -> (Self, Option<Self>) {
        let Some(alert) = self.alert.take() else { return (self, None) };
        match &mut self.screen {
            None => {
                self.screen = Some(Screen::new(alert));
                self.way = if private { Way::New } else { Way::Private };
                (self, None)
            }
            Some(screen) if screen.text == alert => (self, None),
            Some(screen) if private || self.way == Way::Private => {
                screen.text = Text::lines([alert, screen.text.clone()]);
                (self, None)
            }
            Some(_) => (self, Some(Self::say(alert).privately())),
        }
    }
}

/// How a turn is taken: `|turn| Box::pin(function(turn))`.
pub type Take = for<'a, 't> fn(&'a mut Turn<'t>) -> BoxFuture<'a, Result<Answer>>;

/// A command. Both names work everywhere; the shown list follows the person's language.
pub struct Command {
    pub fr: &'static str,
    pub en: &'static str,
    /// Fluent key of its line in menus and help.
    pub line: &'static str,
    /// Fluent key of what `/aide NAME` adds: what it does, and a line « Exemple : … ».
    pub help: &'static str,
    pub audience: Audience,
    pub place: Place,
    /// Shown in menus.
    pub shown: bool,
    /// Changes nothing: answered from a snapshot, without waiting for a writer.
    pub reads: bool,
    pub take: Take,
}

impl Command {
    /// Its name for somebody who reads `lang`.
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }
}

/// Why a refusal is what it is: told at « Pourquoi ? », by the code that the refusal ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// `PRE-01`
    pub code: &'static str,
    /// Fluent key of its words: why the rule is there, what to do, who can help.
    pub words: &'static str,
}

impl Reason {
    /// Three capitals, a stroke, two digits.
    pub fn is_code(word: &str) -> bool {
        let shape = |(at, byte): (usize, u8)| match at {
            0..3 => byte.is_ascii_uppercase(),
            3 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        word.len() == 6 && word.bytes().enumerate().all(shape)
    }
}

/// A button's action.
pub struct Button {
    pub action: &'static str,
    pub audience: Audience,
    pub take: Take,
}

/// Takes the text that answers a question (see [`Turn::ask`]).
pub struct Topic {
    pub name: &'static str,
    /// Asked again when the answer comes: the question may be a day old.
    pub audience: Audience,
    pub take: Take,
}

/// Takes files sent in private by those of `audience`; the first that accepts the name.
pub struct Upload {
    pub audience: Audience,
    /// Endings that it takes, lower case, with the dot.
    pub endings: &'static [&'static str],
    pub take: Take,
}

/// What happens in and around groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody asks to join by a link of ours or another's.
    AsksToJoin { account: i64, user_chat: i64, link: Option<String>, language: Option<String> },
    /// A member's state changed.
    Member { account: i64, by: i64, name: String, was: Standing, is: Standing },
    /// The bot's own state in the chat changed.
    Bot { by: i64, is: Standing },
    /// The group became a supergroup with this id.
    Upgraded { to: i64 },
    /// The title was changed.
    Renamed { title: String },
    /// Telegram's own « … was removed » or « … left » line.
    DepartureShown { message: i64 },
}

/// A member's standing in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Absent,
    Member,
    Admin,
    Banned,
}

impl Standing {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Banned => "banned",
        }
    }
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Member | Self::Admin)
    }
}

/// Told of each happening, in the transaction that settles it.
pub type Notice = for<'a> fn(&'a mut Tx, &'a Chat, &'a Happening) -> BoxFuture<'a, Result<()>>;

/// Finds out who an account is: the one thing that `routes` must ask the school.
pub type Identify = for<'a> fn(&'a mut Tx, i64, Option<&'a str>) -> BoxFuture<'a, Result<Caller>>;

macro_rules! named {
    ($($type:ident by $field:ident),+) => { $(impl std::fmt::Debug for $type {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, concat!(stringify!($type), "({})"), self.$field)
        }
    })+ };
}
named!(Command by fr, Button by action, Topic by name);

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({:?})", self.endings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(answer: &Answer) -> Option<String> {
        answer.screen.as_ref().map(|screen| screen.words(Lang::Fr))
    }

    #[test]
    fn an_alert_reaches_whoever_typed() {
        let alone = Answer::alert(Text::verbatim("non"));
        let (said, beside) = alone.clone().aloud(true);
        assert_eq!((words(&said), said.way, said.alert, beside.is_none()), (Some("non".into()), Way::New, None, true));
        let (said, _) = alone.hush().aloud(false);
        assert_eq!((words(&said), said.way, said.hush), (Some("non".into()), Way::Private, true));

        let both = Answer::say(Text::verbatim("la liste")).with_alert(Text::verbatim("changée"));
        assert_eq!(words(&both.clone().aloud(true).0), Some("changée\nla liste".into()));
        let (said, beside) = both.clone().aloud(false);
        assert_eq!(words(&said), Some("la liste".into()));
        assert_eq!(beside.map(|beside| (words(&beside), beside.way)), Some((Some("changée".into()), Way::Private)));
        assert_eq!(words(&both.privately().aloud(false).0), Some("changée\nla liste".into()));

        let same = Answer::say(Text::verbatim("non")).with_alert(Text::verbatim("non"));
        assert_eq!(words(&same.aloud(true).0), Some("non".into()));
    }
}
