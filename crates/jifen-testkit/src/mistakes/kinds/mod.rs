//! The kinds of beginners' mistakes: name, messages that answer it, where it can be made. Nothing else.

mod bands;
mod choices;
mod measures;
mod names;
mod signs;
mod standings;
mod syntax;
mod units;

use super::Kind;
use jifen_diag::{Code, codes as c};

const fn kind(name: &'static str, codes: &'static [Code], find: super::Find) -> Kind {
    Kind { name, codes, find }
}

const NAMES: &[Code] = &[
    c::UNKNOWN_NAME,
    c::UNKNOWN_FIELD,
    c::UNKNOWN_OPTION,
    c::UNKNOWN_FUNCTION,
    c::WRONG_SORT_OF_NAME,
    c::OPERATOR_IN_NAME,
    c::TEST_LINE,
    c::CAP_KEY,
    c::EXEMPT_OUTSIDE,
];
/// A window without its word: in a multiplier that is asked, elsewhere the words do not fit.
const TIME_WORDS: &[Code] = &[
    c::TIME_WORD_UNSTATED,
    c::SYNTAX,
    c::UNEXPECTED,
    c::INCOMPLETE,
];
const WORDS: &[Code] = &[
    c::SYNTAX,
    c::UNKNOWN_STATEMENT,
    c::UNKNOWN_DECLARATION,
    c::UNKNOWN_WORD,
    c::UNEXPECTED,
    c::INCOMPLETE,
];
const UNITS: &[Code] = &[
    c::UNIT_MISMATCH,
    c::TYPE_MISMATCH,
    c::MISSING_FACTOR,
    c::UNIT_UNWRITTEN,
    c::ROW_TYPES_DIFFER,
    c::SELECT_KIND,
    c::FIELD_UNIT,
];
const BANDS: &[Code] = &[c::BAND_GAP, c::BAND_OVERLAP, c::BAND_ORDER, c::BAND_MIXED];

