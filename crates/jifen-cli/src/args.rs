//! The command line as data: every command and option once, in both languages; built for clap.
//!
//! clap's own words are English, so headings, usage lines and errors are ours (`usage.rs`).

use clap::{Arg, ArgAction, Command};
use jifen::Lang;

/// A text in (Chinese, English).
pub type Both = (&'static str, &'static str);

/// One option or argument.
pub struct Opt {
    /// Name inside and after `--`; a positional argument when `positional`.
    pub id: &'static str,
    /// Chinese spelling of the option.
    pub zh: &'static str,
    /// One letter.
    pub short: Option<char>,
    /// Name of its value; `None` for a switch.
    pub value: Option<Both>,
    /// Whether several values may follow.
    pub many: bool,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it stands without `--`.
    pub positional: bool,
    /// What it is for.
    pub help: Both,
}

/// One command.
pub struct Cmd {
    /// English name, also the name inside.
    pub en: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// What it does.
    pub about: Both,
    /// Its options.
    pub opts: &'static [Opt],
}

const OPT: Opt = Opt {
    id: "",
    zh: "",
    short: None,
    value: None,
    many: false,
    required: false,
    positional: false,
    help: ("", ""),
};

const FILE: Both = ("文件", "FILE");

const POLICIES: Opt = Opt {
    id: "policy",
    value: Some(("政策", "POLICY")),
    many: true,
    required: true,
    positional: true,
    help: (
        "政策文件（可写多个版本）或所在文件夹",
        "policy files (all versions) or their folder",
    ),
    ..OPT
};
const FACTS: Opt = Opt {
    id: "facts",
    zh: "记录",
    value: Some(FILE),
    many: true,
    help: (
        "记录文件：csv、xlsx、jsonl、parquet；不写时用政策旁边 facts 文件夹",
        "fact files: csv, xlsx, jsonl, parquet; by default the folder facts beside the policy",
    ),
    ..OPT
};
const ROSTER: Opt = Opt {
    id: "roster",
    zh: "名册",
    value: Some(FILE),
    many: true,
    help: (
        "名册文件；不写时用政策旁边 roster 文件夹",
        "roster files; by default the folder roster beside the policy",
    ),
    ..OPT
};
const SOURCES: Opt = Opt {
    id: "sources",
    zh: "对应",
    value: Some(FILE),
    help: (
        "列的对应表；不写时用政策旁边的 sources.toml（或 映射.toml）",
        "column mapping; by default sources.toml (or 映射.toml) beside the policy",
    ),
    ..OPT
};
const OPENING: Opt = Opt {
    id: "opening",
    zh: "期初",
    value: Some(FILE),
    many: true,
    help: (
        "旧系统转入的期初积分；不写时用政策旁边 期初 文件夹",
        "opening balances from an older system; by default the folder opening beside the policy",
    ),
    ..OPT
};
const AS_OF: Opt = Opt {
    id: "as-of",
    zh: "截至",
    value: Some(("日期", "DATE")),
    help: (
        "截至哪一天结束；不写时为记录中最晚的一天",
        "count to the end of this day; by default the last day in the facts",
    ),
    ..OPT
};
const OUT: Opt = Opt {
    id: "out",
    zh: "输出",
    short: Some('o'),
    value: Some(("文件夹", "DIR")),
    help: ("结果写到这个文件夹", "folder for the results"),
    ..OPT
};

/// Options that every command takes.
pub const COMMON: &[Opt] = &[
    Opt {
        id: "lang",
        zh: "语言",
        value: Some(("zh|en", "zh|en")),
        help: (
            "说哪种语言；不写时跟随政策文件",
            "language of the messages; by default that of the policy",
        ),
        ..OPT
    },
    Opt {
        id: "json",
        help: (
            "结果写成 JSON（格式见 docs/json.md）",
            "results as JSON (see docs/json.md)",
        ),
        ..OPT
    },
];

