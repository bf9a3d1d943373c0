//! Values worked by hand; each comment shows the arithmetic.

use super::d;
use crate::{Decimal, Dim, NumError, POW10, Rounding, round_mantissa, widen_mantissa};
use std::collections::HashSet;

const MAX: &str = "170141183460469231731687303715884105727"; // 2^127 - 1
const MIN: &str = "-170141183460469231731687303715884105728"; // -2^127
const ALL: [Rounding; 4] = [
    Rounding::HalfUp,
    Rounding::Up,
    Rounding::Down,
    Rounding::HalfEven,
];

#[test]
fn parse_is_strict() {
    for (text, mantissa, scale) in [
        ("0", 0, 0),
        ("-0.00", 0, 0),
        ("007", 7, 0),
        ("-12.50", -125, 1),
        ("0.000000000000000000000000000000000001", 1, 36),
        ("100", 100, 0),
        ("1.000000000000000000000000000000000000", 1, 0),
        (MAX, i128::MAX, 0),
        (MIN, i128::MIN, 0),
    ] {
        let value = d(text);
        assert_eq!(
            (value.mantissa(), value.scale()),
            (mantissa, scale),
            "{text}"
        );
    }
    let bad = [
        "",
        "-",
        ".",
        "1.",
        ".5",
        "+1",
        " 1",
        "1 ",
        "1e3",
        "1,000",
        "１",
        "--1",
        "1.2.3",
        "0x1",
        "1_0",
        "0.0000000000000000000000000000000000000", // 37 digits
        "170141183460469231731687303715884105728", // 2^127
        "-170141183460469231731687303715884105729",
        "1700000000000000000000000000000000000000",
    ];
    for text in bad {
        assert_eq!(Decimal::parse(text), None, "{text:?}");
    }
}

#[test]
fn text_is_plain_digits_and_reads_back() {
    for text in [
        "0",
        "-12.5",
        "0.05",
        "-0.000000000000000001",
        "100",
        MAX,
        MIN,
    ] {
        assert_eq!(d(text).to_string(), text);
        assert_eq!(format!("{:?}", d(text)), text);
    }
    assert_eq!(
        format!("[{:>6}|{:<5}]", d("-1.5"), d("2")),
        "[  -1.5|2    ]"
    );
    let json = serde_json::to_string(&d("-12.5")).unwrap();
    assert_eq!(json, "\"-12.5\"");
    assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), d("-12.5"));
    assert!(serde_json::from_str::<Decimal>("-12.5").is_err());
    assert!(serde_json::from_str::<Decimal>("\"1e2\"").is_err());
}

#[test]
fn equal_values_are_one_value() {
    assert_eq!(Decimal::new(1500, 3), Some(d("1.5")));
    assert_eq!(Decimal::new(0, 36), Some(Decimal::ZERO));
    assert_eq!(Decimal::new(1, 37), None);
    let set: HashSet<Decimal> = [Decimal::new(10, 1), Decimal::new(1, 0)]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(set.len(), 1);
    assert!(d("-0.1") < Decimal::ZERO && d("1.05") < d("1.5") && d("-1.05") > d("-1.5"));
    // Scaled to 36 digits, neither of these fits 128 bits.
    let tiny = d("0.000000000000000000000000000000000001");
    assert!(d(MAX) > tiny && tiny < d(MAX) && d(MIN) < tiny && tiny > d(MIN));
}

#[test]
fn signs_and_integers() {
    assert_eq!(
        (d("-2").signum(), d("0").signum(), d("0.1").signum()),
        (-1, 0, 1)
    );
    assert!(d("-2").is_negative() && d("2").is_positive() && d("0").is_zero());
    assert!(d("2").is_integer() && !d("2.5").is_integer());
    assert_eq!((d("7").to_i128(), d("7.5").to_i128()), (Some(7), None));
    assert_eq!(d("1.5").checked_neg(), Ok(d("-1.5")));
    assert_eq!(d("-1.5").checked_abs(), Ok(d("1.5")));
    assert_eq!(d(MIN).checked_neg(), Err(NumError::Overflow));
    assert_eq!(d(MIN).checked_abs(), Err(NumError::Overflow));
    // 1.5 = 150/100; one digit less than it has is not exact.
    assert_eq!(
        (d("1.5").rescale(2), d("1.5").rescale(0)),
        (Some(150), None)
    );
    assert_eq!(
        (d("20").rescale(0), d("0").rescale(200)),
        (Some(20), Some(0))
    );
    assert_eq!(d("1").rescale(39), None);
}

