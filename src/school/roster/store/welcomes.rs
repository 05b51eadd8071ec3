//! The SQL of who is greeted in a class's group.

use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::{fetch_all, run, statements};

statements! {
    WELCOME = "INSERT INTO group_welcome (classroom_id, day, person_id) VALUES ($1, $2, $3) \
        ON CONFLICT (classroom_id, day, person_id) DO NOTHING";
    WELCOMED_BEFORE = "DELETE FROM group_welcome WHERE classroom_id = $1 AND day < $2";
    WELCOMED = "SELECT p.first_name FROM group_welcome w JOIN person p ON p.id = w.person_id \
        WHERE w.classroom_id = $1 AND w.day = $2 AND p.active ORDER BY p.id";
}

/// Notes one of a day; those of earlier days are forgotten.
pub(in crate::school::roster) async fn welcome(
    tx: &mut Tx,
    classroom_id: &str,
    day: &str,
    person_id: &str,
) -> Result<()> {
    run!(tx, WELCOMED_BEFORE, classroom_id, day)?;
    run!(tx, WELCOME, classroom_id, day, person_id).map(|_| ())
}

/// First names of those of a day, in no order.
pub(in crate::school::roster) async fn welcomed(tx: &mut Tx, classroom_id: &str, day: &str) -> Result<Vec<String>> {
    let names = fetch_all!(tx, (String,), WELCOMED, classroom_id, day)?;
    Ok(names.into_iter().map(|(name,)| name.trim().to_owned()).collect())
}
