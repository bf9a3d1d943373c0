//! Awards under review: what they wait for, and who refused them (S24).

use jifen_calendar::{Day, Instant};
use jifen_data::{Confirmation, FactRef, ItemRun, Origin};
use jifen_plan::{Item, Line, PublishFrom, Review};

use super::WhyNot;
use crate::quantity::instant;
use crate::statement::{Nothing, Waiting};

impl WhyNot<'_> {
    fn review<'b>(&self, item: &'b Item) -> Option<&'b Review> {
        item.lines.iter().find_map(|l| match l {
            Line::Review(r) => Some(r),
            _ => None,
        })
    }

    /// Confirmations of a fact that are known and stand, in order.
    fn confirmations(&self, fact: FactRef) -> Vec<&Confirmation> {
        let id = self.from.id(fact);
        let as_of = self.from.as_of();
        let known = |entered: Day| as_of.is_none_or(|d| entered <= d);
        let facts = self.from.facts;
        let gone = |c: &Confirmation| {
            facts.voids.iter().any(|v| {
                v.target == c.id
                    && known(v.entered)
                    && !facts
                        .voids
                        .iter()
                        .any(|w| w.target == v.id && known(w.entered))
            })
        };
        let mut list: Vec<&Confirmation> = facts
            .confirmations
            .iter()
            .filter(|c| c.target == id && known(c.entered) && !gone(c))
            .collect();
        list.sort_by(|a, b| {
            (a.at, a.entered)
                .cmp(&(b.at, b.entered))
                .then_with(|| jifen_data::compare_ids(&a.id, &b.id))
        });
        list
    }

    /// Roles that have not confirmed yet.
    pub(super) fn awaited(&self, item: &Item, run: &ItemRun) -> Vec<String> {
        let Some(review) = self.review(item) else {
            return Vec::new();
        };
        let mut open = review.confirm.clone();
        let Origin::Fact(fact) = run.origin else {
            return open;
        };
        let mut people: Vec<&str> = Vec::new();
        for c in self.confirmations(fact) {
            let fresh = !people.contains(&c.who.as_str());
            if c.positive && fresh && open.contains(&c.role) {
                open.retain(|r| *r != c.role);
                people.push(&c.who);
            }
        }
        open
    }

    pub(super) fn pending(
        &self,
        line: &mut Nothing,
        item: &Item,
        run: &ItemRun,
        release: Option<Instant>,
    ) {
        let points = self.points(line.amount.unwrap_or_default());
        let confirm = match release {
            Some(_) => Vec::new(),
            None => self.awaited(item, run),
        };
        let earliest = match release {
            Some(_) => None,
            None => self.earliest(item, run),
        };
        let mut text = self.text(format!("{points}待定"), format!("{points} pending"));
        if !confirm.is_empty() {
            let list = confirm.join(self.pick("、", ", "));
            text.push_str(&self.text(
                format!("，等待确认：{list}"),
                format!(", awaits confirmation by {list}"),
            ));
        }
        if let Some(at) = release {
            text.push_str(&self.text(
                format!("，公示期满 {} 计入", instant(at)),
                format!(", publicity ends and it counts at {}", instant(at)),
            ));
        }
        if let Some(at) = earliest {
            text.push_str(&self.text(
                format!("，最早 {} 计入", instant(at)),
                format!(", at the earliest {}", instant(at)),
            ));
        }
        line.text = text;
        line.waiting = Some(Waiting {
            confirm,
            release: release.map(instant),
            earliest: earliest.map(instant),
        });
    }

    /// The release if everybody confirmed on the as-of day.
    fn earliest(&self, item: &Item, run: &ItemRun) -> Option<Instant> {
        let review = self.review(item)?;
        let today = self.from.as_of()?.max(run.day);
        let Some(publish) = review.publish else {
            return Some(today.start());
        };
        let from = match publish.from {
            PublishFrom::LastConfirmation => today,
            PublishFrom::Event => run.day,
            PublishFrom::Entry => match run.origin {
                Origin::Fact(f) => *self
                    .from
                    .facts
                    .kinds
                    .get(f.kind.ix())?
                    .entered
                    .get(f.row as usize)?,
                Origin::Period(_) => run.day,
            },
        };
        let last = match publish.days.working {
            true => {
                let calendar = self.from.plan.workdays.as_ref()?;
                calendar.add_working_days(from, publish.days.count).ok()?
            }
            false => from.add_days(i64::from(publish.days.count)),
        };
        Some(last.add_days(1).start().max(today.start()))
    }

    pub(super) fn rejected(&self, line: &mut Nothing, run: &ItemRun, at: Instant) {
        let points = self.points(line.amount.unwrap_or_default());
        let by = match run.origin {
            Origin::Fact(f) => self
                .confirmations(f)
                .into_iter()
                .find(|c| !c.positive)
                .map(|c| format!("{} {}", c.role, c.who)),
            Origin::Period(_) => None,
        };
        let by = by.unwrap_or_default();
        line.text = self.text(
            format!("{points}被驳回（{} {by}）", instant(at)),
            format!("{points} rejected ({} {by})", instant(at)),
        );
    }
}
