//! The school's time zone, and how hours are read and said.
//!
//! Wall times that do not exist (spring gap) become the first instant after the gap; wall times that exist twice
//! (autumn) are the first of the two. croner decides alike.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::kernel::clock::At;
use crate::kernel::text::Lang;

/// An IANA time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(pub Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Europe__Paris)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Tz::from_str(name).map(Self).map_err(|_| format!("« {name} » is not an IANA time zone such as Europe/Paris"))
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Zone {
    /// The instant of a wall time.
    pub fn instant(self, day: NaiveDate, time: NaiveTime) -> At {
        let wall = day.and_time(time);
        match self.0.from_local_datetime(&wall) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => At::of(&moment),
            LocalResult::None => self.after_gap(wall),
        }
    }

    /// Gaps are at most a few hours (a whole day once, in Samoa): walk on to the first minute that exists.
    fn after_gap(self, wall: NaiveDateTime) -> At {
        let minute = wall.with_second(0).unwrap_or(wall);
        (1..=24 * 60)
            .find_map(|step| self.0.from_local_datetime(&(minute + TimeDelta::minutes(step))).earliest())
            .map_or_else(|| At(wall.and_utc().timestamp_millis()), |moment| At::of(&moment))
    }

    pub fn local(self, at: At) -> DateTime<Tz> {
        at.utc().with_timezone(&self.0)
    }
    pub fn day(self, at: At) -> NaiveDate {
        self.local(at).date_naive()
    }
    pub fn time(self, at: At) -> NaiveTime {
        self.local(at).time()
    }
    /// Midnight at the start of a day (the first instant of it).
    pub fn start_of(self, day: NaiveDate) -> At {
        self.instant(day, NaiveTime::MIN)
    }
    /// The first moment from `at` on that is neither on a Sunday nor between `from` and `until` (which may span
    /// midnight; alike, no hours are quiet).
    pub fn after_quiet(self, at: At, from: NaiveTime, until: NaiveTime) -> At {
        let mut at = at;
        // A Saturday evening waits longest: past the night, past Sunday, until Monday morning.
        for _ in 0..3 {
            let (day, time) = (self.day(at), self.time(at));
            let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
            let night = if from <= until { from <= time && time < until } else { time < until || from <= time };
            at = if day.weekday() == Weekday::Sun {
                self.instant(next, until)
            } else if !night {
                return at;
            } else if time < until {
                self.instant(day, until)
            } else {
                self.instant(next, until)
            };
        }
        at
    }
    /// « 14:00 »
    pub fn clock_hour(self, at: At) -> String {
        self.local(at).format("%H:%M").to_string()
    }
    /// « Paris », « Nouméa » · "Noumea"
    pub fn city(self, lang: Lang) -> String {
        let plain = self.0.name().rsplit('/').next().unwrap_or_default();
        let french = FR_CITIES.iter().find(|(name, _)| lang == Lang::Fr && *name == plain).map(|(_, french)| *french);
        french.map_or_else(|| plain.replace('_', " "), str::to_owned)
    }
}

/// Where schools speak French, the names that the zones write without accents, or in English.
const FR_CITIES: [(&str, &str); 14] = [
    ("Algiers", "Alger"),
    ("Beirut", "Beyrouth"),
    ("Brussels", "Bruxelles"),
    ("Cairo", "Le Caire"),
    ("Lome", "Lomé"),
    ("London", "Londres"),
    ("Marquesas", "Marquises"),
    ("Montreal", "Montréal"),
    ("Ndjamena", "N’Djamena"),
    ("Noumea", "Nouméa"),
    ("Reunion", "Réunion"),
    ("Sao_Tome", "São Tomé"),
    ("Singapore", "Singapour"),
    ("St_Barthelemy", "Saint-Barthélemy"),
];

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

const FR_DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const EN_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const FR_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const FR_SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const EN_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn pick(words: &'static [&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| words.get(index).copied()).unwrap_or_default()
}

/// « mar. 24 nov. » · "Tue 24 Nov"
pub fn say_day(lang: Lang, day: NaiveDate) -> String {
    let weekday = day.weekday().num_days_from_monday();
    let first = |name: &'static str| name.chars().take(3).collect::<String>();
    match lang {
        Lang::Fr => {
            let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
            format!("{}. {number} {}", first(pick(&FR_DAYS, weekday)), pick(&FR_SHORT_MONTHS, day.month0()))
        }
        Lang::En => {
            format!("{} {} {}", first(pick(&EN_DAYS, weekday)), day.day(), first(pick(&EN_MONTHS, day.month0())))
        }
    }
}

/// « mardi 24 novembre » · "Tuesday 24 November"
pub fn say_long_day(lang: Lang, day: NaiveDate) -> String {
    let weekday = day.weekday().num_days_from_monday();
    match lang {
        Lang::Fr => {
            let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
            format!("{} {number} {}", pick(&FR_DAYS, weekday), pick(&FR_MONTHS, day.month0()))
        }
        Lang::En => format!("{} {} {}", pick(&EN_DAYS, weekday), day.day(), pick(&EN_MONTHS, day.month0())),
    }
}

