//! `preau check --live-caller`: a trial that leaves nothing behind.

use std::path::PathBuf;
use std::process::Stdio;

use preau::sandbox::Fault;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{Machine, told};
use crate::place::Engine;

struct Tried {
    machine: Machine,
    seed: PathBuf,
    account: i64,
}

impl Tried {
    async fn on(engine: Engine) -> Self {
        let machine = Machine::on(engine).await;
        let account = machine.sandbox.add_caller("Horizon", "Appels", "+33611223344", None);
        let seed = machine.folder().join("caller.seed");
        std::fs::write(&seed, machine.sandbox.caller_seed(Some(account))).expect("a seed");
        let (code, out, err) = machine.said(&["migrate"]).await;
        assert_eq!(code, 0, "{out}{err}");
        Self { machine, seed, account }
    }

    fn command(&self, wait: &str) -> Command {
        let mut command = self.machine.command(&["check", "--live-caller", "--wait", wait]);
        command.env("PREAU__TELEGRAM__CALLER__SEEDS", &self.seed);
        command
    }

    async fn said(&self, wait: &str) -> (i32, String, String) {
        told(self.command(wait).output().await.expect("it ran"))
    }

    fn asked(&self, method: &str) -> usize {
        self.machine.sandbox.journal().iter().filter(|call| call.method == method && call.outcome == "ok").count()
    }

    /// Every group that was made is gone.
    fn nothing_is_left(&self, made: usize) {
        let fine = ["ok", "lost"];
        let count = |method: &str| {
            let calls = self.machine.sandbox.journal().into_iter();
            calls.filter(|call| call.method == method && fine.contains(&call.outcome.as_str())).count()
        };
        assert_eq!((count("channels.createChannel"), count("channels.deleteChannel")), (made, made));
    }
}

