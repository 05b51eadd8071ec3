//! The demo school: raised as a school raises Préau, through its chat and its command line, a few hours before the demo
//! begins.

pub mod files;
mod people;

use std::collections::BTreeMap;
use std::path::Path;

pub use people::ADMIN;

use super::day::at;
use super::stage::{Set, Stage};
use crate::kernel::secret::SecretString;
use crate::kernel::text::{Lang, Text};
use crate::kernel::{Error, Result};
use crate::platform::store::{Db, Probe};
use crate::sandbox::{Limits, Message, Sandbox};
use crate::school::roster::flow as roster;
use crate::telegram::caller::{login, vault};
use crate::text;
use people::{CLASSES, ON_PAPER, STAFF, birth, students};

const PHONE: &str = "+33600000001";
const DAY: &str = "24/11/2026";

/// What somebody is at the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Student,
    Teacher,
    Supervisor,
    Manager,
    Admin,
    Stranger,
}

impl Part {
    fn of(role: &str) -> Self {
        match role {
            "enseignant" => Self::Teacher,
            "superviseur" => Self::Supervisor,
            "responsable" => Self::Manager,
            _ => Self::Student,
        }
    }
}

/// Somebody whom a visitor may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    pub account: i64,
    pub first: String,
    pub last: String,
    pub part: Part,
    /// The first of their classes.
    pub class: String,
    pub birth: String,
    /// Their personal link on paper, not used yet: what follows `?start=`.
    pub paper: Option<String>,
}

/// The school when the demo begins.
#[derive(Debug)]
pub struct School {
    pub stage: Stage,
    pub personas: Vec<Persona>,
    /// Each class's group.
    pub groups: BTreeMap<String, i64>,
    /// The account that makes groups and opens calls.
    pub caller: Option<i64>,
    /// What its people's apps, its groups and its mails speak.
    pub lang: Lang,
}

/// Where the demo keeps its database and files. It is set up as a school should be: alerts by mail, a backup each day.
pub fn set(folder: &Path, lang: Lang) -> Set {
    let place = |name: &str| folder.join(name).display().to_string();
    let keys = [
        ("database.url", format!("sqlite://{}", place("preau.db"))),
        ("files.folder", place("files")),
        ("school.name", "École Horizon".to_owned()),
        ("school.language", lang.code().to_owned()),
        ("alert.smtp_host", "127.0.0.1".to_owned()),
        ("alert.smtp_port", "{smtp_port}".to_owned()),
        ("alert.smtp_tls", "none".to_owned()),
        ("alert.mail_from", "preau@horizon.example".to_owned()),
        ("alert.mail_to", "samia.benali@horizon.example".to_owned()),
        ("mail.from", "École Horizon <preau@horizon.example>".to_owned()),
        ("backup.folder", place("backups")),
        ("telegram.caller.seeds", place("caller.seed")),
        ("secrets.key_file", place("secrets.key")),
        ("telegram.limits.overall", "0".to_owned()),
        ("telegram.limits.chat", "0".to_owned()),
        ("telegram.limits.group", "0".to_owned()),
    ];
    Set {
        at: at(DAY, "12:30"),
        seed: 7,
        keys: keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        limits: Limits { calls_unpaced: true, ..Limits::default() },
        schema: None,
        probe: Probe::default(),
    }
}

/// Raises the school in `folder`; `say` is told what is being done.
pub async fn open(folder: &Path, lang: Lang, say: &mut (dyn FnMut(&str) + Send)) -> Result<School> {
    let stage = Stage::raise(set(folder, lang)).await?;
    let mut opening = Opening { stage, personas: Vec::new(), groups: BTreeMap::new(), caller: None, lang };
    say("L’administratrice reçoit son lien / the admin gets her link");
    opening.admin().await?;
    say("L’emploi du temps : 4 classes, 60 personnes / the timetable: 4 classes, 60 people");
    opening.timetable().await?;
    say("Le compte appelant crée les groupes / the calling account makes the groups");
    opening.groups().await?;
    say("Chacun relie son compte et entre dans son groupe / everybody links and joins");
    opening.everybody().await?;
    opening.stage.go_to(at(DAY, "13:40")).await?;
    let Opening { stage, mut personas, groups, caller, lang } = opening;
    let stranger = stage.sandbox.add_person("Zoé", "Inconnue", lang.code());
    personas.push(Persona {
        account: stranger,
        first: "Zoé".to_owned(),
        last: "Inconnue".to_owned(),
        part: Part::Stranger,
        class: String::new(),
        birth: String::new(),
        paper: None,
    });
    Ok(School { stage, personas, groups, caller, lang })
}

