//! What goes wrong on a day through the real doors. It is drawn by a generator of its own, out of what the undisturbed day
//! asked of Telegram in which step: what is drawn for days of the model stays as it is.

use preau::sandbox::{Call, Fault};

use super::plan::{Act, Chance, Lesson, Plan, STUDENTS, TEACHER};

/// Acts of a day.
const SIZE: usize = 8;
/// With this the days of every run meet each kind of trouble, at both doors.
const SALT: u64 = 0xD004_544F;
/// How long an answer is late, or a request or an update lies (milliseconds): nobody gives up for that.
const LATE: u64 = 300;

/// What the undisturbed day was.
pub struct Calm<'c> {
    pub plan: &'c Plan,
    pub points: usize,
    /// How many requests there had been when each step began, and all of them.
    pub steps: &'c [usize],
    pub asked: &'c [Call],
}

/// What disturbs a day.
#[derive(Debug, Clone, Default)]
pub struct Troubles {
    /// The program is stopped at this point.
    pub point: Option<usize>,
    /// What goes wrong from the beginning of which step on.
    pub faults: Vec<(usize, Fault)>,
}

/// What a teacher does with a sheet, minute by minute once its lesson is over. « Noé » stands for whoever it is about.
const SHEETS: [&[&str]; 4] = [
    &["Tous présents", "Valider"],
    &["Valider", "Valider ainsi"],
    &["Tous présents sauf…", "Noé", "Enregistrer", "Valider"],
    &["Corriger", "Noé", "Retard 10 min", "Valider", "Valider ainsi"],
];

/// Students say what is with them before a lesson, and the teacher sees to its sheet after it.
fn sheet(plan: &mut Plan, chance: &mut Chance) {
    let touched = |place: usize| {
        let is = |act: &Act| matches!(act, Act::Move(one, _) | Act::Room(one) | Act::Cancel(one) if *one == place);
        plan.acts.iter().any(|(_, act)| is(act))
    };
    let left = plan.lessons.iter().enumerate().filter(|(place, _)| !touched(*place)).map(|(_, lesson)| *lesson);
    let left: Vec<Lesson> = left.collect();
    let Some(lesson) = left.get(chance.below(left.len())) else { return };
    for (minutes, label) in [(-12, "Je serai absent"), (-9, "En retard"), (0, "Je suis là")] {
        let who = chance.one(&STUDENTS);
        plan.acts.push((lesson.start + minutes, Act::Key { who, group: true, label }));
    }
    let about = chance.one(&STUDENTS);
    let mut at = lesson.start + lesson.minutes;
    for label in SHEETS[chance.below(SHEETS.len())] {
        at += 1;
        let label = if *label == "Noé" { about } else { *label };
        plan.acts.push((at, Act::Key { who: TEACHER, group: false, label }));
    }
}