/// A weekday as people write it: `lundi`, `Lun.`, `Monday`, `mon`.
pub fn read_weekday(words: &str) -> Option<Weekday> {
    let folded = super::text::names::fold(words);
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
    let folded = super::text::names::fold(words);
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
    let begins = |name: &&str| super::text::names::fold(name).starts_with(word);
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
    fn hour(text: &str) -> NaiveTime {
        read_hour(text).unwrap_or_default()
    }

    #[test]
    fn both_clock_change_nights() {
        let paris = Zone::default();
        // 28 March 2027: 02:00 → 03:00. 02:30 does not exist: the first instant after the gap, 03:00 summer time.
        let gap = paris.instant(day("2027-03-28"), hour("02:30"));
        assert_eq!(gap.utc().to_rfc3339(), "2027-03-28T01:00:00+00:00");
        assert_eq!(paris.clock_hour(gap), "03:00");
        // 25 October 2026: 03:00 → 02:00. 02:30 exists twice: the first, still summer time.
        let fold = paris.instant(day("2026-10-25"), hour("02:30"));
        assert_eq!(fold.utc().to_rfc3339(), "2026-10-25T00:30:00+00:00");
        // Lessons on the days around keep their wall time.
        for date in ["2027-03-27", "2027-03-28", "2027-03-29", "2026-10-24", "2026-10-25", "2026-10-26"] {
            assert_eq!(paris.clock_hour(paris.instant(day(date), hour("08:00"))), "08:00");
        }
    }

    #[test]
    fn quiet_hours_end_in_the_morning_of_a_working_day() {
        let paris = Zone::default();
        let quiet = |date: &str, time: &str| {
            let at = paris.after_quiet(paris.instant(day(date), hour(time)), hour("20:00"), hour("07:00"));
            paris.local(at).format("%Y-%m-%d %H:%M").to_string()
        };
        for (date, time, awake) in [
            ("2026-11-24", "19:59", "2026-11-24 19:59"),
            ("2026-11-24", "20:00", "2026-11-25 07:00"),
            ("2026-11-25", "06:59", "2026-11-25 07:00"),
            ("2026-11-25", "07:00", "2026-11-25 07:00"),
            ("2026-11-28", "21:00", "2026-11-30 07:00"),
            ("2026-11-29", "12:00", "2026-11-30 07:00"),
            // Both nights in which clocks change lead to a Sunday.
            ("2027-03-27", "23:00", "2027-03-29 07:00"),
            ("2026-10-24", "23:00", "2026-10-26 07:00"),
        ] {
            assert_eq!(quiet(date, time), awake, "{date} {time}");
        }
        let noon = paris.instant(day("2026-11-24"), hour("12:30"));
        assert_eq!(paris.clock_hour(paris.after_quiet(noon, hour("12:00"), hour("13:00"))), "13:00");
        assert_eq!(paris.after_quiet(noon, hour("12:00"), hour("12:00")), noon);
    }

    #[test]
    fn midnight_that_does_not_exist_is_the_first_instant_of_the_day() {
        // Beirut's clocks jump at midnight: 28 March 2027 begins at 01:00.
        let beirut = Zone(Tz::Asia__Beirut);
        let start = beirut.start_of(day("2027-03-28"));
        assert_eq!(beirut.day(start), day("2027-03-28"));
        assert_eq!(beirut.clock_hour(start), "01:00");
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

    #[test]
    fn dates_are_said_in_the_readers_language() {
        let tuesday = day("2026-11-24");
        assert_eq!(say_day(Lang::Fr, tuesday), "mar. 24 nov.");
        assert_eq!(say_day(Lang::En, tuesday), "Tue 24 Nov");
        assert_eq!(say_long_day(Lang::Fr, day("2026-12-01")), "mardi 1er décembre");
        assert_eq!(Zone(Tz::America__New_York).city(Lang::Fr), "New York");
        for (zone, fr, en) in [
            (Tz::Europe__Paris, "Paris", "Paris"),
            (Tz::Indian__Reunion, "Réunion", "Reunion"),
            (Tz::Pacific__Noumea, "Nouméa", "Noumea"),
            (Tz::America__St_Barthelemy, "Saint-Barthélemy", "St Barthelemy"),
        ] {
            assert_eq!((Zone(zone).city(Lang::Fr).as_str(), Zone(zone).city(Lang::En).as_str()), (fr, en));
        }
        for (name, _) in FR_CITIES {
            assert!(chrono_tz::TZ_VARIANTS.iter().any(|zone| zone.name().ends_with(&format!("/{name}"))), "{name}");
        }
        assert_eq!(monday(day("2026-11-29")), day("2026-11-23"));
    }

    /// Schools of the French overseas, where no clock changes, and where one does.
    const FAR: [Tz; 8] = [
        Tz::Indian__Reunion,
        Tz::Indian__Mayotte,
        Tz::America__Martinique,
        Tz::America__Cayenne,
        Tz::America__Miquelon,
        Tz::Pacific__Noumea,
        Tz::Pacific__Tahiti,
        Tz::Europe__Paris,
    ];

    proptest::proptest! {
        #[test]
        fn wherever_the_school_is_its_hours_are_its_own(zone in 0..FAR.len(), days in 0..800_u64, minute in 0..1440_u32) {
            let zone = Zone(FAR[zone]);
            let date = day("2026-01-01").checked_add_days(Days::new(days)).unwrap();
            let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
            let at = zone.instant(date, time);
            let is_there = zone.0.from_local_datetime(&date.and_time(time)) != LocalResult::None;
            if is_there {
                proptest::prop_assert_eq!((zone.day(at), zone.time(at)), (date, time));
            }
            let awake = zone.after_quiet(at, hour("20:00"), hour("07:00"));
            let (day, time) = (zone.day(awake), zone.time(awake));
            proptest::prop_assert!(day.weekday() != Weekday::Sun && (hour("07:00")..hour("20:00")).contains(&time));
            // Not later than it must be: nothing waits that need not, and what waits waits for a morning.
            let waited = at != awake;
            let quiet = zone.day(at).weekday() == Weekday::Sun
                || !(hour("07:00")..hour("20:00")).contains(&zone.time(at));
            proptest::prop_assert_eq!(waited, quiet);
            if waited {
                proptest::prop_assert!(time == hour("07:00") && at < awake && awake <= at.plus_hours(36));
            }
        }
    }
}
