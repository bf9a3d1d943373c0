//! Finding and reading files: policies, facts, rosters and the mapping beside a policy.

use crate::context::Failure;
use jifen::{InputFile, text};
use std::path::{Path, PathBuf};

const DATA: [&str; 6] = ["csv", "tsv", "txt", "xlsx", "jsonl", "parquet"];

/// The policy files named by the arguments: files as they are, folders by their `*.jifen` files, sorted.
pub fn policies(args: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for arg in args {
        let path = Path::new(arg);
        if !path.is_dir() {
            out.push(path.to_owned());
            continue;
        }
        let found = in_folder(path, &["jifen"])?;
        if found.is_empty() {
            return Err(Failure::usage(text!(
                zh = "文件夹“{arg}”里没有政策文件（*.jifen）",
                en = "there is no policy file (*.jifen) in the folder “{arg}”"
            )));
        }
        out.extend(found);
    }
    Ok(out)
}

/// The files of a folder with one of these endings, sorted by name.
pub fn in_folder(dir: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|e| Failure::file(dir, &e))?;
    let mut out = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Failure::file(dir, &e))?.path();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if path.is_file() && endings.iter().any(|e| e.eq_ignore_ascii_case(ending)) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// Reads whole files; folders give their data files. The name keeps only what people need: the last part of the path.
pub fn inputs(paths: &[PathBuf]) -> Result<Vec<InputFile>, Failure> {
    let mut out = Vec::new();
    for path in paths {
        let files = match path.is_dir() {
            true => in_folder(path, &DATA)?,
            false => vec![path.clone()],
        };
        for file in files {
            let bytes = std::fs::read(&file).map_err(|e| Failure::file(&file, &e))?;
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
            out.push(InputFile::new(name.unwrap_or_default(), bytes));
        }
    }
    Ok(out)
}

/// The folder in which the policy stands.
pub fn folder_of(policy: &Path) -> PathBuf {
    match policy.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The first of these folders beside the policy that exists.
pub fn beside(dir: &Path, names: &[&str]) -> Option<PathBuf> {
    names.iter().map(|n| dir.join(n)).find(|p| p.is_dir())
}

/// All data files in the folder of the policy, three levels deep, sorted.
pub fn around(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    walk(dir, 3, &mut out)?;
    out.sort();
    Ok(out)
}

fn walk(dir: &Path, depth: usize, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    out.extend(in_folder(dir, &DATA)?);
    if depth == 0 {
        return Ok(());
    }
    let entries = std::fs::read_dir(dir).map_err(|e| Failure::file(dir, &e))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden && !path.is_symlink() {
            walk(&path, depth - 1, out)?;
        }
    }
    Ok(())
}

/// Writes a file, making its folder.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|e| Failure::file(parent, &e))?;
    }
    std::fs::write(path, content).map_err(|e| Failure::file(path, &e))
}
