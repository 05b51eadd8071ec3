//! One integration binary.

// `cfg(test)` is what lets clippy see that its helpers are test code too.
#[cfg(test)]
mod sandbox;
