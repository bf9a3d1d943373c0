//! Policy texts to a Plan: parse each file, compile all versions together, keep what people need beside it.

use jifen_compiler::TestCase;
use jifen_diag::{Diagnostic, Lang, Sources, Span, codes};
use jifen_plan::{Labels, Plan, Ty};
use jifen_quantity::Dim;
use jifen_syntax::ast::File;

/// A compiled policy: its meaning, what people call things, and its texts.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The meaning of all versions.
    pub plan: Plan,
    /// Titles, article numbers and places.
    pub labels: Labels,
    /// The trees, for tests and printing.
    pub files: Vec<File>,
    /// The texts.
    pub sources: Sources,
    /// The tests written in them.
    pub tests: Vec<TestCase>,
    /// Warnings and notices; no errors.
    pub notices: Vec<Diagnostic>,
}

impl Compiled {
    /// The language of the policy.
    pub fn lang(&self) -> Option<Lang> {
        self.labels.lang
    }

    /// The fingerprint of its meaning.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.plan)
    }

    /// An inside view as text.
    pub fn emit(&self, what: Emit) -> String {
        let plan = &self.plan;
        match what {
            Emit::Ast => self.files.iter().map(jifen_syntax::emit_ast).collect(),
            Emit::Typed => typed(plan),
            Emit::Plan => jifen_plan::print::plan(plan),
            Emit::Schedule => jifen_plan::print::schedule(plan, &jifen_plan::schedule(plan)),
        }
    }
}

/// What to print of a compiled policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// The tree as written.
    Ast,
    /// The expressions of the Plan with their types.
    Typed,
    /// The Plan.
    Plan,
    /// Its schedule.
    Schedule,
}

/// Why there is no Plan; also the result of [`check`], where there may be no errors in it.
#[derive(Clone, Debug)]
pub struct Problems {
    /// The texts that the places speak of.
    pub sources: Sources,
    /// All of them, sorted by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The language of the first text.
    pub lang: Option<Lang>,
}

impl Problems {
    /// True when something must be mended.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compiles all versions of one policy.
///
/// # Errors
/// Everything that is wrong with the texts, at once.
pub fn compile(sources: Sources) -> Result<Compiled, Problems> {
    let (files, made, problems) = both(sources);
    match made.plan {
        Some(plan) if !problems.has_errors() => Ok(Compiled {
            plan,
            labels: made.labels,
            files,
            tests: made.tests,
            sources: problems.sources,
            notices: problems.diagnostics,
        }),
        _ => Err(problems),
    }
}

/// Everything there is to say about the texts: errors, warnings, notices.
pub fn check(sources: Sources) -> Problems {
    both(sources).2
}

fn both(sources: Sources) -> (Vec<File>, jifen_compiler::Compiled, Problems) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    for id in sources.ids() {
        let parsed = jifen_syntax::parse(sources.text(id), id);
        diagnostics.extend(parsed.diagnostics);
        files.push(parsed.file);
    }
    let errors = diagnostics.iter().filter(|d: &&Diagnostic| d.is_error());
    let lost: Vec<Span> = errors.map(|d| d.span).collect();
    // Of a text that was not read at all nothing more can be said.
    let unread = |d: &&Diagnostic| [codes::TOO_LARGE, codes::TOO_DEEP].contains(&d.code);
    let mut made = match diagnostics.iter().any(|d| unread(&d)) {
        true => jifen_compiler::compile_after(&[], &lost),
        false => jifen_compiler::compile_texts(&files, &lost, &sources),
    };
    if diagnostics.iter().any(|d| unread(&d)) {
        made.diagnostics.clear();
    }
    diagnostics.append(&mut made.diagnostics);
    Diagnostic::sort(&mut diagnostics);
    let problems = Problems {
        sources,
        diagnostics,
        lang: files.first().map(|f| f.lang),
    };
    (files, made, problems)
}

/// The fingerprint of a Plan.
pub fn fingerprint(plan: &Plan) -> String {
    jifen_plan::fingerprint(plan)
}

/// Every expression of the Plan with its type.
fn typed(plan: &Plan) -> String {
    let mut out = String::new();
    for (id, _, ty) in plan.exprs.iter() {
        let text = jifen_plan::print::expr(plan, None, id);
        out.push_str(&format!("{:>5}  {}  {text}\n", id.0, type_word(ty)));
    }
    out
}

/// A type as people name it.
fn type_word(ty: Ty) -> String {
    let word = match ty {
        Ty::Num(dim) => return dim_word(dim),
        Ty::Text => "text",
        Ty::YesNo => "yes_no",
        Ty::Date => "date",
        Ty::Instant => "instant",
        Ty::Span => "interval",
        Ty::Subject(_) => "subject",
        Ty::Subjects(_) => "subjects",
        Ty::Periods(_) => "dates",
    };
    word.to_owned()
}

/// `points/hours`, or `number`.
fn dim_word(d: Dim) -> String {
    let units = [
        (d.points, "points"),
        (d.duration, "seconds"),
        (d.money, "yuan"),
        (d.times, "times"),
        (d.people, "people"),
        (d.votes, "votes"),
    ];
    let (mut over, mut under) = (Vec::new(), Vec::new());
    for (power, name) in units {
        let list = if power > 0 { &mut over } else { &mut under };
        list.extend(std::iter::repeat_n(name, usize::from(power.unsigned_abs())));
    }
    match (over.is_empty(), under.is_empty()) {
        (true, true) => "number".to_owned(),
        (_, true) => over.join("·"),
        (true, false) => format!("1/{}", under.join("·")),
        (false, false) => format!("{}/{}", over.join("·"), under.join("·")),
    }
}
