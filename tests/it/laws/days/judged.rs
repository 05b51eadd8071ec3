//! Each law is broken once, and says so.

use preau::kernel::At;

use super::judge;
use super::school::at;
use super::seen::{Kept, Paper, Planned, Seen, Stayed};
use super::telegram::{Asked, Call};

const REMINDER: &str = "session.remind:s1:5";

fn row(kind: &str, key: &str, state: &str, policy: &str) -> Kept {
    let text = str::to_owned;
    Kept { id: format!("id of {key}"), kind: text(kind), key: text(key), state: text(state), policy: text(policy) }
}

fn asked(row: &str, method: &'static str, words: &str) -> Asked {
    let (row, words) = (Some(row.to_owned()), words.to_owned());
    Asked { at: At(0), row, method, chat: -1, words, effect: true, done: true, lost: false }
}

/// A day on which all is well: one lesson, told once.
fn fine() -> Seen {
    let planned = Planned {
        id: "s1".to_owned(),
        subject: "Réseaux".to_owned(),
        start: at(600),
        cancelled: false,
        undisturbed: true,
        remote: false,
    };
    Seen {
        rows: vec![
            row("session.remind", REMINDER, "completed", "at_most_once"),
            row("telegram.answer", "telegram.answer:1", "completed", "at_least_once"),
        ],
        journal: vec![asked(REMINDER, "send", "Rappel : Réseaux"), asked("telegram.answer:1", "send", "pong")],
        planned: vec![planned],
        ..Seen::default()
    }
}

/// The day spoilt so breaks this law, and says why.
fn breaks(law: fn(&Seen) -> Vec<String>, spoil: impl FnOnce(&mut Seen), why: &str) {
    let mut seen = fine();
    assert_eq!(law(&seen), Vec::<String>::new());
    spoil(&mut seen);
    let broken = law(&seen);
    assert!(broken.iter().any(|broken| broken.contains(why)), "« {why} » is not among {broken:?}");
    assert!(judge::alone(&seen).iter().any(|broken| broken.contains(why)), "it is judged");
}

#[test]
fn a_message_that_may_go_once_goes_once_and_an_answer_again_for_each_one_that_was_lost() {
    let twice = |key: &'static str| {
        move |seen: &mut Seen| {
            let again = seen.journal.iter().find(|asked| asked.row.as_deref() == Some(key)).cloned();
            seen.journal.extend(again);
        }
    };
    breaks(judge::beyond_policy, twice(REMINDER), "left 2 times");
    breaks(judge::beyond_policy, twice("telegram.answer:1"), "left 2 times");
    let mut lost = fine();
    lost.journal[1].lost = true;
    twice("telegram.answer:1")(&mut lost);
    assert_eq!(judge::beyond_policy(&lost), Vec::<String>::new());
    let mut cut = fine();
    cut.cut.push("telegram.answer:1".to_owned());
    twice("telegram.answer:1")(&mut cut);
    assert_eq!(judge::beyond_policy(&cut), Vec::<String>::new(), "it was under way when all stopped");
    twice("telegram.answer:1")(&mut cut);
    assert_eq!(judge::beyond_policy(&cut).len(), 1);
    twice(REMINDER)(&mut lost);
    assert_eq!(judge::beyond_policy(&lost).len(), 1, "a lost answer is no leave to say something else twice");
}

#[test]
fn what_ended_badly_is_told_and_was_under_way() {
    let spoil = |seen: &mut Seen| seen.rows[0].state = "discarded".to_owned();
    breaks(judge::unreported, spoil, "nobody was told");
    let spoil = |seen: &mut Seen| {
        seen.rows[0].state = "unknown".to_owned();
        seen.told.push(seen.rows[0].id.clone());
    };
    breaks(judge::unreported, spoil, "was not under way");
    let mut stopped = fine();
    spoil(&mut stopped);
    stopped.in_flight.push(REMINDER.to_owned());
    assert!(judge::unreported(&stopped)[0].contains("1 in doubt, 0 said"), "it is said in words");
    stopped.journal.push(asked("state.tell:1:2:3", "send", "Peut-être non envoyé : un rappel"));
    assert_eq!(judge::unreported(&stopped), Vec::<String>::new());
    let by_doors = Seen {
        journal: Vec::new(),
        shown: [("Claire: Peut-être non envoyé : un rappel []".to_owned(), 1)].into(),
        ..stopped.clone()
    };
    assert_eq!(judge::unreported(&by_doors), Vec::<String>::new(), "read where it stands");
    stopped.journal.pop();
    let more = "Non parti à temps : un rappel\nEt 1 autre. /etat les montre.";
    stopped.journal.push(asked("state.tell:1:2:3", "send", more));
    assert_eq!(judge::unreported(&stopped), Vec::<String>::new(), "there is no room for more sentences");
}

