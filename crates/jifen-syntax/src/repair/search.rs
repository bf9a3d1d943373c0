//! The most plausible brackets: a search for the cheapest set of brackets to put in or take out.
//!
//! Each reading of the text so far is a stack of open blocks with a price. A bracket put in or taken out costs 20;
//! what only looks odd (a statement in a block that has no such statement, a line that stands to the left of its
//! block) costs less. The cheapest readings go on, so that indentation and the words themselves tell where a missing
//! bracket belongs. The work grows with the length of the text only.

use super::tokens::{Block, Kind, Token, tokens, words};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Readings kept.
const WIDTH: usize = 16;
/// More changes than this and the text is no policy.
const MOST: usize = 120;

const EDIT: u32 = 20;
const ODD_STATEMENT: u32 = 8;
const ODD_DECLARATION: u32 = 12;
const AT_FILE: u32 = 24;
const LAYOUT: u32 = 7;

/// A change of brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fix {
    /// `{` at `at`; what needs it stands at `head`.
    Open { at: usize, head: (usize, usize) },
    /// `{ }` at `at`.
    Both { at: usize, head: (usize, usize) },
    /// `}` at `at`; the bracket that it closes, if it is written.
    Close {
        at: usize,
        open: Option<(usize, usize)>,
    },
    /// `)` for the `(` at `open`, somewhere before `end`.
    Paren { open: usize, end: usize },
    /// A bracket that does not belong.
    Surplus { at: usize, len: usize, open: bool },
    /// A round or square bracket where a brace belongs.
    Instead {
        at: usize,
        len: usize,
        open: bool,
        /// Its partner has been said to be wrong.
        said: bool,
    },
}

/// A block that is open.
#[derive(Debug)]
struct Entry {
    block: Block,
    /// The brace; `None` if it was put in.
    brace: Option<(usize, usize)>,
    /// Opened by a round bracket.
    round: bool,
    line: u32,
    indent: u32,
    below: Option<Rc<Entry>>,
    depth: u32,
    sign: u64,
    /// Round brackets that were open when it began, and the innermost: 合计(得分 × 按 级别 { … } 在 本月).
    parens: (u32, usize),
}

/// A head or statement that waits for its brace.
#[derive(Clone, Copy, Debug)]
struct Pending {
    block: Block,
    head: (usize, usize),
    line: u32,
    /// A declaration that cannot be without.
    needed: bool,
    /// The word that opens the block stands last: the brace comes right after it.
    glued: bool,
}

#[derive(Debug)]
struct Done {
    fix: Fix,
    before: Option<Rc<Done>>,
}

#[derive(Clone)]
struct Reading {
    cost: u32,
    fixes: usize,
    top: Option<Rc<Entry>>,
    done: Option<Rc<Done>>,
    pending: Option<Pending>,
    parens: u32,
    /// The innermost round bracket that is open.
    paren: usize,
    /// Its line.
    paren_line: u32,
    /// Blocks, by depth, of which a line stood too far left: said once.
    left: u64,
}

impl Reading {
    fn block(&self) -> Block {
        self.top.as_ref().map_or(Block::File, |t| t.block)
    }

    fn push(&mut self, block: Block, brace: Option<(usize, usize)>, round: bool, t: &Token) {
        let below = self.top.take();
        let (depth, sign) = below.as_ref().map_or((0, 7), |b| (b.depth, b.sign));
        let sign = sign
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(u64::from(t.line) << 8)
            .wrapping_add(block as u64 + 1)
            .wrapping_add(u64::from(self.parens.min(2)) << 40);
        self.top = Some(Rc::new(Entry {
            block,
            brace,
            round,
            line: t.line,
            indent: t.indent,
            below,
            depth: depth + 1,
            sign,
            parens: (self.parens, self.paren),
        }));
        self.pending = None;
        self.parens = 0;
    }

    fn pop(&mut self) -> Option<Rc<Entry>> {
        let top = self.top.take()?;
        self.top = top.below.clone();
        self.pending = None;
        (self.parens, self.paren) = top.parens;
        Some(top)
    }

    fn fix(&mut self, fix: Fix, cost: u32) {
        self.cost += cost;
        self.fixes += 1;
        self.done = Some(Rc::new(Done {
            fix,
            before: self.done.take(),
        }));
    }

    fn key(&self) -> (u64, Option<(usize, bool)>, u32) {
        let sign = self.top.as_ref().map_or(0, |t| t.sign);
        let pending = self.pending.map(|p| (p.head.0, p.needed));
        (sign, pending, self.parens.min(2))
    }
}

/// The cheapest changes; if nothing sensible is found, those that make every bracket have a partner.
pub(crate) fn search(text: &str) -> Vec<Fix> {
    let all = tokens(text);
    cheapest(&all).unwrap_or_else(|| partners(&all))
}

