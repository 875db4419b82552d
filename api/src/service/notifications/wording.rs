//! The sentences of messages: plain, polite, short, without anything that somebody wrote.

use domain::case::EventKind;

/// In whose words a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Who raised the case.
    Resident,
    /// Whoever works on it.
    Staff,
}

impl Reader {
    /// The word in a template's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Staff => "staff",
        }
    }
}

/// What a sentence may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The case's number in groups.
    pub number: String,
    /// The responsible member.
    pub member: Option<String>,
    /// The responsible station.
    pub station: String,
    /// The department asked.
    pub department: Option<String>,
}

impl Facts {
    /// The member as people address them, or the station where there is none.
    pub(super) fn handler(&self) -> String {
        self.member.as_ref().map_or_else(|| self.station.clone(), |name| format!("{name}委员"))
    }

    fn department(&self) -> &str {
        self.department.as_deref().unwrap_or("承办单位")
    }
}

/// A message as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// A few characters for a list.
    pub title: &'static str,
    /// One or two sentences.
    pub text: String,
}

/// The words for an event; `None` where this reader is not told.
#[must_use]
pub fn words(kind: EventKind, reader: Reader, facts: &Facts) -> Option<Words> {
    match reader {
        Reader::Resident => for_resident(kind, facts),
        Reader::Staff => for_staff(kind, facts),
    }
}

fn for_resident(kind: EventKind, facts: &Facts) -> Option<Words> {
    let (handler, department) = (facts.handler(), facts.department());
    let (title, rest) = match kind {
        EventKind::Created => ("已登记", format!("已登记，由{handler}负责。")),
        EventKind::Assign => ("已派件", format!("已交由{handler}办理。")),
        EventKind::Accept => ("开始办理", format!("{handler}已开始办理。")),
        EventKind::Reassign => ("办理人有变化", format!("现由{handler}负责办理。")),
        EventKind::RequestInformation => {
            ("请补充情况", format!("，{handler}需要您补充一些情况，请打开查看并回复。"))
        }
        EventKind::Dispatch => ("已转办", format!("已转请{department}协助办理，仍由{handler}向您答复。")),
        EventKind::Split => ("已分工办理", format!("已请几个单位分工协助办理，仍由{handler}统一向您答复。")),
        EventKind::Plan => ("已列入计划", format!("已列入计划，{handler}作出了办理承诺，请打开查看。")),
        EventKind::Respond => ("已有答复", "已有答复，请打开查看，并告诉我们是否解决。".to_owned()),
        EventKind::Reopen => ("重新办理", format!("已重新办理，由{handler}负责。")),
        EventKind::Uphold => ("异议已有说明", "的异议，工作站已作出说明，请打开查看。".to_owned()),
        EventKind::Expire => {
            ("已办结", "已超过确认期限，自动办结。如问题仍未解决，欢迎您再次反映。".to_owned())
        }
        EventKind::Reject => ("不予受理", "未能受理，请打开查看原因。".to_owned()),
        EventKind::Merge => ("合并办理", "已与同类事项合并办理。".to_owned()),
        EventKind::Unmerge => ("恢复单独办理", "已恢复单独办理。".to_owned()),
        EventKind::Resumed => ("继续办理", format!("已由{handler}继续办理。")),
        EventKind::CorrectResponse => ("答复有更正", "的答复有更正，请打开查看。".to_owned()),
        EventKind::SecondLookAsked => {
            ("请您回访", "已办结一段时间，请打开看看，并告诉我们是否真正落实。".to_owned())
        }
        EventKind::ConfirmDue => {
            ("请您确认", "的答复已送达多日，再过三天将自动办结，请打开查看，并告诉我们是否解决。".to_owned())
        }
        EventKind::LeaderResponded => ("已有答复", "所并入的事项已有答复，请打开查看。".to_owned()),
        EventKind::LeaderReopened => {
            ("重新办理", "所并入的事项已重新办理，有新的答复会及时告诉您。".to_owned())
        }
        EventKind::LeaderClosed => {
            ("已办结", "所并入的事项已办结。如问题仍未解决，欢迎您再次反映。".to_owned())
        }
        EventKind::ContentRefused => {
            ("部分内容不予显示", "照常办理，但有内容未通过审核，不予显示，请打开查看原因。".to_owned())
        }
        EventKind::Return
        | EventKind::ContentHeld
        | EventKind::ContentAllowed
        | EventKind::Supplement
        | EventKind::RedirectPart
        | EventKind::TakeBackPart
        | EventKind::PartOverdue
        | EventKind::PartsEnded
        | EventKind::Reply
        | EventKind::AnswerSubmitted
        | EventKind::Approve
        | EventKind::SendBack
        | EventKind::Object
        | EventKind::Confirm
        | EventKind::Contest
        | EventKind::Withdraw
        | EventKind::Escalate
        | EventKind::Note
        | EventKind::SecondLook
        | EventKind::AcceptOverdue
        | EventKind::DueSoon
        | EventKind::Overdue
        | EventKind::Red
        | EventKind::Supervised
        | EventKind::TicketIssued
        | EventKind::CalendarChanged => return None,
    };
    Some(Words { title, text: format!("您反映的事项（编号 {}）{rest}", facts.number) })
}

