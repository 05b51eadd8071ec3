//! What recurs. Occurrences are computed in the **school's time zone** by croner and stored as outbox rows, one ahead:
//! nothing is forgotten by a restart, nothing shifts when clocks change. An occurrence that is begun writes the next one
//! in the same transaction, so that none is skipped however fast school time runs.

use croner::Cron;
use std::str::FromStr;

use crate::kernel::time::Zone;
use crate::kernel::{At, Error, Result};
use crate::platform::outbox::{self, Put, Row};
use crate::platform::store::{Db, Tx};

/// An occurrence's key: `moment:NAME:UTC`.
const PREFIX: &str = "moment:";

/// Something that recurs: performed by the job `kind` with an empty payload.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub name: &'static str,
    /// Five fields, in the school's zone (`0 3 * * *`).
    pub cron: &'static str,
    pub kind: &'static str,
    /// How long after its time a missed occurrence is still worth performing.
    pub catch_up_hours: i64,
}

/// The first occurrence after `after`.
pub fn next(cron: &str, zone: Zone, after: At) -> Result<At> {
    let cron = Cron::from_str(cron).map_err(|error| Error::fault(&format!("cron « {cron} »: {error}")))?;
    let next = cron
        .find_next_occurrence(&zone.local(after), false)
        .map_err(|error| Error::fault(&format!("cron has no next occurrence: {error}")))?;
    Ok(At::of(&next))
}

/// Writes the next occurrence of each moment; those that stand already stay.
pub async fn ensure(db: &Db, moments: impl IntoIterator<Item = &'static Moment>) -> Result<()> {
    let moments: Vec<&'static Moment> = moments.into_iter().collect();
    db.transact(async |tx| {
        for moment in moments {
            let now = tx.now();
            put_after(tx, moment, now).await?;
        }
        Ok(())
    })
    .await
}

/// A row was begun: if it is an occurrence, the one after it is written. After a long stop those whose window is over
/// are not written one by one: the occurrence that stood is recorded as missed for all of them.
pub async fn follow(tx: &mut Tx, moments: impl IntoIterator<Item = &'static Moment>, row: &Row) -> Result<()> {
    let Some((name, _)) = row.key.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')) else { return Ok(()) };
    let Some(moment) = moments.into_iter().find(|moment| moment.name == name) else { return Ok(()) };
    let open = tx.now().plus_hours(-moment.catch_up_hours);
    put_after(tx, moment, row.due_at.max(open)).await
}

async fn put_after(tx: &mut Tx, moment: &Moment, after: At) -> Result<()> {
    let due = next(moment.cron, tx.zone(), after)?;
    let key = format!("{PREFIX}{}:{}", moment.name, due.utc().format("%Y-%m-%dT%H:%M"));
    let put = Put::new(moment.kind, key, &serde_json::json!({}))?
        .lane(format!("{PREFIX}{}", moment.name))
        .inner()
        .due(due)
        .until(due.plus_hours(moment.catch_up_hours));
    outbox::put(tx, put).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(at: At) -> String {
        Zone::default().local(at).format("%Y-%m-%dT%H:%M%:z").to_string()
    }
    fn at(text: &str) -> At {
        At::of(&chrono::DateTime::parse_from_rfc3339(text).expect("an instant"))
    }

    #[test]
    fn eight_o_clock_stays_eight_o_clock_when_clocks_change() {
        let zone = Zone::default();
        let spring = next("0 8 * * *", zone, at("2027-03-27T12:00:00+01:00")).expect("next");
        assert_eq!(local(spring), "2027-03-28T08:00+02:00");
        let autumn = next("0 8 * * *", zone, at("2026-10-24T12:00:00+02:00")).expect("next");
        assert_eq!(local(autumn), "2026-10-25T08:00+01:00");
    }

    #[test]
    fn the_hour_that_does_not_exist_and_the_one_that_exists_twice() {
        let zone = Zone::default();
        let gap = next("30 2 * * *", zone, at("2027-03-28T00:00:00+01:00")).expect("next");
        assert_eq!(local(gap), "2027-03-28T03:00+02:00");
        let twice = next("30 2 * * *", zone, at("2026-10-25T00:00:00+02:00")).expect("next");
        assert_eq!(local(twice), "2026-10-25T02:30+02:00");
        let after = next("30 2 * * *", zone, twice).expect("next");
        assert_eq!(local(after), "2026-10-26T02:30+01:00");
    }

    #[test]
    fn wherever_the_school_is_it_is_its_own_three_o_clock() {
        for (zone, three) in [
            ("Indian/Reunion", "2026-11-24T23:00:00+00:00"),
            ("America/Martinique", "2026-11-25T07:00:00+00:00"),
            ("Pacific/Noumea", "2026-11-24T16:00:00+00:00"),
        ] {
            let next = next("0 3 * * *", zone.parse().expect(zone), at("2026-11-24T12:00:00Z")).expect("next");
            assert_eq!(next.utc().to_rfc3339(), three, "{zone}");
        }
    }

    #[test]
    fn nonsense_is_a_fault() {
        assert!(next("61 * * * *", Zone::default(), At(0)).is_err());
    }
}
