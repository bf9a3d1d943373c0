//! The registry of message codes: one line per code, nothing else. Messages are written where they are raised.
//!
//! To add a code: put ONE line into the table, in number order, inside its range, and write `docs/errors/JFxxxx.md`
//! (format: `docs/errors/README.md`). Line form: `NUMBER NAME Severity "中文标题" "English title";`
//! The compiler refuses two rows with one number or name and rows out of order. Codes are never reused.
//! Use it as `Diagnostic::new(codes::UNKNOWN_NAME, span, text!(zh = "…", en = "…"))`.
//!
//! Ranges: 01xx syntax · 02xx names · 03xx types and units · 04xx selection and bands · 05xx items and multipliers ·
//! 06xx caps · 07xx time, versions, rosters, periods · 08xx points, review, tests · 09xx facts and data files
//! (reasons of rejects) · 10xx run time, from 1010 on points by item.
#![allow(
    clippy::zero_prefixed_literal,
    reason = "codes are written with four digits, as people see them"
)]

use crate::{Code, Row, Severity};

macro_rules! table {
    ($($number:literal $name:ident $severity:ident $zh:literal $en:literal;)+) => {
        $(#[doc = $en] pub const $name: Code = Code($number);)+
        /// All codes, in number order.
        pub const ALL: &[Row] = &[
            $(Row { code: $name, name: stringify!($name), severity: Severity::$severity, zh: $zh, en: $en },)+
        ];
    };
}

table! {
    // 01xx syntax
    0101 SYNTAX Error "这里的写法读不懂" "this cannot be read here";
    0102 MISSING_CLOSE_BRACE Error "缺少右花括号" "missing closing brace";
    0103 MISSING_CLOSE_QUOTE Error "缺少右引号" "missing closing quote";
    0104 BAD_NUMBER Error "数字写法不对" "not a number";
    0105 BAD_DATE Error "没有这一天" "no such date";
    0106 TOO_DEEP Error "嵌套过深" "nested too deeply";
    0107 TOO_LARGE Error "文件过大" "file too large";
    0108 MISSING_OPEN_BRACE Error "缺少左花括号" "missing opening brace";
    0109 EXTRA_CLOSE_BRACE Error "多余的右花括号" "closing brace too many";
    0110 UNKNOWN_STATEMENT Error "没有这个语句" "no such statement";
    0111 UNKNOWN_DECLARATION Error "没有这种条目" "no such declaration";
    0112 MISPLACED_STATEMENT Error "语句放错了地方" "statement in the wrong place";
    0113 MISPLACED_DECLARATION Error "条目放错了地方" "declaration in the wrong place";
    0114 NOT_YET_SUPPORTED Error "这个版本还不支持" "not yet supported in this version";
    0115 RANGE_HYPHEN Error "范围写成了短横" "a hyphen instead of a range";
    0116 MISSING_NAME Error "缺少名称" "a name is missing";
    0117 MISSING_BLANK Error "词与词之间缺空格" "a blank is missing";
    0118 REPEATED_PART Error "同一句里写了两次" "said twice in one statement";
    0119 INCOMPLETE Error "句子没有写完" "the statement is not finished";
    0120 UNEXPECTED Error "多出来的词" "a word too many";
    0121 BAD_TIME Error "钟点不对" "not a time of day";
    0122 CAP_WITHOUT_LIMIT Error "上限没有数量" "a cap without an amount";
    0123 UNKNOWN_WORD Error "没有这个用词" "no such word";
    0124 RESERVED_WORD Error "语句用词作了名称" "a word of the language used as a name";
    0125 EXTRA_OPEN_BRACE Error "多余的左花括号" "opening brace too many";
    0126 WRONG_BRACKET Error "括号用错了" "the wrong kind of bracket";
    0127 MISSING_PAREN Error "缺少右括号" "missing closing bracket";
    0128 EXTRA_PAREN Error "多余的右括号" "closing bracket too many";
    0130 TIME_WORD_UNSTATED Error "时段前面没有写明怎么算" "how a window of the day is looked at is not stated";
    // 02xx names
    0201 UNKNOWN_NAME Error "没有这个名称" "unknown name";
    0202 DUPLICATE_NAME Error "名称重复" "name used twice";
    0203 OPERATOR_IN_NAME Error "名称里含有“且”“或”这类词" "an operator word inside a name";
    0204 WRONG_SORT_OF_NAME Error "这里要的不是这一类名称" "a name of the wrong sort";
    0205 AMBIGUOUS_NAME Error "名称有两种所指" "the name could mean two things";
    0206 UNKNOWN_FIELD Error "没有这个字段" "unknown field";
    0207 UNKNOWN_OPTION Error "选项里没有这个词" "not one of the options";
    0208 UNKNOWN_FUNCTION Error "没有这个函数" "unknown function";
    0209 UNUSED_NAME Notice "写了却没有用到" "declared but never used";
    0210 SUBJECT_UNSTATED Error "没有写明对象" "the subject is not stated";
    // 03xx types and units
    0301 UNIT_MISMATCH Error "单位不符" "units do not fit";
    0302 TYPE_MISMATCH Error "类型不符" "types do not fit";
    0303 MISSING_FACTOR Error "缺一个换算因子" "a factor is missing";
    0304 UNIT_UNWRITTEN Error "数字没有写单位" "the number has no unit";
    0305 NOT_A_CONDITION Error "这不是条件" "this is not a condition";
    0306 NOT_CONSTANT Error "这里要写定数" "a fixed number is wanted here";
    0307 FIELD_UNIT Error "字段不能用这个单位" "a field cannot have this unit";
    0308 RANGE_REVERSED Error "范围首尾颠倒" "the range is the wrong way round";
    0309 WRONG_ARGUMENTS Error "函数的参数不对" "wrong arguments";
    0310 ZERO_DIVISOR Error "除数是零" "the divisor is zero";
    0311 BAD_DEFAULT Error "缺省值不合字段的类型或范围" "the default does not fit its field";
    0312 DAY_KIND_UNSTATED Error "没有写明是自然日还是工作日" "calendar days or working days is not stated";
    // 04xx selection and bands
    0401 BAND_GAP Error "分档有空缺" "bands leave a gap";
    0402 BAND_OVERLAP Error "分档有重叠" "bands overlap";
    0403 BAND_ORDER Error "分档的界限没有按大小排" "bounds are not in order";
    0404 BAND_MIXED Error "“满”与“超过”混用" "“reaches” and “above” are mixed";
    0405 OPTION_MISSING Error "有选项没有写到" "an option has no row";
    0406 OPTION_TWICE Error "同一选项写了两行" "an option has two rows";
    0407 FIRST_WITHOUT_REST Error "“取先”没有写“其余”" "“first” has no “rest”";
    0408 SLICE_NOT_RATE Error "累进的每行要写单价" "a slice needs a rate";
    0409 SELECT_KIND Error "“按”的写法与所按的内容不合" "this selection does not fit what it looks at";
    0410 ROW_TYPES_DIFFER Error "各行的单位不一致" "rows have different units";
    // 05xx items and multipliers
    0501 ITEM_WITHOUT_AWARD Error "项目没有得分" "the item awards nothing";
    0502 ITEM_WITHOUT_SOURCE Error "项目没有写凭什么计分" "the item does not say on what it awards";
    0503 STATEMENT_TWICE Error "同一语句写了两次" "a statement stands twice";
    0504 STACKING_UNSTATED Error "几个倍率同时符合时怎么算没有写明" "how multipliers combine is not stated";
    0505 STACKING_CONFLICT Error "“同时符合”前后不一" "the stacking words do not agree";
    0506 MULTIPLIER_PLACE Error "类别倍率乘在哪里没有写明" "where the outer multiplier joins is not stated";
    0507 LINE_BEFORE_AWARD Error "写在“得”之前，不起作用" "stands before the award and does nothing";
    0508 RUNNING_TOO_EARLY Error "“本次得分”此时还没有数" "“awarded” has no value yet";
    0509 SPLIT_UNSTATED Error "时段内的部分怎么算没有写明" "how the part inside counts is not stated";
    0510 TIME_WORD_NEEDS_SPAN Error "没有起止时间，不能按时段拆分" "there is no span to split";
    0511 NO_CLOCK_TIME Error "这类记录没有钟点" "this record has no time of day";
    0512 CLOCK_WINDOW Error "时段的止点早于起点" "the window ends before it begins";
    0513 STATEMENT_MISPLACED Error "这个语句不能写在这里" "this statement does not belong here";
    0514 CAP_ON_MIXED_ITEM Error "又得又扣的项目不能共用一条上限" "one cap for awards and deductions";
    0515 FACTOR_HAS_UNIT Error "倍率带了单位" "a multiplier with a unit";
    0516 NEGATIVE_AMOUNT Error "得分写成了负数" "a negative award";
    0517 AGGREGATE_WINDOW_UNSTATED Error "统计的时间没有写明" "the window of an aggregate is not stated";
    0518 THIS_FACT_UNSTATED Error "算不算本条没有写明" "whether this fact counts is not stated";
    0519 AGGREGATE_NOTHING_YET Error "统计的时间那时才开始" "the window only begins then";
    0520 AGGREGATE_SUBJECT Error "统计的是别的对象的记录" "the facts counted are another subject's";
    0521 MIXED_SETS Error "交、并、减混在一起" "set words are mixed";
    0522 POWER_DIGITS_UNSTATED Error "乘方保留几位没有写明" "the digits of a power are not stated";
    0523 EXPONENT_NOT_WHOLE Error "指数不是 −100 到 100 的整数" "the exponent is no whole number from −100 to 100";
    0524 BEST_MISPLACED Error "“最好”写错了地方" "best in the wrong place";
    0525 LIFE_WHEN Error "到期、衰减的条件只看余额" "expiry and decay look at the balance only";
    0530 JOIN_PAIRING_UNSTATED Error "怎样一一对上没有写明" "how facts are paired is not stated";
    0531 JOIN_KEY_MISSING Error "凭什么接上没有写明" "by what facts are joined is not stated";
    0532 JOIN_WINDOW_UNSTATED Error "多久以内没有写明" "within how long is not stated";
    0533 JOIN_FROM_UNSTATED Error "时间从哪条记录算起没有写明" "from which fact time is counted is not stated";
    0534 JOIN_PLACE Error "接写错了地方" "a join in the wrong place";
    0535 JOIN_RECORD Error "同一种记录接不了" "a record joined with itself";
    0536 JOIN_AGGREGATE Error "接和统计不能套在一起" "a join and an aggregate in one another";
    0537 JOIN_WINDOW Error "接的时限写得不对" "a wrong time limit of a join";
    0538 JOIN_DAYS_UNSTATED Error "只计哪些日子没有写明" "on which days hours count is not stated";
    0550 ALLOT_INCOMPLETE Error "分配没有写全" "an allotment leaves something open";
    0551 ALLOT_TOTAL Error "分配的总额不对" "the total of an allotment is wrong";
    0552 ALLOT_STEP Error "分配到的最小一份不对" "the step of an allotment is wrong";
    0553 ALLOT_REMAINDER Error "分不尽的怎么办没有写明" "what becomes of the remainder is not stated";
    0554 ALLOT_WEIGHT Error "按什么分写得不对" "the weight of an allotment is wrong";
    0555 ALLOT_CAPPED Error "分配外面有上限或倍率" "a cap or multiplier around an allotment";
    0556 ALLOT_CREDIT Error "分配的计入写得不对" "a wrong credit of an allotment";
    0557 ALLOT_AMONG Error "分配不能分给组" "an allotment among groups";
    0558 ALLOT_CONDITION Error "分配不能按日折算" "a prorated condition of an allotment";
    0559 ALLOT_FAILED Error "分配算不出来" "an allotment cannot be computed";
    0560 MOVE_UNSTATED Error "成员搬走时户里的分怎么办没有写明" "what happens to points when a member moves is not stated";
    0561 GROUP_SPLIT_UNSTATED Error "分户时户里的分怎么办没有写明" "what happens to points when members split off is not stated";
    0562 MOVE_PLACE Error "“变动”“分户”写的地方不对" "moving and splitting are said in the wrong place";
    0570 MEASURE_INCOMPLETE Error "指标没有写全" "a measure leaves something open";
    0571 MEASURE_DIVISOR Error "至少几件才算得数没有写明" "from how many on it is a value is not stated";
    0572 MEASURE_LEAST Error "“至少”数的是什么看不出来" "what at least counts is open";
    0573 MEASURE_PLACE Error "这里看不到这个指标" "a measure cannot be read here";
    0574 MEASURE_CIRCLE Error "指标绕成了一圈" "measures go round in a circle";
    0575 SCORE_WEIGHTS Error "权重合起来不是 100%" "weights do not come to 100 %";
    0576 SCORE_INCOMPLETE Error "考评没有写全" "a score leaves something open";
    0577 SCORE_MISSING_PART Error "缺一项怎么办没有写明" "what becomes of a score without one of its parts is not stated";
    0578 CLOSED_WORD Error "“上月”这样的词同指标的周期不合" "a word such as last month does not fit the measure";
    0579 CLOSED_DEFAULT_OPEN Error "“缺省”代替哪一段看不出来" "what default stands for is open";
    0580 CLOSED_START Error "指标看自己以前的值，从哪里起没有写明" "a measure that reads its own past does not say where it begins";
    0581 FOLLOW_READS Error "跟着指标走的参数看了别的" "a parameter that follows measures reads something else";
    0582 FOLLOW_CIRCLE Error "参数和指标绕成了一圈" "a parameter follows what is computed from it";
    0583 FOLLOW_DATED Error "跟着指标走的参数又写了日期" "a parameter that follows measures has dated values";
    0584 GROUP_SINGLE Error "一群人的指标里没有单个的人" "a measure of groups has no single member";
    0585 GROUP_WHICH Error "是哪一群人对不上" "which group is meant does not fit";
    0588 SCORE_VARIES Error "权重因对象而不同，归不归一没有写明" "weights vary, and whether they are scaled is not stated";
    0589 VETO_LEVEL Error "没有一票否决要给的等级" "no grade has the level of a veto";
    0590 STANDING_INCOMPLETE Error "排名、等级、标记、权益没有写全" "a ranking, grade, flag or right leaves something open";
    0591 STANDING_PLACE Error "这里看不到这个排名、等级、标记或权益" "a standing cannot be read here";
    0592 STANDING_CIRCLE Error "排名、等级和得分绕成了一圈" "standings and points go round in a circle";
    0593 GRADE_ROWS Error "等级的各级没有写对" "the levels of a grade do not fit together";
    0594 QUOTA Error "前几名、前百分之几没有写全" "the top so many leaves something open";
    0595 NOTICE_READ Error "提示不能看" "a notice is read";
    // 06xx caps
    0601 CAP_WINDOW_UNSTATED Error "上限没有写明周期" "the cap does not say its window";
    0602 CAP_LIMIT_UNIT Error "上限要写多少分或多少次" "a cap is so many points or times";
    0603 CHARGE_UNSTATED Error "上限计“过线”还是“实得”没有写明" "what the cap is charged is not stated";
    0604 EXEMPT_UNSTATED Error "除外的项目占不占额没有写明" "whether exempt items count is not stated";
    0605 DUPLICATE_CAP Error "同一条上限写了两次" "the same cap stands twice";
    0606 CAP_KEY Error "上限的“每……”不是字段也不是组" "the cap's “per” is neither a field nor a group";
    0607 EXEMPT_OUTSIDE Error "除外的项目不归这条上限管" "the exempt item is not under this cap";
    0608 CAP_COMBINATION Error "上限里的几个词互相矛盾" "words of the cap contradict each other";
    0609 CAP_LIMIT_VALUE Error "上限的数额不对" "the limit is not possible";
    0610 CHOICE_WORD_UNSTATED Error "取高还是取先没有写明" "best or first is not stated";
    0611 CHOICE_KEY_UNSTATED Error "在哪些得分里取没有写明" "among which awards is not stated";
    0612 CHOICE_PLACE Error "择一写的地方不对" "the choice stands in the wrong place";
    0613 CHOICE_DEDUCTS Error "扣分的项目不能择一" "a deducting item in a choice";
    0614 CHOICE_MEMBERS Error "一起择一的项目不一致" "items of one choice do not agree";
    0615 CHOICE_TWICE Error "一次得分归两个择一管" "one award stands for two choices";
    0616 CHOICE_SAME_FACT Error "一条记录的两项哪一项算先没有写明" "which award of one fact is first is not stated";
    0617 CHOICE_TIMES_CAP Error "补差算不算一次没有写明" "whether a difference is another time is not stated";
    0618 CHOICE_HOLDS_ROOM Error "待定的得分不能先占着择一的名额" "a pending award cannot hold a place in a choice";
    0619 CHOICE_PARTS Error "择一里有一个词不对" "a word of the choice is wrong";
    0620 FACTOR_ORDER Error "倍率看的是乘之前还是乘之后的本次得分没有写明" "which value a multiplier looks at is not stated";
    0621 SEVERAL_AWARDS Error "几条“得”可能同时符合，都给还是只给一条没有写明" "whether several awards add up is not stated";
    0622 YEAR_FROM Error "每年从哪天算起写得不对" "where the year begins is wrong";
    // 07xx time, versions, rosters, periods
    0701 VERSION_GAP Error "版本之间有空档" "versions leave a gap";
    0702 VERSION_OVERLAP Error "版本施行日期重叠" "versions overlap";
    0703 NO_POLICY_HEADER Error "没有政策头，或不止一个" "no policy header, or several";
    0704 NO_EFFECTIVE_DATE Error "没有写施行日期" "no effective date";
    0705 BAD_ZONE Error "时区不能用" "this time zone cannot be used";
    0706 VERSIONS_DISAGREE Error "各版本的同名声明不一致" "versions declare one name differently";
    0707 OVERLAP_UNSTATED Error "时间重叠时怎么算没有写明" "what overlapping times do is not stated";
    0708 EVENT_DATE Error "“时点”所指不是日期" "the event date is not a date";
    0709 HOLD_UNSTATED Error "任职期间怎么算没有写明" "how an office must be held is not stated";
    0710 HOLD_NOT_HERE Error "这里不能写任职词" "a holding word does not belong here";
    0711 PERIOD_MISMATCH Error "“周期”与记录不合" "the period does not fit the record";
    0712 WORKDAYS_UNSTATED Error "没有写用哪个工作日历" "no calendar of working days";
    0713 PARAM_BOUNDS Error "参数值超出可调范围" "the parameter is outside its bounds";
    0714 PARAM_STEPS Error "参数的日期没有按先后排" "the parameter's dates are not in order";
    0715 RECORD_SPANS Error "一种记录只能有一个时段" "a record has one span at most";
    0716 OVERLAP_NOT_HERE Error "没有时段，不能写“重叠”" "no span that could overlap";
    0717 CAMPAIGN_DAYS Error "活动期的日子写得不全或互相矛盾" "the days of the campaign do not hold together";
    0718 LUNAR_DAY Error "农历没有这一天，或不是每年都有" "no such lunar day, or not in every year";
    0719 LUNAR_YEARS Error "施行日期超出农历历表" "the version lies outside the lunar calendar";
    0720 CAMPAIGN_NEVER Warning "活动期的日子都不在这一版里" "no day of the campaign lies in this version";
    0721 CAMPAIGN_CAP_REACH Error "活动期的上限管哪些项目没有写明" "which items the campaign's cap limits is not stated";
    0722 CAMPAIGN_WINDOW Error "“每期”“活动期内”用得不对" "“each run” does not fit here";
    0723 HOLIDAY_UNSTATED Error "节假日算不算平常的周末没有写明" "whether holidays have ordinary weekends is not stated";
    // 08xx points, review, tests
    0801 TEST_FAILED Error "测试没有通过" "a test failed";
    0802 NO_CURRENCY Error "没有声明积分" "no points are declared";
    0803 CREDIT_UNSTATED Error "没有写明计入哪种积分" "which points it is credited to is not stated";
    0804 PRECISION_MODE Error "精度没有写明怎么取整" "the precision does not say how to round";
    0805 PRECISION_UNSTATED Error "几种积分精度不同，没有写明按哪个" "points of different precision";
    0806 FLOOR_UNSTATED Error "扣到不够扣时怎么办没有写明" "what a deduction does to an empty account is not stated";
    0807 PRECISION_STEP Error "精度的数额不对" "the precision is not possible";
    0808 REVIEW_AFTER_CAP Error "复核写在上限之后" "the review stands after a cap";
    0809 LAPSE_UNSTATED Error "一直没人确认怎么办没有写明" "what happens without confirmation is not stated";
    0810 PUBLISH_START_UNSTATED Error "公示从哪天算起没有写明" "from when publicity counts is not stated";
    0811 REVIEW_EMPTY Error "复核没有写确认也没有写公示" "a review without confirmation or publicity";
    0812 REVIEW_DAYS Error "复核的天数不对" "the days of the review are not possible";
    0813 TEST_LINE Error "测试里的这一行不成立" "this line of the test does not hold together";
    0814 TEST_FACT_DATE Error "测试里的记录缺日期或首尾颠倒" "a fact of the test lacks a date or ends before it begins";
    0815 LIFE_SCOPE Error "逐笔还是账户没有写明" "each lot or whole account is not stated";
    0816 LIFE_DUE Error "什么时候到期、衰减没有写明" "when points lapse is not stated";
    0817 LIFE_SHARE Error "衰减多少没有写明或不成立" "how much decays is not stated or not possible";
    0818 LIFE_REPEAT Error "衰减几次没有写明或不成立" "how often points decay is not stated or not possible";
    0819 LIFE_PRECISION Error "会衰减的积分没有写精度" "points that decay have no precision";
    0820 SPEND_STATEMENT Error "支用里不能写这一句" "a statement that does not belong to a spend";
    0821 SPEND_INCOMPLETE Error "支用没有写支用多少" "a spend does not say how much";
    0822 SPEND_MODE Error "不够支用时怎么办没有写明" "what happens to a spend that is not covered is not stated";
    0823 TRANSFER_RECEIVER Error "转给谁没有写明或不是名册里的人" "who receives is not stated or not a row of a roster";
    0824 TRANSFER_UNSTATED Error "转过去的积分怎么算没有写明" "how received points age and count is not stated";
    0830 PASS_TARGET Error "给别的账户的分，没有写对给谁" "whose account it goes to is not a reference";
    0831 PASS_NONE_UNSTATED Error "没有登记那个人时怎么办没有写明" "what happens where nobody is named is not stated";
    0832 PASS_AMOUNT Error "另计、转计多少写得不对" "how much is passed on is not possible";
    0833 PASS_OF_DEDUCTION Error "扣分不能另计、转计" "a deduction cannot be passed on";
    0834 PASS_PLACE Error "计入别的账户要写在项目里" "crediting another account belongs in an item";
    0835 PASS_POINTS Error "另计、转计的积分写得不对" "the points of what is passed on do not fit";
    0836 PASS_CAP Error "这条上限不能限别人收到的分" "this cap cannot limit what another receives";
    0837 SEVERAL_PLACE Error "这里不能有几个人" "several cannot stand here";
    0838 SEVERAL_SHARE Error "几个人怎么分没有写明" "how several share in it is not stated";
    0840 BALANCE_PLACE Error "这里不能看余额和累计" "a balance cannot be read here";
    0841 BALANCE_OF Error "是哪一种积分的余额没有写明" "of which points the balance is, is not stated";
    0842 CAP_OF_PLACE Error "这里不能按件数限" "a cap cannot count pieces here";
    0843 CAP_OF_WHAT Error "计后面不是可以数的一栏" "what a cap counts is no such field";
    0844 WORTH_VALUE Error "折合多少元写得不对" "what it is worth is not in yuan";
    0845 WORTH_BY Error "记在哪一家写得不对" "who bears it is not named by such a field";
    0846 CEILING Error "积分的上限写得不对" "a wrong cap of points";
    0847 REWARD_RECORD Error "哪种记录是来兑这一样的没有写明" "which fact asks for this reward is not stated";
    // 09xx facts and data files
    0901 MISSING_VALUE Error "必填栏为空" "a required value is missing";
    0902 DATE_MISSING Error "没有日期" "no date";
    0903 DAY_IMPOSSIBLE Error "日历上没有这一天" "the calendar has no such day";
    0904 DATE_ORDER_UNKNOWN Error "分不清是几月几日" "day or month first is not known";
    0905 DATE_UNREADABLE Error "日期看不懂" "not a date";
    0906 TIME_UNREADABLE Error "钟点不对或缺钟点" "the time of day is wrong or missing";
    0907 ENDS_BEFORE_START Error "结束早于开始" "it ends before it begins";
    0908 SUBJECT_MISSING Error "没有写是谁" "it does not say whose it is";
    0909 SUBJECT_NOT_ON_ROSTER Error "名册里没有这个人" "not on the roster";
    0910 ID_MISSING Error "没有记录编号" "no id";
    0911 ID_CONFLICT Error "同一编号内容不同" "one id with different contents";
    0912 RECORD_UNKNOWN Error "没有这种记录" "no such kind of record";
    0913 NUMBER_UNREADABLE Error "不是数字" "not a number in the data";
    0914 NUMBER_NEGATIVE Error "数量为负" "a negative amount in the data";
    0915 NUMBER_OUT_OF_RANGE Error "超出政策写的范围" "outside the range of the policy";
    0916 NUMBER_NOT_WHOLE Error "这一栏要整数" "a whole number is wanted";
    0917 PERCENT_SIGN_MISSING Error "百分数没有写百分号" "a percentage without its sign";
    0918 OPTION_UNKNOWN Error "不是政策写的选项" "not one of the policy's options";
    0919 YES_NO_UNKNOWN Error "看不出是还是否" "neither yes nor no";
    0920 ROW_SHAPE Error "这一行的格数或写法不对" "the row has the wrong shape";
    0921 TOTAL_ROW Error "这是合计行" "a row of totals";
    0922 PERIOD_TWICE Error "同一期有两行" "two rows for one period";
    0923 TARGET_UNKNOWN Error "更正、撤销或确认的对象不明" "it is not known what is corrected or confirmed";
    0924 COLUMN_MISSING Error "表里缺列" "a column is missing";
    0925 MAPPING Error "列的对应表写得不对" "the column mapping is wrong";
    0926 FILE_UNREADABLE Error "文件读不了" "the file cannot be read";
    0927 FILE_LIMIT Error "文件超过限额" "the file is over a limit";
    0928 ROSTER_FILE Error "名册文件不对" "the roster file does not fit";
    0929 OPENING_TWICE Error "同一笔期初写了两次" "one opening balance is given twice";
    0930 OPENING_STANDING Error "期初的等级、标记、权益接不上" "an opening grade, flag or right does not fit";
    // 10xx run time
    1001 DIVISION_BY_ZERO Error "除以零" "division by zero";
    1002 OVERFLOW Error "数字过大" "number too large";
    1003 BEYOND_CALENDAR Error "日期超出所查的日历" "a day beyond the calendar";
    // 101x points by item
    1010 SOURCE_SORT Error "来自后面不是给分的项目" "what points come from is no item that awards";
    1011 SOURCES_OF_WHAT Error "这里不能写来自哪些项目" "this cannot be told apart by items";
    1012 SOURCE_NEVER Warning "这些项目从不给这种积分" "these items never award such points";
}

// A row out of order or used twice stops the build here.
const _: () = {
    let mut i = 1;
    while i < ALL.len() {
        assert!(
            ALL[i - 1].code.0 < ALL[i].code.0,
            "codes.rs: rows must be in number order, each number once"
        );
        i += 1;
    }
};
