//! Defaults, then the file, then the environment: later ones win, and none may name a key that is not known.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use ::config::{FileFormat, Source, Value, ValueKind};
use secrecy::SecretString;

use super::{ConfigError, Section};
use crate::kernel::text::names;

/// Secrets: the key that only the environment may give, and the key of the file that may hold it instead.
pub(super) const SECRETS: &[(&str, &str)] = &[
    ("telegram.token", "telegram.token_file"),
    ("telegram.caller.api_hash", "telegram.caller.api_hash_file"),
    ("web.admin_token", "web.admin_token_file"),
    ("alert.smtp_password", "alert.smtp_password_file"),
    ("secrets.key", "secrets.key_file"),
    ("secrets.new_key", "secrets.key_file"),
];

/// The platform's own sections.
const OWN: &[&str] =
    &["alert", "backup", "clock", "database", "files", "log", "mail", "outbox", "school", "secrets", "telegram", "web"];

const PREFIX: &str = "PREAU__";

/// Where a value was given.
#[derive(Debug, Clone)]
enum Origin {
    Default,
    File(String),
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the defaults"),
            Self::File(path) => f.write_str(path),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

#[derive(Clone)]
enum Given {
    Text(String),
    Number(i64),
    List(Vec<String>),
}

/// All keys with the value that won.
pub struct Layers {
    values: BTreeMap<String, (Given, Origin)>,
    secrets: BTreeMap<&'static str, SecretString>,
}

/// The name of the environment variable for a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn fault(key: &str, origin: &Origin, why: &str) -> ConfigError {
    ConfigError(format!("{key} (from {origin}): {why}"))
}

impl Layers {
    /// The compiled-in defaults; their keys are the known ones, where somebody claims their section.
    pub(super) fn of_defaults(toml: &str, claimed: &[Section]) -> Result<Self, ConfigError> {
        let mut layers = Self { values: BTreeMap::new(), secrets: BTreeMap::new() };
        let is_claimed = |name: &str| OWN.contains(&name) || claimed.iter().any(|section| section.name == name);
        for (key, value) in flat(toml, "the defaults")? {
            if !is_claimed(key.split('.').next().unwrap_or_default()) {
                continue;
            }
            let given = plain(value).map_err(|why| fault(&key, &Origin::Default, why))?;
            layers.values.insert(key, (given, Origin::Default));
        }
        Ok(layers)
    }

