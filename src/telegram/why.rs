//! « Pourquoi ? »: a refusal ends with its code, and the code has a reason that can be asked for.

use super::command::{Answer, Reason, Turn};
use super::screen::{Key, Screen, WHY};
use crate::kernel::{Lang, Result};
use crate::text;

/// The reasons of the adapter's own refusals.
pub const REASONS: &[Reason] = &[
    Reason { code: "TEL-01", words: "why-tel-01" },
    Reason { code: "TEL-02", words: "why-tel-02" },
    Reason { code: "TEL-03", words: "why-tel-03" },
    Reason { code: "TEL-04", words: "why-tel-04" },
    Reason { code: "TEL-05", words: "why-tel-05" },
    Reason { code: "TEL-06", words: "why-tel-06" },
    Reason { code: "TEL-07", words: "why-tel-07" },
    Reason { code: "TEL-08", words: "why-tel-08" },
    Reason { code: "CAL-01", words: "why-cal-01" },
    Reason { code: "CAL-02", words: "why-cal-02" },
    Reason { code: "CAL-03", words: "why-cal-03" },
    Reason { code: "CAL-04", words: "why-cal-04" },
    Reason { code: "CAL-05", words: "why-cal-05" },
    Reason { code: "SEC-01", words: "why-sec-01" },
    Reason { code: "SEC-02", words: "why-sec-02" },
    Reason { code: "SEC-03", words: "why-sec-03" },
    Reason { code: "SEC-04", words: "why-sec-04" },
    Reason { code: "SEC-05", words: "why-sec-05" },
];

/// `(PRE-01)`: the last code that these words hold.
fn code_in(words: &str) -> Option<&str> {
    words.rmatch_indices(')').find_map(|(end, _)| {
        let start = words.get(..end)?.rfind('(')? + 1;
        words.get(start..end).filter(|code| Reason::is_code(code))
    })
}

/// The code of a refusal whose reason is known.
pub(super) fn asked_of<'r>(screen: &Screen, lang: Lang, reasons: &[&'r Reason]) -> Option<&'r str> {
    asked_in(&screen.text.render(lang), reasons)
}

/// As [`asked_of`], in the words as they are read.
pub(super) fn asked_in<'r>(words: &str, reasons: &[&'r Reason]) -> Option<&'r str> {
    let code = code_in(words)?;
    reasons.iter().find(|reason| reason.code == code).map(|reason| reason.code)
}

/// A refusal said in private carries `[Pourquoi ?]`.
pub(super) fn offer(screen: &Screen, lang: Lang, reasons: &[&'static Reason]) -> Screen {
    let key = asked_of(screen, lang, reasons).map(|code| Key::press(text!("telegram-why-key"), WHY, code));
    screen.clone().row(key)
}

/// `[Pourquoi ?]` was pressed: the reason, under the refusal.
#[expect(clippy::unused_async, reason = "the shape that buttons want")]
pub(super) async fn tell(turn: &mut Turn<'_>) -> Result<Answer> {
    let words = turn.reason_of(&turn.args).unwrap_or_else(|| text!("telegram-why-unknown"));
    Ok(Answer::say(words).new_message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Text;

    #[test]
    fn the_code_is_found_where_refusals_have_it() {
        assert_eq!(code_in("Ce menu a expiré. (TEL-01)"), Some("TEL-01"));
        assert_eq!(code_in("Trop lourd (20 Mo). (IMP-01)\n(autre chose)"), Some("IMP-01"));
        for words in ["", "(", ")", "(tel-01)", "(TEL-1)", "TEL-01", "(ÉTÉ-01)", "le 3 (bis)"] {
            assert_eq!(code_in(words), None, "{words}");
        }
    }

    #[test]
    fn only_known_codes_get_a_button() {
        let known = [&REASONS[0]];
        let keys = |words: &str| offer(&Screen::new(Text::verbatim(words)), Lang::Fr, &known).keys.len();
        assert_eq!((keys("Non. (TEL-01)"), keys("BTS (SIO-12)"), keys("Oui.")), (1, 0, 0));
    }
}
