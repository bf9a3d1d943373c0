//! Time-of-day clauses: windows by name or written, and where each of the three words may stand (S9).

use jifen_calendar::ClockWindow;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{EventAt, Expr as Node, FieldType, TimeMode, TimeTest};
use jifen_syntax::ast::{ClockRange, Name, TimeClause, TimeWord};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::{Sym, clock_window};

impl Checker<'_> {
    /// `始于时段 …` as a condition.
    pub(super) fn in_time(&mut self, cx: Scope, t: &TimeClause, span: Span) -> Option<Val> {
        if t.mode == TimeWord::During {
            let fix = self.sink.kw("始于时段", "starting in");
            self.sink.push(
                Diagnostic::new(
                    codes::STATEMENT_MISPLACED,
                    t.span,
                    text!(
                        zh = "“时段内”把时间拆开来算，只能写在“倍率”后面；作条件请写“始于时段”或“触及时段”",
                        en = "“during” splits time and belongs to a multiplier; a condition says “starting in” or “touching”"
                    ),
                )
                .help(text!(zh = "例如：当 {fix} 22:00 至 次日 06:00", en = "for example: when {fix} 22:00 to next 06:00")),
            );
            return None;
        }
        let test = self.time_test(cx, t)?;
        Some(self.node(Node::InTime(test), Kind::YesNo, span))
    }

    /// Windows and word of a time clause, with the checks of S9.
    pub(crate) fn time_test(&mut self, cx: Scope, t: &TimeClause) -> Option<TimeTest> {
        let windows = self.windows(cx, t.named.as_ref(), &t.ranges);
        self.clock_is_known(cx, t)?;
        let mode = match t.mode {
            TimeWord::During => TimeMode::During,
            TimeWord::StartingIn => TimeMode::StartingIn,
            TimeWord::Touching => TimeMode::Touching,
        };
        Some(TimeTest {
            mode,
            windows: windows?,
        })
    }

    /// Windows of the clock, by name or written.
    pub(crate) fn windows(
        &mut self,
        cx: Scope,
        named: Option<&Name>,
        ranges: &[ClockRange],
    ) -> Option<Vec<ClockWindow>> {
        let mut out = Vec::new();
        if let Some(name) = named {
            let v = self.version(cx)?;
            match v.names.get(&name.text) {
                Some((Sym::Windows(w), _)) => {
                    self.used.names.insert((cx.version, name.text.clone()));
                    out.extend(w.iter().copied());
                }
                Some((Sym::Poison, _)) => return None,
                Some((other, at)) => {
                    let sort = other.sort();
                    self.sink.push(
                        Diagnostic::new(
                            codes::WRONG_SORT_OF_NAME,
                            name.span,
                            jifen_diag::Text::new(format!("“{0}”是{1}，不是时段；时段要先声明，如：时段 夜间 = 22:00 至 次日 06:00", name.text, sort.zh), format!("“{0}” is a {1}, not a time window; declare one first", name.text, sort.en)),
                        )
                        .label(*at, text!(zh = "声明在这里", en = "declared here")),
                    );
                    return None;
                }
                None => {
                    let known = v.names_where(|s| matches!(s, Sym::Windows(_)));
                    self.sink
                        .unknown(name, &text!(zh = "时段", en = "time window"), known);
                    return None;
                }
            }
        }
        for r in ranges {
            out.push(clock_window(r, &mut self.sink)?);
        }
        out.sort();
        out.dedup();
        Some(out)
    }

    /// S9: what the record's times can answer.
    fn clock_is_known(&mut self, cx: Scope, t: &TimeClause) -> Option<()> {
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let no_clock = cx.period
            || kind.is_some_and(|k| {
                k.period.is_some()
                    || match k.at {
                        EventAt::Entry => true,
                        EventAt::Field(f) => k
                            .fields
                            .get(f.ix())
                            .is_some_and(|f| f.ty == FieldType::Date),
                        EventAt::Start | EventAt::End => false,
                    }
            });
        if no_clock {
            self.sink.push(Diagnostic::new(
                codes::NO_CLOCK_TIME,
                t.span,
                text!(
                    zh = "这里只有日期没有钟点（按周期计分，或“时点”是日期），不能按时段判断",
                    en = "there is a day but no time of day here (a period item, or an event date): a time window cannot be judged"
                ),
            ));
            return None;
        }
        let has_span = kind.is_some_and(|k| k.span.is_some());
        if !has_span && t.mode != TimeWord::StartingIn {
            if self.damaged(cx, None) {
                return None;
            }
            let word = self.sink.kw("始于时段", "starting in");
            let name = kind.map_or("", |k| k.name.as_str());
            self.sink.push(
                Diagnostic::new(
                    codes::TIME_WORD_NEEDS_SPAN,
                    t.span,
                    text!(
                        zh = "记录“{name}”只有一个时刻，没有起止时间，只能写“始于时段”；要拆分，先给它一个时段字段",
                        en = "the record “{name}” has one instant and no span: only “starting in” can be judged; to split, give it a span field"
                    ),
                )
                .help(text!(zh = "改用“{word}”", en = "use “{word}”")),
            );
            return None;
        }
        Some(())
    }
}
