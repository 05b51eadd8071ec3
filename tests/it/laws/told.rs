//! What a day leaves behind: the log of the real program, which tells nothing of anybody, and the reasons that are kept.

use std::collections::BTreeSet;

use preau::demo::stage::Stage;
use preau::platform::store::Probe;
use preau::sandbox::Fault;

use super::outcome;
use super::programs::Program;
use crate::paths::telling;
use crate::place::{Engine, Place};
use crate::store::Raw;

/// What the log may not hold: names, links and tokens, days of birth, what anybody was told or wrote.
fn secrets(day: &preau::demo::day::Day) -> BTreeSet<String> {
    let sandbox = &day.stage.sandbox;
    let mut secrets: BTreeSet<String> = [
        "Laurent",
        "Diallo",
        "Moreau",
        "Toumi",
        "Bernard",
        "Inconnue",
        "Mamadou",
        "Sylvie",
        "Inès",
        "Karim",
        "Noé",
        "Léa",
        "Zoé",
        "horizon.example",
        "1980",
        "2007",
        "2008",
        "BTS SIO",
        "t.me/",
        "start=",
        "Réseaux",
        "Algorithmique",
        "Panne",
        "EDT_S48",
    ]
    .map(str::to_owned)
    .into();
    let (number, secret) = sandbox.token().split_once(':').expect("a token");
    secrets.extend([format!("{number}:"), secret.to_owned()]);
    let accounts = day.cast.people.values().chain([&day.cast.admin, &day.cast.group, &day.cast.stranger]);
    for message in accounts.flat_map(|account| sandbox.messages(*account)) {
        // Short words (an hour, « Oui ») stand in any log.
        secrets.extend(message.text.lines().filter(|line| line.chars().count() > 12).map(str::to_owned));
        let buttons = message.buttons.iter().flatten();
        secrets.extend(buttons.filter_map(|button| button.data.clone().or_else(|| button.url.clone())));
        let file = message.document.filter(|file| file.name.contains("Liens"));
        let printed = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).unwrap_or_default();
        let links = printed.lines().filter_map(|line| line.rsplit_once("start=")).map(|(_, rest)| rest);
        secrets.extend(links.map(|rest| rest.split(['"', ';']).next().unwrap_or_default().to_owned()));
    }
    secrets.extend(sandbox.links(day.cast.group));
    secrets
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_a_day_names_nobody_and_the_reason_of_a_correction_is_kept() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let stage = Stage::watch(outcome::set(&place, Probe::default())).await.expect("the stage");
        let said = [("PREAU__LOG__FORMAT", "json"), ("PREAU__LOG__LEVEL", "trace")];
        let program = Program::start_with(&stage, &place, &said);
        program.until("serves").await;
        let mut day = outcome::day(stage);
        // Something to tell of: Telegram is slow to take the afternoon's reminder.
        let slow = Fault::TooManyRequests { method: Some("sendMessage".to_owned()), retry_after: 1, times: 1 };
        day.trouble = Some(("13:45", slow));
        day.play().await.expect("the story");
        assert!(day.wrong.is_empty(), "{engine:?}: {:#?}", day.wrong);

        let log = program.log(&place);
        assert!(log.contains("outbox.settled") && log.contains("preau.started"), "{engine:?}: it is a log: {log}");
        let started = telling::read(&log).into_iter().filter(|line| line["message"] == "preau.started").count();
        assert_eq!(started, 1, "{engine:?}: each line is read by a machine");
        let secrets = secrets(&day);
        assert!(secrets.len() > 80, "{secrets:?}");
        let told: Vec<_> = secrets
            .iter()
            .filter_map(|secret| log.lines().find(|line| line.contains(secret.as_str())).map(|line| (secret, line)))
            .collect();
        assert!(told.is_empty(), "{engine:?}: {told:#?}");

        let mut raw = Raw::open(&place).await;
        let why = "SELECT COUNT(*) FROM sheet_change c JOIN person p ON p.id = c.person_id \
            WHERE c.reason = 'network' AND p.last_name = 'Simon'";
        assert_eq!(raw.number(why).await, 1, "{engine:?}: why Paul is present after all");
        drop(raw);
        program.running.signal("TERM").await;
        assert_eq!(program.running.ended().await.0, 0);
        outcome::strike(day.stage).await;
        place.remove().await;
    }
}
