//! Files to admitted facts and rejects; bounded readers; exports.