/// Signs the calling account in (again), as `preau login` does.
pub async fn sign_in(sandbox: &Sandbox, db: &Db) -> Result<()> {
    let seed = db.config().telegram.caller.seeds.first().ok_or_else(|| Error::fault("the demo has no seed"))?;
    std::fs::write(seed, sandbox.caller_seed(None)).map_err(|error| Error::outage("files", &error))?;
    login::sign_in(db, &vault(db.config()), PHONE, &mut Typed).await.map(|_| ())
}

/// The school while it is being raised.
struct Opening {
    stage: Stage,
    personas: Vec<Persona>,
    groups: BTreeMap<String, i64>,
    caller: Option<i64>,
    lang: Lang,
}

/// What is typed at the terminal.
struct Typed;

impl login::Asked for Typed {
    fn code(&mut self, _: bool) -> Result<String> {
        Ok("12345".to_owned())
    }
    fn password(&mut self, _: Option<&str>, _: bool) -> Result<SecretString> {
        Err(Error::fault("the demo's account has no second password"))
    }
}

/// The newest button in a chat whose text contains these words: message and data.
fn button(messages: &[Message], words: &str) -> Option<(i64, String)> {
    messages.iter().rev().find_map(|message| {
        let mut buttons = message.buttons.iter().flatten();
        let found = buttons.find(|button| button.text.contains(words))?;
        Some((message.id, found.data.clone()?))
    })
}

impl Opening {
    fn sandbox(&self) -> &Sandbox {
        &self.stage.sandbox
    }

    /// A key's words, as the school's people read them.
    fn word(&self, key: &Text) -> String {
        key.render(self.lang).replace('\u{a0}', " ")
    }

    /// Presses in the private chats of these people; who has no such button is an error.
    async fn press(&self, accounts: &[i64], words: &str) -> Result<()> {
        for account in accounts {
            let found = button(&self.sandbox().messages(*account), words);
            let (message, data) = found.ok_or_else(|| {
                let last = self.sandbox().last(*account).map(|message| message.text).unwrap_or_default();
                Error::fault(&format!("the demo school: no button « {words} » under « {last} »"))
            })?;
            self.sandbox().press_data(*account, *account, message, &data);
        }
        self.stage.drain().await
    }

    async fn say(&self, account: i64, words: &str) -> Result<()> {
        self.sandbox().say(account, account, words);
        self.stage.drain().await
    }

    fn admin_account(&self) -> i64 {
        self.personas.first().map_or(0, |admin| admin.account)
    }

    /// As `preau invite --role admin` does, and the admin opens the link.
    async fn admin(&mut self) -> Result<()> {
        self.stage.drain().await?;
        let (first, last) = ADMIN;
        let account = self.sandbox().add_person(first, last, self.lang.code());
        let token = self.stage.write_beside(async |tx| roster::admin_link(tx).await).await?;
        self.sandbox().start_bot(account, &token);
        self.stage.drain().await?;
        self.say(account, &format!("{first} {last}")).await?;
        self.personas.push(Persona {
            account,
            first: first.to_owned(),
            last: last.to_owned(),
            part: Part::Admin,
            class: String::new(),
            birth: String::new(),
            paper: None,
        });
        Ok(())
    }

    async fn timetable(&self) -> Result<()> {
        let admin = self.admin_account();
        self.sandbox().send_file(admin, admin, "EDT_S48.xlsx", files::this_week()?, None);
        self.stage.drain().await?;
        self.press(&[admin], &self.word(&text!("workbook-apply-key"))).await?;
        self.press(&[admin], &self.word(&text!("workbook-give-rights-key"))).await
    }

