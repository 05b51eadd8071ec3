//! Each button with something real to do under it: who presses it, and what is done before so that it stands there.

use preau::kernel::{Lang, Text};
use preau::platform::outbox::{self, Put};
use preau::platform::store::Tx;
use preau::school::approval::{Ask, flow as approval};
use preau::school::attendance::screens as sheets;
use preau::school::audit::Actor;
use preau::school::roster::flow::{TELL, Tell};
use preau::school::roster::{LinkKind, Person, Role, flow as roster};
use preau::school::session::{self, Mode, Session};
use preau::school::{classroom, group, journal, state, workbook};

use super::super::school::id_of;
use super::super::timetable::book;
use super::Stage;

/// What somebody does on the way to a key.
pub enum Step {
    /// In private.
    Says(&'static str),
    /// The newest key with this meaning in their private chat.
    Taps(&'static str),
    /// … and these words.
    TapsOn(&'static str, &'static str),
    /// A workbook with these lines of a timetable.
    Sends(&'static [[&'static str; 7]]),
    Made(Thing),
}
use Step::{Made, Says, Sends, Taps, TapsOn};

/// What must be there first.
pub enum Thing {
    /// Somebody of the school opened their personal link and said when they were born.
    Linked(Role),
    /// Somebody of the school opens the link of an admin.
    AdminLink,
    /// A student whose address is known, without an account.
    Addressed(&'static str),
    /// The link in the last mail was opened too late, by somebody new.
    LateLink,
    /// A lesson from afar without a call.
    FromAfar,
    /// A group of no class, in which an admin types `/adopter`.
    NewGroup,
    /// A message that did not leave in time.
    Dead,
    Agreement,
    /// Whom nobody knows is in the call.
    InCall,
}

/// Where the key is pressed.
pub enum Key {
    /// The newest with this meaning in the presser's private chat.
    Stands,
    /// … and these words.
    StandsOn(&'static str),
    /// As `cases.rs` has it.
    Laid,
    /// In the group that was made.
    There,
    /// In the class's group, about what was made.
    Made,
}

pub struct Scene {
    pub action: &'static str,
    pub who: &'static str,
    pub before: &'static [(&'static str, Step)],
    pub key: Key,
    /// What the audit has of it afterwards, each once however often it was noted. None: rows change, or a row brings
    /// something, of which it says nothing.
    pub audit: &'static [&'static str],
}

const fn scene(
    action: &'static str,
    who: &'static str,
    before: &'static [(&'static str, Step)],
    key: Key,
    audit: &'static [&'static str],
) -> Scene {
    Scene { action, who, before, key, audit }
}

const GOOD: &[[&str; 7]] = &[["26/11/2026", "14:00", "15:00", "BTS SIO 1A", "Droit", "M. Diallo", "B204"]];
const FAULTY: &[[&str; 7]] = &[GOOD[0], ["31/11/2026", "14:00", "15:00", "BTS SIO 1A", "Droit", "M. Diallo", "B204"]];

