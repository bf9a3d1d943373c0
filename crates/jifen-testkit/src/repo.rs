//! The files of this repository that tests read: folders walked in order, fenced examples of Markdown pages. No test.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files below a folder of the repository whose name ends so, sorted by path; none where there is no folder.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// A fenced block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The words after the opening mark.
    pub info: String,
    /// What stands between the marks.
    pub body: String,
    /// The line of the opening mark, from 1.
    pub line: usize,
}

impl Fence {
    /// The words after a first word, if the info begins with that: `wrong` of `jifen wrong`.
    pub fn after(&self, first: &str) -> Option<&str> {
        let rest = self.info.strip_prefix(first)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
    }
}

/// The closed fences of a page, in order.
pub fn fences(page: &str) -> Vec<Fence> {
    let mut out = Vec::new();
    let mut open: Option<Fence> = None;
    for (i, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fence {
                    info: info.trim().to_owned(),
                    body: String::new(),
                    line: i + 1,
                });
            }
            (Some(_), Some(_)) => out.extend(open.take()),
            (Some(fence), None) => {
                fence.body.push_str(line);
                fence.body.push('\n');
            }
            (None, None) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_have_info_body_and_line() {
        let page = "a\n```jifen wrong\nx\ny\n```\n```\nz\n```\n```csv\nopen";
        let fence = |info: &str, body: &str, line| Fence {
            info: info.into(),
            body: body.into(),
            line,
        };
        let found = fences(page);
        assert_eq!(
            found,
            [fence("jifen wrong", "x\ny\n", 2), fence("", "z\n", 6)]
        );
        assert_eq!(found[0].after("jifen"), Some("wrong"));
        assert_eq!(found[0].after("jif"), None);
    }
}
