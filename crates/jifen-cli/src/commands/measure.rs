//! What a run says of measures: how many have a value, how many have none.

use super::run::Done;
use jifen::{Lang, Measured};
use serde_json::{Value, json};

/// For each measure: name, with a value, without, failed.
fn counts(done: &Done<'_>) -> Vec<(String, [usize; 3])> {
    let mut out: Vec<(String, [usize; 3])> = Vec::new();
    for m in &done.evaluation.measures {
        let declared = done.policy.compiled.plan.measures.get(m.measure.ix());
        let name = declared.map_or("?", |d| d.name.as_str());
        let known = out.iter().position(|(n, _)| n == name);
        let at = known.unwrap_or_else(|| {
            out.push((name.to_owned(), [0; 3]));
            out.len() - 1
        });
        let slot = match m.value {
            Measured::Value(_) => 0,
            Measured::NoValue(_) => 1,
            Measured::Failed(_) => 2,
        };
        if let Some(n) = out.get_mut(at).and_then(|(_, n)| n.get_mut(slot)) {
            *n += 1;
        }
    }
    out
}

/// A line for each measure.
pub fn text(done: &Done<'_>, lang: Lang) -> String {
    let line = |(name, [some, none, failed]): &(String, [usize; 3])| {
        let failed = match failed {
            0 => String::new(),
            n => lang.pick(format!("，算不出 {n}"), format!(", failed {n}")),
        };
        lang.pick(
            format!("指标 {name}: 有值 {some}, 无值 {none}{failed}\n"),
            format!("measure {name}: with a value {some}, without {none}{failed}\n"),
        )
    };
    counts(done).iter().map(line).collect()
}

/// The same for programs.
pub fn list(done: &Done<'_>) -> Vec<Value> {
    let one = |(name, [some, none, failed]): &(String, [usize; 3])| json!({"name": name, "values": some, "no_value": none, "failed": failed});
    counts(done).iter().map(one).collect()
}
