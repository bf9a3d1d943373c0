//! 择一 and 择优: among which awards, by what key, how many; and where the choice stands in an item (S13, decision 014).

use jifen_calendar::Window;
use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{Choose, ExprId, Holder, Line, Pick, Tally};
use jifen_syntax::ast::{ChooseStmt, StmtKind, Unit, WindowWord};

use super::Clauses;
use super::caps::{tally_ix, window_text};
use crate::expr::{Checker, Scope};
use crate::resolve::{ItemSrc, period};

impl Checker<'_> {
    /// A choice as it stands in one item; `path`: of the item or category that says it.
    pub(super) fn choose(
        &mut self,
        cx: Scope,
        c: &ChooseStmt,
        span: Span,
        path: &[String],
        clauses: &mut Clauses,
    ) -> Option<Choose> {
        let pick = self.pick(c, span);
        let window = self.choice_window(c);
        if c.keys.is_empty() && c.window.is_none() {
            self.key_unstated(cx, span);
            return None;
        }
        let mut holder = match c.everyone {
            Some(_) => Holder::Everyone,
            None => Holder::Account,
        };
        let mut keys: Vec<(String, ExprId)> = Vec::new();
        for n in &c.keys {
            match self.group(cx, &n.text) {
                Some(_) if holder != Holder::Account => {
                    self.wrong_part(
                        n.span,
                        text!(
                            zh = "“全体”和“每户”，或两种组，不能写在同一句里",
                            en = "everyone and a group, or two groups, cannot stand in one choice"
                        ),
                    );
                    return None;
                }
                Some(group) => holder = Holder::Group(group),
                // Each record has its own field of that name: the values are compared, not the fields.
                None => keys.push((n.text.clone(), self.key(cx, n, true, path)?)),
            }
        }
        let year = self.year_key(cx, c.year_from.as_ref(), c.window, holder)?;
        keys.sort();
        keys.dedup();
        let names: Vec<&str> = keys.iter().map(|k| k.0.as_str()).collect();
        let (over, window) = match &year {
            Some((_, name)) => (name.clone(), Window::Lifetime),
            None => (window_text(window?), window?),
        };
        let tally = Tally {
            path: path.to_vec(),
            label: format!("择一 {holder:?} {} {over}", names.join("、")),
            holder,
            keys: Vec::new(),
            window,
            times: false,
            net: false,
            charge_final: false,
            of: None,
        };
        Some(Choose {
            among: tally_ix(clauses, tally),
            keys: keys
                .into_iter()
                .chain(year.map(|y| (y.1, y.0)))
                .map(|k| k.1)
                .collect(),
            pick: pick?,
        })
    }

    fn pick(&mut self, c: &ChooseStmt, span: Span) -> Option<Pick> {
        let Some(best) = &c.best else {
            if let Some(at) = c.stray {
                self.wrong_part(
                    at,
                    text!(
                        zh = "“择一”只取一次；要取几次，写“择优 3次”",
                        en = "“exclusive” takes one; for more write “keep best 3 times”"
                    ),
                );
                return None;
            }
            return match c.first {
                Some((true, _)) => Some(Pick::First),
                Some((false, _)) => Some(Pick::Best(1)),
                None => {
                    self.word_unstated(span);
                    None
                }
            };
        };
        if let Some((_, at)) = c.first {
            self.wrong_part(
                at,
                text!(
                    zh = "“择优”本来就取高；只取最先的一次写“择一 取先”，最先的几次写“上限 … 3次”",
                    en = "“keep best” takes the best already; for the first one write “exclusive first”, for the first few “cap … 3 times”"
                ),
            );
            return None;
        }
        let number = best
            .as_ref()
            .filter(|(q, _)| q.per.is_none() && matches!(q.unit, Some(Unit::Times | Unit::Cases)));
        let count = number.and_then(|(q, _)| q.digits.parse::<u16>().ok());
        match count.filter(|n| *n > 0) {
            Some(n) => Some(Pick::Best(n)),
            None => {
                let at = best.as_ref().map_or(span, |b| b.1);
                self.wrong_part(
                    at,
                    text!(
                        zh = "择优要写最好的几次算数，例：择优 3次 每月",
                        en = "say how many of the best count, as in: keep best 3 times per month"
                    ),
                );
                None
            }
        }
    }

    fn choice_window(&mut self, c: &ChooseStmt) -> Option<Window> {
        match c.window {
            None | Some((WindowWord::Lifetime, _)) => Some(Window::Lifetime),
            Some((WindowWord::Period(p), _)) => Some(Window::Period(period(p))),
            Some((_, at)) => {
                self.wrong_part(
                    at,
                    text!(
                        zh = "择一、择优的周期写 每日、每周、每月、每季度、每半年、每年 或 终身：滚动的日子里，前面取过的会退出去，后来的补多少就说不清了",
                        en = "a choice is made per day, week, month, quarter, half-year, year or lifetime: in a rolling window earlier ones drop out, and what a later one adds is no longer certain"
                    ),
                );
                None
            }
        }
    }

    fn wrong_part(&mut self, at: Span, message: Text) {
        self.sink
            .push(Diagnostic::new(codes::CHOICE_PARTS, at, message));
    }

    fn word_unstated(&mut self, span: Span) {
        let d = Diagnostic::new(
            codes::CHOICE_WORD_UNSTATED,
            span,
            text!(
                zh = "取最高的一次还是最先的一次没有写明。同一件事先得 15分、后得 30分：择一 取高 共 30分（后一次补 15分），择一 取先 共 15分；不写择一 共 45分",
                en = "whether the best or the first counts is open. 15 points and later 30 for the same deed: exclusive best gives 30 in all (the later one adds 15), exclusive first 15; without the choice 45"
            ),
        );
        let words = [("取高", "best"), ("取先", "first")];
        let d = self.sink.each(d, (span.at_end(), " ", ""), &words);
        self.sink.push(d);
    }

    fn key_unstated(&mut self, cx: Scope, span: Span) {
        let mut names = self.key_names(cx);
        names.sort();
        let (list, en) = jifen_diag::listed(&names);
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_KEY_UNSTATED,
                span,
                text!(
                    zh = "在哪些得分里取没有写明。两件事各得 15分、30分，都在一个月里：每 事迹 共 45分（各是各的），每月 共 30分，终身 也只有 30分",
                    en = "among which awards is open. Two deeds of 15 and 30 points in one month: per deed gives 45 (each by itself), per month 30, lifetime 30 for ever"
                ),
            )
            .help(text!(
                zh = "写“每 字段”（这里有：{list}），或写周期：每月、每年、终身",
                en = "say “per” and a field (there are: {en}), or a window: per month, per year, lifetime"
            )),
        );
    }

    /// The choice that reaches an item goes to its place in the lines: where the item says it, or before the first cap
    /// with a memory. `false`: something is wrong.
    pub(super) fn place_choice(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        lines: &mut Vec<(Line, Span)>,
        clauses: &mut Clauses,
    ) -> bool {
        let mut found: Vec<Span> = Vec::new();
        let own = lines.iter().filter(|(l, _)| matches!(l, Line::Choose(_)));
        found.extend(own.map(|l| l.1));
        let mut outer = Vec::new();
        for (depth, c) in src.chain.iter().enumerate().rev() {
            for s in &c.stmts {
                if let StmtKind::Choose(c) = &s.kind {
                    found.push(s.span);
                    outer.push((c, s.span, src.path.get(..=depth).unwrap_or_default()));
                }
            }
        }
        if let [first, .., second] = found[..] {
            self.choice_twice(first, second);
            return false;
        }
        if let Some((c, span, path)) = outer.first() {
            let Some(choose) = self.choose(cx, c, *span, path, clauses) else {
                return false;
            };
            let at = lines.iter().position(|(l, _)| has_memory(l));
            lines.insert(at.unwrap_or(lines.len()), (Line::Choose(choose), *span));
        }
        match found.first() {
            Some(choice) => self.stands_right(src, lines, *choice),
            None => true,
        }
    }

    fn choice_twice(&mut self, first: Span, second: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_TWICE,
                second,
                text!(
                    zh = "一次得分只能归一个择一或择优管：前一个取过以后剩下的是补差，再拿补差去比就不对了",
                    en = "one award can stand for one choice only: what the first choice leaves is a difference, which the second would compare with whole awards"
                ),
            )
            .label(first, text!(zh = "这里已经有一个", en = "there is one here")),
        );
    }

    /// Amounts and the review stand before the choice, caps with a memory after it.
    fn stands_right(&mut self, src: &ItemSrc<'_>, lines: &[(Line, Span)], choice: Span) -> bool {
        let deducts = lines.iter().find(|(l, _)| matches!(l, Line::Deduct { .. }));
        if let Some((_, at)) = deducts {
            self.choice_deducts(src, *at, choice);
            return false;
        }
        let holds = lines
            .iter()
            .find(|(l, _)| matches!(l, Line::Review(r) if r.holds_room));
        if let Some((_, at)) = holds {
            self.choice_holds_room(*at, choice);
            return false;
        }
        let at = lines.iter().position(|(l, _)| matches!(l, Line::Choose(_)));
        let at = at.unwrap_or(lines.len());
        let early = lines.iter().take(at).find(|(l, _)| has_memory(l));
        let late = lines
            .iter()
            .skip(at)
            .find(|(l, _)| matches!(l, Line::Add { .. } | Line::Multiply(_) | Line::Review(_)));
        let Some((_, wrong)) = early.or(late) else {
            return true;
        };
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_PLACE,
                *wrong,
                text!(
                    zh = "先算出这一次得多少，再择一，最后才占上限的额度：得、加、倍率、复核写在前面，按日、按月累计的上限写在后面",
                    en = "first the amount, then the choice, then caps use up room: award, add, multiply and review stand before it, caps that add up over time after it"
                ),
            )
            .label(choice, text!(zh = "择一在这里", en = "the choice is here")),
        );
        false
    }

    fn choice_deducts(&mut self, src: &ItemSrc<'_>, at: Span, choice: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_DEDUCTS,
                at,
                text!(
                    zh = "“{0}”里有扣分，扣分不参加择一：照扣，还是几次扣分里只取一次，说不清；请把扣分的项目移到这个类别外面",
                    en = "“{0}” deducts, and deductions take no part in a choice: whether each is taken or only one of them is open; move the deducting item out of this category",
                    src.decl.name.text
                ),
            )
            .label(choice, text!(zh = "择一在这里", en = "the choice is here")),
        );
    }

    fn choice_holds_room(&mut self, at: Span, choice: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_HOLDS_ROOM,
                at,
                text!(
                    zh = "待定的得分到计入时才参加择一，不能先占着：先占着的若被驳回，别的得分已经让给它了。删去“待定 占上限”",
                    en = "a pending award stands for the choice at its release and cannot hold a place before: were it rejected, others would have given way for nothing. Drop “pending holds room”"
                ),
            )
            .label(choice, text!(zh = "择一在这里", en = "the choice is here")),
        );
    }
}

/// A cap that adds up over several awards.
pub(super) fn has_memory(l: &Line) -> bool {
    matches!(l, Line::Cap(c) if c.tally.is_some())
}
