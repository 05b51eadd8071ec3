//! Links by mail: for the unlinked people of a class (or the staff of none), and a new one for whoever opened one too late. A link's token is in its
//! mail alone; the mail holds a first name and the link.

use serde::{Deserialize, Serialize};

use super::super::rules::{self, Gone};
use super::super::{LinkKind, Person, store};
use super::circles::{self, unlinked_in};
use super::links::object_of;
use super::{make_link, tell};
use crate::kernel::Result;
use crate::kernel::secret::sha256_hex;
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::text;

pub const MAIL: &str = "roster.mail";

/// A link to be mailed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailOrder {
    pub person: String,
    /// Who ordered it: person and account. `None`: its own person, by an expired one.
    pub by: Option<(String, i64)>,
}

/// Who would get a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPreview {
    pub people: Vec<Person>,
    /// The unlinked whose address the school does not know.
    pub without: usize,
}

impl MailPreview {
    /// Another list has another fingerprint.
    pub fn fingerprint(&self) -> String {
        let all: Vec<String> =
            self.people.iter().map(|person| format!("{} {:?}", person.id, person.email.as_deref())).collect();
        sha256_hex(all.join("\n")).chars().take(16).collect()
    }
}

fn has_address(person: &Person) -> bool {
    person.email.as_deref().is_some_and(|email| !email.trim().is_empty())
}

/// Is there a way to send mail to people at all?
pub fn may_mail(tx: &Tx) -> bool {
    tx.config().mail.is_connected()
}

/// The unlinked of a class, with an address and without.
pub async fn mail_preview(tx: &mut Tx, classroom_id: &str) -> Result<MailPreview> {
    let all = unlinked_in(tx, classroom_id).await?;
    let count = all.len();
    let people: Vec<Person> = all.into_iter().filter(has_address).collect();
    Ok(MailPreview { without: count - people.len(), people })
}

/// Orders a mail for each; `press` names the button, so that two presses are one order.
pub async fn order_mails(
    tx: &mut Tx,
    people: &[Person],
    classroom_id: &str,
    by: (&str, i64),
    press: &str,
) -> Result<()> {
    let mut fresh = false;
    for person in people {
        let order = MailOrder { person: person.id.clone(), by: Some((by.0.to_owned(), by.1)) };
        let put = Put::new(MAIL, format!("{MAIL}:{press}:{}", person.id), &order)?;
        fresh |= outbox::put(tx, put.rank(Rank::Bulk)).await?;
    }
    if fresh {
        let (object, count) = (circles::object_of(classroom_id), people.len().to_string());
        record(tx, &Actor::Person(by.0.to_owned()), "links.mailed", &object, None, Some(&count)).await?;
    }
    Ok(())
}

/// The link was mailed and opened too late: may its person have a new one the same way? Gives the old one's name.
pub async fn may_mail_again(tx: &mut Tx, token: &str) -> Result<Option<String>> {
    let hash = sha256_hex(token);
    Ok(late(tx, &hash).await?.map(|_| hash))
}

/// The person of a mailed link that expired, still unlinked and with an address.
async fn late(tx: &mut Tx, hash: &str) -> Result<Option<Person>> {
    let link = store::link(tx, hash).await?;
    let expired = rules::works(link.as_ref(), tx.now(), false) == Err(Gone::Expired(LinkKind::Mailed));
    let Some(id) = link.and_then(|link| link.person_id).filter(|_| expired && may_mail(tx)) else { return Ok(None) };
    let person = store::person(tx, &id).await?.filter(|person| person.active && has_address(person));
    let linked = store::account_of_person(tx, &id).await?.is_some();
    Ok(person.filter(|_| !linked))
}

/// A new link for whoever opened one too late: one for each that expired. `false` when there is none to be had.
pub async fn mail_again(tx: &mut Tx, account: i64, hash: &str) -> Result<bool> {
    let Some(person) = late(tx, hash).await? else { return Ok(false) };
    let put = Put::new(MAIL, format!("{MAIL}:{hash}"), &MailOrder { person: person.id, by: None })?;
    if outbox::put(tx, put.rank(Rank::Answer)).await? {
        record(tx, &Actor::Account(account), "link.renewed", &object_of(hash), None, None).await?;
    }
    Ok(true)
}

/// The link to mail now: its person and its token. `None` when it is not wanted any more.
pub async fn mail_draft(tx: &mut Tx, order: &MailOrder) -> Result<Option<(Person, String)>> {
    let person = store::person(tx, &order.person).await?.filter(|person| person.active && has_address(person));
    let Some(person) = person else { return Ok(None) };
    if store::account_of_person(tx, &person.id).await?.is_some() {
        return Ok(None);
    }
    let actor = order.by.as_ref().map_or(Actor::System, |(id, _)| Actor::Person(id.clone()));
    // It works before it is sent: nobody but the mail has its token.
    let token = make_link(tx, LinkKind::Mailed, Some(&person.id), &actor).await?;
    Ok(Some((person, token)))
}

/// A mail was refused, or may not have left: whoever ordered it is told whose.
pub async fn mail_failed(tx: &mut Tx, order: &MailOrder, row: &str) -> Result<()> {
    let Some((_, account)) = &order.by else { return Ok(()) };
    let Some(reader) = store::reachable_account(tx, *account).await? else { return Ok(()) };
    let Some(person) = store::person(tx, &order.person).await? else { return Ok(()) };
    let words = text!("roster-mail-failed", name = person.short_name());
    tell(tx, &[reader], &format!("mail:{row}"), &words, None).await
}
