//! The page's own doors, without a browser: the clock, trouble, files, and who is not let in.

use std::time::Duration;

use preau::kernel::Clock;
use reqwest::{Client, StatusCode};

use super::{Demo, is_tried, loop_until};

/// The demo's day, 24 November 2026, in Unix milliseconds.
const MORNING: i64 = 1_795_500_000_000;

pub struct Door {
    demo: Demo,
    client: Client,
}

impl Door {
    pub async fn open() -> Option<Self> {
        if !is_tried() {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "a visitor's own client")]
        let client = Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
        Some(Self { demo: Demo::start().await, client })
    }

    pub async fn page(&self, query: &str) -> String {
        let answer = self.client.get(format!("{}{query}", self.demo.url)).send().await.expect("the page");
        // However the spaces before French marks were sent.
        answer.text().await.expect("its words").replace('\u{a0}', " ")
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let answer = self.client.post(format!("{}{path}", self.demo.url)).form(fields).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("its words"))
    }

    /// Seconds of school time, as the page's clock shows it.
    pub async fn hour(&self) -> f64 {
        let page = self.page("").await;
        let stamp = page.split("<time datetime=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a clock");
        let moment = chrono::DateTime::parse_from_rfc3339(stamp).expect("a moment");
        f64::from(i32::try_from(moment.timestamp_millis() - MORNING).expect("the demo's day")) / 1_000.0
    }

    /// Waits until no order is being carried out.
    pub async fn rests(&self) {
        loop_until("the clock at rest", async || {
            let page = self.page("").await;
            let clock = page.split("<div class=\"clock\"").nth(1).and_then(|rest| rest.split("</div>").next());
            if clock.is_some_and(|clock| !clock.contains('⏳')) { Ok(()) } else { Err("busy".to_owned()) }
        })
        .await;
    }

    /// Waits until the page says so.
    pub async fn until(&self, query: &str, words: &str) -> String {
        loop_until(words, async || {
            let page = self.page(query).await;
            if page.contains(words) { Ok(page) } else { Err("not yet".to_owned()) }
        })
        .await
    }
}

/// The account of somebody, as the page's choice of people has it.
pub fn account(page: &str, name: &str) -> String {
    // Those of the first phone come first.
    let mut options = page.split("<option value=\"/?l=fr&amp;p=").skip(1);
    let option = options.find(|option| option.contains(name)).expect("the person is listed");
    option.split('.').next().unwrap_or_default().to_owned()
}

