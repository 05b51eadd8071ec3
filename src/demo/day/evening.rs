//! Monday evening: from the first admin to everybody in the group.

use std::collections::BTreeMap;

use super::super::workbook::{PEOPLE, timetable};
use super::{Act, CLASS, Day};
use crate::kernel::{Error, Result};
use crate::school::classroom;
use crate::school::roster::flow as roster;

impl Day {
    pub(super) async fn first_admin(&mut self) -> Result<()> {
        // What starting brings (menus) is done before anybody acts.
        self.settle().await?;
        self.transcript.scene("Le premier administrateur");
        let admin = self.stage.sandbox.add_person("Claire", "Laurent", "fr");
        self.cast.admin = admin;
        self.transcript.watch(admin, "privé, Mme Laurent");
        // As `preau invite --role admin` does, beside the running program.
        let token = self.stage.write_beside(async |tx| roster::admin_link(tx).await).await?;
        self.start("Mme Laurent", admin, &token).await?;
        self.say("Mme Laurent", admin, admin, "Claire Laurent").await?;
        self.expect_said(admin, "vous êtes administrateur");
        Ok(())
    }

    pub(super) async fn import(&mut self) -> Result<()> {
        self.transcript.scene("L’emploi du temps, avec ses deux fautes");
        let admin = self.cast.admin;
        self.transcript.act(self.stage.clock.now(), "privé", "Mme Laurent", "[fichier EDT_S48.xlsx]");
        self.begin(Some(Act { account: admin, chat: admin }));
        self.stage.sandbox.send_file(admin, admin, "EDT_S48.xlsx", timetable()?, None);
        self.settle().await?;
        for words in [
            "Séances : +3 −0 ~0",
            "Personnes : +5",
            "2 personnes et 3 séances attendent ces droits.",
            &format!("Classe à créer : {CLASS}"),
            "2 lignes à corriger :",
            "ligne 5, Date : « 31/11/2026 » n’existe pas",
            "ligne 6, Fin : la fin ne vient pas après le début",
            "Sylvie Adam (superviseur), Mamadou Diallo (enseignant)",
        ] {
            self.expect_said(admin, words);
        }
        self.press("Mme Laurent", admin, admin, "Appliquer le reste").await?;
        self.expect_said(admin, "3 séances ajoutées, 5 personnes ajoutées");
        self.expect_said(admin, "Rôles à confirmer à part");
        self.press("Mme Laurent", admin, admin, "Donner ces droits").await?;
        self.expect_said(admin, "2 rôles donnés");
        Ok(())
    }

    pub(super) async fn adopt(&mut self) -> Result<()> {
        self.transcript.scene("Le groupe de la classe");
        let admin = self.cast.admin;
        let group = self.stage.sandbox.add_group(CLASS, admin);
        self.cast.group = group;
        self.transcript.watch(group, "groupe");
        self.stage.sandbox.add_bot(group, admin);
        self.begin(None);
        self.stage.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
        self.settle().await?;
        self.say("Mme Laurent", admin, group, &format!("/adopter {CLASS}")).await?;
        self.expect_said(group, CLASS);
        Ok(())
    }

    /// Everybody gets a link on paper, answers the question, and joins.
    pub(super) async fn join_all(&mut self) -> Result<()> {
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
        self.each_joins(&PEOPLE, &tokens, self.cast.group).await
    }

    /// People who are not linked yet open their links, answer, and ask to join their class's group.
    pub(super) async fn each_joins(
        &mut self,
        people: &[[&str; 6]],
        tokens: &BTreeMap<String, String>,
        group: i64,
    ) -> Result<()> {
        for [last, first, _, birth, role, _] in people.iter().copied() {
            let account = self.stage.sandbox.add_person(first, last, "fr");
            self.cast.people.insert(first.to_owned(), account);
            // Staff are called in the story as the school's people call them.
            let who = match first {
                "Mamadou" => "M. Diallo",
                "Sylvie" => "Mme Adam",
                first => first,
            };
            self.transcript.watch(account, &format!("privé, {who}"));
            let Some(token) = tokens.get(&format!("{first} {last}")).cloned() else { continue };
            self.start(who, account, &token).await?;
            self.say(who, account, account, birth).await?;
            self.press(who, account, account, "Oui").await?;
            if role == "étudiant" {
                self.press(who, account, account, "18 et plus").await?;
            }
            self.ask_to_join(who, account, group).await?;
        }
        Ok(())
    }

    async fn ask_to_join(&mut self, who: &str, account: i64, group: i64) -> Result<()> {
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
        self.transcript.act(self.stage.clock.now(), "Telegram", who, "(demande à entrer dans le groupe)");
        self.begin(None);
        if let Err(why) = self.stage.sandbox.ask_to_join(account, &link) {
            self.expect(&why, false);
        }
        self.settle().await?;
        self.expect(&format!("{who} is in the group"), self.stage.sandbox.members(group).contains(&account));
        Ok(())
    }

    /// The links of the newest file in the admin's chat, by name.
    pub(super) fn printed_tokens(&self) -> BTreeMap<String, String> {
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

    pub(super) async fn stranger(&mut self) -> Result<()> {
        self.transcript.scene("Une inconnue demande à entrer");
        let stranger = self.stage.sandbox.add_person("Zoé", "Inconnue", "fr");
        self.cast.stranger = stranger;
        self.transcript.watch(stranger, "privé, Zoé");
        let group = self.cast.group;
        let Some(link) = self.stage.sandbox.links(group).into_iter().next_back() else {
            return Err(Error::fault("the group has no link"));
        };
        self.transcript.act(
            self.stage.clock.now(),
            "Telegram",
            "Zoé",
            "(demande à entrer avec un lien qu’on lui a passé)",
        );
        self.begin(None);
        if let Err(why) = self.stage.sandbox.ask_to_join(stranger, &link) {
            self.expect(&why, false);
        }
        self.settle().await?;
        let inside = self.stage.sandbox.members(group).contains(&stranger);
        self.expect("the stranger stays outside", !inside && self.stage.sandbox.join_requests(group).is_empty());
        self.expect_said(stranger, "réservé");
        Ok(())
    }
}
