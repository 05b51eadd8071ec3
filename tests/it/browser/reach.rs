//! Who uses no mouse, or listens to the page, reaches everything; and how quick it is.

use std::path::Path;
use std::time::Duration;

use preau::kernel::Clock;
use serde_json::Value;

use super::{Browser, Demo, loop_until};

/// What has no name that a screen reader could say, and what breaks the page's order.
const UNNAMED: &str = "
    const name = (one) => (one.getAttribute('aria-label') || one.textContent || one.labels?.[0]?.textContent || '').trim();
    const bare = [...document.querySelectorAll('button, a, select, summary, input:not([type=hidden])')]
        .filter((one) => !name(one)).map((one) => one.outerHTML);
    const sections = [...document.querySelectorAll('section, aside, nav, [role=group], [role=region], [role=log]')]
        .filter((one) => !one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby'))
        .map((one) => one.outerHTML.slice(0, 80));
    const nameless = [...document.querySelectorAll('[tabindex]')].filter((one) => {
        const role = one.getAttribute('role') || ['SECTION', 'NAV', 'ASIDE', 'MAIN'].includes(one.tagName);
        return !role || !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby'));
    }).map((one) => one.outerHTML.slice(0, 80));
    // A landmark that has another's name leads who listens to the wrong one.
    const marks = [...document.querySelectorAll('section, aside, nav, [role=region], [role=log]')]
        .map((one) => `${one.tagName} ${one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')}`);
    const alike = marks.filter((one, at) => marks.indexOf(one) !== at);
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    const lacking = ['header', 'main', 'h1'].filter((one) => document.querySelectorAll(one).length === 0);
    return { bare, sections, nameless, alike, twice, lacking, mains: document.querySelectorAll('main').length };";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_has_a_name_and_is_reached_by_the_keyboard() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    for query in ["", "?panel=sheet", "?l=en&panel=due&theme=dark", "?tour=0"] {
        browser.go(&format!("{}{query}", demo.url)).await;
        browser.find("//section[@id='phone-1']//ol/li").await;
        let found = browser.js(UNNAMED).await;
        let empty = |name: &str| found.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty);
        let all = ["bare", "sections", "nameless", "alike", "twice", "lacking"].into_iter().all(empty);
        assert!(all && found["mains"] == 1, "{query}: {found:#}");
    }
    // From the top of the page by the tabulator alone: to the phones, into the message, and sent with the return key.
    browser.go(&demo.url).await;
    let focus = "return document.activeElement?.id || document.activeElement?.innerText || ''";
    let tab = "\u{e004}";
    browser.find("//body").await.send_keys(tab).await.expect("a key");
    assert_eq!(browser.js(focus).await, "Aller aux téléphones");
    browser.client.active_element().await.expect("the focus").send_keys("\u{e007}").await.expect("a key");
    let mut passed = Vec::new();
    for _ in 0..25 {
        browser.client.active_element().await.expect("the focus").send_keys(tab).await.expect("a key");
        let now = browser.js(focus).await.as_str().unwrap_or_default().to_owned();
        if now == "say-0" {
            break;
        }
        passed.push(now);
    }
    assert_eq!(browser.js(focus).await, "say-0", "passed on the way: {passed:?}");
    browser.client.active_element().await.expect("the focus").send_keys("/aide\u{e007}").await.expect("keys");
    browser.reads(0, "/aide").await;
    browser.close().await;
}

