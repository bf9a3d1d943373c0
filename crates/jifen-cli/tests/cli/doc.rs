//! `jifen doc`: the policy in plain sentences, on the screen, in a file, as JSON.

use crate::{code, folder, jifen, json, stderr, stdout};

#[test]
fn a_document_in_both_forms_and_languages() {
    let dir = folder("doc");
    jifen(&dir, &["new", "p", "--template", "文明积分"]);
    let zh = jifen(&dir, &["成文", "p"]);
    assert_eq!(code(&zh), 0, "{}", stderr(&zh));
    assert!(stdout(&zh).starts_with("# ") && stdout(&zh).contains("第1条"));
    assert!(stdout(&zh).contains("每个居民"), "{}", stdout(&zh));
    let en = stdout(&jifen(&dir, &["doc", "p", "--lang", "en"]));
    assert!(en.contains("Article 1") && en.contains("Award "), "{en}");
    let html = stdout(&jifen(&dir, &["doc", "p", "--format", "html"]));
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
    assert!(!html.contains("http"), "nothing from outside");
    let same = stdout(&jifen(
        &dir,
        &["成文", "p", "--格式", "html", "--语言", "zh"],
    ));
    assert_eq!(html, same);
}

#[test]
fn a_file_is_written_in_the_form_of_its_name() {
    let dir = folder("doc-file");
    jifen(&dir, &["new", "p", "--template", "civility"]);
    let out = jifen(&dir, &["doc", "p", "-o", "out/policy.html"]);
    assert_eq!((code(&out), stdout(&out).trim()), (0, "out/policy.html"));
    let html = std::fs::read_to_string(dir.join("out/policy.html")).expect("the file");
    assert!(
        html.contains("<html lang=\"en\">"),
        "the policy is in English"
    );
    let out = json(&jifen(&dir, &["doc", "p", "--json"]));
    assert_eq!(out["schema"], "jifen.doc/1");
    assert_eq!(out["format"], "md");
    assert_eq!(out["document"]["lang"], "en");
    let blocks = out["document"]["blocks"].as_array().expect("blocks");
    let clauses = blocks
        .iter()
        .filter_map(|b| b["clause"]["article"].as_u64());
    assert!(clauses.count() > 2, "{out}");
}

#[test]
fn what_cannot_be_written() {
    let dir = folder("doc-wrong");
    jifen(&dir, &["new", "p"]);
    std::fs::write(dir.join("bad.jifen"), "项目 {").expect("written");
    for (args, wanted) in [
        (&["doc"][..], 2),
        (&["doc", "p", "--format", "pdf"], 2),
        (&["doc", "bad.jifen"], 1),
        (&["doc", "bad.jifen", "--json"], 1),
        (&["doc", "missing.jifen"], 3),
        (&["doc", "p", "-o", "p/README.md/x.md"], 3),
    ] {
        let out = jifen(&dir, args);
        assert_eq!(
            code(&out),
            wanted,
            "{args:?}: {}{}",
            stdout(&out),
            stderr(&out)
        );
    }
}
