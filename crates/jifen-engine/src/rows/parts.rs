//! Small helpers of the kernels: constants as columns, tables of numbers at one scale, reasons put in their places.

use jifen_calendar::Day;
use jifen_plan::{ExprId, Value};
use jifen_quantity::Decimal;

use super::column::{Bad, Col, Data, Nums};
use crate::error::Stop;
use crate::world::Val;

/// The values of an attribute as mantissas of one scale, where they are few numbers.
pub(super) fn narrow_values(values: &indexmap::IndexSet<Value>) -> Option<(u8, Vec<i64>)> {
    const FEW: usize = 1_024;
    let number = |v: &Value| match v {
        Value::Num(n) => Some(*n),
        _ => None,
    };
    if values.is_empty() || values.len() > FEW {
        return None;
    }
    let numbers: Vec<Decimal> = values.iter().map(number).collect::<Option<_>>()?;
    let scale = numbers.iter().map(|n| n.scale()).max()?;
    let mantissas = numbers
        .iter()
        .map(|n| i64::try_from(n.rescale(scale)?).ok());
    Some((scale, mantissas.collect::<Option<_>>()?))
}

pub(super) fn same_scale(a: &Data<'_>, b: &Data<'_>, scale: u8) -> Option<(Vec<i64>, Vec<i64>)> {
    match (a, b) {
        (Data::Num(a), Data::Num(b)) => Some((a.at_scale(scale)?, b.at_scale(scale)?)),
        _ => None,
    }
}

pub(super) fn narrow_bounds(q: &Nums, bands: &[(Decimal, ExprId)]) -> Option<Vec<i64>> {
    let Nums::Narrow(scale, _) = q else {
        return None;
    };
    bands
        .iter()
        .map(|(b, _)| i64::try_from(b.rescale(*scale)?).ok())
        .collect()
}

pub(super) fn days_of(col: &Col<'_>, n: usize) -> std::result::Result<Vec<Day>, Stop> {
    let one = |i: usize| match col.at(i) {
        Some(Val::Date(d)) => Ok(d),
        Some(Val::Instant(t)) => Ok(t.day()),
        _ if col.bad_at(i).is_some() => Ok(Day(0)),
        _ => Err(Stop::Plan("an expression of the wrong type")),
    };
    (0..n).map(one).collect()
}

pub(super) fn constant<'w>(value: &'w Value, n: usize) -> Col<'w> {
    match value {
        Value::Num(d) => constant_number(*d, n),
        Value::YesNo(b) => Col::good(Data::Bool(vec![*b; n])),
        Value::Date(d) => Col::good(Data::Day(vec![d.0; n])),
        Value::Instant(i) => Col::good(Data::Instant(vec![i.0; n])),
        other => Col::good(Data::Any(vec![Val::of(other); n])),
    }
}

pub(super) fn constant_number<'w>(d: Decimal, n: usize) -> Col<'w> {
    Col::good(Data::Num(match i64::try_from(d.mantissa()) {
        Ok(m) => Nums::Narrow(d.scale(), vec![m; n]),
        Err(_) => Nums::Wide(vec![d; n]),
    }))
}

pub(super) fn set(bad: &mut Option<Vec<Bad>>, n: usize, i: usize, why: Bad) {
    let list = bad.get_or_insert_with(|| vec![Bad::NONE; n]);
    if let Some(slot) = list.get_mut(i) {
        *slot = why;
    }
}

pub(super) fn set_bool(truth: &mut [bool], i: usize, value: bool) {
    if let Some(slot) = truth.get_mut(i) {
        *slot = value;
    }
}
