//! Campaigns: the days on which they hold, as written.

use super::{DateLit, Name, Span, Stmt};

/// `活动期 春节平安 { 期间 … 倍率 … 上限 … }`
#[derive(Clone, Debug)]
pub struct CampaignDecl {
    /// Name.
    pub name: Name,
    /// 期间, 倍率, 上限, 同时符合 in written order.
    pub stmts: Vec<Stmt>,
}

/// `2026年2月1日 至 2026年3月3日`, `农历 腊月廿三 至 正月十五`, `中秋`: both ends belong to it.
#[derive(Clone, Debug)]
pub struct DayRange {
    /// First day.
    pub from: DayEnd,
    /// Last day, where it is not the first.
    pub to: Option<DayEnd>,
    /// Where.
    pub span: Span,
}

/// An end of a range of days.
#[derive(Clone, Copy, Debug)]
pub struct DayEnd {
    /// Which day.
    pub kind: DayEndKind,
    /// Where.
    pub span: Span,
}

/// A day of one year, or one that comes every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEndKind {
    /// A civil date.
    Civil(DateLit),
    /// A day of the lunar year.
    Lunar(LunarLit),
    /// A feast by name.
    Feast(Feast),
}

/// `闰六月初一`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LunarLit {
    /// Month 1–12 as written.
    pub month: u8,
    /// 闰
    pub leap: bool,
    /// Day as written (may be impossible: check reports); `None` for 末, the last day.
    pub day: Option<u8>,
    /// 农历 stands before it.
    pub marked: bool,
}

/// Feasts known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feast {
    /// 春节, 正月初一
    Spring,
    /// 元宵, 正月十五
    Lantern,
    /// 清明, the solar term
    Qingming,
    /// 端午, 五月初五
    DragonBoat,
    /// 七夕, 七月初七
    Qixi,
    /// 中秋, 八月十五
    MidAutumn,
    /// 重阳, 九月初九
    DoubleNinth,
    /// 腊八, 腊月初八
    Laba,
    /// 除夕, the last day of 腊月
    NewYearsEve,
}
