//! What is planted, in every form in which it might come out again.

use std::collections::BTreeMap;

/// Secrets of the configuration, by key. The bot's token and what a sandbox makes by chance are added where they are known.
pub const SECRETS: [(&str, &str); 6] = [
    ("telegram.caller.api_hash", "zyksecretapihash0123456789abcdef"),
    ("web.admin_token", "zyksecretadmintokenoftheschool"),
    ("alert.smtp_password", "zyksecretsmtppassword"),
    ("secrets.key", "7a796b7365637265746b65795f5f5f5f0123456789abcdef0123456789abcdef"),
    ("secrets.new_key", "7a796b6e65776b65795f5f5f5f5f5f5f0123456789abcdef0123456789abcdef"),
    ("alert.webhook_url", "zyksecretwebhook"),
];
/// The password in the database's address.
pub const DATABASE: &str = "zyksecretdatabase";

pub const CLASS: &str = "BTS SIO 1A";
/// Family name, first name, mail, birth, role, class, card. The last one never uses the link.
pub const PEOPLE: [[&str; 7]; 5] = [
    ["Zykprofnom", "Zykprofprenom", "zykprofmail@ecole.example", "04/02/1961", "enseignant", CLASS, "ZYKCARTE0"],
    ["Zykvienom", "Zykvieprenom", "zykviemail@ecole.example", "05/03/1962", "superviseur", CLASS, "ZYKCARTE1"],
    ["Zykunnom", "Zykunprenom", "zykunmail@ecole.example", "11/01/2001", "étudiant", CLASS, "ZYKCARTE2"],
    ["Zykdeuxnom", "Zykdeuxprenom", "zykdeuxmail@ecole.example", "12/02/2002", "étudiant", CLASS, "ZYKCARTE3"],
    ["Zyktroisnom", "Zyktroisprenom", "zyktroismail@ecole.example", "13/03/2003", "étudiant", CLASS, "ZYKCARTE4"],
];
/// The teacher's name, as the timetable shows it to everybody.
pub const TEACHER: &str = "Zykprofnom";
/// How people call themselves in Telegram: first name and family name.
pub const TELEGRAM: [&str; 2] = ["Zyktgprenom", "Zyktgnom"];
/// Their user name, without the `@`.
pub const USERNAME: &str = "Zyktgpseudo";
/// What they say of themselves there, to whoever they ask to let them in.
pub const BIO: &str = "zyktgbiographie";
/// Where a lesson is held that the school does not call for: whoever knows it comes in.
pub const LINK: &str = "https://visio.example/zyklien?pwd=zykmotdepasse";
pub const ADMIN: [&str; 2] = ["Zykadmin", "Zykadminnom"];
pub const CALLER: [&str; 3] = ["Zykappel", "Zykappelnom", "+33699123987"];
pub const CHANNEL: &str = "Zykchaine";
/// What people type to the bot, in private.
pub const TYPED: &str = "zyktexteprive";
/// What people say among themselves in the group.
pub const CHATTER: &str = "zykbavardage";
/// A file's name, and a cell in it that cannot be read.
pub const FILE: [&str; 2] = ["Zykfichier", "zykcellule"];

/// A value that must not come out, and how it is called when it did.
#[derive(Clone)]
pub struct Canary {
    pub name: String,
    pub value: String,
}

pub fn canary(name: &str, value: &str) -> Canary {
    Canary { name: name.to_owned(), value: value.to_owned() }
}

/// Everything of everybody.
pub fn people() -> Vec<Canary> {
    let mut all = Vec::new();
    for [last, first, mail, birth, _, _, card] in PEOPLE {
        let day: Vec<&str> = birth.split('/').rev().collect();
        all.extend([last, first, mail, birth, card, &day.join("-")].map(|value| canary("person", value)));
    }
    all.extend(TELEGRAM.iter().chain(&ADMIN).chain(&CALLER).map(|value| canary("account", value)));
    all.extend([canary("channel", CHANNEL), canary("user name", USERNAME), canary("of themselves", BIO)]);
    all.push(canary("link to a room", LINK));
    all
}

