//! The compiled-in Fluent files. A feature adds its file name to [`FILES`]' list below.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Arg, Lang};

macro_rules! catalogue {
    ($($file:literal),+ $(,)?) => {
        /// Names of the files in `locales/fr` and `locales/en`, without `.ftl`.
        pub(super) const FILES: &[&str] = &[$($file),+];
        const FRENCH: &[&str] = &[$(include_str!(concat!("../../../locales/fr/", $file, ".ftl"))),+];
        const ENGLISH: &[&str] = &[$(include_str!(concat!("../../../locales/en/", $file, ".ftl"))),+];
    };
}

catalogue![
    "kernel",
    "alert",
    "check",
    "telegram",
    "vault",
    "approval",
    "attendance",
    "call",
    "caller",
    "classroom",
    "cli",
    "demo",
    "group",
    "help",
    "init",
    "journal",
    "roster",
    "session",
    "state",
    "welcome",
    "why",
    "workbook"
];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle(Lang::Fr), bundle(Lang::En)]);

const fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Fr => FRENCH,
        Lang::En => ENGLISH,
    }
}

fn bundle(lang: Lang) -> Bundle {
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Without this, invisible direction marks surround every argument.
    bundle.set_use_isolating(false);
    for source in sources(lang) {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        // A key given twice keeps its first words; the catalogue test refuses both that and unparsed junk.
        let _ = bundle.add_resource(resource);
    }
    bundle
}

fn bundle_of(lang: Lang) -> &'static Bundle {
    let [french, english] = &*BUNDLES;
    match lang {
        Lang::Fr => french,
        Lang::En => english,
    }
}

pub(super) fn say(lang: Lang, key: &str, args: &[(String, Arg)]) -> String {
    let bundle = bundle_of(lang);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return format!("⟦{key}⟧");
    };
    let mut fluent = FluentArgs::new();
    for (name, arg) in args {
        let value = match arg {
            Arg::Number(number) => FluentValue::from(*number),
            other => FluentValue::from(other.words(lang)),
        };
        fluent.set(name.clone(), value);
    }
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned();
    args.iter().fold(said, |said, (_, arg)| one_stop(said, lang, arg))
}

/// « mar. 24 nov. » or « Karim T. » at the end of a sentence: its dot is the full stop, too.
fn one_stop(said: String, lang: Lang, arg: &Arg) -> String {
    if !said.contains("..") || matches!(arg, Arg::Number(_)) {
        return said;
    }
    let words = arg.words(lang);
    let (twice, ellipsis) = (format!("{words}."), format!("{words}.."));
    if words.ends_with('.') && !words.ends_with("..") && !said.contains(&ellipsis) {
        return said.replace(&twice, &words);
    }
    said
}

pub(super) fn arguments_of(lang: Lang, key: &str) -> Option<BTreeSet<String>> {
    bundle_of(lang).get_message(key)?.value()?;
    // fluent-bundle offers no walk over placeables: look for `$name` in the key's own lines of the source.
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in sources(lang).iter().flat_map(|source| source.lines()) {
        if !line.starts_with([' ', '\t', '}']) && !line.is_empty() {
            inside = line.split('=').next().is_some_and(|name| name.trim() == key);
        }
        if inside {
            for piece in line.split('$').skip(1) {
                found.insert(
                    piece.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect(),
                );
            }
        }
    }
    Some(found)
}

pub(super) fn keys_of(lang: Lang) -> BTreeSet<String> {
    sources(lang)
        .iter()
        .flat_map(|source| source.lines())
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_parses_and_no_key_stands_twice() {
        for lang in Lang::ALL {
            let mut seen = BTreeSet::new();
            for (name, source) in FILES.iter().zip(sources(lang)) {
                if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                    unreachable!("locales/{}/{name}.ftl: {errors:?}", lang.code());
                }
                for line in source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                    let key = line.split('=').next().unwrap_or("").trim().to_owned();
                    assert!(seen.insert(key.clone()), "{key} stands twice in locales/{}", lang.code());
                }
            }
        }
    }
}
