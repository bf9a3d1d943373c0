//! Ranks, grades, flags and rights of all versions: their places in the Plan, by name and version.

use jifen_plan::StandingIx;
use jifen_syntax::ast::{DeclKind, StandingDecl};

use super::{Sym, World, walk};

/// A standing of one version.
pub(crate) struct StandingSrc<'a> {
    pub(crate) decl: &'a StandingDecl,
    /// Doc comment.
    pub(crate) doc: Option<&'a str>,
    /// Version, by index.
    pub(crate) version: usize,
}

/// Fills `w.standings`, sorted by (name, version), and binds their names.
pub(super) fn standings(w: &mut World<'_>) {
    let mut found = Vec::new();
    for (version, v) in w.versions.iter().enumerate() {
        let mut all = Vec::new();
        walk(&v.file.decls, &mut all);
        for d in all {
            if let DeclKind::Standing(decl) = &d.kind
                && v.names
                    .get(&decl.name.text)
                    .is_some_and(|n| n.1 == decl.name.span)
            {
                found.push(StandingSrc {
                    decl,
                    doc: d.doc.as_deref(),
                    version,
                });
            }
        }
    }
    found.sort_by_key(|s| (s.decl.name.text.as_str(), s.version));
    for (ix, s) in (0_u16..).map(StandingIx).zip(&found) {
        let v = w.versions.get_mut(s.version);
        if let Some(entry) = v.and_then(|v| v.names.get_mut(&s.decl.name.text)) {
            entry.0 = Sym::Standing(ix);
        }
    }
    w.standings = found;
}
