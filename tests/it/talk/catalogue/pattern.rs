//! Finding a sentence of the locale files in what was said, whatever its values.

use preau::kernel::Text;
use preau::kernel::text::{Arg, Lang, arguments_of};
use preau::text;

use super::words;

/// Where a value stands.
const HOLE: char = '\u{1}';
const MANY: i64 = 987_654;

/// What is between the values, for each form of the sentence.
pub struct Pattern {
    forms: Vec<Vec<String>>,
}

impl Pattern {
    pub fn of(lang: Lang, key: &str) -> Self {
        let names = arguments_of(lang, key).unwrap_or_default();
        let forms = words::forms(lang, key, &[0, 1, MANY]).into_iter().map(|chosen| {
            let arg = |name: &String| match chosen.get(name) {
                Some(number) => Arg::Number(*number),
                None => Arg::Word(HOLE.to_string()),
            };
            let args = names.iter().map(|name| (name.as_str(), arg(name))).collect();
            let words = Text::of(key, args).render(lang).replace(&MANY.to_string(), &HOLE.to_string());
            words.split(HOLE).filter(|part| !part.trim().is_empty()).map(str::to_owned).collect()
        });
        Self { forms: forms.collect() }
    }

    /// Its words, in this order, in one of these messages: of a sentence of one line, in one line. A sentence that has none
    /// of its own is in every message.
    pub fn is_in(&self, messages: &[String]) -> bool {
        self.forms.iter().any(|form| {
            let lines = form.iter().any(|part| part.contains('\n'));
            messages
                .iter()
                .any(|said| if lines { found(form, said) } else { said.lines().any(|line| found(form, line)) })
        })
    }

    /// Is it this label?
    pub fn is(&self, label: &str) -> bool {
        let whole = |form: &Vec<String>| {
            let length: usize = form.iter().map(String::len).sum();
            let begins = form.first().is_some_and(|first| label.starts_with(first));
            let ends = form.last().is_some_and(|last| label.ends_with(last));
            found(form, label) && (begins || ends) && length * 4 > label.len()
        };
        self.forms.iter().any(whole)
    }
}

fn found(form: &[String], message: &str) -> bool {
    let mut rest = message;
    for part in form {
        let Some(at) = word_at(part, rest) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// Where this part stands, and not inside a longer word.
fn word_at(part: &str, message: &str) -> Option<usize> {
    let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    message.match_indices(part).map(|(at, _)| at).find(|at| {
        let before = message.get(..*at).and_then(|before| before.chars().next_back());
        let after = message.get(at + part.len()..).and_then(|after| after.chars().next());
        let cut_before = letter(part.chars().next()) && letter(before);
        let cut_after = letter(part.chars().next_back()) && letter(after);
        !cut_before && !cut_after
    })
}

#[test]
fn sentences_are_found_with_any_value_and_not_inside_words() {
    let said = |words: &str| vec![words.to_owned()];
    let saved = Pattern::of(Lang::Fr, "attendance-saved");
    assert!(saved.is_in(&said("1 ligne notée.")) && saved.is_in(&said("Bien : 28 lignes notées.")));
    assert!(!saved.is_in(&said("28 lignes")));
    let present = Pattern::of(Lang::Fr, "attendance-present");
    assert!(present.is_in(&said("Noé B. : présent")) && !present.is_in(&said("représentation")));
    // The value's place is in the line, not in the next one.
    let caller = Pattern::of(Lang::Fr, "state-caller-trouble");
    let line = |trouble: &str| text!("state-caller-trouble", name = "Bot", trouble = trouble).render(Lang::Fr);
    assert!(caller.is_in(&said(&format!("· {}\n· Autre chose", line("perdu")))));
    let none = text!("state-caller-none").render(Lang::Fr);
    assert!(!caller.is_in(&said(&format!("· {none}\n· {}", text!("state-backup-none").render(Lang::Fr)))));
    let key = Pattern::of(Lang::Fr, "attendance-validate-key");
    assert!(key.is("Valider") && !key.is("Valider ainsi, sans rien changer de plus"));
}
