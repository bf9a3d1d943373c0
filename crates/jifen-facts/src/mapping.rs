//! `sources.toml`: which columns of an office's sheets mean what; found beside the policy by whoever reads files.
//!
//! Keys may be written in Chinese or English. What is not said is found by name: a column that is called like a
//! field is that field, and the usual names of ids, kinds, subjects and dates are known.

use crate::fault::FileError;
use crate::value::date::DateOrder;
use indexmap::IndexMap;
use jifen_diag::{suggest, text};
use jifen_quantity::Decimal;
use toml::{Table, Value};

/// The name of the mapping file.
pub const FILE_NAME: &str = "sources.toml";

/// A whole mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Sheets of facts; the first whose files fit is taken.
    pub facts: Vec<FactSource>,
    /// Rosters.
    pub rosters: Vec<RosterSource>,
}

/// Possible headings of one column, the first found is taken. Empty: nothing.
pub type Names = Vec<String>;

/// How a sheet of facts is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactSource {
    /// File names with `*`; empty means any.
    pub files: Vec<String>,
    /// Sheets of a workbook; empty means all.
    pub sheets: Vec<String>,
    /// Id of the record.
    pub id: Names,
    /// Kind of the record.
    pub kind: Names,
    /// All rows are of this record (where there is no kind column).
    pub fixed: Option<String>,
    /// Subject.
    pub subject: Names,
    /// Day (or instant) of the event.
    pub date: Names,
    /// Instant, where the day stands apart.
    pub time: Names,
    /// Entry day.
    pub entered: Names,
    /// Order of day and month.
    pub date_order: Option<DateOrder>,
    /// Kind word → record and its columns.
    pub records: IndexMap<String, RecordMap>,
    /// 确认.
    pub confirm: Option<ConfirmMap>,
    /// 撤销.
    pub void: Option<VoidMap>,
    /// 更正.
    pub correct: Option<CorrectMap>,
}

/// Columns of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordMap {
    /// Record of the policy; the kind word itself if not said.
    pub record: Option<String>,
    /// Field → columns; what is missing goes by name.
    pub fields: IndexMap<String, ColumnMap>,
}

/// The columns of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// One; begin and end for a span.
    pub columns: Vec<String>,
    /// The number is multiplied by this (cents to yuan: 0.01).
    pub times: Option<Decimal>,
}

/// Columns of confirmations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmMap {
    /// Kind word.
    pub word: String,
    /// Record spoken of.
    pub target: Names,
    /// Role.
    pub role: Names,
    /// Who.
    pub who: Names,
    /// Verdict; a blank or missing one is positive.
    pub verdict: Names,
    /// Words of a negative verdict.
    pub negative: Vec<String>,
}

/// Columns of withdrawals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoidMap {
    /// Kind word.
    pub word: String,
    /// Record withdrawn.
    pub target: Names,
    /// Why, who.
    pub note: Names,
}

/// Columns of corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectMap {
    /// Kind word.
    pub word: String,
    /// Record corrected.
    pub target: Names,
    /// Heading of the corrected column (or name of the field).
    pub field: Names,
    /// The right value.
    pub value: Names,
    /// Why, who.
    pub note: Names,
}

/// How a roster is put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterSource {
    /// Roster of the policy.
    pub roster: String,
    /// The sheet of subjects.
    pub base: RosterPart,
    /// Sheets with values from day to day.
    pub dated: Vec<RosterPart>,
    /// Sheets of changes on a day.
    pub changes: Vec<RosterPart>,
    /// Attribute → value where no dated row holds.
    pub otherwise: IndexMap<String, String>,
}

/// One sheet or file of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterPart {
    /// File names with `*`; empty means any.
    pub files: Vec<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Id of the subject.
    pub id: Names,
    /// Display name.
    pub name: Names,
    /// First day.
    pub from: Names,
    /// Last day, counted.
    pub to: Names,
    /// Attribute → column; for changes before and after.
    pub attrs: IndexMap<String, Vec<String>>,
    /// Order of day and month.
    pub date_order: Option<DateOrder>,
}

