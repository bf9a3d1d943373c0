//! One generated case through both lowerings and both engines; any difference is a finding.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jifen_calendar::WorkCalendar;
use jifen_data::canonical::canonical_lines;
use jifen_diag::{Diagnostic, Sources};
use jifen_engine::{Options, evaluate};
use jifen_plan::{Plan, StandingKind, Trigger};
use jifen_reference::Note;

use crate::coverage::Coverage;
use crate::generate::facts::{self, Input};
use crate::generate::lower::lower;
use crate::generate::make;
use crate::generate::tables;
use crate::generate::text;
use crate::generate::tree::Policy;
use crate::rng::Rng;
use crate::shrink::shrink;

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The policy.
    pub policy: Policy,
    /// What is evaluated.
    pub input: Input,
    /// Engine threads.
    pub threads: usize,
    /// Engine batch.
    pub batch: usize,
}

/// So many seeds in a row share one policy, with other people and facts: reading the text costs more than evaluating it.
pub const SHARING: u64 = 8;

/// The case of a seed.
#[must_use]
pub fn case(seed: u64) -> Case {
    let policy = make::policy(&mut Rng::new(seed / SHARING));
    let mut rng = Rng::new(seed ^ 0xFAC7_0000_0000_0000);
    let input = facts::input(&mut rng, &policy);
    let threads = if rng.chance(5) { 2 } else { 1 };
    let batch = rng.pick(&[1, 2, 7, 64, 8_192]).unwrap_or(64);
    Case {
        policy,
        input,
        threads,
        batch,
    }
}

/// A difference.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Between what.
    pub between: &'static str,
    /// Lines of the first that the second lacks.
    pub only_first: Vec<String>,
    /// Lines of the second that the first lacks.
    pub only_second: Vec<String>,
}

/// What a comparison gives.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// All agree.
    Agree,
    /// Sums over all accounts are too large: the engine has no answer to compare.
    TooLarge,
    /// The compiler refuses the text.
    Refused(Vec<String>),
    /// A difference.
    Differs(Finding),
}

/// The shipped calendar of working days.
#[must_use]
pub fn workdays() -> WorkCalendar {
    let text = include_str!("../../../policies/std/workdays-cn.toml");
    WorkCalendar::parse_toml(text).unwrap_or_else(|_| WorkCalendar {
        name: String::new(),
        citation: String::new(),
        years: std::collections::BTreeMap::new(),
    })
}

/// A policy lowered twice: by the compiler from its text (or the codes of its errors), and from its tree.
pub struct Lowered {
    compiled: Result<Plan, Vec<String>>,
    own: Plan,
}

impl Lowered {
    /// Both Plans of a policy.
    #[must_use]
    pub fn of(policy: &Policy, calendar: &WorkCalendar) -> Lowered {
        Lowered {
            compiled: compiled(policy),
            own: lower(policy, calendar),
        }
    }

    /// Runs a case of this policy through everything.
    #[must_use]
    pub fn compare(&self, case: &Case) -> (Outcome, Vec<Note>) {
        let plan = match &self.compiled {
            Ok(plan) => plan,
            Err(codes) => return (Outcome::Refused(codes.clone()), Vec::new()),
        };
        let (raw, notes) = reference(case, plan);
        let mut lowered = by_name(plan, raw.clone());
        let mut expected = by_name(&self.own, reference(case, &self.own).0);
        lowered.extend(declared(plan));
        expected.extend(declared(&self.own));
        // The second lowering also has those that no item meets.
        let known = tallies(&self.own);
        lowered.extend(tallies(plan).into_iter().filter(|t| !known.contains(t)));
        let outcome = match differs("compiler and second lowering", &lowered, &expected) {
            Outcome::Agree => engines(case, plan, &raw),
            other => other,
        };
        (outcome, notes)
    }
}

/// What both Plans declare alike, however little of it a case meets: points with their lives, measures.
fn declared(plan: &Plan) -> Vec<String> {
    let points = plan.currencies.iter().map(|c| format!("{c:?}"));
    let measure = |m: &jifen_plan::Measure| {
        let (name, version, roster) = (&m.name, m.version, m.roster);
        format!("{name} {version:?} {roster:?} {:?}", m.unit)
    };
    let standing = |s: &jifen_plan::Standing| {
        // What it reads are places in an arena.
        let what = match &s.what {
            StandingKind::Rank(r) => {
                let keys = (r.low_first, r.then.iter().map(|t| t.1).collect::<Vec<_>>());
                let roster = plan.rosters.get(s.roster.ix());
                let group = r.within.and_then(|a| roster?.attrs.get(a.ix()));
                let how = (group.map(|a| &a.name), r.ties, r.round, r.at_line);
                format!("rank {keys:?} {how:?}")
            }
            StandingKind::Grade(g) => format!("grade {:?} {:?}", g.names, g.fall),
            StandingKind::Flag(f) => format!("flag {:?}", f.times),
            StandingKind::Right(r) => format!("right {:?} {}", r.months, r.worth.is_some()),
        };
        format!(
            "{} {:?} {:?} {:?} {what}",
            s.name, s.version, s.roster, s.unit
        )
    };
    points
        .chain(plan.measures.iter().map(measure))
        .chain(plan.standings.iter().map(standing))
        .collect()
}

