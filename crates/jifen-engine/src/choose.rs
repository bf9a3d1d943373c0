//! 择一 and 择优 (S13): what one more award of a deed adds to those that count.

use jifen_data::StepDetail;
use jifen_plan::{Choose, Pick};
use jifen_quantity::{Decimal, NumError};

use crate::error::Stop;
use crate::run::{Progress, Run};
use crate::store::{Stood, Store};

impl<'w> Run<'w> {
    /// A choice: the running value becomes what it adds. Nothing is remembered until it is posted.
    pub(crate) fn choose(
        &mut self,
        at: usize,
        choose: &'w Choose,
        progress: &mut Progress,
        store: &mut Store,
    ) -> Result<(), Stop> {
        let value = progress.running;
        progress.before_caps.get_or_insert(value);
        if !value.is_positive() {
            return Ok(());
        }
        let key = self.tally_key_with(choose.among, &choose.keys, store)?;
        let over = store.stood(&key).and_then(|s| to_exceed(choose.pick, s));
        progress.running = match over {
            None => value,
            Some(over) => adds(choose.pick, value, over)?,
        };
        progress.stood = Some((key, value));
        self.step(at, value, progress.running, StepDetail::Chosen(over));
        Ok(())
    }
}

/// The smallest of those that count so far, if no place is free: the first, or the n-th largest.
fn to_exceed(pick: Pick, stood: &Stood) -> Option<Decimal> {
    match pick {
        Pick::First => Some(stood.first),
        Pick::Best(n) => {
            let place = stood.sorted.len().checked_sub(usize::from(n))?;
            stood.sorted.get(place).copied()
        }
    }
}

fn adds(pick: Pick, value: Decimal, over: Decimal) -> Result<Decimal, NumError> {
    match pick {
        Pick::Best(1..) if value > over => value.sub(over),
        Pick::First | Pick::Best(_) => Ok(Decimal::ZERO),
    }
}
