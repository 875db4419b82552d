//! Stories about the member who gets a case, all at the east station.

use super::super::*;
use super::district::*;

const SCANNED: &str = "扫描的是“东街工作站”的二维码。";

#[test]
fn the_code_of_a_member_means_that_member() {
    let mut d = District::new();
    d.scans_member(YI);
    d.chosen_member = Some(JIA);
    d.category = Some(HOUSING);
    d.is_on_duty(JIA);
    d.has_open(YI, 500);
    d.goes_to(YI, &["乙二方委员在“东街工作站”履职。", "扫描的是乙二方委员的二维码。"]);
}

#[test]
fn the_member_whom_the_resident_chose_is_next() {
    let mut d = District::new();
    d.chosen_member = Some(YI);
    d.category = Some(HOUSING);
    d.goes_to(YI, &[SCANNED, "群众选择了乙二方委员。"]);
}

#[test]
fn the_case_of_an_absent_member_goes_to_the_chosen_one_else_to_a_colleague() {
    let mut d = District::new();
    d.scans_member(YI);
    d.chosen_member = Some(BING);
    d.is_away(YI);
    d.goes_to(
        BING,
        &["丙三元委员在“东街工作站”履职。", "未派给乙二方委员：目前请假。", "群众选择了丙三元委员。"],
    );

    d.chosen_member = None;
    d.is_on_duty(JIA);
    d.goes_to(
        JIA,
        &[
            "乙二方委员在“东街工作站”履职。",
            "未派给乙二方委员：目前请假。",
            "当前轮值：甲一明委员正在本站轮值。",
        ],
    );
}

#[test]
fn an_absence_counts_from_its_first_moment_until_the_return() {
    let (long_ago, long_hence) = (now() - chrono::TimeDelta::days(9), now() + chrono::TimeDelta::days(9));
    for (from, until, is_away) in
        [(long_ago, now(), false), (now(), long_hence, true), (long_ago, long_hence, true)]
    {
        let mut d = District::new();
        d.scans_member(YI);
        d.member(YI).absences.push(Absence { from, until });
        assert_eq!(d.route().assignment != Assignment::Assigned(member_id(YI)), is_away, "{from} {until}");
    }
}

#[test]
fn a_wish_is_refused_with_its_cause() {
    type Change = fn(&mut District);
    let stories: [(Change, &str); 4] = [
        (|d| d.member(YI).left = true, "未派给乙二方委员：已不再担任委员。"),
        (|d| d.member(YI).may_receive = false, "未派给乙二方委员：目前不接件。"),
        (|d| d.excluded.push(member_id(YI)), "未派给乙二方委员：此前已退回本件。"),
        (|d| d.text = "我要反映乙二方。".to_owned(), "文中提到乙二方，按回避要求不予派件。"),
    ];
    for (change, why) in stories {
        let mut d = District::new();
        d.chosen_member = Some(YI);
        d.is_on_duty(BING);
        change(&mut d);
        d.goes_to(BING, &[SCANNED, why, "当前轮值：丙三元委员正在本站轮值。"]);
    }
}

#[test]
fn a_wish_made_twice_is_refused_once() {
    let mut d = District::new();
    d.code = Some(CodeTarget::Member(member_id(YI), Some(station_id(WEST))));
    d.chosen_member = Some(YI);
    d.chosen_station = Some(WEST);
    d.station(WEST).open = false;
    d.is_away(YI);
    d.is_on_duty(JIA);
    d.goes_to(
        JIA,
        &[
            "“西街工作站”目前不受理。",
            "乙二方委员在“东街工作站”履职。",
            "未派给乙二方委员：目前请假。",
            "当前轮值：甲一明委员正在本站轮值。",
        ],
    );
}

#[test]
fn a_member_unknown_here_is_explained_without_a_name() {
    let mut d = District::new();
    d.chosen_member = Some(99);
    d.is_on_duty(JIA);
    d.goes_to(JIA, &[SCANNED, "未派给所选委员：已不再担任委员。", "当前轮值：甲一明委员正在本站轮值。"]);
}

#[test]
fn a_member_of_another_station_may_be_named_if_the_rules_allow_it() {
    let mut d = District::new();
    d.chosen_member = Some(DING);
    d.goes_to(DING, &[SCANNED, "群众选择了丁四海委员。"]);

    d.rules.named_member_crosses_stations = false;
    d.is_on_duty(JIA);
    d.goes_to(JIA, &[SCANNED, "未派给丁四海委员：不在本站履职。", "当前轮值：甲一明委员正在本站轮值。"]);
}

