//! `余额(币)` and `累计(币)`: what an account has and was ever awarded just before a spend (S19b, decision 017).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{CurrencyIx, Expr as Node, PointsOf, PointsRead};
use jifen_quantity::Dim;
use jifen_syntax::ast::{Expr, ExprKind, Name};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::{ItemSrc, Sym};
use crate::units::Tag;

/// What a place may read of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Nothing: what is awarded does not depend on what is left.
    Nothing,
    /// 累计 only: a limit over a window, which what is left would move with each spend.
    Awarded,
    /// 余额 and 累计: spends and transfers.
    Balance,
}

impl Reads {
    /// What the statements of an item or a spend may read.
    pub(crate) fn of(src: &ItemSrc<'_>) -> Reads {
        match src.decl.spend {
            true => Reads::Balance,
            false => Reads::Nothing,
        }
    }
}

/// The functions, in canonical spelling; the parser has put English names into it.
pub(super) fn is_account(name: &str) -> bool {
    matches!(name, "余额" | "累计" | "获得" | "本年获得")
}

impl<'a> Checker<'a> {
    /// `余额(可用积分)`; with one currency its name may be left out.
    pub(super) fn account(
        &mut self,
        cx: Scope,
        f: &Name,
        args: &[Expr],
        span: Span,
    ) -> Option<Val> {
        if cx.closes.is_some() && cx.measure && !cx.inside {
            return self.closed_account(cx, f, args, span);
        }
        if let "获得" | "本年获得" = f.text.as_str() {
            self.earned_misplaced(cx, f, span);
            return None;
        }
        let balance = f.text == "余额";
        let fits = match cx.reads {
            Reads::Nothing => false,
            Reads::Awarded => !balance,
            Reads::Balance => true,
        };
        if cx.inside || !fits {
            self.account_misplaced(cx, balance, span);
            return None;
        }
        let c = self.which_points(cx, f, args, span)?;
        let node = match balance {
            true => Node::Balance(c),
            false => Node::Awarded(c),
        };
        let kind = Kind::Num(Dim::POINTS, Tag::Plain);
        Some(self.node(node, kind, span))
    }

    /// In a measure or a standing: what the account has when the period has closed.
    fn closed_account(&mut self, cx: Scope, f: &Name, args: &[Expr], span: Span) -> Option<Val> {
        if cx.shared.is_some() {
            self.no_single(span);
            return None;
        }
        let currency = self.which_points(cx, f, args, span)?;
        let of = match f.text.as_str() {
            "余额" => PointsOf::Balance,
            "累计" => PointsOf::Awarded,
            "本年获得" => PointsOf::EarnedThisYear,
            _ => PointsOf::Earned,
        };
        let kind = Kind::Num(Dim::POINTS, Tag::Plain);
        Some(self.node(Node::Points(PointsRead::all(currency, of)), kind, span))
    }

    /// 获得 outside of measures and standings.
    pub(super) fn earned_misplaced(&mut self, cx: Scope, f: &Name, span: Span) {
        let (zh, en) = match f.text.as_str() {
            "获得" => ("获得", "earned"),
            _ => ("本年获得", "earned this year"),
        };
        let text = match cx.inside {
            true => text!(
                zh = "统计看的是一条条记录，“{zh}”不在记录里；把“{zh}”移到统计的括号外面",
                en = "an aggregate looks at facts, and “{en}” is in none of them: write it outside the brackets"
            ),
            false => text!(
                zh = "“{zh}”是一期过完才有的数，写在 指标、排名、等级、标记 和 权益 里；项目要看它，先写成指标：指标 本期得分 对象 居民 每月 = {zh}(可用积分)",
                en = "“{en}” is known when a period is over: it stands in measures, rankings, grades, flags and rights; an item reads it through a measure: measure month_points for resident per month = {en}(points)"
            ),
        };
        self.sink
            .push(Diagnostic::new(codes::BALANCE_PLACE, span, text));
    }

    fn account_misplaced(&mut self, cx: Scope, balance: bool, span: Span) {
        let (zh, en) = match balance {
            true => ("余额", "balance"),
            false => ("累计", "total awarded"),
        };
        let text = match (cx.inside, cx.reads) {
            (true, _) => text!(
                zh = "统计看的是一条条记录，那时的“{zh}”不在记录里；把“{zh}”移到统计的括号外面",
                en = "an aggregate looks at facts, and “{en}” is in none of them: write it outside the brackets"
            ),
            (_, Reads::Awarded) => text!(
                zh = "余额随每次支用变小，管一段时间的上限不能跟着它变：余额 100分、每年 30%，用了 30分 以后，是还按 100分 的 30%，还是按剩下 70分 的 30%？写“上限 每次 …”，或写 累计(…)，它只增不减",
                en = "a balance shrinks with each spend, and a limit over a window cannot follow it: of 100 points and 30% a year, after 30 are spent, is it 30% of 100 or of the 70 left? Write “cap … per occasion”, or total awarded(…), which only grows"
            ),
            (_, _) => text!(
                zh = "“{zh}”只能写在支用和转赠的 当、条件、额 和 上限 里，还有分元的“分配”里。得多少分不能看账上还有多少：那样，先用后得和先得后用的人，做同样的事得的分就不一样。要看做过多少、得过多少，写 计数(记录 在 终身)、合计(记录.分数 在 终身)",
                en = "“{en}” stands in the when, requires, asks and cap of spends and transfers, and in allotments of yuan, only. What is awarded cannot depend on what is left: who spends first and who earns first would get different points for the same deed. For what was done so far write count(fact in lifetime) or sum(fact.points in lifetime)"
            ),
        };
        self.sink
            .push(Diagnostic::new(codes::BALANCE_PLACE, span, text));
    }

