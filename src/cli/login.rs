//! Signing in a user account: number, code, second password, asked on the terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use super::{Ended, Here};
use crate::kernel::secret::SecretString;
use crate::kernel::{Error, Lang, Result};
use crate::platform::store::Db;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::telegram::caller::{login, vault};
use crate::text;

/// Asks whoever sits at the terminal; a pipe is read line by line.
struct Terminal {
    lang: Lang,
}

impl Terminal {
    fn line(&self, words: &crate::kernel::Text) -> Result<String> {
        let _ = write!(std::io::stderr(), "{} ", words.render(self.lang));
        let _ = std::io::stderr().flush();
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match read.map_err(|error| Error::outage("terminal", &error))? {
            0 => Err(Error::outage("terminal", "nothing was typed")),
            _ => Ok(line.trim().to_owned()),
        }
    }
}

/// The terminal shows nothing of what is typed, as long as this lives.
struct Blind(bool);

impl Blind {
    fn begin() -> Self {
        let is_terminal = std::io::stdin().is_terminal();
        Self(is_terminal && echo("-echo"))
    }
}

impl Drop for Blind {
    fn drop(&mut self) {
        if self.0 {
            echo("echo");
            let _ = writeln!(std::io::stderr());
        }
    }
}

fn echo(how: &str) -> bool {
    Command::new("stty").arg(how).stdin(Stdio::inherit()).status().is_ok_and(|status| status.success())
}

impl login::Asked for Terminal {
    fn code(&mut self, again: bool) -> Result<String> {
        self.line(&if again { text!("caller-ask-code-again") } else { text!("caller-ask-code") })
    }
    fn password(&mut self, hint: Option<&str>, again: bool) -> Result<SecretString> {
        let _blind = Blind::begin();
        let words = match hint {
            _ if again => text!("caller-ask-password-again"),
            Some(hint) if !hint.is_empty() => text!("caller-ask-password-hint", hint = hint),
            _ => text!("caller-ask-password"),
        };
        Ok(SecretString::from(self.line(&words)?))
    }
}

/// Signs an account in and keeps it; a running program uses it within seconds.
pub(super) async fn login(here: &Here, phone: Option<String>) -> Ended {
    let mut terminal = Terminal { lang: here.config.school.language };
    let phone = match phone {
        Some(phone) => phone,
        None => terminal.line(&text!("caller-ask-phone"))?,
    };
    let database = here.beside().await?;
    let signed = signed_in(here, &database.db, &phone, &mut terminal).await;
    database.close().await;
    let signed = signed?;
    here.say(&text!("caller-signed-in", name = signed.name));
    Ok(())
}

/// Signs in, and puts it in the audit: which account, never its number.
async fn signed_in(here: &Here, db: &Db, phone: &str, terminal: &mut Terminal) -> Result<login::SignedIn> {
    let signed = login::sign_in(db, &vault(&here.config), phone, terminal).await?;
    let (object, new) = (format!("caller:{}", signed.account), signed.name.clone());
    db.transact(async |tx| record(tx, &Actor::Cli, "caller.signed_in", &object, None, Some(&new)).await).await?;
    Ok(signed)
}
