//! Signing an account in: number, code, second password. Typed on the command line, never in a chat.

use std::sync::Arc;

use grammers_client::SignInError;

use super::identity::{Identity, Own};
use super::line::{Line, Opening};
use super::{READY, api_id, opened, sealed_as, store, trouble};
use crate::kernel::error::{Refusal, refuse};
use crate::kernel::secret::{ExposeSecret as _, SecretString};
use crate::kernel::{At, Error, Result};
use crate::platform::config::Config;
use crate::platform::outbox::{self, Put};
use crate::platform::store::{Db, Tenure};
use crate::platform::tasks::Tasks;
use crate::platform::vault::Vault;
use crate::telegram::port::Trouble;
use crate::text;

/// Who is asked while signing in.
pub trait Asked {
    /// The code that Telegram sent; again after a wrong one.
    fn code(&mut self, again: bool) -> Result<String>;
    /// The second password, with the hint that its owner left.
    fn password(&mut self, hint: Option<&str>, again: bool) -> Result<SecretString>;
}

/// An account that was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub account: i64,
    pub name: String,
}

/// Wrong codes and wrong passwords before it is given up.
const TRIES: usize = 3;

/// Asks Telegram for a code, the person for the code, and keeps the account sealed.
pub async fn sign_in(db: &Db, vault: &Vault, phone: &str, asked: &mut (dyn Asked + Send)) -> Result<SignedIn> {
    let (config, clock) = (db.config().clone(), db.clock().clone());
    let Some(identity) = entrance(db, vault).await? else { return refuse("CAL-01", text!("caller-not-configured")) };
    // A key that does not serve is said before Telegram sends a code.
    vault.seal("login", &[])?;
    let tasks = Tasks::default();
    let session = identity.session();
    let opening = Opening {
        account: 0,
        since: At(0),
        api_id: api_id(&config),
        clock: &clock,
        tasks: &tasks,
        tenure: &Tenure::alone(&clock),
        hints: None,
        step: std::time::Duration::ZERO,
    };
    let line = Line::open(&identity, Arc::clone(&session), &opening);
    let signed = through(&line, &config, phone, asked).await;
    // Closed before it is kept: a program that runs beside us connects with this key at once.
    drop(line);
    tasks.stop(&clock, std::time::Duration::from_secs(1)).await;
    let (own, name) = signed?;
    let account = own.id;
    keep(db, vault, &Identity::of(&session, own)?, account, &name).await?;
    Ok(SignedIn { account, name })
}

/// Where signing in begins: at Telegram, or beside one on loopback at a seed that nobody signed in with yet.
async fn entrance(db: &Db, vault: &Vault) -> Result<Option<Identity>> {
    let caller = &db.config().telegram.caller;
    if caller.seeds.is_empty() {
        return Ok((caller.api_id != 0).then(Identity::fresh));
    }
    let kept = db.read(async |tx| store::accounts(tx).await).await?;
    let used: Vec<Identity> =
        kept.iter().filter(|kept| kept.is_ready()).filter_map(|kept| opened(db.config(), vault, kept).ok()).collect();
    for file in &caller.seeds {
        let Ok(text) = std::fs::read(file) else { continue };
        let identity = Identity::read(&text)?;
        if identity.account.is_none() && identity.is_loopback() && !used.iter().any(|used| used.has_key_of(&identity)) {
            return Ok(Some(identity));
        }
    }
    Err(Error::outage("telegram.caller.seeds", "none of them is left to sign in with"))
}

async fn through(line: &Line, config: &Config, phone: &str, asked: &mut (dyn Asked + Send)) -> Result<(Own, String)> {
    let hash = config.telegram.caller.api_hash.as_ref().map_or("", |hash| hash.expose_secret());
    let token = line.within(Box::pin(line.client.request_login_code(phone, hash))).await.map_err(said)?;
    let mut step = None;
    for again in 0..TRIES {
        let code = asked.code(again > 0)?;
        match line.in_time(Box::pin(line.client.sign_in(&token, &code))).await.map_err(said)? {
            Err(SignInError::InvalidCode) => {}
            other => {
                step = Some(other);
                break;
            }
        }
    }
    let user = match step {
        None => return refuse("CAL-02", text!("caller-wrong-code")),
        Some(Ok(user)) => user,
        Some(Err(SignInError::PasswordRequired(token))) => second(line, token, asked).await?,
        Some(Err(error)) => return Err(refused(&error)),
    };
    let name = [user.first_name(), user.last_name()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let raw = match &user.raw {
        grammers_client::tl::enums::User::User(raw) => raw.access_hash.unwrap_or(0),
        grammers_client::tl::enums::User::Empty(_) => 0,
    };
    let id = user.id().bare_id_unchecked();
    Ok((Own { id, access_hash: raw }, name))
}

async fn second(
    line: &Line,
    mut token: grammers_client::client::PasswordToken,
    asked: &mut (dyn Asked + Send),
) -> Result<grammers_client::peer::User> {
    for again in 0..TRIES {
        let password = asked.password(token.hint(), again > 0)?;
        match line.in_time(Box::pin(line.client.check_password(token, password.expose_secret()))).await.map_err(said)? {
            Ok(user) => return Ok(user),
            Err(SignInError::InvalidPassword(next)) => token = next,
            Err(error) => return Err(refused(&error)),
        }
    }
    refuse("CAL-03", text!("caller-wrong-password"))
}

fn refused(error: &SignInError) -> Error {
    match error {
        SignInError::SignUpRequired => said(Trouble::Refused("PHONE_NUMBER_UNOCCUPIED".to_owned())),
        SignInError::Other(error) => said(trouble::of(error)),
        other => Error::fault(other),
    }
}

/// What Telegram said, as a sentence.
fn said(trouble: Trouble) -> Error {
    let refusal = |text| Error::from(Refusal::new("CAL-04", text));
    match trouble {
        Trouble::Wait(span) => {
            refusal(text!("caller-wait", minutes = i64::try_from(span.as_secs().div_ceil(60)).unwrap_or(i64::MAX)))
        }
        Trouble::Refused(name) if name == "PHONE_NUMBER_BANNED" => refusal(text!("caller-banned-number")),
        Trouble::Refused(name) if name.starts_with("API_ID") => refusal(text!("caller-wrong-api")),
        Trouble::Refused(name) if name.starts_with("PHONE_NUMBER") => refusal(text!("caller-wrong-number")),
        Trouble::Refused(name) | Trouble::Unsent(name) | Trouble::Lost(name) => {
            refusal(text!("caller-refused", why = name))
        }
        other => Error::fault(&other),
    }
}

/// Seals an account and keeps it.
pub(super) async fn keep(db: &Db, vault: &Vault, identity: &Identity, account: i64, name: &str) -> Result<()> {
    let what = sealed_as(account);
    let plain = serde_json::to_vec(identity)?;
    loop {
        let sealed = vault.seal(&what, &plain)?;
        db.transact(async |tx| {
            store::save_account(tx, account, name, &sealed).await?;
            let key = format!("{READY}:{account}:{}", tx.new_id());
            outbox::put(tx, Put::new(READY, key, &account)?.caller().repeatable()).await.map(|_| ())
        })
        .await?;
        // A rotation that ran just then did not see it, and the old key goes.
        if vault.is_current(&what, &sealed)? {
            return Ok(());
        }
    }
}

/// Is a caller configured at all?
pub fn is_configured(config: &Config) -> bool {
    config.telegram.caller.api_id != 0 || !config.telegram.caller.seeds.is_empty()
}