#[test]
fn exact_arithmetic_and_its_limits() {
    assert_eq!(d("0.1").add(d("0.2")), Ok(d("0.3")));
    assert_eq!(d("1.25").sub(d("1.25")), Ok(Decimal::ZERO));
    assert_eq!(d("2.5").mul(d("0.4")), Ok(Decimal::ONE));
    assert_eq!(d(MAX).add(d("1")), Err(NumError::Overflow));
    assert_eq!(d(MIN).sub(d("1")), Err(NumError::Overflow));
    assert_eq!(d(MIN).sub(d(MIN)), Ok(Decimal::ZERO));
    assert_eq!(Decimal::ZERO.sub(d(MIN)), Err(NumError::Overflow));
    assert_eq!(d(MAX).add(d(MIN)), Ok(d("-1")));
    // The mantissas of the two add to 2^127 + 2, past i128, but end in 0: the sum has one digit less.
    let half = Decimal::new(i128::MAX, 1).unwrap(); // …727 / 10
    assert_eq!(
        half.add(d("0.3")),
        Ok(Decimal::new(i128::MAX / 10 + 1, 0).unwrap())
    );
    // 10^37 in tenths is 10^38; less 0.1 it still fits, and 10^38 in tenths alone does not.
    let big = Decimal::new(POW10[38], 0).unwrap();
    assert_eq!(big.add(d("-0.1")), Err(NumError::Overflow));
    // 10^-18 × 10^-18 = 10^-36 is the last that fits, 10^-19 × 10^-18 does not.
    let (e18, e19) = (Decimal::new(1, 18).unwrap(), Decimal::new(1, 19).unwrap());
    assert_eq!(e18.mul(e18), Ok(Decimal::new(1, 36).unwrap()));
    assert_eq!(e19.mul(e18), Err(NumError::Overflow));
    // 2×10^-19 × 5×10^-18 = 10 × 10^-37 = 10^-36.
    let (two, five) = (Decimal::new(2, 19).unwrap(), Decimal::new(5, 18).unwrap());
    assert_eq!(two.mul(five), Ok(Decimal::new(1, 36).unwrap()));
    // 2^126 × 2 = 2^127 is too large, -2^126 × 2 = -2^127 fits.
    let half_max = Decimal::new(1 << 126, 0).unwrap();
    assert_eq!(half_max.mul(d("2")), Err(NumError::Overflow));
    assert_eq!(half_max.mul(d("-2")), Ok(d(MIN)));
}

#[test]
fn division_rounds_once_to_eighteen_digits() {
    assert_eq!(d("1").div(d("3")), Ok(d("0.333333333333333333")));
    assert_eq!(d("2").div(d("3")), Ok(d("0.666666666666666667")));
    assert_eq!(d("-2").div(d("3")), Ok(d("-0.666666666666666667")));
    assert_eq!(d("1").div(d("8")), Ok(d("0.125")));
    // 10^-18 / 2 is half a unit: to the even 0; 3 × 10^-18 / 2 = 1.5 units: to 2.
    let unit = d("0.000000000000000001");
    assert_eq!(unit.div(d("2")), Ok(Decimal::ZERO));
    assert_eq!(
        d("0.000000000000000003").div(d("2")),
        Ok(d("0.000000000000000002"))
    );
    assert_eq!(d("1").div(d("0")), Err(NumError::DivisionByZero));
    // The whole part alone fills the mantissa, so the eighteen zeros must go first.
    assert_eq!(d(MAX).div(d("1")), Ok(d(MAX)));
    assert_eq!(d(MIN).div(d("1")), Ok(d(MIN)));
    assert_eq!(d(MIN).div(d("-1")), Err(NumError::Overflow));
    assert_eq!(d(MAX).div(d("0.1")), Err(NumError::Overflow));
    // 1 ÷ 3 × 3 with a rounding between is 0.999…; in one step it is 1.
    assert_eq!(Decimal::mul_div(d("1"), d("3"), d("3")), Ok(d("1")));
    assert_eq!(Decimal::mul_div(d(MAX), d(MAX), d(MAX)), Ok(d(MAX)));
    assert_eq!(Decimal::mul_div(d("10"), d("5400"), d("3600")), Ok(d("15")));
    assert_eq!(
        Decimal::mul_div(d("1"), d("1"), d("0")),
        Err(NumError::DivisionByZero)
    );
}

