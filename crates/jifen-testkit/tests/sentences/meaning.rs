//! What a clause means, written out: the debug text of its part of the Plan with every index replaced by what it stands for. It
//! needs no change when the Plan grows.

use jifen_plan::{CapMode, ExprId, Line, Plan, Stacking};

/// The Plan without what changes nothing: how several multipliers combine, where there is one; what becomes of an award that does not
/// fit under a cap that does not limit it.
pub fn plain(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    for line in plan.items.iter_mut().flat_map(|i| &mut i.lines) {
        match line {
            Line::Multiply(m) if m.factors.len() < 2 => m.stacking = Stacking::Product,
            Line::Cap(c) if c.counted_only => c.mode = CapMode::Clip,
            _ => {}
        }
    }
    plan
}

/// The text of a part of a Plan, with what its indices stand for.
pub fn meaning(plan: &Plan, part: &impl std::fmt::Debug) -> String {
    deep(plan, &format!("{part:?}"), 0)
}

fn deep(plan: &Plan, text: &str, depth: usize) -> String {
    assert!(depth < 200, "a circle in a Plan");
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let word = rest[..open]
            .rfind(|c: char| !c.is_alphanumeric())
            .map_or(0, |n| n + 1);
        let name = &rest[word..open];
        let digits = rest[open + 1..]
            .find(')')
            .map(|n| &rest[open + 1..open + 1 + n]);
        let index = digits.and_then(|d| d.parse::<usize>().ok());
        let stands = index.and_then(|n| stands_for(plan, name, n, depth));
        match (stands, digits) {
            (Some(text), Some(d)) => {
                out.push_str(&rest[..word]);
                out.push_str(&text);
                rest = &rest[open + d.len() + 2..];
            }
            _ => {
                out.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    out + rest
}

/// What an index stands for; what is declared elsewhere is named.
fn stands_for(plan: &Plan, name: &str, n: usize, depth: usize) -> Option<String> {
    match name {
        "ExprId" => {
            let id = ExprId(u32::try_from(n).ok()?);
            // A measure is told where it is declared.
            if let jifen_plan::Expr::Measure(m, ..) = plan.exprs.get(id) {
                return Some(format!("measure {}", plan.measures.get(m.ix())?.name));
            }
            let node = format!("<{:?} {:?}>", plan.exprs.get(id), plan.exprs.ty(id));
            Some(deep(plan, &node, depth + 1))
        }
        "TallyIx" => Some(deep(
            plan,
            &format!("{:?}", plan.tallies.get(n)?),
            depth + 1,
        )),
        "KindIx" => Some(format!("kind {}", plan.kinds.get(n)?.name)),
        "CurrencyIx" => Some(format!("currency {}", plan.currencies.get(n)?.name)),
        "RosterIx" => Some(format!("roster {}", plan.rosters.get(n)?.name)),
        "MeasureIx" => Some(format!("measure {}", plan.measures.get(n)?.name)),
        "ParamIx" => Some(format!("param {}", plan.params.get(n)?.name)),
        "VersionIx" => Some(format!("version {}", plan.versions.get(n)?.name)),
        _ => None,
    }
}
