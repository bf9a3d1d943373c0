//! `jifen check POLICY…`: all problems at once.

use super::{Answer, policy};
use crate::context::{Context, Exit};
use clap::ArgMatches;
use jifen::{Diagnostic, check};

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let paths = policy::paths(given)?;
    let checked = check(policy::read(&paths)?);
    let lang = context.lang_or(checked.lang);
    let wrong = checked.diagnostics.iter().any(Diagnostic::is_error);
    if context.json {
        context.print_json(&policy::json(&checked.diagnostics, &checked.sources, lang));
    } else {
        context.show(&checked.diagnostics, &checked.sources, lang);
        if checked.diagnostics.is_empty() {
            context.print(lang.pick("没有问题\n", "no problems\n"));
        }
        let all = policy::written(given);
        let first = checked.diagnostics.iter().find(|d| d.is_error());
        match (first, lang) {
            (Some(d), jifen::Lang::Zh) => context.next(lang, &format!("jifen 错误 {}", d.code)),
            (Some(d), jifen::Lang::En) => context.next(lang, &format!("jifen error {}", d.code)),
            (None, jifen::Lang::Zh) => context.next(lang, &format!("jifen 测试 {all}")),
            (None, jifen::Lang::En) => context.next(lang, &format!("jifen test {all}")),
        }
    }
    Ok(if wrong { Exit::Problems } else { Exit::Done })
}