/// Names that need no mapping.
pub mod usual {
    /// Ids of records.
    pub const ID: [&str; 7] = [
        "记录编号",
        "编号",
        "流水号",
        "id",
        "fact_id",
        "record_id",
        "ID",
    ];
    /// Kinds.
    pub const KIND: [&str; 6] = ["记录", "活动类型", "类型", "事项", "kind", "type"];
    /// Subjects.
    pub const SUBJECT: [&str; 7] = [
        "居民编号",
        "对象",
        "对象编号",
        "人员编号",
        "subject",
        "account",
        "resident",
    ];
    /// Days.
    pub const DATE: [&str; 6] = ["日期", "发生日期", "时间", "date", "ts", "at"];
    /// Instants beside a day.
    pub const TIME: [&str; 3] = ["时刻", "开始时间", "time"];
    /// Entry days.
    pub const ENTERED: [&str; 4] = ["登记日", "登记日期", "entered", "entry_date"];
    /// Display names.
    pub const NAME: [&str; 3] = ["姓名", "名称", "name"];
    /// First day on a roster.
    pub const FROM: [&str; 5] = ["入册日", "自", "生效日", "from", "joined"];
    /// Last day on a roster.
    pub const TO: [&str; 4] = ["出册日", "至", "to", "left"];
}

/// The names as a list.
pub fn names(list: &[&str]) -> Names {
    list.iter().map(|s| (*s).to_owned()).collect()
}

impl FactSource {
    /// What is taken when no mapping fits a file.
    pub fn usual() -> Self {
        FactSource {
            id: names(&usual::ID),
            kind: names(&usual::KIND),
            subject: names(&usual::SUBJECT),
            date: names(&usual::DATE),
            time: names(&usual::TIME),
            entered: names(&usual::ENTERED),
            confirm: Some(ConfirmMap::usual()),
            void: Some(VoidMap::usual()),
            correct: Some(CorrectMap::usual()),
            ..FactSource::default()
        }
    }
}

impl ConfirmMap {
    fn usual() -> Self {
        ConfirmMap {
            word: "确认".into(),
            target: names(&["被确认记录", "被确认", "confirmed"]),
            role: names(&["角色", "role"]),
            who: names(&["确认人", "who"]),
            verdict: names(&["结论", "verdict"]),
            negative: names(&["驳回", "反对", "否", "异议", "no", "rejected"]),
        }
    }
}

impl VoidMap {
    fn usual() -> Self {
        VoidMap {
            word: "撤销".into(),
            target: names(&["被撤销记录", "被撤销", "withdrawn"]),
            note: names(&["原因", "reason"]),
        }
    }
}

impl CorrectMap {
    fn usual() -> Self {
        CorrectMap {
            word: "更正".into(),
            target: names(&["被更正记录", "被更正", "corrected"]),
            field: names(&["更正字段", "field"]),
            value: names(&["更正为", "value"]),
            note: names(&["原因", "reason"]),
        }
    }
}

/// Reads a `sources.toml`.
pub fn parse(source: &str) -> Result<Sources, Vec<FileError>> {
    let quoted = quote_words(source);
    let table: Table = match quoted.parse() {
        Ok(table) => table,
        Err(e) => return Err(vec![syntax(&quoted, &e)]),
    };
    let mut sources = Sources::default();
    let mut errors = Vec::new();
    let mut top = Keys::new("sources.toml", table, &mut errors);
    for (i, t) in top.tables("来源", "source").into_iter().enumerate() {
        let mut keys = Keys::new(&format!("来源[{}]", i + 1), t, top.errors);
        let fact = fact_source(&mut keys);
        keys.finish();
        sources.facts.push(fact);
    }
    for (i, t) in top.tables("名册", "roster").into_iter().enumerate() {
        let mut keys = Keys::new(&format!("名册[{}]", i + 1), t, top.errors);
        let roster = roster_source(&mut keys);
        keys.finish();
        sources.rosters.push(roster);
    }
    top.finish();
    if errors.is_empty() {
        Ok(sources)
    } else {
        Err(errors)
    }
}

