//! Statements of items, categories, headers and currencies.

use super::{Builder, P};
use crate::ast::{
    CapMode, CapStmt, Expr, ExprKind, HoldWord, LapseStmt, MultiplyStmt, Name, PeriodWord,
    PrecisionStmt, PublishFrom, PublishStmt, ReviewStmt, RollingUnit, RoundWord, Span, SpendWord,
    Stacking, Stmt, StmtKind, TransferWord, Unit, WindowWord, YearFrom,
};
use crate::broken::Context;
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, suggest, text};

impl Builder<'_> {
    /// A `stmt` pair, or one of the statement rules itself.
    pub(crate) fn stmt(&mut self, pair: P<'_>) -> Stmt {
        let span = self.span(&pair);
        let inner = match pair.as_rule() {
            Rule::stmt => pair.into_inner().next(),
            _ => Some(pair),
        };
        let Some(p) = inner else {
            return Stmt {
                kind: StmtKind::Broken,
                span,
            };
        };
        let span = self.span(&p);
        let kind = match p.as_rule() {
            Rule::on_stmt => self.on(p),
            Rule::join_stmt => self.join(p),
            Rule::every_stmt => every(&p),
            Rule::requires_stmt => self.requires(p),
            Rule::award_stmt => {
                let (value, when) = self.amount(p);
                StmtKind::Award { value, when }
            }
            Rule::add_stmt => {
                let (value, when) = self.amount(p);
                StmtKind::Add { value, when }
            }
            Rule::deduct_stmt => {
                let (value, when) = self.amount(p);
                StmtKind::Deduct { value, when }
            }
            Rule::ask_stmt => self.ask(p),
            Rule::spend_mode => spend_mode(&p),
            Rule::goes_to_stmt => self.goes_to(p),
            Rule::worth_stmt => self.worth(p),
            Rule::transfer_word => transfer_word(&p),
            Rule::multiply_stmt => StmtKind::Multiply(self.multiply(p)),
            Rule::stacking_stmt => stacking(&p).map_or(StmtKind::Broken, StmtKind::Stacking),
            Rule::choose_stmt => StmtKind::Choose(self.choose(p)),
            Rule::cap_stmt => StmtKind::Cap(self.cap(p)),
            Rule::review_stmt => StmtKind::Review(self.review(p)),
            Rule::credit_stmt => StmtKind::Credit(self.credit(p)),
            Rule::pass_stmt => self.pass(p),
            Rule::precision_stmt => StmtKind::Precision(self.precision(p)),
            Rule::al_total
            | Rule::al_among
            | Rule::al_by
            | Rule::al_equally
            | Rule::al_step
            | Rule::al_remainder => self.allot_part(p),
            Rule::runs_stmt => StmtKind::Runs(self.day_ranges(p)),
            _ => StmtKind::Broken,
        };
        Stmt { kind, span }
    }

    fn ask(&mut self, pair: P<'_>) -> StmtKind {
        let (mut value, mut from) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => value = Some(self.expr(p)),
                Rule::name => from = Some(self.name(&p)),
                _ => {}
            }
        }
        value.map_or(StmtKind::Broken, |value| StmtKind::Ask { value, from })
    }

    fn worth(&mut self, pair: P<'_>) -> StmtKind {
        let (mut value, mut by) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => value = Some(self.expr(p)),
                Rule::name => by = Some(self.name(&p)),
                _ => {}
            }
        }
        value.map_or(StmtKind::Broken, |value| StmtKind::Worth { value, by })
    }

    fn goes_to(&mut self, pair: P<'_>) -> StmtKind {
        let value = pair.into_inner().find(|p| p.as_rule() == Rule::value);
        value.map_or(StmtKind::Broken, |p| StmtKind::GoesTo(self.expr(p)))
    }

    /// `当 …` as an expression.
    pub(super) fn when(&mut self, pair: P<'_>) -> Option<Expr> {
        pair.into_inner()
            .find(|p| p.as_rule() == Rule::expr)
            .map(|p| self.expr(p))
    }

    /// The name list inside a pair.
    pub(crate) fn list_in(&mut self, pair: P<'_>) -> Vec<Name> {
        pair.into_inner()
            .find(|p| p.as_rule() == Rule::name_list)
            .map_or_else(Vec::new, |p| self.name_list(p))
    }

    fn on(&mut self, pair: P<'_>) -> StmtKind {
        let (mut record, mut when) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name => record = Some(self.name(&p)),
                Rule::when => when = self.when(p),
                _ => {}
            }
        }
        record.map_or(StmtKind::Broken, |record| StmtKind::On { record, when })
    }

    fn requires(&mut self, pair: P<'_>) -> StmtKind {
        let (mut cond, mut hold) = (None, None);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::expr => cond = Some(self.expr(p)),
                Rule::kw_h_whole => hold = Some((HoldWord::Whole, span)),
                Rule::kw_h_first => hold = Some((HoldWord::FirstDay, span)),
                Rule::kw_h_any => hold = Some((HoldWord::AnyDay, span)),
                Rule::kw_h_prorated => hold = Some((HoldWord::Prorated, span)),
                _ => {}
            }
        }
        cond.map_or(StmtKind::Broken, |cond| StmtKind::Requires { cond, hold })
    }

    fn amount(&mut self, pair: P<'_>) -> (Expr, Option<Expr>) {
        let span = self.span(&pair);
        let (mut value, mut when) = (
            Expr {
                kind: ExprKind::Broken,
                span,
            },
            None,
        );
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => value = self.expr(p),
                Rule::when => when = self.when(p),
                _ => {}
            }
        }
        (value, when)
    }

    pub(crate) fn multiply(&mut self, pair: P<'_>) -> MultiplyStmt {
        let mut out = MultiplyStmt {
            value: None,
            time: None,
            when: None,
            applies: Vec::new(),
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => out.value = Some(self.expr(p)),
                Rule::time_clause => out.time = Some(self.time_clause(p)),
                Rule::when => out.when = self.when(p),
                Rule::applies => out.applies = self.name_list(p),
                _ => {}
            }
        }
        out
    }

    pub(crate) fn precision(&mut self, pair: P<'_>) -> PrecisionStmt {
        let span = self.span(&pair);
        let mut out = PrecisionStmt {
            step: Expr {
                kind: ExprKind::Broken,
                span,
            },
            mode: None,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => out.step = self.expr(p),
                Rule::kw_r_half_up => out.mode = Some(RoundWord::HalfUp),
                Rule::kw_r_up => out.mode = Some(RoundWord::Up),
                Rule::kw_r_down => out.mode = Some(RoundWord::Down),
                Rule::kw_r_half_even => out.mode = Some(RoundWord::HalfEven),
                _ => {}
            }
        }
        out
    }

    pub(crate) fn cap(&mut self, pair: P<'_>) -> CapStmt {
        let span = self.span(&pair);
        let mut out = CapStmt {
            everyone: false,
            keys: Vec::new(),
            window: None,
            year_from: None,
            limit: Expr {
                kind: ExprKind::Broken,
                span,
            },
            mode: None,
            net: None,
            charge_final: None,
            of: None,
            exempt: Vec::new(),
            exempt_counted: None,
            applies: Vec::new(),
            when: None,
        };
        let mut limit = None;
        for p in pair.into_inner() {
            self.cap_part(&mut out, &mut limit, p);
        }
        match limit {
            Some(l) => out.limit = l,
            None => self.push(Diagnostic::new(
                codes::CAP_WITHOUT_LIMIT,
                span,
                text!(
                    zh = "上限没有写数量，例：上限 每日 60分",
                    en = "the cap has no amount; example: cap per day 60 points"
                ),
            )),
        }
        out
    }

    fn cap_part(&mut self, out: &mut CapStmt, limit: &mut Option<Expr>, p: P<'_>) {
        let span = self.span(&p);
        let rule = p.as_rule();
        match rule {
            Rule::cap_everyone => out.everyone = true,
            Rule::cap_limit => {
                let Some(v) = p.into_inner().next() else {
                    return;
                };
                let value = self.expr(v);
                if limit.is_some() && self.misspelt_cap_word(&value) {
                    return;
                }
                self.once(limit, value, span);
            }
            Rule::cap_per => self.per(p, &mut out.keys),
            Rule::cap_of => {
                let name = p.into_inner().find(|n| n.as_rule() == Rule::name);
                if let Some(n) = name {
                    let name = self.name(&n);
                    self.once(&mut out.of, name, span);
                }
            }
            Rule::cap_window => {
                if let Some(from) = self.year_from(&p) {
                    out.year_from = Some(from);
                }
                if let Some(w) = self.window(p) {
                    self.once(&mut out.window, (w, span), span);
                }
            }
            Rule::cap_exempt => {
                for part in p.into_inner() {
                    let at = self.span(&part);
                    match part.as_rule() {
                        Rule::name_list => out.exempt.extend(self.name_list(part)),
                        Rule::kw_uncounted => self.once(&mut out.exempt_counted, (false, at), at),
                        Rule::kw_still_counted => {
                            self.once(&mut out.exempt_counted, (true, at), at)
                        }
                        _ => {}
                    }
                }
            }
            Rule::applies => out.applies.extend(self.name_list(p)),
            Rule::when => out.when = self.when(p),
            Rule::cap_mode | Rule::cap_net | Rule::cap_charge => {
                let Some(word) = p.into_inner().next() else {
                    return;
                };
                match word.as_rule() {
                    Rule::kw_clip => self.once(&mut out.mode, (CapMode::Clip, span), span),
                    Rule::kw_all_or_nothing => {
                        self.once(&mut out.mode, (CapMode::Whole, span), span)
                    }
                    Rule::kw_last_through => {
                        self.once(&mut out.mode, (CapMode::LastThrough, span), span)
                    }
                    Rule::kw_gains => self.once(&mut out.net, (false, span), span),
                    Rule::kw_net => self.once(&mut out.net, (true, span), span),
                    Rule::kw_charge_passed => self.once(&mut out.charge_final, (false, span), span),
                    Rule::kw_charge_posted => self.once(&mut out.charge_final, (true, span), span),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// `每 会议、商户`
    pub(super) fn per(&mut self, pair: P<'_>, keys: &mut Vec<Name>) {
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name_list => keys.extend(self.name_list(part)),
                Rule::glued_per => {
                    let whole = self.span(&part);
                    let glued = part
                        .into_inner()
                        .filter(|g| g.as_rule() == Rule::glued_name);
                    let names: Vec<Name> = glued.map(|g| self.name(&g)).collect();
                    for n in &names {
                        self.glued_window(&n.text, whole);
                    }
                    keys.extend(names);
                }
                _ => {}
            }
        }
    }

    /// A second "amount" in a cap that looks like one of its words.
    fn misspelt_cap_word(&mut self, value: &Expr) -> bool {
        let ExprKind::Name(name) = &value.kind else {
            return false;
        };
        let rules = [
            Rule::kw_clip,
            Rule::kw_all_or_nothing,
            Rule::kw_last_through,
            Rule::kw_gains,
            Rule::kw_net,
            Rule::kw_everyone,
            Rule::kw_except,
            Rule::kw_w_day,
            Rule::kw_w_week,
            Rule::kw_w_month,
            Rule::kw_w_quarter,
            Rule::kw_w_year,
            Rule::kw_lifetime,
        ];
        let words: Vec<&str> = rules.iter().map(|r| self.spell(*r)).collect();
        let found = suggest(&name.text, words.iter().copied()).map(str::to_owned);
        let written = &name.text;
        let mut d = Diagnostic::new(
            codes::UNKNOWN_WORD,
            name.span,
            text!(
                zh = "上限里没有“{written}”这个词",
                en = "a cap has no word “{written}”"
            ),
        );
        if let Some(f) = found {
            d = d.fix(
                name.span,
                f.clone(),
                text!(zh = "是不是“{f}”？", en = "did you mean “{f}”?"),
            );
        }
        self.push(d);
        true
    }

    pub(super) fn window(&mut self, pair: P<'_>) -> Option<WindowWord> {
        let mut out = None;
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_w_occasion => out = Some(WindowWord::Occasion),
                Rule::kw_lifetime => out = Some(WindowWord::Lifetime),
                Rule::kw_w_each_run => out = Some(WindowWord::EachRun),
                Rule::kw_w_campaign => out = Some(WindowWord::Campaign),
                Rule::quantity | Rule::han_quantity => out = self.rolling(p, span),
                other => out = out.or(period(other).map(WindowWord::Period)),
            }
        }
        out
    }

    /// `自 4月1日`, `自 入住日` in a window.
    pub(super) fn year_from(&self, window: &P<'_>) -> Option<(YearFrom, Span)> {
        let parts = window.clone().into_inner();
        let from = parts.into_iter().find(|p| p.as_rule() == Rule::year_from)?;
        let span = self.span(&from);
        from.into_inner().find_map(|p| {
            let from = match p.as_rule() {
                Rule::month_day => {
                    let (month, day) = super::life::numbers(&p);
                    YearFrom::Date(month, day)
                }
                Rule::name => YearFrom::Own(self.name(&p)),
                _ => return None,
            };
            Some((from, span))
        })
    }

    fn rolling(&mut self, p: P<'_>, span: Span) -> Option<WindowWord> {
        let q = self.quantity(p);
        let unit = match q.unit {
            Some(Unit::Days | Unit::CalendarDays) => Some(RollingUnit::Days),
            Some(Unit::Weeks) => Some(RollingUnit::Weeks),
            Some(Unit::Months) => Some(RollingUnit::Months),
            _ => None,
        };
        let n = q.digits.parse::<u32>().ok().filter(|n| *n > 0);
        match (n, unit) {
            (Some(n), Some(u)) => Some(WindowWord::Rolling(n, u)),
            _ => {
                self.push(Diagnostic::new(
                    codes::BAD_NUMBER,
                    span,
                    text!(
                        zh = "滚动要写整数的天、周或个月，例：滚动 7天",
                        en = "rolling needs whole days, weeks or months, as in: rolling 7 days"
                    ),
                ));
                None
            }
        }
    }

    fn review(&mut self, pair: P<'_>) -> ReviewStmt {
        let mut out = ReviewStmt {
            when: None,
            confirm: Vec::new(),
            publish: None,
            lapse: None,
            holds_room: false,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::when => out.when = self.when(p),
                Rule::review_part => self.review_part(&mut out, p),
                Rule::broken_stmt => self.report(&p, Context::Review),
                _ => {}
            }
        }
        out
    }

    pub(crate) fn review_part(&mut self, out: &mut ReviewStmt, pair: P<'_>) {
        let Some(p) = pair.into_inner().next() else {
            return;
        };
        let span = self.span(&p);
        match p.as_rule() {
            Rule::v_confirm => out.confirm.extend(self.list_in(p)),
            Rule::v_publish => {
                let mut days = Expr {
                    kind: ExprKind::Broken,
                    span,
                };
                let mut from = None;
                for part in p.into_inner() {
                    let at = self.span(&part);
                    match part.as_rule() {
                        Rule::quantity | Rule::han_quantity => days = self.expr(part),
                        Rule::kw_p_last => from = Some((PublishFrom::LastConfirmation, at)),
                        Rule::kw_p_event => from = Some((PublishFrom::Event, at)),
                        Rule::kw_a_entry => from = Some((PublishFrom::Entry, at)),
                        _ => {}
                    }
                }
                self.once(&mut out.publish, PublishStmt { days, from, span }, span);
            }
            Rule::v_lapses => {
                let mut days = Expr {
                    kind: ExprKind::Broken,
                    span,
                };
                let mut waits = false;
                for part in p.into_inner() {
                    match part.as_rule() {
                        Rule::quantity | Rule::han_quantity => days = self.expr(part),
                        Rule::kw_waits => waits = true,
                        _ => {}
                    }
                }
                self.once(&mut out.lapse, LapseStmt { days, waits, span }, span);
            }
            Rule::v_room => out.holds_room = true,
            _ => {}
        }
    }
}

