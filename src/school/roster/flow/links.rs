//! Personal links: made, opened, and the one item that shows whose they are.

use super::super::rules::{self, Gone, Judged};
use super::super::{Item, Link, LinkKind, Person, Reachable, store};
use super::ties::may_untie;
use super::{admins, class_names, staff_of_person, tell};
use crate::kernel::Result;
use crate::kernel::secret::sha256_hex;
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::text;

/// What opening a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Gone(Gone),
    Refused(Refused),
    /// The account is this person's already.
    Yours(Person),
    /// First the item.
    AskItem {
        hash: String,
        item: Item,
        /// It is a mailed one, which lives for minutes.
        brief: bool,
    },
    /// An admin's link, opened by nobody that we know.
    AskName {
        hash: String,
    },
    /// An admin's link, opened by somebody of the school.
    ConfirmAdmin {
        hash: String,
        name: String,
    },
}

/// Why a link that works is not for this account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The account is somebody else's.
    AccountTaken,
    /// The person has another account.
    PersonTaken,
    /// The school knows nothing that could be asked.
    NothingKnown,
}

impl Refused {
    /// For the audit.
    const fn code(self) -> &'static str {
        match self {
            Self::AccountTaken => "the account is another's",
            Self::PersonTaken => "the person has another account",
            Self::NothingKnown => "nothing is known to ask",
        }
    }
}

/// What an answer to the item led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    Gone(Gone),
    /// Nothing that could be compared: no try.
    Unreadable(Item),
    Wrong {
        left: i64,
    },
    /// That was the last try.
    Dead,
    Right {
        person: Person,
        classes: String,
    },
}

/// How a link is named in the audit: never by its token.
pub(super) fn object_of(hash: &str) -> String {
    format!("link:{}", hash.get(..12).unwrap_or(hash))
}

/// Makes a personal link; gives its token, which is stored nowhere.
pub async fn make_link(tx: &mut Tx, kind: LinkKind, person: Option<&str>, made_by: &Actor) -> Result<String> {
    let token = tx.ids().token();
    store_link(tx, &token, kind, person, made_by, true).await?;
    Ok(token)
}

/// A link by which one person becomes an admin, made at the school's machine.
pub async fn admin_link(tx: &mut Tx) -> Result<String> {
    make_link(tx, LinkKind::Admin, None, &Actor::Cli).await
}

pub(super) async fn store_link(
    tx: &mut Tx,
    token: &str,
    kind: LinkKind,
    person: Option<&str>,
    made_by: &Actor,
    open: bool,
) -> Result<String> {
    let hash = sha256_hex(token);
    let expires_at = rules::expiry(kind, tx.now());
    let by = match made_by {
        Actor::Person(id) => Some(id.as_str()),
        _ => None,
    };
    store::insert_link(tx, (&hash, kind, person), expires_at, by, open).await?;
    if open {
        record(tx, made_by, "link.made", &object_of(&hash), None, Some(kind.code())).await?;
    }
    Ok(hash)
}

/// The link and its person, when both still are what they were.
pub(super) async fn working(tx: &mut Tx, hash: &str) -> Result<Result<(Link, Option<Person>), Gone>> {
    let link = store::link(tx, hash).await?;
    if let Err(gone) = rules::works(link.as_ref(), tx.now(), true) {
        return Ok(Err(gone));
    }
    let Some(link) = link else { return Ok(Err(Gone::Unknown)) };
    let person = match link.person_id.as_deref() {
        None => None,
        Some(id) => match store::person(tx, id).await?.filter(|person| person.active) {
            None => return Ok(Err(Gone::Dead)),
            person => person,
        },
    };
    Ok(Ok((link, person)))
}

/// Somebody opened a link.
pub async fn open(tx: &mut Tx, account: i64, token: &str) -> Result<Opened> {
    let hash = sha256_hex(token);
    let link = store::link(tx, &hash).await?;
    let mine = store::person_of_account(tx, account).await?;
    if let Err(gone) = rules::works(link.as_ref(), tx.now(), false) {
        let own = link.filter(|link| gone == Gone::Used && link.used_by == Some(account));
        let same = |link: &Link, mine: &Person| link.person_id.as_ref().is_none_or(|id| *id == mine.id);
        return Ok(match (own, mine.filter(|mine| mine.active)) {
            // Whoever opens their own link again has nobody to warn.
            (Some(link), Some(mine)) if same(&link, &mine) => Opened::Yours(mine),
            _ => Opened::Gone(gone),
        });
    }
    let (link, person) = match working(tx, &hash).await? {
        Ok(found) => found,
        Err(gone) => return Ok(Opened::Gone(gone)),
    };
    // Whoever left the school holds no account any more.
    let mine = mine.filter(|mine| mine.active);
    match (link.kind, person, mine) {
        (LinkKind::Admin, _, None) => Ok(Opened::AskName { hash }),
        (LinkKind::Admin, _, Some(mine)) => Ok(Opened::ConfirmAdmin { hash, name: mine.full_name() }),
        (_, None, _) => Ok(Opened::Gone(Gone::Dead)),
        (_, Some(person), mine) => open_personal(tx, account, link, person, mine).await,
    }
}

