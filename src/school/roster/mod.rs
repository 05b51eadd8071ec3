//! Who is in the school, what each may do, and which Telegram account is theirs.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod sheet;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::kernel::text::names;
use crate::kernel::{At, Lang, Text};
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

    /// Given by a link of its own: no file gives it or takes it.
    pub const fn is_by_link_alone(self) -> bool {
        matches!(self, Self::Admin)
    }

    /// What everybody is to whom nothing else was given.
    pub const fn is_least(self) -> bool {
        matches!(self, Self::Student)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::Supervisor => "supervisor",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
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

/// A person of the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Person {
    pub id: String,
    pub last_name: String,
    pub first_name: String,
    pub email: Option<String>,
    /// `YYYY-MM-DD`
    pub birth: Option<String>,
    pub card: Option<String>,
    pub role: Role,
    pub lang: Option<Lang>,
    pub active: bool,
}

impl Person {
    /// « Inès Moreau »
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name.trim(), self.last_name.trim()).trim().to_owned()
    }
    /// « Inès M. »: where a full name need not be.
    pub fn short_name(&self) -> String {
        names::short(&self.first_name, &self.last_name)
    }
}

/// Lets somebody into a class's group who asked: performed by the sessions, which know who teaches there.
pub const APPROVE: &str = "roster.approve_join";

/// An account was untied: performed by the feature that weighs removals, once it cannot be undone any more.
pub const STRAY: &str = "roster.stray";

/// An account that was untied from a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    pub person: String,
    pub account: i64,
    /// Who untied it.
    pub by: String,
}

/// A person who can be written to in private: the account and its language.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reachable {
    pub person_id: String,
    pub telegram_id: i64,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub lang: Option<Lang>,
}

impl Reachable {
    pub fn short_name(&self) -> String {
        names::short(&self.first_name, &self.last_name)
    }
}

/// How a personal link reaches its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkKind {
    /// Made on the command line: whoever opens it becomes an admin.
    Admin,
    /// Handed out on paper.
    Printed,
    Mailed,
}

impl LinkKind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Printed => "printed",
            Self::Mailed => "mailed",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkState {
    Open,
    Used,
    Dead,
}

/// A personal link. Its token is nowhere but in its person's hands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub token_hash: String,
    pub kind: LinkKind,
    pub person_id: Option<String>,
    pub expires_at: At,
    pub tries: i64,
    pub state: LinkState,
    /// The account that used it.
    pub used_by: Option<i64>,
}

/// What a student says of their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    Under16,
    Sixteen,
    Adult,
}

impl AgeBand {
    pub const ALL: [Self; 3] = [Self::Under16, Self::Sixteen, Self::Adult];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Under16 => "under_16",
            Self::Sixteen => "16_17",
            Self::Adult => "18",
        }
    }
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.code() == code)
    }
}

/// Who an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The active person behind it.
    pub person: Option<Person>,
    pub lang: Lang,
    /// What Telegram says that they speak, where we speak it too.
    pub spoken: Option<Lang>,
}

/// What somebody types to show that a link is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    Birth,
    Card,
    BirthOrCard,
    Email,
}

/// The form in which two card numbers are compared: no case, no spaces, no zeros before (Excel drops them).
pub fn card_key(card: &str) -> String {
    let compact: String = card.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let short = compact.trim_start_matches('0');
    if short.is_empty() { compact } else { short.to_owned() }
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
            for lang in Lang::ALL {
                assert_eq!(Role::read(&role.label().render(lang)), Some(role));
            }
        }
    }
}