#[test]
fn four_ways_of_rounding() {
    // Columns: 四舍五入, 进一, 舍去, 四舍六入五成双.
    for (value, expected) in [
        ("2.5", ["3", "3", "2", "2"]),
        ("3.5", ["4", "4", "3", "4"]),
        ("2.4", ["2", "3", "2", "2"]),
        ("2.6", ["3", "3", "2", "3"]),
        ("-2.5", ["-3", "-3", "-2", "-2"]),
        ("-2.51", ["-3", "-3", "-2", "-3"]),
        ("0.01", ["0", "1", "0", "0"]),
        ("-0.5", ["-1", "-1", "0", "0"]),
        ("7", ["7", "7", "7", "7"]),
    ] {
        for (mode, text) in ALL.into_iter().zip(expected) {
            assert_eq!(d(value).round(0, mode), d(text), "{value} {mode:?}");
            assert_eq!(
                d(value).round_to(d("1"), mode),
                Ok(d(text)),
                "{value} {mode:?}"
            );
        }
    }
    assert_eq!(d("1.005").round(2, Rounding::HalfUp), d("1.01"));
    assert_eq!(d("9.99").round(1, Rounding::HalfUp), d("10"));
    assert_eq!(d("1.5").round(40, Rounding::Up), d("1.5"));
    // To 0.5: 1.25 is 2.5 halves, 1.3 is 2.6 halves.
    for (value, expected) in [
        ("1.25", ["1.5", "1.5", "1", "1"]),
        ("1.3", ["1.5", "1.5", "1", "1.5"]),
        ("-1.25", ["-1.5", "-1.5", "-1", "-1"]),
    ] {
        for (mode, text) in ALL.into_iter().zip(expected) {
            assert_eq!(
                d(value).round_to(d("0.5"), mode),
                Ok(d(text)),
                "{value} {mode:?}"
            );
            assert_eq!(
                d(value).round_to(d("-0.5"), mode),
                Ok(d(text)),
                "{value} {mode:?}"
            );
        }
    }
    assert_eq!(
        d("1").round_to(d("0"), Rounding::Up),
        Err(NumError::DivisionByZero)
    );
    assert_eq!(
        d(MAX).round_to(d("10"), Rounding::Up),
        Err(NumError::Overflow)
    );
    // 10^36 has no room for 36 digits in 128 bits, but is a whole multiple of 10^-36.
    let tiny = Decimal::new(1, 36).unwrap();
    let large = Decimal::new(POW10[36], 0).unwrap();
    assert_eq!(large.round_to(tiny, Rounding::Up), Ok(large));
}

#[test]
fn floor_division() {
    for (a, b, expected) in [
        ("350", "100", "3"),
        ("-350", "100", "-4"),
        ("350", "-100", "-4"),
        ("-350", "-100", "3"),
        ("300", "100", "3"),
        ("-300", "100", "-3"),
        ("0.75", "0.25", "3"),
        ("0", "7", "0"),
    ] {
        assert_eq!(d(a).div_floor(d(b)), Ok(d(expected)), "{a} {b}");
    }
    assert_eq!(d("1").div_floor(d("0")), Err(NumError::DivisionByZero));
    assert_eq!(d(MAX).div_floor(d("0.5")), Err(NumError::Overflow));
}

#[test]
fn bare_mantissas() {
    assert_eq!((POW10[0], POW10[3], POW10[38]), (1, 1000, 10_i128.pow(38)));
    assert_eq!(round_mantissa(125, 2, 1, Rounding::HalfUp), 13);
    assert_eq!(round_mantissa(125, 2, 1, Rounding::HalfEven), 12);
    assert_eq!(round_mantissa(-121, 2, 1, Rounding::Up), -13);
    assert_eq!(round_mantissa(129, 2, 1, Rounding::Down), 12);
    assert_eq!(round_mantissa(12, 1, 3, Rounding::Down), 1200);
    // 2^127 / 10^38 = 1.70…; / 10^39 = 0.17….
    for (mode, at_38, at_39) in [
        (Rounding::HalfUp, 2, 0),
        (Rounding::Up, 2, 1),
        (Rounding::Down, 1, 0),
        (Rounding::HalfEven, 2, 0),
    ] {
        assert_eq!(round_mantissa(i128::MAX, 38, 0, mode), at_38);
        assert_eq!(round_mantissa(i128::MIN, 38, 0, mode), -at_38);
        assert_eq!(round_mantissa(i128::MAX, 39, 0, mode), at_39);
        assert_eq!(round_mantissa(i128::MIN, 255, 0, mode), -at_39);
    }
    assert_eq!(round_mantissa(i128::MAX, 0, 1, Rounding::Down), i128::MAX);
    assert_eq!(round_mantissa(i128::MIN, 0, 200, Rounding::Down), i128::MIN);
    assert_eq!(widen_mantissa(i128::MAX, 0, 1), None);
    // 1.500 is 15.00 ÷ 10: two digits go, not four.
    assert_eq!(widen_mantissa(1_500, 3, 1), Some(15));
    assert_eq!(
        (widen_mantissa(15, 0, 2), widen_mantissa(150, 1, 0)),
        (Some(1500), Some(15))
    );
    assert_eq!(
        (widen_mantissa(15, 1, 0), widen_mantissa(1, 0, 39)),
        (None, None)
    );
}

