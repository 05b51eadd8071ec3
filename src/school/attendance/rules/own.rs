//! A class's own rule: what the school's rule is, but for what a line of `attendance.classes` says otherwise.

use super::Rule;
use crate::kernel::text::names;

/// The thresholds by the keys of the configuration, with the least and the most of each.
const KEYS: [(&str, i64, i64); 5] = [
    ("attendance.present_percent", 1, 100),
    ("attendance.partial_percent", 0, 100),
    ("attendance.late_minutes", 0, 240),
    ("attendance.early_minutes", 0, 240),
    ("attendance.blind_percent", 0, 100),
];

/// What a line of a class calls a threshold.
fn short(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// A class, as the school writes its name, and its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRule {
    pub class: String,
    pub rule: Rule,
}

impl Rule {
    /// A rule out of five values, each asked for by its key and limits. The error of `value` passes through; `wrong`
    /// says what does not go together.
    pub fn read<E>(
        mut value: impl FnMut(&'static str, i64, i64) -> Result<i64, E>,
        wrong: impl FnOnce(&str) -> E,
    ) -> Result<Self, E> {
        let [present, partial, late, early, blind] = KEYS.map(|(key, least, most)| value(key, least, most));
        let rule = Self {
            present_percent: present?,
            partial_percent: partial?,
            late_minutes: late?,
            early_minutes: early?,
            blind_percent: blind?,
        };
        if rule.partial_percent > rule.present_percent {
            return Err(wrong("partial_percent may not exceed present_percent"));
        }
        Ok(rule)
    }

    fn value(&self, key: &str) -> i64 {
        match short(key) {
            "present_percent" => self.present_percent,
            "partial_percent" => self.partial_percent,
            "late_minutes" => self.late_minutes,
            "early_minutes" => self.early_minutes,
            _ => self.blind_percent,
        }
    }
}

/// Reads `BTS SIO 1A: present_percent=75 late_minutes=15`; what it does not name is as in `school`. The error is a
/// sentence that quotes the line.
pub fn class_rule(line: &str, school: &Rule) -> Result<ClassRule, String> {
    let fault = |why: &str| format!("« {line} »: {why}");
    let form = "a line reads « 1A: present_percent=75 late_minutes=15 »";
    let (class, said) = line.rsplit_once(':').ok_or_else(|| fault(form))?;
    if names::fold(class).is_empty() || said.trim().is_empty() {
        return Err(fault(form));
    }
    let mut own: Vec<(&str, i64)> = Vec::new();
    for pair in said.split_whitespace() {
        let (name, value) = pair.split_once('=').ok_or_else(|| fault(form))?;
        let known = KEYS.map(|(key, ..)| short(key));
        let Some(name) = known.into_iter().find(|known| *known == name) else {
            let near = names::nearest(name, known, 1);
            let hint = near.first().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            return Err(fault(&format!("{name} is no threshold{hint}")));
        };
        if own.iter().any(|(known, _)| *known == name) {
            return Err(fault(&format!("{name} is said twice")));
        }
        own.push((name, value.parse().map_err(|_| fault(&format!("{name} must be a whole number")))?));
    }
    let value = |key: &'static str, least: i64, most: i64| {
        let name = short(key);
        let value =
            own.iter().find(|(known, _)| *known == name).map_or_else(|| school.value(name), |(_, value)| *value);
        let fits = (least..=most).contains(&value);
        if fits { Ok(value) } else { Err(fault(&format!("{name} must lie between {least} and {most}"))) }
    };
    let rule = Rule::read(value, |why| fault(why))?;
    Ok(ClassRule { class: class.trim().to_owned(), rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHOOL: Rule =
        Rule { present_percent: 80, partial_percent: 50, late_minutes: 10, early_minutes: 10, blind_percent: 10 };

    #[test]
    fn a_class_says_only_what_differs() {
        let own = class_rule("BTS SIO 1A: present_percent=75  late_minutes=15", &SCHOOL).expect("a rule");
        assert_eq!(own.class, "BTS SIO 1A");
        assert_eq!(own.rule, Rule { present_percent: 75, late_minutes: 15, ..SCHOOL });
        // A name may hold a colon.
        assert_eq!(class_rule("1A : soir: blind_percent=20", &SCHOOL).expect("a rule").class, "1A : soir");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (line, said) in [
            ("1A", "a line reads"),
            (": late_minutes=5", "a line reads"),
            ("1A:", "a line reads"),
            ("1A: late_minutes", "a line reads"),
            ("1A: late_minute=5", "did you mean late_minutes?"),
            ("1A: late_minutes=five", "must be a whole number"),
            ("1A: late_minutes=241", "between 0 and 240"),
            ("1A: present_percent=0", "between 1 and 100"),
            ("1A: present_percent=40", "partial_percent may not exceed present_percent"),
            ("1A: late_minutes=5 late_minutes=6", "said twice"),
        ] {
            let error = class_rule(line, &SCHOOL).expect_err(line);
            assert!(error.contains(said) && error.contains(line), "{line}: {error}");
        }
    }
}
