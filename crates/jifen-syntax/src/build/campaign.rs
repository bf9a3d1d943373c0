//! Campaigns and their days.

use super::{Builder, P, han_value, normalise};
use crate::ast::{
    CampaignDecl, DayEnd, DayEndKind, DayRange, Feast, LunarLit, Span, Stmt, StmtKind,
};
use crate::broken::Context;
use crate::grammar::Rule;
use jifen_diag::text;

impl Builder<'_> {
    pub(super) fn campaign(&mut self, pair: P<'_>) -> CampaignDecl {
        let (mut name, mut stmts, mut word) = (None, Vec::new(), Span::DUMMY);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_d_campaign => word = self.span(&p),
                Rule::name => name = Some(self.name(&p)),
                Rule::stmt => {
                    let s = self.stmt(p);
                    self.stands_in_campaign(&s);
                    stmts.push(s);
                }
                Rule::broken_stmt => stmts.push(self.broken_stmt(&p, Context::Campaign)),
                other => self.around(other, &p),
            }
        }
        CampaignDecl {
            name: self.decl_name(name, word, Rule::kw_d_campaign),
            stmts,
        }
    }

    fn stands_in_campaign(&mut self, s: &Stmt) {
        let allowed = matches!(
            s.kind,
            StmtKind::Runs(_)
                | StmtKind::Multiply(_)
                | StmtKind::Cap(_)
                | StmtKind::Stacking(_)
                | StmtKind::Broken
        );
        if !allowed {
            self.not_here(
                s,
                text!(
                    zh = "这句话要写在项目里，不能写在活动期里",
                    en = "this belongs in an item, not in a campaign"
                ),
                text!(
                    zh = "活动期里可以写：期间、倍率、上限、同时符合",
                    en = "a campaign may say: runs, multiply, cap, when several"
                ),
            );
        }
    }

    /// 期间 stands in campaigns only; true: said so.
    pub(super) fn belongs_in_campaign(&mut self, s: &Stmt) -> bool {
        let misplaced = matches!(s.kind, StmtKind::Runs(_));
        if misplaced {
            self.not_here(
                s,
                text!(
                    zh = "“期间”只写在活动期里",
                    en = "“runs” belongs in a campaign"
                ),
                text!(
                    zh = "先声明：活动期 春节平安 {{ 期间 … }}，这里写“条件 日期 属于（春节平安）”",
                    en = "declare campaign spring {{ runs … }} and write here: requires date is one of (spring)"
                ),
            );
        }
        misplaced
    }

    pub(super) fn day_ranges(&mut self, pair: P<'_>) -> Vec<DayRange> {
        let ranges = pair.into_inner().filter(|p| p.as_rule() == Rule::day_range);
        ranges.filter_map(|p| self.day_range(p)).collect()
    }

    fn day_range(&mut self, pair: P<'_>) -> Option<DayRange> {
        let span = self.span(&pair);
        let ends = pair.into_inner().filter(|p| p.as_rule() == Rule::day_end);
        let mut ends: Vec<DayEnd> = ends.filter_map(|p| self.day_end(p)).collect();
        let to = (ends.len() > 1).then(|| ends.pop()).flatten();
        let from = ends.pop()?;
        Some(DayRange { from, to, span })
    }

    fn day_end(&mut self, pair: P<'_>) -> Option<DayEnd> {
        let span = self.span(&pair);
        let mut marked = false;
        let mut kind = None;
        for p in pair.into_inner().flatten() {
            match p.as_rule() {
                Rule::date => kind = Some(DayEndKind::Civil(self.date(&p))),
                Rule::kw_lunar | Rule::kw_glued_lunar => marked = true,
                Rule::lunar_day => {
                    let (month, leap, day) = lunar(p.as_str())?;
                    kind = Some(DayEndKind::Lunar(LunarLit {
                        month,
                        leap,
                        day,
                        marked,
                    }));
                }
                other => kind = feast(other).map(DayEndKind::Feast),
            }
        }
        kind.map(|kind| DayEnd { kind, span })
    }
}

fn feast(rule: Rule) -> Option<Feast> {
    Some(match rule {
        Rule::kw_feast_spring => Feast::Spring,
        Rule::kw_feast_lantern => Feast::Lantern,
        Rule::kw_feast_qingming => Feast::Qingming,
        Rule::kw_feast_dragon_boat => Feast::DragonBoat,
        Rule::kw_feast_qixi => Feast::Qixi,
        Rule::kw_feast_mid_autumn => Feast::MidAutumn,
        Rule::kw_feast_double_ninth => Feast::DoubleNinth,
        Rule::kw_feast_laba => Feast::Laba,
        Rule::kw_feast_new_years_eve => Feast::NewYearsEve,
        _ => return None,
    })
}

/// Month, leap, day of a written lunar day; no day: the last one.
pub(crate) fn lunar(text: &str) -> Option<(u8, bool, Option<u8>)> {
    let plain = normalise(text);
    if let Some((month, day)) = plain.split_once('-') {
        let leap = month.starts_with("leap");
        let month = month.trim_start_matches("leap").trim().parse().ok()?;
        let day = match day {
            "last" => None,
            n => Some(n.parse().ok()?),
        };
        return Some((month, leap, day));
    }
    let leap = plain.starts_with('闰');
    let (month, day) = plain.trim_start_matches('闰').split_once('月')?;
    let month = match month {
        "正" => 1,
        "冬" => 11,
        "腊" => 12,
        n => u8::try_from(han_value(n)?).ok()?,
    };
    let number = |t: &str| han_value(t).and_then(|n| u8::try_from(n).ok());
    let day = match day {
        "末" => None,
        "卅" => Some(30),
        d => Some(match (d.strip_prefix('初'), d.strip_prefix('廿')) {
            (Some(rest), _) => number(rest)?,
            (_, Some("")) => 20,
            (_, Some(rest)) => 20 + number(rest)?,
            _ => number(d)?,
        }),
    };
    Some((month, leap, day))
}

/// A lunar day as it is written in Chinese.
pub(crate) fn lunar_zh((month, leap, day): (u8, bool, Option<u8>)) -> String {
    const DIGITS: [&str; 11] = [
        "十", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
    ];
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or("");
    let month = match month {
        1 => "正".to_owned(),
        11 => "冬".to_owned(),
        12 => "腊".to_owned(),
        n => digit(n).to_owned(),
    };
    let day = match day {
        None => "末".to_owned(),
        Some(d @ 0..=10) => format!("初{}", digit(d)),
        Some(d @ 11..=19) => format!("十{}", digit(d - 10)),
        Some(20) => "二十".to_owned(),
        Some(d @ 21..=29) => format!("廿{}", digit(d - 20)),
        Some(d) => format!("三十{}", if d > 30 { digit(d - 30) } else { "" }),
    };
    format!("{}{month}月{day}", if leap { "闰" } else { "" })
}

/// And in English.
pub(crate) fn lunar_en((month, leap, day): (u8, bool, Option<u8>)) -> String {
    let day = day.map_or_else(|| "last".to_owned(), |d| d.to_string());
    format!("{}{month}-{day}", if leap { "leap " } else { "" })
}