/// The day of this number: as any; each third one sleeps or jumps once more, and on most of them a sheet is seen to.
pub fn plan(seed: u64, number: u64) -> Plan {
    let mut plan = Plan::of(seed, SIZE);
    if number % 4 != 3 {
        sheet(&mut plan, &mut Chance::of(seed ^ 0x5EE7));
    }
    if number % 3 == 2 {
        let mut chance = Chance::of(seed ^ 0x51EE_9000);
        let minutes = chance.one(&[10, 30, 90]);
        let act = if number.is_multiple_of(2) { Act::Sleep(minutes) } else { Act::Jump(minutes) };
        plan.acts.push((chance.between(9 * 60, 16 * 60), act));
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    plan
}

/// May it be asked again and again by itself, or only when the program starts?
fn is_aimed_at(method: &str) -> bool {
    let of_start = ["getMe", "getUpdates", "getWebhookInfo", "deleteWebhook"].contains(&method);
    !of_start && !["updates.", "help.", "auth.", "account."].iter().any(|begins| method.starts_with(begins))
}

impl Troubles {
    /// Each second day is stopped once; of the others one or two things go wrong, and each second of these is stopped too.
    pub fn of(seed: u64, number: u64, calm: &Calm) -> Self {
        let mut chance = Chance::of(seed ^ SALT);
        let stopped = number.is_multiple_of(2) || number % 4 == 3;
        let point = stopped.then(|| 1 + chance.below(calm.points.saturating_sub(20)));
        let count = if number % 2 == 1 { 1 + chance.below(2) } else { 0 };
        let faults = (0..count).map(|_| fault(&mut chance, calm)).collect();
        Self { point, faults }
    }

    /// Are some changes of calls told to nobody, or late?
    pub fn is_deaf(&self) -> bool {
        let deaf = |fault: &Fault| matches!(fault, Fault::LoseCallUpdates { .. } | Fault::DelayCallUpdates { .. });
        self.faults.iter().any(|(_, fault)| deaf(fault))
    }

    /// Is the bot never told of some changes of a group's members?
    pub fn is_unheard(&self) -> bool {
        self.faults.iter().any(|(_, fault)| matches!(fault, Fault::LoseUpdates { .. }))
    }
}

fn fault(chance: &mut Chance, calm: &Calm) -> (usize, Fault) {
    // Steps: the lessons are put in, then each act.
    let first = calm.plan.lessons.len();
    let acts = |is: fn(&Act) -> bool| -> Vec<usize> {
        let all = calm.plan.acts.iter().enumerate().filter(|(_, (_, act))| is(act));
        all.map(|(place, _)| first + place).collect()
    };
    let any = |chance: &mut Chance| chance.below(first + calm.plan.acts.len());
    match chance.below(8) {
        0..=3 => request(chance, calm),
        4 => (any(chance), of_update(chance)),
        5 | 6 => {
            // A lost change is found where an account compares the members.
            let moves = acts(|act| matches!(act, Act::Leave(_) | Act::Ban(_)));
            if calm.plan.caller && !moves.is_empty() {
                (chance.one(&moves), Fault::LoseUpdates { kind: Some("chat_member".to_owned()), times: 1 })
            } else {
                (any(chance), of_update(chance))
            }
        }
        _ => {
            let moves = acts(|act| matches!(act, Act::Enter(_) | Act::HangUp(_)));
            if moves.is_empty() {
                return request(chance, calm);
            }
            let fault = if chance.once_in(2) {
                Fault::LoseCallUpdates { times: 2 }
            } else {
                Fault::DelayCallUpdates { millis: LATE, times: 2 }
            };
            (chance.one(&moves), fault)
        }
    }
}

/// One of the bot's updates comes twice, late, behind the next, or again and again.
fn of_update(chance: &mut Chance) -> Fault {
    match chance.below(5) {
        0 | 1 => Fault::DuplicateUpdate { times: 1 },
        2 => Fault::DelayUpdates { kind: None, millis: LATE, times: 1 },
        3 => Fault::ReorderUpdates { kind: None, within_chat: chance.once_in(2), times: 1 },
        _ => Fault::DeafPolls { times: 2 },
    }
}

/// A request goes wrong that the undisturbed day made, and its next one.
fn request(chance: &mut Chance, calm: &Calm) -> (usize, Fault) {
    let begin = calm.steps.first().copied().unwrap_or(0);
    let all = calm.asked.iter().enumerate().skip(begin).filter(|(_, call)| is_aimed_at(&call.method));
    let (of_accounts, of_bot): (Vec<_>, Vec<_>) = all.partition(|(_, call)| call.method.contains('.'));
    let from = if of_accounts.is_empty() || chance.once_in(2) { of_bot } else { of_accounts };
    // A day that asks for nothing is disturbed by an update.
    let Some((place, one)) = from.get(chance.below(from.len())) else { return (0, of_update(chance)) };
    let step = calm.steps.partition_point(|begins| begins <= place).saturating_sub(1);
    let (by_account, name) = (one.method.contains('.'), one.method.clone());
    let (method, times) = (Some(name.clone()), 1);
    let fault = match chance.below(10) {
        0 | 1 if by_account => Fault::FloodWait { method: name, seconds: 1, times },
        0 | 1 => Fault::TooManyRequests { method, retry_after: 1, times },
        2 | 3 => Fault::LostAnswer { method, times },
        4..=6 => Fault::Reset { method, times },
        7 => Fault::LateAnswer { method, millis: LATE, times },
        8 => Fault::Delay { method, millis: LATE, times },
        _ => Fault::ServerError { method, times },
    };
    (step, fault)
}

#[test]
fn every_kind_of_trouble_is_drawn_and_each_second_day_is_only_stopped() {
    let request = |(number, method): (u64, &str)| Call {
        number,
        at: preau::kernel::At(0),
        method: method.to_owned(),
        params: serde_json::Value::Null,
        chat_id: None,
        outcome: "ok".to_owned(),
        planned: false,
    };
    let methods = ["getMe", "sendMessage", "answerCallbackQuery", "phone.getGroupCall", "phone.createGroupCall"];
    let asked: Vec<Call> = (1..).zip(methods).map(request).collect();
    let mut plan = Plan::of(3, SIZE);
    plan.caller = true;
    plan.acts = vec![(500, Act::Leave("Noé")), (600, Act::Enter("Léa")), (700, Act::Room(0))];
    let calm = Calm { plan: &plan, points: 500, steps: &[0, 1, 2, 4], asked: &asked };
    let mut drawn = std::collections::BTreeSet::new();
    for seed in 0..800 {
        let stopped = Troubles::of(seed, 2 * seed, &calm);
        assert!(stopped.faults.is_empty() && stopped.point.is_some_and(|point| (1..=480).contains(&point)));
        let troubled = Troubles::of(seed, 2 * seed + 1, &calm);
        assert!((1..=2).contains(&troubled.faults.len()));
        assert_eq!(troubled.point.is_some(), seed % 2 == 1);
        assert_eq!(
            format!("{troubled:?}"),
            format!("{:?}", Troubles::of(seed, 2 * seed + 1, &calm)),
            "the same for ever"
        );
        for (step, fault) in &troubled.faults {
            let said = format!("{fault:?}");
            assert!(!said.contains("getMe"), "nobody starts then");
            // What is asked in a step goes wrong in that step.
            assert!(!said.contains("createGroupCall") || *step == 3, "{step}: {said}");
            drawn.insert(said.split([' ', '{']).next().unwrap_or_default().to_owned());
        }
    }
    let all = [
        "DeafPolls",
        "Delay",
        "DelayCallUpdates",
        "DelayUpdates",
        "DuplicateUpdate",
        "FloodWait",
        "LateAnswer",
        "LoseCallUpdates",
        "LoseUpdates",
        "LostAnswer",
        "ReorderUpdates",
        "Reset",
        "ServerError",
        "TooManyRequests",
    ];
    assert_eq!(drawn.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn each_third_day_sleeps_once_more_and_sheets_are_seen_to() {
    let mut sheets = 0;
    for number in 0..40 {
        let (seed, more) = (90_000 + number, usize::from(number % 3 == 2));
        let (plan, was) = (plan(seed, number), Plan::of(seed, SIZE));
        let keys = plan.acts.iter().filter(|(_, act)| matches!(act, Act::Key { .. })).count();
        assert_eq!(plan.acts.len(), was.acts.len() + more + keys, "{number}");
        assert!(keys == 0 || keys >= 5 && number % 4 != 3, "{number}: {keys} keys");
        sheets += usize::from(keys > 0);
        assert!(plan.acts.is_sorted_by_key(|(at, _)| *at));
    }
    assert!(sheets > 20, "{sheets} of 40");
}
