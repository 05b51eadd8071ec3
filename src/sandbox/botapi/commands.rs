//! The bot's own page: commands by scope and language, name and descriptions.

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::refusal::{Answer, Refusal, bad};

/// A scope as a key: the same scope gives the same text.
pub fn scope_key(scope: Option<&Value>) -> String {
    let field = |name: &str| scope.and_then(|scope| scope.get(name)).map(Value::to_string).unwrap_or_default();
    let kind = scope.and_then(|scope| scope.get("type")).and_then(Value::as_str).unwrap_or("default");
    format!("{kind}/{}/{}", field("chat_id"), field("user_id"))
}

fn key(world: &World, p: &Params) -> Result<(String, String), Refusal> {
    let scope = p.json("scope")?;
    if let Some(scope) = &scope {
        let kind = scope.get("type").and_then(Value::as_str).unwrap_or_default();
        let of_chat = matches!(kind, "chat" | "chat_administrators" | "chat_member");
        let general = matches!(kind, "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators");
        if !of_chat && !general {
            return Err(bad("can't parse BotCommandScope: Unsupported type specified"));
        }
        let chat = scope.get("chat_id").and_then(Value::as_i64);
        if of_chat && !chat.is_some_and(|chat| world.chats.contains_key(&chat)) {
            return Err(bad("chat not found"));
        }
    }
    let language = p.text("language_code").unwrap_or_default();
    if !language.is_empty() && (language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase())) {
        return Err(bad("BOT_COMMAND_LANG_CODE_INVALID"));
    }
    Ok((scope_key(scope.as_ref()), language))
}

pub fn set(world: &mut World, p: &Params) -> Answer {
    let key = key(world, p)?;
    let given = p.json("commands")?.ok_or_else(|| bad("can't parse commands JSON object"))?;
    let list = given.as_array().ok_or_else(|| bad("expected an Array of BotCommand"))?;
    if list.len() > 100 {
        return Err(bad("BOT_COMMANDS_TOO_MUCH"));
    }
    let mut commands = Vec::new();
    for item in list {
        let field = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        // With or without a leading slash: Telegram takes both.
        let (name, description) = (field("command"), field("description"));
        let name = name.strip_prefix('/').unwrap_or(&name).to_owned();
        let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if name.is_empty() || name.len() > 32 || !letters {
            return Err(bad("BOT_COMMAND_INVALID"));
        }
        if description.is_empty() || description.chars().count() > 256 {
            return Err(bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
        commands.push((name, description));
    }
    world.bot.commands.insert(key, commands);
    Ok(json!(true))
}

pub fn get(world: &mut World, p: &Params) -> Answer {
    let key = key(world, p)?;
    let commands = world.bot.commands.get(&key).cloned().unwrap_or_default();
    Ok(commands.iter().map(|(name, description)| json!({ "command": name, "description": description })).collect())
}

pub fn delete(world: &mut World, p: &Params) -> Answer {
    let key = key(world, p)?;
    world.bot.commands.remove(&key);
    Ok(json!(true))
}

pub fn about(world: &mut World, name: &str, p: &Params) -> Answer {
    let too_long = |field: &str, longest: usize| p.text(field).is_some_and(|text| text.chars().count() > longest);
    match name {
        "getMyName" => return Ok(json!({ "name": world.bot.name })),
        "setMyName" if too_long("name", 64) => return Err(bad("BOT_TITLE_INVALID")),
        "setMyName" if p.text("language_code").is_none() => {
            if let Some(name) = p.text("name").filter(|name| !name.is_empty()) {
                world.bot.name = name;
            }
        }
        "setMyDescription" if too_long("description", 512) => return Err(bad("ABOUT_TOO_LONG")),
        "setMyShortDescription" if too_long("short_description", 120) => return Err(bad("ABOUT_TOO_LONG")),
        _ => {}
    }
    Ok(json!(true))
}
