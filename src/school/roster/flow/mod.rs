//! Who is who, who is to be told, and the menus that follow from it.

mod circles;
mod departures;
mod joining;
mod links;
mod mailed;
mod many;
mod members;
mod printed;
mod tied;
mod ties;
mod walkouts;
mod welcomes;

use serde::{Deserialize, Serialize};

pub use super::store::{
    account_of_person, class_size, classrooms_of, count_by_role, enrolments, left_since, linked_accounts,
    linked_by_role, people, person, person_of_account, reachable, reachable_account, reachable_by_role,
    reachable_in_charge, students_at, students_of, tie_of, unlinked_of,
};
use super::{Identity, Person, Reachable, Role, store};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::Classroom;
use crate::school::classroom::flow as classrooms;
use crate::school::rights::{Act, Reach, Tie};

pub use self::circles::{Circle, circle, circle_named, circles_for, linked_in, may_link};
pub use self::departures::{
    DEPART, Departing, Leaver, Left, departed, departing, is_in_group, may_be_in, plan_departure, plan_stray_departure,
    released, strays_in,
};
pub use self::joining::{DECLINE, DECLINE_NOTE, Join, Stranger};
pub use self::joining::{arrived, asks_to_join, bot_left, join_failed, reached, rights_seen, still_joins};
pub use self::links::{Opened, Refused, Tried, admin_link, make_link, not_me, open, try_item};
pub use self::mailed::{MAIL, MailOrder, MailPreview, mail_draft, mail_failed, mail_preview};
pub use self::mailed::{mail_again, may_mail, may_mail_again, order_mails};
pub use self::many::{LeftOut, Staged, clear, clear_old, flip, flip_rest, stage, tie_quietly};
pub use self::members::{add, change, deactivate, enrol, take_back, unenrol};
pub use self::printed::{Draft, LINKS, Order, Preview, draft, links_failed, open_draft, order, preview};
pub use self::tied::{JustTied, LINKED_TOLD, TIED, TIED_MORE, Told, UNTIE_TOLD, tell_anew, told_of};
pub use self::ties::{
    Asked, Standing, Tied, Undo, Untied, asked, become_admin, forget, new_admin, retie, standing, tie, untie,
};
pub use self::walkouts::{WALKED_OUT, WalkedOut, tell_walkouts, walked_out};
pub use self::welcomes::{WELCOME, WELCOME_MORE, Welcome, welcome, welcomed};

pub use crate::school::classroom::flow::RIGHTS_LOOK;

pub const TELL: &str = "roster.tell";
pub const MENU: &str = "roster.menu";
/// Each night.
pub const FORGET: &str = "roster.forget";

/// A message to one of the staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tell {
    pub account: i64,
    pub lang: Option<Lang>,
    pub text: Text,
    /// The tie (person, account) that they may undo.
    pub tie: Option<(String, i64)>,
}

/// A personal menu to set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Menu {
    pub account: i64,
    /// In this group; in private where there is none.
    #[serde(default)]
    pub chat: Option<i64>,
}

/// Who an account is; `tag` is the language that Telegram names.
pub async fn identify(tx: &mut Tx, account: i64, tag: Option<&str>) -> Result<Identity> {
    let person = store::person_of_account(tx, account).await?.filter(|person| person.active);
    let spoken = tag.and_then(Lang::read);
    let lang = match &person {
        Some(person) => match person.lang {
            Some(chosen) => chosen,
            None => lang_of(tx, spoken, &person.id).await?,
        },
        None => spoken.unwrap_or(tx.config().school.language),
    };
    Ok(Identity { person, lang, spoken })
}

/// The language of a person who chose none: that of their Telegram, else of their class, else of the school.
async fn lang_of(tx: &mut Tx, spoken: Option<Lang>, person_id: &str) -> Result<Lang> {
    if let Some(spoken) = spoken {
        return Ok(spoken);
    }
    let classes = classes_of(tx, person_id).await?;
    Ok(classes.into_iter().find_map(|class| class.lang).unwrap_or(tx.config().school.language))
}

/// The admins who can be written to.
pub async fn admins(tx: &mut Tx) -> Result<Vec<Reachable>> {
    store::reachable_by_role(tx, Role::Admin).await
}

