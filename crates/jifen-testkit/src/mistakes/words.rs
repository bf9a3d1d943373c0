//! How beginners misspell: a character that looks or sounds alike, letters for a sound, a letter too many or swapped.

use crate::rng::Rng;
use jifen_diag::pinyin_of;

/// Characters taken for each other when typing by sound or copying by eye.
const ALIKE: &[(char, &str)] = &[
    ('得', "的"),
    ('凭', "平"),
    ('限', "线"),
    ('率', "绿"),
    ('件', "建"),
    ('核', "合"),
    ('加', "家"),
    ('扣', "叩"),
    ('期', "其"),
    ('入', "人"),
    ('度', "渡"),
    ('施', "实"),
    ('版', "板"),
    ('区', "驱"),
    ('项', "顶"),
    ('录', "绿"),
    ('册', "侧"),
    ('参', "叁"),
    ('类', "泪"),
    ('积', "机"),
    ('测', "侧"),
    ('政', "正"),
    ('时', "是"),
    ('重', "虫"),
    ('确', "却"),
    ('公', "工"),
    ('逾', "愈"),
    ('会', "回"),
    ('议', "意"),
    ('志', "至"),
    ('愿', "原"),
    ('巡', "寻"),
    ('逻', "罗"),
    ('违', "为"),
    ('规', "归"),
    ('长', "常"),
    ('动', "冻"),
    ('难', "南"),
    ('分', "份"),
    ('值', "植"),
    ('服', "付"),
    ('务', "物"),
    ('居', "具"),
    ('民', "明"),
    ('社', "设"),
    ('用', "甩"),
    ('夜', "液"),
    ('间', "见"),
    ('困', "因"),
    ('般', "船"),
    ('数', "树"),
    ('别', "列"),
    ('试', "式"),
    ('目', "木"),
    ('本', "木"),
    ('效', "校"),
];

/// A misspelling of a word that is in none of `taken`; `None` if none is found.
pub(crate) fn misspell(word: &str, taken: &dyn Fn(&str) -> bool, rng: &mut Rng) -> Option<String> {
    let first = rng.below(3);
    (0..3)
        .filter_map(|i| match (first + i) % 3 {
            0 => alike(word, rng),
            1 => letters(word),
            _ => slip(word, rng),
        })
        .find(|w| w != word && !taken(w))
}

/// One character replaced by one that looks or sounds alike.
pub(crate) fn alike(word: &str, rng: &mut Rng) -> Option<String> {
    let chars: Vec<char> = word.chars().collect();
    let at = rng.below(chars.len().max(1));
    for i in 0..chars.len() {
        let k = (at + i) % chars.len();
        if let Some(other) = ALIKE
            .iter()
            .find(|(c, _)| *c == chars[k])
            .and_then(|(_, o)| o.chars().next())
        {
            let mut new = chars.clone();
            new[k] = other;
            return Some(new.into_iter().collect());
        }
    }
    None
}

/// Common readings where the table's first one is rare.
const SOUNDS: &[(char, &str)] = &[
    ('得', "de"),
    ('限', "xian"),
    ('期', "qi"),
    ('区', "qu"),
    ('行', "xing"),
    ('率', "lv"),
    ('合', "he"),
    ('参', "can"),
    ('会', "hui"),
    ('长', "chang"),
    ('度', "du"),
    ('逻', "luo"),
    ('间', "jian"),
    ('件', "jian"),
    ('核', "he"),
    ('加', "jia"),
    ('计', "ji"),
    ('系', "xi"),
];

/// A Han word in letters: 上限 → shangxian.
pub(crate) fn letters(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    word.chars()
        .map(|c| match SOUNDS.iter().find(|(s, _)| *s == c) {
            Some((_, sound)) => Some((*sound).to_owned()),
            None if c.is_ascii_alphanumeric() => Some(c.to_string()),
            None => pinyin_of(c).map(str::to_owned),
        })
        .collect()
}

/// Two letters swapped, one doubled, or one left out; Han words lose or double one character.
pub(crate) fn slip(word: &str, rng: &mut Rng) -> Option<String> {
    let mut chars: Vec<char> = word.chars().collect();
    let n = chars.len();
    if n < 3 {
        return None;
    }
    let at = 1 + rng.below(n - 2);
    match rng.below(if word.is_ascii() { 3 } else { 2 }) {
        0 => chars.insert(at, chars[at]),
        1 if n >= 4 => {
            chars.remove(at);
        }
        _ => chars.swap(at, at + 1),
    }
    Some(chars.into_iter().collect())
}
