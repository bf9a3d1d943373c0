//! Facts, rosters and opening balances for `run` and `explain`: named on the command line, or found beside the policy.

use super::policy::Policy;
use crate::context::{Context, Exit, Failure};
use crate::files;
use crate::progress::Progress;
use clap::ArgMatches;
use jifen::{Day, Files, InputFile, Lang, Limits, LoadError, Loaded, text};
use std::path::{Path, PathBuf};

/// Everything an evaluation needs.
pub struct Inputs {
    /// Facts and rosters.
    pub loaded: Loaded,
    /// Counted to the end of this day.
    pub as_of: Day,
}

/// Finds, reads and admits.
pub fn load(given: &ArgMatches, policy: &Policy, context: &Context) -> Result<Inputs, Failure> {
    let lang = policy.lang;
    let mapping = mapping(given, policy)?;
    let facts = facts(given, policy)?;
    let rosters = rosters(given, policy, mapping.as_ref().map(|(_, t)| t.as_str()))?;
    let openings = openings(given, policy)?;
    let _progress = Progress::start(context, lang.pick("读取记录", "reading facts"));
    let files = Files {
        sources_toml: mapping.as_ref().map(|(n, t)| (n.as_str(), t.as_str())),
        rosters,
        facts,
        openings,
    };
    let loaded = jifen::load(&policy.compiled, &files, &Limits::default());
    let loaded = loaded.map_err(|all| refuse(&all, context, lang))?;
    let as_of = match given.get_one::<String>("as-of") {
        Some(word) => parse_day(word)?,
        None => jifen::last_entry(&loaded.admission.log).unwrap_or_else(|| first_day(policy)),
    };
    Ok(Inputs { loaded, as_of })
}

fn first_day(policy: &Policy) -> Day {
    policy
        .compiled
        .plan
        .versions
        .first()
        .map_or(Day(0), |v| v.from)
}

/// Reads `2026-04-10` or `2026年4月10日`.
pub fn parse_day(word: &str) -> Result<Day, Failure> {
    let plain: String = word
        .chars()
        .map(|c| match c {
            '年' | '月' | '/' | '.' => '-',
            c => c,
        })
        .filter(|c| *c != '日')
        .collect();
    let mut parts = plain.split('-').map(str::parse::<u32>);
    let day = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(y)), Some(Ok(m)), Some(Ok(d)), None) => {
            i32::try_from(y).ok().and_then(|y| Day::from_ymd(y, m, d))
        }
        _ => None,
    };
    day.ok_or_else(|| {
        Failure::usage(text!(
            zh = "“{word}”不是日期，写作 2026-04-10",
            en = "“{word}” is not a date; write 2026-04-10"
        ))
    })
}

fn refuse(all: &[LoadError], context: &Context, lang: Lang) -> Failure {
    if context.json {
        let errors: Vec<_> = all
            .iter()
            .map(|e| {
                serde_json::json!({
                    "file": e.file, "code": jifen::data_code(e.error.code).to_string(),
                    "reason": e.error.code, "line": e.error.line,
                    "message": e.error.text.get(lang), "fix": e.error.fix.get(lang),
                })
            })
            .collect();
        context
            .print_json(&serde_json::json!({ "schema": "jifen.file-errors/1", "errors": errors }));
    }
    for e in all {
        let word = lang.pick("错误", "error");
        let code = jifen::data_code(e.error.code);
        context.note(&format!("{word} {code}: {}\n", e.text().get(lang)));
    }
    Failure::reported(Exit::Internal)
}

fn many(given: &ArgMatches, id: &str) -> Vec<PathBuf> {
    given
        .get_many::<String>(id)
        .map(|v| v.map(PathBuf::from).collect())
        .unwrap_or_default()
}

fn mapping(given: &ArgMatches, policy: &Policy) -> Result<Option<(String, String)>, Failure> {
    let asked = given.get_one::<String>("sources").map(PathBuf::from);
    let path = match asked {
        Some(path) => path,
        None => {
            let names = ["sources.toml", "映射.toml"].map(|n| policy.dir.join(n));
            match names.into_iter().find(|p| p.is_file()) {
                Some(path) => path,
                None => return Ok(None),
            }
        }
    };
    let bytes = std::fs::read(&path).map_err(|e| Failure::file(&path, &e))?;
    let name = path.display().to_string();
    match jifen::decode(&bytes) {
        Some(text) => Ok(Some((name, text))),
        None => Err(Failure::outside(text!(
            zh = "“{name}”不是文字文件",
            en = "“{name}” is not a text file"
        ))),
    }
}

fn facts(given: &ArgMatches, policy: &Policy) -> Result<Vec<InputFile>, Failure> {
    let mut paths = many(given, "facts");
    if paths.is_empty() {
        paths.extend(files::beside(&policy.dir, &["facts", "记录"]));
    }
    if paths.is_empty() {
        return Err(Failure::usage(text!(
            zh = "没有记录文件：写 --facts 文件，或放进政策旁边的 facts 文件夹",
            en = "no facts: name files with --facts, or put them into the folder facts beside the policy"
        )));
    }
    files::inputs(&paths)
}

/// Named files, else the folder `opening` beside the policy; none at all is usual.
fn openings(given: &ArgMatches, policy: &Policy) -> Result<Vec<InputFile>, Failure> {
    let mut paths = many(given, "opening");
    if paths.is_empty() {
        paths.extend(files::beside(&policy.dir, &["opening", "期初"]));
    }
    files::inputs(&paths)
}

/// Named files, else those that the mapping names anywhere in the policy's folder, else the folder `roster` beside it.
fn rosters(
    given: &ArgMatches,
    policy: &Policy,
    mapping: Option<&str>,
) -> Result<Vec<InputFile>, Failure> {
    let named = many(given, "roster");
    if !named.is_empty() {
        return files::inputs(&named);
    }
    let patterns = mapping.map(jifen::roster_patterns).unwrap_or_default();
    if !patterns.is_empty() {
        let fits = |p: &PathBuf| {
            let name = p.file_name().map(|n| n.to_string_lossy().into_owned());
            jifen::fits(&patterns, &name.unwrap_or_default())
        };
        let mut found = files::around(&policy.dir)?;
        found.retain(fits);
        one_folder(&mut found);
        if !found.is_empty() {
            return files::inputs(&found);
        }
    }
    match files::beside(&policy.dir, &["roster", "名册"]) {
        Some(folder) => files::inputs(&[folder]),
        None => Ok(Vec::new()),
    }
}

/// Files of one name in several folders are different deliveries: the first folder counts.
fn one_folder(found: &mut Vec<PathBuf>) {
    let first = found.first().and_then(|p| p.parent()).map(Path::to_owned);
    found.retain(|p| p.parent().map(Path::to_owned) == first);
}
