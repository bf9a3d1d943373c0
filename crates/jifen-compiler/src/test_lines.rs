//! Tests of the files → [`TestCase`]s, with every name, unit and date checked; nothing is run here.

mod builtin;
mod expect;

use std::collections::BTreeMap;

use jifen_calendar::{Day, Instant};
use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{FieldIx, FieldType, Kind, KindIx, RosterIx, Value};
use jifen_syntax::ast::{Expr, ExprKind, Name, TestAttr, TestDecl, TestKind, TestLine};

use crate::constant;
use crate::resolve::{Sym, VersionSrc, World};
use crate::sink::Sink;
use crate::testcase::{TestCase, TestFact, TestSubject};

/// All tests of all files.
pub(crate) fn tests(w: &World<'_>, sink: &mut Sink) -> Vec<TestCase> {
    let mut out = Vec::new();
    sink.in_tests = true;
    for v in &w.versions {
        sink.lang = v.lang;
        for (decl, span) in &v.tests {
            let before = sink.all.len();
            let mut t = Reader {
                w,
                v,
                sink,
                case: TestCase {
                    title: decl.title.text.clone(),
                    span: *span,
                    ..TestCase::default()
                },
                next: 1,
                kinds: BTreeMap::new(),
                lost: false,
            };
            t.read(decl);
            let (case, lost) = (t.case, t.lost);
            if sink.all.len() == before && !lost {
                out.push(case);
            }
        }
    }
    out
}

/// Reads one test.
struct Reader<'t, 'a> {
    w: &'t World<'a>,
    v: &'t VersionSrc<'a>,
    sink: &'t mut Sink,
    case: TestCase,
    /// Number of the next fact without 编号.
    next: u32,
    /// Kinds of the facts by id, for corrections.
    kinds: BTreeMap<String, KindIx>,
    lost: bool,
}

/// A date or instant.
fn moment(e: &Expr, sink: &mut Sink) -> Option<(Instant, bool)> {
    match &e.kind {
        ExprKind::Date(d) => constant::day(d, sink).map(|d| (d.start(), true)),
        ExprKind::Instant(d, s) => {
            constant::day(d, sink).map(|d| (Instant::from_day_seconds(d, *s), false))
        }
        _ => None,
    }
}

impl Reader<'_, '_> {
    fn wrong(&mut self, at: Span, message: Text) {
        self.sink
            .push(Diagnostic::new(codes::TEST_LINE, at, message));
    }

    fn read(&mut self, decl: &TestDecl) {
        for l in &decl.lines {
            if let TestKind::GivenSubject { roster, id, attrs } = &l.kind {
                self.subject(roster, id, attrs, l.span);
            }
        }
        for l in &decl.lines {
            self.line(l);
        }
    }

    fn line(&mut self, l: &TestLine) {
        match &l.kind {
            TestKind::GivenSubject { .. } => {}
            TestKind::GivenFact {
                count,
                record,
                subject,
                at,
                to,
                id,
                entered,
                fields,
            } => {
                let given = Given {
                    subject,
                    at: at.as_ref(),
                    to: to.as_ref(),
                    id: id.as_ref(),
                    entered: entered.as_ref(),
                    fields,
                    span: l.span,
                };
                self.fact(record, *count, &given);
            }
            TestKind::Opening {
                subject,
                currency,
                on,
                was,
            } => self.opening(subject, currency.as_ref(), on.as_ref(), was, l.span),
            TestKind::AsOf(d) => self.case.as_of = constant::day(d, self.sink),
            TestKind::Expect {
                subject,
                target,
                on,
                outcome,
            } => self.expect(subject, target.as_ref(), on.as_ref(), outcome, l.span),
            TestKind::Balance {
                subject,
                currency,
                on,
                amount,
            } => self.balance(subject, currency.as_ref(), on.as_ref(), amount, l.span),
            TestKind::ExpectError(code) => self.error(code),
            TestKind::Broken => self.lost = true,
        }
    }

