//! What went wrong, in the school's language: for whoever types at its machine.

use crate::kernel::{Error, Text};
pub(super) use crate::platform::why::why;
use crate::text;

/// A trouble as one sentence.
pub(super) fn of(error: &Error) -> Text {
    match error {
        Error::Refusal(refusal) => {
            Text::joined(" ", [refusal.text.clone(), Text::verbatim(format!("({})", refusal.code))])
        }
        Error::Fault { detail } => text!("cli-fault", why = why(detail)),
        Error::Outage { system, detail } => match *system {
            "telegram" => text!("cli-away-telegram", why = why(detail)),
            "database" => text!("cli-away-database", why = why(detail)),
            "the other database" => text!("cli-away-other-database", why = why(detail)),
            "the backup" => text!("cli-away-backup", why = why(detail)),
            "files" => text!("cli-away-files", why = why(detail)),
            "terminal" if detail == super::terminal::NOTHING_TYPED => text!("cli-nothing-typed"),
            other => text!("cli-away", system = other, why = why(detail)),
        },
    }
}

/// Why the store does not answer, where the sentence around says that it is the store.
pub(super) fn of_store(error: &Error) -> Text {
    match error {
        Error::Outage { detail, .. } => why(detail),
        other => of(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::platform::store::IN_USE;
    use crate::platform::why::NO_CONNECTION;

    #[test]
    fn a_trouble_is_said_in_the_language_of_the_school() {
        let said = |system: &'static str, detail: &str, lang| of(&Error::outage(system, detail)).render(lang);
        assert_eq!(said("telegram", NO_CONNECTION, Lang::Fr), "Telegram ne répond pas : pas de connexion.");
        assert_eq!(said("telegram", NO_CONNECTION, Lang::En), "Telegram does not answer: no connection.");
        let denied = std::io::Error::from_raw_os_error(13);
        let detail = format!("cannot make /etc/preau: {denied}");
        assert_eq!(said("files", &detail, Lang::Fr), "Impossible de créer /etc/preau : accès refusé.");
        assert_eq!(said("files", &format!("/x: {denied}"), Lang::En), "/x: permission denied.");
        assert_eq!(
            said("database", &format!("data/preau.db{IN_USE}"), Lang::Fr),
            "Base de données : data/preau.db sert déjà à un autre preau, arrêtez-le d’abord."
        );
        let taken = "127.0.0.1:9464 is in use by another program";
        assert_eq!(
            said("web.admin_listen", taken, Lang::Fr),
            "web.admin_listen : 127.0.0.1:9464 sert déjà à un autre programme."
        );
        assert_eq!(said("odoo", "no answer in time", Lang::Fr), "odoo : pas de réponse à temps.");
        assert_eq!(said("database", "connection reset", Lang::Fr), "Base de données : connection reset.");
    }
}