/// How many active admins have an account, whether they can be written to or not: nobody else can say a word.
pub async fn linked_admins(tx: &mut Tx) -> Result<i64> {
    Ok(store::linked_by_role(tx).await?.into_iter().find(|(role, _)| *role == Role::Admin).map_or(0, |(_, n)| n))
}

/// Who looks after a class: its supervisors, else those of no class, else the managers, else the admins. Each of them
/// [`looks_after`] it.
pub async fn staff_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Reachable>> {
    let mut staff = store::reachable_in_charge(tx, classroom_id, Role::Supervisor).await?;
    if staff.is_empty() {
        staff = store::reachable_of_all(tx, Role::Supervisor).await?;
    }
    for role in [Role::Manager, Role::Admin] {
        if staff.is_empty() {
            staff = store::reachable_by_role(tx, role).await?;
        }
    }
    Ok(staff)
}

/// Does this person look after a class? Its supervisors, those of no class (they look after all), managers, admins.
pub async fn looks_after(tx: &mut Tx, person: &Person, classroom_id: &str) -> Result<bool> {
    may(tx, person, Act::Class, classroom_id, false).await
}

/// May this person do this in a class, by the table? `teaches`: they give the lesson that is meant, or one there.
pub async fn may(tx: &mut Tx, person: &Person, act: Act, classroom_id: &str, teaches: bool) -> Result<bool> {
    let ties = match act.reach(Some(person.role)) {
        Reach::Never => return Ok(false),
        Reach::Always => return Ok(true),
        Reach::By(ties) => ties,
    };
    if teaches && ties.contains(&Tie::Teaches) {
        return Ok(true);
    }
    let own = store::classrooms_of(tx, &person.id).await?;
    let enrolled = own.iter().any(|id| id == classroom_id);
    let cares = enrolled || own.is_empty();
    Ok((enrolled && ties.contains(&Tie::Enrolled)) || (cares && ties.contains(&Tie::Cares)))
}

/// May whoever an account stands for do this in every class? Asked again when what was ordered is done: it may be hours
/// later, and the account nobody's.
pub async fn account_may(tx: &mut Tx, account: i64, act: Act) -> Result<bool> {
    let person = store::person_of_account(tx, account).await?.filter(|person| person.active);
    Ok(act.is_always(person.map(|person| person.role)))
}

/// Who looks after a person: the staff of their classes, else the admins. Never themselves.
pub async fn staff_of_person(tx: &mut Tx, person_id: &str) -> Result<Vec<Reachable>> {
    let mut staff: Vec<Reachable> = Vec::new();
    for classroom in store::classrooms_of(tx, person_id).await? {
        for one in staff_of(tx, &classroom).await? {
            if one.person_id != person_id && !staff.contains(&one) {
                staff.push(one);
            }
        }
    }
    if staff.is_empty() {
        staff = admins(tx).await?;
        staff.retain(|one| one.person_id != person_id);
    }
    Ok(staff)
}

/// Tells each of `staff`; `key` names the news, so that it is told once.
async fn tell(tx: &mut Tx, staff: &[Reachable], key: &str, text: &Text, tie: Option<(&str, i64)>) -> Result<()> {
    for one in staff {
        let tell = Tell {
            account: one.telegram_id,
            lang: one.lang,
            text: text.clone(),
            tie: tie.map(|(person, account)| (person.to_owned(), account)),
        };
        let put = Put::new(TELL, format!("{TELL}:{key}:{}", one.telegram_id), &tell)?;
        outbox::put(tx, put.lane(format!("chat:{}", one.telegram_id)).whenever()).await?;
    }
    Ok(())
}

/// Has an account's menus follow what its person may do now, and their language: in private, and in the classes' groups
/// that it is in. Its rights in groups follow too.
pub async fn put_menu(tx: &mut Tx, account: i64) -> Result<()> {
    classrooms::may_otherwise(tx, account).await?;
    put_menu_in(tx, account, None).await?;
    let is_admin = store::person_of_account(tx, account).await?.is_some_and(|person| person.role == Role::Admin);
    for group in classrooms::groups(tx).await? {
        let is_in = match classrooms::member(tx, group.chat, account).await?.as_deref() {
            Some("member" | "admin") => true,
            // Admins make groups: of those who were there before us Telegram told us nothing.
            None => is_admin,
            Some(_) => false,
        };
        if is_in {
            put_menu_in(tx, account, Some(group.chat)).await?;
        }
    }
    Ok(())
}

