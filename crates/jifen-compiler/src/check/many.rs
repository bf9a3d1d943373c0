//! 各 and 均分: how several to whom a statement gives share in it; no reading is taken unsaid (S14, decision 023).

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{CurrencyIx, ExprId, Many, PassHow, Precision, Ty};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{ManyWord, Name, PassTail};

use crate::expr::{Checker, Scope};

/// Where the word would stand, and what the example says.
pub(super) struct Shared<'s> {
    pub(super) how: PassHow,
    /// Who is named.
    pub(super) to: &'s Name,
    /// Where the word would stand.
    pub(super) at: Span,
    /// What of an award of 10 the statement gives.
    pub(super) of_ten: Decimal,
}

impl Checker<'_> {
    /// `Some(None)` where one is named.
    pub(super) fn many(
        &mut self,
        to: ExprId,
        tail: &PassTail,
        shared: &Shared<'_>,
        step: Option<Decimal>,
    ) -> Option<Option<Many>> {
        let several = matches!(self.exprs.ty(to), Ty::Subjects(_));
        match (several, tail.many) {
            (false, None) => Some(None),
            (true, Some((word, _))) => Some(Some(Many {
                equally: word == ManyWord::Equally,
                step,
            })),
            (false, Some((_, span))) => {
                self.sink.push(Diagnostic::new(
                    codes::SEVERAL_PLACE,
                    span,
                    text!(
                        zh = "“{0}”只是一个人，不写“各”“均分”；要有几个人，名册里写 {0}: … 多个",
                        en = "“{0}” names one, so that “each” and “equally” say nothing; to name several, write {0}: … several in the roster",
                        shared.to.text
                    ),
                ));
                None
            }
            (true, None) => {
                self.share_unstated(shared);
                None
            }
        }
    }

    /// The two readings, with what two people get of 10.
    fn share_unstated(&mut self, s: &Shared<'_>) {
        let two = Decimal::from_int(2);
        let half = s.of_ten.div(two).unwrap_or_default();
        let both = s.of_ten.mul(two).unwrap_or(s.of_ten);
        let ten = Decimal::from_int(10);
        let (all, own) = match s.how {
            // Together they cannot take more than there is.
            PassHow::On => (both.min(ten), [both.min(ten), s.of_ten].map(|t| ten.sub(t))),
            PassHow::Also => (both, [Ok(ten), Ok(ten)]),
            PassHow::Instead => (both, [Ok(Decimal::ZERO), Ok(Decimal::ZERO)]),
        };
        let [own_each, own_equal] = own.map(|n| n.unwrap_or_default());
        let each = all.div(two).unwrap_or(s.of_ten);
        let (name, ten_of) = (&s.to.text, s.of_ten);
        let message = Text::new(
            format!(
                "“{name}”可以有几个人，他们怎么分没有写明。得 10分、有两个人时：各 → 每人 {each}分，共 {all}分，本人 {own_each}分；均分 → 每人 {half}分，共 {ten_of}分，本人 {own_equal}分"
            ),
            format!(
                "“{name}” may name several, and how they share in it is open. Of 10 points, with two named: each → {each} for each, {all} in all, and {own_each} for the subject; equally → {half} for each, {ten_of} in all, and {own_equal} for the subject"
            ),
        );
        let d = Diagnostic::new(codes::SEVERAL_SHARE, s.to.span, message);
        let words = [("各", "each"), ("均分", "equally")];
        // After the reference of 计入, before the amount of the others.
        let (before, after) = match s.how {
            PassHow::Instead => (" ", ""),
            PassHow::Also | PassHow::On => ("", " "),
        };
        let d = self.sink.each(d, (s.at, before, after), &words);
        self.sink.push(d);
    }

    /// To which equal parts go down where the award itself is shared: the precision of the item, else of its points.
    pub(super) fn shared_step(
        &self,
        cx: Scope,
        credit: &[CurrencyIx],
        item: Option<Precision>,
    ) -> Option<Decimal> {
        let points = || {
            let precision = &self.version(cx)?.precision;
            credit.first().and_then(|c| precision.get(c).copied())
        };
        item.or_else(points).map(|p| p.step)
    }
}
