//! Who may do what: one table, by role and by what ties somebody to the class or the lesson. The gate reads the lowest
//! role that may at all ([`Act::audience`]), the flows whether this one may here ([`Act::reach`]).

use super::roster::Role;
use crate::telegram::command::Audience;

/// What is done, as far as rights tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Help, settings, the notice, a personal link: what concerns nobody else.
    Ask,
    /// The lessons of oneself; in a group, of its class.
    Timetable,
    /// One's own lines, and objecting to them.
    Own,
    /// To say of oneself « absent », « late », « here », in a lesson of one's class.
    Announce,
    /// To be in the group of a class.
    Group,
    /// The roll, the sheet and the call of a lesson.
    Roll,
    /// Which classes there are, and their groups.
    Classes,
    /// The links of the people of a class: who looks after it.
    Class,
    /// The links of the staff of no class.
    Staff,
    /// To undo the tie of somebody whose class one looks after.
    Untie,
    /// To undo the tie of an admin.
    UntieAdmin,
    /// The timetable's file, groups, the state, the journal, agreements: the school as a whole.
    School,
}

/// What may tie somebody to a class or a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// They stand in the class.
    Enrolled,
    /// They give the lesson; where no lesson is meant, one of the class.
    Teaches,
    /// They look after the class: it is theirs, or no class is and so all are.
    Cares,
}

/// How far a role's right goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Never,
    /// Where one of these ties is.
    By(&'static [Tie]),
    /// In every class.
    Always,
}

/// Nobody's account, student, teacher, supervisor, manager, admin.
struct Row(Reach, Reach, Reach, Reach, Reach, Reach);

impl Act {
    pub const ALL: [Self; 12] = [
        Self::Ask,
        Self::Timetable,
        Self::Own,
        Self::Announce,
        Self::Group,
        Self::Roll,
        Self::Classes,
        Self::Class,
        Self::Staff,
        Self::Untie,
        Self::UntieAdmin,
        Self::School,
    ];

    /// The table.
    const fn row(self) -> Row {
        use Reach::{Always, By, Never};
        use Tie::{Cares, Enrolled, Teaches};
        const IN_CLASS: Reach = By(&[Enrolled]);
        const GIVES: Reach = By(&[Teaches]);
        const CARES: Reach = By(&[Cares]);
        const COMES: Reach = By(&[Enrolled, Teaches]);
        const GIVES_OR_CARES: Reach = By(&[Teaches, Cares]);
        const ANY_TIE: Reach = By(&[Enrolled, Teaches, Cares]);
        match self {
            //                      nobody  student   teacher  supervisor      manager  admin
            Self::Ask => Row(Always, Always, Always, Always, Always, Always),
            Self::Timetable => Row(Never, IN_CLASS, GIVES, ANY_TIE, Always, Always),
            Self::Own => Row(Never, Always, Always, Always, Always, Always),
            Self::Announce => Row(Never, IN_CLASS, Never, Never, Never, Never),
            Self::Group => Row(Never, IN_CLASS, COMES, ANY_TIE, Always, Always),
            Self::Roll => Row(Never, Never, GIVES, GIVES_OR_CARES, Always, Always),
            Self::Classes => Row(Never, Never, Never, Always, Always, Always),
            Self::Class | Self::Untie => Row(Never, Never, Never, CARES, Always, Always),
            Self::Staff => Row(Never, Never, Never, Never, Always, Always),
            Self::UntieAdmin | Self::School => Row(Never, Never, Never, Never, Never, Always),
        }
    }

    /// How far this goes for a role; `None`: an account that is nobody's.
    pub const fn reach(self, role: Option<Role>) -> Reach {
        let Row(nobody, student, teacher, supervisor, manager, admin) = self.row();
        match role {
            None => nobody,
            Some(Role::Student) => student,
            Some(Role::Teacher) => teacher,
            Some(Role::Supervisor) => supervisor,
            Some(Role::Manager) => manager,
            Some(Role::Admin) => admin,
        }
    }

