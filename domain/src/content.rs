//! Checking what people write and send before others read it: whose words are looked at by whom, and where a
//! piece stands.
//!
//! The rule is [`examiner`], one table. Whatever is not found good waits for a person: nothing that failed
//! counts as passed, and no case is dropped for its words.

use crate::case::EventKind;
use crate::role::Party;
use crate::vocabulary::{UploadCheck, vocabulary};

vocabulary! {
    /// Where the check of one text or one picture stands.
    ContentState {
        /// WeChat has not said yet.
        Pending = "pending" "审核中",
        /// WeChat finds it good.
        Passed = "passed" "已通过",
        /// A person has to look: staff only until then.
        Held = "held" "待人工审核",
        /// A person found it good.
        Allowed = "allowed" "人工通过",
        /// A person found that it must not be shown: staff only.
        Refused = "refused" "人工不通过",
    }
}

vocabulary! {
    /// Why a person has to look.
    Finding {
        /// WeChat is not sure.
        Review = "review" "微信提示疑似违规",
        /// WeChat thinks that it breaks a rule.
        Risky = "risky" "微信提示存在风险",
        /// WeChat checks only what comes from somebody who opened the mini-program in the last two hours.
        NotSeen = "not_seen" "提交人近两小时未打开小程序，微信未予审核",
        /// The day's calls are used up.
        Quota = "quota" "当日审核次数已用完",
        /// WeChat did not answer, or not in a way that can be understood.
        Unavailable = "unavailable" "微信审核暂时不可用",
        /// WeChat did not take the question.
        NotTaken = "not_taken" "微信未受理审核",
        /// WeChat could not fetch the picture.
        NotFetched = "not_fetched" "微信未能下载图片",
        /// No result came in time.
        Late = "late" "微信未按时返回审核结果",
        /// Who sent it is nobody whom WeChat knows.
        NotByWechat = "not_by_wechat" "提交人未通过微信小程序提交",
    }
}

impl ContentState {
    /// Whether only staff read it.
    #[must_use]
    pub const fn is_withheld(self) -> bool {
        matches!(self, Self::Held | Self::Refused)
    }

    /// The same in the three words that a picture has outside.
    #[must_use]
    pub const fn check(self) -> UploadCheck {
        match self {
            Self::Pending => UploadCheck::Pending,
            Self::Passed | Self::Allowed => UploadCheck::Passed,
            Self::Held | Self::Refused => UploadCheck::Held,
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// The words of an event; those of the intake are the case's.
    Text,
    /// A picture that came with it.
    Picture,
}

/// Who looks at a piece before others than staff may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Examiner {
    /// WeChat; where it can't say, a person.
    Wechat,
    /// A person.
    Person,
    /// Nobody: it may be shown as it is.
    Nobody,
}

/// Who looks at a piece that came with an event: the one table of the content check.
///
/// `by_wechat` says whether whoever did it is known to WeChat, which checks for nobody else.
///
/// - A resident's report and what he adds are checked by WeChat.
/// - A resident without an account holds a ticket. His words are read by staff, who answer for what they pass
///   on, and by himself: nobody checks them. His pictures are looked at by a person, as the contract of
///   uploads wants.
/// - The rest of a resident's words (ratings, reasons, comments) answers a question of the service, and is
///   read by staff and by himself.
/// - Staff answer for their words with their name, many from a desk where WeChat does not see them; where a
///   station wants a second pair of eyes, there is signing off.
#[must_use]
pub const fn examiner(kind: EventKind, party: Party, by_wechat: bool, medium: Medium) -> Examiner {
    match (party, medium) {
        (Party::Resident, Medium::Text) => match kind {
            EventKind::Created | EventKind::Supplement if by_wechat => Examiner::Wechat,
            _ => Examiner::Nobody,
        },
        (Party::Resident, Medium::Picture) => {
            if by_wechat {
                Examiner::Wechat
            } else {
                Examiner::Person
            }
        }
        (Party::System | Party::ItsMember | Party::Manager | Party::Officer, _) => Examiner::Nobody,
    }
}

/// The most characters that WeChat checks at once.
pub const MOST_CHARACTERS: usize = 2_500;

/// A text in pieces that WeChat takes, in order; the worst verdict of them counts for all.
#[must_use]
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(MOST_CHARACTERS) {
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_resident_reports_or_adds_is_checked_and_what_staff_write_is_theirs_to_answer_for() {
        use EventKind::{Confirm, Created, Respond, Supplement};
        use Party::{ItsMember, Manager, Officer, Resident};
        for (kind, party, by_wechat, text, picture) in [
            (Created, Resident, true, Examiner::Wechat, Examiner::Wechat),
            (Supplement, Resident, true, Examiner::Wechat, Examiner::Wechat),
            (Created, Resident, false, Examiner::Nobody, Examiner::Person),
            (Supplement, Resident, false, Examiner::Nobody, Examiner::Person),
            (Confirm, Resident, true, Examiner::Nobody, Examiner::Wechat),
            (Created, Manager, true, Examiner::Nobody, Examiner::Nobody),
            (Respond, ItsMember, true, Examiner::Nobody, Examiner::Nobody),
            (EventKind::Reply, Officer, false, Examiner::Nobody, Examiner::Nobody),
        ] {
            assert_eq!(examiner(kind, party, by_wechat, Medium::Text), text, "{kind} {party}");
            assert_eq!(examiner(kind, party, by_wechat, Medium::Picture), picture, "{kind} {party}");
        }
    }

    #[test]
    fn no_resident_s_picture_is_shown_unseen() {
        for kind in EventKind::ALL {
            for by_wechat in [true, false] {
                let examiner = examiner(*kind, Party::Resident, by_wechat, Medium::Picture);
                assert_ne!(examiner, Examiner::Nobody, "{kind}");
            }
        }
    }

    #[test]
    fn only_what_somebody_found_good_counts_as_passed() {
        for state in ContentState::ALL {
            let good = matches!(state, ContentState::Passed | ContentState::Allowed);
            assert_eq!(state.check() == UploadCheck::Passed, good, "{state}");
            assert_eq!(state.check() == UploadCheck::Held, state.is_withheld(), "{state}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let long = "灯".repeat(MOST_CHARACTERS + 1);
        assert_eq!(pieces(&long).iter().map(|it| it.chars().count()).collect::<Vec<_>>(), [2_500, 1]);
        assert_eq!(pieces("路灯不亮"), ["路灯不亮"]);
        assert!(pieces("").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_left_out(text in "\\PC{0,20}", times in 0_usize..600) {
            let text = text.repeat(times);
            let pieces = pieces(&text);
            prop_assert_eq!(&pieces.concat(), &text);
            prop_assert!(pieces.iter().all(|piece| piece.chars().count() <= MOST_CHARACTERS));
        }
    }
}
