//! 期初 (S37): balances taken over from an older system, from a sheet with a line for each lot: who, how much, of what date.
//!
//! A line that cannot be used is left out and named. Two lines of one account, currency and date are one lot given
//! twice: an equal one is dropped with a remark, different ones are both refused, for which is right cannot be told.

use crate::fault::{FileError, Place};
use crate::mapping::{names, usual};
use crate::raw::{CellMark, RawBatch, RawTable};
use crate::roster::{RosterFault, choice_fault, column_missing, date_styles};
use crate::value::{date, number, trim, words};
use crate::view::View;
use crate::{CellFault, InputFile, ReadOptions, read};
use jifen_calendar::{Day, Zone};
use jifen_data::{Opening, Openings, RosterData};
use jifen_diag::{Text, text};
use jifen_plan::{CurrencyIx, Plan, RosterIx};
use std::collections::{BTreeMap, BTreeSet};

/// Headings of the currency.
const CURRENCY: [&str; 4] = ["积分", "币", "积分种类", "currency"];
/// Headings of the amount.
const AMOUNT: [&str; 5] = ["数额", "期初", "余额", "分值", "amount"];
/// Headings of the roster, needed only where two rosters hold one id.
const ROSTER: [&str; 2] = ["名册", "roster"];

/// Opening balances as read.
#[derive(Clone, Debug, Default)]
pub struct OpeningsRead {
    /// The lots, in order of account, currency and date.
    pub openings: Openings,
    /// Rows read.
    pub rows: u64,
    /// Rows that were left out.
    pub faults: Vec<RosterFault>,
    /// Rows that repeat another.
    pub repeated: u64,
}

impl OpeningsRead {
    /// What was found out on the way.
    pub fn notes(&self) -> Vec<Text> {
        match self.repeated {
            0 => Vec::new(),
            n => vec![text!(
                zh = "期初有 {n} 行与另一行完全相同，只计一次",
                en = "{n} opening lines repeat another one and count once"
            )],
        }
    }
}

/// Reads opening balances. A policy with one currency needs no column for it.
///
/// # Errors
/// A file that cannot be read at all, with its name.
pub fn read_openings(
    files: &[InputFile],
    plan: &Plan,
    rosters: &RosterData,
    zone: &Zone,
    options: &ReadOptions,
) -> Result<OpeningsRead, (String, FileError)> {
    let mut options = options.clone();
    options.known = names(&usual::SUBJECT);
    options.known.extend(names(&AMOUNT));
    let mut reading = Reading::default();
    for file in files {
        let tables = read(&file.name, file.bytes.clone(), &options);
        for table in tables.map_err(|e| (file.name.clone(), e))? {
            let columns = Columns::find(&file.name, &table, plan);
            let columns = columns.map_err(|e| (file.name.clone(), e))?;
            let styles = date_styles(&table, None, &[columns.day], zone);
            let style = styles.get(columns.day).copied().unwrap_or_default();
            let line = |batch, row| Line {
                plan,
                rosters,
                zone,
                batch,
                row,
            };
            for batch in &table.batches {
                for row in 0..batch.len() {
                    let read = line(batch, row).read(&columns, style);
                    reading.take(&file.name, &table.headers, batch.place(row), &columns, read);
                }
            }
        }
    }
    Ok(reading.finish())
}

/// What tells lots apart: account, currency and date.
type LotKey = (RosterIx, u32, CurrencyIx, Day);

/// One line as it was read, with the place to name if it is refused.
struct Taken {
    opening: Opening,
    fault_at: RosterFault,
}

#[derive(Default)]
struct Reading {
    rows: u64,
    lots: BTreeMap<LotKey, Vec<Taken>>,
    faults: Vec<RosterFault>,
}

impl Reading {
    fn take(
        &mut self,
        file: &str,
        headers: &[String],
        place: Place,
        columns: &Columns,
        read: Result<Opening, Refused>,
    ) {
        self.rows += 1;
        let fault = |column: usize, fault| RosterFault {
            file: file.to_owned(),
            place,
            column: headers.get(column).cloned().unwrap_or_default(),
            fault,
        };
        match read {
            Err((column, why)) => self.faults.push(fault(column, why)),
            Ok(opening) => {
                let key = (
                    opening.roster,
                    opening.subject,
                    opening.currency,
                    opening.day,
                );
                let fault_at = fault(columns.amount, twice());
                self.lots
                    .entry(key)
                    .or_default()
                    .push(Taken { opening, fault_at });
            }
        }
    }

    fn finish(self) -> OpeningsRead {
        let mut out = OpeningsRead {
            rows: self.rows,
            faults: self.faults,
            ..OpeningsRead::default()
        };
        for mut lines in self.lots.into_values() {
            let amounts: BTreeSet<_> = lines.iter().map(|t| t.opening.amount).collect();
            if amounts.len() > 1 {
                out.faults.extend(lines.into_iter().map(|t| t.fault_at));
                continue;
            }
            out.repeated += lines.len() as u64 - 1;
            out.openings.lines.extend(lines.pop().map(|t| t.opening));
        }
        let place = |f: &RosterFault| (f.file.clone(), f.place);
        out.faults.sort_by_key(place);
        out
    }
}

fn twice() -> CellFault {
    CellFault::new(
        "opening_twice",
        text!(
            zh = "同一账户、同一积分、同一日期的期初写了几行，数额不同",
            en = "several opening lines for one account, kind of points and date, with different amounts"
        ),
        text!(
            zh = "只留正确的一行；若是几笔，合成一行",
            en = "keep the right one; if they are several lots, write their sum in one line"
        ),
    )
}

struct Columns {
    subject: usize,
    roster: Option<usize>,
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
            roster: find(&ROSTER),
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
        let (roster, subject) = self.subject(columns)?;
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

    fn subject(&self, columns: &Columns) -> Result<(RosterIx, u32), Refused> {
        let (cell, mark) = self.cell(columns.subject);
        let refuse = |fault| (columns.subject, fault);
        let id = words::id(&cell, mark == CellMark::Number).map_err(refuse)?;
        let wanted = columns.roster.map(|c| (c, self.cell(c).0));
        let rosters = self.plan.rosters.iter().zip(&self.rosters.tables);
        let mut found = Vec::new();
        for (i, (roster, table)) in rosters.enumerate() {
            if wanted
                .as_ref()
                .is_none_or(|(_, w)| w.is_empty() || *w == roster.name)
                && let Some(code) = table.subject(id)
            {
                found.extend(u16::try_from(i).ok().map(|r| (RosterIx(r), code)));
            }
        }
        match (found.as_slice(), &wanted) {
            ([one], _) => Ok(*one),
            ([], Some((column, name))) if !name.is_empty() && !self.is_roster(name) => {
                let names: Vec<String> = self.plan.rosters.iter().map(|r| r.name.clone()).collect();
                Err((*column, choice_fault(name, &names)))
            }
            ([], _) => Err(refuse(CellFault::new(
                "subject_unknown",
                text!(zh = "名册里没有“{id}”", en = "the roster has no “{id}”"),
                text!(zh = "核对编号", en = "look the id up"),
            ))),
            _ => Err(refuse(CellFault::new(
                "subject_unknown",
                text!(
                    zh = "不止一个名册有“{id}”",
                    en = "more than one roster has “{id}”"
                ),
                text!(
                    zh = "加一列“名册”，写明是哪个名册",
                    en = "add a column “roster” that says which one"
                ),
            ))),
        }
    }

    fn is_roster(&self, name: &str) -> bool {
        self.plan.rosters.iter().any(|r| r.name == name)
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
