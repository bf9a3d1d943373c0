//! 择一 and 择优: which awards of one deed count (S13, decision 014).

use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::model::TallyIx;

/// A choice as it stands in one item: after the lines that make the amount and the review, before every cap with a memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choose {
    /// Among which awards: clause, holder and window; its values are kept apart from what caps are charged.
    pub among: TallyIx,
    /// Further keys (`每 事迹`). They stand here and not in the tally, since each record has its own field of that name.
    pub keys: Vec<ExprId>,
    /// How many count.
    pub pick: Pick,
}

/// Which of the awards of one key and window count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pick {
    /// 取先: the first.
    First,
    /// 取高 (1), 择优 n次: the n largest.
    Best(u16),
}