fn every(pair: &P<'_>) -> StmtKind {
    let mut found = None;
    let mut at_start = false;
    for p in pair.clone().into_inner() {
        match p.as_rule() {
            Rule::kw_period_start => at_start = true,
            other => found = found.or(period(other)),
        }
    }
    found.map_or(StmtKind::Broken, |period| StmtKind::Every {
        period,
        at_start,
    })
}

/// A period word.
pub(crate) fn period(rule: Rule) -> Option<PeriodWord> {
    Some(match rule {
        Rule::kw_w_day | Rule::kw_y_day => PeriodWord::Day,
        Rule::kw_w_week | Rule::kw_y_week => PeriodWord::Week,
        Rule::kw_w_month | Rule::kw_y_month => PeriodWord::Month,
        Rule::kw_w_quarter | Rule::kw_y_quarter => PeriodWord::Quarter,
        Rule::kw_w_half_year | Rule::kw_y_half_year => PeriodWord::HalfYear,
        Rule::kw_w_year | Rule::kw_y_year => PeriodWord::Year,
        _ => return None,
    })
}

/// The word of a 同时符合 statement.
pub(crate) fn stacking(pair: &P<'_>) -> Option<Stacking> {
    pair.clone().into_inner().find_map(|p| match p.as_rule() {
        Rule::kw_s_product => Some(Stacking::Product),
        Rule::kw_s_best => Some(Stacking::Best),
        Rule::kw_s_lowest => Some(Stacking::Lowest),
        Rule::kw_s_sum => Some(Stacking::SumOfExtras),
        _ => None,
    })
}

fn transfer_word(pair: &P<'_>) -> StmtKind {
    let word = match pair.clone().into_inner().next().map(|p| p.as_rule()) {
        Some(Rule::kw_dates_kept) => TransferWord::Dates(true),
        Some(Rule::kw_dates_renewed) => TransferWord::Dates(false),
        Some(Rule::kw_received_earns) => TransferWord::Earns(true),
        Some(Rule::kw_received_not) => TransferWord::Earns(false),
        Some(Rule::kw_is_use) => TransferWord::Use(true),
        Some(Rule::kw_not_use) => TransferWord::Use(false),
        _ => return StmtKind::Broken,
    };
    StmtKind::TransferWord(word)
}

fn spend_mode(pair: &P<'_>) -> StmtKind {
    let word = match pair.clone().into_inner().next().map(|p| p.as_rule()) {
        Some(Rule::kw_spend_all) => SpendWord::AllOrNothing,
        Some(Rule::kw_spend_part) => SpendWord::Partial,
        Some(Rule::kw_spend_done) => SpendWord::Honoured,
        _ => return StmtKind::Broken,
    };
    StmtKind::SpendMode(word)
}
