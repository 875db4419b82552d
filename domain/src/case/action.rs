//! The actions on a case.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What can be done to a case. The word is also the last part of the action's URL, with hyphens.
    Action {
        /// Gives a received case to a member.
        Assign = "assign" "派件",
        /// The member takes the case on.
        Accept = "accept" "接件",
        /// The member hands the case back.
        Return = "return" "退回",
        /// The manager changes the responsible member or station.
        Reassign = "reassign" "改派",
        /// Asks the resident something.
        RequestInformation = "request_information" "请群众补充",
        /// The resident adds text or pictures.
        Supplement = "supplement" "补充材料",
        /// Asks a department for its part.
        Dispatch = "dispatch" "转办",
        /// Asks several departments at once, each for its part.
        Split = "split" "拆分办理",
        /// Asks another department for a part.
        RedirectPart = "redirect_part" "改转分办事项",
        /// Does without a part.
        TakeBackPart = "take_back_part" "收回分办事项",
        /// The department replies.
        Reply = "reply" "承办回复",
        /// The department objects.
        Object = "object" "退单",
        /// The member promises a date.
        Plan = "plan" "列入计划",
        /// The answer to the resident.
        Respond = "respond" "答复",
        /// Signs the answer that waits off, and sends it.
        Approve = "approve" "签发",
        /// Gives the answer that waits back to its member.
        SendBack = "send_back" "退回修改",
        /// The resident confirms the answer.
        Confirm = "confirm" "确认办结",
        /// The resident says that it is not solved.
        Contest = "contest" "提出异议",
        /// The manager takes an ended case up again.
        Reopen = "reopen" "重新办理",
        /// The manager keeps the answer.
        Uphold = "uphold" "维持答复",
        /// The time to confirm ran out.
        Expire = "expire" "到期办结",
        /// The case is not taken on.
        Reject = "reject" "不予受理",
        /// The resident takes the case back.
        Withdraw = "withdraw" "撤回",
        /// The case follows another.
        Merge = "merge" "并案",
        /// The case leaves its leading case.
        Unmerge = "unmerge" "取消并案",
        /// Raises the case to the next level.
        Escalate = "escalate" "督办",
        /// A note among staff.
        Note = "note" "内部备注",
        /// Puts a sent answer right, beside what was sent.
        CorrectResponse = "correct_response" "更正答复",
        /// The resident says, weeks later, whether it was really done.
        SecondLook = "second_look" "回访",
    }
}