/// All kinds.
pub const KINDS: &[Kind] = &[
    kind(
        "colon twice",
        &[c::UNEXPECTED, c::SYNTAX],
        signs::colon_twice,
    ),
    kind("colon of a field missing", WORDS, signs::colon_left_out),
    kind(
        "closing round bracket missing",
        &[c::MISSING_PAREN],
        signs::round_left_out,
    ),
    kind(
        "opening brace twice",
        &[c::EXTRA_OPEN_BRACE, c::MISSING_CLOSE_BRACE],
        signs::brace_twice,
    ),
    kind(
        "closing brace twice",
        &[c::EXTRA_CLOSE_BRACE],
        signs::end_twice,
    ),
    kind(
        "square brackets for braces",
        &[c::WRONG_BRACKET],
        signs::square,
    ),
    kind("record deleted", NAMES, signs::record_deleted),
    kind(
        "record misspelt where it is declared",
        NAMES,
        signs::record_renamed,
    ),
    kind("operator word misspelt", WORDS, signs::operator),
    kind("“when” left out", WORDS, signs::when_left_out),
    kind(
        "unit misspelt",
        &[
            c::UNKNOWN_NAME,
            c::UNEXPECTED,
            c::SYNTAX,
            c::UNIT_UNWRITTEN,
            c::BAD_NUMBER,
        ],
        signs::unit_misspelt,
    ),
    kind(
        "statement word misspelt (look-alike)",
        WORDS,
        syntax::word_alike,
    ),
    kind("statement word in letters", WORDS, syntax::word_letters),
    kind("declaration word misspelt", WORDS, syntax::declaration_word),
    kind(
        "closing brace missing",
        &[c::MISSING_CLOSE_BRACE, c::SYNTAX],
        syntax::close_brace,
    ),
    kind(
        "opening brace missing",
        &[
            c::MISSING_OPEN_BRACE,
            c::MISPLACED_STATEMENT,
            c::EXTRA_CLOSE_BRACE,
        ],
        syntax::open_brace,
    ),
    kind(
        "quote not closed",
        &[c::MISSING_CLOSE_QUOTE, c::SYNTAX],
        syntax::quote,
    ),
    kind(
        "letter in a number",
        &[c::BAD_NUMBER, c::UNKNOWN_NAME],
        syntax::number_letter,
    ),
    kind("range with a hyphen", &[c::RANGE_HYPHEN], syntax::hyphen),
    kind("impossible date", &[c::BAD_DATE], syntax::date),
    kind(
        "statement in the wrong block",
        &[c::MISPLACED_STATEMENT, c::STATEMENT_MISPLACED],
        syntax::misplaced,
    ),
    kind(
        "value forgotten",
        &[c::INCOMPLETE, c::SYNTAX],
        syntax::no_value,
    ),
    kind("colon of a row missing", WORDS, syntax::row_colon),
    kind(
        "operator word inside a name",
        &[c::OPERATOR_IN_NAME],
        names::operator_inside,
    ),
    kind("name misspelt", NAMES, names::misspelt),
    kind("field that does not exist", NAMES, names::unknown_field),
    kind("record that does not exist", NAMES, names::unknown_record),
    kind("member misspelt", NAMES, names::member),
    kind("option that does not exist", NAMES, names::unknown_option),
    kind("points misspelt in credit", NAMES, names::credit),
    kind(
        "name of the wrong sort",
        &[c::WRONG_SORT_OF_NAME, c::UNKNOWN_NAME],
        names::wrong_sort,
    ),
    kind(
        "name used twice",
        &[c::DUPLICATE_NAME],
        names::declared_twice,
    ),
    kind("field used twice", &[c::DUPLICATE_NAME], names::field_twice),
    kind(
        "function that does not exist",
        &[c::UNKNOWN_FUNCTION],
        names::function,
    ),
    kind("test speaks of an unknown item", NAMES, names::test_target),
    kind(
        "test speaks of an unknown record or field",
        NAMES,
        names::test_names,
    ),
    kind(
        "unit missing",
        &[
            c::UNIT_UNWRITTEN,
            c::UNIT_MISMATCH,
            c::MISSING_FACTOR,
            c::TYPE_MISMATCH,
        ],
        units::unit_missing,
    ),
    kind("wrong unit of an award", UNITS, units::wrong_unit),
    kind("hours added to points", UNITS, units::hours_added),
    kind("compared with another unit", UNITS, units::wrong_compare),
    kind("text compared with a number", UNITS, units::compare_types),
    kind(
        "multiplier with a unit",
        &[c::FACTOR_HAS_UNIT, c::UNIT_MISMATCH],
        units::factor_unit,
    ),
    kind(
        "cap in hours",
        &[c::CAP_LIMIT_UNIT, c::UNIT_MISMATCH],
        units::cap_unit,
    ),
    kind(
        "range the wrong way round",
        &[c::RANGE_REVERSED],
        units::range_reversed,
    ),
    kind(
        "amount where a condition belongs",
        &[c::NOT_A_CONDITION, c::TYPE_MISMATCH],
        units::not_condition,
    ),
    kind(
        "kind of day missing",
        &[c::DAY_KIND_UNSTATED],
        units::day_kind,
    ),
    kind("negative award", &[c::NEGATIVE_AMOUNT], units::negative),
    kind("gap in bands", BANDS, bands::gap),
    kind("overlap of bands", BANDS, bands::overlap),
    kind("“reaches” and “above” mixed", BANDS, bands::mixed),
    kind("bound twice", BANDS, bands::bound_twice),
    kind(
        "option left out",
        &[c::OPTION_MISSING],
        bands::option_missing,
    ),
    kind(
        "option twice",
        &[c::OPTION_TWICE, c::BAND_OVERLAP],
        bands::option_twice,
    ),
    kind(
        "“first” without “rest”",
        &[c::FIRST_WITHOUT_REST],
        bands::no_rest,
    ),
    kind("row in another unit", UNITS, bands::row_unit),
    kind(
        "item without a source",
        &[c::ITEM_WITHOUT_SOURCE],
        choices::no_source,
    ),
    kind(
        "item without an award",
        &[
            c::ITEM_WITHOUT_AWARD,
            c::LINE_BEFORE_AWARD,
            c::RUNNING_TOO_EARLY,
        ],
        choices::no_award,
    ),
    kind(
        "statement twice",
        &[c::STATEMENT_TWICE, c::REPEATED_PART],
        choices::twice,
    ),
    kind(
        "cap twice",
        &[c::DUPLICATE_CAP, c::STATEMENT_TWICE],
        choices::cap_twice,
    ),
    kind(
        "two multipliers without a rule",
        &[c::STACKING_UNSTATED],
        choices::stacking,
    ),
    kind(
        "deduction without a floor",
        &[c::FLOOR_UNSTATED],
        choices::floor,
    ),
    kind(
        "review after a cap",
        &[c::REVIEW_AFTER_CAP],
        choices::review_after_cap,
    ),
    kind("lapse missing", &[c::LAPSE_UNSTATED], choices::lapse),
    kind(
        "start of publicity missing",
        &[c::PUBLISH_START_UNSTATED],
        choices::publish_start,
    ),
    kind("holding word missing", &[c::HOLD_UNSTATED], choices::hold),
    kind(
        "overlap rule missing",
        &[c::OVERLAP_UNSTATED],
        choices::overlap_rule,
    ),
    kind(
        "rounding word missing",
        &[c::PRECISION_MODE],
        choices::precision_mode,
    ),
    kind(
        "window of a cap missing",
        &[c::CAP_WINDOW_UNSTATED],
        choices::cap_window,
    ),
    kind(
        "effective date missing",
        &[c::NO_EFFECTIVE_DATE],
        choices::effective,
    ),
    kind(
        "calendar of working days missing",
        &[c::WORKDAYS_UNSTATED],
        choices::workdays,
    ),
    kind(
        "night window without “next”",
        &[c::CLOCK_WINDOW],
        choices::next_day,
    ),
    kind("time word missing", TIME_WORDS, choices::time_word),
    kind(
        "fact of a test without a date",
        &[c::TEST_FACT_DATE, c::TEST_LINE, c::INCOMPLETE],
        choices::test_date,
    ),
    kind(
        "exempt item: counted or not unsaid",
        &[c::EXEMPT_UNSTATED],
        choices::exempt,
    ),
    kind("credit missing", &[c::CREDIT_UNSTATED], choices::credit),
    kind(
        "period of a measure missing",
        &[c::MEASURE_INCOMPLETE],
        measures::period,
    ),
    kind(
        "minimum of a measure missing",
        &[c::MEASURE_DIVISOR],
        measures::minimum,
    ),
    kind(
        "last month of a measure of another period",
        &[c::CLOSED_WORD],
        measures::closed_word,
    ),
    kind(
        "a measure of its own past without a beginning",
        &[c::CLOSED_START],
        measures::closed_start,
    ),
    kind(
        "a parameter that follows with a dated value",
        &[c::FOLLOW_DATED],
        measures::follow_dated,
    ),
    kind(
        "weights that do not come to 100 %",
        &[c::SCORE_WEIGHTS],
        measures::weight,
    ),
    kind(
        "missing part of a score unsaid",
        &[c::SCORE_MISSING_PART],
        measures::missing_part,
    ),
    kind(
        "period of a score missing",
        &[c::SCORE_INCOMPLETE],
        measures::score_period,
    ),
    kind(
        "part of a score without a name",
        &[c::INCOMPLETE],
        measures::part_name,
    ),
    kind(
        "equals of a ranking unsaid",
        &[c::STANDING_INCOMPLETE],
        standings::ties,
    ),
    kind(
        "how a percentage becomes people unsaid",
        &[c::QUOTA],
        standings::rounding,
    ),
    kind("equals on the line unsaid", &[c::QUOTA], standings::at_line),
    kind(
        "period of a ranking missing",
        &[c::STANDING_INCOMPLETE],
        standings::period,
    ),
    kind(
        "line of a ranking misspelt",
        &[c::INCOMPLETE, c::UNKNOWN_STATEMENT],
        standings::line_misspelt,
    ),
    kind(
        "whether a grade falls unsaid",
        &[c::STANDING_INCOMPLETE],
        standings::falling,
    ),
    kind("last level missing", &[c::GRADE_ROWS], standings::rest),
    kind(
        "a higher level that asks for less",
        &[c::GRADE_ROWS],
        standings::order,
    ),
    kind(
        "period without a value unsaid",
        &[c::STANDING_INCOMPLETE],
        standings::gaps,
    ),
    kind(
        "how long a right lasts misspelt",
        &[c::INCOMPLETE],
        standings::valid,
    ),
    kind(
        "total of a score the wrong way round",
        &[c::SCORE_INCOMPLETE, c::RANGE_REVERSED],
        standings::total,
    ),
    kind(
        "line of a score misspelt",
        &[c::INCOMPLETE, c::UNKNOWN_STATEMENT],
        standings::score_line,
    ),
];
