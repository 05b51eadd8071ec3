//! A school day out of one number: who does what, when, and what goes wrong.

use std::collections::BTreeMap;

use super::port::Fault;

pub const ADMIN: &str = "Claire";
pub const SUPERVISOR: &str = "Éric";
pub const TEACHER: &str = "Mamadou";
/// The first three are in the group when the day begins.
pub const STUDENTS: [&str; 5] = ["Noé", "Inès", "Léa", "Paul", "Karim"];
pub const MEMBERS: usize = 3;
/// Nobody of the school.
pub const STRANGER: &str = "Omar";
const SUBJECTS: [&str; 6] = ["Réseaux", "Algorithmique", "Anglais", "Droit", "Physique", "Maths"];

/// A small generator (splitmix64): the same numbers for ever, whatever becomes of a library.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// Below this.
    pub fn below(&mut self, most: usize) -> usize {
        let most = u64::try_from(most.max(1)).unwrap_or(1);
        usize::try_from(self.draw() % most).unwrap_or(0)
    }
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(usize::try_from(to - from + 1).unwrap_or(1))).unwrap_or(0)
    }
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    pub subject: &'static str,
    /// Minutes of the day.
    pub start: i64,
    pub minutes: i64,
    pub remote: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Say {
        who: &'static str,
        group: bool,
        words: &'static str,
    },
    /// A key under the newest message that has some, by its number; pressed once more before anything is answered.
    Press {
        who: &'static str,
        group: bool,
        pick: usize,
        twice: bool,
    },
    /// A key by what stands on it. No day of the model has one: it is drawn for the real doors alone.
    Key {
        who: &'static str,
        group: bool,
        label: &'static str,
    },
    Ask(&'static str),
    Leave(&'static str),
    /// By the admin's hand, in Telegram.
    Ban(&'static str),
    Block(&'static str, bool),
    Enter(&'static str),
    HangUp(&'static str),
    Move(usize, i64),
    Room(usize),
    Cancel(usize),
    Plan(Lesson),
    Enrol(&'static str, bool),
    /// The program is stopped for so many minutes.
    Sleep(i64),
    /// The clock jumps over so many minutes while the program runs: the machine was asleep.
    Jump(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub caller: bool,
    pub lessons: Vec<Lesson>,
    /// By the minute of the day.
    pub acts: Vec<(i64, Act)>,
}

/// What disturbs a day that is otherwise the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disturbance {
    /// The program is stopped at this point.
    pub stop: Option<usize>,
    /// What goes wrong, by the number of the outside call.
    pub faults: BTreeMap<usize, Fault>,
}

const PRIVATE: [&str; 9] =
    ["/prochain", "/aujourdhui", "/moi", "/aide", "/ping", "/semaine", "/start", "bonjour", "/presence"];
const OF_STAFF: [&str; 5] = ["/presence", "/etat", "/classes", "/journal", "/liens"];

impl Plan {
    /// Names what this day is.
    pub fn print(&self) -> String {
        preau::kernel::secret::sha256_hex(format!("{self:?}"))[..12].to_owned()
    }

    /// The day of this number, with about so many acts.
    pub fn of(seed: u64, size: usize) -> Self {
        let mut chance = Chance::of(seed);
        let caller = chance.once_in(3);
        let count = 2 + chance.below(2);
        let lessons: Vec<Lesson> = (0..count).map(|number| lesson(&mut chance, number, caller)).collect();
        let mut plan = Self { seed, caller, lessons, acts: Vec::new() };
        for _ in 0..size {
            let (at, act) = plan.act(&mut chance);
            plan.acts.push((at, act));
        }
        for number in 0..plan.lessons.len() {
            plan.attend(&mut chance, number);
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        plan
    }

    fn act(&self, chance: &mut Chance) -> (i64, Act) {
        let at = chance.between(8 * 60, 17 * 60);
        let lesson = chance.below(self.lessons.len());
        let everybody = [&STUDENTS[..], &[TEACHER, SUPERVISOR, ADMIN, STRANGER]].concat();
        let staff = [TEACHER, SUPERVISOR, ADMIN];
        let act = match chance.below(24) {
            0..=2 => Act::Say { who: chance.one(&everybody), group: false, words: chance.one(&PRIVATE) },
            3 => Act::Say { who: chance.one(&staff), group: false, words: chance.one(&OF_STAFF) },
            4 => Act::Say {
                who: chance.one(&everybody),
                group: true,
                words: chance.one(&["/prochain", "/absence", "merci"]),
            },
            5..=9 => Act::Press {
                who: chance.one(&everybody),
                group: false,
                pick: chance.below(8),
                twice: chance.once_in(3),
            },
            10 | 11 => {
                Act::Press { who: chance.one(&STUDENTS), group: true, pick: chance.below(4), twice: chance.once_in(3) }
            }
            12 | 13 => Act::Ask(chance.one(&["Paul", "Karim", "Karim", STRANGER, "Léa"])),
            14 => Act::Leave(chance.one(&STUDENTS)),
            15 => Act::Ban(chance.one(&STUDENTS)),
            16 => Act::Block(chance.one(&["Noé", "Inès", TEACHER, "Paul"]), !chance.once_in(3)),
            17 | 18 => Act::Move(lesson, chance.one(&[-30, -15, 15, 30, 60, 90])),
            19 => Act::Room(lesson),
            20 => Act::Cancel(lesson),
            21 => Act::Plan(super::plan::lesson(chance, 4 + chance.clone().below(2), self.caller)),
            22 => Act::Enrol(chance.one(&STUDENTS), chance.once_in(2)),
            _ => match chance.one(&[10, 30, 90, 300]) {
                minutes @ (30 | 90) if self.seed % 2 == 1 => Act::Jump(minutes),
                minutes => Act::Sleep(minutes),
            },
        };
        (at, act)
    }

    /// Students come to a remote lesson and go; the teacher sees to the sheet.
    fn attend(&mut self, chance: &mut Chance, number: usize) {
        let lesson = self.lessons[number];
        let end = lesson.start + lesson.minutes;
        if lesson.remote {
            for who in STUDENTS.into_iter().take(4) {
                if chance.once_in(4) {
                    continue;
                }
                let from = chance.between(lesson.start - 4, lesson.start + 6);
                self.acts.push((from, Act::Enter(who)));
                if chance.once_in(2) {
                    self.acts.push((chance.between(from + 1, end), Act::HangUp(who)));
                }
            }
        }
        for _ in 0..chance.below(3) {
            let (at, pick) = (end + chance.between(1, 40), chance.below(4));
            self.acts.push((at, Act::Press { who: TEACHER, group: false, pick, twice: chance.once_in(4) }));
        }
    }

    /// The same day with these acts alone.
    pub fn with(&self, acts: Vec<(i64, Act)>) -> Self {
        Self { acts, ..self.clone() }
    }
}

fn lesson(chance: &mut Chance, number: usize, caller: bool) -> Lesson {
    let remote = caller && !chance.once_in(3);
    let minutes = if remote { chance.one(&[15, 20]) } else { chance.one(&[30, 60, 90]) };
    let start = 9 * 60 + 15 * chance.between(0, 28);
    Lesson { subject: SUBJECTS[number % SUBJECTS.len()], start, minutes, remote }
}

impl Disturbance {
    /// The disturbance of this number, for a day of so many points and so many outside calls.
    pub fn of(seed: u64, points: usize, calls: usize) -> Self {
        let mut chance = Chance::of(seed ^ 0x5EED);
        let kind = chance.below(4);
        let stop = (kind != 2).then(|| 1 + chance.below(points));
        let mut faults = BTreeMap::new();
        if kind >= 2 {
            for _ in 0..=chance.below(4) {
                let fault = chance.one(&[Fault::Unsent, Fault::Lost, Fault::Vanished, Fault::Wait]);
                faults.insert(1 + chance.below(calls), fault);
            }
        }
        Self { stop, faults }
    }
}

#[test]
fn a_seed_gives_the_same_day_for_ever_and_a_size_its_length() {
    let plan = Plan::of(7, 12);
    assert_eq!(plan, Plan::of(7, 12));
    assert_ne!(plan.acts, Plan::of(8, 12).acts);
    assert!(plan.acts.len() >= 12 && plan.acts.is_sorted_by_key(|(at, _)| *at));
    assert_eq!(Chance::of(0).draw(), 0xE220_A839_7B1D_CDAF, "splitmix64's first number");
    let all: Vec<Plan> = (0..200).map(|seed| Plan::of(seed, 12)).collect();
    let some = |fits: fn(&Act) -> bool| all.iter().flat_map(|plan| &plan.acts).filter(|(_, act)| fits(act)).count();
    for (what, count) in [
        ("enters", some(|act| matches!(act, Act::Enter(_)))),
        ("sleeps", some(|act| matches!(act, Act::Sleep(_)))),
        ("jumps", some(|act| matches!(act, Act::Jump(_)))),
        ("moves", some(|act| matches!(act, Act::Move(..)))),
        ("bans", some(|act| matches!(act, Act::Ban(_)))),
        ("doubles", some(|act| matches!(act, Act::Press { twice: true, .. }))),
    ] {
        assert!(count > 20, "{what}: {count}");
    }
}
