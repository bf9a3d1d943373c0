//! The binary jifen: one thin file per subcommand.
fn main() {}
