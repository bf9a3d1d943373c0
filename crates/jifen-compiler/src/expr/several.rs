//! Attributes of several (`子女: 居民 多个`): asked only whether somebody is among them and how many they are (S14).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, FieldType};
use jifen_quantity::Dim;
use jifen_syntax::ast::{Expr, ExprKind, Name};

use super::names::Found;
use super::{Checker, Kind, Scope, Val};
use crate::units::Tag;

impl Checker<'_> {
    /// A value that is one; several are told where they stand.
    pub(super) fn one(&mut self, v: Val) -> Option<Val> {
        if !matches!(v.kind, Kind::Subjects(_)) {
            return Some(v);
        }
        self.sink.push(
            Diagnostic::new(
                codes::SEVERAL_PLACE,
                v.span,
                text!(
                    zh = "这一栏写着“多个”，可以有几个人，这里只能是一个",
                    en = "this attribute is declared “several” and may name several; one is wanted here"
                ),
            )
            .help(text!(
                zh = "几个人只能问：谁 属于 子女；个数(子女) 不少于 2；给他们计分：另计 子女 各 30%",
                en = "of several it can be asked whether somebody “is one of children” and “size(children) at least 2”; they are given points by “also credit children each 30%”"
            )),
        );
        None
    }

    /// An attribute of several.
    fn several(&mut self, cx: Scope, e: &Expr) -> Option<Val> {
        let v = match &e.kind {
            ExprKind::Name(n) => self.name(cx, n)?,
            ExprKind::Member(of, n) => self.member(cx, of, n)?,
            _ => self.expr(cx, e)?,
        };
        if matches!(v.kind, Kind::Subjects(_)) {
            return Some(v);
        }
        let is = v.kind.text();
        self.sink.push(Diagnostic::new(
            codes::SEVERAL_PLACE,
            e.span,
            jifen_diag::Text::new(
                format!("这里要写名册里写着“多个”的属性，写的却是{}", is.zh),
                format!(
                    "an attribute declared “several” is wanted here, and this is {}",
                    is.en
                ),
            ),
        ));
        None
    }

    /// Is it the name of an attribute of several?
    pub(super) fn is_several(&self, cx: Scope, e: &Expr) -> bool {
        let ExprKind::Name(n) = &e.kind else {
            return false;
        };
        let attr = match self.lookup(cx, &n.text).pop() {
            Some(Found::Attr(a)) => a,
            _ => return false,
        };
        let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
        let attr = roster.and_then(|r| r.attrs.get(attr.ix()));
        attr.is_some_and(|a| matches!(a.ty, FieldType::Refs(_)))
    }

    /// `孩子 属于 子女`.
    pub(super) fn among(&mut self, cx: Scope, x: &Expr, list: &Expr, span: Span) -> Option<Val> {
        if let ExprKind::Name(n) = &list.kind
            && !self.has_value(cx, &n.text)
        {
            self.option_alone(n);
            return None;
        }
        let list = self.several(cx, list)?;
        let Kind::Subjects(roster) = list.kind else {
            return None;
        };
        let who = self.beside(cx, x, &Kind::Subject(roster))?;
        if who.kind == Kind::Subject(roster) {
            let node = Node::Among(who.id, list.id);
            return Some(self.node(node, Kind::YesNo, span));
        }
        let name = self.w.rosters.get(roster.ix());
        let name = name.map_or("", |r| r.name.as_str());
        let is = who.kind.text();
        self.sink.push(Diagnostic::new(
            codes::TYPE_MISMATCH,
            x.span,
            jifen_diag::Text::new(
                format!("“属于”前面要写名册“{name}”里的一个人，写的却是{}", is.zh),
                format!(
                    "before “is one of” a row of “{name}” is wanted, and this is {}",
                    is.en
                ),
            ),
        ));
        None
    }

    /// `角色 属于 楼道长`: options stand in brackets.
    fn option_alone(&mut self, n: &Name) {
        let bracketed = match self.sink.lang {
            jifen_diag::Lang::Zh => format!("（{}）", n.text),
            jifen_diag::Lang::En => format!("({})", n.text),
        };
        self.sink.push(
            Diagnostic::new(
                codes::SEVERAL_PLACE,
                n.span,
                text!(
                    zh = "“属于”后面不带括号的，是名册里写着“多个”的属性，这里没有叫“{0}”的；可选的词放在括号里",
                    en = "without brackets, “is one of” wants an attribute declared “several”, and there is none called “{0}”; options stand in brackets",
                    n.text
                ),
            )
            .fix(
                n.span,
                bracketed,
                text!(zh = "加上括号", en = "add the brackets"),
            ),
        );
    }

    /// `个数(子女)`.
    pub(super) fn how_many(&mut self, cx: Scope, list: &Expr, span: Span) -> Option<Val> {
        if let ExprKind::Name(n) = &list.kind
            && !self.has_value(cx, &n.text)
        {
            let word = self.sink.kw("个数", "size");
            let name = Name {
                text: word.to_owned(),
                span: n.span,
            };
            self.of_dates_misread(&name, span);
            return None;
        }
        let list = self.several(cx, list)?;
        let kind = Kind::Num(Dim::PURE, Tag::Plain);
        Some(self.node(Node::HowMany(list.id), kind, span))
    }
}
