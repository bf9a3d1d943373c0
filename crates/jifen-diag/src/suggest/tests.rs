//! Tests of did-you-mean.

use super::*;

#[test]
fn distance_counts_edits() {
    assert_eq!(edit_distance("上限", "上限"), 0);
    assert_eq!(edit_distance("上限", "下限"), 1);
    assert_eq!(edit_distance("patrol", "partol"), 1); // one swap
    assert_eq!(edit_distance("", "abc"), 3);
}

#[test]
fn near_names_are_found() {
    let known = [
        "志愿服务",
        "楼道长",
        "居民代表",
        "参会",
        "时长",
        "未完成",
        "patrol_log",
    ];
    let cases = [
        ("志愿服物", "志愿服务"), // 物 and 务 sound alike
        ("楼到长", "楼道长"),
        ("居民代伐", "居民代表"),
        ("末完成", "未完成"), // 末 looks like 未
        ("patrol_lgo", "patrol_log"),
        ("Patrol-Log", "patrol_log"),
        ("ｐａｔｒｏｌ＿ｌｏｇ", "patrol_log"),
        ("志愿", "志愿服务"), // part of one name only
        ("shichang", "时长"),
        ("shizhang", "时长"), // the other reading of 长
    ];
    for (typed, meant) in cases {
        assert_eq!(suggest(typed, known), Some(meant), "{typed}");
    }
}

#[test]
fn far_names_are_not() {
    for typed in ["巡逻", "x", "", "志", "完全不同的名称"] {
        assert_eq!(
            suggest(typed, ["志愿服务", "参会", "楼道长"]),
            None,
            "{typed}"
        );
    }
}

#[test]
fn the_nearest_wins() {
    assert_eq!(suggest("参惠", ["参与", "参会"]), Some("参会"));
}

#[test]
fn short_words_are_found() {
    let words = [
        "项目", "记录", "上限", "计入", "凭", "得", "扣", "周期", "积分",
    ];
    let cases = [
        ("项日", "项目"),
        ("顶目", "项目"),
        ("上线", "上限"),
        ("shangxian", "上限"),
        ("zhouqi", "周期"),
        ("jifen", "积分"),
        ("计人", "计入"),
        ("平", "凭"),
        ("的", "得"),
        ("kou", "扣"),
    ];
    for (typed, meant) in cases {
        assert_eq!(suggest(typed, words), Some(meant), "{typed}");
    }
}

#[test]
fn a_long_word_is_no_name() {
    assert_eq!(suggest(&"甲".repeat(100_000), ["上限"]), None);
}

#[test]
fn sounds_are_known() {
    assert_eq!(pinyin_of('限'), Some("xian"));
    assert_eq!(pinyin_of('期'), Some("qi"));
    assert_eq!(pinyin_of('会'), Some("hui"));
    assert_eq!(pinyin_of('x'), None);
    assert!(table().len() > 6000);
}
