//! The fingerprint: one short text over the meaning of a Plan (S36); labels play no part.
//!
//! It is SHA-256 over the format number and the canonical JSON of the Plan: field order is that of the types, vectors
//! keep their order (the compiler lowers items in path order, so that written order does not show), numbers are
//! plain digits. Calendars and constants are part of the Plan and so of the fingerprint.

use sha2::{Digest, Sha256};

use crate::model::Plan;

/// `jf1-` and 32 hex digits, where 1 is [`crate::FORMAT`].
///
/// Two plans of equal meaning give one fingerprint on every machine and with every compiler version of one format.
#[must_use]
pub fn fingerprint(plan: &Plan) -> String {
    let mut hash = Sha256::new();
    hash.update(b"jifen plan ");
    hash.update(plan.format.to_be_bytes());
    match serde_json::to_vec(plan) {
        Ok(bytes) => hash.update(&bytes),
        // A Plan holds only strings, integers and vectors: it always serialises. Should that change, no
        // fingerprint may look like a real one.
        Err(_) => return format!("jf{}-unavailable", plan.format),
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("jf{}-{hex}", plan.format)
}
