//! What is shown of the audit, out of values.

use super::sheet::{about, who};
use super::{Found, Line, Query, rules};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const PAGE: &str = "journal.page";
pub const PERSON: &str = "journal.person";
pub const SEND: &str = "journal.send";

pub fn page(found: &Found, zone: Zone) -> Result<Screen> {
    let mut title = vec![text!("journal-title")];
    title.extend(found.sought.iter().cloned());
    title.push(text!("journal-count", count = found.count));
    let mut lines = vec![Text::joined(" · ", title)];
    lines.extend(found.lines.iter().map(|entry| line(entry, zone)));
    if found.query.is_all() {
        lines.push(text!("journal-hint"));
    }
    let args = serde_json::to_string(&found.query)?;
    let file = (found.pages > 1).then(|| Key::press(text!("journal-file-key"), SEND, args.clone()));
    let screen = Screen::lines(lines).turning_within(found.page, found.pages, PAGE, &args);
    Ok(screen.row(file).menu(None))
}

fn line(entry: &Line, zone: Zone) -> Text {
    let mut parts = vec![who(&entry.who), rules::words(&entry.action)];
    if !entry.about.is_empty() {
        parts.push(about(entry));
    }
    text!("journal-line", at = Arg::Moment(entry.at, zone), said = Text::joined(" · ", parts))
}

/// So many people stand on keys.
const MOST_PEOPLE: usize = 12;

/// Whose entries, where several people are called so.
pub fn several(query: &Query, people: &[(String, String)]) -> Result<Screen> {
    let shown = people.get(..MOST_PEOPLE).unwrap_or(people);
    let more = people.len() - shown.len();
    let words = if more > 0 { text!("journal-several-more", count = more) } else { text!("journal-several") };
    let mut screen = Screen::new(words);
    for (id, name) in shown {
        let own = Query { person: Some(id.clone()), ..query.clone() };
        screen = screen.row([Key::press(Text::verbatim(name.clone()), PERSON, serde_json::to_string(&own)?)]);
    }
    Ok(screen.menu(None))
}

pub fn unknown(words: &str) -> Screen {
    Screen::lines([text!("journal-unknown", words = words), text!("journal-hint")])
}
