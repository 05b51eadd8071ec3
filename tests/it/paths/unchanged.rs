//! The same file again, as a school's machine sends it each night: when nothing happened since, it is not even read.

use preau::school::audit::Actor;
use preau::school::classroom;
use serde_json::{Value, json};

use super::Machine;
use super::imports::{PEOPLE, WEEK};
use crate::place::Engine;
use crate::talk::timetable::book;

/// `preau import edt.xlsx --apply --json MORE`; where nobody reads, only what need not be read is answered.
async fn asked(machine: &Machine, more: &[&str], readable: bool) -> Result<Value, String> {
    let mut args = vec!["import", "edt.xlsx", "--apply", "--json"];
    args.extend(more);
    let mut command = machine.command(&args);
    // A round for each thing: what many rounds wrote is known to be all.
    command.env("PREAU__DATABASE__ROUND", "1");
    if !readable {
        command.env("PREAU__FILES__READER", "/nowhere/reader");
    }
    let (code, out, err) = super::told(command.output().await.expect("it ran"));
    assert!(code != 0 || (out.matches('\n').count() == 1 && out.ends_with('\n')), "one line for programs: {out}");
    if code == 0 { Ok(serde_json::from_str(&out).expect("JSON")) } else { Err(err) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_applied_is_read_again_only_when_something_happened() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        let (code, _, err) = machine.said(&["migrate"]).await;
        assert_eq!(code, 0, "{err}");
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        let first = asked(&machine, &[], true).await.expect("applied");
        assert_eq!((&first["lessons"]["added"], &first["people"]["added"]), (&json!(2), &json!(1)));

        let again = asked(&machine, &[], false).await.expect("it need not be read");
        assert_eq!(again["applied"], json!(true));
        assert_eq!((&again["lessons"]["added"], &again["lessons"]["unchanged"]), (&json!(0), &json!(2)));
        assert_eq!((&again["people"]["added"], &again["people"]["unchanged"]), (&json!(0), &json!(1)));
        assert_eq!((&again["changes"], &again["faults"]), (&json!([]), &first["faults"]));
        // Something else is asked.
        let rights = asked(&machine, &["--give-rights"], false).await.expect_err("it must be read");
        assert!(rights.contains("/nowhere/reader"), "{rights}");

        // Somebody does something: it is read, and says the same; then it need not be read once more.
        machine.looks(async |tx| classroom::flow::ensure(tx, &Actor::Cli, "2B").await).await;
        asked(&machine, &[], false).await.expect_err("it must be read");
        assert_eq!(asked(&machine, &[], true).await, Ok(again.clone()));
        assert_eq!(asked(&machine, &[], false).await, Ok(again));

        // Another file changes what this one says.
        let mut moved = WEEK.to_vec();
        moved[0][6] = "C3";
        machine.puts("moved.xlsx", &book(&[], &moved));
        let (code, out, err) = machine.imports(&["moved.xlsx", "--apply", "--json"]).await;
        assert_eq!(code, 0, "{out}{err}");
        let back = asked(&machine, &[], true).await.expect("applied");
        assert_eq!(back["lessons"]["changed"], json!(1), "{back}");
        // A line less is another file.
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK[..2]));
        asked(&machine, &[], false).await.expect_err("it must be read");
        machine.remove().await;
    }
}
