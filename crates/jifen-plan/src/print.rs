//! Readable dumps of a Plan and a Schedule, for `compile --emit plan|schedule`; for people and diffs, not for reading back.

mod standings;

use std::fmt::Write as _;

use crate::aggregate::{Aggregate, Over};
use crate::allot::Allot;
use crate::choice::Choose;
use crate::expr::{Cmp, DatePart, DaySet, Expr, ExprId, Whose};
use crate::join::Join;
use crate::model::{Cap, Holder, Item, KindIx, Line, Multiply, Plan, Review, Trigger, Value};
use crate::pass::Pass;
use crate::schedule::{Schedule, Why};

/// The Plan as text: versions, kinds, items with their lines, tallies.
#[must_use]
pub fn plan(p: &Plan) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "plan format {} zone {} rule date {:?}",
        p.format, p.zone, p.rule_date
    );
    for v in &p.versions {
        let to = v.to.map_or_else(|| "…".to_owned(), |d| d.to_string());
        let _ = writeln!(out, "version {} {} .. {to}", v.name, v.from);
    }
    for r in &p.rosters {
        let _ = writeln!(out, "roster {}", r.name);
        for a in &r.attrs {
            let _ = writeln!(out, "  {}: {:?}", a.name, a.ty);
        }
    }
    for m in &p.moves {
        let roster = p.rosters.get(m.roster.ix());
        let attr = roster.and_then(|r| r.attrs.get(m.attr.ix()));
        let _ = writeln!(
            out,
            "moves {}.{} version {} {} split {:?} currencies {:?}",
            roster.map_or("?", |r| r.name.as_str()),
            attr.map_or("?", |a| a.name.as_str()),
            m.version.0,
            if m.follow { "follow" } else { "stay" },
            m.split,
            m.currencies
        );
    }
    for c in &p.currencies {
        let most = c.ceiling.map_or(String::new(), |n| format!(" at most {n}"));
        let _ = writeln!(
            out,
            "currency {} {:?} {:?}{most}",
            c.name, c.precision, c.floor
        );
        for l in &c.lives {
            let _ = writeln!(out, "  version {} {:?} {:?}", l.version.0, l.loss, l.due);
        }
        if !c.order.is_default() {
            let _ = writeln!(out, "  use {:?}", c.order);
        }
        for (version, yuan) in &c.yuan {
            let _ = writeln!(out, "  version {} a point is {yuan} yuan", version.0);
        }
    }
    for k in &p.kinds {
        let _ = writeln!(
            out,
            "kind {} subject {} period {:?} overlap {:?} at {:?}",
            k.name, k.subject.0, k.period, k.overlap, k.at
        );
        for f in &k.fields {
            let _ = writeln!(
                out,
                "  {}: {:?} default {:?} required {}",
                f.name, f.ty, f.default, f.required
            );
        }
    }
    for m in &p.params {
        let _ = writeln!(
            out,
            "param {} version {} = {} {:?}",
            m.name, m.version.0, m.first, m.steps
        );
    }
    for m in &p.measures {
        let _ = writeln!(
            out,
            "measure {} version {} of {}{} per {:?} = {}",
            m.name,
            m.version.0,
            p.rosters
                .get(m.roster.ix())
                .map_or("?", |r| r.name.as_str()),
            match m.of {
                Holder::Account => String::new(),
                other => format!(" {other:?}"),
            },
            m.unit,
            definition(p, m)
        );
    }
    for s in &p.standings {
        let _ = writeln!(out, "{}", standings::standing(p, s));
    }
    for (i, t) in p.tallies.iter().enumerate() {
        let keys: Vec<String> = t.keys.iter().map(|k| expr(p, None, *k)).collect();
        let _ = writeln!(
            out,
            "tally {i} [{}] {} holder {} keys ({}) window {:?}{}{}{}{}",
            t.path.join("/"),
            t.label,
            holder(t.holder),
            keys.join(", "),
            t.window,
            if t.times { " times" } else { "" },
            if t.net { " net" } else { "" },
            if t.charge_final {
                " charged finally"
            } else {
                ""
            },
            t.of.map_or(String::new(), |e| format!(" of {}", expr(p, None, e))),
        );
    }
    for i in &p.items {
        item(p, i, &mut out);
    }
    out
}