#[test]
fn a_speciality_beats_duty_and_load() {
    let mut d = District::new();
    d.category = Some(HOUSING);
    d.has_open(BING, 9);
    d.is_on_duty(JIA);
    d.goes_to(BING, &[SCANNED, "专长对口：丙三元委员熟悉“物业管理”。"]);
}

#[test]
fn a_sector_beats_duty_but_not_a_speciality() {
    let mut d = District::new();
    d.category = Some(DOCTORS);
    d.is_on_duty(JIA);
    d.goes_to(YI, &[SCANNED, "界别对口：乙二方委员属医药卫生界，对应“看病就医”。"]);

    d.member(JIA).specialities.push(category_id(DOCTORS));
    d.goes_to(JIA, &[SCANNED, "专长对口：甲一明委员熟悉“看病就医”。", "当前轮值：甲一明委员正在本站轮值。"]);
}

#[test]
fn when_nobody_knows_the_category_duty_decides() {
    let mut d = District::new();
    d.category = Some(HOUSING);
    d.is_away(BING);
    d.is_on_duty(YI);
    d.goes_to(YI, &[SCANNED, "可派的委员中没有与“物业管理”对口的。", "当前轮值：乙二方委员正在本站轮值。"]);
}

#[test]
fn only_a_shift_that_runs_here_and_now_counts() {
    let mut d = District::new();
    let running = shift(EAST, BING);
    d.directory.roster = vec![
        shift(WEST, JIA),
        Shift { starts_at: now() + chrono::TimeDelta::seconds(1), ..shift(EAST, JIA) },
        Shift { ends_at: now(), ..shift(EAST, YI) },
        Shift { starts_at: now(), ..running },
    ];
    d.goes_to(BING, &[SCANNED, "当前轮值：丙三元委员正在本站轮值。"]);
}

#[test]
fn open_cases_count_in_proportion_to_capacity() {
    let mut d = District::new();
    d.member(BING).capacity = 3.try_into().unwrap();
    d.has_open(JIA, 4);
    d.has_open(YI, 4);
    d.has_open(BING, 1);
    d.goes_to(BING, &[SCANNED, "在办件相对最少：丙三元委员在办1件，可承办3件。"]);
}

#[test]
fn among_equals_the_member_entered_first_gets_it() {
    let mut d = District::new();
    d.member(BING).capacity = 5.try_into().unwrap();
    d.has_open(JIA, 3);
    d.has_open(YI, 2);
    d.has_open(BING, 1);
    d.goes_to(YI, &[SCANNED, "几位委员条件相同，按登记先后派给乙二方委员（在办2件，可承办10件）。"]);
}

#[test]
fn the_only_one_left_gets_it() {
    let mut d = District::new();
    d.is_away(JIA);
    d.is_away(YI);
    d.has_open(BING, 9);
    d.goes_to(BING, &[SCANNED, "目前可派的只有丙三元委员。"]);
}

#[test]
fn a_word_in_the_text_hints_at_the_category() {
    let mut d = District::new();
    d.text = "小区的 电 梯又坏了，老人下不了楼。".to_owned();
    d.goes_to(BING, &[SCANNED, "文中提到“电梯”，归为“物业管理”。", "专长对口：丙三元委员熟悉“物业管理”。"]);
    assert_eq!(d.route().hinted_category_id, Some(category_id(HOUSING)));
}

#[test]
fn the_category_with_more_words_in_the_text_wins_then_the_longer_word() {
    for (text, category, word) in [
        ("物业说去医院看病", DOCTORS, "医院"),
        ("医院的楼顶漏水", HOUSING, "楼顶漏水"),
        ("在电梯里说挂不上号", DOCTORS, "挂不上号"),
        ("医院的电梯", HOUSING, "电梯"),
    ] {
        let mut d = District::new();
        d.text = text.to_owned();
        let routing = d.route();
        assert_eq!(routing.hinted_category_id, Some(category_id(category)), "{text}");
        let hint = routing.reasons.iter().find_map(|reason| match reason {
            Reason::CategoryHint { word, .. } => Some(word.as_str()),
            _ => None,
        });
        assert_eq!(hint, Some(word), "{text}");
    }
}

#[test]
fn the_text_does_not_overrule_a_category_that_was_given() {
    let mut d = District::new();
    d.category = Some(DOCTORS);
    d.text = "电梯".to_owned();
    assert_eq!(d.route().hinted_category_id, None);
    d.goes_to(YI, &[SCANNED, "界别对口：乙二方委员属医药卫生界，对应“看病就医”。"]);
}

