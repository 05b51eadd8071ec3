//! For whom links are made at once: the people of a class, or the staff of no class.

use super::super::{Person, Role, store};
use super::{all_classes, class, class_named, looks_after};
use crate::kernel::text::names;
use crate::kernel::{Lang, Result, Text};
use crate::platform::store::Tx;
use crate::school::classroom::Classroom;
use crate::school::rights::Act;
use crate::text;

/// Where a class's id stands: the staff of no class. No class has such an id.
pub(super) const STAFF: &str = "staff";

/// Those for whom links are made at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// A class's id, or one that no class has.
    pub id: String,
    pub name: Text,
}

impl Circle {
    fn of(class: Classroom) -> Self {
        Self { id: class.id, name: Text::verbatim(class.name) }
    }
    /// What is said to whoever may not make their links.
    pub fn not_yours(&self) -> Text {
        if self.id == STAFF {
            text!("roster-links-staff-not-yours")
        } else {
            text!("roster-links-not-yours", class = self.name.clone())
        }
    }
    fn staff() -> Self {
        Self { id: STAFF.to_owned(), name: text!("roster-links-staff") }
    }
}

/// How a circle is named in the audit.
pub(super) fn object_of(id: &str) -> String {
    if id == STAFF { STAFF.to_owned() } else { format!("classroom:{id}") }
}

pub async fn circle(tx: &mut Tx, id: &str) -> Result<Option<Circle>> {
    if id == STAFF {
        return Ok(Some(Circle::staff()));
    }
    Ok(class(tx, id).await?.map(Circle::of))
}

/// A class as people name it, or the staff of no class.
pub async fn circle_named(tx: &mut Tx, name: &str) -> Result<Option<Circle>> {
    if let Some(class) = class_named(tx, name).await? {
        return Ok(Some(Circle::of(class)));
    }
    let (staff, typed) = (Circle::staff(), names::fold(name));
    Ok(Lang::ALL.iter().any(|lang| names::fold(&staff.name.render(*lang)) == typed).then_some(staff))
}

/// May this person make links for them? The staff of no class are managers' and admins' to link.
pub async fn may_link(tx: &mut Tx, by: &Person, circle: &Circle) -> Result<bool> {
    if circle.id == STAFF {
        return Ok(Act::Staff.is_always(Some(by.role)));
    }
    looks_after(tx, by, &circle.id).await
}

/// The circles that a person may choose from; the staff only where there are any.
pub async fn circles_for(tx: &mut Tx, by: &Person) -> Result<Vec<Circle>> {
    let mut mine = Vec::new();
    for class in all_classes(tx).await? {
        if looks_after(tx, by, &class.id).await? {
            mine.push(Circle::of(class));
        }
    }
    let staff = Circle::staff();
    if may_link(tx, by, &staff).await?
        && (!unlinked_in(tx, STAFF).await?.is_empty() || !linked_in(tx, by, STAFF).await?.is_empty())
    {
        mine.push(staff);
    }
    Ok(mine)
}

/// The active people of a circle without an account, by name.
pub(super) async fn unlinked_in(tx: &mut Tx, id: &str) -> Result<Vec<Person>> {
    if id == STAFF { store::unlinked_staff(tx).await } else { store::unlinked_of(tx, id).await }
}

/// The active people of a circle with an account that somebody may untie, by name; their own they keep.
pub async fn linked_in(tx: &mut Tx, by: &Person, id: &str) -> Result<Vec<Person>> {
    let mut linked = if id == STAFF { store::linked_staff(tx).await? } else { store::linked_of(tx, id).await? };
    let admins_too = Act::UntieAdmin.is_always(Some(by.role));
    linked.retain(|one| one.id != by.id && (admins_too || one.role != Role::Admin));
    Ok(linked)
}

/// Printed links of a circle's unlinked that still work.
pub(super) async fn printed_in(tx: &mut Tx, id: &str) -> Result<i64> {
    if id == STAFF { store::count_printed_staff(tx).await } else { store::count_printed(tx, id).await }
}
