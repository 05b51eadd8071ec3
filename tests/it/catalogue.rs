//! What is said: every `text!` has its words in French and in English, with the arguments that it gives; no words are
//! left over.

use std::collections::{BTreeMap, BTreeSet};

use preau::kernel::Text;
use preau::kernel::text::{Arg, Lang, arguments_of, files, keys_of};
use preau::school::FEATURES;
use preau::telegram::screen::MOST_LABEL;
use proc_macro2::{TokenStream, TokenTree};

use crate::source;

/// A use of `text!`: key, names of arguments, line.
type Said = (String, BTreeSet<String>, usize);

fn literal(tree: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = tree else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
}

/// Every use of `text!` and every string among the tokens.
fn scan(tokens: TokenStream, said: &mut Vec<Said>, strings: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in tokens.iter().enumerate() {
        strings.extend(literal(tree));
        let TokenTree::Group(group) = tree else { continue };
        scan(group.stream(), said, strings);
        let called = at >= 2
            && matches!(&tokens[at - 1], TokenTree::Punct(bang) if bang.as_char() == '!')
            && matches!(&tokens[at - 2], TokenTree::Ident(name) if name == "text");
        if called {
            said.extend(read(group.stream()));
        }
    }
}

/// `"key", name = value, …`; a macro's own pattern (`$key`) is no use.
fn read(tokens: TokenStream) -> Option<Said> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let key = literal(tokens.first()?)?;
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let alone = |at: usize| is(at, '=') && !is(at + 1, '=') && !is(at + 1, '>');
    let names = (1..tokens.len()).filter(|at| is(*at, ',') && alone(at + 2)).filter_map(|at| match &tokens[at + 1] {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    });
    let line = tokens.first()?.span().start().line;
    Some((key, names.collect(), line))
}

fn source_says(text: &str) -> (Vec<Said>, BTreeSet<String>) {
    let (mut said, mut strings) = (Vec::new(), BTreeSet::new());
    scan(text.parse().unwrap(), &mut said, &mut strings);
    (said, strings)
}

/// The texts that stand on keys: `Key::press(text!("…"…`, and those that are named so.
fn labels(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: Option<usize>, names: &[&str]| matches!(at.and_then(|at| tokens.get(at)), Some(TokenTree::Ident(name)) if names.iter().any(|one| name == one));
    for (at, tree) in tokens.iter().enumerate() {
        found.extend(literal(tree).filter(|words| words.ends_with("-key")));
        let TokenTree::Group(group) = tree else { continue };
        labels(group.stream(), found);
        if is(at.checked_sub(1), &["press", "open", "start"]) && is(at.checked_sub(4), &["Key"]) {
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            let label =
                inside.iter().take_while(|tree| !matches!(tree, TokenTree::Punct(sign) if sign.as_char() == ','));
            let words = label.filter_map(|tree| match tree {
                TokenTree::Group(words) => words.stream().into_iter().next().as_ref().and_then(literal),
                _ => None,
            });
            found.extend(words);
        }
    }
}

/// What is wrong with the uses of one file, given the arguments of each key in a language.
fn wrong(path: &str, said: &[Said], lang: &str, words: impl Fn(&str) -> Option<BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for (key, given, line) in said {
        match words(key) {
            None => found.push(format!("{path}:{line}: {key} has no words in locales/{lang}")),
            Some(used) if used != *given => {
                found.push(format!("{path}:{line}: {key} gives {given:?}, its words in locales/{lang} use {used:?}"));
            }
            Some(_) => {}
        }
    }
    found
}

