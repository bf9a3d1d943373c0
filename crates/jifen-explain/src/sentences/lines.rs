//! The lines of an item, each a sentence, in the order in which they act.

use jifen_plan::{
    Days, ExprId, Factor, Hold, Line, Multiply, Publish, PublishFrom, Require, Review, Stacking,
    TimeMode,
};

use super::prose::{Prose, Rank, name};
use super::say;
use crate::quantity::Show;
use jifen_quantity::Dim;

impl Prose<'_> {
    /// `…的，`
    pub(super) fn when(&self, when: Option<ExprId>) -> String {
        when.map_or_else(String::new, |w| {
            let w = self.text(w);
            say!(self.lang(), "{}的，", "if {}, ", w)
        })
    }

    /// What stands before a verb that begins an English sentence.
    pub(super) fn begin(&self, text: &str) -> String {
        let mut chars = text.chars();
        match chars.next() {
            Some(c) => c.to_uppercase().chain(chars).collect(),
            None => String::new(),
        }
    }

    /// A condition of the item.
    pub(super) fn require(&self, require: Require) -> String {
        let Require { cond, hold } = require;
        let lang = self.lang();
        let Some(hold) = hold else {
            return say!(lang, "条件：{}。", "Condition: {}.", self.text(cond));
        };
        // The remark is for all of it.
        let cond = self.at(cond, Rank::Test);
        let days = match hold {
            Hold::Whole => lang.pick("本期每一天都要符合", "on every day of the period"),
            Hold::FirstDay => lang.pick("本期第一天要符合", "on the first day of the period"),
            Hold::AnyDay => lang.pick("本期至少有一天符合", "on some day of the period"),
            Hold::Prorated => lang.pick(
                "符合几天算几天，一天也没有的不适用",
                "on some days of the period, of which the share counts",
            ),
        };
        say!(lang, "条件：{}（{}）。", "Condition: {} ({}).", cond, days)
    }

    /// The sentence of a line; `first`: nothing was given before it.
    pub(super) fn line(&self, line: &Line, path: &[String], first: bool) -> String {
        let lang = self.lang();
        let text = match line {
            Line::Add { value, when } => {
                let (when, value) = (self.when(*when), self.text(*value));
                match (self.spends, first) {
                    (true, true) => say!(
                        lang,
                        "{}所需的分：{}。",
                        "{}points asked for: {}.",
                        when,
                        value
                    ),
                    (true, false) => {
                        say!(
                            lang,
                            "{}所需的分另加{}。",
                            "{}points asked for, in addition: {}.",
                            when,
                            value
                        )
                    }
                    (false, true) => say!(lang, "{}得{}。", "{}award {}.", when, value),
                    (false, false) => say!(lang, "{}另加{}。", "{}add {}.", when, value),
                }
            }
            Line::Deduct { value, when } => {
                let (when, value) = (self.when(*when), self.text(*value));
                match self.spends {
                    true => say!(
                        lang,
                        "{}所需的分减去{}。",
                        "{}points asked for, less: {}.",
                        when,
                        value
                    ),
                    false => say!(lang, "{}扣{}。", "{}deduct {}.", when, value),
                }
            }
            Line::Multiply(m) => self.multiply(m),
            Line::Prorate { require } => say!(
                lang,
                "{}按第{}个条件符合的天数占本期天数的比例折算。",
                "{} is multiplied by the share of the days of the period on which condition {} holds.",
                self.running(),
                require + 1
            ),
            Line::Round(to) => {
                let to = self.precision(*to, Show::Dim(Dim::POINTS));
                lang.pick(
                    format!("{}在这里{to}。", self.running()),
                    format!("round here {to}."),
                )
            }
            Line::Review(r) => self.review(r, path),
            Line::Choose(c) => self.choose(c, path),
            Line::Cap(c) => self.cap(c, path, false),
        };
        self.begin(&text)
    }

    fn multiply(&self, m: &Multiply) -> String {
        let Multiply {
            factors,
            stacking,
            each_part,
        } = m;
        let lang = self.lang();
        let parts = match each_part {
            true => lang.pick(
                "按钟点分段，每一段各按上面的算法得分，乘以这一段的倍率，再相加：",
                "cut at the hours named here: each part is scored by itself as above, times its multiplier, and all are added up: ",
            ),
            false => "",
        };
        let all: Vec<String> = factors.iter().map(|f| self.factor(f, *each_part)).collect();
        let (stacking, end) = match (factors.len(), stacking) {
            (0 | 1, _) => ("", ""),
            (_, Stacking::Product) => (
                lang.pick("几个倍率，同时符合的连乘：", "several multipliers; of those that hold, the product: "),
                "",
            ),
            (_, Stacking::Best) => (
                lang.pick("几个倍率，同时符合的只用最高的：", "several multipliers; of those that hold, only the highest: "),
                "",
            ),
            (_, Stacking::Lowest) => (
                lang.pick("几个倍率，同时符合的只用最低的：", "several multipliers; of those that hold, only the lowest: "),
                "",
            ),
            (_, Stacking::SumOfExtras) => (
                lang.pick(
                    "几个倍率，同时符合的把各自比1多出的部分相加，再加1：",
                    "several multipliers; of those that hold, 1 and the sum of what each is above 1: ",
                ),
                "",
            ),
        };
        let all = all.join(lang.pick("；", "; "));
        say!(lang, "{}{}{}{}。", "{}{}{}{}.", parts, stacking, all, end)
    }

    fn factor(&self, f: &Factor, each_part: bool) -> String {
        let Factor { value, when, time } = f;
        let (lang, value) = (self.lang(), self.text(*value));
        let when = self.when(*when);
        match time {
            None => say!(
                lang,
                "{}{}乘以{}",
                "{}{} is multiplied by {}",
                when,
                self.running(),
                value
            ),
            Some(t) if t.mode == TimeMode::During => {
                let windows = self.windows(&t.windows);
                match each_part {
                    true => say!(
                        lang,
                        "{}落在{}之内的段乘以{}",
                        "{}parts inside {} are multiplied by {}",
                        when,
                        windows,
                        value
                    ),
                    false => say!(
                        lang,
                        "{}只有落在{}之内的那部分时间乘以{}（得分按时间长短分摊）",
                        "{}only the part of the time inside {} is multiplied by {} (the award being spread evenly over the time)",
                        when,
                        windows,
                        value
                    ),
                }
            }
            Some(t) => {
                let time = self.in_time(t);
                say!(
                    lang,
                    "{}{}的，整个{}乘以{}",
                    "{}if {}, the whole of {} is multiplied by {}",
                    when,
                    time,
                    self.running(),
                    value
                )
            }
        }
    }

    fn review(&self, r: &Review, path: &[String]) -> String {
        let Review {
            when,
            day_total,
            confirm,
            publish,
            lapse,
            holds_room,
        } = r;
        let lang = self.lang();
        let mut parts = Vec::new();
        let roles = self.list(confirm.iter().map(|c| name(c)).collect());
        parts.push(match confirm.len() {
            0 => lang
                .pick("不必确认", "no confirmation is needed")
                .to_owned(),
            1 => say!(lang, "须经{}确认", "{} has to confirm it", roles),
            _ => say!(
                lang,
                "须经{}各确认一次，确认人不能相同",
                "each of {} has to confirm it, different people",
                roles
            ),
        });
        let asks = !confirm.is_empty();
        parts.push(match publish {
            Some(p) => self.publish(*p, asks),
            None if !asks => lang.pick("随即计入", "it counts at once").to_owned(),
            None => lang
                .pick(
                    "确认齐了就计入",
                    "it counts when the confirmations are complete",
                )
                .to_owned(),
        });
        match lapse {
            Some(d) => parts.push(say!(
                lang,
                "登记日后{}内没有确认齐的，作废",
                "it lapses if the confirmations are not complete within {} after the entry day",
                self.days(*d)
            )),
            None if asks => parts.push(
                lang.pick("没有确认齐的一直等待", "until they are complete it waits")
                    .to_owned(),
            ),
            None => {}
        }
        parts.push(
            match holds_room {
                true => lang.pick(
                    "待定期间占用后面各上限的额度",
                    "while it waits it takes room under the caps that follow",
                ),
                false => lang.pick(
                    "待定期间不占上限",
                    "while it waits it takes no room under caps",
                ),
            }
            .to_owned(),
        );
        if let Some(t) = day_total.and_then(|t| self.plan().tallies.get(t.ix())) {
            let counts = self.counts(t, path, false);
            parts.push(say!(
                lang,
                "当日合计是{}到这里为止的合计",
                "the day’s total is what has come up to here for {}",
                counts
            ));
        }
        let only = match when {
            Some(w) => {
                let w = self.text(*w);
                say!(lang, "{}的，要复核", "review if {}", w)
            }
            None => lang.pick("要复核", "review").to_owned(),
        };
        let parts = parts.join(lang.pick("；", "; "));
        say!(lang, "{}：{}。", "{}: {}.", only, parts)
    }

    fn publish(&self, p: Publish, asks: bool) -> String {
        let Publish { days, from } = p;
        let (lang, days) = (self.lang(), self.days(days));
        let from = match from {
            PublishFrom::LastConfirmation => lang.pick(
                "确认齐的次日",
                "the day after the confirmations are complete",
            ),
            PublishFrom::Event => lang.pick("发生日的次日", "the day after the event day"),
            PublishFrom::Entry => lang.pick("登记日的次日", "the day after the entry day"),
        };
        let then = match asks {
            true => lang.pick(
                "公示期满而且确认齐了才计入",
                "and counts when that is over and the confirmations are complete",
            ),
            false => lang.pick("公示期满才计入", "and counts when that is over"),
        };
        say!(
            lang,
            "从{}起公示{}，{}",
            "it is published from {} for {}, {}",
            from,
            days,
            then
        )
    }

    /// `3个工作日`
    pub(super) fn days(&self, d: Days) -> String {
        let Days { count, working } = d;
        let lang = self.lang();
        let s = if count == 1 { "" } else { "s" };
        let (zh, en) = match working {
            true => (
                format!("{count}个工作日"),
                format!("{count} working day{s}"),
            ),
            false => (
                format!("{count}个自然日"),
                format!("{count} calendar day{s}"),
            ),
        };
        lang.pick(zh, en)
    }
}
