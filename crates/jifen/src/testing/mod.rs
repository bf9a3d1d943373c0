//! Tests written in a policy file: their lines become rosters and facts, the engine runs, the expectations are compared.
//!
//! A test knows nothing but what it states: people are on the roster for all time, facts are entered on their own day, and
//! the as-of date is the last day it mentions unless it says 截至.

mod expect;
mod given;

use crate::{Compiled, EngineError};
use jifen_calendar::Day;
use jifen_compiler::TestCase;
use jifen_data::{Evaluation, FactLog, Openings, RosterData};
use jifen_diag::{Diagnostic, Span, codes, text};

/// What came of one test.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub span: Span,
    /// How many expectations it states.
    pub expectations: usize,
    /// What went wrong; empty: passed.
    pub problems: Vec<Diagnostic>,
}

impl TestResult {
    /// True when every expectation was met.
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Runs all tests of all files, in written order.
pub fn run_tests(compiled: &Compiled) -> Vec<TestResult> {
    let one = |test| run_one(compiled, test);
    compiled.tests.iter().map(one).collect()
}

/// The inputs that a test states: rosters, facts, openings and the as-of day; for a second engine.
pub fn test_inputs(compiled: &Compiled, test: &TestCase) -> (RosterData, FactLog, Openings, Day) {
    let case = given::case(&compiled.plan, test);
    (case.rosters, case.facts, case.openings, case.as_of)
}

fn run_one(compiled: &Compiled, test: &TestCase) -> TestResult {
    let mut problems = Vec::new();
    let expectations = test.expects.len() + test.errors.len();
    let mut case = given::case(&compiled.plan, test);
    problems.append(&mut case.problems);
    expect::compare(compiled, &case, test, &mut problems);
    if expectations == 0 {
        let message = text!(
            zh = "这个测试没有写预期",
            en = "this test states no expectation"
        );
        problems.push(
            Diagnostic::new(codes::TEST_LINE, test.span, message).help(text!(
                zh = "写一行“应得 …”或“余额 …”",
                en = "write a line beginning with expect or balance"
            )),
        );
    }
    TestResult {
        title: test.title.clone(),
        span: test.span,
        expectations,
        problems,
    }
}

/// The inputs that a test states.
struct Case {
    rosters: RosterData,
    facts: FactLog,
    openings: Openings,
    as_of: Day,
    /// What could not be taken over.
    problems: Vec<Diagnostic>,
}

impl Case {
    fn evaluate(&self, compiled: &Compiled, as_of: Day) -> Result<Evaluation, EngineError> {
        let options = jifen_engine::Options::default();
        let (facts, rosters) = (&self.facts, &self.rosters);
        jifen_engine::evaluate(
            &compiled.plan,
            facts,
            rosters,
            &self.openings,
            as_of,
            &options,
        )
    }
}

#[cfg(test)]
mod tests;
