//! Links, items, ages, names: decisions about who is who. Pure.

use chrono::{Datelike as _, NaiveDate};

use super::{AgeBand, Item, Link, LinkKind, LinkState, Person, card_key};
use crate::kernel::text::names;
use crate::kernel::time::{read_day, read_named_day};
use crate::kernel::{At, Text};
use crate::text;

/// Wrong answers after which a link is dead.
pub const MOST_TRIES: i64 = 5;
/// Whoever opened a link in time may finish.
const GRACE_MINUTES: i64 = 60;

/// When a link made now ceases to work.
pub const fn expiry(kind: LinkKind, now: At) -> At {
    match kind {
        LinkKind::Admin => now.plus_hours(1),
        LinkKind::Printed => now.plus_days(14),
        LinkKind::Mailed => now.plus_minutes(15),
    }
}

/// Is this a token of ours? 160 bits in 32 letters.
pub fn is_token(words: &str) -> bool {
    words.len() == 32 && words.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
}

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Unknown,
    Used,
    Dead,
    Expired(LinkKind),
}

/// Does this link work at `now`? `begun`: its conversation is under way.
pub fn works(link: Option<&Link>, now: At, begun: bool) -> Result<(), Gone> {
    let link = link.ok_or(Gone::Unknown)?;
    let until = if begun { link.expires_at.plus_minutes(GRACE_MINUTES) } else { link.expires_at };
    match link.state {
        LinkState::Used => Err(Gone::Used),
        LinkState::Dead => Err(Gone::Dead),
        LinkState::Open if now >= until => Err(Gone::Expired(link.kind)),
        LinkState::Open => Ok(()),
    }
}

/// What this person is asked for; `None`: the school knows nothing that could be asked.
pub fn item_of(person: &Person) -> Option<Item> {
    let known = |value: &Option<String>| value.as_deref().is_some_and(|value| !value.trim().is_empty());
    match (known(&person.birth), known(&person.card), known(&person.email)) {
        (true, true, _) => Some(Item::BirthOrCard),
        (true, false, _) => Some(Item::Birth),
        (false, true, _) => Some(Item::Card),
        (false, false, true) => Some(Item::Email),
        (false, false, false) => None,
    }
}

/// What an answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    Theirs,
    Wrong,
    /// No date, number or address at all: not a try.
    Unreadable,
}

/// Is the answer what the school knows?
pub fn judge(person: &Person, typed: &str) -> Judged {
    let Some(item) = item_of(person) else { return Judged::Wrong };
    let birth = read_birth(typed);
    let theirs = match item {
        Item::Email => {
            person.email.as_deref().is_some_and(|email| names::fold_email(email) == names::fold_email(typed))
        }
        Item::Birth | Item::Card | Item::BirthOrCard => {
            birth.is_some_and(|said| is_birth(person, said)) || is_card(person, typed)
        }
    };
    let figures = |words: &str| words.contains(|c: char| c.is_ascii_digit());
    // A card without a figure in it could be any word.
    let card = figures(typed) || person.card.as_deref().is_some_and(|card| !figures(card));
    let readable = match item {
        Item::Birth => birth.is_some(),
        Item::Card => card,
        Item::BirthOrCard => birth.is_some() || card,
        Item::Email => typed.contains('@'),
    };
    match (theirs, readable) {
        (true, _) => Judged::Theirs,
        (false, true) => Judged::Wrong,
        (false, false) => Judged::Unreadable,
    }
}

fn is_birth(person: &Person, said: NaiveDate) -> bool {
    let known = person.birth.as_deref().and_then(|birth| birth.parse::<NaiveDate>().ok());
    known.is_some_and(|known| said == known || a_century_before(said) == Some(known))
}

/// `12/03/2009`, `12 03 2009`, `12032009`, `12/03/09`, `12 mars 2009`.
fn read_birth(typed: &str) -> Option<NaiveDate> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let together = typed.trim().len() == 8 && digits.len() == 8;
    let day = if together {
        let (day, rest) = digits.split_at(2);
        let (month, year) = rest.split_at(2);
        read_day(&format!("{day}/{month}/{year}"))
    } else {
        let spaced = typed.split_whitespace().collect::<Vec<_>>().join("/");
        read_day(&spaced).or_else(|| read_day(typed)).or_else(|| read_named_day(typed))
    };
    day.filter(|day| (1900..2100).contains(&day.year()))
}

/// Two digits of a year are read as 20xx; a birth may be of the century before.
fn a_century_before(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year() - 100, day.month(), day.day())
}

fn is_card(person: &Person, typed: &str) -> bool {
    let key = |words: &str| card_key(&names::fold(words));
    person.card.as_deref().map(key).is_some_and(|card| !card.is_empty() && card == key(typed))
}

/// The age that counts: what the person says, unless the school's own record says younger.
pub fn age_that_counts(said: AgeBand, birth: Option<&str>, today: NaiveDate) -> AgeBand {
    let recorded = birth.and_then(|birth| birth.parse::<NaiveDate>().ok()).and_then(|birth| today.years_since(birth));
    let recorded = recorded.map(|years| match years {
        0..=15 => AgeBand::Under16,
        16..=17 => AgeBand::Sixteen,
        _ => AgeBand::Adult,
    });
    recorded.map_or(said, |recorded| recorded.min(said))
}

