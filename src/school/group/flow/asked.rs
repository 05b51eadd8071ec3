//! An admin asks who is in a group.

use serde::{Deserialize, Serialize};

use super::members::{Compared, few};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::classroom::flow as classrooms;
use crate::school::roster::flow::{TELL, Tell};
use crate::text;

/// Holds the members of one group against the roster, for whoever asked.
pub const COMPARE: &str = "group.compare";

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

/// What a complete list shows; `None`: Telegram does not show everybody, and nothing follows from it.
pub async fn found(tx: &mut Tx, asked: &Comparison, all: Option<&Compared>) -> Result<Text> {
    let class = classrooms::classroom(tx, &asked.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let Some(all) = all else { return Ok(text!("group-compare-hidden", class = class)) };
    let mut lines = vec![text!("group-compared", class = class, count = all.people)];
    if !all.strangers.is_empty() {
        lines.push(text!("group-compared-strangers", names = few(&all.strangers)));
    }
    if !all.missing.is_empty() {
        lines.push(text!("group-compared-missing", names = few(&all.missing)));
    }
    if lines.len() == 1 {
        lines.push(text!("group-compared-same"));
    }
    Ok(Text::lines(lines))
}

/// Says it to whoever asked, at once. `mark` names the occasion.
pub async fn answer(tx: &mut Tx, asked: &Comparison, words: Text, mark: &str) -> Result<()> {
    let told = Tell { account: asked.account, lang: Some(asked.lang), text: words, tie: None };
    let put = Put::new(TELL, format!("{TELL}:compared:{mark}"), &told)?.rank(Rank::Answer);
    outbox::put(tx, put.lane(format!("chat:{}", asked.account))).await.map(|_| ())
}
