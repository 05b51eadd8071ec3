//! One cell, and how it is read as words, day, hour or length.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};

use crate::kernel::words::Lexicon;
use crate::kernel::{Words, time};

/// What a cell holds. Dates and hours that the file marks as such are told from plain numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(Words),
    Number(f64),
    Bool(bool),
    Moment(NaiveDateTime),
    Hour(NaiveTime),
    /// Minutes.
    Span(i64),
    /// `#REF!` and its kin.
    Error(Words),
}

/// The longest text that a cell of Excel holds.
const LONGEST: usize = 32_767;

impl Cell {
    /// A text, cut to what a cell can hold; `'=…`, our own way of making a formula harmless, is taken back.
    pub(super) fn text(words: &str, lexicon: &mut Lexicon) -> Self {
        let words = match words.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => rest,
            _ => words,
        };
        // So many bytes are so many letters at most.
        if words.len() <= LONGEST {
            return Self::Text(lexicon.words(words));
        }
        let cut: String = words.chars().take(LONGEST).collect();
        Self::Text(cut.into())
    }

    /// A number of days since 30 December 1899, marked by the file as a date or an hour.
    pub(super) fn serial(days: f64) -> Self {
        match (moment(days), seconds(days)) {
            (_, Some(of_day)) if (0.0..1.0).contains(&days) => Self::Hour(of_day),
            (Some(moment), _) => Self::Moment(moment),
            _ => Self::Number(days),
        }
    }

    pub(super) fn span(days: f64) -> Self {
        whole(days * 1440.0).map_or(Self::Number(days), Self::Span)
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(words) if words.trim().is_empty())
    }

    /// Has [`Cell::words`] anything in it?
    pub(super) fn says(&self) -> bool {
        match self {
            Self::Text(words) | Self::Error(words) => words.chars().any(|c| !c.is_whitespace() && !c.is_control()),
            _ => true,
        }
    }

    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Text(words) | Self::Error(words) => words.len(),
            _ => 8,
        }
    }

    /// As words: whole numbers without a point (an id read as `12.0` is `12`), one space between words.
    pub fn words(&self) -> String {
        match self {
            Self::Text(words) | Self::Error(words) if is_tidy(words) => words.into(),
            Self::Text(words) | Self::Error(words) => words
                .split(|c: char| c.is_whitespace() || c.is_control())
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            Self::Number(number) => match whole(*number) {
                #[expect(clippy::float_cmp, reason = "whole numbers only: exact by construction")]
                Some(integer) if number.trunc() == *number => integer.to_string(),
                _ => number.to_string(),
            },
            Self::Bool(yes) => yes.to_string(),
            Self::Moment(moment) if moment.time() == NaiveTime::MIN => moment.format("%d/%m/%Y").to_string(),
            Self::Moment(moment) => moment.format("%d/%m/%Y %H:%M").to_string(),
            Self::Hour(hour) => hour.format("%H:%M").to_string(),
            Self::Span(minutes) => format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60)),
        }
    }

    /// As [`Cell::words`], kept once.
    pub(super) fn said(&self, lexicon: &mut Lexicon) -> Words {
        match self {
            Self::Text(words) | Self::Error(words) if is_tidy(words) => words.clone(),
            other => lexicon.words(&other.words()),
        }
    }

    /// A name that Excel took for something else (`1-2` → 1 February) is not one.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Number(_))
    }

    pub(super) fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Moment(moment) => Some(moment.date()),
            Self::Number(days) if (20_000.0..110_000.0).contains(days) => moment(*days).map(|moment| moment.date()),
            Self::Text(words) => read_day(words),
            _ => None,
        }
    }

    pub(super) fn hour(&self) -> Option<NaiveTime> {
        match self {
            Self::Moment(moment) => Some(moment.time()),
            Self::Hour(hour) => Some(*hour),
            Self::Span(minutes) => NaiveTime::MIN.overflowing_add_signed(TimeDelta::try_minutes(*minutes)?).into_day(),
            // `0830` that Excel took for a number.
            Self::Number(number) if (100.0..2400.0).contains(number) => bare_hour(&self.words()),
            Self::Number(days) => hour_of(*days),
            Self::Text(words) => time::read_hour(words)
                .or_else(|| bare_hour(words))
                .or_else(|| {
                    // `0,354`: a part of a day as Excel counts.
                    hour_of(decimal(words)?)
                })
                .or_else(|| {
                    // « 2026-11-24 08:30:00 »: the hour of a date written as text.
                    let (day, hour) = words.trim().split_once([' ', 'T'])?;
                    time::read_day(day).and(time::read_hour(hour))
                }),
            Self::Bool(_) | Self::Error(_) => None,
        }
    }

    /// Minutes of a length. A bare number below 10 is hours (`2`, `1,5`), from 10 on minutes (`90`), below 1 a part of
    /// a day as Excel counts.
    pub(super) fn minutes(&self) -> Option<i64> {
        let minutes = match self {
            Self::Hour(hour) => i64::from(hour.hour() * 60 + hour.minute()),
            Self::Moment(moment) => i64::from(moment.hour() * 60 + moment.minute()),
            Self::Span(minutes) => *minutes,
            Self::Number(number) => bare_length(*number)?,
            Self::Text(words) => match decimal(words) {
                Some(number) => bare_length(number)?,
                None => time::read_minutes(words)?,
            },
            Self::Bool(_) | Self::Error(_) => return None,
        };
        (1..=24 * 60).contains(&minutes).then_some(minutes)
    }
}