/// A word in base64, wherever it begins within its text: three ways, without the letters that depend on what stands beside.
fn base64(value: &[u8]) -> Vec<String> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let shifted = |before: usize| {
        let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(value.iter().copied()).collect();
        let whole = bytes.chunks_exact(3).skip(usize::from(before > 0));
        whole
            .flat_map(|three| {
                let number = (u32::from(three[0]) << 16) | (u32::from(three[1]) << 8) | u32::from(three[2]);
                [18, 12, 6, 0].map(|shift| char::from(LETTERS[(number >> shift & 63) as usize]))
            })
            .collect::<String>()
    };
    (0..3).map(shifted).filter(|text| text.len() >= 8).collect()
}

fn forms(value: &str) -> Vec<Vec<u8>> {
    let bytes = value.as_bytes();
    let hex = |byte: &u8| format!("{byte:02x}");
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let percent = |byte: &u8| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let each = |byte: &u8| format!("%{byte:02x}");
    let mut forms = vec![
        value.to_owned(),
        bytes.iter().map(hex).collect(),
        bytes.iter().map(percent).collect(),
        bytes.iter().map(each).collect(),
        value.replace('/', "\\/"),
    ];
    forms.extend(base64(bytes));
    // A key that is written in digits, as the bytes that it stands for.
    let digits: Option<Vec<u8>> = (value.len() >= 32 && value.len().is_multiple_of(2))
        .then(|| (0..value.len()).step_by(2).map(|at| u8::from_str_radix(&value[at..at + 2], 16).ok()).collect())
        .flatten();
    let mut forms: Vec<Vec<u8>> = forms.into_iter().map(|form| form.to_lowercase().into_bytes()).collect();
    forms.extend(digits.map(|bytes| bytes.to_ascii_lowercase()));
    forms.sort();
    forms.dedup();
    forms
}

/// Which of them are in there, in any form. One pass: logs are long, and there are many forms.
pub fn found(place: &str, bytes: &[u8], canaries: &[Canary]) -> Vec<String> {
    let bytes = bytes.to_ascii_lowercase();
    let mut by_start: BTreeMap<usize, Vec<(&Canary, Vec<u8>)>> = BTreeMap::new();
    let start = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    let mut begins = vec![false; 1 << 16];
    for canary in canaries {
        for form in forms(&canary.value) {
            begins[start(&form)] = true;
            by_start.entry(start(&form)).or_default().push((canary, form));
        }
    }
    let mut all = BTreeMap::new();
    for at in 0..bytes.len().saturating_sub(1) {
        let rest = &bytes[at..];
        if !begins[start(rest)] {
            continue;
        }
        for (canary, form) in by_start[&start(rest)].iter().filter(|(_, form)| rest.starts_with(form)) {
            let around = &bytes[at.saturating_sub(80)..(at + form.len() + 60).min(bytes.len())];
            let said =
                || format!("{place}: {} {} in « {} »", canary.name, canary.value, String::from_utf8_lossy(around));
            all.entry((&canary.name, form)).or_insert_with(said);
        }
    }
    all.into_values().collect()
}

#[test]
fn a_canary_is_found_in_every_form() {
    let word = [canary("w", "zyk/secret+word of it")];
    for text in [
        "x zyk/secret+word of it y",
        "ZYK/SECRET+WORD OF IT",
        "zyk%2Fsecret%2Bword%20of%20it",
        "zyk\\/secret+word of it",
        "7a796b2f7365637265742b776f7264206f66206974",
        // « zyk/secret+word of it » alone, after « x » and after « xx ».
        "enlrL3NlY3JldCt3b3JkIG9mIGl0",
        "eHp5ay9zZWNyZXQrd29yZCBvZiBpdA==",
        "eHh6eWsvc2VjcmV0K3dvcmQgb2YgaXQ=",
    ] {
        assert!(!found("here", text.as_bytes(), &word).is_empty(), "{text}");
    }
    assert!(found("here", b"zyk secret word of it", &word).is_empty());
    let key = [canary("k", &"5a".repeat(16))];
    assert!(!found("here", &[b'Z'; 20], &key).is_empty(), "a key as it is in memory");
}
