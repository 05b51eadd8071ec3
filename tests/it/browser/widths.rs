//! The page on small screens: phones, and the laptop that schools lend.

use super::{Browser, Demo};

/// What runs out of the screen to the right, and buttons of the header that are not one line high.
const OUT: &str = "
    const wide = document.documentElement.clientWidth;
    const name = (one) => (one.innerText || one.tagName).trim();
    const seen = [...document.querySelectorAll('.top a, .top button, .top time, .phone, .tour li.now, .tour li.now *')];
    const out = seen.filter((one) => one.getBoundingClientRect().right > wide + 0.5).map(name);
    const high = [...document.querySelectorAll('.top .tab, .top button')].map((one) => one.offsetHeight);
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
            assert_eq!(found, serde_json::json!({ "out": [], "over": 0, "uneven": 0 }), "{query}");
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
            const lines = new Set([...document.querySelectorAll('.top .tab, .top button')].map((one) => one.offsetTop));
            return { foot: Math.max(...foot) <= innerHeight, tops: new Set(all.map((one) => one.top)).size,
                lines: lines.size, phones: all.length, over: document.documentElement.scrollHeight - innerHeight };";
        let found = browser.js(places).await;
        let wanted = serde_json::json!({ "foot": true, "tops": 1, "lines": 1, "phones": 2, "over": 0 });
        assert_eq!(found, wanted, "{query}");
    }
    browser.close().await;
}
