//! 转赠: who receives, and what has to be stated where it can make a difference (S21).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{CurrencyIx, Due, Expr as Node, ExprId, Give};
use jifen_syntax::ast::{Expr, StmtKind, TransferWord};

use super::items::Seen;
use crate::expr::{Checker, Kind, Scope};
use crate::resolve::ItemSrc;

/// What the statements of a transfer say.
#[derive(Default)]
struct Said<'s> {
    to: Option<(&'s Expr, Span)>,
    dates: Option<(bool, Span)>,
    earns: Option<(bool, Span)>,
    uses: Option<(bool, Span)>,
}

/// Where a word makes a difference.
struct Matters {
    dates: bool,
    earns: bool,
    uses: bool,
}

impl Checker<'_> {
    /// Who receives what a transfer takes; reports what is missing. `None` for an item and a spend.
    pub(super) fn give(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        credit: Option<&[CurrencyIx]>,
        seen: &mut Seen,
    ) -> Option<Give> {
        if !src.decl.transfer {
            return None;
        }
        let said = self.said(src, seen);
        if seen.broken {
            return None;
        }
        let to = self.receiver(cx, src, said.to);
        let matters = self.matters(credit.unwrap_or_default());
        let stated = self.stated(src, &said, &matters);
        let (Some(to), true) = (to, stated) else {
            seen.poisoned = true;
            return None;
        };
        // A word that makes no difference is not part of the meaning.
        let of = |matters: bool, word: Option<(bool, Span)>| matters && word.is_some_and(|w| w.0);
        Some(Give {
            to,
            keeps_dates: of(matters.dates, said.dates),
            earns: of(matters.earns, said.earns),
            uses: of(matters.uses, said.uses),
        })
    }

    fn said<'s>(&mut self, src: &ItemSrc<'s>, seen: &mut Seen) -> Said<'s> {
        let mut said = Said::default();
        for s in &src.decl.stmts {
            let first = match &s.kind {
                StmtKind::GoesTo(e) => said.to.replace((e, s.span)).map(|t| t.1),
                StmtKind::TransferWord(word) => {
                    let (slot, value) = match word {
                        TransferWord::Dates(b) => (&mut said.dates, *b),
                        TransferWord::Earns(b) => (&mut said.earns, *b),
                        TransferWord::Use(b) => (&mut said.uses, *b),
                    };
                    slot.replace((value, s.span)).map(|t| t.1)
                }
                _ => None,
            };
            if let Some(first) = first {
                seen.poisoned = true;
                self.twice(s.span, first);
            }
        }
        said
    }

    /// The receiver: a reference of the fact or of a roster.
    fn receiver(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        to: Option<(&Expr, Span)>,
    ) -> Option<ExprId> {
        let Some((e, span)) = to else {
            self.sink.push(Diagnostic::new(
                codes::TRANSFER_RECEIVER,
                src.decl.name.span,
                text!(
                    zh = "“{0}”没有写转给谁：在记录里加一栏，如“受赠人: 居民”，这里写“转给 受赠人”",
                    en = "“{0}” does not say who receives: give the fact a field such as “receiver: resident” and write “goes to receiver”",
                    src.decl.name.text
                ),
            ));
            return None;
        };
        let value = self.expr(cx, e)?;
        let plain = matches!(self.exprs.get(value.id), Node::Field(_) | Node::Attr(..));
        if plain && matches!(value.kind, Kind::Subject(_)) {
            return Some(value.id);
        }
        let is = value.kind.text();
        self.sink.push(Diagnostic::new(
            codes::TRANSFER_RECEIVER,
            span,
            jifen_diag::Text::new(
                format!("转给的要是名册里的人或户、池，这里是{}：把这一栏的类型写成名册的名字，如“受赠人: 居民”", is.zh),
                format!("what receives has to be a row of a roster, and this is {}: give the field the name of a roster as its type, such as “receiver: resident”", is.en),
            ),
        ));
        None
    }

    fn matters(&self, credit: &[CurrencyIx]) -> Matters {
        let any = |test: fn(&Due) -> bool| {
            (credit.iter().filter_map(|c| self.w.currencies.get(c.ix())))
                .any(|c| c.lives.iter().any(|l| test(&l.due)))
        };
        Matters {
            dates: any(|d| matches!(d, Due::Age(_) | Due::LotDate { .. })),
            earns: any(|d| matches!(d, Due::Idle { gains: true, .. })),
            uses: any(|d| matches!(d, Due::Idle { spends: true, .. })),
        }
    }

    /// Asks for each word that makes a difference and is not there.
    fn stated(&mut self, src: &ItemSrc<'_>, said: &Said<'_>, matters: &Matters) -> bool {
        let end = src.decl.stmts.last().map_or(src.decl.name.span, |s| s.span);
        let name = &src.decl.name;
        let mut fine = true;
        if matters.dates && said.dates.is_none() {
            fine = false;
            let words = [("日期 保留", "dates kept"), ("日期 重计", "dates renewed")];
            let d = Diagnostic::new(
                codes::TRANSFER_UNSTATED,
                name.span,
                text!(
                    zh = "“{0}”转的积分会到期或衰减，转过去以后从哪天算起没有写明。一月得、十月转、满 12个月到期：日期 保留 → 次年一月到期；日期 重计 → 次年十月到期",
                    en = "what “{0}” transfers lapses with time, and from which day it ages after that is open. Earned in January, given in October, gone after 12 months: dates kept → gone next January; dates renewed → gone next October",
                    name.text
                ),
            );
            let d = self.sink.each(d, (end.at_end(), "\n  ", ""), &words);
            self.sink.push(d);
        }
        if matters.earns && said.earns.is_none() {
            fine = false;
            let words = [
                ("接收方 计获得", "received counts as earned"),
                ("接收方 不计获得", "received not as earned"),
            ];
            let d = Diagnostic::new(
                codes::TRANSFER_UNSTATED,
                name.span,
                text!(
                    zh = "积分按账户多久没有获得来算到期或衰减，收到“{0}”算不算获得没有写明：接收方 计获得 → 收到那天重新算起；接收方 不计获得 → 照旧算",
                    en = "points lapse when an account has not earned for long, and whether to receive by “{0}” is to earn is open: received counts as earned → counted anew from that day; received not as earned → counted on",
                    name.text
                ),
            );
            let d = self.sink.each(d, (end.at_end(), "\n  ", ""), &words);
            self.sink.push(d);
        }
        if matters.uses && said.uses.is_none() {
            fine = false;
            let words = [("视为使用", "counts as use"), ("不视为使用", "not as use")];
            let d = Diagnostic::new(
                codes::TRANSFER_UNSTATED,
                name.span,
                text!(
                    zh = "积分按账户多久没有支用来算到期或衰减，“{0}”算不算使用没有写明：视为使用 → 转出那天重新算起；不视为使用 → 照旧算",
                    en = "points lapse when an account has not spent for long, and whether “{0}” is a use is open: counts as use → counted anew from that day; not as use → counted on",
                    name.text
                ),
            );
            let d = self.sink.each(d, (end.at_end(), "\n  ", ""), &words);
            self.sink.push(d);
        }
        fine
    }
}
