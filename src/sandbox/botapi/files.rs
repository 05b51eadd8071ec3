//! Files the bot may fetch.

use serde_json::json;

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::refusal::{Answer, bad};

const LARGEST: usize = 20 * 1024 * 1024;

pub fn get(world: &mut World, p: &Params) -> Answer {
    let id = p.text("file_id").unwrap_or_default();
    let file = world.files.get(&id).ok_or_else(|| bad("wrong file_id or the file is temporarily unavailable"))?;
    if file.bytes.len() > LARGEST {
        return Err(bad("file is too big"));
    }
    Ok(json!({ "file_id": id, "file_unique_id": file.unique, "file_size": file.bytes.len(), "file_path": file.path }))
}
