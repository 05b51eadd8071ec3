//! The roster's reads, for features listed later.

pub use super::store::{
    classrooms_of, enrolments, people, person, person_of_account, reachable, reachable_by_role, reachable_in_charge,
    students_of,
};

use super::{Reachable, Role, store};
use crate::kernel::Result;
use crate::platform::store::Tx;

/// Those in charge of a class who can be written to: its supervisors, else all supervisors, else managers, else admins.
pub async fn staff_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Reachable>> {
    let own = store::reachable_in_charge(tx, classroom_id, Role::Supervisor).await?;
    if !own.is_empty() {
        return Ok(own);
    }
    for role in [Role::Supervisor, Role::Manager, Role::Admin] {
        let all = store::reachable_by_role(tx, role).await?;
        if !all.is_empty() {
            return Ok(all);
        }
    }
    Ok(Vec::new())
}
