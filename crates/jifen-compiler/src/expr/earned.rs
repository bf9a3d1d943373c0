//! `获得(积分 来自 志愿服务、类别 公益)`: what some items awarded (S28, decision 037).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{CurrencyIx, Expr as Node, PointsOf, PointsRead, Source};
use jifen_quantity::Dim;
use jifen_syntax::ast::{EarnedExpr, Expr, ExprKind, Name, SourceName};

use super::{Checker, Kind, Scope, Val};
use crate::check::Draft;
use crate::resolve::Sym;
use crate::units::Tag;

/// What 来自 names, for the question that needs all items.
pub(crate) struct Sourced {
    at: Span,
    source: Source,
    currency: CurrencyIx,
}

/// What a name is, by all versions.
enum Found {
    /// As it was written: an item that gives, or a category.
    Right,
    /// An item where a category was meant, or the other way about.
    Other,
    /// A spend or a transfer.
    Takes,
}

impl Checker<'_> {
    /// A call with 来自.
    pub(super) fn earned(&mut self, cx: Scope, e: &EarnedExpr, span: Span) -> Option<Val> {
        let of = match e.function.text.as_str() {
            "获得" => PointsOf::Earned,
            "本年获得" => PointsOf::EarnedThisYear,
            _ => {
                self.sources_of_balance(e);
                return None;
            }
        };
        if cx.closes.is_none() || !cx.measure || cx.inside {
            self.earned_misplaced(cx, &e.function, span);
            return None;
        }
        if cx.shared.is_some() {
            self.no_single(span);
            return None;
        }
        let named = e.of.as_ref().map(|n| Expr {
            kind: ExprKind::Name(n.clone()),
            span: n.span,
        });
        let currency = self.points_before_sources(cx, e, named, span);
        let from: Vec<Option<Source>> = e.from.iter().map(|s| self.source(cx, s)).collect();
        let (currency, from) = (
            currency?,
            from.into_iter().collect::<Option<Vec<Source>>>()?,
        );
        for (source, written) in from.iter().zip(&e.from) {
            self.used.sources.push(Sourced {
                at: written.name.span,
                source: source.clone(),
                currency,
            });
        }
        let read = PointsRead { currency, of, from };
        let kind = Kind::Num(Dim::POINTS, Tag::Plain);
        Some(self.node(Node::Points(read), kind, span))
    }

    /// 余额 and 累计 hold what no item awarded: openings, transfers, what was spent.
    fn sources_of_balance(&mut self, e: &EarnedExpr) {
        let (zh, en) = match e.function.text.as_str() {
            "余额" => ("余额", "balance"),
            _ => ("累计", "total awarded"),
        };
        self.sink.push(
            Diagnostic::new(
                codes::SOURCES_OF_WHAT,
                e.word,
                text!(
                    zh = "“{zh}”里有期初和不是项目给的分，分不出来自哪个项目；来自 只写在 获得、本年获得 里",
                    en = "“{en}” holds openings and what no item gave, and cannot be told apart by items; “from” stands in earned and earned this year only"
                ),
            )
            .label(
                e.function.span,
                text!(zh = "这里写的是“{zh}”", en = "“{en}” is written here"),
            ),
        );
    }

    /// The currency named, or the only one.
    fn points_before_sources(
        &mut self,
        cx: Scope,
        e: &EarnedExpr,
        named: Option<Expr>,
        span: Span,
    ) -> Option<CurrencyIx> {
        let all = self.all_points(cx);
        if named.is_some() || all.len() == 1 {
            let args: Vec<Expr> = named.into_iter().collect();
            return self.which_points(cx, &e.function, &args, span);
        }
        let names: Vec<&str> = all.iter().map(|a| a.0).collect();
        let (list, en) = jifen_diag::listed(&names);
        let d = Diagnostic::new(
            codes::BALANCE_OF,
            e.word,
            text!(
                zh = "哪一种积分的没有写明，有：{list}",
                en = "of which points is not stated; there are: {en}"
            ),
        );
        let d = names.iter().fold(d, |d, n| {
            d.fix(
                e.word.at_start(),
                format!("{n} "),
                text!(zh = "写明“{n}”", en = "say “{n}”"),
            )
        });
        self.sink.push(d);
        None
    }

    /// An item or a category, of this version or another.
    fn source(&mut self, cx: Scope, s: &SourceName) -> Option<Source> {
        let category = s.category.is_some_and(|c| c.0);
        match self.source_found(&s.name, category) {
            Some(Found::Right) => {
                self.used.names.insert((cx.version, s.name.text.clone()));
                return Some(match category {
                    true => Source::Category(s.name.text.clone()),
                    false => Source::Item(s.name.text.clone()),
                });
            }
            Some(Found::Other) => self.other_sort(s, category),
            Some(Found::Takes) => self.sink.push(Diagnostic::new(
                codes::SOURCE_SORT,
                s.name.span,
                text!(
                    zh = "“{0}”是支用或转赠，不给分，来自 它的总是没有",
                    en = "“{0}” is a spend or a transfer and awards nothing",
                    s.name.text
                ),
            )),
            None => self.unknown_source(cx, &s.name, category),
        }
        None
    }

    /// A name may have been an item in one version and be gone, or a category, in another.
    fn source_found(&self, n: &Name, category: bool) -> Option<Found> {
        let (mut other, mut takes) = (false, false);
        for v in &self.w.versions {
            match v.names.get(&n.text) {
                Some((Sym::Category, _)) if category => return Some(Found::Right),
                Some((Sym::Item, _)) if !category => {
                    let of_name = |i: &&crate::resolve::ItemSrc<'_>| i.path.last() == Some(&n.text);
                    match v.items.iter().find(of_name) {
                        Some(i) if i.decl.spend => takes = true,
                        _ => return Some(Found::Right),
                    }
                }
                Some((Sym::Item | Sym::Category, _)) => other = true,
                _ => {}
            }
        }
        match (takes, other) {
            (true, _) => Some(Found::Takes),
            (_, true) => Some(Found::Other),
            _ => None,
        }
    }

    fn other_sort(&mut self, s: &SourceName, category: bool) {
        let name = &s.name.text;
        let at = s.category.map_or(s.name.span, |c| c.1.to(s.name.span));
        let d = match category {
            true => Diagnostic::new(
                codes::SOURCE_SORT,
                at,
                text!(
                    zh = "“{name}”是一个项目，不是类别",
                    en = "“{name}” is an item and no category"
                ),
            )
            .fix(
                at,
                name.clone(),
                text!(zh = "去掉“类别”", en = "without “category”"),
            ),
            false => {
                let word = self.sink.kw("类别", "category");
                Diagnostic::new(
                    codes::SOURCE_SORT,
                    at,
                    text!(
                        zh = "“{name}”是类别；要里面所有项目的分，写“类别 {name}”",
                        en = "“{name}” is a category; for the points of all its items write “category {name}”"
                    ),
                )
                .fix(
                    at,
                    format!("{word} {name}"),
                    text!(zh = "写明是类别", en = "say that it is a category"),
                )
            }
        };
        self.sink.push(d);
    }

    fn unknown_source(&mut self, cx: Scope, n: &Name, category: bool) {
        let w = self.w;
        let own = w
            .versions
            .get(cx.version)
            .and_then(|v| v.names.get(&n.text));
        if let Some((sym, at)) = own {
            if !matches!(sym, Sym::Poison) {
                let sort = sym.sort();
                let message = jifen_diag::Text::new(
                    format!("来自 后面写项目或者类别，“{}”是{}", n.text, sort.zh),
                    format!(
                        "an item or a category is wanted, and “{}” is a {}",
                        n.text, sort.en
                    ),
                );
                let d = Diagnostic::new(codes::SOURCE_SORT, n.span, message);
                let d = d.label(*at, text!(zh = "声明在这里", en = "declared here"));
                self.sink.push(d);
            }
            return;
        }
        let mut names: Vec<&str> = Vec::new();
        for v in &w.versions {
            let of_sort = v.names.iter().filter(|(name, (sym, _))| match sym {
                Sym::Category => category,
                Sym::Item => {
                    let item = |i: &&crate::resolve::ItemSrc<'_>| i.path.last() == Some(*name);
                    !category && v.items.iter().find(item).is_none_or(|i| !i.decl.spend)
                }
                _ => false,
            });
            names.extend(of_sort.map(|(name, _)| name.as_str()));
        }
        names.sort_unstable();
        names.dedup();
        let what = match category {
            true => text!(zh = "类别", en = "category"),
            false => text!(zh = "项目", en = "item"),
        };
        self.sink.unknown(n, &what, names);
    }

    /// Those that never award such points: what is read of them is always 0.
    pub(crate) fn sources_give(&mut self, items: &[Draft]) {
        for s in std::mem::take(&mut self.used.sources) {
            let gives = |d: &Draft| {
                d.credit.contains(&s.currency)
                    || d.passes.iter().any(|p| p.credit.contains(&s.currency))
            };
            let mut meant = items.iter().filter(|d| s.source.gives(&d.path)).peekable();
            // An item that is wrong has been reported, and is not among them.
            if meant.peek().is_none() || meant.any(gives) {
                continue;
            }
            let currency = self.w.currencies.get(s.currency.ix());
            let currency = currency.map_or("?", |c| c.name.as_str());
            let name = s.source.name();
            self.sink.push(Diagnostic::new(
                codes::SOURCE_NEVER,
                s.at,
                text!(
                    zh = "“{name}”从不计入“{currency}”，来自它的“{currency}”总是 0",
                    en = "“{name}” is never credited to “{currency}”: what comes from it is always 0"
                ),
            ));
        }
    }
}
