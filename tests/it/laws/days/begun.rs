//! How often calls were begun: told by what was asked of Telegram and done there, not by what it keeps.

use std::collections::BTreeSet;

use super::judge;
use super::seen::{Bag, Planned, Seen};

/// Lessons that lie closer (minutes, from one's end to the other's start) may share a call: the first one's stands until
/// five minutes after its end, longer where that was asked, and the second one's is due five minutes before its start.
const TOUCHING: i64 = 15;

/// Calls that were begun, by the title that they were given then.
fn begun(seen: &Seen) -> Bag {
    let mut bag = Bag::new();
    for asked in seen.journal.iter().filter(|asked| asked.method == "start_call" && asked.effect) {
        *bag.entry(asked.words.clone()).or_default() += 1;
    }
    bag
}

/// May this lesson go on in another one's call, or have its own, as it comes? One that was moved may have touched another
/// where it was before.
fn touches(seen: &Seen, lesson: &Planned) -> bool {
    let near = |other: &Planned| {
        let moved = !lesson.undisturbed || !other.undisturbed;
        moved || other.start <= lesson.end.plus_minutes(TOUCHING) && lesson.start <= other.end.plus_minutes(TOUCHING)
    };
    seen.planned.iter().any(|other| other.id != lesson.id && other.remote && near(other))
}

/// A lesson's call is begun as often as on the undisturbed day. Only one that touches another may have one of its own here,
/// and go on in the other's there.
pub fn otherwise(seen: &Seen, calm: &Seen) -> Vec<String> {
    let (was, is) = (begun(calm), begun(seen));
    let failed = |seen: &Seen| seen.audit.get("call.failed").copied().unwrap_or(0);
    let same = judge::is_comparable(seen, calm) && failed(seen) == failed(calm);
    let mut broken = Vec::new();
    for title in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
        let of = |bag: &Bag| bag.get(title).copied().unwrap_or(0);
        let (was, is) = (of(&was), of(&is));
        let lessons: Vec<&Planned> = seen.planned.iter().filter(|lesson| title.starts_with(&lesson.subject)).collect();
        // Of a call that was ended by hand on this day alone a lesson that is then moved has another.
        if !same && lessons.iter().any(|lesson| !lesson.undisturbed) {
            continue;
        }
        let shares = lessons.iter().any(|lesson| touches(seen, lesson));
        let most = if shares { was.max(1) } else { was };
        let least = if shares || !same { 0 } else { was };
        if !(least..=most).contains(&is) {
            broken.push(format!("the call « {title} » was begun {is} times, and {was} times undisturbed"));
        }
    }
    broken
}