#[test]
fn dimensions() {
    let rate = Dim::POINTS.div(Dim::DURATION);
    assert_eq!((rate.points, rate.duration), (1, -1));
    assert_eq!(rate.mul(Dim::DURATION), Dim::POINTS);
    assert!(Dim::MONEY.div(Dim::MONEY).is_pure() && Dim::default().is_pure());
    let base = [
        Dim::POINTS,
        Dim::DURATION,
        Dim::MONEY,
        Dim::TIMES,
        Dim::PEOPLE,
        Dim::VOTES,
    ];
    assert_eq!(base.into_iter().collect::<HashSet<_>>().len(), 6);
    // Each base unit squared and divided by another touches just those two exponents.
    for (i, a) in base.into_iter().enumerate() {
        for (j, b) in base.into_iter().enumerate() {
            let q = a.mul(a).div(b);
            let exponents = [q.points, q.duration, q.money, q.times, q.people, q.votes];
            for (k, exponent) in exponents.into_iter().enumerate() {
                assert_eq!(exponent, 2 * i8::from(k == i) - i8::from(k == j));
            }
        }
    }
}

#[test]
fn a_net_sum_fits_whatever_the_sums_on_the_way() {
    let net = |ups: &[&str], downs: &[&str]| {
        let list = |l: &[&str]| l.iter().map(|t| d(t)).collect::<Vec<_>>();
        Decimal::net(&list(ups), &list(downs))
    };
    assert_eq!(net(&["1", "2.5"], &["0.5"]), Ok(d("3")));
    assert_eq!(net(&["-5", "2"], &["-4", "0.25"]), Ok(d("0.75")));
    // -2^127 + 2.5 - 0.5 = -2^127 + 2: no partial sum with a digit after the point fits.
    let above = d("-170141183460469231731687303715884105726");
    assert_eq!(net(&[MIN, "2.5"], &["0.5"]), Ok(above));
    // 2 x 17…572 - (15…514.5 + 1…057.5) = 17…572: only the downs together lose their digit.
    let half = "17014118346046923173168730371588410572";
    let downs = [
        "15312706511442230855851857334429569514.5",
        "1701411834604692317316873037158841057.5",
    ];
    assert_eq!(net(&[half, half], &downs), Ok(d(half)));
    assert_eq!(net(&[MAX, "1"], &[]), Err(NumError::Overflow));
    assert_eq!(net(&[], &[]), Ok(Decimal::ZERO));
}

#[test]
fn powers_are_rounded_once() {
    use Rounding::{Down, HalfEven, HalfUp, Up};
    for (base, exponent, step, mode, result) in [
        // 1.1 squared is 1.21 = 2.42 steps of 0.5.
        ("1.1", 2, "0.5", HalfUp, "1"),
        ("1.1", 2, "0.5", Up, "1.5"),
        // 1.5 squared is 2.25 = 4.5 steps of 0.5: the half.
        ("1.5", 2, "0.5", HalfUp, "2.5"),
        ("1.5", 2, "0.5", HalfEven, "2"),
        ("1.5", 2, "0.5", Down, "2"),
        // By size: -2.197 is 2.197 of size.
        ("-1.3", 3, "1", Down, "-2"),
        ("-1.3", 3, "0.1", Up, "-2.2"),
        // 1 / 8.
        ("2", -3, "0.01", HalfUp, "0.13"),
        ("2", -3, "0.01", HalfEven, "0.12"),
        ("0", 0, "1", HalfUp, "1"),
        ("0", 5, "1", HalfUp, "0"),
    ] {
        assert_eq!(
            d(base).power(exponent, d(step), mode),
            Ok(d(result)),
            "{base} to the {exponent} at {step} {mode:?}"
        );
    }
    assert_eq!(
        d("0").power(-1, d("1"), HalfUp),
        Err(NumError::DivisionByZero)
    );
    assert_eq!(d("1").power(101, d("1"), HalfUp), Err(NumError::Overflow));
    assert_eq!(d("10").power(39, d("1"), HalfUp), Err(NumError::Overflow));
}
