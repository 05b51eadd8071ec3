//! The one integration binary.
#![cfg(test)]

mod architecture;
mod catalogue;
mod sheets;
mod source;
#[cfg(feature = "sandbox")]
mod talk;
#[cfg(feature = "sandbox")]
mod world;
