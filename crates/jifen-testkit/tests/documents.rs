//! The documents of the shipped policies, in both languages, as they are: read by eye when they change (`cargo insta review`, or
//! `INSTA_UPDATE=always`). And what a policy says never becomes markup.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use jifen::{Compiled, Form, Lang, Sources};
use jifen_testkit::repo::{files, root};

fn compiled(name: &str, text: &str) -> Compiled {
    let mut sources = Sources::new();
    sources.add(name, text);
    jifen::compile(sources).unwrap_or_else(|p| panic!("{name}: {:?}", p.diagnostics))
}

#[test]
fn the_documents_of_shipped_policies() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    let mut seen = 0;
    for file in files("policies", ".jifen") {
        let path = file.strip_prefix(root()).unwrap().to_owned();
        let parts: Vec<String> = path
            .iter()
            .map(|p| p.to_string_lossy().into_owned())
            .collect();
        // The translations in `en` mean the same and keep all names.
        let [_, .., district, name] = parts.as_slice() else {
            continue;
        };
        if district == "en" {
            continue;
        }
        let policy = compiled(name, &std::fs::read_to_string(&file).unwrap());
        for (lang, word) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let text = policy.document_text(Form::Markdown, lang);
            insta::assert_snapshot!(format!("{district}.{word}"), text);
        }
        seen += 1;
    }
    assert!(seen >= 20, "policies are missing");
}

#[test]
fn what_a_policy_says_is_never_markup() {
    let text = std::fs::read_to_string(root().join("policies/linlibang/linlibang.jifen")).unwrap();
    let nasty = "《<script>alert(1)</script> & | *x* [a](b) \\\\ `c`》";
    let start = text.find('《').unwrap();
    let end = text.find('》').unwrap() + '》'.len_utf8();
    let policy = compiled("nasty.jifen", &text.replace(&text[start..end], nasty));
    for lang in [Lang::Zh, Lang::En] {
        let html = policy.document_text(Form::Html, lang);
        assert!(
            !html.contains("<script") && html.contains("&lt;script&gt;"),
            "{html}"
        );
        assert!(
            !html.contains("http") && !html.contains("src="),
            "something from outside"
        );
        let markdown = policy.document_text(Form::Markdown, lang);
        assert!(
            !markdown.contains("<script") && markdown.contains("\\*x\\*"),
            "{markdown}"
        );
    }
}

/// Every opening tag has its end, in order.
#[test]
fn html_is_well_formed() {
    for file in files("policies", ".jifen") {
        let policy = compiled("p.jifen", &std::fs::read_to_string(&file).unwrap());
        let html = policy.document_text(Form::Html, Lang::Zh);
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.split_whitespace().next().unwrap();
            match name.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{}", file.display()),
                None if ["!DOCTYPE", "meta"].contains(&name) => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}
