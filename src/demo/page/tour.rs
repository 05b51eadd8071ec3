//! Eight steps for a newcomer. Each is ticked by what was done, not by a press on it nor by the clock alone; a step whose
//! moment went by says so, and the tour can be begun again in a school as it was before.

use maud::{Markup, html};

use super::view::{Phone, View};
use super::{Demo, shell};
use crate::demo::school::{Part, files};
use crate::kernel::Result;
use crate::kernel::text::{Lang, Text};
use crate::platform::store::Tx;
use crate::school::attendance;
use crate::school::session;
use crate::telegram::screen::unbroken;
use crate::text;

/// Minutes of the tour's lesson: how long it lasts, and how long before it reminder and call come.
const LASTS: i64 = 120;
const REMIND_BEFORE: i64 = 15;
const CALL_BEFORE: i64 = 5;

/// What a step offers.
enum Offer {
    /// The phone of this account at this chat, with these words.
    Phone(Phone, Text),
    /// The clock's « next event ».
    Next,
    /// The workbook to upload.
    Workbook,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stands {
    /// It can be done.
    #[default]
    Open,
    /// Somebody did it.
    Done,
    /// Its moment went by, and nobody did it.
    Passed,
}

impl Stands {
    const fn of(done: bool, passed: bool) -> Self {
        match (done, passed) {
            (true, _) => Self::Done,
            (_, true) => Self::Passed,
            _ => Self::Open,
        }
    }
}

struct Step {
    title: Text,
    words: Text,
    stands: Stands,
    offers: Vec<Offer>,
}

/// What has happened of the tour's lesson.
#[derive(Debug, Default)]
struct Seen {
    announced: bool,
    sheet: Stands,
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
            let validated = sheet.as_ref().is_some_and(|sheet| sheet.validated_at.is_some());
            let locked = sheet.is_some_and(|sheet| sheet.state == attendance::SheetState::Locked);
            Ok(Seen { announced: mine, sheet: Stands::of(validated, locked), applied: late })
        })
        .await
}

/// The steps with their ticks.
pub async fn steps(demo: &Demo, view: &View) -> Markup {
    let steps = list(demo).await;
    let lang = view.lang;
    let say = |text: &Text| text.render(lang);
    let now = steps.iter().position(|step| step.stands == Stands::Open);
    let passed = steps.iter().filter(|step| step.stands == Stands::Passed).count();
    html! {
        @if lang != demo.lang {
            p.soft { (say(&text!("demo-speaks"))) }
            (fresh("fresh-lang", &say(&text!("demo-speak")), lang, ""))
        }
        ol {
            @for (nth, step) in steps.iter().enumerate() { (stated(step, nth, Some(nth) == now, view)) }
        }
        @if now.is_none() {
            @if passed == 0 { p.good { (say(&text!("demo-tour-over"))) } }
            @else { p { (say(&text!("demo-tour-over-passed", count = passed))) } }
        }
        @let class = if passed > 0 || now.is_none() { "strong" } else { "" };
        (fresh("fresh", &say(&text!("demo-fresh")), demo.lang, class))
    }
}

fn stated(step: &Step, nth: usize, now: bool, view: &View) -> Markup {
    let lang = view.lang;
    let (done, passed) = (step.stands == Stands::Done, step.stands == Stands::Passed);
    html! {
        li.done[done].passed[passed].now[now] aria-current=[now.then_some("step")] {
            strong {
                @if done { span aria-hidden="true" { "✓ " } span.veiled { (text!("demo-step-done").render(lang)) " " } }
                (nth + 1) ". " (step.title.render(lang))
            }
            @if now {
                p { (unbroken(&step.words.render(lang))) }
                div.acts {
                    @for (place, offer) in step.offers.iter().enumerate() { (offered(offer, place, view, lang)) }
                }
            }
            @if passed { p.soft { (text!("demo-step-passed").render(lang)) } }
        }
    }
}

/// The button that raises another school.
fn fresh(id: &str, word: &str, speaks: Lang, class: &str) -> Markup {
    html! {
        button type="button" id=(id) class=(class) hx-post="/fresh" hx-vals={ "{\"l\":\"" (speaks.code()) "\"}" } hx-swap="none"
            hx-disabled-elt="this" { (word) }
    }
}

fn offered(offer: &Offer, place: usize, view: &View, lang: Lang) -> Markup {
    match offer {
        Offer::Phone(phone, word) => {
            // On the phone that shows this person already, else on the first.
            let nth = view.phones.iter().position(|one| one.account == phone.account).unwrap_or(0);
            html! { a.tab id={ "offer-" (place) } href=(view.with_phone(nth, *phone).href_at(nth)) { (word.render(lang)) } }
        }
        Offer::Next => shell::next(lang, "tour"),
        Offer::Workbook => {
            html! { a.tab id="offer-file" href="/paper/EDT_S50.xlsx" download="EDT_S50.xlsx" { "EDT_S50.xlsx" } }
        }
    }
}

