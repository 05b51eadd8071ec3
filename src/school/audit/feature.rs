//! The audit registers its statements only: others write it.

use super::store;
use crate::school::feature::Feature;

pub const FEATURE: Feature = Feature { statements: store::STATEMENTS, ..Feature::named("audit") };
