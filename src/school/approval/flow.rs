//! Asking, voicing, deciding.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

pub use super::Ask;
use super::rules::{self, NotYet};
use super::{Agreement, CLI, Over, State, Voice, Voiced, key_of, store};
use crate::kernel::error::refuse;
use crate::kernel::text::Arg;
use crate::kernel::{At, Result, Text, id};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::rights::Act;
use crate::school::roster::Reachable;
use crate::school::roster::flow as roster;
use crate::text;

pub const SHOW: &str = "approval.show";
pub const OUTCOME: &str = "approval.outcome";
pub const EXPIRE: &str = "approval.expire";

/// The message about an agreement in one admin's private chat.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Show {
    pub agreement: String,
    pub account: i64,
    /// Only edit what stands there.
    pub edit_only: bool,
}

/// Asks all admins who can be reached. Gives the agreement's id.
pub async fn ask(tx: &mut Tx, ask: Ask) -> Result<String> {
    let (id, now) = (tx.new_id(), tx.now());
    let admins = roster::linked_admins(tx).await?;
    let agreement = Agreement {
        id: id.clone(),
        kind: ask.kind.to_owned(),
        effects: serde_json::to_string(&ask.effects)?,
        payload: ask.payload.to_string(),
        needs: ask.needs.clamp(1, 2),
        asked_by: ask.asked_by.clone(),
        asked_at: now,
        expires_at: rules::open_until(now, ask.hours, ask.needs, admins),
        state: State::Open,
        over_kind: None,
        ending: None,
    };
    store::insert(tx, &agreement).await?;
    let actor = ask.asked_by.map_or(Actor::System, Actor::Person);
    record(tx, &actor, "agreement.asked", &key_of(&id), None, Some(ask.kind)).await?;
    let expire = Put::new(EXPIRE, format!("{EXPIRE}:{id}"), &id)?.inner();
    outbox::put(tx, expire.due(agreement.expires_at).until(agreement.expires_at.plus_days(30))).await?;
    for admin in roster::admins(tx).await? {
        let show = Show { agreement: id.clone(), account: admin.telegram_id, edit_only: false };
        let put = Put::new(SHOW, format!("{SHOW}:{id}:{}", admin.telegram_id), &show)?;
        let lane = format!("agreement:{id}:{}", admin.telegram_id);
        outbox::put(tx, put.lane(lane).until(agreement.expires_at)).await?;
    }
    Ok(id)
}

/// Has a job of this kind hear (as an [`Over`]) when the agreement is refused or its time runs out.
pub async fn when_over(tx: &mut Tx, id: &str, kind: &'static str) -> Result<()> {
    store::when_over(tx, id, kind).await
}

/// Whoever asked takes it back; `false` when it was decided before.
pub async fn withdraw(tx: &mut Tx, id: &str, actor: &Actor) -> Result<bool> {
    let Some(agreement) = store::agreement(tx, id).await? else { return Ok(false) };
    if !store::hold(tx, id).await? {
        return Ok(false);
    }
    let words = serde_json::to_string(&text!("approval-state-withdrawn"))?;
    store::say_ending(tx, id, &words).await?;
    decide(tx, &Agreement { over_kind: None, ..agreement }, State::Refused, actor).await?;
    Ok(true)
}

/// Counts one voice: an admin's (by the person's id) or the command line's ([`CLI`]).
pub async fn voice(tx: &mut Tx, id: &str, voter: &str, agrees: bool) -> Result<Voiced> {
    let Some(agreement) = store::agreement(tx, id).await? else { return Ok(Voiced::Unknown) };
    may_speak(tx, voter).await?;
    if agreement.state == State::Expired {
        return Ok(Voiced::Expired);
    }
    if !store::hold(tx, id).await? {
        return Ok(Voiced::Already);
    }
    if tx.now() >= agreement.expires_at {
        decide(tx, &agreement, State::Expired, &Actor::System).await?;
        return Ok(Voiced::Expired);
    }
    if voter == CLI && agrees {
        let (voices, admins) = (store::voices(tx, id).await?, roster::linked_admins(tx).await?);
        if let Err(why) = rules::cli_may(&agreement, &voices, admins, tx.now()) {
            return refuse("AGR-02", not_yet(tx, why));
        }
    }
    if !store::speak(tx, id, voter, agrees).await? {
        return Ok(Voiced::Already);
    }
    let actor = if voter == CLI { Actor::Cli } else { Actor::Person(voter.to_owned()) };
    let said = if agrees { "accepts" } else { "refuses" };
    record(tx, &actor, "agreement.voiced", &key_of(id), None, Some(said)).await?;
    match rules::outcome(agreement.needs, &store::voices(tx, id).await?) {
        (Some(state), _) => {
            decide(tx, &agreement, state, &actor).await?;
            Ok(Voiced::Decided(state))
        }
        (None, left) => {
            show_again(tx, &agreement).await?;
            Ok(Voiced::Counted { left })
        }
    }
}

