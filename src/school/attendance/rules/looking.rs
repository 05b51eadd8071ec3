//! What changes between two looks into a call.
//!
//! A look that saw everybody is the truth: who is not in it has left. One that did not can only add.

use std::collections::BTreeMap;

use crate::kernel::At;

/// Somebody in a call, whoever they are: an account, or a channel as which they joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    pub peer: i64,
    /// When it joined, as Telegram says.
    pub since: At,
}

/// Something that a look shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Joined { peer: i64, at: At },
    Left { peer: i64, at: At },
}

impl Change {
    pub const fn left_at(&self) -> Option<At> {
        match self {
            Self::Joined { .. } => None,
            Self::Left { at, .. } => Some(*at),
        }
    }
}

/// What changed from `before` (who was in at the last look, which was at `seen`) to `now` (a look at `at`).
///
/// Who joined anew since the last look was out in between: they left when they were seen last, and came when Telegram
/// says. A join date from before the last look at which they were not seen counts from that date all the same: that look
/// may have been incomplete.
pub fn changes(before: &[Device], seen: Option<At>, now: &[Device], complete: bool, at: At) -> Vec<Change> {
    let known: BTreeMap<i64, At> = before.iter().map(|device| (device.peer, device.since)).collect();
    let mut found = Vec::new();
    for device in now {
        // A date from the future is a clock that differs.
        let since = device.since.min(at);
        match known.get(&device.peer) {
            None => found.push(Change::Joined { peer: device.peer, at: since }),
            Some(earlier) if *earlier != since && seen.is_some_and(|seen| since > seen) => {
                let left = seen.map_or(since, |seen| seen.max(*earlier));
                found.push(Change::Left { peer: device.peer, at: left });
                found.push(Change::Joined { peer: device.peer, at: since });
            }
            Some(_) => {}
        }
    }
    if complete {
        let gone = known.keys().filter(|peer| !now.iter().any(|device| device.peer == **peer));
        found.extend(gone.map(|peer| Change::Left { peer: *peer, at }));
    }
    found
}

/// Who is in after that.
pub fn after(before: &[Device], now: &[Device], complete: bool) -> Vec<Device> {
    let mut all: BTreeMap<i64, At> = BTreeMap::new();
    if !complete {
        all.extend(before.iter().map(|device| (device.peer, device.since)));
    }
    all.extend(now.iter().map(|device| (device.peer, device.since)));
    all.into_iter().map(|(peer, since)| Device { peer, since }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn devices(list: &[(i64, i64)]) -> Vec<Device> {
        list.iter().map(|(peer, since)| Device { peer: *peer, since: At(*since) }).collect()
    }

    #[test]
    fn who_comes_and_goes_between_two_looks() {
        let before = devices(&[(1, 10), (2, 10)]);
        let seen = Some(At(100));
        let look = |now: &[(i64, i64)], complete| changes(&before, seen, &devices(now), complete, At(112));
        assert_eq!(look(&[(1, 10), (2, 10)], true), []);
        assert_eq!(
            look(&[(1, 10), (3, 105)], true),
            [Change::Joined { peer: 3, at: At(105) }, Change::Left { peer: 2, at: At(112) }]
        );
        assert_eq!(
            look(&[(3, 105)], false),
            [Change::Joined { peer: 3, at: At(105) }],
            "a partial look removes nobody"
        );
        assert_eq!(look(&[], false), []);
        // Out and in again between two looks.
        assert_eq!(
            look(&[(1, 108), (2, 10)], true),
            [Change::Left { peer: 1, at: At(100) }, Change::Joined { peer: 1, at: At(108) }]
        );
        // A second device has an earlier date than the one that was seen: nothing happened.
        assert_eq!(look(&[(1, 9), (2, 10)], true), []);
        assert_eq!(look(&[(1, 10), (2, 10), (4, 500)], true), [Change::Joined { peer: 4, at: At(112) }]);
    }

    proptest! {
        /// Changes applied to who was in give who is in.
        #[test]
        fn changes_lead_from_one_look_to_the_next(
            before in prop::collection::btree_map(0i64..6, 0i64..100, 0..6),
            now in prop::collection::btree_map(0i64..6, 0i64..120, 0..6),
            complete in any::<bool>(),
        ) {
            let list = |map: &BTreeMap<i64, i64>| -> Vec<Device> {
                map.iter().map(|(peer, since)| Device { peer: *peer, since: At(*since) }).collect()
            };
            let (before, now) = (list(&before), list(&now));
            let mut inside: std::collections::BTreeSet<i64> = before.iter().map(|device| device.peer).collect();
            for change in changes(&before, Some(At(100)), &now, complete, At(120)) {
                match change {
                    Change::Joined { peer, at } => { inside.insert(peer); prop_assert!(at <= At(120)); }
                    Change::Left { peer, at } => {
                        inside.remove(&peer);
                        prop_assert!(complete || now.iter().any(|device| device.peer == peer));
                        prop_assert!(at <= At(120));
                    }
                }
            }
            let then: std::collections::BTreeSet<i64> =
                after(&before, &now, complete).iter().map(|device| device.peer).collect();
            prop_assert_eq!(inside, then);
        }
    }
}
