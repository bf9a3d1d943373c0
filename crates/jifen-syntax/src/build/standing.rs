//! Ranks, grades, flags and rights.

use super::stmt::period;
use super::{Builder, P};
use crate::ast::{
    Expr, FallWord, FlagBody, FlagTimes, GradeBody, GradeKey, GradeRow, Name, RankBody, RankKey,
    RightBody, RightValid, Span, StandingBody, StandingDecl, StmtKind,
};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

impl Builder<'_> {
    /// The parts of a head; what is none of them is left to the body.
    fn standing_head(&mut self, p: &P<'_>, out: &mut StandingDecl) -> bool {
        let span = self.span(p);
        match p.as_rule() {
            Rule::article => out.article = self.article(p),
            Rule::name => out.name = self.name(p),
            Rule::item_subject => {
                let inner = p.clone().into_inner().find(|n| n.as_rule() == Rule::name);
                if let Some(n) = inner.map(|n| self.name(&n)) {
                    self.once(&mut out.subject, n, span);
                }
            }
            Rule::cap_everyone | Rule::cap_per => {
                let written = self.measure_of(p.clone());
                self.once(&mut out.of, written, span);
            }
            rule => match period(rule) {
                Some(word) => self.once(&mut out.every, (word, span), span),
                None => return false,
            },
        }
        true
    }

    fn empty(body: StandingBody) -> StandingDecl {
        StandingDecl {
            article: None,
            name: Name {
                text: String::new(),
                span: Span::DUMMY,
            },
            subject: None,
            of: None,
            every: None,
            body,
            broken: false,
        }
    }

    fn named(&mut self, mut out: StandingDecl, word: Span, rule: Rule) -> StandingDecl {
        let name = (!out.name.text.is_empty()).then(|| out.name.clone());
        out.name = self.decl_name(name, word, rule);
        out
    }

    pub(super) fn rank(&mut self, pair: P<'_>) -> StandingDecl {
        let mut out = Self::empty(StandingBody::Rank(Box::default()));
        let (mut body, mut word) = (RankBody::default(), Span::DUMMY);
        for p in pair.into_inner() {
            if self.standing_head(&p, &mut out) {
                continue;
            }
            match p.as_rule() {
                Rule::kw_d_rank => word = self.span(&p),
                Rule::rank_line => {
                    for line in p.into_inner() {
                        self.rank_line(line, &mut out, &mut body);
                    }
                }
                Rule::broken_rank => {
                    out.broken = true;
                    self.broken_standing(&p, RANK_LINES);
                }
                Rule::later_stmt => {
                    out.broken = true;
                    self.not_supported(&p);
                }
                other => self.around(other, &p),
            }
        }
        out.body = StandingBody::Rank(Box::new(body));
        self.named(out, word, Rule::kw_d_rank)
    }

    fn rank_line(&mut self, p: P<'_>, out: &mut StandingDecl, body: &mut RankBody) {
        let span = self.span(&p);
        match p.as_rule() {
            Rule::every_stmt => {
                if let StmtKind::Every { period, at_start } = self.stmt(p).kind {
                    if at_start {
                        self.standing_at_start(span);
                    }
                    self.once(&mut out.every, (period, span), span);
                }
            }
            Rule::st_by => {
                let key = p.into_inner().find(|k| k.as_rule() == Rule::st_key);
                if let Some(key) = key.and_then(|k| self.rank_key(k)) {
                    self.once(&mut body.by, key, span);
                }
            }
            Rule::st_then => {
                for k in p.into_inner().filter(|k| k.as_rule() == Rule::st_key) {
                    let key = self.rank_key(k);
                    body.then.extend(key);
                }
            }
            Rule::st_within => {
                let name = p.into_inner().find(|n| n.as_rule() == Rule::name);
                if let Some(name) = name.map(|n| self.name(&n)) {
                    self.once(&mut body.within, name, span);
                }
            }
            Rule::st_among => {
                let cond = p.into_inner().find(|e| e.as_rule() == Rule::expr);
                if let Some(cond) = cond.map(|e| self.expr(e)) {
                    self.once(&mut body.among, cond, span);
                }
            }
            Rule::st_ties => {
                let gaps = p.into_inner().any(|w| w.as_rule() == Rule::kw_st_gaps);
                self.once(&mut body.ties, (gaps, span), span);
            }
            Rule::st_round => {
                let word = p
                    .into_inner()
                    .find_map(|w| super::allot::round_word(w.as_rule()));
                if let Some(word) = word {
                    self.once(&mut body.round, (word, span), span);
                }
            }
            Rule::st_at_line => {
                let all = p.into_inner().any(|w| w.as_rule() == Rule::kw_st_all_in);
                self.once(&mut body.at_line, (all, span), span);
            }
            _ => {}
        }
    }

    fn rank_key(&mut self, pair: P<'_>) -> Option<RankKey> {
        let (mut value, mut low_first) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::value => value = Some(self.expr(p)),
                Rule::kw_st_low_first => low_first = Some(true),
                Rule::kw_st_high_first => low_first = Some(false),
                _ => {}
            }
        }
        Some(RankKey {
            value: value?,
            low_first,
        })
    }

    pub(super) fn grade(&mut self, pair: P<'_>) -> StandingDecl {
        let mut out = Self::empty(StandingBody::Grade(Box::default()));
        let (mut body, mut word) = (GradeBody::default(), Span::DUMMY);
        for p in pair.into_inner() {
            if self.standing_head(&p, &mut out) {
                continue;
            }
            match p.as_rule() {
                Rule::kw_d_grade => word = self.span(&p),
                Rule::grade_by => {
                    let by = p.into_inner().find(|e| e.as_rule() == Rule::arith);
                    body.by = by.map(|e| self.expr(e));
                }
                Rule::grade_line => {
                    for line in p.into_inner() {
                        self.grade_line(line, &mut out, &mut body);
                    }
                }
                Rule::broken_grade => {
                    out.broken = true;
                    self.broken_standing(&p, GRADE_LINES);
                }
                Rule::later_stmt => {
                    out.broken = true;
                    self.not_supported(&p);
                }
                other => self.around(other, &p),
            }
        }
        out.body = StandingBody::Grade(Box::new(body));
        self.named(out, word, Rule::kw_d_grade)
    }

    fn grade_line(&mut self, p: P<'_>, out: &mut StandingDecl, body: &mut GradeBody) {
        let span = self.span(&p);
        match p.as_rule() {
            Rule::st_review => {
                let word = p.into_inner().find_map(|w| period(w.as_rule()));
                if let Some(word) = word {
                    self.once(&mut out.every, (word, span), span);
                }
            }
            Rule::st_fall => {
                let word = p.into_inner().find_map(|w| match w.as_rule() {
                    Rule::kw_st_freely => Some(FallWord::Freely),
                    Rule::kw_st_stepwise => Some(FallWord::Stepwise),
                    Rule::kw_st_never => Some(FallWord::Never),
                    _ => None,
                });
                if let Some(word) = word {
                    self.once(&mut body.fall, (word, span), span);
                }
            }
            Rule::grade_row => {
                let (mut name, mut key) = (None, None);
                for q in p.into_inner() {
                    match q.as_rule() {
                        Rule::name => name = Some(self.name(&q)),
                        Rule::grade_key => key = self.grade_key(q),
                        _ => {}
                    }
                }
                if let (Some(name), Some(key)) = (name, key) {
                    body.rows.push(GradeRow { name, key, span });
                }
            }
            _ => {}
        }
    }

    fn grade_key(&mut self, pair: P<'_>) -> Option<GradeKey> {
        let first = pair.clone().into_inner().next()?;
        Some(match first.as_rule() {
            Rule::kw_rest => GradeKey::Rest,
            Rule::when => GradeKey::When(self.condition_of(first)?),
            Rule::st_top => GradeKey::Top(self.top(first)?),
            _ => GradeKey::Bound(self.row_key(pair)?),
        })
    }

    /// `前 20%`: how many.
    pub(super) fn top(&mut self, pair: P<'_>) -> Option<Expr> {
        let quota = pair.into_inner().last()?;
        Some(self.expr(quota))
    }

    fn condition_of(&mut self, when: P<'_>) -> Option<Expr> {
        let cond = when.into_inner().find(|e| e.as_rule() == Rule::expr);
        cond.map(|e| self.expr(e))
    }

    pub(super) fn flag(&mut self, pair: P<'_>) -> Option<StandingDecl> {
        let (mut when, mut times, mut gaps, mut broken) = (None, None, None, false);
        let mut notice = false;
        let mut heads = Vec::new();
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::when => when = self.condition_of(p),
                Rule::kw_d_notice => notice = true,
                Rule::flag_times => {
                    let said = self.flag_times(p, span);
                    if let Some(said) = said {
                        self.once(&mut times, said, span);
                    }
                }
                Rule::flag_gaps => {
                    let skip = p.into_inner().any(|w| w.as_rule() == Rule::kw_st_skip);
                    self.once(&mut gaps, (skip, span), span);
                }
                Rule::broken_flag => {
                    broken = true;
                    self.broken_standing(&p, FLAG_TAILS);
                }
                _ => heads.push(p),
            }
        }
        let body = FlagBody {
            notice,
            when: when?,
            times,
            gaps,
        };
        let mut out = Self::empty(StandingBody::Flag(Box::new(body)));
        for p in &heads {
            self.standing_head(p, &mut out);
        }
        out.broken = broken;
        Some(out)
    }

    fn flag_times(&mut self, pair: P<'_>, span: Span) -> Option<FlagTimes> {
        let (mut running, mut n, mut of_last) = (false, None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_st_running => running = true,
                Rule::quantity | Rule::han_quantity => n = Some(self.expr(p)),
                Rule::flag_last => of_last = p.into_inner().last().map(|q| self.expr(q)),
                _ => {}
            }
        }
        Some(FlagTimes {
            running,
            n: n?,
            of_last,
            span,
        })
    }

    pub(super) fn right(&mut self, pair: P<'_>) -> Option<StandingDecl> {
        let mut body = RightBody {
            cases: Vec::new(),
            rest: None,
            valid: None,
        };
        let (mut heads, mut broken) = (Vec::new(), false);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::right_case => {
                    let (mut when, mut value) = (None, None);
                    for q in p.into_inner() {
                        match q.as_rule() {
                            Rule::when => when = self.condition_of(q),
                            Rule::value => value = Some(self.expr(q)),
                            _ => {}
                        }
                    }
                    body.cases.push((when?, value));
                }
                Rule::right_else => {
                    let value = p.into_inner().find(|v| v.as_rule() == Rule::value);
                    body.rest = value.map(|v| self.expr(v));
                }
                Rule::right_valid => {
                    let said = self.right_valid(p);
                    if let Some(said) = said {
                        self.once(&mut body.valid, (said, span), span);
                    }
                }
                Rule::broken_right => {
                    broken = true;
                    self.broken_standing(&p, RIGHT_TAILS);
                }
                _ => heads.push(p),
            }
        }
        let mut out = Self::empty(StandingBody::Right(Box::new(body)));
        for p in &heads {
            self.standing_head(p, &mut out);
        }
        out.broken = broken;
        Some(out)
    }

    fn right_valid(&mut self, pair: P<'_>) -> Option<RightValid> {
        use crate::ast::PeriodWord;
        let said = pair.into_inner().last()?;
        if said.as_rule() != Rule::right_next {
            return Some(RightValid::For(self.expr(said)));
        }
        let next = said.into_inner().next()?.as_rule();
        Some(RightValid::Next(match next {
            Rule::kw_st_next_year => PeriodWord::Year,
            Rule::kw_st_next_half => PeriodWord::HalfYear,
            Rule::kw_st_next_quarter => PeriodWord::Quarter,
            Rule::kw_st_next_month => PeriodWord::Month,
            _ => PeriodWord::Week,
        }))
    }

    fn standing_at_start(&mut self, span: Span) {
        self.push(Diagnostic::new(
            codes::INCOMPLETE,
            span,
            text!(
                zh = "排名到期末才排得出来，周期不写“期初”",
                en = "a ranking is known when its period is over; drop “at start”"
            ),
        ));
    }

    /// What is none of the lines or tails of a standing.
    fn broken_standing(&mut self, pair: &P<'_>, forms: (&str, &str)) {
        let span = self.span(pair);
        let span = self.first_line(pair, span);
        let word = crate::broken::first_word(pair.as_str());
        let (zh, en) = forms;
        self.push(Diagnostic::new(
            codes::INCOMPLETE,
            span,
            text!(
                zh = "从“{word}”起读不懂；这里可以写：{zh}",
                en = "what begins with “{word}” cannot be read; here may stand: {en}"
            ),
        ));
    }
}

