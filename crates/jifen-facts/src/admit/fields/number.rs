//! Numbers as columns: as narrow as they fit, in held units, inside their range.

use super::{FieldJob, missing};
use crate::admit::{held, too_large};
use crate::fault::CellFault;
use crate::value::{number, trim};
use crate::view::{Integers, View};
use jifen_data::Numbers;
use jifen_data::column::BLANK;
use jifen_diag::text;
use jifen_plan::{Field, FieldType};
use jifen_quantity::{Decimal, Dim};

/// The quick way of a typed column of numbers.
struct Plain {
    scale: u8,
    factor: i128,
    low: i128,
    high: i128,
}

/// Numbers: narrow while they fit.
pub(in crate::admit) struct NumberAcc {
    pub numbers: Numbers,
    dim: Dim,
    percent: bool,
    whole: bool,
    range: Option<(Decimal, Decimal)>,
}

impl NumberAcc {
    pub fn new(field: &Field) -> Self {
        NumberAcc {
            numbers: Numbers::Narrow {
                scale: 0,
                values: Vec::new(),
            },
            dim: match field.ty {
                FieldType::Number(dim) => dim,
                _ => Dim::PURE,
            },
            percent: field.ty == FieldType::Percent,
            whole: field.whole,
            range: field.range,
        }
    }

    pub fn read(
        &mut self,
        job: &FieldJob<'_>,
        view: View<'_>,
        times: Option<Decimal>,
        sink: &mut dyn FnMut(usize, CellFault),
    ) {
        if let View::Typed(array) = view
            && let Some(integers) = Integers::new(array)
        {
            let plain = self.plain_factor(integers.scale, times);
            for (i, &row) in job.rows.iter().enumerate() {
                let mantissa = integers.get(row as usize);
                if let (Some(plain), Some(mantissa)) = (&plain, mantissa)
                    && self.push_plain(plain, mantissa)
                {
                    continue;
                }
                let value = mantissa.map(|m| Decimal::new(m, integers.scale));
                let result = match value {
                    None if job.field.required => Err(missing(&job.field.name)),
                    None => Ok(None),
                    Some(value) => self.accept(value, times, &|| match mantissa {
                        Some(_) => view.text(row as usize, job.zone).into_owned(),
                        None => String::new(),
                    }),
                };
                self.push_or(result, i, sink);
            }
            return;
        }
        for (i, &row) in job.rows.iter().enumerate() {
            let cell = view.text(row as usize, job.zone);
            let cell = trim(&cell);
            let result = if cell.is_empty() {
                match job.field.required {
                    true => Err(missing(&job.field.name)),
                    false => Ok(None),
                }
            } else {
                let read = match self.percent && times.is_none() {
                    true => number::percent(cell),
                    false => number::decimal(cell),
                };
                read.and_then(|n| self.accept(Some(n), times, &|| cell.to_owned()))
            };
            self.push_or(result, i, sink);
        }
    }

    /// How mantissas of a typed column become held ones, if that is a multiplication by a whole number.
    fn plain_factor(&mut self, scale: u8, times: Option<Decimal>) -> Option<Plain> {
        let factor = held(times.unwrap_or(Decimal::ONE), self.dim)?;
        let mut scale = scale.checked_add(factor.scale())?;
        let mut factor = factor.mantissa();
        while scale > 0 && factor % 10 == 0 && factor != 0 {
            factor /= 10;
            scale -= 1;
        }
        let Numbers::Narrow {
            scale: have,
            values,
        } = &mut self.numbers
        else {
            return None;
        };
        if scale > *have && !raise(values, have, scale) {
            return None;
        }
        factor = factor.checked_mul(10_i128.checked_pow(u32::from(*have - scale))?)?;
        let (mut low, high) = match self.range {
            None => (i128::MIN, i128::MAX),
            Some((low, high)) => (low.rescale(*have)?, high.rescale(*have)?),
        };
        if self.dim == Dim::DURATION {
            low = low.max(0);
        }
        (!self.whole).then_some(Plain {
            scale: *have,
            factor,
            low,
            high,
        })
    }

    /// Appends a held mantissa; false (and nothing done) where it needs a closer look.
    fn push_plain(&mut self, plain: &Plain, mantissa: i128) -> bool {
        let Numbers::Narrow { scale, values } = &mut self.numbers else {
            return false;
        };
        let value = mantissa.checked_mul(plain.factor);
        let value = value.filter(|v| plain.low <= *v && *v <= plain.high);
        match value.and_then(|v| i64::try_from(v).ok()) {
            Some(v) if v != BLANK && *scale == plain.scale => {
                values.push(v);
                true
            }
            _ => false,
        }
    }

