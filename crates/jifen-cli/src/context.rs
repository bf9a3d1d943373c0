//! What every command knows about the world outside: language, colour, width, and how to print. The only place that
//! reads the environment.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line passes language, colour and width on; no result depends on them"
)]

use clap::ArgMatches;
use jifen::{Diagnostic, Lang, RenderOptions, Sources, Text, render_all, text};
use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};

/// Exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The policy has errors, a test failed, or some fact could not be computed.
    Problems = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A limit was met, a file could not be read or written, or jifen itself is at fault.
    Internal = 3,
}

/// Why a command stopped.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What to say.
    pub message: Text,
}

impl Failure {
    /// A mistake on the command line.
    pub fn usage(message: Text) -> Self {
        Failure {
            exit: Exit::Usage,
            message,
        }
    }

    /// Something in the world outside.
    pub fn outside(message: Text) -> Self {
        Failure {
            exit: Exit::Internal,
            message,
        }
    }

    /// Everything has been said already.
    pub fn reported(exit: Exit) -> Self {
        Failure {
            exit,
            message: Text::default(),
        }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = path.display();
        let (zh, en) = match error.kind() {
            std::io::ErrorKind::NotFound => ("没有这个文件", "no such file"),
            std::io::ErrorKind::PermissionDenied => ("没有权限", "permission denied"),
            std::io::ErrorKind::AlreadyExists => ("已经存在", "it exists already"),
            std::io::ErrorKind::IsADirectory => ("这是文件夹", "it is a folder"),
            std::io::ErrorKind::NotADirectory => {
                ("路径中有一段不是文件夹", "a part of the path is no folder")
            }
            _ => {
                return Failure::outside(text!(
                    zh = "{path}：读写失败（{error}）",
                    en = "{path}: it cannot be read or written ({error})"
                ));
            }
        };
        Failure::outside(text!(zh = "{path}：{zh}", en = "{path}: {en}"))
    }
}

/// What every command knows.
pub struct Context {
    asked: Option<Lang>,
    fallback: Lang,
    /// Results as JSON.
    pub json: bool,
}

/// The language before any policy is read: `--lang`, else the command's own language, else the locale, else Chinese.
pub fn first_language(argv: &[OsString]) -> Lang {
    let words: Vec<&str> = argv.iter().skip(1).filter_map(|a| a.to_str()).collect();
    for (i, word) in words.iter().enumerate() {
        let value = word
            .strip_prefix("--lang=")
            .or_else(|| word.strip_prefix("--语言="))
            .or_else(|| matches!(*word, "--lang" | "--语言").then(|| words.get(i + 1).copied())?);
        if let Some(lang) = value.and_then(parse_language) {
            return lang;
        }
    }
    if words
        .iter()
        .any(|w| crate::args::COMMANDS.iter().any(|c| c.zh == *w))
    {
        return Lang::Zh;
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match locale {
        Some(l) if l.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

/// Reads a language name.
pub fn parse_language(word: &str) -> Option<Lang> {
    match word {
        "zh" | "中文" => Some(Lang::Zh),
        "en" | "英文" => Some(Lang::En),
        _ => None,
    }
}

impl Context {
    /// Reads the options that every command takes.
    pub fn new(given: &ArgMatches, fallback: Lang) -> Result<Self, String> {
        let asked = match given.get_one::<String>("lang") {
            None => None,
            Some(word) => Some(parse_language(word).ok_or_else(|| {
                let zh = format!("语言只有 zh 和 en，没有“{word}”");
                fallback.pick(zh, format!("the languages are zh and en, not “{word}”"))
            })?),
        };
        Ok(Context {
            asked,
            fallback,
            json: given.get_flag("json"),
        })
    }

    /// The language to speak, given that of the policy.
    pub fn lang_or(&self, policy: Option<Lang>) -> Lang {
        self.asked.or(policy).unwrap_or(self.fallback)
    }

    /// Prints to stdout; a closed pipe is no error.
    pub fn print(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// Prints to stderr.
    pub fn note(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Prints a value as JSON on stdout.
    pub fn print_json(&self, value: &serde_json::Value) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.print(&format!("{text}\n"));
    }

    /// Prints the next useful command.
    pub fn next(&self, lang: Lang, command: &str) {
        self.note(&format!("{}: {command}\n", lang.pick("下一步", "next")));
    }

    /// Says why a command stopped.
    pub fn fail(&self, failure: &Failure) {
        if failure.message.is_empty() {
            return;
        }
        let lang = self.lang_or(None);
        if self.json {
            self.print_json(&serde_json::json!({
                "schema": "jifen.failure/1",
                "message": failure.message.get(lang),
            }));
        }
        let word = lang.pick("错误", "error");
        self.note(&format!("{word}: {}\n", failure.message.get(lang)));
    }

    /// Prints diagnostics with their summary on stderr.
    pub fn show(&self, all: &[Diagnostic], sources: &Sources, lang: Lang) {
        if all.is_empty() {
            return;
        }
        self.note(&render_all(all, sources, self.render_options(lang)));
    }

    /// How to draw on this stderr.
    pub fn render_options(&self, lang: Lang) -> RenderOptions {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let terminal = std::io::stderr().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        let width = std::env::var("COLUMNS").ok().and_then(|w| w.parse().ok());
        RenderOptions {
            lang,
            color: terminal && !dumb && !set("NO_COLOR"),
            width: width.unwrap_or(80usize).clamp(40, 120),
        }
    }
}