fn holder(h: Holder) -> String {
    match h {
        Holder::Account => "account".to_owned(),
        Holder::Group(a) => format!("group {}", a.0),
        Holder::Everyone => "everyone".to_owned(),
    }
}

fn item(p: &Plan, item: &Item, out: &mut String) {
    let version = p
        .versions
        .get(item.version.ix())
        .map_or("?", |v| v.name.as_str());
    let _ = writeln!(out, "item {} @ {version}", item.path.join("/"));
    let kind = match item.trigger {
        Trigger::Fact(k) => {
            let _ = writeln!(
                out,
                "  on {}",
                p.kinds.get(k.ix()).map_or("?", |k| k.name.as_str())
            );
            Some(k)
        }
        Trigger::Period {
            unit,
            at_start,
            row,
            ..
        } => {
            let _ = writeln!(
                out,
                "  every {unit:?}{}",
                if at_start { " at its start" } else { "" }
            );
            row
        }
    };
    for (slot, j) in item.joins.iter().enumerate() {
        let _ = writeln!(out, "  {}", join(p, slot, j));
    }
    for r in &item.requires {
        let _ = writeln!(
            out,
            "  requires {} {}",
            expr(p, kind, r.cond),
            r.hold.map_or(String::new(), |h| format!("{h:?}"))
        );
    }
    for l in &item.lines {
        let _ = writeln!(out, "  {}", line(p, kind, l));
    }
    let credit: Vec<&str> = item
        .credit
        .iter()
        .filter_map(|c| p.currencies.get(c.ix()))
        .map(|c| c.name.as_str())
        .collect();
    if let Some(a) = item.allot {
        let _ = writeln!(out, "  {}", allot(p, a));
    }
    match item.spend {
        None => {
            let _ = writeln!(out, "  credit {}", credit.join(", "));
        }
        Some(mode) => {
            let _ = writeln!(out, "  takes {mode:?} from {}", credit.join(", "));
        }
    }
    if let Some(g) = item.give {
        let _ = writeln!(
            out,
            "  gives to {}, dates {}, received {} earned, {} use",
            expr(p, kind, g.to),
            if g.keeps_dates { "kept" } else { "renewed" },
            if g.earns { "counts as" } else { "not as" },
            if g.uses { "counts as" } else { "not as" },
        );
    }
    if let Some(w) = item.worth {
        let by =
            w.by.map_or(String::new(), |e| format!(" borne by {}", expr(p, kind, e)));
        let _ = writeln!(out, "  worth {}{by}", expr(p, kind, w.value));
    }
    for x in &item.passes {
        let _ = writeln!(out, "  {}", pass(p, kind, x));
    }
}

fn allot(p: &Plan, a: Allot) -> String {
    let weight = a
        .weight
        .map_or("equally".to_owned(), |w| format!("by {}", expr(p, None, w)));
    format!(
        "allot {} {} {weight} to {} remainder {:?}",
        expr(p, None, a.total),
        if a.yuan { "yuan" } else { "points" },
        a.step,
        a.remainder
    )
}

/// What stands in a join is read on the earlier fact.
fn join(p: &Plan, slot: usize, j: &Join) -> String {
    let name = p.kinds.get(j.kind.ix()).map_or("?", |k| k.name.as_str());
    let inner = |e: ExprId| expr(p, Some(j.kind), e);
    let keys: Vec<String> = (j.keys.iter())
        .map(|k| format!("{} = {}", inner(k.theirs), inner(k.ours)))
        .collect();
    let from = j
        .from
        .map_or_else(|| "this".to_owned(), |f| format!("joined {f}"));
    format!(
        "join {slot} {name} on {}{} within {:?} of {from} {:?}",
        keys.join(", "),
        when(p, Some(j.kind), j.when),
        j.within,
        j.pairing
    )
}

