//! `preau init`: the few questions that a school answers before its first start. Writes its configuration, its secrets
//! in files of their own, and a systemd unit; overwrites nothing.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal::Terminal;
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
const SECRETS: [&str; 2] = [PASSWORD, TOKEN];
const TOKEN: &str = "telegram_token";
const PASSWORD: &str = "smtp_password";
const TOML: &str = "school.toml";
const UNIT: &str = "preau.service";
/// Where the unit of the sources finds the program.
const INSTALLED: &str = "/usr/local/bin/preau";
/// What `ProtectHome=yes` hides from a service.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

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
    Text::lines(std::iter::once(text!("init-next")).chain(lines).chain([text!("init-last")]))
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

/// A folder that the service reaches, and whose name a unit and a shell can hold.
fn fits(folder: &Path) -> std::result::Result<(), Text> {
    let name = folder.display().to_string();
    if HOMES.iter().any(|home| folder.starts_with(home)) {
        return Err(text!("init-folder-in-a-home", folder = name));
    }
    let plain = |c: char| c.is_alphanumeric() || "/._- ".contains(c);
    if name.chars().all(plain) { Ok(()) } else { Err(text!("init-folder-signs", folder = name)) }
}

/// Can the folder be made, or written into? Tried before anything is asked; nothing is left of the trial.
fn may_write(folder: &Path) -> std::io::Result<()> {
    let there = folder.ancestors().find(|place| place.exists()).unwrap_or(folder);
    let trial = there.join(format!(".preau-init-{}", std::process::id()));
    std::fs::create_dir(&trial)?;
    std::fs::remove_dir(&trial)
}

/// Where the service finds the program: nothing that lies in somebody's home.
fn served_from(program: &Path) -> &Path {
    if HOMES.iter().any(|home| program.starts_with(home)) { Path::new(INSTALLED) } else { program }
}

