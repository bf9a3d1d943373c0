//! `jifen fmt` and `jifen translate`: the same policy in another layout or language; nothing is written that means something else.

use super::{Answer, policy};
use crate::context::{Context, Exit, Failure, parse_language};
use crate::files;
use clap::ArgMatches;
use jifen::{Lang, Refused, Sources, text};
use std::path::{Path, PathBuf};

/// `jifen fmt`
pub fn fmt(given: &ArgMatches, context: &Context) -> Answer {
    let only_check = given.get_flag("check");
    let paths = policy::paths(given)?;
    let sources = policy::read(&paths)?;
    let lang = context.lang_or(None);
    let mut exit = Exit::Done;
    let mut seen = Vec::new();
    for (id, path) in sources.ids().zip(&paths) {
        let old = sources.text(id);
        let Some(new) = outcome(jifen::format(old), &sources, path, context, &mut exit) else {
            continue;
        };
        let tidy = new == old;
        if !tidy && only_check {
            exit = Exit::Problems;
        } else if !tidy {
            files::write(path, new.as_bytes())?;
        }
        let word = match (tidy, only_check) {
            (true, _) => lang.pick("已经整理好", "is tidy"),
            (false, true) => lang.pick("还没有整理", "is not tidy"),
            (false, false) => lang.pick("已整理", "tidied"),
        };
        seen.push((path.display().to_string(), tidy));
        if !context.json {
            context.print(&format!("{} {word}\n", path.display()));
        }
    }
    if context.json {
        let files: Vec<_> = seen
            .iter()
            .map(|(file, tidy)| serde_json::json!({ "file": file, "was_tidy": tidy }))
            .collect();
        context.print_json(&serde_json::json!({ "schema": "jifen.fmt/1", "files": files }));
    } else if exit == Exit::Done {
        let all = policy::written(given);
        context.next(
            lang,
            &lang.pick(format!("jifen 检查 {all}"), format!("jifen check {all}")),
        );
    }
    Ok(exit)
}

/// `jifen translate`
pub fn translate(given: &ArgMatches, context: &Context) -> Answer {
    let word = given.get_one::<String>("to").map_or("", String::as_str);
    let Some(to) = parse_language(word) else {
        return Err(Failure::usage(text!(
            zh = "语言只有 zh 和 en，没有“{word}”",
            en = "the languages are zh and en, not “{word}”"
        )));
    };
    let paths = policy::paths(given)?;
    let sources = policy::read(&paths)?;
    let out = given.get_one::<String>("out").map(PathBuf::from);
    let mut exit = Exit::Done;
    let mut done = Vec::new();
    for (id, path) in sources.ids().zip(&paths) {
        let new = jifen::translate(sources.text(id), to);
        let Some(new) = outcome(new, &sources, path, context, &mut exit) else {
            continue;
        };
        match &out {
            None if !context.json => context.print(&new),
            None => {}
            Some(out) => {
                let target = target(out, path, paths.len());
                files::write(&target, new.as_bytes())?;
                if !context.json {
                    context.print(&format!("{}\n", target.display()));
                    next(context, to, &target);
                }
            }
        }
        done.push(serde_json::json!({ "file": path.display().to_string(), "text": new }));
    }
    if context.json {
        context.print_json(&serde_json::json!({
            "schema": "jifen.translate/1", "to": word, "files": done,
        }));
    }
    Ok(exit)
}

fn next(context: &Context, lang: Lang, target: &Path) {
    let target = target.display();
    let command = lang.pick(
        format!("jifen 检查 {target}"),
        format!("jifen check {target}"),
    );
    context.next(lang, &command);
}

/// One file may be named; several, or a folder, keep their names.
fn target(out: &Path, path: &Path, count: usize) -> PathBuf {
    if count > 1 || out.is_dir() {
        out.join(path.file_name().unwrap_or_default())
    } else {
        out.to_owned()
    }
}

/// The new text, or the reason why there is none, shown.
fn outcome(
    result: Result<String, Refused>,
    sources: &Sources,
    path: &Path,
    context: &Context,
    exit: &mut Exit,
) -> Option<String> {
    let lang = context.lang_or(None);
    match result {
        Ok(new) => Some(new),
        Err(Refused::Changed(why)) => {
            *exit = Exit::Internal;
            context.note(&format!("{}: {}\n", path.display(), why.get(lang)));
            None
        }
        Err(Refused::Errors(_)) => {
            *exit = Exit::Problems;
            // Read again with its own name, so that places say which file.
            let mut one = Sources::new();
            let name = path.display().to_string();
            let id = sources.ids().find(|id| sources.name(*id) == name);
            one.add(name, id.map_or("", |id| sources.text(id)));
            let checked = jifen::check(one);
            context.show(
                &checked.diagnostics,
                &checked.sources,
                context.lang_or(checked.lang),
            );
            None
        }
    }
}
