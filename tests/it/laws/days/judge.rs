//! The laws of a day. Each gives the sentences that were broken.

use std::collections::BTreeMap;

use super::seen::{Bag, Kept, Seen, Stayed};
use super::{begun, recount};

/// Rows by which admins are told of others, and rows that are worth nothing later: nobody is told of them.
const UNTOLD: [&str; 3] = ["state.trouble", "state.tell", "telegram.press"];
/// Kinds that are done only once their message stands somewhere.
const LEAVES: [&str; 3] = ["session.remind", "attendance.ask", "attendance.file"];
/// How an admin is told of a message in doubt.
const DOUBT: &str = "Peut-être non envoyé : ";
/// What the call is looked at so seldom, and what is rounded, may cost a line (minutes).
const ABOUT: i64 = 2;

/// Everything that a disturbed day broke, held against the same day undisturbed.
pub fn all(seen: &Seen, calm: &Seen) -> Vec<String> {
    [alone(seen), begun::otherwise(seen, calm), differs(seen, calm)].concat()
}

/// What any day must hold by itself.
pub fn alone(seen: &Seen) -> Vec<String> {
    [
        beyond_policy(seen),
        unreported(seen),
        never_left(seen),
        unreminded(seen),
        called_twice(seen),
        roster_differs(seen),
        sheet_differs(seen),
        papers_differ(seen),
        recount::wrong(seen),
        left_due(seen),
        second_sweep(seen),
        after_nights(seen),
    ]
    .concat()
}

fn is_message(method: &str) -> bool {
    matches!(method, "send" | "file")
}

/// What ended badly, by kind and end; what an admin chose to forget is among it.
fn ended_badly(seen: &Seen) -> Bag {
    let mut bag = Bag::new();
    for row in &seen.rows {
        if matches!(row.state.as_str(), "unknown" | "discarded" | "forgotten") {
            *bag.entry(format!("{} {}", row.kind, row.state)).or_default() += 1;
        }
    }
    bag
}

fn troubled(seen: &Seen) -> Vec<&Kept> {
    seen.rows.iter().filter(|row| matches!(row.state.as_str(), "unknown" | "discarded")).collect()
}

/// No message goes beyond its policy: once, or once more for each answer that was lost, or that nobody was there for.
pub fn beyond_policy(seen: &Seen) -> Vec<String> {
    let retried = seen.audit.get("outbox.retried").copied().unwrap_or(0);
    let mut left: BTreeMap<(&str, i64, &str), i64> = BTreeMap::new();
    for asked in seen.journal.iter().filter(|asked| asked.effect && is_message(asked.method)) {
        let Some(row) = asked.row.as_deref() else { continue };
        *left.entry((row, asked.chat, asked.words.as_str())).or_default() += 1;
    }
    let rows: BTreeMap<&str, &Kept> = seen.rows.iter().map(|row| (row.key.as_str(), row)).collect();
    let mut broken = Vec::new();
    for ((key, chat, words), count) in left {
        let once = rows.get(key).is_none_or(|row| row.policy == "at_most_once");
        let lost = seen.journal.iter().filter(|asked| asked.lost && asked.row.as_deref() == Some(key)).count();
        let stopped = seen.cut.iter().filter(|row| *row == key).count();
        let more = if once { 0 } else { i64::try_from(lost + stopped).unwrap_or(0) };
        if count > 1 + more + retried {
            broken.push(format!("{key} left {count} times for {chat}: {words}"));
        }
    }
    broken
}

/// Each effect that ended dead or in doubt is told to admins, and only what was under way is in doubt.
pub fn unreported(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    for row in troubled(seen) {
        if !UNTOLD.contains(&row.kind.as_str()) && !seen.told.contains(&row.id) {
            broken.push(format!("{} is {} and nobody was told", row.key, row.state));
        }
        let lost = seen.journal.iter().any(|asked| asked.lost && asked.row.as_deref() == Some(row.key.as_str()));
        if row.state == "unknown" && !lost && !seen.in_flight.contains(&row.key) {
            broken.push(format!("{} is in doubt and was not under way", row.key));
        }
    }
    let troubled = troubled(seen);
    let (tells, others): (Vec<&Kept>, Vec<&Kept>) =
        troubled.into_iter().partition(|row| UNTOLD.contains(&row.kind.as_str()));
    let doubts = others.iter().filter(|row| row.state == "unknown").count();
    let is_tell = |row: &Option<String>| row.as_ref().is_some_and(|row| row.starts_with("state.tell:"));
    let told = seen.journal.iter().filter(|asked| asked.effect && is_tell(&asked.row));
    let said = |words: &str| words.matches(DOUBT).count() + more_reported(words);
    let said: usize = told.map(|asked| said(&asked.words)).sum();
    // Of a report that is itself in doubt nobody else is told.
    if said < doubts && tells.is_empty() {
        broken.push(format!("{doubts} in doubt, {said} said to admins"));
    }
    broken
}

