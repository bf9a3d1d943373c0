//! Do Plan and data fit together? Checked once, so that later stages need not doubt lengths and types.

use jifen_data::{Column, FactLog, KindTable, OpeningStanding, RosterData};
use jifen_plan::{FieldType, Kind, Plan};

use crate::error::EngineError;

/// Checks that tables, columns and lengths are those of the Plan.
pub(crate) fn check(plan: &Plan, facts: &FactLog, rosters: &RosterData) -> Result<(), EngineError> {
    if facts.kinds.len() != plan.kinds.len() {
        return Err(EngineError::Inconsistent("number of fact kinds"));
    }
    if rosters.tables.len() != plan.rosters.len() {
        return Err(EngineError::Inconsistent("number of rosters"));
    }
    for (roster, table) in plan.rosters.iter().zip(&rosters.tables) {
        if table.attrs.len() != roster.attrs.len() {
            return Err(EngineError::Inconsistent("number of roster attributes"));
        }
    }
    for (kind, table) in plan.kinds.iter().zip(&facts.kinds) {
        kind_table(kind, table)?;
        let subjects = rosters.table(kind.subject).map_or(0, |t| t.ids.len());
        if table.subject.iter().any(|s| *s as usize >= subjects) {
            return Err(EngineError::Inconsistent(
                "a fact's subject is not in its roster's ids",
            ));
        }
    }
    if plan.versions.len() > usize::from(crate::settle::MAX_VERSIONS) {
        return Err(EngineError::Inconsistent("too many versions"));
    }
    Ok(())
}

/// Checks that what was taken over fits the Plan and the rosters.
pub(crate) fn taken_over(
    plan: &Plan,
    rosters: &RosterData,
    taken: &[OpeningStanding],
) -> Result<(), EngineError> {
    let fits = |t: &OpeningStanding| {
        let of = plan.standings.get(t.standing.ix());
        let table = of.and_then(|s| rosters.table(s.roster));
        t.fits(plan) && table.is_some_and(|t2| (t.subject as usize) < t2.ids.len())
    };
    let mut about: Vec<_> = taken.iter().map(OpeningStanding::about).collect();
    about.sort_unstable();
    let once = about.windows(2).all(|w| w.first() != w.last());
    match once && taken.iter().all(fits) {
        true => Ok(()),
        false => Err(EngineError::Inconsistent("what was taken over")),
    }
}

fn kind_table(kind: &Kind, table: &KindTable) -> Result<(), EngineError> {
    let n = table.len();
    let lengths = [
        table.ids.len(),
        table.at.len(),
        table.day_only.len(),
        table.entered.len(),
    ];
    if lengths.iter().any(|l| *l != n) || table.fields.len() != kind.fields.len() {
        return Err(EngineError::Inconsistent("columns of a kind"));
    }
    if u32::try_from(n).is_err() {
        return Err(EngineError::Inconsistent("more than 2^32 facts of a kind"));
    }
    for (field, column) in kind.fields.iter().zip(&table.fields) {
        let fits = matches!(
            (&field.ty, column),
            (FieldType::Number(_) | FieldType::Percent, Column::Number(_))
                | (FieldType::YesNo, Column::YesNo(_))
                | (FieldType::Date, Column::Date(_))
                | (FieldType::Instant, Column::Instant(_))
                | (FieldType::Span, Column::Span(_))
                | (
                    FieldType::Text | FieldType::Choice(_) | FieldType::Group | FieldType::Ref(_),
                    Column::Text(_)
                )
        );
        if column.len() != n || !fits {
            return Err(EngineError::Inconsistent("a field's column"));
        }
    }
    Ok(())
}
