//! Feeds a target: seeds first, then mutations of what met something new. Finds panics, slow inputs and memory hogs.

use crate::rng::Rng;
use crate::targets::Target;
use crate::{alloc, feature, mutate};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Milliseconds that this thread has worked, on Linux; nothing elsewhere.
pub fn worked() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1_000_000)
}

/// An input may take this long, in milliseconds.
pub const MAX_MILLIS: u64 = 1000;
/// An input may hold this much memory, in bytes.
pub const MAX_MEMORY: usize = 512 << 20;

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It made the target panic, with this message.
    Panic(String),
    /// It took so many milliseconds.
    Slow(u64),
    /// It held so many bytes.
    Memory(usize),
}

/// A bad input.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The bytes.
    pub input: Vec<u8>,
    /// What happened.
    pub trouble: Trouble,
    /// After how many inputs.
    pub after: u64,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Inputs tried.
    pub inputs: u64,
    /// Different things met.
    pub features: usize,
    /// Inputs kept for mutation.
    pub kept: usize,
    /// Bad inputs, of different troubles.
    pub findings: Vec<Finding>,
}

/// How long a run goes on, and how time is told: libraries have no clock, so it comes from outside.
pub struct Plan<'a> {
    /// Seed of the mutations.
    pub seed: u64,
    /// Milliseconds of work since some moment (work, not time: a busy machine makes no input slow).
    pub clock: &'a dyn Fn() -> u64,
    /// Called before each input with its number; `false` ends the run.
    pub more: &'a mut dyn FnMut(u64) -> bool,
    /// Sees each input before the target does (a target that ends the whole process leaves it there).
    pub before: &'a mut dyn FnMut(&[u8]),
    /// Ends the run at the first finding.
    pub stop_at_first: bool,
    /// Ends the run at a panic with these words.
    pub until: Option<&'a str>,
}

thread_local! {
    /// A panic of our own code, though something above may have caught it.
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics are findings, so they are not printed; those of our own crates count even where a reader catches them (it does
/// for the sake of a library).
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let own = info.location().is_some_and(|l| {
            let file = l.file().replace('\\', "/");
            file.contains("jifen-") && !file.contains("/registry/")
        });
        if own {
            let payload = info.payload();
            let text = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            PANICKED.with(|p| *p.borrow_mut() = Some(text.unwrap_or_default()));
        }
    }));
}

/// Runs a target.
pub fn run(target: &Target, plan: Plan<'_>) -> Report {
    let mut rng = Rng::new(plan.seed);
    let mut pool: Vec<Vec<u8>> = (target.seeds)();
    let words = (target.words)();
    let mut seen: BTreeSet<u64> = BTreeSet::new();
    let mut troubles: BTreeSet<String> = BTreeSet::new();
    let mut report = Report::default();
    let seeds = pool.len();
    while (plan.more)(report.inputs) {
        let at = report.inputs as usize;
        let input = match pool.get(at) {
            Some(seed) if at < seeds => seed.clone(),
            _ => next(target, &pool, &words, &mut rng),
        };
        report.inputs += 1;
        (plan.before)(&input);
        let trouble = try_one(target.run, &input, plan.clock);
        let met = feature::take();
        let fresh = met.iter().any(|f| !seen.contains(f));
        if let Some(trouble) = trouble {
            let awaited = match (&trouble, plan.until) {
                (Trouble::Panic(text), Some(words)) => text.contains(words),
                _ => false,
            };
            if troubles.insert(kind(&trouble)) {
                let after = report.inputs;
                report.findings.push(Finding {
                    input: input.clone(),
                    trouble,
                    after,
                });
            }
            if plan.stop_at_first || awaited {
                break;
            }
        } else if fresh && at >= seeds {
            pool.push(input);
            report.kept += 1;
        }
        seen.extend(met);
    }
    report.features = seen.len();
    report
}

/// Half of the time something that was kept lately, else any.
fn next(target: &Target, pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let lately = pool.len().min(32);
    let at = match rng.below(2) {
        0 => pool.len() - lately + rng.below(lately),
        _ => rng.below(pool.len()),
    };
    let base = pool.get(at).cloned().unwrap_or_default();
    let mut out = (target.mutate)(&base, pool, words, rng);
    if out.len() > target.max_len {
        out.truncate(target.max_len);
    }
    if out == base {
        mutate::bytes(&out, pool, words, rng)
    } else {
        out
    }
}

/// One input: `None` when all is well.
pub fn try_one(run: fn(&[u8]), input: &[u8], clock: &dyn Fn() -> u64) -> Option<Trouble> {
    let held = alloc::start();
    let began = clock();
    let outcome = catch_unwind(AssertUnwindSafe(|| run(input)));
    let took = clock().saturating_sub(began);
    let peak = alloc::peak_since(held);
    let caught = PANICKED.with(|p| p.borrow_mut().take());
    if let Err(payload) = outcome {
        let text = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        return Some(Trouble::Panic(text.unwrap_or_default()));
    }
    if let Some(text) = caught {
        return Some(Trouble::Panic(text));
    }
    if took > MAX_MILLIS {
        return Some(Trouble::Slow(took));
    }
    (peak > MAX_MEMORY).then_some(Trouble::Memory(peak))
}

fn kind(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Panic(text) => format!("panic {}", feature::shape(text)),
        Trouble::Slow(_) => "slow".into(),
        Trouble::Memory(_) => "memory".into(),
    }
}

/// A smaller input with the same kind of trouble, within so many tries.
pub fn shrink(
    target: &Target,
    finding: &Finding,
    tries: usize,
    clock: &dyn Fn() -> u64,
) -> Vec<u8> {
    let want = kind(&finding.trouble);
    let mut best = finding.input.clone();
    let mut size = (best.len() / 2).max(1);
    let mut left = tries;
    while left > 0 {
        let mut at = 0;
        let mut smaller = false;
        while at < best.len() && left > 0 {
            let mut shorter = best.clone();
            shorter.drain(at..(at + size).min(best.len()));
            left -= 1;
            let same = try_one(target.run, &shorter, clock).is_some_and(|t| kind(&t) == want);
            feature::take();
            if same {
                best = shorter;
                smaller = true;
            } else {
                at += size;
            }
        }
        if size == 1 && !smaller {
            break;
        }
        size = (size / 2).max(1);
    }
    best
}
