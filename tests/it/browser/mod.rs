//! The demo in a real browser: headless Chromium through its driver, both from Debian's packages. Where they are not
//! installed the tests say so and pass; with `CI=true` they must be there.

mod again;
mod behind;
mod doors;
mod focus;
mod reach;
mod shown;
mod tour;
mod trouble;
mod widths;

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use preau::kernel::Clock;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::place::{Engine, in_ci, tell};

/// How long something may take to show, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// … and a school to be raised.
const RAISING: Duration = Duration::from_mins(2);
const MOMENT: Duration = Duration::from_millis(40);

/// The real `preau demo` on a free port.
pub struct Demo {
    program: Child,
    pub url: String,
}

impl Drop for Demo {
    /// It takes its folder along, which a killed one leaves.
    fn drop(&mut self) {
        if let Some(pid) = self.program.id() {
            let _ = std::process::Command::new("kill").arg(pid.to_string()).status();
        }
    }
}

impl Demo {
    pub async fn start() -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_preau")), "fr").await
    }

    pub async fn speaking(language: &str) -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_preau")), language).await
    }

    /// The demo of any build.
    pub async fn of(program: &Path, language: &str) -> Self {
        let mut command = Command::new(program);
        command
            .args(["demo", "--port", "0", "--language", language])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut program = command.spawn().expect("preau demo");
        let mut lines = BufReader::new(program.stdout.take().expect("its words")).lines();
        let address = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, rest)) = line.split_once("http://") {
                    return format!("http://{}", rest.split(' ').next().unwrap_or_default());
                }
            }
            panic!("the demo ended without an address");
        };
        let url = Clock::machine().within(Duration::from_mins(3), address).await.expect("the demo opens");
        Self { program, url }
    }
}

/// The demo has a database of its own, on SQLite: it is tried once, where that is.
fn is_tried() -> bool {
    Engine::all().contains(&Engine::Sqlite)
}

/// A browser with one window.
pub struct Browser {
    pub client: Client,
    /// How wide a screen it stands for.
    wide: Option<u32>,
    pub hands: Hands,
    /// Where its driver listens.
    address: String,
    _driver: Child,
}

/// What a person has to do for what the browser is made to do here.
#[derive(Debug, Default)]
pub struct Hands {
    pub acts: AtomicUsize,
    letters: AtomicUsize,
    /// What was read, once each.
    lines: Mutex<HashSet<String>>,
}

impl Hands {
    fn act(&self) {
        self.acts.fetch_add(1, Relaxed);
    }

    /// How long that takes, machines apart, by the keystroke-level model (Card, Moran and Newell 1980): a press is
    /// 1.35 s of thought, 1.1 s of pointing and 0.2 s of pressing, and as much again to find one's way on a page never
    /// seen before; a letter 0.28 s; of words one reads 238 a minute
    /// (Brysbaert 2019), and here every one that is shown.
    pub fn seconds(&self) -> usize {
        let [acts, letters] = [&self.acts, &self.letters].map(|count| count.load(Relaxed));
        let lines = self.lines.lock().expect("whole");
        let words: usize = lines.iter().map(|line| line.split_whitespace().count()).sum();
        acts * 53 / 10 + letters * 28 / 100 + words * 60 / 238
    }
}

impl Browser {
    /// `None`: there is no Chromium here, or it was tried in the step before.
    pub async fn open() -> Option<Self> {
        Self::with(json!({}), None).await
    }

    /// A screen of just this size: a window of Chromium's is never narrower than 500, and never all page.
    pub async fn screen(width: u32, height: u32) -> Option<Self> {
        let screen =
            json!({ "width": width, "height": height, "pixelRatio": 1.0, "mobile": width < 600, "touch": false });
        Self::with(json!({ "mobileEmulation": { "deviceMetrics": screen } }), Some(width)).await
    }

