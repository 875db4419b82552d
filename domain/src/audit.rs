//! The words of the audit log: what administrators do, and to what.
//!
//! What is done to a case stands in the case's own history, not here; who saw a resident's phone number does.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What an administrator did.
    AuditAction {
        /// Something new was added.
        Create = "create" "新增",
        /// Something was changed, closed and opened again included.
        Change = "change" "修改",
        /// Somebody was invited into a role.
        Invite = "invite" "邀请",
        /// A role was taken back.
        RevokeRole = "revoke_role" "收回角色",
        /// An account was shut.
        DisableAccount = "disable_account" "停用账号",
        /// An account was opened again.
        EnableAccount = "enable_account" "恢复账号",
        /// A list was taken out of the service.
        Export = "export" "导出",
        /// Many were added from a workbook.
        Import = "import" "导入",
        /// A code was issued.
        IssueCode = "issue_code" "制码",
        /// A code was revoked.
        RevokeCode = "revoke_code" "停用二维码",
        /// A batch of posters was ordered.
        OrderPosters = "order_posters" "批量制作海报",
        /// Somebody took a consent back in WeChat, and what it was given for was erased.
        RevokeConsent = "revoke_consent" "撤回授权",
        /// Somebody left by WeChat, and the account was erased.
        EraseAccount = "erase_account" "注销账号",
        /// WeChat punished the mini-program.
        Punish = "punish" "平台处罚",
        /// Somebody saw the whole phone number of whoever raised a case.
        RevealPhone = "reveal_phone" "查看联系电话",
    }
}

vocabulary! {
    /// What it was done to.
    AuditTarget {
        /// A committee.
        Committee = "committee" "政协委员会",
        /// A station.
        Station = "station" "工作站",
        /// A member.
        Member = "member" "委员",
        /// A sector.
        Sector = "sector" "界别",
        /// A category.
        Category = "category" "诉求类别",
        /// A department.
        Department = "department" "承办单位",
        /// An account.
        Account = "account" "账号",
        /// An invitation.
        Invitation = "invitation" "邀请",
        /// A code.
        Code = "code" "二维码",
        /// A case.
        Case = "case" "诉求",
        /// What somebody says of a poster.
        PosterReport = "poster_report" "海报存疑反映",
        /// A committee's terms.
        Terms = "terms" "办理期限",
        /// A committee's rules of routing.
        RoutingRules = "routing_rules" "派件规则",
        /// A year of the calendar.
        Calendar = "calendar" "工作日历",
        /// The mini-program; its id is that of the message that came.
        MiniProgram = "mini_program" "小程序",
    }
}
