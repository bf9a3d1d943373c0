//! Files and declarations.

use super::stmt::{period, stacking};
use super::{Builder, P, keyword, literal};
use crate::ast::{
    AtWord, ClockWindowsDecl, Decl, DeclKind, FieldDecl, File, HeaderKind, HeaderStmt, Name,
    OnMove, OnSplit, OrderWord, OverlapWord, ParamDecl, PointsDecl, PointsKind, PointsStmt,
    PolicyDecl, RecordDecl, RosterDecl, RuleDateWord, Span, TypeExpr, TypeKind,
};
use crate::broken::Context;
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, suggest, text};
use pest::iterators::Pairs;

impl Builder<'_> {
    /// The whole file.
    pub(crate) fn file(&mut self, pairs: Pairs<'_, Rule>) -> File {
        let parts: Vec<P<'_>> = pairs.flat_map(P::into_inner).collect();
        self.find_language(&parts);
        let mut decls = Vec::new();
        for p in parts {
            decls.extend(self.member(p));
        }
        File {
            lang: self.lang,
            decls,
            mended: Vec::new(),
        }
    }

    fn find_language(&mut self, parts: &[P<'_>]) {
        let mut words = [0, 0];
        for p in parts {
            let word = p.clone().into_inner().find(|k| {
                keyword(k.as_rule()).is_some_and(|k| matches!(k.class, "declaration" | "later"))
            });
            if let Some(w) = word {
                Self::count_language(w.as_str(), &mut words);
            } else if p.as_rule() == Rule::broken_decl {
                Self::count_language(p.as_str(), &mut words);
            }
        }
        self.note_language(words);
    }

    /// A declaration of a file or a category.
    pub(super) fn member(&mut self, p: P<'_>) -> Option<Decl> {
        let span = self.span(&p);
        let kind = match p.as_rule() {
            Rule::policy_decl => DeclKind::Policy(self.policy(p)),
            Rule::roster_decl => DeclKind::Roster(self.roster(p)),
            Rule::points_decl => DeclKind::Points(self.points(p)),
            Rule::record_decl => DeclKind::Record(self.record(p)),
            Rule::param_decl => self.param(p).map_or(DeclKind::Broken, DeclKind::Param),
            Rule::clock_decl => self
                .clock(p)
                .map_or(DeclKind::Broken, DeclKind::ClockWindows),
            Rule::category_decl => DeclKind::Category(self.category(p)),
            Rule::item_decl | Rule::spend_decl | Rule::reward_decl | Rule::transfer_decl => {
                DeclKind::Item(self.item(p))
            }
            Rule::allot_decl => DeclKind::Item(self.allotment(p)),
            Rule::measure_decl => self.measure(p).map_or(DeclKind::Broken, DeclKind::Measure),
            Rule::score_decl => DeclKind::Score(self.score(p)),
            Rule::rank_decl => DeclKind::Standing(self.rank(p)),
            Rule::grade_decl => DeclKind::Standing(self.grade(p)),
            Rule::flag_decl => self.flag(p).map_or(DeclKind::Broken, DeclKind::Standing),
            Rule::right_decl => self.right(p).map_or(DeclKind::Broken, DeclKind::Standing),
            Rule::campaign_decl => DeclKind::Campaign(self.campaign(p)),
            Rule::test_decl => DeclKind::Test(self.test(p)),
            Rule::later_decl => {
                self.not_supported(&p);
                DeclKind::Broken
            }
            Rule::broken_decl | Rule::stray => {
                self.report(&p, Context::Top);
                DeclKind::Broken
            }
            _ => return None,
        };
        Some(Decl {
            kind,
            span,
            doc: self.doc(span),
        })
    }

    /// What may stand in any block: a declaration in the wrong place, words between name and brace, later statements.
    pub(crate) fn around(&mut self, rule: Rule, p: &P<'_>) {
        match rule {
            Rule::junk => self.junk(p),
            Rule::later_stmt => self.not_supported(p),
            Rule::misplaced => {
                let span = self.span(p);
                let word = crate::broken::first_word(p.as_str());
                self.push(
                    Diagnostic::new(
                        codes::MISPLACED_DECLARATION,
                        self.first_line(p, span),
                        text!(
                            zh = "“{word}”不能写在这里面",
                            en = "“{word}” cannot stand inside here"
                        ),
                    )
                    .help(text!(
                        zh = "把它移到外面；前面的 }} 是不是漏了？",
                        en = "move it outside; is a }} missing before it?"
                    )),
                );
            }
            _ => {}
        }
    }

    pub(super) fn first_line(&self, p: &P<'_>, span: Span) -> Span {
        let start = p.as_span().start();
        let len = p
            .as_str()
            .find(['\n', '{', '｛'])
            .unwrap_or(p.as_str().len());
        let cut = self.at(
            start,
            start + p.as_str().get(..len).unwrap_or("").trim_end().len(),
        );
        if cut.end <= span.end { cut } else { span }
    }

    pub(crate) fn not_supported(&mut self, p: &P<'_>) {
        let span = self.span(p);
        let word = p
            .clone()
            .into_inner()
            .next()
            .and_then(|k| keyword(k.as_rule()))
            .map_or("", |k| k.canonical(self.lang));
        let at = self.first_line(p, span);
        self.push(Diagnostic::new(
            codes::NOT_YET_SUPPORTED,
            at,
            text!(
                zh = "这个版本还不支持“{word}”",
                en = "“{word}” is not yet supported in this version"
            ),
        ));
    }

    fn junk(&mut self, p: &P<'_>) {
        let span = self.span(p);
        let written = p.as_str().trim();
        let first = crate::broken::first_word(written);
        if crate::broken::is_reserved(first) {
            let at = Span {
                end: span.start + u32::try_from(first.len()).unwrap_or(0),
                ..span
            };
            self.reserved(first, at);
            return;
        }
        let words = [
            Rule::kw_subject,
            Rule::kw_off_roster,
            Rule::kw_w_day,
            Rule::kw_w_month,
            Rule::kw_w_quarter,
            Rule::kw_w_year,
        ];
        let all: Vec<&str> = words.iter().map(|r| self.spell(*r)).collect();
        let mut d = Diagnostic::new(
            codes::UNEXPECTED,
            span,
            text!(
                zh = "名称后面到 {{ 之前不应有“{written}”",
                en = "“{written}” should not stand between the name and {{"
            ),
        );
        if let Some(near) = suggest(first, all.iter().copied()) {
            let at = Span {
                end: span.start + u32::try_from(first.len()).unwrap_or(0),
                ..span
            };
            d = d.fix(
                at,
                near,
                text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
            );
        }
        self.push(d);
    }

    /// The name of a declaration; reports its absence.
    pub(super) fn decl_name(&mut self, name: Option<Name>, word: Span, rule: Rule) -> Name {
        match (name, keyword(rule)) {
            (Some(n), _) => n,
            // A reserved word in the place of the name has been reported.
            (None, _)
                if self.diagnostics.last().is_some_and(|d| {
                    d.code == codes::RESERVED_WORD && d.span.start >= word.end
                }) =>
            {
                Name {
                    text: String::new(),
                    span: word.at_end(),
                }
            }
            (None, Some(k)) => self.missing_name(word, k),
            (None, None) => Name {
                text: String::new(),
                span: word,
            },
        }
    }

    fn policy(&mut self, pair: P<'_>) -> PolicyDecl {
        let (mut name, mut title, mut stmts, mut word) = (None, None, Vec::new(), Span::DUMMY);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_policy => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::title => title = Some(self.name(&p)),
                Rule::header_stmt => stmts.extend(self.header(p)),
                Rule::broken_stmt => {
                    self.report(&p, Context::Header);
                    stmts.push(HeaderStmt {
                        kind: HeaderKind::Broken,
                        span,
                    });
                }
                other => self.around(other, &p),
            }
        }
        let name = match (&title, name) {
            (Some(t), None) => t.clone(),
            (_, name) => self.decl_name(name, word, Rule::kw_d_policy),
        };
        PolicyDecl { name, title, stmts }
    }

    fn header(&mut self, pair: P<'_>) -> Option<HeaderStmt> {
        let p = pair.into_inner().next()?;
        let span = self.span(&p);
        let rule = p.as_rule();
        let kind = match rule {
            Rule::cap_stmt => HeaderKind::Cap(self.cap(p)),
            Rule::h_credit => HeaderKind::Credit(self.list_in(p)),
            Rule::multiply_stmt => HeaderKind::Multiply(self.multiply(p)),
            Rule::stacking_stmt => stacking(&p).map_or(HeaderKind::Broken, HeaderKind::Stacking),
            _ => {
                let last = p.into_inner().last()?;
                match rule {
                    Rule::h_version => HeaderKind::Version(self.name(&last)),
                    Rule::h_effective => HeaderKind::Effective(self.date(&last)),
                    Rule::h_expires => HeaderKind::ExpiresOn(self.date(&last)),
                    Rule::h_zone => HeaderKind::Zone(self.zone(&last)),
                    Rule::h_pursuant => HeaderKind::PursuantTo(self.name(&last)),
                    Rule::h_workdays => HeaderKind::Workdays(self.name(&last)),
                    Rule::h_rule_date => HeaderKind::RuleDate(match last.as_rule() {
                        Rule::kw_by_entry => RuleDateWord::Entry,
                        Rule::kw_by_confirmation => RuleDateWord::Confirmation,
                        _ => RuleDateWord::Event,
                    }),
                    _ => HeaderKind::Broken,
                }
            }
        };
        Some(HeaderStmt { kind, span })
    }

    /// 北京时间 is how people call Asia/Shanghai.
    fn zone(&self, p: &P<'_>) -> Name {
        let name = self.name(p);
        if name.text == "北京时间" {
            Name {
                text: "Asia/Shanghai".to_owned(),
                ..name
            }
        } else {
            name
        }
    }

    fn roster(&mut self, pair: P<'_>) -> RosterDecl {
        let (mut name, mut fields, mut word) = (None, Vec::new(), Span::DUMMY);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_d_roster => word = self.span(&p),
                Rule::name => name = Some(self.name(&p)),
                Rule::field => fields.extend(self.field(p)),
                Rule::broken_field => fields.extend(self.broken_field(&p, Context::Roster)),
                other => self.around(other, &p),
            }
        }
        RosterDecl {
            name: self.decl_name(name, word, Rule::kw_d_roster),
            fields,
        }
    }

    fn record(&mut self, pair: P<'_>) -> RecordDecl {
        let (mut name, mut word) = (None, Span::DUMMY);
        let mut out = RecordDecl {
            name: Name {
                text: String::new(),
                span: Span::DUMMY,
            },
            subject: None,
            period: None,
            off_roster: false,
            fields: Vec::new(),
            overlap: None,
            at: None,
        };
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_fact => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::record_subject => {
                    let subject = p
                        .into_inner()
                        .find(|n| n.as_rule() == Rule::name)
                        .map(|n| self.name(&n));
                    if let Some(s) = subject {
                        self.once(&mut out.subject, s, span);
                    }
                }
                Rule::kw_off_roster => out.off_roster = true,
                Rule::record_stmt => self.record_stmt(&mut out, p),
                Rule::field => out.fields.extend(self.field(p)),
                Rule::broken_field => out.fields.extend(self.broken_field(&p, Context::Record)),
                other => match period(other) {
                    Some(w) => self.once(&mut out.period, (w, span), span),
                    None => self.around(other, &p),
                },
            }
        }
        out.name = self.decl_name(name, word, Rule::kw_d_fact);
        out
    }

    fn record_stmt(&mut self, out: &mut RecordDecl, pair: P<'_>) {
        let Some(p) = pair.into_inner().next() else {
            return;
        };
        let span = self.span(&p);
        let rule = p.as_rule();
        let Some(last) = p.into_inner().last() else {
            return;
        };
        if rule == Rule::r_overlap {
            let word = match last.as_rule() {
                Rule::kw_o_once => OverlapWord::Once,
                Rule::kw_o_each => OverlapWord::Each,
                _ => OverlapWord::Reject,
            };
            self.once(&mut out.overlap, (word, span), span);
        } else {
            let word = match last.as_rule() {
                Rule::kw_a_start => AtWord::Start,
                Rule::kw_a_end => AtWord::End,
                Rule::kw_a_entry => AtWord::Entry,
                _ => AtWord::Field(self.name(&last)),
            };
            self.once(&mut out.at, (word, span), span);
        }
    }

    fn field(&mut self, pair: P<'_>) -> Option<FieldDecl> {
        let span = self.span(&pair);
        let mut out = FieldDecl {
            name: Name {
                text: String::new(),
                span,
            },
            ty: None,
            range: None,
            whole: false,
            default: None,
            required: false,
            graded_by: Vec::new(),
            on_move: None,
            on_split: None,
            doc: self.doc(span),
            span,
        };
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::name => out.name = self.name(&p),
                Rule::type_expr => out.ty = self.type_expr(p),
                Rule::kw_whole_only => out.whole = true,
                Rule::kw_required | Rule::kw_blank_rejected => out.required = true,
                Rule::f_range => {
                    let mut ends = p.into_inner().filter(|e| e.as_rule() == Rule::arith);
                    if let (Some(a), Some(b)) = (ends.next(), ends.next()) {
                        let range = (self.expr(a), self.expr(b));
                        self.once(&mut out.range, range, at);
                    }
                }
                Rule::f_default => {
                    if let Some(v) = p.into_inner().find(|v| v.as_rule() == Rule::value) {
                        let v = self.expr(v);
                        self.once(&mut out.default, v, at);
                    }
                }
                Rule::f_on_move => {
                    let word = match p.into_inner().any(|w| w.as_rule() == Rule::kw_move_follow) {
                        true => OnMove::Follow,
                        false => OnMove::Stay,
                    };
                    self.once(&mut out.on_move, (word, at), at);
                }
                Rule::f_on_split => {
                    let word = split_word(p);
                    self.once(&mut out.on_split, (word, at), at);
                }
                Rule::f_graded => out.graded_by.extend(self.list_in(p)),
                _ => {}
            }
        }
        (!out.name.text.is_empty()).then_some(out)
    }

    /// Keeps the name of an unreadable field, so that its uses are known.
    fn broken_field(&mut self, p: &P<'_>, context: Context) -> Option<FieldDecl> {
        self.report(p, context);
        let span = self.span(p);
        let written = crate::broken::first_word(p.as_str());
        let colon = p
            .as_str()
            .get(written.len()..)?
            .trim_start()
            .starts_with([':', '：']);
        if !colon || written.is_empty() {
            return None;
        }
        let start = p.as_span().start();
        let name = Name {
            text: literal::normalise(written),
            span: self.at(start, start + written.len()),
        };
        Some(FieldDecl {
            name,
            ty: None,
            range: None,
            whole: false,
            default: None,
            required: false,
            graded_by: Vec::new(),
            on_move: None,
            on_split: None,
            doc: None,
            span,
        })
    }

    fn type_expr(&mut self, pair: P<'_>) -> Option<TypeExpr> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let p = inner.next()?;
        let several = inner.next().is_some();
        let kind = match p.as_rule() {
            Rule::kw_t_text => TypeKind::Text,
            Rule::kw_t_number => TypeKind::Number,
            Rule::kw_t_whole => TypeKind::Whole,
            Rule::kw_t_percent => TypeKind::Percent,
            Rule::kw_t_date => TypeKind::Date,
            Rule::kw_t_instant => TypeKind::Instant,
            Rule::kw_t_span => TypeKind::Span,
            Rule::kw_t_yes_no => TypeKind::YesNo,
            Rule::kw_t_group => TypeKind::Group,
            Rule::choice_type => TypeKind::Choice(self.name_list(p)),
            Rule::name if several => TypeKind::Refs(self.name(&p)),
            Rule::name => TypeKind::Ref(self.name(&p)),
            other => TypeKind::Unit(literal::unit(other)?),
        };
        Some(TypeExpr { kind, span })
    }

    fn points(&mut self, pair: P<'_>) -> PointsDecl {
        let (mut name, mut stmts, mut word) = (None, Vec::new(), Span::DUMMY);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_points => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::points_stmt => {
                    let Some(s) = p.into_inner().next() else {
                        continue;
                    };
                    let kind = match s.as_rule() {
                        Rule::precision_stmt => PointsKind::Precision(self.precision(s)),
                        Rule::c_floor => s
                            .into_inner()
                            .find(|v| v.as_rule() == Rule::value)
                            .map_or(PointsKind::Broken, |v| PointsKind::Floor(self.expr(v))),
                        Rule::c_ceiling => s
                            .into_inner()
                            .find(|v| v.as_rule() == Rule::value)
                            .map_or(PointsKind::Broken, |v| PointsKind::Ceiling(self.expr(v))),
                        Rule::c_worth => s
                            .into_inner()
                            .find(|v| v.as_rule() == Rule::value)
                            .map_or(PointsKind::Broken, |v| PointsKind::Worth(self.expr(v))),
                        Rule::c_negative => PointsKind::MayBeNegative,
                        Rule::c_life => PointsKind::Life(self.life(s)),
                        Rule::c_order => match s.into_inner().next().map(|w| w.as_rule()) {
                            Some(Rule::kw_use_oldest) => PointsKind::Order(OrderWord::Oldest),
                            Some(Rule::kw_use_newest) => PointsKind::Order(OrderWord::Newest),
                            _ => PointsKind::Order(OrderWord::SoonestExpiry),
                        },
                        _ => PointsKind::Owed,
                    };
                    stmts.push(PointsStmt { kind, span });
                }
                Rule::broken_stmt => {
                    self.report(&p, Context::Points);
                    stmts.push(PointsStmt {
                        kind: PointsKind::Broken,
                        span,
                    });
                }
                other => self.around(other, &p),
            }
        }
        PointsDecl {
            name: self.decl_name(name, word, Rule::kw_d_points),
            stmts,
        }
    }

    fn param(&mut self, pair: P<'_>) -> Option<ParamDecl> {
        let (mut name, mut value) = (None, None);
        let (mut steps, mut adjustable, mut decided_by) = (Vec::new(), None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name => name = Some(self.name(&p)),
                Rule::value => value = Some(self.expr(p)),
                Rule::param_part => {
                    let Some(part) = p.into_inner().next() else {
                        continue;
                    };
                    let span = self.span(&part);
                    match part.as_rule() {
                        Rule::p_since => {
                            let (mut date, mut v) = (None, None);
                            for x in part.into_inner() {
                                match x.as_rule() {
                                    Rule::date => date = Some(self.date(&x)),
                                    Rule::value => v = Some(self.expr(x)),
                                    _ => {}
                                }
                            }
                            steps.extend(date.zip(v));
                        }
                        Rule::p_adjustable => {
                            let mut ends = part.into_inner().filter(|e| e.as_rule() == Rule::arith);
                            if let (Some(a), Some(b)) = (ends.next(), ends.next()) {
                                let range = (self.expr(a), self.expr(b));
                                self.once(&mut adjustable, range, span);
                            }
                        }
                        _ => {
                            if let Some(n) = part.into_inner().find(|n| n.as_rule() == Rule::name) {
                                let n = self.name(&n);
                                self.once(&mut decided_by, n, span);
                            }
                        }
                    }
                }
                Rule::broken_param => self.report(&p, Context::Param),
                _ => {}
            }
        }
        Some(ParamDecl {
            name: name?,
            value: value?,
            steps,
            adjustable,
            decided_by,
        })
    }

    fn clock(&mut self, pair: P<'_>) -> Option<ClockWindowsDecl> {
        let (mut name, mut windows) = (None, Vec::new());
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name => name = Some(self.name(&p)),
                Rule::clock_range => windows.push(self.clock_range(p)),
                _ => {}
            }
        }
        Some(ClockWindowsDecl {
            name: name?,
            windows,
        })
    }
}

/// 分户 全留|均分|归零
fn split_word(pair: P<'_>) -> OnSplit {
    let words = pair.into_inner().map(|w| match w.as_rule() {
        Rule::kw_split_share => OnSplit::Share,
        Rule::kw_split_clear => OnSplit::Clear,
        _ => OnSplit::Keep,
    });
    words.last().unwrap_or(OnSplit::Keep)
}
