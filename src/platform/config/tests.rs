//! Precedence, refusals, and that `config/default.toml` and the known keys are one.

use std::io::Write as _;

use secrecy::ExposeSecret as _;

use super::*;

fn file(toml: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(toml.as_bytes()).unwrap();
    file
}

fn load(toml: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let file = file(toml);
    Config::load(Some(file.path()), env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())), &[])
}

/// The sentence without the temporary path.
fn refused(toml: &str, env: &[(&str, &str)]) -> String {
    let sentence = load(toml, env).unwrap_err().to_string();
    assert!(!sentence.contains('\n'), "one sentence: {sentence}");
    sentence
}

#[test]
fn the_environment_beats_the_file_beats_the_defaults() {
    let toml = "[school]\nname = \"École\"\ntime_zone = \"Indian/Reunion\"\n[outbox]\nworkers = 3\n";
    let env = [
        ("PREAU__SCHOOL__TIME_ZONE", "America/Martinique"),
        ("PREAU__TELEGRAM__LIMITS__GROUP", "0"),
        ("PREAU__ALERT__MAIL_TO", "a@b.example, c@d.example"),
        ("PREAU__ALERT__MAIL_FROM", "preau@b.example"),
        ("PREAU__ALERT__SMTP_HOST", "smtp.b.example"),
        ("PREAU_CI_TARGET", "not ours"),
        ("PATH", "/bin"),
    ];
    let config = load(toml, &env).unwrap();
    assert_eq!(config.school.name, "École");
    assert_eq!(config.school.time_zone.to_string(), "America/Martinique");
    assert_eq!((config.outbox.workers, config.outbox.lease_seconds), (3, 60));
    assert_eq!(config.telegram.limits, Limits { overall: 30, chat: 1, group: 0 });
    assert_eq!(config.alert.mail_to, ["a@b.example", "c@d.example"]);
    assert_eq!(config.school.language, Lang::Fr);
}

/// Telegram's own limits: whoever sets nothing is held to them.
#[test]
fn the_pace_is_telegrams_where_nothing_is_set() {
    assert_eq!(load("", &[]).unwrap().telegram.limits, Limits { overall: 30, chat: 1, group: 20 });
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    assert!(refused("[school]\ntimezone = \"Europe/Paris\"", &[]).ends_with("did you mean school.time_zone?"));
    let sentence = refused("", &[("PREAU__TELEGRAM__API_ULR", "https://x.example")]);
    assert_eq!(
        sentence,
        "telegram.api_ulr (from PREAU__TELEGRAM__API_ULR): is not a known key; did you mean PREAU__TELEGRAM__API_URL?"
    );
    assert!(refused("school = 3", &[]).contains("is a section"));
    assert!(refused("", &[("PREAU__", "x")]).contains("not a known key"));
}

#[test]
fn a_variable_with_one_underscore_too_few_is_named() {
    let sentence = refused("", &[("PREAU_TELEGRAM_TOKEN", "1:geheim")]);
    assert_eq!(sentence, "PREAU_TELEGRAM_TOKEN is not read; did you mean PREAU__TELEGRAM__TOKEN?");
    assert!(refused("", &[("PREAU_SCHOOL__TIME_ZONE", "Europe/Paris")]).contains("PREAU__SCHOOL__TIME_ZONE"));
    assert!(load("", &[("PREAU_CI_CACHE", "x"), ("PREAU_HOME", "y")]).is_ok());
}

#[test]
fn a_file_of_a_secret_that_others_may_read_is_noticed() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let secret = file("7:from-file\n");
    let path = secret.path().to_str().unwrap();
    let set = |mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    // « chown root:preau, chmod 640 » is what `preau init` tells to type.
    let by_group = std::fs::metadata(path).unwrap().uid() != 0;
    for (mode, noticed) in
        [(0o600, false), (0o400, false), (0o640, by_group), (0o660, true), (0o604, true), (0o644, true)]
    {
        set(mode);
        let config = Config::with(&[("telegram.token_file", path)], &[]).unwrap();
        assert_eq!(config.exposed.iter().any(|file| file == path), noticed, "{mode:o}");
    }
    // Not read, not named.
    assert!(
        Config::with(&[("telegram.token_file", path), ("telegram.token", "8:env")], &[]).unwrap().exposed.is_empty()
    );
}

#[test]
fn the_installed_file_is_read_where_no_other_is() {
    let installed = file("[school]\nname = \"École installée\"");
    // No config/school.toml stands where tests run.
    assert_eq!(Config::usual_file(None), None);
    assert_eq!(Config::usual_file(Some(installed.path())), Some(installed.path()));
    assert_eq!(Config::usual_file(Some(Path::new("/no/such.toml"))), None);
}