    fn subject(&mut self, roster: &Name, id: &Name, attrs: &[TestAttr], span: Span) {
        let r = match self.v.names.get(&roster.text) {
            Some((Sym::Roster(r), _)) => *r,
            Some((Sym::Poison, _)) => {
                self.lost = true;
                return;
            }
            Some((Sym::Kind(_), _)) => {
                self.no_date(&roster.text, &id.text, span);
                return;
            }
            _ => {
                let known = self
                    .v
                    .names_where(|s| matches!(s, Sym::Roster(_) | Sym::Kind(_)));
                let what = text!(zh = "名册或记录", en = "roster or record");
                self.sink.unknown(roster, &what, known);
                self.lost = true;
                return;
            }
        };
        let Some(decl) = self.w.rosters.get(r.ix()) else {
            return;
        };
        let mut out = TestSubject {
            roster: r,
            id: id.text.clone(),
            attrs: Vec::new(),
            span,
        };
        for a in attrs {
            let at = decl.attrs.iter().position(|x| x.name == a.name.text);
            let Some(at) = at else {
                let names: Vec<&str> = decl.attrs.iter().map(|a| a.name.as_str()).collect();
                self.unknown_field(&a.name, &decl.name, &names);
                continue;
            };
            let ty = decl.attrs.get(at).map_or(FieldType::Text, |a| a.ty.clone());
            let from = a.from.as_ref().map(|d| constant::day(d, self.sink));
            let to = a.to.as_ref().map(|d| constant::day(d, self.sink));
            let value = self.attr_value(a, &ty);
            let (Some(value), false, false) = (value, from == Some(None), to == Some(None)) else {
                continue;
            };
            let (from, to) = (from.flatten(), to.flatten());
            if let (Some(f), Some(t)) = (from, to)
                && t < f
            {
                self.sink.push(Diagnostic::new(
                    codes::TEST_FACT_DATE,
                    a.name.span,
                    text!(zh = "至 {t} 早于自 {f}", en = "{t} is before {f}"),
                ));
                continue;
            }
            let ix = jifen_plan::AttrIx(u16::try_from(at).unwrap_or(u16::MAX));
            out.attrs.push((ix, value, from, to.map(|t| t.add_days(1))));
        }
        self.case.subjects.push(out);
    }

    /// One value, or the ids of several.
    fn attr_value(&mut self, a: &TestAttr, ty: &FieldType) -> Option<Value> {
        let value = constant::value(&a.value, ty, self.sink)?;
        let Some(more) = a.more.first() else {
            return Some(value);
        };
        let Value::List(mut ids) = value else {
            self.sink.push(Diagnostic::new(
                codes::SEVERAL_PLACE,
                more.span,
                text!(
                    zh = "“{0}”只有一个值；要写几个人，名册里写 {0}: … 多个",
                    en = "“{0}” has one value; to name several, write {0}: … several in the roster",
                    a.name.text
                ),
            ));
            return None;
        };
        for e in &a.more {
            let Value::List(next) = constant::value(e, ty, self.sink)? else {
                return None;
            };
            if next.iter().any(|id| ids.contains(id)) {
                self.sink.push(Diagnostic::new(
                    codes::DUPLICATE_NAME,
                    e.span,
                    text!(
                        zh = "“{0}”里同一个人写了两次",
                        en = "“{0}” names one twice",
                        a.name.text
                    ),
                ));
                return None;
            }
            ids.extend(next);
        }
        Some(Value::several(ids))
    }

    fn no_date(&mut self, kind: &str, who: &str, at: Span) {
        self.sink.push(Diagnostic::new(
            codes::TEST_FACT_DATE,
            at,
            text!(
                zh = "这条记录没有写日期，如：设 {kind} {who} 2026-04-03",
                en = "this fact has no date, e.g. “given {kind} {who} 2026-04-03”"
            ),
        ));
    }

    fn unknown_field(&mut self, n: &Name, of: &str, names: &[&str]) {
        let record = self.v.records.get(of).map(|r| r.1);
        let roster = self
            .v
            .rosters
            .get(of)
            .and_then(|r| self.v.decl_span(r.name.span));
        let declared =
            |fields: &[jifen_syntax::ast::FieldDecl]| fields.iter().any(|f| f.name.text == n.text);
        // Declared, but wrongly, or lost by the parser: reported there.
        let poisoned = self
            .v
            .records
            .get(of)
            .is_some_and(|r| declared(&r.0.fields))
            || self.v.rosters.get(of).is_some_and(|r| declared(&r.fields))
            || record
                .or(roster)
                .is_some_and(|s| self.sink.lost_in(s) && self.sink.mentions(s, &n.text));
        if poisoned {
            self.lost = true;
            return;
        }
        let (list, en) = jifen_diag::listed(names);
        let mut d = Diagnostic::new(
            codes::UNKNOWN_FIELD,
            n.span,
            text!(
                zh = "“{of}”没有“{0}”这个字段，有的是：{list}",
                en = "“{of}” has no field “{0}”; it has: {en}",
                n.text
            ),
        );
        if let Some(s) = jifen_diag::suggest(&n.text, names.iter().copied()) {
            d = d.fix(
                n.span,
                s,
                text!(zh = "改成“{s}”", en = "change it to “{s}”"),
            );
        }
        self.sink.push(d);
    }

