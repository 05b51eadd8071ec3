//! What a client asks to find out whether it has missed something.

use grammers_tl_types::{enums, functions as f, types};

use super::groups::group;
use super::refusal::No;
use super::requests::Ask;
use super::{shapes, talk};

/// An account's own updates: nobody writes to it in private here, so that state never moves.
pub fn state(ask: &Ask) -> enums::updates::State {
    types::updates::State { pts: 1, qts: 0, date: ask.date(), seq: 0, unread_count: 0 }.into()
}

pub fn difference(ask: &Ask) -> enums::updates::Difference {
    types::updates::DifferenceEmpty { date: ask.date(), seq: 0 }.into()
}

/// The messages of a group that came after the client's state of it.
pub fn of_group(
    ask: &mut Ask,
    request: &f::updates::GetChannelDifference,
) -> Result<enums::updates::ChannelDifference, No> {
    let chat = ask.own_group(&request.channel)?;
    let found = ask.chat(chat)?;
    let pts = talk::pts(found);
    let missed: Vec<_> = found.posts.range(i64::from(request.pts)..).map(|(_, post)| post).collect();
    if missed.is_empty() {
        return Ok(types::updates::ChannelDifferenceEmpty { r#final: true, pts, timeout: None }.into());
    }
    let new_messages =
        missed.iter().map(|post| talk::message(ask.world, ask.me, found, post)).collect::<Result<_, _>>()?;
    Ok(types::updates::ChannelDifference {
        r#final: true,
        pts,
        timeout: None,
        new_messages,
        other_updates: Vec::new(),
        chats: vec![group(ask.world, ask.me, chat)?],
        users: shapes::users(ask.world, ask.me, missed.iter().map(|post| post.from))?,
    }
    .into())
}
