//! What of an answer costs no outside call: taking an update apart, and saying the words.
//!
//! `cargo bench --bench answers` prints both; `cargo bench --bench answers -- --judge` also fails above 100 µs each.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use preau::kernel::At;
use preau::kernel::text::Lang;
use preau::kernel::time::Zone;
use preau::school::session::{Mode, Session, State, head_with_day};
use preau::telegram::parse;
use preau::telegram::screen::Screen;

const RUNS: u32 = 20_000;
const MOST: Duration = Duration::from_micros(100);

const UPDATE: &str = r#"{"update_id":1000,"message":{"message_id":1,"from":{"id":100000,"is_bot":false,
    "first_name":"Inès","username":"ines","language_code":"fr"},"chat":{"id":100000,"type":"private",
    "first_name":"Inès"},"date":1790000000,"text":"/prochain","entities":[{"type":"bot_command","offset":0,"length":9}]}}"#;

#[expect(clippy::disallowed_methods, reason = "a bench has no clock but the machine's")]
fn each(work: impl Fn()) -> Duration {
    let begun = std::time::Instant::now();
    for _ in 0..RUNS {
        work();
    }
    begun.elapsed() / RUNS
}

fn session() -> Session {
    let start_at = At(1_795_503_600_000);
    Session {
        id: "s".to_owned(),
        classroom_id: "c".to_owned(),
        reference: None,
        start_at,
        end_at: start_at.plus_minutes(90),
        subject: "Réseaux".to_owned(),
        teacher_id: None,
        teacher_name: "M. Diallo".to_owned(),
        room: "B204".to_owned(),
        mode: Mode::OnSite,
        link: None,
        state: State::Planned,
        revision: 1,
    }
}

fn main() -> ExitCode {
    let judged = std::env::args().any(|arg| arg == "--judge");
    let session = session();
    let words = || Screen::new(head_with_day(&session, Zone::default())).words(Lang::Fr);
    let apart = each(|| {
        let _ = black_box(parse(black_box(UPDATE)));
    });
    let said = each(|| {
        black_box(words());
    });
    println!("an update taken apart: {apart:?}; the words of a next session: {said:?}");
    if parse(UPDATE).is_err() || !words().contains("Réseaux") {
        println!("it is not what it should be: {:?} {}", parse(UPDATE), words());
        return ExitCode::FAILURE;
    }
    if judged && (apart > MOST || said > MOST) {
        println!("more than {MOST:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
