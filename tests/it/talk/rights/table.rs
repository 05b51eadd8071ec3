//! The table once more, by hand, as PRODUCT says who may do what: a wrong cell of `school/rights.rs` shows here.

use preau::school::rights::{Act, Reach, Tie};
use preau::school::roster::Role;

/// Nobody's account, student, teacher, supervisor, manager, admin. `+`: in every class; `-`: never; else where one of these
/// ties is: `e` stands in the class, `t` gives the lesson, `c` looks after the class.
const TABLE: [(Act, &str); 12] = [
    (Act::Ask, "+ + + + + +"),
    (Act::Timetable, "- e t etc + +"),
    (Act::Own, "- + + + + +"),
    (Act::Announce, "- e - - - -"),
    (Act::Group, "- e et etc + +"),
    (Act::Roll, "- - t tc + +"),
    (Act::Classes, "- - - + + +"),
    (Act::Class, "- - - c + +"),
    (Act::Staff, "- - - - + +"),
    (Act::Untie, "- - - c + +"),
    (Act::UntieAdmin, "- - - - - +"),
    (Act::School, "- - - - - +"),
];

const ROLES: [Option<Role>; 6] =
    [None, Some(Role::Student), Some(Role::Teacher), Some(Role::Supervisor), Some(Role::Manager), Some(Role::Admin)];

fn written(reach: Reach) -> String {
    let letter = |tie: &Tie| match tie {
        Tie::Enrolled => 'e',
        Tie::Teaches => 't',
        Tie::Cares => 'c',
    };
    match reach {
        Reach::Never => "-".to_owned(),
        Reach::Always => "+".to_owned(),
        Reach::By(ties) => ties.iter().map(letter).collect(),
    }
}

#[test]
fn the_table_says_what_was_agreed() {
    assert_eq!(TABLE.map(|(act, _)| act), Act::ALL);
    for (act, row) in TABLE {
        let said: Vec<String> = ROLES.iter().map(|role| written(act.reach(*role))).collect();
        assert_eq!(said.join(" "), row, "{act:?}");
    }
}