fn pass(p: &Plan, kind: Option<KindIx>, x: &Pass) -> String {
    let credit: Vec<&str> = (x.credit.iter())
        .filter_map(|c| p.currencies.get(c.ix()))
        .map(|c| c.name.as_str())
        .collect();
    let caps: Vec<String> = x.caps.iter().map(|c| cap(p, kind, c)).collect();
    format!(
        "{:?} to {}{} {} as {}{}{}{}{}",
        x.how,
        expr(p, kind, x.to),
        many(x),
        expr(p, kind, x.amount),
        credit.join(", "),
        x.round.map_or(String::new(), |r| format!(
            " round to {} {:?}",
            r.step, r.mode
        )),
        if x.none_skips { " none skips" } else { "" },
        when(p, kind, x.when),
        if caps.is_empty() {
            String::new()
        } else {
            format!(" [{}]", caps.join("; "))
        },
    )
}

/// How several share in it.
fn many(x: &Pass) -> String {
    match x.many {
        None => String::new(),
        Some(m) if m.equally => format!(" equally by {}", m.step.unwrap_or_default()),
        Some(m) => format!(" each by {}", m.step.unwrap_or_default()),
    }
}

fn when(p: &Plan, kind: Option<KindIx>, w: Option<ExprId>) -> String {
    w.map_or(String::new(), |w| format!(" when {}", expr(p, kind, w)))
}

fn line(p: &Plan, kind: Option<KindIx>, l: &Line) -> String {
    match l {
        Line::Add { value, when: w } => {
            format!("add {}{}", expr(p, kind, *value), when(p, kind, *w))
        }
        Line::Deduct { value, when: w } => {
            format!("deduct {}{}", expr(p, kind, *value), when(p, kind, *w))
        }
        Line::Multiply(m) => multiply(p, kind, m),
        Line::Prorate { require } => format!("prorate by requires[{require}]"),
        Line::Round(r) => format!("round to {} {:?}", r.step, r.mode),
        Line::Review(r) => review(p, kind, r),
        Line::Choose(c) => choose(p, kind, c),
        Line::Cap(c) => cap(p, kind, c),
    }
}

fn multiply(p: &Plan, kind: Option<KindIx>, m: &Multiply) -> String {
    let factors: Vec<String> = m
        .factors
        .iter()
        .map(|f| {
            let time = f
                .time
                .as_ref()
                .map_or(String::new(), |t| format!(" {:?} {:?}", t.mode, t.windows));
            format!("{}{time}{}", expr(p, kind, f.value), when(p, kind, f.when))
        })
        .collect();
    format!(
        "multiply {:?}{} [{}]",
        m.stacking,
        if m.each_part { " each part" } else { "" },
        factors.join("; ")
    )
}

fn review(p: &Plan, kind: Option<KindIx>, r: &Review) -> String {
    format!(
        "review confirm ({}) publish {:?} lapse {:?}{}{}",
        r.confirm.join(", "),
        r.publish,
        r.lapse,
        if r.holds_room { " holds room" } else { "" },
        when(p, kind, r.when)
    )
}

fn choose(p: &Plan, kind: Option<KindIx>, c: &Choose) -> String {
    let keys: Vec<String> = c.keys.iter().map(|k| expr(p, kind, *k)).collect();
    let among = c.among.0;
    format!("choose {:?} of tally {among} ({})", c.pick, keys.join(", "))
}

fn cap(p: &Plan, kind: Option<KindIx>, c: &Cap) -> String {
    let tally = c
        .tally
        .map_or_else(|| "this award".to_owned(), |t| format!("tally {}", t.0));
    format!(
        "cap {tally} {} {:?}{}{}{}",
        expr(p, kind, c.limit),
        c.mode,
        if c.counted_only { " counted only" } else { "" },
        if c.of_deduction { " of deduction" } else { "" },
        when(p, kind, c.when)
    )
}

