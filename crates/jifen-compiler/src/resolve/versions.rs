//! The time line: which file is in force when; zone and rule date, which all versions share.

use jifen_calendar::{Day, Zone};
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{RuleDate, VersionIx};
use jifen_syntax::ast::{DeclKind, File, HeaderKind, PolicyDecl, RuleDateWord};
use std::collections::BTreeMap;

use super::VersionSrc;
use crate::constant;
use crate::sink::Sink;

struct Header<'a> {
    file: &'a File,
    policy: Option<&'a PolicyDecl>,
    name: Option<String>,
    from: Option<(Day, Span)>,
    until: Option<(Day, Span)>,
    zone: Option<(String, Span)>,
    rule: Option<(RuleDate, Span)>,
}

/// Versions sorted by date, with the zone and the rule date.
pub(super) fn time_line<'a>(
    files: &'a [File],
    sink: &mut Sink,
) -> (Vec<VersionSrc<'a>>, String, RuleDate) {
    let mut headers: Vec<Header<'a>> = Vec::new();
    for file in files {
        sink.lang = file.lang;
        headers.push(header(file, sink));
    }
    headers.sort_by_key(|h| h.from.map(|f| f.0));
    same_policy(&headers, sink);
    let zone = zone(&headers, sink);
    let rule = rule_date(&headers, sink);
    let ends = ends(&headers, sink);
    let mut out = Vec::new();
    for (i, (h, to)) in headers.iter().zip(ends).enumerate() {
        let from = h.from.map_or(Day::MIN, |f| f.0);
        out.push(VersionSrc {
            ix: VersionIx(u16::try_from(i).unwrap_or(u16::MAX)),
            file: h.file,
            policy: h.policy,
            lang: h.file.lang,
            name: h.name.clone().unwrap_or_else(|| from.to_string()),
            from,
            to,
            names: BTreeMap::new(),
            items: Vec::new(),
            categories: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            rosters: BTreeMap::new(),
            records: BTreeMap::new(),
            precision: BTreeMap::new(),
            precision_lost: Vec::new(),
            tests: Vec::new(),
        });
    }
    (out, zone, rule)
}

fn header<'a>(file: &'a File, sink: &mut Sink) -> Header<'a> {
    let mut h = Header {
        file,
        policy: None,
        name: None,
        from: None,
        until: None,
        zone: None,
        rule: None,
    };
    let lost = sink.lost_anything(file);
    let mut header_lost = false;
    for decl in &file.decls {
        let DeclKind::Policy(p) = &decl.kind else {
            continue;
        };
        if h.policy.is_some() {
            sink.push(Diagnostic::new(
                codes::NO_POLICY_HEADER,
                p.name.span,
                text!(
                    zh = "一个文件只写一个政策头；另一版本请放在另一个文件里",
                    en = "one file has one policy header; put another version into another file"
                ),
            ));
            continue;
        }
        h.policy = Some(p);
        header_lost =
            sink.lost_in(decl.span) || p.stmts.iter().any(|s| matches!(s.kind, HeaderKind::Broken));
        statements(p, &mut h, sink);
    }
    let first = file
        .decls
        .first()
        .map_or(Span::DUMMY, |d| d.span.at_start());
    match h.policy {
        None if !lost => {
            let fix = sink.kw(
                "政策 示例 {\n  版本 2026Q1\n  施行 2026年1月1日\n  时区 北京时间\n}\n",
                "policy sample {\n  version 2026Q1\n  effective 2026-01-01\n  zone Asia/Shanghai\n}\n",
            );
            sink.push(
                Diagnostic::new(
                    codes::NO_POLICY_HEADER,
                    first,
                    text!(
                        zh = "文件开头要有政策头：写明名称、版本、施行日期",
                        en = "a file begins with a policy header: name, version, effective date"
                    ),
                )
                .fix(first, fix, text!(zh = "补上政策头", en = "add a header")),
            );
        }
        Some(p) if h.from.is_none() && !header_lost => {
            let fix = sink.kw("\n  施行 2026年1月1日", "\n  effective 2026-01-01");
            sink.push(
                Diagnostic::new(
                    codes::NO_EFFECTIVE_DATE,
                    p.name.span,
                    text!(
                        zh = "没有写从哪天起施行；哪些记录归这一版管，由施行日期决定",
                        en = "the policy does not say from when it is in force, so it is open which facts it covers"
                    ),
                )
                .help(text!(
                    zh = "在政策头里写：施行 2026年1月1日",
                    en = "write in the header: effective 2026-01-01"
                ))
                .fix(
                    p.stmts.first().map_or(p.name.span.at_end(), |s| s.span.at_start()),
                    format!("{}\n  ", fix.trim_start()),
                    text!(zh = "补上施行日期", en = "add the date"),
                ),
            );
        }
        _ => {}
    }
    h
}