/// TOML wants quotes around keys that are not ASCII; people do not write them, so they are put there.
fn quote_words(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 256);
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let n = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => string_end(rest, c),
            _ if is_word(c) => {
                let n = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let word = rest.get(..n).unwrap_or("");
                if !word.is_ascii() {
                    out.push('"');
                    out.push_str(word);
                    out.push('"');
                    rest = rest.get(n..).unwrap_or("");
                    continue;
                }
                n
            }
            c => c.len_utf8(),
        };
        out.push_str(rest.get(..n).unwrap_or(""));
        rest = rest.get(n..).unwrap_or("");
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Where the string that begins here ends (TOML's four kinds), or its line if it does not.
fn string_end(text: &str, quote: char) -> usize {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if let Some(inner) = text.strip_prefix(&triple) {
        return inner.find(&triple).map_or(text.len(), |n| n + 6);
    }
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return i,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return i + 1,
            _ => {}
        }
    }
    text.len()
}

fn syntax(source: &str, error: &toml::de::Error) -> FileError {
    let at = error.span().map_or(0, |s| s.start);
    let before = source.as_bytes().get(..at).unwrap_or_default();
    let line = 1 + memchr::memchr_iter(b'\n', before).count() as u64;
    FileError::new(
        "mapping_syntax",
        text!(
            zh = "sources.toml 第 {line} 行写法不对",
            en = "line {line} of sources.toml is not valid TOML"
        ),
        text!(
            zh = "每行写 名 = \"值\"，小标题写 [[来源]] 或 [来源.确认]",
            en = "each line is name = \"value\"; headings are [[source]] or [source.confirm]"
        ),
    )
    .at(line)
}

fn fact_source(keys: &mut Keys<'_>) -> FactSource {
    let usual = FactSource::usual();
    let mut source = FactSource {
        files: keys.names("文件", "files"),
        sheets: keys.names("工作表", "sheets"),
        id: keys.names_or("编号", "id", usual.id),
        kind: keys.names_or("类型", "kind", usual.kind),
        fixed: keys.names("全部为", "all").into_iter().next(),
        subject: keys.names_or("对象", "subject", usual.subject),
        date: keys.names_or("日期", "date", usual.date),
        time: keys.names_or("时刻", "time", usual.time),
        entered: keys.names_or("登记日", "entered", usual.entered),
        date_order: keys.date_order(),
        ..FactSource::default()
    };
    if let Some(records) = keys.table("记录", "records") {
        for (word, value) in records {
            let Value::Table(t) = value else {
                keys.wrong(&word);
                continue;
            };
            let path = format!("{}.记录.{word}", keys.path);
            let mut inner = Keys::new(&path, t, keys.errors);
            let record = record_map(&mut inner);
            inner.finish();
            source.records.insert(word, record);
        }
    }
    source.confirm = keys.builtin("确认", "confirm", ConfirmMap::usual(), |k, m| {
        m.word = k.word(&m.word);
        m.target = k.names_or("记录", "target", m.target.clone());
        m.role = k.names_or("角色", "role", m.role.clone());
        m.who = k.names_or("确认人", "who", m.who.clone());
        m.verdict = k.names_or("结论", "verdict", m.verdict.clone());
        m.negative = k.names_or("驳回", "negative", m.negative.clone());
    });
    source.void = keys.builtin("撤销", "void", VoidMap::usual(), |k, m| {
        m.word = k.word(&m.word);
        m.target = k.names_or("记录", "target", m.target.clone());
        m.note = k.names_or("原因", "note", m.note.clone());
    });
    source.correct = keys.builtin("更正", "correct", CorrectMap::usual(), |k, m| {
        m.word = k.word(&m.word);
        m.target = k.names_or("记录", "target", m.target.clone());
        m.field = k.names_or("字段", "field", m.field.clone());
        m.value = k.names_or("值", "value", m.value.clone());
        m.note = k.names_or("原因", "note", m.note.clone());
    });
    source
}