fn for_staff(kind: EventKind, facts: &Facts) -> Option<Words> {
    let (handler, department) = (facts.handler(), facts.department());
    let (title, rest) = match kind {
        EventKind::Created => ("新的群众反映", format!("已登记，由{handler}负责，请及时处理。")),
        EventKind::Assign => ("新的派件", format!("已派给{handler}，请及时接件。")),
        EventKind::Return => ("委员退回", "已被退回，请重新安排。".to_owned()),
        EventKind::Reassign => ("改派", format!("已改派，现由{handler}负责。")),
        EventKind::Supplement => ("群众补充了情况", "有新的补充情况，请查看。".to_owned()),
        EventKind::Dispatch => ("转办", format!("已转请{department}办理，请按期回复。")),
        EventKind::Split => ("分工办理", "已拆分给有关单位分工办理，请按期回复所承办的事项。".to_owned()),
        EventKind::RedirectPart => ("改转分办事项", format!("有一项分办事项已改转{department}办理。")),
        EventKind::TakeBackPart => ("收回分办事项", format!("已收回{department}承办的一项，无需再回复。")),
        EventKind::PartOverdue => {
            ("分办逾期未回复", format!("，{department}承办的一项已到回复期限，尚未回复。"))
        }
        EventKind::PartsEnded => ("分办终止", "已不再需要贵单位回复，感谢配合。".to_owned()),
        EventKind::Reply => ("承办单位已回复", format!("，{department}已回复，请查看并答复群众。")),
        EventKind::AnswerSubmitted => ("答复待签发", format!("，{handler}已拟好答复，请查看并签发。")),
        EventKind::Approve => ("答复已签发", "的答复已签发，并已发给群众。".to_owned()),
        EventKind::SendBack => ("答复退回修改", "的答复被退回修改，请查看原因。".to_owned()),
        EventKind::Object => ("承办单位退单", format!("被{department}退回，请查看原因。")),
        EventKind::Confirm => ("群众已确认", "已由群众确认办结，感谢您的付出。".to_owned()),
        EventKind::Contest => ("群众有异议", "，群众对答复有异议，请查看并处理。".to_owned()),
        EventKind::Reopen => ("重新办理", format!("已重新办理，由{handler}负责。")),
        EventKind::Uphold => ("维持答复", "已维持答复并办结。".to_owned()),
        EventKind::Expire => ("到期办结", "，群众未在期限内确认，已自动办结。".to_owned()),
        EventKind::Reject => ("不予受理", "已作不予受理处理。".to_owned()),
        EventKind::Withdraw => ("群众撤回", "已由群众撤回，无需继续办理。".to_owned()),
        EventKind::Merge => ("合并办理", "已并入同类事项办理。".to_owned()),
        EventKind::Unmerge => ("恢复单独办理", "已恢复单独办理。".to_owned()),
        EventKind::Escalate => ("督办", format!("已督办，由{handler}负责，请尽快办理。")),
        EventKind::AcceptOverdue => ("超期未接件", format!("已超过接件期限，{handler}尚未接件。")),
        EventKind::DueSoon => ("即将到期", "即将到答复期限，请抓紧办理。".to_owned()),
        EventKind::CalendarChanged => ("期限调整", "因工作日历更新，办理期限已调整，请查看。".to_owned()),
        EventKind::Overdue => ("已超期", format!("已超过答复期限，由{handler}负责，请尽快答复。")),
        EventKind::Red => ("严重超期", format!("已超期两个工作日，由{handler}负责，请立即处理。")),
        EventKind::Supervised => ("督办提级", format!("已超期五个工作日，由{handler}负责，现予督办。")),
        EventKind::Resumed => ("恢复办理", "，群众未在期限内补充情况，已恢复办理。".to_owned()),
        EventKind::ContentHeld => ("内容待审核", "有内容需要人工审核，请查看并决定是否显示。".to_owned()),
        EventKind::SecondLook => ("群众回访", "，群众已说明是否落实，请查看。".to_owned()),
        EventKind::Accept
        | EventKind::CorrectResponse
        | EventKind::SecondLookAsked
        | EventKind::ConfirmDue
        | EventKind::RequestInformation
        | EventKind::Plan
        | EventKind::Respond
        | EventKind::LeaderResponded
        | EventKind::LeaderReopened
        | EventKind::LeaderClosed
        | EventKind::Note
        | EventKind::ContentAllowed
        | EventKind::ContentRefused
        | EventKind::TicketIssued => return None,
    };
    Some(Words { title, text: format!("编号 {} 的办件{rest}", facts.number) })
}
