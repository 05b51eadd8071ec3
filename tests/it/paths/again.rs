//! PostgreSQL may undo a transaction so that another can go on, and ask for it to be done again (40001, 40P01): the row
//! that caused it runs again, and has its effect once.

use crate::store::Raw;
use crate::talk::school::School;
use crate::world::Engine;

/// The first two times that this happens to the table, PostgreSQL undoes it: a sequence counts what is undone too.
fn undone_twice(what: &str, table: &str) -> String {
    format!(
        "CREATE SEQUENCE tries_{table}; \
         CREATE FUNCTION undo_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE tried BIGINT; BEGIN \
             tried := nextval('tries_{table}'); \
             IF tried = 1 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END IF; \
             IF tried = 2 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END IF; \
             RETURN NEW; END $$; \
         CREATE TRIGGER undo_{table} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION undo_{table}()"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_postgresql_undid_is_done_again_and_once() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let school = School::on(Engine::Postgres).await;
    let mut raw = Raw::open(&school.place).await;

    // A row of the inbox: somebody presses.
    school.ask("Inès", "/reglages").await;
    raw.execute(&undone_twice("UPDATE", "account")).await;
    school.press("Inès", "English").await;
    assert_eq!(raw.number("SELECT last_value FROM tries_account").await, 3);
    assert!(school.last(school.is("Inès")).contains("English"), "{}", school.last(school.is("Inès")));
    assert_eq!(raw.number("SELECT COUNT(*) FROM account WHERE lang = 'en'").await, 1);

    // A row of the outbox: a lesson begins.
    raw.execute(&undone_twice("INSERT", "sheet")).await;
    school.plan_usual().await;
    school.until("14:00").await;
    assert_eq!(raw.number("SELECT last_value FROM tries_sheet").await, 3);
    assert_eq!(raw.number("SELECT COUNT(*) FROM sheet").await, 1);
    let rolls = school.all(school.is("Mamadou")).into_iter().filter(|message| message.text.contains("Qui est là ?"));
    assert_eq!(rolls.count(), 1);
    drop(raw);
    school.check().await;
}
