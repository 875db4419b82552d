//! Whether an answer says who does what until when. A hint and no more: it reads words, not sense, and
//! never keeps an answer from being sent.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What an answer does not seem to say.
    Missing {
        /// Nobody is named who does it.
        Who = "who" "没有写明由哪个单位或哪位人员办理",
        /// No action is named.
        What = "what" "没有写明做了什么或将做什么",
        /// No day and no term is named.
        When = "when" "没有写明办理的时间或期限",
    }
}

/// What was found in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it does not seem to say, in the order who, what, when.
    pub missing: Vec<Missing>,
    /// Phrases in it that promise nothing.
    pub vague: Vec<&'static str>,
}

/// Phrases that sound like an answer and hold none. They are left out before anything is looked for, so
/// that 有关部门 is nobody and 尽快处理 is no action.
const VAGUE: &str = "
    相关部门 有关部门 相关单位 有关单位 相关职能部门 相关人员 有关人员 责任单位
    高度重视 尽快 尽早 早日 及时 适时 近期 近日 日后 择机 陆续 逐步 积极推进
    积极协调 积极处理 大力推进 正在研究 研究解决 研究处理 妥善处理 妥善解决 进一步
    下一步 持续关注 密切关注 加强管理 加强协调 正在处理 跟进处理
";

/// Words that name somebody: bodies, offices, people.
const WHO: &str = "
    局 公司 物业 街道 社区 办事处 居委 村委 业委会 委员会 管委会 工作站 中心
    派出所 大队 中队 支队 消防 交警 城管 环卫 供电 供水 自来水 燃气 热力 供热
    医院 学校 幼儿园 银行 村里 镇政府 区政府 乡政府 施工队 施工方 施工单位 维修队
    养护队 开发商 承包商 厂家 经营者 店主 房东 师傅 网格员 工作人员 维修人员
    养护工人 工程师 保洁员 书记 主任 科长 所长 队长 站长 经理 委员 同志 老师 医生
    律师 志愿者 本人 我已 我于 我将 我会 我和 我与 我们 我到 我陪
";

/// Words that name something done or to be done, such that somebody could look whether it was.
const WHAT: &str = "
    修复 修好 维修 修理 抢修 检修 更换 换好 换上 调换 安装 加装 装好 拆除 拆掉
    清理 清除 清运 清扫 打扫 疏通 整改 整治 改造 翻新 铺设 铺好 硬化 补种 修剪
    移植 粉刷 施工 动工 开工 完工 竣工 验收 恢复 通水 通电 供暖 增设 增加 设置
    设立 划线 划定 封堵 加固 搬离 搬走 挪走 移走 停用 关停 查看 查勘 勘查 检查
    检测 核实 核查 走访 到场 现场 调查 排查 巡查 取证 约谈 约见 调解 面谈 协商
    召开 开会 上门 联系 致电 告知 解释 说明 公示 公布 张贴 处罚 罚款 责令 立案
    劝离 制止 查处 取缔 执法 退还 退款 退回 补发 发放 支付 缴纳 减免 申请 办理
    办好 受理 审批 登记 提交 递交 报送 立项 列入 采购 订购 订货 招标 开通 开放
    培训 宣传
";

/// Words that name a time without a number.
const WHEN: &str = "
    今天 今日 今晚 今早 今年 当天 当日 当晚 即日 昨天 昨日 昨晚 前天 明天 明日
    明早 后天 本周 这周 上周 下周 周末 本月 上月 上个月 下月 下个月 月底 月初
    月中 年底 年初 年内 季度 春节前 国庆前 元旦前 汛期前 供暖季 周一 周二 周三
    周四 周五 周六 周日 星期 每天 每日 每周 每月 上午 下午
";

/// Digits as they stand in dates and terms.
const NUMERALS: &str = "0123456789０１２３４５６７８９〇零一二两三四五六七八九十百半";
/// What a number counts when it is a time.
const UNITS: &str = "
    个工作日 工作日 个月 月 日 天 周 个星期 星期 小时 个小时 分钟 年 时前 点钟
    点前 点半
