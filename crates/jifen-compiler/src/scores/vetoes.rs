//! 一票否决 … 等级 不合格: the score stays, grades by it have that level (S31). It is said of the grades before names are resolved.

use jifen_diag::{Diagnostic, codes, text};
use jifen_syntax::ast::{
    Decl, DeclKind, Expr, ExprKind, GradeBody, Name, ScoreDecl, StandingBody, VetoThen,
};

use crate::sink::Sink;

/// A level that a score's veto gives.
pub(super) struct Level {
    score: Name,
    when: Expr,
    level: Name,
}

pub(super) fn levels(score: &ScoreDecl) -> Vec<Level> {
    let mut out = Vec::new();
    for v in &score.vetoes {
        if let VetoThen::Level(level) = &v.then {
            out.push(Level {
                score: score.name.clone(),
                when: v.when.clone(),
                level: level.clone(),
            });
        }
    }
    out
}

/// Says it of every grade by this score that has the level; one has to.
pub(super) fn given(of: &Level, decls: &mut [Decl], sink: &mut Sink) {
    let (mut found, mut damaged) = (false, false);
    let mut others: Vec<String> = Vec::new();
    for grade in decls
        .iter_mut()
        .filter_map(|d| by(d, &of.score.text, &mut damaged))
    {
        if grade.rows.iter().any(|r| r.name.text == of.level.text) {
            found = true;
            grade.vetoes.push((of.when.clone(), of.level.clone()));
        } else {
            others.extend(grade.rows.iter().map(|r| format!("“{}”", r.name.text)));
        }
    }
    if found || damaged {
        return;
    }
    let (score, level) = (&of.score.text, &of.level.text);
    let message = match others.is_empty() {
        true => text!(
            zh = "没有按“{score}”评的等级，“{level}”给不了谁；写 等级 考核等级 按 {score} {{ … {level}: 其余 }}",
            en = "no grade is by “{score}”, so that nothing can be “{level}”; write grade NAME by {score} {{ … {level}: rest }}"
        ),
        false => {
            let list = others.join(", ");
            text!(
                zh = "按“{score}”评的等级里没有“{level}”这一级，有：{list}",
                en = "no grade by “{score}” has the level “{level}”; there are: {list}"
            )
        }
    };
    sink.push(Diagnostic::new(codes::VETO_LEVEL, of.level.span, message));
}

fn by<'d>(d: &'d mut Decl, score: &str, damaged: &mut bool) -> Option<&'d mut GradeBody> {
    let DeclKind::Standing(s) = &mut d.kind else {
        return None;
    };
    let StandingBody::Grade(body) = &mut s.body else {
        return None;
    };
    let named = matches!(&body.by, Some(Expr { kind: ExprKind::Name(n), .. }) if n.text == score);
    *damaged |= named && s.broken;
    named.then_some(body)
}
