//! Random cases: policies as a small typed tree, their text, a second lowering, and facts.

pub mod facts;
pub mod lower;
pub mod make;
pub mod taste;
pub mod text;
pub mod tree;
pub mod value;
