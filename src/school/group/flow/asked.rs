//! An admin asks who is in a group.

use serde::{Deserialize, Serialize};

use super::super::Stranger;
use super::members::{Compared, MOST_NAMES, few};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::classroom::flow as classrooms;
use crate::text;

/// Holds the members of one group against the roster, for whoever asked.
pub const COMPARE: &str = "group.compare";
/// Says what was found.
pub const SHOW: &str = "group.compared";

/// Who asks about which class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub classroom_id: String,
    pub account: i64,
    pub lang: Lang,
}

pub async fn ask_to_compare(tx: &mut Tx, asked: &Comparison) -> Result<()> {
    let key = format!("{COMPARE}:{}:{}:{}", asked.classroom_id, asked.account, tx.new_id());
    let put = Put::new(COMPARE, key, asked)?.caller().repeatable().rank(Rank::Answer);
    outbox::put(tx, put.lane(format!("{COMPARE}:{}", asked.account))).await.map(|_| ())
}

/// What was found, for whoever asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub asked: Comparison,
    pub words: Text,
    /// Those who may be taken out: every one of them is named.
    pub strangers: Vec<Stranger>,
}

/// What a complete list shows; `None`: Telegram does not show everybody, and nothing follows from it.
pub async fn found(tx: &mut Tx, asked: &Comparison, all: Option<&Compared>) -> Result<Text> {
    let class = classrooms::classroom(tx, &asked.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let Some(all) = all else { return Ok(text!("group-compare-hidden", class = class)) };
    let mut lines = vec![text!("group-compared", class = class, count = all.people)];
    if !all.strangers.is_empty() {
        lines.push(text!("group-compared-strangers", names = few(&names(&all.strangers))));
    }
    if !all.missing.is_empty() {
        lines.push(text!("group-compared-missing", names = few(&all.missing)));
    }
    if lines.len() == 1 {
        lines.push(text!("group-compared-same"));
    }
    Ok(Text::lines(lines))
}

fn names(all: &[Stranger]) -> Vec<String> {
    all.iter().map(|one| one.name.clone()).collect()
}

/// Says it to whoever asked, at once. `mark` names the occasion.
pub async fn answer(tx: &mut Tx, asked: &Comparison, words: Text, strangers: &[Stranger], mark: &str) -> Result<()> {
    let strangers = strangers.iter().take(MOST_NAMES).cloned().collect();
    let found = Found { asked: asked.clone(), words, strangers };
    let put = Put::new(SHOW, format!("{SHOW}:{mark}"), &found)?.rank(Rank::Answer).repeatable();
    outbox::put(tx, put.lane(format!("chat:{}", asked.account))).await.map(|_| ())
}