async fn may_speak(tx: &mut Tx, voter: &str) -> Result<()> {
    if voter == CLI {
        return Ok(());
    }
    match roster::person(tx, voter).await? {
        Some(person) if person.active && Act::School.is_always(Some(person.role)) => Ok(()),
        _ => refuse("AGR-01", text!("approval-admins-only")),
    }
}

fn not_yet(tx: &Tx, why: NotYet) -> Text {
    match why {
        NotYet::OthersCan => text!("approval-cli-others"),
        NotYet::FirstVoice => text!("approval-cli-first"),
        NotYet::Until(at) => text!("approval-cli-until", moment = Arg::Moment(at, tx.zone())),
    }
}

/// Settles it: those who were asked see it, and what was agreed is carried out.
async fn decide(tx: &mut Tx, agreement: &Agreement, state: State, actor: &Actor) -> Result<()> {
    if !store::decide(tx, &agreement.id, state).await? {
        return Ok(());
    }
    let key = key_of(&agreement.id);
    record(tx, actor, "agreement.decided", &key, Some(State::Open.code()), Some(state.code())).await?;
    outbox::cancel(tx, &format!("{EXPIRE}:{}", agreement.id), "decided").await?;
    if state == State::Agreed {
        let payload: serde_json::Value = serde_json::from_str(&agreement.payload)?;
        let until = tx.now().plus_days(7);
        outbox::put(tx, Put::new(lasting(&agreement.kind), key, &payload)?.repeatable().until(until)).await?;
    } else {
        tell_feature(tx, agreement, state).await?;
        tell_asker(tx, agreement).await?;
    }
    show_again(tx, agreement).await
}

/// The feature that asked learns of an end without agreement, when it wished to.
async fn tell_feature(tx: &mut Tx, agreement: &Agreement, state: State) -> Result<()> {
    let Some(kind) = agreement.over_kind.as_deref() else { return Ok(()) };
    let payload = serde_json::from_str(&agreement.payload)?;
    let over = Over { agreement: agreement.id.clone(), refused: state == State::Refused, payload };
    let put = Put::new(lasting(kind), format!("{kind}:{}", agreement.id), &over)?.repeatable();
    outbox::put(tx, put.rank(Rank::Answer).until(tx.now().plus_days(7))).await.map(|_| ())
}

/// Who asked and is no admin learns of a refusal or an expiry; an agreement shows itself by being carried out.
async fn tell_asker(tx: &mut Tx, agreement: &Agreement) -> Result<()> {
    let Some(asker) = agreement.asked_by.as_deref() else { return Ok(()) };
    let Some(asker) = roster::reachable(tx, asker).await? else { return Ok(()) };
    if Act::School.is_always(Some(asker.role)) {
        return Ok(());
    }
    let show = Show { agreement: agreement.id.clone(), account: asker.telegram_id, edit_only: false };
    let put = Put::new(OUTCOME, format!("{OUTCOME}:{}", agreement.id), &show)?;
    outbox::put(tx, put.lane(format!("chat:{}", asker.telegram_id))).await?;
    Ok(())
}

/// Has the messages that stand with the admins say what is true now.
async fn show_again(tx: &mut Tx, agreement: &Agreement) -> Result<()> {
    for admin in roster::admins(tx).await? {
        let show = Show { agreement: agreement.id.clone(), account: admin.telegram_id, edit_only: true };
        let key = format!("{SHOW}:{}:{}:{}", agreement.id, admin.telegram_id, tx.new_id());
        let put = Put::new(SHOW, key, &show)?.repeatable().rank(Rank::Answer);
        outbox::put(tx, put.lane(format!("agreement:{}:{}", agreement.id, admin.telegram_id))).await?;
    }
    Ok(())
}

/// The moment up to which it was open has come.
pub async fn expire(tx: &mut Tx, id: &str) -> Result<()> {
    match store::agreement(tx, id).await? {
        Some(agreement) if agreement.state == State::Open && tx.now() >= agreement.expires_at => {
            decide(tx, &agreement, State::Expired, &Actor::System).await
        }
        _ => Ok(()),
    }
}

/// The feature has done what was agreed; `false` when that was recorded before.
pub async fn carried_out(tx: &mut Tx, id: &str) -> Result<bool> {
    over(tx, id, None).await
}

/// It was agreed, yet nothing could be done any more: why, instead of « fait ».
pub async fn came_to_nothing(tx: &mut Tx, id: &str, why: &Text) -> Result<bool> {
    over(tx, id, Some(why)).await
}

async fn over(tx: &mut Tx, id: &str, why: Option<&Text>) -> Result<bool> {
    let ending = why.map(serde_json::to_string).transpose()?;
    let done = store::done(tx, id, ending.as_deref()).await?;
    if done {
        let (old, new) = (State::Agreed.code(), State::Done.code());
        let action = if why.is_some() { "agreement.came_to_nothing" } else { "agreement.carried_out" };
        record(tx, &Actor::System, action, &key_of(id), Some(old), Some(new)).await?;
        if let Some(agreement) = store::agreement(tx, id).await? {
            show_again(tx, &agreement).await?;
        }
    }
    Ok(done)
}

