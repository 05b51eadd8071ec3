//! Each law is broken once, and says so.

use preau::kernel::At;

use super::judge;
use super::school::at;
use super::seen::{Kept, Paper, Planned, Pressed, Seen, Stayed};
use super::telegram::{Asked, Call};
use super::{begun, recount};

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
        end: at(660),
        cancelled: false,
        undisturbed: true,
        remote: false,
        slept: false,
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
fn a_call_that_is_begun_twice_is_found_whatever_its_number() {
    let begins = |words: &str| asked("call.open:s1:5", "start_call", words);
    let mut calm = fine();
    calm.planned[0].remote = true;
    calm.journal.push(begins("Réseaux · 24/11"));
    let mut seen = calm.clone();
    assert_eq!(begun::otherwise(&seen, &calm), Vec::<String>::new());
    seen.journal.push(Asked { effect: false, ..begins("Réseaux · 24/11") });
    assert_eq!(begun::otherwise(&seen, &calm), Vec::<String>::new(), "asked for again, it is the same one");
    seen.journal.push(begins("Réseaux · 24/11"));
    assert!(judge::all(&seen, &calm).iter().any(|why| why.contains("was begun 2 times, and 1 times")), "it is judged");
    // A day that is another one has no more calls for that.
    seen.audit.insert("outbox.retried".to_owned(), 1);
    assert_eq!(begun::otherwise(&seen, &calm).len(), 1);
    let mut none = calm.clone();
    none.journal.retain(|asked| asked.method != "start_call");
    assert!(begun::otherwise(&none, &calm)[0].contains("was begun 0 times"));
    none.audit.insert("call.failed".to_owned(), 1);
    assert_eq!(begun::otherwise(&none, &calm), Vec::<String>::new(), "of one that was not to be had people are told");
    // The next lesson goes on in this one's call, or has its own.
    let next = Planned {
        id: "s2".to_owned(),
        subject: "Droit".to_owned(),
        start: at(670),
        end: at(690),
        ..calm.planned[0].clone()
    };
    calm.planned.push(next);
    let mut own = calm.clone();
    own.journal.push(begins("Droit · 24/11"));
    assert_eq!([begun::otherwise(&own, &calm), begun::otherwise(&calm, &own)].concat(), Vec::<String>::new());
    own.journal.push(begins("Droit · 24/11"));
    assert_eq!(begun::otherwise(&own, &calm).len(), 1, "and never two");
    own.planned[1].start = at(680);
    assert_eq!(begun::otherwise(&own, &calm).len(), 1, "they do not touch");
}

