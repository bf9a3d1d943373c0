//! How subjects stood before the policy (S37): taken over from an older system, one line for each period.

use jifen_calendar::Day;
use jifen_plan::{Plan, Standing, StandingIx, StandingKind};
use jifen_quantity::Decimal;

use crate::evaluation::Account;

/// How a subject stood in a period before the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningStanding {
    /// The standing, of subjects, in the first version.
    pub standing: StandingIx,
    /// Code of the subject.
    pub subject: u32,
    /// First day of the period; it ends before the first version is in force.
    pub first: Day,
    /// How.
    pub was: Was,
}

/// What was so in a period before the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Was {
    /// The level of a grade: an index into its names.
    Level(u16),
    /// Did what a flag asks hold in that period? How often it has to hold is counted from these.
    Held(bool),
    /// A right, and how much of it.
    Right(bool, Option<Decimal>),
}

/// Why something cannot be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The first version has no grade, flag or right of subjects of this name.
    NoSuch,
    /// It is of another roster.
    OtherRoster,
    /// The period ends when the policy is already in force: it is computed.
    Computed,
    /// A grade has a level, a flag yes or no, a right yes, no or how much.
    NotThat,
    /// Another line says something else of the same subject and period.
    Twice,
}

impl OpeningStanding {
    /// One line, of the period that holds a day.
    ///
    /// # Errors
    /// Why it cannot be taken over.
    pub fn new(
        plan: &Plan,
        name: &str,
        account: Account,
        day: Day,
        was: impl FnOnce(&Standing) -> Option<Was>,
    ) -> Result<OpeningStanding, NotTaken> {
        let same = |s: &Standing| s.version.ix() == 0 && s.name == name;
        let found = plan.standings.iter().position(same);
        let found = found.and_then(|at| Some((u16::try_from(at).ok()?, plan.standings.get(at)?)));
        let Some((ix, of)) = found else {
            return Err(NotTaken::NoSuch);
        };
        if of.is_shared() || matches!(of.what, StandingKind::Rank(_)) {
            return Err(NotTaken::NoSuch);
        }
        if of.roster != account.roster {
            return Err(NotTaken::OtherRoster);
        }
        let (first, after) = of.unit.bounds(day);
        if plan.versions.first().is_none_or(|v| v.from < after) {
            return Err(NotTaken::Computed);
        }
        let was = was(of).ok_or(NotTaken::NotThat)?;
        let line = OpeningStanding {
            standing: StandingIx(ix),
            subject: account.subject,
            first,
            was,
        };
        match line.fits(plan) {
            true => Ok(line),
            false => Err(NotTaken::NotThat),
        }
    }

    /// Of whom and when it is said: one line alone may say it.
    #[must_use]
    pub fn about(&self) -> (StandingIx, u32, Day) {
        (self.standing, self.subject, self.first)
    }

    /// Does it say what such a standing can be, of a period before the policy?
    #[must_use]
    pub fn fits(&self, plan: &Plan) -> bool {
        let of = plan.standings.get(self.standing.ix());
        let Some(of) = of.filter(|s| s.version.ix() == 0 && !s.is_shared()) else {
            return false;
        };
        let (first, after) = of.unit.bounds(self.first);
        let before = plan.versions.first().is_some_and(|v| after <= v.from);
        let like = match (self.was, &of.what) {
            (Was::Level(level), StandingKind::Grade(g)) => usize::from(level) < g.names.len(),
            (Was::Held(_), StandingKind::Flag(_)) => true,
            (Was::Right(true, worth), StandingKind::Right(r)) => {
                worth.is_some() == r.worth.is_some()
            }
            (Was::Right(false, worth), StandingKind::Right(_)) => worth.is_none(),
            _ => false,
        };
        first == self.first && before && like
    }
}
