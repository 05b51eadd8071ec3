//! How people write hours, days and durations.

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::say::{EN_DAYS, EN_MONTHS, FR_DAYS, FR_MONTHS};
use crate::kernel::text::names;

/// A weekday as people write it: `lundi`, `Lun.`, `Monday`, `mon`.
pub fn read_weekday(words: &str) -> Option<Weekday> {
    let folded = names::fold(words);
    if folded.chars().count() < 3 {
        return None;
    }
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    days.into_iter().zip(FR_DAYS.iter().zip(EN_DAYS)).find_map(|(day, (french, english))| {
        (french.starts_with(&folded) || english.to_lowercase().starts_with(&folded)).then_some(day)
    })
}

/// An hour as people write it: `08:30`, `8h30`, `20h 30`, `8h`, `8 h 05`, `2:30 PM`, `14.30`, `08:30:00`. Trailing words
/// (`20h 30 France`) are not hours; neither are decimals (`8.5`, `0.25`).
pub fn read_hour(words: &str) -> Option<NaiveTime> {
    let compact: String = words.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let (compact, afternoon) = if let Some(rest) = compact.strip_suffix("pm") {
        (rest.to_owned(), Some(true))
    } else if let Some(rest) = compact.strip_suffix("am") {
        (rest.to_owned(), Some(false))
    } else {
        (compact, None)
    };
    let decimal = compact.split_once('.').is_some_and(|(whole, rest)| {
        whole == "0" || rest.split(['.', ':']).next().is_some_and(|minutes| minutes.len() != 2)
    });
    if decimal {
        return None;
    }
    let mut parts = compact.split([':', 'h', '.']);
    let hour = digits(parts.next()?)?;
    let minute = match parts.next() {
        None if afternoon.is_some() => 0,
        None => return None,
        Some("") if compact.ends_with('h') => 0,
        Some(minutes) => digits(minutes)?,
    };
    let second = parts.next().map_or(Some(0), digits)?;
    if parts.next().is_some() || (afternoon.is_some() && !(1..=12).contains(&hour)) {
        return None;
    }
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// Minutes of a duration as people write it: `90`, `90 min`, `90 mn`, `1h30`, `1h30 min`, `2h`, `1:30`.
pub fn read_minutes(words: &str) -> Option<i64> {
    let compact: String = words.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let bare = ["minutes", "min", "mn"].into_iter().find_map(|unit| compact.strip_suffix(unit)).unwrap_or(&compact);
    let minutes = if let Some((hours, minutes)) = bare.split_once(['h', ':']) {
        let minutes = if minutes.is_empty() { 0 } else { digits(minutes)? };
        if minutes > 59 {
            return None;
        }
        digits(hours)? * 60 + minutes
    } else {
        digits(bare)?
    };
    (minutes > 0).then_some(i64::from(minutes))
}

/// A day as people write it: `24/11/2026`, `24-11-26`, `2026-11-24`, `24.11.2026`.
pub fn read_day(words: &str) -> Option<NaiveDate> {
    let words = words.trim();
    let parts: Vec<&str> = words.split(['/', '-', '.']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    let mut year_number = i32::try_from(digits(year)?).ok()?;
    if year.len() == 2 {
        year_number += 2000;
    } else if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year_number, digits(month)?, digits(day)?)
}

/// A day with its month in letters, French or English: `24 novembre 2026`, `1er déc. 2026`, `March 12th, 2009`.
pub fn read_named_day(words: &str) -> Option<NaiveDate> {
    let folded = names::fold(words);
    let mut pieces = folded.split(' ');
    let (first, second, year) = (pieces.next()?, pieces.next()?, pieces.next()?);
    if pieces.next().is_some() || year.len() != 4 {
        return None;
    }
    let (day, month) = if first.starts_with(|c: char| c.is_ascii_digit()) { (first, second) } else { (second, first) };
    let ordinals = ["er", "st", "nd", "rd", "th"];
    let day = ordinals.into_iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    NaiveDate::from_ymd_opt(i32::try_from(digits(year)?).ok()?, read_month(month)?, digits(day)?)
}

/// `novembre`, `nov`, `Nov.`; not what may be two months (`jui`).
fn read_month(word: &str) -> Option<u32> {
    let begins = |name: &&str| names::fold(name).starts_with(word);
    let numbered = (1_u32..).zip(FR_MONTHS.iter().zip(&EN_MONTHS));
    let mut found = numbered.filter(|(_, (fr, en))| begins(fr) || begins(en)).map(|(number, _)| number);
    let month = found.next()?;
    (word.chars().count() >= 3 && found.next().is_none()).then_some(month)
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (words, expected) in [
            ("08:30", "08:30:00"),
            ("8h30", "08:30:00"),
            ("20h 30", "20:30:00"),
            ("8h", "08:00:00"),
            ("8 h 05", "08:05:00"),
            ("2:30 PM", "14:30:00"),
            ("12:00 am", "00:00:00"),
            ("14.30", "14:30:00"),
            ("08:30:15", "08:30:15"),
            ("7pm", "19:00:00"),
            ("00.30", "00:30:00"),
            ("8.30.15", "08:30:15"),
        ] {
            assert_eq!(read_hour(words).map(|t| t.to_string()).as_deref(), Some(expected), "{words}");
        }
        for words in [
            "",
            "s",
            "25:00",
            "8",
            "8h75",
            "20h 30 France",
            "13:00 pm",
            "8::30",
            "-1:00",
            "8.5",
            "0.5",
            "0.25",
            "14.305",
        ] {
            assert_eq!(read_hour(words), None, "{words}");
        }
    }

    #[test]
    fn durations_and_days() {
        for (words, minutes) in
            [("90", 90), ("90 min", 90), ("90 mn", 90), ("1h30 min", 90), ("1h30", 90), ("2h", 120), ("1:30", 90)]
        {
            assert_eq!(read_minutes(words), Some(minutes), "{words}");
        }
        assert_eq!(read_minutes("0"), None);
        assert_eq!(read_minutes("1h75"), None);
        assert_eq!(read_day("24/11/2026"), Some(day("2026-11-24")));
        assert_eq!(read_day("24-11-26"), Some(day("2026-11-24")));
        assert_eq!(read_day("2026-11-24"), Some(day("2026-11-24")));
        assert_eq!(read_day("31/11/2026"), None);
        for words in ["24 novembre 2026", "24 nov. 2026", "24 Nov 2026", "November 24, 2026", "Nov 24th 2026"] {
            assert_eq!(read_named_day(words), Some(day("2026-11-24")), "{words}");
        }
        assert_eq!(read_named_day("1er août 2026"), Some(day("2026-08-01")));
        assert_eq!(read_named_day("3 juil. 2026"), Some(day("2026-07-03")));
        for words in ["3 jui 2026", "31 novembre 2026", "24 nov 26", "nov 2026", "24 brumaire 2026", "24 11 2026"] {
            assert_eq!(read_named_day(words), None, "{words}");
        }
        assert_eq!(read_weekday("Lun."), Some(Weekday::Mon));
        assert_eq!(read_weekday("saturday"), Some(Weekday::Sat));
        assert_eq!(read_weekday("ma"), None);
    }
}
