//! The page on the admin listener: by its token only, in the reader's language, off without one.

use preau::kernel::Clock;
use preau::platform::http;
use preau::platform::outbox::{self, Put};

use super::{Machine, free_port};

const TOKEN: &str = "a-token-of-the-school & more";

struct Browser {
    client: http::Client,
    base: String,
}

struct Said {
    status: u16,
    cookie: Option<String>,
    location: Option<String>,
    body: String,
}

impl Browser {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Said {
        let mut asked = self.client.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        let answer = asked.send().await.expect("an answer");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        let (cookie, location) = (header("set-cookie"), header("location"));
        Said { status: answer.status().as_u16(), cookie, location, body: answer.text().await.expect("text") }
    }
}

async fn on(token: Option<&str>) -> (Machine, super::Running, Browser) {
    let machine = Machine::new().await;
    let port = free_port();
    let mut command = machine.command(&["run"]);
    command.env("PREAU__WEB__ADMIN_LISTEN", format!("127.0.0.1:{port}"));
    if let Some(token) = token {
        command.env("PREAU__WEB__ADMIN_TOKEN", token);
    }
    let running = super::Running::start(command, &machine.folder().join("run.log"));
    super::eventually("ready", async || super::ask(port, "/readyz").await.0 == 200).await;
    let second = std::time::Duration::from_secs(5);
    let client = http::client(second, second).expect("a client");
    (machine, running, Browser { client, base: format!("http://127.0.0.1:{port}") })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_opened_by_its_token_alone() {
    let (machine, running, browser) = on(Some(TOKEN)).await;
    let refused = [
        browser.get("/", &[]).await,
        browser.get("/?token=wrong", &[]).await,
        browser.get("/?token=", &[]).await,
        browser.get("/", &[("authorization", "Bearer wrong")]).await,
        browser.get("/", &[("authorization", TOKEN)]).await,
        browser.get("/", &[("cookie", &format!("preau_admin={}", "0".repeat(64)))]).await,
    ];
    for said in &refused {
        assert_eq!(said.status, 401, "{}", said.body);
        assert!(said.cookie.is_none() && said.body.contains("web.admin_token_file"), "{}", said.body);
    }
    // Once in the address: a cookie stands for it, which is not the token, and the address is clean.
    let asked = browser.get("/?token=a-token-of-the-school%20%26%20more", &[]).await;
    assert_eq!(asked.location.as_deref(), Some("/"));
    let cookie = asked.cookie.expect("a cookie");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains("school"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a value").to_owned();
    let page = browser.get("/", &[("cookie", &format!("other=1; {cookie}"))]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in
        ["points à regarder", "Base de données : elle répond (SQLite).", "href=\"/metrics\"", "lang=\"fr\"", "Ensuite"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("<script"), "{}", page.body);
    // Nobody is known yet: nothing is said of nobody.
    assert!(!page.body.contains("Reliés à Telegram"), "{}", page.body);
    let bearer = format!("Bearer {TOKEN}");
    let page = browser.get("/", &[("authorization", &bearer), ("accept-language", "de, en-GB;q=0.8, fr;q=0.5")]).await;
    assert!(page.status == 200 && page.body.contains("Database: it answers (SQLite)."), "{}", page.body);
    // It changes nothing, and what stood open stays open.
    let posted = browser.client.post(format!("{}/", browser.base)).header("cookie", &cookie).send().await;
    assert_eq!(posted.expect("an answer").status().as_u16(), 405);
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(browser.get(path, &[]).await.status, 200, "{path}");
    }
    let log = std::fs::read_to_string(machine.folder().join("run.log")).expect("a log");
    assert!(!log.contains("a-token-of"), "{log}");
    running.kill().await;
    machine.remove().await;
}

/// What ended badly, what is overdue and what is due stand there by name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_names_what_is_dead_what_is_overdue_and_what_is_due() {
    let (machine, running, browser) = on(Some(TOKEN)).await;
    let bearer = format!("Bearer {TOKEN}");
    let page = async || browser.get("/", &[("authorization", &bearer)]).await.body;
    let (dead, due) = ("un rappel de cours (", "<li>le fichier d’une feuille validée, ");
    let overdue = "<li>En retard : une tâche (later.thing) (";
    let empty = page().await;
    for words in [dead, due, overdue, "<h2>À décider</h2>", "<h2>En retard</h2>"] {
        assert!(!empty.contains(words), "{words}: {empty}");
    }
    let now = Clock::machine().now();
    let rows = [
        // Its window is over: it is given up at once.
        ("session.remind", now.plus_minutes(-90), now.plus_minutes(-30)),
        ("attendance.file", now.plus_minutes(30), now.plus_days(1)),
        // Nobody can do this in this version: it is tried again and again.
        ("later.thing", now.plus_minutes(-20), now.plus_days(1)),
    ];
    let database = machine.database().await;
    for (kind, at, until) in rows {
        let put = Put::new(kind, format!("{kind}:test"), &serde_json::json!({})).expect("a row").due(at).until(until);
        database.db.transact(async |tx| outbox::put(tx, put.clone()).await.map(|_| ())).await.expect("written");
    }
    database.close().await;
    super::eventually("the page names them", async || {
        let page = page().await;
        page.contains(&format!("<li>Non parti à temps : {dead}")) && page.contains(overdue) && page.contains(due)
    })
    .await;
    let page = page().await;
    assert!(page.contains("<h2>À décider</h2>") && page.contains("<h2>En retard</h2>"), "{page}");
    assert!(page.contains("1 envoi attend depuis plus de 5 minutes"), "{page}");
    running.kill().await;
    machine.remove().await;
}

/// What the page itself checks counts in its headline, and is said in its language.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_that_fails_is_something_to_look_at() {
    let (machine, running, browser) = on(Some(TOKEN)).await;
    let bearer = format!("Bearer {TOKEN}");
    let page = async || browser.get("/", &[("authorization", &bearer)]).await.body;
    let points = |page: &str| -> u32 {
        let head = page.split("<h1>").nth(1).expect("a headline");
        head.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0)
    };
    let before = page().await;
    assert!(before.contains("<li>telegram : ok") && !before.contains("Telegram ne répond pas"), "{before}");
    machine.sandbox.fault(preau::sandbox::Fault::Away(true));
    super::eventually("it is seen", async || page().await.contains("<strong>✗</strong>")).await;
    let now = page().await;
    assert_eq!(points(&now), points(&before) + 1, "{now}");
    assert!(now.contains("<li>Telegram ne répond pas : ce qui doit partir attend."), "{now}");
    assert!(!now.contains("does not answer"), "{now}");
    running.kill().await;
    machine.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_the_page_is_off() {
    let (machine, running, browser) = on(None).await;
    for said in [browser.get("/", &[]).await, browser.get("/?token=", &[("authorization", "Bearer ")]).await] {
        assert_eq!(said.status, 403);
        assert!(said.body.contains("web.admin_token_file"), "{}", said.body);
    }
    running.kill().await;
    let (_, said, _) = machine.said(&["check"]).await;
    assert!(said.contains("web.admin_token_file") && said.contains("chown root:preau et chmod 640"), "{said}");

    // A token that is soon guessed is refused, and says by which key.
    let mut command = machine.command(&["check"]);
    command.env("PREAU__WEB__ADMIN_TOKEN", "short");
    let (code, _, err) = super::told(command.output().await.expect("the program"));
    assert!(code == 2 && err.contains("web.admin_token"), "{code}: {err}");
    let mut command = machine.command(&["check"]);
    command.env("PREAU__WEB__ADMIN_TOKEN", TOKEN);
    let (_, said, _) = super::told(command.output().await.expect("the program"));
    assert!(said.contains("/?token=") && !said.contains("a-token-of"), "{said}");
    machine.remove().await;
}