impl Sink {
    fn lost_anything(&self, file: &File) -> bool {
        self.lenient
            || !self.broken.is_empty() && file.decls.is_empty()
            || file
                .decls
                .iter()
                .any(|d| matches!(d.kind, DeclKind::Broken))
    }
}

fn statements<'a>(p: &'a PolicyDecl, h: &mut Header<'a>, sink: &mut Sink) {
    let mut workdays = false;
    for s in &p.stmts {
        let twice = match &s.kind {
            HeaderKind::Version(n) => h.name.replace(n.text.clone()).is_some(),
            HeaderKind::Effective(d) => {
                let twice = h.from.is_some();
                // An impossible date is reported; the version then begins with time.
                let day = constant::day(d, sink).unwrap_or(Day::MIN);
                h.from = h.from.or(Some((day, s.span)));
                twice
            }
            HeaderKind::ExpiresOn(d) => {
                let twice = h.until.is_some();
                let day = constant::day(d, sink);
                h.until = h.until.or(day.map(|d| (d, s.span)));
                twice
            }
            HeaderKind::Zone(n) => {
                let twice = h.zone.is_some();
                if h.zone.is_none() {
                    h.zone = Some((n.text.clone(), n.span));
                }
                twice
            }
            HeaderKind::RuleDate(r) => {
                let rule = match r {
                    RuleDateWord::Event => RuleDate::Event,
                    RuleDateWord::Entry => RuleDate::Entry,
                    RuleDateWord::Confirmation => RuleDate::Confirmation,
                };
                h.rule.replace((rule, s.span)).is_some()
            }
            HeaderKind::Workdays(_) => std::mem::replace(&mut workdays, true),
            _ => false,
        };
        if twice {
            sink.push(Diagnostic::new(
                codes::STATEMENT_TWICE,
                s.span,
                text!(
                    zh = "政策头里这一句已经写过，只能留一句",
                    en = "the header says this already; keep one of them"
                ),
            ));
        }
    }
}

