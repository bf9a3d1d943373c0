//! Expressions: the flat pairs of the grammar become a tree with the usual precedence.

use super::{Builder, P, language_of, unquote};
use crate::ast::{
    BinaryOp, CompareOp, Expr, ExprKind, FirstRow, Name, RowKey, Select, SelectMode, SelectRow,
    Span, SplitWord, TimeClause, TimeWord,
};
use crate::broken::Context;
use crate::grammar::Rule;
use crate::parse::too_deep;
use jifen_diag::{Diagnostic, codes, text};

/// Longest chain of one operator level.
const MAX_CHAIN: usize = 256;

fn boxed(e: Expr) -> Box<Expr> {
    Box::new(e)
}

fn join(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

impl Builder<'_> {
    fn broken(&self, span: Span) -> Expr {
        join(ExprKind::Broken, span)
    }

    /// Any expression pair.
    pub(crate) fn expr(&mut self, pair: P<'_>) -> Expr {
        match pair.as_rule() {
            Rule::expr => self.chain(pair, Rule::kw_or, ExprKind::Or),
            Rule::and_expr => self.chain(pair, Rule::kw_and, ExprKind::And),
            Rule::not_expr => self.not(pair),
            Rule::cmp | Rule::value => self.compared(pair),
            Rule::arith | Rule::key_arith => self.arith(pair),
            Rule::operand | Rule::key_operand => self.operand(pair),
            Rule::amount => self.operand(pair),
            Rule::counted => self.counted(pair),
            _ => self.atom(pair),
        }
    }

    fn chain(&mut self, pair: P<'_>, op: Rule, make: fn(Box<Expr>, Box<Expr>) -> ExprKind) -> Expr {
        let span = self.span(&pair);
        let mut out: Option<Expr> = None;
        for (n, p) in pair.into_inner().filter(|p| p.as_rule() != op).enumerate() {
            if n >= MAX_CHAIN {
                self.push(too_deep(span));
                return self.broken(span);
            }
            let next = self.expr(p);
            out = Some(match out {
                None => next,
                Some(left) => {
                    let both = left.span.to(next.span);
                    join(make(boxed(left), boxed(next)), both)
                }
            });
        }
        out.unwrap_or_else(|| self.broken(span))
    }

    fn not(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        let mut nots = Vec::new();
        let mut inner = None;
        for p in pair.into_inner() {
            if p.as_rule() == Rule::kw_not {
                nots.push(self.span(&p))
            } else {
                inner = Some(self.expr(p))
            }
        }
        if nots.len() > 16 {
            self.push(too_deep(span));
            return self.broken(span);
        }
        let inner = inner.unwrap_or_else(|| self.broken(span));
        nots.into_iter().rev().fold(inner, |e, s| {
            let both = s.to(e.span);
            join(ExprKind::Not(boxed(e)), both)
        })
    }

    fn compared(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else {
            return self.broken(span);
        };
        if first.as_rule() == Rule::time_clause {
            let clause = self.time_clause(first);
            return join(ExprKind::InTime(clause), span);
        }
        let left = self.expr(first);
        match inner.next() {
            None => left,
            Some(tail) => self.tail(left, tail, span),
        }
    }

    fn tail(&mut self, left: Expr, tail: P<'_>, span: Span) -> Expr {
        let rule = tail.as_rule();
        let quota = match rule {
            Rule::st_top => self.top(tail.clone()),
            _ => None,
        };
        let parts: Vec<P<'_>> = tail.into_inner().collect();
        let word = parts.iter().find_map(|p| compare_op(p.as_rule()));
        let mut values: Vec<Expr> = Vec::new();
        for p in parts {
            match p.as_rule() {
                Rule::arith => values.push(self.expr(p)),
                Rule::counted => values.push(self.counted(p)),
                _ => {}
            }
        }
        let left = boxed(left);
        let mut take = values.into_iter();
        let kind = match (rule, word) {
            (Rule::among, _) => match take.next() {
                Some(list) => ExprKind::Among(left, boxed(list)),
                None => ExprKind::Broken,
            },
            (Rule::st_top, _) => match quota {
                Some(quota) => ExprKind::Top(left, boxed(quota)),
                None => ExprKind::Broken,
            },
            (Rule::one_of, _) => ExprKind::OneOf(left, take.collect()),
            (Rule::missing, _) => ExprKind::IsMissing(left),
            (Rule::between, _) => match (take.next(), take.next()) {
                (Some(a), Some(b)) => ExprKind::Between(left, boxed(a), boxed(b)),
                _ => ExprKind::Broken,
            },
            (Rule::blocks, _) => match (take.next(), take.next()) {
                (Some(a), Some(b)) => ExprKind::FullBlocks {
                    amount: left,
                    block: boxed(a),
                    of: boxed(b),
                },
                _ => ExprKind::Broken,
            },
            (_, Some(op)) => match take.next() {
                Some(right) => ExprKind::Compare(op, left, boxed(right)),
                None => ExprKind::Broken,
            },
            _ => ExprKind::Broken,
        };
        join(kind, span)
    }

    /// + and − below ×, ÷ and 整除, all from the left.
    pub(super) fn arith(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        self.defaults_alone(&pair);
        let mut parts = pair.into_inner();
        let Some(first) = parts.next() else {
            return self.broken(span);
        };
        let mut term = self.expr(first);
        let mut sum: Option<(Expr, BinaryOp)> = None;
        let mut count = 0;
        while let (Some(op), Some(next)) = (parts.next(), parts.next()) {
            count += 1;
            if count > MAX_CHAIN {
                self.push(too_deep(span));
                return self.broken(span);
            }
            let Some(op) = binary_op(op.as_rule()) else {
                continue;
            };
            let right = self.expr(next);
            if matches!(op, BinaryOp::Add | BinaryOp::Sub) {
                if op == BinaryOp::Sub {
                    self.hyphen(&term, &right);
                }
                let left = add_up(sum.take(), term);
                sum = Some((left, op));
                term = right;
            } else {
                let both = term.span.to(right.span);
                term = join(ExprKind::Binary(op, boxed(term), boxed(right)), both);
            }
        }
        add_up(sum, term)
    }

    /// `10-20分` written tight is a range to people and a negative number to us.
    fn hyphen(&mut self, left: &Expr, right: &Expr) {
        let (ExprKind::Number(a), ExprKind::Number(b)) = (&left.kind, &right.kind) else {
            return;
        };
        let between = left.span.end as usize..right.span.start as usize;
        let tight = self
            .original
            .get(between)
            .is_some_and(|g| !g.contains(char::is_whitespace));
        let one_sided = a.unit.is_none() && b.unit.is_some();
        let less = (a.digits.len(), &a.digits) < (b.digits.len(), &b.digits);
        if tight && one_sided && less && !a.digits.contains('.') && !b.digits.contains('.') {
            self.range_hyphen(left.span.to(right.span), None);
        }
    }

    /// `sign`: the hyphen, where “to” in its place would be right, and whether the end is on the next day.
    pub(crate) fn range_hyphen(&mut self, all: Span, sign: Option<(Span, bool)>) {
        let d = Diagnostic::new(
            codes::RANGE_HYPHEN,
            all,
            text!(
                zh = "短横是减号，不是“到”：范围请写“至”",
                en = "a hyphen is a minus sign: write a range with “to”"
            ),
        );
        let d = match sign {
            Some((sign, next)) => d.fix(
                sign,
                match next {
                    true => format!(" {} {} ", self.spell(Rule::kw_to), self.spell(Rule::kw_next_day)),
                    false => format!(" {} ", self.spell(Rule::kw_to)),
                },
                text!(zh = "改成“至”", en = "write “to”"),
            ),
            None => d.help(text!(
                zh = "得分不能是一个范围：由人评定的分值写成记录的字段，如 分值: 分 10分 至 20分，再写 得 分值；真要相减，短横两边留空格",
                en = "an award is not a range: points given by people are a field of the record, as in score: points 10 points to 20 points; for a subtraction put blanks around the hyphen"
            )),
        };
        self.push(d);
    }

    fn operand(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        let mut negs = Vec::new();
        let mut out: Option<Expr> = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_neg => negs.push(self.span(&p)),
                Rule::member => {
                    let end = self.span(&p);
                    let base = out.take().unwrap_or_else(|| self.broken(span));
                    let both = base.span.to(end);
                    let name = p
                        .into_inner()
                        .find(|m| m.as_rule() == Rule::member_name)
                        .map(|m| self.name(&m));
                    out = Some(match name {
                        Some(n) => join(ExprKind::Member(boxed(base), n), both),
                        None => base,
                    });
                }
                _ => out = Some(self.expr(p)),
            }
        }
        if negs.len() > 16 {
            self.push(too_deep(span));
            return self.broken(span);
        }
        let inner = out.unwrap_or_else(|| self.broken(span));
        negs.into_iter().rev().fold(inner, |e, s| {
            let both = s.to(e.span);
            join(ExprKind::Negate(boxed(e)), both)
        })
    }

    fn atom(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::paren => {
                let inner = pair.into_inner().find(|p| p.as_rule() == Rule::expr);
                return match inner {
                    Some(p) => self.expr(p),
                    None => self.broken(span),
                };
            }
            Rule::quantity | Rule::han_quantity | Rule::lone_quantity => {
                ExprKind::Number(self.quantity(pair))
            }
            Rule::text => ExprKind::Text(unquote(pair.as_str()).to_owned()),
            Rule::kw_yes => ExprKind::YesNo(true),
            Rule::kw_no => ExprKind::YesNo(false),
            Rule::kw_running => ExprKind::Running,
            Rule::kw_day_total => ExprKind::DayTotal,
            Rule::kw_this_fact => ExprKind::ThisFact,
            Rule::date => ExprKind::Date(self.date(&pair)),
            Rule::instant | Rule::moment => self.moment(pair),
            Rule::word | Rule::name => self.word(&pair),
            Rule::call => self.call(pair),
            Rule::closed => self.closed(pair),
            Rule::aggregate => self.aggregate(pair),
            Rule::dates => self.dates(pair),
            Rule::size_of => self.how_many(pair),
            Rule::power => self.power(pair),
            Rule::earned => self.earned(pair),
            Rule::select => self.select(pair),
            Rule::first_of => self.first_of(pair),
            Rule::clamp => self.clamp(pair),
            _ => ExprKind::Broken,
        };
        join(kind, span)
    }

    fn word(&mut self, pair: &P<'_>) -> ExprKind {
        let name = self.name(pair);
        if name.text.starts_with(|c: char| c.is_ascii_digit()) && self.glued(pair) {
            return ExprKind::Broken;
        }
        ExprKind::Name(name)
    }

    /// A date or a date with a time of day.
    pub(crate) fn moment(&mut self, pair: P<'_>) -> ExprKind {
        let (mut date, mut time) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::date => date = Some(self.date(&p)),
                Rule::time => time = Some(self.time(&p)),
                _ => {}
            }
        }
        match (date, time) {
            (Some(d), Some(t)) => ExprKind::Instant(d, t),
            (Some(d), None) => ExprKind::Date(d),
            _ => ExprKind::Broken,
        }
    }

    /// Built-in function names are kept in their Chinese form, whatever the file's language.
    fn call(&mut self, pair: P<'_>) -> ExprKind {
        let mut name = None;
        let mut args = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::call_head => {
                    name = p.into_inner().next().map(|n| Name {
                        text: super::keyword(n.as_rule())
                            .map_or_else(|| super::plain_name(n.as_str()), |k| k.zh.to_owned()),
                        span: self.span(&n),
                    });
                }
                Rule::expr => args.push(self.expr(p)),
                _ => {}
            }
        }
        name.map_or(ExprKind::Broken, |n| ExprKind::Call(n, args))
    }

    fn select(&mut self, pair: P<'_>) -> ExprKind {
        let mut of = None;
        let mut mode = SelectMode::Values;
        let mut rows = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::arith => of = Some(self.expr(p)),
                Rule::kw_bands => mode = SelectMode::Bands,
                Rule::kw_slices => mode = SelectMode::Slices,
                Rule::row => rows.extend(self.row(p)),
                Rule::broken_row => self.report(&p, Context::Row),
                _ => {}
            }
        }
        of.map_or(ExprKind::Broken, |of| {
            ExprKind::Select(Box::new(Select { of, mode, rows }))
        })
    }

    fn row(&mut self, pair: P<'_>) -> Option<SelectRow> {
        let span = self.span(&pair);
        let (mut key, mut value) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::row_key => key = self.row_key(p),
                Rule::value | Rule::lone_quantity => value = Some(self.expr(p)),
                _ => {}
            }
        }
        Some(SelectRow {
            key: key?,
            value: value?,
            span,
        })
    }

    pub(super) fn row_key(&mut self, pair: P<'_>) -> Option<RowKey> {
        let mut bounds = Vec::new();
        let mut values = Vec::new();
        let mut word = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_rest => return Some(RowKey::Rest),
                Rule::bound => bounds.extend(self.bound(p)),
                Rule::key_arith => values.push(self.expr(p)),
                Rule::comma => {}
                other => word = Some(other),
            }
        }
        if !bounds.is_empty() {
            let mut all = bounds.into_iter();
            let first = all.next()?;
            return Some(match all.next() {
                Some(second) => RowKey::Range(Box::new(first), Box::new(second)),
                None => first,
            });
        }
        match word {
            None => Some(RowKey::Values(values)),
            Some(Rule::kw_to) => {
                let mut all = values.into_iter();
                Some(RowKey::Range(
                    Box::new(RowKey::From(all.next()?)),
                    Box::new(RowKey::NotAbove(all.next()?)),
                ))
            }
            Some(Rule::kw_and_above) => values.into_iter().next().map(RowKey::From),
            Some(_) => values.into_iter().next().map(RowKey::NotAbove),
        }
    }

    fn bound(&mut self, pair: P<'_>) -> Option<RowKey> {
        let mut inner = pair.into_inner();
        let sign = inner.next()?.as_rule();
        let value = self.expr(inner.next()?);
        Some(match compare_op(sign)? {
            CompareOp::Ge => RowKey::From(value),
            CompareOp::Lt => RowKey::Under(value),
            CompareOp::Gt => RowKey::Above(value),
            _ => RowKey::NotAbove(value),
        })
    }

    fn first_of(&mut self, pair: P<'_>) -> ExprKind {
        let mut rows = Vec::new();
        let mut rest = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::first_row => {
                    let span = self.span(&p);
                    let (mut cond, mut value) = (None, None);
                    for part in p.into_inner() {
                        match part.as_rule() {
                            Rule::expr => cond = Some(self.expr(part)),
                            Rule::value => value = Some(self.expr(part)),
                            _ => {}
                        }
                    }
                    if let (Some(cond), Some(value)) = (cond, value) {
                        rows.push(FirstRow { cond, value, span });
                    }
                }
                Rule::first_rest => {
                    let span = self.span(&p);
                    if let Some(v) = p.into_inner().find(|v| v.as_rule() == Rule::value) {
                        let v = self.expr(v);
                        self.once(&mut rest, boxed(v), span);
                    }
                }
                Rule::broken_first => self.report(&p, Context::First),
                _ => {}
            }
        }
        ExprKind::First(rows, rest)
    }

    fn clamp(&mut self, pair: P<'_>) -> ExprKind {
        let mut word = Rule::kw_at_most;
        let mut bounds = Vec::new();
        let mut of = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::arith => bounds.push(boxed(self.expr(p))),
                Rule::value => of = Some(boxed(self.expr(p))),
                r @ (Rule::kw_at_most | Rule::kw_at_least | Rule::kw_between) => word = r,
                _ => {}
            }
        }
        let mut all = bounds.into_iter();
        let (Some(of), Some(a)) = (of, all.next()) else {
            return ExprKind::Broken;
        };
        match word {
            Rule::kw_at_most => ExprKind::Clamp {
                low: None,
                high: Some(a),
                of,
            },
            Rule::kw_at_least => ExprKind::Clamp {
                low: Some(a),
                high: None,
                of,
            },
            _ => ExprKind::Clamp {
                low: Some(a),
                high: all.next(),
                of,
            },
        }
    }

    pub(crate) fn time_clause(&mut self, pair: P<'_>) -> TimeClause {
        let span = self.span(&pair);
        let mut out = TimeClause {
            mode: TimeWord::During,
            ranges: Vec::new(),
            named: None,
            split: None,
            span,
        };
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::kw_during => out.mode = TimeWord::During,
                Rule::kw_starting_in => out.mode = TimeWord::StartingIn,
                Rule::kw_touching => out.mode = TimeWord::Touching,
                Rule::clock_range => out.ranges.push(self.clock_range(p)),
                Rule::name => out.named = Some(self.name(&p)),
                Rule::kw_proportional => out.split = Some((SplitWord::Proportional, at)),
                Rule::kw_each_part => out.split = Some((SplitWord::EachPart, at)),
                _ => {}
            }
        }
        out
    }

    pub(crate) fn note_language(&mut self, words: [usize; 2]) {
        self.lang = if words[1] > words[0] {
            jifen_diag::Lang::En
        } else {
            jifen_diag::Lang::Zh
        };
    }

    pub(crate) fn count_language(word: &str, words: &mut [usize; 2]) {
        match language_of(word) {
            jifen_diag::Lang::Zh => words[0] += 1,
            jifen_diag::Lang::En => words[1] += 1,
        }
    }
}

