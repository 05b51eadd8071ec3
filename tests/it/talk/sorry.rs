//! What cannot be taken, however often it is tried: whoever waits for an answer gets one all the same.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures::future::BoxFuture;
use preau::kernel::{Error, Lang, Result, Text};
use preau::platform::store::Tx;
use preau::telegram::command::{Answer, Audience, Button, Caller, Command, Place, Turn};
use preau::telegram::screen::{Key, Screen};

use super::adapter::{Adapter, Parts};
use crate::paths::eventually;
use crate::world::Engine;

/// What is away for ever, and what for three tries.
static LEFT: AtomicU32 = AtomicU32::new(0);
/// Nobody can be identified.
static UNKNOWN: AtomicBool = AtomicBool::new(false);

const fn command(name: &'static str, take: preau::telegram::command::Take) -> Command {
    Command {
        fr: name,
        en: name,
        line: "welcome-menu-ping",
        help: "help-ping",
        audience: Audience::Anyone,
        place: Place::Both,
        shown: true,
        reads: false,
        take,
    }
}

static COMMANDS: [Command; 5] = [
    command("non", |_| Box::pin(async { Ok(Answer::alert(Text::verbatim("refusé")).loud().hush()) })),
    command("liste", |_| {
        Box::pin(async { Ok(Answer::say(Text::verbatim("la liste")).with_alert(Text::verbatim("pas la vôtre"))) })
    }),
    command("panne", |_| Box::pin(async { Err(Error::outage("database", "busy")) })),
    command("faute", |_| Box::pin(async { Err(Error::fault("broken")) })),
    command("menu", |turn| Box::pin(menu(turn))),
];

static KEYS: [Button; 2] = [
    Button {
        action: "test.away",
        audience: Audience::Anyone,
        take: |_| Box::pin(async { Err(Error::outage("database", "busy")) }),
    },
    Button { action: "test.slow", audience: Audience::Anyone, take: |_| Box::pin(slow()) },
];

#[expect(clippy::unused_async, reason = "the shape that commands want")]
async fn menu(_turn: &mut Turn<'_>) -> Result<Answer> {
    let key = |label: &str, action: &str| Key::press(Text::verbatim(label), action, "");
    Ok(Answer::screen(Screen::new(Text::verbatim("menu")).row([key("Jamais", "test.away"), key("Tard", "test.slow")])))
}

#[expect(clippy::unused_async, reason = "the shape that buttons want")]
async fn slow() -> Result<Answer> {
    if LEFT.fetch_sub(1, Ordering::SeqCst) > 1 {
        return Err(Error::outage("database", "busy"));
    }
    Ok(Answer::alert(Text::verbatim("fait")).loud())
}

fn identify_at_times<'a>(tx: &'a mut Tx, account: i64, tag: Option<&'a str>) -> BoxFuture<'a, Result<Caller>> {
    if UNKNOWN.load(Ordering::SeqCst) {
        return Box::pin(async { Err(Error::fault("no table of people")) });
    }
    identify(tx, account, tag)
}

