//! What a person sees: a text and keys under it, not yet in a language.

use serde::{Deserialize, Serialize};

use crate::kernel::{Lang, Text};
use crate::text;

/// Telegram's own limits.
pub const MOST_LETTERS: usize = 4096;
pub const MOST_ROWS: usize = 24;
/// Longest label that a phone shows whole.
pub const MOST_LABEL: usize = 24;
/// The same for one that names things of the school and stands alone in its row.
pub const MOST_ALONE: usize = 40;

/// The action of « ✕ Fermer ».
pub const CLOSE: &str = "telegram.close";
/// The action of « Pourquoi ? »; its argument is a refusal's code.
pub const WHY: &str = "telegram.why";

/// A message to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    pub text: Text,
    pub keys: Vec<Vec<Key>>,
    /// Without a sound.
    pub silent: bool,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub label: Text,
    pub does: Does,
}

/// What pressing does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Does {
    /// Calls the button `action` of a feature with `args`.
    Press { action: String, args: String },
    /// Opens a web address.
    Open(String),
    /// Opens the private chat with the bot, with this Start payload.
    Start(String),
}

impl Key {
    pub fn press(label: Text, action: &str, args: impl Into<String>) -> Self {
        Self { label, does: Does::Press { action: action.to_owned(), args: args.into() } }
    }
    pub fn open(label: Text, address: impl Into<String>) -> Self {
        Self { label, does: Does::Open(address.into()) }
    }
    pub fn start(label: Text, payload: impl Into<String>) -> Self {
        Self { label, does: Does::Start(payload.into()) }
    }
}

impl Screen {
    pub fn new(text: Text) -> Self {
        Self { text, keys: Vec::new(), silent: false }
    }
    /// Several texts, one under the other.
    pub fn lines(lines: impl IntoIterator<Item = Text>) -> Self {
        Self::new(Text::lines(lines))
    }
    /// Adds a row of keys (none when empty).
    pub fn row(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        let row: Vec<Key> = keys.into_iter().collect();
        if !row.is_empty() {
            self.keys.push(row);
        }
        self
    }
    pub fn silent(mut self) -> Self {
        self.silent = true;
        self
    }
    /// A menu: its last row is « Retour » (where there is a place to go back to) and « ✕ Fermer ».
    pub fn menu(self, back: Option<Key>) -> Self {
        let close = Key::press(text!("telegram-close-key"), CLOSE, "");
        self.row(back.into_iter().chain([close]))
    }
    /// The same in a message with something to decide: « ✕ Fermer » takes nothing away, it is back at what `first` says.
    pub fn folding(self, back: Key, first: Does) -> Self {
        self.row([back, Key { label: text!("telegram-close-key"), does: first }])
    }

    /// The words in `lang`, cut (with a sign that they are) to what Telegram takes.
    pub fn words(&self, lang: Lang) -> String {
        clip(&self.text.render(lang), MOST_LETTERS)
    }
}

/// A page of keys: six rows, then « ‹ 1/4 › », then « ✕ Fermer ».
const PAGE_ROWS: usize = 6;

/// The part of a list that stands on `page` (the first is 1), which page that is, and of how many.
pub fn part<T>(all: &[T], size: usize, page: usize) -> (&[T], usize, usize) {
    let pages = all.len().div_ceil(size.max(1)).max(1);
    let page = page.clamp(1, pages);
    let from = (page - 1) * size;
    (all.get(from..all.len().min(from + size)).unwrap_or_default(), page, pages)
}

impl Screen {
    /// A menu of many keys, at most three beside each other; `action` shows the page that its argument names.
    pub fn paged(mut self, keys: &[Key], columns: usize, page: usize, action: &str) -> Self {
        let columns = columns.clamp(1, 3);
        let (shown, page, pages) = part(keys, PAGE_ROWS * columns, page);
        for row in shown.chunks(columns) {
            self = self.row(row.iter().cloned());
        }
        self.turning(page, pages, action).menu(None)
    }

    /// As [`Screen::paged`], of one list among several: its pages carry its name before theirs, and there is a way back.
    pub fn paged_within(
        mut self,
        keys: &[Key],
        columns: usize,
        page: usize,
        (action, name): (&str, &str),
        back: Key,
    ) -> Self {
        let columns = columns.clamp(1, 3);
        let (shown, page, pages) = part(keys, PAGE_ROWS * columns, page);
        for row in shown.chunks(columns) {
            self = self.row(row.iter().cloned());
        }
        self.turns(page, pages, action, &format!("{name} ")).menu(Some(back))
    }

    /// « ‹ 1/4 › » where there is more than one page.
    pub fn turning(self, page: usize, pages: usize, action: &str) -> Self {
        self.turns(page, pages, action, "")
    }

