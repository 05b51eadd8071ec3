//! `preau init`: the few questions that a school answers before its first start. Writes its configuration, its secrets
//! in files of their own, and a systemd unit; overwrites nothing.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal::Terminal;
use super::unit::{fits, lines, served_from, unit};
use super::{End, Ended, complain, words};
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

/// What is never overwritten.
const NAMES: [&str; 4] = [TOML, TOKEN, PASSWORD, UNIT];
/// … and what of it only the service may read, in the order of the lines.
pub(super) const SECRETS: [&str; 2] = [PASSWORD, TOKEN];
const TOKEN: &str = "telegram_token";
const PASSWORD: &str = "smtp_password";
/// Made at the first start, beside the database.
const KEY: &str = "secrets.key";
pub(super) const TOML: &str = "school.toml";
pub(super) const UNIT: &str = "preau.service";

pub(super) async fn init(config: &Config, asked: &Init) -> Ended {
    let file_error = |error: std::io::Error| Error::outage("files", &error);
    // The unit and the lines to type name them from wherever they are read.
    let folder = &std::path::absolute(&asked.folder).map_err(file_error)?;
    let data = &std::path::absolute(&asked.data).map_err(file_error)?;
    if let Some(there) = NAMES.iter().map(|name| folder.join(name)).find(|path| path.exists()) {
        return Err(End::Usage(told_again(folder, text!("init-there", file = there.display().to_string()))));
    }
    fits(folder).and_then(|()| fits(data)).map_err(End::Usage)?;
    may_write(folder).map_err(|error| {
        let why = words::why(&error.to_string());
        End::Usage(text!("init-no-rights", folder = folder.display().to_string(), why = why))
    })?;
    let mut terminal = Terminal { lang: config.school.language };
    let answers = ask(config, &mut terminal).await;
    // In the language that was answered, whichever the configuration has.
    let lang = terminal.lang;
    let said = |error: &Error| End::Refused(Text::verbatim(words::of(error).render(lang)));
    let answers = answers.map_err(|error| said(&error))?;
    let program = std::env::current_exe().map_err(file_error)?;
    let served = served_from(&program);
    let files = files(&answers, folder, data, served)?;
    let new = !folder.exists();
    let made = std::fs::create_dir_all(folder).and_then(|()| if new { opened_to_all(folder) } else { Ok(()) });
    made.map_err(|error| said(&Error::outage("files", &format!("cannot make {}: {error}", folder.display()))))?;
    for file in &files {
        write(folder, file).map_err(|error| said(&error))?;
    }
    // Nobody is left with a file that does not serve.
    Config::from_environment(Some(&folder.join(TOML)), &app::sections())?;
    let say = |words: &Text| complain(&words.render(lang));
    say(&text!("init-written", folder = folder.display().to_string()));
    for file in &files {
        complain(&format!("  {}", folder.join(file.name).display()));
    }
    if served != program {
        let (program, served) = (program.display().to_string(), served.display().to_string());
        say(&text!("init-in-a-home", program = program, served = served));
    }
    let secrets: Vec<&str> = files.iter().filter(|file| file.secret).map(|file| file.name).collect();
    say(&next(&secrets, folder, data, &program));
    Ok(())
}

/// What root types next.
fn next(secrets: &[&str], folder: &Path, data: &Path, program: &Path) -> Text {
    let lines = lines(secrets, folder, data, program).into_iter().map(|line| Text::verbatim(format!("  {line}")));
    let key = text!("init-keep", file = data.join(KEY).display().to_string());
    Text::lines(std::iter::once(text!("init-next")).chain(lines).chain([text!("init-last"), key]))
}

/// It was answered before. Whoever lost the lines that were to be typed then reads them again, if all was written.
fn told_again(folder: &Path, refusal: Text) -> Text {
    let config = Config::from_environment(Some(&folder.join(TOML)), &app::sections()).ok();
    let data = config.as_ref().and_then(|config| config.files.folder.parent());
    let (Some(data), Ok(program), true) = (data, std::env::current_exe(), folder.join(UNIT).exists()) else {
        return refusal;
    };
    let secrets: Vec<&str> = SECRETS.into_iter().filter(|name| folder.join(name).exists()).collect();
    Text::lines([refusal, next(&secrets, folder, data, &program)])
}

