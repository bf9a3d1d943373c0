//! A printed calculation as plain data, and its text; nothing here computes.
//!
//! Whatever is printed can be done again by hand from its own operands: `10分/小时 × 4小时 = 40分`. Durations count in
//! hours (`3小时20分钟` is 10/3), `50%` is 0.5, `=` is exact and `≈` means: rounded once to 18 digits, half to even.
//! Functions: 取小, 取大, 整除 (whole quotient, downwards) and the four rounding words, `四舍五入(值, 倍数)`.

use jifen_diag::Lang;
use jifen_quantity::Rounding;
use serde::Serialize;

/// An operand or an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A number with its unit.
    Number(Quantity),
    /// A word, day or instant; only in comparisons.
    Word {
        /// The word; days and instants as `2026-04-03`, `2026-04-03 21:00`.
        text: String,
        /// What it is the value of.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A list of words; only in comparisons.
    Words(Vec<String>),
    /// An operation.
    Op {
        /// Which.
        op: Op,
        /// Its operands.
        args: Vec<Term>,
    },
}

/// A number as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// The number that is meant, times [`Quantity::per`], as a plain decimal.
    pub value: String,
    /// 1; 3600 for a duration, whose `value` is in seconds while the number that is meant is in hours; 100 for percent.
    pub per: u32,
    /// The number with its unit, as printed.
    pub text: String,
    /// What it is the value of (a field, a parameter …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// a + b + …
    Add,
    /// a − b
    Sub,
    /// a × b × …
    Mul,
    /// a ÷ b
    Div,
    /// −a
    Neg,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// ⌊a ÷ b⌋
    Whole,
    /// a rounded to a multiple of b, half away from zero.
    RoundHalfUp,
    /// … away from zero.
    RoundUp,
    /// … towards zero.
    RoundDown,
    /// … half to the even multiple.
    RoundHalfEven,
}

impl Op {
    /// The operation of a rounding mode.
    #[must_use]
    pub fn rounding(mode: Rounding) -> Op {
        match mode {
            Rounding::HalfUp => Op::RoundHalfUp,
            Rounding::Up => Op::RoundUp,
            Rounding::Down => Op::RoundDown,
            Rounding::HalfEven => Op::RoundHalfEven,
        }
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            Op::Add => " + ",
            Op::Sub => " − ",
            Op::Mul => " × ",
            Op::Div => " ÷ ",
            Op::Neg => "−",
            Op::Min => lang.pick("取小", "min"),
            Op::Max => lang.pick("取大", "max"),
            Op::Whole => lang.pick("整除", "whole_quotient"),
            Op::RoundHalfUp => lang.pick("四舍五入", "round_half_up"),
            Op::RoundUp => lang.pick("进一", "round_up"),
            Op::RoundDown => lang.pick("舍去", "round_down"),
            Op::RoundHalfEven => lang.pick("四舍六入五成双", "round_half_even"),
        }
    }

    /// How tightly it binds: 1 sums, 2 products, 3 signs, 4 functions and operands.
    fn rank(self) -> u8 {
        match self {
            Op::Add | Op::Sub => 1,
            Op::Mul | Op::Div => 2,
            Op::Neg => 3,
            _ => 4,
        }
    }
}

/// How two terms compare; what is printed is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Relation {
    /// =
    #[serde(rename = "=")]
    Equal,
    /// ≠
    #[serde(rename = "≠")]
    NotEqual,
    /// ≥
    #[serde(rename = "≥")]
    AtLeast,
    /// >
    #[serde(rename = ">")]
    Above,
    /// ≤
    #[serde(rename = "≤")]
    AtMost,
    /// <
    #[serde(rename = "<")]
    Below,
    /// Is one of the words.
    #[serde(rename = "∈")]
    In,
    /// Is none of the words.
    #[serde(rename = "∉")]
    NotIn,
}

impl Relation {
    /// Its sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Relation::Equal => "=",
            Relation::NotEqual => "≠",
            Relation::AtLeast => "≥",
            Relation::Above => ">",
            Relation::AtMost => "≤",
            Relation::Below => "<",
            Relation::In => "∈",
            Relation::NotIn => "∉",
        }
    }

    /// What is true when this is not.
    #[must_use]
    pub fn opposite(self) -> Relation {
        match self {
            Relation::Equal => Relation::NotEqual,
            Relation::NotEqual => Relation::Equal,
            Relation::AtLeast => Relation::Below,
            Relation::Above => Relation::AtMost,
            Relation::AtMost => Relation::Above,
            Relation::Below => Relation::AtLeast,
            Relation::In => Relation::NotIn,
            Relation::NotIn => Relation::In,
        }
    }
}