    /// Every key that may be given, secrets included.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).chain(SECRETS.iter().map(|(key, _)| *key))
    }

    /// Lays a TOML file over what is there.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError(format!("the configuration file {name} cannot be read: {error}")))?;
        self.add_toml(&text, &name)
    }

    pub(super) fn add_toml(&mut self, text: &str, name: &str) -> Result<(), ConfigError> {
        for (key, value) in flat(text, name)? {
            let origin = Origin::File(name.to_owned());
            if let Some((_, file)) = SECRETS.iter().find(|(secret, _)| *secret == key) {
                let why = format!("is a secret and may not stand in a file; use {} or {file}", variable(&key));
                return Err(fault(&key, &origin, &why));
            }
            let given = plain(value).map_err(|why| fault(&key, &origin, why))?;
            self.put(&key, given, origin)?;
        }
        Ok(())
    }

    /// Lays the environment's `PREAU__SECTION__KEY` over what is there.
    pub(super) fn add_environment(&mut self, env: impl Iterator<Item = (String, String)>) -> Result<(), ConfigError> {
        for (name, value) in env {
            let Some(path) = name.strip_prefix(PREFIX) else {
                self.not_nearly(&name)?;
                continue;
            };
            let key = path.to_lowercase().replace("__", ".");
            if let Some((secret, _)) = SECRETS.iter().find(|(secret, _)| *secret == key) {
                if !value.trim().is_empty() {
                    self.secrets.insert(secret, SecretString::from(value.trim().to_owned()));
                }
                continue;
            }
            let given = match self.values.get(&key) {
                Some((Given::List(_), _)) => Given::List(
                    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
                ),
                Some((Given::Number(_), _)) => match value.trim().parse() {
                    Ok(number) => Given::Number(number),
                    Err(_) => return Err(fault(&key, &Origin::Environment(name), "is not a whole number")),
                },
                _ => Given::Text(value),
            };
            self.put(&key, given, Origin::Environment(name))?;
        }
        Ok(())
    }

    fn put(&mut self, key: &str, given: Given, origin: Origin) -> Result<(), ConfigError> {
        let Some((before, _)) = self.values.get(key) else {
            return Err(self.unknown(key, &origin));
        };
        let wanted = match (before, &given) {
            (Given::Text(_), Given::Text(_))
            | (Given::Number(_), Given::Number(_))
            | (Given::List(_), Given::List(_)) => None,
            (Given::Text(_), _) => Some("must be a text in quotes"),
            (Given::Number(_), _) => Some("must be a whole number"),
            (Given::List(_), _) => Some("must be a list of texts"),
        };
        if let Some(wanted) = wanted {
            return Err(fault(key, &origin, wanted));
        }
        self.values.insert(key.to_owned(), (given, origin));
        Ok(())
    }

    fn unknown(&self, key: &str, origin: &Origin) -> ConfigError {
        if self.known().any(|known| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))) {
            return fault(key, origin, "is a section, not a key");
        }
        let known: Vec<&str> = self.known().collect();
        let nearest = names::nearest(key, known.iter().copied(), 1);
        let hint = match (nearest.first(), origin) {
            (Some(near), Origin::Environment(_)) => format!("; did you mean {}?", variable(near)),
            (Some(near), _) => format!("; did you mean {near}?"),
            (None, _) => "; config/default.toml lists every key".to_owned(),
        };
        fault(key, origin, &format!("is not a known key{hint}"))
    }

    /// A variable that would be ours with two underscores where it has one: nobody else has a use for it.
    fn not_nearly(&self, name: &str) -> Result<(), ConfigError> {
        let meant = self.known().map(variable).find(|known| known.replace("__", "_") == name.replace("__", "_"));
        meant.map_or(Ok(()), |meant| Err(ConfigError(format!("{name} is not read; did you mean {meant}?"))))
    }

    /// Files of secrets that are read, and that others than their owner may open.
    pub(super) fn exposed(&self) -> Vec<String> {
        use std::os::unix::fs::MetadataExt as _;
        let read = SECRETS.iter().filter(|(secret, _)| !self.secrets.contains_key(secret));
        let read = read.filter(|(secret, _)| *secret != "secrets.new_key");
        let files = read.filter_map(|(_, file)| self.text(file).ok()).filter(|path| !path.is_empty());
        // What is root's and its group may read, root gave to that group: the service's.
        let given = |meta: &std::fs::Metadata| meta.uid() == 0 && meta.mode() & 0o077 == 0o040;
        let is_open = |meta: std::fs::Metadata| meta.mode() & 0o077 != 0 && !given(&meta);
        let open = |path: &&str| std::fs::metadata(path).is_ok_and(is_open);
        files.filter(open).map(str::to_owned).collect()
    }

    /// Says what is wrong with the value of `key`, and where it was given.
    pub fn wrong(&self, key: &str, why: &str) -> ConfigError {
        let origin = self.values.get(key).map_or(&Origin::Default, |(_, origin)| origin);
        fault(key, origin, why)
    }

    /// Was this key given by a file?
    pub(super) fn is_from_file(&self, key: &str) -> bool {
        matches!(self.values.get(key), Some((_, Origin::File(_))))
    }

    /// The text of `key`, trimmed.
    pub fn text(&self, key: &str) -> Result<&str, ConfigError> {
        match self.values.get(key) {
            Some((Given::Text(text), _)) => Ok(text.trim()),
            _ => Err(self.wrong(key, "has no text among the defaults")),
        }
    }

    /// The text of `key` as `read` understands it; the error of `read` becomes the sentence.
    pub fn read<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        read(self.text(key)?).map_err(|why| self.wrong(key, &why))
    }

    /// Like [`Layers::read`], with an empty text as « not set ».
    pub fn maybe<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
        if self.text(key)?.is_empty() { Ok(None) } else { self.read(key, read).map(Some) }
    }

    /// A text that parses by itself.
    pub fn parse<T: FromStr<Err = String>>(&self, key: &str) -> Result<T, ConfigError> {
        self.read(key, str::parse)
    }

    /// The whole number of `key`, which must lie in `least..=most`.
    pub fn number<T: TryFrom<i64>>(&self, key: &str, least: i64, most: i64) -> Result<T, ConfigError> {
        let number = match self.values.get(key) {
            Some((Given::Number(number), _)) => *number,
            _ => return Err(self.wrong(key, "has no number among the defaults")),
        };
        let fitting = (least..=most).contains(&number).then(|| T::try_from(number).ok()).flatten();
        fitting.ok_or_else(|| self.wrong(key, &format!("must lie between {least} and {most}")))
    }

    /// The list of `key`.
    pub fn list(&self, key: &str) -> Vec<String> {
        match self.values.get(key) {
            Some((Given::List(list), _)) => list.clone(),
            _ => Vec::new(),
        }
    }

    /// A secret, if the environment gives it.
    pub(super) fn given(&self, key: &str) -> Option<SecretString> {
        self.secrets.get(key).cloned()
    }

    /// A secret: from the environment, else from the file that its `*_file` key names.
    pub(super) fn secret(&self, key: &str, file_key: &str) -> Result<Option<SecretString>, ConfigError> {
        if let Some(secret) = self.secrets.get(key) {
            return Ok(Some(secret.clone()));
        }
        let path = self.text(file_key)?;
        if path.is_empty() {
            return Ok(None);
        }
        let content = std::fs::read_to_string(path)
            .map_err(|error| self.wrong(file_key, &format!("{path} cannot be read: {error}")))?;
        let content = content.trim();
        if content.is_empty() {
            return Err(self.wrong(file_key, &format!("{path} is empty")));
        }
        Ok(Some(SecretString::from(content.to_owned())))
    }
}

