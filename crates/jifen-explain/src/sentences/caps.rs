//! Caps and choices: whose, over what, how much, and what becomes of the rest.

use jifen_calendar::Window;
use jifen_plan::{Cap, CapMode, Choose, Expr, ExprId, Holder, Pick, Tally, Ty, Whose};
use jifen_quantity::Dim;

use super::prose::{Prose, name};
use super::say;

impl Prose<'_> {
    pub(super) fn cap(&self, cap: &Cap, path: &[String], receiver: bool) -> String {
        let Cap {
            tally,
            limit,
            mode,
            counted_only,
            of_deduction,
            when,
        } = cap;
        let lang = self.lang();
        let when = self.when(*when);
        let tally = tally.and_then(|t| self.plan().tallies.get(t.ix()));
        // A number that is no count stays what it is, also where pieces are counted.
        let pieces = tally.is_some_and(|t| t.of.is_some());
        let counted = self.plan().exprs.ty(*limit) == Ty::Num(Dim::TIMES);
        let limit = match self.plan().exprs.get(*limit) {
            Expr::Const(value) if counted || !pieces => {
                self.constant(value, self.words.show_tally(tally)).0
            }
            _ => self.text(*limit),
        };
        let Some(t) = tally else {
            return self.each_time(&when, &limit, *mode, (*of_deduction, *counted_only));
        };
        let counts = self.counts(t, path, receiver);
        let does = self.does(t, *of_deduction);
        let mut rest: Vec<String> = Vec::new();
        match counted_only {
            true => rest.push(
                lang.pick(
                    "本条计入这个合计，但不受它限制",
                    "this clause counts towards it but is not limited by it",
                )
                .to_owned(),
            ),
            false => rest.push(self.mode_of(*mode).to_owned()),
        }
        rest.extend(self.how(t));
        let rest = rest.join(lang.pick("；", "; "));
        say!(
            lang,
            "{}：{}{}{}{}；{}。",
            "{}: {}{}, {} {}; {}.",
            match receiver {
                true => lang.pick("收分一方的上限", "cap of those who receive"),
                false => lang.pick("上限", "cap"),
            },
            when,
            counts,
            does,
            limit,
            rest
        )
    }

    fn each_time(
        &self,
        when: &str,
        limit: &str,
        mode: CapMode,
        (of_deduction, counted_only): (bool, bool),
    ) -> String {
        let lang = self.lang();
        let does = match (of_deduction, self.spends) {
            (true, _) => lang.pick("扣", "deduct"),
            (false, true) => lang.pick("用", "take"),
            (false, false) => lang.pick("得", "award"),
        };
        let counted = match counted_only {
            true => lang.pick("（不限制本条）", " (this clause is not limited by it)"),
            false => "",
        };
        let rest = self.mode_of(mode);
        say!(
            lang,
            "上限：{}每次最多{}{}{}；{}。",
            "cap: {}each time {} at most {}{}; {}.",
            when,
            does,
            limit,
            counted,
            rest
        )
    }

    /// What is limited.
    fn does(&self, t: &Tally, of_deduction: bool) -> String {
        let lang = self.lang();
        if let Some(of) = t.of {
            let of = self.text(of);
            return say!(lang, "{}合计最多", "{} together at most", of);
        }
        let word = match (of_deduction, self.spends, t.times) {
            (true, _, false) => lang.pick("合计最多扣", "deduct at most"),
            (true, _, true) => lang.pick("最多扣", "deduct at most"),
            (false, true, false) => lang.pick("合计最多用", "take at most"),
            (false, true, true) => lang.pick("最多用", "take at most"),
            (false, false, false) => lang.pick("合计最多得", "award at most"),
            (false, false, true) => lang.pick("最多得", "award at most"),
        };
        word.to_owned()
    }

    fn mode_of(&self, mode: CapMode) -> &'static str {
        let pick = |zh, en| self.lang().pick(zh, en);
        match mode {
            CapMode::Clip => pick("超出的部分不计", "what is beyond does not count"),
            CapMode::Whole => pick(
                "放不下整笔的，整笔不计",
                "what does not fit as a whole does not count at all",
            ),
            CapMode::LastThrough => pick(
                "原来还没有到上限的，这一笔整笔计入",
                "while it has not been reached, the next one counts as a whole",
            ),
        }
    }

    /// How a tally counts, where that is not the usual.
    fn how(&self, t: &Tally) -> Vec<String> {
        let lang = self.lang();
        let mut out = Vec::new();
        if t.times {
            out.push(
                lang.pick("大于0分的才算一次", "only what is above 0 is a time")
                    .to_owned(),
            );
        }
        if t.net {
            out.push(
                lang.pick(
                    "扣分也计入，从合计里减",
                    "deductions count, too, against the sum",
                )
                .to_owned(),
            );
        }
        if t.charge_final {
            out.push(
                lang.pick(
                    "按最后实际计入的分累计",
                    "the sum is of what is posted in the end",
                )
                .to_owned(),
            );
        }
        out
    }

    /// Whose a tally is and over what: `每个居民，同一“会议”，每月，本条`.
    pub(super) fn counts(&self, t: &Tally, path: &[String], receiver: bool) -> String {
        // `label` repeats keys and window; the rest is told by `does` and `how`.
        let Tally {
            path: of,
            label: _,
            holder,
            keys,
            window,
            times: _,
            net: _,
            charge_final: _,
            of: _,
        } = t;
        let lang = self.lang();
        let mut whose = vec![self.holder(*holder, receiver)];
        let mut parts = Vec::new();
        let mut runs = false;
        for key in keys {
            let (text, is_run) = self.key(*key);
            runs |= is_run;
            match is_run {
                true => parts.push(text),
                false => whose.push(text),
            }
        }
        parts.insert(0, whose.join(lang.pick("、", ", ")));
        parts.extend(self.window(*window, runs));
        parts.push(if of == path {
            lang.pick("本条", "in this clause").to_owned()
        } else if of.is_empty() {
            lang.pick("全部条款", "in all clauses together").to_owned()
        } else {
            let of: Vec<String> = of.iter().map(|n| name(n)).collect();
            let of = of.join(lang.pick("之", " / "));
            match path.starts_with(&t.path) {
                true => say!(lang, "{}各条", "in all clauses of {} together", of),
                false => say!(lang, "{}所管的各条", "in all clauses under {} together", of),
            }
        });
        parts.join(lang.pick("，", ", "))
    }

    fn holder(&self, holder: Holder, receiver: bool) -> String {
        let lang = self.lang();
        match (holder, receiver) {
            (Holder::Account, true) => lang
                .pick("每个收分的账户", "each account that receives")
                .to_owned(),
            (Holder::Account, false) => match self.scope().roster {
                Some(r) => say!(lang, "每个{}", "each {}", self.roster(r)),
                None => lang.pick("每个账户", "each account").to_owned(),
            },
            (Holder::Everyone, _) => lang.pick("全体合起来", "everybody together").to_owned(),
            (Holder::Group(a), _) => {
                let group = name(&self.words.attr(Whose::Own, a));
                say!(lang, "每个{}合起来", "each {} together", group)
            }
        }
    }

    /// A further key, and whether it is a window itself.
    fn key(&self, key: ExprId) -> (String, bool) {
        let lang = self.lang();
        let today = |e: ExprId| matches!(self.plan().exprs.get(e), Expr::EventDay);
        match self.plan().exprs.get(key) {
            Expr::RunStart(on, set) if today(*on) => {
                let set = self.set_name(set);
                (say!(lang, "{}的每一期", "each run of {}", set), true)
            }
            Expr::YearStart(from, on) if today(*on) => {
                let from = self.year_from(*from);
                (
                    say!(lang, "每年（从{}算起）", "each year (since {})", from),
                    true,
                )
            }
            _ => {
                let key = self.thing(key);
                (say!(lang, "同一{}", "the same {}", key), false)
            }
        }
    }

    fn window(&self, window: Window, runs: bool) -> Option<String> {
        let lang = self.lang();
        Some(match window {
            Window::Occasion => lang.pick("每次", "each time").to_owned(),
            Window::Period(p) => self.every(p),
            Window::RollingDays(n) => {
                say!(
                    lang,
                    "最近{}天（含当天）",
                    "in the last {} days (that day included)",
                    n
                )
            }
            Window::RollingMonths(n) => {
                say!(
                    lang,
                    "最近{}个月（含当天）",
                    "in the last {} months (that day included)",
                    n
                )
            }
            // The run is the window.
            Window::Lifetime if runs => return None,
            Window::Lifetime => lang.pick("不论何时", "for all time").to_owned(),
        })
    }

    /// Which awards of a deed or a window count.
    pub(super) fn choose(&self, c: &Choose, path: &[String]) -> String {
        let Choose { among, keys, pick } = c;
        let lang = self.lang();
        let among = self.plan().tallies.get(among.ix());
        let counts = among.map_or_else(|| "?".to_owned(), |t| self.counts(t, path, false));
        let keys = keys.iter().map(|k| self.key(*k).0);
        let keys: String = keys.map(|k| say!(lang, "，{}", ", {}", k)).collect();
        let pick = match pick {
            Pick::First => lang
                .pick("只算最先的一次", "only the first counts")
                .to_owned(),
            Pick::Best(1) => lang
                .pick(
                    "只算最高的一次，后来更高的补差额",
                    "only the highest counts; a later, higher one adds the difference",
                )
                .to_owned(),
            Pick::Best(n) => say!(
                lang,
                "只算最高的{}次，后来更高的补差额",
                "only the {} highest count; a later, higher one adds the difference",
                n
            ),
        };
        say!(
            lang,
            "择一：{}{}的各次得分，{}。",
            "choice: of the awards of {}{}, {}.",
            counts,
            keys,
            pick
        )
    }
}
