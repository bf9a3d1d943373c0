//! Measures of all versions: their places in the Plan, by name and version.

use jifen_diag::{Diagnostic, Span, codes, suggest, text};
use jifen_plan::MeasureIx;
use jifen_syntax::ast::{DeclKind, MeasureDecl, Name};

use super::{Sym, VersionSrc, World, walk};

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

impl World<'_> {
    /// `季度绩效.居民`: what to say where the score has no such part; nothing to say where it could not be read.
    /// `None`: this is no part of a score, or one that there is.
    pub(crate) fn part_unknown(
        &self,
        v: &VersionSrc<'_>,
        name: &Name,
    ) -> Option<Option<Diagnostic>> {
        let names = &v.names;
        let (score, part) = name.text.split_once('.')?;
        let Some((Sym::Measure(ix), _)) = names.get(score) else {
            return None;
        };
        if names.contains_key(&name.text) {
            return None;
        }
        if self.measures.get(ix.ix()).is_some_and(|m| m.decl.broken) {
            return Some(None);
        }
        let within = format!("{score}.");
        let mut parts: Vec<&str> = names
            .keys()
            .filter_map(|n| n.strip_prefix(&within))
            .collect();
        parts.sort_unstable();
        let list = parts.join("、");
        let message = match parts.is_empty() {
            true => text!(
                zh = "“{score}”是指标，没有各项",
                en = "“{score}” is a measure and has no parts"
            ),
            false => text!(
                zh = "“{score}”里没有“{part}”这一项，有：{list}",
                en = "“{score}” has no part “{part}”; it has “{list}”"
            ),
        };
        let d = Diagnostic::new(codes::UNKNOWN_NAME, name.span, message);
        let near = suggest(part, parts).map(str::to_owned);
        Some(Some(match near {
            Some(near) => {
                let note = text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?");
                d.fix(name.span, near, note)
            }
            None => d,
        }))
    }
}
