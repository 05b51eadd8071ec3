//! Decisions about presence, pure.
