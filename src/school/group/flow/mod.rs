//! Groups: who makes which, what was made, who manages calls, who is in them.

mod asked;
mod making;
mod members;
mod picture;
mod removing;
mod succession;

use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::classroom::Classroom;
use crate::school::roster::Reachable;
use crate::school::roster::flow::{TELL, Tell};

pub use self::asked::{COMPARE, Comparison, Found, SHOW, answer, ask_to_compare, found};
pub use self::making::{EQUIP, GREET, LINK, MAKE, PIN, SPARE};
pub use self::making::{
    Stand, arrived, ended, exhausted, given_up, held_back, linked, made, maker_lost, orphaned, plan, spare_in, stand,
};
pub use self::members::{Change, DAILY, Did, Keeping, RIGHTS, ROUND, Seen, TEND};
pub use self::members::{
    Compared, beginning, changed, changes, compared, daily, in_step, joined, keeping, kept, round, tended,
};
pub use self::picture::{PHOTO, has_photo, photo_set, photos, unreadable};
pub use self::removing::{REMOVE, Removing, Stands, next, remove, stands, strangers_of};
pub use self::succession::{account_left, succeeded};

/// The language of a class's group.
pub fn lang_of(tx: &Tx, class: &Classroom) -> Lang {
    class.lang.unwrap_or(tx.config().school.language)
}

/// Tells each of them once, not at night.
async fn tell(tx: &mut Tx, people: &[Reachable], key: &str, words: &Text) -> Result<()> {
    let (now, school) = (tx.now(), &tx.config().school);
    let due = school.time_zone.after_quiet(now, school.quiet_from, school.quiet_until);
    for one in people {
        let told = Tell { account: one.telegram_id, lang: one.lang, text: words.clone(), tie: None };
        let put = Put::new(TELL, format!("{TELL}:{key}:{}", one.telegram_id), &told)?;
        outbox::put(tx, put.lane(format!("chat:{}", one.telegram_id)).due(due).whenever()).await?;
    }
    Ok(())
}
