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
    let mut totals = vec![Total::default(); plan.currencies.len()];
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
        let total = totals.get_mut(currency.ix());
        let total = total.ok_or(EngineError::Inconsistent("currency index"))?;
        let opened = opening_of(opened, *account, *currency);
        total
            .add(s, balance.balance, opened, *moved)
            .map_err(overflow)?;
        balances.push(balance);
    }
    let lines = (0_u16..).map(CurrencyIx).zip(totals);
    Ok((balances, lines.map(|(c, t)| t.line(c)).collect()))
}

/// What all accounts have of a currency.
#[derive(Clone)]
struct Total {
    sums: Sums,
    /// Added up by account.
    balance: Decimal,
    /// Each account has what was opened and what the ledger moved.
    each: bool,
}

impl Default for Total {
    fn default() -> Total {
        Total {
            sums: Sums::default(),
            balance: Decimal::ZERO,
            each: true,
        }
    }
}

impl Total {
    fn add(
        &mut self,
        sums: &Sums,
        balance: Decimal,
        opened: Decimal,
        moved: Decimal,
    ) -> Result<(), NumError> {
        self.sums = self.sums.plus(sums)?;
        self.balance = self.balance.add(balance)?;
        self.each &= opened == sums.opening && opened.add(moved)? == balance;
        Ok(())
    }

    /// S22: each account, the whole, and what was given was received.
    fn line(self, currency: CurrencyIx) -> Conservation {
        let s = self.sums;
        let whole = s.balance() == Ok(self.balance) && s.received == s.given;
        Conservation {
            currency,
            opening: s.opening,
            earned: s.earned,
            received: s.received,
            deducted: s.deducted,
            spent: s.spent,
            given: s.given,
            expired: s.expired,
            decayed: s.decayed,
            waived: s.waived,
            trimmed: s.trimmed,
            balance: self.balance,
            holds: self.each && whole,
        }
    }
}

fn opening_of(opened: &Opened, account: Account, currency: CurrencyIx) -> Decimal {
    if opened.is_empty() {
        return Decimal::ZERO;
    }
    let lines = opened.get(&account);
    let line = lines.and_then(|l| l.sums.iter().find(|(c, _)| *c == currency));
    line.map_or(Decimal::ZERO, |l| l.1)
}
