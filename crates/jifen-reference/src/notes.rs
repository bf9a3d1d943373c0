//! What took effect, noted beside the evaluation: the measure of how far generated cases reach. It changes no result.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jifen_calendar::{Period, Window};
use jifen_data::{Change, FactLog};
use jifen_plan::{
    Aggregate, AggregateOf, Cap, CapMode, EventAt, Expr, Holder, Multiply, Over, Plan, Stacking,
    Tally, TimeMode, Whose,
};

use crate::eval::{Cx, V};
use crate::settle::Fact;
use crate::time::DAY;

/// One effect on one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Which construct: one of [`CONSTRUCTS`].
    pub what: &'static str,
    /// Roster of the account.
    pub roster: u16,
    /// Subject.
    pub subject: u32,
    /// First day of the month of the event.
    pub month: i64,
}

/// All constructs that are noted.
pub const CONSTRUCTS: &[&str] = &[
    "得",
    "组的指标",
    "全体的指标",
    "成员合看",
    "数成员",
    "组里没有人",
    "前一期",
    "前一期无值",
    "参数跟着走",
    "加",
    "扣",
    "每满",
    "分档",
    "累进",
    "按值",
    "取先",
    "夹取",
    "参数换值",
    "名册属性",
    "引用属性",
    "周岁",
    "周年",
    "几个人",
    "几个人之一",
    "均分给几个人",
    "均分剩下的",
    "日期加减",
    "起止统计",
    "最好几次",
    "个数",
    "最长连续",
    "交",
    "并",
    "减",
    "乘方",
    "余额符合",
    "余额不符",
    "余额到顶",
    "日期部分",
    "活动期",
    "农历",
    "缺省",
    "条件不符",
    "无一句生效",
    "缺值",
    "短路定论",
    "缺失",
    "倍率",
    "时段内",
    "始于时段",
    "触及时段",
    "分段计",
    "相乘",
    "取高",
    "取低",
    "相加",
    "择一取高",
    "择一取先",
    "择优",
    "补差",
    "截断",
    "整笔",
    "越线即止",
    "每次",
    "每日",
    "每周",
    "每月",
    "每季度",
    "每半年",
    "每年",
    "滚动日",
    "滚动月",
    "终身",
    "次数",
    "每组",
    "全体",
    "每键",
    "每期",
    "计净",
    "计实得",
    "仍计入",
    "扣的上限",
    "限附条件",
    "限后变动",
    "复核免",
    "计入",
    "驳回",
    "逾期",
    "待定",
    "自然日公示",
    "工作日公示",
    "占上限",
    "退还",
    "当日合计",
    "周期",
    "期初",
    "读行",
    "整月在任",
    "月初在任",
    "当月曾任",
    "按日折算",
    "精度",
    "下限免扣",
    "到期",
    "衰减",
    "无年历",
    "指标",
    "看指标",
    "看账户",
    "看一个项目的分",
    "看几个项目的分",
    "看类别的分",
    "看排名等级",
    "看上一期的排名等级",
    "权益在有效期内",
    "看组的排名等级",
    "期初的等级标记",
    "一票否决给的等级",
    "看全体的排名等级",
    "不参评",
    "排名",
    "并列",
    "保级",
    "几期达到",
    "几期合看",
    "略过无值",
    "有一小期无值",
    "这一小期不在册",
    "指标取整",
    "无值",
    "工作日寿命",
    "扣用分笔",
    "期初分笔",
    "闲置",
    "计入他户",
    "另计",
    "转计",
    "转计限额",
    "无则略过",
    "全额支用",
    "部分支用",
    "已兑付",
    "不足拒付",
    "超限拒付",
    "计件数",
    "折合",
    "分配",
    "分配不成",
    "最大余额",
    "各自舍入",
    "余额",
    "累计",
    "转赠",
    "收到",
    "收到还欠",
    "三层转赠",
    "日期保留",
    "日期重计",
    "无人可收",
    "两种积分",
    "撤销",
    "更正",
    "换人",
    "重叠计一次",
    "重叠拒收",
    "时点结束",
    "时点登记",
    "时点字段",
    "期初余额",
    "窗内换版",
    "无版本",
    "他日定版",
    "溢出",
    "除以零",
    "农历之外",
    "起止颠倒",
    "计数",
    "去重计数",
    "合计",
    "平均占比",
    "最大最小",
    "最早最近",
    "连续",
    "统计当",
    "含本条",
    "本条的字段",
    "本期统计",
    "此前统计",
    "滚动统计",
    "终身统计",
    "期末统计",
    "每个",
    "首个",
    "首个之外",
    "一对一",
    "随人",
    "迟到随人",
    "分户均分",
    "分户归零",
    "接成链",
    "只计工作日",
    "只计每日",
    "接上的字段",
    "没有接上",
];

