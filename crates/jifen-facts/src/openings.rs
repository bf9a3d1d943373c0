//! 期初 (S37): balances taken over from an older system, from a sheet with a line for each lot: who, how much, of what date.
//! Where the column of the currency names a grade, flag or right, the line says how somebody stood in the period of the date.
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
use jifen_data::{Account, NotTaken, Opening, OpeningStanding, Openings, RosterData, Was};
use jifen_diag::{Text, text};
use jifen_plan::{CurrencyIx, Plan, RosterIx, Standing, StandingIx, StandingKind};
use std::collections::BTreeMap;

/// Headings of the currency.
const CURRENCY: [&str; 4] = ["积分", "币", "积分种类", "currency"];
/// Headings of the amount.
const AMOUNT: [&str; 5] = ["数额", "期初", "余额", "分值", "amount"];
/// Headings of the roster, needed only where two rosters hold one id.
const ROSTER: [&str; 2] = ["名册", "roster"];

/// Opening balances as read.
#[derive(Clone, Debug, Default)]
pub struct OpeningsRead {
    /// The lots, in order of account, currency and date; and how subjects stood, in order of standing, period and subject.
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
struct Taken<T> {
    line: T,
    fault_at: RosterFault,
}

/// What a line says.
enum Said {
    Lot(Opening),
    Stood(OpeningStanding),
}

/// Of one account, currency and date, or of one standing, period and subject: what is said once, however often it is repeated.
fn only<T: PartialEq>(lines: Vec<Taken<T>>, out: &mut OpeningsRead) -> Option<T> {
    let differ = lines.windows(2).any(|w| match w {
        [a, b] => a.line != b.line,
        _ => false,
    });
    if differ {
        out.faults.extend(lines.into_iter().map(|t| t.fault_at));
        return None;
    }
    out.repeated += (lines.len() as u64).saturating_sub(1);
    lines.into_iter().next().map(|t| t.line)
}

#[derive(Default)]
struct Reading {
    rows: u64,
    lots: BTreeMap<LotKey, Vec<Taken<Opening>>>,
    stood: BTreeMap<(StandingIx, u32, Day), Vec<Taken<OpeningStanding>>>,
    faults: Vec<RosterFault>,
}

impl Reading {
    fn take(
        &mut self,
        file: &str,
        headers: &[String],
        place: Place,
        columns: &Columns,
        read: Result<Said, Refused>,
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
            Ok(Said::Stood(line)) => {
                let fault_at = fault(columns.amount, stood_twice());
                let key = line.about();
                let taken = Taken { line, fault_at };
                self.stood.entry(key).or_default().push(taken);
            }
            Ok(Said::Lot(opening)) => {
                let key = (
                    opening.roster,
                    opening.subject,
                    opening.currency,
                    opening.day,
                );
                let fault_at = fault(columns.amount, twice());
                let taken = Taken {
                    line: opening,
                    fault_at,
                };
                self.lots.entry(key).or_default().push(taken);
            }
        }
    }

