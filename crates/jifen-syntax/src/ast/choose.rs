//! `择一 取高 每 事迹`, `择优 3次 每月`.

use super::{Name, Quantity, Span, WindowWord, YearFrom};

/// Which awards of a deed or a period count.
#[derive(Clone, Debug)]
pub struct ChooseStmt {
    /// 择优: how many count, `None` where the number is missing; 择一 has none.
    pub best: Option<Option<(Quantity, Span)>>,
    /// 取高 (false) or 取先 (true).
    pub first: Option<(bool, Span)>,
    /// A number beside 择一.
    pub stray: Option<Span>,
    /// 全体: everybody together.
    pub everyone: Option<Span>,
    /// `每 事迹`; a group takes the account's place.
    pub keys: Vec<Name>,
    /// Window.
    pub window: Option<(WindowWord, Span)>,
    /// `自 入住日` after 每年.
    pub year_from: Option<(YearFrom, Span)>,
}