/// Notes being taken.
#[derive(Default)]
pub struct Notes {
    list: RefCell<Vec<Note>>,
}

impl Notes {
    /// Adds one.
    pub fn add(&self, what: &'static str, roster: usize, subject: u32, day: i64) {
        let month = crate::time::period(Period::Month, day).0;
        let roster = u16::try_from(roster).unwrap_or(u16::MAX);
        self.list.borrow_mut().push(Note {
            what,
            roster,
            subject,
            month,
        });
    }

    /// How many there are.
    pub fn mark(&self) -> usize {
        self.list.borrow().len()
    }

    /// Those after a mark that are of no account: of the measure of a group.
    pub fn of_nobody(&self, mark: usize) -> BTreeSet<&'static str> {
        let list = self.list.borrow();
        let after = list.iter().skip(mark);
        after
            .filter(|n| n.subject == u32::MAX)
            .map(|n| n.what)
            .collect()
    }

    /// Forgets those after a mark: the run came to nothing.
    pub fn forget(&self, mark: usize) {
        self.list.borrow_mut().truncate(mark);
    }

    /// Takes them out.
    pub fn take(&self) -> Vec<Note> {
        std::mem::take(&mut self.list.borrow_mut())
    }

    /// Effects of settling.
    pub fn of_facts(&self, plan: &Plan, facts: &[Fact], log: &FactLog) {
        for f in facts {
            let Some(kind) = plan.kinds.get(f.kind) else {
                continue;
            };
            let note = |what| {
                self.add(
                    what,
                    kind.subject.ix(),
                    f.subject,
                    f.instant.div_euclid(DAY),
                );
            };
            match f.out.as_deref() {
                Some("withdrawn|") => note("撤销"),
                Some("contradiction|") => note("起止颠倒"),
                Some(_) => note("重叠拒收"),
                None => {}
            }
            let length = |parts: &[(i64, i64)]| parts.iter().map(|(a, b)| b - a).sum::<i64>();
            if f.out.is_none() && f.span.is_some_and(|s| length(&[s]) != length(&f.counted)) {
                note("重叠计一次");
            }
            match kind.at {
                EventAt::Start => {}
                EventAt::End => note("时点结束"),
                EventAt::Entry => note("时点登记"),
                EventAt::Field(_) => note("时点字段"),
            }
            for c in log.corrections.iter().filter(|c| c.target == f.id) {
                let who = matches!(c.change, Change::Subject(_));
                note(if who { "换人" } else { "更正" });
            }
        }
    }
}

/// A node that gave a value.
pub fn of_node(cx: &Cx, expr: &Expr, value: &V) {
    let what = match expr {
        Expr::Aggregate(a) => return of_aggregate(cx, a, value),
        Expr::This(_) => "本条的字段",
        Expr::Measure(..) => "看指标",
        Expr::Follows(..) => "参数跟着走",
        // Noted where it is found.
        Expr::Points(_) | Expr::Standing(_) => return,
        Expr::Joined(..) => "接上的字段",
        Expr::Balance(_) => "余额",
        Expr::Awarded(_) => "累计",
        Expr::IntDiv(..) => "每满",
        Expr::Bands { .. } => "分档",
        Expr::Slices { .. } => "累进",
        Expr::Select { .. } => "按值",
        Expr::First { .. } => "取先",
        Expr::Clamp { of, .. } if cx.eval(*of).as_ref() != Ok(value) => "夹取",
        Expr::Attr(Whose::Own, _) => "名册属性",
        Expr::Attr(Whose::Of(_), _) => "引用属性",
        Expr::Among(..) if *value == V::YesNo(true) => "几个人之一",
        Expr::HowMany(_) if *value > V::Num(crate::number::int(1)) => "几个人",
        Expr::Age(..) => "周岁",
        Expr::YearStart(..) => "周年",
        Expr::Shift(..) => "日期加减",
        Expr::SetSize(_) if *value != V::Num(crate::number::int(0)) => "个数",
        Expr::SetRun(_) if *value != V::Num(crate::number::int(0)) => "最长连续",
        Expr::Power(..) => "乘方",
        Expr::Round(..) => "指标取整",
        Expr::DatePart(..) => "日期部分",
        Expr::InDays(_, set) if *value == V::YesNo(true) => match set.known {
            Some(_) => "农历",
            None => "活动期",
        },
        Expr::IsMissing(_) if *value == V::YesNo(true) => "缺失",
        Expr::Field(f)
            if cx
                .fact
                .is_some_and(|x| x.fields.get(f.ix()).is_some_and(Option::is_none)) =>
        {
            "缺省"
        }
        Expr::Param(p) => {
            let stepped = cx.plan.params.get(p.ix()).and_then(|p| p.steps.first());
            match stepped {
                Some((day, _)) if i64::from(day.0) <= cx.rule_day => "参数换值",
                _ => return,
            }
        }
        _ => return,
    };
    cx.note(what);
}

