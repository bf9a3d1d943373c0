//! RP-1 as a Plan laid down by hand, for checking and measuring the engine apart from the compiler; the text is policies/rp1.

use jifen_calendar::{ClockWindow, Day, Period, Window};
use jifen_plan::{
    Attr, AttrIx, Cap, CapMode, Cmp, Currency, CurrencyIx, DatePart, EventAt, Expr, ExprId, Exprs,
    FORMAT, Factor, Field, FieldIx, FieldType, Floor, Holder, Item, Kind, KindIx, Line, Multiply,
    Overlap, Plan, Precision, Require, Roster, RosterIx, RuleDate, Stacking, Tally, TallyIx,
    TimeMode, TimeTest, Trigger, Ty, Value, Version, VersionIx, Whose,
};
use jifen_quantity::{Decimal, Dim, Rounding};

use crate::Fault;

/// The mapping of the files.
pub const SOURCES: &str = include_str!("../../../policies/rp1/sources.toml");

/// The Plan.
pub fn plan() -> Result<Plan, Fault> {
    let first = Day::from_ymd(2024, 7, 1).ok_or("a day")?;
    let attr = |name: &str, ty| Attr {
        name: name.into(),
        ty,
    };
    let roles = FieldType::Choice(vec!["resident".into(), "building_leader".into()]);
    let mut b = Build {
        plan: Plan {
            format: FORMAT,
            zone: "Asia/Shanghai".into(),
            rule_date: RuleDate::Event,
            versions: vec![Version {
                name: "2024H2".into(),
                from: first,
                to: None,
            }],
            rosters: vec![Roster {
                name: "居民".into(),
                attrs: vec![
                    attr("家庭", FieldType::Group),
                    attr("楼栋", FieldType::Group),
                    attr("社区", FieldType::Group),
                    attr("出生年", FieldType::Number(Dim::PURE)),
                    attr("角色", roles),
                ],
            }],
            kinds: Vec::new(),
            currencies: vec![Currency {
                name: "积分值".into(),
                precision: Some(CENT),
                floor: Floor::Negative,
            }],
            params: Vec::new(),
            exprs: Exprs::default(),
            items: Vec::new(),
            tallies: Vec::new(),
            workdays: None,
        },
    };
    b.all()?;
    Ok(b.plan)
}

const CENT: Precision = Precision {
    step: Decimal::ZERO,
    mode: Rounding::HalfUp,
};

struct Build {
    plan: Plan,
}

