//! Files of facts and rosters, as bytes, against a policy: what an evaluation needs, with everything that was refused.

use crate::Compiled;
use jifen_calendar::Zone;
use jifen_data::{Openings, RosterData};
use jifen_diag::{Text, text};
use jifen_facts::{Admission, FileError, InputFile, Limits, ReadOptions, RosterFault, mapping};

/// Files as bytes, before anything is known of them.
#[derive(Clone, Debug, Default)]
pub struct Files<'a> {
    /// The mapping of columns, if there is one: (name, text).
    pub sources_toml: Option<(&'a str, &'a str)>,
    /// Rosters.
    pub rosters: Vec<InputFile>,
    /// Facts.
    pub facts: Vec<InputFile>,
    /// Opening balances (期初, S37).
    pub openings: Vec<InputFile>,
}

/// Facts, rosters and opening balances that fit the policy.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The rosters.
    pub rosters: RosterData,
    /// Balances taken over from an older system.
    pub openings: Openings,
    /// The facts, with rejects and duplicates.
    pub admission: Admission,
    /// Rows of the rosters that were left out.
    pub roster_faults: Vec<RosterFault>,
    /// Opening balances that were left out.
    pub opening_faults: Vec<RosterFault>,
    /// Rows of opening balances that were read.
    pub opening_rows: u64,
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
        // Some messages name the line themselves.
        let line = self
            .error
            .line
            .filter(|n| !what.zh.contains(&format!("第 {n} 行")));
        let zh = line.map_or(String::new(), |n| format!(" 第 {n} 行"));
        let en = line.map_or(String::new(), |n| format!(" line {n}"));
        let (mut place_zh, mut place_en) = (format!("{file}{zh}："), format!("{file}{en}: "));
        // Some messages name the file themselves, with the sheet.
        if !file.is_empty() && what.zh.starts_with(file.as_str()) {
            (place_zh, place_en) = (String::new(), String::new());
        }
        Text::new(
            format!("{place_zh}{}。{}", what.zh, fix.zh),
            format!("{place_en}{}; {}", what.en, fix.en),
        )
    }
}

/// Reads rosters, facts and opening balances.
///
/// # Errors
/// A file that cannot be read at all: the first one. Rows that cannot be used are in the result, not here.
pub fn load(
    compiled: &Compiled,
    files: &Files<'_>,
    limits: &Limits,
) -> Result<Loaded, Vec<LoadError>> {
    let plan = &compiled.plan;
    let sources = match files.sources_toml {
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
    let mut read = jifen_facts::read_rosters(&files.rosters, &sources, plan, &zone, &options)
        .map_err(|(file, error)| one(file, error))?;
    let admission = jifen_facts::read_facts(
        &files.facts,
        &sources,
        plan,
        &zone,
        &mut read.data,
        &options,
    )
    .map_err(|(file, error)| one(file, error))?;
    let opened = jifen_facts::read_openings(&files.openings, plan, &read.data, &zone, &options)
        .map_err(|(file, error)| one(file, error))?;
    let mut notes: Vec<(String, Text)> = Vec::new();
    notes.extend(read.notes.into_iter().map(|n| (String::new(), n)));
    notes.extend(admission.notes.iter().cloned());
    notes.extend(opened.notes().into_iter().map(|n| (String::new(), n)));
    Ok(Loaded {
        rosters: read.data,
        admission,
        roster_faults: read.faults,
        openings: opened.openings,
        opening_faults: opened.faults,
        opening_rows: opened.rows,
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