/// An aggregate that found something.
fn of_aggregate(cx: &Cx, a: &Aggregate, value: &V) {
    if *value == V::Num(crate::number::int(0)) {
        return;
    }
    cx.note(match a.what {
        AggregateOf::Count => "计数",
        AggregateOf::Distinct => "去重计数",
        AggregateOf::Sum => "合计",
        AggregateOf::Mean | AggregateOf::Share => "平均占比",
        AggregateOf::Max | AggregateOf::Min => "最大最小",
        AggregateOf::First | AggregateOf::Last => "最早最近",
        AggregateOf::Streak(_) | AggregateOf::Set(_) => "连续",
    });
    if a.best.is_some() {
        cx.note("最好几次");
    }
    cx.note(match a.over {
        Over::Current(_) => "本期统计",
        Over::Before(..) => "此前统计",
        Over::RollingDays(_) | Over::RollingMonths(_) => "滚动统计",
        Over::Lifetime => "终身统计",
        Over::Between(..) => "起止统计",
    });
    if a.when.is_some() {
        cx.note("统计当");
    }
    if a.with_this {
        cx.note("含本条");
    }
    if cx.period.is_some() {
        cx.note("期末统计");
    }
}

/// Several multipliers that hold, and the words of time among them.
pub fn of_multiply(cx: &Cx, m: &Multiply, holding: usize) {
    cx.note("倍率");
    for f in &m.factors {
        match f.time.as_ref().map(|t| t.mode) {
            Some(TimeMode::StartingIn) if holding > 0 => cx.note("始于时段"),
            Some(TimeMode::Touching) if holding > 0 => cx.note("触及时段"),
            _ => {}
        }
    }
    if holding > 1 {
        cx.note(match m.stacking {
            Stacking::Product => "相乘",
            Stacking::Best => "取高",
            Stacking::Lowest => "取低",
            Stacking::SumOfExtras => "相加",
        });
    }
}

/// A cap that trimmed.
pub fn of_cap(cx: &Cx, cap: &Cap, tally: Option<&Tally>) {
    cx.note(match cap.mode {
        CapMode::Clip => "截断",
        CapMode::Whole => "整笔",
        CapMode::LastThrough => "越线即止",
    });
    if cap.of_deduction {
        cx.note("扣的上限");
    }
    let Some(t) = tally else {
        cx.note("每次");
        return;
    };
    cx.note(match t.window {
        Window::Occasion => "每次",
        Window::Period(Period::Day) => "每日",
        Window::Period(Period::Week) => "每周",
        Window::Period(Period::Month) => "每月",
        Window::Period(Period::Quarter) => "每季度",
        Window::Period(Period::HalfYear) => "每半年",
        Window::Period(Period::Year) => "每年",
        Window::RollingDays(_) => "滚动日",
        Window::RollingMonths(_) => "滚动月",
        Window::Lifetime => "终身",
    });
    match t.holder {
        Holder::Account => {}
        Holder::Group(_) => cx.note("每组"),
        Holder::Everyone => cx.note("全体"),
    }
    if t.times {
        cx.note("次数");
    }
    if !t.keys.is_empty() {
        cx.note("每键");
    }
    let run = |k: &jifen_plan::ExprId| matches!(cx.plan.exprs.get(*k), Expr::RunStart(..));
    if t.keys.iter().any(run) {
        cx.note("每期");
    }
}
