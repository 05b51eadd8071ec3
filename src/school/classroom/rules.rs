//! Decisions about groups.

use super::RIGHTS;
use crate::kernel::Text;
use crate::text;

/// The rights that are missing among those given, in the order of [`RIGHTS`].
pub fn missing(given: &[&str]) -> Vec<&'static str> {
    RIGHTS.into_iter().filter(|right| !given.contains(right)).collect()
}

/// The missing rights in the words that Telegram's own screens use.
pub fn wanted(missing: &[&str]) -> Text {
    Text::lines(missing.iter().map(|right| match *right {
        "can_invite_users" => text!("classroom-right-invite"),
        "can_delete_messages" => text!("classroom-right-delete"),
        "can_restrict_members" => text!("classroom-right-ban"),
        "can_pin_messages" => text!("classroom-right-pin"),
        _ => text!("classroom-right-info"),
    }))
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
