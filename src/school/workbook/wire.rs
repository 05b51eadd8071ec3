//! What passes between the program and the process that reads a workbook for it: a question and a file one way, pieces
//! of an answer the other way. Neither believes the other: what does not parse, or is more than a workbook may hold, is
//! no answer.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::mem::ManuallyDrop;

use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};

use super::read::{MAX_CELLS, MAX_LESSONS};
use super::{Difference, Fault, Freeze, LessonRow, PersonRow, Place, SheetRead, Warning, Workbook, read, sheet};
use crate::kernel::{Lang, Refusal, Words};
use crate::school::session::Mode;

/// So many lines make a piece.
const AT_ONCE: usize = 500;
/// A file that is given back goes in pieces of so many bytes.
const PIECE: usize = 64 * 1024;
/// The largest file that is given back.
const MAX_FILE: usize = 128 * 1024 * 1024;

/// What begins a piece of an answer in JSON …
const JSON: u8 = b'J';
/// … and bytes of a file.
const BYTES: u8 = b'B';

/// What is asked about a file.
#[derive(Debug, Serialize, Deserialize)]
enum Question<'a> {
    /// What it says; under this name.
    Read { file: Cow<'a, str> },
    /// The same file with what is wrong beside each line.
    Annotate { sheets: Cow<'a, [SheetRead]>, faults: Vec<Fault>, warnings: Vec<Warning>, lang: Lang },
}

#[derive(Debug, Serialize, Deserialize)]
enum Piece<'a> {
    Sheets(Cow<'a, [SheetRead]>),
    /// Words that were not there before, and sessions that name words by their places.
    Lessons(Vec<Cow<'a, str>>, #[serde(borrow)] Vec<Packed<'a>>),
    People(Cow<'a, [PersonRow]>),
    Faults(Cow<'a, [Fault]>),
    Warnings(Cow<'a, [Warning]>),
    Freezes(Cow<'a, [Freeze]>),
    /// It cannot be read; the code says why.
    Refused(Cow<'a, str>),
    /// Everything was said.
    End,
}

/// A session as it passes: sheet, row, reference, class, day (of the common era), start and end (seconds of the day),
/// subject, teacher, room, mode, link. Of a large timetable nearly all words stand on many lines.
#[derive(Debug, Serialize, Deserialize)]
struct Packed<'a>(
    u32,
    u32,
    #[serde(borrow)] Option<Cow<'a, str>>,
    u32,
    i32,
    u32,
    u32,
    u32,
    Option<u32>,
    Option<u32>,
    Option<Mode>,
    #[serde(borrow)] Option<Cow<'a, str>>,
);

/// Gives words their places, in the order in which they come.
#[derive(Default)]
struct Packing<'a> {
    places: HashMap<&'a str, u32>,
    new: Vec<Cow<'a, str>>,
}

impl<'a> Packing<'a> {
    fn place(&mut self, words: &'a str) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let new = &mut self.new;
        *self.places.entry(words).or_insert_with(|| {
            new.push(Cow::Borrowed(words));
            next
        })
    }

    fn pack(&mut self, lesson: &'a LessonRow) -> Packed<'a> {
        let LessonRow { place, reference, class, day, start, end, subject, teacher, room, mode, link } = lesson;
        Packed(
            self.place(&place.sheet),
            place.row,
            reference.as_deref().map(Cow::Borrowed),
            self.place(class),
            day.num_days_from_ce(),
            start.num_seconds_from_midnight(),
            end.num_seconds_from_midnight(),
            self.place(subject),
            teacher.as_deref().map(|words| self.place(words)),
            room.as_deref().map(|words| self.place(words)),
            *mode,
            link.as_deref().map(Cow::Borrowed),
        )
    }
}

impl Packed<'_> {
    /// `None`: words or a day that there are not.
    fn unpack(self, words: &[Words], nothing: &Words) -> Option<LessonRow> {
        let Self(sheet, row, reference, class, day, start, end, subject, teacher, room, mode, link) = self;
        let said = |place: u32| words.get(usize::try_from(place).ok()?).cloned();
        let maybe = |place: Option<u32>| place.map_or(Some(None), |place| said(place).map(Some));
        let own = |words: Cow<'_, str>| if words.is_empty() { nothing.clone() } else { Words::from(&*words) };
        let hour = |seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0);
        Some(LessonRow {
            place: Place { sheet: said(sheet)?, row },
            reference: reference.map(own),
            class: said(class)?,
            day: NaiveDate::from_num_days_from_ce_opt(day)?,
            start: hour(start)?,
            end: hour(end)?,
            subject: said(subject)?,
            teacher: maybe(teacher)?,
            room: maybe(room)?,
            mode,
            link: link.map(own),
        })
    }
}

/// A question, to be followed by the file's bytes.
pub fn to_read(file: &str) -> crate::kernel::Result<Vec<u8>> {
    asked(&Question::Read { file: Cow::Borrowed(file) })
}

/// A question, to be followed by the file's bytes: [`sheet::annotated`].
pub fn to_annotate(read: &Workbook, difference: &Difference, lang: Lang) -> crate::kernel::Result<Vec<u8>> {
    let faults = read.faults.iter().chain(&difference.faults).cloned().collect();
    let warnings = read.warnings.iter().chain(&difference.warnings).cloned().collect();
    asked(&Question::Annotate { sheets: Cow::Borrowed(&read.sheets), faults, warnings, lang })
}

fn asked(question: &Question<'_>) -> crate::kernel::Result<Vec<u8>> {
    let json = serde_json::to_vec(question)?;
    let mut asked = u64::try_from(json.len()).unwrap_or(u64::MAX).to_le_bytes().to_vec();
    asked.extend(json);
    Ok(asked)
}

/// The other side: answers a question about a file, piece by piece. An error is one of `say`, or the question is none of
/// ours.
pub fn serve(input: &[u8], say: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let none = || io::Error::other("no question of ours");
    let (length, rest) = input.split_first_chunk::<8>().ok_or_else(none)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (question, bytes) = rest.split_at_checked(length).ok_or_else(none)?;
    let answered = match serde_json::from_slice(question)? {
        // The process ends with the answer: to give back hundreds of thousands of cells one by one is work for nobody.
        Question::Read { file } => read::open(bytes).map(ManuallyDrop::new).and_then(|grid| {
            let book = ManuallyDrop::new(read::understand(&grid, &file)?);
            Ok(say_book(&book, say))
        }),
        Question::Annotate { sheets, faults, warnings, lang } => {
            let book = Workbook { sheets: sheets.into_owned(), faults, warnings, ..Workbook::default() };
            read::open(bytes).map(|grid| {
                let file = sheet::annotated(&grid, &book, &Difference::default(), lang).map_err(io::Error::other)?;
                file.chunks(PIECE).try_for_each(|some| say(&[&[BYTES], some].concat()))
            })
        }
    };
    match answered {
        Ok(said) => said?,
        Err(refusal) => say_piece(&Piece::Refused(Cow::Borrowed(refusal.code)), say)?,
    }
    say_piece(&Piece::End, say)
}

fn say_piece(piece: &Piece<'_>, say: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut bytes = vec![JSON];
    serde_json::to_writer(&mut bytes, piece)?;
    say(&bytes)
}

fn say_book(book: &Workbook, say: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    fn all<'a, T: Clone>(
        things: &'a [T],
        piece: impl Fn(Cow<'a, [T]>) -> Piece<'a>,
        say: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        things.chunks(AT_ONCE).try_for_each(|some| say_piece(&piece(Cow::Borrowed(some)), say))
    }
    all(&book.sheets, Piece::Sheets, say)?;
    let mut packing = Packing::default();
    for some in book.lessons.chunks(AT_ONCE) {
        let packed = some.iter().map(|lesson| packing.pack(lesson)).collect();
        say_piece(&Piece::Lessons(std::mem::take(&mut packing.new), packed), say)?;
    }
    all(&book.people, Piece::People, say)?;
    all(&book.faults, Piece::Faults, say)?;
    all(&book.warnings, Piece::Warnings, say)?;
    all(&book.freezes, Piece::Freezes, say)
}

/// An answer that is being put together.
#[derive(Debug, Default)]
pub struct Answer {
    book: Workbook,
    /// What sessions name.
    words: Vec<Words>,
    /// What an empty cell says.
    nothing: Words,
    bytes: Vec<u8>,
    refused: Option<Refusal>,
    ended: bool,
}

impl Answer {
    /// About the file of this name.
    pub fn about(file: &str) -> Self {
        Self { book: Workbook { file: file.to_owned(), ..Workbook::default() }, ..Self::default() }
    }

    /// Takes the next piece; `false`: it makes no sense.
    pub fn take(&mut self, bytes: &[u8]) -> bool {
        match bytes.split_first() {
            _ if self.ended => false,
            Some((&BYTES, some)) => {
                self.bytes.extend_from_slice(some);
                self.bytes.len() <= MAX_FILE
            }
            Some((&JSON, json)) => serde_json::from_slice(json).is_ok_and(|piece| self.add(piece)),
            _ => false,
        }
    }

    fn add(&mut self, piece: Piece<'_>) -> bool {
        let book = &mut self.book;
        match piece {
            Piece::Sheets(some) => book.sheets.extend(some.into_owned()),
            Piece::Lessons(new, some) => {
                self.words.extend(new.iter().map(|words| Words::from(&**words)));
                for packed in some {
                    let Some(lesson) = packed.unpack(&self.words, &self.nothing) else { return false };
                    book.lessons.push(lesson);
                }
            }
            Piece::People(some) => book.people.extend(some.into_owned()),
            Piece::Faults(some) => book.faults.extend(some.into_owned()),
            Piece::Warnings(some) => book.warnings.extend(some.into_owned()),
            Piece::Freezes(some) => book.freezes.extend(some.into_owned()),
            Piece::Refused(code) => {
                self.refused = read::refusal(&code);
                return self.refused.is_some();
            }
            Piece::End => self.ended = true,
        }
        let others = [book.sheets.len(), book.people.len(), book.faults.len(), book.warnings.len()];
        book.lessons.len() <= MAX_LESSONS && others.into_iter().chain([book.freezes.len()]).all(|n| n <= MAX_CELLS)
    }

    /// What the file says, or why it cannot be read; `None`: not everything was said.
    pub fn workbook(self) -> Option<Result<Workbook, Refusal>> {
        self.ended.then_some(self.refused.map_or(Ok(self.book), Err))
    }

    /// The file that is given back, or why it cannot be read; `None`: not everything was said.
    pub fn file(self) -> Option<Result<Vec<u8>, Refusal>> {
        self.ended.then_some(self.refused.map_or(Ok(self.bytes), Err))
    }
}
