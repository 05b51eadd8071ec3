//! From a personal link to a tie: the item, the name, the age, the notice, the group.

use super::super::flow::{self, Asked, Opened, Refused, Tied, Tried, Undo, Untied};
use super::super::rules::Gone;
use super::super::{AgeBand, Item, LinkKind, Person, Role};
use super::{acting, mailed, not_known};
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// What the Start of `[Voir]` carries: the way that the school offers to whoever is too young for Telegram.
pub const OTHER_WAY: &str = "autre-voie";

pub const ITEM: &str = "roster.item";
pub const NAME: &str = "roster.name";

/// A link was opened.
pub async fn open(turn: &mut Turn<'_>, token: &str) -> Result<Answer> {
    match flow::open(turn.tx, turn.who.account, token).await? {
        Opened::Gone(gone) => {
            let Some(hash) = flow::may_mail_again(turn.tx, token).await? else {
                return Ok(Answer::say(gone_words(gone)));
            };
            let key = Key::press(text!("roster-mail-again-key"), mailed::AGAIN, hash);
            Ok(Answer::screen(Screen::new(text!("roster-link-expired-mailed")).row([key])))
        }
        Opened::Refused(why) => Ok(Answer::say(refused_words(why))),
        Opened::Yours(person) => {
            let head = text!("roster-yours", name = person.first_name.trim());
            groups(turn, &person, vec![head]).await
        }
        Opened::AskItem { hash, item, brief } => {
            turn.ask(ITEM, &hash).await?;
            let words = match item {
                Item::Birth => text!("roster-ask-birth"),
                Item::Card => text!("roster-ask-card"),
                Item::BirthOrCard => text!("roster-ask-birth-or-card"),
                Item::Email => text!("roster-ask-email"),
            };
            // What is left of the link's life is no hurry any more.
            let time = brief.then(|| text!("roster-ask-time"));
            Ok(Answer::say(Text::joined(
                " ",
                [Some(words), time, Some(text!("roster-ask-stop"))].into_iter().flatten(),
            )))
        }
        Opened::AskName { hash } => {
            turn.ask(NAME, &hash).await?;
            let asked = text!("roster-ask-name", school = turn.tx.config().school.name.clone());
            Ok(Answer::say(Text::joined(" ", [asked, text!("roster-ask-time"), text!("roster-ask-stop")])))
        }
        Opened::ConfirmAdmin { hash, name } => {
            let yes = Key::press(text!("roster-admin-yes"), "roster.admin", hash);
            let no = Key::press(text!("roster-admin-no"), "roster.stay", "");
            Ok(Answer::screen(Screen::new(text!("roster-admin-confirm", name = name)).row([yes, no])))
        }
    }
}

/// The item was typed.
pub async fn item(turn: &mut Turn<'_>) -> Result<Answer> {
    let (asked, typed) = (turn.asked.clone(), turn.args.clone());
    let (hash, unread) = asked.split_once(' ').unwrap_or((&asked, "0"));
    let tried = flow::try_item(turn.tx, turn.who.account, hash, &typed).await?;
    if let Tried::Unreadable(item) = tried {
        let unread = unread.parse().unwrap_or(0) + 1;
        return unreadable(turn, hash, item, unread).await;
    }
    if !matches!(tried, Tried::Wrong { .. }) {
        turn.end_question().await?;
    }
    match tried {
        Tried::Gone(gone) => Ok(Answer::say(gone_words(gone))),
        Tried::Unreadable(_) => Ok(Answer::none()),
        Tried::Wrong { left } => Ok(Answer::say(text!("roster-wrong", left = left))),
        Tried::Dead => Ok(Answer::say(text!("roster-wrong-dead"))),
        Tried::Right { person, classes } => {
            let name = person.short_name();
            let words = if classes.is_empty() {
                text!("roster-you", name = name)
            } else {
                text!("roster-you-of", name = name, classes = classes)
            };
            let yes = Key::press(text!("roster-yes"), "roster.me", hash);
            let no = Key::press(text!("roster-no"), "roster.not_me", hash);
            Ok(Answer::screen(Screen::new(words).row([yes, no])))
        }
    }
}

