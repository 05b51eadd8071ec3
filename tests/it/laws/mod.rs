//! Laws: a school day disturbed, against the same day undisturbed.

mod calls;
mod groups;
mod kill;
mod outcome;
mod programs;
mod several;
mod starting;
mod told;
