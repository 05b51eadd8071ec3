//! Role × action × class × place: every case through the real doors, by what was really answered.

use preau::kernel::{Lang, Text};
use preau::platform::store::Tx;
use preau::school::FEATURES;
use preau::school::call::flow as calls;
use preau::school::rights::Act;
use preau::school::session;
use preau::telegram::command::Command;
use preau::telegram::store;

use super::cases::{self, Case};
use super::{One, PEOPLE, Stage, buttons, is_refusal, sends_files, shows_lessons, shows_names};

/// What one person got of one attempt.
struct Got {
    /// Over the press; nothing where nothing was pressed.
    over: String,
    /// What was written to them.
    told: Vec<String>,
    /// What everybody in the group reads.
    group: Vec<String>,
}

impl Got {
    fn all(&self) -> String {
        format!("{}\n{}\n{}", self.over, self.told.join("\n"), self.group.join("\n"))
    }
}

/// Nothing of the class reached them, by whatever way, nor the group.
fn learnt_nothing(got: &Got, what: &str) {
    let over = [got.over.clone()];
    for said in [&got.told[..], &over, &got.group] {
        assert!(!shows_names(said) && !sends_files(said), "{what}: {}", got.all());
    }
    assert!(!shows_lessons(&got.told) && !shows_lessons(&over), "{what}: {}", got.all());
}

/// One attempt by each of them, at once; what each got.
async fn tried(stage: &Stage, who: &[&One], attempt: impl AsyncFn(i64) -> Option<String>) -> Vec<Got> {
    let (then, mut queries) = (stage.asked(), Vec::new());
    for one in who {
        queries.push(attempt(stage.is(one.name)).await);
    }
    stage.drain().await.expect("quiet");
    let group = stage.since(then, stage.group);
    let got = |(one, query): (&&One, Option<String>)| Got {
        over: query.map(|query| stage.over(&query)).unwrap_or_default(),
        told: stage.since(then, stage.is(one.name)),
        group: group.clone(),
    };
    who.iter().zip(queries).map(got).collect()
}

/// Those who may not, all at once: nothing may come of it. Then each who may, alone.
async fn judged(stage: &Stage, what: &str, case: &Case, attempt: impl AsyncFn(i64) -> Option<String>) -> usize {
    let (may, may_not): (Vec<&One>, Vec<&One>) = PEOPLE.iter().partition(|one| one.may(case.act));
    let also = Text::of(if case.also.is_empty() { "telegram-menu-expired" } else { case.also }, vec![]);
    let also = also.render(Lang::Fr).replace('\u{a0}', " ");
    let audited = stage.audited().await;
    for (one, got) in may_not.iter().zip(tried(stage, &may_not, &attempt).await) {
        let what = format!("{what} by {}", one.name);
        let said = got.all();
        // A list of what is theirs is shown to whoever passes the gate; there is nothing of this class in it.
        let theirs = case.lists && one.passes(case.act);
        assert!(theirs || is_refusal(&said) || said.contains(&also), "{what}, who may not: {said}");
        learnt_nothing(&got, &what);
    }
    assert_eq!(stage.audited().await, audited, "{what}: who may not changed something");
    for one in &may {
        let got = tried(stage, &[one], &attempt).await.remove(0);
        assert!(!is_refusal(&got.all()), "{what} by {}, who may: {}", one.name, got.all());
        assert!(!shows_names(&got.group), "{what} by {}: everybody reads it: {}", one.name, got.all());
    }
    PEOPLE.len()
}

/// A button is pressed where it stands, and its data is sent from where it does not.
async fn pressed(stage: &Stage, action: &str, case: &Case) -> usize {
    let group = stage.group;
    let here = async |account: i64| {
        let (chat, actor) = if case.in_group { (group, None) } else { (account, Some(account)) };
        let data = stage.laid(action, &case.args, chat, actor).await;
        Some(stage.forge(account, chat, &data))
    };
    let there = async |account: i64| {
        let (chat, actor) = if case.in_group { (group, None) } else { (account, Some(account)) };
        let data = stage.laid(action, &case.args, chat, actor).await;
        Some(stage.forge(account, if case.in_group { account } else { group }, &data))
    };
    // Nothing comes of what is pressed elsewhere, whoever does it.
    let (audited, all): (i64, Vec<&One>) = (stage.audited().await, PEOPLE.iter().collect());
    for (one, got) in all.iter().zip(tried(stage, &all, there).await) {
        let what = format!("{action} elsewhere by {}", one.name);
        assert!(got.over.contains("(TEL-01)"), "{what}: {}", got.all());
        assert!(got.told.iter().chain(&got.group).all(|said| said.starts_with("answer")), "{what}: {}", got.all());
    }
    assert_eq!(stage.audited().await, audited, "{action} elsewhere");
    all.len() + judged(stage, action, case, here).await
}

