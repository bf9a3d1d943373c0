//! Ids as they are gathered: whole numbers while all of them are, texts from the first that is not.

use jifen_data::Ids;

/// A whole number without leading noughts, as it would be written.
fn whole(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let plain = !bytes.is_empty() && bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit);
    if !plain || (bytes.len() > 1 && bytes.first() == Some(&b'0')) {
        return None;
    }
    text.parse().ok()
}

pub(super) fn push(ids: &mut Ids, text: &str) {
    if ids.is_empty() {
        *ids = Ids::Int(Vec::new());
    }
    match (&mut *ids, whole(text)) {
        (Ids::Int(list), Some(n)) => list.push(n),
        (Ids::Int(_), None) => {
            to_text(ids);
            push_text(ids, text);
        }
        (Ids::Text(_), _) => push_text(ids, text),
    }
}

/// Appends a whole number that was one in its file.
pub(super) fn push_int(ids: &mut Ids, n: i64) {
    if ids.is_empty() {
        *ids = Ids::Int(Vec::new());
    }
    match ids {
        Ids::Int(list) if n >= 0 => list.push(n),
        _ => push(ids, &n.to_string()),
    }
}

fn push_text(ids: &mut Ids, text: &str) {
    if let Ids::Text(list) = ids {
        list.push(text.into());
    }
}

fn to_text(ids: &mut Ids) {
    if let Ids::Int(list) = ids {
        let texts = list
            .iter()
            .map(|n| n.to_string().into_boxed_str())
            .collect();
        *ids = Ids::Text(texts);
    }
}

/// Keeps the ids for which `keep` says so.
pub(super) fn retain(ids: &mut Ids, keep: &[bool]) {
    let mut flags = keep.iter();
    let mut kept = || flags.next().copied().unwrap_or(true);
    match ids {
        Ids::Int(list) => list.retain(|_| kept()),
        Ids::Text(list) => list.retain(|_| kept()),
    }
}
