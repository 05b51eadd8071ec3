//! `preau check`: what is connected, what is missing, how to fix it. Sentences, in the school's language.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::{End, Ended, Here, callers, complain, words};
use crate::app;
use crate::kernel::text::Arg;
use crate::kernel::text::names::fold;
use crate::kernel::{Error, Result, Text};
use crate::platform::config::{ClockSource, Config, shown_database};
use crate::platform::store::{self, Database, Probe};
use crate::platform::{http, inbox, mail, outbox};
use crate::school::{attendance, classroom};
use crate::telegram::BotMay;
use crate::telegram::caller::vault;
use crate::telegram::port::Updates as _;
use crate::text;

/// How long the mail server may take for one command.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was found: sentences, and whether anything essential is missing.
#[derive(Debug, Default)]
pub(super) struct Findings {
    lines: Vec<Text>,
    missing: bool,
    broken: bool,
}

impl Findings {
    pub(super) fn well(&mut self, text: Text) {
        self.lines.push(text!("check-well", said = text));
    }
    /// Worth knowing, not needed.
    pub(super) fn note(&mut self, text: Text) {
        self.lines.push(text!("check-note", said = text));
    }
    /// It is set and does not work; Préau runs without it.
    fn broken(&mut self, text: Text) {
        self.broken = true;
        self.lines.push(text!("check-missing", said = text));
    }
    /// Without it nothing works.
    pub(super) fn missing(&mut self, text: Text) {
        self.missing = true;
        self.lines.push(text!("check-missing", said = text));
    }
}

pub(super) async fn check(config: Arc<Config>) -> Ended {
    let here = Here::at(config).await?;
    let mut found = Findings::default();
    found.well(text!(
        "check-configuration",
        school = here.config.school.name.clone(),
        zone = here.config.school.time_zone.to_string()
    ));
    if here.config.clock != ClockSource::Machine {
        found.note(text!("check-sandbox"));
    }
    for file in &here.config.exposed {
        found.note(text!("check-secret-exposed", file = file.clone()));
    }
    if let Err(error) = vault(&here.config).try_out() {
        found.missing(text!("check-key-unread", why = words::of(&error)));
    }
    let store_is_fit = store(&here, &mut found).await;
    telegram(&here, &mut found).await;
    if store_is_fit && let Err(error) = school(&here, &mut found).await {
        found.missing(text!("check-store-away", why = words::of_store(&error)));
    }
    if let Err(error) = callers::look(&here, &mut found, store_is_fit).await {
        found.missing(text!("check-store-away", why = words::of_store(&error)));
    }
    outside(&here, &mut found).await?;
    found.lines.push(match (found.missing, found.broken) {
        (true, _) => text!("check-end-missing"),
        (false, true) => text!("check-end-broken"),
        (false, false) => text!("check-end-well"),
    });
    found.lines.iter().for_each(|line| here.say(line));
    if found.missing || found.broken { Err(End::Said) } else { Ok(()) }
}

