//! One integration binary.

// `test` is what lets clippy see that its helpers are test code too.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
