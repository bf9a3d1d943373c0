//! What is counted over records of the past, what is joined, what measures of shorter periods come to.

use jifen_calendar::Period;
use jifen_diag::Lang;
use jifen_plan::{
    Aggregate, AggregateOf, AttrIx, Expr, ExprId, Gather, Holder, MeasureIx, OfMembers, Over,
    OverMembers, OverPeriods, RosterIx,
};

use super::prose::{Here, Prose, bare, name};
use super::say;
use crate::words::Scope;

impl<'a> Prose<'a> {
    /// `该居民本月（不含本条）“志愿”记录中符合（…）的条数`
    pub(super) fn aggregate(&self, a: &Aggregate) -> String {
        let Aggregate {
            what,
            kind,
            value,
            when,
            over,
            with_this,
            best,
        } = a;
        let lang = self.lang();
        let scope = Scope {
            kind: Some(*kind),
            around: self.scope().kind,
            ..self.scope()
        };
        let inner = self.within(scope, Here::Counted);
        let record = self
            .plan()
            .kinds
            .get(kind.ix())
            .map_or("?", |k| k.name.as_str());
        let own = self.scope().kind == Some(*kind);
        let this = match (with_this, own) {
            (true, _) => lang.pick("（含本条）", " (this one included)"),
            (false, true) => lang.pick("（不含本条）", " (this one left out)"),
            (false, false) => "",
        };
        let records = say!(lang, "{}记录{}", "{} records{}", name(record), this);
        let among = match (when, what) {
            // Of a share, what is asked is what is counted.
            (Some(w), AggregateOf::Share) => (String::new(), inner.text(*w)),
            (Some(w), _) => {
                let w = inner.text(*w);
                (
                    say!(lang, "中符合（{}）的", " that meet ({})", w),
                    String::new(),
                )
            }
            (
                None,
                AggregateOf::First | AggregateOf::Last | AggregateOf::Max | AggregateOf::Min,
            ) => (lang.pick("中", "").to_owned(), String::new()),
            (None, AggregateOf::Streak(_)) => (String::new(), String::new()),
            (None, _) => (lang.pick("的", "").to_owned(), String::new()),
        };
        let value = value.map(|v| inner.atom(v));
        let best = best.map(|n| match lang {
            Lang::Zh => format!("最好{n}次的"),
            Lang::En => format!("the best {n} of "),
        });
        let (who, window) = (self.subject(), self.over(*over));
        let what = self.makes(*what, value.as_deref(), best.as_deref(), &among.1);
        match lang {
            Lang::Zh => format!("{who}{window}{records}{}{what}", among.0),
            Lang::En => format!("{what} {who}’s {records}{} {window}", among.0),
        }
    }

    /// What is made of the records.
    fn makes(
        &self,
        what: AggregateOf,
        value: Option<&str>,
        best: Option<&str>,
        share: &str,
    ) -> String {
        let lang = self.lang();
        let day = lang.pick("发生日", "the event day");
        let v = value.unwrap_or(day);
        let best = best.unwrap_or_default();
        match what {
            AggregateOf::Count => lang.pick("条数", "the number of").to_owned(),
            AggregateOf::Distinct => say!(lang, "不同{}的个数", "the number of different {} in", v),
            AggregateOf::Sum => say!(lang, "{}{}合计", "the sum of {}{} in", best, v),
            AggregateOf::Mean => say!(lang, "{}{}平均", "the mean of {}{} in", best, v),
            AggregateOf::Share => say!(
                lang,
                "中符合（{}）的占比",
                "the share of those that meet ({}) among",
                share
            ),
            AggregateOf::Max => say!(lang, "最大的{}", "the largest {} in", v),
            AggregateOf::Min => say!(lang, "最小的{}", "the smallest {} in", v),
            AggregateOf::First => say!(lang, "最早一条的{}", "{} of the first of", v),
            AggregateOf::Last => say!(lang, "最近一条的{}", "{} of the last of", v),
            AggregateOf::Streak(p) => {
                let p = self.unit(p);
                say!(
                    lang,
                    "到当天为止连续每{}都有的长度",
                    "the unbroken run of {}s up to that day with",
                    p
                )
            }
            AggregateOf::Set(Period::Day) => lang.pick("各个日子", "the days with").to_owned(),
            AggregateOf::Set(Period::Month) => lang.pick("各个月份", "the months with").to_owned(),
            AggregateOf::Set(p) => {
                let p = self.unit(p);
                say!(lang, "各{}", "each {} with", p)
            }
        }
    }

