//! The stored form of the reasons, which must be readable for as long as cases are kept.

use super::super::*;

fn reason(json: &str) -> Reason {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn every_kind_of_reason_keeps_its_stored_form() {
    let stored = [
        r#"{"kind":"station_scanned","station":"东站"}"#,
        r#"{"kind":"station_chosen","station":"东站"}"#,
        r#"{"kind":"station_unavailable","station":"东站"}"#,
        r#"{"kind":"station_unavailable","station":null}"#,
        r#"{"kind":"station_of_member","member":"甲一明","station":"东站"}"#,
        r#"{"kind":"area_contains","station":"东站"}"#,
        r#"{"kind":"nearest","station":"东站","distance_m":999,"to":"place"}"#,
        r#"{"kind":"nearest","station":"东站","distance_m":1960,"to":"closed_station"}"#,
        r#"{"kind":"default_station","station":"东站","because":"no_place"}"#,
        r#"{"kind":"default_station","station":"东站","because":"no_station_on_map"}"#,
        r#"{"kind":"category_hint","category":"物业","word":"电梯"}"#,
        r#"{"kind":"member_scanned","member":"甲一明"}"#,
        r#"{"kind":"member_chosen","member":"甲一明"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"left"}"#,
        r#"{"kind":"member_passed_over","member":null,"because":"not_receiving"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"named"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"returned"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"absent"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"full"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"off_duty"}"#,
        r#"{"kind":"member_passed_over","member":"甲一明","because":"other_station"}"#,
        r#"{"kind":"named_in_case","members":["甲一明","乙二方"]}"#,
        r#"{"kind":"speciality","member":"甲一明","category":"物业"}"#,
        r#"{"kind":"sector_match","member":"甲一明","sector":"教育","category":"上学"}"#,
        r#"{"kind":"nobody_fits","category":"物业"}"#,
        r#"{"kind":"on_duty","member":"甲一明"}"#,
        r#"{"kind":"only_member","member":"甲一明"}"#,
        r#"{"kind":"lightest_load","member":"甲一明","open_cases":1,"capacity":10}"#,
        r#"{"kind":"equal_load","member":"甲一明","open_cases":1,"capacity":10}"#,
        r#"{"kind":"queued","cause":"no_members_at_station"}"#,
        r#"{"kind":"queued","cause":"all_absent"}"#,
        r#"{"kind":"queued","cause":"all_named"}"#,
        r#"{"kind":"queued","cause":"all_returned"}"#,
        r#"{"kind":"queued","cause":"all_full"}"#,
        r#"{"kind":"queued","cause":"all_off_duty"}"#,
        r#"{"kind":"queued","cause":"nobody_suitable"}"#,
        r#"{"kind":"queued","cause":"returned_twice"}"#,
    ];
    for json in stored {
        let read = reason(json);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        let sentence = read.sentence();
        assert!(sentence.ends_with('。') && !sentence.contains("。。"), "{sentence}");
        assert!(!sentence.chars().any(|c| c.is_ascii_alphabetic()), "{sentence}");
    }
}

#[test]
fn distances_are_read_as_people_say_them() {
    for (metres, said) in
        [(0, "约0米"), (999, "约999米"), (1000, "约1.0公里"), (1960, "约2.0公里"), (12_345, "约12.3公里")]
    {
        let (station, to) = ("东站".to_owned(), Landmark::Place);
        let sentence = Reason::Nearest { station, distance_m: metres, to }.sentence();
        assert_eq!(sentence, format!("离所填地点最近的是“东站”，{said}。"));
    }
}

#[test]
fn rules_left_out_of_the_configuration_have_their_defaults() {
    let rules: Rules = serde_json::from_str(r#"{"full_at_percent":150}"#).unwrap();
    assert_eq!(rules, Rules { full_at_percent: 150, ..Rules::default() });
    assert!(serde_json::from_str::<Rules>(r#"{"full":150}"#).is_err());
}
