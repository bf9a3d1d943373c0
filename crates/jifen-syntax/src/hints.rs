//! What people write where the language has another way of saying it: the message names that way. Reads nothing itself.

use crate::broken::{first_word, word_at};
use crate::build::Builder;
use crate::context::Context;
use crate::grammar::{Grammar, Rule};
use crate::keywords;
use jifen_diag::{Diagnostic, Lang, Text, codes, text};
use pest::Parser as _;

/// A comparison after which a word is a value.
const BEFORE_A_VALUE: &[&str] = &["为", "不为", "是", "不是", "等于", "不等于"];

impl Builder<'_> {
    /// What is often meant is said instead of "a word too many". True: said.
    pub(crate) fn hinted(&mut self, part: &str, start: usize, at: usize, context: Context) -> bool {
        self.window_without_word(part, start, at)
            || self.working_hours(part, start)
            || self.several_records(part, start, at, context)
            || self.name_in_disguise(part, start, at, context)
    }

    /// S9: `倍率 2 22:00 至 次日 06:00` without one of the three words.
    fn window_without_word(&mut self, part: &str, start: usize, at: usize) -> bool {
        let rest = part.get(at..).unwrap_or("");
        let window = Grammar::parse(Rule::clock_range, rest)
            .ok()
            .and_then(|mut p| p.next());
        let multiplies = ["倍率", "倍数", "multiply", "times by"];
        if !multiplies.iter().any(|w| part.starts_with(w)) {
            return false;
        }
        let Some(window) = window else { return false };
        let span = self.at(start + at, start + at + window.as_str().trim_end().len());
        let d = Diagnostic::new(
            codes::TIME_WORD_UNSTATED,
            span,
            text!(
                zh = "时间在这个时段内外都有时怎么算没有写明。21:00 到次日 01:00、每小时 10分、22:00 起 2 倍：时段内 是 70分（只有里面的 3 小时加倍），始于时段 是 40分（开始时不在里面），触及时段 是 80分（有一点在里面就整个加倍）",
                en = "what happens to time inside and outside of this window is open. From 21:00 to 01:00 at 10 points an hour, twice from 22:00 on: during gives 70 points (the 3 hours inside doubled), starting in 40 (it begins outside), touching 80 (any part inside doubles all)"
            ),
        );
        let words = [
            ("时段内", "during"),
            ("始于时段", "starting in"),
            ("触及时段", "touching"),
        ];
        let d = words.iter().fold(d, |d, (zh, en)| {
            let word = format!("{} ", self.lang.pick(zh, en));
            d.fix(
                span.at_start(),
                word,
                text!(zh = "写明“{zh}”", en = "say “{en}”"),
            )
        });
        self.push(d);
        true
    }

    /// `8个工作小时内`: of which office?
    fn working_hours(&mut self, part: &str, start: usize) -> bool {
        let joins = ["接", "join"];
        if !joins.iter().any(|w| part.starts_with(w)) {
            return false;
        }
        let words = ["个工作小时", "工作小时", "working hours"];
        let mut found = words.iter().filter_map(|w| Some((part.find(w)?, w.len())));
        let Some((from, length)) = found.next() else {
            return false;
        };
        let span = self.at(start + from, start + from + length);
        self.push(Diagnostic::new(
            codes::UNEXPECTED,
            span,
            text!(
                zh = "工作小时是哪几个钟点要写明：先写“时段 办公时间 = 09:00 至 12:00、13:30 至 17:30”，这里写“8小时内 只计 工作日 办公时间”",
                en = "which hours are working hours has to be said: declare “time window office_hours = 09:00 to 12:00, 13:30 to 17:30” and write here “8 hours or less before counting only working-day office_hours”"
            ),
        ));
        true
    }

    /// `凭 志愿、文化`: an item has one record.
    fn several_records(&mut self, part: &str, start: usize, at: usize, context: Context) -> bool {
        let on = ["凭", "依据", "on ", "upon "];
        let word = word_at(part, at);
        let list = matches!(word, "、" | "，" | "," | "和" | "或" | "and" | "or");
        if !context.is_clause() || !list || !on.iter().any(|w| part.starts_with(w)) {
            return false;
        }
        let span = self.at(start + at, start + at + word.len());
        self.push(Diagnostic::new(
            codes::UNEXPECTED,
            span,
            text!(
                zh = "一个项目只凭一种记录；凭两种记录，就写两个项目（放在一个类别里，上限可以合在一起）",
                en = "an item is on one record; for two records write two items (in one category they can share a cap)"
            ),
        ));
        true
    }

    /// 其他 as an option, 分段 as a name: a word of the language where only a name can stand.
    pub(crate) fn name_in_disguise(
        &mut self,
        part: &str,
        start: usize,
        at: usize,
        context: Context,
    ) -> bool {
        if matches!(context, Context::Row | Context::First) {
            return false;
        }
        let line = part.get(at..).unwrap_or("");
        let line = line
            .get(..line.find('\n').unwrap_or(line.len()))
            .unwrap_or("");
        let mut skip = 0;
        while let Some(rest) = line.get(skip..).filter(|r| !r.is_empty()) {
            let word = first_word(rest);
            let here = at + skip;
            let before = part.get(..here).unwrap_or("").trim_end();
            if disguised(word) && takes_a_name(before, context) {
                let word = word.to_owned();
                let span = self.at(start + here, start + here + word.len());
                self.reserved(&word, span);
                return true;
            }
            skip += word
                .len()
                .max(rest.chars().next().map_or(1, char::len_utf8));
        }
        false
    }

    /// `每人每月`, `每户每日` written in one: the key and the window.
    pub(crate) fn glued_window(&mut self, name: &str, span: jifen_diag::Span) {
        let Some(at) = name.find('每').filter(|at| *at > 0) else {
            return;
        };
        let (who, window) = name.split_at(at);
        let known =
            keywords::of_class("window").any(|k| k.spellings(Lang::Zh).any(|s| s == window));
        if !known {
            return;
        }
        let (fixed, why) = match who {
            "人" | "个人" => (
                window.to_owned(),
                text!(
                    zh = "每人各算本来就是如此，不必写：写“{window}”",
                    en = "each person has a tally of their own anyway: write “{window}”"
                ),
            ),
            _ => (
                format!("每{who} {window}"),
                text!(
                    zh = "“每{who}”和“{window}”连在一起了，中间要空格",
                    en = "“每{who}” and “{window}” run together: put a blank between them"
                ),
            ),
        };
        self.push(Diagnostic::new(codes::MISSING_BLANK, span, why).fix(
            span,
            fixed.clone(),
            text!(zh = "写成“{fixed}”", en = "write “{fixed}”"),
        ));
    }
}

