//! A school day, played through the sandbox by everybody in it: what the story tells, and what tests disturb.

use std::collections::BTreeMap;

use super::stage::Stage;
use super::transcript::Transcript;
use super::workbook::{PEOPLE, timetable};
use crate::kernel::time::{Zone, read_day, read_hour};
use crate::kernel::{At, Error, Result};
use crate::sandbox::Fault;
use crate::school::classroom;
use crate::school::roster::flow as roster;

/// The class of the story.
pub const CLASS: &str = "BTS SIO 1A";

/// Everybody's account, and the group.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    pub admin: i64,
    pub group: i64,
    pub stranger: i64,
    /// By first name.
    pub people: BTreeMap<String, i64>,
}

/// A day under way.
#[derive(Debug)]
pub struct Day {
    pub stage: Stage,
    pub cast: Cast,
    transcript: Transcript,
    /// What came out otherwise than the story has it.
    pub wrong: Vec<String>,
    /// Whose act is being answered; nobody's when time alone passes.
    acting: Option<i64>,
    /// Trouble at a reminder: its hour, and what Telegram does then.
    pub trouble: Option<(&'static str, Fault)>,
    /// Whose act was under way when a kill stopped the product.
    pub struck: Option<Option<i64>>,
}

/// An instant of the story, in Paris.
pub fn at(day: &str, hour: &str) -> At {
    let day = read_day(day).unwrap_or_default();
    Zone::default().instant(day, read_hour(hour).unwrap_or_default())
}

impl Day {
    pub fn new(stage: Stage, transcript: Transcript) -> Self {
        Self { stage, cast: Cast::default(), transcript, wrong: Vec::new(), acting: None, trouble: None, struck: None }
    }

    /// The whole story: the evening before, and the day.
    pub async fn play(&mut self) -> Result<()> {
        self.evening().await?;
        self.day().await
    }

    /// Monday evening: from the first admin to everybody in the group.
    pub async fn evening(&mut self) -> Result<()> {
        self.first_admin().await?;
        self.import().await?;
        self.adopt().await?;
        self.join_all().await?;
        self.stranger().await
    }

    /// Tuesday.
    pub async fn day(&mut self) -> Result<()> {
        self.session().await?;
        self.roll().await?;
        self.validate().await?;
        self.check();
        Ok(())
    }

    async fn settle(&mut self) -> Result<()> {
        let kills = self.stage.kills();
        self.stage.settle().await?;
        if self.stage.kills() > kills {
            self.struck = Some(self.acting);
        }
        self.acting = None;
        self.transcript.look(&self.stage.sandbox);
        Ok(())
    }

    async fn go_to(&mut self, day: &str, hour: &str) -> Result<()> {
        if let Some((_, fault)) = self.trouble.take_if(|(when, _)| *when == hour) {
            self.stage.pass_to(At(at(day, hour).millis() - 1)).await?;
            self.stage.sandbox.fault(fault);
        }
        let kills = self.stage.kills();
        self.stage.pass_to(at(day, hour)).await?;
        if self.stage.kills() > kills {
            self.struck = Some(None);
        }
        self.transcript.look(&self.stage.sandbox);
        Ok(())
    }

    fn hour(&self) -> String {
        Zone::default().clock_hour(self.stage.clock.now())
    }

    fn account(&self, first_name: &str) -> i64 {
        self.cast.people.get(first_name).copied().unwrap_or_default()
    }

    /// Notes when something is not as the story has it.
    fn expect(&mut self, what: &str, is_so: bool) {
        if !is_so {
            self.transcript.line(&format!("!! {what}"));
            self.wrong.push(what.to_owned());
        }
    }

    /// The last words of the bot in a chat contain `words`.
    fn expect_said(&mut self, chat: i64, words: &str) {
        let last = self.stage.sandbox.last(chat).map(|message| message.text).unwrap_or_default();
        let what = format!("« {words} » was expected; there stands « {last} »");
        self.expect(&what, last.contains(words));
    }

    async fn say(&mut self, who: &str, account: i64, chat: i64, words: &str) -> Result<()> {
        let place = if chat == account { "privé" } else { "groupe" };
        self.transcript.act(&self.hour(), place, who, words);
        self.acting = Some(account);
        self.stage.sandbox.say(account, chat, words);
        self.settle().await
    }

