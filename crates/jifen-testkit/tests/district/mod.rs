//! A shipped district folder as its tests read it: texts, the compiled policy, its quarter evaluated.

use std::path::PathBuf;

use jifen::{
    Compiled, Day, Evaluation, Files, InputFile, Limits, Loaded, Openings, Options, RenderOptions,
    Sources, compile, evaluate, load, render_all,
};

/// A folder under `policies/`, with the data of a quarter in its folder `data`.
pub struct District {
    pub name: &'static str,
    /// Its files, with blanks between.
    pub roster: &'static str,
    pub facts: &'static str,
    pub as_of: &'static str,
}

impl District {
    pub fn folder(&self) -> PathBuf {
        jifen_testkit::repo::root().join("policies").join(self.name)
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }

    pub fn policy(&self, name: &str) -> Compiled {
        let mut sources = Sources::new();
        sources.add(name, self.text(name));
        match compile(sources) {
            Ok(compiled) => compiled,
            Err(p) => panic!("{}", render_all(&p.diagnostics, &p.sources, plain())),
        }
    }

    fn input(&self, name: &str) -> Vec<InputFile> {
        let read = |name| std::fs::read(self.folder().join("data").join(name)).unwrap();
        let names = name.split(' ');
        names.map(|n| InputFile::new(n, read(n))).collect()
    }

    pub fn quarter(&self, compiled: &Compiled) -> (Loaded, Evaluation) {
        let toml = self.text("sources.toml");
        let files = Files {
            sources_toml: Some(("sources.toml", toml.as_str())),
            rosters: self.input(self.roster),
            facts: self.input(self.facts),
            openings: Vec::new(),
        };
        let loaded = match load(compiled, &files, &Limits::default()) {
            Ok(loaded) => loaded,
            Err(errors) => panic!("{}", errors.iter().map(|e| e.text().zh).collect::<String>()),
        };
        let done = evaluate(
            &compiled.plan,
            &loaded.admission.log,
            &loaded.rosters,
            &Openings::default(),
            Day::parse_iso(self.as_of).unwrap(),
            &Options::default(),
        );
        (loaded, done.unwrap())
    }
}

/// Messages without colours.
pub fn plain() -> RenderOptions {
    RenderOptions {
        color: false,
        ..RenderOptions::default()
    }
}
