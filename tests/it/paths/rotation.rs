//! `preau secrets rotate`: a new key, and everything opens at every moment.

use std::path::PathBuf;

use preau::platform::vault::Vault;
use preau::sandbox::Sandbox;
use preau::telegram::caller::store;

use super::{Machine, eventually, told};
use crate::place::Engine;
use crate::store::Raw;

const KEY: &str = "PREAU__SECRETS__KEY";
const NEW: &str = "PREAU__SECRETS__NEW_KEY";

fn sealed_as(account: i64) -> String {
    format!("caller_account:{account}")
}

/// A machine with an account, and what it needs to be connected.
struct Kept {
    machine: Machine,
    account: i64,
    seed: PathBuf,
}

impl Kept {
    async fn on(engine: Engine) -> Self {
        let machine = Machine::on(engine).await;
        let account = machine.sandbox.add_caller("Horizon", "Appels", "+33611223344", None);
        let seed = machine.folder().join("caller.seed");
        std::fs::write(&seed, machine.sandbox.caller_seed(None)).expect("a seed");
        let kept = Self { machine, account, seed };
        kept.said(&["migrate"], &[]).await;
        let mut login = kept.command(&["login", "--phone", "+33611223344"], &[]);
        let file = kept.machine.folder().join("code");
        std::fs::write(&file, "12345\n").expect("a file");
        login.stdin(std::fs::File::open(&file).expect("a file"));
        let (code, out, err) = told(login.output().await.expect("it ran"));
        assert_eq!(code, 0, "{out}{err}");
        kept
    }

    fn command(&self, args: &[&str], keys: &[(&str, &str)]) -> tokio::process::Command {
        let mut command = self.machine.command(args);
        command.env("PREAU__TELEGRAM__CALLER__SEEDS", &self.seed);
        for (name, value) in keys {
            command.env(name, value);
        }
        command
    }

    async fn said(&self, args: &[&str], keys: &[(&str, &str)]) -> (i32, String, String) {
        told(self.command(args, keys).output().await.expect("it ran"))
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.machine.folder().join(format!("data/secrets.key{ending}"))
    }

    async fn sealed(&self) -> String {
        let database = self.machine.database().await;
        let kept = database.db.read(async |tx| store::account(tx, self.account).await).await.expect("read");
        database.close().await;
        kept.expect("an account").sealed
    }

    async fn put(&self, sealed: &str) {
        let mut raw = Raw::url(&self.machine.database_url()).await;
        raw.execute(&format!("UPDATE caller_account SET sealed = '{sealed}'")).await;
    }