/// In the school as it stands, in this order.
pub const SCENES: &[Scene] = &[
    scene("welcome.lang", "Tess", &[("Tess", Says("/reglages"))], Key::StandsOn("English"), &["account.lang"]),
    scene(session::screens::ABSENT, "Inès", &[], Key::Laid, &["session.announced"]),
    scene(session::screens::WITHDRAW, "Inès", &[], Key::Stands, &["session.withdrawn"]),
    scene(session::screens::LATE, "Inès", &[], Key::Laid, &["session.announced"]),
    scene(session::HERE, "Zoé", &[("Zoé", Made(Thing::FromAfar))], Key::Made, &[]),
    scene(sheets::SAVE, "Mamadou", &[], Key::Stands, &["sheet.corrected"]),
    scene(sheets::UNSAVE, "Mamadou", &[], Key::Stands, &["sheet.corrected"]),
    scene(
        sheets::SET,
        "Mamadou",
        &[("Mamadou", Taps(sheets::LIST)), ("Mamadou", TapsOn(sheets::ONE, "Paul"))],
        Key::Stands,
        &["sheet.corrected"],
    ),
    // The line was marked since Karim objected to it: it says already what he asks for.
    scene(
        sheets::DECIDE,
        "Mamadou",
        &[
            ("Karim", Says("/moi")),
            ("Karim", TapsOn(sheets::CONTEST, "09:20")),
            ("Karim", Says("J’étais là.")),
            ("Mamadou", Says("/presence")),
            ("Mamadou", TapsOn(sheets::SHEET, "Maths")),
            ("Mamadou", Taps(sheets::SAVE)),
        ],
        Key::StandsOn("Mettre présent"),
        &["sheet.contest_decided"],
    ),
    scene(
        sheets::VALIDATE,
        "Mamadou",
        &[("Mamadou", Says("/presence")), ("Mamadou", TapsOn(sheets::SHEET, "Maths"))],
        Key::Stands,
        &["sheet.validated"],
    ),
    scene(sheets::SEND_FILE, "Mamadou", &[], Key::Stands, &[]),
    scene(
        sheets::REASON,
        "Mamadou",
        &[
            ("Mamadou", Says("/presence")),
            ("Mamadou", TapsOn(sheets::SHEET, "Anglais")),
            ("Mamadou", Taps(sheets::LIST)),
            ("Mamadou", TapsOn(sheets::ONE, "Paul")),
            ("Mamadou", Taps(sheets::SET)),
        ],
        Key::Stands,
        &["sheet.corrected"],
    ),
    scene(
        "roster.me",
        "Nina",
        &[("Nina", Made(Thing::Linked(Role::Teacher)))],
        Key::Stands,
        &["account.tied", "link.used"],
    ),
    scene("roster.not_me", "Ugo", &[("Ugo", Made(Thing::Linked(Role::Student)))], Key::Stands, &["link.dead"]),
    scene(
        "roster.age",
        "Vera",
        &[("Vera", Made(Thing::Linked(Role::Student))), ("Vera", Taps("roster.me"))],
        Key::StandsOn("18"),
        &["account.tied", "link.used"],
    ),
    // Éric was told of Vera.
    scene(roster::UNTIE_TOLD, "Éric", &[], Key::Stands, &["account.untied"]),
    scene(
        "roster.untie",
        "Éric",
        &[
            ("Éric", Says("/liens BTS SIO 1A")),
            ("Éric", Taps("roster.linked")),
            ("Éric", TapsOn("roster.tie", "Karim")),
        ],
        Key::Stands,
        &["account.untied"],
    ),
    scene(
        "roster.retie",
        "Éric",
        &[
            ("Éric", Says("/liens BTS SIO 1A")),
            ("Éric", Taps("roster.linked")),
            ("Éric", TapsOn("roster.tie", "Léa")),
            ("Éric", Taps("roster.untie")),
        ],
        Key::Stands,
        &["account.tied"],
    ),
    scene("roster.links", "Éric", &[("Éric", Says("/liens BTS SIO 1A"))], Key::Stands, &["link.made", "links.ordered"]),
    scene(
        "roster.mail_all",
        "Éric",
        &[("Yaël", Made(Thing::Addressed("yael@horizon.example"))), ("Éric", Says("/liens BTS SIO 1A mail"))],
        Key::Stands,
        &["link.made", "links.mailed"],
    ),
    scene(classroom::chat::CHOOSE, "Claire", &[("Claire", Made(Thing::NewGroup))], Key::There, &["classroom.adopted"]),
    scene(state::screens::RETRY, "Claire", &[("Sam", Made(Thing::Dead))], Key::Stands, &["outbox.retried"]),
    scene(state::screens::FORGET, "Claire", &[("Max", Made(Thing::Dead))], Key::Stands, &["outbox.forgotten"]),
    scene(
        state::screens::RECALL,
        "Claire",
        &[("Zoé", Made(Thing::Dead)), ("Claire", Taps(state::screens::FORGET))],
        Key::Stands,
        &["outbox.recalled"],
    ),
    scene(journal::screens::SEND, "Claire", &[], Key::Laid, &[]),
    scene("approval.accept", "Claire", &[], Key::Stands, &["agreement.voiced"]),
    scene(
        "approval.refuse",
        "Claire",
        &[("Claire", Made(Thing::Agreement))],
        Key::Stands,
        &["agreement.decided", "agreement.voiced"],
    ),
    scene(workbook::screens::LOOK, "Claire", &[("Claire", Sends(FAULTY))], Key::Stands, &[]),
    scene(workbook::screens::ANNOTATED, "Claire", &[("Claire", Sends(FAULTY))], Key::Stands, &[]),
    scene(workbook::screens::ABANDON, "Claire", &[], Key::Stands, &[]),
    scene(
        workbook::screens::APPLY,
        "Claire",
        &[("Claire", Sends(GOOD))],
        Key::Stands,
        &["session.planned", "workbook.applied"],
    ),
    scene(workbook::screens::UNDO, "Claire", &[], Key::Stands, &["session.taken_back", "workbook.undone"]),
    scene("roster.stay", "Tess", &[("Tess", Made(Thing::AdminLink))], Key::Stands, &[]),
    scene("roster.admin", "Tess", &[("Tess", Made(Thing::AdminLink))], Key::Stands, &["link.used", "person.role"]),
    scene("roster.mail_again", "Yvon", &[("Yvon", Made(Thing::LateLink))], Key::Stands, &["link.made", "link.renewed"]),
];

