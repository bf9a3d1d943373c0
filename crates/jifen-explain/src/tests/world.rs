//! A small policy and facts made by hand, and runs as an engine would trace them.

use indexmap::IndexSet;
use jifen_calendar::{ClockWindow, Day, Instant, Period, Window};
use jifen_data::{
    Account, Column, Eval, FactLog, FactRef, Ids, ItemRun, KindTable, NodeValue, Numbers, Origin,
    Outcome, OutcomeKind, Posting, RosterData, RosterTable, Step, StepDetail, Trace,
};
use jifen_plan::{
    Attr, Cap, CapMode, Cmp, Currency, CurrencyIx, EventAt, Expr, ExprId, Exprs, FORMAT, Factor,
    Field, FieldIx, FieldType, Floor, Holder, Item, ItemIx, Kind, KindIx, Labels, Line, Multiply,
    Overlap, Plan, Require, Roster, RosterIx, RuleDate, Stacking, Tally, TallyIx, TimeMode,
    TimeTest, Trigger, Ty, Value, Version, VersionIx,
};
use jifen_quantity::{Decimal, Dim};

pub fn n(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_default()
}

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap_or(Day::MIN)
}

pub fn at(text: &str) -> Instant {
    Instant::parse_iso(text).unwrap_or(Day::MIN.start())
}

fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        default: None,
        required: false,
        range: None,
        whole: false,
    }
}

fn kind(name: &str, fields: Vec<Field>, span: Option<FieldIx>) -> Kind {
    Kind {
        name: name.to_owned(),
        subject: RosterIx(0),
        period: None,
        off_roster: false,
        fields,
        span,
        overlap: Overlap::Each,
        at: EventAt::Start,
    }
}

/// 巡逻 {起止, 发现隐患}, 志愿 {时长}; items 平安巡逻, 志愿服务.
pub struct World {
    pub plan: Plan,
    pub labels: Labels,
    pub facts: FactLog,
    pub rosters: RosterData,
    /// 10分/小时 × 起止.时长.
    pub hourly: ExprId,
    pub seconds: ExprId,
    pub factor: ExprId,
    pub hazard: ExprId,
    pub bonus: ExprId,
    pub limit: ExprId,
    pub hours: ExprId,
    pub bands: ExprId,
    pub enough: ExprId,
}

pub fn world() -> World {
    let mut exprs = Exprs::default();
    let rate_dim = Dim::POINTS.div(Dim::DURATION);
    let points = Ty::Num(Dim::POINTS);
    let rate = exprs.number(n("10"), rate_dim);
    let seconds = exprs.add(Expr::SpanSeconds, Ty::Num(Dim::DURATION));
    let hourly = exprs.add(Expr::MulDiv(rate, seconds, n("3600")), points);
    let factor = exprs.number(n("2"), Dim::PURE);
    let hazard = exprs.add(Expr::Field(FieldIx(1)), Ty::YesNo);
    let bonus = exprs.number(n("20"), Dim::POINTS);
    let limit = exprs.number(n("200"), Dim::POINTS);
    let hours = exprs.add(Expr::Field(FieldIx(0)), Ty::Num(Dim::DURATION));
    let (zero, ten) = (
        exprs.number(n("0"), Dim::POINTS),
        exprs.number(n("10"), Dim::POINTS),
    );
    let bands = exprs.add(
        Expr::Bands {
            of: hours,
            below: zero,
            rows: vec![(n("3600"), ten), (n("7200"), bonus)],
            reaches: true,
        },
        points,
    );
    let one_hour = exprs.number(n("3600"), Dim::DURATION);
    let enough = exprs.add(Expr::Compare(Cmp::Ge, hours, one_hour), Ty::YesNo);
    let night = TimeTest {
        mode: TimeMode::During,
        windows: ClockWindow::new(79_200, 108_000).into_iter().collect(),
    };
    let patrol = Item {
        path: vec!["志愿服务类".to_owned(), "平安巡逻".to_owned()],
        version: VersionIx(0),
        trigger: Trigger::Fact(KindIx(0)),
        requires: Vec::new(),
        lines: vec![
            Line::Add {
                value: hourly,
                when: None,
            },
            Line::Multiply(Multiply {
                factors: vec![Factor {
                    value: factor,
                    when: None,
                    time: Some(night),
                }],
                stacking: Stacking::Product,
                each_part: false,
            }),
            Line::Add {
                value: bonus,
                when: Some(hazard),
            },
            Line::Cap(Cap {
                tally: Some(TallyIx(0)),
                limit,
                mode: CapMode::Clip,
                counted_only: false,
                of_deduction: false,
                when: None,
            }),
        ],
        credit: vec![CurrencyIx(0)],
        spend: None,
        give: None,
        worth: None,
        allot: None,
        passes: Vec::new(),
        joins: Vec::new(),
    };
    let service = Item {
        path: vec!["志愿服务类".to_owned(), "志愿服务".to_owned()],
        trigger: Trigger::Fact(KindIx(1)),
        requires: vec![Require {
            cond: enough,
            hold: None,
        }],
        lines: vec![Line::Add {
            value: bands,
            when: None,
        }],
        ..patrol.clone()
    };
    let fields = vec![
        field("起止", FieldType::Span),
        field("发现隐患", FieldType::YesNo),
    ];
    let plan = Plan {
        format: FORMAT,
        zone: "Asia/Shanghai".to_owned(),
        rule_date: RuleDate::Event,
        versions: vec![Version {
            name: "2026Q1".to_owned(),
            from: day("2026-01-01"),
            to: None,
        }],
        rosters: vec![Roster {
            name: "居民".to_owned(),
            attrs: Vec::<Attr>::new(),
        }],
        kinds: vec![
            kind("巡逻", fields, Some(FieldIx(0))),
            kind(
                "志愿",
                vec![field("时长", FieldType::Number(Dim::DURATION))],
                None,
            ),
        ],
        currencies: vec![Currency {
            ceiling: None,
            name: "可用积分".to_owned(),
            precision: None,
            floor: Floor::Negative,
            lives: Vec::new(),
            order: jifen_plan::UseOrder::default(),
            yuan: Vec::new(),
        }],
        params: Vec::new(),
        exprs,
        items: vec![patrol, service],
        tallies: vec![Tally {
            path: vec!["志愿服务类".to_owned()],
            label: "每月".to_owned(),
            holder: Holder::Account,
            keys: Vec::new(),
            window: Window::Period(Period::Month),
            times: false,
            net: false,
            charge_final: false,
            of: None,
        }],
        workdays: None,
        measures: Vec::new(),
        standings: Vec::new(),
        moves: Vec::new(),
    };
    let labels = Labels {
        policy: "幸福街道文明积分".to_owned(),
        items: [4, 3]
            .map(|article| jifen_plan::ItemLabel {
                article: Some(article),
                ..Default::default()
            })
            .to_vec(),
        ..Labels::default()
    };
    World {
        plan,
        labels,
        facts: facts(),
        rosters: rosters(),
        hourly,
        seconds,
        factor,
        hazard,
        bonus,
        limit,
        hours,
        bands,
        enough,
    }
}

