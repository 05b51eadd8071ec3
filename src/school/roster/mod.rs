//! Who is in the school, and what each may do.

use serde::{Deserialize, Serialize};

use crate::kernel::Text;
use crate::kernel::text::names;
use crate::text;

/// What a person may do. Ordered: each role may do what the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, Default)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Student,
    Teacher,
    Supervisor,
    Manager,
    Admin,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Student, Self::Teacher, Self::Supervisor, Self::Manager, Self::Admin];

    /// A role as people write it, in French or English (`Étudiante`, `prof`, `vie scolaire`).
    pub fn read(words: &str) -> Option<Self> {
        let folded = names::fold(words);
        // « étudiant·e », « étudiant(e) »
        let word = folded.strip_suffix(" e").unwrap_or(&folded);
        Some(match word {
            "etudiant" | "etudiante" | "eleve" | "apprenti" | "apprentie" | "apprenant" | "apprenante"
            | "stagiaire" | "alternant" | "alternante" | "student" | "pupil" | "learner" | "apprentice" => {
                Self::Student
            }
            "enseignant" | "enseignante" | "professeur" | "professeure" | "prof" | "formateur" | "formatrice"
            | "intervenant" | "intervenante" | "teacher" | "lecturer" | "trainer" => Self::Teacher,
            "superviseur" | "superviseuse" | "superviseure" | "surveillant" | "surveillante" | "vie scolaire"
            | "cpe" | "supervisor" => Self::Supervisor,
            "responsable" | "responsable pedagogique" | "manager" => Self::Manager,
            "admin" | "administrateur" | "administratrice" | "administrator" => Self::Admin,
            _ => return None,
        })
    }

    pub fn label(self) -> Text {
        match self {
            Self::Student => text!("workbook-role-student"),
            Self::Teacher => text!("workbook-role-teacher"),
            Self::Supervisor => text!("workbook-role-supervisor"),
            Self::Manager => text!("workbook-role-manager"),
            Self::Admin => text!("workbook-role-admin"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_people_write_them() {
        for (words, role) in [
            ("Étudiante", Role::Student),
            ("étudiant·e", Role::Student),
            ("PROF", Role::Teacher),
            ("Vie scolaire", Role::Supervisor),
            ("Responsable pédagogique", Role::Manager),
            ("admin", Role::Admin),
        ] {
            assert_eq!(Role::read(words), Some(role), "{words}");
        }
        assert_eq!(Role::read("directeur du monde"), None);
        assert!(Role::Student < Role::Teacher && Role::Manager < Role::Admin);
    }

    #[test]
    fn every_label_is_read_back() {
        for role in Role::ALL {
            for lang in crate::kernel::Lang::ALL {
                assert_eq!(Role::read(&role.label().render(lang)), Some(role));
            }
        }
    }
}
