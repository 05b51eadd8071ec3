//! Rights and permissions: the same things under two worlds' names.

use std::collections::BTreeSet;

use grammers_tl_types::{enums, types};

use super::refusal::No;
use super::shapes::blank;
use crate::sandbox::world::chat::PERMISSIONS;

/// Each of an admin's rights: the Bot API's name, and its place in `chatAdminRights`.
macro_rules! admin_rights {
    ($($name:literal => $field:ident),* $(,)?) => {
        /// What an admin may, by the Bot API's names.
        pub fn held(rights: &enums::ChatAdminRights) -> BTreeSet<&'static str> {
            let enums::ChatAdminRights::Rights(rights) = rights;
            [$(rights.$field.then_some($name)),*].into_iter().flatten().collect()
        }

        pub fn admin(held: impl Fn(&str) -> bool) -> Result<enums::ChatAdminRights, No> {
            let mut rights = blank::<types::ChatAdminRights>(&[&[0; 4]])?;
            $(rights.$field = held($name);)*
            Ok(rights.into())
        }
    };
}

admin_rights! {
    "can_manage_chat" => other,
    "can_delete_messages" => delete_messages,
    "can_manage_video_chats" => manage_call,
    "can_restrict_members" => ban_users,
    "can_promote_members" => add_admins,
    "can_change_info" => change_info,
    "can_invite_users" => invite_users,
    "can_post_stories" => post_stories,
    "can_edit_stories" => edit_stories,
    "can_delete_stories" => delete_stories,
    "can_pin_messages" => pin_messages,
    "can_manage_topics" => manage_topics,
    "can_manage_tags" => manage_ranks,
}

/// Each permission of an ordinary member, and what of `chatBannedRights` takes it away.
macro_rules! permissions {
    ($($name:literal => $field:ident),* $(,)?) => {
        fn taken(banned: &types::ChatBannedRights, name: &str) -> bool {
            match name {
                $($name => banned.$field,)*
                _ => false,
            }
        }

        pub fn banned(permitted: &BTreeSet<&'static str>, until: i64) -> Result<types::ChatBannedRights, No> {
            let mut rights = blank::<types::ChatBannedRights>(&[&[0; 8]])?;
            $(rights.$field = !permitted.contains($name);)*
            rights.until_date = super::requests::date(until);
            Ok(rights)
        }
    };
}

permissions! {
    "can_send_messages" => send_messages,
    "can_send_audios" => send_audios,
    "can_send_documents" => send_docs,
    "can_send_photos" => send_photos,
    "can_send_videos" => send_videos,
    "can_send_video_notes" => send_roundvideos,
    "can_send_voice_notes" => send_voices,
    "can_send_polls" => send_polls,
    "can_send_other_messages" => send_stickers,
    "can_add_web_page_previews" => embed_links,
    "can_react_to_messages" => send_reactions,
    "can_edit_tag" => edit_rank,
    "can_change_info" => change_info,
    "can_invite_users" => invite_users,
    "can_pin_messages" => pin_messages,
    "can_manage_topics" => manage_topics,
}

/// What a restricted member may still do.
pub fn permitted(banned: &types::ChatBannedRights) -> BTreeSet<&'static str> {
    PERMISSIONS.into_iter().filter(|name| !taken(banned, name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_cross_over_and_back() {
        let held_by_name = BTreeSet::from(["can_manage_video_chats", "can_restrict_members"]);
        let rights = admin(|name| held_by_name.contains(name)).unwrap();
        assert_eq!(held(&rights), held_by_name);
        let muted = banned(&BTreeSet::from(["can_send_polls"]), 7).unwrap();
        assert!(muted.send_messages && !muted.send_polls && !muted.view_messages);
        assert_eq!(permitted(&muted), BTreeSet::from(["can_send_polls"]));
    }
}