    async fn start(&mut self, who: &str, account: i64, payload: &str) -> Result<()> {
        self.transcript.act(&self.hour(), "privé", who, "(ouvre son lien)");
        self.acting = Some(account);
        self.stage.sandbox.start_bot(account, payload);
        self.settle().await
    }

    /// Presses the newest button with this label in a chat.
    async fn press(&mut self, who: &str, account: i64, chat: i64, label: &str) -> Result<()> {
        self.press_under("", who, account, chat, label).await
    }

    /// As a teacher does: when the sheet's message did not come, /presence has it.
    async fn on_sheet(&mut self, about: &str, label: &str) -> Result<()> {
        let teacher = self.account("Mamadou");
        let messages = self.stage.sandbox.messages(teacher);
        let is_there = messages
            .iter()
            .filter(|message| message.text.contains(about))
            .any(|message| message.buttons.iter().flatten().any(|button| button.text.contains(label)));
        if !is_there {
            self.say("M. Diallo", teacher, teacher, "/presence").await?;
            self.press("M. Diallo", teacher, teacher, about).await?;
        }
        self.press_under(about, "M. Diallo", teacher, teacher, label).await
    }

    /// Presses the newest button with this label under a message about `about`.
    async fn press_under(&mut self, about: &str, who: &str, account: i64, chat: i64, label: &str) -> Result<()> {
        let place = if chat == account { "privé" } else { "groupe" };
        self.transcript.act(&self.hour(), place, who, &format!("[{label}]"));
        let messages = self.stage.sandbox.messages(chat);
        let button = |fits: &dyn Fn(&str) -> bool| {
            messages.iter().rev().filter(|message| message.text.contains(about)).find_map(|message| {
                let button = message.buttons.iter().flatten().find(|button| fits(&button.text))?;
                Some((message.id, button.data.clone()?))
            })
        };
        let found = button(&|text| text == label).or_else(|| button(&|text| text.contains(label)));
        let Some((message, data)) = found else {
            self.expect(&format!("a button [{label}]"), false);
            return Ok(());
        };
        self.acting = Some(account);
        let query = self.stage.sandbox.press_data(account, chat, message, &data);
        self.settle().await?;
        if let Some(Some(alert)) = self.stage.sandbox.callback_answer(&query) {
            self.transcript.line(&format!("        ({alert})"));
        }
        Ok(())
    }

    async fn first_admin(&mut self) -> Result<()> {
        // What starting brings (menus) is done before anybody acts.
        self.settle().await?;
        self.transcript.scene("Le premier administrateur");
        let admin = self.stage.sandbox.add_person("Claire", "Laurent", "fr");
        self.cast.admin = admin;
        self.transcript.watch(admin, "privé, Mme Laurent");
        // As `preau invite --role admin` does, beside the running program.
        let beside = self.stage.beside().await?;
        let token = beside.db.transact(async |tx| roster::admin_link(tx).await).await?;
        beside.close().await;
        self.start("Mme Laurent", admin, &token).await?;
        self.say("Mme Laurent", admin, admin, "Claire Laurent").await?;
        self.expect_said(admin, "vous êtes administrateur");
        Ok(())
    }

    async fn import(&mut self) -> Result<()> {
        self.transcript.scene("L’emploi du temps, avec ses deux fautes");
        let admin = self.cast.admin;
        self.transcript.act(&self.hour(), "privé", "Mme Laurent", "[fichier EDT_S48.xlsx]");
        self.acting = Some(admin);
        self.stage.sandbox.send_file(admin, admin, "EDT_S48.xlsx", timetable()?, None);
        self.settle().await?;
        self.expect_said(admin, "+3");
        self.press("Mme Laurent", admin, admin, "Appliquer sans").await?;
        self.expect_said(admin, "+3");
        self.press("Mme Laurent", admin, admin, "Donner ces droits").await
    }

