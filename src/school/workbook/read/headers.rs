//! The row of headings: found below any titles, in French or English, in any order.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::kernel::Text;
use crate::kernel::text::names;
use crate::text;

use super::super::SheetKind;
use super::{Row, Sheet};

/// A column of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) enum Column {
    Date,
    Weekday,
    From,
    Until,
    Start,
    End,
    Length,
    Class,
    Subject,
    Teacher,
    Room,
    Mode,
    Link,
    Reference,
    LastName,
    FirstName,
    Email,
    Birth,
    Role,
    Lang,
    Card,
    Status,
}

use Column::{
    Birth, Card, Class, Date, Email, End, FirstName, From, Lang, LastName, Length, Link, Mode, Reference, Role, Room,
    Start, Status, Subject, Teacher, Until, Weekday,
};

/// Headings as schools write them, folded. The first of each is the one in our template.
const NAMES: &[(Column, &[&str])] = &[
    (Date, &["date", "date du cours", "date de la seance", "date cours", "lesson date", "session date"]),
    (Weekday, &["jour", "day", "weekday", "jour de la semaine", "day of week", "jours", "days"]),
    (From, &["du", "from", "date debut", "date de debut", "a partir du", "depuis", "start date", "from date"]),
    (Until, &["au", "until", "to", "date fin", "date de fin", "jusqu au", "jusqu a", "end date", "to date", "till"]),
    (Start, &["debut", "start", "heure debut", "heure de debut", "start time", "begin", "heure", "time", "h debut"]),
    (End, &["fin", "end", "heure fin", "heure de fin", "end time", "finish", "h fin"]),
    (Length, &["duree", "duration", "length", "duree min", "duration min", "minutes"]),
    (Class, &["classe", "class", "classes", "groupe", "group", "groupes", "groups", "promotion", "promo", "division"]),
    (Subject, &["matiere", "subject", "cours", "course", "module", "intitule", "discipline", "topic", "lesson", "ue"]),
    (
        Teacher,
        &[
            "enseignant",
            "teacher",
            "prof",
            "professeur",
            "professeure",
            "enseignante",
            "formateur",
            "formatrice",
            "intervenant",
            "intervenante",
            "lecturer",
            "coach",
            "trainer",
            "enseignants",
        ],
    ),
    (Room, &["salle", "room", "salles", "lieu", "location", "place", "classroom"]),
    (Mode, &["mode", "modalite", "modality", "format"]),
    (Link, &["lien", "link", "url", "zoom link", "lien visio", "lien zoom", "visio", "meeting link"]),
    // What names a session and nothing else: « Code », « Id », « Numéro » may be those of a subject or a room, and many
    // schools number the sessions of each subject (« N° de séance » 1, 2, 3).
    (
        Reference,
        &[
            "reference",
            "ref",
            "id seance",
            "id de seance",
            "reference de seance",
            "reference seance",
            "ref seance",
            "session id",
            "session reference",
            "lesson id",
            "lesson reference",
        ],
    ),
    (LastName, &["nom", "last name", "surname", "family name", "nom de famille", "name", "lastname"]),
    (FirstName, &["prenom", "first name", "given name", "prenoms", "firstname"]),
    (
        Email,
        &["e mail", "email", "mail", "courriel", "adresse mail", "adresse e mail", "adresse email", "email address"],
    ),
    (
        Birth,
        &[
            "naissance",
            "date of birth",
            "date de naissance",
            "birth",
            "birth date",
            "birthdate",
            "ne le",
            "nee le",
            "ne e le",
            "date naissance",
            "dob",
            "birthday",
        ],
    ),
    (Role, &["role", "fonction", "profil", "function"]),
    (Lang, &["langue", "language", "lang"]),
    (
        Card,
        &[
            "carte",
            "card",
            "numero de carte",
            "n de carte",
            "no carte",
            "n carte",
            "numero carte",
            "badge",
            "card number",
        ],
    ),
    (Status, &["statut", "status", "etat"]),
];