#[test]
fn wrong_values_name_their_key_and_their_origin() {
    assert!(refused("[school]\ntime_zone = \"Paris\"", &[]).contains("IANA"));
    assert!(refused("[school]\nname = 3", &[]).starts_with("school.name (from "));
    assert!(refused("", &[("PREAU__OUTBOX__WORKERS", "many")]).contains("not a whole number"));
    assert!(refused("[outbox]\nworkers = 0", &[]).contains("between 1 and 256"));
    assert!(refused("[school]\nquiet_from = \"8 pm\"", &[]).contains("20:00"));
    assert!(refused("[school]\nlanguage = \"de\"", &[]).contains("fr, en"));
    assert!(refused("[log]\nlevel = \"preau=loud\"", &[]).starts_with("log.level"));
    let nowhere = Config::load(Some(Path::new("/no/such.toml")), std::iter::empty(), &[]).unwrap_err();
    assert!(nowhere.to_string().starts_with("the configuration file /no/such.toml cannot be read"));
}

#[test]
fn secrets_come_from_the_environment_or_a_file_of_their_own() {
    let sentence = refused("[telegram]\ntoken = \"123:geheim\"", &[]);
    assert!(sentence.contains("PREAU__TELEGRAM__TOKEN or telegram.token_file"), "{sentence}");
    assert!(!sentence.contains("geheim"));
    // Not even a broken line is quoted.
    assert!(!refused("[telegram]\ntoken = \"123:geheim", &[]).contains("geheim"));
    assert!(refused("[database]\nurl = \"postgres://u:geheim@h/d\"", &[]).contains("PREAU__DATABASE__URL"));

    let secret = file("7:from-file\n");
    let path = secret.path().to_str().unwrap();
    let from_file = Config::with(&[("telegram.token_file", path)], &[]).unwrap();
    assert_eq!(from_file.telegram.token.unwrap().expose_secret(), "7:from-file");
    let both = Config::with(&[("telegram.token_file", path), ("telegram.token", "8:env")], &[]).unwrap();
    assert!(!format!("{both:?}").contains("8:env"));
    assert_eq!(both.telegram.token.unwrap().expose_secret(), "8:env");
    assert!(refused("[telegram]\ntoken_file = \"/no/such\"", &[]).starts_with("telegram.token_file"));
    assert!(Config::defaults(&[]).unwrap().telegram.token.is_none());
    let hidden = Config::with(&[("database.url", "postgres://u:geheim@h/d")], &[]).unwrap();
    assert!(!format!("{hidden:?}").contains("geheim"));
}

#[test]
fn plain_connections_stay_on_the_machine() {
    assert!(refused("[telegram]\napi_url = \"http://api.example\"", &[]).contains("loopback"));
    assert!(load("[telegram]\napi_url = \"http://127.0.0.1:8081/\"", &[]).is_ok());
    let mail = "[alert]\nmail_to = [\"a@b.example\"]\nmail_from = \"p@b.example\"\nsmtp_tls = \"none\"\n";
    assert!(load(&format!("{mail}smtp_host = \"127.0.0.1\""), &[]).is_ok());
    assert!(refused(&format!("{mail}smtp_host = \"smtp.example\""), &[]).contains("loopback"));
}

/// The mail server is for alerts, for personal links, or for both; each asks for its own addresses only.
#[test]
fn mail_asks_for_no_more_than_it_needs() {
    let (host, to, sender) =
        ("smtp_host = \"smtp.example\"\n", "mail_to = [\"a@b.example\"]\n", "mail_from = \"p@b.example\"\n");
    let people = "[mail]\nfrom = \"p@b.example\"\n";
    let links = load(&format!("[alert]\n{host}{people}"), &[]).unwrap();
    assert!(links.mail.is_connected() && !links.alert.by_mail() && !links.alert.is_connected());
    let alerts = load(&format!("[alert]\n{host}{to}{sender}"), &[]).unwrap();
    assert!(alerts.alert.by_mail() && !alerts.mail.is_connected());
    for (toml, key) in [
        (format!("[alert]\n{host}"), "alert.smtp_host"),
        (format!("[alert]\n{host}{to}"), "alert.mail_from"),
        (format!("[alert]\n{to}{sender}"), "alert.mail_to"),
        (people.to_owned(), "mail.from"),
    ] {
        let sentence = refused(&toml, &[]);
        assert!(sentence.starts_with(key), "{toml}: {sentence}");
    }
}

