//! Signing in a user account: number, code, second password, asked on the terminal.

use super::terminal::Terminal;
use super::{Ended, Here};
use crate::kernel::Result;
use crate::kernel::secret::SecretString;
use crate::platform::store::Db;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::telegram::caller::{login, vault};
use crate::text;

impl login::Asked for Terminal {
    fn code(&mut self, again: bool) -> Result<String> {
        self.line(&if again { text!("caller-ask-code-again") } else { text!("caller-ask-code") })
    }
    fn password(&mut self, hint: Option<&str>, again: bool) -> Result<SecretString> {
        let words = match hint {
            _ if again => text!("caller-ask-password-again"),
            Some(hint) if !hint.is_empty() => text!("caller-ask-password-hint", hint = hint),
            _ => text!("caller-ask-password"),
        };
        self.secret(&words)
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
