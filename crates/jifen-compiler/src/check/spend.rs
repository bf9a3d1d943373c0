//! 支用: which statements belong to a spend, and what has to be stated (S20).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::Spend;
use jifen_syntax::ast::{CapMode, CapStmt, SpendWord, Stmt, StmtKind, WindowWord};

use super::items::Seen;
use crate::expr::Checker;
use crate::resolve::ItemSrc;

impl Checker<'_> {
    /// Does a statement belong to what it stands in, an item or a spend? Says so if it does not.
    pub(super) fn belongs(&mut self, src: &ItemSrc<'_>, s: &Stmt) -> bool {
        let ask = matches!(s.kind, StmtKind::Ask { .. } | StmtKind::SpendMode(_));
        let gives = matches!(s.kind, StmtKind::GoesTo(_) | StmtKind::TransferWord(_));
        if gives && !src.decl.transfer {
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                s.span,
                text!(
                    zh = "“{0}”没有接收的一方，这一句只能写在“转赠”里",
                    en = "nobody receives in “{0}”; this statement belongs to a transfer",
                    src.decl.name.text
                ),
            ));
            return false;
        }
        if let (StmtKind::Join(_), true) = (&s.kind, src.decl.spend) {
            // Said where joins are looked at.
            return false;
        }
        if matches!(s.kind, StmtKind::Worth { .. }) && src.decl.transfer {
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                s.span,
                text!(
                    zh = "转赠不花钱，没有“折合”；花了钱的写在项目和支用里",
                    en = "a transfer costs nothing, and “worth” has no place in it: it stands in items and spends"
                ),
            ));
            return false;
        }
        if !src.decl.spend {
            if ask {
                self.sink.push(Diagnostic::new(
                    codes::SPEND_STATEMENT,
                    s.span,
                    text!(
                        zh = "“{0}”是项目，这一句只能写在“支用”里",
                        en = "“{0}” is an item; this statement belongs to a spend",
                        src.decl.name.text
                    ),
                ));
            }
            return !ask;
        }
        let fine = (ask || gives)
            || matches!(
                s.kind,
                StmtKind::On { .. }
                    | StmtKind::Requires { .. }
                    | StmtKind::Worth { .. }
                    | StmtKind::Cap(_)
                    | StmtKind::Broken
            );
        if !fine {
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                s.span,
                match src.decl.transfer {
                    false => text!(
                        zh = "支用里写：凭、条件、额、上限、折合，和 全额或拒绝、部分支用、已兑付 之一",
                        en = "a spend holds: on, requires, asks, cap, worth, and one of in full or refused, as far as it goes, already honoured"
                    ),
                    true => text!(
                        zh = "转赠里写：凭、条件、额、转给、上限，和 全额或拒绝、部分支用 之一，还有 日期、接收方、视为使用",
                        en = "a transfer holds: on, requires, asks, goes to, cap, one of in full or refused, as far as it goes, and what it says of dates, earning and use"
                    ),
                },
            ));
        }
        if src.decl.transfer && matches!(s.kind, StmtKind::SpendMode(SpendWord::Honoured)) {
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                s.span,
                text!(
                    zh = "转赠不能写已兑付：转出的分要转出时就有，没有的不能转。写 全额或拒绝，或 部分支用",
                    en = "a transfer cannot be already honoured: what is given has to be there when it is given. Write in full or refused, or as far as it goes"
                ),
            ));
            return false;
        }
        if let (StmtKind::Cap(c), true) = (&s.kind, self.honoured(src)) {
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                c.limit.span,
                text!(
                    zh = "已兑付的不能再限：东西已经给了。删去上限，或改成 全额或拒绝",
                    en = "what is already honoured cannot be limited: drop the cap, or say in full or refused"
                ),
            ));
            return false;
        }
        fine
    }

    /// A cap as it stands in a spend: charged with what is taken; a request in full fits or does not.
    /// `Some(None)`: it stands in an item. `None`: it says what cannot be.
    pub(super) fn spend_cap(
        &mut self,
        src: &ItemSrc<'_>,
        c: &CapStmt,
        span: Span,
    ) -> Option<Option<CapStmt>> {
        if !src.decl.spend {
            return Some(None);
        }
        let in_full = |s: &Stmt| matches!(s.kind, StmtKind::SpendMode(SpendWord::AllOrNothing));
        let in_full = src.decl.stmts.iter().any(in_full);
        if let (Some(n), false) = (&c.of, in_full) {
            self.counted_in_part(n);
            return None;
        }
        let clips = matches!(c.mode, Some((CapMode::Clip, _)));
        if c.net.is_some_and(|n| n.0) || c.charge_final.is_some_and(|f| !f.0) || clips && in_full {
            self.sink.push(Diagnostic::new(
                codes::CAP_COMBINATION,
                span,
                text!(
                    zh = "支用的上限按实际支用的算，没有计净和过线；全额或拒绝的，超了就拒绝，不截断",
                    en = "a cap of a spend is charged with what is taken: no net, no charge passed; a request in full is refused beyond it, not clipped"
                ),
            ));
            return None;
        }
        let mut cap = c.clone();
        if !matches!(cap.window, Some((WindowWord::Occasion, _))) {
            cap.charge_final = Some((true, span));
        }
        if in_full && cap.mode.is_none() {
            cap.mode = Some((CapMode::Whole, span));
        }
        Some(Some(cap))
    }

    /// Several currencies, and nothing says from which a spend takes. Where 额 itself is missing, that alone is said.
    pub(super) fn takes_unstated(&mut self, src: &ItemSrc<'_>, names: &[&str]) {
        let asked = src.decl.stmts.iter().find_map(|s| match &s.kind {
            StmtKind::Ask { value, .. } => Some(value.span),
            _ => None,
        });
        let Some(at) = asked else { return };
        let (list, en) = jifen_diag::listed(names);
        let one = names.first().copied().unwrap_or_default();
        let d = Diagnostic::new(
            codes::CREDIT_UNSTATED,
            src.decl.name.span,
            match src.decl.transfer {
                false => text!(
                    zh =
                        "有几种积分（{list}），“{0}”用的是哪一种没有写明；在“额 …”后面写“从 {one}”",
                    en = "there are several points ({en}) and “{0}” does not say which it takes: write “from {one}” after the amount",
                    src.decl.name.text
                ),
                true => text!(
                    zh =
                        "有几种积分（{list}），“{0}”转的是哪一种没有写明；在“额 …”后面写“从 {one}”",
                    en = "there are several points ({en}) and “{0}” does not say which it gives: write “from {one}” after the amount",
                    src.decl.name.text
                ),
            },
        );
        let words: Vec<(String, String)> = names
            .iter()
            .map(|n| (format!("从 {n}"), format!("from {n}")))
            .collect();
        let words: Vec<(&str, &str)> = words.iter().map(|w| (w.0.as_str(), w.1.as_str())).collect();
        let d = self.sink.each(d, (at.at_end(), " ", ""), &words);
        self.sink.push(d);
    }

    fn honoured(&self, src: &ItemSrc<'_>) -> bool {
        let honoured = |s: &Stmt| matches!(s.kind, StmtKind::SpendMode(SpendWord::Honoured));
        src.decl.stmts.iter().any(honoured)
    }

    /// How a spend is decided; reports what is missing.
    pub(super) fn spend(&mut self, src: &ItemSrc<'_>, seen: &mut Seen) -> Option<Spend> {
        let (mut mode, mut asked) = (None, None);
        for s in &src.decl.stmts {
            let first = match &s.kind {
                StmtKind::SpendMode(word) => mode.replace((*word, s.span)).map(|m| m.1),
                StmtKind::Ask { .. } => asked.replace(s.span),
                _ => None,
            };
            if let Some(first) = first {
                seen.poisoned = true;
                self.twice(s.span, first);
            }
        }
        if !src.chain.is_empty() {
            seen.poisoned = true;
            self.sink.push(Diagnostic::new(
                codes::SPEND_STATEMENT,
                src.decl.name.span,
                text!(
                    zh = "支用不能写在类别里：类别的上限和倍率管的是得分；移到类别外面",
                    en = "a spend cannot stand in a category, whose caps and multipliers concern awards: move it out"
                ),
            ));
        }
        if seen.broken {
            return None;
        }
        let end = src.decl.stmts.last().map_or(src.decl.name.span, |s| s.span);
        if asked.is_none() {
            seen.poisoned = true;
            self.sink.push(Diagnostic::new(
                codes::SPEND_INCOMPLETE,
                src.decl.name.span,
                match src.decl.transfer {
                    false => text!(
                        zh = "“{0}”没有写支用多少：写“额 100分”，或“额 100分 × 数量”",
                        en = "“{0}” does not say how much: write “asks 100 points”, or “asks 100 points * pieces”",
                        src.decl.name.text
                    ),
                    true => text!(
                        zh = "“{0}”没有写转多少：写“额 100分”，或用记录里的一栏，如“额 分值”",
                        en = "“{0}” does not say how much: write “asks 100 points”, or a field of the fact, such as “asks amount”",
                        src.decl.name.text
                    ),
                },
            ));
        }
        let Some((word, _)) = mode else {
            seen.poisoned = true;
            let words = [
                ("全额或拒绝", "in full or refused"),
                ("部分支用", "as far as it goes"),
                ("已兑付", "already honoured"),
            ];
            // A transfer cannot be honoured.
            let words = &words[..if src.decl.transfer { 2 } else { 3 }];
            let d = Diagnostic::new(
                codes::SPEND_MODE,
                src.decl.name.span,
                match src.decl.transfer {
                    false => text!(
                        zh = "“{0}”不够支用时怎么办没有写明。余额 30分、要支用 100分：全额或拒绝 → 拒绝，余额 30分；部分支用 → 支用 30分，余额 0分；已兑付 → 支用 100分，挂账 70分",
                        en = "what happens when “{0}” is not covered is open. With 30 points and 100 asked: in full or refused → refused, 30 left; as far as it goes → 30 spent, 0 left; already honoured → 100 spent, a debt of 70",
                        src.decl.name.text
                    ),
                    true => text!(
                        zh = "“{0}”不够转时怎么办没有写明。余额 30分、要转 100分：全额或拒绝 → 不转，余额 30分；部分支用 → 转 30分，余额 0分",
                        en = "what happens when “{0}” is not covered is open. With 30 points and 100 to give: in full or refused → nothing is given, 30 left; as far as it goes → 30 given, 0 left",
                        src.decl.name.text
                    ),
                },
            );
            let d = self.sink.each(d, (end.at_end(), "\n  ", ""), words);
            self.sink.push(d);
            return None;
        };
        Some(match word {
            SpendWord::AllOrNothing => Spend::AllOrNothing,
            SpendWord::Partial => Spend::Partial,
            SpendWord::Honoured => Spend::Honoured,
        })
    }
}
