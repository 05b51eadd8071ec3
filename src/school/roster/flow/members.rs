//! Adding, changing and letting go people, and their classes. Each change is audited.

use super::super::{Person, Role, store};
use super::put_menu;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classrooms;

/// Adds a person (their id is given).
pub async fn add(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<()> {
    store::insert_person(tx, person).await?;
    record(tx, actor, "person.added", &object(&person.id), None, Some(&facts(person))).await
}

/// Changes what is known of a person. A role that changes brings another menu.
pub async fn change(tx: &mut Tx, actor: &Actor, after: &Person) -> Result<()> {
    let Some(before) = store::person(tx, &after.id).await? else { return Ok(()) };
    if before == *after {
        return Ok(());
    }
    store::update_person(tx, after).await?;
    let new = format!("{}, changed: {}", facts(after), changed(&before, after).join(" "));
    record(tx, actor, "person.changed", &object(&after.id), Some(&facts(&before)), Some(&new)).await?;
    menu_of(tx, &after.id, (before.role, before.active) != (after.role, after.active)).await
}

/// The person left the school: kept for the evidence, without rights.
pub async fn deactivate(tx: &mut Tx, actor: &Actor, person_id: &str) -> Result<()> {
    let Some(person) = store::person(tx, person_id).await?.filter(|person| person.active) else { return Ok(()) };
    store::update_person(tx, &Person { active: false, ..person }).await?;
    record(tx, actor, "person.left", &object(person_id), None, None).await?;
    menu_of(tx, person_id, true).await
}

/// A person who was noted by mistake, whom nobody knew and who did nothing: as if they had never been noted.
pub async fn take_back(tx: &mut Tx, actor: &Actor, person_id: &str) -> Result<()> {
    for classroom in store::classrooms_of(tx, person_id).await? {
        unenrol(tx, actor, person_id, &classroom).await?;
    }
    store::delete_person(tx, person_id).await?;
    record(tx, actor, "person.taken_back", &object(person_id), None, None).await
}

async fn menu_of(tx: &mut Tx, person_id: &str, changed: bool) -> Result<()> {
    match store::account_of_person(tx, person_id).await? {
        Some(account) if changed => put_menu(tx, account).await,
        _ => Ok(()),
    }
}

/// Puts a person in a class; `false` when they were in it.
pub async fn enrol(tx: &mut Tx, actor: &Actor, person_id: &str, classroom_id: &str) -> Result<bool> {
    let done = store::enrol(tx, person_id, classroom_id).await?;
    if done {
        // Who comes back need not leave the group any more.
        store::drop_departure(tx, classroom_id, person_id).await?;
        record(tx, actor, "person.enrolled", &object(person_id), None, Some(classroom_id)).await?;
        staff_moved(tx, person_id, classroom_id).await?;
    }
    Ok(done)
}

/// Takes a person out of a class; `false` when they were not in it.
pub async fn unenrol(tx: &mut Tx, actor: &Actor, person_id: &str, classroom_id: &str) -> Result<bool> {
    let done = store::unenrol(tx, person_id, classroom_id).await?;
    if done {
        record(tx, actor, "person.unenrolled", &object(person_id), Some(classroom_id), None).await?;
        staff_moved(tx, person_id, classroom_id).await?;
    }
    Ok(done)
}

/// Who looks after a class, or does no more, may otherwise in its group.
async fn staff_moved(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<()> {
    match store::person(tx, person_id).await? {
        Some(person) if person.role != Role::Student => classrooms::managers_changed(tx, classroom_id).await,
        _ => Ok(()),
    }
}

pub(super) fn object(person_id: &str) -> String {
    format!("person:{person_id}")
}

/// For the audit: what changed, by name.
pub(super) fn changed(before: &Person, after: &Person) -> Vec<&'static str> {
    let what = [
        ("last_name", before.last_name != after.last_name),
        ("first_name", before.first_name != after.first_name),
        ("email", before.email != after.email),
        ("birth", before.birth != after.birth),
        ("card", before.card != after.card),
        ("role", before.role != after.role),
        ("lang", before.lang != after.lang),
        ("active", before.active != after.active),
    ];
    what.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// For the audit: which facts are known, not what they are (names and addresses stay in the roster alone).
pub(super) fn facts(person: &Person) -> String {
    let known = |what: &str, is: bool| if is { format!(" {what}") } else { String::new() };
    format!(
        "{}{}{}{}{}",
        person.role.code(),
        known("email", person.email.is_some()),
        known("birth", person.birth.is_some()),
        known("card", person.card.is_some()),
        known("active", person.active)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_names_what_changed_and_not_what_it_is() {
        let before = Person {
            id: "p".to_owned(),
            last_name: "Moreau".to_owned(),
            first_name: "Inès".to_owned(),
            email: None,
            birth: Some("2009-03-12".to_owned()),
            card: Some("0042".to_owned()),
            role: Role::Student,
            lang: None,
            active: true,
        };
        let after = Person { last_name: "Petit".to_owned(), card: Some("0043".to_owned()), ..before.clone() };
        assert_eq!(changed(&before, &after), ["last_name", "card"]);
        assert_eq!((facts(&before), facts(&after)), (facts(&after), "student birth card active".to_owned()));
    }
}