/// What caps count and when they are charged.
fn tallies(plan: &Plan) -> Vec<String> {
    let tally = |t: &jifen_plan::Tally| {
        let how = (t.times, t.net, t.charge_final);
        // What another account receives is told apart by other words.
        let clause: Vec<&String> = t.path.iter().filter(|p| !p.contains(' ')).collect();
        format!("{clause:?} {:?} {how:?}", t.window)
    };
    plan.tallies.iter().map(tally).collect()
}

/// Runs a case through everything.
#[must_use]
pub fn compare(case: &Case, calendar: &WorkCalendar) -> Outcome {
    Lowered::of(&case.policy, calendar).compare(case).0
}

/// Two Plans may number the fields of a kind differently: missing fields by name.
fn by_name(plan: &Plan, mut lines: Vec<String>) -> Vec<String> {
    for line in &mut lines {
        let words = ["|cannot-tell|field ", "|no value|field "];
        let Some(word) = words.into_iter().find(|w| line.contains(w)) else {
            continue;
        };
        let Some((head, number)) = line.split_once(word) else {
            continue;
        };
        // `kind.number`: of a fact that was counted.
        let counted = number.split_once('.').and_then(|(kind, number)| {
            let kind = plan.kinds.iter().find(|k| k.name == kind)?;
            let field = kind.fields.get(number.parse::<usize>().ok()?)?;
            Some(format!("{}.{}", kind.name, field.name))
        });
        let named = plan.items.iter().find_map(|item| {
            let version = &plan.versions.get(item.version.ix())?.name;
            let path = format!("|{}|{version}", item.path.join("/"));
            let kind = match item.trigger {
                Trigger::Fact(kind) => kind,
                Trigger::Period { row, .. } => row?,
            };
            let field = plan
                .kinds
                .get(kind.ix())?
                .fields
                .get(number.parse::<usize>().ok()?)?;
            head.ends_with(&path).then(|| field.name.clone())
        });
        if let Some(name) = counted.or(named) {
            *line = format!("{head}{word}{name}");
        }
    }
    lines.sort();
    lines
}

/// The texts of a case's policy and what the compiler says about them.
#[must_use]
pub fn show(seed: u64) -> String {
    let case = case(seed);
    let mut t = String::new();
    for text in text::render(&case.policy) {
        let _ = writeln!(t, "{text}");
    }
    let _ = writeln!(t, "{}", tables::describe(&case.policy, &case.input));
    let (sources, _, problems) = compile(&case.policy);
    for d in problems {
        let line = sources.line_col(d.span.source, d.span.start as usize).0;
        let slice = sources.slice(d.span);
        let _ = writeln!(t, "{} line {line} [{slice}] {}", d.code, d.message.zh);
    }
    t
}

/// The Plan that the compiler makes of the text, or the codes of its errors.
fn compiled(policy: &Policy) -> Result<Plan, Vec<String>> {
    let (_, plan, problems) = compile(policy);
    let errors = problems.iter().filter(|d| d.is_error());
    let mut codes: Vec<String> = errors.map(|d| d.code.to_string()).collect();
    codes.dedup();
    match plan {
        Some(plan) if codes.is_empty() => Ok(plan),
        _ => Err(codes),
    }
}

fn compile(policy: &Policy) -> (Sources, Option<Plan>, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    for (n, text) in text::render(policy).iter().enumerate() {
        sources.add(format!("{n}.jifen"), text.as_str());
    }
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for id in sources.ids() {
        let parsed = jifen_syntax::parse(sources.text(id), id);
        problems.extend(parsed.diagnostics);
        files.push(parsed.file);
    }
    let made = jifen_compiler::compile(&files);
    problems.extend(made.diagnostics);
    (sources, made.plan, problems)
}

fn engines(case: &Case, plan: &Plan, expected: &[String]) -> Outcome {
    let between = "engine and reference";
    let (rosters, log, openings) = tables::tables(&case.policy, &case.input, plan);
    let options = Options {
        threads: case.threads,
        batch_rows: case.batch,
    };
    let result = evaluate(plan, &log, &rosters, &openings, case.input.as_of, &options);
    match result {
        Err(jifen_engine::EngineError::TotalsOverflow(_)) => Outcome::TooLarge,
        Err(e) => differs(between, &[format!("engine: {e}")], expected),
        Ok(evaluation) => {
            let lines = canonical_lines(plan, &log, &rosters, &evaluation);
            if evaluation.conservation.iter().any(|c| !c.holds) {
                return differs("conservation", &lines, &[]);
            }
            differs(between, &lines, expected)
        }
    }
}