/// So many answers without a date, a number, an address: enough for now.
const MOST_UNREAD: u32 = 10;

/// Nothing that could be compared: asked again, and no try is lost.
async fn unreadable(turn: &mut Turn<'_>, hash: &str, item: Item, unread: u32) -> Result<Answer> {
    if unread >= MOST_UNREAD {
        turn.end_question().await?;
        return Ok(Answer::say(text!("roster-unread-enough")));
    }
    turn.ask(ITEM, &format!("{hash} {unread}")).await?;
    Ok(Answer::say(match item {
        Item::Birth => text!("roster-unread-birth"),
        Item::Card => text!("roster-unread-card"),
        Item::BirthOrCard => text!("roster-unread-birth-or-card"),
        Item::Email => text!("roster-unread-email"),
    }))
}

/// « Oui, c'est moi. »
pub async fn me(turn: &mut Turn<'_>) -> Result<Answer> {
    let hash = turn.args.clone();
    match flow::asked(turn.tx, &hash).await? {
        Asked::Gone(gone) => Ok(Answer::say(gone_words(gone))),
        Asked::Ready => tie(turn, &hash, None).await,
        Asked::Age => {
            let key = |label: Text, band: AgeBand| Key::press(label, "roster.age", format!("{} {hash}", band.code()));
            let screen = Screen::new(text!("roster-age")).row([
                key(text!("roster-age-under"), AgeBand::Under16),
                key(text!("roster-age-sixteen"), AgeBand::Sixteen),
                key(text!("roster-age-adult"), AgeBand::Adult),
            ]);
            Ok(Answer::screen(screen))
        }
    }
}

pub async fn not_me(turn: &mut Turn<'_>) -> Result<Answer> {
    let hash = turn.args.clone();
    flow::not_me(turn.tx, turn.who.account, &hash).await?;
    Ok(Answer::say(text!("roster-not-me")))
}

pub async fn age(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let Some((band, hash)) = args.split_once(' ') else { return Ok(Answer::say(gone_words(Gone::Unknown))) };
    tie(turn, hash, AgeBand::read(band)).await
}

async fn tie(turn: &mut Turn<'_>, hash: &str, band: Option<AgeBand>) -> Result<Answer> {
    let (account, spoken) = (turn.who.account, turn.who.spoken);
    match flow::tie(turn.tx, account, spoken, hash, band).await? {
        Tied::Gone(gone) => Ok(Answer::say(gone_words(gone))),
        Tied::Refused(why) => Ok(Answer::say(refused_words(why))),
        Tied::TooYoung => {
            turn.forget().await?;
            // By a link: of a key that is pressed something would be kept.
            let see = Key::start(text!("roster-other-way-key"), OTHER_WAY);
            Ok(Answer::screen(Screen::new(text!("roster-too-young")).row([see])))
        }
        Tied::Done(person) => {
            let head = text!("roster-tied", name = person.first_name.trim());
            let notice = if person.role == Role::Student {
                text!("roster-notice-student", school = turn.tx.config().school.name.clone())
            } else {
                text!("roster-notice-staff", school = turn.tx.config().school.name.clone())
            };
            groups(turn, &person, vec![head, notice]).await
        }
    }
}

/// The words so far, and a button for each group that this person may join.
async fn groups(turn: &mut Turn<'_>, person: &Person, mut words: Vec<Text>) -> Result<Answer> {
    let groups = flow::groups_for(turn.tx, &person.id, turn.who.account).await?;
    let waiting: Vec<&str> =
        groups.iter().filter(|(_, link)| link.is_none()).map(|(class, _)| class.as_str()).collect();
    if !waiting.is_empty() {
        words.push(text!("roster-group-soon", classes = waiting.join(", ")));
    }
    let screen = Screen::new(Text::joined("\n\n", words));
    Ok(Answer::screen(join_keys(groups).into_iter().fold(screen, |screen, key| screen.row([key]))))
}

