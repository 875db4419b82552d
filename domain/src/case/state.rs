//! The states of a case.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a case stands.
    State {
        /// Taken in, waiting for the station manager.
        Received = "received" "已登记",
        /// Given to a member who has not accepted yet.
        Assigned = "assigned" "已派件",
        /// The member works on it.
        InProgress = "in_progress" "办理中",
        /// The resident was asked something; the clock pauses.
        AwaitingResident = "awaiting_resident" "待补充",
        /// A department was asked for its part.
        Dispatched = "dispatched" "转办中",
        /// The member promised a date.
        Planned = "planned" "列入计划",
        /// Answered; the resident may confirm or contest.
        Responded = "responded" "已答复",
        /// The resident says that it is not solved.
        Contested = "contested" "群众异议",
        /// Ended with an outcome.
        Closed = "closed" "已办结",
        /// Not taken on; the reason is shown.
        Rejected = "rejected" "不予受理",
        /// Taken back by the resident.
        Withdrawn = "withdrawn" "已撤回",
        /// Follows a leading case.
        Merged = "merged" "并案",
    }
}

impl State {
    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Rejected | Self::Withdrawn | Self::Merged)
    }

    /// Open and not answered yet: the states a resident can withdraw from.
    #[must_use]
    pub const fn is_before_response(self) -> bool {
        self.is_open() && !matches!(self, Self::Responded | Self::Contested)
    }

    /// Whether the answer clock (`respond_by`) runs.
    #[must_use]
    pub const fn clock_runs(self) -> bool {
        matches!(
            self,
            Self::Received | Self::Assigned | Self::InProgress | Self::Dispatched | Self::Contested
        )
    }
}
