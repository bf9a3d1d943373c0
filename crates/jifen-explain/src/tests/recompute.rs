//! A small evaluator of printed calculations that knows nothing of jifen: it reads the JSON of a statement and its texts,
//! and does every sum again in fractions.

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{One, Signed, Zero};
use serde_json::Value as Json;

type R<T> = Result<T, String>;

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or("")
}

fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}

/// `-?digits[.digits]`.
pub fn decimal(text: &str) -> R<Q> {
    let clean = text.replace('−', "-");
    let (negative, digits) = match clean.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, clean.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa: BigInt = format!("{whole}{fraction}")
        .parse()
        .map_err(|_| format!("not a number: {text}"))?;
    let scale = BigInt::from(10).pow(u32::try_from(fraction.len()).unwrap_or(0));
    let q = Q::new(mantissa, scale);
    Ok(if negative { -q } else { q })
}

/// To a multiple of `step`: `half_up`, `up`, `down`, `half_even`, on the magnitude.
fn round(x: &Q, step: &Q, mode: &str) -> Q {
    let n = (x / step).abs();
    let down = n.floor();
    let rest = &n - &down;
    let half = Q::new(1.into(), 2.into());
    let odd = (down.to_integer() % BigInt::from(2)) != BigInt::zero();
    let up = match mode {
        "down" => false,
        "up" => !rest.is_zero(),
        "half_up" => rest >= half,
        _ => rest > half || (rest == half && odd),
    };
    let n = if up { down + Q::one() } else { down };
    let size = n * step.abs();
    if x.is_negative() { -size } else { size }
}

fn eighteen(x: &Q) -> Q {
    round(x, &Q::new(1.into(), BigInt::from(10).pow(18)), "half_even")
}

fn apply(op: &str, args: &[Q]) -> R<Q> {
    let two = || match args {
        [a, b] => Ok((a.clone(), b.clone())),
        _ => Err(format!("{op} takes two operands")),
    };
    Ok(match op {
        "add" => args.iter().fold(Q::zero(), |s, a| s + a),
        "sub" => two().map(|(a, b)| a - b)?,
        "mul" => args.iter().fold(Q::one(), |s, a| s * a),
        "div" => {
            let (a, b) = two()?;
            if b.is_zero() {
                return Err("division by zero".to_owned());
            }
            a / b
        }
        "neg" => -args.first().cloned().ok_or("nothing to negate")?,
        "min" => args.iter().min().cloned().ok_or("empty min")?,
        "max" => args.iter().max().cloned().ok_or("empty max")?,
        "whole" => two().map(|(a, b)| (a / b).floor())?,
        "round_half_up" => two().map(|(a, b)| round(&a, &b, "half_up"))?,
        "round_up" => two().map(|(a, b)| round(&a, &b, "up"))?,
        "round_down" => two().map(|(a, b)| round(&a, &b, "down"))?,
        "round_half_even" => two().map(|(a, b)| round(&a, &b, "half_even"))?,
        other => return Err(format!("unknown operation {other}")),
    })
}

fn quantity(q: &Json) -> R<Q> {
    let per = q.get("per").and_then(Json::as_i64).ok_or("no per")?;
    Ok(decimal(text(q, "value"))? / Q::from_integer(per.into()))
}

/// The value of a term from its data.
pub fn term(json: &Json) -> R<Q> {
    if let Some(n) = json.get("number") {
        return quantity(n);
    }
    let op = json
        .get("op")
        .ok_or_else(|| format!("not a number: {json}"))?;
    let args: R<Vec<Q>> = list(op, "args").iter().map(term).collect();
    apply(text(op, "op"), &args?)
}

/// Reads a printed expression.
struct Reader<'a> {
    rest: &'a str,
}