/// An expression in a compact, neutral notation (held units).
#[must_use]
pub fn expr(p: &Plan, kind: Option<KindIx>, id: ExprId) -> String {
    let e = |x: &ExprId| expr(p, kind, *x);
    match p.exprs.get(id) {
        Expr::Const(v) => value(v),
        Expr::Field(f) => kind
            .and_then(|k| p.kinds.get(k.ix()))
            .and_then(|k| k.fields.get(f.ix()))
            .map_or_else(|| format!("field {}", f.0), |f| f.name.clone()),
        Expr::Attr(Whose::Own, a) => format!("own.{}", a.0),
        Expr::Attr(Whose::Of(s), a) => format!("{}.{}", e(s), a.0),
        Expr::Param(m) => p
            .params
            .get(m.ix())
            .map_or_else(|| "?".to_owned(), |m| m.name.clone()),
        Expr::Running => "running".to_owned(),
        Expr::DayTotal => "day_total".to_owned(),
        Expr::SpanSeconds => "span.seconds".to_owned(),
        Expr::SpanStart => "span.start".to_owned(),
        Expr::SpanEnd => "span.end".to_owned(),
        Expr::EventDay => "event.day".to_owned(),
        Expr::EntryDay => "entry.day".to_owned(),
        Expr::EventInstant => "event.instant".to_owned(),
        Expr::PeriodStart => "period.start".to_owned(),
        Expr::PeriodEnd => "period.end".to_owned(),
        Expr::Add(a, b) => format!("({} + {})", e(a), e(b)),
        Expr::Sub(a, b) => format!("({} - {})", e(a), e(b)),
        Expr::Mul(a, b) => format!("({} * {})", e(a), e(b)),
        Expr::Div(a, b) => format!("({} / {})", e(a), e(b)),
        Expr::MulDiv(a, b, c) => format!("({} * {} / {c})", e(a), e(b)),
        Expr::IntDiv(a, b) => format!("({} div {})", e(a), e(b)),
        Expr::Neg(a) => format!("-{}", e(a)),
        Expr::Compare(op, a, b) => format!("{} {} {}", e(a), cmp(*op), e(b)),
        Expr::And(a, b) => format!("({} and {})", e(a), e(b)),
        Expr::Or(a, b) => format!("({} or {})", e(a), e(b)),
        Expr::Not(a) => format!("not {}", e(a)),
        Expr::OneOf(a, vs) => {
            format!(
                "{} in ({})",
                e(a),
                vs.iter().map(value).collect::<Vec<_>>().join(", ")
            )
        }
        Expr::IsMissing(a) => format!("missing({})", e(a)),
        Expr::InTime(t) => format!("in_time({:?} {:?})", t.mode, t.windows),
        Expr::Bands {
            of,
            below,
            rows,
            reaches,
        } => {
            let rows: Vec<String> = rows.iter().map(|(b, v)| format!("{b}: {}", e(v))).collect();
            let word = if *reaches { "from" } else { "above" };
            format!(
                "bands {} {{below: {}; {word} {}}}",
                e(of),
                e(below),
                rows.join(", ")
            )
        }
        Expr::Slices { of, rows, per } => {
            let rows: Vec<String> = rows.iter().map(|(b, v)| format!("{b}: {}", e(v))).collect();
            format!("slices {} {{{}}} / {per}", e(of), rows.join(", "))
        }
        Expr::Select { of, rows, rest } => {
            let rows: Vec<String> = rows
                .iter()
                .map(|(k, v)| {
                    format!(
                        "{}: {}",
                        k.iter().map(value).collect::<Vec<_>>().join("|"),
                        e(v)
                    )
                })
                .collect();
            format!(
                "select {} {{{}; rest {}}}",
                e(of),
                rows.join(", "),
                rest.as_ref().map_or("-".to_owned(), e)
            )
        }
        Expr::First { rows, rest } => {
            let rows: Vec<String> = rows
                .iter()
                .map(|(c, v)| format!("{}: {}", e(c), e(v)))
                .collect();
            format!("first {{{}; rest {}}}", rows.join(", "), e(rest))
        }
        Expr::Clamp { low, high, of } => format!(
            "clamp({}, {}, {})",
            e(of),
            low.as_ref().map_or("-".to_owned(), e),
            high.as_ref().map_or("-".to_owned(), e)
        ),
        Expr::Age(a, b) => format!("age({}, {})", e(a), e(b)),
        Expr::YearStart(a, b) => format!("year_start({}, {})", e(a), e(b)),
        Expr::DatePart(part, a) => format!("{}({})", part_name(*part), e(a)),
        Expr::Shift(a, n, unit) => format!("shift({}, {n} {unit:?})", e(a)),
        Expr::SetOf(op, a, b) => format!("({} {op:?} {})", e(a), e(b)),
        Expr::SetSize(a) => format!("size({})", e(a)),
        Expr::SetRun(a) => format!("longest_run({})", e(a)),
        Expr::Power(a, b, to) => {
            format!("power({}, {} to {} {:?})", e(a), e(b), to.step, to.mode)
        }
        Expr::Among(a, b) => format!("among({}, {})", e(a), e(b)),
        Expr::HowMany(a) => format!("how_many({})", e(a)),
        Expr::Since(a, b) => format!("since({}, {})", e(a), e(b)),
        Expr::InDays(a, set) => format!("in_days({} {})", e(a), day_set(set)),
        Expr::RunStart(a, set) => format!("run_start({} {})", e(a), day_set(set)),
        Expr::Aggregate(a) => aggregate(p, a),
        Expr::Round(a, to) => format!("round({} {} {:?})", e(a), to.step, to.mode),
        // Said once, where it is declared: measures read each other.
        Expr::Measure(m, ..) => {
            let name = p.measures.get(m.ix()).map_or("?", |m| m.name.as_str());
            format!("measure {name}")
        }
        Expr::OverPeriods(o) => {
            let name = p
                .measures
                .get(o.measure.ix())
                .map_or("?", |m| m.name.as_str());
            let skip = if o.skip { " skipping" } else { "" };
            format!("{:?} of measure {name}{skip}", o.what)
        }
        Expr::Shared(m) => {
            let name = p.measures.get(m.ix()).map_or("?", |m| m.name.as_str());
            format!("shared measure {name}")
        }
        Expr::OverMembers(o) => {
            let name = p.measures.get(o.measure.ix());
            let name = name.map_or("?", |m| m.name.as_str());
            let skip = if o.skip { " skipping" } else { "" };
            format!("{:?} over members of measure {name}{skip}", o.what)
        }
        Expr::Members(when) => match when {
            Some(when) => format!("members({})", e(when)),
            None => "members".to_owned(),
        },
        Expr::Follows(name, a) => format!("{name} = {}", e(a)),
        Expr::Earlier(e) => {
            let name = p.measures.get(e.measure.ix());
            let name = name.map_or("?", |m| m.name.as_str());
            format!("measure {name}, {} before", e.back)
        }
        Expr::Balance(c) => format!("balance({})", currency(p, *c)),
        Expr::Awarded(c) => format!("awarded({})", currency(p, *c)),
        Expr::Points(r) => standings::points(p, r),
        Expr::Standing(r) => standings::read(p, *r),
        // Whose field it is stands outside.
        Expr::This(a) => format!("this.{}", expr(p, None, *a)),
        Expr::Joined(slot, a) => format!("joined {slot}.{}", expr(p, None, *a)),
        Expr::Subject => "subject".to_owned(),
    }
}

