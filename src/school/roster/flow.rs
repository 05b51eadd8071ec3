//! The roster's reads, for features listed later.

pub use super::store::{
    classrooms_of, enrolments, people, person, person_of_account, reachable, reachable_by_role, reachable_in_charge,
    students_of,
};