fn add_up(sum: Option<(Expr, BinaryOp)>, term: Expr) -> Expr {
    match sum {
        None => term,
        Some((left, op)) => {
            let both = left.span.to(term.span);
            join(ExprKind::Binary(op, boxed(left), boxed(term)), both)
        }
    }
}

fn binary_op(rule: Rule) -> Option<BinaryOp> {
    Some(match rule {
        Rule::kw_plus => BinaryOp::Add,
        Rule::kw_minus => BinaryOp::Sub,
        Rule::kw_times_op => BinaryOp::Mul,
        Rule::kw_divide => BinaryOp::Div,
        Rule::kw_int_div => BinaryOp::IntDiv,
        _ => return None,
    })
}

fn compare_op(rule: Rule) -> Option<CompareOp> {
    Some(match rule {
        Rule::kw_is => CompareOp::Eq,
        Rule::kw_is_not => CompareOp::Ne,
        Rule::kw_ge | Rule::kw_reaches | Rule::kw_at_least | Rule::kw_and_above => CompareOp::Ge,
        Rule::kw_gt => CompareOp::Gt,
        Rule::kw_le | Rule::kw_at_most | Rule::kw_and_below => CompareOp::Le,
        Rule::kw_lt | Rule::kw_under => CompareOp::Lt,
        _ => return None,
    })
}