/// Those that wait for voices, oldest first.
pub async fn open_agreements(tx: &mut Tx) -> Result<Vec<Agreement>> {
    store::open(tx).await
}

/// What came of accepting on the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The voice counted.
    pub counted: bool,
    pub words: Text,
}

/// Accepts on the command line. A voice that came too late is no error here: that its time is over is written down.
pub async fn agree_on_cli(tx: &mut Tx, typed: &str) -> Result<Typed> {
    let open = store::open(tx).await?;
    let mut named = open.iter().filter(|agreement| rules::is_named(agreement, typed));
    let (Some(agreement), None) = (named.next(), named.next()) else {
        return refuse("AGR-03", text!("approval-unknown"));
    };
    let effects = effects_of(agreement)?;
    let (counted, words) = match voice(tx, &agreement.id, CLI, true).await? {
        Voiced::Decided(_) => (true, Text::lines([text!("approval-agreed-alert"), effects])),
        Voiced::Counted { left } => (true, Text::lines([text!("approval-counted", left = left), effects])),
        Voiced::Already => (false, text!("approval-already")),
        Voiced::Expired => (false, text!("approval-expired-alert")),
        Voiced::Unknown => (false, text!("approval-unknown")),
    };
    Ok(Typed { counted, words })
}

/// From when on the only admin there is may give the second voice on the command line.
pub async fn alone_from(tx: &mut Tx, agreement: &Agreement) -> Result<Option<At>> {
    Ok(rules::alone_from(agreement, roster::linked_admins(tx).await?))
}

/// What whoever accepted hears while voices are missing: whom they wait for, or what they do themselves, and when.
pub async fn counted(tx: &mut Tx, id: &str, left: i64) -> Result<Text> {
    let alone = match store::agreement(tx, id).await? {
        Some(agreement) => alone_from(tx, &agreement).await?,
        None => None,
    };
    let zone = tx.zone();
    Ok(alone.map_or_else(
        || text!("approval-counted", left = left),
        |from| text!("approval-counted-alone", from = Arg::Moment(from, zone), reference = id::reference(id)),
    ))
}

/// What will happen, in words.
pub fn effects_of(agreement: &Agreement) -> Result<Text> {
    Ok(serde_json::from_str(&agreement.effects)?)
}

/// An agreement as it is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    pub agreement: Agreement,
    pub effects: Text,
    /// What really happened, when the state alone would mislead.
    pub ending: Option<Text>,
    /// « Inès M. »; `None`: Préau itself.
    pub asker: Option<String>,
    /// Short names of those who accepted.
    pub accepted: Vec<String>,
    /// Short names of those who refused.
    pub refused: Vec<String>,
    /// How many are missing.
    pub left: i64,
    /// There is one admin: from then on the second voice may be theirs, on the command line.
    pub alone_from: Option<At>,
}

/// Everything a message about it says.
pub async fn shown(tx: &mut Tx, id: &str) -> Result<Option<Shown>> {
    let Some(agreement) = store::agreement(tx, id).await? else { return Ok(None) };
    let voices = store::voices(tx, id).await?;
    let asker = match agreement.asked_by.as_deref() {
        Some(asker) => Some(name_of(tx, asker).await?),
        None => None,
    };
    let (effects, (_, left)) = (effects_of(&agreement)?, rules::outcome(agreement.needs, &voices));
    let ending = agreement.ending.as_deref().map(serde_json::from_str).transpose()?;
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for Voice { voter, agrees, .. } in voices {
        let name = name_of(tx, &voter).await?;
        if agrees { accepted.push(name) } else { refused.push(name) }
    }
    let alone_from = alone_from(tx, &agreement).await?;
    Ok(Some(Shown { agreement, effects, ending, asker, accepted, refused, left, alone_from }))
}

async fn name_of(tx: &mut Tx, voter: &str) -> Result<String> {
    if voter == CLI {
        return Ok("preau agree".to_owned());
    }
    Ok(roster::person(tx, voter).await?.map_or_else(|| id::reference(voter), |person| person.short_name()))
}

/// The admin or asker behind an account, to write to them.
pub async fn reader(tx: &mut Tx, account: i64) -> Result<Option<Reachable>> {
    roster::reachable_account(tx, account).await
}

/// Kinds are constants of the features; read back from a row they are told apart by their words. Each word is kept
/// once for the life of the program.
fn lasting(kind: &str) -> &'static str {
    static KINDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kinds = KINDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kinds.get(kind) {
        return known;
    }
    let kept: &'static str = Box::leak(kind.to_owned().into_boxed_str());
    kinds.insert(kept);
    kept
}