/// One request, letter by letter: what a client would put right is not put right. Gives the status and all that was said.
async fn raw(port: u16, head: &str) -> (u16, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
    let asked = format!("{head}\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    socket.write_all(asked.as_bytes()).await.expect("asked");
    let mut said = Vec::new();
    socket.read_to_end(&mut said).await.expect("an answer");
    let said = String::from_utf8_lossy(&said).into_owned();
    let status = said.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, said)
}

/// Every page that a feature registered, and the three paths that know nobody's data, with everything but the token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_registered_page_is_shut_to_whoever_has_not_its_token() {
    let (machine, running, browser) = on(Some("the-token-that-was-before")).await;
    let old = browser.get("/?token=the-token-that-was-before", &[]).await.cookie.expect("a cookie");
    let old = old.split(';').next().expect("a value").to_owned();
    running.kill().await;
    machine.remove().await;

    let (machine, running, browser) = on(Some(TOKEN)).await;
    let port: u16 = browser.base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let pages: Vec<&str> =
        preau::school::FEATURES.iter().flat_map(|feature| feature.pages).map(|page| page.path).collect();
    assert!(!pages.is_empty());
    // Of the page itself there is this, of its refusals nothing.
    let inside = ["href=\"/metrics\"", "points à regarder", "Database", "Base de données"];
    for page in &pages {
        let wrong = [
            "authorization: Bearer the-token-that-was-before".to_owned(),
            format!("authorization: bearer {TOKEN}"),
            format!("authorization: Bearer {}", &TOKEN[..TOKEN.len() - 1]),
            format!("authorization: Bearer {TOKEN}x"),
            format!("authorization: Bearer {}", TOKEN.to_uppercase()),
            "authorization: Bearer ".to_owned(),
            format!("cookie: {old}"),
            format!("cookie: preau_admin={TOKEN}"),
            "cookie: preau_admin=".to_owned(),
            format!("x-authorization: Bearer {TOKEN}"),
        ];
        for header in &wrong {
            for method in ["GET", "HEAD"] {
                let (status, said) = raw(port, &format!("{method} {page} HTTP/1.1\r\n{header}")).await;
                assert_eq!(status, 401, "{method} {page} {header}: {said}");
                assert!(inside.iter().all(|words| !said.contains(words)), "{header}: {said}");
            }
        }
        for query in ["token=", "token=the-token-that-was-before", "token=a&token=b", "Token=x", "token", "token=%00"] {
            let (status, said) = raw(port, &format!("GET {page}?{query} HTTP/1.1\r\naccept: */*")).await;
            assert!(matches!(status, 400 | 401), "{query}: {said}");
            assert!(!said.to_lowercase().contains("set-cookie"), "{query}: {said}");
        }
        // The true token changes nothing about what may be done there.
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            let (status, said) = raw(port, &format!("{method} {page} HTTP/1.1\r\nauthorization: Bearer {TOKEN}")).await;
            assert_eq!(status, 405, "{method} {page}: {said}");
        }
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        for method in ["POST", "PUT", "DELETE"] {
            let (status, said) = raw(port, &format!("{method} {path} HTTP/1.1\r\naccept: */*")).await;
            assert_eq!(status, 405, "{method} {path}: {said}");
        }
        let (_, said) = raw(port, &format!("GET {path} HTTP/1.1\r\naccept: */*")).await;
        assert!(!said.contains(TOKEN) && !said.contains("Horizon"), "{path}: {said}");
    }
    // Nothing is a file here, with the token or without.
    for path in [
        "/../preau.db",
        "/..%2fpreau.db",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/healthz/../../etc/passwd",
        "//etc/passwd",
        "/./",
        "/index.html",
        "/healthz/",
        "/metrics/x",
        "/\\..\\preau.db",
        "/%00",
        "*",
    ] {
        for header in [format!("authorization: Bearer {TOKEN}"), "accept: */*".to_owned()] {
            let (status, said) = raw(port, &format!("GET {path} HTTP/1.1\r\n{header}")).await;
            assert!(matches!(status, 400 | 401 | 404), "{path}: {said}");
            assert!(inside.iter().all(|words| !said.contains(words)) && !said.contains("root:"), "{path}: {said}");
        }
    }
    let (status, _) = raw(port, &format!("GET / HTTP/1.1\r\nauthorization: Bearer {TOKEN}")).await;
    assert_eq!(status, 200, "it stands after all that");
    running.kill().await;
    machine.remove().await;
}
