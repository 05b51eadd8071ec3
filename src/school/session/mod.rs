//! One lesson of one class, from its reminder to its sheet.

use serde::{Deserialize, Serialize};

use crate::kernel::Text;
use crate::kernel::text::names;
use crate::text;

/// Where a session takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, Default)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Présentiel.
    #[default]
    OnSite,
    /// Distanciel.
    Remote,
    Hybrid,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::OnSite, Self::Remote, Self::Hybrid];

    /// A mode as people write it, in French or English.
    pub fn read(words: &str) -> Option<Self> {
        Some(match names::fold(words).as_str() {
            "presentiel" | "presence" | "en presentiel" | "sur place" | "sur site" | "en salle" | "on site"
            | "onsite" | "in person" | "face to face" => Self::OnSite,
            "distanciel" | "en distanciel" | "distance" | "a distance" | "en ligne" | "visio" | "visioconference"
            | "remote" | "online" | "distant" => Self::Remote,
            "hybride" | "hybrid" | "comodal" | "bimodal" | "mixte" | "mixed" => Self::Hybrid,
            _ => return None,
        })
    }

    pub fn label(self) -> Text {
        match self {
            Self::OnSite => text!("workbook-mode-on-site"),
            Self::Remote => text!("workbook-mode-remote"),
            Self::Hybrid => text!("workbook-mode-hybrid"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_as_people_write_them() {
        assert_eq!(Mode::read("Présentiel"), Some(Mode::OnSite));
        assert_eq!(Mode::read("À distance"), Some(Mode::Remote));
        assert_eq!(Mode::read("HYBRIDE"), Some(Mode::Hybrid));
        assert_eq!(Mode::read("sur Mars"), None);
        for mode in Mode::ALL {
            for lang in crate::kernel::Lang::ALL {
                assert_eq!(Mode::read(&mode.label().render(lang)), Some(mode));
            }
        }
    }
}
