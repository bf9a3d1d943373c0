//! Civil time: days, windows, months, working days and zones; no clock.

mod clock;
mod day;
mod instant;
mod lunar;
mod office;
mod window;
mod workdays;
mod workdays_file;
mod zone;

#[cfg(test)]
mod tests;

pub use clock::{ClockPattern, ClockWindow, MAX_CLOCK_SETS, Segment};
pub use clock::{contains, overlap_seconds, segments, touches};
pub use day::{Day, age, year_start};
pub use instant::{Instant, SECONDS_PER_DAY};
pub use lunar::{LunarDay, lunar_day, lunar_known, lunar_month, qingming};
pub use office::{counted_seconds, counted_since};
pub use window::{Period, Window};
pub use workdays::{MissingYear, WorkCalendar, YearDays};
pub use workdays_file::{CalendarError, CalendarErrorKind};
pub use zone::Zone;
