//! Expressions as people say them. Unlike [`crate::words`], which prints what could be written into a policy, this is for those who
//! do not write policies; and nothing that changes a value is left out. What is nested is bracketed, so that it reads one way.

use std::cell::RefCell;

use jifen_diag::Lang;
use jifen_plan::{
    AttrIx, Cmp, CurrencyIx, Expr, ExprId, FieldIx, Plan, Precision, RosterIx, Ty, Value, Whose,
};
use jifen_quantity::{Decimal, Rounding};

use super::block::Table;
use super::dates::day;
use super::say;
use crate::quantity::{Show, instant, plain, shown, value_text, yes_no};
use crate::words::{Scope, Words};

/// How tightly a text holds together; what is looser than its place asks for is bracketed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// … 或 …
    Or,
    /// … 且 …
    And,
    /// A comparison.
    Test,
    /// A sum.
    Sum,
    /// A product.
    Product,
    /// A name, a number, a phrase that ends in a noun.
    Atom,
}

/// Whose record is being spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    /// The record being scored, or the period.
    Run,
    /// A record that is counted.
    Counted,
    /// A record that is joined.
    Joined,
    /// A group, or everybody: a measure of many.
    Many,
}

/// Tables that sentences speak of, numbered within a clause.
#[derive(Default)]
pub(super) struct Tables {
    /// Made so far: by expression and scope.
    made: Vec<(ExprId, Scope, Table)>,
    /// How many were taken out already.
    taken: usize,
}

/// Writes expressions of one scope in one language.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    pub(super) words: Words<'a>,
    pub(super) here: Here,
    /// The item asks for points instead of giving them.
    pub(super) spends: bool,
    pub(super) tables: &'a RefCell<Tables>,
}

