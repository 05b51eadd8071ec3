//! The model days (`laws::days`) in a program of their own: quickly built with optimisation, a thousand are played in every
//! `.ci/run`. `cargo test` has some of them among all others.
#![cfg(test)]

mod laws {
    #[expect(dead_code, reason = "the days through the real doors look at more of it")]
    pub mod days;
}
#[expect(dead_code, reason = "other tests need more of it")]
mod place;
mod store {
    #[expect(dead_code, reason = "other tests need more of it")]
    #[path = "raw.rs"]
    mod raw;
    pub use self::raw::Raw;
}