fn record_map(keys: &mut Keys<'_>) -> RecordMap {
    let mut map = RecordMap {
        record: keys.names("名", "record").into_iter().next(),
        ..RecordMap::default()
    };
    for (field, value) in keys.table("字段", "fields").unwrap_or_default() {
        let column = match value {
            Value::Table(t) => {
                let path = format!("{}.字段.{field}", keys.path);
                let mut inner = Keys::new(&path, t, keys.errors);
                let columns = inner.names("列", "column");
                let times = inner.names("乘", "times").into_iter().next();
                let number = times.as_deref().and_then(Decimal::parse);
                if times.is_some() && number.is_none() {
                    inner.wrong("乘");
                }
                inner.finish();
                ColumnMap {
                    columns,
                    times: number,
                }
            }
            value => ColumnMap {
                columns: keys.strings(&field, value),
                times: None,
            },
        };
        map.fields.insert(field, column);
    }
    map
}

fn roster_source(keys: &mut Keys<'_>) -> RosterSource {
    let roster = keys.names("名册", "roster").into_iter().next();
    let mut source = RosterSource {
        roster: roster.unwrap_or_default(),
        ..RosterSource::default()
    };
    for (attr, value) in keys.table("其余", "otherwise").unwrap_or_default() {
        let values = keys.strings(&attr, value);
        if let Some(value) = values.into_iter().next() {
            source.otherwise.insert(attr, value);
        }
    }
    for t in keys.tables("任期", "dated") {
        let mut inner = Keys::new(&format!("{}.任期", keys.path), t, keys.errors);
        source.dated.push(roster_part(&mut inner));
        inner.finish();
    }
    for t in keys.tables("变更", "changes") {
        let mut inner = Keys::new(&format!("{}.变更", keys.path), t, keys.errors);
        source.changes.push(roster_part(&mut inner));
        inner.finish();
    }
    source.base = roster_part(keys);
    source
}

fn roster_part(keys: &mut Keys<'_>) -> RosterPart {
    let mut part = RosterPart {
        files: keys.names("文件", "files"),
        sheet: keys.names("工作表", "sheet").into_iter().next(),
        id: keys.names_or("编号", "id", names(&usual::SUBJECT)),
        name: keys.names_or("姓名", "name", names(&usual::NAME)),
        from: keys.names_or("自", "from", names(&usual::FROM)),
        to: keys.names_or("至", "to", names(&usual::TO)),
        date_order: keys.date_order(),
        ..RosterPart::default()
    };
    for (attr, value) in keys.table("属性", "attrs").unwrap_or_default() {
        let columns = keys.strings(&attr, value);
        part.attrs.insert(attr, columns);
    }
    part
}

/// The keys of one table: each is taken once, and what is left over is an error.
struct Keys<'e> {
    path: String,
    table: Table,
    known: Vec<&'static str>,
    errors: &'e mut Vec<FileError>,
}

impl<'e> Keys<'e> {
    fn new(path: &str, table: Table, errors: &'e mut Vec<FileError>) -> Self {
        Keys {
            path: path.to_owned(),
            table,
            known: Vec::new(),
            errors,
        }
    }

    fn take(&mut self, zh: &'static str, en: &'static str) -> Option<Value> {
        self.known.extend([zh, en]);
        self.table.remove(zh).or_else(|| self.table.remove(en))
    }

    fn names(&mut self, zh: &'static str, en: &'static str) -> Names {
        match self.take(zh, en) {
            Some(value) => self.strings(zh, value),
            None => Names::new(),
        }
    }

    fn names_or(&mut self, zh: &'static str, en: &'static str, usual: Names) -> Names {
        match self.take(zh, en) {
            Some(value) => self.strings(zh, value),
            None => usual,
        }
    }

