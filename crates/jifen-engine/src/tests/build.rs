//! Small builders for Plans and facts; no expected values.

use jifen_calendar::{Day, Instant, Window};
use jifen_data::*;
use jifen_plan::*;
use jifen_quantity::{Decimal, Dim};

use crate::{Options, evaluate};

pub fn dec(text: &str) -> Decimal {
    Decimal::parse(text).expect("a number")
}

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).expect("a day")
}

/// `2026-04-03` (00:00) or `2026-04-03 21:00`.
pub fn at(text: &str) -> Instant {
    Instant::parse_iso(text).unwrap_or_else(|| day(text).start())
}

/// A Plan under construction with data: roster 0 (attrs 0 group, 1 role), currency 0, one open version.
pub struct World {
    pub plan: Plan,
    pub facts: FactLog,
    pub rosters: RosterData,
    pub openings: Openings,
}

pub fn world() -> World {
    let attr = |name: &str, ty| Attr {
        name: name.into(),
        ty,
    };
    let attrs = vec![
        attr("household", FieldType::Group),
        attr("role", FieldType::Text),
    ];
    let plan = Plan {
        format: FORMAT,
        zone: "Asia/Shanghai".into(),
        rule_date: RuleDate::Event,
        versions: vec![Version {
            name: "v1".into(),
            from: day("2026-01-01"),
            to: None,
        }],
        rosters: vec![Roster {
            name: "resident".into(),
            attrs,
        }],
        kinds: Vec::new(),
        currencies: vec![Currency {
            ceiling: None,
            name: "points".into(),
            precision: None,
            floor: Floor::Negative,
            lives: Vec::new(),
            order: jifen_plan::UseOrder::default(),
            yuan: Vec::new(),
        }],
        params: Vec::new(),
        exprs: Exprs::default(),
        items: Vec::new(),
        tallies: Vec::new(),
        workdays: None,
        measures: Vec::new(),
        standings: Vec::new(),
        moves: Vec::new(),
    };
    let table = RosterTable {
        attrs: vec![AttrTable::default(); 2],
        ..RosterTable::default()
    };
    let rosters = RosterData {
        tables: vec![table],
    };
    World {
        plan,
        facts: FactLog::default(),
        rosters,
        openings: Openings::default(),
    }
}

impl World {
    /// A resident of a household with a role, from 2026 on.
    pub fn resident(&mut self, id: &str, household: &str, role: &str) -> u32 {
        let table = &mut self.rosters.tables[0];
        let code = table.ids.insert_full(id.into()).0 as u32;
        table.names.push(None);
        let span = (day("2026-01-01"), Day::MAX);
        table.present.push(vec![span]);
        for (attr, text) in [(0, household), (1, role)] {
            let attr = &mut table.attrs[attr];
            let value = attr.values.insert_full(Value::Text(text.into())).0 as u32;
            attr.rows.push(if text.is_empty() {
                vec![]
            } else {
                vec![(span.0, span.1, value)]
            });
        }
        code
    }

    /// A kind with fields, all optional.
    pub fn kind(&mut self, name: &str, fields: &[(&str, FieldType)]) -> KindIx {
        let span = fields.iter().position(|f| f.1 == FieldType::Span);
        let field = |(name, ty): &(&str, FieldType)| Field {
            name: (*name).into(),
            ty: ty.clone(),
            default: None,
            required: false,
            range: None,
            whole: false,
        };
        self.plan.kinds.push(Kind {
            name: name.into(),
            subject: RosterIx(0),
            period: None,
            off_roster: false,
            fields: fields.iter().map(field).collect(),
            span: span.map(|i| FieldIx(i as u16)),
            overlap: Overlap::Each,
            at: EventAt::Start,
        });
        let column = |(_, ty): &(&str, FieldType)| match ty {
            FieldType::Number(_) | FieldType::Percent => Column::Number(Numbers::Wide(vec![])),
            FieldType::YesNo => Column::YesNo(vec![]),
            FieldType::Date => Column::Date(vec![]),
            FieldType::Instant => Column::Instant(vec![]),
            FieldType::Span => Column::Span(vec![]),
            _ => Column::Text(TextColumn::default()),
        };
        let fields = fields.iter().map(column).collect();
        self.facts.kinds.push(KindTable {
            fields,
            ..KindTable::default()
        });
        KindIx((self.plan.kinds.len() - 1) as u16)
    }