/// With the lesson's call open.
pub const IN_CALL: &[Scene] = &[
    scene(sheets::WHO, "Mamadou", &[("Xavier", Made(Thing::InCall))], Key::Stands, &[]),
    scene(sheets::NAME, "Mamadou", &[], Key::Stands, &["presence.named"]),
    scene(session::WRITE_MISSING, "Mamadou", &[], Key::Laid, &["call.wrote_to_missing"]),
    scene(session::RUN_LATE, "Mamadou", &[], Key::Laid, &["call.teacher_late"]),
    scene(session::EXTEND_CALL, "Mamadou", &[], Key::Laid, &["call.extended"]),
    scene(
        group::chat::COMPARE,
        "Claire",
        &[("Claire", Says("/classes")), ("Claire", Taps(classroom::GROUP_PAGE))],
        Key::Stands,
        &[],
    ),
    scene(group::REMOVE, "Claire", &[], Key::Stands, &[]),
    // More than one person decides in a day: two are asked.
    scene(group::chat::REMOVE_NOW, "Claire", &[], Key::Stands, &["agreement.asked"]),
    scene(session::END_CALL, "Mamadou", &[], Key::Laid, &["call.end_asked", "call.over"]),
];

/// Where a key stands: the chat, the message, what it sends.
pub struct Stands {
    pub account: i64,
    pub chat: i64,
    pub message: i64,
    pub data: String,
}

impl Stage {
    /// The newest key of this meaning in a chat, with these words on it if any are asked for.
    async fn standing(&self, action: &str, words: &str, chat: i64) -> Option<(i64, String)> {
        const OF: &str = "SELECT id FROM telegram_button WHERE action = $1";
        let read = async |tx: &mut Tx| preau::fetch_all!(tx, (String,), OF, action);
        let known = self.db().expect("running").read(read).await.expect("read");
        let is_so =
            |data: &str| known.iter().any(|(id,)| data.get(1..).is_some_and(|data| data.starts_with(id.as_str())));
        self.sandbox.messages(chat).into_iter().rev().find_map(|message| {
            let mut keys = message.buttons.into_iter().flatten();
            let key = keys.find(|key| key.text.contains(words) && key.data.as_deref().is_some_and(is_so))?;
            Some((message.id, key.data?))
        })
    }

    async fn taps(&self, who: &str, action: &str, words: &str) {
        let account = self.is(who);
        let Some((message, data)) = self.standing(action, words, account).await else {
            panic!("{who} has no key {action} « {words} »: {:#?}", self.sandbox.last(account));
        };
        self.sandbox.press_data(account, account, message, &data);
        self.drain().await.expect("quiet");
    }

    /// Does what comes before, and gives where the key stands then.
    pub async fn set(&mut self, scene: &Scene) -> Stands {
        for (who, step) in scene.before {
            match step {
                Says(words) => drop(self.ask(who, words).await),
                Taps(action) => self.taps(who, action, "").await,
                TapsOn(action, words) => self.taps(who, action, words).await,
                Sends(lines) => {
                    let account = self.is(who);
                    self.sandbox.send_file(account, account, "edt.xlsx", book(&[], lines), None);
                    self.drain().await.expect("quiet");
                }
                Made(thing) => self.make(who, thing).await,
            }
        }
        let account = self.is(scene.who);
        let (chat, words) = match scene.key {
            Key::Laid => return self.laid_as_case(scene.action, account).await,
            Key::Made => {
                let (chat, data) = (self.group, self.laid(scene.action, &self.made, self.group, None).await);
                let message = self.keyed(chat);
                return Stands { account, chat, message, data };
            }
            Key::Stands => (account, ""),
            Key::StandsOn(words) => (account, words),
            Key::There => (self.there, ""),
        };
        let Some((message, data)) = self.standing(scene.action, words, chat).await else {
            panic!("no key {} « {words} » for {}: {:#?}", scene.action, scene.who, self.sandbox.last(chat));
        };
        Stands { account, chat, message, data }
    }