impl<'a> Prose<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        scope: Scope,
        lang: Lang,
        tables: &'a RefCell<Tables>,
    ) -> Self {
        Prose {
            words: Words { plan, scope, lang },
            here: Here::Run,
            spends: false,
            tables,
        }
    }

    pub(super) fn lang(&self) -> Lang {
        self.words.lang
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.words.plan
    }

    pub(super) fn scope(&self) -> Scope {
        self.words.scope
    }

    /// The same in another scope.
    pub(super) fn within(&self, scope: Scope, here: Here) -> Prose<'a> {
        let words = Words {
            scope,
            ..self.words
        };
        Prose {
            words,
            here,
            ..*self
        }
    }

    /// The tables made since the last time.
    pub(super) fn take_tables(&self) -> Vec<Table> {
        let mut tables = self.tables.borrow_mut();
        let from = tables.taken;
        tables.taken = tables.made.len();
        tables.made.iter().skip(from).map(|t| t.2.clone()).collect()
    }

    /// The number of the table of an expression; it is made when it is first met.
    pub(super) fn table_of(&self, expr: ExprId, make: impl FnOnce() -> Table) -> usize {
        let scope = self.scope();
        let known = |t: &Tables| t.made.iter().position(|m| m.0 == expr && m.1 == scope);
        if let Some(at) = known(&self.tables.borrow()) {
            return at + 1;
        }
        // Cells may speak of further tables: the place is kept first.
        let empty = Table {
            caption: None,
            head: Vec::new(),
            rows: Vec::new(),
        };
        let at = self.tables.borrow().made.len();
        self.tables.borrow_mut().made.push((expr, scope, empty));
        let mut table = make();
        let lang = self.lang();
        let number = say!(lang, "表{}", "Table {}", at + 1);
        table.caption = Some(match table.caption {
            Some(c) => say!(lang, "{}：{}", "{}: {}", number, c),
            None => number,
        });
        if let Some(place) = self.tables.borrow_mut().made.get_mut(at) {
            place.2 = table;
        }
        at + 1
    }

    /// The expression by itself.
    pub(super) fn text(&self, expr: ExprId) -> String {
        self.ranked(expr).0
    }

    /// The expression where at least this rank is asked for.
    pub(super) fn at(&self, expr: ExprId, rank: Rank) -> String {
        let (text, own) = self.ranked(expr);
        if own < rank { self.wrap(&text) } else { text }
    }

    /// Bracketed, unless it is one thing.
    pub(super) fn atom(&self, expr: ExprId) -> String {
        self.at(expr, Rank::Atom)
    }

    pub(super) fn wrap(&self, text: &str) -> String {
        say!(self.lang(), "（{}）", "({})", text)
    }

    fn ranked(&self, expr: ExprId) -> (String, Rank) {
        let lang = self.lang();
        let atom = |text: String| (text, Rank::Atom);
        match self.plan().exprs.get(expr) {
            Expr::Const(value) => self.constant(value, self.words.show(expr)),
            Expr::Field(f) => match self.plan().exprs.ty(expr) {
                Ty::YesNo => self.is_yes(&self.field(*f), true),
                _ => atom(self.field(*f)),
            },
            Expr::Attr(whose, a) => match self.plan().exprs.ty(expr) {
                Ty::YesNo => self.is_yes(&self.attr(*whose, *a), true),
                _ => atom(self.attr(*whose, *a)),
            },
            Expr::Param(p) => atom(self.param(*p, None)),
            Expr::Running => atom(self.running().to_owned()),
            Expr::DayTotal => atom(lang.pick("当日合计", "the day’s total").to_owned()),
            Expr::SpanSeconds => {
                let span = name(&self.words.span());
                atom(say!(lang, "{}的时长", "the length of {}", span))
            }
            Expr::SpanStart => {
                let span = name(&self.words.span());
                atom(say!(lang, "{}的开始", "the beginning of {}", span))
            }
            Expr::SpanEnd => {
                let span = name(&self.words.span());
                atom(say!(lang, "{}的结束", "the end of {}", span))
            }
            Expr::EventDay => atom(self.event_day().to_owned()),
            Expr::EntryDay => atom(lang.pick("登记日", "the entry day").to_owned()),
            Expr::EventInstant => atom(match self.beside_others() {
                true => lang
                    .pick("本条的发生时刻", "the time of this event")
                    .to_owned(),
                false => lang.pick("发生时刻", "the time of the event").to_owned(),
            }),
            Expr::PeriodStart => atom(
                lang.pick("本期第一天", "the first day of the period")
                    .to_owned(),
            ),
            Expr::PeriodEnd => atom(
                lang.pick("本期最后一天", "the last day of the period")
                    .to_owned(),
            ),
            Expr::Add(a, b) => self.infix(*a, "+", *b, Rank::Sum),
            Expr::Sub(a, b) => self.infix(*a, "−", *b, Rank::Sum),
            Expr::Mul(a, b) => self.product(*a, *b),
            Expr::Div(a, b) => self.infix(*a, "÷", *b, Rank::Product),
            Expr::MulDiv(a, b, by) => self.mul_div(*a, *b, *by),
            Expr::IntDiv(a, b) => {
                let (a, b) = (self.at(*a, Rank::Product), self.atom(*b));
                atom(say!(
                    lang,
                    "（{} ÷ {}，只取整数）",
                    "({} ÷ {}, whole part only)",
                    a,
                    b
                ))
            }
            Expr::Neg(a) => (format!("−{}", self.atom(*a)), Rank::Sum),
            Expr::Compare(cmp, a, b) => (self.compare(*cmp, *a, *b), Rank::Test),
            Expr::And(a, b) => {
                let word = lang.pick("，并且", " and ");
                (self.both(*a, word, *b, Rank::And), Rank::And)
            }
            Expr::Or(a, b) => {
                let word = lang.pick("，或者", " or ");
                (self.both(*a, word, *b, Rank::Or), Rank::Or)
            }
            Expr::Not(a) => self.not(*a),
            Expr::OneOf(a, values) => (self.one_of(*a, values), Rank::Test),
            Expr::IsMissing(a) => (self.missing(*a), Rank::Test),
            Expr::InTime(test) => (self.in_time(test), Rank::Test),
            Expr::Bands {
                of,
                below,
                rows,
                reaches,
            } => atom(self.bands(expr, *of, *below, rows, *reaches)),
            Expr::Slices { of, rows, per } => atom(self.slices(expr, *of, rows, *per)),
            Expr::Select { of, rows, rest } => atom(self.select(expr, *of, rows, *rest)),
            Expr::First { rows, rest } => atom(self.first(expr, rows, *rest)),
            Expr::Clamp { low, high, of } => atom(self.clamp(*low, *high, *of)),
            Expr::Age(born, on) => {
                let (born, on) = (self.atom(*born), self.atom(*on));
                atom(say!(
                    lang,
                    "按{}算到{}的周岁",
                    "the full years of age from {} to {}",
                    born,
                    on
                ))
            }
            Expr::YearStart(from, on) => {
                let (from, on) = (self.year_from(*from), self.atom(*on));
                atom(say!(
                    lang,
                    "不晚于{1}的最近一个{0}周年日",
                    "the last anniversary of {} not after {}",
                    from,
                    on
                ))
            }
            Expr::Shift(day, n, unit) => (self.shift(*day, *n, *unit), Rank::Sum),
            Expr::SetOf(op, a, b) => atom(self.set_of(*op, *a, *b)),
            Expr::SetSize(a) => {
                let a = self.atom(*a);
                atom(say!(lang, "{}的个数", "the number of {}", a))
            }
            Expr::SetRun(a) => {
                let a = self.atom(*a);
                atom(say!(
                    lang,
                    "{}里最长连着的个数",
                    "the longest run among {}",
                    a
                ))
            }
            Expr::Power(a, b, to) => {
                let (a, b, to) = (self.atom(*a), self.atom(*b), self.precision(*to, Show::Raw));
                atom(say!(
                    lang,
                    "（{}的{}次方，{}）",
                    "({} to the power of {}, {})",
                    a,
                    b,
                    to
                ))
            }
            Expr::DatePart(part, day) => atom(self.date_part(*part, *day)),
            Expr::Since(a, b) => {
                let (a, b) = (self.atom(*a), self.atom(*b));
                let unit = match self.words.show(expr) {
                    Show::Days => lang.pick("的天数", "the days"),
                    _ => lang.pick("的时长", "the time"),
                };
                atom(match lang {
                    Lang::Zh => format!("从{b}到{a}{unit}"),
                    Lang::En => format!("{unit} from {b} to {a}"),
                })
            }
            Expr::InDays(day, set) => {
                let (day, set) = (self.atom(*day), self.day_set(set));
                (
                    say!(lang, "{}在{}期间", "{} is within {}", day, set),
                    Rank::Test,
                )
            }
            Expr::RunStart(day, set) => {
                let (day, set) = (self.atom(*day), self.day_set(set));
                atom(say!(
                    lang,
                    "{}所在的那一期{}",
                    "the run of {1} around {0}",
                    day,
                    set
                ))
            }
            Expr::Aggregate(a) => atom(self.aggregate(a)),
            Expr::This(a) => atom(self.this(*a)),
            Expr::Joined(slot, of) => atom(self.joined(*slot, *of)),
            Expr::Subject => atom(lang.pick("对象", "the subject").to_owned()),
            Expr::Balance(c) => {
                let c = self.currency(*c);
                atom(say!(lang, "{}的余额", "the balance of {}", c))
            }
            Expr::Awarded(c) => {
                let c = self.currency(*c);
                atom(say!(lang, "累计得过的{}", "all {} ever awarded", c))
            }
            Expr::Round(a, to) => {
                let to = self.precision(*to, self.words.show(*a));
                let a = self.text(*a);
                atom(say!(lang, "（{}，{}）", "({}, {})", a, to))
            }
            // What it is stands where it is declared.
            Expr::Measure(m, _, _) | Expr::Shared(m) => atom(self.measure(*m)),
            Expr::OverMembers(o) => atom(self.over_members(*o)),
            Expr::Members(when) => atom(self.members(*when)),
            Expr::OverPeriods(o) => atom(self.over_periods(*o)),
            Expr::Earlier(e) => atom(self.earlier(*e)),
            // What it follows is part of the clause that reads it.
            Expr::Follows(called, of) => {
                let (called, of) = (name(called), self.text(*of));
                atom(say!(
                    lang,
                    "参数{}（{}）",
                    "the parameter {} ({})",
                    called,
                    of
                ))
            }
            Expr::Points(p) => atom(self.closed_points(p)),
            Expr::Standing(s) => self.stands(*s),
            Expr::Among(who, list) => {
                let (who, list) = (self.atom(*who), self.atom(*list));
                (
                    say!(lang, "{}是{}之一", "{} is one of {}", who, list),
                    Rank::Test,
                )
            }
            Expr::HowMany(a) => {
                let a = self.atom(*a);
                atom(say!(lang, "{}所指的个数", "the number that {} names", a))
            }
        }
    }

    pub(super) fn constant(&self, value: &Value, show: Show) -> (String, Rank) {
        let lang = self.lang();
        let rank = match value {
            Value::Num(n) if n.is_negative() => Rank::Sum,
            _ => Rank::Atom,
        };
        let text = match value {
            Value::Num(_) => value_text(value, show, lang),
            Value::Text(t) => name(t),
            Value::YesNo(b) => name(yes_no(*b, lang)),
            Value::Date(d) => day(*d, lang),
            Value::Instant(i) => instant(*i),
            Value::Span(a, b) => {
                say!(lang, "{}至{}", "{} to {}", instant(*a), instant(*b))
            }
            Value::List(ids) if ids.is_empty() => lang.pick("没有人", "nobody").to_owned(),
            Value::List(ids) => self.list(ids.iter().map(|i| name(i)).collect()),
        };
        (text, rank)
    }

    /// Names in a row.
    pub(super) fn list(&self, all: Vec<String>) -> String {
        all.join(self.lang().pick("、", ", "))
    }

    /// `该居民`
    pub(super) fn subject(&self) -> String {
        let lang = self.lang();
        match self.here {
            Here::Joined => lang.pick("其对象", "its subject").to_owned(),
            Here::Many => lang.pick("各成员", "the members").to_owned(),
            Here::Run | Here::Counted => match self.scope().roster {
                Some(r) => say!(lang, "该{}", "the {}", self.roster(r)),
                None => lang.pick("对象", "the subject").to_owned(),
            },
        }
    }

    /// The name of a roster, as a noun.
    pub(super) fn roster(&self, roster: RosterIx) -> String {
        let all = &self.plan().rosters;
        let text = all.get(roster.ix()).map_or("?", |r| r.name.as_str());
        noun(text, self.lang())
    }

    pub(super) fn field(&self, field: FieldIx) -> String {
        name(&self.words.field(field))
    }

    fn attr(&self, whose: Whose, attr: AttrIx) -> String {
        let (owner, roster) = match whose {
            Whose::Own => (self.subject(), self.scope().roster),
            Whose::Of(e) => {
                let roster = match self.plan().exprs.ty(e) {
                    Ty::Subject(r) => Some(r),
                    _ => None,
                };
                (self.atom(e), roster)
            }
        };
        let attrs = roster.and_then(|r| self.plan().rosters.get(r.ix()));
        let attr = attrs.and_then(|r| r.attrs.get(attr.ix()));
        let attr = name(attr.map_or("?", |a| a.name.as_str()));
        say!(self.lang(), "{}的{}", "{}’s {}", owner, attr)
    }

    fn param(&self, at: jifen_plan::ParamIx, show: Option<Show>) -> String {
        let Some(p) = self.plan().params.get(at.ix()) else {
            return "?".to_owned();
        };
        let (lang, called) = (self.lang(), name(&p.name));
        // One that changes with the days is in the table of parameters.
        match p.steps.as_slice() {
            [] => {
                let value = shown(p.first, show.unwrap_or(show_of(p.dim)), lang);
                say!(lang, "{}（{}）", "{} ({})", called, value)
            }
            _ => say!(lang, "{}（见参数表）", "{} (see the parameters)", called),
        }
    }

    pub(super) fn running(&self) -> &'static str {
        match self.spends {
            true => self
                .lang()
                .pick("本次所需的分", "the number of points asked for"),
            false => self.lang().pick("本次得分", "the award"),
        }
    }

    pub(super) fn event_day(&self) -> &'static str {
        let period = matches!(self.here, Here::Run | Here::Many) && self.scope().kind.is_none();
        match period {
            true => self.lang().pick("计分日", "the day it is dated"),
            false if self.beside_others() => {
                (self.lang()).pick("本条的发生日", "the day of this event")
            }
            false => self.lang().pick("发生日", "the event day"),
        }
    }

    /// Is another record joined, so that it has to be said whose day is meant?
    fn beside_others(&self) -> bool {
        self.here == Here::Run && self.scope().joins.is_some()
    }

    pub(super) fn currency(&self, c: CurrencyIx) -> String {
        let all = &self.plan().currencies;
        name(all.get(c.ix()).map_or("?", |c| c.name.as_str()))
    }

    fn infix(&self, a: ExprId, sign: &str, b: ExprId, rank: Rank) -> (String, Rank) {
        let next = match rank {
            Rank::Sum => Rank::Product,
            _ => Rank::Atom,
        };
        let text = format!("{} {sign} {}", self.at(a, rank), self.at(b, next));
        (text, rank)
    }

    /// `10分 × （“金额”里满100元的个数）`: full blocks are never fewer than none.
    fn product(&self, a: ExprId, b: ExprId) -> (String, Rank) {
        let none = |e: ExprId| matches!(self.plan().exprs.get(e), Expr::Const(Value::Num(n)) if n.is_zero());
        if let Expr::Clamp {
            low: Some(low),
            high: None,
            of,
        } = self.plan().exprs.get(b)
            && none(*low)
            && let Expr::IntDiv(of, block) = self.plan().exprs.get(*of)
        {
            let (a, of) = (self.at(a, Rank::Product), self.atom(*of));
            let block = self.atom(*block);
            let text = say!(
                self.lang(),
                "{}（{}每满{}计一次，不满的零头不计）",
                "{} (for every full {2} of {1}; what is left over does not count)",
                a,
                of,
                block
            );
            return (text, Rank::Product);
        }
        self.infix(a, "×", b, Rank::Product)
    }

    fn mul_div(&self, a: ExprId, b: ExprId, by: Decimal) -> (String, Rank) {
        let (text, rank) = self.infix(a, "×", b, Rank::Product);
        // Seconds where hours are meant; months where months are.
        if by == Decimal::from_int(3600) || by == Decimal::ONE {
            return (text, rank);
        }
        (format!("{text} ÷ {}", plain(by)), rank)
    }

    pub(super) fn cmp_word(&self, cmp: Cmp) -> &'static str {
        let pick = |zh, en| self.lang().pick(zh, en);
        match cmp {
            Cmp::Eq => pick("为", " is "),
            Cmp::Ne => pick("不为", " is not "),
            Cmp::Ge => pick("不低于", " is at least "),
            Cmp::Gt => pick("超过", " is more than "),
            Cmp::Le => pick("不超过", " is at most "),
            Cmp::Lt => pick("不足", " is less than "),
        }
    }

    fn compare(&self, cmp: Cmp, a: ExprId, b: ExprId) -> String {
        let yes_no = self.plan().exprs.ty(a) == Ty::YesNo;
        let side = |e: ExprId, other: ExprId| match self.plan().exprs.get(e) {
            Expr::Const(value) => self.constant(value, self.words.show_beside(e, other)).0,
            Expr::Param(p) => self.param(*p, Some(self.words.show_beside(e, other))),
            Expr::Field(f) if yes_no => self.field(*f),
            Expr::Attr(w, a) if yes_no => self.attr(*w, *a),
            _ => self.at(e, Rank::Sum),
        };
        format!("{}{}{}", side(a, b), self.cmp_word(cmp), side(b, a))
    }

    fn both(&self, a: ExprId, word: &str, b: ExprId, rank: Rank) -> String {
        let (left, own) = self.ranked(a);
        let left = match own {
            own if own == rank || own >= Rank::Test => left,
            _ => self.wrap(&left),
        };
        format!("{left}{word}{}", self.at(b, Rank::Test))
    }

    fn is_yes(&self, what: &str, yes: bool) -> (String, Rank) {
        let lang = self.lang();
        let value = name(yes_no(yes, lang));
        (say!(lang, "{}为{}", "{} is {}", what, value), Rank::Test)
    }

    fn not(&self, a: ExprId) -> (String, Rank) {
        let lang = self.lang();
        match self.plan().exprs.get(a) {
            Expr::Field(f) => self.is_yes(&self.field(*f), false),
            Expr::Attr(w, at) => self.is_yes(&self.attr(*w, *at), false),
            Expr::IsMissing(of) => {
                let of = self.thing(*of);
                (say!(lang, "{}有值", "{} is there", of), Rank::Test)
            }
            _ => {
                let a = self.text(a);
                (say!(lang, "并非（{}）", "not ({})", a), Rank::Test)
            }
        }
    }

    /// A value, also where it is yes or no.
    pub(super) fn thing(&self, e: ExprId) -> String {
        match self.plan().exprs.get(e) {
            Expr::Field(f) => self.field(*f),
            Expr::Attr(w, a) => self.attr(*w, *a),
            _ => self.atom(e),
        }
    }

    fn missing(&self, a: ExprId) -> String {
        let of = self.thing(a);
        match self.plan().exprs.get(a) {
            Expr::Measure(..)
            | Expr::Shared(_)
            | Expr::OverMembers(_)
            | Expr::OverPeriods(_)
            | Expr::Earlier(_)
            | Expr::Points(_)
            | Expr::Standing(_) => {
                say!(self.lang(), "{}无值", "{} has no value", of)
            }
            _ => say!(self.lang(), "{}缺失", "{} is missing", of),
        }
    }

    fn one_of(&self, a: ExprId, values: &[Value]) -> String {
        let (lang, show) = (self.lang(), self.words.show(a));
        let all = values.iter().map(|v| self.constant(v, show).0).collect();
        let (a, all) = (self.at(a, Rank::Sum), self.list(all));
        match values.len() {
            1 => say!(lang, "{}为{}", "{} is {}", a, all),
            _ => say!(lang, "{}是{}之一", "{} is one of ({})", a, all),
        }
    }

    /// `取到0.5分，四舍五入`
    pub(super) fn precision(&self, to: Precision, show: Show) -> String {
        let lang = self.lang();
        let mode = self.mode(to.mode);
        match decimals(to.step) {
            Some(n) if n > 4 => {
                say!(
                    lang,
                    "取整到小数点后{}位，{}",
                    "to {} decimal places, {}",
                    n,
                    mode
                )
            }
            _ => {
                let step = shown(to.step, show, lang);
                say!(lang, "取整到{}，{}", "to a multiple of {}, {}", step, mode)
            }
        }
    }

    /// How a number is rounded.
    pub(super) fn mode(&self, mode: Rounding) -> &'static str {
        let pick = |zh, en| self.lang().pick(zh, en);
        match mode {
            Rounding::HalfUp => pick("四舍五入", "halves up"),
            Rounding::Up => pick("零头进一", "upwards"),
            Rounding::Down => pick("零头舍去", "downwards"),
            Rounding::HalfEven => pick("四舍六入五成双", "halves to even"),
        }
    }
}

/// A noun after somebody’s name: “the subject’s event day”.
pub(super) fn bare(text: &str) -> &str {
    text.strip_prefix("the ").unwrap_or(text)
}

/// What a policy calls something. A closing mark inside is doubled: two names in a row never read as one.
pub(super) fn name(text: &str) -> String {
    format!("“{}”", text.replace('”', "””"))
}

/// A name that stands for a noun: quoted in English if it is not an English word.
pub(super) fn noun(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => text.to_owned(),
        Lang::En if text.is_ascii() => text.replace('_', " "),
        Lang::En => name(text),
    }
}

/// How a number of this dimension is shown.
pub(super) fn show_of(dim: jifen_quantity::Dim) -> Show {
    match dim.duration > 0 && dim != jifen_quantity::Dim::DURATION {
        true => Show::Raw,
        false => Show::Dim(dim),
    }
}

/// How many digits stand after the point of 0.001 and its like.
fn decimals(step: Decimal) -> Option<u32> {
    let text = step.to_string();
    let digits = text.strip_prefix("0.")?.strip_suffix('1')?;
    let noughts = digits.chars().all(|c| c == '0');
    noughts.then(|| u32::try_from(digits.len()).unwrap_or(0) + 1)
}
