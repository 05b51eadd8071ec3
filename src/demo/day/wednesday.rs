//! A second class, whose group and call make themselves: the school signs a user account in.

use super::super::workbook::{SECOND, second_timetable};
use super::tuesday::{holds, rows};
use super::{Act, Day};
use crate::kernel::secret::SecretString;
use crate::kernel::{Error, Result};
use crate::sandbox::Fault;
use crate::school::classroom::flow as classrooms;
use crate::telegram::caller::{login, vault};

/// The class whose group nobody made.
const SECOND_CLASS: &str = "BTS SIO 2A";
const PHONE: &str = "+33600000001";
const PASSWORD: &str = "sous le préau";

/// So many looks are refused, repeated after seconds first, then at their usual pace: for over a minute nobody sees who is
/// in the call.
const BLIND: u32 = 8;

/// The lines of its lesson's sheet.
const LINES: [[&str; 3]; 4] = [
    ["Costa", "Jade", "présent"],
    ["Girard", "Hugo", "présent"],
    ["Lefèvre", "Tom", "retard 11 min"],
    ["Nguyen", "Lina", "absent"],
];

/// What is typed at the terminal.
struct Typed;

impl login::Asked for Typed {
    fn code(&mut self, _: bool) -> Result<String> {
        Ok("12345".to_owned())
    }
    fn password(&mut self, _: Option<&str>, _: bool) -> Result<SecretString> {
        Ok(SecretString::from(PASSWORD.to_owned()))
    }
}

impl Day {
    pub(super) async fn second_class(&mut self) -> Result<()> {
        self.transcript.scene("Mardi soir : une seconde classe");
        let admin = self.cast.admin;
        self.transcript.act(self.stage.clock.now(), "privé", "Mme Laurent", "[fichier EDT_2A.xlsx]");
        self.begin(Some(Act { account: admin, chat: admin }));
        self.stage.sandbox.send_file(admin, admin, "EDT_2A.xlsx", second_timetable()?, None);
        self.settle().await?;
        self.expect_said(admin, &format!("Classe à créer : {SECOND_CLASS}"));
        self.press("Mme Laurent", admin, admin, "Appliquer").await?;
        self.expect_said(admin, "1 séance ajoutée");
        Ok(())
    }

    /// As `preau login` does, beside the running program.
    pub(super) async fn sign_in(&mut self) -> Result<()> {
        self.transcript.scene("Le compte appelant");
        let seeds = &self.stage.config.telegram.caller.seeds;
        let seed = seeds.first().ok_or_else(|| Error::fault("the story names no seed"))?;
        self.stage.sandbox.add_caller("Horizon", "Appels", PHONE, Some(PASSWORD));
        std::fs::write(seed, self.stage.sandbox.caller_seed(None)).map_err(|error| Error::outage("files", &error))?;
        let typed = format!("preau login --phone {PHONE} (le code reçu, le second mot de passe)");
        self.transcript.act(self.stage.clock.now(), "terminal", "Mme Laurent", &typed);
        self.begin(None);
        let beside = self.stage.beside().await?;
        let signed = login::sign_in(&beside.db, &vault(beside.db.config()), PHONE, &mut Typed).await;
        beside.close().await;
        self.expect("the account is signed in", signed?.name == "Horizon Appels");
        self.settle().await
    }

    pub(super) async fn group_by_itself(&mut self) -> Result<()> {
        self.transcript.scene("Le groupe de la seconde classe se crée");
        let made = self.stage.db()?.read(async |tx| classrooms::groups(tx).await).await?;
        let made = made.into_iter().find(|group| group.owner.is_some());
        let Some(chat) = made.map(|group| group.chat) else {
            self.expect("a group that the account made", false);
            return Ok(());
        };
        self.cast.second_group = chat;
        self.transcript.watch(chat, "groupe 2A");
        self.settle().await?;
        let sandbox = self.stage.sandbox.clone();
        self.expect("the group bears the class's name", sandbox.title(chat) == SECOND_CLASS);
        self.expect("a welcome stands on top", sandbox.last(chat).is_some_and(|message| message.pinned));
        let admin = self.cast.admin;
        self.say("Mme Laurent", admin, admin, &format!("/liens {SECOND_CLASS}")).await?;
        self.press("Mme Laurent", admin, admin, "Créer").await?;
        let tokens = self.printed_tokens();
        self.expect("four personal links on paper", tokens.len() == SECOND.len());
        self.each_joins(&SECOND, &tokens, chat).await
    }

