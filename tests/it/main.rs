//! The one integration binary.
// `test` is what lets clippy see that its helpers are test code too.
#![cfg(test)]

#[cfg(feature = "sandbox")]
mod abilities;
mod architecture;
#[cfg(feature = "sandbox")]
mod browser;
mod catalogue;
#[cfg(feature = "sandbox")]
mod laws;
#[cfg(feature = "sandbox")]
mod paths;
mod place;
mod readme;
#[cfg(feature = "sandbox")]
mod sandbox;
mod sheets;
mod source;
mod store;
#[cfg(feature = "sandbox")]
mod talk;
mod workbook;
#[cfg(feature = "sandbox")]
mod world;
