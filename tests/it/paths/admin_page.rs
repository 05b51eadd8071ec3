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
