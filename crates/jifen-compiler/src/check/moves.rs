//! 变动 and 分户: what becomes of the points of a household when a member moves, and when members split off (S14).

use std::collections::BTreeSet;

use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{
    AttrIx, CurrencyIx, Expr as Node, FieldType, Move, RosterIx, Split, Trigger, Ty, VersionIx,
    Whose,
};
use jifen_syntax::ast::{FieldDecl, OnMove, OnSplit};

use super::Draft;
use crate::expr::Checker;
use crate::resolve::Sym;

/// An attribute of a roster.
type Of = (RosterIx, AttrIx);

impl Checker<'_> {
    /// What all versions say; an attribute through which another roster's accounts get points has to say both.
    pub(super) fn moves(&mut self, items: &[Draft]) -> Vec<Move> {
        let mut out = Vec::new();
        for (vi, v) in self.w.versions.iter().enumerate() {
            self.sink.lang = v.lang;
            for (record, _) in v.records.values() {
                record.fields.iter().for_each(|f| self.no_words(f));
            }
            let posting = self.posting(vi, items);
            for (name, decl) in &v.rosters {
                let Some((Sym::Roster(roster), _)) = v.names.get(*name) else {
                    continue;
                };
                for f in &decl.fields {
                    let asked = |of: Of| posting.contains(&of);
                    out.extend(self.move_of(v.ix, *roster, f, asked, items));
                }
            }
        }
        out.sort_by_key(|m: &Move| (m.roster, m.attr, m.version));
        out
    }

    /// Attributes through which an item of this version posts.
    fn posting(&self, version: usize, items: &[Draft]) -> BTreeSet<Of> {
        let mine = items.iter().filter(|d| d.version == version);
        let passes = mine.flat_map(|d| d.passes.iter().map(move |p| (d, p.to)));
        let of = passes.filter_map(|(d, to)| match self.exprs.get(to) {
            Node::Attr(Whose::Own, attr) => Some((self.subject(d)?, *attr)),
            _ => None,
        });
        of.collect()
    }

    /// Whose facts or periods an item is about.
    fn subject(&self, d: &Draft) -> Option<RosterIx> {
        match d.trigger {
            Trigger::Fact(kind) => Some(self.w.kinds.get(kind.ix())?.subject),
            Trigger::Period { roster, .. } => Some(roster),
        }
    }

    fn move_of(
        &mut self,
        version: VersionIx,
        roster: RosterIx,
        f: &FieldDecl,
        asked: impl Fn(Of) -> bool,
        items: &[Draft],
    ) -> Option<Move> {
        let attrs = &self.w.rosters.get(roster.ix())?.attrs;
        let place = attrs.iter().position(|a| a.name == f.name.text)?;
        let attr = AttrIx(u16::try_from(place).ok()?);
        if matches!(attrs.get(place).map(|a| &a.ty), Some(FieldType::Refs(_))) {
            self.no_words_of_several(f);
            return None;
        }
        let Some(FieldType::Ref(group)) = attrs.get(place).map(|a| &a.ty) else {
            self.no_words(f);
            return None;
        };
        if *group != roster && asked((roster, attr)) {
            self.move_stated(f, *group);
        }
        let follow = matches!(f.on_move, Some((OnMove::Follow, _)));
        let split = match f.on_split {
            Some((OnSplit::Share, _)) => Split::Share,
            Some((OnSplit::Clear, _)) => Split::Clear,
            Some((OnSplit::Keep, _)) | None => Split::Keep,
        };
        (follow || split != Split::Keep).then(|| Move {
            roster,
            attr,
            version,
            group: *group,
            follow,
            split,
            currencies: self.held_by(*group, items),
        })
    }

    /// Both words must stand; each is offered with what it does in an example.
    fn move_stated(&mut self, f: &FieldDecl, group: RosterIx) {
        let attr = &f.name.text;
        let set = self.w.rosters.get(group.ix());
        let set = set.map_or("家庭", |r| r.name.as_str());
        let at = f.ty.as_ref().map_or(f.name.span, |t| t.span).at_end();
        if f.on_move.is_none() {
            let d = Diagnostic::new(
                codes::MOVE_UNSTATED,
                f.span,
                text!(
                    zh = "“{attr}”里有积分，成员换了“{set}”怎么办没有写明。甲户有张三带来的 30分、李四带来的 10分，张三搬到乙户：变动 按发生时 → 甲户 40分、乙户 0分；变动 随人 → 甲户 10分、乙户 30分",
                    en = "“{attr}” holds points, and what happens when a member goes to another “{set}” is open. Zhang brought 30 points to household a, Li 10, and Zhang moves to b: on move stay → a 40, b 0; on move follow → a 10, b 30"
                ),
            );
            let words = [
                ("变动 按发生时", "on move stay"),
                ("变动 随人", "on move follow"),
            ];
            let d = self.sink.each(d, (at, " ", ""), &words);
            self.sink.push(d);
        }
        if f.on_split.is_none() {
            let at = f.on_move.map_or(at, |(_, span)| span.at_end());
            let d = Diagnostic::new(
                codes::GROUP_SPLIT_UNSTATED,
                f.span,
                text!(
                    zh = "“{attr}”里有积分，有成员分出去另立一个“{set}”怎么办没有写明。甲户两口人、40分，一人分出去立乙户：分户 全留 → 甲户 40分、乙户 0分；分户 均分 → 甲户 20分、乙户 20分；分户 归零 → 两户都从 0分算起",
                    en = "“{attr}” holds points, and what happens when members leave to found another “{set}” is open. Household a has two members and 40 points, and one of them founds b: on split keep → a 40, b 0; on split share → a 20, b 20; on split forfeit → both begin at 0"
                ),
            );
            let words = [
                ("分户 全留", "on split keep"),
                ("分户 均分", "on split share"),
                ("分户 归零", "on split forfeit"),
            ];
            let d = self.sink.each(d, (at, " ", ""), &words);
            self.sink.push(d);
        }
    }

    /// Whoever belongs to several leaves none of them by joining another: what he brought stays where it is.
    fn no_words_of_several(&mut self, f: &FieldDecl) {
        let places = [f.on_move.map(|w| w.1), f.on_split.map(|w| w.1)];
        let Some(place) = places.into_iter().flatten().next() else {
            return;
        };
        self.sink.push(Diagnostic::new(
            codes::MOVE_PLACE,
            place,
            text!(
                zh = "“{0}”写着多个，同时在几处，说不上从哪一处搬到哪一处：分留在得分的地方，不写“变动”“分户”",
                en = "“{0}” names several at once, so that nobody moves from one to another: points stay where they were earned, and “on move” and “on split” are not written",
                f.name.text
            ),
        ));
    }

    /// The words belong to an attribute that refers to a row of a roster.
    fn no_words(&mut self, f: &FieldDecl) {
        let places = [f.on_move.map(|w| w.1), f.on_split.map(|w| w.1)];
        let Some(place) = places.into_iter().flatten().next() else {
            return;
        };
        self.sink.push(
            Diagnostic::new(
                codes::MOVE_PLACE,
                place,
                text!(
                    zh = "“变动”“分户”写在名册里指向另一个名册的属性后面；“{0}”没有自己的账户",
                    en = "what happens “on move” and “on split” belongs to an attribute of a roster that refers to a roster; “{0}” has no account",
                    f.name.text
                ),
            )
            .help(text!(
                zh = "家庭有自己的积分，写成名册：名册 家庭 {{ 地址: 文本 }}，居民里写 户: 家庭 变动 … 分户 …",
                en = "where households hold points they are a roster: roster family {{ address: text }}, and among the residents household: family on move … on split …"
            )),
        );
    }

    /// Currencies that clauses of any version post into accounts of this roster, or take from them.
    fn held_by(&self, group: RosterIx, items: &[Draft]) -> Vec<CurrencyIx> {
        let of_group =
            |to| matches!(self.exprs.ty(to), Ty::Subject(r) | Ty::Subjects(r) if r == group);
        let mut out = BTreeSet::new();
        for d in items {
            let given = d.give.is_some_and(|g| of_group(g.to));
            if given || self.subject(d) == Some(group) {
                out.extend(d.credit.iter().copied());
            }
            let passes = d.passes.iter().filter(|p| of_group(p.to));
            out.extend(passes.flat_map(|p| p.credit.iter().copied()));
        }
        out.into_iter().collect()
    }
}