/// The chat of a person's group, as the tabs of their phone have it.
pub fn group_of(page: &str, account: &str) -> String {
    let rest = page.split(&format!("p={account}.-")).nth(1).expect("a group");
    format!("-{}", rest.split(|sign: char| !sign.is_ascii_digit()).next().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_loses_nothing_and_the_clock_runs() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    assert!(page.contains("mardi 24 novembre, 13:40"), "{page}");
    let samia = account(&page, "Samia Benali");
    let phone = format!("?p={samia}.{samia}");

    // Telegram is away while somebody asks; it answers once it is back, and once only.
    assert_eq!(door.post("fault", &[("fault", "away")]).await.0, StatusCode::NO_CONTENT);
    let say = [("account", samia.as_str()), ("chat", &samia), ("text", "/ping")];
    assert_eq!(door.post("act/say", &say).await.0, StatusCode::OK);
    Clock::machine().rest(Duration::from_millis(300)).await;
    let before = door.page(&phone).await.matches("class=\"bubble\"").count();
    assert_eq!(door.post("fault", &[("fault", "back")]).await.0, StatusCode::NO_CONTENT);
    loop_until("the answer", async || {
        let now = door.page(&phone).await.matches("class=\"bubble\"").count();
        if now == before + 1 { Ok(()) } else { Err(format!("{before} → {now}")) }
    })
    .await;

    // A crash, and the reminder comes all the same.
    assert_eq!(door.post("clock", &[("order", "restart")]).await.0, StatusCode::NO_CONTENT);
    assert_eq!(door.post("clock", &[("order", "next")]).await.0, StatusCode::NO_CONTENT);
    let page = door.until("", "mardi 24 novembre, 13:45").await;
    let karim = account(&page, "Karim Toumi");
    let group = door.page(&format!("?p={karim}.{karim}")).await;
    let chat = group_of(&group, &karim);
    door.until(&format!("?p={karim}.{chat}"), "Rappel : Réseaux").await;

    // Sixty times as fast: an hour of school in a minute.
    assert_eq!(door.post("clock", &[("order", "play")]).await.0, StatusCode::NO_CONTENT);
    door.until("", "mardi 24 novembre, 13:48").await;
    assert_eq!(door.post("clock", &[("order", "pause")]).await.0, StatusCode::NO_CONTENT);
    for panel in ["due", "outbox", "calls", "sheet", "journal"] {
        let page = door.page(&format!("?panel={panel}")).await;
        let behind = page.split("<aside").nth(1).expect("the panel");
        assert!(!behind.contains("class=\"bad\""), "{panel}: {behind}");
    }
    // The next reminder is a row; in the lesson's sheet somebody stands with minutes.
    let due = rows(&door.page("?panel=due").await);
    assert!(due.iter().any(|row| row.contains(">14:15<") && row.contains("session.remind")), "{due:#?}");
    while !door.page("").await.contains("mardi 24 novembre, 16:00") {
        assert_eq!(door.post("clock", &[("order", "next")]).await.0, StatusCode::NO_CONTENT);
        door.rests().await;
    }
    let sheet = rows(&door.page("?panel=sheet").await);
    let whole =
        |row: &&String| row.contains("Karim T.") && minutes(row).is_some_and(|minutes| (60..=120).contains(&minutes));
    assert!(sheet.iter().any(|row| whole(&row)), "{sheet:#?}");
}

/// What falls due while Telegram is away is held back, and goes once when it is back; nothing of it is in doubt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_while_telegram_is_away_goes_when_it_is_back() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    let karim = account(&page, "Karim Toumi");
    let chat = group_of(&door.page(&format!("?p={karim}.{karim}")).await, &karim);
    let group = format!("?p={karim}.{chat}");
    let reminders = async || {
        let page = door.page(&group).await;
        page.split("class=\"bubble\"").skip(1).filter(|bubble| bubble.contains("Rappel : Réseaux")).count()
    };
    let before = reminders().await;
    assert_eq!(door.post("fault", &[("fault", "away")]).await.0, StatusCode::NO_CONTENT);
    assert_eq!(door.post("clock", &[("order", "next")]).await.0, StatusCode::NO_CONTENT);
    door.until("", "mardi 24 novembre, 13:45").await;
    door.rests().await;
    // Long enough for many tries.
    Clock::machine().rest(Duration::from_secs(3)).await;
    assert_eq!(reminders().await, before);
    let began = Clock::machine();
    assert_eq!(door.post("fault", &[("fault", "back")]).await.0, StatusCode::NO_CONTENT);
    loop_until("the reminder", async || {
        let now = reminders().await;
        if now > before { Ok(()) } else { Err(format!("{before} → {now}")) }
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(5), "at once: {:?}", began.elapsed());
    door.rests().await;
    Clock::machine().rest(Duration::from_secs(1)).await;
    let outbox = rows(&door.page("?panel=outbox").await);
    assert!(outbox.iter().any(|row| row.contains("session.remind")), "{outbox:#?}");
    assert!(outbox.iter().all(|row| !row.contains("incertain") && !row.contains("mort")), "{outbox:#?}");
    assert_eq!(reminders().await, before + 1, "once");
}

/// Who opens a personal link reads « /start » alone, as in Telegram; who types a word behind it reads that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_personal_link_does_not_show_its_token() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    let karim = account(&page, "Karim Toumi");
    let phone = format!("?p={karim}.{karim}");
    let page = door.page(&phone).await;
    let token = page.split("?start=").nth(1).and_then(|rest| rest.split('&').next()).expect("a paper").to_owned();
    let link = format!("https://t.me/HorizonClasseBot?start={token}");
    let shown = async || {
        let page = door.page(&phone).await;
        let wall = page.split("class=\"wall\"").nth(1).and_then(|rest| rest.split("</ol>").next()).expect("messages");
        (wall.matches(">/start</span>").count(), wall.to_owned())
    };
    let before = shown().await.0;
    let scan = [("account", karim.as_str()), ("chat", &karim), ("link", &link)];
    assert_eq!(door.post("act/scan", &scan).await.0, StatusCode::OK);
    loop_until("the message", async || {
        let (now, wall) = shown().await;
        assert!(!wall.contains(&token), "{wall}");
        if now > before { Ok(()) } else { Err(format!("{before} → {now}")) }
    })
    .await;
    let say = [("account", karim.as_str()), ("chat", &karim), ("text", "/start bonjour à tous")];
    assert_eq!(door.post("act/say", &say).await.0, StatusCode::OK);
    door.until(&phone, " bonjour à tous").await;
}

/// The rows of the tables of the panel.
pub fn rows(page: &str) -> Vec<String> {
    let behind = page.split("<aside").nth(1).expect("the panel");
    behind.split("<tr>").skip(1).filter_map(|row| row.split("</tr>").next()).map(str::to_owned).collect()
}

