//! Puts the error pages of `docs/errors` into the binary, so that `jifen error JF0101` works offline.
#![allow(
    clippy::disallowed_methods,
    reason = "a build script learns its folders from the environment"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let dir =
        Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../docs/errors");
    println!("cargo::rerun-if-changed={}", dir.display());
    let mut pages: Vec<PathBuf> = fs::read_dir(&dir)
        .map(|d| d.filter_map(|e| e.ok().map(|e| e.path())).collect())
        .unwrap_or_default();
    pages.sort();
    let mut out = String::from("&[\n");
    for page in pages {
        let stem = page.file_stem().and_then(|s| s.to_str()).unwrap_or("");
        let number = stem.strip_prefix("JF").and_then(|d| d.parse::<u16>().ok());
        if let (Some(number), Ok(path)) = (number, page.canonicalize()) {
            let _ = writeln!(
                out,
                "({number}, include_str!({:?})),",
                path.display().to_string()
            );
        }
    }
    out.push(']');
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("pages.rs");
    if let Err(e) = fs::write(&target, out) {
        println!("cargo::error=cannot write {}: {e}", target.display());
    }
}
