//! A message in both languages; not a translation service: both texts are written side by side.

use serde::{Deserialize, Serialize};

/// A language that jifen speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks the value for this language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// The same message in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

impl Text {
    /// Both texts, written out.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// A text that is the same in both languages, such as a name from a policy.
    pub fn same(text: impl Into<String>) -> Self {
        let zh: String = text.into();
        Text { en: zh.clone(), zh }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// True when neither language has a text.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// Names or words in a row, for a Chinese and for an English message: `甲、乙` and `“甲”, “乙”`. English quotes them,
/// because they are words of the policy and no English.
pub fn listed<S: AsRef<str>>(words: &[S]) -> (String, String) {
    let zh: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let en: Vec<String> = zh.iter().map(|w| format!("“{w}”")).collect();
    (zh.join("、"), en.join(", "))
}

/// Writes one message in both languages, with the arguments of `format!`.
///
/// ```
/// use jifen_diag::text;
/// let name = "张三";
/// let t = text!(zh = "没有“{name}”", en = "there is no “{name}”");
/// assert_eq!(t.zh, "没有“张三”");
/// let t = text!(zh = "{}个", en = "{} pieces", 3);
/// assert_eq!(t.en, "3 pieces");
/// ```
#[macro_export]
macro_rules! text {
    (zh = $zh:literal, en = $en:literal $(,)?) => {
        $crate::Text::new(::std::format!($zh), ::std::format!($en))
    };
    (zh = $zh:literal, en = $en:literal, $($arg:tt)+) => {
        $crate::Text::new(::std::format!($zh, $($arg)+), ::std::format!($en, $($arg)+))
    };
}
