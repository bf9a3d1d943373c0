//! The word table `grammar/keywords.tsv` at run time: canonical spellings and aliases in both languages.

use crate::grammar::Rule;
use jifen_diag::Lang;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One word of the language.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// Our own name for the concept.
    pub concept: &'static str,
    /// declaration, later, statement, operator, choice, type, unit, window, function, state …
    pub class: &'static str,
    /// Canonical Chinese form.
    pub zh: &'static str,
    /// Chinese aliases.
    pub zh_aliases: Vec<&'static str>,
    /// Canonical English form.
    pub en: &'static str,
    /// English aliases.
    pub en_aliases: Vec<&'static str>,
}

impl Keyword {
    /// The canonical form in a language.
    pub fn canonical(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }

    /// All spellings in a language, canonical first.
    pub fn spellings(&self, lang: Lang) -> impl Iterator<Item = &'static str> + '_ {
        let more = lang.pick(&self.zh_aliases, &self.en_aliases);
        std::iter::once(self.canonical(lang)).chain(more.iter().copied())
    }
}

/// All words, in the order of the table.
pub fn all() -> &'static [Keyword] {
    static TABLE: OnceLock<Vec<Keyword>> = OnceLock::new();
    TABLE.get_or_init(|| {
        include_str!("../../../grammar/keywords.tsv")
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .filter_map(read)
            .collect()
    })
}

fn read(line: &'static str) -> Option<Keyword> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let (concept, class, zh, zh_more, en, en_more) =
        (next()?, next()?, next()?, next()?, next()?, next()?);
    let list = |s: &'static str| s.split('、').filter(|a| !a.is_empty()).collect();
    Some(Keyword {
        concept,
        class,
        zh,
        zh_aliases: list(zh_more),
        en,
        en_aliases: list(en_more),
    })
}

/// Words of one class.
pub fn of_class(class: &str) -> impl Iterator<Item = &'static Keyword> + '_ {
    all().iter().filter(move |k| k.class == class)
}

/// Finds a word of a class by any spelling in either language.
pub fn find(class: &str, spelling: &str) -> Option<&'static Keyword> {
    of_class(class).find(|k| {
        [Lang::Zh, Lang::En]
            .iter()
            .any(|l| k.spellings(*l).any(|s| s == spelling))
    })
}

/// The word that a grammar rule stands for.
pub(crate) fn of_rule(rule: Rule) -> Option<&'static Keyword> {
    static BY_RULE: OnceLock<BTreeMap<Rule, &'static Keyword>> = OnceLock::new();
    BY_RULE
        .get_or_init(|| {
            let by_name: BTreeMap<&str, &Keyword> = all().iter().map(|k| (k.concept, k)).collect();
            Rule::all_rules()
                .iter()
                .filter_map(|r| {
                    let debug = format!("{r:?}");
                    let concept = match debug.strip_prefix("kw_")? {
                        "glued_per" => "per",
                        "glued_lunar" => "lunar",
                        "glued_within" => "within",
                        other => other,
                    };
                    by_name.get(concept).map(|k| (*r, *k))
                })
                .collect()
        })
        .get(&rule)
        .copied()
}
