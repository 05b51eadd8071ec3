//! Who is at the demo school: sixty invented people in four classes.

/// A class, and how many of the students of [`STUDENTS`] are in it.
pub const CLASSES: [(&str, usize); 4] =
    [("BTS SIO 1A", 15), ("BTS SIO 2A", 13), ("Bachelor Com 1", 12), ("CAP Cuisine 1", 12)];

/// The administrator comes by `preau invite`, not by the file.
pub const ADMIN: (&str, &str) = ("Samia", "Benali");

/// Family name, first name, birth, role, classes.
pub const STAFF: [[&str; 5]; 7] = [
    ["Diallo", "Mamadou", "04/02/1980", "enseignant", "BTS SIO 1A, BTS SIO 2A"],
    ["Petit", "Hélène", "21/09/1972", "enseignant", "BTS SIO 1A, BTS SIO 2A"],
    ["Roy", "Camille", "13/05/1988", "enseignant", "BTS SIO 1A, Bachelor Com 1"],
    ["Garcia", "Lucía", "30/01/1991", "enseignant", "BTS SIO 2A, Bachelor Com 1"],
    ["Martin", "Gilles", "08/11/1969", "enseignant", "CAP Cuisine 1"],
    ["Adam", "Sylvie", "19/07/1975", "superviseur", "BTS SIO 1A, BTS SIO 2A, Bachelor Com 1, CAP Cuisine 1"],
    ["Laurent", "Claire", "02/12/1968", "responsable", "BTS SIO 1A, BTS SIO 2A, Bachelor Com 1, CAP Cuisine 1"],
];

/// Family name and first name, in the order of the classes.
pub const STUDENTS: [(&str, &str); 52] = [
    ("Moreau", "Inès"),
    ("Toumi", "Karim"),
    ("Bernard", "Noé"),
    ("Simon", "Paul"),
    ("Petit", "Léa"),
    ("Nguyen", "Minh"),
    ("Dubois", "Chloé"),
    ("Traoré", "Aminata"),
    ("Lefèvre", "Tom"),
    ("Rossi", "Giulia"),
    ("Fontaine", "Hugo"),
    ("Haddad", "Yasmine"),
    ("Mercier", "Louis"),
    ("Da Silva", "Ana"),
    ("Kone", "Ibrahim"),
    ("Costa", "Jade"),
    ("Girard", "Hugo"),
    ("Nguyen", "Lina"),
    ("Bonnet", "Théo"),
    ("Diop", "Fatou"),
    ("Lambert", "Manon"),
    ("Rousseau", "Enzo"),
    ("Ben Salah", "Nour"),
    ("Henry", "Clara"),
    ("Muller", "Jonas"),
    ("Gauthier", "Sarah"),
    ("Pereira", "Tiago"),
    ("Robin", "Emma"),
    ("Masson", "Alice"),
    ("Blanc", "Rayan"),
    ("Guérin", "Zoé"),
    ("Faure", "Nathan"),
    ("André", "Lola"),
    ("Chevalier", "Adam"),
    ("François", "Maya"),
    ("Legrand", "Sacha"),
    ("Garnier", "Eva"),
    ("Rivière", "Malo"),
    ("Colin", "Inaya"),
    ("Vidal", "Ethan"),
    ("Brunet", "Rose"),
    ("Schmitt", "Gabin"),
    ("Renard", "Lou"),
    ("Barbier", "Nino"),
    ("Arnaud", "Mila"),
    ("Cisse", "Moussa"),
    ("Carpentier", "Jules"),
    ("Leroux", "Anna"),
    ("Aubert", "Victor"),
    ("Marchand", "Lise"),
    ("Picard", "Omar"),
    ("Lemoine", "Agathe"),
];

/// Students who have their link on paper still: the newcomer plays the first of them.
pub const ON_PAPER: [(&str, &str); 4] = [("Moreau", "Inès"), ("Costa", "Jade"), ("Masson", "Alice"), ("Renard", "Lou")];

/// The birthday of the n-th student: what a personal link asks for.
pub fn birth(nth: usize) -> String {
    format!("{:02}/{:02}/{}", nth % 28 + 1, nth * 5 % 12 + 1, 2006 + nth % 3)
}

/// Each student with their class.
pub fn students() -> impl Iterator<Item = (usize, (&'static str, &'static str), &'static str)> {
    let classes = CLASSES.iter().flat_map(|(class, count)| std::iter::repeat_n(*class, *count));
    STUDENTS.into_iter().zip(classes).enumerate().map(|(nth, (name, class))| (nth, name, class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_has_sixty_people_and_each_student_a_class() {
        assert_eq!(CLASSES.iter().map(|(_, count)| count).sum::<usize>(), STUDENTS.len());
        assert_eq!(STUDENTS.len() + STAFF.len() + 1, 60);
        assert!(ON_PAPER.iter().all(|one| STUDENTS.contains(one)));
        let mut names: Vec<_> = STUDENTS.to_vec();
        names.extend(STAFF.iter().map(|row| (row[0], row[1])));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 59, "nobody has another one's name");
    }
}