/// What is said until the link stands there; the link.
async fn until_link(out: &mut (impl tokio::io::AsyncBufRead + Unpin)) -> (String, String) {
    let mut said = String::new();
    loop {
        let mut line = String::new();
        assert!(out.read_line(&mut line).await.expect("read") > 0, "no link: {said}");
        if line.starts_with("https://") {
            return (said, line.trim().to_owned());
        }
        said.push_str(&line);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_says_what_it_proves() {
    for engine in Engine::all() {
        for pushed in [true, false] {
            let tried = Tried::on(engine).await;
            let sandbox = &tried.machine.sandbox;
            let lea = sandbox.add_person("Léa", "Petit", "fr");
            let mut child = tried.command("20").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
            let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
            let (said, link) = until_link(&mut out).await;
            assert!(said.contains("✓ Groupe d’essai « Préau, essai » créé"), "{said}");
            assert!(said.contains("✓ Appel ouvert") && said.contains("✓ L’appel se lit sans y être"), "{said}");
            if !pushed {
                sandbox.fault(Fault::LoseCallUpdates { times: 9 });
            }
            sandbox.join(lea, &link).expect("entered");
            let chat = sandbox
                .journal()
                .iter()
                .rev()
                .find_map(|call| call.chat_id.filter(|chat| sandbox.title(*chat) == "Préau, essai"));
            sandbox.join_call(lea, chat.expect("the group")).expect("joined");
            let mut rest = String::new();
            while out.read_line(&mut rest).await.expect("read") > 0 {}
            let code = child.wait().await.expect("it ends").code();
            assert_eq!(code, Some(0), "{said}{rest}");
            let wanted =
                if pushed { "✓ Quelqu’un est entré, vu après" } else { "· Quelqu’un est entré, vu après" };
            assert!(rest.contains(wanted), "{rest}");
            assert!(rest.contains("✓ Appel fermé.") && rest.contains("✓ Groupe d’essai effacé"), "{rest}");
            tried.nothing_is_left(1);
            tried.machine.remove().await;
        }
    }
}

/// An account that looks after many classes tries as quickly: its other groups are not asked about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_accounts_other_groups_are_left_alone() {
    for engine in Engine::all() {
        let tried = Tried::on(engine).await;
        let sandbox = &tried.machine.sandbox;
        let account = tried.account;
        let others = ["1A", "1B", "2A"].map(|class| sandbox.add_group(&format!("BTS SIO {class}"), account));
        let same = sandbox.add_group("Préau, essai", account);
        let (code, out, err) = tried.said("0").await;
        assert_eq!(code, 0, "{out}{err}");
        let asked = |chats: &[i64]| {
            let about = |call: &preau::sandbox::Call| call.chat_id.is_some_and(|chat| chats.contains(&chat));
            sandbox.journal().into_iter().filter(about).map(|call| call.method).collect::<Vec<_>>()
        };
        assert_eq!(asked(&others), Vec::<String>::new(), "{engine:?}");
        // One of its own title is asked about, and left alone: it has no mark.
        assert!(asked(&[same]).iter().all(|method| method == "channels.getFullChannel"), "{engine:?}");
        assert!(!asked(&[same]).is_empty(), "{engine:?}");
        tried.nothing_is_left(1);
        tried.machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_nothing_is_left_behind() {
    for engine in Engine::all() {
        let tried = Tried::on(engine).await;
        let sandbox = &tried.machine.sandbox;
        let refuse = |method: &str, error: &str| {
            let (method, error) = (method.to_owned(), error.to_owned());
            sandbox.fault(Fault::Refuse { method, code: 400, error, times: 1 });
        };
        // Nobody comes.
        let (code, out, err) = tried.said("1").await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("· Personne n’est entré"), "{out}");
        tried.nothing_is_left(1);
        refuse("phone.createGroupCall", "CREATE_CALL_FAILED");
        let (code, out, _) = tried.said("1").await;
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("✗ Ouvrir un appel : Telegram ne l’a pas fait (CREATE_CALL_FAILED)."), "{out}");
        tried.nothing_is_left(2);
        // It was made, and the answer was lost.
        sandbox.fault(Fault::LostAnswer { method: Some("channels.createChannel".to_owned()), times: 1 });
        let (code, out, _) = tried.said("1").await;
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("✗ Créer un groupe") && out.contains("✓ Groupe d’essai effacé"), "{out}");
        tried.nothing_is_left(3);
        // It cannot be removed: said, and removed by the next trial.
        refuse("channels.deleteChannel", "CHAT_ADMIN_REQUIRED");
        let (code, out, _) = tried.said("0").await;
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("✗ Effacer le groupe") && out.contains("effacez-le dans l’application"), "{out}");
        let (code, out, _) = tried.said("0").await;
        assert_eq!(code, 0, "{out}");
        assert!(out.contains("· Un essai interrompu avait laissé un groupe : effacé."), "{out}");
        tried.nothing_is_left(5);
        // Interrupted from the keyboard.
        let mut child = tried.command("30").stdout(Stdio::piped()).spawn().expect("it runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        until_link(&mut out).await;
        let pid = child.id().expect("it runs").to_string();
        let sent = Command::new("sh").args(["-c", &format!("kill -INT {pid}")]).status().await.expect("kill");
        assert!(sent.success());
        let mut rest = String::new();
        while out.read_line(&mut rest).await.expect("read") > 0 {}
        assert_eq!(child.wait().await.expect("it ends").code(), Some(1), "{rest}");
        assert!(rest.contains("· Interrompu : je range.") && rest.contains("✓ Groupe d’essai effacé"), "{rest}");
        tried.nothing_is_left(6);
        // Nobody is signed in.
        let mut without = tried.command("0");
        std::fs::remove_file(&tried.seed).expect("removed");
        let (code, _, _) = told(without.output().await.expect("it ran"));
        assert_eq!(code, 0, "the account was kept");
        assert_eq!(tried.asked("messages.exportChatInvite"), 2);
        tried.machine.remove().await;
        let bare = Machine::on(engine).await;
        bare.said(&["migrate"]).await;
        let (code, out, err) = bare.said(&["check", "--live-caller"]).await;
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("(CAL-05)"), "{err}");
        bare.remove().await;
    }
}
