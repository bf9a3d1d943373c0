//! Policy text to tree with comments and back; the only crate that knows pest.
