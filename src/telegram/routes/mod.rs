//! From updates to features and back: polling, the order within a chat, the rights gate, answers.

mod answers;
mod hands;
mod listen;
mod menus;
mod sorry;
mod strays;
mod take;
mod turn;

use std::collections::HashMap;
use std::sync::Arc;

pub use answers::{ANSWERS, BUTTONS, FADING, JOBS};
pub use menus::{menu_for, put_menus};

use super::command::{Button, Command, Identify, Notice, Reason, Topic, Upload};
use super::port::{Messenger, Updates};
use crate::kernel::{Error, Result};
use crate::platform::alert::Alert;
use crate::platform::store::{Db, Tenure};

/// What the features registered.
pub struct Routes {
    pub commands: Vec<&'static Command>,
    pub reasons: Vec<&'static Reason>,
    by_name: HashMap<&'static str, &'static Command>,
    buttons: HashMap<&'static str, &'static Button>,
    topics: HashMap<&'static str, &'static Topic>,
    uploads: Vec<&'static Upload>,
    notices: Vec<Notice>,
    identify: Identify,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Routes({} commands, {} buttons)", self.commands.len(), self.buttons.len())
    }
}

impl Routes {
    /// Refuses two commands of one name, two buttons of one action: the lists are ours, so that is a fault.
    pub fn new(
        commands: impl IntoIterator<Item = &'static Command>,
        buttons: impl IntoIterator<Item = &'static Button>,
        topics: impl IntoIterator<Item = &'static Topic>,
        uploads: impl IntoIterator<Item = &'static Upload>,
        notices: impl IntoIterator<Item = Notice>,
        reasons: impl IntoIterator<Item = &'static Reason>,
        identify: Identify,
    ) -> Result<Self> {
        let commands: Vec<&'static Command> = commands.into_iter().collect();
        let mut by_name: HashMap<&'static str, &'static Command> = HashMap::new();
        for command in &commands {
            for name in [command.fr, command.en] {
                if by_name.insert(name, command).is_some_and(|other| !std::ptr::eq(other, *command)) {
                    return Err(Error::fault(&format!("two commands are called /{name}")));
                }
            }
        }
        let reasons: Vec<&'static Reason> = reasons.into_iter().collect();
        unique(reasons.iter().copied(), |reason| reason.code)?;
        Ok(Self {
            commands,
            reasons,
            by_name,
            buttons: unique(buttons, |button| button.action)?,
            topics: unique(topics, |topic| topic.name)?,
            uploads: uploads.into_iter().collect(),
            notices: notices.into_iter().collect(),
            identify,
        })
    }
}

fn unique<T: 'static>(
    items: impl IntoIterator<Item = &'static T>,
    name: impl Fn(&'static T) -> &'static str,
) -> Result<HashMap<&'static str, &'static T>> {
    let mut map = HashMap::new();
    for item in items {
        if map.insert(name(item), item).is_some() {
            return Err(Error::fault(&format!("« {} » is registered twice", name(item))));
        }
    }
    Ok(map)
}

/// The Telegram side of a running program. Cheap to clone.
#[derive(Clone)]
pub struct Telegram {
    db: Db,
    updates: Arc<dyn Updates>,
    messenger: Arc<dyn Messenger>,
    routes: Arc<Routes>,
    tenure: Tenure,
    hands: Arc<hands::Hands>,
    /// For what people must see to while Telegram itself gives nothing.
    alert: Alert,
}

impl std::fmt::Debug for Telegram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Telegram(@{})", self.messenger.me().1)
    }
}

impl Telegram {
    pub fn new(
        db: Db,
        (updates, messenger): (Arc<dyn Updates>, Arc<dyn Messenger>),
        routes: Arc<Routes>,
        tenure: Tenure,
        alert: Alert,
    ) -> Self {
        Self { db, updates, messenger, routes, tenure, hands: Arc::default(), alert }
    }
}