/// Whoever is at a chat's tab, or in the list of messages, stays there when a message comes; and the list keeps what it
/// has, so that a screen reader says what is new and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_takes_no_focus_away() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    browser.find("//ol[@id='wall-1']/li").await;
    browser.find("//ol[@id='wall-1']//button").await;
    for (known, place) in ["#phone-1 nav.chats a:last-of-type", "#wall-1", "#clock-five"].into_iter().enumerate() {
        let began = format!(
            "const wall = document.querySelector('#wall-1');
             wall.firstElementChild.dataset.kept = 'yes';
             document.querySelector('{place}').focus();
             const field = (name) => document.querySelector(`#phone-1 input[name=${{name}}]`).value;
             const body = new URLSearchParams({{ account: field('account'), chat: field('chat'), l: 'fr', text: '/aide' }});
             fetch('/act/say', {{ method: 'POST', body }});
             return document.activeElement.id"
        );
        let focus = browser.js(&began).await;
        assert!(focus.as_str().is_some_and(|id| !id.is_empty()), "{place} has no id");
        let said = "return [...document.querySelectorAll('#wall-1 .mine')].filter((one) => one.innerText.startsWith('/aide')).length";
        let answered = "return !document.querySelector('#wall-1 > li:last-child').matches('.mine')";
        loop_until("question and answer", async || {
            let (count, answer) = (browser.js(said).await, browser.js(answered).await);
            if count == known + 1 && answer == true { Ok(()) } else { Err(format!("{count} {answer}")) }
        })
        .await;
        assert_eq!(browser.js("return document.activeElement.id").await, focus, "{place}");
        let kept = "return document.querySelector('#wall-1 > li').dataset.kept";
        assert_eq!(browser.js(kept).await, "yes", "{place}: the list was drawn anew");
    }
    browser.close().await;
}

/// The list of people, closed: the arrow keys choose, and the page follows with the return key, or when the list is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arrow_keys_choose_a_person_and_the_page_follows_when_it_is_told() {
    const DOWN: &str = "\u{e015}";
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    let stands = "const list = document.querySelector('#who-0');
        return [list.selectedIndex, [...list.options].findIndex((one) => one.defaultSelected), location.href]";
    browser.go(&demo.url).await;
    // The return key, and then the tabulator: each goes where the arrows had come to.
    for leave in ["\u{e007}", "\u{e004}"] {
        let list = browser.find("//select[@id='who-0']").await;
        browser.js("document.querySelector('#who-0').focus()").await;
        let before = browser.js(stands).await;
        assert_eq!(before[0], before[1]);
        for _ in 0..2 {
            list.send_keys(DOWN).await.expect("a key");
        }
        Clock::machine().rest(Duration::from_millis(400)).await;
        let now = browser.js(stands).await;
        assert_eq!(now[0].as_i64(), before[0].as_i64().map(|at| at + 2), "the arrows choose: {before} {now}");
        assert_eq!((&now[1], &now[2]), (&before[1], &before[2]), "the page went by itself");
        let wanted = browser.js("return new URL(document.querySelector('#who-0').value, location).href").await;
        list.send_keys(leave).await.expect("a key");
        loop_until("the person's page", async || {
            let now = browser.client.execute(stands, Vec::new()).await.map_err(|error| error.to_string())?;
            if now[1] == now[0] && now[2] == wanted { Ok(()) } else { Err(now.to_string()) }
        })
        .await;
    }
    // With the mouse a choice is enough.
    let karim = browser.find("//select[@id='who-0']//option[contains(., 'Karim')]").await;
    karim.click().await.expect("chosen");
    browser.find("//section[@id='phone-0' and contains(@aria-label, 'Karim')]").await;
    browser.close().await;
}

/// So long may a press take, and a load.
const PRESS: f64 = 150.0;
const LOAD: f64 = 200.0;

/// So many spans of each kind are taken; the middle one and the last but one are judged: what a machine has to do beside
/// this delays one now and then.
const TIMES: usize = 21;

/// What was measured, in words.
fn spread(what: &str, spans: &mut [f64]) -> (f64, f64) {
    spans.sort_by(f64::total_cmp);
    let (median, high, longest) = (spans[TIMES / 2], spans[TIMES - 2], spans[TIMES - 1]);
    println!("{what}: median {median:.0} ms, high {high:.0} ms, longest {longest:.0} ms");
    (median, high)
}

