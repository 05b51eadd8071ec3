//! Who uses the keyboard stays near what they pressed, also when that goes.

use super::{Browser, Demo, RAISING, loop_until, loop_within, why};

const RETURN: &str = "\u{e007}";

/// Sets the focus on what this CSS selector finds, once htmx has taken it over, and presses it by the return key: again
/// where what is drawn anew just then took the focus along, and the key came to nothing.
async fn enter(browser: &Browser, place: &str) {
    let focus = format!(
        "const one = document.querySelector({place:?});
        const waits = one?.matches('[hx-post], [hx-get]') && one['htmx-internal-data']?.initHash === undefined;
        if (!one || waits) return 'not there';
        window.entered = false;
        addEventListener('click', (event) => {{ window.entered ||= event.target.closest({place:?}) !== null }}, true);
        one.focus();
        return document.activeElement === one || 'no focus'"
    );
    // Where the key led to another page nothing is known of it there.
    let entered = "return window.entered ?? true";
    loop_until(place, async || {
        let now = browser.client.execute(&focus, Vec::new()).await.map_err(why)?;
        if now != true {
            return Err(now.to_string());
        }
        let one = browser.client.active_element().await.map_err(why)?;
        one.send_keys(RETURN).await.map_err(why)?;
        let now = browser.client.execute(entered, Vec::new()).await;
        if now.is_ok_and(|now| now != true) { Err("the key came to nothing".to_owned()) } else { Ok(()) }
    })
    .await;
}

/// Waits until the script finds this to be so.
async fn comes(browser: &Browser, what: &str, script: &str) {
    loop_until(what, async || {
        let now = browser.js(&format!("return {script}")).await;
        let focus = browser.js("return document.activeElement?.outerHTML.slice(0, 80)").await;
        if now == true { Ok(()) } else { Err(format!("{now}; the focus: {focus}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_focus_stays_near_what_was_pressed() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    // The clock's button is the same one whether it runs or stands.
    for word in ["Pause", "×60"] {
        enter(&browser, "#clock-run").await;
        let has =
            format!("document.activeElement.id === 'clock-run' && document.activeElement.innerText.includes('{word}')");
        comes(&browser, word, &has).await;
    }
    browser.go(&demo.url).await;
    // A way out that goes with the trouble: the clock is beside it.
    browser.click("//details[contains(@class, 'faults')]/summary").await;
    browser.click("//button[@id='fault-away-drawer']").await;
    enter(&browser, "#fault-back-news").await;
    comes(
        &browser,
        "the clock's group",
        "document.activeElement.matches('.clock') && !document.querySelector('#fault-back-news')",
    )
    .await;

    // An answer after which the message has other keys.
    browser.click("//section[@id='phone-0']//summary[contains(., 'Scanner')]").await;
    browser.press(0, "Papier : Inès").await;
    browser.reads(0, "Pour vérifier que ce lien est le vôtre").await;
    browser.say(0, "01/01/2006").await;
    browser.press(0, "Oui").await;
    let grown = "//section[@id='phone-0']//button[contains(., '18 et plus')]";
    let key = browser.find(grown).await.attr("id").await.expect("an id").expect("an id");
    let message = key.split('-').nth(2).expect("a message").to_owned();
    enter(&browser, &format!("#{key}")).await;
    let near = format!(
        "!document.getElementById('{key}')?.innerText.includes('18') && !!document.activeElement.closest('#m-0-{message}')"
    );
    comes(&browser, "the message, or a key of it", &near).await;
    browser.press(0, "Rejoindre le groupe").await;
    browser.ticked(2).await;

    // An alert whose message is gone by the time it is closed.
    let gone = "
        const phone = document.querySelector('#phone-0');
        const message = document.createElement('li');
        message.id = 'm-0-gone';
        message.innerHTML = '<button>x</button>';
        phone.querySelector('.wall').append(message);
        message.querySelector('button').focus();
        message.remove();
        const said = document.querySelector('#said-0');
        said.innerHTML = '<dialog data-alert><p>Voilà</p><form method=dialog><button id=closes>Fermer</button></form></dialog>';
        said.dispatchEvent(new CustomEvent('htmx:afterSwap', { bubbles: true }));";
    browser.js(gone).await;
    enter(&browser, "#closes").await;
    comes(&browser, "the list of messages", "document.activeElement.id === 'wall-0'").await;

    // The tour's own button, whose step is done by it.
    enter(&browser, "#next-tour").await;
    browser.ticked(3).await;
    comes(&browser, "the tour's current step", "document.activeElement.matches('.tour li.now')").await;

    // What leads to another page: the focus is at the same place there.
    enter(&browser, "#other-lang").await;
    comes(
        &browser,
        "the other language's button",
        "document.documentElement.lang === 'en' && document.activeElement.id === 'other-lang'",
    )
    .await;
    let marked = "document.body.dataset.old = 'yes'; return true";
    browser.js(marked).await;
    enter(&browser, "#fresh-lang").await;
    loop_within(RAISING, "another school", async || {
        let now = browser.client.execute("return document.body.dataset.old ?? 'new'", Vec::new()).await;
        if now.is_ok_and(|now| now == "new") { Ok(()) } else { Err("the old one".to_owned()) }
    })
    .await;
    // That school speaks English: the button is not there any more, the tour is.
    comes(&browser, "the tour's first step", "document.activeElement.matches('.tour li.now')").await;
    browser.close().await;
}