const RANK_LINES: (&str, &str) = (
    "周期 每年、按 获得(可用积分)、分组 社区、参评范围 在册、并列 占位（1-1-3）或 不占位（1-1-2）、同分比较 …、取整 舍去、末位并列 全取 或 全不取",
    "every year, by earned(points), within each community, among registered, ties skip (1-1-3) or do not skip (1-1-2), break ties by …, rounded round down, ties at line in or out",
);
const GRADE_LINES: (&str, &str) = (
    "评定 每季度、降级 允许、逐级 或 不降，和每一级一行：优秀: 90 以上、优秀: 前 20%、不合格: 其余",
    "reviewed quarter, falling allowed, stepwise or never, and a row for each level: excellent: 90 and above, excellent: top 20%, failed: rest",
);
const FLAG_TAILS: (&str, &str) = (
    "连续 2个季度 无值 跳过（或 中断）、累计 2个季度、累计 2个季度 近 4个季度",
    "in a row 2 quarters no value skipped (or breaks), in all 2 quarters, in all 2 quarters of the last 4 quarters",
);
const RIGHT_TAILS: (&str, &str) = (
    "当 条件 { 1.5票 }、否则 { 1票 }、有效 次年、有效 12个月",
    "when condition { 1.5 votes }, otherwise { 1 vote }, valid next year, valid 12 months",
);
