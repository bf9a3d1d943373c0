//! Headings to columns: which column each part of a record is read from.

use crate::fault::FileError;
use crate::mapping::{ColumnMap, ConfirmMap, CorrectMap, FactSource, Names, VoidMap};
use crate::raw::RawTable;
use crate::rejects;
use crate::roster::column_missing;
use indexmap::IndexMap;
use jifen_diag::{suggest, text};
use jifen_plan::{FieldType, Kind, KindIx, Plan};
use jifen_quantity::Decimal;

/// What a kind word stands for.
pub(super) enum Target {
    Kind(KindTarget),
    Confirm(ConfirmColumns),
    Void(VoidColumns),
    Correct(CorrectColumns),
}

pub(super) struct KindTarget {
    pub kind: KindIx,
    /// Parallel to the kind's fields.
    pub fields: Vec<FieldColumn>,
    /// A column that the mapping names and the table lacks: an error once there is a row of this kind.
    pub problem: Option<FileError>,
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldColumn {
    /// No column: always blank.
    None,
    One {
        column: usize,
        times: Option<Decimal>,
    },
    Span {
        start: usize,
        end: usize,
    },
}

pub(super) struct ConfirmColumns {
    pub target: usize,
    pub role: usize,
    pub who: Option<usize>,
    pub verdict: Option<usize>,
    pub negative: Vec<String>,
}

pub(super) struct VoidColumns {
    pub target: usize,
    pub note: Option<usize>,
}

pub(super) struct CorrectColumns {
    pub target: usize,
    pub field: usize,
    pub value: usize,
    pub note: Option<usize>,
}

pub(super) struct Resolved {
    pub id: usize,
    pub kind: Option<usize>,
    pub subject: Option<usize>,
    pub date: Option<usize>,
    pub time: Option<usize>,
    pub entered: Option<usize>,
    pub targets: Vec<Target>,
    /// Kind word → index of its target.
    pub words: IndexMap<String, usize>,
    /// The target of every row, where there is no kind column.
    pub fixed: Option<usize>,
    /// Columns that may hold dates.
    pub dates: Vec<usize>,
}

impl Resolved {
    /// The target of a kind of the plan.
    pub fn target_of(&self, kind: KindIx) -> Option<&KindTarget> {
        self.targets.iter().find_map(|t| match t {
            Target::Kind(k) if k.kind == kind => Some(k),
            _ => None,
        })
    }
}

/// All headings that a mapping may use with a plan; other columns are not read (of Parquet) and never used.
pub(super) fn known(source: &FactSource, plan: &Plan) -> Names {
    let mut all = Names::new();
    let lists = [
        &source.id,
        &source.kind,
        &source.subject,
        &source.date,
        &source.time,
        &source.entered,
    ];
    all.extend(lists.into_iter().flatten().cloned());
    for record in source.records.values() {
        all.extend(
            record
                .fields
                .values()
                .flat_map(|c| c.columns.iter().cloned()),
        );
    }
    for kind in &plan.kinds {
        all.extend(kind.fields.iter().map(|f| f.name.clone()));
    }
    if let Some(c) = &source.confirm {
        all.extend(
            [&c.target, &c.role, &c.who, &c.verdict]
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    if let Some(v) = &source.void {
        all.extend([&v.target, &v.note].into_iter().flatten().cloned());
    }
    if let Some(c) = &source.correct {
        all.extend(
            [&c.target, &c.field, &c.value, &c.note]
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    all.extend(rejects::mark_names());
    all
}

struct Finder<'a> {
    label: &'a str,
    raw: &'a RawTable,
}

impl Finder<'_> {
    fn find(&self, names: &[String]) -> Result<Option<usize>, FileError> {
        for name in names {
            let mut columns = self.raw.columns_named(name);
            let first = columns.next();
            if first.is_some() && columns.next().is_some() {
                let file = self.label;
                return Err(FileError::new(
                    "column_twice",
                    text!(
                        zh = "{file} 有两列都叫“{name}”",
                        en = "{file} has two columns called “{name}”"
                    ),
                    text!(zh = "给其中一列改名", en = "rename one of them"),
                ));
            }
            if first.is_some() {
                return Ok(first);
            }
        }
        Ok(None)
    }

    fn need(&self, names: &[String]) -> Result<usize, FileError> {
        self.find(names)?
            .ok_or_else(|| column_missing(self.label, names, &self.raw.headers))
    }
}

pub(super) fn resolve(
    label: &str,
    raw: &RawTable,
    source: &FactSource,
    plan: &Plan,
) -> Result<Resolved, FileError> {
    let finder = Finder { label, raw };
    let kind = match &source.fixed {
        Some(_) => None,
        None => finder.find(&source.kind)?,
    };
    let mut resolved = Resolved {
        id: finder.need(&source.id)?,
        kind,
        subject: finder.find(&source.subject)?,
        date: finder.find(&source.date)?,
        time: finder.find(&source.time)?,
        entered: finder.find(&source.entered)?,
        targets: Vec::new(),
        words: IndexMap::new(),
        fixed: None,
        dates: Vec::new(),
    };
    let times = [resolved.date, resolved.time, resolved.entered];
    resolved.dates.extend(times.into_iter().flatten());
    add_kinds(&finder, source, plan, &mut resolved)?;
    add_builtins(&finder, source, &mut resolved)?;
    if resolved.kind.is_none() {
        resolved.fixed = Some(fixed(&finder, source, plan, &resolved)?);
    }
    Ok(resolved)
}

fn fixed(
    finder: &Finder<'_>,
    source: &FactSource,
    plan: &Plan,
    resolved: &Resolved,
) -> Result<usize, FileError> {
    match (&source.fixed, plan.kinds.as_slice()) {
        (Some(word), _) => resolved
            .words
            .get(word)
            .copied()
            .ok_or_else(|| no_record(word, plan)),
        // A policy with one record needs no kind column.
        (None, [one]) => Ok(resolved.words.get(&one.name).copied().unwrap_or(0)),
        (None, _) => Err(column_missing(
            finder.label,
            &source.kind,
            &finder.raw.headers,
        )),
    }
}

fn no_record(word: &str, plan: &Plan) -> FileError {
    let near = suggest(word, plan.kinds.iter().map(|k| k.name.as_str()));
    let all: Vec<&str> = plan.kinds.iter().map(|k| k.name.as_str()).collect();
    let all = all.join("、");
    FileError::new(
        "record_unknown",
        text!(
            zh = "sources.toml 提到的记录“{word}”，政策里没有",
            en = "sources.toml names the record “{word}”, which the policy does not have"
        ),
        match near {
            Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
            None => text!(zh = "政策里的记录：{all}", en = "the policy has: {all}"),
        },
    )
}

fn add_kinds(
    finder: &Finder<'_>,
    source: &FactSource,
    plan: &Plan,
    resolved: &mut Resolved,
) -> Result<(), FileError> {
    let none = IndexMap::new();
    let mut mapped = vec![false; plan.kinds.len()];
    for (word, map) in &source.records {
        let name = map.record.as_ref().unwrap_or(word);
        let found = plan.kinds.iter().position(|k| k.name == *name);
        let Some(at) = found else {
            return Err(no_record(name, plan));
        };
        if let Some(flag) = mapped.get_mut(at) {
            *flag = true;
        }
        add_kind(finder, word, at, &map.fields, plan, resolved)?;
    }
    // Records that the mapping does not name go by their own names.
    for (at, kind) in plan.kinds.iter().enumerate() {
        if !mapped.get(at).copied().unwrap_or(true) && !resolved.words.contains_key(&kind.name) {
            add_kind(finder, &kind.name, at, &none, plan, resolved)?;
        }
    }
    Ok(())
}

fn add_kind(
    finder: &Finder<'_>,
    word: &str,
    at: usize,
    maps: &IndexMap<String, ColumnMap>,
    plan: &Plan,
    resolved: &mut Resolved,
) -> Result<(), FileError> {
    let Some(kind) = plan.kinds.get(at) else {
        return Ok(());
    };
    if let Some(stray) = maps
        .keys()
        .find(|f| !kind.fields.iter().any(|k| k.name == **f))
    {
        return Err(no_field(stray, kind));
    }
    let mut fields = Vec::new();
    let mut problem = None;
    for field in &kind.fields {
        let column = match maps.get(&field.name) {
            Some(map) => match mapped_field(finder, map, &field.ty) {
                Err(e) if e.code == "column_missing" => {
                    problem = problem.or((!finder.raw.sparse).then_some(e));
                    FieldColumn::None
                }
                other => other?,
            },
            None => named_field(finder, &field.name, &field.ty)?,
        };
        let dated = matches!(
            field.ty,
            FieldType::Date | FieldType::Instant | FieldType::Span
        );
        match column {
            FieldColumn::One { column, .. } if dated => resolved.dates.push(column),
            FieldColumn::Span { start, end } => resolved.dates.extend([start, end]),
            _ => {}
        }
        fields.push(column);
    }
    let target = Target::Kind(KindTarget {
        kind: KindIx(at as u16),
        fields,
        problem,
    });
    resolved
        .words
        .insert(word.to_owned(), resolved.targets.len());
    resolved.targets.push(target);
    Ok(())
}

fn no_field(field: &str, kind: &Kind) -> FileError {
    let name = &kind.name;
    let all: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
    let near = suggest(field, all.iter().copied());
    let all = all.join("、");
    FileError::new(
        "field_unknown",
        text!(
            zh = "sources.toml 提到记录“{name}”的字段“{field}”，政策里没有",
            en = "sources.toml names the field “{field}” of record “{name}”, which the policy does not have"
        ),
        match near {
            Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
            None => text!(zh = "它的字段：{all}", en = "its fields are: {all}"),
        },
    )
}

fn mapped_field(
    finder: &Finder<'_>,
    map: &ColumnMap,
    ty: &FieldType,
) -> Result<FieldColumn, FileError> {
    let need = |name: &String| finder.need(std::slice::from_ref(name));
    match (map.columns.as_slice(), ty) {
        ([start, end], FieldType::Span) => Ok(FieldColumn::Span {
            start: need(start)?,
            end: need(end)?,
        }),
        ([_], FieldType::Span) | ([], _) => Err(FileError::new(
            "mapping_value",
            text!(
                zh = "sources.toml 里，时段要写两列：起止 = [\"开始\", \"结束\"]",
                en = "in sources.toml a span needs two columns: span = [\"start\", \"end\"]"
            ),
            text!(
                zh = "写上起、止两列的列名",
                en = "name the columns of begin and end"
            ),
        )),
        (columns, _) => Ok(FieldColumn::One {
            column: finder.need(columns)?,
            times: map.times,
        }),
    }
}

fn named_field(finder: &Finder<'_>, name: &str, ty: &FieldType) -> Result<FieldColumn, FileError> {
    let find = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        finder.find(&names)
    };
    if *ty == FieldType::Span {
        let own_start = format!("{name}开始");
        let own_end = format!("{name}结束");
        let start = find(&[&own_start, "开始", "start", "begin"])?;
        let end = find(&[&own_end, "结束", "end"])?;
        return Ok(match (start, end) {
            (Some(start), Some(end)) => FieldColumn::Span { start, end },
            _ => FieldColumn::None,
        });
    }
    Ok(match find(&[name])? {
        Some(column) => FieldColumn::One {
            column,
            times: None,
        },
        None => FieldColumn::None,
    })
}

/// Built-in records are there when their columns are.
fn add_builtins(
    finder: &Finder<'_>,
    source: &FactSource,
    resolved: &mut Resolved,
) -> Result<(), FileError> {
    if let Some(map) = &source.confirm
        && let Some(columns) = confirm(finder, map)?
    {
        resolved.add(&map.word, Target::Confirm(columns));
    }
    if let Some(map) = &source.void
        && let Some(columns) = void(finder, map)?
    {
        resolved.add(&map.word, Target::Void(columns));
    }
    if let Some(map) = &source.correct
        && let Some(columns) = correct(finder, map)?
    {
        resolved.add(&map.word, Target::Correct(columns));
    }
    Ok(())
}

impl Resolved {
    fn add(&mut self, word: &str, target: Target) {
        if !self.words.contains_key(word) {
            self.words.insert(word.to_owned(), self.targets.len());
            self.targets.push(target);
        }
    }
}

fn confirm(finder: &Finder<'_>, map: &ConfirmMap) -> Result<Option<ConfirmColumns>, FileError> {
    let (target, role) = (finder.find(&map.target)?, finder.find(&map.role)?);
    let (Some(target), Some(role)) = (target, role) else {
        return Ok(None);
    };
    Ok(Some(ConfirmColumns {
        target,
        role,
        who: finder.find(&map.who)?,
        verdict: finder.find(&map.verdict)?,
        negative: map.negative.clone(),
    }))
}

fn void(finder: &Finder<'_>, map: &VoidMap) -> Result<Option<VoidColumns>, FileError> {
    let Some(target) = finder.find(&map.target)? else {
        return Ok(None);
    };
    let note = finder.find(&map.note)?;
    Ok(Some(VoidColumns { target, note }))
}

fn correct(finder: &Finder<'_>, map: &CorrectMap) -> Result<Option<CorrectColumns>, FileError> {
    let found = (
        finder.find(&map.target)?,
        finder.find(&map.field)?,
        finder.find(&map.value)?,
    );
    let (Some(target), Some(field), Some(value)) = found else {
        return Ok(None);
    };
    Ok(Some(CorrectColumns {
        target,
        field,
        value,
        note: finder.find(&map.note)?,
    }))
}
