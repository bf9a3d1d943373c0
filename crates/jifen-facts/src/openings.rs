//! 期初: balances taken over from an older system, from a sheet with a line for each person and currency.

use crate::fault::{FileError, Place};
use crate::mapping::{names, usual};
use crate::raw::{CellMark, RawBatch, RawTable};
use crate::roster::{RosterFault, choice_fault, column_missing, date_styles};
use crate::value::{date, number, trim, words};
use crate::view::View;
use crate::{CellFault, InputFile, ReadOptions, read};
use jifen_calendar::Zone;
use jifen_data::{Opening, Openings, RosterData};
use jifen_diag::text;
use jifen_plan::{CurrencyIx, Plan, RosterIx};

/// Headings of the currency.
const CURRENCY: [&str; 4] = ["积分", "币", "积分种类", "currency"];
/// Headings of the amount.
const AMOUNT: [&str; 5] = ["数额", "期初", "余额", "分值", "amount"];

/// Reads opening balances. A policy with one currency needs no column for it.
pub fn read_openings(
    file: &InputFile,
    plan: &Plan,
    rosters: &RosterData,
    zone: &Zone,
    options: &ReadOptions,
) -> Result<(Openings, Vec<RosterFault>), FileError> {
    let (mut openings, mut faults) = (Openings::default(), Vec::new());
    let mut options = options.clone();
    options.known = names(&usual::SUBJECT);
    options.known.extend(names(&AMOUNT));
    for table in read(&file.name, file.bytes.clone(), &options)? {
        let columns = Columns::find(&file.name, &table, plan)?;
        let styles = date_styles(&table, None, &[columns.day], zone);
        for batch in &table.batches {
            for row in 0..batch.len() {
                let line = Line {
                    plan,
                    rosters,
                    zone,
                    batch,
                    row,
                };
                let style = styles.get(columns.day).copied().unwrap_or_default();
                match line.read(&columns, style) {
                    Ok(opening) => openings.lines.push(opening),
                    Err((column, fault)) => faults.push(RosterFault {
                        file: file.name.clone(),
                        place: line.place(),
                        column: table.headers.get(column).cloned().unwrap_or_default(),
                        fault,
                    }),
                }
            }
        }
    }
    Ok((openings, faults))
}

struct Columns {
    subject: usize,
    currency: Option<usize>,
    amount: usize,
    day: usize,
}

impl Columns {
    fn find(file: &str, table: &RawTable, plan: &Plan) -> Result<Self, FileError> {
        let find = |list: &[&str]| list.iter().find_map(|n| table.columns_named(n).next());
        let need = |list: &[&str]| {
            find(list).ok_or_else(|| column_missing(file, &names(list), &table.headers))
        };
        let currency = match plan.currencies.len() {
            1 => find(&CURRENCY),
            _ => Some(need(&CURRENCY)?),
        };
        Ok(Columns {
            subject: need(&usual::SUBJECT)?,
            currency,
            amount: need(&AMOUNT)?,
            day: need(&usual::DATE)?,
        })
    }
}

struct Line<'a> {
    plan: &'a Plan,
    rosters: &'a RosterData,
    zone: &'a Zone,
    batch: &'a RawBatch,
    row: usize,
}

type Refused = (usize, CellFault);

impl Line<'_> {
    fn place(&self) -> Place {
        self.batch.place(self.row)
    }

    fn cell(&self, column: usize) -> (String, CellMark) {
        match View::new(self.batch, column) {
            Some(view) => (
                trim(&view.text(self.row, self.zone)).to_owned(),
                view.mark(self.row),
            ),
            None => Default::default(),
        }
    }

    fn read(&self, columns: &Columns, style: date::DateStyle) -> Result<Opening, Refused> {
        let (roster, subject) = self.subject(columns.subject)?;
        let (amount, _) = self.cell(columns.amount);
        let amount = number::decimal(&amount).map_err(|f| (columns.amount, f))?;
        let (day, _) = self.cell(columns.day);
        let day = date::day(&day, style).map_err(|f| (columns.day, f))?;
        Ok(Opening {
            roster,
            subject,
            currency: self.currency(columns.currency)?,
            amount,
            day,
        })
    }

    fn subject(&self, column: usize) -> Result<(RosterIx, u32), Refused> {
        let (cell, mark) = self.cell(column);
        let id = words::id(&cell, mark == CellMark::Number).map_err(|f| (column, f))?;
        let rosters = self.rosters.tables.iter().enumerate();
        let found = rosters
            .filter_map(|(i, t)| Some((RosterIx(i as u16), t.ids.get_index_of(id)? as u32)))
            .next();
        found.ok_or_else(|| {
            let fault = CellFault::new(
                "subject_unknown",
                text!(zh = "名册里没有“{id}”", en = "the roster has no “{id}”"),
                text!(zh = "核对编号", en = "look the id up"),
            );
            (column, fault)
        })
    }

    fn currency(&self, column: Option<usize>) -> Result<CurrencyIx, Refused> {
        let Some(column) = column else {
            return Ok(CurrencyIx(0));
        };
        let (cell, _) = self.cell(column);
        let mut all = self.plan.currencies.iter();
        match all.position(|c| c.name == cell) {
            Some(i) => Ok(CurrencyIx(i as u16)),
            None => {
                let names: Vec<String> = self
                    .plan
                    .currencies
                    .iter()
                    .map(|c| c.name.clone())
                    .collect();
                Err((column, choice_fault(&cell, &names)))
            }
        }
    }
}
