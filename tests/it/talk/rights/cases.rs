//! What is pressed, typed, answered and sent, and which row of the table decides it.

use preau::school::attendance::screens::{self as sheets, At};
use preau::school::attendance::{Decision, Mark, Naming, Reason, Saved, Wish};
use preau::school::classroom::flow::Choice;
use preau::school::rights::Act;
use preau::school::roster::flow::Undo;
use preau::school::{classroom, group, journal, roster, session, state, workbook};

use super::super::school::id_of;
use super::Stage;

/// A button with what it stands for.
pub struct Case {
    pub act: Act,
    pub args: String,
    /// It stands in the class's group, for everybody there.
    pub in_group: bool,
    /// What else is said to whoever may not: words that others hear too.
    pub also: &'static str,
    /// It shows a list of what is theirs: whoever passes the gate sees one, of other classes.
    pub lists: bool,
}

fn by(act: Act, args: impl Into<String>) -> Case {
    Case { act, args: args.into(), in_group: false, also: "", lists: false }
}

/// `None`: nobody wrote a case for it.
pub fn of(action: &str, stage: &Stage) -> Option<Case> {
    let (lesson, class) = (stage.lesson.as_str(), stage.class.as_str());
    let spot = || At::of(lesson, 1).json().expect("args");
    let json = |value: &dyn erased::Json| value.json();
    let wish = || Wish {
        session: lesson.to_owned(),
        person: id_of("Karim"),
        mark: Mark::Absent,
        late: None,
        early: None,
        version: 1,
        page: 0,
        undo: None,
    };
    Some(match action {
        "telegram.close" => by(Act::Ask, ""),
        "telegram.why" => by(Act::Ask, "PRE-02"),
        "welcome.run" => by(Act::Ask, "aide"),
        "welcome.lang" => by(Act::Ask, "fr"),
        "roster.me" | "roster.not_me" | "roster.admin" | "roster.stay" | "roster.mail_again" => by(Act::Ask, "0000"),
        "roster.age" => by(Act::Ask, "adult 0000"),

        session::HERE | session::screens::ABSENT | session::screens::LATE => {
            Case { in_group: true, ..by(Act::Announce, lesson) }
        }
        session::screens::WITHDRAW => by(Act::Own, lesson),
        sheets::MINE => by(Act::Own, "0"),
        sheets::CONTEST => by(Act::Own, stage.past.as_str()),

        sheets::SHEET | sheets::LIST | sheets::EXCEPT | sheets::SAVE | sheets::MINUTES | sheets::WHO => {
            by(Act::Roll, spot())
        }
        sheets::VALIDATE | sheets::SEND_FILE => by(Act::Roll, spot()),
        sheets::ONE => by(Act::Roll, json(&At { person: Some(id_of("Karim")), ..At::of(lesson, 1) })),
        sheets::SET => by(Act::Roll, json(&wish())),
        sheets::REASON => by(Act::Roll, json(&Reason { wish: wish(), code: None })),
        sheets::UNSAVE => {
            let until = stage.clock.now().plus_minutes(10);
            by(Act::Roll, json(&Saved { session: lesson.to_owned(), version: 1, until, lines: vec![] }))
        }
        sheets::NAME => {
            let person = Some(id_of("Karim"));
            let naming = Naming { session: lesson.to_owned(), peer: 7, person, version: 1, undo_until: None };
            by(Act::Roll, json(&naming))
        }
        sheets::DECIDE => {
            by(Act::Roll, json(&Decision { contest: stage.contest.clone(), accept: false, other: false }))
        }
        sheets::SHEETS => Case { lists: true, ..by(Act::Roll, "0") },
        session::END_CALL | session::WRITE_MISSING | session::RUN_LATE => by(Act::Roll, lesson),
        session::EXTEND_CALL => by(Act::Roll, json(&session::Longer { session: lesson.to_owned(), extended: 0 })),

        classroom::LIST => by(Act::Classes, ""),
        classroom::chat::CHOICES => Case { in_group: true, ..by(Act::School, "") },
        classroom::chat::CHOOSE => {
            let choice = Choice { classroom_id: class.to_owned(), instead_of: None };
            Case { in_group: true, ..by(Act::School, json(&choice)) }
        }
        classroom::GROUP_PAGE | group::chat::COMPARE => by(Act::School, class),
        group::REMOVE | group::chat::REMOVE_NOW => {
            let wish = group::Wish { classroom_id: class.to_owned(), people: vec![], press: String::new() };
            by(Act::School, json(&wish))
        }

        "roster.class" | roster::flow::LINKED_TOLD | "roster.linked" | "roster.mail" => by(Act::Class, class),
        "roster.links" => by(Act::Class, format!("{class} 1 0 press")),
        "roster.mail_all" => by(Act::Class, format!("{class} 0 press")),
        "roster.tie" => Case { also: "roster-untied-already", ..by(Act::Untie, format!("{class} {}", id_of("Karim"))) },
        roster::flow::UNTIE_TOLD | "roster.untie" => {
            by(Act::Untie, format!("{} {}", id_of("Karim"), stage.is("Karim")))
        }
        "roster.retie" => {
            let until = stage.clock.now().plus_minutes(10);
            let undo = Undo { person: id_of("Karim"), account: stage.is("Karim"), band: None, until, lang: None };
            Case { also: "roster-retie-late", ..by(Act::Untie, undo.words()) }
        }

        "approval.accept" | "approval.refuse" => by(Act::School, stage.agreement.as_str()),
        journal::screens::PAGE => by(Act::School, "{} 1"),
        journal::screens::PERSON | journal::screens::SEND => by(Act::School, "{}"),
        state::screens::RETRY | state::screens::FORGET | state::screens::RECALL => {
            by(Act::School, r#"{"row":"0","of":[],"doubt":false}"#)
        }
        workbook::screens::APPLY => by(Act::School, r#"{"import":"0","fingerprint":"0","rights":false,"sure":false}"#),
        workbook::screens::LOOK => by(Act::School, r#"{"import":"0","page":null}"#),
        workbook::screens::ABANDON | workbook::screens::UNDO | workbook::screens::ANNOTATED => by(Act::School, "0"),
        _ => return None,
    })
}

/// A command by its French name: its row, what is typed after it, and whether it lists what is theirs.
pub fn typed(command: &str) -> Option<(Act, &'static str, bool)> {
    Some(match command {
        "start" | "aide" | "reglages" | "confidentialite" | "annuler" | "ping" => (Act::Ask, "", false),
        "aujourdhui" | "semaine" | "prochain" => (Act::Timetable, "", true),
        "moi" => (Act::Own, "", false),
        "presence" => (Act::Roll, "", true),
        "classes" => (Act::Classes, "", false),
        "liens" => (Act::Class, "BTS SIO 1A", false),
        "adopter" => (Act::School, "BTS SIO 1A", false),
        "etat" | "journal" | "horaires" | "modele" => (Act::School, "", false),
        _ => return None,
    })
}

/// A question: its row, what it was asked about, and the answer.
pub fn answered(topic: &str, stage: &Stage) -> Option<(Act, String, &'static str)> {
    Some(match topic {
        sheets::REASON => {
            let wish = of(sheets::SET, stage)?.args;
            (Act::Roll, wish, "Parti à 15 h")
        }
        sheets::REFUSAL => (Act::Roll, stage.contest.clone(), "Pas vu"),
        sheets::CONTEST_WORDS => (Act::Own, stage.past.clone(), "J’étais là"),
        "roster.item" => (Act::Ask, "0000".to_owned(), "12/03/2005"),
        "roster.name" => (Act::Ask, "0000".to_owned(), "Léo Dupont"),
        _ => return None,
    })
}

/// `serde_json` of whatever a button carries.
mod erased {
    pub trait Json {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).expect("JSON")
        }
    }
}