    async fn with(mut options: Value, wide: Option<u32>) -> Option<Self> {
        if !is_tried() {
            return None;
        }
        let Some(driver) = ["/usr/bin/chromedriver", "/usr/local/bin/chromedriver"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists())
        else {
            assert!(!in_ci(), "chromium-driver is not installed");
            tell("skipped in the browser: chromium and chromium-driver are not installed");
            return None;
        };
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|door| door.local_addr()).expect("a port").port();
        let mut command = Command::new(driver);
        command.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = command.kill_on_drop(true).spawn().expect("chromedriver");
        let args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"];
        options["args"] = json!(args);
        let wanted = json!({ "goog:chromeOptions": options });
        let address = format!("http://127.0.0.1:{port}");
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(wanted.as_object().cloned().expect("an object"));
        let client = loop_until("the driver answers", async || builder.connect(&address).await.map_err(why)).await;
        Some(Self { client, wide, hands: Hands::default(), address, _driver: driver })
    }

    pub async fn size(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("the window's size");
    }

    /// From here on its system prefers this light: `dark` or `light`.
    pub async fn prefers(&self, light: &str) {
        let session = self.client.session_id().await.expect("a session").expect("a session");
        let features = json!([{ "name": "prefers-color-scheme", "value": light }]);
        let asked = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        #[expect(clippy::disallowed_methods, reason = "the driver's own door")]
        let client = reqwest::Client::new();
        let door = format!("{}/session/{session}/goog/cdp/execute", self.address);
        let answer = client.post(door).json(&asked).send().await.expect("the driver");
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
    }

    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page");
        // On a busy machine the page is there a moment before its style sheet and before the screen that is stood for.
        loop_until("the page on its screen", async || {
            let seen = self.js("return [innerWidth, !!document.querySelector('link[rel=stylesheet]').sheet]").await;
            let ready = seen[1] == true && self.wide.is_none_or(|wide| seen[0] == wide);
            if ready { Ok(()) } else { Err(format!("{seen}, not {:?} px and a style sheet", self.wide)) }
        })
        .await;
    }

    /// The element, as soon as it is there.
    pub async fn find(&self, xpath: &str) -> Element {
        loop_until(xpath, async || self.client.find(Locator::XPath(xpath)).await.map_err(why)).await
    }

    /// Clicks what may be drawn anew at the same moment.
    pub async fn click(&self, xpath: &str) {
        self.hands.act();
        loop_until(xpath, async || {
            let found = self.client.find(Locator::XPath(xpath)).await.map_err(why)?;
            found.click().await.map_err(why)
        })
        .await;
    }

    /// The newest button with these words on a phone, once htmx has taken it over. Found and pressed in one go: a real
    /// mouse would now and then miss what is drawn anew under it.
    pub async fn press(&self, phone: usize, words: &str) {
        self.hands.act();
        let xpath = format!("(//section[@id='phone-{phone}']//button[contains(., \"{words}\")])[last()]");
        let script = "const found = document.evaluate(arguments[0], document, null, 9, null).singleNodeValue;
            const ready = found?.['htmx-internal-data']?.initHash !== undefined;
            if (ready) found.click();
            return ready;";
        loop_until(&xpath, async || {
            let pressed = self.client.execute(script, vec![xpath.clone().into()]).await.map_err(why)?;
            if pressed == true { Ok(()) } else { Err("no such button".to_owned()) }
        })
        .await;
    }

    /// Presses until the button is gone: what is drawn anew under a click may swallow it.
    pub async fn press_away(&self, phone: usize, words: &str) {
        self.hands.act();
        let xpath = format!("(//section[@id='phone-{phone}']//button[contains(., \"{words}\")])[last()]");
        self.find(&xpath).await;
        loop_until(words, async || {
            let Ok(button) = self.client.find(Locator::XPath(&xpath)).await else { return Ok(()) };
            let _ = button.click().await;
            Clock::machine().rest(Duration::from_millis(700)).await;
            Err("still there".to_owned())
        })
        .await;
    }

    /// The phone is this person's now.
    pub async fn be(&self, phone: usize, name: &str) {
        let person = self.find(&format!("//section[@id='phone-{phone}']//option[contains(., '{name}')]")).await;
        let address = person.attr("value").await.expect("an address").expect("an address");
        let here = self.client.current_url().await.expect("where it is");
        self.go(here.join(&address).expect("an address").as_str()).await;
    }

    /// Opens a chat of the phone's person.
    pub async fn chat(&self, phone: usize, title: &str) {
        self.click(&format!("//section[@id='phone-{phone}']//nav/a[contains(., \"{title}\")]")).await;
        self.find(&format!("//section[@id='phone-{phone}']//nav/a[@aria-current and contains(., \"{title}\")]")).await;
    }

    /// Types into the phone and sends with the return key.
    pub async fn say(&self, phone: usize, words: &str) {
        self.hands.act();
        self.hands.letters.fetch_add(words.chars().count() + 1, Relaxed);
        let field = self.find(&format!("//input[@id='say-{phone}']")).await;
        field.send_keys(&format!("{words}\u{e007}")).await.expect("typing");
    }

    /// Waits until these words stand on the phone.
    pub async fn reads(&self, phone: usize, words: &str) {
        // However the spaces before French marks were sent.
        let said = "translate(normalize-space(.), '\u{a0}', ' ')";
        self.find(&format!("//section[@id='phone-{phone}']//*[contains({said}, \"{words}\")]")).await;
    }

    /// Waits until step `nth` of the tour is ticked, and reads what comes next and what the phones show by then.
    pub async fn ticked(&self, nth: usize) {
        self.find(&format!("//section[contains(@class, 'tour')]//li[{nth}][contains(@class, 'done')]")).await;
        let newest = "return [...document.querySelectorAll('.tour .now, .wall > :last-child')].map((one) => one.innerText).join('\\n')";
        let words = self.js(newest).await;
        let mut lines = self.hands.lines.lock().expect("whole");
        lines.extend(words.as_str().unwrap_or_default().lines().map(str::to_owned));
    }

    pub async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect(script)
    }

    /// Lets the clock go on to the next event, and waits until it stands.
    pub async fn next_event(&self) -> String {
        let hour = "return document.querySelector('.clock time').innerText";
        let before = self.js(hour).await;
        self.click("//button[@id='next-clock']").await;
        let rests = "return !document.querySelector('.clock .soft')";
        // Two hours of a call are hundreds of moments.
        loop_within(RAISING, "the clock", async || {
            let (rests, now) = (self.js(rests).await, self.js(hour).await);
            let stands = rests == true && now != before;
            if stands { Ok(now.as_str().unwrap_or_default().to_owned()) } else { Err(format!("{now}")) }
        })
        .await
    }

    /// Until the clock shows this hour.
    pub async fn until(&self, hour: &str) {
        for _ in 0..40 {
            if self.next_event().await.contains(hour) {
                return;
            }
        }
        panic!("the clock never shows {hour}");
    }

    pub async fn close(self) {
        self.client.close().await.expect("the browser closes");
    }
}

/// Looks until there is something to see; else says what was in the way.
async fn loop_until<T>(what: &str, look: impl AsyncFnMut() -> Result<T, String>) -> T {
    loop_within(PATIENCE, what, look).await
}

async fn loop_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let clock = Clock::machine();
    let mut why = String::new();
    let found = clock.within(patience, async {
        loop {
            match look().await {
                Ok(found) => return found,
                Err(error) => why = error,
            }
            clock.rest(MOMENT).await;
        }
    });
    let found = found.await;
    found.unwrap_or_else(|| panic!("not to be seen: {what}: {why}"))
}

fn why(error: impl std::fmt::Display) -> String {
    error.to_string()
}