/// The leaves of a TOML text, by dotted key. A parse error says the place only: the line may hold a secret.
fn flat(toml: &str, name: &str) -> Result<Vec<(String, Value)>, ConfigError> {
    let file = ::config::File::from_str(toml, FileFormat::Toml);
    let tables = file.collect().map_err(|error| {
        let said = error.to_string();
        ConfigError(format!("{name} is not valid TOML: {}", said.lines().next().unwrap_or_default()))
    })?;
    let mut leaves = Vec::new();
    let mut open: Vec<(String, Value)> = tables.into_iter().collect();
    while let Some((key, value)) = open.pop() {
        match value.kind {
            ValueKind::Table(table) => {
                open.extend(table.into_iter().map(|(name, inner)| (format!("{key}.{name}"), inner)));
            }
            _ => leaves.push((key, value)),
        }
    }
    leaves.sort_by(|(one, _), (two, _)| one.cmp(two));
    Ok(leaves)
}

fn plain(value: Value) -> Result<Given, &'static str> {
    match value.kind {
        ValueKind::String(text) => Ok(Given::Text(text)),
        ValueKind::I64(number) => Ok(Given::Number(number)),
        ValueKind::Array(items) => items
            .into_iter()
            .map(|item| match item.kind {
                ValueKind::String(text) => Ok(text),
                _ => Err("must be a list of texts"),
            })
            .collect::<Result<_, _>>()
            .map(Given::List),
        _ => Err("must be a text in quotes, a whole number or a list of texts"),
    }
}
