//! Decisions about groups.

use super::RIGHTS;

/// The rights that are missing among those given, in the order of [`RIGHTS`].
pub fn missing(given: &[&str]) -> Vec<&'static str> {
    RIGHTS.into_iter().filter(|right| !given.contains(right)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(&RIGHTS), Vec::<&str>::new());
        assert_eq!(
            missing(&["can_delete_messages", "can_pin_messages"]),
            ["can_invite_users", "can_restrict_members", "can_change_info"]
        );
    }
}
