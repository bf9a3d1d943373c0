//! `jifen new DIR --template …`: a folder that passes check, test and run.

use super::Answer;
use crate::context::{Context, Exit, Failure};
use clap::ArgMatches;
use jifen::{Lang, suggest, text};
use std::path::Path;

struct Template {
    zh: &'static str,
    en: &'static str,
    as_of: &'static str,
    files_zh: &'static [(&'static str, &'static str)],
    files_en: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($dir:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $dir, "/", $name)))),+]
    };
}

const TEMPLATES: &[Template] = &[
    Template {
        zh: "文明积分",
        en: "civility",
        as_of: "2026-01-31",
        files_zh: files!("civility/zh": "policy.jifen", "sources.toml", "README.md", "roster/居民.csv", "facts/2026年1月.csv"),
        files_en: files!("civility/en": "policy.jifen", "sources.toml", "README.md", "roster/residents.csv", "facts/2026-01.csv"),
    },
    Template {
        zh: "志愿服务",
        en: "volunteering",
        as_of: "2026-01-31",
        files_zh: files!("volunteering/zh": "policy.jifen", "sources.toml", "README.md", "roster/居民.csv", "facts/2026年1月.csv"),
        files_en: files!("volunteering/en": "policy.jifen", "sources.toml", "README.md", "roster/residents.csv", "facts/2026-01.csv"),
    },
    Template {
        zh: "社区考核",
        en: "appraisal",
        as_of: "2026-03-31",
        files_zh: files!("appraisal/zh": "policy.jifen", "sources.toml", "README.md", "roster/社区.csv", "facts/2026一季度.csv"),
        files_en: files!("appraisal/en": "policy.jifen", "sources.toml", "README.md", "roster/communities.csv", "facts/2026Q1.csv"),
    },
];

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let dir = given.get_one::<String>("dir").map_or("", String::as_str);
    let asked = given.get_one::<String>("template").map(String::as_str);
    let Some(template) = find(asked) else {
        return Err(unknown(asked.unwrap_or_default()));
    };
    // An English template name asks for English files, unless --lang says otherwise.
    let own = match asked {
        Some(name) if name == template.en => Some(Lang::En),
        Some(_) => Some(Lang::Zh),
        None => None,
    };
    let lang = context.lang_or(own);
    let path = Path::new(dir);
    if path.exists() {
        let taken = std::fs::read_dir(path).is_ok_and(|mut d| d.next().is_none());
        if !taken {
            return Err(Failure::usage(text!(
                zh = "“{dir}”已经存在，而且不是空文件夹",
                en = "“{dir}” exists and is not an empty folder"
            )));
        }
    }
    let files = lang.pick(template.files_zh, template.files_en);
    for (name, content) in files {
        let file = path.join(name);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(|e| Failure::file(parent, &e))?;
        }
        std::fs::write(&file, content).map_err(|e| Failure::file(&file, &e))?;
    }
    report(context, lang, dir, template, files);
    Ok(Exit::Done)
}

fn find(asked: Option<&str>) -> Option<&'static Template> {
    match asked {
        None => TEMPLATES.first(),
        Some(name) => TEMPLATES.iter().find(|t| t.zh == name || t.en == name),
    }
}

fn unknown(name: &str) -> Failure {
    let names = TEMPLATES.iter().flat_map(|t| [t.zh, t.en]);
    let near = suggest(name, names).map(str::to_owned);
    let zh: Vec<&str> = TEMPLATES.iter().map(|t| t.zh).collect();
    let en: Vec<&str> = TEMPLATES.iter().map(|t| t.en).collect();
    let (zh, en) = (zh.join("、"), en.join(", "));
    Failure::usage(match near {
        Some(near) => text!(
            zh = "没有模板“{name}”，是不是“{near}”？可用：{zh}",
            en = "there is no template “{name}”; did you mean “{near}”? There are: {en}"
        ),
        None => text!(
            zh = "没有模板“{name}”；可用：{zh}",
            en = "there is no template “{name}”; there are: {en}"
        ),
    })
}

fn report(context: &Context, lang: Lang, dir: &str, template: &Template, files: &[(&str, &str)]) {
    let as_of = template.as_of;
    if context.json {
        let names: Vec<&str> = files.iter().map(|(n, _)| *n).collect();
        context.print_json(&serde_json::json!({
            "schema": "jifen.new/1", "dir": dir, "template": template.en, "files": names,
        }));
        return;
    }
    let mut out = String::new();
    for (name, _) in files {
        out.push_str(&format!("  {dir}/{name}\n"));
    }
    context.print(&out);
    let next = match lang {
        Lang::Zh => format!("jifen 计算 {dir} --截至 {as_of} -o {dir}/结果"),
        Lang::En => format!("jifen run {dir} --as-of {as_of} -o {dir}/results"),
    };
    context.next(lang, &next);
}
