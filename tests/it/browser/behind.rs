//! What stands behind: who was in the call and when, what the program asked of Telegram, and the drawer's buttons.

use reqwest::StatusCode;
use serde_json::json;

use super::doors::{Door, account, group_of, rows};
use super::{Browser, Demo};

/// Somebody comes, goes, and comes again; meanwhile the looks into the call hide nothing else that was asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_shown_by_its_intervals_and_requests_without_the_looks() {
    let Some(door) = Door::open().await else { return };
    let karim = account(&door.page("").await, "Karim Toumi");
    let chat = group_of(&door.page(&format!("?p={karim}.{karim}")).await, &karim);
    let order = async |order: &str| {
        assert_eq!(door.post("clock", &[("order", order)]).await.0, StatusCode::NO_CONTENT, "{order}");
        door.rests().await;
    };
    while !door.page("").await.contains("mardi 24 novembre, 13:55") {
        order("next").await;
    }
    for act in ["join-call", "leave-call", "join-call"] {
        let (status, words) = door.post(&format!("act/{act}"), &[("account", &karim), ("chat", &chat)]).await;
        assert_eq!((status, words.as_str()), (StatusCode::OK, ""), "{act}");
        order("five").await;
    }
    let sheet = rows(&door.until("?panel=sheet", "Karim T.").await);
    let row = sheet.iter().find(|row| row.contains("Karim T.")).expect("his line");
    let stays: Vec<&str> =
        row.split("<span class=\"soft\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(stays, ["13:55–14:00", "14:05–"], "{row}");

    let journal = rows(&door.page("?panel=journal").await);
    let asked = |method: &str| journal.iter().filter(|row| row.contains(&format!("<td>{method}"))).count();
    assert_eq!((asked("phone.getGroupCall"), asked("phone.createGroupCall")), (0, 1), "{journal:#?}");
    assert!(asked("sendMessage") + asked("editMessageText") >= 3, "{journal:#?}");
}

/// Each of the drawer's buttons, what the page says once it is pressed, and whether it says so from then on.
const BUTTONS: [(&str, &str, bool); 9] = [
    ("fault-away-drawer", "Telegram est absent", true),
    ("fault-back-drawer", "Telegram est absent", false),
    ("fault-lost-drawer", "au prochain envoi se perdra", true),
    ("fault-wait-drawer", "Attendez 3 s", true),
    ("fault-revoked-drawer", "Le compte appelant est déconnecté", true),
    ("fault-signin-drawer", "Le compte appelant est déconnecté", false),
    ("fault-hidden-drawer", "qui ne parle pas n’est plus montré", true),
    ("fault-shown-drawer", "qui ne parle pas n’est plus montré", false),
    ("fault-restart", "Programme redémarré à 13:40", true),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_button_of_the_drawer_does_what_it_says() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    browser.click("//details[contains(@class, 'faults')]/summary").await;
    let ids = browser.js("return [...document.querySelectorAll('.faults button')].map((one) => one.id)").await;
    assert_eq!(ids, json!(BUTTONS.map(|(id, ..)| id)));
    for (id, words, there) in BUTTONS {
        browser.click(&format!("//button[@id='{id}']")).await;
        let said = "contains(translate(normalize-space(.), '\u{a0}', ' '), ";
        let news = format!("{said}\"{words}\")");
        let seen = if there { news } else { format!("not({news})") };
        browser.find(&format!("//div[contains(@class, 'news') and {seen}]")).await;
    }
    browser.close().await;
}