    /// The currency named, or the only one.
    pub(super) fn which_points(
        &mut self,
        cx: Scope,
        f: &Name,
        args: &[Expr],
        span: Span,
    ) -> Option<CurrencyIx> {
        let all = self.all_points(cx);
        match (args, all.as_slice()) {
            ([], [(_, only)]) => Some(*only),
            ([e], _) => match &e.kind {
                ExprKind::Name(n) => self.points_named(cx, n, &all),
                _ => {
                    self.account_form(f, span, &all);
                    None
                }
            },
            _ => {
                self.account_form(f, span, &all);
                None
            }
        }
    }

    fn points_named(
        &mut self,
        cx: Scope,
        n: &Name,
        all: &[(&str, CurrencyIx)],
    ) -> Option<CurrencyIx> {
        if let Some((_, c)) = all.iter().find(|(name, _)| *name == n.text) {
            self.used.names.insert((cx.version, n.text.clone()));
            return Some(*c);
        }
        let v = self.version(cx)?;
        if let Some((sym, at)) = v.names.get(&n.text) {
            if !matches!(sym, Sym::Poison) {
                let sort = sym.sort();
                let d = Diagnostic::new(
                    codes::BALANCE_OF,
                    n.span,
                    jifen_diag::Text::new(
                        format!("括号里要写积分的名称，“{}”是{}", n.text, sort.zh),
                        format!(
                            "the name of points is wanted, and “{}” is a {}",
                            n.text, sort.en
                        ),
                    ),
                );
                let d = d.label(*at, text!(zh = "声明在这里", en = "declared here"));
                self.sink.push(d);
            }
            return None;
        }
        let what = text!(zh = "积分", en = "points");
        self.sink.unknown(n, &what, all.iter().map(|a| a.0));
        None
    }

    /// `余额` without brackets, where nothing is called so: the brackets are offered.
    pub(super) fn account_alone(&mut self, cx: Scope, n: &Name) -> bool {
        let text = match n.text.as_str() {
            "余额" | "balance" => "余额",
            "累计" => "累计",
            _ => return false,
        };
        if cx.inside || cx.reads != Reads::Balance {
            return false;
        }
        let all = self.all_points(cx);
        let f = Name {
            text: text.to_owned(),
            span: n.span,
        };
        self.account_form(&f, n.span, &all);
        true
    }

    /// The currencies of the version.
    pub(super) fn all_points(&self, cx: Scope) -> Vec<(&'a str, CurrencyIx)> {
        let names = self.version(cx).into_iter().flat_map(|v| &v.names);
        let points = names.filter_map(|(n, (s, _))| match s {
            Sym::Currency(c) => Some((n.as_str(), *c)),
            _ => None,
        });
        points.collect()
    }

    /// Several currencies and none named, or something else in the brackets.
    fn account_form(&mut self, f: &Name, span: Span, all: &[(&str, CurrencyIx)]) {
        if self.sink.lenient || self.sink.lost_in(span) {
            return;
        }
        let names: Vec<&str> = all.iter().map(|a| a.0).collect();
        let (list, en) = jifen_diag::listed(&names);
        let word = match f.text.as_str() {
            "余额" => self.sink.kw("余额", "balance"),
            "获得" => self.sink.kw("获得", "earned"),
            "本年获得" => self.sink.kw("本年获得", "earned this year"),
            _ => self.sink.kw("累计", "total awarded"),
        };
        let first = names.first().copied().unwrap_or("可用积分");
        let d = Diagnostic::new(
            codes::BALANCE_OF,
            span,
            text!(
                zh = "哪一种积分的没有写明，有：{list}；写“{word}({first})”",
                en = "of which points is not stated; there are: {en}; write “{word}({first})”"
            ),
        );
        let d = names.iter().fold(d, |d, n| {
            d.fix(
                span,
                format!("{word}({n})"),
                text!(zh = "写明“{n}”", en = "say “{n}”"),
            )
        });
        self.sink.push(d);
    }

    /// `可用积分` as a number: what to write instead, where it can stand.
    pub(super) fn account_fix(&self, cx: Scope, n: &Name, d: Diagnostic) -> Diagnostic {
        let points = |v: &crate::resolve::VersionSrc<'_>| match v.names.get(&n.text) {
            Some((Sym::Currency(_), _)) => Some(n.text.clone()),
            _ => None,
        };
        let of = self.version(cx).and_then(points);
        if of.is_none() || cx.reads != Reads::Balance {
            return d;
        }
        let word = self.sink.kw("余额", "balance");
        let fix = format!("{word}({})", n.text);
        let help = text!(zh = "改成“{fix}”", en = "change it to “{fix}”");
        d.fix(n.span, fix, help)
    }
}
