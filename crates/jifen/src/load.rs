//! Files of facts and rosters, as bytes, against a policy: what an evaluation needs, with everything that was refused.

use crate::Compiled;
use jifen_calendar::Zone;
use jifen_data::RosterData;
use jifen_diag::{Text, text};
use jifen_facts::{Admission, FileError, InputFile, Limits, ReadOptions, RosterFault, mapping};

/// Facts and rosters that fit the policy.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The rosters.
    pub rosters: RosterData,
    /// The facts, with rejects and duplicates.
    pub admission: Admission,
    /// Rows of the rosters that were left out.
    pub roster_faults: Vec<RosterFault>,
    /// What was found out on the way, such as the encoding of a file: (file, remark).
    pub notes: Vec<(String, Text)>,
}

/// A file that cannot be used at all.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// What is wrong and what to do.
    pub error: FileError,
}

impl LoadError {
    /// True when a limit was met.
    pub fn is_limit(&self) -> bool {
        self.error.code.starts_with("limit")
    }

    /// In words, with the line if one is known.
    pub fn text(&self) -> Text {
        let (file, what, fix) = (&self.file, &self.error.text, &self.error.fix);
        let line = self.error.line;
        let zh = line.map_or(String::new(), |n| format!("第 {n} 行"));
        let en = line.map_or(String::new(), |n| format!(" line {n}"));
        Text::new(
            format!("{file}{zh}：{}。{}", what.zh, fix.zh),
            format!("{file}{en}: {}. {}", what.en, fix.en),
        )
    }
}

/// Reads rosters and facts.
///
/// # Errors
/// A file that cannot be read at all: the first one. Rows that cannot be used are in the result, not here.
pub fn load(
    compiled: &Compiled,
    sources_toml: Option<(&str, &str)>,
    rosters: &[InputFile],
    facts: &[InputFile],
    limits: &Limits,
) -> Result<Loaded, Vec<LoadError>> {
    let plan = &compiled.plan;
    let sources = match sources_toml {
        None => mapping::Sources::default(),
        Some((name, text)) => mapping::parse(text).map_err(|all| {
            let file = |error| LoadError {
                file: name.to_owned(),
                error,
            };
            all.into_iter().map(file).collect::<Vec<_>>()
        })?,
    };
    let zone = zone(compiled)?;
    let options = ReadOptions {
        limits: limits.clone(),
        ..ReadOptions::default()
    };
    let mut read = jifen_facts::read_rosters(rosters, &sources, plan, &zone, &options)
        .map_err(|(file, error)| one(file, error))?;
    let admission = jifen_facts::read_facts(facts, &sources, plan, &zone, &mut read.data, &options)
        .map_err(|(file, error)| one(file, error))?;
    let mut notes: Vec<(String, Text)> = Vec::new();
    notes.extend(read.notes.into_iter().map(|n| (String::new(), n)));
    notes.extend(admission.notes.iter().cloned());
    Ok(Loaded {
        rosters: read.data,
        admission,
        roster_faults: read.faults,
        notes,
    })
}

fn one(file: String, error: FileError) -> Vec<LoadError> {
    vec![LoadError { file, error }]
}

fn zone(compiled: &Compiled) -> Result<Zone, Vec<LoadError>> {
    let name = &compiled.plan.zone;
    Zone::parse(name).ok_or_else(|| {
        let what = text!(
            zh = "没有时区“{name}”",
            en = "there is no time zone “{name}”"
        );
        let fix = text!(zh = "写 Asia/Shanghai", en = "write Asia/Shanghai");
        one(String::new(), FileError::new("zone", what, fix))
    })
}

/// The names that a mapping gives to roster files; empty where it names none.
pub fn roster_patterns(sources_toml: &str) -> Vec<String> {
    let Ok(sources) = mapping::parse(sources_toml) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for source in sources.rosters {
        let parts = std::iter::once(&source.base)
            .chain(&source.dated)
            .chain(&source.changes);
        for part in parts {
            out.extend(part.files.iter().cloned());
        }
    }
    out
}

/// The text of a file in UTF-8 or GB18030; `None` for anything else.
pub fn decode(bytes: &[u8]) -> Option<String> {
    jifen_facts::encoding::decode(bytes)
        .ok()
        .map(|(text, _)| text.into_owned())
}
