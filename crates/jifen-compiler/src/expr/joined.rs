//! What can be read of a joined record: `维修.师傅`, its date, whose it is (S19b).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, KindIx};
use jifen_syntax::ast::Name;

use super::{Checker, Kind, Scope, Val};

impl Checker<'_> {
    /// `维修.师傅` where 维修 is joined; `None`: it is not. In the condition of a join, also the trigger by its name.
    #[allow(
        clippy::option_option,
        reason = "outer: not a joined record; inner: reported"
    )]
    pub(super) fn of_joined(&mut self, cx: Scope, base: &Name, n: &Name) -> Option<Option<Val>> {
        let span = base.span.to(n.span);
        let around = cx.around.and_then(|k| self.w.kinds.get(k.ix()));
        if self.joining && around.is_some_and(|k| k.name == base.text) && cx.around != cx.kind {
            return Some(self.this_field(cx, n, span));
        }
        let own = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        if own.is_some_and(|k| k.name == base.text) {
            return None;
        }
        let slot = self.joined.iter().position(|j| j.0 == base.text)?;
        let kind = self.joined.get(slot)?.1;
        if cx.inside && !self.joining {
            self.sink.push(Diagnostic::new(
                codes::JOIN_AGGREGATE,
                span,
                text!(
                    zh = "统计数的是别的记录，里面读不到接上的“{0}”；把要比的写成两个条件，或让记录自己带这一栏",
                    en = "an aggregate looks at other facts and cannot read the joined “{0}”; write two conditions, or let the record have that field itself",
                    base.text
                ),
            ));
            return Some(None);
        }
        Some(self.joined_field(cx, (slot, kind), n, span))
    }

    fn joined_field(
        &mut self,
        cx: Scope,
        (slot, kind): (usize, KindIx),
        n: &Name,
        span: Span,
    ) -> Option<Val> {
        let there = Scope {
            kind: Some(kind),
            inside: false,
            ..cx
        };
        let own = match self.field(there, &n.text) {
            Some(f) => {
                let ty = self.w.kinds.get(kind.ix())?.fields.get(f.ix())?.ty.clone();
                let read = Kind::of_field(&ty);
                if read == Kind::Span {
                    self.joined_span(n);
                    return None;
                }
                self.node(Node::Field(f), read, span)
            }
            None => match self.of_the_event(there, kind, n, span) {
                Some(own) => own,
                None => {
                    self.unknown_field(there, n);
                    return None;
                }
            },
        };
        let slot = u16::try_from(slot).unwrap_or(u16::MAX);
        Some(self.node(Node::Joined(slot, own.id), own.kind, span))
    }

    /// 日期, 登记日, 时刻 and 对象 of a record that has no field of that name.
    fn of_the_event(&mut self, cx: Scope, kind: KindIx, n: &Name, span: Span) -> Option<Val> {
        let (node, read) = match n.text.as_str() {
            "日期" | "date" => (Node::EventDay, Kind::Date),
            "登记日" | "entry_date" => (Node::EntryDay, Kind::Date),
            "时刻" | "instant" => (Node::EventInstant, Kind::Instant),
            _ => return self.subject_of(cx, Some(kind), n, span),
        };
        Some(self.node(node, read, span))
    }

    /// `.对象`: whose fact it is, in items with joins.
    pub(super) fn subject_of(
        &mut self,
        cx: Scope,
        kind: Option<KindIx>,
        n: &Name,
        span: Span,
    ) -> Option<Val> {
        let whose = matches!(n.text.as_str(), "对象" | "subject");
        let here = cx.inside && cx.shared.is_some()
            || self.joining
            || !self.joined.is_empty() && !cx.inside;
        let there = Scope { kind, ..cx };
        if !whose || !here || self.field(there, &n.text).is_some() {
            return None;
        }
        let roster = self.w.kinds.get(kind?.ix())?.subject;
        Some(self.node(Node::Subject, Kind::Subject(roster), span))
    }

    fn joined_span(&mut self, n: &Name) {
        self.sink.push(Diagnostic::new(
            codes::WRONG_ARGUMENTS,
            n.span,
            text!(
                zh = "接上的记录的时段不能在这里用；要用它的时长，给那种记录一栏时长",
                en = "the span of a joined record cannot be read here; give that record a field of its length"
            ),
        ));
    }

    pub(super) fn aggregate_in_join(&mut self, at: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::JOIN_AGGREGATE,
                at,
                text!(
                    zh = "“接”的条件里不能写统计：接看的是一条一条的记录",
                    en = "no aggregate can stand in the condition of a join, which looks at facts one by one"
                ),
            )
            .help(text!(
                zh = "把统计写成项目的“条件”",
                en = "make the aggregate a “requires” of the item"
            )),
        );
    }
}
