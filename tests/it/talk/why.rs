//! « Pourquoi ? »: every refusal has its reason, short and in both languages.

use std::collections::BTreeSet;

use preau::app;
use preau::kernel::{Lang, Text};
use preau::telegram::command::Reason;
use proc_macro2::{TokenStream, TokenTree};

use super::school::School;
use crate::source;
use crate::world::Engine;

/// Said on the command line alone.
const CLI: [&str; 2] = ["AGR-02", "AGR-03"];
/// A phone shows so much without scrolling.
const MOST_LETTERS: usize = 400;

/// `(PRE-01)` in words.
fn codes_of(words: &str) -> impl Iterator<Item = &str> {
    words.split('(').filter_map(|rest| rest.split_once(')')).map(|(code, _)| code).filter(|code| Reason::is_code(code))
}

/// `refuse("PRE-01", …)` and `Refusal::new("PRE-01", …)`, and codes that words are given.
fn scan(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in tokens.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => {
                let refuses =
                    at > 0 && matches!(&tokens[at - 1], TokenTree::Ident(name) if name == "refuse" || name == "new");
                let first = group.stream().into_iter().next();
                if let (true, Some(TokenTree::Literal(first))) = (refuses, first) {
                    found.extend(
                        Some(first.to_string().trim_matches('"').to_owned()).filter(|code| Reason::is_code(code)),
                    );
                }
                scan(group.stream(), found);
            }
            TokenTree::Literal(literal) => found.extend(codes_of(&literal.to_string()).map(str::to_owned)),
            _ => {}
        }
    }
}

/// Every code that a person may be given, from the source and from the words.
fn said() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in source::files() {
        let told = text.split("#[cfg(test)]").next().unwrap_or_default();
        let tokens: TokenStream = told.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        if !path.starts_with("src/sandbox") {
            scan(tokens, &mut found);
        }
    }
    for lang in Lang::ALL {
        let folder = source::root().join("locales").join(lang.code());
        for file in std::fs::read_dir(folder).unwrap() {
            let words = std::fs::read_to_string(file.unwrap().path()).unwrap();
            found.extend(codes_of(&words).map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_code_has_its_reason_and_no_reason_is_left_over() {
    let reasons = app::routes().unwrap().reasons;
    let mut explained: BTreeSet<String> = reasons.iter().map(|reason| reason.code.to_owned()).collect();
    explained.extend(CLI.map(str::to_owned));
    assert_eq!(said(), explained);
    assert!(explained.len() > 40, "the codes were not found");
    for reason in reasons {
        for lang in Lang::ALL {
            let words = Text::of(reason.words, vec![]).render(lang);
            assert!(!words.contains('⟦') && words.chars().count() <= MOST_LETTERS, "{}: {words}", reason.code);
            assert_eq!(codes_of(&words).count(), 0, "{}: a reason is no refusal", reason.code);
        }
    }
}

#[test]
fn a_code_without_a_reason_is_found() {
    let mut found = BTreeSet::new();
    let code = r#"fn f() { refuse("ABC-01", x); Refusal::new("ABC-02", y); say("non (ABC-03)"); other("ABC-04") }"#;
    scan(code.parse().unwrap(), &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["ABC-01", "ABC-02", "ABC-03"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_said_in_private_can_be_asked_about() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (ines, claire) = (school.is("Inès"), school.is("Claire"));
        school.ask("Inès", "/presence").await;
        assert_eq!(school.keys(ines), [["Pourquoi ?"]], "{engine:?}");
        school.press("Inès", "Pourquoi").await;
        assert!(school.last(ines).starts_with("Chaque rôle a ses droits"), "{}", school.last(ines));
        assert!(school.all(ines).last().is_some_and(|message| message.buttons.is_empty()));
        // The refusal still stands above it, and the code alone is enough.
        assert!(school.all(ines).iter().any(|message| message.text.contains("(TEL-05)")));
        for typed in ["/aide TEL-05", "/aide (tel-05)", "/help tel-05"] {
            assert!(school.ask("Inès", typed).await.starts_with("Chaque rôle a ses droits"), "{typed}");
        }
        assert!(school.ask("Inès", "/aide XYZ-99").await.starts_with("Je n’ai pas d’explication pour XYZ-99"));

        // In a group nothing hangs under a refusal: groups are no place for long words.
        school.say(claire, school.group, "/adopter Inconnue").await;
        let shown = school.all(school.group).into_iter().rfind(|message| message.text.contains("(CLA-05)"));
        assert!(shown.is_some_and(|message| message.buttons.is_empty()), "{engine:?}");
        school.check().await;
    }
}