async fn typed(stage: &Stage, command: &Command) -> usize {
    let (act, args, lists) = cases::typed(command.fr).unwrap_or_else(|| panic!("no case for /{}", command.fr));
    assert_eq!(command.audience, act.audience(), "/{}", command.fr);
    let (case, words) =
        (Case { act, args: String::new(), in_group: false, also: "", lists }, format!("/{} {args}", command.fr));
    let (group, mut count) = (stage.group, 0);
    let say = async |account: i64, chat: i64| {
        stage.sandbox.say(account, chat, words.trim());
        None
    };
    for (private, place) in [(true, "in private"), (false, "in the group")] {
        let what = format!("/{} {place}", command.fr);
        let all: Vec<&One> = PEOPLE.iter().collect();
        if command.place.allows(private) && (private || act != Act::Timetable) {
            let chat = |account: i64| if private { account } else { group };
            count += judged(stage, &what, &case, async |account: i64| say(account, chat(account)).await).await;
            continue;
        }
        let audited = stage.audited().await;
        let chat = |account: i64| if private { account } else { group };
        for (one, got) in
            all.iter().zip(tried(stage, &all, async |account: i64| say(account, chat(account)).await).await)
        {
            let what = format!("{what} by {}", one.name);
            if act == Act::Timetable {
                // What the class has is said to its group, whoever asks there.
                assert!(shows_lessons(&got.group) && !shows_names(&got.group), "{what}: {}", got.all());
                continue;
            }
            learnt_nothing(&got, &what);
            assert!(got.group.iter().all(|said| said.starts_with("deleteMessage")), "{what}: {}", got.all());
            let elsewhere = ["s’utilise en privé", "s’utilise dans le groupe"];
            let said = got.all();
            let refused =
                if one.passes(act) { elsewhere.iter().any(|words| said.contains(words)) } else { is_refusal(&said) };
            assert!(refused, "{what}: {said}");
            count += 1;
        }
        assert_eq!(stage.audited().await, audited, "{what}");
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_button_answers_by_the_table() {
    let (stage, mut count) = (Stage::new().await, 0);
    for button in buttons() {
        let case = cases::of(button.action, &stage).unwrap_or_else(|| panic!("no case for {}", button.action));
        assert_eq!(button.audience, case.act.audience(), "{}", button.action);
        count += pressed(&stage, button.action, &case).await;
    }
    assert!(count >= 1000, "{count} cases");
    stage.over_with().await;
}

/// The call of the lesson as it stands: so many minutes longer, and whether somebody said to end it.
async fn call(stage: &Stage) -> Option<(i64, bool)> {
    let open = async |tx: &mut Tx| calls::open_of(tx, &stage.lesson).await;
    let open = stage.db().expect("running").read(open).await.expect("read");
    open.map(|call| (call.extended, call.end_asked))
}

/// With a call open a press does something: for those who are in charge, and for nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_of_an_open_call_answer_by_the_table() {
    let stage = Stage::with_call().await;
    assert_eq!(call(&stage).await, Some((0, false)));
    let may = PEOPLE.iter().filter(|one| one.may(Act::Roll)).count();
    let longer = i64::try_from(may).expect("few") * 15;
    // Each who may presses a key that nobody pressed yet: it adds a quarter of an hour each time.
    for (action, then) in [
        (session::WRITE_MISSING, Some((0, false))),
        (session::RUN_LATE, Some((0, false))),
        (session::EXTEND_CALL, Some((longer, false))),
        (session::END_CALL, None),
    ] {
        let case = cases::of(action, &stage).expect("a case");
        let press = async |account: i64| {
            let extended = call(&stage).await.map_or(0, |(extended, _)| extended);
            let longer = || session::Longer { session: stage.lesson.clone(), extended };
            let args = match action {
                session::EXTEND_CALL => serde_json::to_string(&longer()).expect("JSON"),
                _ => case.args.clone(),
            };
            let data = stage.laid(action, &args, account, Some(account)).await;
            Some(stage.forge(account, account, &data))
        };
        judged(&stage, action, &case, press).await;
        assert_eq!(call(&stage).await, then, "{action}");
        let said = stage.since(0, stage.group).iter().filter(|said| said.contains("5 min de retard")).count();
        assert_eq!(said, usize::from(action != session::WRITE_MISSING), "{action}: said to the group once");
    }
    assert!(!stage.sandbox.calls(stage.group)[0].open);
    stage.over_with().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_question_and_file_answers_by_the_table() {
    let (stage, mut count) = (Stage::new().await, 0);
    for command in FEATURES.iter().flat_map(|feature| feature.commands) {
        count += typed(&stage, command).await;
    }
    for topic in FEATURES.iter().flat_map(|feature| feature.topics) {
        let (act, about, words) =
            cases::answered(topic.name, &stage).unwrap_or_else(|| panic!("no case for the question {}", topic.name));
        assert_eq!(topic.audience, act.audience(), "{}", topic.name);
        let case = Case { act, args: String::new(), in_group: false, also: "", lists: false };
        let db = stage.db().expect("running").clone();
        let answer = async |account: i64| {
            let set =
                async |tx: &mut preau::platform::store::Tx| store::set_dialogue(tx, account, topic.name, &about).await;
            db.transact(set).await.expect("asked");
            stage.sandbox.say(account, account, words);
            None
        };
        count += judged(&stage, topic.name, &case, answer).await;
        let waiting = async |tx: &mut preau::platform::store::Tx| {
            preau::fetch_all!(tx, (i64, String), "SELECT account, topic FROM telegram_dialogue")
        };
        let left = db.read(waiting).await.expect("read");
        let refused = PEOPLE.iter().filter(|one| !one.passes(act)).map(|one| stage.is(one.name));
        for account in refused {
            assert!(left.iter().all(|(asked, _)| *asked != account), "{} is asked still", topic.name);
        }
    }
    for upload in FEATURES.iter().flat_map(|feature| feature.uploads) {
        assert_eq!(upload.audience, Act::School.audience(), "{upload:?}");
        for ending in upload.endings {
            let case = Case { act: Act::School, args: String::new(), in_group: false, also: "", lists: false };
            let send = async |account: i64| {
                stage.sandbox.send_file(account, account, &format!("x{ending}"), b"nothing".to_vec(), None);
                None
            };
            count += judged(&stage, ending, &case, send).await;
        }
    }
    assert!(count >= 300, "{count} cases");
    stage.over_with().await;
}
