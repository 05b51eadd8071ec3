//! The tie between an account and a person: made, undone, made again.

use super::super::rules::{self, Gone};
use super::super::{AgeBand, LinkKind, Person, Role, Stray, store};
use super::departures::plan_stray;
use super::links::{self, Refused, object_of, working};
use super::tied::just_tied;
use super::{admins, change_role, class_names, lang_of, may, put_menu, staff_of_person, tell};
use crate::kernel::{At, Lang, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::{record, salt};
use crate::school::rights::{Act, Reach};
use crate::text;

/// For so long a tie that was undone may be made again by one press.
const UNDO_MINUTES: i64 = 10;
/// Whoever left the school keeps the tie for so long at least: leaving can be undone, and has them leave groups.
const MINUTES_KEPT: i64 = 30;
/// A sheet is opened some months after its session at the latest, with the roster of that day.
const DAYS_OF_ROSTERS: i64 = 120;

/// What « Oui, c'est moi » leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Gone(Gone),
    /// Students are asked for their age.
    Age,
    /// Staff are not.
    Ready,
}

/// How tying ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tied {
    Gone(Gone),
    Refused(Refused),
    TooYoung,
    Done(Person),
}

/// How undoing a tie ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untied {
    Done {
        name: String,
        undo: Undo,
    },
    /// It stands no more.
    Already,
    /// Somebody else's to decide.
    NotYours,
}

/// What is needed to make a tie again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub person: String,
    pub account: i64,
    pub band: Option<AgeBand>,
    pub until: At,
    /// The language that was spoken with this account.
    pub lang: Option<Lang>,
}

impl Undo {
    /// For a button.
    pub fn words(&self) -> String {
        let band = self.band.map_or("-", AgeBand::code);
        let lang = self.lang.map_or("-", Lang::code);
        format!("{} {} {band} {} {lang}", self.person, self.account, self.until.millis())
    }
    pub fn read(words: &str) -> Option<Self> {
        let mut parts = words.split(' ');
        Some(Self {
            person: parts.next()?.to_owned(),
            account: parts.next()?.parse().ok()?,
            band: AgeBand::read(parts.next()?),
            until: At(parts.next()?.parse().ok()?),
            // Buttons of an older version say nothing of it.
            lang: parts.next().and_then(Lang::read),
        })
    }
}

/// « Oui, c'est moi. »
pub async fn asked(tx: &mut Tx, hash: &str) -> Result<Asked> {
    Ok(match working(tx, hash).await? {
        Ok((_, Some(person))) if person.role == Role::Student => Asked::Age,
        Ok((_, Some(_))) => Asked::Ready,
        Ok((_, None)) => Asked::Gone(Gone::Dead),
        Err(gone) => Asked::Gone(gone),
    })
}

/// Ties an account to the person of a link. Students say their age first. `spoken`: what Telegram says that they speak.
pub async fn tie(tx: &mut Tx, account: i64, spoken: Option<Lang>, hash: &str, said: Option<AgeBand>) -> Result<Tied> {
    let person = match working(tx, hash).await? {
        Ok((_, Some(person))) => person,
        Ok((_, None)) => return Ok(Tied::Gone(Gone::Dead)),
        Err(gone) => return Ok(Tied::Gone(gone)),
    };
    if let Some(why) = links::taken(tx, account, &person, hash).await? {
        return Ok(Tied::Refused(why));
    }
    let band = match (person.role, said) {
        (Role::Student, said) => {
            let today = tx.zone().day(tx.now());
            let said = said.unwrap_or(AgeBand::Under16);
            Some(rules::age_that_counts(said, person.birth.as_deref(), today))
        }
        _ => None,
    };
    if band == Some(AgeBand::Under16) {
        // Of the account nothing is kept: the link is closed, by nobody in particular.
        links::kill(tx, &Actor::System, hash, "under 16").await?;
        let words = text!("roster-told-too-young", name = person.short_name());
        let staff = staff_of_person(tx, &person.id).await?;
        tell(tx, &staff, &format!("too-young:{hash}"), &words, None).await?;
        return Ok(Tied::TooYoung);
    }
    if !store::use_link(tx, hash, account).await? {
        return Ok(Tied::Gone(Gone::Used));
    }
    record(tx, &Actor::Person(person.id.clone()), "link.used", &object_of(hash), Some("open"), Some("used")).await?;
    store::kill_links_of(tx, &person.id).await?;
    let actor = Actor::Person(person.id.clone());
    free(tx, &actor, account).await?;
    let lang = lang_of(tx, spoken, &person.id).await?;
    insert(tx, &actor, account, &person, lang, band).await?;
    just_tied(tx, &person).await?;
    Ok(Tied::Done(person))
}

