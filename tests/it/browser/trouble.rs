//! Trouble leaves signs: what will happen, what did, and the way back. And what stands behind is said in the page's words.

use std::time::Duration;

use reqwest::StatusCode;

use super::doors::{Door, account, group_of};
use super::{Browser, Demo, loop_until, loop_within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_trouble_is_seen_and_ends() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    let samia = account(&page, "Samia Benali");
    let fault = async |name: &str| {
        assert_eq!(door.post("fault", &[("fault", name)]).await.0, StatusCode::NO_CONTENT, "{name}");
    };
    let ping = [("account", samia.as_str()), ("chat", &samia), ("text", "/ping")];
    fault("lost").await;
    door.until("", "La réponse de Telegram au prochain envoi se perdra").await;
    door.post("act/say", &ping).await;
    let page = door.until("", "Réponse perdue à 13:40 (à Samia Benali)").await;
    assert!(!page.contains("se perdra"));
    // The answer that was lost is given once more: it may meet what comes next.
    fault("wait").await;
    loop_until("the fault", async || {
        let page = door.page("").await;
        let seen = ["Telegram répondra « Attendez 3 s »", "Telegram a dit « Attendez 3 s » à 13:40"];
        if seen.iter().any(|words| page.contains(words)) { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
    door.post("act/say", &ping).await;
    door.until("", "Telegram a dit « Attendez 3 s » à 13:40").await;
    fault("hidden").await;
    door.until("", "Dans les appels de BTS SIO 1A, qui ne parle pas").await;
    fault("shown").await;
    assert!(!door.page("").await.contains("Dans les appels de BTS SIO 1A"));
    fault("away").await;
    assert!(door.page("").await.contains("Telegram est absent : "));
    fault("back").await;
    assert!(!door.page("").await.contains("Telegram est absent : "));

    // The account is signed out and in again: the lesson's call opens.
    fault("revoked").await;
    let page = door.until("", "Le compte appelant est déconnecté").await;
    assert!(page.contains("id=\"fault-signin-news\""));
    fault("signin").await;
    assert!(!door.page("").await.contains("Le compte appelant est déconnecté"));
    assert_eq!(door.post("clock", &[("order", "restart")]).await.0, StatusCode::NO_CONTENT);
    door.until("", "Programme redémarré à 13:40").await;
    door.post("clock", &[("order", "next")]).await;
    door.until("", "13:45 · BTS SIO 1A : un rappel de cours").await;
    for _ in 0..2 {
        door.post("clock", &[("order", "five")]).await;
    }
    door.until("", "13:55 · BTS SIO 1A : l’ouverture d’un appel").await;
    door.until("?panel=calls", "Réseaux · 24/11").await;
    assert!(!door.page("").await.contains("Programme redémarré"), "after ten minutes it is told no more");
}

/// A program that is started while Telegram is away, or asks to wait, waits for it: nothing is lost, and nothing is said
/// in a program's own words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_started_without_telegram_waits_for_it() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    let karim = account(&page, "Karim Toumi");
    let chat = group_of(&door.page(&format!("?p={karim}.{karim}")).await, &karim);
    let fault = async |name: &str| {
        assert_eq!(door.post("fault", &[("fault", name)]).await.0, StatusCode::NO_CONTENT, "{name}");
    };
    let order = async |order: &str| assert_eq!(door.post("clock", &[("order", order)]).await.0, StatusCode::NO_CONTENT);
    fault("away").await;
    order("restart").await;
    let page = door.until("", "Le programme ne tourne pas : il attend Telegram (pas de connexion)").await;
    assert!(!page.contains("Programme redémarré") && !page.contains("unavailable"), "{page}");
    fault("back").await;
    let page = door.until("", "Programme redémarré à 13:40").await;
    assert!(!page.contains("ne tourne pas"), "{page}");
    fault("wait").await;
    order("restart").await;
    door.rests().await;
    let page = door.until("", "Programme redémarré à 13:40").await;
    assert!(!page.contains("ne tourne pas"), "{page}");
    order("next").await;
    let group = format!("?p={karim}.{chat}");
    let page = door.until(&group, "Rappel : Réseaux").await;
    assert!(page.contains("mardi 24 novembre, 13:45"), "{page}");
    let bubbles = page.split("class=\"bubble\"").skip(1);
    assert_eq!(bubbles.filter(|bubble| bubble.contains("Rappel : Réseaux")).count(), 1);
}

/// What puts itself off by seconds while Telegram is away is no event each time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_event_is_not_the_same_one_again() {
    let Some(door) = Door::open().await else { return };
    assert_eq!(door.post("fault", &[("fault", "away")]).await.0, StatusCode::NO_CONTENT);
    // Seconds from 07:00 on.
    let (mut hours, two) = (vec![door.hour().await], 7.0 * 3_600.0);
    while hours.last().is_none_or(|hour| *hour < two) {
        let before = hours.last().copied().unwrap_or_default();
        assert_eq!(door.post("clock", &[("order", "next")]).await.0, StatusCode::NO_CONTENT);
        let passed = loop_within(Duration::from_mins(1), "an event", async || {
            let now = door.hour().await;
            if now > before { Ok(()) } else { Err("not yet".to_owned()) }
        });
        passed.await;
        door.rests().await;
        hours.push(door.hour().await);
        assert!(hours.len() <= 6, "from 13:40 to 14:00: {hours:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_behind_is_said_in_french_and_to_whom() {
    let Some(door) = Door::open().await else { return };
    let samia = account(&door.page("").await, "Samia Benali");
    let state = [("account", samia.as_str()), ("chat", &samia), ("text", "/etat")];
    door.post("act/say", &state).await;
    // The school is set up as one should be.
    let card = door.until(&format!("?p={samia}.{samia}"), "Tout va bien.").await;
    assert!(card.contains("Canal d’alerte : réglé") && card.contains("Sauvegarde : la "), "{card}");
    let journal = door.until("?panel=journal", "sendMessage → Samia Benali").await;
    assert!(journal.contains("« Tout va bien."), "{journal}");
    for panel in ["due", "outbox", "journal"] {
        let page = door.page(&format!("?panel={panel}")).await;
        let behind = page.split("<aside").nth(1).expect("the panel");
        for word in ["completed", "cancelled", "scheduled", "done with another", "was changed", ">ok<"] {
            assert!(!behind.contains(word), "{panel}: {word}: {behind}");
        }
    }
    let outbox = door.page("?panel=outbox").await;
    assert!(outbox.contains("fait : "), "{outbox}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_drawers_buttons_stand_apart() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&format!("{}?panel=calls", demo.url)).await;
    browser.click("//details[contains(@class, 'faults')]/summary").await;
    let gaps = "
        const all = [...document.querySelectorAll('.faults button')].map((one) => one.getBoundingClientRect());
        let least = 99;
        all.forEach((one, nth) => all.slice(nth + 1).forEach((other) => {
            const x = Math.max(one.left, other.left) - Math.min(one.right, other.right);
            const y = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
            least = Math.min(least, Math.max(x, y));
        }));
        return least";
    loop_until("the drawer is open", async || {
        let least = browser.js(gaps).await.as_f64().unwrap_or_default();
        if least >= 4.0 { Ok(()) } else { Err(format!("{least} px between two buttons")) }
    })
    .await;
    let sizes = "
        const probe = document.createElement('h3');
        document.querySelector('aside').append(probe);
        const size = (one) => parseFloat(getComputedStyle(one).fontSize);
        return size(probe) <= size(document.querySelector('aside h2'))";
    assert_eq!(browser.js(sizes).await, true, "a call's title is no larger than the panel's");
    browser.close().await;
}
