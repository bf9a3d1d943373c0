//! Which points an award is credited to, and what a spend takes from (S19).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::CurrencyIx;
use jifen_syntax::ast::{HeaderKind, Name, Stmt, StmtKind};

use crate::expr::{Checker, Scope};
use crate::resolve::{ItemSrc, Sym};

impl Checker<'_> {
    /// Currencies of an item: its own 计入, the nearest category's, the policy's, or the only one there is.
    pub(super) fn credit(&mut self, cx: Scope, src: &ItemSrc<'_>) -> Option<Vec<CurrencyIx>> {
        let vi = cx.version;
        let v = self.w.versions.get(vi)?;
        self.credit_places(cx, src);
        let mut levels: Vec<Vec<(&Vec<Name>, Span)>> = Vec::new();
        let of = |stmts: &'_ [Stmt]| -> Vec<(Vec<Name>, Span)> {
            let credits = stmts.iter().filter_map(|s| match &s.kind {
                StmtKind::Credit(c) => self.credit_points(cx, c).map(|n| (n, s.span)),
                StmtKind::Ask { from: Some(n), .. } => Some((vec![n.clone()], n.span)),
                _ => None,
            });
            credits.collect()
        };
        let own = of(&src.decl.stmts);
        let chain: Vec<Vec<(Vec<Name>, Span)>> =
            src.chain.iter().rev().map(|c| of(&c.stmts)).collect();
        // What awards are credited to says nothing of what a spend takes.
        let policy = v.policy.filter(|_| !src.decl.spend);
        let header: Vec<(Vec<Name>, Span)> = policy.map_or(Vec::new(), |p| {
            let credits = p.stmts.iter().filter_map(|s| match &s.kind {
                HeaderKind::Credit(n) => Some((n.clone(), s.span)),
                _ => None,
            });
            credits.collect()
        });
        for level in std::iter::once(&own).chain(&chain).chain([&header]) {
            levels.push(level.iter().map(|(n, s)| (n, *s)).collect());
        }
        for level in levels {
            let Some((names, first)) = level.first().copied() else {
                continue;
            };
            if let Some((_, again)) = level.get(1) {
                self.twice(*again, first);
            }
            return self.currencies(vi, names);
        }
        self.credit_unstated(vi, src)
    }

    fn credit_unstated(&mut self, vi: usize, src: &ItemSrc<'_>) -> Option<Vec<CurrencyIx>> {
        let v = self.w.versions.get(vi)?;
        let all: Vec<(&str, CurrencyIx)> = v
            .names
            .iter()
            .filter_map(|(n, (s, _))| match s {
                Sym::Currency(c) => Some((n.as_str(), *c)),
                _ => None,
            })
            .collect();
        if let [(_, only)] = all.as_slice() {
            return Some(vec![*only]);
        }
        if self.sink.lost_in(src.span) || self.sink.lenient {
            return None;
        }
        let first = v.file.decls.first().map_or(src.span, |d| d.span);
        if all.is_empty() {
            let fix = self.sink.kw(
                "\n积分 可用积分 { 精度 1分 四舍五入  下限 0分 }\n",
                "\npoints spendable { precision 1 points half up  floor 0 points }\n",
            );
            let at = v.policy.map_or(first, |p| p.name.span);
            self.sink.push(
                Diagnostic::new(
                    codes::NO_CURRENCY,
                    at,
                    text!(
                        zh = "政策里没有声明积分，得的分没有地方记；加一句：积分 可用积分 {{ 精度 1分 四舍五入  下限 0分 }}",
                        en = "the policy declares no points, so awards go nowhere; add: points spendable {{ precision 1 points half up  floor 0 points }}"
                    ),
                )
                .fix(first.at_end(), fix, text!(zh = "声明一种积分", en = "declare points")),
            );
            return None;
        }
        let names: Vec<&str> = all.iter().map(|a| a.0).collect();
        let (list, en) = jifen_diag::listed(&names);
        let one = names.first().copied().unwrap_or_default();
        if src.decl.spend {
            self.takes_unstated(src, &names);
            return None;
        }
        // 计入 户 without saying which points: they are named behind it.
        let account = src.decl.stmts.iter().find_map(|s| match &s.kind {
            StmtKind::Credit(c) => c.names.last(),
            _ => None,
        });
        if let Some(account) = account {
            self.received_points_unstated(account, &names);
            return None;
        }
        let at = src
            .decl
            .stmts
            .first()
            .map_or(src.decl.name.span, |s| s.span);
        let words: Vec<(String, String)> = names
            .iter()
            .map(|n| (format!("计入 {n}"), format!("credited to {n}")))
            .collect();
        let words: Vec<(&str, &str)> = words.iter().map(|w| (w.0.as_str(), w.1.as_str())).collect();
        let d = Diagnostic::new(
            codes::CREDIT_UNSTATED,
            src.decl.name.span,
            text!(
                zh = "有几种积分（{list}），“{0}”得的分计入哪一种没有写明；写“计入 {one}”，或“计入 {list}”（各记一笔）",
                en = "there are several points ({en}) and “{0}” does not say which it is credited to: write “credited to {one}”, or all of them",
                src.decl.name.text
            ),
        );
        let d = self.sink.each(d, (at.at_start(), "", "\n    "), &words);
        self.sink.push(d);
        None
    }

    fn received_points_unstated(&mut self, account: &Name, points: &[&str]) {
        let words: Vec<(String, String)> = points
            .iter()
            .map(|n| (format!("的 {n}"), format!("as {n}")))
            .collect();
        let words: Vec<(&str, &str)> = words.iter().map(|w| (w.0.as_str(), w.1.as_str())).collect();
        let (list, en) = jifen_diag::listed(points);
        let d = Diagnostic::new(
            codes::CREDIT_UNSTATED,
            account.span,
            text!(
                zh = "有几种积分（{list}），计入“{0}”的是哪一种没有写明",
                en = "there are several points ({en}), and which of them “{0}” is credited with is open",
                account.text
            ),
        );
        let d = self.sink.each(d, (account.span.at_end(), " ", ""), &words);
        self.sink.push(d);
    }
}
