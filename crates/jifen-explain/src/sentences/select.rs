//! 分档, 累进, 按 and 取先 as tables; bounds of a value.

use jifen_plan::{Expr, ExprId, Value};
use jifen_quantity::Decimal;

use super::block::Table;
use super::prose::{Prose, Rank};
use super::say;
use crate::quantity::{plain, shown};

impl Prose<'_> {
    fn value_head(&self) -> String {
        self.lang().pick("取值", "value").to_owned()
    }

    /// The value of the band in which a quantity lies.
    pub(super) fn bands(
        &self,
        expr: ExprId,
        of: ExprId,
        below: ExprId,
        rows: &[(Decimal, ExprId)],
        reaches: bool,
    ) -> String {
        let (lang, name) = (self.lang(), self.atom(of));
        let n = self.table_of(expr, || {
            let show = self.words.show(of);
            let bound = |d: &Decimal| shown(*d, show, lang);
            let from = |d: &Decimal| match reaches {
                true => say!(lang, "满{}", "{} or more", bound(d)),
                false => say!(lang, "超过{}", "more than {}", bound(d)),
            };
            let under = |d: &Decimal| match reaches {
                true => say!(lang, "不满{}", "less than {}", bound(d)),
                false => say!(lang, "不超过{}", "{} or less", bound(d)),
            };
            let mut cells = Vec::new();
            if let Some((first, _)) = rows.first() {
                cells.push(vec![under(first), self.text(below)]);
            }
            for (at, (low, value)) in rows.iter().enumerate() {
                let range = match rows.get(at + 1) {
                    Some((high, _)) => say!(lang, "{}，{}", "{}, {}", from(low), under(high)),
                    None => from(low),
                };
                cells.push(vec![range, self.text(*value)]);
            }
            Table {
                caption: Some(say!(
                    lang,
                    "按{}所在的一档取值",
                    "by the band in which {} lies",
                    name
                )),
                head: vec![name.clone(), self.value_head()],
                rows: cells,
            }
        });
        say!(
            lang,
            "表{1}中{0}对应的值",
            "the value in table {1} for {0}",
            name,
            n
        )
    }

    /// The sum of slices.
    pub(super) fn slices(
        &self,
        expr: ExprId,
        of: ExprId,
        rows: &[(Decimal, ExprId)],
        per: Decimal,
    ) -> String {
        let (lang, name) = (self.lang(), self.atom(of));
        let n = self.table_of(expr, || {
            let show = self.words.show(of);
            let mut cells = Vec::new();
            for (at, (low, rate)) in rows.iter().enumerate() {
                let low = shown(*low, show, lang);
                let part = match rows.get(at + 1) {
                    Some((high, _)) => {
                        let high = shown(*high, show, lang);
                        say!(lang, "{}至{}的部分", "the part from {} to {}", low, high)
                    }
                    None => say!(lang, "{}以上的部分", "the part above {}", low),
                };
                cells.push(vec![part, self.text(*rate)]);
            }
            // Rates per hour meet seconds; any other divisor is said.
            let hours = per == Decimal::from_int(3600);
            let by = match per == Decimal::ONE || hours {
                true => String::new(),
                false => say!(lang, "，再除以{}", ", divided by {}", plain(per)),
            };
            Table {
                caption: Some(say!(
                    lang,
                    "{}分段，每段各乘单价，合起来{}",
                    "{} in slices: each times its rate, added up{}",
                    name,
                    by
                )),
                head: vec![name.clone(), lang.pick("单价", "rate").to_owned()],
                rows: cells,
            }
        });
        say!(
            lang,
            "{}按表{}累进计算的数",
            "{} counted in the slices of table {}",
            name,
            n
        )
    }

    /// By exact values.
    pub(super) fn select(
        &self,
        expr: ExprId,
        of: ExprId,
        rows: &[(Vec<Value>, ExprId)],
        rest: Option<ExprId>,
    ) -> String {
        let (lang, name) = (self.lang(), self.thing(of));
        let n = self.table_of(expr, || {
            let show = self.words.show(of);
            let row = |(keys, value): &(Vec<Value>, ExprId)| {
                let keys = keys.iter().map(|k| self.constant(k, show).0).collect();
                vec![self.list(keys), self.text(*value)]
            };
            let mut cells: Vec<Vec<String>> = rows.iter().map(row).collect();
            let others = lang.pick("其余", "all others").to_owned();
            cells.extend(rest.map(|r| vec![others, self.text(r)]));
            Table {
                caption: None,
                head: vec![name.clone(), self.value_head()],
                rows: cells,
            }
        });
        say!(
            lang,
            "表{1}中{0}对应的值",
            "the value in table {1} for {0}",
            name,
            n
        )
    }

    /// The first condition that holds.
    pub(super) fn first(&self, expr: ExprId, rows: &[(ExprId, ExprId)], rest: ExprId) -> String {
        let lang = self.lang();
        if let [(cond, value)] = rows
            && !self.selects(*value)
            && !self.selects(rest)
        {
            let (cond, value) = (self.text(*cond), self.text(*value));
            let rest = self.text(rest);
            return say!(
                lang,
                "（{}的，为{}；否则为{}）",
                "({1} if {0}; otherwise {2})",
                cond,
                value,
                rest
            );
        }
        let n = self.table_of(expr, || {
            let row = |(c, v): &(ExprId, ExprId)| vec![self.text(*c), self.text(*v)];
            let mut cells: Vec<Vec<String>> = rows.iter().map(row).collect();
            cells.push(vec![
                lang.pick("都不符合", "none of these").to_owned(),
                self.text(rest),
            ]);
            let caption = lang.pick(
                "从上往下，取第一行符合的",
                "from top to bottom, the first row that holds",
            );
            Table {
                caption: Some(caption.to_owned()),
                head: vec![lang.pick("条件", "condition").to_owned(), self.value_head()],
                rows: cells,
            }
        });
        say!(
            lang,
            "表{}中第一行符合的值",
            "the value of the first row of table {} that holds",
            n
        )
    }

    /// Is it a selection, or does it hold one?
    fn selects(&self, e: ExprId) -> bool {
        let node = self.plan().exprs.get(e);
        let own = matches!(
            node,
            Expr::Bands { .. } | Expr::Slices { .. } | Expr::Select { .. } | Expr::First { .. }
        );
        // What a measure is made of is told elsewhere.
        own || (!matches!(node, Expr::Measure(..))
            && node.operands().into_iter().any(|e| self.selects(e)))
    }

    pub(super) fn clamp(&self, low: Option<ExprId>, high: Option<ExprId>, of: ExprId) -> String {
        let lang = self.lang();
        let of = self.at(of, Rank::Sum);
        let low = low.map(|e| self.atom(e));
        let high = high.map(|e| self.atom(e));
        match (low, high) {
            (Some(a), Some(b)) => {
                say!(
                    lang,
                    "（{}，最少{}，最多{}）",
                    "({}, at least {}, at most {})",
                    of,
                    a,
                    b
                )
            }
            (Some(a), None) => say!(lang, "（{}，最少{}）", "({}, at least {})", of, a),
            (None, Some(b)) => say!(lang, "（{}，最多{}）", "({}, at most {})", of, b),
            (None, None) => say!(lang, "（{}）", "({})", of),
        }
    }
}
