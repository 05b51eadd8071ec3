//! The page on small screens: phones, and the laptop that schools lend.

use serde_json::{Value, json};

use super::{Browser, Demo, loop_until};

/// What runs out of the screen to the right, and buttons of the header that are not one line high.
const OUT: &str = "
    const wide = document.documentElement.clientWidth;
    const name = (one) => (one.innerText || one.tagName).trim();
    const seen = [...document.querySelectorAll('.top a, .top button, .top time, .phone, .tour li.now, .tour li.now *')];
    const out = seen.filter((one) => one.getBoundingClientRect().right > wide + 0.5).map(name);
    const shown = [...document.querySelectorAll('.top .tab, .top button')].filter((one) => one.checkVisibility());
    const high = shown.map((one) => one.offsetHeight);
    const over = document.documentElement.scrollWidth - wide;
    return { out, over, uneven: Math.max(...high) - Math.min(...high) };";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fits_a_phone() {
    let Some(first) = Browser::screen(390, 844).await else { return };
    let demo = Demo::start().await;
    let second = Browser::screen(360, 640).await.expect("another screen");
    for browser in [first, second] {
        for query in ["", "?panel=outbox&theme=dark", "?l=en"] {
            browser.go(&format!("{}{query}", demo.url)).await;
            let found = browser.js(OUT).await;
            assert_eq!(found, json!({ "out": [], "over": 0, "uneven": 0 }), "{query}");
        }
        // A newcomer sees what to do first, above the phone, and the clock stays in sight.
        browser.go(&demo.url).await;
        let places = "
            const top = (one) => document.querySelector(one).getBoundingClientRect();
            const shown = [top('.tour li.now p').bottom, top('#offer-0').bottom, top('#phone-0').top, innerHeight];
            window.scrollTo(0, document.body.scrollHeight);
            return [...shown, top('.clock').top, top('.clock').bottom, scrollY]";
        let places = browser.js(places).await;
        let at = |nth: usize| places[nth].as_f64().expect("a place");
        assert!(at(0) < at(1) && at(1) < at(2) && at(2) < at(3) * 0.55, "step, its button, the phone: {places}");
        assert!(at(4) >= 0.0 && at(5) < 120.0 && at(6) > 200.0, "the clock when scrolled down: {places}");
        browser.close().await;
    }
}

/// 1366 × 768, of which the browser leaves some 630 to the page: header in one line, phones whole, also beside the panel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fits_a_laptop() {
    let Some(browser) = Browser::screen(1366, 630).await else { return };
    let demo = Demo::start().await;
    for query in ["", "?panel=due", "?l=en&panel=journal"] {
        browser.go(&format!("{}{query}", demo.url)).await;
        let places = "
            const all = [...document.querySelectorAll('.phone')].map((one) => one.getBoundingClientRect());
            const foot = [...document.querySelectorAll('.foot')].map((one) => one.getBoundingClientRect().bottom);
            const top = [...document.querySelectorAll('.top .tab, .top button')].filter((one) => one.checkVisibility());
            const lines = new Set(top.map((one) => one.offsetTop));
            return { foot: Math.max(...foot) <= innerHeight, tops: new Set(all.map((one) => one.top)).size,
                lines: lines.size, phones: all.length, over: document.documentElement.scrollHeight - innerHeight };";
        let found = browser.js(places).await;
        let wanted = json!({ "foot": true, "tops": 1, "lines": 1, "phones": 2, "over": 0 });
        assert_eq!(found, wanted, "{query}");
    }
    browser.close().await;
}

/// Where three phones stand beside the panel: in one row, all of it on the screen or scrolled sideways, and never the page.
const THREE: &str = "
    const row = document.querySelector('.phones');
    const all = [...row.querySelectorAll('.phone')].map((one) => one.getBoundingClientRect());
    const page = [document.documentElement, document.querySelector('.stage')];
    return {
        phones: all.length, tops: new Set(all.map((one) => one.top)).size,
        narrow: all.some((one) => one.width < 239),
        high: all.some((one) => one.bottom > innerHeight + 0.5),
        over: page.some((one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth),
        sideways: row.scrollWidth > row.clientWidth,
    }";

/// The laptop shows three phones with the panel whole; a smaller one scrolls along them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_phones_stand_beside_the_panel() {
    let Some(laptop) = Browser::screen(1366, 700).await else { return };
    let demo = Demo::start().await;
    let smaller = Browser::screen(1180, 630).await.expect("another screen");
    for (browser, sideways) in [(laptop, false), (smaller, true)] {
        for query in ["", "?panel=journal"] {
            browser.go(&format!("{}{query}", demo.url)).await;
            browser.click("//nav/a[contains(., '+ Téléphone')]").await;
            browser.find("//section[@id='phone-2']").await;
            let sideways = sideways && !query.is_empty();
            let wanted =
                json!({ "phones": 3, "tops": 1, "narrow": false, "high": false, "over": false, "sideways": sideways });
            assert_eq!(browser.js(THREE).await, wanted, "{query}");
        }
        browser.close().await;
    }
}

/// Whether a phone is what one sees below the clock, and has the keyboard.
const SHOWN: &str = "
    const phone = document.querySelector('#phone-1').getBoundingClientRect();
    const clock = document.querySelector('.clock').getBoundingClientRect();
    const seen = phone.top >= clock.bottom - 1 && phone.top < innerHeight / 3 && clock.top >= 0;
    return [seen && document.activeElement?.id === 'phone-1', phone.top, clock.bottom, document.activeElement?.id]";

async fn second_is_shown(browser: &Browser, what: &str) {
    loop_until(what, async || {
        let now = browser.client.execute(SHOWN, Vec::new()).await.map_err(|error| error.to_string())?;
        if now[0] == true { Ok(()) } else { Err(now.to_string()) }
    })
    .await;
}

/// Below each other on a small screen: whoever chooses something on the second phone, or is sent there, sees that phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_screen_shows_the_phone_that_was_chosen() {
    let Some(browser) = Browser::screen(390, 844).await else { return };
    let demo = Demo::start().await;
    browser.go(&demo.url).await;
    browser.chat(1, "BTS SIO 1A").await;
    second_is_shown(&browser, "the group on the second phone").await;
    browser.js("window.scrollTo(0, 0)").await;
    browser.find("//select[@id='who-1']//option[contains(., 'Karim')]").await.click().await.expect("chosen");
    browser.find("//section[@id='phone-1' and contains(@aria-label, 'Karim')]").await;
    second_is_shown(&browser, "Karim on the second phone").await;

    // The tour sends to the phone that shows its person already, also twice, and from the top of the page each time.
    let account = "return [...document.querySelectorAll('#who-0 option')]
        .find((one) => one.textContent.startsWith(arguments[0])).value.match(/p=([0-9]+)/)[1]";
    let of = async |name: &str| browser.client.execute(account, vec![Value::from(name)]).await.expect("an account");
    let (mamadou, ines) = (of("Mamadou").await, of("Inès").await);
    let [mamadou, ines] = [&mamadou, &ines].map(|one| one.as_str().expect("a number"));
    browser.go(&format!("{}?l=fr&p={mamadou}.{mamadou}_{ines}.{ines}", demo.url)).await;
    for time in ["once", "twice"] {
        assert_eq!(browser.js("window.scrollTo(0, 0); return scrollY").await, 0);
        browser.click("//*[@id='offer-0' and contains(., 'Être Inès')]").await;
        second_is_shown(&browser, time).await;
    }
    browser.close().await;
}
