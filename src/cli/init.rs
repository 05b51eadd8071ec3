//! `preau init`: the few questions that a school answers before its first start. Writes its configuration, its secrets
//! in files of their own, and a systemd unit; overwrites nothing.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal::Terminal;
use super::{End, Ended, complain};
use crate::app;
use crate::kernel::secret::{ExposeSecret as _, SecretString};
use crate::kernel::time::Zone;
use crate::kernel::{Clock, Error, Lang, Result, Text};
use crate::platform::config::Config;
use crate::platform::store::Probe;
use crate::telegram::BAD_TOKEN;
use crate::text;

/// Where things go.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Where the configuration and its secrets go
    #[arg(long, value_name = "FOLDER", default_value = "/etc/preau")]
    folder: PathBuf,
    /// Where the database and the files go
    #[arg(long, value_name = "FOLDER", default_value = "/var/lib/preau")]
    data: PathBuf,
}

/// The mail server that warns admins.
#[derive(Debug)]
struct Mail {
    to: String,
    from: String,
    host: String,
    port: u16,
    user: String,
    password: Option<SecretString>,
}

/// What was answered.
#[derive(Debug)]
struct Answers {
    lang: Lang,
    name: String,
    zone: Zone,
    contact: String,
    token: SecretString,
    mail: Option<Mail>,
}

/// A file that is written: its name, what it holds, and whether only its owner may read it.
struct Written {
    name: &'static str,
    body: String,
    secret: bool,
}

pub(super) async fn init(config: &Config, asked: &Init) -> Ended {
    let Init { folder, data } = asked;
    let names = ["school.toml", "telegram_token", "smtp_password", "preau.service"];
    if let Some(there) = names.iter().map(|name| folder.join(name)).find(|path| path.exists()) {
        return Err(End::Usage(format!("{} is there already: preau init overwrites nothing", there.display())));
    }
    let answers = ask(config).await?;
    let program = std::env::current_exe().map_err(|error| Error::outage("files", &error))?;
    let files = files(&answers, folder, data, &program)?;
    std::fs::create_dir_all(folder).map_err(|error| Error::outage("files", &error))?;
    for file in &files {
        write(folder, file)?;
    }
    // Nobody is left with a file that does not serve.
    let path = folder.join("school.toml");
    Config::from_environment(Some(&path), &app::sections())?;
    let lang = answers.lang;
    let say = |words: &Text| complain(&words.render(lang));
    say(&text!("init-written", folder = folder.display().to_string()));
    for file in &files {
        complain(&format!("  {}", folder.join(file.name).display()));
    }
    let (config, unit) = (path.display().to_string(), folder.join("preau.service").display().to_string());
    let (folder, data) = (folder.display().to_string(), data.display().to_string());
    say(&text!("init-next", config = config, unit = unit, folder = folder, data = data));
    Ok(())
}

/// Asks until the answer serves.
fn until<T>(terminal: &Terminal, words: &Text, wrong: &Text, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    loop {
        if let Some(answer) = read(&terminal.line(words)?) {
            return Ok(answer);
        }
        complain(&wrong.render(terminal.lang));
    }
}

fn mail_address(words: &str) -> bool {
    words.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) && !words.contains(' ')
}

async fn ask(config: &Config) -> Result<Answers> {
    let mut terminal = Terminal { lang: config.school.language };
    let lang = until(&terminal, &text!("init-ask-language"), &text!("init-wrong-language"), |words| match words {
        "" | "fr" => Some(Lang::Fr),
        "en" => Some(Lang::En),
        _ => None,
    })?;
    terminal.lang = lang;
    let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let name = until(&terminal, &text!("init-ask-name"), &text!("init-wrong-empty"), some)?;
    let zone = until(&terminal, &text!("init-ask-zone"), &text!("init-wrong-zone"), |words| {
        if words.is_empty() { Some(Zone::default()) } else { words.parse().ok() }
    })?;
    let optional = |words: &str| (words.is_empty() || mail_address(words)).then(|| words.to_owned());
    let contact = until(&terminal, &text!("init-ask-contact"), &text!("init-wrong-mail"), optional)?;
    let token = token(&terminal, config).await?;
    let to = until(&terminal, &text!("init-ask-alert"), &text!("init-wrong-mail"), optional)?;
    let mail = if to.is_empty() { None } else { Some(mail(&terminal, to)?) };
    Ok(Answers { lang, name, zone, contact, token, mail })
}