/// A comparison that is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Left side.
    pub left: Term,
    /// Relation.
    pub relation: Relation,
    /// Right side.
    pub right: Term,
    /// The comparison alone, as printed: `2.5小时 ≥ 2小时`.
    pub formula: String,
    /// As printed, with what it is about: `时长：2.5小时 ≥ 2小时`.
    pub text: String,
}

impl Check {
    /// A comparison with its text.
    #[must_use]
    pub fn new(left: Term, relation: Relation, right: Term, lang: Lang) -> Check {
        let formula = format!(
            "{} {} {}",
            left.text(lang),
            relation.sign(),
            right.text(lang)
        );
        let text = match left.name() {
            Some(name) => format!("{name}{}{formula}", lang.pick("：", ": ")),
            None => formula.clone(),
        };
        Check {
            left,
            relation,
            right,
            formula,
            text,
        }
    }
}

/// A calculation: the comparisons that led to it, what is computed, and the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Calc {
    /// What the result is the value of, in words (an expression of the policy); empty when plain.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Comparisons that chose this calculation; all true.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Check>,
    /// What is computed.
    pub left: Term,
    /// The result is rounded to 18 digits, half to even.
    pub rounded: bool,
    /// The result.
    pub result: Quantity,
    /// The calculation alone, as printed: `left = result`, or only the result where nothing is computed.
    pub formula: String,
    /// As printed, with the comparisons before it.
    pub text: String,
}

impl Calc {
    /// A calculation with its text.
    #[must_use]
    pub fn new(given: Vec<Check>, left: Term, rounded: bool, result: Quantity, lang: Lang) -> Calc {
        let checks: Vec<&str> = given.iter().map(|c| c.text.as_str()).collect();
        let mut text = checks.join(lang.pick("，", ", "));
        if !text.is_empty() {
            text.push_str(lang.pick("：", ": "));
        }
        let mut formula = left.text(lang);
        if formula != result.text {
            formula.push_str(if rounded { " ≈ " } else { " = " });
            formula.push_str(&result.text);
        }
        text.push_str(&formula);
        Calc {
            name: String::new(),
            given,
            left,
            rounded,
            result,
            formula,
            text,
        }
    }
}

impl Term {
    /// What it is the value of.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Term::Number(q) => q.name.as_deref(),
            Term::Word { name, .. } => name.as_deref(),
            _ => None,
        }
    }

    /// An operation on two terms.
    #[must_use]
    pub fn op(op: Op, args: Vec<Term>) -> Term {
        Term::Op { op, args }
    }

    /// As printed.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Term::Number(q) => q.text.clone(),
            Term::Word { text, .. } => text.clone(),
            Term::Words(words) => {
                let list = words.join(lang.pick("、", ", "));
                lang.pick(format!("（{list}）"), format!("({list})"))
            }
            Term::Op { op, args } if op.rank() == 4 => {
                let list: Vec<String> = args.iter().map(|a| a.text(lang)).collect();
                format!("{}({})", op.word(lang), list.join(", "))
            }
            Term::Op { op: Op::Neg, args } => {
                let inner: Vec<String> = args.iter().map(|a| a.inside(4, lang)).collect();
                format!("−{}", inner.join(""))
            }
            Term::Op { op, args } => {
                let parts: Vec<String> = args
                    .iter()
                    .enumerate()
                    .map(|(i, a)| a.inside(op.rank() + u8::from(i > 0), lang))
                    .collect();
                parts.join(op.word(lang))
            }
        }
    }

    /// As printed inside an operation, in parentheses where needed.
    fn inside(&self, rank: u8, lang: Lang) -> String {
        let text = self.text(lang);
        let own = match self {
            Term::Op { op, .. } => op.rank(),
            Term::Number(q) if q.text.starts_with('−') => 1,
            _ => 4,
        };
        if own < rank {
            format!("({text})")
        } else {
            text
        }
    }
}
