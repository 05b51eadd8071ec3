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
        "https://smtp.ecole.example",
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
        "Donnez le nom seul, comme smtp.ecole.fr",
        "preau invite --role admin",
        "la clé des secrets. Gardez-en une copie ailleurs",
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
    // The lines to type name the program that asked, root keeps what it enables, and the service reads its secrets.
    // A program knows itself by where it truly lies, links resolved.
    let program = std::fs::canonicalize(env!("CARGO_BIN_EXE_preau")).expect("it lies somewhere");
    let program = program.to_str().expect("UTF-8");
    let at_home = ["/home/", "/root/"].iter().any(|home| program.starts_with(home));
    let program = if at_home { "/usr/local/bin/preau" } else { program };
    let place = |name: &str| folder.join(name).display().to_string();
    for line in [
        format!("  runuser -u preau -- {program} check --config {config}\n"),
        format!("  runuser -u preau -- {program} invite --role admin --config {config}\n"),
        format!("  chown root:preau {} {} && chmod 640", place("smtp_password"), place("telegram_token")),
        format!("  install -m 644 {} /etc/systemd/system/preau.service\n", place("preau.service")),
    ] {
        assert!(err.contains(&line), "« {line} »: {err}");
    }
    assert!(!err.contains("chown -R"), "{err}");
    assert!(unit.contains(&format!("ExecStart={program} run")), "{unit}");
    assert!(unit.contains(&format!("run --config {config}")), "{unit}");

    // Nothing is overwritten, and whoever lost the lines to type reads the same again.
    let next = err.split_once("Ensuite, tapez").expect("what comes next").1.to_owned();
    let (code, _, again) = init(&machine, &folder, &typed).await;
    assert_eq!(code, 2, "{again}");
    assert!(again.starts_with(&format!("{config} existe déjà : « preau init » n’écrase rien.\n")), "{again}");
    assert_eq!(again.split_once("Ensuite, tapez").expect("what comes next").1, next);
    std::fs::remove_file(folder.join("preau.service")).expect("there");
    let (_, _, again) = init(&machine, &folder, &typed).await;
    assert!(again.ends_with("existe déjà : « preau init » n’écrase rien.\n"), "it was not all written: {again}");

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
    for (typed, said) in [
        (["fr", "Lycée"], "Rien n’a été tapé : une réponse est attendue au terminal."),
        (["en", "School"], "Nothing was typed: an answer is expected at the terminal."),
    ] {
        let (code, _, err) = init(&machine, &folder, &typed).await;
        assert_eq!(code, 1, "{err}");
        assert!(err.contains(said), "in the language that was answered: {err}");
        assert!(!folder.exists());
    }
    machine.sandbox.stop().await;
}

/// A service would not get there, or would read another name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_no_service_reaches_is_refused_before_the_first_question() {
    let machine = Machine::new().await;
    for (folder, said) in [("/home/preau", "est dans un dossier personnel"), ("a%b", "un service veut un nom fait de")]
    {
        let (code, _, err) = init(&machine, &machine.folder().join(folder), &["fr"]).await;
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(said) && !err.contains("Langue"), "{err}");
        assert!(!machine.folder().join(folder).exists());
    }
    machine.sandbox.stop().await;
}

/// Whoever may not write there hears so before the first question: no answer is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_write_there_is_not_asked() {
    let machine = Machine::new().await;
    // Nobody can make a folder in a file, root neither.
    let file = machine.folder().join("file");
    std::fs::write(&file, "").expect("a file");
    let folder = file.join("etc");
    let (code, out, err) = init(&machine, &folder, &["fr", "Lycée"]).await;
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.starts_with(&format!("Je ne peux pas écrire dans {} : ", folder.display())), "{err}");
    assert!(err.contains("Lancez « preau init » en root, ou donnez un autre dossier (--folder)."), "{err}");
    assert!(!err.contains("Langue"), "{err}");
    let left: Vec<_> = std::fs::read_dir(machine.folder()).expect("the folder").flatten().collect();
    assert_eq!(left.len(), 1, "nothing is left of the trial: {left:?}");
    machine.sandbox.stop().await;
}