/// Can the folder be made, or written into? Tried before anything is asked; nothing is left of the trial.
fn may_write(folder: &Path) -> std::io::Result<()> {
    let there = folder.ancestors().find(|place| place.exists()).unwrap_or(folder);
    let trial = there.join(format!(".preau-init-{}", std::process::id()));
    std::fs::create_dir(&trial)?;
    std::fs::remove_dir(&trial)
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

async fn ask(config: &Config, terminal: &mut Terminal) -> Result<Answers> {
    let lang = until(terminal, &text!("init-ask-language"), &text!("init-wrong-language"), |words| match words {
        "" | "fr" => Some(Lang::Fr),
        "en" => Some(Lang::En),
        _ => None,
    })?;
    terminal.lang = lang;
    let terminal = &*terminal;
    let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let name = until(terminal, &text!("init-ask-name"), &text!("init-wrong-empty"), some)?;
    let zone = until(terminal, &text!("init-ask-zone"), &text!("init-wrong-zone"), |words| {
        if words.is_empty() { Some(Zone::default()) } else { words.parse().ok() }
    })?;
    let optional = |words: &str| (words.is_empty() || mail_address(words)).then(|| words.to_owned());
    let contact = until(terminal, &text!("init-ask-contact"), &text!("init-wrong-mail"), optional)?;
    let token = token(terminal, config).await?;
    let to = until(terminal, &text!("init-ask-alert"), &text!("init-wrong-mail"), optional)?;
    let mail = if to.is_empty() { None } else { Some(mail(terminal, to)?) };
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

/// The name of a machine, or its number: no address of a page, no port.
fn host(words: &str) -> Option<String> {
    let fits = !words.is_empty() && words.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    fits.then(|| words.to_owned())
}

fn mail(terminal: &Terminal, to: String) -> Result<Mail> {
    let host = until(terminal, &text!("init-ask-smtp"), &text!("init-wrong-host"), host)?;
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
    line(format!("\n[telegram]\ntoken_file = {}", place(folder, TOKEN)?));
    line(format!("\n[database]\nurl = {}", quoted(&format!("sqlite://{}", data.join("preau.db").display()))?));
    line(format!("\n[files]\nfolder = {}", place(data, "files")?));
    line(format!("\n[secrets]\nkey_file = {}", place(data, KEY)?));
    line(format!("\n[backup]\nfolder = {}", place(data, "backup")?));
    let mut files = Vec::new();
    if let Some(mail) = &answers.mail {
        line(format!("\n[alert]\nmail_to = [{}]\nmail_from = {}", quoted(&mail.to)?, quoted(&mail.from)?));
        let tls = if mail.port == 465 { "tls" } else { "starttls" };
        line(format!("smtp_host = {}\nsmtp_port = {}\nsmtp_tls = \"{tls}\"", quoted(&mail.host)?, mail.port));
        if let Some(password) = &mail.password {
            line(format!("smtp_user = {}\nsmtp_password_file = {}", quoted(&mail.user)?, place(folder, PASSWORD)?));
            let body = password.expose_secret().to_owned();
            files.push(Written { name: PASSWORD, body, secret: true });
        }
        line(format!("\n[mail]\nfrom = {}", quoted(&mail.from)?));
    }
    let unit = unit(program, folder, data);
    files.insert(0, Written { name: TOML, body: toml, secret: false });
    let body = answers.token.expose_secret().to_owned();
    files.push(Written { name: TOKEN, body, secret: true });
    files.push(Written { name: UNIT, body: unit, secret: false });
    Ok(files)
}

/// Whatever root's umask masks: the service looks in there.
fn opened_to_all(folder: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

fn write(folder: &Path, file: &Written) -> Result<()> {
    let mode = if file.secret { 0o600 } else { 0o644 };
    let path = folder.join(file.name);
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&path);
    // Whatever root's umask masks: the service reads what is no secret.
    let given = |open: std::fs::File| open.set_permissions(std::fs::Permissions::from_mode(mode)).map(|()| open);
    let opened = opened.and_then(given);
    let written = opened.and_then(|mut open| open.write_all(file.body.as_bytes()).and_then(|()| open.sync_all()));
    written.map_err(|error| Error::outage("files", &format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_a_name_without_anything_around() {
        for good in ["smtp.ecole.fr", "127.0.0.1", "localhost", "mail-1"] {
            assert_eq!(host(good).as_deref(), Some(good));
        }
        for bad in ["", "https://smtp.ecole.fr", "smtp.ecole.fr:587", "smtp ecole", "claire@ecole.fr"] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }
}