    /// The roster of a subject of this test.
    fn roster_of(&mut self, n: &Name) -> Option<RosterIx> {
        if let Some(s) = self.case.subjects.iter().find(|s| s.id == n.text) {
            return Some(s.roster);
        }
        if self.lost {
            return None;
        }
        let names: Vec<String> = self.case.subjects.iter().map(|s| s.id.clone()).collect();
        let hint = jifen_diag::suggest(&n.text, names.iter().map(String::as_str));
        let mut d = Diagnostic::new(
            codes::TEST_LINE,
            n.span,
            text!(
                zh = "这个测试里没有“{0}”；先写：设 名册 {0} {{ … }}",
                en = "“{0}” is nobody in this test; begin with: given ROSTER NAME {{ … }}",
                n.text
            ),
        );
        if let Some(s) = hint {
            d = d.fix(
                n.span,
                s,
                text!(zh = "改成“{s}”", en = "change it to “{s}”"),
            );
        }
        self.sink.push(d);
        None
    }

    fn entered(&mut self, given: &Given<'_>, at: Day) -> Day {
        let e = given.entered.and_then(|e| moment(e, self.sink));
        e.map_or(at, |e| e.0.day())
    }

    fn id(&mut self, given: &Given<'_>) -> String {
        match given.id {
            Some(n) => n.text.clone(),
            None => {
                let id = format!("T{}", self.next);
                self.next += 1;
                id
            }
        }
    }

    fn fact(&mut self, record: &Name, count: u32, given: &Given<'_>) {
        match record.text.as_str() {
            "确认" => return self.confirmation(given),
            "撤销" => return self.void(given),
            "更正" => return self.correction(given),
            _ => {}
        }
        let k = match self.v.names.get(&record.text) {
            Some((Sym::Kind(k), _)) => *k,
            Some((Sym::Poison, _)) => {
                self.lost = true;
                return;
            }
            _ => {
                let known = self
                    .v
                    .names_where(|s| matches!(s, Sym::Roster(_) | Sym::Kind(_)));
                let what = text!(zh = "名册或记录", en = "roster or record");
                self.sink.unknown(record, &what, known);
                self.lost = true;
                return;
            }
        };
        let Some(kind) = self.w.kinds.get(k.ix()) else {
            return;
        };
        let Some(roster) = self.roster_of(given.subject) else {
            return;
        };
        if roster != kind.subject {
            let name = self
                .w
                .rosters
                .get(kind.subject.ix())
                .map_or("", |r| r.name.as_str());
            self.wrong(
                given.subject.span,
                text!(
                    zh = "记录“{0}”的对象是“{name}”，“{1}”不是",
                    en = "the record “{0}” is for “{name}”, and “{1}” is not one",
                    kind.name,
                    given.subject.text
                ),
            );
            return;
        }
        let Some((at, day_only)) = given.at.and_then(|e| moment(e, self.sink)) else {
            if given.at.is_none() {
                self.no_date(&kind.name, &given.subject.text, given.span);
            }
            return;
        };
        let Some(mut fields) = self.fields(kind, k, given) else {
            return;
        };
        let mut day_only = day_only;
        if let Some(to) = given.to {
            let Some(end) = self.span_end(kind, at, to) else {
                return;
            };
            if let Some(s) = kind.span {
                fields.push((s, Value::Span(at, end)));
                day_only = false;
            }
        }
        if given.id.is_some() && count > 1 {
            self.wrong(
                given.span,
                text!(
                    zh = "几次记录不能共用一个编号",
                    en = "several facts cannot share one id"
                ),
            );
            return;
        }
        fields.sort_by_key(|f| f.0);
        for _ in 0..count.min(100_000) {
            let id = self.id(given);
            if self.kinds.insert(id.clone(), k).is_some() {
                self.wrong(
                    given.span,
                    text!(
                        zh = "编号 {id} 在这个测试里已经用过",
                        en = "the id {id} is used in this test already"
                    ),
                );
                return;
            }
            let entered = self.entered(given, at.day());
            self.case.facts.push(TestFact {
                kind: k,
                id,
                subject: given.subject.text.clone(),
                at,
                day_only,
                entered,
                fields: fields.clone(),
                span: given.span,
            });
        }
    }

