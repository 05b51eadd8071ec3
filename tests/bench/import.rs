//! What a large file costs, from its bytes to the database: 50,000 lessons, a thousand people, by the real program on
//! SQLite, the process that reads the file included; then the same file once more, and once more after somebody did
//! something, so that it is read again.
//!
//! `cargo bench --bench import` prints the figures, in processor time and memory, and how long another program waited for
//! the writer meanwhile; `cargo bench --bench import -- --judge` also fails above the limits below.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use preau::kernel::Clock;
use preau::kernel::id::Ids;
use preau::platform::config::Config;
use preau::platform::store::Database;
use preau::school::audit::Actor;
use preau::school::classroom::flow as classrooms;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

const LESSONS: u32 = 50_000;
const CLASSES: u32 = 200;

/// The most of the processor's time, in seconds: what the file costs when it is new, when nothing happened since, and
/// when something did.
/// With room for a slower machine: 1.7 and 0.9 s were measured.
const MOST: [f64; 3] = [2.2, 0.4, 1.5];
/// The most memory of one process, in megabytes.
const MOST_MEGABYTES: u64 = 130;
/// The longest that another program may wait for the writer, in the best of some runs: a machine that does other things
/// makes it wait too.
const MOST_WAIT: Duration = Duration::from_millis(100);
const TRIES: usize = 3;

type Failed = Box<dyn std::error::Error>;

/// The Monday in four weeks, as Excel counts days.
fn first_day() -> i64 {
    let today = Clock::machine().wall().millis().div_euclid(86_400_000);
    // The first day of 1970, a Thursday, has the number 25,569.
    today - (today + 3).rem_euclid(7) + 28 + 25_569
}

/// Five lessons a weekday for each class; its teachers take turns, one lesson in three is remote.
fn lessons(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let first = i32::try_from(first_day()).unwrap_or_default();
    let heads = ["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle", "Mode", "Lien"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string(0, column, head)?;
    }
    let (day_format, hour_format) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("hh:mm"));
    for number in 0..LESSONS {
        let (row, class, slot, day) = (number + 1, number % CLASSES, number / CLASSES % 5, number / 1_000);
        let serial = f64::from(first) + f64::from(day / 5 * 7 + day % 5);
        let hour = [8_u16, 10, 13, 15, 17].get(slot as usize).copied().unwrap_or(8);
        sheet.write_number_with_format(row, 0, serial, &day_format)?;
        sheet.write_datetime_with_format(row, 1, ExcelDateTime::from_hms(hour, 0, 0)?, &hour_format)?;
        sheet.write_datetime_with_format(row, 2, ExcelDateTime::from_hms(hour + 1, 30, 0)?, &hour_format)?;
        sheet.write_string(row, 3, format!("L{} groupe {class:03}", 1 + class % 3))?;
        sheet.write_string(row, 4, format!("Mathématiques {}", (class * 7 + slot) % 211))?;
        sheet.write_string(row, 5, format!("Claire Martin-{:03}", (class + 37 * slot + 11 * day) % CLASSES))?;
        sheet.write_string(row, 6, format!("Bât. A salle {:03}", (class * 3 + 53 * slot) % CLASSES))?;
        let mode = ["présentiel", "distanciel", "hybride"].get((class + day) as usize % 3).copied().unwrap_or_default();
        sheet.write_string(row, 7, mode)?;
        if number % 3 == 0 {
            sheet.write_string(row, 8, format!("https://zoom.example/j/{}", u64::from(number) * 7_919))?;
        }
    }
    Ok(())
}

/// A teacher for each class, and five students.
fn people(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (column, head) in (0..).zip(["Nom", "Prénom", "E-mail", "Rôle", "Classe(s)", "Langue"]) {
        sheet.write_string(0, column, head)?;
    }
    for number in 0..CLASSES * 6 {
        let (row, class) = (number + 1, number % CLASSES);
        let teaches = number < CLASSES;
        let (last, first) =
            if teaches { (format!("Martin-{class:03}"), "Claire") } else { (format!("Durand-{number}"), "Inès") };
        sheet.write_string(row, 0, &last)?;
        sheet.write_string(row, 1, first)?;
        sheet.write_string(row, 2, format!("p{number}@ecole.example"))?;
        sheet.write_string(row, 3, if teaches { "enseignant" } else { "étudiant" })?;
        if !teaches {
            sheet.write_string(row, 4, format!("L{} groupe {class:03}", 1 + class % 3))?;
        }
        sheet.write_string(row, 5, "fr")?;
    }
    Ok(())
}

fn workbook(path: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    lessons(book.add_worksheet().set_name("Emploi du temps")?)?;
    people(book.add_worksheet().set_name("Personnes")?)?;
    book.save(path)
}

fn preau(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_preau")));
    command
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PREAU_INSTALLED", "")
        .env("PREAU__DATABASE__URL", url(folder));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("preau.db").display())
}

/// Processor seconds of all processes of ours that ended and were waited for, by them and by us.
fn spent() -> Result<f64, Failed> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    // cutime and cstime, in hundredths.
    let hundredths = fields.get(13..15).unwrap_or_default().iter().filter_map(|field| field.parse::<f64>().ok());
    Ok(hundredths.sum::<f64>() / 100.0)
}

