//! Did you mean: edit distance, look-alike characters, and the same sound.
//!
//! Distances are in thirds of an edit: a look-alike or same-sounding character costs 1, a nearly same-sounding one 2,
//! any other change 3.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const EDIT: usize = 3;

/// Characters of a name that is looked at.
const MAX_LEN: usize = 60;

/// Groups of characters that are easily taken for each other.
const LOOK_ALIKE: &[&str] = &[
    "未末",
    "己已巳",
    "人入八",
    "土士",
    "日曰目白",
    "0Oo〇",
    "1lI|",
    "天夫",
    "午牛",
    "千干于",
    "大太犬",
    "刀力",
    "王玉主",
    "目自且",
    "项顶须顷",
    "限恨跟根",
    "期朋斯",
    "录绿",
    "侧测则",
    "版板叛",
    "积织识职",
    "政故",
    "施旋",
    "效较校",
    "区匹巨",
    "复夏",
    "核该刻",
    "示禾",
    "倍陪培",
    "率卒",
    "同司",
    "合台会",
    "下不",
    "周用",
    "件伴",
    "加如",
    "计汁",
    "每海",
    "档挡",
    "参叁",
    "民氏",
    "间问间",
    "困因",
    "般船",
    "别列",
    "设没",
    "应庆",
    "余佘",
    "额颜",
    "截栽",
    "凭任",
    "满瞒",
    "条务",
    "田由甲申",
    "木本术",
    "折拆析",
    "侯候",
    "密蜜",
    "象像",
    "做作",
    "账帐",
    "分份",
    "记纪",
    "订定",
    "部步",
    "园圆",
    "型形",
    "待侍",
    "即既",
    "崇祟",
    "戊戌戍",
    "栗粟",
    "晴睛",
    "辩辨辫",
    "竞竟",
    "免兔",
    "住往",
    "令今",
    "代伐",
    "治冶",
    "准淮",
    "洒酒",
    "厂广",
    "几九",
    "乌鸟",
    "了子",
    "工エ",
    "口囗",
    "5S",
    "2Z",
    "8B",
];

/// The nearest candidate to a misspelt name, if one is near enough; the first one of equals.
///
/// ```
/// let known = ["楼道长", "志愿服务", "参会"];
/// assert_eq!(jifen_diag::suggest("志原服务", known), Some("志愿服务"));
/// assert_eq!(jifen_diag::suggest("canhui", known), Some("参会"));
/// assert_eq!(jifen_diag::suggest("巡逻", known), None);
/// ```
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(name);
    // What is that long is no name that somebody misspelt.
    if wanted.len() > MAX_LEN {
        return None;
    }
    let mut best: Option<(usize, &'a str)> = None;
    let mut containing: Vec<&'a str> = Vec::new();
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let other = fold(candidate);
        let longest = wanted.len().max(other.len());
        let cost = distance(&wanted, &other, substitution).min(sound_cost(&wanted, &other));
        if cost <= allowed(longest) && best.is_none_or(|(c, _)| cost < c) {
            best = Some((cost, candidate));
        }
        let (short, long) = match wanted.len() <= other.len() {
            true => (&wanted, &other),
            false => (&other, &wanted),
        };
        if short.len() >= 2 && long.windows(short.len()).any(|w| w == &short[..]) {
            containing.push(candidate);
        }
    }
    match (best, containing.as_slice()) {
        (Some((_, candidate)), _) => Some(candidate),
        (None, [only]) => Some(only),
        _ => None,
    }
}

/// How far apart two names may be, in thirds of an edit, by the length of the longer one.
fn allowed(chars: usize) -> usize {
    match chars {
        0..=2 => 2,
        3..=5 => EDIT,
        6..=9 => 2 * EDIT,
        _ => 3 * EDIT,
    }
}

/// Full-width forms as half-width, lower case, no underscores or hyphens told apart.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(c) - 0xfee0).map_or(c, |h| h.to_ascii_lowercase())
            }
            '-' => '_',
            _ => c.to_ascii_lowercase(),
        })
        .collect()
}

/// Damerau–Levenshtein distance (adjacent swaps count once) on characters, in whole edits.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    distance(&a, &b, |_, _| EDIT) / EDIT
}

fn distance(a: &[char], b: &[char], substitute: impl Fn(char, char) -> usize) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).map(|j| j * EDIT).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![(i + 1) * EDIT];
        for (j, y) in b.iter().enumerate() {
            let change = if x == y { 0 } else { substitute(*x, *y) };
            let mut cost = (last[j] + change)
                .min(last[j + 1] + EDIT)
                .min(row[j] + EDIT);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x && x != y {
                cost = cost.min(before[j - 1] + EDIT);
            }
            row.push(cost);
        }
        before = last;
        last = row;
    }
    last.last().copied().unwrap_or(0)
}