    pub async fn laid_as_case(&self, action: &str, account: i64) -> Stands {
        let case = super::cases::of(action, self).unwrap_or_else(|| panic!("no case for {action}"));
        let (chat, actor) = if case.in_group { (self.group, None) } else { (account, Some(account)) };
        let data = self.laid(action, &case.args, chat, actor).await;
        let message = self.keyed(chat);
        Stands { account, chat, message, data }
    }

    /// The newest message of ours that may have keys.
    fn keyed(&self, chat: i64) -> i64 {
        self.all(chat).iter().rfind(|message| message.document.is_none()).map_or(1, |message| message.id)
    }

    async fn make(&mut self, who: &str, thing: &Thing) {
        match thing {
            Thing::Linked(role) => self.linked(who, *role).await,
            Thing::AdminLink => {
                let token = self.write(async |tx| roster::admin_link(tx).await).await;
                self.sandbox.start_bot(self.is(who), &token);
                self.drain().await.expect("quiet");
            }
            Thing::Addressed(address) => self.addressed(who, address).await,
            Thing::LateLink => {
                let token = self.mailed();
                self.until("14:25").await;
                self.opens(who, &token).await;
            }
            Thing::FromAfar => {
                let ensure = async |tx: &mut Tx| classroom::flow::ensure(tx, &Actor::Cli, "CAP Cuisine").await;
                let (classroom_id, _) = self.write(ensure).await;
                let (mode, subject) = (Mode::Remote, "Desserts".to_owned());
                let lesson = self.lesson("14:00", "16:00", None);
                self.made = self.plan(Session { classroom_id, mode, subject, teacher_id: None, ..lesson }).await;
            }
            Thing::NewGroup => {
                let claire = self.is(who);
                self.there = self.sandbox.add_group("Cuisine", claire);
                self.sandbox.add_bot(self.there, claire);
                self.sandbox.promote_bot(self.there, claire, &classroom::RIGHTS);
                self.drain().await.expect("quiet");
                self.say(claire, self.there, "/adopter").await;
            }
            Thing::Dead => self.too_late(who).await,
            Thing::Agreement => {
                let (effects, payload) = (Text::verbatim("Retirer Noé B."), serde_json::json!({ "account": 2 }));
                let ask = Ask { kind: "roster.menu", effects, payload, needs: 2, asked_by: None, hours: 48 };
                self.write(async |tx| approval::ask(tx, ask).await).await;
            }
            Thing::InCall => {
                self.sandbox.join_call(self.is(who), self.group).expect("in the call");
                self.until("14:07").await;
            }
        }
    }

    async fn linked(&mut self, who: &str, role: Role) {
        let class = self.class.clone();
        let classes: &[&str] = if role == Role::Student { &[&class] } else { &[] };
        self.add_unlinked(who, "Lien", role, classes).await;
        let id = id_of(who);
        let make = async |tx: &mut Tx| roster::make_link(tx, LinkKind::Printed, Some(&id), &Actor::Cli).await;
        let token = self.write(make).await;
        self.opens(who, &token).await;
        self.ask(who, "12/03/2005").await;
    }

    /// Somebody new opens a link.
    async fn opens(&mut self, who: &str, token: &str) {
        let account = self.sandbox.add_person(who, "", "fr");
        self.who.insert(who.to_owned(), account);
        self.sandbox.start_bot(account, token);
        self.drain().await.expect("quiet");
    }

    async fn addressed(&self, who: &str, address: &str) {
        self.add_unlinked(who, "Adresse", Role::Student, &[&self.class]).await;
        let (id, email) = (id_of(who), Some(address.to_owned()));
        self.write(async |tx| {
            let person = roster::person(tx, &id).await?.expect("of the school");
            roster::change(tx, &Actor::Cli, &Person { email, ..person }).await
        })
        .await;
    }

    /// The link in the last mail.
    fn mailed(&self) -> String {
        let mail = self.sandbox.mails().into_iter().rev().find(|mail| mail.body.contains("?start="));
        let body = mail.expect("a mail with a link").body;
        let (_, rest) = body.split_once("?start=").expect("a link");
        rest.chars().take_while(char::is_ascii_alphanumeric).collect()
    }

    /// A message to them was not sent in time, and admins were told.
    async fn too_late(&self, who: &str) {
        let (now, text) = (self.clock.now(), Text::verbatim("Trop tard."));
        let tell = Tell { account: self.is(who), lang: Some(Lang::Fr), text, tie: None };
        let dead = Put::new(TELL, format!("{TELL}:test:{who}"), &tell).expect("a row");
        let dead = dead.due(now.plus_minutes(-90)).until(now.plus_minutes(-30));
        self.write(async |tx| outbox::put(tx, dead).await.map(|_| ())).await;
    }
}
