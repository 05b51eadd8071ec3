//! Trouble leaves signs: what will happen, what did, and the way back. And what stands behind is said in the page's words.

use reqwest::StatusCode;

use super::doors::{Door, account};
use super::{Browser, Demo, loop_until};

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
    fault("wait").await;
    door.until("", "Telegram répondra « Attendez 3 s »").await;
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
