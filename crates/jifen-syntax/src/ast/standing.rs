//! Ranks, grades, flags and rights: how subjects stand when a period has closed (S30).

use super::{Expr, MeasureOf, Name, PeriodWord, RoundWord, RowKey, Span};

/// The head and body of a standing.
#[derive(Clone, Debug)]
pub struct StandingDecl {
    /// 第9条.
    pub article: Option<(u32, Span)>,
    /// Name.
    pub name: Name,
    /// 对象: the roster; what it reads says it, too.
    pub subject: Option<Name>,
    /// 每 楼栋, 全体: how groups stand, or everybody together.
    pub of: Option<MeasureOf>,
    /// 周期, 评定, 每季度: its period; what it reads says it, too.
    pub every: Option<(PeriodWord, Span)>,
    /// What it is.
    pub body: StandingBody,
    /// Something in it could not be read; reported.
    pub broken: bool,
}

/// What a standing is.
#[derive(Clone, Debug)]
pub enum StandingBody {
    /// `排名 年度榜 { … }`
    Rank(Box<RankBody>),
    /// `等级 考核等级 按 季度绩效 { … }`
    Grade(Box<GradeBody>),
    /// `标记 红牌 当 …`
    Flag(Box<FlagBody>),
    /// `权益 提案权 当 …`
    Right(Box<RightBody>),
}

/// By what is compared, and whether the smaller stands before.
#[derive(Clone, Debug)]
pub struct RankKey {
    /// A number.
    pub value: Expr,
    /// 低者在前 (true) or 高者在前, if written.
    pub low_first: Option<bool>,
}

/// The lines of a rank.
#[derive(Clone, Debug, Default)]
pub struct RankBody {
    /// 按
    pub by: Option<RankKey>,
    /// 分组
    pub within: Option<Name>,
    /// 参评范围
    pub among: Option<Expr>,
    /// 同分比较
    pub then: Vec<RankKey>,
    /// 并列 占位: equals leave gaps.
    pub ties: Option<(bool, Span)>,
    /// 取整
    pub round: Option<(RoundWord, Span)>,
    /// 末位并列 全取 (true) or 全不取
    pub at_line: Option<(bool, Span)>,
}

/// The lines of a grade.
#[derive(Clone, Debug, Default)]
pub struct GradeBody {
    /// 按: what the bounds of the rows are compared with.
    pub by: Option<Expr>,
    /// 降级
    pub fall: Option<(FallWord, Span)>,
    /// What vetoes of the score give, whatever the rows say: written there, said here by the compiler.
    pub vetoes: Vec<(Expr, Name)>,
    /// Levels, as written.
    pub rows: Vec<GradeRow>,
}

/// 允许, 逐级, 不降
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallWord {
    /// 允许
    Freely,
    /// 逐级
    Stepwise,
    /// 不降
    Never,
}

/// `优秀: 90 以上`
#[derive(Clone, Debug)]
pub struct GradeRow {
    /// The level.
    pub name: Name,
    /// Who has it.
    pub key: GradeKey,
    /// The whole row.
    pub span: Span,
}

/// Who has a level.
#[derive(Clone, Debug)]
pub enum GradeKey {
    /// 其余
    Rest,
    /// `当 条件`
    When(Expr),
    /// `前 20%`
    Top(Expr),
    /// `90 以上`, `不足 60`, `75 至 90`
    Bound(RowKey),
}

/// The condition of a flag.
#[derive(Clone, Debug)]
pub struct FlagBody {
    /// 提示: it only tells the council; nothing reads it.
    pub notice: bool,
    /// 当
    pub when: Expr,
    /// 连续 (true) or 累计, how many, and of the last how many.
    pub times: Option<FlagTimes>,
    /// 无值 跳过 (true) or 无值 中断
    pub gaps: Option<(bool, Span)>,
}

/// `连续 2个季度`, `累计 2个季度 近 4个季度`
#[derive(Clone, Debug)]
pub struct FlagTimes {
    /// 连续
    pub running: bool,
    /// How many.
    pub n: Expr,
    /// 近 n
    pub of_last: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// Who has a right, how much of it, and for how long.
#[derive(Clone, Debug)]
pub struct RightBody {
    /// `当 … { 1.5票 }`, in written order.
    pub cases: Vec<(Expr, Option<Expr>)>,
    /// `否则 { 1票 }`
    pub rest: Option<Expr>,
    /// 有效
    pub valid: Option<(RightValid, Span)>,
}

/// For how long a right holds.
#[derive(Clone, Debug)]
pub enum RightValid {
    /// 次年, 次季度 …: through the period after.
    Next(PeriodWord),
    /// 12个月
    For(Expr),
}
