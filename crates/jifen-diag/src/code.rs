//! What a diagnostic code is; the codes themselves are the table in `codes.rs`.

use crate::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a kind of message, shown as `JF0123`. It never changes meaning once released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JF{:04}", self.0)
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy or the file cannot be used as it is.
    Error,
    /// It can be used, but probably does not say what was meant.
    Warning,
    /// Worth knowing.
    Notice,
}

/// One row of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// Its name in our own code.
    pub name: &'static str,
    /// Its usual severity.
    pub severity: Severity,
    /// Short title, Chinese.
    pub zh: &'static str,
    /// Short title, English.
    pub en: &'static str,
}

impl Row {
    /// The title in both languages.
    pub fn title(&self) -> Text {
        Text::new(self.zh, self.en)
    }
}

impl Code {
    /// The row of this code, if it is registered.
    pub fn row(self) -> Option<&'static Row> {
        let all = crate::codes::ALL;
        all.binary_search_by_key(&self, |r| r.code)
            .ok()
            .and_then(|i| all.get(i))
    }

    /// The usual severity; an unregistered code is an error.
    pub fn severity(self) -> Severity {
        self.row().map_or(Severity::Error, |r| r.severity)
    }

    /// Reads `JF0207`, `jf207` or `207`.
    pub fn parse(text: &str) -> Option<Code> {
        let text = text.trim();
        let digits = match text.get(..2) {
            Some(p) if p.eq_ignore_ascii_case("jf") => text.get(2..)?,
            _ => text,
        };
        digits.parse().ok().map(Code)
    }
}