/// Single spaces between words, and nothing else between or around them.
fn is_tidy(words: &str) -> bool {
    let mut before = ' ';
    for letter in words.chars() {
        let spaced = letter == ' ';
        if (spaced && before == ' ') || (!spaced && (letter.is_whitespace() || letter.is_control())) {
            return false;
        }
        before = letter;
    }
    before != ' '
}

trait IntoDay {
    /// The hour, when it is still of the same day.
    fn into_day(self) -> Option<NaiveTime>;
}

impl IntoDay for (NaiveTime, i64) {
    fn into_day(self) -> Option<NaiveTime> {
        (self.1 == 0).then_some(self.0)
    }
}

fn bare_length(number: f64) -> Option<i64> {
    if number <= 0.0 {
        None
    } else if number < 1.0 {
        whole(number * 1440.0)
    } else if number < 10.0 {
        // `1,5` is an hour and a half; `1.30` is no part of an hour that a school counts in: it was meant as 1h30.
        whole(number * 60.0).filter(|minutes| minutes % 5 == 0)
    } else {
        whole(number)
    }
}

/// `0830`, `830`, `8h30mn`, `08h30 min`. (`8` and `8,5` are nobody's hour: 8h30 or 8h50?)
fn bare_hour(words: &str) -> Option<NaiveTime> {
    let words: String = words.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    if matches!(words.len(), 3 | 4) && words.bytes().all(|b| b.is_ascii_digit()) {
        let (hour, minute) = words.split_at_checked(words.len() - 2)?;
        return NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0);
    }
    let bare = ["minutes", "min", "mn"].into_iter().find_map(|unit| words.strip_suffix(unit))?;
    time::read_hour(bare).filter(|_| bare.contains('h'))
}

fn decimal(words: &str) -> Option<f64> {
    let compact = words.trim().replace(',', ".");
    let plain = compact.bytes().all(|b| b.is_ascii_digit() || b == b'.') && compact.len() <= 24;
    if plain { compact.parse().ok() } else { None }
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn whole(number: f64) -> Option<i64> {
    (number.is_finite() && number.abs() < 9.0e15).then(|| number.round() as i64)
}

/// A part of a day, or a date and a part of a day. Whole small numbers (`8`) are not hours: nobody can tell.
fn hour_of(days: f64) -> Option<NaiveTime> {
    if (0.0..1.0).contains(&days) || (20_000.0..110_000.0).contains(&days) { seconds(days.fract()) } else { None }
}

/// The hour of a part of a day, to the minute.
fn seconds(part: f64) -> Option<NaiveTime> {
    let minutes = whole(part.fract() * 1440.0)?.clamp(0, 1439);
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes).ok()? * 60, 0)
}

/// A serial day number of Excel's, to the minute.
fn moment(days: f64) -> Option<NaiveDateTime> {
    if !(1.0..3_000_000.0).contains(&days) {
        return None;
    }
    let minutes = whole(days * 1440.0)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::try_minutes(minutes)?)
}

/// `24/11/2026`, `mardi 24/11/2026`, `2026-11-24 08:30`, `mardi 24 novembre 2026`, `1er déc. 2026`.
fn read_day(words: &str) -> Option<NaiveDate> {
    if let Some(day) = time::read_day(words) {
        return Some(day);
    }
    let words = words.trim();
    if words.len() > 60 {
        return None;
    }
    // A weekday before, an hour after.
    let words = match words.split_once('T') {
        Some((day, hour)) if hour.starts_with(|c: char| c.is_ascii_digit()) => format!("{day} {hour}"),
        _ => words.to_owned(),
    };
    let mut parts: Vec<&str> = words.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    if parts.first().is_some_and(|first| time::read_weekday(first).is_some() && !first.contains(['/', '-'])) {
        parts.remove(0);
    }
    if parts.last().is_some_and(|last| parts.len() == 2 && time::read_hour(last).is_some()) {
        parts.pop();
    }
    if let [one] = parts.as_slice() {
        return time::read_day(one);
    }
    time::read_named_day(&parts.join(" "))
}

/// Looks like a day in figures, so that « n'existe pas » can be said instead of « n'est pas une date ».
pub(super) fn looks_like_a_day(words: &str) -> bool {
    let parts: Vec<&str> = words.split(['/', '-', '.']).map(str::trim).collect();
    parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit()))
}

/// The years in which a school's lessons can lie.
pub(super) fn likely(day: NaiveDate) -> bool {
    (2000..=2100).contains(&day.year())
}
