//! Lives of points that are counted in working days need a calendar (S5).

use jifen_syntax::ast::{DeclKind, ExprKind, LifeKind, PointsKind, Unit};

use super::Checker;

impl Checker<'_> {
    /// Does a currency of this version count in working days? Then its header names the calendar.
    pub(super) fn working_lives(&mut self, version: usize) -> bool {
        let Some(v) = self.w.versions.get(version) else {
            return false;
        };
        let (mut found, mut all) = (None, Vec::new());
        crate::resolve::walk(&v.file.decls, &mut all);
        for d in all {
            let DeclKind::Points(points) = &d.kind else {
                continue;
            };
            for s in &points.stmts {
                let PointsKind::Life(life) = &s.kind else {
                    continue;
                };
                found = found.or(life.parts.iter().find_map(|p| match &p.kind {
                    LifeKind::Age { count, .. } => match &count.kind {
                        ExprKind::Number(q) if q.unit == Some(Unit::WorkingDays) => {
                            Some(count.span)
                        }
                        _ => None,
                    },
                    _ => None,
                }));
            }
        }
        if let Some(at) = found {
            self.calendar_stated(at);
        }
        found.is_some()
    }
}