    async fn groups(&mut self) -> Result<()> {
        let account = self.sandbox().add_caller("Horizon", "Appels", PHONE, None);
        self.caller = Some(account);
        let beside = self.stage.beside().await?;
        let signed = sign_in(self.sandbox(), &beside.db).await;
        beside.close().await;
        signed?;
        self.stage.drain().await?;
        let owner = async |tx: &mut crate::platform::store::Tx| {
            let mut groups = BTreeMap::new();
            for group in crate::school::classroom::flow::groups(tx).await? {
                if let Some(class) = crate::school::classroom::flow::classroom(tx, &group.classroom_id).await? {
                    groups.insert(class.name, group.chat);
                }
            }
            Ok(groups)
        };
        self.groups = self.stage.db()?.read(owner).await?;
        if self.groups.len() == CLASSES.len() {
            return Ok(());
        }
        Err(Error::fault(&format!("the demo school: {} groups were made", self.groups.len())))
    }

    async fn everybody(&mut self) -> Result<()> {
        let mut tokens = BTreeMap::new();
        for (class, _) in CLASSES {
            tokens.append(&mut self.links(class).await?);
        }
        for [last, first, birth, role, classes] in STAFF {
            let class = classes.split(", ").next().unwrap_or_default();
            self.enrol((last, first), Part::of(role), class, birth.to_owned(), &tokens);
        }
        for (nth, name, class) in students() {
            self.enrol(name, Part::Student, class, birth(nth), &tokens);
        }
        let on_paper = |one: &&mut Persona| !ON_PAPER.contains(&(one.last.as_str(), one.first.as_str()));
        let (mut all, mut births, mut grown) = (Vec::new(), Vec::new(), Vec::new());
        for persona in self.personas.iter_mut().skip(1).filter(on_paper) {
            let Some(token) = persona.paper.take() else { continue };
            all.push(persona.account);
            births.push((persona.account, persona.birth.clone(), token));
            if persona.part == Part::Student {
                grown.push(persona.account);
            }
        }
        for (account, _, token) in &births {
            self.sandbox().start_bot(*account, token);
        }
        self.stage.drain().await?;
        for (account, birth, _) in &births {
            self.sandbox().say(*account, *account, birth);
        }
        self.stage.drain().await?;
        self.press(&all, &self.word(&text!("roster-yes"))).await?;
        self.press(&grown, &self.word(&text!("roster-age-adult"))).await?;
        for account in all {
            let links = self.sandbox().messages(account).into_iter().rev().find_map(|message| {
                let urls: Vec<String> = message.buttons.into_iter().flatten().filter_map(|button| button.url).collect();
                (!urls.is_empty()).then_some(urls)
            });
            for link in links.unwrap_or_default() {
                // Who is asked twice by one group is in it already.
                let _ = self.sandbox().ask_to_join(account, &link);
            }
        }
        self.stage.drain().await
    }

    fn enrol(
        &mut self,
        (last, first): (&str, &str),
        part: Part,
        class: &str,
        birth: String,
        tokens: &BTreeMap<String, String>,
    ) {
        let account = self.sandbox().add_person(first, last, self.lang.code());
        let paper = tokens.get(&format!("{first} {last}")).cloned();
        let (first, last, class) = (first.to_owned(), last.to_owned(), class.to_owned());
        self.personas.push(Persona { account, first, last, part, class, birth, paper });
    }

    /// The personal links of a class, by first and last name; the file comes to the admin as it would on any day.
    async fn links(&self, class: &str) -> Result<BTreeMap<String, String>> {
        let admin = self.admin_account();
        self.say(admin, &format!("/liens {class}")).await?;
        // « Créer 27 liens »: how many there are is the bot's to say.
        let make = self.word(&text!("roster-links-make", count = 2_i64));
        self.press(&[admin], make.split(' ').next().unwrap_or_default()).await?;
        let file = self.sandbox().messages(admin).into_iter().rev().find_map(|message| message.document);
        let text = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).unwrap_or_default();
        let link = |line: &str| {
            let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
            let [last, first, link, ..] = cells.as_slice() else { return None };
            Some((format!("{first} {last}"), link.rsplit_once("start=")?.1.to_owned()))
        };
        Ok(text.lines().skip(1).filter_map(link).collect())
    }
}
