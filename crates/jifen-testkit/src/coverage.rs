//! What the generated cases reached: in how many cases each construct took effect, and each pair on one account in one month.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jifen_reference::{CONSTRUCTS, Note};

/// Two constructs, and in how many cases they met.
type Pair = (&'static str, &'static str, u64);

fn rarer(met: &BTreeMap<(&'static str, &'static str), u64>, least: u64) -> Vec<Pair> {
    let mut out = Vec::new();
    for a in CONSTRUCTS {
        for b in CONSTRUCTS {
            let n = met.get(&(*a, *b)).copied().unwrap_or(0);
            if a < b && n < least {
                out.push((*a, *b, n));
            }
        }
    }
    out
}

/// Counts over cases.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Cases.
    pub cases: u64,
    singles: BTreeMap<&'static str, u64>,
    pairs: BTreeMap<(&'static str, &'static str), u64>,
    /// In one case, on whatever accounts.
    together: BTreeMap<(&'static str, &'static str), u64>,
    refused: BTreeMap<String, u64>,
    too_large: u64,
}

impl Coverage {
    /// Adds a case's notes.
    pub fn add(&mut self, notes: &[Note]) {
        self.cases += 1;
        let mut places: BTreeMap<(u16, u32, i64), BTreeSet<&'static str>> = BTreeMap::new();
        for n in notes {
            places
                .entry((n.roster, n.subject, n.month))
                .or_default()
                .insert(n.what);
        }
        let all: BTreeSet<_> = notes.iter().map(|n| n.what).collect();
        for what in &all {
            *self.singles.entry(what).or_default() += 1;
            for other in all.iter().filter(|o| what < *o) {
                *self.together.entry((what, other)).or_default() += 1;
            }
        }
        let mut pairs = BTreeSet::new();
        for set in places.values() {
            for a in set {
                pairs.extend(set.iter().filter(|b| a < *b).map(|b| (*a, *b)));
            }
        }
        for p in pairs {
            *self.pairs.entry(p).or_default() += 1;
        }
    }

    /// A text that the compiler refused, with its codes.
    pub fn refuse(&mut self, codes: &[String]) {
        for c in codes {
            *self.refused.entry(c.clone()).or_default() += 1;
        }
        *self.refused.entry("all".into()).or_default() += 1;
    }

    /// A case whose totals are too large to compare.
    pub fn too_large(&mut self) {
        self.too_large += 1;
    }

    /// Adds the counts of another part of the run.
    pub fn merge(&mut self, other: &Coverage) {
        self.cases += other.cases;
        self.too_large += other.too_large;
        for (k, n) in &other.singles {
            *self.singles.entry(k).or_default() += n;
        }
        for (k, n) in &other.pairs {
            *self.pairs.entry(*k).or_default() += n;
        }
        for (k, n) in &other.together {
            *self.together.entry(*k).or_default() += n;
        }
        for (k, n) in &other.refused {
            *self.refused.entry(k.clone()).or_default() += n;
        }
    }

    /// Share of texts that the compiler refused, in percent.
    #[must_use]
    pub fn refused_percent(&self) -> u64 {
        let refused = self.refused.get("all").copied().unwrap_or(0);
        refused * 100 / (self.cases + refused).max(1)
    }

    /// Constructs that took effect in fewer than `least` cases.
    #[must_use]
    pub fn rare(&self, least: u64) -> Vec<(&'static str, u64)> {
        let count = |c: &&'static str| (*c, self.singles.get(c).copied().unwrap_or(0));
        CONSTRUCTS
            .iter()
            .map(|c| count(&c))
            .filter(|c| c.1 < least)
            .collect()
    }

    /// Pairs met on one account in one month in fewer than `least` cases.
    #[must_use]
    pub fn rare_pairs(&self, least: u64) -> Vec<Pair> {
        rarer(&self.pairs, least)
    }

    /// Pairs met in fewer than `least` cases, on whatever accounts.
    #[must_use]
    pub fn rare_together(&self, least: u64) -> Vec<Pair> {
        rarer(&self.together, least)
    }

    /// The construct and the pair that took effect least often, with the counts.
    #[must_use]
    pub fn least(&self) -> String {
        let single = self.rare(u64::MAX).into_iter().min_by_key(|c| c.1);
        let pair = self.rare_pairs(u64::MAX).into_iter().min_by_key(|p| p.2);
        let (one, n) = single.unwrap_or_default();
        let (a, b, m) = pair.unwrap_or_default();
        format!("least covered: construct {one} in {n} cases, pair {a}+{b} in {m}")
    }

    /// A table for people.
    #[must_use]
    pub fn table(&self, least: u64, least_pairs: u64) -> String {
        let mut t = String::new();
        for c in CONSTRUCTS {
            let n = self.singles.get(c).copied().unwrap_or(0);
            let mark = if n < least { "  ← rare" } else { "" };
            let _ = writeln!(t, "{n:>8}  {c}{mark}");
        }
        let total = CONSTRUCTS.len() * (CONSTRUCTS.len() - 1) / 2;
        let rare = self.rare_pairs(least_pairs);
        let _ = writeln!(
            t,
            "pairs on one account in one month: {} of {total} in at least {least_pairs} cases",
            total - rare.len()
        );
        let list = |rare: &[Pair]| {
            let list: Vec<_> = (rare.iter().map(|(a, b, n)| format!("{a}+{b} {n}"))).collect();
            list.join(", ")
        };
        let _ = writeln!(t, "rarer pairs: {}", list(&rare));
        let apart = self.rare_together(least_pairs);
        let _ = writeln!(
            t,
            "pairs in one case: {} of {total} in at least {least_pairs} cases",
            total - apart.len()
        );
        let _ = writeln!(t, "rarer in one case: {}", list(&apart));
        let _ = writeln!(
            t,
            "compared {}; refused by the compiler {} ({:?}); totals too large {}",
            self.cases,
            self.refused.get("all").copied().unwrap_or(0),
            self.refused,
            self.too_large
        );
        let _ = writeln!(t, "{}", self.least());
        t
    }
}
