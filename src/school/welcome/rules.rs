//! Which tasks come first for whom. Pure.

/// Who asks for help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Anyone,
    Student,
    Teacher,
    Supervisor,
    Manager,
    Admin,
}

/// How many tasks are shown with a button.
pub const MOST_TASKS: usize = 5;

/// What a reader does most, by French name, most frequent first. Those that do not exist are left out.
pub const fn tasks(reader: Reader) -> &'static [&'static str] {
    match reader {
        Reader::Anyone => &["confidentialite", "reglages", "ping"],
        Reader::Student => &["aujourdhui", "semaine", "prochain", "moi", "absence", "reglages", "confidentialite"],
        Reader::Teacher => &["presence", "aujourdhui", "semaine", "prochain", "reglages", "confidentialite"],
        Reader::Supervisor => &["classes", "liens", "presence", "rapport", "aujourdhui", "reglages", "confidentialite"],
        Reader::Manager => &["classes", "liens", "presence", "rapport", "etat", "reglages", "confidentialite"],
        Reader::Admin => &["horaires", "modele", "liens", "classes", "etat", "adopter", "reglages"],
    }
}

/// The command that somebody names: `absence`, `/Absence`, `/absence@bot`.
pub fn named(typed: &str) -> String {
    let word = typed.split_whitespace().next().unwrap_or_default();
    let word = word.trim_start_matches('/');
    word.split('@').next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_named_with_or_without_its_stroke() {
        for typed in ["absence", "/Absence", " /absence@PreauBot x"] {
            assert_eq!(named(typed), "absence");
        }
        assert_eq!(named(""), "");
    }

    #[test]
    fn everybody_has_tasks() {
        use Reader::{Admin, Anyone, Manager, Student, Supervisor, Teacher};
        for reader in [Anyone, Student, Teacher, Supervisor, Manager, Admin] {
            assert!(tasks(reader).len() >= 3);
        }
    }
}