/// What the reference makes of a case under a Plan, and what takes effect in it.
#[must_use]
pub fn reference(case: &Case, plan: &Plan) -> (Vec<String>, Vec<Note>) {
    let (rosters, log, openings) = tables::tables(&case.policy, &case.input, plan);
    jifen_reference::evaluate_noting(plan, &log, &rosters, &openings, case.input.as_of)
}

/// A run over many seeds, on all cores.
pub struct Run {
    /// What was reached.
    pub coverage: Coverage,
    /// Small cases with their reports.
    pub found: Vec<(u64, String)>,
}

/// Cases of the seeds `first..first + cases`; each worker stops after `most` findings, and makes them `small` if asked. If
/// not, the first finding stops all of them.
#[must_use]
pub fn run(first: u64, cases: u64, most: usize, small: bool) -> Run {
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(4) as u64;
    let stop = Arc::new(AtomicBool::new(false));
    let part = |w: u64| {
        let stop = Arc::clone(&stop);
        move || {
            let mine = (first..first + cases).filter(move |s| s / SHARING % workers == w);
            worker(mine, most, small, &stop)
        }
    };
    let threads: Vec<_> = (0..workers).map(|w| std::thread::spawn(part(w))).collect();
    let mut out = Run {
        coverage: Coverage::default(),
        found: Vec::new(),
    };
    for t in threads {
        match t.join() {
            Ok(part) => {
                out.coverage.merge(&part.coverage);
                out.found.extend(part.found);
            }
            Err(_) => out
                .found
                .push((0, "a worker panicked; see above".to_owned())),
        }
    }
    out.found.sort();
    out
}

fn worker(seeds: impl Iterator<Item = u64>, most: usize, small: bool, stop: &AtomicBool) -> Run {
    let calendar = workdays();
    let mut out = Run {
        coverage: Coverage::default(),
        found: Vec::new(),
    };
    let mut of: Option<(u64, Lowered)> = None;
    for seed in seeds {
        if out.found.len() >= most || stop.load(Ordering::Relaxed) {
            break;
        }
        let c = case(seed);
        let lowered = match of.take() {
            Some((group, lowered)) if group == seed / SHARING => lowered,
            _ => Lowered::of(&c.policy, &calendar),
        };
        let (outcome, notes) = lowered.compare(&c);
        of = Some((seed / SHARING, lowered));
        match outcome {
            Outcome::Agree => out.coverage.add(&notes),
            Outcome::TooLarge => out.coverage.too_large(),
            Outcome::Refused(codes) => out.coverage.refuse(&codes),
            Outcome::Differs(finding) => {
                let same = |c: &Case| matches!(compare(c, &calendar), Outcome::Differs(f) if f.between == finding.between);
                let small_case = if small { shrink(&c, same) } else { c };
                if let Outcome::Differs(finding) = compare(&small_case, &calendar) {
                    out.found.push((seed, report(&small_case, &finding)));
                }
                if !small {
                    stop.store(true, Ordering::Relaxed);
                }
            }
        }
    }
    out
}

fn differs(between: &'static str, first: &[String], second: &[String]) -> Outcome {
    if first == second {
        return Outcome::Agree;
    }
    let lacks = |a: &[String], b: &[String]| -> Vec<String> {
        let mut rest = b.to_vec();
        let mut out = Vec::new();
        for line in a {
            match rest.iter().position(|x| x == line) {
                Some(i) => drop(rest.swap_remove(i)),
                None => out.push(line.clone()),
            }
        }
        out
    };
    let (only_first, only_second) = (lacks(first, second), lacks(second, first));
    Outcome::Differs(Finding {
        between,
        only_first,
        only_second,
    })
}

/// A finding with its case, to be read by a person.
#[must_use]
pub fn report(case: &Case, finding: &Finding) -> String {
    let mut t = format!("=== {} differ ===\n", finding.between);
    for (n, text) in text::render(&case.policy).iter().enumerate() {
        let _ = writeln!(t, "--- policy file {} ---\n{text}", n + 1);
    }
    let _ = writeln!(
        t,
        "--- facts ---\n{}",
        tables::describe(&case.policy, &case.input)
    );
    for line in &finding.only_first {
        let _ = writeln!(t, "< {line}");
    }
    for line in &finding.only_second {
        let _ = writeln!(t, "> {line}");
    }
    t
}
