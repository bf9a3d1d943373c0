//! 确认, 撤销 and 更正 in tests.

use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::Value;

use super::{Given, Reader, moment};
use crate::constant;
use crate::testcase::{TestChange, TestConfirmation, TestCorrection, TestVoid};

impl Reader<'_, '_> {
    /// The id spoken of; facts may stand below in the text.
    fn target(&mut self, given: &Given<'_>) -> String {
        given.subject.text.clone()
    }

    fn when(&mut self, given: &Given<'_>) -> Option<(jifen_calendar::Instant, bool)> {
        let at = given
            .at
            .or(given.entered)
            .and_then(|e| moment(e, self.sink));
        if at.is_none() && given.at.is_none() {
            self.sink.push(Diagnostic::new(
                codes::TEST_FACT_DATE,
                given.span,
                text!(
                    zh = "这一行没有写日期，如：设 确认 {0} 2026-04-05 {{ 角色: 社区 }}",
                    en = "this line has no date, e.g. given confirmation {0} 2026-04-05 {{ role: community }}",
                    given.subject.text
                ),
            ));
        }
        at
    }

    pub(super) fn void(&mut self, given: &Given<'_>) {
        let Some((at, _)) = self.when(given) else {
            return;
        };
        let target = self.target(given);
        let entered = self.entered(given, at.day());
        let id = self.id(given);
        self.case.voids.push(TestVoid {
            id,
            target,
            entered,
        });
    }

    pub(super) fn confirmation(&mut self, given: &Given<'_>) {
        let Some((at, _)) = self.when(given) else {
            return;
        };
        let (mut role, mut who, mut positive) = (None, None, true);
        for (n, e) in given.fields {
            let word = constant::word(e);
            match (n.text.as_str(), word) {
                ("角色" | "role", Some(w)) => role = Some(w),
                ("确认人" | "who" | "by" | "confirmed_by", Some(w)) => who = Some(w),
                ("结论" | "verdict", Some(w)) => match w.as_str() {
                    "通过" | "同意" | "认定" | "passed" | "yes" | "是" => positive = true,
                    "驳回" | "不通过" | "不予认定" | "refused" | "rejected" | "no" | "否" =>
                    {
                        positive = false;
                    }
                    _ => self.wrong(
                        e.span,
                        text!(
                            zh = "结论写“通过”或“驳回”",
                            en = "the verdict is “passed” or “rejected”"
                        ),
                    ),
                },
                ("原因" | "reason" | "why" | "备注" | "note", _) => {}
                _ => {
                    let names = match self.sink.lang {
                        jifen_diag::Lang::Zh => ["角色", "确认人", "结论", "原因"],
                        jifen_diag::Lang::En => ["role", "who", "verdict", "reason"],
                    };
                    self.unknown_field(n, self.sink.kw("确认", "confirmation"), &names);
                    return;
                }
            }
        }
        let Some(role) = role else {
            self.wrong(
                given.span,
                text!(
                    zh = "确认要写角色，如 {{ 角色: 社区 }}",
                    en = "a confirmation names the role, e.g. {{ role: community }}"
                ),
            );
            return;
        };
        let target = self.target(given);
        let entered = self.entered(given, at.day());
        let id = self.id(given);
        self.case.confirmations.push(TestConfirmation {
            id,
            target,
            // Without a name each confirmation is somebody else's.
            who: who.unwrap_or_else(|| format!("{role}某")),
            role,
            positive,
            at,
            entered,
        });
    }

    pub(super) fn correction(&mut self, given: &Given<'_>) {
        let Some((at, _)) = self.when(given) else {
            return;
        };
        let target = self.target(given);
        let Some(k) = self.kinds.get(&target).copied() else {
            // It may have been in a line that was not understood.
            if self.lost {
                return;
            }
            self.wrong(
                given.subject.span,
                text!(
                    zh = "前面没有编号为“{target}”的记录；被更正的记录要写“编号 {target}”，并写在更正之前",
                    en = "no fact above has the id “{target}”: give the corrected fact that id and let it stand first"
                ),
            );
            return;
        };
        let Some(kind) = self.w.kinds.get(k.ix()) else {
            return;
        };
        let entered = self.entered(given, at.day());
        for (n, e) in given.fields {
            let declared = kind.fields.iter().any(|f| f.name == n.text);
            let change = match n.text.as_str() {
                "原因" | "reason" if !declared => continue,
                "日期" | "date" | "时刻" | "time" if !declared => {
                    moment(e, self.sink).map(|(at, day)| TestChange::At(at, day))
                }
                "开始" | "start" if !declared && kind.span.is_some() => {
                    moment(e, self.sink).map(|m| TestChange::SpanStart(m.0))
                }
                "结束" | "end" if !declared && kind.span.is_some() => {
                    moment(e, self.sink).map(|m| TestChange::SpanEnd(m.0))
                }
                "对象" | "subject" if !declared => constant::word(e).map(TestChange::Subject),
                _ => self
                    .field(kind, k, n, e)
                    .map(|(f, v): (_, Value)| TestChange::Field(f, v)),
            };
            let Some(change) = change else {
                self.lost = true;
                continue;
            };
            let id = self.id(given);
            self.case.corrections.push(TestCorrection {
                id,
                target: target.clone(),
                change,
                entered,
            });
        }
    }
}
