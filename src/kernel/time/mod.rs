//! The school's time zone, and how hours are read and said.
//!
//! Wall times that do not exist (spring gap) become the first instant after the gap; wall times that exist twice
//! (autumn) are the first of the two. croner decides alike.

mod read;
mod say;

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::read::{read_day, read_hour, read_minutes, read_named_day, read_weekday};
pub use self::say::{say_day, say_long_day};
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
        say::say_city(lang, self.0.name())
    }
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
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
    fn a_week_begins_on_monday() {
        assert_eq!(monday(day("2026-11-29")), day("2026-11-23"));
    }

    #[test]
    fn cities_are_said_in_the_readers_language() {
        assert_eq!(Zone(Tz::America__New_York).city(Lang::Fr), "New York");
        for (zone, fr, en) in [
            (Tz::Europe__Paris, "Paris", "Paris"),
            (Tz::Indian__Reunion, "Réunion", "Reunion"),
            (Tz::Pacific__Noumea, "Nouméa", "Noumea"),
            (Tz::America__St_Barthelemy, "Saint-Barthélemy", "St Barthelemy"),
        ] {
            assert_eq!((Zone(zone).city(Lang::Fr).as_str(), Zone(zone).city(Lang::En).as_str()), (fr, en));
        }
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
