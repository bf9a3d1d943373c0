//! `docs/language/defaults.md` against the compiler: both languages have the same rows; where a default has words of its own,
//! writing them changes no meaning (the fingerprint stays), and what stands under “otherwise” does change it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeSet;

use jifen::{RenderOptions, Sources, compile, render_all};
use jifen_testkit::repo::root;

const HEAD: &str = "政策 示例 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }\n";

const BODY: &str = "\
名册 居民 { 家庭: 组 }
积分 甲分 { 精度 1分 舍去 }
记录 志愿 对象 居民 { 时长: 小时   活动: 文本 }
";

/// A row of the page (the Chinese one); the text with `@` where the words would stand; the words that say the default, if it
/// has any; words that say something else, empty where nothing else can stand there.
struct Said {
    row: &'static str,
    text: &'static str,
    same: Option<&'static str>,
    other: &'static str,
}

const fn said(
    row: &'static str,
    text: &'static str,
    same: Option<&'static str>,
    other: &'static str,
) -> Said {
    Said {
        row,
        text,
        same,
        other,
    }
}

/// After [`HEAD`] and [`BODY`], unless the text has a header of its own.
const SAID: [Said; 39] = [
    said(
        "政策 · 时区",
        "政策 示例 { 版本 1   施行 2026年1月1日   @ }\n#BODY\n项目 服务 { 凭 志愿   得 1分   上限 每日 1次 }",
        Some("时区 Asia/Shanghai"),
        "时区 UTC",
    ),
    said(
        "政策 · 用哪天的版本",
        "政策 示例 { 版本 1   施行 2026年1月1日   @ }\n#BODY\n项目 服务 { 凭 志愿   得 1分 }",
        Some("按发生日"),
        "按登记日",
    ),
    said(
        "政策 · 版本何时结束",
        "政策 示例 { 版本 1   施行 2026年1月1日   @ }\n#BODY\n项目 服务 { 凭 志愿   得 1分 }",
        None,
        "失效 2027年1月1日",
    ),
    said(
        "记录 · 时点",
        "记录 巡逻 对象 居民 { 起止: 时段   @ }\n项目 服务 { 凭 巡逻   得 1分 }",
        Some("时点 开始"),
        "时点 登记",
    ),
    said(
        "记录 · 在册",
        "记录 巡逻 对象 居民 @ { 路段: 文本 }\n项目 服务 { 凭 巡逻   得 1分 }",
        None,
        "不限在册",
    ),
    said(
        "记录 · 空白",
        "记录 巡逻 对象 居民 { 用时: 小时 @ }\n项目 服务 { 凭 巡逻   得 1分/小时 × 用时 }",
        None,
        "缺省 0小时",
    ),
    said(
        "记录 · 重叠（不按时间给分时）",
        "记录 巡逻 对象 居民 { 起止: 时段   @ }\n项目 服务 { 凭 巡逻   得 1分 }",
        Some("重叠 各计"),
        "重叠 拒收",
    ),
    said(
        "项目 · 计入（只有一种积分时）",
        "项目 服务 { 凭 志愿   得 1分   @ }",
        Some("计入 甲分"),
        "",
    ),
    said(
        "项目 · 周期",
        "项目 履职 { 周期 每月 @   得 1分 }",
        Some("期末"),
        "期初",
    ),
    said(
        "倍率 · 类别和政策的倍率乘在哪",
        "类别 类 {\n  倍率 2\n  项目 服务 { 凭 志愿   得 1分   @ }\n}",
        Some("倍率 活动"),
        "倍率 3   同时符合 取高",
    ),
    said(
        "活动期 · 适用哪些项目",
        "项目 服务 { 凭 志愿   得 1分 }\n项目 另外 { 凭 志愿   得 2分 }\n活动期 春 { 期间 2026年2月1日 至 2026年3月1日   倍率 2 @ }",
        Some("适用 项目 服务、项目 另外"),
        "适用 项目 服务",
    ),
    said(
        "上限 · 方式",
        "项目 服务 { 凭 志愿   得 3分   上限 每日 5分 @ }",
        Some("截断"),
        "整笔",
    ),
    said(
        "上限 · 算什么",
        "积分 乙分 { 精度 1分 舍去   下限 0分 }\n类别 类 {\n  计入 乙分\n  上限 每日 5分 @\n  项目 服务 { 凭 志愿   得 3分 }\n  项目 违约 { 凭 志愿 当 时长 不满 1小时   扣 1分 }\n}",
        Some("计得"),
        "计净",
    ),
    said(
        "上限 · 扣分",
        "积分 乙分 { 精度 1分 舍去   下限 0分 }\n类别 类 {\n  计入 乙分\n  上限 每日 5分 @\n  项目 服务 { 凭 志愿   得 3分 }\n  项目 违约 { 凭 志愿 当 时长 不满 1小时   扣 1分 }\n}",
        Some("计得"),
        "计净",
    ),
    said(
        "上限 · 每个账户",
        "项目 服务 { 凭 志愿   得 3分   上限 @ 每日 5分 }",
        None,
        "全体",
    ),
    said(
        "上限 · `每 会议` 而不写周期",
        "项目 服务 { 凭 志愿   得 3分   上限 每 活动 @ 5分 }",
        Some("终身"),
        "每月",
    ),
    said(
        "上限 · 过线还是实得",
        "项目 服务 { 凭 志愿   得 3分   上限 每日 5分 @   上限 每日 2次 计 过线 }",
        None,
        "计 实得",
    ),
    said(
        "择一 · `每 事迹` 而不写周期",
        "项目 服务 { 凭 志愿   得 3分   择一 取高 每 活动 @ }",
        Some("终身"),
        "每月",
    ),
    said(
        "复核 · 有人确认时公示从哪天起",
        "项目 服务 { 凭 志愿   得 3分   复核 { 确认 社区   公示 3个自然日 @   逾期 30个自然日 作废 } }",
        Some("自 末次确认"),
        "自 发生",
    ),
    said(
        "复核 · 待定的分",
        "项目 服务 { 凭 志愿   得 3分   复核 { 确认 社区   逾期 30个自然日 作废   @ }   上限 每日 5分 }",
        None,
        "待定 占上限",
    ),
    said(
        "兑换 · 不够时",
        "记录 兑换 对象 居民 { 商品: 选项（十元券、雨伞） }\n项目 服务 { 凭 志愿   得 3分 }\n兑换 十元券 { 所需 10分   @ }",
        Some("全额或拒绝"),
        "部分支用",
    ),
    said(
        "兑换 · 凭哪种记录",
        "记录 兑换 对象 居民 { 商品: 选项（十元券、雨伞） }\n项目 服务 { 凭 志愿   得 3分 }\n兑换 十元券 { @   所需 10分 }",
        Some("凭 兑换 当 商品 为 十元券"),
        "凭 兑换",
    ),
    said(
        "分配 · 谁参加",
        "项目 服务 { 凭 志愿   得 3分 }\n分配 公益 每年 { 总额 100分   在 居民   @   均分   到 1分   余数 最大余额 }",
        None,
        "条件 计数(志愿 在 本年) 不低于 1次",
    ),
    said(
        "积分 · 到期和衰减",
        "积分 乙分 { 精度 1分 舍去   @ }\n项目 服务 { 凭 志愿   得 3分   计入 乙分 }",
        None,
        "到期 逐笔 自 获得 满 12个月",
    ),
    said(
        "积分 · 先用哪一笔",
        "积分 乙分 { 精度 1分 舍去   @   到期 逐笔 自 获得 满 12个月 }\n项目 服务 { 凭 志愿   得 3分   计入 乙分 }",
        Some("支用 先到期先用"),
        "支用 后得先用",
    ),
    said(
        "支用 · `余额()`、`累计()` 不写积分（只有一种时）",
        "记录 兑换 对象 居民 { 分数: 分 }\n项目 服务 { 凭 志愿   得 3分 }\n支用 用 { 凭 兑换   额 最多 余额(@) { 分数 }   全额或拒绝 }",
        Some("甲分"),
        "",
    ),
    said(
        "指标 · 统计里不写时间",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 次数 每月 = 计数(志愿 @)",
        Some("在 本月"),
        "在 本年",
    ),
    said(
        "指标 · 对象（只有一个名册时）",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 次数 @ 每月 = 计数(志愿)",
        Some("对象 居民"),
        "",
    ),
    said(
        "指标、考评 · 取整",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 均 每月 = 平均(志愿.时长) ÷ 1小时 @",
        None,
        "精度 0.1 四舍五入",
    ),
    said(
        "指标 · 几期合看，有一期无值",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 均 每月 = 平均(志愿.时长)\n指标 季均 每季度 = 平均(均 @)",
        None,
        "缺项 略过",
    ),
    said(
        "考评 · 最低、最高",
        "项目 服务 { 凭 志愿   得 3分 }\n考评 评 { 周期 每月   权重 100% 次数 = 计数(志愿)   @   缺项 作废 }",
        None,
        "总分 0 至 100",
    ),
    said(
        "排名 · 先后",
        "项目 服务 { 凭 志愿   得 3分 }\n排名 榜 { 周期 每年   按 计数(志愿 在 本年) @   并列 占位 }",
        Some("高者在前"),
        "低者在前",
    ),
    said(
        "排名 · 参评范围（不取百分之几时）",
        "项目 服务 { 凭 志愿   得 3分 }\n排名 榜 { 周期 每年   按 计数(志愿 在 本年)   @   并列 占位 }",
        Some("参评范围 在册"),
        "参评范围 计数(志愿 在 本年) 超过 1",
    ),
    said(
        "等级、标记、权益 · 对象和周期",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 次数 每月 = 计数(志愿)\n标记 少 @ 当 次数 不足 1",
        Some("对象 居民 每月"),
        "",
    ),
    said(
        "标记 · 几期",
        "项目 服务 { 凭 志愿   得 3分 }\n指标 次数 每月 = 计数(志愿)\n标记 少 当 次数 不足 1 @",
        None,
        "累计 2次",
    ),
    said(
        "权益 · 有效",
        "项目 服务 { 凭 志愿   得 3分 }\n权益 权 每年 当 计数(志愿 在 本年) 超过 5 @",
        Some("有效 次年"),
        "有效 18个月",
    ),
    said(
        "接 · 先前有几条接得上",
        "记录 维修 对象 居民 { 活动: 文本   等级: 数 }\n项目 服务 { 凭 志愿   接 维修 当 活动 为 本条.活动 @ 24小时内 每个   得 3分 }",
        None,
        "且 等级 不低于 2",
    ),
    said(
        "接 · 第一句的时间从哪条算起",
        "记录 维修 对象 居民 { 活动: 文本 }\n项目 服务 { 凭 志愿   接 维修 当 活动 为 本条.活动 @ 24小时内 每个   得 3分 }",
        Some("距 本条"),
        "",
    ),
    said(
        "分档 · 只写一边界限",
        "项目 服务 { 凭 志愿   得 按 时长 分档 { 不满 1小时: 0分   满 1小时@: 1分   满 2小时: 2分 } }",
        Some(" 不满 2小时"),
        "",
    ),
];