/// Ties of those who left the school end, with their links: what is still to be done in groups goes by the account alone.
/// What took them out of the school can be undone no more.
pub async fn forget(tx: &mut Tx) -> Result<()> {
    let before = tx.now().plus_minutes(-MINUTES_KEPT);
    for (account, person) in store::ended_ties(tx, before).await? {
        let object = format!("person:{person}");
        let old = print(tx, &object, account).await?;
        store::delete_account(tx, account).await?;
        record(tx, &Actor::System, "account.forgotten", &object, Some(&old), None).await?;
    }
    let past = tx.now().plus_days(-DAYS_OF_ROSTERS);
    store::forget_past(tx, past).await?;
    store::forget_links(tx, before).await
}

/// For the audit: the tie ends one day, and the entry stays.
async fn print(tx: &mut Tx, object: &str, account: i64) -> Result<String> {
    Ok(salt(tx).await?.print(object, &account.to_string()))
}

/// Whoever left the school holds no account any more: it is free for whoever comes back, under whatever record.
async fn free(tx: &mut Tx, actor: &Actor, account: i64) -> Result<()> {
    let Some((person, ..)) = store::tie_of(tx, account).await? else { return Ok(()) };
    store::delete_account(tx, account).await?;
    let object = format!("person:{person}");
    let old = print(tx, &object, account).await?;
    record(tx, actor, "account.untied", &object, Some(&old), None).await
}

async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    account: i64,
    person: &Person,
    lang: Lang,
    band: Option<AgeBand>,
) -> Result<()> {
    // Reminders come in the language of this conversation, unless the school noted another.
    let lang = person.lang.is_none().then_some(lang);
    store::insert_account(tx, account, &person.id, lang, band.map(AgeBand::code)).await?;
    let object = format!("person:{}", person.id);
    let new = print(tx, &object, account).await?;
    record(tx, actor, "account.tied", &object, None, Some(&new)).await?;
    put_menu(tx, account).await
}

/// Somebody new opened an admin's link and gave their name. `None`: that is no first and last name.
pub async fn new_admin(tx: &mut Tx, account: i64, lang: Lang, hash: &str, typed: &str) -> Result<Option<Tied>> {
    match working(tx, hash).await? {
        Ok((link, _)) if link.kind == LinkKind::Admin => {}
        Ok(_) => return Ok(Some(Tied::Gone(Gone::Dead))),
        Err(gone) => return Ok(Some(Tied::Gone(gone))),
    }
    if store::person_of_account(tx, account).await?.is_some_and(|person| person.active) {
        return Ok(Some(Tied::Refused(Refused::AccountTaken)));
    }
    let Some((first_name, last_name)) = rules::read_name(typed) else { return Ok(None) };
    if !store::use_link(tx, hash, account).await? {
        return Ok(Some(Tied::Gone(Gone::Used)));
    }
    let person = Person {
        id: tx.new_id(),
        last_name,
        first_name,
        email: None,
        birth: None,
        card: None,
        role: Role::Admin,
        lang: None,
        active: true,
    };
    store::insert_person(tx, &person).await?;
    let actor = Actor::Person(person.id.clone());
    record(tx, &actor, "link.used", &object_of(hash), Some("open"), Some("used")).await?;
    let object = format!("person:{}", person.id);
    record(tx, &actor, "person.created", &object, None, Some(Role::Admin.code())).await?;
    free(tx, &actor, account).await?;
    insert(tx, &actor, account, &person, lang, None).await?;
    tell_admins(tx, hash, &person, account).await?;
    Ok(Some(Tied::Done(person)))
}

/// Somebody of the school opened an admin's link and confirmed.
pub async fn become_admin(tx: &mut Tx, account: i64, hash: &str) -> Result<Tied> {
    match working(tx, hash).await? {
        Ok((link, _)) if link.kind == LinkKind::Admin => {}
        Ok(_) => return Ok(Tied::Gone(Gone::Dead)),
        Err(gone) => return Ok(Tied::Gone(gone)),
    }
    let Some(person) = store::person_of_account(tx, account).await?.filter(|person| person.active) else {
        return Ok(Tied::Refused(Refused::AccountTaken));
    };
    if !store::use_link(tx, hash, account).await? {
        return Ok(Tied::Gone(Gone::Used));
    }
    let actor = Actor::Person(person.id.clone());
    record(tx, &actor, "link.used", &object_of(hash), Some("open"), Some("used")).await?;
    change_role(tx, &actor, &person, Role::Admin).await?;
    tell_admins(tx, hash, &person, account).await?;
    Ok(Tied::Done(person))
}

