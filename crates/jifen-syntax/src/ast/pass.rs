//! What an item gives to another account: `计入 户`, `另计 联络员 30%`, `转计 户 30%`.

use super::{CapStmt, Expr, Name, Span};

/// `计入 可用积分、终身积分`; `计入 户 [的 年度分] [无则 …] [{ 上限 … }]`
#[derive(Clone, Debug)]
pub struct CreditStmt {
    /// Points; or, alone, the reference that names another account.
    pub names: Vec<Name>,
    /// `维修.师傅`: the reference is this field of the joined record that `names` holds.
    pub member: Option<Name>,
    /// The points after 的: then `names` is a reference.
    pub points: Option<Vec<Name>>,
    /// What happens where the reference is blank, and the caps of what the other receives.
    pub tail: PassTail,
}

/// `另计 联络员 [的 可用积分] 30% [当 …] [无则 …] [{ 上限 … }]`, or 转计.
#[derive(Clone, Debug)]
pub struct PassStmt {
    /// Which.
    pub word: PassWord,
    /// The reference that names the other account, or the joined record whose field does.
    pub to: Name,
    /// `维修.师傅`: the reference is this field of the joined record `to`.
    pub member: Option<Name>,
    /// The points after 的.
    pub points: Option<Vec<Name>>,
    /// How much.
    pub value: Expr,
    /// Tail.
    pub when: Option<Expr>,
    /// What happens where the reference is blank, and the caps of what the other receives.
    pub tail: PassTail,
}

/// 另计 or 转计.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassWord {
    /// 另计: in addition to the award.
    Also,
    /// 转计: taken from the award.
    On,
}

/// 无则 略过 or 无则 待补.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoneWord {
    /// As if the statement were not written.
    Skip,
    /// The award cannot tell until somebody is named.
    Wait,
}

/// How those whom a reference of several names share in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyWord {
    /// 各: each of them gets it.
    Each,
    /// 均分: it is divided equally.
    Equally,
}

/// What may follow.
#[derive(Clone, Debug, Default)]
pub struct PassTail {
    /// 各 or 均分.
    pub many: Option<(ManyWord, Span)>,
    /// 无则 …
    pub none: Option<(NoneWord, Span)>,
    /// Caps of what the other receives.
    pub caps: Vec<(CapStmt, Span)>,
}
