//! Stage 6: what every account has, and S22 checked for each account and for the whole, in every run and profile.

use std::collections::BTreeMap;

use jifen_data::{Account, Balance, Conservation, Openings};
use jifen_plan::{CurrencyIx, Plan};
use jifen_quantity::{Decimal, NumError};

use crate::error::EngineError;
use crate::store::Sums;
use crate::sweep::Swept;

/// Balances in order of account and currency, and the conservation line of each currency.
pub(crate) fn close(
    plan: &Plan,
    openings: &Openings,
    swept: &mut [Swept<'_>],
) -> Result<(Vec<Balance>, Vec<Conservation>), EngineError> {
    let mut sums: BTreeMap<(Account, CurrencyIx), Sums> = BTreeMap::new();
    for part in swept.iter_mut() {
        sums.append(&mut part.sums);
    }
    // Accounts with an opening but without any run were in no sweep.
    let mut opened: BTreeMap<(Account, CurrencyIx), Decimal> = BTreeMap::new();
    for line in &openings.lines {
        let account = Account {
            roster: line.roster,
            subject: line.subject,
        };
        let slot = opened.entry((account, line.currency)).or_default();
        *slot = slot
            .add(line.amount)
            .map_err(|_| EngineError::TotalsOverflow(line.currency))?;
    }
    for (key, opening) in &opened {
        sums.entry(*key).or_insert(Sums {
            opening: *opening,
            ..Sums::default()
        });
    }
    let mut posted = posted_sums(swept)?;
    let mut balances = Vec::with_capacity(sums.len());
    let mut lines: Vec<Conservation> = (0..plan.currencies.len())
        .map(|i| empty_line(CurrencyIx(u16::try_from(i).unwrap_or(u16::MAX))))
        .collect();
    for ((account, currency), s) in &sums {
        let overflow = |_| EngineError::TotalsOverflow(*currency);
        let balance = Balance {
            account: *account,
            currency: *currency,
            opening: s.opening,
            earned: s.earned,
            deducted: s.deducted,
            waived: s.waived,
            trimmed: s.trimmed,
            balance: s.balance().map_err(overflow)?,
        };
        let moved = posted.remove(&(*account, *currency)).unwrap_or_default();
        let from = opened
            .get(&(*account, *currency))
            .copied()
            .unwrap_or_default();
        let line = lines
            .get_mut(currency.ix())
            .ok_or(EngineError::Inconsistent("currency index"))?;
        add_up(line, &balance, from, moved).map_err(overflow)?;
        balances.push(balance);
    }
    for line in &mut lines {
        let right = line.deducted.add(line.balance);
        line.holds &= posted.is_empty() && line.opening.add(line.earned) == right && right.is_ok();
    }
    Ok((balances, lines))
}

fn empty_line(currency: CurrencyIx) -> Conservation {
    let zero = Decimal::ZERO;
    Conservation {
        currency,
        opening: zero,
        earned: zero,
        deducted: zero,
        waived: zero,
        trimmed: zero,
        balance: zero,
        holds: true,
    }
}

/// What the ledger itself moved: the second way to every balance.
fn posted_sums(
    swept: &[Swept<'_>],
) -> Result<BTreeMap<(Account, CurrencyIx), Decimal>, EngineError> {
    let mut out: BTreeMap<_, Decimal> = BTreeMap::new();
    for p in swept.iter().flat_map(|s| &s.postings).map(|e| &e.posting) {
        let slot = out.entry((p.account, p.currency)).or_default();
        let moved = p.amount.add(p.waived).and_then(|m| slot.add(m));
        *slot = moved.map_err(|_| EngineError::TotalsOverflow(p.currency))?;
    }
    Ok(out)
}

fn add_up(
    line: &mut Conservation,
    b: &Balance,
    opened: Decimal,
    moved: Decimal,
) -> Result<(), NumError> {
    line.opening = line.opening.add(b.opening)?;
    line.earned = line.earned.add(b.earned)?;
    line.deducted = line.deducted.add(b.deducted)?;
    line.waived = line.waived.add(b.waived)?;
    line.trimmed = line.trimmed.add(b.trimmed)?;
    line.balance = line.balance.add(b.balance)?;
    line.holds &= opened == b.opening && opened.add(moved)? == b.balance;
    Ok(())
}