    fn push_or(
        &mut self,
        result: Result<Option<Decimal>, CellFault>,
        i: usize,
        sink: &mut dyn FnMut(usize, CellFault),
    ) {
        match result {
            Ok(value) => self.push(value),
            Err(fault) => {
                self.push(None);
                sink(i, fault);
            }
        }
    }

    /// The held value of a number that was read, within its range.
    fn accept(
        &self,
        number: Option<Decimal>,
        times: Option<Decimal>,
        shown: &dyn Fn() -> String,
    ) -> Result<Option<Decimal>, CellFault> {
        let number = number.ok_or_else(|| too_large(&shown()))?;
        let number = match times {
            Some(times) => number.mul(times).map_err(|_| too_large(&shown()))?,
            None => number,
        };
        let value = held(number, self.dim).ok_or_else(|| too_large(&shown()))?;
        if self.dim == Dim::DURATION && value.is_negative() {
            return Err(negative(&shown()));
        }
        if self.whole && !number.is_integer() {
            return Err(not_whole(&shown()));
        }
        if let Some((low, high)) = self.range
            && (value < low || value > high)
        {
            return Err(out_of_range(&shown(), low, high, self.dim));
        }
        Ok(Some(value))
    }

    pub fn push(&mut self, value: Option<Decimal>) {
        if let Numbers::Narrow { scale, values } = &mut self.numbers {
            let Some(value) = value else {
                values.push(BLANK);
                return;
            };
            if value.scale() > *scale && !raise(values, scale, value.scale()) {
                self.widen();
            }
        }
        match (&mut self.numbers, value) {
            (Numbers::Wide(values), value) => values.push(value),
            (Numbers::Narrow { scale, values }, Some(value)) => {
                let narrow = value.rescale(*scale).and_then(|m| i64::try_from(m).ok());
                match narrow.filter(|m| *m != BLANK) {
                    Some(m) => values.push(m),
                    None => {
                        self.widen();
                        self.push(Some(value));
                    }
                }
            }
            (Numbers::Narrow { values, .. }, None) => values.push(BLANK),
        }
    }

    fn widen(&mut self) {
        let count = match &self.numbers {
            Numbers::Narrow { values, .. } => values.len(),
            Numbers::Wide(_) => return,
        };
        let wide = (0..count).map(|i| self.numbers.get(i)).collect();
        self.numbers = Numbers::Wide(wide);
    }
}

/// Writes the mantissas with more digits; false (and nothing changed) if one does not fit.
fn raise(values: &mut [i64], scale: &mut u8, to: u8) -> bool {
    let Some(factor) = 10_i64.checked_pow(u32::from(to - *scale)) else {
        return false;
    };
    let fits = |v: &i64| *v == BLANK || v.checked_mul(factor).is_some_and(|m| m != BLANK);
    if !values.iter().all(fits) {
        return false;
    }
    for value in values.iter_mut().filter(|v| **v != BLANK) {
        *value *= factor;
    }
    *scale = to;
    true
}

fn negative(cell: &str) -> CellFault {
    CellFault::new(
        "number_negative",
        text!(
            zh = "时长“{cell}”小于 0",
            en = "the length of time “{cell}” is below 0"
        ),
        text!(
            zh = "核对后写正数",
            en = "look it up and write a positive number"
        ),
    )
}

fn not_whole(cell: &str) -> CellFault {
    CellFault::new(
        "not_whole",
        text!(
            zh = "“{cell}”不是整数",
            en = "“{cell}” is not a whole number"
        ),
        text!(
            zh = "这一项只收整数",
            en = "this field takes whole numbers only"
        ),
    )
}

fn out_of_range(cell: &str, low: Decimal, high: Decimal, dim: Dim) -> CellFault {
    let shown = |d: Decimal| match dim == Dim::DURATION {
        true => d.div(Decimal::from_int(3600)).unwrap_or(d),
        false => d,
    };
    let (low, high) = (shown(low), shown(high));
    CellFault::new(
        "out_of_range",
        text!(
            zh = "“{cell}”不在 {low} 至 {high} 之间",
            en = "“{cell}” is not between {low} and {high}"
        ),
        text!(
            zh = "政策规定这一项在 {low} 至 {high} 之间",
            en = "the policy limits this field to {low} to {high}"
        ),
    )
}
