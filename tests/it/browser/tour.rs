//! The tour and a whole lesson, as three people in two tabs. README's pictures are taken on the way.

use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;

use super::{Browser, Demo, loop_until};

/// With this variable set the pictures of README are made anew; else they must show what the page shows.
const RENEW: &str = "PREAU_PICTURES";

/// What a picture shows, but for what comes in any order: who of a class joined first.
const WORDS: &str = "const all = [...document.querySelectorAll('.clock, .tour, .head, .strip')]; \
    for (const wall of document.querySelectorAll('.wall')) all.push(...[...wall.children].slice(-2)); \
    return all.map((one) => one.innerText).join('\\n')";

fn pictures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

#[expect(clippy::disallowed_methods, reason = "whoever wants new pictures says so by the environment")]
fn renews() -> bool {
    std::env::var(RENEW).is_ok()
}

/// Takes a picture, or holds the page's words against those of the picture that README shows.
async fn picture(browser: &Browser, name: &str) {
    // What is being drawn is drawn, and short answers are gone.
    loop_until("a page at rest", async || {
        let rests = browser.js("return !document.querySelector('p[data-brief], .htmx-request')").await == true;
        if rests { Ok(()) } else { Err("something moves".to_owned()) }
    })
    .await;
    let words = browser.js(WORDS).await.as_str().unwrap_or_default().to_owned();
    let words: String = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let (shot, text) = (pictures().join(format!("{name}.png")), pictures().join(format!("{name}.txt")));
    let bytes = browser.client.screenshot().await.expect("a picture");
    if renews() {
        std::fs::write(&shot, bytes).expect("the picture");
        std::fs::write(&text, words).expect("its words");
        return;
    }
    assert!(shot.exists(), "README's picture {name} is not there: {RENEW}=1 cargo test --test it -- browser");
    let known = std::fs::read_to_string(&text).unwrap_or_default();
    assert_eq!(known, words, "README's picture {name} is old: {RENEW}=1 cargo test --test it -- browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_in_two_tabs_play_the_tour() {
    let Some(browser) = Browser::open().await else { return };
    let demo = Demo::start().await;
    browser.size(1500, 1000).await;
    browser.go(&demo.url).await;
    let first = browser.client.window().await.expect("the first tab");

    // A link on paper, the question, the group.
    browser.click("//section[@id='phone-0']//summary[contains(., 'Scanner')]").await;
    browser.press(0, "Papier : Inès").await;
    browser.reads(0, "Pour vérifier que ce lien est le vôtre").await;
    browser.ticked(1).await;
    browser.say(0, "01/01/2006").await;
    for word in ["Oui", "18 et plus", "Rejoindre le groupe"] {
        browser.press(0, word).await;
    }
    browser.ticked(2).await;

    // The reminder, and a lateness that only the teacher sees.
    browser.until("13:45").await;
    browser.ticked(3).await;
    browser.chat(0, "BTS SIO 1A").await;
    browser.reads(0, "Rappel : Réseaux").await;
    browser.press(0, "En retard").await;
    browser.reads(0, "C’est noté : retard annoncé").await;
    browser.ticked(4).await;

    // The call opens by itself; a second person's phone shows who comes.
    browser.until("13:55").await;
    browser.reads(0, "L’appel « Réseaux · 24/11 » est ouvert.").await;
    browser.click("//button[@id='call-0']").await;
    browser.ticked(5).await;
    browser.until("14:15").await;
    browser.reads(1, "Présents 13 · En retard 1").await;
    picture(&browser, "day").await;

    // A third person in a second tab looks at the same school, on a phone's width and in the dark.
    let second = browser.client.new_window(true).await.expect("a second tab");
    browser.client.switch_to_window(second.handle.clone()).await.expect("the second tab");
    browser.go(&demo.url).await;
    let samia = browser.find("//select//option[contains(., 'Samia')]").await;
    let address = samia.attr("value").await.expect("an address").expect("an address");
    let (query, phone) = address.split_once('#').expect("a phone");
    browser.go(&format!("{}{query}&theme=dark#{phone}", demo.url.trim_end_matches('/'))).await;
    browser.say(0, "/etat").await;
    browser.reads(0, "École Horizon").await;

    // The lesson ends; the teacher corrects nothing, and validates.
    browser.client.switch_to_window(first.clone()).await.expect("the first tab");
    browser.until("16:00").await;
    browser.ticked(6).await;
    browser.reads(1, "Règle : présent si").await;
    browser.press(1, "Valider").await;
    browser.press_away(1, "Valider ainsi").await;
    browser.ticked(7).await;
    browser.reads(0, "séance terminée").await;

    // The administrator uploads another week, in which two lines are wrong.
    browser.client.switch_to_window(second.handle).await.expect("the second tab");
    let file = tempfile::tempdir().expect("a folder");
    let path = file.path().join("EDT_S50.xlsx");
    std::fs::write(&path, preau::demo::school::files::next_week().expect("a workbook")).expect("the file");
    browser.find("//input[@id='file-0']").await.send_keys(&path.display().to_string()).await.expect("choosing");
    browser.reads(0, "2 lignes à corriger").await;
    // The tour quotes the key as it reads here.
    let quoted = "translate(normalize-space(.), '\u{a0}', ' ')";
    browser
        .find(&format!("//section[contains(@class, 'tour')]//p[contains({quoted}, '« Appliquer le reste »')]"))
        .await;
    picture(&browser, "import").await;
    browser.press(0, "Appliquer le reste").await;
    browser.ticked(8).await;
    // Whoever never saw it plays a class's day in five minutes.
    println!("the tour: {:?}, {} s", browser.hands, browser.hands.seconds());
    assert!(browser.hands.acts.load(Relaxed) > 20, "the acts are counted");
    assert!(browser.hands.seconds() <= 300, "the tour takes {} s of a person's time", browser.hands.seconds());
    browser.click("//nav/a[contains(., 'Derrière')]").await;
    for panel in ["Envois", "Appels", "Présences", "Journal", "Échéances"] {
        browser.click(&format!("//aside//nav/a[contains(., '{panel}')]")).await;
        browser.find(&format!("//aside//nav/a[@aria-current and contains(., '{panel}')]")).await;
    }
    browser.close().await;
}