/// « Claire Dupont », « Claire DUPONT MARTIN », « DUPONT Claire »: first name, last name. Capitals mark the last name;
/// without them the first word is the first name.
pub fn read_name(typed: &str) -> Option<(String, String)> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    if words.len() < 2 || typed.chars().count() > 120 || !typed.chars().any(char::is_alphabetic) {
        return None;
    }
    let is_loud = |word: &&str| word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    let (loud, quiet): (Vec<&str>, Vec<&str>) = words.iter().copied().partition(is_loud);
    if !loud.is_empty() && !quiet.is_empty() {
        return Some((quiet.join(" "), loud.join(" ")));
    }
    let (first, last) = words.split_first()?;
    Some(((*first).to_owned(), last.join(" ")))
}

/// Leavings are told of by tens of minutes, so that who slips and comes back is no news, and not at night.
const SLOT_MILLIS: i64 = 10 * 60_000;

/// When staff are told of somebody who left at `left`; alike for all who left in the same slot, or the same night.
pub fn told_at(left: At, awake: impl Fn(At) -> At) -> At {
    awake(At((left.millis().div_euclid(SLOT_MILLIS) + 2) * SLOT_MILLIS))
}

/// A greeting names so many.
const GREETED: usize = 8;

/// Those who joined a class's group, greeted by first name.
pub fn greeting(first_names: &[String]) -> Option<Text> {
    let mut names: Vec<&str> = first_names.iter().map(String::as_str).collect();
    names.sort_by_cached_key(|name| names::fold(name));
    let beyond = names.len().saturating_sub(GREETED);
    if beyond > 1 {
        names.truncate(GREETED);
        return Some(text!("roster-welcome-crowd", names = names.join(", "), count = beyond));
    }
    Some(match names.split_last()? {
        (only, []) => text!("roster-welcome", name = *only),
        (last, others) => text!("roster-welcome-many", names = others.join(", "), last = *last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::school::roster::Role;

    fn person() -> Person {
        Person {
            id: "p".to_owned(),
            last_name: "Moreau".to_owned(),
            first_name: "Inès".to_owned(),
            email: Some("Ines.Moreau@ecole.example".to_owned()),
            birth: Some("2009-03-12".to_owned()),
            card: None,
            role: Role::Student,
            lang: None,
            active: true,
        }
    }
    fn is_theirs(person: &Person, typed: &str) -> bool {
        judge(person, typed) == Judged::Theirs
    }
    fn link(state: LinkState, kind: LinkKind) -> Link {
        let expires_at = expiry(kind, At(0));
        Link { token_hash: "h".to_owned(), kind, person_id: None, expires_at, tries: 0, state, used_by: None }
    }

    #[test]
    fn a_birth_is_read_as_people_write_it() {
        let ines = person();
        for typed in [
            "12/03/2009",
            "12-03-09",
            "2009-03-12",
            "12 03 2009",
            " 12 / 03 / 2009 ",
            "12032009",
            "12.3.2009",
            "12 mars 2009",
            "12 March 2009",
            "March 12, 2009",
        ] {
            assert!(is_theirs(&ines, typed), "{typed}");
        }
        for typed in ["", "12/03", "03/12/2009", "12/03/1909", "Inès", "ines.moreau@ecole.example"] {
            assert!(!is_theirs(&ines, typed), "{typed}");
        }
        for typed in ["", "bonjour", "12/03", "31/02/2009", "03/25/2009", "12 mar", "20093103", "Inès", "le 12 mars"] {
            assert_eq!(judge(&ines, typed), Judged::Unreadable, "{typed}");
        }
        for typed in ["13/03/2009", "13 mars 2009", "01012000", "03/12/2009"] {
            assert_eq!(judge(&ines, typed), Judged::Wrong, "{typed}");
        }
        let adult = Person { birth: Some("1998-01-02".to_owned()), ..person() };
        assert!(is_theirs(&adult, "02/01/98"));
    }

    #[test]
    fn a_card_is_compared_folded_and_mail_only_where_nothing_else_is_known() {
        let mut carded = Person { birth: None, card: Some("AB 12-34".to_owned()), ..person() };
        assert_eq!(item_of(&carded), Some(Item::Card));
        assert!(is_theirs(&carded, "ab1234") && !is_theirs(&carded, "ab123") && !is_theirs(&carded, ""));
        assert!(!is_theirs(&carded, "ines.moreau@ecole.example"));
        assert_eq!((judge(&carded, "bonjour"), judge(&carded, "12")), (Judged::Unreadable, Judged::Wrong));
        // Excel drops the zeros before; a card is what is printed on it.
        for (known, typed) in [("0042", "42"), ("42", "0042"), ("0042", "0042"), ("00 42", "42 "), ("AB 12", "ab12")] {
            carded.card = Some(known.to_owned());
            assert!(is_theirs(&carded, typed), "{known} {typed}");
        }
        assert!(!is_theirs(&carded, "0") && !is_theirs(&carded, "00"));
        // Any word may be a card without figures.
        carded.card = Some("ABCD".to_owned());
        assert_eq!((judge(&carded, "bonjour"), judge(&carded, "abcd")), (Judged::Wrong, Judged::Theirs));
        carded.card = None;
        assert_eq!(item_of(&carded), Some(Item::Email));
        assert!(is_theirs(&carded, " ines.MOREAU@ecole.example"));
        assert_eq!((judge(&carded, "Inès"), judge(&carded, "a@b.fr")), (Judged::Unreadable, Judged::Wrong));
        carded.email = None;
        assert_eq!(item_of(&carded), None);
        assert!(!is_theirs(&carded, ""));
    }

    #[test]
    fn links_live_as_long_as_they_should() {
        let printed = link(LinkState::Open, LinkKind::Printed);
        assert_eq!(works(Some(&printed), At(0).plus_days(13), false), Ok(()));
        assert_eq!(works(Some(&printed), At(0).plus_days(14), false), Err(Gone::Expired(LinkKind::Printed)));
        assert_eq!(works(Some(&printed), At(0).plus_days(14), true), Ok(()));
        assert_eq!(works(Some(&link(LinkState::Open, LinkKind::Mailed)), At(0).plus_minutes(14), false), Ok(()));
        assert_eq!(works(Some(&link(LinkState::Open, LinkKind::Admin)), At(0).plus_minutes(59), false), Ok(()));
        assert_eq!(
            works(Some(&link(LinkState::Open, LinkKind::Admin)), At(0).plus_hours(1), false),
            Err(Gone::Expired(LinkKind::Admin))
        );
        assert_eq!(works(Some(&link(LinkState::Used, LinkKind::Admin)), At(0), false), Err(Gone::Used));
        assert_eq!(works(None, At(0), false), Err(Gone::Unknown));
        assert!(is_token("abcdefghijklmnopqrstuvwxyz234567") && !is_token("abc") && !is_token(&"A".repeat(32)));
    }

    #[test]
    fn the_schools_record_outranks_what_is_said_of_age() {
        let today: NaiveDate = "2026-11-24".parse().unwrap();
        assert_eq!(age_that_counts(AgeBand::Adult, None, today), AgeBand::Adult);
        assert_eq!(age_that_counts(AgeBand::Adult, Some("2011-11-25"), today), AgeBand::Under16);
        assert_eq!(age_that_counts(AgeBand::Sixteen, Some("2009-03-12"), today), AgeBand::Sixteen);
        assert_eq!(age_that_counts(AgeBand::Under16, Some("1990-01-01"), today), AgeBand::Under16);
    }

    #[test]
    fn names_are_split_where_capitals_say_so() {
        let read = |typed: &str| read_name(typed).map(|(first, last)| format!("{first}|{last}"));
        assert_eq!(read("Claire Dupont").as_deref(), Some("Claire|Dupont"));
        assert_eq!(read("DUPONT MARTIN Claire").as_deref(), Some("Claire|DUPONT MARTIN"));
        assert_eq!(read("Jean Marc DUPONT").as_deref(), Some("Jean Marc|DUPONT"));
        assert_eq!(read("Ana de la Cruz").as_deref(), Some("Ana|de la Cruz"));
        assert_eq!(read("Claire"), None);
        assert_eq!(read("12 34"), None);
    }

    #[test]
    fn who_joins_on_one_day_is_greeted_in_one_sentence() {
        let said = |count: usize| {
            let names = ["Zoé", "Inès", "Émile", "Karim", "Léa", "Noé", "Paul", "Samia", "Tom", "Yanis"];
            let names: Vec<String> = names.iter().take(count).map(|name| (*name).to_owned()).collect();
            greeting(&names).map(|words| words.render(Lang::Fr)).unwrap_or_default()
        };
        assert_eq!(said(0), "");
        assert_eq!(said(1), "Bienvenue Zoé !");
        assert_eq!(said(2), "Bienvenue Inès et Zoé !");
        assert_eq!(said(3), "Bienvenue Émile, Inès et Zoé !");
        assert_eq!(said(9), "Bienvenue Émile, Inès, Karim, Léa, Noé, Paul, Samia, Tom et Zoé !");
        assert_eq!(said(10), "Bienvenue Émile, Inès, Karim, Léa, Noé, Paul, Samia, Tom et 2 autres !");
    }

    #[test]
    fn leavings_are_told_of_together() {
        let minutes = |minutes: i64| At(minutes * 60_000);
        let day = |at: At| at;
        assert_eq!(told_at(minutes(0), day), minutes(20));
        assert_eq!(told_at(minutes(9), day), minutes(20));
        assert_eq!(told_at(minutes(10), day), minutes(30));
        let night = |at: At| at.max(minutes(600));
        assert_eq!(told_at(minutes(100), night), told_at(minutes(500), night));
    }
}