/// A number of `/proc/PID/status`: `PPid`, or `VmHWM` (the most memory that it held) in kilobytes.
fn status(pid: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok())
}

/// The process and those that it started.
fn family(of: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    all.filter(|pid| *pid == of || status(*pid, "PPid") == Some(u64::from(of))).collect()
}

/// Waits until it ends; gives what it said, and the most kilobytes that one process of its family held.
fn watched(mut child: Child) -> Result<(String, u64), Failed> {
    let stdout = child.stdout.take().ok_or("no pipe")?;
    let said = std::thread::spawn(move || std::io::read_to_string(stdout));
    let mut most = 0;
    while child.try_wait()?.is_none() {
        most = family(child.id()).into_iter().filter_map(|pid| status(pid, "VmHWM")).fold(most, u64::max);
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = said.join().map_err(|_| "its words were not read")??;
    if child.wait()?.success() { Ok((said, most)) } else { Err(said.into()) }
}

/// Asks for the writer again and again, as a program that runs does; gives the longest that it was not given.
async fn longest_wait(database: &Database, over: &AtomicBool) -> Duration {
    let (clock, mut longest) = (Clock::machine(), Duration::ZERO);
    while !over.load(Ordering::Acquire) {
        let asked = clock.elapsed();
        if database.db.transact(async |_| Ok(())).await.is_ok() {
            longest = longest.max(clock.elapsed().saturating_sub(asked));
        }
        clock.rest(Duration::from_millis(10)).await;
    }
    longest
}

/// One import of the file: seconds of the processor, kilobytes, and what it said.
fn imported(folder: &Path) -> Result<(f64, u64, serde_json::Value), Failed> {
    let before = spent()?;
    let (said, most) = watched(preau(folder, &["import", "edt.xlsx", "--apply", "--json"]).spawn()?)?;
    Ok((spent()? - before, most, serde_json::from_str(&said)?))
}

struct Run {
    seconds: [f64; 3],
    kilobytes: u64,
    wait: Duration,
}

fn run(bytes: &Path) -> Result<Run, Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    std::fs::copy(bytes, folder.join("edt.xlsx"))?;
    watched(preau(folder, &["migrate"]).spawn()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let config = Arc::new(Config::with(&[("database.url", &url(folder))], &[])?);
    let clock = Clock::machine();
    let database = runtime.block_on(Database::beside(config, clock.clone(), Ids::from_system(clock)))?;
    let over = AtomicBool::new(false);
    let (new, wait) = std::thread::scope(|scope| {
        let waits = scope.spawn(|| runtime.block_on(longest_wait(&database, &over)));
        let new = imported(folder).map_err(|error| error.to_string());
        over.store(true, Ordering::Release);
        (new, waits.join().unwrap_or(Duration::MAX))
    });
    let (first, mut kilobytes, said) = new?;
    let added = said.pointer("/lessons/added").and_then(serde_json::Value::as_u64);
    let people = said.pointer("/people/added").and_then(serde_json::Value::as_u64);
    if (added, people) != (Some(u64::from(LESSONS)), Some(u64::from(CLASSES) * 5)) {
        return Err(format!("{added:?} lessons and {people:?} people were added").into());
    }
    let unchanged = |said: &serde_json::Value| said.pointer("/lessons/unchanged").and_then(serde_json::Value::as_u64);
    let (again, most, said) = imported(folder)?;
    kilobytes = kilobytes.max(most);
    let act = async |tx: &mut preau::platform::store::Tx| classrooms::ensure(tx, &Actor::Cli, "Autre").await;
    runtime.block_on(database.db.transact(act))?;
    let (read, most, told) = imported(folder)?;
    kilobytes = kilobytes.max(most);
    if [unchanged(&said), unchanged(&told)] != [Some(u64::from(LESSONS)); 2] {
        return Err("the same file is not what it was".into());
    }
    runtime.block_on(database.close());
    Ok(Run { seconds: [first, again, read], kilobytes, wait })
}

fn main() -> ExitCode {
    match measured(std::env::args().any(|arg| arg == "--judge")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `false`: it is judged, and costs too much.
fn measured(judged: bool) -> Result<bool, Failed> {
    let folder = tempfile::tempdir()?;
    let bytes = folder.path().join("edt.xlsx");
    workbook(&bytes)?;
    for _ in 0..TRIES {
        let Run { seconds: [new, again, read], kilobytes, wait } = run(&bytes)?;
        println!(
            "{LESSONS} lessons: {new:.2} s of the processor, nothing happened since {again:.2} s, read again {read:.2} s; \
            {} MB at most in one process; the writer was waited for {} ms at most",
            kilobytes / 1024,
            wait.as_millis()
        );
        let within = [new, again, read].iter().zip(MOST).all(|(seconds, most)| *seconds <= most);
        if !judged || (within && kilobytes <= MOST_MEGABYTES * 1024 && wait <= MOST_WAIT) {
            return Ok(true);
        }
    }
    println!("more than {MOST:?} s, {MOST_MEGABYTES} MB or {MOST_WAIT:?}");
    Ok(false)
}