/// What counts as done stands somewhere.
pub fn never_left(seen: &Seen) -> Vec<String> {
    let done = seen.rows.iter().filter(|row| row.state == "completed" && LEAVES.contains(&row.kind.as_str()));
    let left = |row: &&Kept| {
        seen.journal.iter().any(|asked| {
            asked.done
                && asked.row.as_deref() == Some(row.key.as_str())
                && (is_message(asked.method) || asked.method == "edit")
        })
    };
    done.filter(|row| !left(row)).map(|row| format!("{} is done and never left", row.key)).collect()
}

/// Each lesson that nothing disturbed is told once before it begins; or its reminder ended badly, which admins know.
pub fn unreminded(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    for planned in seen.planned.iter().filter(|planned| planned.undisturbed && !planned.cancelled) {
        let prefix = format!("session.remind:{}:", planned.id);
        let rows: Vec<&Kept> = seen.rows.iter().filter(|row| row.key.starts_with(&prefix)).collect();
        let bad = rows.iter().any(|row| matches!(row.state.as_str(), "unknown" | "discarded" | "forgotten"));
        let of = |asked: &&super::telegram::Asked| asked.row.as_ref().is_some_and(|row| row.starts_with(&prefix));
        let left = seen.journal.iter().filter(of).filter(|asked| asked.effect && is_message(asked.method)).count();
        if left != 1 && !(bad && left == 0) {
            let rows: Vec<_> = rows.iter().map(|row| (&row.key, &row.state)).collect();
            broken.push(format!("{} was told {left} times: {rows:?}", planned.subject));
        }
    }
    broken
}

/// A call is begun once, and none stands open at night.
pub fn called_twice(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    let mut tokens: BTreeMap<i32, usize> = BTreeMap::new();
    for call in &seen.calls {
        *tokens.entry(call.token).or_default() += 1;
        if call.ended.is_none() {
            broken.push(format!("« {} » stands open", call.title));
        }
    }
    let twice = tokens.into_iter().filter(|(_, count)| *count > 1);
    broken.extend(twice.map(|(token, count)| format!("call {token} was begun {count} times")));
    broken
}

/// The program knows who is in the group; whoever asked was answered; whoever is in it may be.
pub fn roster_differs(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    // What the bot was never told of is found at night.
    if seen.unheard && seen.night.is_some() {
        return broken;
    }
    for (who, is) in &seen.members {
        // Nothing is known of somebody who was never seen to move.
        if let Some(known) = seen.known.get(who)
            && known != is
        {
            broken.push(format!("{who} is in the group: {is}; known: {known}"));
        }
        if *is && super::plan::STUDENTS.contains(&who.as_str()) && !seen.enrolled.contains(who) {
            broken.push(format!("{who} is in the group, and not of the class"));
        }
        if *is && who == super::plan::STRANGER {
            broken.push(format!("{who} is in the group, and nobody of the school"));
        }
    }
    broken.extend(seen.asking.iter().map(|who| format!("{who} asks to join and is not answered")));
    broken
}

/// Minutes of these stays within these hours, each minute once.
fn merged(stayed: &Stayed) -> i64 {
    let (start, end) = stayed.lesson;
    let mut stays: Vec<_> = stayed.stays.iter().map(|(from, to)| ((*from).max(start), (*to).min(end))).collect();
    stays.retain(|(from, to)| from < to);
    stays.sort();
    let (mut millis, mut until) = (0, start);
    for (from, to) in stays {
        let from = from.max(until);
        millis += (to.millis() - from.millis()).max(0);
        until = until.max(to);
    }
    millis / 60_000
}