/// Rows without words that could be written beside them, or that speak of data and tests.
const OTHERS: [&str; 20] = [
    "政策 · 版本名",
    "记录 · 登记日",
    "项目 · 周期条件里的日期属性（如出生）",
    "项目 · 取整",
    "倍率 · 一条都不符合",
    "活动期 · 看哪一天",
    "择一 · 上限截去的分",
    "每满",
    "另计、转计、计入 · 花括号里的上限",
    "另计、转计 · 得 0 分时",
    "分配 · 余数相同",
    "积分 · 到期、衰减日是每年某日",
    "搬家 · 户那一栏空着",
    "搬家 · 转来的分算不算获得、使用",
    "支用 · 累计 里的期初",
    "统计 · 参数",
    "统计 · 连续的最后一期还没过完",
    "接 · 先前那条的相同的一栏空着",
    "测试 · 截至",
    "测试 · 评定人",
];

fn fingerprint(row: &str, text: &str) -> String {
    let text = match text.contains("#BODY") {
        true => text.replace("#BODY", BODY),
        false => format!("{HEAD}{BODY}{text}\n"),
    };
    let mut sources = Sources::new();
    sources.add("1.jifen", text.clone());
    match compile(sources) {
        Ok(compiled) => compiled.fingerprint(),
        Err(p) => {
            let plain = RenderOptions {
                color: false,
                ..RenderOptions::default()
            };
            panic!("{row}\n{}", render_all(&p.diagnostics, &p.sources, plain));
        }
    }
}

