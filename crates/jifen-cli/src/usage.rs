//! Mistakes on the command line, in the user's language; clap finds them, these words say them.

use crate::args::COMMANDS;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use jifen::{Lang, suggest};

fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStr(s)) => s.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// What was wrong, in one or two lines.
pub fn describe(error: &Error, lang: Lang) -> String {
    let arg = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let zh = lang == Lang::Zh;
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let given = context(error, ContextKind::InvalidSubcommand);
            let names = COMMANDS.iter().flat_map(|c| [c.zh, c.en]);
            let near = suggest(&given, names);
            match (zh, near) {
                (true, Some(n)) => format!("没有命令“{given}”，是不是“{n}”？"),
                (true, None) => format!("没有命令“{given}”"),
                (false, Some(n)) => format!("there is no command “{given}”; did you mean “{n}”?"),
                (false, None) => format!("there is no command “{given}”"),
            }
        }
        ErrorKind::UnknownArgument => {
            let near = context(error, ContextKind::SuggestedArg);
            match (zh, near.is_empty()) {
                (true, false) => format!("没有选项“{arg}”，是不是“{near}”？"),
                (true, true) => format!("没有选项“{arg}”"),
                (false, false) => format!("there is no option “{arg}”; did you mean “{near}”?"),
                (false, true) => format!("there is no option “{arg}”"),
            }
        }
        ErrorKind::MissingRequiredArgument if zh => format!("还缺：{arg}"),
        ErrorKind::MissingRequiredArgument => format!("missing: {arg}"),
        ErrorKind::ArgumentConflict if zh => format!("“{arg}”只能写一次"),
        ErrorKind::ArgumentConflict => format!("“{arg}” can be given only once"),
        ErrorKind::InvalidValue if value.is_empty() && zh => format!("“{arg}”后面要有值"),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{arg}” needs a value"),
        ErrorKind::TooManyValues if zh => format!("“{arg}”后面多写了“{value}”"),
        ErrorKind::TooManyValues => format!("“{value}” is one value too many for “{arg}”"),
        ErrorKind::InvalidUtf8 if zh => "命令行里有不是 UTF-8 的文字".to_owned(),
        ErrorKind::InvalidUtf8 => "the command line is not valid UTF-8".to_owned(),
        ErrorKind::MissingSubcommand if zh => "还没有写命令".to_owned(),
        ErrorKind::MissingSubcommand => "no command was given".to_owned(),
        _ if zh => format!("命令行写法不对：{arg} {value}"),
        _ => format!("the command line cannot be read: {arg} {value}"),
    }
}