";

/// What an answer seems to leave out.
#[must_use]
pub fn check(text: &str) -> Check {
    let vague: Vec<&'static str> = VAGUE.split_whitespace().filter(|phrase| text.contains(phrase)).collect();
    // A mark stands in the place of each phrase, so that what was apart does not grow together.
    let plain = vague.iter().fold(text.to_owned(), |text, phrase| text.replace(phrase, "…"));
    let has = |words: &str| words.split_whitespace().any(|word| plain.contains(word));
    let mut missing = Vec::new();
    if !has(WHO) {
        missing.push(Missing::Who);
    }
    if !has(WHAT) {
        missing.push(Missing::What);
    }
    if !has(WHEN) && !has_dated_number(&plain) {
        missing.push(Missing::When);
    }
    Check { missing, vague }
}

/// Whether a number stands before a unit of time: `3月6日`, `十五日前`, `2个工作日`, `8号` but not `8号楼`.
fn has_dated_number(text: &str) -> bool {
    text.match_indices(|c| NUMERALS.contains(c)).any(|(at, digit)| {
        let behind = text.get(at + digit.len()..).unwrap_or_default();
        UNITS.split_whitespace().any(|unit| behind.starts_with(unit)) || is_day_of_month(behind)
    })
}

/// `号` as a day, not as the number of a house, a line or a telephone.
fn is_day_of_month(behind: &str) -> bool {
    let Some(next) = behind.strip_prefix('号') else { return false };
    next.is_empty()
        || next
            .starts_with(['前', '后', '起', '上', '下', '开', '完', '到', '至', '之', '，', '。', '、', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn missing(text: &str, wanted: &[Missing]) {
        assert_eq!(check(text).missing, wanted, "{text}");
    }

    use Missing::{What, When, Who};

    #[test]
    fn an_answer_that_says_who_what_and_when_misses_nothing() {
        for text in [
            "区城管局照明科已于3月6日更换三号楼前的两盏路灯，现已恢复照明。",
            "我于今天上午到现场查看，物业公司将在三天内疏通下水道。",
            "已联系供水公司，抢修队今晚到场，预计24小时内恢复供水。",
            "社区网格员每周五上门清运楼道堆物，第一次在下周。",
            "街道办事处15日前完成人行道铺设，届时请您一起验收。",
            "物业王经理8号前退还多收的停车费，退款到原支付账户。",
            "该事项已列入区住建局今年的老旧小区改造，六月开工，十月完工。",
            "供电所师傅当天下午加固了电线杆。",
        ] {
            missing(text, &[]);
        }
    }

    #[test]
    fn what_an_answer_leaves_out_is_named() {
        missing("已于3月6日更换两盏路灯。", &[Who]);
        missing("城管局3月6日回复。", &[What]);
        missing("物业公司已修复电梯。", &[When]);
        missing("已修复。", &[Who, When]);
        missing("感谢您的反映！", &[Who, What, When]);
        missing("您好，您的意见已收到。", &[Who, What, When]);
        missing("三号楼8号的电梯，物业公司已修复。", &[When]);
        missing("请拨打12345热线。", &[Who, What, When]);
    }

    #[test]
    fn words_that_promise_nothing_are_nobody_nothing_and_never() {
        for text in [
            "我委高度重视，相关部门正在研究，将尽快处理。",
            "有关单位会积极协调，妥善解决。",
            "已转相关部门，近期跟进处理。",
        ] {
            let found = check(text);
            assert_eq!(found.missing, [Who, What, When], "{text}");
            assert!(found.vague.len() >= 2, "{text}: {:?}", found.vague);
        }
        let both = check("高度重视，城管局3月6日更换路灯。");
        assert_eq!((both.missing, both.vague), (vec![], vec!["高度重视"]));
    }
}
