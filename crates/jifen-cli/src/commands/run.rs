//! `jifen run POLICY… --facts F…`: ledger, balances, what could not be scored, rejects, the conservation line.

use super::inputs::{self, Inputs};
use super::policy::{self, Policy};
use super::{Answer, summary};
use crate::context::{Context, Exit, Failure};
use crate::files;
use crate::progress::Progress;
use clap::ArgMatches;
use jifen::{Evaluation, Lang, Options, Report, evaluate, text};
use std::path::{Path, PathBuf};

/// A finished run with what its summary needs.
pub struct Done<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// What went in.
    pub inputs: &'a Inputs,
    /// What came out.
    pub evaluation: &'a Evaluation,
    /// Files written: (what, path).
    pub files: Vec<(&'static str, PathBuf)>,
    /// More rows were refused than allowed.
    pub too_many_rejects: bool,
}

impl Done<'_> {
    /// For naming things.
    pub fn report(&self) -> Report<'_> {
        Report {
            compiled: &self.policy.compiled,
            facts: &self.inputs.loaded.admission.log,
            rosters: &self.inputs.loaded.rosters,
            evaluation: self.evaluation,
            lang: self.policy.lang,
        }
    }

    /// Every currency adds up.
    pub fn conserved(&self) -> bool {
        self.evaluation.conservation.iter().all(|c| c.holds)
    }
}

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let allowed = allowed_rejects(given)?;
    let options = Options {
        threads: threads(given)?,
        ..Options::default()
    };
    let policy = policy::load(given, context)?;
    let inputs = inputs::load(given, &policy, context)?;
    let evaluation = {
        let lang = policy.lang;
        let _progress = Progress::start(context, lang.pick("计算", "scoring"));
        compute(&policy, &inputs, &options)?
    };
    let rows = &inputs.loaded.admission.counts;
    let opened = inputs.loaded.opening_faults.len() as u64;
    let mut done = Done {
        policy: &policy,
        inputs: &inputs,
        evaluation: &evaluation,
        files: Vec::new(),
        too_many_rejects: over(rows.rejected, rows.read, allowed)
            || over(opened, inputs.loaded.opening_rows, allowed),
    };
    if let Some(dir) = given.get_one::<String>("out") {
        let dir = PathBuf::from(dir);
        done.files = write_all(&done, &dir)?;
        let json = serde_json::to_string_pretty(&summary::json(&done)).unwrap_or_default();
        files::write(&dir.join("summary.json"), json.as_bytes())?;
    }
    if context.json {
        context.print_json(&summary::json(&done));
    } else {
        context.print(&summary::text(&done));
        next(given, context, &done);
    }
    Ok(exit(&done))
}

fn exit(done: &Done<'_>) -> Exit {
    if !done.conserved() || !done.inputs.loaded.admission.counts.adds_up() {
        return Exit::Internal;
    }
    let failed = |m: &jifen::MeasureValue| matches!(m.value, jifen::Measured::Failed(_));
    let fallen = |s: &jifen::StandingValue| matches!(s.stood, jifen::Stood::Failed(_));
    let open = !done.evaluation.undated.is_empty()
        || done.evaluation.measures.iter().any(failed)
        || done.evaluation.standings.iter().any(fallen);
    if done.evaluation.counts.failed > 0 || open || done.too_many_rejects {
        return Exit::Problems;
    }
    Exit::Done
}

/// Evaluates.
pub fn compute(policy: &Policy, inputs: &Inputs, options: &Options) -> Result<Evaluation, Failure> {
    let plan = &policy.compiled.plan;
    let loaded = &inputs.loaded;
    let (log, rosters, openings) = (&loaded.admission.log, &loaded.rosters, &loaded.openings);
    evaluate(plan, log, rosters, openings, inputs.as_of, options)
        .map_err(|e| Failure::outside(jifen::words::engine_error(plan, &e)))
}