#[test]
fn every_text_has_its_words_in_both_languages() {
    let mut found = Vec::new();
    for (path, text) in source::files() {
        let (said, _) = source_says(&text);
        for lang in Lang::ALL {
            found.extend(wrong(&path, &said, lang.code(), |key| arguments_of(lang, key)));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_arguments() {
    assert_eq!(keys_of(Lang::Fr), keys_of(Lang::En));
    for key in keys_of(Lang::Fr) {
        assert_eq!(arguments_of(Lang::Fr, &key), arguments_of(Lang::En, &key), "{key}");
    }
}

/// Keys that are given as plain strings, by whoever registers them: `text!` does not see them.
#[test]
fn what_is_registered_has_its_words_in_both_languages() {
    let commands = FEATURES.iter().flat_map(|feature| feature.commands);
    let reasons = FEATURES.iter().flat_map(|feature| feature.reasons).chain(preau::telegram::REASONS);
    let lines = commands.flat_map(|command| [(command.fr, command.line), (command.fr, command.help)]);
    let registered: Vec<(&str, &str)> = lines.chain(reasons.map(|reason| (reason.code, reason.words))).collect();
    let both = |name: &str| registered.iter().any(|(known, _)| *known == name);
    assert!(both("aide") && both("PRE-01"), "commands and reasons are found: {registered:?}");
    let mut found = Vec::new();
    for (name, key) in &registered {
        for lang in Lang::ALL {
            match arguments_of(lang, key) {
                None => found.push(format!("{name}: {key} has no words in locales/{}", lang.code())),
                Some(wanted) if !wanted.is_empty() => found.push(format!("{name}: {key} is given no {wanted:?}")),
                Some(_) => {}
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_words_are_left_over() {
    let strings: BTreeSet<String> = source::files().iter().flat_map(|(_, text)| source_says(text).1).collect();
    let left: Vec<String> = keys_of(Lang::Fr).into_iter().filter(|key| !strings.contains(key)).collect();
    assert!(left.is_empty(), "never said: {left:?}");
}

/// PRODUCT c.2: a key's own words, with numbers of three digits and without the names that they carry, fit on a phone.
#[test]
fn the_words_on_keys_are_short() {
    let mut found = BTreeSet::new();
    for (_, text) in source::files() {
        labels(text.parse().unwrap(), &mut found);
    }
    let known = keys_of(Lang::Fr);
    let mut long = Vec::new();
    found.retain(|key| known.contains(key));
    assert!(found.len() > 60, "keys are found in the source: {found:?}");
    for (key, lang) in found.iter().flat_map(|key| Lang::ALL.map(|lang| (key, lang))) {
        for count in [0, 1, 2, 128] {
            let names = arguments_of(lang, key).unwrap_or_default();
            let args = names.iter().map(|name| (name.as_str(), Arg::Number(count))).collect();
            let words = Text::of(key, args).render(lang);
            if words.encode_utf16().count() > MOST_LABEL {
                long.push(format!("{}: {key}: {words}", lang.code()));
            }
        }
    }
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}

#[test]
fn every_file_is_compiled_in() {
    let compiled: BTreeSet<String> = files().iter().map(|name| format!("{name}.ftl")).collect();
    for lang in Lang::ALL {
        let folder = source::root().join("locales").join(lang.code());
        let present: BTreeSet<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(present, compiled, "locales/{} and kernel::text's list differ", lang.code());
    }
}

#[test]
fn a_missing_key_and_a_wrong_argument_are_found() {
    let words: BTreeMap<&str, BTreeSet<String>> =
        [("a", ["x".to_owned()].into()), ("b", BTreeSet::new())].into_iter().collect();
    let find = |code: &str| wrong("f.rs", &source_says(code).0, "fr", |key| words.get(key).cloned());
    assert_eq!(find("fn f() { text!(\"a\", x = if y == 2 { g(1, z == 3) } else { 0 }) }"), Vec::<String>::new());
    assert_eq!(find("fn f() { vec![crate::text!(\"a\", x = text!(\"b\"))] }"), Vec::<String>::new());
    assert_eq!(find("macro_rules! text { ($key:literal) => { text!($key) } }"), Vec::<String>::new());
    assert!(find("fn f() { text!(\"c\") }")[0].contains("f.rs:1: c has no words in locales/fr"));
    assert!(find("fn f() { vec![Some(text!(\"b\", x = 1))] }")[0].contains("use {}"));
    assert!(find("fn f() { text!(\"a\") }")[0].contains("gives {}"));
}