    /// The same of one list among several: `of` (which stands before the page in the key's arguments) says which.
    pub fn turning_within(self, page: usize, pages: usize, action: &str, of: &str) -> Self {
        self.turns(page, pages, action, &format!("{of} "))
    }

    fn turns(self, page: usize, pages: usize, action: &str, of: &str) -> Self {
        if pages < 2 {
            return self;
        }
        let to = |label: String, page: usize| Key::press(Text::verbatim(label), action, format!("{of}{PAGE}{page}"));
        let back = (page > 1).then(|| to("‹".to_owned(), page - 1));
        let on = (page < pages).then(|| to("›".to_owned(), page + 1));
        self.row(back.into_iter().chain([to(format!("{page}/{pages}"), page)]).chain(on))
    }
}

const PAGE: &str = "page:";

/// The page that a key of [`Screen::turning`] asks for.
pub fn page_asked(args: &str) -> Option<usize> {
    args.strip_prefix(PAGE)?.parse().ok()
}

/// No line of a phone begins with « » ? ! : ; % », nor ends with « « »: the spaces of French beside them do not break.
pub fn unbroken(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    let mut letters = words.chars().peekable();
    while let Some(letter) = letters.next() {
        let stays = matches!(letters.peek(), Some('»' | '?' | '!' | ':' | ';' | '%')) || out.ends_with('«');
        out.push(if letter == ' ' && stays { UNBREAKABLE } else { letter });
    }
    out
}

/// The same words, however their spaces were sent.
pub fn is_same(words: &str, other: &str) -> bool {
    let plain = |letter: char| if letter == UNBREAKABLE { ' ' } else { letter };
    words.chars().map(plain).eq(other.chars().map(plain))
}

const UNBREAKABLE: char = '\u{a0}';

/// Cuts `words` to at most `most` UTF-16 units (Telegram counts so), ending with « … ».
pub fn clip(words: &str, most: usize) -> String {
    if words.encode_utf16().count() <= most {
        return words.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let mut out: String = words
        .chars()
        .take_while(|letter| {
            let fits = letter.len_utf16() <= left;
            left = left.saturating_sub(letter.len_utf16());
            fits
        })
        .collect();
    out.push('…');
    out
}

/// A screen in a language, with keys as they go on the wire. Made by [`crate::telegram::callback::lay`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub text: String,
    pub keys: Vec<Vec<WireKey>>,
    pub silent: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WireKey {
    pub label: String,
    pub does: WireDoes,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WireDoes {
    Data(String),
    Url(String),
    /// The bot's own name is known to the adapter only.
    Start(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_has_pages() {
        assert_eq!(part(&[1, 2, 3, 4, 5], 2, 3), ([5].as_slice(), 3, 3));
        assert_eq!(part(&[1, 2, 3], 2, 9), ([3].as_slice(), 2, 2));
        assert_eq!(part::<u8>(&[], 2, 0), ([].as_slice(), 1, 1));
        let keys: Vec<Key> = (0..30).map(|n| Key::press(Text::verbatim(n.to_string()), "a", "")).collect();
        let labels = |screen: &Screen| -> Vec<Vec<String>> {
            screen.keys.iter().map(|row| row.iter().map(|key| key.label.render(Lang::Fr)).collect()).collect()
        };
        let first = Screen::new(Text::verbatim("x")).paged(&keys, 2, 1, "a");
        assert_eq!((first.keys.len(), labels(&first)[6].clone()), (8, vec!["1/3".to_owned(), "›".to_owned()]));
        let last = Screen::new(Text::verbatim("x")).paged(&keys, 2, 3, "a");
        assert_eq!(labels(&last)[2..], [vec!["28", "29"], vec!["‹", "3/3"], vec!["✕ Fermer"]]);
        let Does::Press { args, .. } = &last.keys[3][0].does else { panic!("a press") };
        assert_eq!(page_asked(args), Some(2));
        assert_eq!(Screen::new(Text::verbatim("x")).paged(&keys[..3], 2, 1, "a").keys.len(), 3);
    }

    #[test]
    fn no_line_begins_with_a_mark() {
        let said = "Le cours « Réseaux » a lieu : oui ! 80 % ? Bien ; voilà. a « b";
        let sent = unbroken(said);
        assert_eq!(sent.replace('\u{a0}', "_"), "Le cours «_Réseaux_» a lieu_: oui_! 80_%_? Bien_; voilà. a «_b");
        assert!(is_same(&sent, said) && !is_same(&sent, "Le cours"));
        assert_eq!(unbroken("The lesson: yes? (80%)"), "The lesson: yes? (80%)");
    }

    #[test]
    fn clipping_counts_as_telegram_does() {
        assert_eq!(clip("abc", 3), "abc");
        assert_eq!(clip("abcd", 3), "ab…");
        assert_eq!(clip("😀😀😀", 5), "😀😀…");
    }
}
