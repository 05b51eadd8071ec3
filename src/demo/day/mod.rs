//! A school day, played through the sandbox by everybody in it: what the story tells, and what tests disturb.
//!
//! `evening` from the first admin to everybody in the group · `tuesday` two lessons, and the outcome · `wednesday` a
//! calling account: a class's group and its call make themselves.

mod evening;
mod tuesday;
mod wednesday;

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::stage::Stage;
use super::transcript::Transcript;
use crate::kernel::time::{Zone, read_day, read_hour};
use crate::kernel::{At, Result};
use crate::sandbox::Fault;

/// The class of the story.
pub const CLASS: &str = "BTS SIO 1A";

/// Everybody's account, and the group.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    pub admin: i64,
    pub group: i64,
    /// The second class's, which a calling account makes.
    pub second_group: i64,
    pub stranger: i64,
    /// By first name.
    pub people: BTreeMap<String, i64>,
}

/// What somebody does, and where: there the answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    pub account: i64,
    pub chat: i64,
}

/// How far a day has got: how many acts, and hours that were gone to, have begun; and the act that is being answered
/// (none when time alone passes).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    pub number: usize,
    pub act: Option<Act>,
}

/// A day under way.
#[derive(Debug)]
pub struct Day {
    pub stage: Stage,
    pub cast: Cast,
    transcript: Transcript,
    /// What came out otherwise than the story has it.
    pub wrong: Vec<String>,
    step: watch::Sender<Step>,
    /// Trouble at a reminder: its hour, and what Telegram does then.
    pub trouble: Option<(&'static str, Fault)>,
    /// The act that was under way when a kill stopped the product.
    pub struck: Option<Option<Act>>,
}

/// An instant of the story, in Paris.
pub fn at(day: &str, hour: &str) -> At {
    let day = read_day(day).unwrap_or_default();
    Zone::default().instant(day, read_hour(hour).unwrap_or_default())
}

impl Day {
    pub fn new(stage: Stage, transcript: Transcript) -> Self {
        let (cast, step) = (Cast::default(), watch::Sender::default());
        Self { stage, cast, transcript, wrong: Vec::new(), step, trouble: None, struck: None }
    }

    /// Follows how far it has got, from beside whoever plays it.
    pub fn steps(&self) -> watch::Receiver<Step> {
        self.step.subscribe()
    }

    /// The next step: an act, or none.
    fn begin(&self, act: Option<Act>) {
        self.step.send_modify(|step| *step = Step { number: step.number + 1, act });
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

    /// Tuesday evening and Wednesday: the school signs an account in, which makes a second class's group and opens its
    /// lesson's call.
    pub async fn with_caller(&mut self) -> Result<()> {
        self.second().await?;
        self.call().await?;
        self.report().await
    }

    /// Of that, the evening: the account signs in, the second class's group makes itself, and its people come in.
    pub async fn second(&mut self) -> Result<()> {
        self.second_class().await?;
        self.sign_in().await?;
        self.group_by_itself().await
    }

    async fn settle(&mut self) -> Result<()> {
        let kills = self.stage.kills();
        self.stage.settle().await?;
        if self.stage.kills() > kills {
            self.struck = Some(self.step.borrow().act);
        }
        self.step.send_modify(|step| step.act = None);
        self.transcript.look(&self.stage.sandbox);
        Ok(())
    }

    async fn go_to(&mut self, day: &str, hour: &str) -> Result<()> {
        self.begin(None);
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
        self.transcript.act(self.stage.clock.now(), place, who, words);
        self.begin(Some(Act { account, chat }));
        self.stage.sandbox.say(account, chat, words);
        self.settle().await
    }

    async fn start(&mut self, who: &str, account: i64, payload: &str) -> Result<()> {
        self.transcript.act(self.stage.clock.now(), "privé", who, "(ouvre son lien)");
        self.begin(Some(Act { account, chat: account }));
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
            // The list names sheets by their hour: a long class leaves no room for the subject.
            let hour = if about == "Algorithmique" { "09:00" } else { "14:00" };
            self.press("M. Diallo", teacher, teacher, hour).await?;
        }
        self.press_under(about, "M. Diallo", teacher, teacher, label).await
    }

    /// Presses the newest button with this label under a message about `about`.
    async fn press_under(&mut self, about: &str, who: &str, account: i64, chat: i64, label: &str) -> Result<()> {
        let place = if chat == account { "privé" } else { "groupe" };
        let messages = self.stage.sandbox.messages(chat);
        let button = |fits: &dyn Fn(&str) -> bool| {
            messages.iter().rev().filter(|message| message.text.contains(about)).find_map(|message| {
                let button = message.buttons.iter().flatten().find(|button| fits(&button.text))?;
                Some((message.id, button.text.clone(), button.data.clone()?))
            })
        };
        let found = button(&|text| text == label).or_else(|| button(&|text| text.contains(label)));
        let Some((message, whole, data)) = found else {
            self.expect(&format!("a button [{label}]"), false);
            return Ok(());
        };
        self.transcript.act(self.stage.clock.now(), place, who, &format!("[{whole}]"));
        self.begin(Some(Act { account, chat }));
        let query = self.stage.sandbox.press_data(account, chat, message, &data);
        self.settle().await?;
        if let Some(Some(alert)) = self.stage.sandbox.callback_answer(&query) {
            self.transcript.line(&format!("        ({alert})"));
        }
        Ok(())
    }
}
