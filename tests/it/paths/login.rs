//! `preau login`, and what is said of an account from the command line.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use preau::kernel::Clock;
use preau::sandbox::Fault;
use preau::telegram::caller::store;
use tokio::process::Command;

use super::{Machine, eventually, told, within};
use crate::place::Engine;
use crate::store::Raw;

const PHONE: &str = "+33 6 11 22 33 44";
const SPARE: &str = "+33655667788";
const PASSWORD: &str = "le préau est vert";

/// A machine beside whose Telegram two sign-ins may begin.
struct Desk {
    machine: Machine,
    seeds: [PathBuf; 2],
}

impl Desk {
    async fn on(engine: Engine) -> Self {
        let machine = Machine::on(engine).await;
        let seeds = [1, 2].map(|number| machine.folder().join(format!("caller{number}.seed")));
        for seed in &seeds {
            std::fs::write(seed, machine.sandbox.caller_seed(None)).expect("a seed");
        }
        let desk = Self { machine, seeds };
        let (code, out, err) = desk.said(&["migrate"]).await;
        assert_eq!(code, 0, "{out}{err}");
        desk
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.machine.command(args);
        let seeds = self.seeds.each_ref().map(|seed| seed.display().to_string()).join(",");
        command.env("PREAU__TELEGRAM__CALLER__SEEDS", seeds);
        command
    }

    async fn said(&self, args: &[&str]) -> (i32, String, String) {
        told(self.command(args).output().await.expect("the program"))
    }

    /// `preau login` with these lines typed.
    async fn login(&self, phone: &str, typed: &[&str]) -> (i32, String, String) {
        let command = self.command(&["login", "--phone", phone]);
        super::typed(command, typed).await
    }

    fn run(&self) -> super::Running {
        super::Running::start(self.command(&["run"]), &self.log())
    }

    fn log(&self) -> PathBuf {
        self.machine.folder().join("run.log")
    }

    fn key_file(&self) -> PathBuf {
        self.machine.folder().join("data/secrets.key")
    }

    /// The keys with which sign-ins began.
    fn keys(&self) -> Vec<String> {
        let key = |seed: &PathBuf| {
            let json: serde_json::Value = serde_json::from_slice(&std::fs::read(seed).expect("a seed")).expect("JSON");
            json["auth_key"].as_str().expect("a key").to_owned()
        };
        self.seeds.iter().map(key).collect()
    }

    async fn accounts(&self) -> Vec<store::Account> {
        let database = self.machine.database().await;
        let accounts = database.db.read(async |tx| store::accounts(tx).await).await.expect("read");
        database.close().await;
        accounts
    }

    /// How often Telegram was asked so as an account.
    fn asked(&self, method: &str) -> usize {
        self.machine.sandbox.journal().iter().filter(|call| call.method == method).count()
    }

    async fn end(self) {
        assert!(self.machine.sandbox.violations().is_empty());
        self.machine.remove().await;
    }
}

/// None of these words stands in any file of the folder but those that are named.
fn nowhere(folder: &Path, words: &[String], but: &[PathBuf]) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            nowhere(&entry, words, but);
        } else if !but.contains(&entry) {
            let bytes = std::fs::read(&entry).expect("a file");
            for word in words {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{} holds {}…", entry.display(), &word[..8.min(word.len())]);
            }
        }
    }
}

/// The database as whoever copies it reads it, wherever it stands: no word of these in any row, nor in the bytes that a
/// sealed identity is the hex of.
async fn sealed_at_rest(desk: &Desk, words: &[String]) {
    let mut raw = Raw::url(&desk.machine.database_url()).await;
    let mut rows = Vec::new();
    for table in raw.tables().await {
        let columns = raw.columns(&table).await;
        rows.extend(raw.values(&table, &columns).await.into_iter().map(|row| format!("{table}: {row}").into_bytes()));
    }
    assert!(!rows.is_empty());
    let sealed = raw.texts("SELECT sealed FROM caller_account").await;
    assert!(!sealed.is_empty());
    for text in sealed {
        let hex = text.rsplit(':').next().unwrap_or_default();
        rows.push(bytes_of(hex));
    }
    for word in words {
        for secret in [word.to_lowercase().into_bytes(), word.to_uppercase().into_bytes(), bytes_of(word)] {
            let holds = |row: &&Vec<u8>| row.windows(secret.len()).any(|window| window == secret);
            let found = rows.iter().find(holds).map(|row| String::from_utf8_lossy(row).into_owned());
            assert_eq!(found, None, "{}…", word.get(..8).unwrap_or(word));
        }
    }
}

