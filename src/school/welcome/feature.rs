//! What every conversation has.

use super::chat;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::telegram::command::{Audience, Button, Command, Place};

const ASK: Audience = Act::Ask.audience();

const fn command(
    names: (&'static str, &'static str),
    (line, help): (&'static str, &'static str),
    reads: bool,
    take: crate::telegram::command::Take,
) -> Command {
    let (fr, en) = names;
    Command { fr, en, line, help, audience: ASK, place: Place::Private, shown: true, reads, take }
}

pub const FEATURE: Feature = Feature {
    commands: &[
        // Typed in a group, they are answered in private.
        Command {
            place: Place::Both,
            ..command(("aide", "help"), ("welcome-menu-help", "help-help"), true, |turn| Box::pin(chat::help(turn)))
        },
        command(("reglages", "settings"), ("welcome-menu-settings", "help-settings"), true, |turn| {
            Box::pin(chat::settings(turn))
        }),
        Command {
            place: Place::Both,
            ..command(("confidentialite", "privacy"), ("welcome-menu-privacy", "help-privacy"), true, |turn| {
                Box::pin(chat::privacy(turn))
            })
        },
        command(("annuler", "cancel"), ("welcome-menu-cancel", "help-cancel"), false, |turn| {
            Box::pin(chat::cancel(turn))
        }),
        Command {
            place: Place::Both,
            shown: false,
            ..command(("ping", "ping"), ("welcome-menu-ping", "help-ping"), true, |turn| Box::pin(chat::ping(turn)))
        },
    ],
    buttons: &[
        Button { action: chat::RUN, audience: ASK, take: |turn| Box::pin(chat::run(turn)) },
        Button { action: chat::LANG, audience: ASK, take: |turn| Box::pin(chat::choose_lang(turn)) },
    ],
    ..Feature::named("welcome")
};