    async fn adopt(&mut self) -> Result<()> {
        self.transcript.scene("Le groupe de la classe");
        let admin = self.cast.admin;
        let group = self.stage.sandbox.add_group(CLASS, admin);
        self.cast.group = group;
        self.transcript.watch(group, "groupe");
        self.stage.sandbox.add_bot(group, admin);
        self.stage.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
        self.settle().await?;
        self.say("Mme Laurent", admin, group, &format!("/adopter {CLASS}")).await?;
        self.expect_said(group, CLASS);
        Ok(())
    }

    /// Everybody gets a link on paper, answers the question, and joins.
    async fn join_all(&mut self) -> Result<()> {
        self.transcript.scene("Les liens personnels");
        let admin = self.cast.admin;
        self.say("Mme Laurent", admin, admin, &format!("/liens {CLASS}")).await?;
        self.press("Mme Laurent", admin, admin, "Créer").await?;
        // Links whose file is in doubt are dead: an admin who is told so makes them again.
        let doubted = self
            .stage
            .sandbox
            .messages(admin)
            .iter()
            .any(|message| message.text.contains("non envoyé") && message.text.contains("lien"));
        if doubted {
            self.say("Mme Laurent", admin, admin, &format!("/liens {CLASS}")).await?;
            self.press("Mme Laurent", admin, admin, "Créer").await?;
        }
        let tokens = self.printed_tokens();
        self.expect("seven personal links on paper", tokens.len() == PEOPLE.len());
        for [last, first, _, birth, role, _] in PEOPLE {
            let account = self.stage.sandbox.add_person(first, last, "fr");
            self.cast.people.insert(first.to_owned(), account);
            self.transcript.watch(account, &format!("privé, {first}"));
            let Some(token) = tokens.get(&format!("{first} {last}")).cloned() else { continue };
            self.start(first, account, &token).await?;
            self.say(first, account, account, birth).await?;
            self.press(first, account, account, "Oui").await?;
            if role == "étudiant" {
                self.press(first, account, account, "18 et plus").await?;
            }
            self.ask_to_join(first, account).await?;
        }
        Ok(())
    }

    async fn ask_to_join(&mut self, who: &str, account: i64) -> Result<()> {
        let group = self.cast.group;
        let messages = self.stage.sandbox.messages(account);
        let link = messages
            .iter()
            .rev()
            .flat_map(|message| message.buttons.iter().flatten())
            .find_map(|button| button.url.clone());
        let Some(link) = link else {
            self.expect(&format!("a link to the group for {who}"), false);
            return Ok(());
        };
        self.transcript.act(&self.hour(), "Telegram", who, "(demande à entrer dans le groupe)");
        if let Err(why) = self.stage.sandbox.ask_to_join(account, &link) {
            self.expect(&why, false);
        }
        self.settle().await?;
        self.expect(&format!("{who} is in the group"), self.stage.sandbox.members(group).contains(&account));
        Ok(())
    }

