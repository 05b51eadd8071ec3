//! The real program is killed from outside, by SIGKILL, at random moments: of the story's day, while a workbook is read
//! and applied, while a class's group is made, while reminders go to many groups at once. It is started again, and what
//! the outside saw in the end is held against a run that nothing disturbed.
//!
//! A moment is a step of what is played and a delay from there, or from when so much happened at Telegram since; all of
//! them come from one seed, which is printed.

mod broadcast;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use preau::demo::day::{Act, Day};
use preau::demo::stage::Stage;
use preau::kernel::id::Ids;
use preau::kernel::{At, Clock, Result};
use preau::platform::store::Probe;
use preau::sandbox::Sandbox;

use self::broadcast::broadcast;
use super::kill::verdict;
use super::outcome::{self, Outcome};
use super::programs::Program;
use crate::place::{Engine, Place, tell};
use crate::store::Raw;

/// What is played while the program may be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scene {
    /// The story: the evening and the day.
    Day,
    /// The evening, killed while its workbook is read and applied.
    Import,
    /// The evening and the second class, whose group makes itself; killed from when the account signs in.
    Group,
    /// Reminders to many groups at the same minute.
    Broadcast,
}

/// Of ten kills, so many in each.
const SCENES: [Scene; 10] = [
    Scene::Day,
    Scene::Import,
    Scene::Day,
    Scene::Group,
    Scene::Broadcast,
    Scene::Day,
    Scene::Import,
    Scene::Group,
    Scene::Broadcast,
    Scene::Day,
];

/// When it is killed.
#[derive(Debug)]
struct Moment {
    scene: Scene,
    /// So many steps have begun.
    step: usize,
    /// So often something happened at Telegram since, where it does within a while.
    happened: u64,
    /// Microseconds after that.
    delay: u64,
    /// Milliseconds until it is started again.
    down: u64,
}

/// Longer than most steps take; the group is looked for within a second.
const LONGEST_STEP: Duration = Duration::from_millis(1_200);
/// The step at which the evening's workbook is sent; two presses follow.
const FILE_SENT: usize = 3;

impl Moment {
    /// `steps`: so many has each scene; `signing`: the step at which the account signs in.
    fn of(chance: &Ids, scene: Scene, steps: &BTreeMap<Scene, usize>, signing: usize) -> Self {
        let below = |most: usize| usize::try_from(chance.below(u64::try_from(most).unwrap_or(1))).unwrap_or(0);
        let (step, longest) = match scene {
            // A step takes 160 ms when nothing comes of it.
            Scene::Day => (1 + below(steps[&scene]), 220),
            Scene::Import => (FILE_SENT + below(3), 220),
            // The account is found within a second; then the group is made. Or while its people come in.
            Scene::Group if below(4) > 0 => (signing, 2_500),
            Scene::Group => (signing + 1 + below(steps[&scene] - signing), 220),
            Scene::Broadcast => (1, 450),
        };
        // Calls take two milliseconds: half of the kills come where something goes on.
        let busy = below(2) == 0;
        let happened = if busy { 1 + chance.below(if scene == Scene::Broadcast { 60 } else { 8 }) } else { 0 };
        let delay = chance.below(if busy { 8_000 } else { longest * 1_000 });
        Self { scene, step, happened, delay, down: chance.below(400) }
    }

