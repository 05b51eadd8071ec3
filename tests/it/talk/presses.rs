//! The words over a press reach whoever pressed: after a 429, after a stop, in the language that they chose.

use preau::kernel::Lang;
use preau::platform::outbox;
use preau::sandbox::Fault;
use preau::school::roster::Role;
use preau::telegram::store;

use super::school::School;
use crate::paths::eventually;
use crate::store::Raw;
use crate::world::Engine;

fn method() -> String {
    "answerCallbackQuery".to_owned()
}

/// Rows of words over presses, by state.
async fn rows(school: &School, query: &str) -> Option<String> {
    let shown = school
        .db()
        .expect("the database")
        .read(async |tx| {
            preau::fetch_all!(
                tx,
                (String, String),
                "SELECT state, payload FROM outbox WHERE kind = 'telegram.press' ORDER BY id"
            )
        })
        .await
        .expect("read");
    shown.into_iter().find(|(_, payload)| payload.contains(query) || payload == "{}").map(|(state, _)| state)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_over_a_press_come_after_a_429() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let ines = school.is("Inès");
        school.ask("Inès", "/reglages").await;
        let menu = school.sandbox.last(ines).expect("the menu").id;
        school.sandbox.fault(Fault::TooManyRequests { method: Some(method()), retry_after: 1, times: 1 });
        let query = school.sandbox.press(ines, ines, menu, "Français").expect("a key");
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.callback_answer(&query), None, "{engine:?}: asked to wait");
        assert_eq!(rows(&school, &query).await.as_deref(), Some("scheduled"), "{engine:?}");
        school.until("08:01").await;
        assert_eq!(school.sandbox.callback_answer(&query).flatten().as_deref(), Some("C’est noté."), "{engine:?}");
        assert_eq!(rows(&school, &query).await.as_deref(), Some("completed"), "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_over_a_press_come_after_a_stop() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let ines = school.is("Inès");
        school.ask("Inès", "/reglages").await;
        let menu = school.sandbox.last(ines).expect("the menu").id;
        // It is done and settled, and the program stops before Telegram was asked.
        school.sandbox.fault(Fault::Reset { method: Some(method()), times: 1 });
        let query = school.sandbox.press(ines, ines, menu, "Français").expect("a key");
        eventually("it is kept", async || rows(&school, &query).await.is_some()).await;
        school.crash().await;
        // Who took it ahead, or what goes before it, and is gone, holds it up there for longer than Telegram shows anything
        // over a press.
        let taken = "SELECT COUNT(*) FROM outbox WHERE state = 'executing'";
        let gone = engine == Engine::Postgres && Raw::open(&school.place).await.number(taken).await > 0;
        if gone {
            school.expects("query is too old");
        }
        school.start().await.expect("it starts again");
        school
            .go_to(school.db().expect("the database").clock().now().plus(std::time::Duration::from_secs(3)))
            .await
            .expect("time passes");
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten();
        let row = rows(&school, &query).await;
        let words = Some("C’est noté.").filter(|_| !gone);
        assert_eq!((said.as_deref(), row.as_deref()), (words, Some("completed")), "{engine:?}, {gone}");

        // As a rule it is shown at once and its row is done with it.
        let said = school.press_on("Inès", ines, menu, "Français").await;
        assert_eq!(said, "C’est noté.", "{engine:?}");
        let due = school.db().expect("db").read(async |tx| outbox::store::ahead(tx, 1).await).await.expect("read");
        assert!(due.first().is_none_or(|(kind, _)| kind != "telegram.press"), "{engine:?}");
        school.check().await;
    }
}

/// « Every text follows the person's choice. »
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_over_a_press_are_in_the_chosen_language() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let class = school.class.clone();
        school.add("John", "Doe", Role::Student, &[&class], Lang::Fr).await;
        let (john, ines) = (school.is("John"), school.is("Inès"));
        school.ask("John", "/reglages").await;
        school.press("John", "English").await;
        let menu = school.sandbox.last(john).expect("the menu").id;
        let query = school.sandbox.press_data(john, john, menu, &format!("1{}", "x".repeat(32)));
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert!(said.starts_with("This menu has expired"), "{engine:?}: {said}");

        // A key that is another's.
        school.ask("Inès", "/reglages").await;
        let data = school
            .write(async |tx| {
                let key = preau::telegram::screen::Key::press(preau::kernel::Text::verbatim("x"), "welcome.lang", "fr");
                let screen = preau::telegram::screen::Screen::new(preau::kernel::Text::verbatim("x")).row([key]);
                let seen = preau::telegram::callback::Seen { chat: john, actor: Some(ines), menu: None };
                preau::telegram::callback::lay(tx, &screen, Lang::Fr, seen).await
            })
            .await;
        let preau::telegram::screen::WireDoes::Data(data) = data.keys[0][0].does.clone() else { panic!("a press") };
        let query = school.sandbox.press_data(john, john, menu, &data);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert!(said.starts_with("This button is"), "{engine:?}: {said}");
        assert_eq!(school.ask("John", "/weeek").await, "I do not know this command. Did you mean /week?", "{engine:?}");
        school.write(async |tx| store::purge(tx, tx.now()).await).await;
        school.check().await;
    }
}
