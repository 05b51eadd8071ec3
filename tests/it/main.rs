//! The one integration binary.
#![cfg(test)]

mod architecture;
mod catalogue;
mod source;