/// How a column is called when the file does not have it.
fn label_of(column: Column) -> &'static str {
    match column {
        Date => "Date",
        Weekday => "Jour",
        From => "Du",
        Until => "Au",
        Start => "Début",
        End => "Fin",
        Length => "Durée",
        Class => "Classe",
        Subject => "Matière",
        Teacher => "Enseignant",
        Room => "Salle",
        Mode => "Mode",
        Link => "Lien",
        Reference => "Référence",
        LastName => "Nom",
        FirstName => "Prénom",
        Email => "E-mail",
        Birth => "Naissance",
        Role => "Rôle",
        Lang => "Langue",
        Card => "Carte",
        Status => "Statut",
    }
}

/// The column that is called so, and how far from its usual name: 0 is the first of [`NAMES`].
fn called(so: impl Fn(&str) -> bool) -> Option<(Column, usize)> {
    NAMES.iter().find_map(|(column, names)| Some((*column, names.iter().position(|name| so(name))?)))
}

/// A heading of ours: as it stands, without what is in brackets, or with one wrong letter in a long word; and how far it
/// is from the column's usual name.
fn recognise(heading: &str) -> Option<(Column, usize)> {
    if heading.chars().count() > 60 {
        return None;
    }
    let folded = names::fold(heading);
    let bare = names::fold(heading.split(['(', '[']).next()?);
    if let Some(found) = called(|name| name == folded).or_else(|| called(|name| name == bare)) {
        return Some(found);
    }
    let letters = folded.chars().count();
    if letters < 6 {
        return None;
    }
    // Most are longer or shorter by more than a letter: that is seen sooner.
    let near = |name: &str| {
        let of_name = name.chars().count();
        of_name >= 6 && of_name.abs_diff(letters) <= 1 && names::distance(&folded, name) <= 1
    };
    let (column, far) = called(near)?;
    Some((column, far + SLIP))
}

/// A heading with a wrong letter is further away than any that is written right.
const SLIP: usize = 1_000;

/// How the headings of a sheet call a column: of several, the nearest to its usual name does, wherever it stands.
pub(super) fn label_among<'a>(column: Column, labels: impl Iterator<Item = &'a str>) -> String {
    let far = |label: &str| recognise(label).filter(|(of, _)| *of == column).map(|(_, far)| far);
    let named = labels.filter_map(|label| Some((far(label)?, label))).min_by_key(|(far, _)| *far);
    named.map_or_else(|| label_of(column), |(_, label)| label).to_owned()
}

/// How far down headings are looked for.
const DEEP: usize = 40;

/// The recognised headings of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Headers {
    pub kind: SheetKind,
    /// From 1.
    pub row: u32,
    found: BTreeMap<Column, (u32, String)>,
    /// Their headings folded, with where they stand.
    folded: Vec<(u32, String)>,
    /// Headings of a column that another one of the row names better: what stands under them is not read.
    aside: Vec<(Column, String)>,
}

