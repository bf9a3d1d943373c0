//! Prints the tree and the messages of a policy file: a help while working on the grammar.
use jifen_diag::{Lang, RenderOptions, Sources, render_all};

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut sources = Sources::new();
    let id = sources.add(path, text);
    let parse = jifen_syntax::parse(sources.text(id), id);
    if std::env::args().nth(2).is_none() {
        print!("{}", jifen_syntax::emit_ast(&parse.file));
    }
    print!(
        "{}",
        render_all(
            &parse.diagnostics,
            &sources,
            RenderOptions {
                lang: Lang::Zh,
                color: false,
                width: 100
            }
        )
    );
    for d in &parse.diagnostics {
        println!(
            "{} | {} | {:?}",
            d.message.zh,
            d.message.en,
            d.fix.iter().map(|f| &f.replacement).collect::<Vec<_>>()
        );
    }
}