    /// A fact; the text has a time of day or it is day-only. Values parallel to the fields.
    pub fn fact(
        &mut self,
        kind: KindIx,
        id: &str,
        who: u32,
        when: &str,
        values: &[Option<Value>],
    ) -> FactRef {
        let instant = at(when);
        let table = &mut self.facts.kinds[kind.ix()];
        match &mut table.ids {
            Ids::Text(ids) => ids.push(id.into()),
            Ids::Int(_) => panic!("text ids only"),
        }
        table.subject.push(who);
        table.at.push(instant);
        table.day_only.push(!when.contains(' '));
        table.entered.push(instant.day());
        for (column, value) in table.fields.iter_mut().zip(values) {
            match (column, value.clone()) {
                (Column::Number(Numbers::Wide(v)), x) => v.push(match x {
                    Some(Value::Num(n)) => Some(n),
                    _ => None,
                }),
                (Column::Text(t), Some(Value::Text(x))) => t.push(Some(&x)),
                (Column::Text(t), _) => t.push(None),
                (Column::YesNo(v), Some(Value::YesNo(b))) => v.push(u8::from(b)),
                (Column::YesNo(v), _) => v.push(2),
                (Column::Span(v), Some(Value::Span(a, b))) => v.push(Some((a, b))),
                (Column::Span(v), _) => v.push(None),
                _ => panic!("a column the builder does not know"),
            }
        }
        FactRef {
            kind,
            row: (table.subject.len() - 1) as u32,
        }
    }

    pub fn number(&mut self, text: &str) -> ExprId {
        self.plan.exprs.number(dec(text), Dim::POINTS)
    }

    pub fn field(&mut self, i: u16, ty: Ty) -> ExprId {
        self.plan.exprs.add(Expr::Field(FieldIx(i)), ty)
    }

    pub fn expr(&mut self, e: Expr) -> ExprId {
        self.plan.exprs.add(e, Ty::Num(Dim::PURE))
    }

    /// An item on a kind that credits currency 0.
    pub fn item(&mut self, kind: KindIx, name: &str, lines: Vec<Line>) -> ItemIx {
        self.plan.items.push(Item {
            path: vec![name.into()],
            version: VersionIx(0),
            trigger: Trigger::Fact(kind),
            requires: vec![],
            lines,
            credit: vec![CurrencyIx(0)],
            spend: None,
            give: None,
            worth: None,
            allot: None,
            passes: Vec::new(),
            joins: Vec::new(),
        });
        ItemIx((self.plan.items.len() - 1) as u16)
    }

    pub fn add(&mut self, text: &str) -> Line {
        Line::Add {
            value: self.number(text),
            when: None,
        }
    }

    /// A tally of the account in a window.
    pub fn tally(&mut self, label: &str, window: Window) -> TallyIx {
        self.plan.tallies.push(Tally {
            path: vec![],
            label: label.into(),
            holder: Holder::Account,
            keys: vec![],
            window,
            times: false,
            net: false,
            charge_final: false,
            of: None,
        });
        TallyIx((self.plan.tallies.len() - 1) as u16)
    }

    pub fn cap(&mut self, tally: TallyIx, limit: &str, mode: CapMode) -> Line {
        let limit = self.number(limit);
        let (counted_only, of_deduction, when) = (false, false, None);
        Line::Cap(Cap {
            tally: Some(tally),
            limit,
            mode,
            counted_only,
            of_deduction,
            when,
        })
    }

    pub fn run(&self, as_of: &str) -> Evaluation {
        let options = Options {
            threads: 2,
            batch_rows: 3,
        };
        let run = |o: &Options| {
            evaluate(
                &self.plan,
                &self.facts,
                &self.rosters,
                &self.openings,
                day(as_of),
                o,
            )
        };
        let out = run(&options).expect("evaluates");
        assert!(out.conservation.iter().all(|c| c.holds), "conservation");
        let again = run(&Options::default()).expect("evaluates");
        let lines =
            |e: &Evaluation| canonical::canonical_lines(&self.plan, &self.facts, &self.rosters, e);
        assert_eq!(lines(&out), lines(&again), "threads and batches");
        for (columns, fast) in [(false, false), (true, false), (false, true)] {
            let ways = crate::evaluate::Ways { columns, fast };
            let (o, as_of) = (Options::default(), day(as_of));
            let other = crate::evaluate::evaluate_by(
                ways,
                &self.plan,
                &self.facts,
                &self.rosters,
                &self.openings,
                as_of,
                &o,
            );
            let other = other.expect("evaluates");
            assert_eq!(lines(&out), lines(&other), "{ways:?}");
        }
        out
    }

    /// Amounts by fact id, in order of the ledger.
    pub fn amounts(&self, as_of: &str) -> Vec<(String, String)> {
        let out = self.run(as_of);
        let id = |o| match o {
            Origin::Fact(f) => self.facts.kinds[f.kind.ix()].ids.text(f.row as usize),
            Origin::Period(d) => d.to_string(),
        };
        out.ledger
            .iter()
            .map(|p| (id(p.origin), p.amount.to_string()))
            .collect()
    }
}

/// Compares amounts with what is expected, as (id, amount).
pub fn expect(got: Vec<(String, String)>, want: &[(&str, &str)]) {
    let want: Vec<(String, String)> = want
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
    assert_eq!(got, want);
}

pub fn num(text: &str) -> Option<Value> {
    Some(Value::Num(dec(text)))
}

pub fn text(t: &str) -> Option<Value> {
    Some(Value::Text(t.into()))
}

pub fn span(a: &str, b: &str) -> Option<Value> {
    Some(Value::Span(at(a), at(b)))
}
