//! Dimensions as exponents of base units (points, hours, yuan, …); the names of units are not here.

/// The dimension of a quantity: one exponent per base unit.
///
/// `10分/小时` has `points: 1, duration: -1`. Money is in yuan, 次 and 件 are `times`, 人 and 户 are `people`.
/// Percentages and plain numbers are [`Dim::PURE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dim {
    /// Exponent of points (分), of whatever currency.
    pub points: i8,
    /// Exponent of duration (小时).
    pub duration: i8,
    /// Exponent of money (元).
    pub money: i8,
    /// Exponent of counts of events or things (次, 件).
    pub times: i8,
    /// Exponent of counts of people or households (人, 户).
    pub people: i8,
    /// Exponent of votes (票).
    pub votes: i8,
}

impl Dim {
    /// A pure number.
    pub const PURE: Dim = Dim {
        points: 0,
        duration: 0,
        money: 0,
        times: 0,
        people: 0,
        votes: 0,
    };
    /// Points.
    pub const POINTS: Dim = Dim {
        points: 1,
        ..Dim::PURE
    };
    /// A length of time.
    pub const DURATION: Dim = Dim {
        duration: 1,
        ..Dim::PURE
    };
    /// Money in yuan.
    pub const MONEY: Dim = Dim {
        money: 1,
        ..Dim::PURE
    };
    /// A count of events or things.
    pub const TIMES: Dim = Dim {
        times: 1,
        ..Dim::PURE
    };
    /// A count of people or households.
    pub const PEOPLE: Dim = Dim {
        people: 1,
        ..Dim::PURE
    };
    /// A number of votes.
    pub const VOTES: Dim = Dim {
        votes: 1,
        ..Dim::PURE
    };

    /// The dimension of a product. Exponents stop at the limits of `i8`, which no readable formula reaches.
    #[must_use]
    #[allow(
        clippy::should_implement_trait,
        reason = "dimensions are combined by name, next to Decimal's fallible mul and div"
    )]
    pub const fn mul(self, rhs: Dim) -> Dim {
        Dim {
            points: self.points.saturating_add(rhs.points),
            duration: self.duration.saturating_add(rhs.duration),
            money: self.money.saturating_add(rhs.money),
            times: self.times.saturating_add(rhs.times),
            people: self.people.saturating_add(rhs.people),
            votes: self.votes.saturating_add(rhs.votes),
        }
    }

    /// The dimension of a quotient; limits as in [`Dim::mul`].
    #[must_use]
    #[allow(
        clippy::should_implement_trait,
        reason = "dimensions are combined by name, next to Decimal's fallible mul and div"
    )]
    pub const fn div(self, rhs: Dim) -> Dim {
        Dim {
            points: self.points.saturating_sub(rhs.points),
            duration: self.duration.saturating_sub(rhs.duration),
            money: self.money.saturating_sub(rhs.money),
            times: self.times.saturating_sub(rhs.times),
            people: self.people.saturating_sub(rhs.people),
            votes: self.votes.saturating_sub(rhs.votes),
        }
    }

    /// Whether this is a pure number.
    #[must_use]
    pub fn is_pure(self) -> bool {
        self == Dim::PURE
    }
}
