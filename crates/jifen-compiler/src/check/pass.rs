//! 计入 of a reference, 另计, 转计: whose account, how much, what where nobody is named, and caps of what is received (S14).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Cap, CurrencyIx, Expr as Node, ExprId, FieldType, Pass, PassHow, Precision, Ty};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{
    CapStmt, CreditStmt, Expr, ExprKind, Name, NoneWord, PassStmt, PassTail, PassWord, Stmt,
    StmtKind, Unit, WindowWord, YearFrom,
};

use super::Clauses;
use super::items::Seen;
use super::many::Shared;
use crate::expr::{Checker, Kind, Scope};
use crate::resolve::{ItemSrc, Sym};

/// What the passes of one item share.
struct Item<'s> {
    cx: Scope,
    src: &'s ItemSrc<'s>,
    credit: &'s [CurrencyIx],
    precision: Option<Precision>,
}

/// `维修.师傅` as one name.
fn whole(n: &Name, member: Option<&Name>) -> Name {
    match member {
        None => n.clone(),
        Some(m) => Name {
            text: format!("{}.{}", n.text, m.text),
            span: n.span.to(m.span),
        },
    }
}

impl Checker<'_> {
    /// The points that a 计入 names; `None` where it only names another account.
    pub(super) fn credit_points(&self, cx: Scope, c: &CreditStmt) -> Option<Vec<Name>> {
        match &c.points {
            Some(points) => Some(points.clone()),
            None if self.reference(cx, c).is_some() => None,
            None => Some(c.names.clone()),
        }
    }

    /// The name of another account in a 计入: what stands before 的, or a name that is a value here and not points.
    fn reference<'c>(&self, cx: Scope, c: &'c CreditStmt) -> Option<&'c Name> {
        let name = c.names.first()?;
        let points = self
            .version(cx)
            .and_then(|v| v.names.get(&name.text))
            .is_some_and(|(s, _)| matches!(s, Sym::Currency(_)));
        let alone = c.names.len() == 1 && !points && self.has_value(cx, &name.text);
        (c.points.is_some() || c.member.is_some() || alone).then_some(name)
    }

    /// A 计入 of another account stands in items: what it names is a field or an attribute of theirs.
    pub(super) fn credit_places(&mut self, cx: Scope, src: &ItemSrc<'_>) {
        for s in src.chain.iter().flat_map(|c| &c.stmts) {
            let StmtKind::Credit(c) = &s.kind else {
                continue;
            };
            let plain = c.tail.none.is_none() && c.tail.caps.is_empty();
            if plain && self.reference(cx, c).is_none() {
                continue;
            }
            self.sink.push(Diagnostic::new(
                codes::PASS_PLACE,
                s.span,
                text!(
                    zh = "类别里的“计入”只写积分；计入别的账户（计入 户 …）写在各个项目里",
                    en = "in a category, “credited to” names points only; crediting another account belongs in the items"
                ),
            ));
        }
    }

    /// What an item gives to other accounts: 计入 first, then the others as written.
    pub(super) fn passes(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        (credit, precision): (Option<&[CurrencyIx]>, Option<Precision>),
        seen: &mut Seen,
        clauses: &mut Clauses,
    ) -> Vec<Pass> {
        let item = Item {
            cx: Scope {
                running: true,
                ..cx
            },
            src,
            credit: credit.unwrap_or_default(),
            precision,
        };
        let (mut out, mut labels) = (Vec::new(), Vec::new());
        for (instead, s) in [true, false]
            .into_iter()
            .flat_map(|i| src.decl.stmts.iter().map(move |s| (i, s)))
        {
            let made = match &s.kind {
                StmtKind::Credit(c) if instead => match self.reference(cx, c) {
                    None => continue,
                    Some(to) => self.instead(&item, c, to, (&mut labels, clauses)),
                },
                StmtKind::Pass(p) if !instead => {
                    self.pass(&item, p, s, seen, (&mut labels, clauses))
                }
                _ => continue,
            };
            match made {
                Some(p) => out.push(p),
                None => seen.poisoned = true,
            }
        }
        self.one_credit(src, seen, &out);
        self.shares_fit(src, seen, &out);
        out
    }

    /// 计入 户 beside 计入 年度分 would leave open whose the latter are.
    fn one_credit(&mut self, src: &ItemSrc<'_>, seen: &mut Seen, out: &[Pass]) {
        let credits = src.decl.stmts.iter();
        let mut credits = credits.filter(|s| matches!(s.kind, StmtKind::Credit(_)));
        let (first, again) = (credits.next(), credits.next());
        if let (Some(first), Some(again), true) =
            (first, again, out.iter().any(|p| p.how == PassHow::Instead))
        {
            seen.poisoned = true;
            self.sink.push(
                Diagnostic::new(
                    codes::STATEMENT_TWICE,
                    again.span,
                    text!(
                        zh = "一个项目的分只计入一处，“计入”留一句；还要另给一个账户，把那一句改成“另计 … 100%”",
                        en = "an item's award is credited once: keep one “credited to”; to give it to another account as well, write “also credit … 100%” there"
                    ),
                )
                .label(first.span, text!(zh = "先写的", en = "the first one")),
            );
        }
    }

    /// 转计 cannot take more than there is.
    fn shares_fit(&mut self, src: &ItemSrc<'_>, seen: &mut Seen, out: &[Pass]) {
        let shares = out.iter().filter(|p| p.how == PassHow::On);
        let mut shares = shares.filter_map(|p| match self.exprs.get(p.amount) {
            Node::Mul(_, share) => self.constant(*share),
            _ => None,
        });
        let sum = shares.try_fold(Decimal::ZERO, |sum, s| sum.add(s));
        let sum = sum.unwrap_or_default();
        if sum > Decimal::ONE {
            seen.poisoned = true;
            let on = |s: &&Stmt| matches!(&s.kind, StmtKind::Pass(p) if p.word == PassWord::On);
            let last = src.decl.stmts.iter().rfind(on);
            let at = last.map_or(src.decl.name.span, |s| s.span);
            let percent = sum.mul(Decimal::from_int(100)).unwrap_or(sum);
            self.sink.push(Diagnostic::new(
                codes::PASS_AMOUNT,
                at,
                text!(
                    zh = "“{0}”转计出去的合起来是 {percent}%，超过了本次得分",
                    en =
                        "what “{0}” passes on comes to {percent}% of the award, more than there is",
                    src.decl.name.text
                ),
            ));
        }
    }

    /// `计入 可用积分、户 的 家庭积分`: one sentence for one account.
    fn one_account(&mut self, a: &Name, b: &Name) {
        self.sink.push(
            Diagnostic::new(
                codes::PASS_TARGET,
                a.span.to(b.span),
                text!(
                    zh = "一句“计入”只写一个账户：“计入 户 的 家庭积分”是不记本人、改记户里",
                    en = "one “credited to” names one account: “credited to household as points” credits the household instead of the subject"
                ),
            )
            .help(text!(
                zh = "本人得分、户里也得，写两句：计入 本人的积分；另计 {0} 的 积分 100%",
                en = "for both, write two: credited to the subject's points, and “also credit {0} as points 100%”",
                b.text
            )),
        );
    }

    fn instead(
        &mut self,
        item: &Item<'_>,
        c: &CreditStmt,
        to: &Name,
        (labels, clauses): (&mut Vec<(String, Span)>, &mut Clauses),
    ) -> Option<Pass> {
        if let Some(more) = c.names.get(1) {
            self.one_account(to, more);
            return None;
        }
        let reference = self.target(item.cx, to, c.member.as_ref())?;
        let to = &whole(to, c.member.as_ref());
        let end = c.points.as_ref().and_then(|p| p.last());
        let at = end.map_or(to.span, |n| n.span).at_end();
        let example = text!(
            zh = "得 10分时：无则 略过 → 这 10分照常计给本人；无则 待补 → 先不计，列为“缺 {0}”，登记以后再计",
            en = "with 10 points awarded: if none skip → the 10 points go to the subject as usual; if none cannot tell → nothing is credited and the missing “{0}” is listed until it is entered",
            to.text
        );
        let none = self.none_stated(item.cx, reference, to, &c.tail, at, &example);
        let shared = Shared {
            how: PassHow::Instead,
            to,
            at,
            of_ten: Decimal::from_int(10),
        };
        let step = self.shared_step(item.cx, item.credit, item.precision);
        let many = self.many(reference, &c.tail, &shared, step);
        let whose = format!("计入 {}", to.text);
        let caps = self.pass_caps(item, whose, &c.tail, labels, clauses);
        let amount = self.exprs.add(Node::Running, Ty::Num(Dim::POINTS));
        Some(Pass {
            how: PassHow::Instead,
            to: reference,
            many: many?,
            none_skips: none?,
            amount,
            when: None,
            round: None,
            credit: item.credit.to_vec(),
            caps: caps?,
        })
    }

    fn pass(
        &mut self,
        item: &Item<'_>,
        p: &PassStmt,
        s: &Stmt,
        seen: &Seen,
        (labels, clauses): (&mut Vec<(String, Span)>, &mut Clauses),
    ) -> Option<Pass> {
        if seen.has_deduct {
            self.of_deduction(s, &p.to);
            return None;
        }
        let target = self.target(item.cx, &p.to, p.member.as_ref());
        let to_name = whole(&p.to, p.member.as_ref());
        let amount = self.pass_amount(item.cx, p);
        let when = p.when.as_ref().map(|e| self.condition(item.cx, e));
        let points = self.pass_points(item, p, s);
        let (how, zh) = match p.word {
            PassWord::Also => (PassHow::Also, "另计"),
            PassWord::On => (PassHow::On, "转计"),
        };
        let whose = format!("{zh} {}", to_name.text);
        let caps = self.pass_caps(item, whose, &p.tail, labels, clauses);
        let (to, amount) = (target?, amount?);
        let example = self.none_example(p, how, amount);
        let at = p.when.as_ref().map_or(p.value.span, |w| w.span).at_end();
        let none_skips = self.none_stated(item.cx, to, &to_name, &p.tail, at, &example);
        let shared = Shared {
            how,
            to: &to_name,
            at: p.value.span.at_start(),
            of_ten: self.of_ten(amount),
        };
        let (credit, round) = points?;
        let many = self.many(to, &p.tail, &shared, round.map(|r| r.step));
        let (none_skips, many) = (none_skips?, many?);
        let when = match when {
            Some(w) => Some(w?.id),
            None => None,
        };
        Some(Pass {
            how,
            to,
            many,
            none_skips,
            amount,
            when,
            round,
            credit,
            caps: caps?,
        })
    }

    fn of_deduction(&mut self, s: &Stmt, to: &Name) {
        self.sink.push(Diagnostic::new(
            codes::PASS_OF_DEDUCTION,
            s.span,
            text!(
                zh = "这个项目有“扣”：扣的分不另计、不转计。要让“{0}”也扣，另写一个项目：凭 同一种记录，扣 …，计入 {0}",
                en = "this item deducts: a deduction is neither credited also nor passed on. If “{0}” is to lose points too, write another item on the same record that deducts and says “credited to {0}”",
                to.text
            ),
        ));
    }

    /// A field or attribute that refers to a row of a roster, here or (`维修.师傅`) of a joined record.
    fn target(&mut self, cx: Scope, n: &Name, member: Option<&Name>) -> Option<ExprId> {
        if let Some(field) = member {
            let record = Expr {
                kind: ExprKind::Name(n.clone()),
                span: n.span,
            };
            let both = whole(n, member);
            let read = ExprKind::Member(Box::new(record), field.clone());
            let v = self.expr(
                cx,
                &Expr {
                    kind: read,
                    span: both.span,
                },
            )?;
            if matches!(v.kind, Kind::Subject(_)) {
                return Some(v.id);
            }
            self.not_a_reference(cx, &both, None);
            return None;
        }
        if !self.has_value(cx, &n.text) {
            if self.damaged(cx, Some(n)) {
                return None;
            }
            let names = self.references(cx);
            let what = text!(zh = "指向名册的字段或属性", en = "reference to a roster");
            self.sink
                .unknown(n, &what, names.iter().map(String::as_str));
            return None;
        }
        let v = self.name(cx, n)?;
        if matches!(v.kind, Kind::Subject(_) | Kind::Subjects(_)) {
            return Some(v.id);
        }
        self.not_a_reference(cx, n, Some(&v.kind));
        None
    }

    fn not_a_reference(&mut self, cx: Scope, n: &Name, kind: Option<&Kind>) {
        let name = &n.text;
        if kind == Some(&Kind::Group) {
            let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
            let roster = roster.map_or("居民", |r| r.name.as_str());
            let taken = self.version(cx).is_some_and(|v| v.names.contains_key(name));
            let set = match taken {
                true => format!("{name}账户"),
                false => name.clone(),
            };
            self.sink.push(
                Diagnostic::new(
                    codes::PASS_TARGET,
                    n.span,
                    text!(
                        zh = "“{name}”是组：组是几个人共有的词，没有自己的账户。要让它有账户，写成名册：名册 {set} {{ 成员数: 数 }}，并在“{roster}”里写 {name}: {set}",
                        en = "“{name}” is a group, a word that several share, and has no account. To give it one, make it a roster: roster {set} {{ members: number }}, and in “{roster}” write {name}: {set}"
                    ),
                )
                .help(text!(
                    zh = "名册里的每一户是一行，有自己的编号；“上限 每 {name}”照旧是一户合起来算",
                    en = "each household is then a row with its own id; a cap “per {name}” still holds for the household together"
                )),
            );
            return;
        }
        let names = self.references(cx);
        let (list, en) = jifen_diag::listed(&names);
        self.sink.push(Diagnostic::new(
            codes::PASS_TARGET,
            n.span,
            text!(
                zh = "“{name}”不指向名册里的人或户，没有账户；这里能写的有：{list}",
                en = "“{name}” does not refer to a row of a roster and has no account; there are: {en}"
            ),
        ));
    }

    /// What may be named.
    fn references(&self, cx: Scope) -> Vec<String> {
        let is_ref = |t: &FieldType| matches!(t, FieldType::Ref(_) | FieldType::Refs(_));
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
        let fields = kind.into_iter().flat_map(|k| &k.fields);
        let attrs = roster.into_iter().flat_map(|r| &r.attrs);
        let joined = self.joined.iter().flat_map(|(name, k)| {
            let kind = self.w.kinds.get(k.ix());
            let fields = kind.into_iter().flat_map(|k| &k.fields);
            let refs = fields.filter(|f| is_ref(&f.ty)).map(|f| f.name.as_str());
            let whose = self.sink.kw("对象", "subject");
            let all = refs.chain([whose]);
            all.map(|f| format!("{name}.{f}")).collect::<Vec<_>>()
        });
        let joined: Vec<String> = joined.collect();
        fields
            .filter(|f| is_ref(&f.ty))
            .map(|f| f.name.clone())
            .chain(joined)
            .chain(attrs.filter(|a| is_ref(&a.ty)).map(|a| a.name.clone()))
            .collect()
    }

    /// A share of the award, or points.
    fn pass_amount(&mut self, cx: Scope, p: &PassStmt) -> Option<ExprId> {
        let (v, dim, _) = self.numeric(cx, &p.value)?;
        let constant = self.constant(v.id);
        let share = dim.is_pure();
        let bare = matches!(&p.value.kind, ExprKind::Number(q) if q.unit != Some(Unit::Percent));
        if dim != Dim::POINTS && (!share || bare) {
            self.sink.push(Diagnostic::new(
                codes::PASS_AMOUNT,
                p.value.span,
                text!(
                    zh = "给“{0}”多少，要写本次得分的百分之几（30%），或多少分（5分）",
                    en = "how much “{0}” gets is a share of the award (30%) or an amount of points (5 points)",
                    p.to.text
                ),
            ));
            return None;
        }
        let too_much = share && p.word == PassWord::On && constant > Some(Decimal::ONE);
        if constant.is_some_and(|c| !c.is_positive()) || too_much {
            self.sink.push(Diagnostic::new(
                codes::PASS_AMOUNT,
                p.value.span,
                match too_much {
                    true => text!(
                        zh = "转计是从本次得分里拿出来的，不能超过 100%",
                        en = "what is passed on is taken from the award and cannot exceed 100%"
                    ),
                    false => text!(
                        zh = "给“{0}”的要大于 0",
                        en = "what “{0}” gets must be above 0",
                        p.to.text
                    ),
                },
            ));
            return None;
        }
        if !share {
            return Some(v.id);
        }
        let ty = Ty::Num(Dim::POINTS);
        let running = self.exprs.add(Node::Running, ty);
        Some(self.exprs.add(Node::Mul(running, v.id), ty))
    }

    /// Currencies and rounding: those of the award, unless 的 says otherwise.
    fn pass_points(
        &mut self,
        item: &Item<'_>,
        p: &PassStmt,
        s: &Stmt,
    ) -> Option<(Vec<CurrencyIx>, Option<Precision>)> {
        let Some(names) = &p.points else {
            return Some((item.credit.to_vec(), item.precision));
        };
        if p.word == PassWord::On {
            self.sink.push(Diagnostic::new(
                codes::PASS_POINTS,
                s.span,
                text!(
                    zh = "转计是把得到的分转过去，积分不变：删去“的 …”；要给另一种积分，用“另计”",
                    en = "what is passed on stays the same kind of points: drop “as …”; to give other points write “also credit”"
                ),
            ));
            return None;
        }
        let credit = self.currencies(item.cx.version, names)?;
        let v = self.version(item.cx)?;
        let all: Vec<Option<Precision>> =
            credit.iter().map(|c| v.precision.get(c).copied()).collect();
        let first = all.first().copied().flatten();
        if all.iter().any(|p| *p != first) {
            self.sink.push(Diagnostic::new(
                codes::PASS_POINTS,
                s.span,
                text!(
                    zh = "这几种积分精度不同，取整按哪个不清楚：分成几句“另计”，每句一种积分",
                    en = "these points have different precision: write one “also credit” for each of them"
                ),
            ));
            return None;
        }
        Some((credit, first))
    }

    /// S6: who would lose by it must be able to read it. `Some(true)`: 略过.
    fn none_stated(
        &mut self,
        cx: Scope,
        to: ExprId,
        n: &Name,
        tail: &PassTail,
        at: Span,
        example: &jifen_diag::Text,
    ) -> Option<bool> {
        if let Some((word, _)) = tail.none {
            return Some(word == NoneWord::Skip);
        }
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let (kind, read) = match *self.exprs.get(to) {
            Node::Joined(slot, own) => {
                let joined = self.joined.get(usize::from(slot));
                (joined.and_then(|j| self.w.kinds.get(j.1.ix())), own)
            }
            _ => (kind, to),
        };
        let always = match self.exprs.get(read) {
            Node::Subject => true,
            Node::Field(f) => kind
                .and_then(|k| k.fields.get(f.ix()))
                .is_some_and(|f| f.required || f.default.is_some()),
            _ => false,
        };
        if always {
            return Some(false);
        }
        let d = Diagnostic::new(
            codes::PASS_NONE_UNSTATED,
            n.span,
            jifen_diag::Text::new(
                format!(
                    "“{0}”那天可能没有登记，怎么办没有写明。{1}",
                    n.text, example.zh
                ),
                format!(
                    "“{0}” may be blank on the day, and what happens then is open: {1}",
                    n.text, example.en
                ),
            ),
        );
        let words = [
            ("无则 略过", "if none skip"),
            ("无则 待补", "if none cannot tell"),
        ];
        let d = self.sink.each(d, (at, " ", ""), &words);
        self.sink.push(d);
        None
    }

    /// What a statement gives of an award of 10.
    fn of_ten(&self, amount: ExprId) -> Decimal {
        let ten = Decimal::from_int(10);
        let share = match self.exprs.get(amount) {
            Node::Mul(_, share) => self.sample(*share).and_then(|s| ten.mul(s).ok()),
            _ => self.sample(amount),
        };
        share.unwrap_or(Decimal::from_int(3)).min(ten)
    }

    fn none_example(&self, p: &PassStmt, how: PassHow, amount: ExprId) -> jifen_diag::Text {
        let ten = Decimal::from_int(10);
        let share = self.of_ten(amount);
        let own = match how {
            PassHow::On => ten.sub(share).unwrap_or(ten),
            PassHow::Also | PassHow::Instead => ten,
        };
        text!(
            zh = "得 10分时：无则 略过 → 本人得 10分，没有别人得分；无则 待补 → 先都不计，列为“缺 {0}”，登记以后本人得 {own}分、“{0}”得 {share}分",
            en = "with 10 points awarded: if none skip → the subject gets 10 and nobody else anything; if none cannot tell → nothing is credited and the missing “{0}” is listed; once entered, the subject gets {own} and “{0}” {share}",
            p.to.text
        )
    }

    /// Caps of what another account receives: held by that account, charged with what it gets.
    fn pass_caps(
        &mut self,
        item: &Item<'_>,
        whose: String,
        tail: &PassTail,
        labels: &mut Vec<(String, Span)>,
        clauses: &mut Clauses,
    ) -> Option<Vec<Cap>> {
        let mut out = Vec::new();
        let mut ok = true;
        for (c, span) in &tail.caps {
            if !self.pass_cap_fits(item.cx, c, *span) {
                ok = false;
                continue;
            }
            let mut c = c.clone();
            if !matches!(c.window, Some((WindowWord::Occasion, _))) {
                c.charge_final = Some((true, *span));
            }
            self.passing = Some(whose.clone());
            let cap = self.cap(item.cx, &c, *span, &item.src.path, labels, clauses);
            self.passing = None;
            ok &= cap.is_some();
            out.extend(cap);
        }
        ok.then_some(out)
    }

    fn pass_cap_fits(&mut self, cx: Scope, c: &CapStmt, span: Span) -> bool {
        let not_a_field = c.keys.iter().find(|n| self.field(cx, &n.text).is_none());
        let run = matches!(
            c.window,
            Some((WindowWord::EachRun | WindowWord::Campaign, _))
        );
        let (at, zh, en) = if let Some(n) = not_a_field {
            (
                n.span,
                "这里限的是对方账户收到的分，“每……”只能写记录的字段",
                "this limits what the other account receives; “per” takes fields of the record only",
            )
        } else if let Some((YearFrom::Own(n), _)) = &c.year_from {
            (
                n.span,
                "这里限的是对方账户收到的分，一年从几月几日算起要写日子，例：每年 自 4月1日",
                "this limits what the other account receives: its year begins on a day of the calendar, as in: per year since 04-01",
            )
        } else if let Some(n) = c.exempt.first() {
            (
                n.span,
                "这里没有可除外的项目",
                "there is nothing to exempt here",
            )
        } else if c.net.is_some() || c.charge_final.is_some() || run {
            (
                span,
                "这里的上限按对方实际收到的算，不写计得、计净、过线、实得、每期",
                "a cap here is charged with what the other account receives: no gains, net, charge or run",
            )
        } else {
            return true;
        };
        self.sink.push(Diagnostic::new(
            codes::PASS_CAP,
            at,
            jifen_diag::Text::new(zh, en),
        ));
        false
    }

    /// Names that must be points.
    pub(super) fn currencies(&mut self, vi: usize, names: &[Name]) -> Option<Vec<CurrencyIx>> {
        let v = self.w.versions.get(vi)?;
        let mut out: Vec<CurrencyIx> = Vec::new();
        let mut ok = true;
        for n in names {
            match v.names.get(&n.text) {
                Some((Sym::Currency(c), _)) => out.push(*c),
                Some((Sym::Poison, _)) => ok = false,
                Some((other, _)) => {
                    ok = false;
                    let sort = other.sort();
                    self.sink.push(Diagnostic::new(
                        codes::WRONG_SORT_OF_NAME,
                        n.span,
                        jifen_diag::Text::new(
                            format!("“{0}”是{1}；“计入”后面写积分的名字", n.text, sort.zh),
                            format!(
                                "“{0}” is a {1}; points are wanted after “credited to”",
                                n.text, sort.en
                            ),
                        ),
                    ));
                }
                None => {
                    ok = false;
                    let known = v.names_where(|s| matches!(s, Sym::Currency(_)));
                    self.sink
                        .unknown(n, &text!(zh = "积分", en = "points"), known);
                }
            }
        }
        out.sort();
        out.dedup();
        ok.then_some(out)
    }
}