#[test]
fn on_postgresql_a_row_is_held_until_its_last_request_must_have_ended() {
    let held = |url: &str, api: &str, seconds: &str| {
        let keys = [("database.url", url), ("telegram.api_url", api), ("outbox.lease_seconds", seconds)];
        Config::with(&keys, &[]).map_err(|error| error.to_string())
    };
    let (sqlite, postgres, postgresql) = ("sqlite://x.db", "postgres://db/x", "postgresql://db/x");
    let (telegram, beside) = ("https://api.telegram.org", "http://127.0.0.1:8081");
    for url in [postgres, postgresql] {
        let sentence = held(url, telegram, "31").unwrap_err();
        assert!(sentence.starts_with("outbox.lease_seconds"), "{sentence}");
        assert!(sentence.contains("below 32") && !sentence.contains('\n'), "{sentence}");
        assert_eq!(held(url, telegram, "32").unwrap().outbox.lease_seconds, 32);
        assert_eq!(held(url, beside, "5").unwrap().outbox.lease_seconds, 5);
    }
    // A request of the bot's may take as long as a round of polling.
    let polled = |seconds: &str, lease: &str| {
        let keys = [("database.url", postgres), ("telegram.poll_seconds", seconds), ("outbox.lease_seconds", lease)];
        Config::with(&keys, &[]).map_err(|error| error.to_string())
    };
    let sentence = polled("50", "71").unwrap_err();
    assert!(sentence.contains("below 72") && sentence.contains("telegram.poll_seconds = 50"), "{sentence}");
    assert_eq!(polled("50", "72").unwrap().orphan_wait().as_secs(), 72);
    assert_eq!(polled("0", "32").unwrap().orphan_wait().as_secs(), 32);
    assert_eq!(held(sqlite, telegram, "60").unwrap().orphan_wait().as_secs(), 22);
    assert_eq!(held(sqlite, telegram, "5").unwrap().outbox.lease_seconds, 5);
    assert!(held(sqlite, telegram, "4").is_err());
}

#[test]
fn a_clock_that_can_be_set_needs_a_telegram_on_loopback() {
    let clock = ("clock.source", "http://127.0.0.1:9/clock");
    assert!(Config::with(&[clock], &[]).is_err());
    assert!(Config::with(&[("clock.source", "http://time.example/clock")], &[]).is_err());
    let beside = Config::with(&[clock, ("telegram.api_url", "http://127.0.0.1:9/bot")], &[]);
    if cfg!(feature = "sandbox") {
        assert_eq!(beside.unwrap().clock, ClockSource::Door("http://127.0.0.1:9/clock".to_owned()));
    } else {
        assert!(beside.unwrap_err().to_string().contains("without the sandbox"));
    }
}

#[test]
fn every_default_has_its_sentence() {
    let mut before = "";
    for line in DEFAULTS.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            assert!(before.starts_with("# ") && before.ends_with('.'), "a sentence belongs above `{line}`");
        }
        before = line;
    }
}

#[test]
fn every_default_is_read_and_every_key_that_is_read_has_a_default() {
    let layers = Layers::of_defaults(DEFAULTS, &[]).unwrap();
    Config::read(&layers, &[]).unwrap();
    let source = include_str!("read.rs");
    for key in layers.known() {
        assert!(source.contains(&format!("\"{key}\"")), "{key} is never read");
    }
    for (secret, file_key) in layers::SECRETS {
        assert!(source.contains(&format!("\"{secret}\"")), "{secret} is never read");
        assert!(layers.text(file_key).is_ok(), "{file_key} has no default");
    }
}

#[test]
fn a_section_that_a_room_claims_is_known_and_read() {
    struct Late(i64);
    let late = Section {
        name: "attendance",
        read: |layers| Ok(std::sync::Arc::new(Late(layers.number("attendance.late_minutes", 0, 240)?))),
    };
    let config = Config::with(&[("attendance.late_minutes", "7")], &[late]).unwrap();
    assert_eq!(config.section::<Late>().unwrap().0, 7);
    let refused = Config::with(&[("attendance.late_minutes", "700")], &[late]).unwrap_err().to_string();
    assert!(refused.starts_with("attendance.late_minutes (from PREAU__ATTENDANCE__LATE_MINUTES)"), "{refused}");
    // What nobody claims, nobody would read.
    let unknown = Config::with(&[("attendance.late_minutes", "7")], &[]).unwrap_err().to_string();
    assert!(unknown.contains("is not a known key"), "{unknown}");
    assert!(Config::defaults(&[]).unwrap().section::<Late>().is_err());
}
