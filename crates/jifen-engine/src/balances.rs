//! Stage 6: what every account has, and S22 checked for each account and for the whole, in every run and profile.

use std::collections::BTreeMap;

use jifen_calendar::Day;
use jifen_data::{Account, Balance, Conservation};
use jifen_plan::{CurrencyIx, Plan};
use jifen_quantity::{Decimal, NumError};

use crate::error::EngineError;
use crate::fast::AccountSums;
use crate::store::Sums;

/// Openings by account.
pub(crate) type Opened = BTreeMap<Account, OpenedAccount>;

/// What was taken over for an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenedAccount {
    /// Sums, in order of currency.
    pub sums: Vec<(CurrencyIx, Decimal)>,
    /// Lines of currencies whose points lapse, in order of currency, day and amount; none of 0.
    pub lots: Vec<(CurrencyIx, Day, Decimal)>,
}

/// Balances in order of account and currency, and the conservation line of each currency.
pub(crate) fn close(
    plan: &Plan,
    opened: &Opened,
    mut sums: Vec<AccountSums>,
) -> Result<(Vec<Balance>, Vec<Conservation>), EngineError> {
    let key = |s: &AccountSums| (s.0, s.1);
    if !sums.is_sorted_by_key(key) {
        sums.sort_unstable_by_key(key);
    }
    // Accounts with an opening but without any run were in no sweep.
    let mut idle = Vec::new();
    for (account, lines) in opened {
        for (currency, amount) in &lines.sums {
            if sums
                .binary_search_by_key(&(*account, *currency), key)
                .is_err()
            {
                let sums = Sums {
                    opening: *amount,
                    ..Sums::default()
                };
                idle.push((*account, *currency, sums, Decimal::ZERO));
            }
        }
    }
    if !idle.is_empty() {
        sums.append(&mut idle);
        sums.sort_unstable_by_key(key);
    }
    let mut balances = Vec::with_capacity(sums.len());
    let mut lines: Vec<Conservation> = (0..plan.currencies.len())
        .map(|i| empty_line(CurrencyIx(u16::try_from(i).unwrap_or(u16::MAX))))
        .collect();
    for (account, currency, s, moved) in &sums {
        let overflow = |_| EngineError::TotalsOverflow(*currency);
        let balance = Balance {
            account: *account,
            currency: *currency,
            opening: s.opening,
            earned: s.earned,
            deducted: s.deducted,
            received: s.received,
            spent: s.spent,
            given: s.given,
            expired: s.expired,
            decayed: s.decayed,
            waived: s.waived,
            trimmed: s.trimmed,
            balance: s.balance().map_err(overflow)?,
        };
        let line = lines.get_mut(currency.ix());
        let line = line.ok_or(EngineError::Inconsistent("currency index"))?;
        add_up(
            line,
            &balance,
            opening_of(opened, *account, *currency),
            *moved,
        )
        .map_err(overflow)?;
        balances.push(balance);
    }
    for line in &mut lines {
        let ups = [line.opening, line.earned, line.received];
        let downs = [
            line.deducted,
            line.spent,
            line.given,
            line.expired,
            line.decayed,
        ];
        line.holds &= Decimal::net(&ups, &downs) == Ok(line.balance);
        line.holds &= line.received == line.given;
    }
    Ok((balances, lines))
}

fn opening_of(opened: &Opened, account: Account, currency: CurrencyIx) -> Decimal {
    if opened.is_empty() {
        return Decimal::ZERO;
    }
    let lines = opened.get(&account);
    let line = lines.and_then(|l| l.sums.iter().find(|(c, _)| *c == currency));
    line.map_or(Decimal::ZERO, |l| l.1)
}

fn empty_line(currency: CurrencyIx) -> Conservation {
    let zero = Decimal::ZERO;
    Conservation {
        currency,
        opening: zero,
        earned: zero,
        deducted: zero,
        received: zero,
        spent: zero,
        given: zero,
        expired: zero,
        decayed: zero,
        waived: zero,
        trimmed: zero,
        balance: zero,
        holds: true,
    }
}

/// Adds an account to its currency's line; its balance must be what was opened and what the ledger moved.
fn add_up(
    line: &mut Conservation,
    b: &Balance,
    opened: Decimal,
    moved: Decimal,
) -> Result<(), NumError> {
    line.opening = line.opening.add(b.opening)?;
    line.earned = line.earned.add(b.earned)?;
    line.deducted = line.deducted.add(b.deducted)?;
    line.received = line.received.add(b.received)?;
    line.spent = line.spent.add(b.spent)?;
    line.given = line.given.add(b.given)?;
    line.expired = line.expired.add(b.expired)?;
    line.decayed = line.decayed.add(b.decayed)?;
    line.waived = line.waived.add(b.waived)?;
    line.trimmed = line.trimmed.add(b.trimmed)?;
    line.balance = line.balance.add(b.balance)?;
    line.holds &= opened == b.opening && opened.add(moved)? == b.balance;
    Ok(())
}
