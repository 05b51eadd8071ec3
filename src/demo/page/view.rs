//! What one browser tab shows, kept in its address: whose phones, which chats, which panel, in which language.

use crate::kernel::text::Lang;

/// Phones beside each other, at most.
pub const MOST_PHONES: usize = 3;

/// One phone on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phone {
    pub account: i64,
    /// The open chat; the private one with the bot has the account's own number.
    pub chat: i64,
}

/// What can be seen behind the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    Due,
    Outbox,
    Calls,
    Sheet,
    Journal,
}

impl Panel {
    pub const ALL: [Self; 5] = [Self::Due, Self::Outbox, Self::Calls, Self::Sheet, Self::Journal];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Outbox => "outbox",
            Self::Calls => "calls",
            Self::Sheet => "sheet",
            Self::Journal => "journal",
        }
    }
}

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub lang: Lang,
    pub phones: Vec<Phone>,
    pub panel: Option<Panel>,
    /// `None`: as the browser prefers.
    pub dark: Option<bool>,
    pub tour: bool,
}

impl View {
    /// Reads an address' query; `usual` are the phones of a newcomer, `lang` is what the school speaks.
    pub fn read(query: &str, usual: &[Phone], lang: Lang) -> Self {
        let value = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
        };
        let phone = |words: &str| {
            let (account, chat) = words.split_once('.')?;
            Some(Phone { account: account.parse().ok()?, chat: chat.parse().ok()? })
        };
        let mut phones: Vec<Phone> = value("p").unwrap_or_default().split('_').filter_map(phone).collect();
        phones.truncate(MOST_PHONES);
        if phones.is_empty() {
            phones = usual.to_vec();
        }
        Self {
            lang: Lang::ALL.into_iter().find(|one| value("l") == Some(one.code())).unwrap_or(lang),
            phones,
            panel: Panel::ALL.into_iter().find(|panel| value("panel") == Some(panel.code())),
            dark: value("theme").map(|theme| theme == "dark"),
            tour: value("tour") != Some("0"),
        }
    }

    /// The query that [`View::read`] reads.
    pub fn query(&self) -> String {
        let phones: Vec<String> = self.phones.iter().map(|phone| format!("{}.{}", phone.account, phone.chat)).collect();
        let mut query = format!("l={}&p={}", self.lang.code(), phones.join("_"));
        if let Some(panel) = self.panel {
            query.push_str("&panel=");
            query.push_str(panel.code());
        }
        if let Some(dark) = self.dark {
            query.push_str(if dark { "&theme=dark" } else { "&theme=light" });
        }
        if !self.tour {
            query.push_str("&tour=0");
        }
        query
    }

    pub fn href(&self) -> String {
        format!("/?{}", self.query())
    }

    /// … shown from phone `nth` on: on a small screen the phones stand below each other, and what was chosen is on one.
    pub fn href_at(&self, nth: usize) -> String {
        format!("{}#phone-{nth}", self.href())
    }

    /// The same tab with another person, or another chat, on phone `nth`.
    pub fn with_phone(&self, nth: usize, phone: Phone) -> Self {
        let mut view = self.clone();
        match view.phones.get_mut(nth) {
            Some(one) => *one = phone,
            None => view.phones.push(phone),
        }
        view.phones.truncate(MOST_PHONES);
        view
    }
    pub fn without_phone(&self, nth: usize) -> Self {
        let mut view = self.clone();
        if nth < view.phones.len() && view.phones.len() > 1 {
            view.phones.remove(nth);
        }
        view
    }
    pub fn with_panel(&self, panel: Option<Panel>) -> Self {
        Self { panel, ..self.clone() }
    }
    pub fn with_lang(&self, lang: Lang) -> Self {
        Self { lang, ..self.clone() }
    }
    pub fn with_theme(&self, dark: bool) -> Self {
        Self { dark: Some(dark), ..self.clone() }
    }
    pub fn with_tour(&self, tour: bool) -> Self {
        Self { tour, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_back_what_was_seen() {
        let usual = [Phone { account: 1, chat: 1 }];
        let view = View {
            lang: Lang::En,
            phones: vec![Phone { account: 61, chat: -100_200 }, Phone { account: 7, chat: 7 }],
            panel: Some(Panel::Calls),
            dark: Some(true),
            tour: false,
        };
        assert_eq!(View::read(&view.query(), &usual, Lang::Fr), view);
        let odd = View::read("p=x.y_3&panel=none&l=", &usual, Lang::En);
        assert_eq!((odd.phones, odd.panel, odd.lang, odd.tour), (usual.to_vec(), None, Lang::En, true));
        assert_eq!(View::read(&"p=1.1_1.1_1.1_1.1".repeat(2), &usual, Lang::Fr).phones.len(), MOST_PHONES);
    }
}
