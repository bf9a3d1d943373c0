//! Measures of all versions: their places in the Plan, by name and version.

use jifen_diag::Span;
use jifen_plan::MeasureIx;
use jifen_syntax::ast::{DeclKind, MeasureDecl};

use super::{Sym, World, walk};

/// A measure of one version.
pub(crate) struct MeasureSrc<'a> {
    pub(crate) decl: &'a MeasureDecl,
    /// Version, by index.
    pub(crate) version: usize,
    /// The whole declaration.
    pub(crate) span: Span,
}

/// Fills `w.measures`, sorted by (name, version), and binds their names.
pub(super) fn measures(w: &mut World<'_>) {
    let mut found = Vec::new();
    for (version, v) in w.versions.iter().enumerate() {
        let mut all = Vec::new();
        walk(&v.file.decls, &mut all);
        for d in all {
            if let DeclKind::Measure(decl) = &d.kind
                && v.names
                    .get(&decl.name.text)
                    .is_some_and(|n| n.1 == decl.name.span)
            {
                let span = d.span;
                found.push(MeasureSrc {
                    decl,
                    version,
                    span,
                });
            }
        }
    }
    found.sort_by_key(|m| (m.decl.name.text.as_str(), m.version));
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&found) {
        let v = w.versions.get_mut(m.version);
        if let Some(entry) = v.and_then(|v| v.names.get_mut(&m.decl.name.text)) {
            entry.0 = Sym::Measure(ix);
        }
    }
    w.measures = found;
}
