//! What a statement says about aggregates: the number, of which record, over which window; and why not.

use crate::{folder, jifen, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年4月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 分 { 精度 0.01分 四舍五入 }
记录 志愿 对象 居民 { 时长: 小时   活动: 文本 }
项目 首次 { 凭 志愿   条件 计数(志愿 当 活动 为 本条.活动 在 终身 不含本条) 为 0次   得 1分 }
项目 月末 { 周期 每月   得 2分/次 × 计数(志愿 当 时长 不低于 1小时 在 本月) + 5分/小时 × 合计(志愿.时长 在 本月) }
项目 均长 { 周期 每月   得 3分/小时 × 平均(志愿.时长 在 上月) }
";
const FACTS: &str = "编号,记录,居民编号,日期,时长,活动
1,志愿,R1,2026-04-03,2,清洁
2,志愿,R1,2026-04-13,0.5,清洁
3,志愿,R1,2026-04-21,1,助老
";
const SOURCES: &str = "[[来源]]
编号 = \"编号\"
类型 = \"记录\"
对象 = \"居民编号\"
日期 = \"日期\"
";

fn statement(lang: &str, detail: bool) -> String {
    let dir = folder(&format!("aggregates-{lang}-{detail}"));
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(&dir, "roster.csv", "居民编号,楼栋\nR1,一\n");
    write(&dir, "sources.toml", SOURCES);
    let mut args = vec!["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    args.extend(["roster.csv", "--as-of", "2026-04-30", "--account", "R1"]);
    args.extend(["--lang", lang]);
    args.extend(detail.then_some("--detail"));
    said(&jifen(&dir, &args))
}

/// April: two services of an hour or more (2 × 2 = 4), 3.5 hours (5 × 3.5 = 17.5): 21.5. March had none.
#[test]
fn a_calculation_tells_its_aggregates_and_their_windows() {
    let short = statement("zh", false);
    for wanted in [
        "计数(志愿 当 时长 不低于 1小时 在 本月) 2次：2分/次 × 2次 + 17.5分 = 21.5分",
        "计数(志愿 当 活动 为 本条.活动 在 终身 不含本条) 1次，需为 0次",
        "这段时间里没有“志愿”，无法判断",
    ] {
        assert!(short.contains(wanted), "{wanted}\n{short}");
    }
    let long = statement("zh", true);
    let sum = "合计(志愿.时长 在 本月) 3.5小时：5分/小时 × 3.5小时 = 17.5分";
    assert!(long.contains(sum), "{long}");
    let english = statement("en", false);
    for wanted in [
        "count(志愿 when 时长 not below 1 hour in this month) 2 times: 2 points/time × 2 times + 17.5 points = 21.5 points",
        "count(志愿 when 活动 is this fact.活动 in lifetime excluding this)",
        "there is no “志愿” in the window",
    ] {
        assert!(english.contains(wanted), "{wanted}\n{english}");
    }
}
