//! What the page shows beside the tour: its colours and where they come from, a workbook to send, alerts, calls one leaves.

use preau::demo::school::files;
use serde_json::Value;

use super::{Browser, Demo, loop_until};

/// Everything that the page loaded, and whence.
const LOADED: &str = "
    const all = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
    const named = all.map((one) => new URL(one.name)).filter((one) => one.protocol !== 'data:');
    return { count: named.length, away: named.filter((one) => one.origin !== location.origin).map(String) };";

/// How light the page and a phone's chat are, from 0 to 255.
const LIGHT: &str = "
    const light = (one) => {
        const [red, green, blue] = getComputedStyle(one).backgroundColor.match(/[0-9]+/g).map(Number);
        return 0.3 * red + 0.6 * green + 0.1 * blue;
    };
    return ['html', '.card', '.wall', '.bubble'].map((one) => light(document.querySelector(one)));";

/// A file that the page gives, as its bytes in hexadecimal digits.
const FETCHED: &str = "
    const done = arguments[1];
    fetch(arguments[0]).then((answer) => answer.arrayBuffer()).then((buffer) =>
        done([...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_of_one_piece_by_day_and_by_night() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    let mut lights = Vec::new();
    for query in ["theme=light", "theme=dark"] {
        browser.go(&format!("{}?{query}", demo.url)).await;
        browser.find("//ol[@id='wall-1']//*[@class='bubble']").await;
        // Commands are fetched when their menu opens.
        browser.click("//section[@id='phone-1']//summary[contains(., 'Commandes')]").await;
        browser.find("//div[@id='menu-1']//button").await;
        let loaded = browser.js(LOADED).await;
        assert_eq!(loaded["away"], serde_json::json!([]), "{query}: from elsewhere");
        assert!(loaded["count"].as_u64().is_some_and(|count| count >= 6), "{query}: {loaded}");
        let light = browser.js(LIGHT).await;
        let light = light.as_array().expect("four").iter().map(|one| one.as_f64().expect("a number"));
        lights.push(light.collect::<Vec<_>>());
    }
    assert!(lights[0].iter().all(|light| *light > 180.0) && lights[1].iter().all(|light| *light < 90.0), "{lights:?}");

    // What the tour lets a newcomer save is a workbook, with the two wrong lines that it tells of.
    let asked = vec![Value::from(format!("/paper/{}", files::NEXT_WEEK))];
    let hex = browser.client.execute_async(FETCHED, asked).await.expect("a file");
    let hex = hex.as_str().expect("its bytes").as_bytes().chunks(2);
    let bytes: Vec<u8> =
        hex.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("a byte")).collect();
    let workbook = crate::workbook::read_all(&bytes);
    assert_eq!((workbook.lessons.len(), workbook.faults.len()), (6, files::WRONG_LINES), "{:#?}", workbook.faults);
    browser.close().await;
}

/// Whatever light the system prefers, the first press leads to the other one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_press_changes_the_light() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    for (prefers, offered) in [("dark", "Clair"), ("light", "Sombre")] {
        browser.prefers(prefers).await;
        browser.go(&demo.url).await;
        let page = "return getComputedStyle(document.documentElement).backgroundColor";
        let before = browser.js(page).await;
        let ways = "return [...document.querySelectorAll('.ways a')].filter((one) => one.checkVisibility())
            .map((one) => one.innerText).filter((word) => ['Clair', 'Sombre'].includes(word))";
        assert_eq!(browser.js(ways).await, serde_json::json!([offered]), "{prefers}");
        // There, and back.
        let back = if offered == "Clair" { "Sombre" } else { "Clair" };
        for (word, as_before) in [(offered, false), (back, true)] {
            browser.click(&format!("//nav[@class='ways']/a[.='{word}']")).await;
            loop_until(word, async || {
                let now = browser.client.execute(page, Vec::new()).await.map_err(|error| error.to_string())?;
                if (now == before) == as_before { Ok(()) } else { Err(format!("{before} → {now}")) }
            })
            .await;
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_a_dialogue_and_a_call_can_be_left() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    browser.be(0, "Karim").await;
    browser.chat(0, "BTS SIO 1A").await;
    browser.chat(1, "BTS SIO 1A").await;
    browser.until("13:45").await;

    // Mamadou is no student: what he is told stands in the way until he has read it.
    browser.reads(1, "Rappel : Réseaux").await;
    browser.press(1, "En retard").await;
    let open = "const one = document.querySelector('#said-1 dialog'); return !!one?.open && one.matches(':modal')";
    loop_until(
        "an open dialogue",
        async || {
            if browser.js(open).await == true { Ok(()) } else { Err("none".to_owned()) }
        },
    )
    .await;
    browser.find("//*[@id='said-1']//dialog/p[contains(., 'pour les élèves de la classe')]").await;
    browser.click("//*[@id='said-1']//dialog//button[contains(., 'Fermer')]").await;
    loop_until(
        "it is closed",
        async || {
            if browser.js(open).await == false { Ok(()) } else { Err("still there".to_owned()) }
        },
    )
    .await;

    // Karim joins, and leaves: his phone offers the other each time, and the call is without him.
    browser.until("13:55").await;
    browser.reads(0, "L’appel « Réseaux · 24/11 » est ouvert.").await;
    for offered in ["Rejoindre", "Quitter"] {
        browser.click(&format!("//button[@id='call-0' and contains(., '{offered}')]")).await;
    }
    browser.find("//button[@id='call-0' and contains(., 'Rejoindre')]").await;
    browser.click("//nav/a[contains(., 'Derrière')]").await;
    browser.click("//aside//nav/a[contains(., 'Appels')]").await;
    browser.find("//aside//tr[td[contains(., 'Karim')]]/td[3][contains(., '13:55')]").await;
    browser.close().await;
}