/// A line's minutes are those that its student was in the call.
pub fn sheet_differs(seen: &Seen) -> Vec<String> {
    let watched = seen.stayed.iter().filter(|stayed| !stayed.unseen);
    let wrong = watched.filter_map(|stayed| {
        let (line, was) = (stayed.line?, merged(stayed));
        ((line - was).abs() > ABOUT)
            .then(|| format!("{} {}: {line} min on the sheet, {was} in the call", stayed.subject, stayed.who))
    });
    wrong.collect()
}

/// The file of a validated sheet says what the sheet says, and its sums are those of its lines.
pub fn papers_differ(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    for (sheet, file) in &seen.papers {
        let all = i64::try_from(file.rows.len()).unwrap_or(0);
        if file.sums.first() != Some(&all) || file.sums.get(1..).map(|sums| sums.iter().sum::<i64>()) < Some(all) {
            broken.push(format!("{}: sums {:?} of {all} lines", file.subject, file.sums));
        }
        // An earlier file is an earlier sheet.
        if file.revision.starts_with(&sheet.revision) && (file.rows != sheet.rows || file.sums != sheet.sums) {
            broken.push(format!("file {file:?}\nsheet {sheet:?}"));
        }
    }
    broken
}

/// Nothing that was due is left.
pub fn left_due(seen: &Seen) -> Vec<String> {
    let mut broken = Vec::new();
    if seen.waiting != 0 {
        broken.push(format!("{} rows left undone", seen.waiting));
    }
    if seen.unanswered
        > seen.kills
            + seen.journal.iter().filter(|asked| asked.method == "answer" && (asked.lost || !asked.done)).count()
    {
        broken.push(format!("{} presses not answered", seen.unanswered));
    }
    broken
}

/// Nothing is done to a world that is agreed.
pub fn second_sweep(seen: &Seen) -> Vec<String> {
    seen.second.iter().map(|asked| format!("the second sweep did: {asked:?}")).collect()
}

/// Three nights later all is as it is to be.
pub fn after_nights(seen: &Seen) -> Vec<String> {
    let Some(night) = &seen.night else { return Vec::new() };
    let wrong = [roster_differs(night), called_twice(night), left_due(night)].concat();
    wrong.into_iter().map(|why| format!("three nights later: {why}")).collect()
}