/// A word of the language that people also use as a name.
fn disguised(word: &str) -> bool {
    word.chars().count() > 1
        && keywords::find("operator", word)
            .is_some_and(|k| matches!(k.concept, "rest" | "bands" | "slices"))
}

/// Can only a name come after this?
fn takes_a_name(before: &str, context: Context) -> bool {
    let lists = matches!(context, Context::Roster | Context::Record);
    let after_sign = before.ends_with(['（', '(', '、', '，', ',']);
    let colon = before.ends_with([':', '：']) && context == Context::Attr;
    let compared = BEFORE_A_VALUE.iter().any(|w| before.ends_with(w));
    let expected = context == Context::Test && !before.is_empty();
    (lists && after_sign) || colon || compared || expected
}

/// A word that names something the language says otherwise.
pub(crate) fn said_otherwise(word: &str) -> Option<Text> {
    let starts = |list: &[&str]| list.iter().any(|w| word.starts_with(w));
    if starts(&[
        "每日",
        "每天",
        "每周",
        "每月",
        "每年",
        "每季",
        "每次",
        "每人",
        "最多",
        "不超过",
        "封顶",
    ]) {
        return Some(text!(
            zh = "限多少分写“上限 每月 60分”",
            en = "to limit an award write “cap per month 60 points”"
        ));
    }
    if starts(&["奖励", "奖", "另奖", "再加", "再得", "额外", "bonus"]) {
        return Some(text!(
            zh = "给分写“得 5分”，另外再加写“加 5分”",
            en = "points are given by “award 5 points”, a further amount by “add 5 points”"
        ));
    }
    if starts(&["库存", "名额", "限量", "总量", "共", "stock"]) {
        return Some(text!(
            zh = "限总共多少次写“上限 全体 终身 20次”，限每月多少次写“上限 全体 每月 20次”",
            en = "to limit how often in all write “cap everyone lifetime 20 times”, or “cap everyone per month 20 times”"
        ));
    }
    if starts(&["有效", "期限", "过期", "valid"]) {
        return Some(text!(
            zh = "积分什么时候失效写在“积分”里，如“到期 逐笔 自 获得 满 12个月”；一段日子里才有的写“活动期”",
            en = "when points lapse is said in the points, such as “expiry each lot from earning after 12 months”; what holds on some days only is a campaign"
        ));
    }
    None
}
