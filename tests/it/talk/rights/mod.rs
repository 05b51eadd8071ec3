//! Rights: every command, button, question and file that is registered, tried by everybody, everywhere; and everything
//! that can be forged, tried forged. What is registered without a case here fails.

mod cases;
mod forged;
mod late;
mod links;
mod matrix;
mod scenes;
mod table;
mod twice;

use std::ops::{Deref, DerefMut};

use preau::kernel::text::Arg;
use preau::kernel::{Lang, Text};
use preau::platform::store::Tx;
use preau::school::FEATURES;
use preau::school::approval::{Ask, flow as approval};
use preau::school::attendance::flow as attendance;
use preau::school::rights::{Act, Reach, Tie};
use preau::school::roster::Role;
use preau::school::session::{Mode, Session};
use preau::telegram::callback::{Seen, lay};
use preau::telegram::command::Button;
use preau::telegram::screen::{Key, Screen, WireDoes};

use super::mailed::MAIL;
use super::school::{School, id_of};
use crate::world::Engine;

/// Somebody, and what ties them to BTS SIO 1A and to its lesson.
pub struct One {
    pub name: &'static str,
    pub role: Option<Role>,
    pub ties: &'static [Tie],
}

const fn one(name: &'static str, role: Option<Role>, ties: &'static [Tie]) -> One {
    One { name, role, ties }
}

pub const PEOPLE: [One; 10] = [
    one("Xavier", None, &[]),
    one("Inès", Some(Role::Student), &[Tie::Enrolled]),
    one("Zoé", Some(Role::Student), &[]),
    one("Mamadou", Some(Role::Teacher), &[Tie::Teaches]),
    one("Tess", Some(Role::Teacher), &[]),
    one("Éric", Some(Role::Supervisor), &[Tie::Enrolled, Tie::Cares]),
    one("Max", Some(Role::Supervisor), &[]),
    // In charge of no class in particular: of all.
    one("Sam", Some(Role::Supervisor), &[Tie::Cares]),
    one("Mona", Some(Role::Manager), &[]),
    one("Claire", Some(Role::Admin), &[]),
];

impl One {
    /// By the table, read here once more.
    pub fn may(&self, act: Act) -> bool {
        match act.reach(self.role) {
            Reach::Never => false,
            Reach::Always => true,
            Reach::By(ties) => ties.iter().any(|tie| self.ties.contains(tie)),
        }
    }
    /// The gate lets them through.
    pub fn passes(&self, act: Act) -> bool {
        preau::telegram::command::Audience::from(self.role) >= act.audience()
    }
}

/// The school in which everything is tried: it is five past two, and both classes have a lesson.
pub struct Stage {
    school: School,
    /// The lesson that runs in BTS SIO 1A, and one of this morning whose sheet is validated.
    pub lesson: String,
    pub past: String,
    /// Another of this morning, whose sheet waits.
    pub waiting: String,
    pub contest: String,
    pub agreement: String,
    /// What a scene made: a lesson, a group.
    pub made: String,
    pub there: i64,
}

impl Deref for Stage {
    type Target = School;
    fn deref(&self) -> &School {
        &self.school
    }
}

impl DerefMut for Stage {
    fn deref_mut(&mut self) -> &mut School {
        &mut self.school
    }
}

impl Stage {
    pub async fn new() -> Self {
        Self::made(false).await
    }

    /// The lesson of BTS SIO 1A is followed from afar, and its call is open.
    pub async fn with_call() -> Self {
        Self::made(true).await
    }

    async fn made(call: bool) -> Self {
        let engine = Engine::all().first().copied().expect("an engine");
        let mut school = School::with(engine, &MAIL).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let other_class = school.add_class("CAP Cuisine").await;
        let other = other_class.as_str();
        school.add("Zoé", "Zola", Role::Student, &[other], Lang::Fr).await;
        school.add("Tess", "Olivier", Role::Teacher, &[], Lang::Fr).await;
        school.add("Max", "Vie", Role::Supervisor, &[other], Lang::Fr).await;
        school.add("Sam", "Partout", Role::Supervisor, &[], Lang::Fr).await;
        school.add("Mona", "Lise", Role::Manager, &[], Lang::Fr).await;
        school.add_unlinked("Karl", "Blanchet", Role::Student, &[&school.class.clone()]).await;
        let xavier = school.sandbox.add_person("Xavier", "", "fr");
        school.sandbox.start_bot(xavier, "");
        school.drain().await.expect("quiet");
        school.who.insert("Xavier".to_owned(), xavier);
        // In the group stands everybody: whoever is not of the class was let in by somebody.
        for one in &PEOPLE {
            school.sandbox.add_member(school.group, school.is(one.name), school.is("Claire"));
        }
        school.drain().await.expect("quiet");
        let morning = school.lesson("08:10", "09:10", None);
        let past = school.plan(Session { subject: "Anglais".to_owned(), ..morning }).await;
        let maths = Session { subject: "Maths".to_owned(), ..school.lesson("09:20", "10:20", None) };
        let waiting = school.plan(maths).await;
        if call {
            school.caller().await;
        }
        let mode = if call { Mode::Remote } else { Mode::OnSite };
        let lesson = school.plan(Session { mode, ..school.lesson("14:00", "16:00", None) }).await;
        let (teacher_id, teacher_name) = (Some(id_of("Tess")), "Mme Olivier".to_owned());
        let theirs = Session {
            classroom_id: other_class.clone(),
            subject: "Sauces".to_owned(),
            ..school.lesson("14:00", "16:00", None)
        };
        school.plan(Session { teacher_id, teacher_name, ..theirs }).await;
        school.until("09:15").await;
        let sheet = school.sheet(&past).await.expect("a sheet");
        let by = id_of("Mamadou");
        school.write(async |tx| attendance::validate(tx, &past, &by, sheet.version, true).await.map(|_| ())).await;
        let student = id_of("Noé");
        let contest = school.write(async |tx| attendance::contest(tx, &past, &student, "J’étais là.").await).await;
        school.until("14:05").await;
        let ask = Ask {
            kind: "roster.menu",
            effects: Text::verbatim("Retirer Karim T."),
            payload: serde_json::json!({ "account": 1 }),
            needs: 2,
            asked_by: Some(id_of("Claire")),
            hours: 48,
        };
        let agreement = school.write(async |tx| approval::ask(tx, ask).await).await;
        let contest = contest.expect("noted");
        Self { school, lesson, past, waiting, contest, agreement, made: String::new(), there: 0 }
    }