fn same_policy(headers: &[Header<'_>], sink: &mut Sink) {
    let Some(first) = headers.iter().find_map(|h| h.policy) else {
        return;
    };
    for p in headers.iter().filter_map(|h| h.policy) {
        if p.name.text != first.name.text {
            sink.push(
                Diagnostic::new(
                    codes::VERSIONS_DISAGREE,
                    p.name.span,
                    text!(
                        zh = "一起编译的是同一政策的几个版本；这里叫“{}”，另一份叫“{}”",
                        en = "files compiled together are versions of one policy; this one is “{}”, another is “{}”",
                        p.name.text,
                        first.name.text
                    ),
                )
                .label(first.name.span, text!(zh = "另一份", en = "the other")),
            );
        }
    }
}

fn zone(headers: &[Header<'_>], sink: &mut Sink) -> String {
    let mut found: Option<(String, Span)> = None;
    for h in headers {
        let Some((text, span)) = &h.zone else {
            continue;
        };
        sink.lang = h.file.lang;
        let Some(zone) = Zone::parse(text) else {
            sink.push(
                Diagnostic::new(
                    codes::BAD_ZONE,
                    *span,
                    text!(
                        zh = "没有叫“{text}”的时区；中国大陆写“北京时间”或 Asia/Shanghai",
                        en = "there is no time zone “{text}”; mainland China is Asia/Shanghai"
                    ),
                )
                .fix(
                    *span,
                    "Asia/Shanghai",
                    text!(zh = "改成 Asia/Shanghai", en = "use Asia/Shanghai"),
                ),
            );
            continue;
        };
        if h.from
            .is_some_and(|f| f.0 > Day::MIN && !zone.fixed_since(f.0))
        {
            sink.push(Diagnostic::new(
                codes::BAD_ZONE,
                *span,
                text!(
                    zh = "{} 有夏令时，一天的长短会变，不能用作政策的时区",
                    en = "{} changes its clocks: days differ in length, so a policy cannot use it",
                    zone.name()
                ),
            ));
            continue;
        }
        match &found {
            Some((other, place)) if other != zone.name() => {
                sink.push(disagree(*span, *place));
            }
            _ => found = Some((zone.name().to_owned(), *span)),
        }
    }
    found.map_or_else(|| "Asia/Shanghai".to_owned(), |f| f.0)
}

fn disagree(here: Span, there: Span) -> Diagnostic {
    Diagnostic::new(
        codes::VERSIONS_DISAGREE,
        here,
        text!(
            zh = "这一句在各版本里必须相同",
            en = "this must be the same in all versions"
        ),
    )
    .label(
        there,
        text!(zh = "另一版本写的是这样", en = "another version says this"),
    )
}

fn rule_date(headers: &[Header<'_>], sink: &mut Sink) -> RuleDate {
    let mut found: Option<(RuleDate, Span)> = None;
    for h in headers {
        let this = h.rule.unwrap_or((
            RuleDate::Event,
            h.policy.map_or(Span::DUMMY, |p| p.name.span),
        ));
        match found {
            Some((other, place)) if other != this.0 => sink.push(disagree(this.1, place)),
            _ => found = Some(this),
        }
    }
    found.map_or(RuleDate::Event, |f| f.0)
}

/// Where each version ends; gaps and overlaps are reported.
fn ends(headers: &[Header<'_>], sink: &mut Sink) -> Vec<Option<Day>> {
    let mut out = Vec::new();
    for (i, h) in headers.iter().enumerate() {
        let Some((from, at)) = h.from else {
            out.push(None);
            continue;
        };
        if let Some((until, span)) = h.until
            && until <= from
        {
            sink.push(Diagnostic::new(
                codes::VERSION_OVERLAP,
                span,
                text!(
                    zh = "失效日期 {until} 不晚于施行日期 {from}，这一版一天也不管用",
                    en = "it expires on {until}, not after it takes effect on {from}: it is never in force"
                ),
            ));
        }
        let next = headers.get(i + 1).and_then(|n| n.from);
        out.push(match (h.until, next) {
            (None, None) => None,
            (Some((until, _)), None) => Some(until),
            (until, Some((next, next_at))) => {
                join(from, at, until, next, next_at, sink);
                Some(next)
            }
        });
    }
    out
}

fn join(
    from: Day,
    at: Span,
    until: Option<(Day, Span)>,
    next: Day,
    next_at: Span,
    sink: &mut Sink,
) {
    if next == from {
        sink.push(
            Diagnostic::new(
                codes::VERSION_OVERLAP,
                next_at,
                text!(
                    zh = "两个版本都从 {from} 起施行，不知道用哪一个",
                    en = "two versions take effect on {from}; it is open which one holds"
                ),
            )
            .label(at, text!(zh = "另一个版本", en = "the other version")),
        );
        return;
    }
    let Some((until, span)) = until else {
        return;
    };
    let last = until.add_days(-1);
    if until < next {
        let day_before = next.add_days(-1);
        sink.push(
            Diagnostic::new(
                codes::VERSION_GAP,
                span,
                text!(
                    zh = "{until} 至 {day_before} 没有版本管：这一版到 {last} 为止，下一版从 {next} 起",
                    en = "no version covers {until} to {day_before}: this one holds until {last}, the next from {next}"
                ),
            )
            .label(next_at, text!(zh = "下一版从这天起", en = "the next one begins here"))
            .help(text!(
                zh = "把失效日期改成 {next}，或删去这一句（下一版施行，这一版自然失效）",
                en = "let it expire on {next}, or drop the statement: a version ends where the next begins"
            )),
        );
    } else if until > next {
        sink.push(
            Diagnostic::new(
                codes::VERSION_OVERLAP,
                span,
                text!(
                    zh = "{next} 至 {last} 有两个版本管",
                    en = "two versions cover {next} to {last}"
                ),
            )
            .label(
                next_at,
                text!(zh = "下一版从这天起", en = "the next one begins here"),
            ),
        );
    }
}
