//! The outside systems that a school has, one folder each. Features know them by their abilities only.

pub mod ability;
pub mod smtp;

use crate::kernel::{Clock, Result};
use crate::platform::abilities::Abilities;
use crate::platform::config::{Config, Section};
use crate::platform::store::Probe;

/// One outside system.
pub struct Connector {
    pub name: &'static str,
    /// Its sections of the configuration.
    pub settings: &'static [Section],
    /// Offers what it can do, when the configuration names it; each of its calls lies between two probes.
    pub connect: fn(&Config, &Clock, &Probe, &mut Abilities) -> Result<()>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connector({})", self.name)
    }
}

/// Every connector, each one line.
pub const CONNECTORS: &[Connector] = &[smtp::CONNECTOR];
