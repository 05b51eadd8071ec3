//! `/aide`, `/reglages`, `/confidentialite`, `/annuler`, `/ping`.

use super::rules::{self, Reader};
use crate::kernel::text::names::nearest;
use crate::kernel::{Lang, Result, Text};
use crate::school::roster::flow as roster;
use crate::telegram::command::{Answer, Audience, Command, Place, Reason, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Runs a command by its French name.
pub const RUN: &str = "welcome.run";
/// Chooses a language.
pub const LANG: &str = "welcome.lang";

const fn reader(rank: Audience) -> Reader {
    match rank {
        Audience::Anyone => Reader::Anyone,
        Audience::Student => Reader::Student,
        Audience::Teacher => Reader::Teacher,
        Audience::Supervisor => Reader::Supervisor,
        Audience::Manager => Reader::Manager,
        Audience::Admin => Reader::Admin,
    }
}

fn open_to(turn: &Turn<'_>, name: &str) -> Option<&'static Command> {
    let mut commands = turn.commands.iter().copied();
    commands.find(|command| (command.fr == name || command.en == name) && command.audience <= turn.who.rank)
}

fn line_of(command: &Command) -> Text {
    Text::of(command.line, vec![])
}

/// What is about who asks is not said in a group.
fn to_them_alone(turn: &Turn<'_>, answer: Answer) -> Answer {
    if turn.is_private() { answer } else { answer.privately() }
}

/// `/aide`: five tasks of the role; `/aide absence`: one command; `/aide PRE-01`: why something was refused.
#[expect(clippy::unused_async, reason = "the shape that commands want")]
pub async fn help(turn: &mut Turn<'_>) -> Result<Answer> {
    let typed = turn.args.trim().trim_matches(['(', ')']).to_uppercase();
    if Reason::is_code(&typed) {
        let words = turn.reason_of(&typed).unwrap_or_else(|| text!("welcome-help-no-code", code = typed));
        return Ok(to_them_alone(turn, Answer::say(words)));
    }
    let name = rules::named(&turn.args);
    if !name.is_empty() {
        return Ok(to_them_alone(turn, Answer::screen(explain(turn, &name))));
    }
    let lang = turn.who.lang;
    let tasks: Vec<&Command> = rules::tasks(reader(turn.who.rank))
        .iter()
        .filter_map(|name| open_to(turn, name))
        .take(rules::MOST_TASKS)
        .collect();
    let mut lines = vec![if turn.who.rank == Audience::Anyone {
        text!("welcome-help-anyone", school = turn.tx.config().school.name.clone())
    } else {
        text!("welcome-help")
    }];
    let mut screen = Screen::new(Text::verbatim(""));
    for command in tasks {
        let name = format!("/{}", command.name(lang));
        lines.push(text!("welcome-help-line", command = name, line = line_of(command)));
        screen = screen.row([Key::press(line_of(command), RUN, command.fr)]);
    }
    lines.push(text!("welcome-help-more"));
    screen.text = Text::lines(lines);
    Ok(to_them_alone(turn, Answer::screen(screen.menu(None))))
}

/// What a command does, with an example, how it is typed, who may and where: six lines at most.
fn explain(turn: &Turn<'_>, name: &str) -> Screen {
    let lang = turn.who.lang;
    let Some(command) = open_to(turn, name) else {
        let closed = turn.commands.iter().find(|command| command.fr == name || command.en == name);
        if let Some(closed) = closed.filter(|_| turn.who.person.is_some()) {
            return Screen::new(closed.audience.refusal());
        }
        let known = turn.commands.iter().filter(|command| command.shown && command.audience <= turn.who.rank);
        let near = nearest(name, known.map(|command| command.name(lang)), 2);
        let help = open_to(turn, "aide").map_or("aide", |command| command.name(lang));
        return if near.is_empty() {
            Screen::new(text!("welcome-help-unknown"))
        } else {
            let near: Vec<String> = near.into_iter().map(|name| format!("/{help} {name}")).collect();
            Screen::new(text!("welcome-help-near", near = near.join(", ")))
        };
    };
    let audience = match command.audience {
        Audience::Anyone => text!("welcome-for-anyone"),
        Audience::Student => text!("welcome-for-student"),
        Audience::Teacher => text!("welcome-for-teacher"),
        Audience::Supervisor => text!("welcome-for-supervisor"),
        Audience::Manager => text!("welcome-for-manager"),
        Audience::Admin => text!("welcome-for-admin"),
    };
    let place = match command.place {
        Place::Private => text!("welcome-place-private"),
        Place::Group => text!("welcome-place-group"),
        Place::Both => text!("welcome-place-both"),
    };
    let typed = if command.fr == command.en {
        format!("/{}", command.fr)
    } else {
        format!("/{} · /{}", command.fr, command.en)
    };
    Screen::lines([
        line_of(command),
        Text::of(command.help, vec![]),
        text!("welcome-typed", typed = typed),
        Text::joined(" ", [audience, place]),
    ])
}

/// A button stands for a command: the same rights, the same answer, as a new message.
pub async fn run(turn: &mut Turn<'_>) -> Result<Answer> {
    let name = std::mem::take(&mut turn.args);
    match open_to(turn, &name) {
        Some(command) if command.place.allows(turn.is_private()) => {
            Ok((command.take)(turn).await?.new_message().of(command.fr))
        }
        // A task of the group, pressed in private: how it is done there.
        Some(_) => Ok(Answer::screen(explain(turn, &name)).new_message()),
        None => Ok(Answer::alert(text!("welcome-not-open")).loud()),
    }
}

/// `/reglages`: the language.
#[expect(clippy::unused_async, reason = "the shape that commands want")]
pub async fn settings(turn: &mut Turn<'_>) -> Result<Answer> {
    Ok(Answer::screen(settings_screen(turn.who.lang, turn.who.person.is_some())))
}

fn settings_screen(lang: Lang, known: bool) -> Screen {
    let language = match lang {
        Lang::Fr => text!("welcome-french"),
        Lang::En => text!("welcome-english"),
    };
    if !known {
        return Screen::lines([text!("welcome-settings", language = language), text!("welcome-settings-unknown")]);
    }
    Screen::new(text!("welcome-settings", language = language))
        .row([
            Key::press(text!("welcome-french"), LANG, Lang::Fr.code()),
            Key::press(text!("welcome-english"), LANG, Lang::En.code()),
        ])
        .menu(None)
}

pub async fn choose_lang(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some(lang) = Lang::read(&turn.args) else { return Ok(Answer::none()) };
    if !roster::choose_lang(turn.tx, turn.who.account, lang).await? {
        return Ok(Answer::alert(text!("welcome-settings-unknown")).loud());
    }
    // The answer speaks the new language already.
    let said = |text: Text| Text::verbatim(text.render(lang));
    let mut screen = settings_screen(lang, true);
    screen.text = said(screen.text);
    Ok(Answer::screen(screen).with_alert(said(text!("welcome-settings-done"))))
}

/// `/confidentialite`: exactly what is read and kept.
pub async fn privacy(turn: &mut Turn<'_>) -> Result<Answer> {
    let school = turn.tx.config().school.name.clone();
    let mut lines = vec![
        text!("welcome-privacy-who", school = school.clone()),
        text!("welcome-privacy-groups"),
        text!("welcome-privacy-messages"),
        text!("welcome-privacy-kept"),
        text!("welcome-privacy-journal"),
        text!("welcome-privacy-long"),
        text!("welcome-privacy-sees"),
        text!("welcome-privacy-telegram"),
        text!("welcome-privacy-rights", school = school),
    ];
    if let Some(contact) = turn.tx.config().school.privacy_contact.clone() {
        lines.push(text!("welcome-privacy-contact", contact = contact));
    }
    if let Some(id) = turn.who.person.clone()
        && let Some(person) = roster::person(turn.tx, &id).await?
    {
        let mut known = vec![text!("welcome-about-name", name = person.full_name())];
        let classes = roster::class_names(turn.tx, &id).await?;
        if !classes.is_empty() {
            known.push(text!("welcome-about-classes", classes = classes));
        }
        let items = [
            (person.email.is_some(), text!("welcome-about-email")),
            (person.birth.is_some(), text!("welcome-about-birth")),
            (person.card.is_some(), text!("welcome-about-card")),
        ];
        known.extend(items.into_iter().filter_map(|(kept, item)| kept.then_some(item)));
        if let Some((_, band, since)) = roster::tie_of(turn.tx, turn.who.account).await? {
            let since = crate::kernel::text::Arg::Day(turn.tx.zone().day(since));
            known.push(text!("welcome-about-account", since = since));
            if band.is_some() {
                known.push(text!("welcome-about-age"));
            }
        }
        lines.push(text!("welcome-about", known = Text::joined(", ", known)));
    }
    Ok(to_them_alone(turn, Answer::say(Text::joined("\n\n", lines))))
}

/// `/annuler`: ends the open question.
pub async fn cancel(turn: &mut Turn<'_>) -> Result<Answer> {
    Ok(Answer::say(if turn.end_question().await? { text!("welcome-cancelled") } else { text!("welcome-nothing-open") }))
}

/// `/ping`: alive, and what time it is here.
#[expect(clippy::unused_async, reason = "the shape that commands want")]
pub async fn ping(turn: &mut Turn<'_>) -> Result<Answer> {
    let now = crate::kernel::text::Arg::Moment(turn.tx.now(), turn.tx.zone());
    Ok(Answer::say(text!("welcome-pong", now = now)))
}
