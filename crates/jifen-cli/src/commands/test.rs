//! `jifen test POLICY…`: the tests written in the policy files.

use super::{Answer, policy};
use crate::context::{Context, Exit};
use crate::files;
use clap::ArgMatches;
use jifen::{Diagnostic, Lang, run_tests, to_json};

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let policy = policy::load(given, context)?;
    let lang = policy.lang;
    let sources = &policy.compiled.sources;
    let results = run_tests(&policy.compiled);
    let failed = results.iter().filter(|r| !r.passed()).count();
    let exit = if failed > 0 {
        Exit::Problems
    } else {
        Exit::Done
    };
    if context.json {
        let tests: Vec<_> = results
            .iter()
            .map(|r| {
                serde_json::json!({
                    "title": r.title, "passed": r.passed(), "expectations": r.expectations,
                    "diagnostics": to_json(&r.problems, sources, lang),
                })
            })
            .collect();
        context.print_json(&serde_json::json!({
            "schema": "jifen.test/1", "passed": results.len() - failed, "failed": failed, "tests": tests,
        }));
        return Ok(exit);
    }
    for r in &results {
        let mark = if r.passed() { "✓" } else { "✗" };
        context.print(&format!("{mark} {}\n", r.title));
    }
    let problems: Vec<Diagnostic> = results.iter().flat_map(|r| r.problems.clone()).collect();
    context.show(&problems, sources, lang);
    let (passed, all) = (results.len() - failed, policy::written(given));
    match lang {
        Lang::Zh if results.is_empty() => context.print("政策里没有测试\n"),
        Lang::En if results.is_empty() => context.print("the policy has no tests\n"),
        Lang::Zh => context.print(&format!("{passed} 个通过, {failed} 个未通过\n")),
        Lang::En => context.print(&format!("{passed} passed, {failed} failed\n")),
    }
    let beside = files::beside(&policy.dir, &["facts", "记录"]).is_some();
    let next = match (failed, lang) {
        (0, Lang::Zh) => format!("jifen 计算 {all}{}", if beside { "" } else { " --记录 …" }),
        (0, Lang::En) => format!("jifen run {all}{}", if beside { "" } else { " --facts …" }),
        (_, Lang::Zh) => "jifen 错误 JF0801".to_owned(),
        (_, Lang::En) => "jifen error JF0801".to_owned(),
    };
    context.next(lang, &next);
    Ok(exit)
}
