//! Which accounts never meet: accounts that share no tally and give each other nothing are different components and can be
//! swept apart.

use jifen_data::Account;
use jifen_plan::{Holder, Line, Plan, TallyIx, Value};
use rustc_hash::FxHashMap;

use crate::links;
use crate::world::World;

/// The component of each account, numbered by the first account of each.
#[derive(Debug)]
pub(crate) struct Components {
    /// First global account number of each roster.
    starts: Vec<usize>,
    /// `None`: every account is a component by itself.
    of: Option<Vec<u32>>,
    pub count: usize,
}

impl Components {
    /// Finds the components.
    pub fn new(world: &World<'_>) -> Components {
        let mut starts = Vec::new();
        let mut total = 0;
        for table in &world.rosters.tables {
            starts.push(total);
            total += table.ids.len();
        }
        let (groups, everyone) = shared_holders(world.plan);
        if everyone {
            return Components {
                starts,
                of: Some(vec![0; total]),
                count: usize::from(total > 0),
            };
        }
        if groups.is_empty() && !links::needed(world.plan) {
            return Components {
                starts,
                of: None,
                count: total,
            };
        }
        let mut union = Union {
            parent: (0..total).collect(),
        };
        for (roster, table) in world.rosters.tables.iter().enumerate() {
            let start = starts.get(roster).copied().unwrap_or(0);
            for attr in &groups {
                let Some(attr) = table.attrs.get(attr.ix()) else {
                    continue;
                };
                let mut first: FxHashMap<&Value, usize> = FxHashMap::default();
                for (subject, rows) in attr.rows.iter().enumerate() {
                    for (_, _, code) in rows {
                        if let Some(value) = attr.values.get_index(*code as usize) {
                            let with = *first.entry(value).or_insert(start + subject);
                            union.join(with, start + subject);
                        }
                    }
                }
            }
        }
        links::join(world, |a, b| {
            let number = |x: Account| Some(starts.get(x.roster.ix())? + x.subject as usize);
            if let Some((a, b)) = number(a).zip(number(b)) {
                union.join(a, b);
            }
        });
        let (of, count) = union.numbered();
        Components {
            starts,
            of: Some(of),
            count,
        }
    }

    /// The component of an account.
    pub fn of(&self, account: Account) -> usize {
        let start = self.starts.get(account.roster.ix()).copied().unwrap_or(0);
        self.of_number(start + account.subject as usize)
    }

    /// The component of an account by its number among all accounts.
    pub fn of_number(&self, global: usize) -> usize {
        match &self.of {
            None => global,
            Some(of) => of.get(global).map_or(0, |c| *c as usize),
        }
    }

    /// Is every account a component by itself?
    pub fn by_account(&self) -> bool {
        self.of.is_none()
    }
}

/// Group attributes and everybody, as far as lines use tallies held by them.
fn shared_holders(plan: &Plan) -> (Vec<jifen_plan::AttrIx>, bool) {
    let mut groups = Vec::new();
    let mut everyone = false;
    let mut see = |tally: TallyIx| match plan.tallies.get(tally.ix()).map(|t| t.holder) {
        Some(Holder::Everyone) => everyone = true,
        Some(Holder::Group(attr)) if !groups.contains(&attr) => groups.push(attr),
        _ => {}
    };
    let passes = plan.items.iter().flat_map(|i| &i.passes);
    for cap in passes.flat_map(|p| &p.caps) {
        cap.tally.into_iter().for_each(&mut see);
    }
    for line in plan.items.iter().flat_map(|i| &i.lines) {
        match line {
            Line::Cap(cap) => cap.tally.into_iter().for_each(&mut see),
            Line::Choose(choose) => see(choose.among),
            Line::Review(review) => review.day_total.into_iter().for_each(&mut see),
            _ => {}
        }
    }
    (groups, everyone)
}

struct Union {
    parent: Vec<usize>,
}

impl Union {
    fn root(&mut self, mut i: usize) -> usize {
        while let Some(&p) = self.parent.get(i).filter(|p| **p != i) {
            let up = self.parent.get(p).copied().unwrap_or(p);
            if let Some(slot) = self.parent.get_mut(i) {
                *slot = up;
            }
            i = up;
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }

    /// Roots are the smallest of their component, so numbering in order of accounts meets each root first.
    fn numbered(mut self) -> (Vec<u32>, usize) {
        let mut of = vec![0; self.parent.len()];
        let mut count = 0_u32;
        for i in 0..self.parent.len() {
            let root = self.root(i);
            let number = if root == i {
                count += 1;
                count - 1
            } else {
                of.get(root).copied().unwrap_or(0)
            };
            if let Some(slot) = of.get_mut(i) {
                *slot = number;
            }
        }
        (of, count as usize)
    }
}