#[test]
fn what_is_done_left_and_each_lesson_is_told_once() {
    breaks(judge::never_left, |seen| seen.journal.clear(), "never left");
    let unfelt = |seen: &mut Seen| (seen.journal[0].effect, seen.journal[0].done) = (false, false);
    breaks(judge::unreminded, unfelt, "was told 0 times");
    let mut forgotten = fine();
    "forgotten".clone_into(&mut forgotten.rows[0].state);
    forgotten.journal.clear();
    assert_eq!([judge::never_left(&forgotten), judge::unreminded(&forgotten)].concat(), Vec::<String>::new());
    let twice = |seen: &mut Seen| seen.journal.push(asked("session.remind:s1:6", "send", "Rappel : Réseaux"));
    breaks(judge::unreminded, twice, "was told 2 times");
}

#[test]
fn a_call_is_begun_once_and_ended() {
    let call = |id: i64, ended: Option<At>| Call {
        id,
        by: 1,
        token: 5,
        title: "Réseaux".to_owned(),
        opened: at(600),
        ended,
        stays: Vec::new(),
    };
    breaks(judge::called_twice, |seen| seen.calls.push(call(1, None)), "stands open");
    let both = vec![call(1, Some(at(610))), call(2, Some(at(620)))];
    breaks(judge::called_twice, |seen| seen.calls = both, "begun 2 times");
}

#[test]
fn the_group_is_what_the_program_knows_and_the_roster_allows() {
    let know = |who: &str, is: bool, known: bool| {
        let who = who.to_owned();
        move |seen: &mut Seen| {
            seen.members.insert(who.clone(), is);
            seen.known.insert(who, known);
        }
    };
    breaks(judge::roster_differs, know("Claire", true, false), "known: false");
    breaks(judge::roster_differs, know("Paul", true, true), "not of the class");
    breaks(judge::roster_differs, know("Omar", true, true), "nobody of the school");
    breaks(judge::roster_differs, |seen| _ = seen.asking.insert("Karim".to_owned()), "not answered");
}

#[test]
fn a_line_counts_each_minute_in_the_call_once() {
    let stayed = |line: i64| Stayed {
        subject: "Réseaux".to_owned(),
        who: "Inès".to_owned(),
        line: Some(line),
        // Before the lesson, twice at once with two devices, and again later.
        stays: vec![(at(590), at(605)), (at(600), at(604)), (at(608), at(612))],
        lesson: (at(600), at(620)),
        unseen: false,
    };
    for line in [7, 9, 11] {
        let seen = Seen { stayed: vec![stayed(line)], ..fine() };
        assert_eq!(judge::sheet_differs(&seen), Vec::<String>::new(), "{line}");
    }
    breaks(judge::sheet_differs, |seen| seen.stayed.push(stayed(13)), "13 min on the sheet, 9 in the call");
}

#[test]
fn a_file_says_what_its_sheet_says() {
    let paper = |sums: &[i64], word: &str| Paper {
        subject: "Réseaux".to_owned(),
        rows: vec![("Inès".to_owned(), word.to_owned(), None)],
        sums: sums.to_vec(),
        revision: "Version 1".to_owned(),
    };
    let sheet = paper(&[1, 1, 0, 0, 0, 0, 0], "présent");
    let fine = (sheet.clone(), sheet.clone());
    assert_eq!(judge::papers_differ(&Seen { papers: vec![fine], ..Seen::default() }), Vec::<String>::new());
    let other = (sheet.clone(), paper(&[1, 1, 0, 0, 0, 0, 0], "absent"));
    breaks(judge::papers_differ, |seen| seen.papers.push(other), "absent");
    let short = (sheet, paper(&[1, 0, 0, 0, 0, 0, 0], "présent"));
    breaks(judge::papers_differ, |seen| seen.papers.push(short), "of 1 lines");
}