/// Takes out what closes nothing and closes what is open at the end.
fn partners(all: &[Token]) -> Vec<Fix> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut out = Vec::new();
    for t in all {
        match t.kind {
            Kind::Open => open.push((t.start, t.end)),
            Kind::Close if open.pop().is_none() => out.push(Fix::Surplus {
                at: t.start,
                len: t.end - t.start,
                open: false,
            }),
            _ => {}
        }
    }
    let at = all.last().map_or(0, |t| t.before);
    let ends = open.into_iter().rev();
    out.extend(ends.map(|o| Fix::Close { at, open: Some(o) }));
    out
}

/// The cheapest changes; `None` if there would be too many.
fn cheapest(all: &[Token]) -> Option<Vec<Fix>> {
    let layout = indented(all);
    let mut readings = vec![Reading {
        cost: 0,
        fixes: 0,
        top: None,
        done: None,
        pending: None,
        parens: 0,
        paren: 0,
        paren_line: 0,
        left: 0,
    }];
    for t in all {
        let mut next = Vec::with_capacity(readings.len() * 3);
        for r in readings {
            Step { t, layout }.go(r, &mut next, 0);
        }
        readings = best(next);
        if readings.is_empty() {
            return None;
        }
    }
    let best = readings.into_iter().min_by_key(|r| r.cost)?;
    let mut fixes = Vec::new();
    let mut done = best.done;
    while let Some(d) = done {
        fixes.push(d.fix);
        done = d.before.clone();
    }
    fixes.reverse();
    Some(fixes)
}

/// One reading of each state, the cheapest ones.
fn best(mut all: Vec<Reading>) -> Vec<Reading> {
    all.retain(|r| r.fixes <= MOST);
    if all.len() <= 1 {
        return all;
    }
    all.sort_by_key(|r| r.cost);
    let mut seen = BTreeMap::new();
    all.retain(|r| seen.insert(r.key(), ()).is_none());
    all.truncate(WIDTH);
    all
}

/// Do lines inside blocks stand further right than the line of their brace? A file without indentation tells nothing.
fn indented(all: &[Token]) -> bool {
    let (mut deeper, mut not) = (0usize, 0usize);
    for pair in all.windows(2) {
        let [a, b] = pair else { continue };
        if a.kind == Kind::Open && b.first && b.kind != Kind::Close && b.kind != Kind::End {
            if b.indent > a.indent {
                deeper += 1;
            } else {
                not += 1;
            }
        }
    }
    deeper > not
}

struct Step<'a> {
    t: &'a Token,
    layout: bool,
}