/// A button for each group that stands open.
pub fn join_keys(groups: Vec<(String, Option<String>)>) -> Vec<Key> {
    let alone = groups.len() == 1;
    let open = groups.into_iter().filter_map(|(class, link)| Some((class, link?)));
    open.map(|(class, link)| {
        let label = if alone { text!("roster-join") } else { text!("roster-join-class", class = class) };
        Key::open(label, link)
    })
    .collect()
}

/// An admin's link: first and last name were typed.
pub async fn name(turn: &mut Turn<'_>) -> Result<Answer> {
    let (hash, typed) = (turn.asked.clone(), turn.args.clone());
    let (account, lang) = (turn.who.account, turn.who.lang);
    let Some(tied) = flow::new_admin(turn.tx, account, lang, &hash, &typed).await? else {
        return Ok(Answer::say(text!("roster-name-again")));
    };
    turn.end_question().await?;
    Ok(admin_answer(turn, tied))
}

pub async fn become_admin(turn: &mut Turn<'_>) -> Result<Answer> {
    let hash = turn.args.clone();
    let tied = flow::become_admin(turn.tx, turn.who.account, &hash).await?;
    Ok(admin_answer(turn, tied))
}

fn admin_answer(turn: &Turn<'_>, tied: Tied) -> Answer {
    match tied {
        Tied::Gone(gone) => Answer::say(gone_words(gone)),
        Tied::Refused(why) => Answer::say(refused_words(why)),
        Tied::TooYoung => Answer::say(text!("roster-too-young")),
        Tied::Done(person) => {
            let help = Key::press(text!("roster-start-help"), "welcome.run", "aide");
            let notice = text!("roster-notice-staff", school = turn.tx.config().school.name.clone());
            let words = [text!("roster-admin-done", name = person.full_name()), notice];
            Answer::screen(Screen::new(Text::joined("\n\n", words)).row([help]))
        }
    }
}

/// The admin's link was opened by chance: nothing changes.
#[expect(clippy::unused_async, reason = "the shape that buttons want")]
pub async fn stay(_turn: &mut Turn<'_>) -> Result<Answer> {
    Ok(Answer::say(text!("roster-admin-stay")))
}

pub async fn untie(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let tie = args.split_once(' ').and_then(|(person, account)| Some((person, account.parse::<i64>().ok()?)));
    let (Some((person, account)), Some(by)) = (tie, acting(turn).await?) else { return Ok(not_known()) };
    Ok(match flow::untie(turn.tx, &by, person, account).await? {
        Untied::Already => Answer::say(text!("roster-untied-already")),
        Untied::NotYours => not_known(),
        Untied::Done { name, undo } => {
            let again = Key::press(text!("roster-retie"), "roster.retie", undo.words());
            Answer::screen(Screen::new(text!("roster-untied", name = name)).row([again]))
        }
    })
}

pub async fn retie(turn: &mut Turn<'_>) -> Result<Answer> {
    let undo = Undo::read(&turn.args);
    let (Some(undo), Some(by)) = (undo, acting(turn).await?) else { return Ok(not_known()) };
    Ok(match flow::retie(turn.tx, &by, &undo).await? {
        Some(name) => Answer::say(text!("roster-retied", name = name)),
        None => Answer::alert(text!("roster-retie-late")).loud(),
    })
}

fn gone_words(gone: Gone) -> Text {
    match gone {
        Gone::Unknown => text!("roster-link-unknown"),
        Gone::Used => text!("roster-link-used"),
        Gone::Dead => text!("roster-link-dead"),
        Gone::Expired(LinkKind::Admin) => text!("roster-link-expired-admin"),
        Gone::Expired(LinkKind::Printed | LinkKind::Mailed) => text!("roster-link-expired"),
    }
}

fn refused_words(why: Refused) -> Text {
    match why {
        Refused::AccountTaken => text!("roster-account-taken"),
        Refused::PersonTaken => text!("roster-person-taken"),
        Refused::NothingKnown => text!("roster-nothing-known"),
    }
}
