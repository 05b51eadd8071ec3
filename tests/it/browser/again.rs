//! A tour that went otherwise than it should: what was done is ticked and nothing else, and it can be begun again.

use super::{Browser, Demo, RAISING, loop_until, loop_within};

/// The steps by how they stand.
const STEPS: &str = "
    return [...document.querySelectorAll('.tour li')]
        .map((one) => one.matches('.done') ? 'done' : one.matches('.passed') ? 'passed' : 'open').join(' ')";

async fn steps(browser: &Browser, wanted: &str) {
    loop_until(wanted, async || {
        let now = browser.js(STEPS).await;
        if now == wanted { Ok(()) } else { Err(now.to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hurried_tour_ticks_what_was_done_and_begins_again() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    // Time flies, and nobody does anything.
    browser.until("14:15").await;
    steps(&browser, "open open open open open open open open").await;
    // What she says before she scans anything is no step.
    browser.say(0, "/ping").await;
    browser.reads(0, "pong ·").await;
    steps(&browser, "open open open open open open open open").await;
    // Inès comes late, into the group and into the call, and tells nobody: the reminder is there, its moment is past.
    browser.click("//section[@id='phone-0']//summary[contains(., 'Scanner')]").await;
    browser.press(0, "Papier : Inès").await;
    browser.reads(0, "Pour vérifier que ce lien est le vôtre").await;
    // The menu does not stay in the way of the chat.
    assert_eq!(browser.js("return document.querySelectorAll('.foot details[open]').length").await, 0);
    browser.say(0, "01/01/2006").await;
    for word in ["Oui", "18 et plus", "Rejoindre le groupe"] {
        browser.press(0, word).await;
    }
    steps(&browser, "done done done open open open open open").await;
    browser.chat(0, "BTS SIO 1A").await;
    browser.click("//button[@id='call-0']").await;
    steps(&browser, "done done done passed done open open open").await;
    browser.until("16:00").await;
    steps(&browser, "done done done passed done done open open").await;

    // Another school, as it was.
    browser.click("//button[@id='fresh']").await;
    loop_within(RAISING, "the morning again", async || {
        let hour = "return document.querySelector('.clock time')?.innerText ?? ''";
        // The page may be on its way to the other school just now.
        let hour = browser.client.execute(hour, Vec::new()).await.map_err(|error| error.to_string())?;
        if hour == "mardi 24 novembre, 13:40" { Ok(()) } else { Err(hour.to_string()) }
    })
    .await;
    steps(&browser, "open open open open open open open open").await;
    // What nobody did until the lesson is over can be done no more.
    browser.until("16:00").await;
    steps(&browser, "open open open passed passed passed open open").await;
    browser.close().await;
}

/// A school that speaks English, for a tour in English.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tour_can_be_played_in_english() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::speaking("en").await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    assert_eq!(browser.js("return document.querySelectorAll('#fresh-lang').length").await, 0);
    browser.click("//section[@id='phone-0']//summary[contains(., 'Scan')]").await;
    browser.press(0, "Paper: Inès").await;
    browser.ticked(1).await;
    browser.say(0, "01/01/2006").await;
    browser.press(0, "Yes, this is me").await;
    browser.press(0, "18 or more").await;
    // The words of the tour quote the key that is there.
    browser.find("//section[contains(@class, 'tour')]//p[contains(., '“Join the group”')]").await;
    browser.press(0, "Join the group").await;
    browser.ticked(2).await;
    browser.until("13:45").await;
    browser.chat(0, "BTS SIO 1A").await;
    browser.find("//section[contains(@class, 'tour')]//p[contains(., '“I’ll be late”')]").await;
    browser.press(0, "I’ll be late").await;
    browser.ticked(4).await;
    // The call, the teacher's sheet, and another timetable.
    browser.until("13:55").await;
    browser.reads(0, "The call “Réseaux · ").await;
    browser.click("//button[@id='call-0' and contains(., 'Join')]").await;
    browser.ticked(5).await;
    browser.until("16:00").await;
    browser.ticked(6).await;
    browser.find("//section[contains(@class, 'tour')]//p[contains(., '“Approve”')]").await;
    browser.press(1, "Approve").await;
    browser.press_away(1, "Approve as it is").await;
    browser.ticked(7).await;
    browser.click("//section[contains(@class, 'tour')]//a[.='Be Samia']").await;
    browser.find("//section[@id='phone-0' and contains(@aria-label, 'Samia')]").await;
    let file = tempfile::tempdir().expect("a folder");
    let path = file.path().join("EDT_S50.xlsx");
    std::fs::write(&path, preau::demo::school::files::next_week().expect("a workbook")).expect("the file");
    browser.find("//input[@id='file-0']").await.send_keys(&path.display().to_string()).await.expect("choosing");
    browser.reads(0, "2 rows to correct").await;
    browser.find("//section[contains(@class, 'tour')]//p[contains(., '“Apply the rest”')]").await;
    browser.press(0, "Apply the rest").await;
    browser.ticked(8).await;
    browser.find("//section[contains(@class, 'tour')]//p[contains(., 'You have seen a class’s day')]").await;
    // In the other language the page says what the school speaks, and raises another one when asked.
    browser.go(&format!("{}?l=fr", demo.url)).await;
    browser.find("//section[contains(@class, 'tour')]//p[contains(., 'parle anglais')]").await;
    browser.click("//button[@id='fresh-lang']").await;
    let french = "return !!document.querySelector('.tour') && !document.querySelector('#fresh-lang')";
    loop_within(RAISING, "a school that speaks French", async || {
        let now = browser.client.execute(french, Vec::new()).await.map_err(|error| error.to_string())?;
        if now == true { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
    browser.close().await;
}