    fn span_end(&mut self, kind: &Kind, at: Instant, to: &Expr) -> Option<Instant> {
        let (end, _) = moment(to, self.sink)?;
        if kind.span.is_none() {
            // The field may stand in a part of the record that could not be read.
            let record = self.v.records.get(kind.name.as_str());
            if record.is_some_and(|r| self.sink.lost_in(r.1)) {
                self.lost = true;
                return None;
            }
            self.wrong(
                to.span,
                text!(
                    zh = "记录“{0}”没有时段字段，不能写“至”",
                    en = "the record “{0}” has no span, so no end can be given",
                    kind.name
                ),
            );
            return None;
        }
        if end < at {
            self.sink.push(Diagnostic::new(
                codes::TEST_FACT_DATE,
                to.span,
                text!(
                    zh = "结束 {end} 早于开始 {at}；过了半夜要写第二天的日期",
                    en = "it ends on {end}, before it begins on {at}; past midnight write the next day"
                ),
            ));
            return None;
        }
        Some(end)
    }

    /// Field values; all wrong ones are reported.
    fn fields(
        &mut self,
        kind: &Kind,
        k: KindIx,
        given: &Given<'_>,
    ) -> Option<Vec<(FieldIx, Value)>> {
        let mut out: Vec<(FieldIx, Value)> = Vec::new();
        let before = self.sink.all.len();
        for (name, e) in given.fields {
            let Some((ix, value)) = self.field(kind, k, name, e) else {
                continue;
            };
            if out.iter().any(|(f, _)| *f == ix) {
                self.wrong(
                    name.span,
                    text!(zh = "“{0}”写了两次", en = "“{0}” stands twice", name.text),
                );
            }
            out.push((ix, value));
        }
        for (i, f) in kind.fields.iter().enumerate() {
            let given_ = out.iter().any(|(x, _)| x.ix() == i);
            // Who graded changes no points: a test need not say it.
            if f.name == crate::resolve::GRADED_BY
                && !given_
                && let FieldType::Choice(words) = &f.ty
                && let Some(first) = words.first()
            {
                let ix = FieldIx(u16::try_from(i).unwrap_or(u16::MAX));
                out.push((ix, Value::Text(first.clone())));
                continue;
            }
            if f.required && f.default.is_none() && !given_ && self.sink.all.len() == before {
                self.wrong(
                    given.span,
                    text!(
                        zh = "“{0}”是必填的，这里没有写",
                        en = "“{0}” is required and is missing here",
                        f.name
                    ),
                );
            }
        }
        (self.sink.all.len() == before).then_some(out)
    }

    /// One field of a fact or correction.
    fn field(&mut self, kind: &Kind, _: KindIx, name: &Name, e: &Expr) -> Option<(FieldIx, Value)> {
        let at = kind.fields.iter().position(|f| f.name == name.text);
        let Some((at, f)) = at.and_then(|i| Some((i, kind.fields.get(i)?))) else {
            let names: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
            self.unknown_field(name, &kind.name, &names);
            return None;
        };
        if f.ty == FieldType::Span {
            self.wrong(
                name.span,
                text!(
                    zh = "起止时间写在日期后面：2026-04-03 21:00 至 2026-04-04 01:00",
                    en = "begin and end stand after the record: 2026-04-03 21:00 to 2026-04-04 01:00"
                ),
            );
            return None;
        }
        let value = constant::value(e, &f.ty, self.sink)?;
        if let (Value::Num(n), Some((a, b))) = (&value, f.range)
            && (*n < a || *n > b)
        {
            self.wrong(
                e.span,
                text!(
                    zh = "“{0}”要在 {a} 至 {b} 之间，{n} 会被拒收",
                    en = "“{0}” is from {a} to {b}; {n} would be rejected",
                    name.text
                ),
            );
            return None;
        }
        if let Value::Num(n) = &value
            && f.whole
            && !n.is_integer()
        {
            self.wrong(
                e.span,
                text!(
                    zh = "“{0}”要是整数",
                    en = "“{0}” is a whole number",
                    name.text
                ),
            );
            return None;
        }
        let ix = FieldIx(u16::try_from(at).unwrap_or(u16::MAX));
        Some((ix, value))
    }
}

/// A given line as written.
struct Given<'g> {
    subject: &'g Name,
    at: Option<&'g Expr>,
    to: Option<&'g Expr>,
    id: Option<&'g Name>,
    entered: Option<&'g Expr>,
    fields: &'g [(Name, Expr)],
    span: Span,
}