impl Step<'_> {
    /// All ways in which a reading can go on with the token.
    fn go(&self, mut r: Reading, out: &mut Vec<Reading>, closed: u32) {
        let rows = r.pending.is_some_and(|p| p.block == Block::Rows);
        if self.t.kind == Kind::Open && rows && r.parens > 0 {
            // Rows inside round brackets, as the weights of a sum: if none is missing, this is the cheaper reading.
            let mut whole = r.clone();
            whole.cost += 1;
            self.open(whole, out);
        }
        let ends = matches!(
            self.t.kind,
            Kind::Head(_) | Kind::Begin(_) | Kind::Key | Kind::Open | Kind::Close | Kind::End
        );
        if ends {
            self.close_parens(&mut r);
        } else if self.t.first
            && r.parens > 0
            && self.t.line == r.paren_line + 1
            && self.t.kind != Kind::RightParen
        {
            // Whether it goes on in the next line shows at the partner.
            let mut ended = r.clone();
            self.close_parens(&mut ended);
            self.go(ended, out, closed);
            r.cost += 1;
        }
        // The block before may lack its end.
        if (closed < 6 || self.t.kind == Kind::End) && self.may_end(&r) {
            let mut other = r.clone();
            if self.close(&mut other) {
                self.go(other, out, closed + 1);
            }
        }
        match self.t.kind {
            Kind::Open => self.open(r, out),
            Kind::Close => self.shut(r, out),
            Kind::LeftParen | Kind::Call => self.left_paren(r, out),
            Kind::RightParen => self.right_paren(r, out),
            Kind::Line => {
                let mut r = r;
                self.too_far_left(&mut r);
                out.push(r);
            }
            Kind::By => {
                let mut r = r;
                self.wait(&mut r, Block::Rows, false);
                out.push(r);
            }
            Kind::Rows => {
                let mut r = r;
                self.wait(&mut r, Block::Rows, true);
                out.push(r);
            }
            Kind::Begin(_) | Kind::Key | Kind::Head(_) | Kind::End => self.begins(r, out),
        }
    }

    /// Puts a `)` for each round bracket that is open.
    fn close_parens(&self, r: &mut Reading) {
        while r.parens > 0 {
            r.parens -= 1;
            let (open, end) = (r.paren, self.t.before);
            r.fix(Fix::Paren { open, end }, 2);
        }
    }

    /// May a `}` be missing before this token?
    fn may_end(&self, r: &Reading) -> bool {
        if r.top.is_none() || r.pending.is_some_and(|p| p.needed) {
            return false;
        }
        match self.t.kind {
            Kind::Head(_) | Kind::Begin(_) | Kind::Key | Kind::End => true,
            Kind::Close => self.t.first,
            _ => false,
        }
    }

    /// Puts the `}` of the innermost block before this token.
    fn close(&self, r: &mut Reading) -> bool {
        let t = self.t;
        let Some(top) = r.top.clone() else {
            return false;
        };
        let odd = match (t.kind, t.first) {
            (Kind::End, _) => 2,
            (_, true) if top.line == t.line => return false,
            (_, true) if self.layout && t.indent > top.indent => LAYOUT + 3,
            (Kind::Close, true) if self.layout && t.indent == top.indent && !top.round => LAYOUT,
            (_, true) => 0,
            (_, false) if top.line == t.line => 2,
            (_, false) => LAYOUT,
        };
        let price = if top.brace.is_some() { EDIT } else { 4 };
        let at = t.before;
        r.pop();
        r.fix(
            Fix::Close {
                at,
                open: top.brace,
            },
            price + odd,
        );
        true
    }

    fn too_far_left(&self, r: &mut Reading) {
        let (t, Some(top)) = (self.t, &r.top) else {
            return;
        };
        let bit = 1u64.checked_shl(top.depth).unwrap_or(0);
        if self.layout
            && t.first
            && t.line > top.line
            && t.indent <= top.indent
            && r.left & bit == 0
        {
            r.left |= bit;
            r.cost += LAYOUT;
        }
    }

    fn wait(&self, r: &mut Reading, block: Block, glued: bool) {
        if r.pending.is_some_and(|p| p.needed) {
            return;
        }
        r.pending = Some(Pending {
            block,
            head: (self.t.start, self.t.end),
            line: self.t.line,
            needed: false,
            glued,
        });
    }

    fn open(&self, mut r: Reading, out: &mut Vec<Reading>) {
        let t = self.t;
        let brace = Some((t.start, t.end));
        let mut surplus = r.clone();
        surplus.fix(
            Fix::Surplus {
                at: t.start,
                len: t.end - t.start,
                open: true,
            },
            EDIT - 2,
        );
        out.push(surplus);
        match r.pending {
            Some(p) => {
                // The block begins where its head does, wherever the brace stands.
                let line = Token {
                    line: p.line.max(if t.first { p.line } else { t.line }),
                    ..*t
                };
                r.push(p.block, brace, false, &line);
            }
            None => {
                r.cost += 14;
                r.push(Block::Unknown, brace, false, t);
            }
        }
        out.push(r);
    }

    fn shut(&self, r: Reading, out: &mut Vec<Reading>) {
        let t = self.t;
        let mut surplus = r.clone();
        surplus.fix(
            Fix::Surplus {
                at: t.start,
                len: t.end - t.start,
                open: false,
            },
            EDIT,
        );
        surplus.parens = 0;
        out.push(surplus);
        for mut r in self.opened(r, true) {
            let Some(top) = r.pop() else { continue };
            r.left &= (1u64 << top.depth.min(63)) - 1;
            if top.round {
                r.cost += 2;
            }
            if top.line != t.line && self.layout {
                r.cost += match t.first {
                    true if t.indent != top.indent => LAYOUT,
                    true => 0,
                    false => 2,
                };
            }
            out.push(r);
        }
    }

    /// A declaration that still waits for its brace gets it, or goes without.
    fn opened(&self, mut r: Reading, closing: bool) -> Vec<Reading> {
        let t = self.t;
        let Some(p) = r.pending else { return vec![r] };
        let mut out = Vec::new();
        let fits = match t.kind {
            Kind::Head(Some(b)) => inside(p.block, b),
            Kind::Head(None) | Kind::End => false,
            Kind::Begin(i) => allowed(i, p.block),
            Kind::Key => keyed(p.block),
            _ => closing,
        };
        let is_decl = !matches!(
            p.block,
            Block::Rows | Block::Attrs | Block::Review | Block::Pass
        );
        if fits {
            let mut with = r.clone();
            let at = self.brace_place(&p);
            let line = Token { line: p.line, ..*t };
            with.push(p.block, None, false, &line);
            with.fix(
                Fix::Open {
                    at,
                    head: (p.head.0, p.head.1.min(at).max(p.head.0)),
                },
                EDIT,
            );
            out.push(with);
        }
        if p.needed && is_decl {
            let mut both = r.clone();
            both.pending = None;
            both.fix(
                Fix::Both {
                    at: p.head.1,
                    head: p.head,
                },
                EDIT + 6,
            );
            out.push(both);
        } else {
            r.pending = None;
            out.push(r);
        }
        out
    }

    fn brace_place(&self, p: &Pending) -> usize {
        let t = self.t;
        if p.needed || p.glued && p.line == t.line {
            p.head.1
        } else {
            let here = if p.line == t.line { t.before } else { t.above };
            here.max(p.head.1)
        }
    }

    /// A declaration, a statement, a key or the end.
    fn begins(&self, r: Reading, out: &mut Vec<Reading>) {
        for mut r in self.opened(r, false) {
            let block = r.block();
            self.too_far_left(&mut r);
            match self.t.kind {
                Kind::End if block != Block::File => continue,
                Kind::Head(b) => self.head(&mut r, b),
                Kind::Begin(i) => {
                    r.cost += match block {
                        Block::File => AT_FILE,
                        b if allowed(i, b) => 0,
                        Block::Unknown => 2,
                        _ => ODD_STATEMENT,
                    };
                    let opens = words().begins.get(usize::from(i)).and_then(|b| b.opens);
                    r.pending = None;
                    if let Some(block) = opens {
                        self.wait(&mut r, block, false);
                    }
                }
                Kind::Key => {
                    r.cost += match block {
                        Block::File => AT_FILE,
                        b if keyed(b) => 0,
                        Block::Unknown => 2,
                        _ => ODD_STATEMENT,
                    };
                }
                _ => {}
            }
            out.push(r);
        }
    }

    fn head(&self, r: &mut Reading, b: Option<Block>) {
        let block = r.block();
        let nested = matches!(b, Some(Block::Category | Block::Item));
        r.cost += match block {
            Block::File if self.layout && self.t.first && self.t.indent > 0 => LAYOUT,
            Block::File => 0,
            Block::Category if nested => 0,
            // Where lines are indented, what stands at the margin is in no block.
            _ if self.layout
                && self.t.first
                && r.top.as_ref().is_some_and(|o| self.t.indent <= o.indent) =>
            {
                2 * EDIT
            }
            _ => ODD_DECLARATION,
        };
        r.pending = b.map(|block| Pending {
            block,
            head: (self.t.start, self.t.end),
            line: self.t.line,
            needed: matches!(
                block,
                Block::Policy | Block::Roster | Block::Category | Block::Item | Block::Test
            ),
            glued: true,
        });
    }

    fn left_paren(&self, mut r: Reading, out: &mut Vec<Reading>) {
        let t = self.t;
        // 参数 值班分 = 10分 × 上月(参与率), 等级 级 按 累计(积分): a value after the head, and no block.
        let called = |p: &Pending| {
            t.kind == Kind::Call
                && matches!(p.block, Block::Param | Block::Unknown)
                && t.before > p.head.1
        };
        let block = |p: &Pending| (p.needed || p.block != Block::Rows) && !called(p);
        if let Some(p) = r.pending.filter(block) {
            let mut round = r.clone();
            round.fix(
                Fix::Instead {
                    at: t.start,
                    len: t.end - t.start,
                    open: true,
                    said: false,
                },
                EDIT - 2,
            );
            round.push(p.block, Some((t.start, t.end)), true, t);
            out.push(round);
            // Nothing in round brackets follows the head of a declaration.
            if !matches!(
                p.block,
                Block::Rows | Block::Attrs | Block::Review | Block::Pass
            ) {
                r.cost += EDIT - 2;
            }
        }
        r.parens = (r.parens + 1).min(9);
        r.paren = t.start;
        r.paren_line = t.line;
        out.push(r);
    }

    fn right_paren(&self, mut r: Reading, out: &mut Vec<Reading>) {
        let t = self.t;
        if r.parens > 0 {
            r.parens -= 1;
            out.push(r);
            return;
        }
        if let Some(top) = r.top.clone() {
            let mut brace = r.clone();
            brace.pop();
            let price = if top.round { 0 } else { EDIT - 2 };
            brace.fix(
                Fix::Instead {
                    at: t.start,
                    len: t.end - t.start,
                    open: false,
                    said: top.round,
                },
                price,
            );
            out.push(brace);
        }
        r.fix(
            Fix::Surplus {
                at: t.start,
                len: t.end - t.start,
                open: false,
            },
            6,
        );
        out.push(r);
    }
}

fn allowed(begin: u16, block: Block) -> bool {
    words()
        .begins
        .get(usize::from(begin))
        .is_some_and(|b| b.blocks.contains(&block))
}

/// Blocks whose lines have the form `名: 值`.
fn keyed(block: Block) -> bool {
    matches!(
        block,
        Block::Roster | Block::Record | Block::Rows | Block::Attrs | Block::Param
    )
}

fn inside(outer: Block, inner: Block) -> bool {
    outer == Block::Category && matches!(inner, Block::Category | Block::Item)
}