#[test]
fn nothing_is_left_due_and_a_second_sweep_does_nothing() {
    breaks(judge::left_due, |seen| seen.waiting = 1, "1 rows left undone");
    breaks(judge::left_due, |seen| seen.unanswered = 1, "1 presses not answered");
    breaks(judge::second_sweep, |seen| seen.second.push(asked("group.tend:1", "ban", "Paul")), "second sweep");
}

#[test]
fn a_disturbed_day_is_the_undisturbed_one_but_for_answers_given_twice() {
    let mut calm = fine();
    calm.shown.insert("Paul: pong []".to_owned(), 1);
    let mut seen = calm.clone();
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new());
    seen.shown.insert("Paul: pong []".to_owned(), 2);
    assert_eq!(judge::differs(&seen, &calm).len(), 1, "twice for nothing");
    seen.kills = 1;
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new());
    let report = |words: &str| (format!("Claire: {words} [\"Oublier le 1\"]"), 1);
    let (one, two) = ("Non parti à temps : un rappel.", "Peut-être non envoyé : un fichier.");
    seen.shown.insert("Paul: pong []".to_owned(), 1);
    seen.shown.extend([report(&format!("1. {one}\n2. {two}"))]);
    calm.shown.extend([report(two), report(one)]);
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new(), "reported one by one, in another order");
    let state = |hour: &str| (format!("Claire: En ce moment :\n· Envois : le dernier, {hour}.\n· Classes : 1 []"), 1);
    seen.shown.extend([state("13:33")]);
    calm.shown.extend([state("13:35")]);
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new(), "a stop costs machine time");
    let again = format!("Claire: 1. {one}\n2. {two} [\"Oublier le 1\"]");
    seen.shown.insert(again.clone(), 2);
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new(), "two sentences are one message that went again");
    seen.shown.insert(again.clone(), 3);
    assert_eq!(judge::differs(&seen, &calm).len(), 1, "once more than a stop excuses");
    seen.shown.insert(again, 1);
    seen.shown.retain(|words, _| !words.contains("rappel"));
    assert_eq!(judge::differs(&seen, &calm).len(), 1, "reports are missing");
    calm.shown.retain(|words, _| words.contains("pong"));
    seen.shown.clear();
    assert!(judge::differs(&seen, &calm)[0].contains("pong"), "lost");
    let calls = |opened, over| [("call.opened".to_owned(), opened), ("call.over".to_owned(), over)];
    calm.audit.extend(calls(1, 1));
    seen = calm.clone();
    seen.audit.extend(calls(2, 2));
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new(), "one call went on, or there were two");
    seen.audit.extend(calls(2, 1));
    assert_eq!(judge::differs(&seen, &calm).len(), 1, "one was never over");
    seen = calm.clone();
    seen.audit.insert("call.failed".to_owned(), 1);
    assert_eq!(judge::differs(&seen, &calm).len(), 1, "nothing was in its way");
    seen.journal.push(Asked { done: false, ..asked("call.open:1", "start_call", "") });
    assert!(judge::differs(&seen, &calm)[0].contains("not told of"));
    seen.shown.insert("Mamadou: Pas d’appel vidéo pour Réseaux. []".to_owned(), 1);
    assert_eq!(judge::differs(&seen, &calm), Vec::<String>::new(), "another day");
    let spoil: [fn(&mut Seen); 4] = [
        |seen| _ = seen.called.insert("Réseaux 600".to_owned()),
        |seen| _ = seen.members.insert("Claire".to_owned(), true),
        |seen| _ = seen.audit.insert("person.enrolled".to_owned(), 1),
        |seen| _ = seen.sheets.insert("Réseaux Paul S. absent".to_owned(), 1),
    ];
    for spoil in spoil {
        let mut seen = calm.clone();
        spoil(&mut seen);
        assert_eq!(judge::all(&seen, &calm).len(), 1);
    }
}
