//! Personal links: used twice, by another, after their time, with letters changed.

use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, flow as roster};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::super::school::id_of;
use super::{Stage, shows_names};

async fn link(stage: &Stage, kind: LinkKind) -> String {
    let id = id_of("Karl");
    let person = (kind != LinkKind::Admin).then_some(id.as_str());
    stage.write(async |tx| roster::make_link(tx, kind, person, &Actor::Cli).await).await
}

/// A payload that somebody made of a token: a letter changed, left out or put in, cut, doubled, or nothing of it at all.
fn payloads(token: &str) -> impl Strategy<Value = String> + use<> {
    let token: Vec<char> = token.chars().collect();
    let most = token.len();
    let (other, fewer, more, cut) = (token.clone(), token.clone(), token.clone(), token.clone());
    prop_oneof![
        (0..most, "[a-z2-7A-Z0-9_-]").prop_map(move |(at, letter)| {
            let mut made = other.clone();
            made[at] = letter.chars().next().unwrap_or('a');
            made.into_iter().collect::<String>()
        }),
        (0..most).prop_map(move |at| {
            let mut made = fewer.clone();
            made.remove(at);
            made.into_iter().collect::<String>()
        }),
        (0..=most, "[a-z2-7]").prop_map(move |(at, letter)| {
            let mut made = more.clone();
            made.insert(at, letter.chars().next().unwrap_or('a'));
            made.into_iter().collect::<String>()
        }),
        (0..most).prop_map(move |at| cut[..at].iter().collect::<String>()),
        "[a-z2-7]{32}",
        "[A-Za-z0-9_-]{0,64}",
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_with_another_letter_opens_nothing() {
    let stage = Stage::new().await;
    let mut runner = TestRunner::deterministic();
    let tokens = [
        link(&stage, LinkKind::Printed).await,
        link(&stage, LinkKind::Mailed).await,
        link(&stage, LinkKind::Admin).await,
    ];
    // Somebody nobody knows, a student, and an admin.
    let accounts = ["Xavier", "Zoé", "Claire"].map(|name| stage.is(name));
    let (then, audited, mut tried) = (stage.asked(), stage.audited().await, 0);
    for token in &tokens {
        let made = payloads(token);
        for round in 0..60 {
            let payload = made.new_tree(&mut runner).expect("a payload").current();
            if tokens.contains(&payload) {
                continue;
            }
            stage.sandbox.start_bot(accounts[round % accounts.len()], &payload);
            tried += 1;
        }
        stage.drain().await.expect("quiet");
    }
    assert!(tried >= 150, "{tried}");
    for account in accounts {
        let said = stage.since(then, account);
        assert!(!said.is_empty() && !shows_names(&said), "{said:?}");
        for asks in ["date de naissance", "prénom et nom", "administrateur de", "Blanchet"] {
            assert!(said.iter().all(|said| !said.contains(asks)), "{asks}: {said:?}");
        }
    }
    assert_eq!(stage.audited().await, audited, "nothing was noted of any of them");
    let asked = async |tx: &mut preau::platform::store::Tx| {
        preau::fetch_all!(tx, (String,), "SELECT topic FROM telegram_dialogue")
    };
    assert!(stage.db().expect("running").read(asked).await.expect("read").is_empty(), "nobody was asked anything");
    // The true ones work still.
    stage.sandbox.start_bot(accounts[0], &tokens[0]);
    stage.drain().await.expect("quiet");
    assert!(stage.last(accounts[0]).contains("date de naissance"), "{}", stage.last(accounts[0]));
    stage.over_with().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_works_once_for_one_account_and_in_its_time() {
    let stage = Stage::new().await;
    let (xavier, zoe) = (stage.is("Xavier"), stage.is("Zoé"));
    let another = stage.sandbox.add_person("Yves", "", "fr");
    let opens = async |account: i64, token: &str| {
        stage.sandbox.start_bot(account, token);
        stage.drain().await.expect("quiet");
        stage.last(account)
    };
    let presses = async |account: i64, chat: i64, label: &str| {
        let found = stage
            .all(chat)
            .into_iter()
            .rev()
            .find(|message| message.buttons.iter().flatten().any(|key| key.text.contains(label)));
        let data = found.expect("the message").buttons.concat().into_iter().find(|key| key.text.contains(label));
        let query = stage.forge(account, chat, &data.and_then(|key| key.data).expect("data"));
        stage.drain().await.expect("quiet");
        stage.over(&query)
    };
    let token = link(&stage, LinkKind::Printed).await;
    assert!(opens(zoe, &token).await.contains("LIE-06"), "an account is one person's");
    assert!(opens(xavier, &token).await.contains("date de naissance"));
    // While he answers, another opens it and presses his keys: they get nothing of it.
    assert!(opens(another, &token).await.contains("date de naissance"), "a link in wrong hands asks, and names nobody");
    let right = stage.ask("Xavier", "12/03/2005").await;
    assert!(right.contains("Karl B."), "{right}");
    assert!(presses(another, xavier, "Oui").await.contains("(TEL-02)"));
    assert!(presses(zoe, xavier, "Oui").await.contains("(TEL-02)"));
    presses(xavier, xavier, "Oui").await;
    assert!(presses(another, xavier, "18").await.contains("(TEL-02)"));
    presses(xavier, xavier, "18").await;
    assert!(stage.last(xavier).starts_with("C’est fait"), "{}", stage.last(xavier));
    // The other one was asked before it was used, and answers now.
    stage.sandbox.say(another, another, "12/03/2005");
    stage.drain().await.expect("quiet");
    let said = stage.last(another);
    assert!(said.contains("LIE-02") && !said.contains("Karl"), "{said}");
    assert!(opens(another, &token).await.contains("LIE-02"));
    assert!(opens(zoe, &token).await.contains("LIE-02"));
    assert!(opens(xavier, &token).await.contains("Karl"), "their own is no news to anybody");

    // An admin's: an hour, once, and to whoever has no other account of the school.
    let admin = link(&stage, LinkKind::Admin).await;
    stage.until("15:06").await;
    assert!(opens(another, &admin).await.contains("LIE-04"));
    let admin = link(&stage, LinkKind::Admin).await;
    assert!(opens(another, &admin).await.contains("prénom et nom"));
    stage.sandbox.say(another, another, "Yves Dupont");
    stage.drain().await.expect("quiet");
    assert!(stage.last(another).contains("vous êtes administrateur"), "{}", stage.last(another));
    for account in [zoe, xavier] {
        let said = opens(account, &admin).await;
        assert!(said.contains("LIE-02"), "{said}");
    }
    stage.over_with().await;
}