/// What `left` has more of than `right`.
pub fn more(left: &Bag, right: &Bag) -> Bag {
    left.iter()
        .map(|(what, count)| (what.clone(), count - right.get(what).copied().unwrap_or(0)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// So many that a report has no room for.
fn more_reported(words: &str) -> usize {
    let more = words.lines().find_map(|line| line.strip_prefix("Et ")?.split_once(" autre")?.0.parse().ok());
    more.unwrap_or(0)
}

/// How many sentences a report to an admin has; none: it is something else.
fn reported(words: &str) -> usize {
    let line = |line: &&str| {
        [DOUBT, "Non parti à temps : ", "Je n’ai pas réussi : "].iter().any(|begins| line.contains(begins))
    };
    match words.lines().filter(line).count() {
        0 => 0,
        lines => lines + more_reported(words),
    }
}

/// How a roll begins that comes after its lesson began.
const BELATED: &str = "Cet appel arrive avec ";
/// Lines of /etat that tell machine time, of which a stop costs some.
const MACHINE_TIME: [&str; 2] = ["· Lecture : ", "· Envois : "];

/// But for machine time, for how often a call was looked at, for what the journal said (it is compared whole), and for which
/// reports stand in one message: that is by chance. Each of them is looked for by [`unreported`].
fn as_told(shown: &Bag) -> Bag {
    let mut told = Bag::new();
    for (what, count) in shown {
        let (reader, said) = what.split_once(": ").unwrap_or(("", what));
        let reported = i64::try_from(reported(what)).unwrap_or(0);
        if reported > 0 {
            *told.entry(format!("{reader}: what ended badly")).or_default() += reported;
            // A message whose answer was lost goes again, however many sentences it has.
            *told.entry(format!("{reader}: what ended badly, again")).or_default() += count - 1;
            continue;
        }
        // How late a roll comes is said as long as its message is not drawn anew: what else it says is compared.
        if said.starts_with(BELATED) {
            continue;
        }
        if said.starts_with("Journal · ") {
            *told.entry(format!("{reader}: the journal")).or_default() += count;
            continue;
        }
        let kept = what.lines().filter(|line| !MACHINE_TIME.iter().any(|begins| line.starts_with(begins)));
        let mut words = kept.collect::<Vec<_>>().join("\n");
        if let Some(from) = words.find("L’appel a été regardé") {
            let until = words[from..].find('.').map_or(words.len(), |length| from + length);
            words.replace_range(from..until, "L’appel a été regardé");
        }
        *told.entry(words).or_default() += count;
    }
    told
}

/// How many messages each has: what they say of minutes in a call hangs on when that was looked into.
fn by_reader(shown: &Bag) -> Bag {
    let mut all = Bag::new();
    for (what, count) in shown {
        *all.entry(what.split(": ").next().unwrap_or_default().to_owned()).or_default() += count;
    }
    all
}

/// But for calls that were opened and ended: when one ends at the moment at which the next lesson's is due, that lesson
/// goes on in it or has another. Each has one: that is compared by lesson.
fn as_noted(audit: &Bag) -> Bag {
    let mut noted = audit.clone();
    if let (Some(opened), Some(over)) = (audit.get("call.opened"), audit.get("call.over")) {
        noted.remove("call.opened");
        noted.insert("call.over".to_owned(), over - opened);
    }
    noted
}

/// Is it the same day, so that all of it can be compared?
pub fn is_comparable(seen: &Seen, calm: &Seen) -> bool {
    // With a message in doubt, what was to be pressed under it is another day; so it is where an admin had it done again,
    // or forgotten, out of several.
    let decided = |seen: &Seen| ["outbox.retried", "outbox.recalled"].map(|what| seen.audit.get(what).copied());
    !seen.unheard && ended_badly(seen) == ended_badly(calm) && decided(seen) == decided(calm)
}

/// Where nothing ended badly the day is the undisturbed one, but for answers that were given twice.
pub fn differs(seen: &Seen, calm: &Seen) -> Vec<String> {
    if !is_comparable(seen, calm) {
        return Vec::new();
    }
    // Where a call could not be had, since Telegram did not take the asking: those in charge know why.
    let failed = |seen: &Seen| seen.audit.get("call.failed").copied().unwrap_or(0);
    let untaken = seen.journal.iter().any(|asked| !asked.done && matches!(asked.method, "open_call" | "start_call"));
    if failed(seen) > failed(calm) && untaken {
        let told = seen.shown.keys().any(|what| what.starts_with("Mamadou: Pas d’appel vidéo pour"));
        return if told { Vec::new() } else { vec!["a call that was not to be had is not told of".to_owned()] };
    }
    let mut broken = Vec::new();
    let lost = seen.journal.iter().filter(|asked| asked.lost && asked.effect).count();
    let doubled = i64::try_from(lost + seen.kills).unwrap_or(0);
    let (mut was, mut is) = (as_told(&calm.shown), as_told(&seen.shown));
    if seen.deaf {
        (was, is) = (by_reader(&was), by_reader(&is));
    }
    let (missing, extra) = (more(&was, &is), more(&is, &was));
    if !missing.is_empty() || extra.values().sum::<i64>() > doubled {
        broken.push(format!("in the chats: −{missing:#?} +{extra:#?}"));
    }
    // A look that failed is a look later.
    let looked = seen.deaf || seen.journal.iter().any(|asked| asked.lost && asked.method == "look");
    let (was, is) = (as_noted(&calm.audit), as_noted(&seen.audit));
    for (what, was, is) in [("sheets", &calm.sheets, &seen.sheets), ("audit", &was, &is)] {
        let (missing, extra) = (more(was, is), more(is, was));
        if !(missing.is_empty() && extra.is_empty() || looked && what == "sheets") {
            broken.push(format!("{what}: −{missing:?} +{extra:?}"));
        }
    }
    if calm.called != seen.called {
        broken.push(format!("lessons with a call: {:?} / {:?}", calm.called, seen.called));
    }
    for (what, was, is) in [("members", &calm.members, &seen.members), ("known", &calm.known, &seen.known)] {
        if was != is {
            broken.push(format!("{what}: {was:?} / {is:?}"));
        }
    }
    broken
}