    fn finish(self) -> OpeningsRead {
        let mut out = OpeningsRead {
            rows: self.rows,
            faults: self.faults,
            ..OpeningsRead::default()
        };
        for lines in self.lots.into_values() {
            let line = only(lines, &mut out);
            out.openings.lines.extend(line);
        }
        for lines in self.stood.into_values() {
            let line = only(lines, &mut out);
            out.openings.standings.extend(line);
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

fn stood_twice() -> CellFault {
    let (message, help) = not_taken_text(NotTaken::Twice);
    CellFault::new("opening_twice", message, help)
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

/// Why a line about a standing cannot be used.
#[must_use]
pub fn not_taken_text(why: NotTaken) -> (Text, Text) {
    match why {
        NotTaken::NoSuch => (
            text!(
                zh = "第一版里没有这样的等级、标记或权益（排名和组的不能接过来）",
                en = "the first version has no such grade, flag or right of subjects (rankings and groups cannot be taken over)"
            ),
            text!(zh = "核对名称", en = "look the name up"),
        ),
        NotTaken::OtherRoster => (
            text!(
                zh = "这是另一个名册的等级、标记或权益",
                en = "it is a grade, flag or right of another roster"
            ),
            text!(zh = "核对对象", en = "look the subject up"),
        ),
        NotTaken::Computed => (
            text!(
                zh = "这一期结束时政策已经施行，结果由政策算出，不能另写",
                en = "this period ends when the policy is in force: it is computed"
            ),
            text!(
                zh = "日期写政策施行以前那一期里的一天",
                en = "give a day of a period that ended before the policy"
            ),
        ),
        NotTaken::NotThat => (
            text!(
                zh = "等级写级别，标记写那一期符不符合（是、否），权益写 是、否 或多少",
                en = "a grade is a level, a flag whether the period met it (yes, no), a right yes, no or how much"
            ),
            text!(
                zh = "照政策里的写法填",
                en = "fill it in as the policy has it"
            ),
        ),
        NotTaken::Twice => (
            text!(
                zh = "同一人、同一期的等级、标记或权益写了几行，结果不同",
                en = "several lines of one subject and period with different results"
            ),
            text!(zh = "只留正确的一行", en = "keep the right one"),
        ),
    }
}

fn not_taken(why: NotTaken) -> CellFault {
    let (message, help) = not_taken_text(why);
    CellFault::new("opening_standing", message, help)
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

    fn read(&self, columns: &Columns, style: date::DateStyle) -> Result<Said, Refused> {
        let (roster, subject) = self.subject(columns)?;
        if let Some((column, name)) = self.standing(columns.currency) {
            let account = Account { roster, subject };
            return self.stood((column, &name), account, columns, style);
        }
        let currency = self.currency(columns.currency)?;
        let (amount, _) = self.cell(columns.amount);
        let amount = number::decimal(&amount).map_err(|f| (columns.amount, f))?;
        let (day, _) = self.cell(columns.day);
        let day = date::day(&day, style).map_err(|f| (columns.day, f))?;
        Ok(Said::Lot(Opening {
            roster,
            subject,
            currency,
            amount,
            day,
        }))
    }

    /// The grade, flag or right that stands where a currency could.
    fn standing(&self, column: Option<usize>) -> Option<(usize, String)> {
        let name = self.cell(column?).0;
        let mut all = self.plan.standings.iter();
        (all.any(|s| s.name == name)).then_some((column?, name))
    }

    fn stood(
        &self,
        (column, name): (usize, &str),
        account: Account,
        columns: &Columns,
        style: date::DateStyle,
    ) -> Result<Said, Refused> {
        let (cell, _) = self.cell(columns.day);
        let day = date::day(&cell, style).map_err(|f| (columns.day, f))?;
        let (cell, _) = self.cell(columns.amount);
        let named = self.plan.standings.iter().find(|s| s.name == name);
        if let Some(StandingKind::Grade(g)) = named.map(|s| &s.what)
            && !g.names.contains(&cell)
        {
            let levels: Vec<String> = g.names.iter().rev().cloned().collect();
            return Err((columns.amount, choice_fault(&cell, &levels)));
        }
        let was = |of: &Standing| match &of.what {
            StandingKind::Grade(g) => {
                let at = g.names.iter().position(|n| *n == cell)?;
                Some(Was::Level(u16::try_from(at).ok()?))
            }
            StandingKind::Flag(_) => words::yes_no(&cell).ok().map(Was::Held),
            StandingKind::Right(r) => match (r.worth, words::yes_no(&cell)) {
                (None, yes) => Some(Was::Right(yes.ok()?, None)),
                (Some(_), Ok(false)) => Some(Was::Right(false, None)),
                (Some(_), _) => Some(Was::Right(true, Some(number::decimal(&cell).ok()?))),
            },
            StandingKind::Rank(_) => None,
        };
        let line = OpeningStanding::new(self.plan, name, account, day, was);
        line.map(Said::Stood).map_err(|why| {
            let column = match why {
                NotTaken::NoSuch | NotTaken::OtherRoster => column,
                NotTaken::Computed => columns.day,
                NotTaken::NotThat | NotTaken::Twice => columns.amount,
            };
            (column, not_taken(why))
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
                let names = self.plan.currencies.iter().map(|c| &c.name);
                let first = self.plan.standings.iter().filter(|s| s.version.ix() == 0);
                let names: Vec<String> = names.chain(first.map(|s| &s.name)).cloned().collect();
                Err((column, choice_fault(&cell, &names)))
            }
        }
    }
}
