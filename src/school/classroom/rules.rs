//! Decisions about groups.

use super::RIGHTS;
use crate::kernel::text::names;
use crate::kernel::{At, Lang, Text};
use crate::text;

/// What the configuration says of classes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Classes whose group and people are spoken to in a language of their own: name, language.
    pub languages: Vec<(String, Lang)>,
}

impl Settings {
    /// The language of a class, by its name.
    pub fn language_of(&self, class: &str) -> Option<Lang> {
        let class = names::fold(class);
        self.languages.iter().find(|(own, _)| names::fold(own) == class).map(|(_, lang)| *lang)
    }
}

/// « 1A: en »: a class and its language.
pub fn class_language(line: &str) -> Result<(String, Lang), String> {
    let why = || format!("« {line} » is not « CLASS: fr » or « CLASS: en »");
    let (class, lang) = line.rsplit_once(':').ok_or_else(why)?;
    let (class, lang) = (class.trim(), lang.trim().to_lowercase());
    let lang = Lang::ALL.into_iter().find(|known| known.code() == lang).ok_or_else(why)?;
    if names::fold(class).is_empty() { Err(why()) } else { Ok((class.to_owned(), lang)) }
}

/// The rights that are missing among those given, in the order of [`RIGHTS`].
pub fn missing(given: &[&str]) -> Vec<&'static str> {
    RIGHTS.into_iter().filter(|right| !given.contains(right)).collect()
}

/// The missing rights in the words that Telegram's own screens use.
pub fn wanted(missing: &[&str]) -> Text {
    Text::lines(missing.iter().map(|right| match *right {
        "can_invite_users" => text!("classroom-right-invite"),
        "can_delete_messages" => text!("classroom-right-delete"),
        "can_restrict_members" => text!("classroom-right-ban"),
        "can_pin_messages" => text!("classroom-right-pin"),
        _ => text!("classroom-right-info"),
    }))
}

/// A class that wants a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub classroom_id: String,
    pub name: String,
    /// The start of its next session.
    pub nearest: Option<At>,
}

/// When a class gets its group: so many days from now, and today by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotted {
    pub classroom_id: String,
    pub days: usize,
    pub account: Option<i64>,
}

/// Who makes which group, and when: the nearest session first, then by name. `accounts`: how many each may still make
/// today; `most`: how many it may on a day.
pub fn allot(mut waiting: Vec<Waiting>, accounts: &[(i64, usize)], most: usize) -> Vec<Allotted> {
    if most == 0 || accounts.is_empty() {
        return Vec::new();
    }
    waiting.sort_by_cached_key(|class| {
        (class.nearest.is_none(), class.nearest, names::fold(&class.name), class.classroom_id.clone())
    });
    let mut left = accounts.to_vec();
    let a_day = most.saturating_mul(accounts.len());
    let mut later = 0;
    let mut allotted = Vec::with_capacity(waiting.len());
    for class in waiting {
        // Whoever may make the most still; of equals the first.
        let free = left.iter_mut().filter(|(_, left)| *left > 0).max_by_key(|(id, left)| (*left, -*id));
        let (days, account) = if let Some((account, left)) = free {
            *left -= 1;
            (0, Some(*account))
        } else {
            later += 1;
            (1 + (later - 1) / a_day, None)
        };
        allotted.push(Allotted { classroom_id: class.classroom_id, days, account });
    }
    allotted
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn waiting() -> impl Strategy<Value = Vec<Waiting>> {
        let class = (any::<u16>(), prop::option::of(0..50_i64));
        prop::collection::btree_map(0..400_u32, class, 0..120).prop_map(|classes| {
            let class = |(id, (name, nearest)): (u32, (u16, Option<i64>))| Waiting {
                classroom_id: id.to_string(),
                name: name.to_string(),
                nearest: nearest.map(At),
            };
            classes.into_iter().map(class).collect()
        })
    }

    proptest! {
        #[test]
        fn nobody_makes_too_many_and_nobody_is_forgotten(
            classes in waiting(), used in prop::collection::vec(0..8_usize, 1..4), most in 1..8_usize,
        ) {
            let accounts: Vec<(i64, usize)> =
                (1..).zip(&used).map(|(id, used)| (id, most.saturating_sub(*used))).collect();
            let allotted = allot(classes.clone(), &accounts, most);
            prop_assert_eq!(allotted.len(), classes.len());
            let mut days: BTreeMap<usize, usize> = BTreeMap::new();
            let mut made: BTreeMap<i64, usize> = BTreeMap::new();
            for one in &allotted {
                prop_assert_eq!(one.days == 0, one.account.is_some());
                *days.entry(one.days).or_default() += 1;
                if let Some(account) = one.account {
                    *made.entry(account).or_default() += 1;
                }
            }
            for (account, left) in &accounts {
                prop_assert!(made.get(account).copied().unwrap_or(0) <= *left);
            }
            for (day, count) in &days {
                prop_assert!(*day == 0 || *count <= most * accounts.len());
                // No day is left free before a later one is used.
                prop_assert!(*day <= 1 || days.get(&(day - 1)) == Some(&(most * accounts.len())));
            }
            // Nobody whose session is nearer comes later.
            let nearest = |id: &str| classes.iter().find(|class| class.classroom_id == id).and_then(|class| class.nearest);
            for pair in allotted.windows(2) {
                let (first, second) = (nearest(&pair[0].classroom_id), nearest(&pair[1].classroom_id));
                prop_assert!(pair[0].days <= pair[1].days);
                prop_assert!(second.is_none() || first.is_some_and(|first| Some(first) <= second));
            }
            let mut turned = classes;
            turned.reverse();
            prop_assert_eq!(allot(turned, &accounts, most), allotted);
        }
    }

    #[test]
    fn a_class_has_a_language_of_its_own() {
        assert_eq!(class_language("BTS SIO 1A: en"), Ok(("BTS SIO 1A".to_owned(), Lang::En)));
        assert_eq!(class_language("Option : B : FR"), Ok(("Option : B".to_owned(), Lang::Fr)));
        for wrong in ["", "1A", "1A: de", ": en", "1A: english"] {
            assert!(class_language(wrong).is_err(), "{wrong}");
        }
        let settings = Settings { languages: vec![("BTS SIO 1A".to_owned(), Lang::En)] };
        assert_eq!(settings.language_of("bts sio 1a"), Some(Lang::En));
        assert_eq!(settings.language_of("1B"), None);
    }

    #[test]
    fn without_accounts_nothing_is_foreseen() {
        let class = Waiting { classroom_id: "c".to_owned(), name: "1A".to_owned(), nearest: None };
        assert_eq!(allot(vec![class.clone()], &[], 50), []);
        assert_eq!(allot(vec![class.clone()], &[(7, 0)], 0), []);
        let tomorrow = Allotted { classroom_id: "c".to_owned(), days: 1, account: None };
        assert_eq!(allot(vec![class], &[(7, 0)], 50), [tomorrow]);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(&RIGHTS), Vec::<&str>::new());
        assert_eq!(
            missing(&["can_delete_messages", "can_pin_messages"]),
            ["can_invite_users", "can_restrict_members", "can_change_info"]
        );
    }
}
