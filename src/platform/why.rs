//! Why something did not work, in words: for the terminal, and for admins in Telegram and by mail.

use super::store::{IN_USE, MOVED, code_of};
use crate::kernel::Text;
use crate::text;

/// What is said of an outside that nobody could reach.
pub const NO_CONNECTION: &str = "no connection";

/// Why, in words. What a library or Telegram itself said stands there as it was said.
pub fn why(detail: &str) -> Text {
    match detail.split_once(IN_USE) {
        Some((place, "")) => return text!("cli-why-in-use", place = place),
        Some(_) => return text!("cli-why-in-use-shared"),
        None => {}
    }
    if let Some(place) = detail.strip_suffix(" is in use by another program") {
        return text!("cli-why-port", place = place);
    }
    if detail.starts_with(MOVED) {
        return text!("cli-why-moved");
    }
    if let Some(seconds) = detail.strip_prefix("asks to wait ").and_then(|rest| rest.strip_suffix(" s")) {
        return text!("cli-why-wait", seconds = seconds);
    }
    match code_of(detail) {
        Some("13") => return text!("cli-why-full"),
        Some("53100") => return text!("cli-why-full-there"),
        Some("10") => return text!("cli-why-io"),
        Some("14") => return text!("cli-why-file"),
        _ => {}
    }
    match detail {
        NO_CONNECTION => return text!("cli-why-no-connection"),
        "the connection broke" => return text!("cli-why-broke"),
        "no answer in time" => return text!("cli-why-no-answer"),
        "no TLS connection" => return text!("cli-why-no-tls"),
        "input or output failed" => return text!("cli-why-io"),
        _ => {}
    }
    for (said, words) in [
        ("Permission denied (os error 13)", text!("cli-why-denied")),
        ("No such file or directory (os error 2)", text!("cli-why-absent")),
        ("Not a directory (os error 20)", text!("cli-why-no-folder")),
        ("File exists (os error 17)", text!("cli-why-no-folder")),
        ("Read-only file system (os error 30)", text!("cli-why-read-only")),
        ("No space left on device (os error 28)", text!("cli-why-full")),
    ] {
        if let Some(what) = detail.strip_suffix(said) {
            let what = what.trim_end_matches(": ");
            return if what.is_empty() { words } else { text!("cli-why-of", what = doing(what), why = words) };
        }
    }
    Text::verbatim(detail)
}

/// « cannot make data: … »
fn doing(what: &str) -> Text {
    if let Some(place) = what.strip_prefix("cannot open ") {
        return text!("cli-why-open", place = place);
    }
    if let Some(place) = what.strip_prefix("cannot make ") {
        return text!("cli-why-make", place = place);
    }
    Text::verbatim(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn what_the_system_says_is_said_in_words() {
        for (number, words) in [
            (13, "accès refusé"),
            (20, "un fichier s’y trouve, pas un dossier"),
            (28, "il n’y a plus de place sur le disque"),
        ] {
            let detail = format!("/srv/preau: {}", std::io::Error::from_raw_os_error(number));
            assert_eq!(why(&detail).render(Lang::Fr), format!("/srv/preau : {words}"));
        }
        for (code, words) in [
            ("13", "il n’y a plus de place sur le disque"),
            ("53100", "il n’y a plus de place sur le disque du serveur de la base"),
            ("778", "lecture ou écriture impossible"),
            ("14", "un fichier ne s’ouvre pas"),
        ] {
            let detail = format!("database error {code} (Other) on ?");
            assert_eq!(why(&detail).render(Lang::Fr), words);
        }
        assert_eq!(why("database error 5 (Other) on ?").render(Lang::Fr), "database error 5 (Other) on ?");
        assert_eq!(why("asks to wait 3 s").render(Lang::Fr), "il demande d’attendre 3 s");
        assert_eq!(why("the connection broke").render(Lang::En), "the connection broke");
        assert_eq!(why("a library's own words").render(Lang::Fr), "a library's own words");
    }
}