/// The store, looked at without changing it; `true` when its tables may be read.
async fn store(here: &Here, found: &mut Findings) -> bool {
    let place = shown_database(&here.config.database.url);
    let engine = if place.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    match store::look(&here.config).await {
        Err(error) => found.missing(text!("check-store-away", why = words::of_store(&error))),
        Ok(None) => found.note(text!("check-store-absent", place = place)),
        Ok(Some(schema)) if schema.is_newer() => found.missing(text!("check-store-newer", place = place)),
        Ok(Some(schema)) if schema.applied.is_empty() => found.note(text!("check-store-empty", place = place)),
        Ok(Some(schema)) => {
            let (applied, pending) = (schema.applied.len(), schema.pending());
            found.well(text!("check-store", engine = engine, place = place, count = count(applied)));
            if pending > 0 {
                found.note(text!("check-store-pending", count = count(pending)));
            }
            return pending == 0;
        }
    }
    false
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn telegram(here: &Here, found: &mut Findings) {
    if here.config.telegram.token.is_none() {
        return found.missing(text!("check-telegram-token"));
    }
    let bot = match app::connect(&here.config, &here.clock, &Probe::default()).await {
        Ok(bot) => bot,
        Err(Error::Outage { .. }) => {
            return found.missing(text!("check-telegram-away", address = here.config.telegram.api_url.clone()));
        }
        Err(Error::Refusal(refusal)) => return found.missing(refusal.text),
        Err(error) => return found.missing(Text::verbatim(error.to_string())),
    };
    found.well(text!("check-telegram", bot = bot.name().to_owned()));
    if let Ok(Some(host)) = bot.webhook().await {
        found.note(text!("check-telegram-webhook", host = host));
    }
    let Ok(BotMay { join_groups, read_all }) = bot.may().await else { return };
    if !join_groups {
        found.missing(text!("check-telegram-no-groups"));
    }
    found.note(if read_all { text!("check-telegram-reads-all") } else { text!("check-telegram-reads-little") });
}

/// Groups and what waits, read from the store.
async fn school(here: &Here, found: &mut Findings) -> Result<()> {
    let database = Database::beside(Arc::clone(&here.config), here.clock.clone(), here.ids.clone()).await?;
    let read = database
        .db
        .read(async |tx| {
            let classes = classroom::store::classrooms(tx).await?;
            let groups = classroom::store::groups(tx).await?;
            let troubled = outbox::store::troubled(tx, 1000).await?.len();
            let saved = inbox::store::setting(tx, store::Nightly::SETTING).await?;
            Ok((classes, groups, troubled, saved))
        })
        .await;
    database.close().await;
    let (classes, groups, troubled, saved) = read?;
    backups(here, found, saved.as_deref());
    let names: Vec<String> = classes.into_iter().map(|class| class.name).collect();
    for own in &here.config.section::<attendance::rules::Settings>()?.classes {
        if !names.iter().any(|known| fold(known) == fold(&own.class)) {
            found.note(text!("check-rule-class", class = own.class.clone()));
        }
    }
    for (class, _) in &here.config.section::<classroom::rules::Settings>()?.languages {
        if !names.iter().any(|known| fold(known) == fold(class)) {
            found.note(text!("check-language-class", class = class.clone()));
        }
    }
    if names.is_empty() {
        found.note(text!("check-classes-none"));
    } else {
        found.well(text!("check-groups", classes = count(names.len()), groups = count(groups.len())));
    }
    for group in groups.iter().filter(|group| !group.bot_is_admin || !group.missing_rights.is_empty()) {
        let missing: Vec<&str> =
            if group.bot_is_admin { group.missing_rights.split(' ').collect() } else { classroom::RIGHTS.to_vec() };
        let head = text!("check-group-rights", group = group.title.clone());
        found.note(Text::lines([head, classroom::rules::wanted(&missing)]));
    }
    if troubled > 0 {
        found.note(text!("check-outbox-troubled", count = count(troubled)));
    }
    Ok(())
}

/// How the backups that Préau makes by itself went.
fn backups(here: &Here, found: &mut Findings, setting: Option<&str>) {
    let zone = here.config.school.time_zone;
    let last = store::Nightly::read(setting);
    if here.config.backup.folder.is_none() {
        return;
    }
    if let Some(made) = last.made {
        found.well(text!("check-backup-last", at = Arg::Moment(made, zone)));
    }
    if let Some(failed) = last.failed {
        found.note(text!("check-backup-failed", at = Arg::Moment(failed.at, zone), why = failed.words()));
    }
}

async fn outside(here: &Here, found: &mut Findings) -> Result<()> {
    let config = &here.config;
    let mails = mail_leaves(here, found).await?;
    let posts = alerts_are_posted(here, found).await?;
    if !config.alert.is_connected() {
        found.note(text!("check-alert-none"));
    } else if posts || (mails && config.alert.by_mail()) {
        found.well(text!("check-alert"));
    }
    if config.school.privacy_contact.is_none() {
        found.note(text!("check-privacy-contact-none"));
    }
    match &config.mail.from {
        Some(from) if mails => found.well(text!("check-mail", from = from)),
        // That the server is away was said.
        Some(_) => {}
        None => found.note(text!("check-mail-none")),
    }
    match &config.backup.folder {
        Some(folder) => {
            found.well(text!(
                "check-backup",
                hour = config.backup.hour.format("%H:%M").to_string(),
                folder = folder.display().to_string(),
                keep = count(config.backup.keep)
            ));
            found.note(text!("check-backup-sealed"));
        }
        None => found.note(text!("check-backup-none")),
    }
    match (config.web.admin_listen, &config.web.admin_token) {
        (None, _) => found.note(text!("check-admin-none")),
        (Some(_), None) => found.note(text!("check-admin-page-off")),
        (Some(listen), Some(_)) => {
            found.well(text!("check-admin-page", address = format!("http://{}/?token=", reached(listen))));
        }
    }
    if config.web.listen.is_some() || config.web.public_url.is_some() {
        found.note(text!("check-web-unused"));
    }
    Ok(())
}

/// Does the mail server talk to us, and take our log-in? Nothing is sent.
async fn mail_leaves(here: &Here, found: &mut Findings) -> Result<bool> {
    let Some(server) = mail::Server::of(&here.config.alert, PATIENCE, &here.clock)? else { return Ok(false) };
    let reached = server.reach().await;
    if let Err(failure) = &reached {
        found.broken(text!("check-mail-away", why = words::why(failure.why())));
    }
    Ok(reached.is_ok())
}

/// Does the address of alerts answer? Any answer will do: OPTIONS asks for nothing, and no alert is posted.
async fn alerts_are_posted(here: &Here, found: &mut Findings) -> Result<bool> {
    let Some(url) = &here.config.alert.webhook_url else { return Ok(false) };
    let client = http::client(PATIENCE, PATIENCE * 2)?;
    let answered = client.request(http::Method::OPTIONS, &**url).send().await;
    if let Err(error) = answered {
        found.broken(text!("check-webhook-away", why = words::why(&http::said(error))));
        return Ok(false);
    }
    Ok(true)
}

/// Where a listener is reached from this machine: listening on every address includes its own.
fn reached(listen: SocketAddr) -> SocketAddr {
    let mut asked = listen;
    if listen.ip().is_unspecified() {
        asked.set_ip(match listen {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    asked
}

/// Asks the running program's `/healthz`: what a container's health check calls.
pub(super) async fn health(config: &Config) -> Ended {
    let Some(listen) = config.web.admin_listen else {
        return Err(End::Usage(text!("cli-no-admin-listen")));
    };
    let asked = reached(listen);
    let client = http::client(Duration::from_secs(2), Duration::from_secs(4))?;
    let answer = client.get(format!("http://{asked}/healthz")).send().await;
    match answer.and_then(http::Response::error_for_status) {
        Ok(_) => Ok(()),
        Err(error) => {
            let why = words::why(&http::said(error));
            complain(&text!("cli-health-away", address = asked.to_string(), why = why).render(config.school.language));
            Err(End::Said)
        }
    }
}
