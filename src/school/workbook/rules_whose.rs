//! Whom a line of *Personnes* means: by e-mail, else card, else name and day of birth. A key alone is no proof: families
//! share an address, cards are given again. Rather a line to correct than somebody turned into somebody else.

use std::collections::{BTreeSet, HashMap};

use crate::kernel::Text;
use crate::kernel::text::names;
use crate::text;

use super::read::Column;
use super::rules_people::full_name;
use super::{KnownPerson, PersonRow, card_key};

/// Where known people are found.
pub(super) struct Index<'a> {
    people: &'a [KnownPerson],
    emails: HashMap<String, BTreeSet<usize>>,
    cards: HashMap<String, BTreeSet<usize>>,
    births: HashMap<String, BTreeSet<usize>>,
    names: HashMap<String, BTreeSet<usize>>,
}

fn birth_key(last: &str, first: &str, birth: chrono::NaiveDate) -> String {
    format!("{}|{}|{birth}", names::fold(last), names::fold(first))
}

/// The words of a name in any order: who typed their own may have begun with the last name.
fn name_key(first: &str, last: &str) -> String {
    let folded = names::fold(&full_name(first, last));
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The name of a line, compared so; `None`: it has none.
pub(super) fn name_of(row: &PersonRow) -> Option<String> {
    let name = name_key(row.first_name.as_deref()?, row.last_name.as_deref()?);
    (!name.is_empty()).then_some(name)
}

/// An admin's link asks for a name alone.
fn is_bare_admin(person: &KnownPerson) -> bool {
    person.role.is_by_link_alone()
        && person.active
        && person.email.is_none()
        && person.card.is_none()
        && person.birth.is_none()
}

impl<'a> Index<'a> {
    pub fn new(people: &'a [KnownPerson]) -> Self {
        let (emails, cards, births, names) = (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
        let mut index = Self { people, emails, cards, births, names };
        for (number, person) in people.iter().enumerate() {
            if let Some(email) = &person.email {
                index.emails.entry(names::fold_email(email)).or_default().insert(number);
            }
            if let Some(card) = &person.card {
                index.cards.entry(card_key(card)).or_default().insert(number);
            }
            if let Some(birth) = person.birth {
                let key = birth_key(&person.last_name, &person.first_name, birth);
                index.births.entry(key).or_default().insert(number);
            }
            index.names.entry(name_key(&person.first_name, &person.last_name)).or_default().insert(number);
        }
        index
    }

    /// The column whose cell is looked at first: of those that somebody known has too.
    pub fn key_of(&self, row: &PersonRow) -> Column {
        let has = |keys: &HashMap<String, BTreeSet<usize>>, key: Option<String>| {
            key.is_some_and(|key| keys.contains_key(&key))
        };
        if has(&self.emails, row.email.clone()) {
            Column::Email
        } else if has(&self.cards, row.card.as_deref().map(card_key)) {
            Column::Card
        } else {
            Column::LastName
        }
    }

    /// The one person that a line means; `None`: nobody yet. Two: a fault.
    pub fn find(&self, row: &PersonRow) -> Result<Option<usize>, Text> {
        let email = row.email.as_ref().and_then(|email| self.emails.get(email));
        let card = row.card.as_ref().and_then(|card| self.cards.get(&card_key(card)));
        let birth = match (&row.last_name, &row.first_name, row.birth) {
            (Some(last), Some(first), Some(birth)) => self.births.get(&birth_key(last, first, birth)),
            _ => None,
        };
        let all: BTreeSet<usize> = [email, card, birth].into_iter().flatten().flatten().copied().collect();
        let mut all = all.into_iter();
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(text!("workbook-fault-two-matches")),
            (Some(one), None) => match self.people.get(one) {
                Some(person) if is_another(person, row, email.is_some(), card.is_some()) => {
                    Err(text!("workbook-fault-other-person", name = full_name(&person.first_name, &person.last_name)))
                }
                _ => Ok(Some(one)),
            },
        }
    }

    fn namesakes(&self, row: &PersonRow) -> impl Iterator<Item = &'a KnownPerson> {
        let name = name_of(row);
        let numbers = name.and_then(|name| self.names.get(&name)).into_iter().flatten();
        numbers.filter_map(|number| self.people.get(*number))
    }

    /// What to say of a new person whose name somebody bears already.
    pub fn namesake(&self, row: &PersonRow) -> Option<Text> {
        let other_birth = |person: &KnownPerson| matches!((person.birth, row.birth), (Some(a), Some(b)) if a != b);
        let mut alike = self.namesakes(row).filter(|person| person.active && !other_birth(person)).peekable();
        let first = alike.peek()?;
        let name = full_name(&first.first_name, &first.last_name);
        Some(if alike.any(is_bare_admin) {
            text!("workbook-warning-namesake-admin", name = name)
        } else {
            text!("workbook-warning-namesake", name = name)
        })
    }
}

/// The same e-mail or card, and yet somebody else: a family's address, a card given again. Where one thing alone
/// differs, something else must agree.
fn is_another(person: &KnownPerson, row: &PersonRow, by_email: bool, by_card: bool) -> bool {
    let differs = |known: &str, said: &Option<String>| {
        said.as_deref().is_some_and(|said| !known.is_empty() && names::fold(said) != names::fold(known))
    };
    let births = person.birth.zip(row.birth);
    let (born_then, born_otherwise) = (births.is_some_and(|(a, b)| a == b), births.is_some_and(|(a, b)| a != b));
    let exchanged = row.last_name.as_deref().map(names::fold) == Some(names::fold(&person.first_name))
        && row.first_name.as_deref().map(names::fold) == Some(names::fold(&person.last_name));
    if exchanged {
        return born_otherwise;
    }
    match (differs(&person.first_name, &row.first_name), differs(&person.last_name, &row.last_name), born_otherwise) {
        (false, false, _) => false,
        // Brothers and sisters have all but this in common; twins even the birth.
        (true, false, false) => {
            let first = row.first_name.as_deref().unwrap_or_default();
            let slip = is_slip(first, &person.first_name);
            let other_card =
                person.card.as_deref().zip(row.card.as_deref()).is_some_and(|(a, b)| card_key(a) != card_key(b));
            let corrected =
                by_email && row.last_name.is_some() && !other_card && is_put_right(first, &person.first_name);
            !(by_card && (by_email || born_then) || born_then && slip || corrected)
        }
        // Who marries keeps the rest.
        (false, true, false) => {
            let longer = row.last_name.as_deref().is_some_and(|said| is_part(said, &person.last_name));
            !(by_email || born_then || longer)
        }
        _ => true,
    }
}

fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (names::fold(one), names::fold(other));
    one.chars().count().min(other.chars().count()) > 3 && names::distance(&one, &other) <= 1
}

/// « Moreau » and « Moreau-Petit », or one letter put right.
fn is_part(one: &str, other: &str) -> bool {
    is_longer(one, other) || is_slip(one, other)
}

fn is_longer(one: &str, other: &str) -> bool {
    let words = |name: &str| names::fold(name).split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let (a, b) = (words(one), words(other));
    a.is_subset(&b) || b.is_subset(&a)
}

/// « Jean » and « Jean-Paul », « Mathieu » and « Matthieu »; but Louis and Louise are brother and sister.
fn is_put_right(one: &str, other: &str) -> bool {
    is_longer(one, other) || is_slip(one, other) && names::fold(one).chars().last() == names::fold(other).chars().last()
}