/// From a press on a phone's newest button with these words until the other phone shows what the bot made of it.
const PRESSED: &str = "
    const [from, key, to, words, done] = arguments;
    const count = () => document.querySelector(`#wall-${to}`).innerText.split(words).length;
    const before = count();
    const keys = [...document.querySelectorAll(`#phone-${from} .keys button`)].filter((one) => one.innerText === key);
    const look = new MutationObserver(() => {
        if (count() > before) { look.disconnect(); requestAnimationFrame(() => done(performance.now() - began)); }
    });
    look.observe(document.querySelector(`#phone-${to}`), { childList: true, subtree: true, characterData: true });
    const began = performance.now();
    keys.at(-1).click();";

/// A student says « En retard » in the group and takes it back, over and over: through the bot and its outbox to the
/// other phone, each time.
async fn presses(browser: &Browser) -> Vec<f64> {
    browser.until("13:45").await;
    browser.reads(0, "Rappel : Réseaux").await;
    let press = async |from: usize, key: &str, to: usize, words: &str| {
        let key_is_there = format!("//section[@id='phone-{from}']//*[@class='keys']//button[.='{key}']");
        browser.find(&key_is_there).await;
        // Whatever the press before set in motion is over.
        Clock::machine().rest(Duration::from_millis(150)).await;
        let asked = [from.into(), key.into(), to.into(), words.into()].to_vec();
        browser.client.execute_async(PRESSED, asked).await.expect("a span").as_f64().unwrap_or(f64::MAX)
    };
    let mut spans = Vec::new();
    for _ in 0..TIMES {
        spans.push(press(0, "En retard", 1, "Retard annoncé").await);
        // Its own message says that it was taken back.
        press(1, "Annuler", 1, "C’est annulé").await;
    }
    spans
}

/// `PREAU_MEASURED=target/release/preau cargo test --test it -- --ignored --nocapture --exact browser::reach::how_quick_it_is`:
/// a cold load, from one person's phone to another's, and a press that goes through the bot, in milliseconds, of the
/// program that is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measure"]
async fn how_quick_it_is() {
    let program = std::env::var_os("PREAU_MEASURED").expect("PREAU_MEASURED names a program");
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::of(Path::new(&program), "fr").await;
    browser.go(&demo.url).await;
    let load = "const [it] = performance.getEntriesByType('navigation'); return it.loadEventEnd || null";
    let cold =
        loop_until("the load's end", async || browser.js(load).await.as_f64().ok_or_else(|| "not yet".to_owned()))
            .await;
    // Mamadou and a student of the same class beside each other, both in the group.
    browser.be(0, "Karim").await;
    browser.chat(0, "BTS SIO 1A").await;
    browser.chat(1, "BTS SIO 1A").await;
    let measure = "
        const done = arguments[0];
        const wall = () => document.querySelector('#phone-0 .wall').innerText;
        const word = 'mot ' + Math.random();
        const field = document.querySelector('#say-1');
        field.value = word;
        const began = performance.now();
        const look = new MutationObserver(() => {
            if (wall().includes(word)) { look.disconnect(); requestAnimationFrame(() => done(performance.now() - began)); }
        });
        look.observe(document.querySelector('#phone-0'), { childList: true, subtree: true });
        field.form.requestSubmit();";
    let mut spans = Vec::new();
    for _ in 0..TIMES {
        let span = browser.client.execute_async(measure, Vec::new()).await.expect("a span");
        spans.push(span.as_f64().unwrap_or(f64::MAX));
    }
    // Then the same student on both: in the group, and in private.
    browser.be(1, "Karim").await;
    let mut pressed = presses(&browser).await;
    println!("cold load {cold:.0} ms");
    let typed = spread("from one phone to the other", &mut spans);
    let pressed = spread("a press, through the bot, to the other phone", &mut pressed);
    browser.close().await;
    assert!(cold <= LOAD, "a load within {LOAD} ms: {cold}");
    for (median, high) in [typed, pressed] {
        assert!(median <= PRESS && high <= PRESS, "a press within {PRESS} ms: {median}, {high}");
    }
}
