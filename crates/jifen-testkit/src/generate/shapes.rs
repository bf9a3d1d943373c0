//! What records and rosters hold: the fields and attributes of every generated policy.

use super::tree::{Shape, U};

/// A field's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ft {
    /// 文本
    Text,
    /// 数 or a unit.
    Num(U),
    /// 是否
    YesNo,
    /// 日期
    Date,
    /// 选项
    Choice(&'static [&'static str]),
    /// 组
    Group,
    /// 居民
    Ref,
    /// 居民 多个
    Refs,
    /// 时段
    Span,
}

/// Options.
pub const GRADES: &[&str] = &["一等", "二等", "三等"];
/// Roles.
pub const ROLES: &[&str] = &["楼道长", "代表", "普通"];

/// Attributes of the roster 居民.
pub const ATTRS: &[(&str, Ft)] = &[
    ("家庭", Ft::Group),
    ("社区", Ft::Group),
    ("出生", Ft::Date),
    ("角色", Ft::Choice(ROLES)),
    ("系数", Ft::Num(U::Pure)),
    ("联络", Ft::Ref),
    ("家长", Ft::Refs),
];

impl Shape {
    /// Its fields.
    #[must_use]
    pub fn fields(self) -> &'static [(&'static str, Ft)] {
        match self {
            Shape::Event => &[
                ("场次", Ft::Text),
                ("等次", Ft::Choice(GRADES)),
                ("优秀", Ft::YesNo),
                ("时数", Ft::Num(U::Hours)),
                ("金额", Ft::Num(U::Yuan)),
                ("次数", Ft::Num(U::Times)),
                ("比例", Ft::Num(U::Percent)),
                ("认定", Ft::Date),
                ("伙伴", Ft::Ref),
            ],
            Shape::Span => &[
                ("起止", Ft::Span),
                ("隐患", Ft::YesNo),
                ("次数", Ft::Num(U::Times)),
                ("片区", Ft::Choice(GRADES)),
            ],
            Shape::Monthly => &[("比例", Ft::Num(U::Percent)), ("次数", Ft::Num(U::Times))],
            Shape::Graded => &[("分值", Ft::Num(U::Points)), ("次数", Ft::Num(U::Times))],
        }
    }
}