fn table(id: &str, at: Instant, day_only: bool, fields: Vec<Column>) -> KindTable {
    KindTable {
        ids: Ids::Text(vec![id.into()]),
        subject: vec![0],
        at: vec![at],
        day_only: vec![day_only],
        entered: vec![at.day()],
        fields,
        rows: Vec::new(),
    }
}

fn facts() -> FactLog {
    let (from, to) = (at("2026-04-03 21:00"), at("2026-04-04 01:00"));
    let patrol = vec![Column::Span(vec![Some((from, to))]), Column::YesNo(vec![1])];
    let hours = Column::Number(Numbers::Wide(vec![Some(n("1800"))]));
    FactLog {
        kinds: vec![
            table("P1", from, false, patrol),
            table("V1", at("2026-04-05 00:00"), true, vec![hours]),
        ],
        ..FactLog::default()
    }
}

fn rosters() -> RosterData {
    let ids: IndexSet<String> = ["张三".to_owned()].into();
    RosterData {
        tables: vec![RosterTable {
            ids,
            names: vec![None],
            present: [[(Day::MIN, Day::MAX)]].into_iter().collect(),
            attrs: Vec::new(),
        }],
    }
}

pub fn account() -> Account {
    Account {
        roster: RosterIx(0),
        subject: 0,
    }
}

pub fn num(expr: ExprId, text: &str) -> NodeValue {
    NodeValue {
        expr,
        value: Eval::Value(Value::Num(n(text))),
    }
}

pub fn yes(expr: ExprId, value: bool) -> NodeValue {
    NodeValue {
        expr,
        value: Eval::Value(Value::YesNo(value)),
    }
}

pub fn step(line: u16, before: &str, after: &str, detail: StepDetail) -> Step {
    Step {
        line,
        before: n(before),
        after: n(after),
        detail,
    }
}

/// A run of one item over its fact.
pub fn run(item: u16, nodes: Vec<NodeValue>, steps: Vec<Step>) -> ItemRun {
    let origin = Origin::Fact(FactRef {
        kind: KindIx(item),
        row: 0,
    });
    let posted = at("2026-04-03 21:00");
    let amount = steps.last().map(|s| s.after).unwrap_or_default();
    let posting = Posting {
        account: account(),
        currency: CurrencyIx(0),
        item: ItemIx(item),
        origin,
        day: posted.day(),
        posted,
        before_caps: amount,
        amount,
        waived: Decimal::ZERO,
        received: None,
    };
    ItemRun {
        item: ItemIx(item),
        origin,
        day: posted.day(),
        rule_day: posted.day(),
        nodes,
        joined: Vec::new(),
        near: None,
        steps,
        postings: vec![posting],
        outcome: None,
    }
}

/// A run that came to nothing.
pub fn nothing(item: u16, nodes: Vec<NodeValue>, kind: OutcomeKind) -> ItemRun {
    let mut run = run(item, nodes, Vec::new());
    run.postings.clear();
    run.outcome = Some(Outcome {
        account: account(),
        origin: run.origin,
        item: Some(run.item),
        kind,
    });
    run
}

pub fn trace(runs: Vec<ItemRun>) -> Trace {
    Trace {
        account: account(),
        runs,
        received: Vec::new(),
        lapses: Vec::new(),
        moves: Vec::new(),
        lots: Vec::new(),
        ahead: Vec::new(),
        undated: Vec::new(),
        measures: Vec::new(),
        standings: Vec::new(),
    }
}