impl Build {
    fn all(&mut self) -> Result<(), Fault> {
        let all = self.tally("", Period::Month);
        let participation = (self.tally("参与", Period::Month), "150");
        let volunteer = (self.tally("志愿类", Period::Month), "200");
        let governance = (self.tally("治理", Period::Month), "120");
        let commerce = (self.tally("消费类", Period::Month), "50");
        let environment = (self.tally("环境", Period::Month), "60");
        let confirmed = ("已确认", FieldType::YesNo, None);
        let zero = || Some(Value::Num(Decimal::ZERO));
        let hours = || ("时长", FieldType::Number(Dim::DURATION), zero());
        let number = |name| (name, FieldType::Number(Dim::PURE), zero());

        let meeting = self.kind("会议", vec![]);
        let five = self.number("5")?;
        self.item(
            meeting,
            "参加会议",
            five,
            None,
            Some("5"),
            participation,
            all,
        )?;

        let culture = self.kind("文化", vec![hours(), ("场馆", FieldType::Text, None)]);
        let value = self.rate("3")?;
        let place = self.plan.exprs.add(Expr::Field(FieldIx(1)), Ty::Text);
        let venues = (0..20).map(|i| Value::Text(format!("P{i:03}"))).collect();
        let when = self.plan.exprs.add(Expr::OneOf(place, venues), Ty::YesNo);
        let twice = Factor {
            value: self.number("2")?,
            when: Some(when),
            time: None,
        };
        self.item(
            culture,
            "参加文化活动",
            value,
            Some(twice),
            Some("30"),
            participation,
            all,
        )?;

        let checkin = self.kind("签到", vec![]);
        let half = self.number("0.5")?;
        self.item(
            checkin,
            "每日签到",
            half,
            None,
            Some("0.5"),
            participation,
            all,
        )?;

        let learning = self.kind("学习", vec![hours()]);
        let value = self.rate("1.25")?;
        self.item(
            learning,
            "参加学习",
            value,
            None,
            Some("5"),
            participation,
            all,
        )?;

        let service = self.kind("志愿", vec![hours(), confirmed.clone()]);
        let value = self.rate("10")?;
        self.item(service, "志愿服务", value, None, Some("60"), volunteer, all)?;
        self.requires(1);

        let patrol = self.kind("巡逻", vec![hours(), confirmed.clone()]);
        let value = self.rate("8")?;
        let windows = vec![ClockWindow::new(79_200, 108_000).ok_or("a window")?];
        let time = Some(TimeTest {
            mode: TimeMode::StartingIn,
            windows,
        });
        let twice = Factor {
            value: self.number("2")?,
            when: None,
            time,
        };
        self.item(
            patrol,
            "平安巡逻",
            value,
            Some(twice),
            Some("40"),
            volunteer,
            all,
        )?;
        self.requires(1);

        for (name, item, points, cap) in [
            ("调解", "调解纠纷", "15", "30"),
            ("提案", "提案采纳", "30", "60"),
        ] {
            let kind = self.kind(name, vec![confirmed.clone()]);
            let value = self.number(points)?;
            self.item(kind, item, value, None, Some(cap), governance, all)?;
            self.requires(0);
        }

        let duty = self.kind("值班", vec![confirmed.clone()]);
        let ten = self.number("10")?;
        self.item(duty, "楼栋值班", ten, None, Some("10"), governance, all)?;
        self.requires(0);
        let role = self
            .plan
            .exprs
            .add(Expr::Attr(Whose::Own, AttrIx(4)), Ty::Text);
        let leader = Expr::OneOf(role, vec![Value::Text("building_leader".into())]);
        let cond = self.plan.exprs.add(leader, Ty::YesNo);
        let monthly = self.tally("楼栋值班", Period::Month);
        let monthly = self.cap(monthly, "10")?;
        if let Some(item) = self.plan.items.last_mut() {
            item.requires.push(Require { cond, hold: None });
            item.lines.insert(3, monthly);
        }

        let purchase = self.kind("消费", vec![number("金额分")]);
        let cents = self.plan.exprs.add(Expr::Field(FieldIx(0)), PURE);
        let hundred = self.number("100")?;
        let value = self.plan.exprs.add(Expr::IntDiv(cents, hundred), PURE);
        self.item(purchase, "绿色消费", value, None, None, commerce, all)?;

        let recycling = self.kind("回收", vec![number("数量")]);
        let count = self.plan.exprs.add(Expr::Field(FieldIx(0)), PURE);
        let rate = self.number("0.15")?;
        let value = self.plan.exprs.add(Expr::Mul(rate, count), PURE);
        let day = self.plan.exprs.add(Expr::EventDay, Ty::Date);
        let year = self
            .plan
            .exprs
            .add(Expr::DatePart(DatePart::Year, day), PURE);
        let born = self.plan.exprs.add(Expr::Attr(Whose::Own, AttrIx(3)), PURE);
        let age = self.plan.exprs.add(Expr::Sub(year, born), PURE);
        let sixty = self.number("60")?;
        let when = self
            .plan
            .exprs
            .add(Expr::Compare(Cmp::Ge, age, sixty), Ty::YesNo);
        let more = Factor {
            value: self.number("1.5")?,
            when: Some(when),
            time: None,
        };
        self.item(
            recycling,
            "资源回收",
            value,
            Some(more),
            Some("5"),
            environment,
            all,
        )?;

        let violation = self.kind("违规", vec![confirmed]);
        let value = self.number("10")?;
        let path = vec!["违反约定".into()];
        self.push(violation, path, vec![Line::Deduct { value, when: None }]);
        self.requires(0);
        for idle in ["浏览", "兑换"] {
            self.kind(idle, vec![]);
        }
        Ok(())
    }