/// The bot's token: Telegram itself is asked whether it serves, when it can be reached.
async fn token(terminal: &Terminal, config: &Config) -> Result<SecretString> {
    loop {
        let token = terminal.secret(&text!("init-ask-token"))?;
        let mut trial = config.clone();
        trial.telegram.token = Some(token.clone());
        match app::connect(&trial, &Clock::machine(), &Probe::default()).await {
            Ok(bot) => {
                complain(&text!("init-token-serves", bot = bot.name()).render(terminal.lang));
                return Ok(token);
            }
            Err(Error::Refusal(refusal)) if refusal.code == BAD_TOKEN => {
                complain(&refusal.text.render(terminal.lang));
            }
            Err(_) => {
                complain(&text!("init-token-untried").render(terminal.lang));
                return Ok(token);
            }
        }
    }
}

fn mail(terminal: &Terminal, to: String) -> Result<Mail> {
    let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let host = until(terminal, &text!("init-ask-smtp"), &text!("init-wrong-empty"), some)?;
    let port = until(terminal, &text!("init-ask-port"), &text!("init-wrong-port"), |words| {
        if words.is_empty() { Some(587) } else { words.parse().ok().filter(|port| *port > 0) }
    })?;
    let from = until(terminal, &text!("init-ask-from"), &text!("init-wrong-mail"), |words| {
        mail_address(words).then(|| words.to_owned())
    })?;
    let user = terminal.line(&text!("init-ask-user"))?;
    let password = if user.is_empty() { None } else { Some(terminal.secret(&text!("init-ask-password"))?) };
    Ok(Mail { to, from, host, port, user, password })
}

/// A TOML string. Its escapes are those of JSON.
fn quoted(words: &str) -> Result<String> {
    Ok(serde_json::to_string(words)?)
}

fn files(answers: &Answers, folder: &Path, data: &Path, program: &Path) -> Result<Vec<Written>> {
    let place = |folder: &Path, name: &str| quoted(&folder.join(name).display().to_string());
    let mut toml =
        String::from("# Made by preau init. Every key and what it means: config/default.toml of the sources.\n");
    let mut line = |words: String| {
        toml.push_str(&words);
        toml.push('\n');
    };
    line("\n[school]".to_owned());
    line(format!("name = {}", quoted(&answers.name)?));
    if !answers.contact.is_empty() {
        line(format!("privacy_contact = {}", quoted(&answers.contact)?));
    }
    line(format!("time_zone = {}", quoted(&answers.zone.to_string())?));
    line(format!("language = {}", quoted(answers.lang.code())?));
    line(format!("\n[telegram]\ntoken_file = {}", place(folder, "telegram_token")?));
    line(format!("\n[database]\nurl = {}", quoted(&format!("sqlite://{}", data.join("preau.db").display()))?));
    line(format!("\n[files]\nfolder = {}", place(data, "files")?));
    line(format!("\n[secrets]\nkey_file = {}", place(data, "secrets.key")?));
    line(format!("\n[backup]\nfolder = {}", place(data, "backup")?));
    let mut files = Vec::new();
    if let Some(mail) = &answers.mail {
        line(format!("\n[alert]\nmail_to = [{}]\nmail_from = {}", quoted(&mail.to)?, quoted(&mail.from)?));
        let tls = if mail.port == 465 { "tls" } else { "starttls" };
        line(format!("smtp_host = {}\nsmtp_port = {}\nsmtp_tls = \"{tls}\"", quoted(&mail.host)?, mail.port));
        if let Some(password) = &mail.password {
            line(format!(
                "smtp_user = {}\nsmtp_password_file = {}",
                quoted(&mail.user)?,
                place(folder, "smtp_password")?
            ));
            let body = password.expose_secret().to_owned();
            files.push(Written { name: "smtp_password", body, secret: true });
        }
        line(format!("\n[mail]\nfrom = {}", quoted(&mail.from)?));
    }
    let unit = include_str!("../../config/preau.service")
        .replace("/usr/local/bin/preau", &program.display().to_string())
        .replace("/etc/preau", &folder.display().to_string())
        .replace("/var/lib/preau", &data.display().to_string());
    files.insert(0, Written { name: "school.toml", body: toml, secret: false });
    let body = answers.token.expose_secret().to_owned();
    files.push(Written { name: "telegram_token", body, secret: true });
    files.push(Written { name: "preau.service", body: unit, secret: false });
    Ok(files)
}

fn write(folder: &Path, file: &Written) -> Result<()> {
    let mode = if file.secret { 0o600 } else { 0o644 };
    let path = folder.join(file.name);
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = opened.and_then(|mut open| open.write_all(file.body.as_bytes()).and_then(|()| open.sync_all()));
    written.map_err(|error| Error::outage("files", &error))
}