fn currency(p: &Plan, c: crate::model::CurrencyIx) -> &str {
    p.currencies.get(c.ix()).map_or("?", |c| c.name.as_str())
}

/// What an aggregate reads stands in the scope of the kind that it counts.
fn aggregate(p: &Plan, a: &Aggregate) -> String {
    let kind = p.kinds.get(a.kind.ix()).map_or("?", |k| k.name.as_str());
    let inner = |e: Option<ExprId>, word: &str| {
        e.map_or(String::new(), |e| {
            format!("{word}{}", expr(p, Some(a.kind), e))
        })
    };
    // The ends of a window are read on the run.
    let over = match a.over {
        Over::Between(from, to) => {
            format!("{}..={}", expr(p, None, from), expr(p, None, to))
        }
        over => format!("{over:?}"),
    };
    format!(
        "{:?}({kind}{}{}{} over {over}{})",
        a.what,
        inner(a.value, "."),
        a.best.map_or(String::new(), |n| format!(" best {n}")),
        inner(a.when, " when "),
        if a.with_this { " with this" } else { "" }
    )
}

fn day_set(set: &DaySet) -> String {
    let runs = set.runs.iter();
    let runs: Vec<String> = runs.map(|(from, to)| format!("{from}..{to}")).collect();
    let known = set
        .known
        .map_or(String::new(), |(from, to)| format!(" known {from}..{to}"));
    format!("{} [{}]{known}", set.name, runs.join(", "))
}

fn part_name(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "year",
        DatePart::Month => "month",
        DatePart::DayOfMonth => "day",
        DatePart::Weekday => "weekday",
    }
}