    /// The account can be used with the key that is there now.
    async fn is_sound(&self, keys: &[(&str, &str)]) {
        let (code, out, err) = self.said(&["check"], keys).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("✓ Compte appelant connecté à Telegram : Horizon Appels."), "{out}");
    }

    async fn end(self) {
        let sandbox: &Sandbox = &self.machine.sandbox;
        assert!(sandbox.violations().is_empty());
        self.machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_seals_everything_anew() {
    for engine in Engine::all() {
        let kept = Kept::on(engine).await;
        let (old_key, old) = (std::fs::read_to_string(kept.file("")).expect("a key"), kept.sealed().await);
        let (code, out, err) = kept.said(&["secrets", "rotate"], &[]).await;
        assert_eq!(
            (code, out.as_str()),
            (0, "Nouvelle clé en place : 1 secret est scellé avec elle.\n"),
            "{engine:?}: {err}"
        );
        let new_key = std::fs::read_to_string(kept.file("")).expect("a key");
        assert!(new_key != old_key && new_key.len() == 64);
        for secret in [&old_key, &new_key] {
            assert!(!out.contains(secret.as_str()) && !err.contains(secret.as_str()));
        }
        let mode = std::fs::metadata(kept.file("")).expect("a key").permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
        assert_ne!(kept.sealed().await, old);
        assert!(!kept.file(".new").exists() && !kept.file(".half").exists());
        kept.is_sound(&[]).await;
        kept.end().await;
    }
}

/// A rotation is killed after each of its steps: what is left opens, and the next start goes on from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_anywhere_it_is_finished_by_the_next_start() {
    for engine in Engine::all() {
        let kept = Kept::on(engine).await;
        let what = sealed_as(kept.account);
        let vault = Vault::new(None, kept.file(""));
        for step in ["half a key", "a new key", "sealed anew"] {
            if step == "half a key" {
                std::fs::write(kept.file(".half"), "0123").expect("written");
            } else {
                vault.begin_rotation().expect("begun");
            }
            if step == "sealed anew" {
                let plain = vault.open(&what, &kept.sealed().await).expect("open");
                kept.put(&vault.seal(&what, &plain).expect("sealed")).await;
            }
            kept.is_sound(&[]).await;
            let lines = |log: &PathBuf| {
                let log = std::fs::read_to_string(log).unwrap_or_default();
                log.lines().filter(|line| line.contains("caller.connected")).count()
            };
            let log = kept.machine.folder().join("run.log");
            let before = lines(&log);
            let running = super::Running::start(kept.command(&["run"], &[]), &log);
            eventually("connected", async || lines(&log) > before).await;
            running.signal("TERM").await;
            assert_eq!(running.ended().await.0, 0, "{step}");
            assert!(!kept.file(".new").exists(), "{step}");
            assert!(vault.is_current(&what, &kept.sealed().await).expect("read"), "{step}");
            kept.is_sound(&[]).await;
        }
        // Begun again by hand it goes on too.
        vault.begin_rotation().expect("begun");
        let (code, _, err) = kept.said(&["secrets", "rotate"], &[]).await;
        assert_eq!(code, 0, "{err}");
        assert!(!kept.file(".new").exists() && !kept.file(".half").exists());
        kept.is_sound(&[]).await;
        kept.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_the_environment_is_changed_by_who_gives_it() {
    for engine in Engine::all() {
        let kept = Kept::on(engine).await;
        let old = std::fs::read_to_string(kept.file("")).expect("a key");
        let new = "5c".repeat(32);
        std::fs::remove_file(kept.file("")).expect("removed");
        kept.is_sound(&[(KEY, &old)]).await;
        for keys in [&[(KEY, old.as_str())][..], &[(KEY, old.as_str()), (NEW, old.as_str())]] {
            let (code, out, err) = kept.said(&["secrets", "rotate"], keys).await;
            assert_eq!((code, out.as_str()), (1, ""), "{err}");
            assert!(err.contains(NEW) && err.contains("(SEC-04)") && !err.contains(&old), "{err}");
        }
        let both = [(KEY, old.as_str()), (NEW, new.as_str())];
        kept.is_sound(&both).await;
        for _ in 0..2 {
            let (code, out, err) = kept.said(&["secrets", "rotate"], &both).await;
            assert_eq!(code, 0, "{err}");
            assert!(out.contains("1 secret") && out.contains("retirez PREAU__SECRETS__NEW_KEY"), "{out}");
            assert!(![&old, &new].iter().any(|key| out.contains(key.as_str()) || err.contains(key.as_str())));
            kept.is_sound(&both).await;
        }
        kept.is_sound(&[(KEY, &new)]).await;
        let (code, out, _) = kept.said(&["check"], &[(KEY, &old)]).await;
        assert_eq!(code, 1, "{out}");
        assert!(!kept.file("").exists(), "no file is made beside a key that is given");
        // What does not open is not rotated away from under its key.
        let (code, _, err) = kept.said(&["secrets", "rotate"], &[(KEY, &old), (NEW, &"1d".repeat(32))]).await;
        assert_eq!(code, 1);
        assert!(err.contains("(SEC-01)"), "{err}");
        kept.is_sound(&[(KEY, &new)]).await;
        kept.end().await;
    }
}