fn substitution(a: char, b: char) -> usize {
    if LOOK_ALIKE
        .iter()
        .any(|group| group.contains(a) && group.contains(b))
    {
        return 1;
    }
    let (xs, ys) = (readings(a), readings(b));
    if xs.iter().any(|x| ys.contains(x)) {
        return 1;
    }
    if xs.iter().any(|x| ys.iter().any(|y| near(x) == near(y))) {
        return 2;
    }
    EDIT
}

/// Cost 1 when one name is the other's sound written in letters.
fn sound_cost(a: &[char], b: &[char]) -> usize {
    let letters = |name: &[char]| name.len() > 1 && name.iter().all(char::is_ascii);
    let sounds = match (letters(a), letters(b)) {
        (true, false) => spells(a, b),
        (false, true) => spells(b, a),
        _ => false,
    };
    if sounds { 1 } else { usize::MAX }
}

/// Are the letters a sound of the name, with any of the readings of each character?
fn spells(letters: &[char], name: &[char]) -> bool {
    let letters: String = letters.iter().filter(|c| **c != '_').collect();
    // How much of the letters can be used up by the characters so far.
    let mut used = vec![0];
    for c in name {
        let mut next: Vec<usize> = Vec::new();
        for at in used {
            let rest = letters.get(at..).unwrap_or("");
            let mut own = [0; 4];
            let plain = c.is_ascii_alphanumeric().then(|| &*c.encode_utf8(&mut own));
            let sounds = readings(*c).iter().copied().chain(plain);
            next.extend(sounds.filter(|s| rest.starts_with(s)).map(|s| at + s.len()));
            if matches!(c, '_' | ' ') {
                next.push(at);
            }
        }
        next.sort_unstable();
        next.dedup();
        used = next;
    }
    used.contains(&letters.len())
}

/// Sounds that many speakers do not tell apart: zh/z, ch/c, sh/s, n/l, f/h, ang/an, eng/en, ing/in.
fn near(sound: &str) -> String {
    let mut s = sound.to_owned();
    for (from, to) in [("zh", "z"), ("ch", "c"), ("sh", "s")] {
        if let Some(rest) = s.strip_prefix(from) {
            s = format!("{to}{rest}");
        }
    }
    if let Some(rest) = s.strip_prefix('n') {
        s = format!("l{rest}");
    }
    if let Some(rest) = s.strip_suffix("ng") {
        s = format!("{rest}n");
    }
    s
}

fn table() -> &'static BTreeMap<char, Vec<&'static str>> {
    static TABLE: OnceLock<BTreeMap<char, Vec<&'static str>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut map: BTreeMap<char, Vec<&'static str>> = BTreeMap::new();
        let lines = include_str!("../data/pinyin.txt").lines();
        for line in lines.filter(|l| !l.starts_with('#')) {
            if let Some((syllable, chars)) = line.split_once(' ') {
                for c in chars.chars() {
                    map.entry(c).or_default().push(syllable);
                }
            }
        }
        map
    })
}

fn readings(c: char) -> &'static [&'static str] {
    table().get(&c).map_or(&[], Vec::as_slice)
}

/// The usual sound of frequent characters whose table has a rare one first.
const USUAL: &[(&str, &str)] = &[
    ("de", "得的地"),
    ("xian", "限"),
    ("qi", "期"),
    ("qu", "区"),
    ("xing", "行"),
    ("lv", "率"),
    ("he", "合核和"),
    ("can", "参"),
    ("hui", "会"),
    ("chang", "长"),
    ("du", "度"),
    ("luo", "逻"),
    ("jian", "间件"),
    ("jia", "加家"),
    ("ji", "计积"),
    ("xi", "系"),
    ("dan", "单"),
    ("zhong", "重种"),
    ("shu", "数"),
    ("cha", "查差"),
    ("tiao", "调"),
    ("le", "乐"),
    ("shi", "识石"),
    ("dou", "都"),
    ("huan", "还"),
    ("zhuan", "传"),
    ("mei", "没"),
    ("yue", "约"),
];

/// The usual sound of a character without tone (v for ü), if known.
pub fn pinyin_of(c: char) -> Option<&'static str> {
    let usual = USUAL.iter().find(|(_, chars)| chars.contains(c));
    usual.map(|u| u.0).or_else(|| readings(c).first().copied())
}

#[cfg(test)]
mod tests;