/// Who plays the tour, and where.
struct Cast {
    student: i64,
    birth: String,
    teacher: i64,
    admin: i64,
    group: i64,
}

impl Cast {
    fn of(demo: &Demo) -> Self {
        let find = |part: Part, first: &str| {
            demo.personas.iter().find(|one| one.part == part && (first.is_empty() || one.first == first))
        };
        let account = |part: Part, first: &str| find(part, first).map_or(0, |one| one.account);
        Self {
            student: account(Part::Student, "Inès"),
            birth: find(Part::Student, "Inès").map(|one| one.birth.clone()).unwrap_or_default(),
            teacher: account(Part::Teacher, "Mamadou"),
            admin: account(Part::Admin, ""),
            group: demo.groups.get("BTS SIO 1A").copied().unwrap_or_default(),
        }
    }
    const fn own(account: i64, word: Text) -> Offer {
        Offer::Phone(Phone { account, chat: account }, word)
    }
    fn ines(&self) -> Offer {
        Self::own(self.student, text!("demo-be", name = "Inès"))
    }
    fn ines_in_group(&self) -> Offer {
        let phone = Phone { account: self.student, chat: self.group };
        Offer::Phone(phone, text!("demo-be-in-group", name = "Inès"))
    }
    fn mamadou(&self) -> Offer {
        Self::own(self.teacher, text!("demo-be", name = "Mamadou"))
    }
    fn samia(&self) -> Offer {
        Self::own(self.admin, text!("demo-be", name = "Samia"))
    }
}

/// The link's question came. Whatever else one says to the bot, it answers too.
fn asked_for_birth(demo: &Demo, account: i64) -> bool {
    let question = Lang::ALL.map(|lang| text!("roster-ask-birth").render(lang).replace('\u{a0}', " "));
    let asks = |said: &str| question.iter().any(|one| said.starts_with(one.as_str()));
    demo.sandbox.messages(account).iter().any(|one| one.from_bot && asks(&one.text))
}

async fn list(demo: &Demo) -> Vec<Step> {
    let cast = Cast::of(demo);
    let (sandbox, student) = (&demo.sandbox, cast.student);
    let seen = seen(demo, student).await.unwrap_or_default();
    let after = |minutes: i64| demo.clock.now() >= demo.lesson.plus_minutes(minutes);
    let member = sandbox.members(cast.group).contains(&student);
    let calls = sandbox.calls(cast.group);
    let in_call = calls.iter().any(|call| call.participants.iter().any(|stay| stay.person == student));
    let over = after(LASTS);
    // Keys are quoted as the school's people read them.
    let quoted = |key: &Text| key.render(demo.lang);
    let step = |title: Text, words: Text, stands: Stands, offers: Vec<Offer>| Step { title, words, stands, offers };
    let scanned = Stands::of(asked_for_birth(demo, student), false);
    let join = text!("demo-step-2-words", birth = cast.birth.as_str(), join = quoted(&text!("roster-join")));
    let call = if after(-CALL_BEFORE) { text!("demo-step-5-open") } else { text!("demo-step-5-words") };
    // What is right of the file is applied; the row would name a single wrong line.
    let apply = text!("workbook-apply-without-key", count = files::WRONG_LINES, row = 0_i64);
    let call_offers = if after(-CALL_BEFORE) { vec![] } else { vec![Offer::Next] };
    vec![
        step(text!("demo-step-1"), text!("demo-step-1-words"), scanned, vec![cast.ines()]),
        step(text!("demo-step-2"), join, Stands::of(member, false), vec![cast.ines()]),
        step(
            text!("demo-step-3"),
            text!("demo-step-3-words"),
            Stands::of(member && after(-REMIND_BEFORE), false),
            vec![Offer::Next, cast.ines_in_group()],
        ),
        step(
            text!("demo-step-4"),
            text!("demo-step-4-words", late = quoted(&text!("session-late-key"))),
            Stands::of(seen.announced, in_call || over),
            vec![cast.ines_in_group()],
        ),
        step(
            text!("demo-step-5"),
            call,
            Stands::of(in_call, over),
            call_offers.into_iter().chain([cast.ines_in_group()]).collect(),
        ),
        step(
            text!("demo-step-6"),
            text!("demo-step-6-words"),
            Stands::of(over && in_call, over),
            vec![cast.mamadou(), Offer::Next],
        ),
        step(
            text!("demo-step-7"),
            text!("demo-step-7-words", validate = quoted(&text!("attendance-validate-key"))),
            seen.sheet,
            vec![cast.mamadou()],
        ),
        step(
            text!("demo-step-8"),
            text!("demo-step-8-words", apply = quoted(&apply)),
            Stands::of(seen.applied, false),
            vec![Offer::Workbook, cast.samia()],
        ),
    ]
}
