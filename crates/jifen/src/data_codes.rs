//! Reason words of the readers as registered codes, so that `jifen error JF0907` explains a reject.

use jifen_diag::{Code, codes};

/// The code of a reason word of a reject, of a roster fault or of a file that cannot be read.
pub fn data_code(reason: &str) -> Code {
    match reason {
        "field_missing" => codes::MISSING_VALUE,
        "date_missing" => codes::DATE_MISSING,
        "date_impossible" => codes::DAY_IMPOSSIBLE,
        "date_order_unknown" => codes::DATE_ORDER_UNKNOWN,
        "date_malformed" | "date_time_differ" => codes::DATE_UNREADABLE,
        "time_malformed" | "time_missing" | "time_without_date" | "span_day" => {
            codes::TIME_UNREADABLE
        }
        "end_before_start" => codes::ENDS_BEFORE_START,
        "subject_missing" => codes::SUBJECT_MISSING,
        "subject_unknown" | "subject_not_present" | "reference_unknown" => {
            codes::SUBJECT_NOT_ON_ROSTER
        }
        "id_missing" => codes::ID_MISSING,
        "id_conflict" => codes::ID_CONFLICT,
        "kind_missing" | "kind_unknown" | "record_unknown" => codes::RECORD_UNKNOWN,
        "number_negative" => codes::NUMBER_NEGATIVE,
        "out_of_range" | "number_too_large" => codes::NUMBER_OUT_OF_RANGE,
        "not_whole" => codes::NUMBER_NOT_WHOLE,
        "percent_sign_missing" => codes::PERCENT_SIGN_MISSING,
        "choice_unknown" => codes::OPTION_UNKNOWN,
        "yes_no_unknown" => codes::YES_NO_UNKNOWN,
        "total_row" => codes::TOTAL_ROW,
        "opening_twice" => codes::OPENING_TWICE,
        "opening_standing" => codes::OPENING_STANDING,
        "period_twice" => codes::PERIOD_TWICE,
        "target_missing" | "field_unknown" | "field_fixed" => codes::TARGET_UNKNOWN,
        "column_missing" | "column_twice" | "sheet_missing" => codes::COLUMN_MISSING,
        "roster_missing" | "dates_overlap" => codes::ROSTER_FILE,
        r if r.starts_with("mapping") => codes::MAPPING,
        r if r.starts_with("limit") => codes::FILE_LIMIT,
        r if r.starts_with("number") || r.starts_with("amount") => codes::NUMBER_UNREADABLE,
        "row_too_long" | "field_too_long" | "quote_open" | "value_nested" | "column_nested"
        | "key_twice" | "json_malformed" => codes::ROW_SHAPE,
        _ => codes::FILE_UNREADABLE,
    }
}
