//! 至少 n件, n人: what a measure divides by, and from how many on it is a value (S28).

use std::collections::BTreeSet;

use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{AggregateOf, Expr as Node, ExprId};
use jifen_syntax::ast::MeasureDecl;

use crate::expr::{Checker, Scope};

impl Checker<'_> {
    /// S28: what is divided by a count is no value where nothing was counted; from how many on it is one has to be said.
    pub(super) fn divisor_stated(
        &mut self,
        cx: Scope,
        value: ExprId,
        decl: &MeasureDecl,
    ) -> Option<()> {
        let counts = |n: &Node| {
            matches!(
                n,
                Node::Aggregate(_)
                    | Node::Measure(..)
                    | Node::Shared(_)
                    | Node::Members(_)
                    | Node::OverMembers(_)
                    | Node::OverPeriods(_)
                    | Node::Earlier(_)
            )
        };
        let mut divisors = Vec::new();
        self.divisors(value, &mut divisors);
        if !divisors.iter().any(|d| self.reads(*d, &counts)) {
            return Some(());
        }
        // Only what can be counted is offered to be counted.
        let mut people = Vec::new();
        divisors.iter().for_each(|d| self.crowds(*d, &mut people));
        let people = cx.shared.is_some() && !people.is_empty();
        let name = &decl.name.text;
        let message = match people {
            true => text!(
                zh = "“{name}”除以人数，一个人也没有的那一期除不成；没有写至少几人才算得数。一共 2人、来了 1人：至少 1人 是 50%，至少 10人 是无值（不参加比较，也不当作 0）",
                en = "“{name}” divides by a number of people, which fails where there is nobody; from how many on it is a value is not stated. Of 2 people 1 came: at least 1 person gives 50 %, at least 10 people no value (not compared, and not taken for 0)"
            ),
            false => text!(
                zh = "“{name}”除以数出来的数，一件也没有的那一期除不成；没有写至少几件才算得数。一共 2件、按时 1件：至少 1件 是 50%，至少 10件 是无值（不参加比较，也不当作 0）",
                en = "“{name}” divides by what was counted, which fails where there is nothing; from how many on it is a value is not stated. Of 2 cases 1 in time: at least 1 case gives 50 %, at least 10 cases no value (not compared, and not taken for 0)"
            ),
        };
        let d = Diagnostic::new(codes::MEASURE_DIVISOR, decl.value.span, message);
        let of_people = [
            ("至少 1人", "at least 1 person"),
            ("至少 10人", "at least 10 people"),
        ];
        let of_facts = [
            ("至少 1件", "at least 1 case"),
            ("至少 10件", "at least 10 cases"),
        ];
        let words = match (people, self.one_sort_of_facts(value)) {
            (true, _) => &of_people[..],
            (false, true) => &of_facts[..],
            (false, false) => &[],
        };
        let at = (decl.value.span.at_end(), " ", "");
        let mut d = self.sink.each(d, at, words);
        if words.is_empty() {
            d = d.help(text!(
                zh = "这里数哪一种记录看不出来：写 有效 当 …，说清什么时候除得成，例如 有效 当 那个指标 超过 0",
                en = "which facts are counted is open here: say when it can be divided, as in valid when that measure is above 0"
            ));
        }
        self.sink.push(d);
        None
    }

    /// Does a value rest on facts of one kind, condition and window, so that 至少 n件 says what is counted?
    pub(super) fn one_sort_of_facts(&self, value: ExprId) -> bool {
        let mut found = BTreeSet::new();
        for a in self.basis(value) {
            // A share is that of all that stand there.
            let when = a.when.filter(|_| a.what != AggregateOf::Share);
            found.insert((a.kind, when, format!("{:?}", a.over)));
        }
        found.len() == 1
    }
}