fn cmp(op: Cmp) -> &'static str {
    match op {
        Cmp::Eq => "=",
        Cmp::Ne => "≠",
        Cmp::Ge => "≥",
        Cmp::Gt => ">",
        Cmp::Le => "≤",
        Cmp::Lt => "<",
    }
}

fn value(v: &Value) -> String {
    match v {
        Value::Num(d) => d.to_string(),
        Value::Text(t) => format!("“{t}”"),
        Value::YesNo(b) => b.to_string(),
        Value::Date(d) => d.to_string(),
        Value::Instant(i) => i.to_string(),
        Value::List(ids) => format!("[{}]", ids.join(" ")),
        Value::Span(a, b) => format!("{a}..{b}"),
    }
}

/// The Schedule as text.
#[must_use]
pub fn schedule(p: &Plan, s: &Schedule) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "1 settle: duplicates, voids, corrections, confirmations; overlaps of {:?}",
        s.settle
    );
    let name = |ix: crate::model::ItemIx| {
        p.items
            .get(ix.ix())
            .map_or_else(String::new, |i| i.path.join("/"))
    };
    for i in &s.matches {
        let joins = p.items.get(i.ix()).map_or(&[][..], |x| &x.joins);
        let kinds = joins.iter().filter_map(|j| p.kinds.get(j.kind.ix()));
        let kinds: Vec<&str> = kinds.map(|k| k.name.as_str()).collect();
        let _ = writeln!(
            out,
            "2 match {} with {}: facts of all subjects, in order",
            name(*i),
            kinds.join(", then ")
        );
    }
    for i in &s.items {
        let total = p.items.get(i.item.ix()).map_or(0, |x| x.lines.len());
        let _ = writeln!(
            out,
            "2 {} {}: lines 0..{} by rows, {}..{total} in order, tallies {:?}",
            if i.closes { "closes" } else { "rows" },
            name(i.item),
            i.rows,
            i.rows,
            i.tallies.iter().map(|t| t.0).collect::<Vec<_>>()
        );
    }
    if s.joining.is_empty() && s.passing.is_empty() && s.meeting.is_empty() {
        out.push_str("3 sweep: each account by itself\n");
    }
    for i in &s.passing {
        let _ = writeln!(
            out,
            "3 sweep: accounts joined by what {} gives to others",
            name(*i)
        );
    }
    for i in &s.meeting {
        let _ = writeln!(
            out,
            "3 sweep: accounts meet at the transfers of {}, level by level",
            name(*i)
        );
    }
    for i in &s.splitting {
        let _ = writeln!(
            out,
            "3 split: the sum of {} among all its subjects",
            name(*i)
        );
    }
    for t in &s.joining {
        let tally = p.tallies.get(t.ix());
        let _ = writeln!(
            out,
            "3 sweep: accounts joined by tally {} [{}]",
            t.0,
            tally.map_or_else(String::new, |t| format!("{} {}", t.path.join("/"), t.label))
        );
    }
    for r in &s.order {
        let why = match r.why {
            Why::Cap => "a limit is used up in time order",
            Why::Mode => "the mode makes even the total depend on the order",
            Why::DayTotal => "it reads the day's total so far",
            Why::Floor => "a floor acts at each step",
            Why::Ceiling => "a ceiling acts at each step",
            Why::History => "it reads the facts before",
            Why::Choice => "a choice among awards",
            Why::Spend => "it takes what there is then",
        };
        let at = r.line.map_or_else(
            || match r.why {
                Why::History => "its conditions".to_owned(),
                _ => "its posting".to_owned(),
            },
            |l| format!("line {l}"),
        );
        let _ = writeln!(out, "  order: {} {at}: {why}", name(r.item));
    }
    out.push_str("4 accounts: postings, floors, balances, conservation\n");
    out
}

/// What a measure is.
fn definition(p: &Plan, m: &crate::Measure) -> String {
    let e = |id: &ExprId| expr(p, None, *id);
    match p.exprs.get(m.node) {
        Expr::Measure(_, value, valid) => {
            let valid = valid.map_or(String::new(), |v| format!(" valid {}", e(&v)));
            format!("{}{valid}", e(value))
        }
        _ => e(&m.node),
    }
}