/// What is written in hex, else its own bytes.
fn bytes_of(words: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(words.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..words.len()).step_by(2).map(pair).collect();
    bytes.unwrap_or_else(|| words.as_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_signs_in_beside_a_live_run_which_uses_it_within_seconds() {
    for engine in Engine::all() {
        let desk = Desk::on(engine).await;
        let account = desk.machine.sandbox.add_caller("Horizon", "Appels", PHONE, Some(PASSWORD));
        let (code, out, err) = desk.said(&["check"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(
            out.contains("· Un compte appelant est prévu, mais aucun n’est connecté : tapez « preau login »."),
            "{out}"
        );
        let running = desk.run();
        desk.machine.until("/readyz", 200).await;
        let (code, out, err) = desk.login(PHONE, &["54321", "12345", "le préau est bleu", PASSWORD]).await;
        assert_eq!(code, 0, "{engine:?}: {out}{err}");
        assert_eq!(out, "Compte connecté : Horizon Appels. Préau s’en sert dans les secondes qui viennent.\n");
        assert!(err.contains("Ce n’est pas ce code. Encore une fois :"), "{err}");
        assert!(err.contains("Ce n’est pas ce mot de passe. Encore une fois :"), "{err}");
        for secret in [PASSWORD, "12345", PHONE].into_iter().chain(desk.keys().iter().map(String::as_str)) {
            assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
        }
        let kept = desk.accounts().await;
        assert_eq!((kept.len(), kept[0].account, kept[0].name.as_str()), (1, account, "Horizon Appels"));
        assert!(kept[0].is_ready());
        let log = desk.log();
        let connected = async || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("caller.connected"));
        eventually("connected", connected).await;
        // The key is in use: the store is believed.
        let (code, out, _) = desk.said(&["check"]).await;
        assert_eq!(code, 0, "{out}");
        let served = "✓ Compte appelant Horizon Appels : connecté, et le « preau run » qui tourne s’en sert.";
        assert!(out.contains(served) && out.contains("· Un seul compte appelant"), "{out}");
        // … also of what the running program cannot do.
        let mut raw = Raw::url(&desk.machine.database_url()).await;
        let away = "✗ Compte appelant Horizon Appels : Telegram ne lui répond pas depuis le";
        // Once a minute the program itself finds it well.
        let believed = async || {
            raw.execute("UPDATE caller_account SET standing = 'away', standing_since = 1795500000000").await;
            let (code, out, _) = desk.said(&["check"]).await;
            code == 1 && out.contains(away)
        };
        eventually("the store is believed", believed).await;
        let (code, out, err) = desk.said(&["check", "--live-caller"]).await;
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("sert déjà à un autre preau"), "{err}");
        assert_eq!(desk.said(&["secrets", "rotate"]).await.0, 1, "alone only");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        // Nothing that is secret can be read anywhere.
        let mut words = desk.keys();
        words.extend([PASSWORD.to_owned(), PHONE.to_owned(), "33611223344".to_owned()]);
        nowhere(desk.machine.folder(), &words, &desk.seeds);
        sealed_at_rest(&desk, &words).await;
        let mode = std::fs::metadata(desk.key_file()).expect("a key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        desk.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_a_refusal_that_says_so() {
    for engine in Engine::all() {
        let desk = Desk::on(engine).await;
        desk.machine.sandbox.add_caller("Horizon", "Appels", PHONE, Some(PASSWORD));
        let banned = desk.machine.sandbox.add_caller("Ancien", "Compte", SPARE, None);
        desk.machine.sandbox.fault(Fault::Deactivated(banned));
        for (phone, typed, wanted, said) in [
            (PHONE, &["1", "2", "3", "12345"][..], "(CAL-02)", "Ce n’est pas le code"),
            (PHONE, &["12345", "a", "b", "c", PASSWORD], "(CAL-03)", "Ce n’est pas le mot de passe"),
            ("+33600000000", &["12345"], "(CAL-04)", "Telegram ne connaît pas ce numéro"),
            ("6", &["12345"], "(CAL-04)", "Telegram ne connaît pas ce numéro"),
            (SPARE, &["12345"], "(CAL-04)", "Telegram a banni ce numéro"),
        ] {
            let (code, out, err) = desk.login(phone, typed).await;
            assert_eq!((code, out.as_str()), (1, ""), "{phone}: {err}");
            let last = err.lines().last().unwrap_or_default();
            assert!(last.contains(said) && last.contains(wanted), "{phone}: {err}");
            assert!(!err.contains(PASSWORD) && !err.contains("fault"), "{err}");
        }
        // Telegram asks to wait; is away; nobody types anything.
        let method = "auth.sendCode".to_owned();
        desk.machine.sandbox.fault(Fault::FloodWait { method, seconds: 130, times: 1 });
        let (code, _, err) = desk.login(PHONE, &["12345"]).await;
        assert_eq!(code, 1);
        assert!(err.contains("d’attendre 3 min") && err.contains("(CAL-04)"), "{err}");
        // Telegram takes the code, then the password, and says nothing: given up in time.
        for method in ["auth.signIn", "auth.checkPassword"] {
            let silent = Fault::Delay { method: Some(method.to_owned()), millis: 120_000, times: 1 };
            desk.machine.sandbox.fault(silent);
            let clock = Clock::machine();
            let tried = clock.within(Duration::from_mins(1), desk.login(PHONE, &["12345", PASSWORD])).await;
            let (code, _, err) = tried.unwrap_or_else(|| panic!("{engine:?}: {method} is waited for without end"));
            assert_eq!(code, 1, "{err}");
            assert!(err.contains("no answer in time") && err.contains("(CAL-04)"), "{method}: {err}");
        }
        desk.machine.sandbox.fault(Fault::Away(true));
        let (code, _, err) = desk.login(PHONE, &["12345"]).await;
        assert_eq!(code, 1);
        assert!(err.contains("(CAL-04)"), "{err}");
        desk.machine.sandbox.fault(Fault::Away(false));
        let (code, _, err) = desk.login(PHONE, &[]).await;
        assert_eq!(code, 1, "{err}");
        // A key that others can read is said before a code is asked for.
        let sent = desk.asked("auth.sendCode");
        std::fs::set_permissions(desk.key_file(), std::fs::Permissions::from_mode(0o644)).expect("a mode");
        let (code, _, err) = desk.login(PHONE, &["12345", PASSWORD]).await;
        assert_eq!(code, 1);
        assert!(err.contains("(SEC-02)") && err.contains("chmod 600"), "{err}");
        assert_eq!(desk.asked("auth.sendCode"), sent);
        assert!(desk.accounts().await.is_empty());
        let mut without = desk.machine.command(&["login", "--phone", PHONE]);
        let (code, _, err) = told(without.output().await.expect("it ran"));
        assert_eq!(code, 1);
        assert!(err.contains("(CAL-01)") && err.contains("my.telegram.org"), "{err}");
        desk.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_accounts_and_what_check_says_of_them() {
    for engine in Engine::all() {
        let desk = Desk::on(engine).await;
        let sandbox = &desk.machine.sandbox;
        let first = sandbox.add_caller("Horizon", "Appels", PHONE, None);
        let second = sandbox.add_caller("Horizon", "Réserve", SPARE, None);
        for phone in [PHONE, SPARE] {
            let (code, out, err) = desk.login(phone, &["12345"]).await;
            assert_eq!(code, 0, "{engine:?}: {out}{err}");
        }
        let (code, _, err) = desk.login(PHONE, &["12345"]).await;
        assert_eq!(code, 1, "both seeds are spent: {err}");
        assert_eq!(desk.accounts().await.len(), 2);
        let (code, out, err) = desk.said(&["check"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("✓ Compte appelant connecté à Telegram : Horizon Appels."), "{out}");
        assert!(out.contains("✓ Compte appelant connecté à Telegram : Horizon Réserve."), "{out}");
        // One is signed out: the other does its work. Looking changes nothing.
        sandbox.fault(Fault::RevokeSession(first));
        let (code, out, _) = desk.said(&["check"]).await;
        assert_eq!(code, 0, "{out}");
        let gone = "· Compte appelant Horizon Appels : Telegram l’a déconnecté. Tapez « preau login »";
        assert!(out.contains(gone) && out.contains("· Un seul compte appelant"), "{out}");
        assert!(desk.accounts().await.iter().all(store::Account::is_ready));
        sandbox.fault(Fault::Deactivated(second));
        let (code, out, _) = desk.said(&["check"]).await;
        assert_eq!(code, 1, "{out}");
        let banned = "Telegram l’a banni ou supprimé. Tapez « preau login » avec un autre numéro";
        assert!(out.contains(&format!("✗ Compte appelant Horizon Réserve : {banned}")), "{out}");
        // Without its key, with another's, without an application.
        let aside = desk.machine.folder().join("aside");
        std::fs::rename(desk.key_file(), &aside).expect("moved");
        let (_, out, _) = desk.said(&["check"]).await;
        assert!(out.contains("sa clé manque"), "{out}");
        assert!(!desk.key_file().exists(), "looking makes no key");
        std::fs::write(desk.key_file(), "ab".repeat(32)).expect("a key");
        std::fs::set_permissions(desk.key_file(), std::fs::Permissions::from_mode(0o600)).expect("a mode");
        let (_, out, _) = desk.said(&["check"]).await;
        assert!(out.contains("n’est pas celle qui l’a scellé"), "{out}");
        std::fs::set_permissions(desk.key_file(), std::fs::Permissions::from_mode(0o640)).expect("a mode");
        let (_, out, _) = desk.said(&["check"]).await;
        assert!(out.contains("chmod 600"), "{out}");
        let (code, out, _) = desk.machine.said(&["check"]).await;
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("✗ Un compte appelant est connecté, mais telegram.caller.api_id"), "{out}");
        desk.end().await;
    }
}

/// Between calls nobody asks anything of an account: the program proves each minute that it is still signed in, and admins
/// hear at once that it is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_lost_while_nothing_is_going_on_is_told_within_a_minute() {
    let engines = Engine::all().into_iter().map(|engine| async move {
        let desk = Desk::on(engine).await;
        let account = desk.machine.sandbox.add_caller("Horizon", "Appels", PHONE, None);
        let running = desk.run();
        desk.machine.until("/readyz", 200).await;
        let admin = desk.machine.admin().await;
        let (code, out, err) = desk.login(PHONE, &["12345"]).await;
        assert_eq!(code, 0, "{out}{err}");
        let log = desk.log();
        let connected = async || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("caller.connected"));
        eventually("connected", connected).await;
        desk.machine.sandbox.fault(Fault::RevokeSession(account));
        let said = || {
            let all = desk.machine.sandbox.messages(admin).into_iter().map(|message| message.text);
            all.filter(|text| text.contains("n’est plus connecté à Telegram")).collect::<Vec<_>>()
        };
        within(Duration::from_secs(75), &format!("{engine:?}: the loss is told"), async || !said().is_empty()).await;
        assert!(said()[0].contains("Horizon Appels") && said()[0].contains("« preau login »"), "{:?}", said());
        assert!(!desk.accounts().await[0].is_ready());
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        desk.end().await;
    });
    futures::future::join_all(engines).await;
}
