//! *Personnes* against who is known. Nobody is ever merged, nobody who is missing is removed, nobody becomes an admin.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::kernel::text::names;
use crate::kernel::{Text, Words};
use crate::school::roster::Role;
use crate::text;

use super::read::{Column, heading, where_is};
use super::rules::Classes;
use super::rules_whose::{Index, name_of};
use super::{
    ChangedPerson, ClassRef, Difference, Fault, Known, KnownPerson, NewPerson, PersonRow, PersonState, Right, Warning,
    Who, Workbook, card_key,
};

pub(super) fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

fn full_name_of(row: &PersonRow) -> String {
    full_name(row.first_name.as_deref().unwrap_or_default(), row.last_name.as_deref().unwrap_or_default())
}

pub(super) fn compare(known: &Known, read: &Workbook, classes: &mut Classes, out: &mut Difference) {
    let index = Index::new(&known.people);
    let found: Vec<Result<Option<usize>, Text>> = read.people.iter().map(|row| index.find(row)).collect();
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for person in found.iter().filter_map(|found| found.as_ref().ok().copied().flatten()) {
        *lines.entry(person).or_default() += 1;
    }
    let mut new: HashMap<String, &PersonRow> = HashMap::new();
    for (row, found) in read.people.iter().zip(found) {
        let one = found.as_ref().ok().copied().flatten().and_then(|person| known.people.get(person));
        let fault = |column: Column, reason: Text| {
            let (sheet, row) = (String::from(&row.place.sheet), row.place.row);
            Fault { column: heading(read, &sheet, column), sheet, row, reason }
        };
        if found.is_ok() && names_an_admin(one, row) {
            out.faults.push(fault(Column::Role, text!("workbook-fault-admin")));
            continue;
        }
        match found {
            Err(reason) => out.faults.push(fault(index.key_of(row), reason)),
            Ok(Some(person)) if lines.get(&person).is_some_and(|lines| *lines > 1) => {
                out.faults.push(fault(index.key_of(row), text!("workbook-fault-same-person")));
            }
            Ok(Some(person)) => {
                if let Some(person) = known.people.get(person) {
                    meet(person, row, known, classes, out);
                }
            }
            Ok(None) => {
                let other_birth = |one: &PersonRow| matches!((one.birth, row.birth), (Some(a), Some(b)) if a != b);
                let above = name_of(row).and_then(|name| new.insert(name, row)).filter(|above| !other_birth(above));
                let namesake = above.map(|above| {
                    let other = where_is(&above.place, &row.place.sheet);
                    text!("workbook-warning-namesake-line", name = full_name_of(row), other = other)
                });
                if !welcome(row, namesake.or_else(|| index.namesake(row)), classes, out) {
                    out.faults.push(fault(Column::LastName, text!("workbook-fault-nameless")));
                }
            }
        }
    }
}

/// Would this line make somebody an admin? One who is may be called so; one who left comes back by a new link alone.
fn names_an_admin(before: Option<&KnownPerson>, row: &PersonRow) -> bool {
    match before {
        Some(before) if before.role.is_by_link_alone() => !before.active && row.active == Some(true),
        _ => row.role.is_some_and(Role::is_by_link_alone),
    }
}

fn warn(row: &PersonRow, text: Text, out: &mut Difference) {
    out.warnings.push(Warning { place: Some(row.place.clone()), text });
}

/// Somebody new; `false`: without a name nobody is.
fn welcome(row: &PersonRow, namesake: Option<Text>, classes: &mut Classes, out: &mut Difference) -> bool {
    if row.active == Some(false) {
        out.people.strangers += 1;
        return true;
    }
    let (Some(last_name), Some(first_name)) = (row.last_name.clone(), row.first_name.clone()) else {
        return false;
    };
    if let Some(namesake) = namesake {
        warn(row, namesake, out);
    }
    let person = PersonState {
        last_name,
        first_name,
        email: row.email.clone(),
        birth: row.birth,
        card: row.card.clone(),
        role: row.role.unwrap_or_default(),
        lang: row.lang,
        classes: distinct(row.classes.iter().flatten().map(|class| classes.resolve(class))),
        active: true,
    };
    if !person.role.is_least() {
        out.rights.push(Right {
            who: Who::New(out.people.added.len()),
            name: full_name(&person.first_name, &person.last_name),
            from: Role::default(),
            to: person.role,
        });
    }
    out.people.added.push(NewPerson { place: row.place.clone(), person });
    true
}