/// What root types next, in this order. Root owns what root enables and what the service only reads.
fn lines(secrets: &[&str], folder: &Path, data: &Path, program: &Path) -> Vec<String> {
    let served = served_from(program);
    let shell = |path: &Path| {
        let path = path.display().to_string();
        let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        if plain { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
    };
    let (own, config, unit) = (shell(data), shell(&folder.join(TOML)), shell(&folder.join(UNIT)));
    let secrets = secrets.iter().map(|name| shell(&folder.join(name))).collect::<Vec<_>>().join(" ");
    let as_service = |command: &str| format!("runuser -u preau -- {} {command} --config {config}", shell(served));
    let mut lines = Vec::new();
    if served != program {
        lines.push(format!("install -m 755 {} {}", shell(program), shell(served)));
    }
    lines.extend([
        format!("useradd --system --home-dir {own} --shell /usr/sbin/nologin preau"),
        format!("install -d -o preau -g preau -m 750 {own}"),
        format!("chown root:preau {secrets} && chmod 640 {secrets}"),
        as_service("check"),
        // The database is there when the last line asks for it, however fast these are typed.
        as_service("migrate"),
        format!("install -m 644 {unit} /etc/systemd/system/preau.service"),
        "systemctl daemon-reload && systemctl enable --now preau".to_owned(),
        as_service("invite --role admin"),
    ]);
    lines
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
    line(format!("\n[secrets]\nkey_file = {}", place(data, "secrets.key")?));
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

/// The unit of the sources, with this school's places. `fits` left out what systemd would read as something else.
fn unit(program: &Path, folder: &Path, data: &Path) -> String {
    // Where several words may stand, one with a space is put in quotes.
    let word = |path: &Path| {
        let path = path.display().to_string();
        if path.contains(' ') { format!("\"{path}\"") } else { path }
    };
    let line = |line: &str| match line.split_once('=') {
        Some((key @ "ReadWritePaths", _)) => format!("{key}={}", word(data)),
        Some((key @ "WorkingDirectory", _)) => format!("{key}={}", data.display()),
        Some((key @ "ExecStart", _)) => format!("{key}={} run --config {}", word(program), word(&folder.join(TOML))),
        Some((key @ "EnvironmentFile", _)) => format!("{key}=-{}", folder.join("environment").display()),
        _ => line.to_owned(),
    };
    let lines = include_str!("../../config/preau.service").lines().map(line);
    lines.fold(String::new(), |unit, line| unit + &line + "\n")
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

    fn typed(program: &str, data: &str) -> Vec<String> {
        lines(&SECRETS, Path::new("/etc/preau"), Path::new(data), Path::new(program))
    }

    #[test]
    fn the_lines_fit_the_program_and_give_the_service_its_secrets_alone() {
        assert_eq!(
            typed("/opt/preau", "/var/lib/preau"),
            [
                "useradd --system --home-dir /var/lib/preau --shell /usr/sbin/nologin preau",
                "install -d -o preau -g preau -m 750 /var/lib/preau",
                "chown root:preau /etc/preau/smtp_password /etc/preau/telegram_token && chmod 640 \
                 /etc/preau/smtp_password /etc/preau/telegram_token",
                "runuser -u preau -- /opt/preau check --config /etc/preau/school.toml",
                "runuser -u preau -- /opt/preau migrate --config /etc/preau/school.toml",
                "install -m 644 /etc/preau/preau.service /etc/systemd/system/preau.service",
                "systemctl daemon-reload && systemctl enable --now preau",
                "runuser -u preau -- /opt/preau invite --role admin --config /etc/preau/school.toml",
            ]
        );
    }

    #[test]
    fn the_unit_names_the_places_of_this_school() {
        let unit =
            |program: &str, folder: &str, data: &str| super::unit(program.as_ref(), folder.as_ref(), data.as_ref());
        let usual = unit(INSTALLED, "/etc/preau", "/var/lib/preau");
        assert_eq!(usual, include_str!("../../config/preau.service"));
        let own = unit("/opt/préau/preau", "/srv/école du préau", "/srv/ses données");
        for line in [
            "ReadWritePaths=\"/srv/ses données\"",
            "WorkingDirectory=/srv/ses données",
            "ExecStart=/opt/préau/preau run --config \"/srv/école du préau/school.toml\"",
            "EnvironmentFile=-/srv/école du préau/environment",
        ] {
            assert!(own.lines().any(|known| known == line), "{line}: {own}");
        }
    }

    #[test]
    fn a_folder_that_the_service_cannot_reach_is_refused() {
        for good in ["/etc/preau", "/srv/école du préau", "/homes/preau"] {
            assert!(fits(Path::new(good)).is_ok(), "{good}");
        }
        for bad in
            ["/home/claire/preau", "/root/preau", "/srv/a%b", "/srv/l'école", "/srv/a\"b", "/srv/a\nb", "/srv/$x"]
        {
            assert!(fits(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mail_server_is_a_name_without_anything_around() {
        for good in ["smtp.ecole.fr", "127.0.0.1", "localhost", "mail-1"] {
            assert_eq!(host(good).as_deref(), Some(good));
        }
        for bad in ["", "https://smtp.ecole.fr", "smtp.ecole.fr:587", "smtp ecole", "claire@ecole.fr"] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_lies_in_a_home_is_copied_first() {
        let lines = typed("/root/it's/target/release/preau", "/srv/école du préau");
        assert_eq!(lines[0], r"install -m 755 '/root/it'\''s/target/release/preau' /usr/local/bin/preau");
        assert!(lines[2].ends_with(" '/srv/école du préau'"), "{lines:?}");
        assert!(lines[4].starts_with("runuser -u preau -- /usr/local/bin/preau check"), "{lines:?}");
        for home in ["/home/claire/preau", "/run/user/1000/preau"] {
            assert_eq!(served_from(Path::new(home)), Path::new(INSTALLED));
        }
        assert_eq!(served_from(Path::new("/homes/preau")), Path::new("/homes/preau"));
    }
}