#[test]
fn three_nights_later_the_group_is_the_roster() {
    let night = |spoil: fn(&mut Seen)| {
        move |seen: &mut Seen| {
            let mut night = Seen::default();
            spoil(&mut night);
            seen.night = Some(Box::new(night));
        }
    };
    let stranger = night(|night| _ = night.members.insert("Omar".to_owned(), true));
    breaks(judge::after_nights, stranger, "nobody of the school");
    breaks(judge::after_nights, night(|night| night.waiting = 1), "1 rows left undone");
    // What the bot is never told of it finds at night, and not before.
    let mut unheard = Seen { unheard: true, ..fine() };
    unheard.members.insert("Léa".to_owned(), false);
    unheard.known.insert("Léa".to_owned(), true);
    assert_eq!(judge::roster_differs(&unheard).len(), 1, "nobody looked at night");
    unheard.night = Some(Box::new(Seen { members: unheard.members.clone(), known: unheard.members.clone(), ..fine() }));
    assert_eq!(judge::alone(&unheard), Vec::<String>::new());
    unheard.night = Some(Box::new(Seen { members: unheard.members.clone(), known: unheard.known.clone(), ..fine() }));
    assert_eq!(judge::alone(&unheard).len(), 1, "not found");
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

const ROLL: &str =
    "BTS SIO 1A : Réseaux, mar. 24 nov., 10:00–11:00 (Paris), M. Diallo, salle B204\n4 inscrits. Qui est là ?";

/// The teacher presses a key of their own chat's one message.
fn presses(minute: i64, text: &str, key: &str) -> Pressed {
    let text = text.to_owned();
    Pressed {
        at: at(minute),
        who: "Mamadou".to_owned(),
        chat: 7,
        message: 1,
        text,
        key: key.to_owned(),
        ..Pressed::default()
    }
}

/// A lesson of four, of whom one announced an absence, and a sheet with these lines.
fn lesson(pressed: Vec<Pressed>, words: [&str; 4], sums: [i64; 7]) -> Seen {
    let rows = ["Inès", "Léa", "Noé", "Paul"].iter().zip(words);
    let rows = rows.map(|(first, word)| ((*first).to_owned(), word.to_owned(), None)).collect();
    let (subject, revision) = ("Réseaux".to_owned(), "Version 1".to_owned());
    let paper = Paper { subject, rows, sums: sums.to_vec(), revision };
    let absence = Pressed {
        who: "Noé".to_owned(),
        chat: -1,
        ..presses(590, "Rappel : Réseaux, 10:00–11:00 (Paris)", "Je serai absent")
    };
    Seen {
        pressed: [vec![absence], pressed].concat(),
        enrolments: vec![(at(500), "Karim".to_owned(), false), (at(600), "Paul".to_owned(), false)],
        papers: vec![(paper.clone(), paper)],
        ..fine()
    }
}

#[test]
fn a_sheet_says_what_was_pressed_and_not_what_was_announced() {
    let picked =
        |picked: &str| vec!["Noé B.".to_owned(), format!("Absent : {picked}"), "Enregistrer, 1 absent".to_owned()];
    let save = |minute, name: &str| Pressed {
        keys: picked(name),
        ..presses(minute, "1 absent choisi, 3 à noter « présent ».", "Enregistrer, 1 absent")
    };
    let all = |minute| presses(minute, ROLL, "Tous présents");
    let (open, valid) = (presses(661, ROLL, "Valider"), presses(662, "4 personnes à pointer", "Valider ainsi"));
    let fine = [
        // Nobody is absent whom nobody marked, and who announced it is not either.
        (vec![open.clone(), valid.clone()], ["non pointé"; 4], [4, 0, 0, 0, 0, 0, 4]),
        (vec![all(610), open.clone()], ["présent"; 4], [4, 4, 0, 0, 0, 0, 0]),
        (
            vec![presses(610, ROLL, "Tous présents sauf…"), save(611, "Inès M."), open.clone()],
            ["absent", "présent", "présent", "présent"],
            [4, 3, 0, 0, 1, 0, 0],
        ),
        // One line is changed at once while the lesson runs, and with a reason once it was said.
        (
            vec![
                all(610),
                presses(611, "Léa P. : présent.", "Retard 5 min"),
                presses(661, ROLL, "Corriger"),
                Pressed {
                    then: "Paul S. : présent → absent. Motif ?".to_owned(),
                    ..presses(662, "Paul S. : présent.", "Absent")
                },
                presses(663, "Paul S. : présent → absent. Motif ?", "Erreur de ma part"),
                open.clone(),
            ],
            ["présent", "retard 5 min", "présent", "absent"],
            [4, 3, 1, 0, 1, 0, 0],
        ),
        // Taken back, it is as it was; a press that was not taken is none.
        (
            vec![
                all(661),
                presses(662, ROLL, "Annuler (10 min)"),
                Pressed { answer: "La feuille a changé entre-temps, la voici à jour.".to_owned(), ..all(663) },
                open.clone(),
                valid.clone(),
            ],
            ["non pointé"; 4],
            [4, 0, 0, 0, 0, 0, 4],
        ),
    ];
    for (pressed, words, sums) in fine {
        let seen = lesson(pressed.clone(), words, sums);
        assert_eq!((recount::wrong(&seen), recount::count(&seen)), (Vec::new(), 1), "{pressed:?}");
        let mut other = seen.clone();
        other.papers[0].1.sums[1] -= 1;
        assert_eq!(recount::wrong(&other).len(), 1, "other sums");
        for (spoilt, word) in words.iter().enumerate() {
            let mut other = seen.clone();
            other.papers[0].1.rows[spoilt].1 = if *word == "absent" { "présent" } else { "absent" }.to_owned();
            assert_eq!(recount::wrong(&other).len(), 1, "another line");
        }
    }
    let typed =
        lesson(vec![all(661), presses(662, "Léa P. : présent → absent. Motif ?", "Autre…")], ["présent"; 4], [0; 7]);
    assert_eq!(recount::count(&typed), 0, "what was typed is another tale");
    let absent = lesson(vec![all(610), open], ["présent", "présent", "absent", "présent"], [4, 3, 0, 0, 1, 0, 0]);
    assert!(judge::alone(&absent).iter().any(|why| why.contains("what was done")), "it is judged");
}

#[test]
fn a_remote_sheet_says_who_was_in_the_call_or_pressed_while_there_was_none() {
    let here = |minute| Pressed {
        who: "Inès".to_owned(),
        chat: -1,
        ..presses(minute, "Rappel : Réseaux, 10:00–11:00 (Paris)", "Je suis là")
    };
    let remote = |words: [&str; 4], sums: [i64; 7], minute| {
        let opens = Pressed { who: "Claire".to_owned(), ..presses(661, ROLL, "Valider ainsi") };
        let mut seen = lesson(vec![here(minute), opens], words, sums);
        seen.planned[0].remote = true;
        seen
    };
    let without = remote(["présent", "non pointé", "non pointé", "non pointé"], [4, 1, 0, 0, 0, 0, 3], 605);
    assert_eq!((recount::wrong(&without), recount::count(&without)), (Vec::new(), 1));
    let late = remote(["présent", "non pointé", "non pointé", "non pointé"], [4, 1, 0, 0, 0, 0, 3], 620);
    assert_eq!(recount::wrong(&late).len(), 1, "not within its minutes");
    // In a call that is seen, who pressed and did not come is absent.
    let mut called = remote(["absent", "présent", "non pointé", "présent"], [4, 2, 0, 1, 1, 0, 0], 594);
    called.accounts = [("Léa".to_owned(), 1), ("Noé".to_owned(), 2), ("Paul".to_owned(), 3)].into();
    let stays = vec![(1, at(596), None), (2, at(600), Some(at(640))), (3, at(601), Some(at(620))), (3, at(621), None)];
    let (opened, ended) = (at(595), Some(at(665)));
    called.calls = vec![Call { id: 1, by: 1, token: 5, title: "Réseaux · 24/11".to_owned(), opened, ended, stays }];
    assert_eq!((recount::wrong(&called), recount::count(&called)), (Vec::new(), 1));
    let mut near = called.clone();
    near.calls[0].stays[1].2 = Some(at(648));
    assert_eq!(recount::count(&near), 0, "a minute would make another line of it");
    called.calls[0].stays[1].2 = Some(at(655));
    assert_eq!(recount::wrong(&called).len(), 1, "was there for longer than the sheet says");
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