    /// … for whom the gate knows by this rank: a rank is a role.
    pub const fn reach_of(self, rank: Audience) -> Reach {
        self.reach(match rank {
            Audience::Anyone => None,
            Audience::Student => Some(Role::Student),
            Audience::Teacher => Some(Role::Teacher),
            Audience::Supervisor => Some(Role::Supervisor),
            Audience::Manager => Some(Role::Manager),
            Audience::Admin => Some(Role::Admin),
        })
    }

    /// May this role do it whatever the class?
    pub const fn is_always(self, role: Option<Role>) -> bool {
        matches!(self.reach(role), Reach::Always)
    }

    /// May this role do it in some class at least?
    pub const fn is_ever(self, role: Option<Role>) -> bool {
        !matches!(self.reach(role), Reach::Never)
    }

    /// May this role do it where this tie is?
    pub fn is_by(self, role: Option<Role>, tie: Tie) -> bool {
        match self.reach(role) {
            Reach::Never => false,
            Reach::By(ties) => ties.contains(&tie),
            Reach::Always => true,
        }
    }

    /// Does the gate let this rank through?
    pub fn lets(self, rank: Audience) -> bool {
        rank >= self.audience()
    }

    /// The lowest rank that may at all: whom the gate lets through. What anybody in a group may see, or is told why not
    /// in words of its own, the flow answers.
    pub const fn audience(self) -> Audience {
        if matches!(self, Self::Timetable | Self::Announce) {
            return Audience::Anyone;
        }
        let Row(nobody, student, teacher, supervisor, manager, _) = self.row();
        match (nobody, student, teacher, supervisor, manager) {
            (Reach::Always | Reach::By(_), ..) => Audience::Anyone,
            (_, Reach::Always | Reach::By(_), ..) => Audience::Student,
            (_, _, Reach::Always | Reach::By(_), ..) => Audience::Teacher,
            (_, _, _, Reach::Always | Reach::By(_), _) => Audience::Supervisor,
            (_, _, _, _, Reach::Always | Reach::By(_)) => Audience::Manager,
            _ => Audience::Admin,
        }
    }
}

/// May whoever has this role give lessons? A lesson is tied to nobody else.
pub fn may_teach(role: Role) -> bool {
    Act::Roll.is_by(Some(role), Tie::Teaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Option<Role>; 6] = [
        None,
        Some(Role::Student),
        Some(Role::Teacher),
        Some(Role::Supervisor),
        Some(Role::Manager),
        Some(Role::Admin),
    ];

    /// Ranks include those after them: no role may be let through whom the table refuses everywhere, unless the flow
    /// says so itself.
    #[test]
    fn the_gate_lets_through_whom_the_table_knows() {
        for act in Act::ALL {
            for role in ROLES {
                let through = Audience::from(role) >= act.audience();
                let some = act.reach(role) != Reach::Never;
                assert_eq!(act.reach_of(Audience::from(role)), act.reach(role), "{act:?} {role:?}");
                let itself = matches!(act, Act::Timetable | Act::Announce);
                assert!(through == some || (itself && through), "{act:?} {role:?}");
            }
        }
    }

    #[test]
    fn staff_may_teach_and_students_may_not() {
        assert_eq!(Role::ALL.map(may_teach), [false, true, true, true, true]);
        let comes = |tie: Tie| ROLES.map(|role| Act::Group.is_by(role, tie));
        assert_eq!(comes(Tie::Enrolled), [false, true, true, true, true, true]);
        assert_eq!(comes(Tie::Cares), [false, false, false, true, true, true]);
        assert_eq!(ROLES.map(|role| Act::Announce.is_ever(role)), [false, true, false, false, false, false]);
    }

    #[test]
    fn nobody_and_students_never_reach_another_s_data() {
        for act in [Act::Roll, Act::Classes, Act::Class, Act::Staff, Act::Untie, Act::UntieAdmin, Act::School] {
            for role in [None, Some(Role::Student)] {
                assert_eq!(act.reach(role), Reach::Never, "{act:?} {role:?}");
            }
        }
    }
}
