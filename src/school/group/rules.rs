//! Decisions about groups: who may what in them, which account steps in.

use std::time::Duration;

use super::{STAFF_RIGHTS, TEACHER_RIGHTS};
use crate::kernel::secret::sha256_hex;

/// Refusals that say that this account makes no more groups for now; another may.
const EXHAUSTED: &[&str] =
    &["PEER_FLOOD", "CHANNELS_TOO_MUCH", "CHANNELS_ADMIN_PUBLIC_TOO_MUCH", "USER_RESTRICTED", "USER_CHANNELS_TOO_MUCH"];
/// Refusals that say that somebody cannot be made an administrator; the others can.
const NOT_THEM: &[&str] = &[
    "USER_NOT_PARTICIPANT",
    "USER_ID_INVALID",
    "PARTICIPANT_ID_INVALID",
    "USER_PRIVACY_RESTRICTED",
    "USER_CREATOR",
    "USER_KICKED",
    "ADMINS_TOO_MUCH",
    "CHAT_ADMIN_REQUIRED",
    "RIGHT_FORBIDDEN",
    "the account does not know this person",
];

pub fn is_exhausted(word: &str) -> bool {
    EXHAUSTED.contains(&word)
}

pub fn is_about_them(word: &str) -> bool {
    NOT_THEM.contains(&word)
}

/// Does the refusal say that this account may not change them, as another might: whoever gave them their rights?
pub fn is_another_s(word: &str) -> bool {
    ["CHAT_ADMIN_REQUIRED", "RIGHT_FORBIDDEN"].contains(&word)
}

/// What somebody may do in a class's group as an administrator; nothing: they are none.
pub const fn rights(looks_after: bool, teaches: bool) -> &'static [&'static str] {
    match (looks_after, teaches) {
        (true, _) => STAFF_RIGHTS,
        (false, true) => TEACHER_RIGHTS,
        (false, false) => &[],
    }
}

/// Is somebody to be changed? `given`: the rights that they were given here (none: never made an administrator here);
/// `is_admin`: Telegram shows them as one.
pub fn is_to_change(wanted: &[&str], given: Option<&str>, is_admin: bool) -> bool {
    match given {
        // People of the school made them one: theirs to change.
        None => !wanted.is_empty() && !is_admin,
        Some(given) => given != wanted.join(" "),
    }
}

/// So long a creation that Telegram puts off waits for the same account when there is another, and when there is none.
const BRIEF: Duration = Duration::from_mins(1);
const BEARABLE: Duration = Duration::from_hours(1);

/// Telegram puts a creation off: is it for so long that this account is left out until then?
pub fn is_held_back(span: Duration, others: bool) -> bool {
    span > if others { BRIEF } else { BEARABLE }
}

/// The account that steps in beside the owner: the one that does so already, else one that falls to the class, so that
/// when an owner is lost its groups are spread over all the others.
pub fn spare(ready: &[i64], owner: i64, now: Option<i64>, classroom_id: &str) -> Option<i64> {
    let others = || ready.iter().copied().filter(|account| *account != owner);
    let lot = |account: &i64| sha256_hex(format!("{classroom_id}:{account}"));
    now.filter(|now| others().any(|other| other == *now)).or_else(|| others().min_by_key(lot))
}

/// Who asks about a group, in this order.
pub fn order(ready: &[i64], owner: Option<i64>, spare: Option<i64>) -> Vec<i64> {
    let rank = |account: &i64| match Some(*account) {
        this if this == owner => 0,
        this if this == spare => 1,
        _ => 2,
    };
    let mut all = ready.to_vec();
    all.sort_by_key(|account| (rank(account), *account));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teachers_manage_calls_and_staff_keep_order() {
        assert_eq!(rights(false, true), ["manage_call"]);
        assert_eq!(rights(true, true), ["manage_call", "delete_messages", "pin_messages"]);
        assert!(rights(false, false).is_empty());
    }

    #[test]
    fn only_what_was_given_here_is_taken_back() {
        assert!(is_to_change(&["manage_call"], None, false));
        assert!(!is_to_change(&["manage_call"], None, true));
        assert!(!is_to_change(&[], None, true));
        assert!(!is_to_change(&["manage_call"], Some("manage_call"), true));
        assert!(is_to_change(&[], Some("manage_call"), true));
        // Begun and not known to have been done.
        assert!(is_to_change(&["manage_call"], Some(""), true));
        assert!(!is_to_change(&[], Some(""), false));
    }

    #[test]
    fn a_long_wait_is_another_account_s_work() {
        let secs = Duration::from_secs;
        assert!(!is_held_back(secs(30), true) && is_held_back(secs(300), true));
        assert!(!is_held_back(secs(300), false) && is_held_back(secs(86_400), false));
    }

    #[test]
    fn classes_have_different_spares() {
        let mut stands_by = std::collections::BTreeMap::new();
        for class in 0..120 {
            let spare = spare(&[1, 2, 3, 4], 1, None, &format!("class {class}")).unwrap();
            *stands_by.entry(spare).or_insert(0) += 1;
            // The order in which accounts connected says nothing.
            assert_eq!(super::spare(&[4, 3, 2, 1], 1, None, &format!("class {class}")), Some(spare));
        }
        assert_eq!(stands_by.keys().copied().collect::<Vec<_>>(), [2, 3, 4]);
        assert!(stands_by.values().all(|count| (20..=60).contains(count)), "{stands_by:?}");
    }

    #[test]
    fn the_spare_is_another_and_stays() {
        assert_eq!(spare(&[1, 2, 3], 1, Some(3), "c"), Some(3));
        assert_eq!(spare(&[1, 2, 3], 1, Some(2), "c"), Some(2));
        assert_eq!(spare(&[1, 2], 1, Some(3), "c"), Some(2));
        assert_eq!(spare(&[1], 1, None, "c"), None);
        assert_eq!(order(&[1, 2, 3], Some(3), Some(2)), [3, 2, 1]);
    }
}
