//! Where a broken part stands: what could have been written there. Nothing is judged here.

use crate::grammar::Rule;
use jifen_diag::{Code, codes};

/// Where a broken part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Header,
    Item,
    Spend,
    Transfer,
    Allot,
    Category,
    Campaign,
    Points,
    Review,
    Pass,
    Param,
    Roster,
    Record,
    Attr,
    Row,
    First,
    Test,
    Top,
}

impl Context {
    /// An item, a spend or a transfer.
    pub(crate) fn is_clause(self) -> bool {
        matches!(self, Context::Item | Context::Spend | Context::Transfer)
    }

    pub(crate) fn strict(self) -> (Rule, Option<Rule>) {
        match self {
            Context::Header => (Rule::strict_header, Some(Rule::prefix_header)),
            Context::Item
            | Context::Spend
            | Context::Transfer
            | Context::Category
            | Context::Campaign
            | Context::Pass => (Rule::strict_stmt, Some(Rule::prefix_stmt)),
            Context::Allot => (Rule::strict_allot, Some(Rule::prefix_allot)),
            Context::Points => (Rule::strict_points, Some(Rule::prefix_points)),
            Context::Review => (Rule::strict_review, Some(Rule::prefix_review)),
            Context::Param => (Rule::strict_param, Some(Rule::prefix_param)),
            Context::Roster | Context::Record => (Rule::strict_field, Some(Rule::prefix_field)),
            Context::Attr => (Rule::strict_attr, Some(Rule::prefix_attr)),
            Context::Row => (Rule::strict_row, Some(Rule::prefix_row)),
            Context::First => (Rule::strict_first, Some(Rule::prefix_first)),
            Context::Test => (Rule::strict_test, Some(Rule::prefix_test)),
            Context::Top => (Rule::strict_decl, None),
        }
    }

    /// The words that may begin a part here.
    pub(crate) fn starters(self) -> &'static [Rule] {
        use Rule::*;
        match self {
            Context::Header => &[
                kw_version,
                kw_effective,
                kw_expires,
                kw_zone,
                kw_pursuant,
                kw_workdays,
                kw_by_event,
                kw_by_entry,
                kw_by_confirmation,
                kw_cap,
                kw_credit,
                kw_multiply,
                kw_stacking,
            ],
            Context::Item => &[
                kw_on,
                kw_join,
                kw_every,
                kw_requires,
                kw_award,
                kw_add,
                kw_deduct,
                kw_multiply,
                kw_stacking,
                kw_exclusive,
                kw_keep_best,
                kw_cap,
                kw_review,
                kw_credit,
                kw_also,
                kw_pass_on,
                kw_precision,
            ],
            Context::Spend => &[
                kw_on,
                kw_requires,
                kw_ask,
                kw_spend_all,
                kw_spend_part,
                kw_spend_done,
                kw_cap,
                kw_worth,
            ],
            Context::Transfer => &[
                kw_on,
                kw_requires,
                kw_ask,
                kw_goes_to,
                kw_spend_all,
                kw_spend_part,
                kw_cap,
                kw_dates_kept,
                kw_dates_renewed,
                kw_received_earns,
                kw_received_not,
                kw_is_use,
                kw_not_use,
            ],
            Context::Allot => &[
                kw_al_total,
                kw_al_among,
                kw_requires,
                kw_by,
                kw_al_equally,
                kw_al_step,
                kw_al_remainder,
                kw_credit,
            ],
            Context::Category => &[
                kw_exclusive,
                kw_keep_best,
                kw_cap,
                kw_credit,
                kw_multiply,
                kw_stacking,
                kw_precision,
                kw_d_item,
                kw_d_category,
            ],
            Context::Points => &[
                kw_precision,
                kw_floor,
                kw_may_be_negative,
                kw_owed,
                kw_expiry,
                kw_decay,
                kw_use_soonest,
                kw_use_oldest,
                kw_use_newest,
            ],
            Context::Campaign => &[kw_runs, kw_multiply, kw_cap, kw_stacking],
            Context::Pass => &[kw_cap],
            Context::Review => &[kw_confirm, kw_publish, kw_lapses, kw_holds_room],
            Context::Param => &[kw_since, kw_adjustable, kw_decided_by],
            Context::Record => &[kw_overlap, kw_at],
            Context::First => &[kw_when, kw_rest],
            Context::Row => &[kw_rest, kw_reaches, kw_under, kw_gt, kw_le],
            Context::Test => &[
                kw_given,
                kw_expect,
                kw_x_refusal,
                kw_balance,
                kw_opening,
                kw_as_of,
                kw_expect_error,
            ],
            Context::Top => &[
                kw_d_policy,
                kw_d_roster,
                kw_d_points,
                kw_d_fact,
                kw_d_param,
                kw_d_clock,
                kw_d_category,
                kw_d_item,
                kw_d_spend,
                kw_d_reward,
                kw_d_transfer,
                kw_d_allot,
                kw_d_measure,
                kw_d_score,
                kw_d_rank,
                kw_d_grade,
                kw_d_flag,
                kw_d_notice,
                kw_d_right,
                kw_d_campaign,
                kw_d_test,
            ],
            Context::Roster | Context::Attr => &[],
        }
    }

    pub(crate) fn code(self) -> Code {
        if self == Context::Top {
            codes::UNKNOWN_DECLARATION
        } else {
            codes::UNKNOWN_STATEMENT
        }
    }
}
