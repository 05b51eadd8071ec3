//! `/start`: who I am and what I can do for you; with a personal link, the link.

use super::super::flow;
use super::super::rules::is_token;
use super::linking;
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Audience, Command, Turn};
use crate::telegram::screen::{Key, Screen, WHY};
use crate::text;

/// What each role does most, by French name; the first two that exist get a button.
const fn first_tasks(rank: Audience) -> &'static [&'static str] {
    match rank {
        Audience::Anyone => &[],
        Audience::Student => &["aujourdhui", "semaine", "moi"],
        Audience::Teacher => &["presence", "aujourdhui", "semaine"],
        Audience::Supervisor => &["classes", "liens", "presence"],
        Audience::Manager => &["classes", "etat", "liens"],
        Audience::Admin => &["horaires", "etat", "liens"],
    }
}

pub async fn start(turn: &mut Turn<'_>) -> Result<Answer> {
    let payload = turn.args.trim().to_owned();
    if is_token(&payload) {
        return linking::open(turn, &payload).await;
    }
    if payload == linking::OTHER_WAY {
        return Ok(Answer::say(text!("roster-other-way")));
    }
    let school = turn.tx.config().school.name.clone();
    let words = match turn.who.rank {
        Audience::Anyone => text!("roster-start-anyone", school = school),
        Audience::Student => text!("roster-start-student", school = school),
        Audience::Teacher => text!("roster-start-teacher", school = school),
        Audience::Supervisor => text!("roster-start-supervisor", school = school),
        Audience::Manager => text!("roster-start-manager", school = school),
        Audience::Admin => text!("roster-start-admin", school = school),
    };
    let mut screen = Screen::new(words);
    let joins = match turn.who.person.clone() {
        Some(person) => linking::join_keys(flow::groups_for(turn.tx, &person, turn.who.account).await?),
        None => Vec::new(),
    };
    let tasks = first_tasks(turn.who.rank).iter().filter_map(|name| find(turn, name));
    let tasks = tasks.map(|command| Key::press(Text::of(command.line, vec![]), "welcome.run", command.fr));
    for key in joins.into_iter().chain(tasks).take(2) {
        screen = screen.row([key]);
    }
    let help = Key::press(text!("roster-start-help"), "welcome.run", "aide");
    let screen = if turn.who.rank == Audience::Anyone {
        let link = Key::press(text!("roster-start-link"), WHY, "TEL-04");
        let privacy = Key::press(text!("roster-start-privacy"), "welcome.run", "confidentialite");
        screen.row([link]).row([help]).row([privacy])
    } else {
        screen.row([help])
    };
    Ok(Answer::screen(screen))
}

fn find(turn: &Turn<'_>, name: &str) -> Option<&'static Command> {
    turn.commands.iter().copied().find(|command| {
        command.fr == name && command.audience <= turn.who.rank && command.place.allows(turn.is_private())
    })
}
