//! Columns of what is asked of days: parts of a date, years of age, whether a day lies in a campaign.

use jifen_calendar::age;
use jifen_plan::{DatePart, DaySet, ExprId};

use super::column::{Bad, Col, Data, Nums, either, mark};
use super::kernel::Kernel;
use super::kernel::Result;
use super::parts::days_of;
use crate::scalar::{date_part, run_of};

impl<'w> Kernel<'w> {
    pub(super) fn date_part(&self, part: DatePart, a: ExprId, rows: &[u32]) -> Result<'w> {
        let col = self.eval(a, rows)?;
        let days = days_of(&col, rows.len())?;
        let parts = days.iter().map(|d| date_part(part, *d));
        Ok(Col {
            data: Data::Num(Nums::Narrow(0, parts.collect())),
            bad: col.bad,
        })
    }

    pub(super) fn age(&self, a: ExprId, b: ExprId, rows: &[u32]) -> Result<'w> {
        let (birth, on) = (self.eval(a, rows)?, self.eval(b, rows)?);
        let (x, y) = (days_of(&birth, rows.len())?, days_of(&on, rows.len())?);
        let ages = x.iter().zip(&y).map(|(b, o)| i64::from(age(*b, *o)));
        let data = Data::Num(Nums::Narrow(0, ages.collect()));
        Ok(Col {
            data,
            bad: either(birth.bad, on.bad),
        })
    }

    pub(super) fn in_days(&self, a: ExprId, set: &DaySet, rows: &[u32]) -> Result<'w> {
        let col = self.eval(a, rows)?;
        let days = days_of(&col, rows.len())?;
        let mut bad = None;
        let mut truth = Vec::with_capacity(days.len());
        for (i, day) in days.iter().enumerate() {
            truth.push(match run_of(set, *day) {
                Ok(run) => run.is_some(),
                Err(stop) => {
                    let why = Bad::of(&stop).ok_or(stop)?;
                    mark(&mut bad, rows.len(), i, why);
                    false
                }
            });
        }
        Ok(Col {
            data: Data::Bool(truth),
            bad: either(col.bad, bad),
        })
    }
}