    fn kind(&mut self, name: &str, fields: Vec<(&str, FieldType, Option<Value>)>) -> KindIx {
        let field = |(name, ty, default): (&str, FieldType, Option<Value>)| Field {
            name: name.into(),
            ty,
            default,
            required: false,
            range: None,
            whole: false,
        };
        self.plan.kinds.push(Kind {
            name: name.into(),
            subject: RosterIx(0),
            period: None,
            off_roster: false,
            fields: fields.into_iter().map(field).collect(),
            span: None,
            overlap: Overlap::Each,
            at: EventAt::Start,
        });
        KindIx((self.plan.kinds.len() - 1) as u16)
    }

    fn number(&mut self, text: &str) -> Result<ExprId, Fault> {
        let n = Decimal::parse(text).ok_or("a number")?;
        Ok(self.plan.exprs.number(n, Dim::POINTS))
    }

    /// So many points an hour × field 0, which is held in seconds.
    fn rate(&mut self, text: &str) -> Result<ExprId, Fault> {
        let points = self.number(text)?;
        let seconds = self.plan.exprs.add(Expr::Field(FieldIx(0)), PURE);
        let hour = Decimal::from_int(3_600);
        Ok(self
            .plan
            .exprs
            .add(Expr::MulDiv(points, seconds, hour), PURE))
    }

    fn tally(&mut self, path: &str, window: Period) -> TallyIx {
        self.plan.tallies.push(Tally {
            path: vec![path.into()],
            label: format!("{window:?}"),
            holder: Holder::Account,
            keys: Vec::new(),
            window: Window::Period(window),
            times: false,
            net: false,
            charge_final: false,
        });
        TallyIx((self.plan.tallies.len() - 1) as u16)
    }

    fn cap(&mut self, tally: TallyIx, limit: &str) -> Result<Line, Fault> {
        let limit = self.number(limit)?;
        let (counted_only, of_deduction, when) = (false, false, None);
        let mode = CapMode::Clip;
        Ok(Line::Cap(Cap {
            tally: Some(tally),
            limit,
            mode,
            counted_only,
            of_deduction,
            when,
        }))
    }

    /// An item: amount, factor, rounding, its daily cap, its category's and everybody's monthly ones.
    #[allow(clippy::too_many_arguments, reason = "one line for each item above")]
    fn item(
        &mut self,
        kind: KindIx,
        name: &str,
        value: ExprId,
        factor: Option<Factor>,
        by_day: Option<&str>,
        category: (TallyIx, &str),
        all: TallyIx,
    ) -> Result<(), Fault> {
        let mut lines = vec![Line::Add { value, when: None }];
        if let Some(factor) = factor {
            let stacking = Stacking::Product;
            lines.push(Line::Multiply(Multiply {
                factors: vec![factor],
                stacking,
                each_part: false,
            }));
        }
        let step = Decimal::parse("0.01").ok_or("a number")?;
        lines.push(Line::Round(Precision { step, ..CENT }));
        if let Some(limit) = by_day {
            let tally = self.tally(name, Period::Day);
            lines.push(self.cap(tally, limit)?);
        }
        lines.push(self.cap(category.0, category.1)?);
        lines.push(self.cap(all, "500")?);
        self.push(kind, vec![name.into()], lines);
        Ok(())
    }

    fn push(&mut self, kind: KindIx, path: Vec<String>, lines: Vec<Line>) {
        self.plan.items.push(Item {
            path,
            version: VersionIx(0),
            trigger: Trigger::Fact(kind),
            requires: Vec::new(),
            lines,
            credit: vec![CurrencyIx(0)],
        });
    }

    /// The last item wants this yes/no field.
    fn requires(&mut self, field: u16) {
        let cond = self.plan.exprs.add(Expr::Field(FieldIx(field)), Ty::YesNo);
        if let Some(item) = self.plan.items.last_mut() {
            item.requires.push(Require { cond, hold: None });
        }
    }
}

const PURE: Ty = Ty::Num(Dim::PURE);