    fn in_call(&mut self, who: &str, comes: bool) {
        let (account, chat) = (self.account(who), self.cast.second_group);
        let what = if comes { "(entre dans l’appel)" } else { "(quitte l’appel)" };
        self.transcript.act(self.stage.clock.now(), "appel", who, what);
        let sandbox = &self.stage.sandbox;
        let done = if comes { sandbox.join_call(account, chat).is_ok() } else { sandbox.leave_call(account, chat) };
        self.expect(&format!("{who} {what}"), done);
    }

    pub(super) async fn call(&mut self) -> Result<()> {
        let (day, chat, teacher) = ("25/11/2026", self.cast.second_group, self.account("Mamadou"));
        self.transcript.scene("Mercredi matin : chaque cours à son heure");
        self.go_to(day, "08:15").await?;
        self.expect_said(self.cast.group, "Rappel : Mathématiques");
        for hour in ["08:30", "10:30"] {
            self.go_to(day, hour).await?;
        }
        self.transcript.scene("Mercredi : l’appel s’ouvre tout seul");
        self.go_to(day, "13:45").await?;
        self.expect_said(chat, "Appel vidéo du groupe à 13:55");
        self.go_to(day, "13:55").await?;
        let calls = self.stage.sandbox.calls(chat);
        let opened = matches!(calls.as_slice(), [call] if call.open && call.title == "Systèmes · 25/11");
        self.expect("one call, which bears the lesson's name", opened);
        self.expect_said(chat, "est ouvert");
        for who in ["Jade", "Hugo", "Lina"] {
            self.in_call(who, true);
        }
        self.go_to(day, "14:11").await?;
        self.expect_said(teacher, "Présents 3");
        self.in_call("Tom", true);
        self.go_to(day, "14:20").await?;
        self.transcript.line("        (Hugo change de réseau : une minute sans lui)");
        self.in_call("Hugo", false);
        self.go_to(day, "14:21").await?;
        self.in_call("Hugo", true);
        self.go_to(day, "14:25").await?;
        self.in_call("Lina", false);
        self.go_to(day, "14:35").await?;
        self.transcript.line("        (Telegram ne montre plus l’appel pendant une minute)");
        self.stage.sandbox.fault(Fault::Refuse {
            method: "phone.getGroupCall".to_owned(),
            code: 500,
            error: "WORKER_BUSY_TOO_LONG_RETRY".to_owned(),
            times: BLIND,
        });
        self.go_to(day, "14:38").await?;
        self.expect_said(teacher, "Je ne vois plus qui est dans l’appel vidéo de Systèmes");
        self.go_to(day, "14:40").await
    }

    /// The end: what the call showed is proposed, the teacher decides, the call's message becomes the report.
    pub(super) async fn report(&mut self) -> Result<()> {
        self.transcript.scene("La fin de l’appel");
        let (day, chat, teacher) = ("25/11/2026", self.cast.second_group, self.account("Mamadou"));
        self.go_to(day, "15:00").await?;
        self.expect_said(teacher, "Absent : Lina N.");
        self.expect_said(teacher, "je n’ai pas vu qui était dans l’appel");
        self.press("M. Diallo", teacher, teacher, "Valider").await?;
        self.go_to(day, "15:05").await?;
        let sandbox = self.stage.sandbox.clone();
        self.expect("the call is over", sandbox.calls(chat).iter().all(|call| !call.open));
        let about: Vec<_> =
            sandbox.messages(chat).into_iter().filter(|message| message.text.contains("Systèmes")).collect();
        self.expect("the session cost the group two messages", about.iter().filter(|one| one.from_bot).count() == 2);
        self.expect_said(chat, "3 présents sur 4 (dont 1 retard)");
        let sheet = sandbox.messages(teacher).into_iter().rev().find_map(|message| {
            message.document.filter(|file| file.name.contains("Systemes")).map(|file| rows(&file.bytes))
        });
        let sheet = sheet.unwrap_or_default();
        for line in LINES {
            self.expect(&format!("{line:?} in the sheet of the call, which holds {sheet:?}"), holds(&sheet, &line));
        }
        let violations = sandbox.violations();
        self.expect(&format!("Telegram's own language: {violations:?}"), violations.is_empty());
        Ok(())
    }
}