    /// Waits for it, from when its step began.
    async fn comes(&self, sandbox: &Sandbox) {
        let (clock, mut changes) = (Clock::machine(), sandbox.changes());
        let happening = async {
            for _ in 0..self.happened {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = clock.within(LONGEST_STEP, happening).await;
        clock.rest(Duration::from_micros(self.delay)).await;
    }
}

/// The seed says which; `count` of them.
fn moments(seed: u64, count: usize, steps: &BTreeMap<Scene, usize>, signing: usize) -> Vec<Moment> {
    let chance = Ids::seeded(Clock::standing(At(0)), seed);
    SCENES.into_iter().cycle().take(count).map(|scene| Moment::of(&chance, scene, steps, signing)).collect()
}

async fn play(day: &mut Day, scene: Scene) -> Result<()> {
    match scene {
        Scene::Day => day.play().await,
        Scene::Import => day.evening().await,
        Scene::Group => {
            day.evening().await?;
            day.second().await
        }
        Scene::Broadcast => Ok(()),
    }
}

/// How a scene goes when nothing disturbs it: what it comes to, and how many steps it has.
async fn calm(engine: Engine, scene: Scene) -> (Outcome, usize) {
    let mut place = Place::ready(engine).await;
    let mut day = outcome::day(outcome::stage(&place, Probe::default()).await);
    let steps = day.steps();
    play(&mut day, scene).await.expect("played");
    assert!(day.wrong.is_empty(), "{:#?}", day.wrong);
    let outcome = outcome::outcome(&day).await.expect("the outcome");
    let all = steps.borrow().number;
    outcome::strike(day.stage).await;
    place.remove().await;
    (outcome, all)
}

/// What is known of a kill when it came.
struct Struck {
    again: Program,
    act: Option<Act>,
    /// Keys of the rows whose call was under way.
    in_flight: Vec<String>,
    /// What Telegram had been asked last.
    last: String,
}

/// What became of a kill.
#[derive(Debug, Default)]
struct Ended {
    broken: Vec<String>,
    /// Somebody's act was being answered when it came; how many calls were under way.
    acted: usize,
    calls: usize,
}

impl Ended {
    fn of(mut broken: Vec<String>, struck: &Struck, wrong: Vec<String>) -> Self {
        broken.extend(wrong);
        if !broken.is_empty() {
            broken.push(format!("killed after {}, with {:?} under way", struck.last, struck.in_flight));
        }
        Self { broken, acted: usize::from(struck.act.is_some()), calls: struck.in_flight.len() }
    }
}

/// Telegram refused the account, or did not answer.
const NOT_SIGNED_IN: &str = "(CAL-04)";

const IN_FLIGHT: &str = "SELECT key FROM outbox WHERE state = 'executing' AND called_at IS NOT NULL";

/// What is needed to start the program again.
struct House<'h> {
    sandbox: &'h Sandbox,
    place: &'h Place,
    settings: &'h [(&'h str, &'h str)],
}

/// SIGKILL, what was under way then, and another start.
async fn strike(program: Program, house: &House<'_>, moment: &Moment, acting: impl Fn() -> Option<Act>) -> Struck {
    let clock = Clock::machine();
    moment.comes(house.sandbox).await;
    let before = acting();
    program.running.kill().await;
    let act = before.or_else(acting);
    let journal = house.sandbox.journal();
    let last = journal.iter().rev().find(|call| call.method != "getUpdates").map(|call| call.method.clone());
    // A server learns a moment later that a client is gone, and may be committing for it.
    clock.rest(Duration::from_millis(20 + moment.down)).await;
    let in_flight = Raw::open(house.place).await.texts(IN_FLIGHT).await;
    let again = Program::on(house.sandbox, house.place, house.settings);
    Struck { again, act, in_flight, last: last.unwrap_or_default() }
}

/// It runs to the end, and says nothing of a fault of its own.
async fn end(program: &Program, place: &Place) -> Vec<String> {
    program.until("serves").await;
    let log = program.log(place);
    log.lines().filter(|line| line.contains("panicked")).map(str::to_owned).collect()
}

/// The scene with one kill.
async fn killed(engine: Engine, moment: &Moment, calm: &Outcome) -> Ended {
    let mut place = Place::ready(engine).await;
    let stage = Stage::watch(outcome::set(&place, Probe::default())).await.expect("the stage");
    let (seed, key) = (place.path("caller.seed"), place.path("secrets.key"));
    let (seed, key) = (seed.display().to_string(), key.display().to_string());
    let settings = [("PREAU__TELEGRAM__CALLER__SEEDS", seed.as_str()), ("PREAU__SECRETS__KEY_FILE", key.as_str())];
    let sandbox = stage.sandbox.clone();
    let house = House { sandbox: &sandbox, place: &place, settings: &settings };
    let program = Program::on(&sandbox, &place, &settings);
    program.until("serves").await;
    let mut day = outcome::day(stage);
    let mut steps = day.steps();
    let striking = async {
        steps.wait_for(|step| step.number >= moment.step).await.expect("it is played");
        strike(program, &house, moment, || steps.borrow().act).await
    };
    let (played, struck) = futures::join!(Box::pin(play(&mut day, moment.scene)), striking);
    let mut broken = Vec::new();
    if let Err(error) = played {
        broken.push(format!("it did not end: {error}"));
    }
    if let Err(error) = day.stage.drain().await {
        broken.push(format!("it does not come to rest: {error}"));
    }
    day.struck = Some(struck.act);
    broken.extend(verdict(engine, &day, calm, &struck.in_flight).await);
    broken.extend(day.stage.sandbox.violations());
    let wrong = end(&struck.again, &place).await;
    let ended = Ended::of(broken, &struck, wrong);
    day.stage.strike().await;
    place.remove().await;
    ended
}

/// One kill in so many, at least, strikes a program that has something under way.
const LEAST_STRUCK: usize = 5;

/// So many kills from this seed on this engine, so many beside each other: they mostly wait.
async fn kills(engine: Engine, seed: u64, count: usize, beside: usize) -> Vec<String> {
    let mut calm_days = BTreeMap::new();
    for scene in [Scene::Day, Scene::Import, Scene::Group] {
        calm_days.insert(scene, calm(engine, scene).await);
    }
    let steps: BTreeMap<Scene, usize> = calm_days.iter().map(|(scene, (_, steps))| (*scene, *steps)).collect();
    // The second class's file is sent, and applied; then the account signs in.
    let signing = steps[&Scene::Import] + 3;
    tell(&format!("{engine:?}: {count} kills, seed {seed}, steps {steps:?}"));
    let (all, calm_days) = (moments(seed, count, &steps, signing), &calm_days);
    let each = all.iter().enumerate().map(|(number, moment)| async move {
        let once = async || match moment.scene {
            Scene::Broadcast => broadcast(engine, moment).await,
            scene => killed(engine, moment, &calm_days[&scene].0).await,
        };
        let mut ended = once().await;
        // The account signs in beside the program; on a machine that has much to do that may not be answered in time, and
        // is typed again.
        if ended.broken.first().is_some_and(|why| why.contains(NOT_SIGNED_IN)) {
            ended = once().await;
        }
        if !ended.broken.is_empty() {
            tell(&format!("{engine:?}, seed {seed}, {number}: {moment:?}: {:#?}", ended.broken));
        }
        (moment, ended)
    });
    let ended: Vec<(&Moment, Ended)> = stream::iter(each).buffer_unordered(beside).collect().await;
    tally(&ended);
    let struck = ended.iter().filter(|(_, ended)| ended.acted + ended.calls > 0).count();
    let idle = (struck * LEAST_STRUCK < count).then(|| {
        format!("{engine:?}, seed {seed}: {struck} of {count} kills struck something, the others an idle program")
    });
    let broken = ended.into_iter().filter(|(_, ended)| !ended.broken.is_empty());
    let broken = broken.map(|(moment, ended)| format!("{engine:?}, seed {seed}: {moment:?}: {:#?}", ended.broken));
    broken.chain(idle).collect()
}

/// Says how many kills struck something.
fn tally(ended: &[(&Moment, Ended)]) {
    for scene in [Scene::Day, Scene::Import, Scene::Group, Scene::Broadcast] {
        let of: Vec<&Ended> =
            ended.iter().filter(|(moment, _)| moment.scene == scene).map(|(_, ended)| ended).collect();
        let acted: usize = of.iter().map(|ended| ended.acted).sum();
        let calling = of.iter().filter(|ended| ended.calls > 0).count();
        let calls: usize = of.iter().map(|ended| ended.calls).sum();
        let broken = of.iter().filter(|ended| !ended.broken.is_empty()).count();
        tell(&format!(
            "{scene:?}: {} kills, {acted} while an act was answered, {calling} with calls under way ({calls} in all), \
            {broken} broke something",
            of.len()
        ));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_program_is_killed_at_random_moments() {
    for engine in Engine::all() {
        let broken = kills(engine, 7, 10, 10).await;
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }
}

/// A campaign: `KILLED=COUNT` or `KILLED=COUNT/SEED`, 200 of a new seed where nothing is said.
/// `cargo test -- --ignored --nocapture killed_from_outside`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a long campaign"]
#[expect(clippy::disallowed_methods, reason = "a campaign is told by the environment how long it is")]
async fn killed_from_outside() {
    let asked = std::env::var("KILLED").unwrap_or_else(|_| "200".to_owned());
    let (count, seed) = asked.split_once('/').map_or((asked.as_str(), None), |(count, seed)| (count, Some(seed)));
    let count: usize = count.parse().expect("KILLED=COUNT/SEED");
    let fresh = || u64::try_from(Clock::machine().wall().millis()).unwrap_or(0);
    let seed = seed.map_or_else(fresh, |seed| seed.parse().expect("KILLED=COUNT/SEED"));
    let mut broken = Vec::new();
    for engine in Engine::all() {
        broken.extend(kills(engine, seed, count, 12).await);
    }
    tell(&format!("{count} kills on each of {:?}: {} broke something", Engine::all(), broken.len()));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