/// Allowed rejects in hundredths of a percent; 0 with `--strict`.
fn allowed_rejects(given: &ArgMatches) -> Result<u64, Failure> {
    if given.get_flag("strict") {
        return Ok(0);
    }
    let word = given
        .get_one::<String>("max-rejects")
        .map_or("5", String::as_str);
    let number = word.trim_end_matches(['%', '％']);
    let parsed = jifen::Decimal::parse(number)
        .filter(|n| !n.is_negative())
        .and_then(|n| n.rescale(2))
        .and_then(|n| u64::try_from(n).ok());
    parsed.filter(|n| *n <= 10_000).ok_or_else(|| {
        Failure::usage(text!(
            zh = "--max-rejects 要写 0 至 100 的百分比，最多两位小数，不是“{word}”",
            en = "--max-rejects wants a percentage from 0 to 100 with at most two decimals, not “{word}”"
        ))
    })
}

fn over(rejected: u64, read: u64, allowed: u64) -> bool {
    u128::from(rejected) * 10_000 > u128::from(read) * u128::from(allowed)
}

fn threads(given: &ArgMatches) -> Result<usize, Failure> {
    match given.get_one::<String>("threads") {
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        Some(word) => match word.parse() {
            Ok(n) if (1..=1024).contains(&n) => Ok(n),
            _ => Err(Failure::usage(text!(
                zh = "--threads 要写 1 至 1024 的整数，不是“{word}”",
                en = "--threads wants a whole number from 1 to 1024, not “{word}”"
            ))),
        },
    }
}

fn write_all(done: &Done<'_>, dir: &Path) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    let report = done.report();
    let admission = &done.inputs.loaded.admission;
    let mut written = Vec::new();
    let mut put = |what: &'static str, name: &str, bytes: &[u8]| -> Result<(), Failure> {
        let path = dir.join(name);
        files::write(&path, bytes)?;
        written.push((what, path));
        Ok(())
    };
    put("ledger", "ledger.csv", report.ledger_csv().as_bytes())?;
    put("balances", "balances.csv", report.balances_csv().as_bytes())?;
    if let Some(table) = report.standings_csv() {
        put("standings", "standings.csv", table.as_bytes())?;
    }
    if let Some(table) = report.measures_csv() {
        put("measures", "measures.csv", table.as_bytes())?;
    }
    if let Some(table) = report.lapses_csv() {
        put("lapses", "lapses.csv", table.as_bytes())?;
    }
    if let Some(table) = report.moves_csv() {
        put("moves", "moves.csv", table.as_bytes())?;
    }
    if let Some(table) = report.lots_csv() {
        put("lots", "lots.csv", table.as_bytes())?;
    }
    if let Some(table) = report.worths_csv() {
        put("worths", "worths.csv", table.as_bytes())?;
    }
    if let Some(table) = report.allotments_csv() {
        put("allotments", "allotments.csv", table.as_bytes())?;
    }
    put("outcomes", "outcomes.csv", report.outcomes_csv().as_bytes())?;
    let rejects = jifen::write_rejects(&admission.rejects, done.policy.lang);
    put("rejects", "rejects.csv", &rejects)?;
    let loaded = &done.inputs.loaded;
    if !loaded.roster_faults.is_empty() || !loaded.opening_faults.is_empty() {
        let faults = loaded.roster_faults.iter().chain(&loaded.opening_faults);
        let table = jifen::left_out_csv(faults, done.policy.lang);
        put("left_out", "left-out.csv", table.as_bytes())?;
    }
    Ok(written)
}

fn next(given: &ArgMatches, context: &Context, done: &Done<'_>) {
    let lang = done.policy.lang;
    let report = done.report();
    let mut conserved = done.evaluation.conservation.iter();
    let best = conserved.find_map(|c| report.top(c.currency, 1).into_iter().next());
    // Nobody has points: there is nothing to explain yet.
    let Some((account, _, _)) = best else { return };
    let mut args = policy::written(given);
    for (id, zh) in [
        ("facts", "记录"),
        ("roster", "名册"),
        ("opening", "期初"),
        ("sources", "对应"),
    ] {
        if let Some(values) = given.get_many::<String>(id) {
            let values: Vec<&str> = values.map(String::as_str).collect();
            args.push_str(&format!(" --{} {}", lang.pick(zh, id), values.join(" ")));
        }
    }
    let day = done.inputs.as_of;
    let command = match lang {
        Lang::Zh => format!("jifen 说明 {args} --截至 {day} --账户 {account}"),
        Lang::En => format!("jifen explain {args} --as-of {day} --account {account}"),
    };
    context.next(lang, &command);
}