async fn open_personal(tx: &mut Tx, account: i64, link: Link, person: Person, mine: Option<Person>) -> Result<Opened> {
    let hash = link.token_hash;
    if mine.as_ref().is_some_and(|mine| mine.id == person.id) {
        store::use_link(tx, &hash, account).await?;
        record(tx, &Actor::Person(person.id.clone()), "link.used", &object_of(&hash), Some("open"), Some("used"))
            .await?;
        return Ok(Opened::Yours(person));
    }
    if let Some(why) = taken(tx, account, &person, &hash).await? {
        return Ok(Opened::Refused(why));
    }
    if let Some(item) = rules::item_of(&person) {
        return Ok(Opened::AskItem { hash, item, brief: link.kind == LinkKind::Mailed });
    }
    let words = text!("roster-told-nothing-known", name = person.short_name());
    let staff = staff_of_person(tx, &person.id).await?;
    tell(tx, &staff, &format!("nothing-known:{hash}"), &words, None).await?;
    Ok(Opened::Refused(Refused::NothingKnown))
}

/// One account is one person's: anything else is refused, and the staff told, with the way to undo the tie that blocks.
/// That of somebody who left the school blocks nobody.
pub(super) async fn taken(tx: &mut Tx, account: i64, person: &Person, hash: &str) -> Result<Option<Refused>> {
    let other = store::person_of_account(tx, account).await?.filter(|other| other.active);
    let (why, tied, blocked) = match (other, store::account_of_person(tx, &person.id).await?) {
        (Some(other), _) => (Refused::AccountTaken, other, account),
        (None, Some(own)) => (Refused::PersonTaken, person.clone(), own),
        (None, None) => return Ok(None),
    };
    record(tx, &Actor::Account(account), "link.refused", &object_of(hash), Some("open"), Some(why.code())).await?;
    let (may, others) = who_hears(tx, person, &tied).await?;
    let key = format!("taken:{hash}:{account}");
    let name = person.short_name();
    let words = match why {
        Refused::PersonTaken => text!("roster-told-person-taken", name = name.as_str()),
        _ => text!("roster-told-account-taken", name = name.as_str(), other = tied.short_name()),
    };
    tell(tx, &may, &key, &words, Some((&tied.id, blocked))).await?;
    // Whose account it is is not theirs to know.
    tell(tx, &others, &key, &text!("roster-told-taken-elsewhere", name = name), None).await?;
    Ok(Some(why))
}

/// Those who look after both: who may undo the tie that blocks (admins, where nobody else may), and who may not.
async fn who_hears(tx: &mut Tx, person: &Person, tied: &Person) -> Result<(Vec<Reachable>, Vec<Reachable>)> {
    let mut all = staff_of_person(tx, &person.id).await?;
    for one in staff_of_person(tx, &tied.id).await? {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    let (mut may, mut others) = (Vec::new(), Vec::new());
    for one in all {
        let by = store::person(tx, &one.person_id).await?;
        let allowed = match &by {
            Some(by) => may_untie(tx, by, tied).await?,
            None => false,
        };
        if allowed { may.push(one) } else { others.push(one) }
    }
    if may.is_empty() {
        may = admins(tx).await?;
    }
    Ok((may, others))
}

/// Somebody typed the item.
pub async fn try_item(tx: &mut Tx, account: i64, hash: &str, typed: &str) -> Result<Tried> {
    let (link, person) = match working(tx, hash).await? {
        Ok((link, Some(person))) => (link, person),
        Ok((_, None)) => return Ok(Tried::Gone(Gone::Dead)),
        Err(gone) => return Ok(Tried::Gone(gone)),
    };
    match (rules::judge(&person, typed), rules::item_of(&person)) {
        (Judged::Theirs, _) => {
            let classes = class_names(tx, &person.id).await?;
            return Ok(Tried::Right { person, classes });
        }
        (Judged::Unreadable, Some(item)) => return Ok(Tried::Unreadable(item)),
        _ => {}
    }
    store::tried_link(tx, hash).await?;
    let left = rules::MOST_TRIES - link.tries - 1;
    if left > 0 {
        return Ok(Tried::Wrong { left });
    }
    kill(tx, &Actor::Account(account), hash, "wrong answers").await?;
    let classes = class_names(tx, &person.id).await?;
    let name = person.short_name();
    let words = if classes.is_empty() {
        text!("roster-told-tries-alone", name = name)
    } else {
        text!("roster-told-tries", name = name, classes = classes)
    };
    let staff = staff_of_person(tx, &person.id).await?;
    tell(tx, &staff, &format!("tries:{hash}"), &words, None).await?;
    Ok(Tried::Dead)
}

pub(super) async fn kill(tx: &mut Tx, actor: &Actor, hash: &str, why: &str) -> Result<()> {
    if store::kill_link(tx, hash).await? {
        record(tx, actor, "link.dead", &object_of(hash), Some("open"), Some(why)).await?;
    }
    Ok(())
}

/// The right item, yet « ce n'est pas moi »: the link is in wrong hands.
pub async fn not_me(tx: &mut Tx, account: i64, hash: &str) -> Result<()> {
    let Ok((_, Some(person))) = working(tx, hash).await? else { return Ok(()) };
    kill(tx, &Actor::Account(account), hash, "not me").await?;
    let words = text!("roster-told-not-me", name = person.short_name());
    let staff = staff_of_person(tx, &person.id).await?;
    tell(tx, &staff, &format!("not-me:{hash}"), &words, None).await
}
