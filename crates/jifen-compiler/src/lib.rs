//! Tree to Plan: names are bound, types and units checked, what is left open is asked, and the meaning laid down.
//!
//! Three passes, each one public function of its module: `resolve` (names), `check` (types, units, choices), `lower`
//! (the Plan). Several files are several versions of one policy. All problems are reported at once.

mod check;
mod constant;
mod declared;
mod expr;
mod lower;
mod resolve;
mod rewards;
mod scores;
mod sink;
mod test_lines;
pub mod testcase;
mod units;
mod walk;

#[cfg(test)]
mod tests;

use jifen_calendar::WorkCalendar;
use jifen_diag::{Diagnostic, Lang, Sources, Span};
use jifen_plan::{Labels, Plan};
use jifen_syntax::ast::File;

pub use testcase::TestCase;

/// What compiling gives.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The meaning; `None` if there is an error.
    pub plan: Option<Plan>,
    /// What things are called.
    pub labels: Labels,
    /// The tests in the files, in written order; checked. Those that a policy error touches are left out.
    pub tests: Vec<TestCase>,
    /// All problems, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles one policy: all its versions.
#[must_use]
pub fn compile(files: &[File]) -> Compiled {
    compile_after(files, &[])
}

/// Compiles after a parse that had problems: `lost` are the places at which the parser could not read something, so
/// that what may only follow from it is not reported again. The Plan is absent if any is given.
#[must_use]
pub fn compile_after(files: &[File], lost: &[Span]) -> Compiled {
    compile_with(files, lost, None)
}

/// As [`compile_after`], with the texts: they tell which names a lost part may have declared.
#[must_use]
pub fn compile_texts(files: &[File], lost: &[Span], texts: &Sources) -> Compiled {
    compile_with(files, lost, Some(texts))
}

fn compile_with(files: &[File], lost: &[Span], texts: Option<&Sources>) -> Compiled {
    let mut sink = sink::Sink {
        broken: lost
            .iter()
            .filter(|s| !mended(files, **s))
            .copied()
            .collect(),
        texts: texts.filter(|_| !lost.is_empty()).cloned(),
        lang: files.first().map_or(Lang::Zh, |f| f.lang),
        ..sink::Sink::default()
    };
    let spelled = rewards::spelled_out(files, &mut sink);
    let spelled = scores::spelled_out(spelled, &mut sink);
    let world = resolve::resolve(&spelled, &mut sink);
    let checked = check::check(&world, &mut sink);
    let used = check::used(&checked);
    let (plan, labels) = lower::lower(&world, checked, &mut sink);
    let tests = test_lines::tests(&world, &mut sink);
    if !sink.has_errors() && lost.is_empty() {
        check::unused(&world, &used, &mut sink);
    }
    let plan = plan.filter(|_| lost.is_empty() && !sink.has_errors());
    let mut diagnostics = sink.all;
    if let Some(texts) = texts {
        declared::gather(&mut diagnostics, files, texts);
    }
    Diagnostic::sort(&mut diagnostics);
    Compiled {
        plan,
        labels,
        tests,
        diagnostics,
    }
}

/// What stands there was read as what it was meant to be.
fn mended(files: &[File], span: Span) -> bool {
    files.iter().any(|f| f.mended.binary_search(&span).is_ok())
}

/// The calendar of working days that comes with jifen.
pub(crate) fn workdays() -> Option<WorkCalendar> {
    let text = include_str!("../../../policies/std/workdays-cn.toml");
    WorkCalendar::parse_toml(text).ok()
}