    fn word(&mut self, usual: &str) -> String {
        let word = self.names("类型", "kind").into_iter().next();
        word.unwrap_or_else(|| usual.to_owned())
    }

    fn strings(&mut self, key: &str, value: Value) -> Names {
        match value {
            Value::String(s) => vec![s],
            Value::Integer(n) => vec![n.to_string()],
            Value::Array(list) => {
                let mut out = Names::new();
                for item in list {
                    match item {
                        Value::String(s) => out.push(s),
                        _ => self.wrong(key),
                    }
                }
                out
            }
            _ => {
                self.wrong(key);
                Names::new()
            }
        }
    }

    fn table(&mut self, zh: &'static str, en: &'static str) -> Option<Table> {
        match self.take(zh, en)? {
            Value::Table(t) => Some(t),
            _ => {
                self.wrong(zh);
                None
            }
        }
    }

    fn tables(&mut self, zh: &'static str, en: &'static str) -> Vec<Table> {
        let list = match self.take(zh, en) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(one) => vec![one],
        };
        let mut tables = Vec::new();
        for item in list {
            match item {
                Value::Table(t) => tables.push(t),
                _ => self.wrong(zh),
            }
        }
        tables
    }

    /// A built-in record: `false` switches it off, a table says its columns.
    fn builtin<M>(
        &mut self,
        zh: &'static str,
        en: &'static str,
        mut usual: M,
        read: impl FnOnce(&mut Keys<'_>, &mut M),
    ) -> Option<M> {
        match self.take(zh, en) {
            None => Some(usual),
            Some(Value::Boolean(false)) => None,
            Some(Value::Table(t)) => {
                let path = format!("{}.{zh}", self.path);
                let mut inner = Keys::new(&path, t, self.errors);
                read(&mut inner, &mut usual);
                inner.finish();
                Some(usual)
            }
            Some(_) => {
                self.wrong(zh);
                None
            }
        }
    }

    fn date_order(&mut self) -> Option<DateOrder> {
        let word = self.names("日期次序", "date_order").into_iter().next()?;
        match word.as_str() {
            "日月年" | "dmy" => Some(DateOrder::DayFirst),
            "月日年" | "mdy" => Some(DateOrder::MonthFirst),
            "年月日" | "ymd" => None,
            _ => {
                self.wrong("日期次序");
                None
            }
        }
    }

    fn wrong(&mut self, key: &str) {
        let path = &self.path;
        self.errors.push(FileError::new(
            "mapping_value",
            text!(
                zh = "sources.toml 的 {path} 里“{key}”的值不是这里能写的",
                en = "in {path} of sources.toml the value of “{key}” cannot stand here"
            ),
            text!(
                zh = "看 docs/language/facts-files.md 里这一项的写法",
                en = "see docs/language/facts-files.md for what it takes"
            ),
        ));
    }

    fn finish(self) {
        let path = &self.path;
        for (key, _) in self.table {
            let near = suggest(&key, self.known.iter().copied());
            let known = self.known.join("、");
            let fix = match near {
                Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
                None => text!(zh = "这里可以写：{known}", en = "known here: {known}"),
            };
            self.errors.push(FileError::new(
                "mapping_key",
                text!(
                    zh = "sources.toml 的 {path} 里没有“{key}”这一项",
                    en = "{path} of sources.toml has no entry “{key}”"
                ),
                fix,
            ));
        }
    }
}

/// Whether a file name fits one of the patterns (`*` stands for anything); no pattern fits all.
pub fn fits(patterns: &[String], file: &str) -> bool {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    patterns.is_empty() || patterns.iter().any(|p| glob(p.as_bytes(), base.as_bytes()))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|i| glob(rest, text.get(i..).unwrap_or(&[]))),
        Some((c, rest)) => text
            .split_first()
            .is_some_and(|(t, more)| t == c && glob(rest, more)),
    }
}