    /// Data of a button that stands in `chat`, for `actor` or for everybody there.
    pub async fn laid(&self, action: &str, args: &str, chat: i64, actor: Option<i64>) -> String {
        let key = Key::press(Text::verbatim("x"), action, args);
        let screen = Screen::new(Text::verbatim("x")).row([key]);
        let seen = Seen { chat, actor, menu: None };
        let db = self.db().expect("running");
        let page = db.transact(async |tx| lay(tx, &screen, Lang::Fr, seen).await).await.expect("laid");
        match &page.keys[0][0].does {
            WireDoes::Data(data) => data.clone(),
            _ => panic!("a press"),
        }
    }

    /// Presses under the message that stands last in a chat; gives the query.
    pub fn forge(&self, account: i64, chat: i64, data: &str) -> String {
        let message = self.sandbox.last(chat).map_or(1, |message| message.id);
        self.sandbox.press_data(account, chat, message, data)
    }

    pub fn over(&self, query: &str) -> String {
        self.sandbox.callback_answer(query).expect("every press is answered").unwrap_or_default()
    }

    pub fn asked(&self) -> usize {
        self.sandbox.journal().len()
    }

    /// What the bot sent, edited or deleted in a chat since then: the requests, with what they said.
    pub fn since(&self, then: usize, chat: i64) -> Vec<String> {
        let all = self.sandbox.journal();
        let of = all.iter().skip(then).filter(|call| call.chat_id == Some(chat));
        // The same words once more are words too.
        let of = of.filter(|call| call.outcome == "ok" || call.outcome.contains("not modified"));
        let shown = of.filter(|call| !call.method.starts_with("get") && !call.method.ends_with("MyCommands"));
        shown.map(|call| format!("{} {}", call.method, call.params).replace('\u{a0}', " ")).collect()
    }

    /// How many lines the journal of the school has.
    pub async fn audited(&self) -> i64 {
        let count = async |tx: &mut Tx| preau::fetch_all!(tx, (i64,), "SELECT COUNT(*) FROM audit_entry");
        let db = self.db().expect("running");
        db.read(count).await.expect("read").first().map_or(0, |(count,)| *count)
    }

    pub async fn over_with(mut self) {
        self.school.strike().await;
    }
}

pub fn buttons() -> Vec<&'static Button> {
    FEATURES.iter().flat_map(|feature| feature.buttons).chain(preau::telegram::BUTTONS).collect()
}

/// Words by which somebody is told that this is not theirs.
pub fn is_refusal(words: &str) -> bool {
    const KEYS: [&str; 14] = [
        "telegram-not-linked",
        "telegram-needs-teacher",
        "telegram-needs-supervisor",
        "telegram-needs-manager",
        "telegram-needs-admin",
        "telegram-menu-expired",
        "telegram-not-your-button",
        "attendance-not-yours",
        "roster-not-yours",
        "session-who-are-you",
        "session-not-yours",
        "session-students-only",
        "approval-admins-only",
        "welcome-not-open",
    ];
    let circle = Text::of("roster-links-not-yours", vec![("class", Arg::from("BTS SIO 1A"))]);
    let staff = Text::of("roster-links-staff-not-yours", vec![]);
    let said = |text: Text| text.render(Lang::Fr).replace('\u{a0}', " ");
    let mut all = KEYS.iter().map(|key| Text::of(key, vec![])).chain([circle, staff]);
    all.any(|refusal| words.contains(&said(refusal)))
}

/// Names of BTS SIO 1A, and its subjects: nobody's but theirs who may.
pub fn shows_names(requests: &[String]) -> bool {
    requests.iter().any(|said| ["Noé", "Karim", "Touré", "Blanchet"].iter().any(|name| said.contains(name)))
}

pub fn shows_lessons(requests: &[String]) -> bool {
    requests.iter().any(|said| said.contains("Réseaux") || said.contains("Anglais"))
}

pub fn sends_files(requests: &[String]) -> bool {
    requests.iter().any(|said| said.starts_with("sendDocument"))
}
