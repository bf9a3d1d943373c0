//! Deductions: where an award can fall below 0, and what an account that cannot cover one does (S16, S20).

use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{CurrencyIx, Expr as Node, ExprId, Line, Stacking};
use jifen_quantity::Decimal;

use super::items::{Piece, Seen};
use crate::expr::{Checker, Scope};
use crate::resolve::{ItemSrc, Sym};

impl Checker<'_> {
    /// S20: a deduction needs a currency that says what an empty account does.
    pub(super) fn floor_stated(
        &mut self,
        src: &ItemSrc<'_>,
        seen: &Seen,
        credit: Option<&[CurrencyIx]>,
    ) {
        if !seen.has_deduct {
            return;
        }
        for c in credit.unwrap_or_default() {
            if self.w.floor_stated.get(c.ix()) != Some(&false) {
                continue;
            }
            let name = self
                .w
                .currencies
                .get(c.ix())
                .map_or("", |c| c.name.as_str());
            let decl = self
                .w
                .versions
                .iter()
                .find_map(|v| match v.names.get(name) {
                    Some((Sym::Currency(x), at)) if x == c => Some(*at),
                    _ => None,
                });
            let size = seen
                .deductions
                .iter()
                .find_map(|a| self.sample(*a))
                .unwrap_or(Decimal::from_int(10));
            let six = Decimal::from_int(6);
            let size = size.max(six.add(Decimal::ONE).unwrap_or(six));
            let below = six.sub(size).unwrap_or_default();
            let debt = size.sub(six).unwrap_or_default();
            let at = decl.unwrap_or(src.decl.name.span);
            self.sink.push(
                Diagnostic::new(
                    codes::FLOOR_UNSTATED,
                    at,
                    text!(
                        zh = "“{0}”会从“{name}”扣分，余额不够扣时怎么办没有写明。余额 6分、要扣 {size}分：下限 0分 → 余额 0分；允许为负 → 余额 {below}分；从后续扣回 → 记欠 {debt}分",
                        en = "“{0}” deducts from “{name}”, and what happens to an account that cannot cover it is open. With 6 points and {size} to deduct: floor 0 points → 0; may be negative → {below}; owed → a debt of {debt}",
                        src.decl.name.text
                    ),
                )
                .label(src.decl.name.span, text!(zh = "扣分的项目", en = "the deducting item"))
                .help(text!(
                    zh = "在“积分 {name} {{ … }}”里写一句：下限 0分，或 允许为负，或 从后续扣回",
                    en = "write in the points “{name}”: floor 0 points, or may be negative, or owed"
                )),
            );
        }
    }

    /// Is what an item gives never below 0, whatever it deducts? As far as the text proves it.
    pub(super) fn stays_above(&self, cx: Scope, pieces: &[Piece]) -> bool {
        let least = |e| self.known_min(cx, e).filter(|m| !m.is_negative());
        let mut low = Decimal::ZERO;
        for p in pieces {
            let next = match p {
                Piece::Line(Line::Add { value, when }, _) => match (least(*value), when) {
                    (Some(_), Some(_)) => Some(low),
                    (Some(m), None) => low.add(self.constant(*value).unwrap_or(m)).ok(),
                    (None, _) => None,
                },
                Piece::Line(Line::Deduct { value, .. }, _) => match self.share_of_running(*value) {
                    Some(s) if !low.is_negative() => {
                        Decimal::ONE.sub(s).and_then(|rest| low.mul(rest)).ok()
                    }
                    _ => self.constant(*value).and_then(|c| low.sub(c).ok()),
                },
                Piece::Line(Line::Cap(_), _) => Some(low.min(Decimal::ZERO)),
                Piece::Line(Line::Review(_) | Line::Round(_), _) => Some(low),
                Piece::Line(..) | Piece::Group(_) => None,
            };
            match next {
                Some(n) => low = n,
                None => return false,
            }
        }
        !low.is_negative()
    }

    /// `10% × 本次得分`: a share of the value so far, at most all of it.
    fn share_of_running(&self, e: ExprId) -> Option<Decimal> {
        let Node::Mul(a, b) = self.exprs.get(e) else {
            return None;
        };
        let running = |e: ExprId| *self.exprs.get(e) == Node::Running;
        let share = match (running(*a), running(*b)) {
            (true, false) => self.constant(*b),
            (false, true) => self.constant(*a),
            _ => None,
        };
        share.filter(|s| !s.is_negative() && *s <= Decimal::ONE)
    }

    /// Can a line not turn a deduction into a gain?
    pub(super) fn keeps_sign(&self, cx: Scope, line: &Line) -> bool {
        let Line::Multiply(m) = line else {
            return true;
        };
        // 1 + Σ(factor − 1) of several factors below 1 may lie below 0.
        let sum = m.stacking == Stacking::SumOfExtras && m.factors.len() > 1;
        let at_least_0 = |e| self.known_min(cx, e).is_some_and(|m| !m.is_negative());
        !sum && m.factors.iter().all(|f| at_least_0(f.value))
    }
}
