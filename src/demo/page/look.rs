//! Colours, in one place: the page's style sheet is made with them, and a test reads how well they can be told apart.

/// A pair of sheets: each colour by name, light and dark.
const COLOURS: [(&str, &str, &str); 19] = [
    ("page", "#e9eef3", "#12181f"),
    ("card", "#ffffff", "#1b242d"),
    ("ink", "#14202b", "#e8eef4"),
    ("soft", "#4a5a69", "#a9b8c6"),
    ("line", "#c3ced8", "#33414e"),
    ("edge", "#66788a", "#788a9b"),
    ("accent", "#17598a", "#8cc8f0"),
    ("on-accent", "#ffffff", "#0d1a24"),
    ("wall", "#d3e0e8", "#0e161d"),
    ("mine", "#e2f6d3", "#2a4a63"),
    ("theirs", "#ffffff", "#1f2b36"),
    ("key", "#dcebf6", "#2b3b49"),
    ("on-key", "#0f4468", "#cfe7f8"),
    ("good", "#1d6b34", "#7fd49a"),
    ("bad", "#a3201c", "#ff9d94"),
    ("bar", "#f4f7fa", "#172028"),
    ("code", "#eef2f5", "#2a3641"),
    ("notice", "#3f5260", "#2a3743"),
    ("on-notice", "#f4f7fa", "#e8eef4"),
];

/// What is written on what: text, and what lies under it.
#[cfg(test)]
const WRITTEN: [(&str, &str); 23] = [
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "mine"),
    ("ink", "theirs"),
    ("ink", "bar"),
    ("ink", "wall"),
    ("ink", "code"),
    ("soft", "page"),
    ("soft", "card"),
    ("soft", "mine"),
    ("soft", "theirs"),
    ("soft", "bar"),
    ("accent", "card"),
    ("accent", "page"),
    ("accent", "bar"),
    ("accent", "theirs"),
    ("accent", "mine"),
    ("on-accent", "accent"),
    ("on-key", "key"),
    ("on-notice", "notice"),
    ("good", "card"),
    ("bad", "card"),
    ("bad", "page"),
];

/// What shows where a field, a button or the focus is: its edge, and what lies on either side of that.
#[cfg(test)]
const EDGES: [(&str, &str); 9] = [
    ("edge", "card"),
    ("edge", "bar"),
    ("edge", "page"),
    ("edge", "wall"),
    ("edge", "key"),
    ("accent", "card"),
    ("accent", "bar"),
    ("accent", "page"),
    ("accent", "wall"),
];

const SHEET: &str = include_str!("assets/page.css");

/// The style sheet with its colours.
pub fn sheet() -> String {
    let of = |dark: bool| {
        let one = |(name, light, night): &(&str, &str, &str)| format!("--{name}:{};", if dark { night } else { light });
        COLOURS.iter().map(one).collect::<Vec<_>>().concat()
    };
    let (light, dark) = (of(false), of(true));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n{SHEET}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG 2 defines it.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// Each of these pairs is told apart so well, in both lights.
    fn told_apart(pairs: &[(&str, &str)], least: f64) {
        for (ink, paper) in pairs {
            let colour = |name: &str| COLOURS.iter().find(|(known, ..)| *known == name).copied().unwrap();
            let (ink, paper) = (colour(ink), colour(paper));
            for (above, below) in [(ink.1, paper.1), (ink.2, paper.2)] {
                let (one, other) = (luminance(above), luminance(below));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= least, "{} on {}: {contrast:.2} ({above} on {below})", ink.0, paper.0);
            }
        }
    }

    /// What a rule of the sheet declares.
    fn rule(selector: &str) -> &'static str {
        let start = SHEET.split(&format!("\n{selector}{{")).nth(1).unwrap();
        start.split('}').next().unwrap()
    }

    #[test]
    fn what_is_written_can_be_read_in_both_lights() {
        told_apart(&WRITTEN, 4.5);
        let notice = rule(".wall>li.told");
        assert!(notice.contains("background:var(--notice);color:var(--on-notice)"), "{notice}");
        assert_eq!(SHEET.matches("li.told").count(), 1, "no light has a rule of its own");
    }

    /// WCAG 2, 1.4.11.
    #[test]
    fn fields_and_buttons_have_an_edge_that_is_seen() {
        told_apart(&EDGES, 3.0);
        for selector in ["button,select,.tab", ".foot .row>input[type=text]"] {
            let rule = rule(selector);
            assert!(rule.contains("border:1px solid var(--edge)"), "{selector}: {rule}");
        }
        let keys = rule(".keys button,.keys a");
        assert!(!keys.contains("border"), "a key's edge is a button's: {keys}");
    }

    /// A browser's own grey for what stands in an empty field can be told apart in one light only.
    #[test]
    fn what_an_empty_field_says_is_one_of_the_pairs() {
        let rule = SHEET.split("::placeholder{").nth(1).unwrap().split('}').next().unwrap();
        let ink = rule.split("color:var(--").nth(1).unwrap().split(')').next().unwrap();
        assert!(WRITTEN.contains(&(ink, "card")) && rule.contains("opacity:1"), "{rule}");
        let field = SHEET.split("input[type=text]{").nth(1).unwrap().split('}').next().unwrap();
        assert!(field.contains("background:var(--card)"), "{field}");
    }

    #[test]
    fn the_sheet_uses_no_colour_of_its_own_and_each_that_is_named() {
        assert!(!SHEET.contains('#'), "colours stand in look.rs");
        for (name, ..) in COLOURS {
            assert!(SHEET.contains(&format!("var(--{name})")), "--{name} is used nowhere");
        }
    }
}
