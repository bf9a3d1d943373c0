//! `每年 自 4月1日`, `每年 自 入住日`: a year that begins on a day of its own, or on each person's (S4). Lowered to a key:
//! awards of one such year share the first day of it, so that the tally itself is for life.

use jifen_calendar::Day;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, ExprId, FieldType, Holder, Ty, Whose};
use jifen_syntax::ast::{Name, PeriodWord, WindowWord, YearFrom};

use crate::expr::{Checker, Scope};

/// A leap year: it has every date.
const LEAP: i32 = 2000;

/// The key of a year, and how the label of the tally names it.
pub(super) type YearKey = (ExprId, String);

impl Checker<'_> {
    /// The key of `每年 自 …`; `Some(None)` where nothing is written after 每年.
    #[allow(
        clippy::option_option,
        reason = "outer: reported; inner: an ordinary window"
    )]
    pub(super) fn year_key(
        &mut self,
        cx: Scope,
        from: Option<&(YearFrom, Span)>,
        window: Option<(WindowWord, Span)>,
        holder: Holder,
    ) -> Option<Option<YearKey>> {
        let Some((from, span)) = from else {
            return Some(None);
        };
        if !matches!(window, Some((WindowWord::Period(PeriodWord::Year), _))) {
            self.wrong_year(
                *span,
                text!(
                    zh = "只有“每年”可以从一个日子算起，例：每年 自 4月1日",
                    en = "only a year can begin on a day, as in: per year since 04-01"
                ),
            );
            return None;
        }
        let (start, name) = match from {
            YearFrom::Date(month, day) => (
                self.day_of_year(*month, *day, *span)?,
                format!("{month}月{day}日"),
            ),
            YearFrom::Own(n) => (self.own_date(cx, n, holder)?, n.text.clone()),
        };
        let day = self.exprs.add(Node::EventDay, Ty::Date);
        let key = self.exprs.add(Node::YearStart(start, day), Ty::Date);
        Some(Some((key, format!("每年 自 {name}"))))
    }

    fn day_of_year(&mut self, month: u32, day: u32, span: Span) -> Option<ExprId> {
        let Some(day) = Day::from_ymd(LEAP, month, day) else {
            self.sink.push(Diagnostic::new(
                codes::BAD_DATE,
                span,
                text!(
                    zh = "没有 {month}月{day}日 这一天",
                    en = "there is no {month:02}-{day:02}"
                ),
            ));
            return None;
        };
        Some(self.exprs.day(day))
    }

    fn own_date(&mut self, cx: Scope, n: &Name, holder: Holder) -> Option<ExprId> {
        let roster = cx.roster?;
        let dates = |w: &Checker<'_>| -> Vec<String> {
            let attrs = w.w.rosters.get(roster.ix()).map_or(&[][..], |r| &r.attrs);
            let dates = attrs.iter().filter(|a| a.ty == FieldType::Date);
            dates.map(|a| a.name.clone()).collect()
        };
        let found = self.attr(cx, roster, &n.text).filter(|a| {
            let attrs = self.w.rosters.get(roster.ix()).map(|r| &r.attrs);
            attrs.and_then(|l| l.get(a.ix())).map(|a| &a.ty) == Some(&FieldType::Date)
        });
        let name = &n.text;
        let Some(attr) = found else {
            let known = dates(self);
            let (list, en) = match known.is_empty() {
                true => ("没有日期".to_owned(), "none".to_owned()),
                false => jifen_diag::listed(&known.iter().map(String::as_str).collect::<Vec<_>>()),
            };
            self.wrong_year(
                n.span,
                text!(
                    zh = "“每年 自 {name}”要写名册里的一个日期（{list}），或几月几日，例：每年 自 4月1日",
                    en = "after “per year since” a date of the roster is wanted ({en}), or a day of the year as in: per year since 04-01"
                ),
            );
            return None;
        };
        if holder != Holder::Account {
            self.wrong_year(
                n.span,
                text!(
                    zh = "“{name}”每人不同，几个人合在一起的上限没有共同的一年；写几月几日，或者不写“每户”“全体”",
                    en = "everybody has another “{name}”: what several people share has no year in common; write a day of the year, or no household and no everyone"
                ),
            );
            return None;
        }
        Some(self.exprs.add(Node::Attr(Whose::Own, attr), Ty::Date))
    }

    /// Something is wrong with where the year begins.
    pub(super) fn wrong_year(&mut self, at: Span, message: jifen_diag::Text) {
        self.sink
            .push(Diagnostic::new(codes::YEAR_FROM, at, message));
    }
}