fn distinct(classes: impl Iterator<Item = ClassRef>) -> Vec<ClassRef> {
    let mut seen = Vec::new();
    for class in classes {
        if !seen.contains(&class) {
            seen.push(class);
        }
    }
    seen
}

fn meet(before: &KnownPerson, row: &PersonRow, known: &Known, classes: &mut Classes, out: &mut Difference) {
    let name = || full_name(&before.first_name, &before.last_name);
    if row.active == Some(false) {
        if !before.active {
            out.people.unchanged += 1;
        } else if before.role.is_by_link_alone() {
            out.people.unchanged += 1;
            warn(row, text!("workbook-warning-admin-left", name = name()), out);
        } else {
            out.people.left.push(before.clone());
        }
        return;
    }
    if !before.active && row.active.is_none() {
        out.people.unchanged += 1;
        warn(row, text!("workbook-warning-gone", name = name()), out);
        return;
    }
    let after = after(before, row, known, classes);
    if before.role.is_by_link_alone() && row.role.is_some_and(|role| !role.is_by_link_alone()) {
        warn(row, text!("workbook-warning-admin-role", name = name()), out);
    }
    if as_known(before, known) == after {
        out.people.unchanged += 1;
        return;
    }
    let renamed = |before: &str, after: &str| !before.is_empty() && names::fold(before) != names::fold(after);
    if renamed(&before.first_name, &after.first_name) || renamed(&before.last_name, &after.last_name) {
        let new = full_name(&after.first_name, &after.last_name);
        warn(row, text!("workbook-warning-renamed", old = name(), new = new), out);
    }
    if before.active && after.role < before.role {
        let (from, to) = (before.role.label(), after.role.label());
        warn(row, text!("workbook-warning-lowered", name = name(), from = from, to = to), out);
    }
    let held = if before.active { before.role } else { Role::default() };
    if after.role > held && !after.role.is_by_link_alone() {
        let name = full_name(&after.first_name, &after.last_name);
        out.rights.push(Right { who: Who::Known(before.id.as_str().into()), name, from: held, to: after.role });
    }
    let (id, place) = (before.id.clone(), row.place.clone());
    out.people.changed.push(ChangedPerson { id, place, before: before.clone(), after });
}

fn class_refs(ids: &[String], known: &Known) -> Vec<ClassRef> {
    let name =
        |id: &String| known.classrooms.iter().find(|class| class.id == *id).map(|class| Words::from(&class.name));
    ids.iter().map(|id| ClassRef { id: Some(id.into()), name: name(id).unwrap_or_default() }).collect()
}

/// A known person in the form in which two are compared.
pub(super) fn as_known(person: &KnownPerson, known: &Known) -> PersonState {
    PersonState {
        last_name: person.last_name.clone(),
        first_name: person.first_name.clone(),
        email: person.email.clone(),
        birth: person.birth,
        card: person.card.clone(),
        role: person.role,
        lang: person.lang,
        classes: class_refs(&person.classes, known),
        active: person.active,
    }
}

/// What is written replaces; what is empty stays. The same e-mail, card or set of classes written otherwise stays too.
fn after(before: &KnownPerson, row: &PersonRow, known: &Known, classes: &mut Classes) -> PersonState {
    let mut after = as_known(before, known);
    if let Some(last) = &row.last_name {
        after.last_name.clone_from(last);
    }
    if let Some(first) = &row.first_name {
        after.first_name.clone_from(first);
    }
    if let Some(email) = &row.email
        && before.email.as_deref().map(names::fold_email).as_ref() != Some(email)
    {
        after.email = Some(email.clone());
    }
    if let Some(card) = &row.card
        && before.card.as_deref().map(card_key) != Some(card_key(card))
    {
        after.card = Some(card.clone());
    }
    after.birth = row.birth.or(before.birth);
    after.lang = row.lang.or(before.lang);
    if !before.role.is_by_link_alone() {
        after.role = row.role.unwrap_or(before.role);
    }
    after.active = true;
    if let Some(named) = &row.classes {
        let named = distinct(named.iter().map(|class| classes.resolve(class)));
        let set = |classes: &[ClassRef]| classes.iter().map(|class| class.id.clone()).collect::<BTreeSet<_>>();
        if set(&named) != set(&after.classes) || named.iter().any(|class| class.id.is_none()) {
            after.classes = named;
        }
    }
    after
}
