//! Sections that a feature or a connector claims. `config/default.toml` holds every key with its default; a key is known
//! when a room claims its section, so that nobody sets what nobody reads.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::ConfigError;
use super::layers::Layers;
use crate::kernel::{Error, Result};

/// What was read from a section.
pub type Settings = Arc<dyn Any + Send + Sync>;

/// One section and how it is read: what is wrong in it is refused at the start, with the key's name.
#[derive(Clone, Copy)]
pub struct Section {
    pub name: &'static str,
    pub read: fn(&Layers) -> Result<Settings, ConfigError>,
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Section({})", self.name)
    }
}

/// What every claimed section says, by its type.
#[derive(Clone, Default)]
pub(super) struct Sections(BTreeMap<TypeId, Settings>);

impl fmt::Debug for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sections", self.0.len())
    }
}

impl Sections {
    pub(super) fn read(layers: &Layers, claimed: &[Section]) -> Result<Self, ConfigError> {
        let mut sections = Self::default();
        for section in claimed {
            let settings = (section.read)(layers)?;
            sections.0.insert((*settings).type_id(), settings);
        }
        Ok(sections)
    }

    pub(super) fn get<T: Any>(&self) -> Result<&T> {
        let found = self.0.get(&TypeId::of::<T>()).and_then(|settings| settings.downcast_ref());
        found.ok_or_else(|| Error::fault(&format!("no room claims a section of {}", std::any::type_name::<T>())))
    }
}