/// The rows of the table under a heading: (where, otherwise, rule).
fn table(page: &str, heading: &str) -> Vec<(String, String, String)> {
    let part = page.split("\n## ").find(|p| p.starts_with(heading));
    let lines = part.expect(heading).lines();
    let rows = lines.filter(|l| l.starts_with("| ")).skip(1);
    let cells = rows.map(|l| l.trim_matches('|').split(" | ").map(str::trim).collect());
    let made =
        cells.map(|c: Vec<&str>| (c[0].to_owned(), c[2].to_owned(), c[3].replace('、', ", ")));
    made.collect()
}

#[test]
fn the_page_has_the_same_rows_in_both_languages_and_a_test_for_each() {
    let page = std::fs::read_to_string(root().join("docs/language/defaults.md")).unwrap();
    let (zh, en) = (table(&page, "中文"), table(&page, "English"));
    for (zh, en) in zh.iter().zip(&en) {
        assert_eq!(
            (zh.1 == "不能另写", &zh.2),
            (en.1 == "cannot be said otherwise", &en.2),
            "{} / {}",
            zh.0,
            en.0
        );
    }
    assert_eq!(zh.len(), en.len());
    let rows: BTreeSet<&str> = zh.iter().map(|r| r.0.as_str()).collect();
    let known = SAID.iter().map(|s| s.row);
    let known: BTreeSet<&str> = known.chain(OTHERS).collect();
    assert_eq!(
        rows, known,
        "a row of the page without a test, or a test without a row"
    );
}

#[test]
fn a_default_written_out_means_the_same_and_other_words_do_not() {
    for said in SAID {
        let (row, text, same, other) = (said.row, said.text, said.same, said.other);
        let silent = fingerprint(row, &text.replace('@', ""));
        if let Some(words) = same {
            let written = fingerprint(row, &text.replace('@', words));
            assert_eq!(written, silent, "{row}: “{words}” is the default");
        }
        if other.is_empty() {
            continue;
        }
        let otherwise = fingerprint(row, &text.replace('@', other));
        assert_ne!(otherwise, silent, "{row}: “{other}” is another thing");
    }
}