    /// The word for one period.
    pub(super) fn unit(&self, p: Period) -> &'static str {
        let pick = |zh, en| self.lang().pick(zh, en);
        match p {
            Period::Day => pick("日", "day"),
            Period::Week => pick("周", "week"),
            Period::Month => pick("月", "month"),
            Period::Quarter => pick("季度", "quarter"),
            Period::HalfYear => pick("半年", "half-year"),
            Period::Year => pick("年", "year"),
        }
    }

    /// `每月`
    pub(super) fn every(&self, p: Period) -> String {
        say!(self.lang(), "每{}", "every {}", self.unit(p))
    }

    /// The window of an aggregate.
    fn over(&self, over: Over) -> String {
        let lang = self.lang();
        let s = |n: u32| if n == 1 { "" } else { "s" };
        match over {
            Over::Current(Period::Day) => lang.pick("当日", "that day").to_owned(),
            Over::Current(p) => say!(lang, "本{}", "in that {}", self.unit(p)),
            Over::Before(p, 1) => {
                let unit = self.unit(p);
                say!(lang, "上一{}的", "in the {} before", unit)
            }
            Over::Before(p, n) => {
                let unit = self.unit(p);
                match lang {
                    Lang::Zh => {
                        let many = matches!(p, Period::Month | Period::Quarter | Period::HalfYear);
                        let many = if many { "个" } else { "" };
                        format!("此前{n}{many}{unit}（不含本{unit}）的")
                    }
                    Lang::En => format!("in the {n} whole {unit}{} before", s(n)),
                }
            }
            Over::RollingDays(n) => match lang {
                Lang::Zh => format!("最近{n}天（含当天）的"),
                Lang::En => format!("in the last {n} day{} (that day included)", s(n)),
            },
            Over::RollingMonths(n) => match lang {
                Lang::Zh => format!("最近{n}个月（含当天）的"),
                Lang::En => format!("in the last {n} month{} (that day included)", s(n)),
            },
            Over::Lifetime => lang.pick("历来的", "of all time").to_owned(),
            Over::Between(from, to) => {
                let (from, to) = (self.atom(from), self.atom(to));
                say!(
                    lang,
                    "从{}到{}（含首尾两天）的",
                    "from {} to {} (both included)",
                    from,
                    to
                )
            }
        }
    }

    /// A value of the record being scored, said inside a condition on another one.
    pub(super) fn this(&self, e: ExprId) -> String {
        let scope = Scope {
            kind: self.scope().around,
            around: None,
            ..self.scope()
        };
        // “This record’s” is said here.
        let here = match scope.joins {
            Some(_) => Here::Counted,
            None => Here::Run,
        };
        let outer = self.within(scope, here);
        match self.plan().exprs.get(e) {
            Expr::PeriodStart | Expr::PeriodEnd => outer.text(e),
            _ => {
                let e = outer.atom(e);
                say!(self.lang(), "本条的{}", "this record’s {}", bare(&e))
            }
        }
    }

    /// The name of a joined record; with its place where two are of one kind.
    pub(super) fn partner(&self, slot: u16) -> Option<(String, Prose<'a>)> {
        let item = self.plan().items.get(self.scope().joins?.ix())?;
        let kind = item.joins.get(usize::from(slot))?.kind;
        let alike = item.joins.iter().filter(|j| j.kind == kind).count() > 1;
        let record = self.plan().kinds.get(kind.ix())?;
        let mut called = name(&record.name);
        if alike {
            let nth = say!(self.lang(), "（第{}个）", " (no. {})", slot + 1);
            called.push_str(&nth);
        }
        let scope = Scope {
            kind: Some(kind),
            roster: Some(record.subject),
            around: None,
            ..self.scope()
        };
        Some((called, self.within(scope, Here::Joined)))
    }

    /// A value of a joined record.
    pub(super) fn joined(&self, slot: u16, of: ExprId) -> String {
        let Some((record, there)) = self.partner(slot) else {
            return "?".to_owned();
        };
        let of = there.atom(of);
        say!(
            self.lang(),
            "所接{}的{}",
            "{1} of the joined {0}",
            record,
            of
        )
    }

    /// The name of a measure: of the same subject and period.
    pub(super) fn measure(&self, m: MeasureIx) -> String {
        let measure = self.plan().measures.get(m.ix());
        let called = name(measure.map_or("?", |m| m.name.as_str()));
        let plain = say!(self.lang(), "指标{}", "the measure {}", called);
        match measure.map(|m| (m.roster, m.of)) {
            Some((roster, Holder::Group(attr))) => {
                let group = self.group_word(roster, attr);
                say!(self.lang(), "本{}的{}", "{1} of the same {0}", group, plain)
            }
            Some((_, Holder::Everyone)) => {
                say!(self.lang(), "全体的{}", "{} of everyone", plain)
            }
            _ => plain,
        }
    }

    /// What people are grouped by.
    pub(super) fn group_word(&self, roster: RosterIx, attr: AttrIx) -> String {
        let roster = self.plan().rosters.get(roster.ix());
        let attr = roster.and_then(|r| r.attrs.get(attr.ix()));
        name(attr.map_or("?", |a| a.name.as_str()))
    }

    /// `期末在册的各成员的指标“个人分”的合计`
    pub(super) fn over_members(&self, o: OverMembers) -> String {
        let OverMembers {
            what,
            measure,
            skip,
        } = o;
        let (zh, en) = match what {
            OfMembers::Sum => ("合计", "the sum"),
            OfMembers::Mean => ("平均", "the mean"),
            OfMembers::Max => ("最大值", "the largest"),
            OfMembers::Min => ("最小值", "the smallest"),
            OfMembers::Count => ("有值的人数", "the number of those with a value"),
        };
        let skip = match skip {
            true => self
                .lang()
                .pick("（无值的略过）", "those without a value left out"),
            false => self
                .lang()
                .pick("（有一人无值就无值）", "no value if one has none"),
        };
        let measure = self.measure(measure);
        match self.lang() {
            Lang::Zh => format!("期末在册各成员的{measure}的{zh}{skip}"),
            Lang::En => {
                format!("{en} of {measure} over all members at the end of the period ({skip})")
            }
        }
    }

    /// `期末在册的成员人数`
    pub(super) fn members(&self, when: Option<ExprId>) -> String {
        match when {
            None => say!(
                self.lang(),
                "期末在册的成员人数",
                "the number of members at the end of the period"
            ),
            Some(when) => {
                let when = self.within(self.scope(), Here::Run).text(when);
                say!(
                    self.lang(),
                    "期末在册、{}的成员人数",
                    "the number of members at the end of the period for whom {}",
                    when
                )
            }
        }
    }

    /// `本期内各月指标“响应率”的平均（有一期无值就无值）`
    pub(super) fn over_periods(&self, o: OverPeriods) -> String {
        let OverPeriods {
            what,
            measure,
            skip,
        } = o;
        let lang = self.lang();
        let unit = self.plan().measures.get(measure.ix()).map(|m| m.unit);
        let unit = unit.map_or("?", |u| self.unit(u));
        let (zh, en) = match what {
            Gather::Sum => ("合计", "the sum"),
            Gather::Mean => ("平均", "the mean"),
            Gather::Max => ("最大值", "the largest"),
            Gather::Min => ("最小值", "the smallest"),
            Gather::First => ("最早一期的值", "the first"),
            Gather::Last => ("最近一期的值", "the last"),
        };
        let skip = match skip {
            true => lang.pick("（无值的略过）", "those without a value left out"),
            false => lang.pick("（有一期无值就无值）", "no value if one has none"),
        };
        let measure = self.measure(measure);
        match lang {
            Lang::Zh => format!("本期内各{unit}{measure}的{zh}{skip}"),
            Lang::En => format!("{en} of {measure} over each {unit} of the period ({skip})"),
        }
    }
}
