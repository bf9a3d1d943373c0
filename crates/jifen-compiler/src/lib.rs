//! Tree to Plan: resolve, check, lower.
