//! What a target met on its way: the stand-in for coverage. A new feature keeps an input for further mutation.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

thread_local! {
    static MET: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
}

/// Tells that something was met: a diagnostic code, a reason of refusal, the shape of a result.
pub fn note(what: impl Hash) {
    // `DefaultHasher::new` has fixed keys: the same run everywhere.
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    let hash = hasher.finish();
    MET.with(|m| m.borrow_mut().insert(hash));
}

/// A message without the words of the input: Han and letters kept, digits and what stands in quotes left out.
pub fn shape(message: &str) -> String {
    let mut quoted = false;
    let kept = message.chars().filter(|c| {
        match c {
            '“' | '「' | '《' => quoted = true,
            '”' | '」' | '》' => quoted = false,
            _ => {}
        }
        !quoted && !c.is_ascii_digit()
    });
    kept.take(48).collect()
}

/// Takes what was met since the last call.
pub fn take() -> BTreeSet<u64> {
    MET.with(|m| std::mem::take(&mut *m.borrow_mut()))
}