/// `<td class="n">115 min</td>`
fn minutes(row: &str) -> Option<u32> {
    row.split("<td class=\"n\">").nth(1)?.split(" min").next()?.trim().parse().ok()
}

/// Sixty times as fast is about that; and a clock that is stopped stands still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_runs_sixty_times_as_fast_and_stands_still() {
    let Some(door) = Door::open().await else { return };
    let machine = Clock::machine();
    let order = async |order: &str| assert_eq!(door.post("clock", &[("order", order)]).await.0, StatusCode::NO_CONTENT);
    // School time, with the machine's before and after it was read.
    let look = async || {
        let before = machine.elapsed();
        let hour = door.hour().await;
        (hour, before.as_secs_f64(), machine.elapsed().as_secs_f64())
    };
    order("play").await;
    door.until("", "⏸ Pause").await;
    // Steps of a quarter of a second; each takes the time of what falls due in it, too, and a busy machine more of it.
    let mut paces = Vec::new();
    while paces.len() < 6 && paces.iter().all(|pace| *pace < 45.0) {
        let (from, begun, running) = look().await;
        machine.rest(Duration::from_secs(3)).await;
        let (to, ending, ended) = look().await;
        let least = (to - from) / (ended - begun);
        assert!(least <= 66.0, "×{least:.1}");
        paces.push((to - from) / (ending - running));
    }
    assert!(paces.iter().any(|pace| *pace >= 45.0), "{paces:?}");
    order("pause").await;
    door.until("", "▶ ×60").await;
    door.rests().await;
    let stands = door.hour().await;
    machine.rest(Duration::from_millis(1_500)).await;
    assert!((door.hour().await - stands).abs() < 0.1, "it goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_and_unknown_words_are_not_let_in() {
    let Some(door) = Door::open().await else { return };
    let page = door.page("").await;
    let (samia, zoe) = (account(&page, "Samia Benali"), account(&page, "Zoé Inconnue"));
    // A file is for who is in its chat: the admin's list of links, asked for by somebody else.
    let hers = door.page(&format!("?p={samia}.{samia}")).await;
    let file = |ending: &str| {
        let named = |link: &&str| {
            let name = link.split("download=\"").nth(1).and_then(|rest| rest.split('"').next());
            name.is_some_and(|name| name.ends_with(ending))
        };
        let link = hers.split("href=\"/file/").skip(1).find(named).expect("a file");
        link.split("?as=").next().expect("its place").to_owned()
    };
    let ask = async |file: &str, reader: &str| {
        let link = format!("{}file/{file}?as={reader}", door.demo.url);
        let answer = door.client.get(link).send().await.expect("an answer");
        (answer.status(), answer.bytes().await.expect("its bytes"))
    };
    let (links, workbook) = (file(".csv"), file(".xlsx"));
    assert_eq!(ask(&links, &zoe).await.0, StatusCode::NOT_FOUND);
    // What the bot made, each of its rows a link; and what she sent can be read.
    let (status, bytes) = ask(&links, &samia).await;
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let mut rows = text.strip_prefix('\u{feff}').expect("a mark for Excel").lines();
    assert_eq!((status, rows.next()), (StatusCode::OK, Some("Nom;Prénom;Lien;Valable jusqu’au")));
    let rows: Vec<&str> = rows.collect();
    assert!(rows.len() >= 10 && rows.iter().all(|line| line.contains(";https://t.me/")), "{text}");
    let sent = preau::demo::school::files::this_week().expect("a workbook");
    let (sent, got) = (crate::workbook::read_all(&sent), crate::workbook::read_all(&ask(&workbook, &samia).await.1));
    assert_eq!((got.lessons.len(), got.faults.len()), (sent.lessons.len(), 0), "{:#?}", got.faults);

    // Another site, by a name of its own or through the visitor's browser.
    let host = door.client.get(&door.demo.url).header("host", "evil.example").send().await.expect("an answer");
    assert_eq!(host.status(), StatusCode::FORBIDDEN);
    let clock = format!("{}clock", door.demo.url);
    let origin = door.client.post(clock).header("origin", "http://evil.example").form(&[("order", "next")]);
    assert_eq!(origin.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);

    for (path, fields) in [
        ("act/dance", vec![("account", "1"), ("chat", "1")]),
        ("clock", vec![("order", "back")]),
        ("fault", vec![("fault", "flood")]),
    ] {
        assert_eq!(door.post(path, &fields).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    // Who is not in a group cannot write there, and is told so.
    let (status, words) = door.post("act/say", &[("account", &zoe), ("chat", "-1"), ("text", "Coucou")]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(words.contains("Telegram refuse"), "{words}");
}
