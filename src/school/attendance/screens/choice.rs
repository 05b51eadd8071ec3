//! Which sheet: those that wait first, a page at a time.

use super::{At as Spot, SHEET, SHEETS, page_keys, page_of, widest};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{At, Result};
use crate::telegram::screen::{Key, MOST_ALONE, Screen, clip};
use crate::text;

/// A sheet that may be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub session: String,
    pub class: String,
    pub subject: String,
    pub start: At,
    /// The lesson runs.
    pub running: bool,
    /// It is over, and nobody validated its sheet.
    pub waits: bool,
    pub version: i64,
}

const A_PAGE: usize = 6;
/// Letters of a class that a subject leaves room for.
const CLASS: usize = 14;
/// « 14:00  · , 24/11 »: what stands in a label besides class and subject.
const AROUND: usize = 16;

/// The lesson that runs, what waits to be validated, then the others.
const fn order(choice: &Choice) -> u8 {
    match (choice.running, choice.waits) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// `all`: the newest first.
pub fn choose(mut all: Vec<Choice>, page: usize, zone: Zone) -> Result<Screen> {
    all.sort_by_key(order);
    let (some, page, pages) = page_of(&all, page, A_PAGE);
    let waiting = all.iter().filter(|choice| choice.waits).count();
    let mut words = vec![text!("attendance-choose")];
    if waiting > 0 {
        words.push(text!("attendance-choose-open", count = waiting));
    }
    let mut screen = Screen::lines(words);
    for choice in some {
        // Hour, class and day tell sheets apart: a long subject gives way.
        let (day, hour) = (zone.day(choice.start), zone.clock_hour(choice.start));
        let label = |day: Arg, class: &str, subject: &str| {
            text!("attendance-choose-key", day = day, hour = hour.as_str(), class = class, subject = subject)
        };
        let whole = label(Arg::Day(day), &choice.class, &choice.subject);
        let label = if widest(&whole) <= MOST_ALONE {
            whole
        } else {
            let class = clip(&choice.class, CLASS);
            let subject = clip(&choice.subject, MOST_ALONE.saturating_sub(AROUND + class.chars().count()));
            label(Arg::from(day.format("%d/%m").to_string()), &class, &subject)
        };
        screen = screen.row([Key::press(label, SHEET, Spot::of(&choice.session, choice.version).json()?)]);
    }
    let keys = page_keys(SHEETS, page, pages, |page| Ok(page.to_string()))?;
    Ok(screen.row(keys).menu(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn a_long_subject_gives_way_to_hour_class_and_day() {
        let label = |class: &str, subject: &str| {
            let choice = Choice {
                session: "s".to_owned(),
                class: class.to_owned(),
                subject: subject.to_owned(),
                start: At(1_795_525_200_000),
                running: false,
                waits: true,
                version: 1,
            };
            let screen = choose(vec![choice], 0, "Europe/Paris".parse().unwrap()).unwrap();
            Lang::ALL.map(|lang| screen.keys[0][0].label.render(lang))
        };
        assert_eq!(label("BTS SIO 1A", "Réseaux")[0], "14:00 Réseaux · BTS SIO 1A, mar. 24 nov.");
        let long = label("Bachelor Communication 2", "Communication interculturelle");
        assert_eq!(long[0], "14:00 Communica… · Bachelor Comm…, 24/11");
        assert_eq!(label("1A", "Communication interculturelle")[0], "14:00 Communication intercu… · 1A, 24/11");
        assert!(long.iter().all(|label| label.encode_utf16().count() <= MOST_ALONE), "{long:?}");
    }
}
