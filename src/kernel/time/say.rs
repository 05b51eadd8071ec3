//! How days and cities are said, in French and English.

use chrono::{Datelike as _, NaiveDate};

use crate::kernel::text::Lang;

pub(super) const FR_DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
pub(super) const EN_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(super) const FR_MONTHS: [&str; 12] = [
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
pub(super) const EN_MONTHS: [&str; 12] = [
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

/// « Nouméa » · "Noumea", for `Pacific/Noumea`.
pub(super) fn say_city(lang: Lang, zone: &str) -> String {
    let plain = zone.rsplit('/').next().unwrap_or_default();
    let french = FR_CITIES.iter().find(|(name, _)| lang == Lang::Fr && *name == plain).map(|(_, french)| *french);
    french.map_or_else(|| plain.replace('_', " "), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_in_the_readers_language() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(say_day(Lang::Fr, day("2026-11-24")), "mar. 24 nov.");
        assert_eq!(say_day(Lang::En, day("2026-11-24")), "Tue 24 Nov");
        assert_eq!(say_long_day(Lang::Fr, day("2026-12-01")), "mardi 1er décembre");
    }

    #[test]
    fn every_french_city_is_a_zone_s() {
        for (name, _) in FR_CITIES {
            assert!(chrono_tz::TZ_VARIANTS.iter().any(|zone| zone.name().ends_with(&format!("/{name}"))), "{name}");
        }
    }
}