/// All commands in the order of the help page.
pub const COMMANDS: &[Cmd] = &[
    Cmd {
        en: "new",
        zh: "新建",
        about: (
            "新建一个能直接运行的政策文件夹",
            "make a working policy folder from a template",
        ),
        opts: &[
            Opt {
                id: "dir",
                value: Some(("文件夹", "DIR")),
                required: true,
                positional: true,
                help: ("新文件夹的名称", "name of the new folder"),
                ..OPT
            },
            Opt {
                id: "template",
                zh: "模板",
                value: Some(("模板", "TEMPLATE")),
                help: (
                    "文明积分（缺省）、志愿服务、社区考核",
                    "civility (default), volunteering, appraisal",
                ),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "check",
        zh: "检查",
        about: (
            "一次列出政策的全部问题和改法",
            "list all problems of a policy at once, with fixes",
        ),
        opts: &[POLICIES],
    },
    Cmd {
        en: "fmt",
        zh: "整理",
        about: (
            "整理政策的排版，不改含义",
            "tidy the layout of a policy; the meaning stays",
        ),
        opts: &[
            POLICIES,
            Opt {
                id: "check",
                zh: "只看",
                help: (
                    "只看是否已整理好，不写文件",
                    "only tell whether the files are tidy",
                ),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "translate",
        zh: "翻译",
        about: (
            "换成另一种语言的关键词，不改含义",
            "put a policy into the other language; the meaning stays",
        ),
        opts: &[
            POLICIES,
            Opt {
                id: "to",
                zh: "成",
                value: Some(("zh|en", "zh|en")),
                required: true,
                help: ("翻译成哪种语言", "the language to translate into"),
                ..OPT
            },
            Opt {
                id: "out",
                zh: "输出",
                short: Some('o'),
                value: Some(FILE),
                help: (
                    "写到这个文件（或文件夹）；不写时显示在屏幕上",
                    "write to this file (or folder); by default to the screen",
                ),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "run",
        zh: "计算",
        about: (
            "用政策计算一批记录，得出台账、余额和退回表",
            "score facts with a policy: ledger, balances, rejects",
        ),
        opts: &[
            POLICIES,
            FACTS,
            ROSTER,
            OPENING,
            SOURCES,
            AS_OF,
            OUT,
            Opt {
                id: "strict",
                zh: "从严",
                help: ("有退回的行就算失败", "any rejected row makes the run fail"),
                ..OPT
            },
            Opt {
                id: "max-rejects",
                zh: "退回上限",
                value: Some(("百分比", "PERCENT")),
                help: (
                    "退回超过这个比例就算失败，缺省 5",
                    "fail when more than this share is rejected; default 5",
                ),
                ..OPT
            },
            Opt {
                id: "threads",
                zh: "线程",
                value: Some(("数", "N")),
                help: (
                    "用几个线程；结果与此无关",
                    "number of threads; the result never depends on it",
                ),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "explain",
        zh: "说明",
        about: (
            "一个账户的积分从哪里来，为什么没有得",
            "where the points of one account come from, and why not",
        ),
        opts: &[
            POLICIES,
            FACTS,
            ROSTER,
            OPENING,
            SOURCES,
            AS_OF,
            Opt {
                id: "account",
                zh: "账户",
                value: Some(("编号", "ID")),
                required: true,
                help: ("名册中的编号", "id of the account in its roster"),
                ..OPT
            },
            Opt {
                id: "fact",
                value: Some(("编号", "ID")),
                help: ("只看这条记录", "only this fact"),
                ..OPT
            },
            Opt {
                id: "on",
                zh: "日期",
                value: Some(("日期", "DATE")),
                help: ("只看这一天", "only this day"),
                ..OPT
            },
            Opt {
                id: "item",
                zh: "项目",
                value: Some(("名称", "NAME")),
                help: ("只看这个项目", "only this item"),
                ..OPT
            },
            Opt {
                id: "detail",
                zh: "详细",
                help: ("写出每一步计算", "show every step of the computation"),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "doc",
        zh: "成文",
        about: (
            "把政策写成给人看的文件：每一条用平常的话",
            "write a policy as a document in plain sentences",
        ),
        opts: &[
            POLICIES,
            Opt {
                id: "format",
                zh: "格式",
                value: Some(("md|html", "md|html")),
                help: (
                    "Markdown 或网页；不写时看输出文件的名称，再不然是 md",
                    "Markdown or a web page; by default as the output file is named, or md",
                ),
                ..OPT
            },
            Opt {
                id: "out",
                zh: "输出",
                short: Some('o'),
                value: Some(FILE),
                help: (
                    "写到这个文件；不写时显示在屏幕上",
                    "write to this file; by default to the screen",
                ),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "test",
        zh: "测试",
        about: (
            "运行政策文件里的测试",
            "run the tests inside the policy files",
        ),
        opts: &[POLICIES],
    },
    Cmd {
        en: "compile",
        zh: "编译",
        about: (
            "看编译的中间结果",
            "look at what the compiler makes of a policy",
        ),
        opts: &[
            POLICIES,
            Opt {
                id: "emit",
                zh: "看",
                value: Some(("ast|typed|plan|schedule", "ast|typed|plan|schedule")),
                help: ("看哪一层，缺省 plan", "which stage to print; default plan"),
                ..OPT
            },
        ],
    },
    Cmd {
        en: "error",
        zh: "错误",
        about: (
            "说明一个错误代码，附对错两例",
            "explain an error code with a wrong and a right example",
        ),
        opts: &[Opt {
            id: "code",
            value: Some(("代码", "CODE")),
            positional: true,
            help: (
                "如 JF0401；不写时列出全部",
                "such as JF0401; without it all codes are listed",
            ),
            ..OPT
        }],
    },
];

/// The whole command line in one language.
pub fn command(lang: Lang) -> Command {
    let mut root = Command::new("jifen")
        .about(lang.pick(
            "积分：写得出、投得票、算得清的社区积分政策",
            "jifen: community points policies that people can read, vote on and run",
        ))
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(lang.pick("jifen <命令> [选项]", "jifen <COMMAND> [OPTIONS]"))
        .subcommand_help_heading(lang.pick("命令", "Commands"))
        .help_template(template(lang))
        .after_help(lang.pick(
            "每个命令也可以用括号里的名称。例：\n  jifen 新建 我的社区\n  jifen 计算 我的社区",
            "Each command also has the name in brackets. For example:\n  jifen new my-street\n  jifen run my-street",
        ))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help_flag(lang))
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help_heading(lang.pick("选项", "Options"))
                .help(lang.pick("显示版本", "show the version")),
        );
    for cmd in COMMANDS {
        root = root.subcommand(subcommand(cmd, lang));
    }
    root
}

fn template(lang: Lang) -> String {
    let usage = lang.pick("用法", "Usage");
    format!("{{about}}\n\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}")
}

fn help_flag(lang: Lang) -> Arg {
    Arg::new("help")
        .long("help")
        .alias("帮助")
        .short('h')
        .action(ArgAction::Help)
        .help_heading(lang.pick("选项", "Options"))
        .help(lang.pick("显示这一页", "show this page"))
}

fn subcommand(cmd: &Cmd, lang: Lang) -> Command {
    let other = lang.pick(cmd.en, cmd.zh);
    let about = format!("{} ({other})", lang.pick(cmd.about.0, cmd.about.1));
    let mut out = Command::new(lang.pick(cmd.zh, cmd.en))
        .alias(other)
        .about(about)
        .override_usage(usage_line(cmd, lang))
        .help_template(template(lang))
        .disable_help_flag(true)
        .arg(help_flag(lang));
    for opt in cmd.opts.iter().chain(COMMON) {
        out = out.arg(argument(opt, lang));
    }
    out
}

/// `jifen run <POLICY>... [OPTIONS]`
pub fn usage_line(cmd: &Cmd, lang: Lang) -> String {
    let mut out = format!("jifen {}", lang.pick(cmd.zh, cmd.en));
    for opt in cmd.opts.iter().filter(|o| o.positional || o.required) {
        let Some(value) = opt.value else { continue };
        let name = lang.pick(value.0, value.1);
        let dots = if opt.many { "..." } else { "" };
        let part = match (opt.positional, opt.required) {
            (true, true) => format!(" <{name}>{dots}"),
            (true, false) => format!(" [{name}]{dots}"),
            (false, _) => format!(" --{} <{name}>", opt.id),
        };
        out.push_str(&part);
    }
    out + lang.pick(" [选项]", " [OPTIONS]")
}

fn argument(opt: &Opt, lang: Lang) -> Arg {
    let heading = match opt.positional {
        true => lang.pick("参数", "Arguments"),
        false => lang.pick("选项", "Options"),
    };
    let mut arg = Arg::new(opt.id)
        .help(lang.pick(opt.help.0, opt.help.1))
        .help_heading(heading)
        .required(opt.required);
    if !opt.positional {
        arg = arg.long(opt.id);
        if !opt.zh.is_empty() {
            arg = arg.alias(opt.zh);
        }
        if let Some(short) = opt.short {
            arg = arg.short(short);
        }
    }
    match opt.value {
        None => arg.action(ArgAction::SetTrue),
        Some(value) => {
            let arg = arg.value_name(lang.pick(value.0, value.1));
            match opt.many {
                true => arg.num_args(1..).action(ArgAction::Append),
                false => arg.action(ArgAction::Set),
            }
        }
    }
}