    /// The links of the newest file in the admin's chat, by name.
    fn printed_tokens(&self) -> BTreeMap<String, String> {
        let messages = self.stage.sandbox.messages(self.cast.admin);
        let file = messages.iter().rev().find_map(|message| {
            message.document.clone().filter(|file| {
                std::path::Path::new(&file.name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
            })
        });
        let Some(file) = file else { return BTreeMap::new() };
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        text.lines()
            .skip(1)
            .filter_map(|line| {
                let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
                let [last, first, link, ..] = cells.as_slice() else { return None };
                let token = link.rsplit_once("start=")?.1;
                Some((format!("{first} {last}"), token.to_owned()))
            })
            .collect()
    }

    async fn stranger(&mut self) -> Result<()> {
        self.transcript.scene("Une inconnue demande à entrer");
        let stranger = self.stage.sandbox.add_person("Zoé", "Inconnue", "fr");
        self.cast.stranger = stranger;
        self.transcript.watch(stranger, "privé, Zoé");
        let group = self.cast.group;
        let Some(link) = self.stage.sandbox.links(group).into_iter().next_back() else {
            return Err(Error::fault("the group has no link"));
        };
        self.transcript.act(&self.hour(), "Telegram", "Zoé", "(demande à entrer avec un lien qu’on lui a passé)");
        if let Err(why) = self.stage.sandbox.ask_to_join(stranger, &link) {
            self.expect(&why, false);
        }
        self.settle().await?;
        let inside = self.stage.sandbox.members(group).contains(&stranger);
        self.expect("the stranger stays outside", !inside && self.stage.sandbox.join_requests(group).is_empty());
        self.expect_said(stranger, "réservé");
        Ok(())
    }

    async fn session(&mut self) -> Result<()> {
        self.transcript.scene("Mardi matin, en salle ; l’après-midi, à distance");
        self.go_to("24/11/2026", "08:45").await?;
        self.go_to("24/11/2026", "09:05").await?;
        self.on_sheet("Algorithmique", "Tous présents").await?;
        self.go_to("24/11/2026", "12:00").await?;
        self.on_sheet("Algorithmique", "Valider").await?;
        self.go_to("24/11/2026", "13:45").await?;
        let group = self.cast.group;
        self.expect_said(group, "Réseaux");
        let noe = self.account("Noé");
        self.press("Noé", noe, group, "Je serai absent").await?;
        self.go_to("24/11/2026", "13:57").await?;
        for who in ["Inès", "Karim"] {
            let account = self.account(who);
            self.press(who, account, group, "Je suis là").await?;
        }
        Ok(())
    }

    async fn roll(&mut self) -> Result<()> {
        self.transcript.scene("L’appel");
        self.go_to("24/11/2026", "14:00").await?;
        let teacher = self.account("Mamadou");
        self.expect_said(teacher, "Réseaux");
        self.go_to("24/11/2026", "14:12").await?;
        self.on_sheet("Réseaux", "sauf").await?;
        self.press("M. Diallo", teacher, teacher, "Noé B.").await?;
        self.press("M. Diallo", teacher, teacher, "Paul S.").await?;
        self.press("M. Diallo", teacher, teacher, "Enregistrer").await?;
        self.press("M. Diallo", teacher, teacher, "Liste").await?;
        self.press("M. Diallo", teacher, teacher, "Léa P.").await?;
        self.press("M. Diallo", teacher, teacher, "En retard").await?;
        self.press("M. Diallo", teacher, teacher, "10 min").await
    }

    async fn validate(&mut self) -> Result<()> {
        self.transcript.scene("La fin du cours : corriger, valider");
        self.go_to("24/11/2026", "16:00").await?;
        let (teacher, group) = (self.account("Mamadou"), self.cast.group);
        self.on_sheet("Réseaux", "Corriger").await?;
        self.press("M. Diallo", teacher, teacher, "Paul S.").await?;
        self.press("M. Diallo", teacher, teacher, "Présent").await?;
        self.press("M. Diallo", teacher, teacher, "Panne réseau").await?;
        self.press("M. Diallo", teacher, teacher, "Valider").await?;
        self.expect_said(group, "4 présents sur 5");
        let paul = self.account("Paul");
        self.say("Paul", paul, paul, "/moi").await?;
        self.expect_said(paul, "présent");
        self.go_to("24/11/2026", "19:00").await
    }

    /// The outcome, looked at from outside and in the store.
    fn check(&mut self) {
        let sandbox = self.stage.sandbox.clone();
        let files = |chat: i64| {
            sandbox
                .messages(chat)
                .into_iter()
                .filter(|message| message.document.as_ref().is_some_and(|file| file.name.contains("Reseaux")))
                .count()
        };
        let (teacher, supervisor) = (self.account("Mamadou"), self.account("Sylvie"));
        self.expect("the sheet reaches the teacher", files(teacher) == 1);
        self.expect("the sheet reaches the supervisor", files(supervisor) == 1);
        let group = self.cast.group;
        let about: Vec<_> =
            sandbox.messages(group).into_iter().filter(|message| message.text.contains("Réseaux")).collect();
        self.expect("the session cost the group one message", about.len() == 1);
        let names = ["Noé", "Karim", "Moreau", "Toumi"];
        let shown = about.iter().any(|message| names.iter().any(|name| message.text.contains(name)));
        self.expect("no student's name in the group's report", !shown);
        let violations = sandbox.violations();
        self.expect(&format!("Telegram's own language: {violations:?}"), violations.is_empty());
    }
}
