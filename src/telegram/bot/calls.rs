//! Each of the bot's calls.

use futures::future::BoxFuture;
use teloxide::net::Download as _;
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, BotCommandScope, CallbackQueryId, ChatMember, ChatMemberKind, FileId, InputFile, MessageId, Recipient,
    UserId,
};

use super::super::incoming::standing;
use super::super::port::{Attachment, Called, ChatInfo, Leave, MemberInfo, MenuScope, Messenger, Trouble};
use super::super::screen::{Page, clip, unbroken};
use super::{Bot, no_preview, trouble};
use crate::kernel::Lang;
use crate::platform::outbox::Rank;

fn user(account: i64) -> UserId {
    UserId(u64::try_from(account).unwrap_or(0))
}

fn message_id(message: i64) -> MessageId {
    MessageId(i32::try_from(message).unwrap_or(0))
}

fn info(member: &ChatMember) -> MemberInfo {
    let rights = match &member.kind {
        ChatMemberKind::Administrator(admin) => [
            ("can_change_info", admin.can_change_info),
            ("can_delete_messages", admin.can_delete_messages),
            ("can_restrict_members", admin.can_restrict_members),
            ("can_invite_users", admin.can_invite_users),
            ("can_pin_messages", admin.can_pin_messages),
            ("can_manage_video_chats", admin.can_manage_video_chats),
            ("can_promote_members", admin.can_promote_members),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect(),
        _ => Vec::new(),
    };
    MemberInfo {
        account: i64::try_from(member.user.id.0).unwrap_or(0),
        standing: standing(member),
        is_owner: member.is_owner(),
        rights,
    }
}

impl Messenger for Bot {
    fn turn(&self, chat: i64, rank: Rank) -> BoxFuture<'_, Called<Leave>> {
        Box::pin(async move {
            let at = self.pace.turn(chat, rank).await.map_err(Trouble::Wait)?;
            Ok(Leave { chat, at })
        })
    }

    fn turn_to_edit(&self, chat: i64) -> BoxFuture<'_, Called<Leave>> {
        Box::pin(async move {
            let at = self.pace.turn_to_edit(chat).await.map_err(Trouble::Wait)?;
            Ok(Leave { chat, at })
        })
    }

    fn send<'a>(&'a self, leave: Leave, page: &'a Page) -> BoxFuture<'a, Called<i64>> {
        Box::pin(async move {
            let mut request = self
                .api
                .send_message(ChatId(leave.chat), unbroken(&page.text))
                .disable_notification(page.silent)
                .link_preview_options(no_preview());
            if !page.keys.is_empty() {
                request = request.reply_markup(self.keyboard(page));
            }
            let sent = self.paced(leave, "sendMessage", request).await?;
            Ok(i64::from(sent.id.0))
        })
    }

    fn is_free(&self, chat: i64) -> bool {
        self.pace.is_free(chat)
    }

    fn edit<'a>(&'a self, leave: Leave, message: i64, page: &'a Page) -> BoxFuture<'a, Called<bool>> {
        Box::pin(async move {
            let request = self
                .api
                .edit_message_text(ChatId(leave.chat), message_id(message), unbroken(&page.text))
                .link_preview_options(no_preview())
                .reply_markup(self.keyboard(page));
            match self.paced(leave, "editMessageText", request).await {
                Ok(_) => Ok(true),
                Err(Trouble::Refused(words)) if words.contains("message is not modified") => Ok(false),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn delete(&self, chat: i64, message: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(async move {
            match self.call("deleteMessage", self.api.delete_message(ChatId(chat), message_id(message))).await {
                Ok(_) => Ok(true),
                Err(Trouble::MessageGone) => Ok(false),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn pin(&self, chat: i64, message: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            let request = self.api.pin_chat_message(ChatId(chat), message_id(message)).disable_notification(true);
            match self.call("pinChatMessage", request).await {
                Ok(_) => Ok(()),
                Err(Trouble::Refused(why)) if why.contains("CHAT_NOT_MODIFIED") => Ok(()),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn set_photo(&self, chat: i64, bytes: Vec<u8>) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            let photo = InputFile::memory(bytes).file_name("photo.jpg");
            self.call("setChatPhoto", self.api.set_chat_photo(ChatId(chat), photo)).await.map(|_| ())
        })
    }

    fn send_file(&self, leave: Leave, file: Attachment) -> BoxFuture<'_, Called<i64>> {
        Box::pin(async move {
            let input = InputFile::memory(file.bytes).file_name(file.name);
            let request =
                self.api.send_document(ChatId(leave.chat), input).caption(clip(&unbroken(&file.caption), 1024));
            let sent = self.paced(leave, "sendDocument", request).await?;
            Ok(i64::from(sent.id.0))
        })
    }

    fn answer_press<'a>(&'a self, query: &'a str, text: Option<&'a str>, loud: bool) -> BoxFuture<'a, Called<()>> {
        Box::pin(async move {
            let mut request = self.api.answer_callback_query(CallbackQueryId(query.to_owned())).show_alert(loud);
            if let Some(text) = text {
                request = request.text(clip(&unbroken(text), 200));
            }
            match self.call("answerCallbackQuery", request).await {
                Ok(_) => Ok(()),
                // A press that was answered before a restart, or too long ago: nothing is left to answer.
                Err(Trouble::Refused(words)) if trouble::is_old_press(&words) => Ok(()),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn approve_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            settle_join(
                self.call("approveChatJoinRequest", self.api.approve_chat_join_request(ChatId(chat), user(account)))
                    .await,
            )
        })
    }

    fn decline_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            settle_join(
                self.call("declineChatJoinRequest", self.api.decline_chat_join_request(ChatId(chat), user(account)))
                    .await,
            )
        })
    }

    fn join_link<'a>(&'a self, chat: i64, name: &'a str) -> BoxFuture<'a, Called<String>> {
        Box::pin(async move {
            let request =
                self.api.create_chat_invite_link(ChatId(chat)).name(clip(name, 32)).creates_join_request(true);
            Ok(self.call("createChatInviteLink", request).await?.invite_link)
        })
    }

    fn chat(&self, chat: i64) -> BoxFuture<'_, Called<ChatInfo>> {
        Box::pin(async move {
            let full = self.call("getChat", self.api.get_chat(ChatId(chat))).await?;
            Ok(ChatInfo {
                id: full.id.0,
                title: full.title().unwrap_or_default().to_owned(),
                is_supergroup: full.is_supergroup(),
            })
        })
    }

    fn member(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<MemberInfo>> {
        Box::pin(async move {
            let member = self.call("getChatMember", self.api.get_chat_member(ChatId(chat), user(account))).await?;
            Ok(info(&member))
        })
    }

    fn administrators(&self, chat: i64) -> BoxFuture<'_, Called<Vec<MemberInfo>>> {
        Box::pin(async move {
            let members = self.call("getChatAdministrators", self.api.get_chat_administrators(ChatId(chat))).await?;
            Ok(members.iter().map(info).collect())
        })
    }

    fn ban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            self.call("banChatMember", self.api.ban_chat_member(ChatId(chat), user(account))).await.map(|_| ())
        })
    }

    fn remove(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            // Without only_if_banned a present member is thrown out and not banned: one call, which may be repeated.
            let request = self.api.unban_chat_member(ChatId(chat), user(account)).only_if_banned(false);
            self.call("unbanChatMember", request).await.map(|_| ())
        })
    }

    fn unban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            // Without only_if_banned Telegram throws a present member out.
            let request = self.api.unban_chat_member(ChatId(chat), user(account)).only_if_banned(true);
            self.call("unbanChatMember", request).await.map(|_| ())
        })
    }

    fn download<'a>(&'a self, file_id: &'a str, most: u64) -> BoxFuture<'a, Called<Vec<u8>>> {
        Box::pin(async move {
            let file = self.call("getFile", self.api.get_file(FileId(file_id.to_owned()))).await?;
            self.probe.reach("before call").await;
            let bytes = self.fetch(&file.path, most).await;
            self.probe.reach("after call").await;
            bytes
        })
    }

    fn set_menu<'a>(
        &'a self,
        scope: MenuScope,
        language: Option<Lang>,
        commands: &'a [(String, String)],
    ) -> BoxFuture<'a, Called<()>> {
        Box::pin(async move {
            let scope = match scope {
                MenuScope::Default => BotCommandScope::Default,
                MenuScope::AllPrivate => BotCommandScope::AllPrivateChats,
                MenuScope::AllGroups => BotCommandScope::AllGroupChats,
                MenuScope::AllGroupAdmins => BotCommandScope::AllChatAdministrators,
                MenuScope::Chat(chat) => BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(chat)) },
                MenuScope::Member(chat, account) => {
                    BotCommandScope::ChatMember { chat_id: Recipient::Id(ChatId(chat)), user_id: user(account) }
                }
            };
            let commands: Vec<BotCommand> =
                commands.iter().map(|(name, line)| BotCommand::new(name, clip(line, 256))).collect();
            let mut request = self.api.set_my_commands(commands).scope(scope);
            if let Some(language) = language {
                request = request.language_code(language.code());
            }
            self.call("setMyCommands", request).await.map(|_| ())
        })
    }

    fn me(&self) -> (i64, String) {
        (self.id, self.name.clone())
    }
}

impl Bot {
    async fn fetch(&self, path: &str, most: u64) -> Called<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut pieces = std::pin::pin!(self.api.download_file_stream(path));
        while let Some(piece) = futures::StreamExt::next(&mut pieces).await {
            let piece = piece.map_err(|_| Trouble::Unsent("the download broke".to_owned()))?;
            if u64::try_from(bytes.len() + piece.len()).unwrap_or(u64::MAX) > most {
                return Err(Trouble::Refused("file is too big".to_owned()));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// A join request that is not there any more was answered before (by us, before a crash, or by another admin).
fn settle_join<T>(outcome: Called<T>) -> Called<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(Trouble::Refused(words))
            if words.contains("HIDE_REQUESTER_MISSING") || words.contains("USER_ALREADY_PARTICIPANT") =>
        {
            Ok(())
        }
        Err(trouble) => Err(trouble),
    }
}