async fn put_menu_in(tx: &mut Tx, account: i64, chat: Option<i64>) -> Result<()> {
    let key = format!("{MENU}:{account}:{}", tx.new_id());
    let put = Put::new(MENU, key, &Menu { account, chat })?.repeatable().rank(Rank::Bulk);
    outbox::put(tx, put.lane(format!("menu:{account}")).whenever()).await.map(|_| ())
}

/// Changes what a person may do.
pub async fn change_role(tx: &mut Tx, actor: &Actor, person: &Person, role: Role) -> Result<()> {
    store::set_role(tx, &person.id, role).await?;
    let object = format!("person:{}", person.id);
    record(tx, actor, "person.role", &object, Some(person.role.code()), Some(role.code())).await?;
    if let Some(account) = store::account_of_person(tx, &person.id).await? {
        put_menu(tx, account).await?;
    }
    Ok(())
}

/// The language in which an account is spoken to; `false` when the account is tied to nobody.
pub async fn choose_lang(tx: &mut Tx, account: i64, lang: Lang) -> Result<bool> {
    let Some(person) = store::person_of_account(tx, account).await? else { return Ok(false) };
    store::set_lang(tx, account, lang).await?;
    if person.lang != Some(lang) {
        let (old, object) = (person.lang.map(Lang::code), format!("person:{}", person.id));
        record(tx, &Actor::Person(person.id), "account.lang", &object, old, Some(lang.code())).await?;
        put_menu(tx, account).await?;
    }
    Ok(true)
}

/// The classes of a person.
pub async fn classes_of(tx: &mut Tx, person_id: &str) -> Result<Vec<Classroom>> {
    let mut classes = Vec::new();
    for id in store::classrooms_of(tx, person_id).await? {
        classes.extend(classrooms::classroom(tx, &id).await?);
    }
    Ok(classes)
}

pub async fn class(tx: &mut Tx, id: &str) -> Result<Option<Classroom>> {
    classrooms::classroom(tx, id).await
}

/// A class as people name it.
pub async fn class_named(tx: &mut Tx, name: &str) -> Result<Option<Classroom>> {
    classrooms::by_name(tx, name).await
}

pub async fn all_classes(tx: &mut Tx) -> Result<Vec<Classroom>> {
    classrooms::classrooms(tx).await
}

/// The chat of a class's group, as it is called now.
pub async fn chat_of(tx: &mut Tx, classroom_id: &str) -> Result<Option<i64>> {
    Ok(classrooms::group_of(tx, classroom_id).await?.map(|group| group.chat))
}

/// « BTS SIO 1A, BTS SIO 1B »
pub async fn class_names(tx: &mut Tx, person_id: &str) -> Result<String> {
    let names: Vec<String> = classes_of(tx, person_id).await?.into_iter().map(|class| class.name).collect();
    Ok(names.join(", "))
}

/// The groups that a person may ask to join and is not in: class, link (none while the class has no group).
pub async fn groups_for(tx: &mut Tx, person_id: &str, account: i64) -> Result<Vec<(String, Option<String>)>> {
    let classes = store::classrooms_of(tx, person_id).await?;
    groups_among(tx, &classes, account).await
}

/// As [`groups_for`], of these classes.
pub async fn groups_among(tx: &mut Tx, classes: &[String], account: i64) -> Result<Vec<(String, Option<String>)>> {
    let mut groups = Vec::new();
    for id in classes {
        let Some(class) = classrooms::classroom(tx, id).await? else { continue };
        let group = classrooms::group_of(tx, &class.id).await?;
        let standing = match &group {
            Some(group) => classrooms::member(tx, group.chat, account).await?,
            None => None,
        };
        if !matches!(standing.as_deref(), Some("member" | "admin")) {
            groups.push((class.name, group.and_then(|group| group.join_link)));
        }
    }
    Ok(groups)
}
