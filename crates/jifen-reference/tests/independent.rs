//! The reference may read the types of quantity and calendar, not compute with them.

use std::fs;
use std::path::Path;

const TYPES: [&str; 10] = [
    "ClockWindow",
    "Day",
    "Decimal",
    "Instant",
    "Period",
    "Remainder",
    "Rounding",
    "Window",
    "WorkCalendar",
    "YearDays",
];
const ARITHMETIC: [&str; 14] = [
    "Day::",
    "Instant::",
    "Decimal::",
    "ClockPattern",
    ".bounds(",
    ".range(",
    ".ymd(",
    ".add_days(",
    ".is_working(",
    ".add_working_days(",
    ".seconds_of_day(",
    ".evening(",
    ".rescale(",
    ".next_start(",
];

#[test]
fn uses_no_arithmetic_of_quantity_or_calendar() -> std::io::Result<()> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        for word in ARITHMETIC {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
        for (at, name) in text
            .match_indices("jifen_calendar::")
            .chain(text.match_indices("jifen_quantity::"))
        {
            let rest = text[at + name.len()..].trim_start_matches('{');
            let end = rest
                .find([';', '}', '>', ']', ')', '('])
                .unwrap_or(rest.len());
            for ty in rest[..end]
                .split(',')
                .map(str::trim)
                .filter(|t| !t.is_empty())
            {
                assert!(TYPES.contains(&ty), "{} imports {ty}", path.display());
            }
        }
    }
    Ok(())
}