impl Headers {
    /// The row with most headings of ours among the first ones, if it makes sense.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        let mut best: Option<Self> = None;
        for row in sheet.rows.iter().take(DEEP) {
            let headers = Self::of(row);
            let Some(headers) = headers else { continue };
            if best.as_ref().is_none_or(|best| headers.found.len() > best.found.len()) {
                best = Some(headers);
            }
        }
        best
    }

    fn of(row: &Row) -> Option<Self> {
        let mut all: Vec<(Column, usize, u32, String)> = Vec::new();
        for (position, cell) in row.cells().take(300) {
            let super::Cell::Text(_) = cell else { continue };
            let heading = cell.words();
            all.extend(recognise(&heading).map(|(column, far)| (column, far, position, heading)));
        }
        // In any order: which of two is meant is said by the words, and only between equals by where they stand.
        all.sort();
        let (mut found, mut aside) = (BTreeMap::new(), Vec::new());
        for (column, _, position, heading) in all {
            match found.entry(column) {
                Entry::Vacant(free) => {
                    free.insert((position, heading));
                }
                Entry::Occupied(_) => aside.push((column, heading)),
            }
        }
        let kind = kind_of(&found)?;
        if kind == SheetKind::Timetable {
            dates_of_weekly_lessons(&mut found);
        }
        let folded = found.values().map(|(position, heading)| (*position, names::fold(heading))).collect();
        Some(Self { kind, row: row.number, found, folded, aside })
    }

    pub fn position(&self, column: Column) -> Option<u32> {
        self.found.get(&column).map(|(position, _)| *position)
    }

    /// The heading as the file writes it.
    pub fn label(&self, column: Column) -> String {
        self.found.get(&column).map_or_else(|| label_of(column).to_owned(), |(_, label)| label.clone())
    }

    /// Headings that are left aside, each with the one that counts.
    pub fn aside(&self) -> impl Iterator<Item = (&str, String)> {
        self.aside.iter().map(|(column, heading)| (heading.as_str(), self.label(*column)))
    }

    pub fn columns(&self) -> Vec<(u32, String)> {
        let mut columns: Vec<(u32, String)> = self.found.values().cloned().collect();
        columns.sort();
        columns
    }

    /// The headings again, as some files have them at the top of each printed page.
    pub fn repeated(&self, row: &Row) -> bool {
        let same = |(position, label): &(u32, String)| match row.get(*position) {
            // Headings are words.
            Some(super::Cell::Text(words)) => names::folds_to(words, label),
            _ => false,
        };
        let (all, mut others) = (self.folded.len(), 0);
        // Looked at on every line: as soon as half of them are others, the rest does not matter.
        all >= 2
            && self.folded.iter().all(|found| {
                others += usize::from(!same(found));
                others * 2 < all
            })
    }

    /// Is there anything under our headings?
    pub fn touches(&self, row: &Row) -> bool {
        self.found.values().any(|(position, _)| row.get(*position).is_some_and(super::Cell::says))
    }

    /// Every column without which no line of a timetable can be read is there.
    pub fn complete(&self) -> bool {
        self.kind == SheetKind::People || self.missing().is_empty()
    }

    /// Columns without which the sheet cannot be read, and what to say.
    pub fn missing(&self) -> Vec<(String, Text)> {
        if self.kind != SheetKind::Timetable {
            return Vec::new();
        }
        let has = |column: Column| self.found.contains_key(&column);
        let mut missing = Vec::new();
        for column in [Start, Class, Subject] {
            if !has(column) {
                missing
                    .push((label_of(column).to_owned(), text!("workbook-column-missing", column = label_of(column))));
            }
        }
        if !has(End) && !has(Length) {
            missing.push((label_of(End).to_owned(), text!("workbook-column-missing-end")));
        }
        if !has(Date) && (!has(Weekday) || !has(From) || !has(Until)) {
            missing.push((label_of(Date).to_owned(), text!("workbook-column-missing-date")));
        }
        missing
    }
}

/// What sheet this row of headings makes; `None`: no row of headings of ours.
fn kind_of(found: &BTreeMap<Column, (u32, String)>) -> Option<SheetKind> {
    let has = |column: &Column| found.contains_key(column);
    let count = |columns: &[Column]| columns.iter().filter(|column| has(column)).count();
    let timed = has(&Date) || has(&Weekday) || has(&From) || has(&Start);
    let lesson = count(&[Date, Weekday, From, Until, Start, End, Length, Subject, Teacher, Room, Mode, Class]);
    let person = count(&[LastName, FirstName, Email, Birth, Role, Card, Status]);
    if person >= 2 && !(has(&Start) && lesson >= person) {
        Some(SheetKind::People)
    } else if timed && lesson >= 3 {
        Some(SheetKind::Timetable)
    } else {
        None
    }
}

/// « Date début » and « Date fin » without « Jour » are the hours' neighbours, not a weekly range: « date début » alone
/// is the date of the session.
fn dates_of_weekly_lessons(found: &mut BTreeMap<Column, (u32, String)>) {
    if !found.contains_key(&Date)
        && !found.contains_key(&Weekday)
        && !found.contains_key(&Until)
        && let Some(from) = found.remove(&From)
    {
        found.insert(Date, from);
    }
}
