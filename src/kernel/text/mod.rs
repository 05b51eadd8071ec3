//! What is said to people: a [`Text`] is a Fluent key with arguments, rendered purely once the reader's language is
//! known. French is the first language, English is complete.
//!
//! Write one with [`crate::text!`]: `text!("session-reminder", subject = subject, hours = Hours(…))`. A test reads every
//! use of that macro and fails when a key or an argument is missing in a language.

pub mod cells;
mod locales;
pub mod names;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::clock::At;
use crate::kernel::time::{self, Zone};

/// A language that we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, Default)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// From a language tag or name as people and Telegram write it (`fr-CA`, `English`, `anglais`).
    pub fn read(tag: &str) -> Option<Self> {
        let tag = names::fold(tag);
        if tag.starts_with("fr") {
            Some(Self::Fr)
        } else if tag.starts_with("en") || tag.starts_with("ang") {
            Some(Self::En)
        } else {
            None
        }
    }
}

/// One argument of a [`Text`]. Dates are said in the reader's language, so they stay dates until then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Arg {
    Word(String),
    Number(i64),
    Text(Box<Text>),
    /// « mar. 24 nov. »
    Day(NaiveDate),
    /// « mardi 24 novembre »
    LongDay(NaiveDate),
    /// « 14:00 (Paris) »
    Hour(At, Zone),
    /// « 14:00–16:00 (Paris) »
    Hours(At, At, Zone),
    /// « mar. 24 nov., 14:00 (Paris) »
    Moment(At, Zone),
}

macro_rules! arg_from {
    ($($from:ty => $make:expr),+ $(,)?) => { $(impl From<$from> for Arg {
        fn from(value: $from) -> Self { ($make)(value) }
    })+ };
}
arg_from! {
    String => Arg::Word,
    &str => |s: &str| Arg::Word(s.to_owned()),
    &String => |s: &String| Arg::Word(s.clone()),
    i64 => Arg::Number,
    i32 => |n| Arg::Number(i64::from(n)),
    u32 => |n| Arg::Number(i64::from(n)),
    usize => |n| Arg::Number(i64::try_from(n).unwrap_or(i64::MAX)),
    Text => |t| Arg::Text(Box::new(t)),
}

/// A sentence to be: a Fluent key with its arguments, or a verbatim piece (empty key).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Text {
    key: String,
    args: Vec<(String, Arg)>,
}

impl Text {
    /// Prefer [`crate::text!`], which the catalogue test reads.
    pub fn of(key: &str, args: Vec<(&str, Arg)>) -> Self {
        Self { key: key.to_owned(), args: args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect() }
    }

    /// Words that are not ours to translate: a name, a link, a code.
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self { key: String::new(), args: vec![(String::new(), Arg::Word(words.into()))] }
    }

    /// Several texts, one under the other.
    pub fn lines(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("\n", parts)
    }

    /// Several texts with `between` between them.
    pub fn joined(between: &str, parts: impl IntoIterator<Item = Self>) -> Self {
        Self {
            key: String::new(),
            args: parts.into_iter().map(|part| (between.to_owned(), Arg::Text(Box::new(part)))).collect(),
        }
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// Nothing to say?
    pub fn is_empty(&self) -> bool {
        self.key.is_empty() && self.args.is_empty()
    }

    /// The words, in `lang`.
    pub fn render(&self, lang: Lang) -> String {
        if self.key.is_empty() {
            let mut out = String::new();
            for (index, (between, arg)) in self.args.iter().enumerate() {
                if index > 0 {
                    out.push_str(between);
                }
                out.push_str(&arg.words(lang));
            }
            return out;
        }
        locales::say(lang, &self.key, &self.args)
    }
}

impl Arg {
    fn words(&self, lang: Lang) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.render(lang),
            Self::Day(day) => time::say_day(lang, *day),
            Self::LongDay(day) => time::say_long_day(lang, *day),
            Self::Hour(at, zone) => format!("{} ({})", zone.clock_hour(*at), zone.city(lang)),
            Self::Hours(start, end, zone) => {
                format!("{}–{} ({})", zone.clock_hour(*start), zone.clock_hour(*end), zone.city(lang))
            }
            Self::Moment(at, zone) => {
                format!("{}, {} ({})", time::say_day(lang, zone.day(*at)), zone.clock_hour(*at), zone.city(lang))
            }
        }
    }
}

impl fmt::Display for Text {
    /// For logs and tests: French words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::Fr))
    }
}

/// `text!("key", argument = value, …)`.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::kernel::text::Text::of($key, vec![$((stringify!($name), $crate::kernel::text::Arg::from($value))),*])
    };
}

/// For tests: has `lang` this key, and which arguments does it use?
pub fn arguments_of(lang: Lang, key: &str) -> Option<std::collections::BTreeSet<String>> {
    locales::arguments_of(lang, key)
}

/// For tests: every key of `lang`.
pub fn keys_of(lang: Lang) -> std::collections::BTreeSet<String> {
    locales::keys_of(lang)
}

/// For tests: the names of the locale files that are compiled in.
pub fn files() -> &'static [&'static str] {
    locales::FILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_language() {
        let none = text!("kernel-people", count = 0_i64);
        assert_eq!(none.render(Lang::Fr), "0 personne");
        assert_eq!(none.render(Lang::En), "0 people");
        assert_eq!(text!("kernel-people", count = 2_i64).render(Lang::Fr), "2 personnes");
    }

    #[test]
    fn pieces_join_and_nothing_invisible_is_added() {
        let text = Text::lines([Text::verbatim("a"), text!("kernel-people", count = 1_i64)]);
        assert_eq!(text.render(Lang::En), "a\n1 person");
    }

    #[test]
    fn a_missing_key_shows_itself_instead_of_vanishing() {
        assert_eq!(Text::of("no-such-key", vec![]).render(Lang::Fr), "⟦no-such-key⟧");
    }

    #[test]
    fn languages_are_read_as_people_write_them() {
        assert_eq!(Lang::read("Français"), Some(Lang::Fr));
        assert_eq!(Lang::read("en-GB"), Some(Lang::En));
        assert_eq!(Lang::read("de"), None);
    }
}