async fn tell_admins(tx: &mut Tx, hash: &str, person: &Person, account: i64) -> Result<()> {
    let mut others = admins(tx).await?;
    others.retain(|admin| admin.person_id != person.id);
    let words = text!("roster-told-admin", name = person.full_name());
    tell(tx, &others, &format!("admin:{hash}"), &words, Some((&person.id, account))).await
}

/// Undoes a tie. Supervisors decide for those whom they look after, managers and admins for all; an admin's tie is
/// another admin's to undo.
pub async fn untie(tx: &mut Tx, by: &Person, person_id: &str, account: i64) -> Result<Untied> {
    let Some(person) = store::person(tx, person_id).await? else { return Ok(Untied::Already) };
    if !may_untie(tx, by, &person).await? {
        return Ok(Untied::NotYours);
    }
    let tie = store::tie_of(tx, account).await?.filter(|(tied, ..)| tied == person_id);
    let Some((_, band, _)) = tie else { return Ok(Untied::Already) };
    let lang = store::person_of_account(tx, account).await?.and_then(|person| person.lang);
    store::delete_account(tx, account).await?;
    let object = format!("person:{person_id}");
    let old = print(tx, &object, account).await?;
    let actor = Actor::Person(by.id.clone());
    record(tx, &actor, "account.untied", &object, Some(&old), None).await?;
    put_menu(tx, account).await?;
    let until = tx.now().plus_minutes(UNDO_MINUTES);
    // Only then: a press by mistake puts nobody out of a group.
    let stray = Stray { person: person_id.to_owned(), account, by: by.id.clone() };
    plan_stray(tx, &stray, until).await?;
    let band = band.as_deref().and_then(AgeBand::read);
    let undo = Undo { person: person_id.to_owned(), account, band, until, lang };
    Ok(Untied::Done { name: person.short_name(), undo })
}

/// A tie as it stands, for whoever may undo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub name: String,
    pub classes: String,
    pub account: i64,
    pub since: At,
}

/// A person's tie; `None`: there is none, or it is not this one's to undo.
pub async fn standing(tx: &mut Tx, by: &Person, person_id: &str) -> Result<Option<Standing>> {
    let Some(person) = store::person(tx, person_id).await? else { return Ok(None) };
    let Some(account) = store::account_of_person(tx, person_id).await? else { return Ok(None) };
    let Some((_, _, since)) = store::tie_of(tx, account).await? else { return Ok(None) };
    if !may_untie(tx, by, &person).await? {
        return Ok(None);
    }
    Ok(Some(Standing { name: person.short_name(), classes: class_names(tx, person_id).await?, account, since }))
}

pub(super) async fn may_untie(tx: &mut Tx, by: &Person, person: &Person) -> Result<bool> {
    let act = if person.role == Role::Admin { Act::UntieAdmin } else { Act::Untie };
    match act.reach(Some(by.role)) {
        Reach::Always => return Ok(true),
        Reach::Never => return Ok(false),
        // Their own they keep.
        Reach::By(_) if person.id == by.id => return Ok(false),
        Reach::By(_) => {}
    }
    for class in store::classrooms_of(tx, &person.id).await? {
        if may(tx, by, act, &class, false).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes a tie again that was just undone; `None` when it is too late or something else came in between.
pub async fn retie(tx: &mut Tx, by: &Person, undo: &Undo) -> Result<Option<String>> {
    let Some(person) = store::person(tx, &undo.person).await?.filter(|person| person.active) else { return Ok(None) };
    let free =
        store::tie_of(tx, undo.account).await?.is_none() && store::account_of_person(tx, &person.id).await?.is_none();
    // At that moment what follows from the untying is done.
    if !free || tx.now() >= undo.until || !may_untie(tx, by, &person).await? {
        return Ok(None);
    }
    let lang = undo.lang.unwrap_or(tx.config().school.language);
    insert(tx, &Actor::Person(by.id.clone()), undo.account, &person, lang, undo.band).await?;
    // What was chosen for the account stands above what the school noted.
    if undo.lang.is_some_and(|lang| person.lang.is_some_and(|noted| noted != lang)) {
        store::set_lang(tx, undo.account, lang).await?;
    }
    Ok(Some(person.short_name()))
}
