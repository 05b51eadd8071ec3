//! `preau init`: from the questions to a program that starts.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Machine, told};

/// `preau init` with these lines typed.
async fn init(machine: &Machine, folder: &Path, typed: &[&str]) -> (i32, String, String) {
    let mut command = super::bare(machine.folder(), &["init"]);
    command.arg("--folder").arg(folder).arg("--data").arg(folder.join("data"));
    command.env("PREAU__TELEGRAM__API_URL", machine.sandbox.bot_api_url());
    super::typed(command, typed).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_answers_make_a_program_that_starts() {
    let machine = Machine::new().await;
    let folder = machine.folder().join("etc");
    let (host, port) = ("127.0.0.1", machine.sandbox.smtp_port().to_string());
    let token = machine.sandbox.token().to_owned();
    let typed = [
        "de",
        "fr",
        "Lycée « du Préau »",
        "Paris",
        "Indian/Reunion",
        "dpo",
        "dpo@ecole.example",
        // A token that Telegram refuses is asked for again.
        "7:AAwrong",
        &token,
        "direction@ecole.example",
        host,
        "0",
        &port,
        "preau@ecole.example",
        "preau",
        "s3cret",
    ];
    let (code, out, err) = init(&machine, &folder, &typed).await;
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    for words in [
        "Répondez fr ou en.",
        "Ce n’est pas un fuseau",
        "Ce n’est pas une adresse mail.",
        "c’est le bot @HorizonClasseBot",
        "Un port est un nombre",
        "preau invite --role admin",
    ] {
        assert!(err.contains(words), "« {words} »: {err}");
    }
    assert!(!err.contains(&token) && !err.contains("s3cret"), "no secret is shown: {err}");
    let mode = |name: &str| std::fs::metadata(folder.join(name)).expect(name).permissions().mode() & 0o777;
    assert_eq!([mode("telegram_token"), mode("smtp_password")], [0o600; 2]);
    assert_eq!([mode("school.toml"), mode("preau.service")], [0o644; 2]);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    let (toml, unit) = (read("school.toml"), read("preau.service"));
    assert!(toml.contains("name = \"Lycée « du Préau »\"") && toml.contains("Indian/Reunion"), "{toml}");
    assert!(!toml.contains(&token) && !toml.contains("s3cret"), "secrets stand in files of their own");
    let config = folder.join("school.toml").display().to_string();
    assert!(unit.contains(&format!("run --config {config}")), "{unit}");

    // Nothing is overwritten.
    let (code, _, err) = init(&machine, &folder, &typed).await;
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("overwrites nothing"), "{err}");

    // With what was written, `check` meets the bot.
    std::fs::create_dir_all(folder.join("data")).expect("the data folder");
    let mut check = super::bare(machine.folder(), &["check", "--config", &config]);
    check.env("PREAU__TELEGRAM__API_URL", machine.sandbox.bot_api_url());
    let (_, out, err) = told(check.output().await.expect("it ran"));
    assert!(out.contains("@HorizonClasseBot"), "{out}{err}");
    machine.sandbox.stop().await;
}

/// Who runs out of answers is not left with half a configuration.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_in_the_middle_writes_nothing() {
    let machine = Machine::new().await;
    let folder = machine.folder().join("etc");
    let (code, _, err) = init(&machine, &folder, &["fr", "Lycée"]).await;
    assert_eq!(code, 1, "{err}");
    assert!(!folder.exists());
    machine.sandbox.stop().await;
}