#[test]
fn a_member_named_in_the_text_is_a_party() {
    let mut d = District::new();
    d.category = Some(HOUSING);
    d.text = "丙 三\u{3000}元和甲·一明占了楼道。".to_owned();
    d.goes_to(
        YI,
        &[
            SCANNED,
            "文中提到甲一明、丙三元，按回避要求不予派件。",
            "可派的委员中没有与“物业管理”对口的。",
            "目前可派的只有乙二方委员。",
        ],
    );
}

#[test]
fn a_name_of_one_character_is_a_word_like_any_other() {
    let mut d = District::new();
    d.member(JIA).name = "明".into();
    d.is_on_duty(JIA);
    d.text = "明天停水".to_owned();
    d.goes_to(JIA, &[SCANNED, "当前轮值：明委员正在本站轮值。"]);
}

#[test]
fn a_full_member_gets_no_more_unless_the_rules_are_wider() {
    let mut d = District::new();
    d.category = Some(HOUSING);
    d.has_open(BING, 10);
    d.has_open(YI, 1);
    d.goes_to(
        JIA,
        &[SCANNED, "可派的委员中没有与“物业管理”对口的。", "在办件相对最少：甲一明委员在办0件，可承办10件。"],
    );

    d.rules.full_at_percent = 101;
    d.goes_to(BING, &[SCANNED, "专长对口：丙三元委员熟悉“物业管理”。"]);
}

#[test]
fn nobody_suitable_means_the_manager_at_once() {
    type Change = fn(&mut District, u128);
    let stories: [(Change, QueueCause, &[&str]); 7] = [
        (
            |d, id| d.member(id).left = true,
            QueueCause::NoMembersAtStation,
            &[SCANNED, "请站长派件：本站没有可接件的委员。"],
        ),
        (
            |d, id| d.member(id).may_receive = false,
            QueueCause::NoMembersAtStation,
            &[SCANNED, "请站长派件：本站没有可接件的委员。"],
        ),
        (|d, id| d.is_away(id), QueueCause::AllAbsent, &[SCANNED, "请站长派件：本站委员都在请假。"]),
        (
            |d, _| d.text = "甲一明、乙二方和丙三元".to_owned(),
            QueueCause::AllNamed,
            &[
                SCANNED,
                "文中提到甲一明、乙二方、丙三元，按回避要求不予派件。",
                "请站长派件：文中提到了本站全部委员，都应当回避。",
            ],
        ),
        (
            |d, id| d.excluded.push(member_id(id)),
            QueueCause::AllReturned,
            &[SCANNED, "请站长派件：本站委员都已退回本件。"],
        ),
        (|d, id| d.has_open(id, 10), QueueCause::AllFull, &[SCANNED, "请站长派件：本站委员的在办件都已满。"]),
        (
            |d, _| d.rules.assign_off_duty = false,
            QueueCause::AllOffDuty,
            &[SCANNED, "请站长派件：目前没有委员轮值。"],
        ),
    ];
    for (change, cause, why) in stories {
        let mut d = District::new();
        for id in [JIA, YI, BING] {
            change(&mut d, id);
        }
        d.waits(cause, why);
    }
}

#[test]
fn several_causes_together_are_called_so() {
    let mut d = District::new();
    d.is_away(JIA);
    d.has_open(YI, 10);
    d.member(BING).left = true;
    assert_eq!(d.route().assignment, Assignment::Queue(QueueCause::NobodySuitable));
}

#[test]
fn where_only_duty_counts_the_one_on_duty_gets_it() {
    let mut d = District::new();
    d.rules.assign_off_duty = false;
    d.category = Some(HOUSING);
    d.is_on_duty(YI);
    d.goes_to(
        YI,
        &[
            SCANNED,
            "可派的委员中没有与“物业管理”对口的。",
            "当前轮值：乙二方委员正在本站轮值。",
            "目前可派的只有乙二方委员。",
        ],
    );
}

#[test]
fn a_station_without_members_has_its_manager() {
    let mut d = District::new();
    d.code = Some(CodeTarget::Station(station_id(SOUTH)));
    d.waits(
        QueueCause::NoMembersAtStation,
        &["扫描的是“南街工作站”的二维码。", "请站长派件：本站没有可接件的委员。"],
    );
}

#[test]
fn after_the_second_return_only_the_manager_decides() {
    let mut d = District::new();
    d.scans_member(JIA);
    d.excluded = vec![member_id(YI)];
    d.returns = 1;
    d.goes_to(JIA, &["甲一明委员在“东街工作站”履职。", "扫描的是甲一明委员的二维码。"]);
    d.returns = 2;
    d.waits(QueueCause::ReturnedTwice, &["甲一明委员在“东街工作站”履职。", "请站长派件：本件已两次退回。"]);
}
