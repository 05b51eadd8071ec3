//! Eight steps for a newcomer. Each is ticked by what has happened, not by a press on it.

use maud::{Markup, html};

use super::view::{Phone, View};
use super::{Demo, shell};
use crate::demo::school::Part;
use crate::kernel::text::{Lang, Text};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::attendance;
use crate::school::session;
use crate::text;

/// What a step offers.
enum Offer {
    /// The phone of this account at this chat, with these words.
    Phone(Phone, Text),
    /// The clock's « next event ».
    Next,
    /// The workbook to upload.
    Workbook,
}

struct Step {
    title: Text,
    words: Text,
    done: bool,
    offers: Vec<Offer>,
}

/// What has happened of the tour's lesson.
#[derive(Debug, Default)]
struct Seen {
    announced: bool,
    validated: bool,
    applied: bool,
}

/// The lesson that the tour is about: the first of the newcomer's class.
async fn seen(demo: &Demo, person_account: i64) -> Result<Seen> {
    let from = demo.began;
    demo.db
        .db
        .read(async |tx: &mut Tx| {
            let lessons = session::flow::between(tx, from, from.plus_days(30)).await?;
            let late = lessons.iter().any(|one| one.start_at > from.plus_days(10));
            let Some(first) = lessons.into_iter().find(|one| one.subject == "Réseaux") else {
                return Ok(Seen::default());
            };
            let announced = session::flow::announced(tx, &first.id).await?;
            let person = crate::school::roster::flow::person_of_account(tx, person_account).await?;
            let mine = person.is_some_and(|person| announced.iter().any(|(id, _)| *id == person.id));
            let sheet = attendance::flow::sheet(tx, &first.id).await?;
            let validated = sheet.is_some_and(|sheet| sheet.state == attendance::SheetState::Validated);
            Ok(Seen { announced: mine, validated, applied: late })
        })
        .await
}

/// The steps with their ticks.
pub async fn steps(demo: &Demo, view: &View) -> Markup {
    let steps = list(demo).await;
    let lang = view.lang;
    let now = steps.iter().position(|step| !step.done);
    html! {
        ol {
            @for (nth, step) in steps.iter().enumerate() {
                li.done[step.done].now[Some(nth) == now] aria-current=[(Some(nth) == now).then_some("step")] {
                    strong {
                        @if step.done { span aria-hidden="true" { "✓ " } span hidden { (text!("demo-step-done").render(lang)) " " } }
                        (nth + 1) ". " (step.title.render(lang))
                    }
                    @if Some(nth) == now {
                        p { (step.words.render(lang)) }
                        div.acts { @for offer in &step.offers { (offered(offer, view, lang)) } }
                    }
                }
            }
        }
        @if now.is_none() { p.good { (text!("demo-tour-over").render(lang)) } }
    }
}

fn offered(offer: &Offer, view: &View, lang: Lang) -> Markup {
    match offer {
        Offer::Phone(phone, word) => {
            // On the phone that shows this person already, else on the first.
            let nth = view.phones.iter().position(|one| one.account == phone.account).unwrap_or(0);
            html! { a.tab href=(view.with_phone(nth, *phone).href()) { (word.render(lang)) } }
        }
        Offer::Next => shell::next(lang, "tour"),
        Offer::Workbook => html! { a.tab href="/paper/EDT_S50.xlsx" download="EDT_S50.xlsx" { "EDT_S50.xlsx" } },
    }
}

async fn list(demo: &Demo) -> Vec<Step> {
    let sandbox = &demo.sandbox;
    let account = |part: Part, first: &str| {
        let found = demo.personas.iter().find(|one| one.part == part && (first.is_empty() || one.first == first));
        found.map_or(0, |one| one.account)
    };
    let (student, teacher, admin) =
        (account(Part::Student, "Inès"), account(Part::Teacher, "Mamadou"), account(Part::Admin, ""));
    let group = demo.groups.get("BTS SIO 1A").copied().unwrap_or_default();
    let at = |account: i64, chat: i64, word: Text| Offer::Phone(Phone { account, chat }, word);
    let own = |account: i64, name: &str| at(account, account, text!("demo-be", name = name));
    let in_group = |account: i64, name: &str| at(account, group, text!("demo-be-in-group", name = name));
    let seen = seen(demo, student).await.unwrap_or_default();
    let after = |minutes: i64| demo.clock.now() >= At(demo.lesson.millis() + minutes * 60_000);
    let member = sandbox.members(group).contains(&student);
    let in_call = sandbox.calls(group).iter().any(|call| call.participants.iter().any(|stay| stay.person == student));
    let step = |title: Text, words: Text, done: bool, offers: Vec<Offer>| Step { title, words, done, offers };
    vec![
        step(
            text!("demo-step-1"),
            text!("demo-step-1-words"),
            !sandbox.messages(student).is_empty(),
            vec![own(student, "Inès")],
        ),
        step(text!("demo-step-2"), text!("demo-step-2-words"), member, vec![own(student, "Inès")]),
        step(
            text!("demo-step-3"),
            text!("demo-step-3-words"),
            after(-15),
            vec![Offer::Next, in_group(student, "Inès")],
        ),
        step(
            text!("demo-step-4"),
            text!("demo-step-4-words"),
            seen.announced || after(30),
            vec![in_group(student, "Inès")],
        ),
        step(text!("demo-step-5"), text!("demo-step-5-words"), in_call, vec![Offer::Next, in_group(student, "Inès")]),
        step(text!("demo-step-6"), text!("demo-step-6-words"), after(120), vec![own(teacher, "Mamadou"), Offer::Next]),
        step(text!("demo-step-7"), text!("demo-step-7-words"), seen.validated, vec![own(teacher, "Mamadou")]),
        step(
            text!("demo-step-8"),
            text!("demo-step-8-words"),
            seen.applied,
            vec![Offer::Workbook, own(admin, "Samia")],
        ),
    ]
}
