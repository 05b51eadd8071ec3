//! Words that many hold at once: a timetable says « Mathématiques » a thousand times, and keeps it once.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kernel::text::names;

/// Words that never change; a copy costs nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words(Arc<str>);

impl Words {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For those who keep them together with others' (a statement's values).
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl Default for Words {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl Deref for Words {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Words {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Words {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

macro_rules! words_from {
    ($($from:ty),+) => { $(impl From<$from> for Words {
        fn from(words: $from) -> Self { Self(Arc::from(words)) }
    })+ };
}
words_from!(&str, String);

impl From<&String> for Words {
    fn from(words: &String) -> Self {
        Self(Arc::from(words.as_str()))
    }
}

impl From<&Words> for String {
    fn from(words: &Words) -> Self {
        words.as_str().to_owned()
    }
}

macro_rules! words_equal {
    ($($other:ty),+) => { $(impl PartialEq<$other> for Words {
        fn eq(&self, other: &$other) -> bool { *self.0 == **other }
    }
    impl PartialEq<Words> for $other {
        fn eq(&self, other: &Words) -> bool { **self == *other.0 }
    })+ };
}
words_equal!(&str, String);

impl PartialEq<str> for Words {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Gives the same words each time that they come.
#[derive(Debug, Clone, Default)]
pub struct Lexicon(HashSet<Words>);

impl Lexicon {
    pub fn words(&mut self, words: &str) -> Words {
        if let Some(known) = self.0.get(words) {
            return known.clone();
        }
        let new = Words::from(words);
        self.0.insert(new.clone());
        new
    }
}

/// [`names::fold`] of words that come again and again: worked out once.
#[derive(Debug, Clone, Default)]
pub struct Folds(HashMap<Words, Words>);

impl Folds {
    pub fn of(&mut self, words: &Words) -> Words {
        if let Some(known) = self.0.get(words) {
            return known.clone();
        }
        let folded = Words::from(names::fold(words));
        self.0.insert(words.clone(), folded.clone());
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_kept_once() {
        let mut lexicon = Lexicon::default();
        let (one, two, other) = (lexicon.words("Maths"), lexicon.words("Maths"), lexicon.words("Droit"));
        assert!(Arc::ptr_eq(&one.0, &two.0));
        assert_eq!((&*one, format!("{other:?} {other}")), ("Maths", "\"Droit\" Droit".to_owned()));
    }

    #[test]
    fn what_was_folded_once_is_folded_so_again() {
        let mut folds = Folds::default();
        let words = Words::from("Réseaux (TP)");
        assert_eq!((folds.of(&words).as_str(), folds.of(&words).as_str()), ("reseaux tp", "reseaux tp"));
    }

    #[test]
    fn they_are_a_text_in_json() {
        let words: Words = serde_json::from_str("\"é \\\" x\"").unwrap();
        assert_eq!(words, "é \" x");
        assert_eq!(serde_json::to_string(&words).unwrap(), "\"é \\\" x\"");
    }
}