fn identify<'a>(_tx: &'a mut Tx, account: i64, tag: Option<&'a str>) -> BoxFuture<'a, Result<Caller>> {
    Box::pin(async move {
        let lang = tag.and_then(Lang::read).unwrap_or_default();
        Ok(Caller { account, person: None, rank: Audience::Anyone, lang, spoken: None })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asked_is_told_when_it_is_given_up() {
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, Parts { commands: &COMMANDS, buttons: &KEYS, identify }).await;
        let sandbox = &adapter.sandbox;
        let (ines, john) = (sandbox.add_person("Inès", "M.", "fr"), sandbox.add_person("John", "", "en"));
        let group = sandbox.add_group("1A", ines);
        sandbox.add_bot(group, ines);
        sandbox.add_member(group, john, ines);
        sandbox.start_bot(ines, "");
        sandbox.start_bot(john, "");
        adapter.says(john, 1).await;
        adapter.says(ines, 1).await;

        // An outage that does not end: what happened, since when, what to do, the code and its reason.
        sandbox.say(ines, ines, "/panne");
        let said = adapter.says(ines, 2).await;
        let expected = "Je n’ai pas pu vous répondre : quelque chose ne marche pas de notre côté depuis le mar. 24 nov., 08:00 \
                        (Paris). Rien n’a été fait de ce que vous avez demandé : dites-le de nouveau, ou appuyez de \
                        nouveau sur le bouton. (TEL-07)";
        assert_eq!(said, expected, "{engine:?}");
        let shown = adapter.said(ines).pop().expect("said");
        assert_eq!(shown.buttons[0][0].text, "Pourquoi ?");
        sandbox.press(ines, ines, shown.id, "Pourquoi").expect("a key");
        let said = adapter.says(ines, 3).await;
        assert!(said.starts_with("J’ai essayé plusieurs fois"), "{engine:?}: {said}");

        // In a group it is told in private, in the person's language.
        sandbox.say(john, group, "/panne");
        assert!(adapter.says(john, 2).await.starts_with("I could not answer you"), "{engine:?}");
        assert_eq!(adapter.said(group).len(), 0, "{engine:?}");

        // A press: the button stops spinning, the words come as a message.
        sandbox.say(ines, ines, "/menu");
        adapter.says(ines, 4).await;
        let menu = adapter.said(ines).pop().expect("said").id;
        let query = sandbox.press(ines, ines, menu, "Jamais").expect("a key");
        assert_eq!(adapter.says(ines, 5).await, expected, "{engine:?}");
        let shown = sandbox.callback_answer(&query).expect("answered").expect("with words");
        assert!(shown.starts_with("Un instant"), "{shown}");

        // A press that ends well after « un instant »: what it would have shown over the chat comes as a message.
        LEFT.store(4, Ordering::SeqCst);
        let query = sandbox.press(ines, ines, menu, "Tard").expect("a key");
        assert_eq!(adapter.says(ines, 6).await, "fait", "{engine:?}");
        assert!(sandbox.callback_answer(&query).flatten().is_some_and(|words| words.starts_with("Un instant")));
        // One that ends well at once says it there, and writes nothing.
        LEFT.store(1, Ordering::SeqCst);
        let query = sandbox.press(ines, ines, menu, "Tard").expect("a key");
        eventually("the press is answered", async || sandbox.callback_answer(&query).is_some()).await;
        assert_eq!(sandbox.callback_answer(&query).flatten().as_deref(), Some("fait"));
        assert_eq!(adapter.said(ines).len(), 6, "{engine:?}");
        adapter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_is_told_even_when_nobody_can_be_identified() {
    for engine in Engine::all() {
        let adapter =
            Adapter::on(engine, Parts { commands: &COMMANDS, buttons: &KEYS, identify: identify_at_times }).await;
        let sandbox = &adapter.sandbox;
        let john = sandbox.add_person("John", "", "en");
        sandbox.start_bot(john, "");
        adapter.says(john, 1).await;
        sandbox.say(john, john, "/faute");
        assert!(adapter.says(john, 2).await.starts_with("Something broke on our side"), "{engine:?}");
        sandbox.say(john, john, "/menu");
        adapter.says(john, 3).await;
        let menu = adapter.said(john).pop().expect("said").id;

        UNKNOWN.store(true, Ordering::SeqCst);
        sandbox.say(john, john, "/menu");
        assert!(adapter.says(john, 4).await.starts_with("Something broke on our side"), "{engine:?}");
        let query = sandbox.press(john, john, menu, "Tard").expect("a key");
        assert!(adapter.says(john, 5).await.starts_with("Something broke on our side"), "{engine:?}");
        eventually("the button stops spinning", async || sandbox.callback_answer(&query).is_some()).await;
        UNKNOWN.store(false, Ordering::SeqCst);
        adapter.end().await;
    }
}

/// An alert is shown over a press. Whoever typed sees none: it is said to them, and to nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_said_to_whoever_typed() {
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, Parts { commands: &COMMANDS, buttons: &KEYS, identify }).await;
        let sandbox = &adapter.sandbox;
        let ines = sandbox.add_person("Inès", "M.", "fr");
        let group = sandbox.add_group("1A", ines);
        sandbox.add_bot(group, ines);
        sandbox.promote_bot(group, ines, &["can_delete_messages"]);
        sandbox.start_bot(ines, "");
        adapter.says(ines, 1).await;
        sandbox.say(ines, ines, "/non");
        assert_eq!(adapter.says(ines, 2).await, "refusé", "{engine:?}");
        sandbox.say(ines, ines, "/liste");
        assert_eq!(adapter.says(ines, 3).await, "pas la vôtre\nla liste", "{engine:?}");

        let typed = sandbox.say(ines, group, "/non");
        assert_eq!(adapter.says(ines, 4).await, "refusé", "{engine:?}");
        eventually("the command is deleted", async || sandbox.messages(group).iter().all(|shown| shown.id != typed))
            .await;
        sandbox.say(ines, group, "/liste");
        assert_eq!(adapter.says(group, 1).await, "la liste", "{engine:?}");
        assert_eq!(adapter.says(ines, 5).await, "pas la vôtre", "{engine:?}");
        adapter.end().await;
    }
}