const FUNCTIONS: [(&str, &str); 12] = [
    ("取小", "min"),
    ("取大", "max"),
    ("整除", "whole"),
    ("四舍五入", "round_half_up"),
    ("进一", "round_up"),
    ("舍去", "round_down"),
    ("四舍六入五成双", "round_half_even"),
    ("min", "min"),
    ("max", "max"),
    ("whole_quotient", "whole"),
    ("round_half_up", "round_half_up"),
    ("round_half_even", "round_half_even"),
];

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> R<Q> {
        let mut value = self.product()?;
        loop {
            if self.eat("+") {
                value += self.product()?;
            } else if self.eat("−") {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> R<Q> {
        let mut value = self.factor()?;
        loop {
            if self.eat("×") {
                value *= self.factor()?;
            } else if self.eat("÷") {
                value = apply("div", &[value, self.factor()?])?;
            } else {
                return Ok(value);
            }
        }
    }

    fn factor(&mut self) -> R<Q> {
        if self.eat("−") {
            return Ok(-self.factor()?);
        }
        if self.eat("(") {
            let value = self.sum()?;
            return match self.eat(")") {
                true => Ok(value),
                false => Err(format!("no closing parenthesis before “{}”", self.rest)),
            };
        }
        self.skip();
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let end = self
            .rest
            .find('(')
            .ok_or_else(|| format!("not an operand: “{}”", self.rest))?;
        let (name, rest) = self.rest.split_at(end);
        let also = [("round_up", "round_up"), ("round_down", "round_down")];
        let op = FUNCTIONS.iter().chain(&also).find(|f| f.0 == name);
        let op = op.ok_or_else(|| format!("unknown function {name}"))?.1;
        self.rest = &rest[1..];
        let mut args = vec![self.sum()?];
        while self.eat(",") {
            args.push(self.sum()?);
        }
        if !self.eat(")") {
            return Err(format!("no closing parenthesis before “{}”", self.rest));
        }
        apply(op, &args)
    }

    /// A number with its unit; hours, minutes and seconds written together are one length in hours.
    fn number(&mut self) -> R<Q> {
        let mut total = Q::zero();
        loop {
            let end = self
                .rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(self.rest.len());
            let (digits, rest) = self.rest.split_at(end);
            self.rest = rest;
            let value = decimal(digits)?;
            if self.rest.starts_with('%') {
                self.rest = &self.rest[1..];
                return Ok(value / Q::from_integer(100.into()));
            }
            let unit = self.unit();
            let sixty = Q::from_integer(60.into());
            let (value, length) = match unit.as_str() {
                "小时" | "h" | "hour" | "hours" => (value, true),
                "分钟" | "min" => (value / sixty, true),
                "秒" | "s" => (value / &sixty / &sixty, true),
                _ => (value, false),
            };
            total += value;
            let more = self.rest.trim_start();
            if !length || !more.starts_with(|c: char| c.is_ascii_digit()) {
                return Ok(total);
            }
            self.rest = more;
        }
    }

    fn unit(&mut self) -> String {
        let mut unit = String::new();
        loop {
            let spaced = self.rest.strip_prefix(' ').unwrap_or(self.rest);
            let inner = |c: char| c.is_alphabetic() || "/·^".contains(c);
            if !spaced.starts_with(inner) {
                return unit;
            }
            let mut end = 0;
            let mut power = false;
            for c in spaced.chars() {
                if !(inner(c) || (power && (c.is_ascii_digit()))) {
                    break;
                }
                power = c == '^' || (power && c.is_ascii_digit());
                end += c.len_utf8();
            }
            unit.push_str(&spaced[..end]);
            self.rest = &spaced[end..];
        }
    }
}

/// The value of a printed expression.
pub fn read(printed: &str) -> R<Q> {
    let mut reader = Reader { rest: printed };
    let value = reader.sum()?;
    reader.skip();
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(format!("“{printed}”: cannot read “{}”", reader.rest))
    }
}

/// Does a calculation: its comparisons, its data and its text.
pub fn calc(json: &Json) -> R<Q> {
    for check in list(json, "given") {
        compare(check)?;
    }
    let formula = text(json, "formula");
    let rounded = json.get("rounded") == Some(&Json::Bool(true));
    let done = |x: Q| if rounded { eighteen(&x) } else { x };
    let result = quantity(json.get("result").ok_or("no result")?)?;
    let left = json.get("left").ok_or("no left side")?;
    let value = done(term(left)?);
    if value != result {
        return Err(format!("data of “{formula}”: {value} is not {result}"));
    }
    let sign = if rounded { " ≈ " } else { " = " };
    let (printed_left, printed_right) = formula.rsplit_once(sign).unwrap_or((formula, formula));
    if done(read(printed_left)?) != result || read(printed_right)? != result {
        return Err(format!("text “{formula}” does not give {result}"));
    }
    if !text(json, "text").ends_with(formula) {
        return Err(format!("the full text lacks “{formula}”"));
    }
    Ok(result)
}

/// A comparison that must be true, from its text and its data.
pub fn compare(check: &Json) -> R<()> {
    let (formula, sign) = (text(check, "formula"), text(check, "relation"));
    let (left, right) = formula
        .split_once(&format!(" {sign} "))
        .ok_or_else(|| format!("no {sign} in “{formula}”"))?;
    let holds = match sign {
        "∈" | "∉" => {
            let inner = right.trim_matches(['（', '）', '(', ')']);
            let found = inner.split(['、', ',']).any(|w| w.trim() == left);
            found == (sign == "∈")
        }
        _ => {
            let order = match (read(left), read(right)) {
                (Ok(a), Ok(b)) if check["left"].get("word").is_none() => a.cmp(&b),
                _ => left.cmp(right),
            };
            match sign {
                "=" => order.is_eq(),
                "≠" => order.is_ne(),
                "≥" => order.is_ge(),
                ">" => order.is_gt(),
                "≤" => order.is_le(),
                _ => order.is_lt(),
            }
        }
    };
    if !holds {
        return Err(format!("“{formula}” is not true"));
    }
    if let (Some(_), Some(_)) = (check["left"].get("number"), check["right"].get("number")) {
        let (a, b) = (term(&check["left"])?, term(&check["right"])?);
        if (a.cmp(&b), sign) != (read(left)?.cmp(&read(right)?), sign) {
            return Err(format!("data and text of “{formula}” differ"));
        }
    }
    Ok(())
}

/// Does a whole statement again. Gives the number of calculations done.
pub fn statement(json: &Json) -> R<usize> {
    let mut count = 0;
    let mut sums: Vec<(String, Q)> = Vec::new();
    for measure in list(json, "measures") {
        let name = text(measure, "measure");
        let mut last = None;
        for step in list(measure, "calcs") {
            last = Some(calc(step).map_err(|e| format!("{name}: {e}"))?);
            count += 1;
        }
        let value = measure.get("value").map(|_| text(measure, "value"));
        if let (Some(value), Some(last)) = (value, last)
            // Seconds may be no decimal number of hours; all else is exact.
            && !(decimal(value)? == last || decimal(value)? == eighteen(&last))
        {
            return Err(format!("{name}: its calculation does not give {value}"));
        }
    }
    for award in list(json, "awards") {
        let amount = decimal(text(award, "amount"))?;
        let mut running = Q::zero();
        for part in list(award, "parts") {
            let at = |key: &str| decimal(text(part, key));
            let (before, after, delta) = (at("before")?, at("after")?, at("delta")?);
            let label = text(part, "label");
            if before != running || &after - &before != delta {
                return Err(format!("{label}: the running value does not go on"));
            }
            running = after.clone();
            let mut last = None;
            for step in list(part, "calcs") {
                last = Some(calc(step).map_err(|e| format!("{label}: {e}"))?);
                count += 1;
            }
            let wanted = match text(part, "kind") {
                "base" | "bonus" | "deduction" => delta,
                _ => after,
            };
            if last.is_some_and(|l| l != wanted) {
                return Err(format!("{label}: its calculation does not give {wanted}"));
            }
        }
        if running != amount {
            return Err(format!("parts sum to {running}, the award is {amount}"));
        }
        for credit in list(award, "postings") {
            let counted = decimal(text(credit, "counted"))?;
            let waived = decimal(text(credit, "waived"))?;
            let moved = match award.get("spend").is_some() {
                true => -amount.clone(),
                false => amount.clone(),
            };
            if &moved + waived != counted || decimal(text(credit, "amount"))? != moved {
                return Err("amount + waived is not what counted".to_owned());
            }
            let name = text(credit, "currency").to_owned();
            match sums.iter_mut().find(|s| s.0 == name) {
                Some(s) => s.1 += counted,
                None => sums.push((name, counted)),
            }
        }
    }
    for line in list(json, "received") {
        let credit = &line["credit"];
        let counted = decimal(text(credit, "counted"))?;
        if decimal(text(credit, "amount"))? + decimal(text(credit, "waived"))? != counted {
            return Err("amount + waived is not what was received".to_owned());
        }
        let name = text(credit, "currency").to_owned();
        match sums.iter_mut().find(|s| s.0 == name) {
            Some(s) => s.1 += counted,
            None => sums.push((name, counted)),
        }
    }
    for sum in list(json, "sums") {
        let name = text(sum, "currency");
        let lines = sums
            .iter()
            .find(|s| s.0 == name)
            .map_or(Q::zero(), |s| s.1.clone());
        let (opening, counted) = (
            decimal(text(sum, "opening"))?,
            decimal(text(sum, "counted"))?,
        );
        let mut moved = Q::zero();
        for line in list(json, "moves") {
            if text(line, "currency") == name {
                moved += decimal(text(line, "amount"))?;
            }
        }
        let mut lapsed = Q::zero();
        for lapse in list(json, "lapses") {
            if text(lapse, "currency") == name {
                lapsed += decimal(text(lapse, "amount"))?;
            }
        }
        if lapsed != decimal(text(sum, "lapsed"))? {
            return Err(format!("{name}: lapses sum to {lapsed}"));
        }
        let balance = decimal(text(sum, "balance"))?;
        let lots = list(json, "lots")
            .iter()
            .filter(|l| text(l, "currency") == name);
        let held = lots
            .map(|l| decimal(text(l, "left")))
            .sum::<Result<Q, _>>()?;
        if !held.is_zero() && held != balance {
            return Err(format!("{name}: lots sum to {held}"));
        }
        if counted != lines || opening + counted + moved - lapsed != balance {
            return Err(format!("{name}: lines sum to {lines}"));
        }
    }
    for line in list(json, "nothing") {
        for check in list(line, "checks") {
            compare(check)?;
        }
    }
    Ok(count)
}
