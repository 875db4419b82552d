//! Posters of an invented district, with short names, long ones and names in other scripts; for tests and trials.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "samples are made of constants, and not everybody uses all of them"
)]

use qr::poster::{
    Margin, Poster, PosterCode, PosterKind, PosterMember, PosterStation, Print, RosterRow, SlipText,
};
use qr::{TokenKey, TokenKeys, printable_link};

/// What the names of a sample are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// For file names.
    pub word: &'static str,
    station: &'static str,
    member: &'static str,
    address: &'static str,
}

/// Names as they come, and as bad as they get.
pub const NAMES: [Names; 6] = [
    Names {
        word: "short",
        station: "青禾街道委员工作站",
        member: "林知远",
        address: "稻香路 8 号便民服务中心一楼",
    },
    Names {
        word: "two-lines",
        station: "青禾区政协教育界别委员工作室暨晨光社区有事好商量协商议事室",
        member: "欧阳知远·夏侯",
        address: "青禾街道稻香路 8 号便民服务中心一楼 106 室（从北门进，电梯左侧）",
    },
    Names {
        word: "endless",
        station: "青禾区政协科学技术与经济界别委员工作站暨青禾街道晨光社区北苑新村梨花街老粮站家属院片区有事好商量协商议事室（试点）",
        member: "阿不都热合曼江·买买提依明尼亚孜艾力",
        address: "青禾街道稻香路与梨花街交叉口东北角便民服务中心一楼 106 室（从北门进，电梯左侧第三间，周一至周五开放）",
    },
    Names {
        word: "uyghur",
        station: "يېڭى ھايات مەھەللىسى ھەيئەت ئەزالىرى خىزمەت پونكىتى",
        member: "ئابدۇرەھمان مۇھەممەت",
        address: "گۈللۈك كوچىسى 12-نومۇر",
    },
    Names {
        word: "tibetan",
        station: "བདེ་སྐྱིད་ལམ་གྱི་སྲིད་གྲོས་ཨུ་ཡོན་ལས་ཁུངས།",
        member: "བསྟན་འཛིན་རྒྱ་མཚོ",
        address: "བདེ་སྐྱིད་ལམ་ཨང་ ༡༢",
    },
    Names {
        word: "latin",
        station: "Qinghe Subdistrict Members' Station for International Residents and Enterprises",
        member: "Maximilian Öztürk-Çelebi",
        address: "8 Daoxiang Road, Service Centre, Ground Floor",
    },
];

/// A printed link as a service with this host makes it.
pub fn link(number: u32) -> String {
    let keys = TokenKey::new('1', &[7; 32]).and_then(|key| TokenKeys::new(key, [])).unwrap();
    let [a, b, c, d] = number.to_be_bytes();
    printable_link("https://code.example.cn", &keys.mint([0x5A, a, b ^ 0x3C, c ^ 0xA5, d]))
}

/// A poster of a kind with these names.
pub fn poster(kind: PosterKind, names: Names) -> Poster {
    let station = PosterStation {
        committee: "中国人民政治协商会议青禾区委员会".to_owned(),
        name: names.station.to_owned(),
        address: names.address.to_owned(),
    };
    let code = code("便民服务中心正门");
    match kind {
        PosterKind::Station => Poster::Station { station, code },
        PosterKind::MemberCard => Poster::MemberCard { station, member: member(names), code },
        PosterKind::ReceptionDays => {
            Poster::ReceptionDays { station, month: "2026年12月".to_owned(), roster: roster(names), code }
        }
        PosterKind::TableTent => Poster::TableTent { station, code: self::code("服务台") },
        PosterKind::Stickers => Poster::Stickers { station, code: self::code("单元门") },
        PosterKind::Slip => Poster::Slip { station, slip: slip(names), code: ticket() },
    }
}

/// Every kind of poster on every paper it is for.
pub fn prints() -> Vec<(PosterKind, Print)> {
    let papers = |kind: PosterKind| kind.papers().iter().map(move |paper| (kind, *paper));
    let print = |(kind, paper)| (kind, Print { paper, margin: Margin::None });
    PosterKind::ALL.into_iter().flat_map(papers).map(print).collect()
}

fn code(place: &str) -> PosterCode {
    let link = link(4711);
    let symbols: Vec<char> = link.rsplit('/').next().unwrap_or_default().chars().collect();
    let token = symbols.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    PosterCode {
        link,
        token,
        place: place.to_owned(),
        batch: "2026-12-A".to_owned(),
        emblem: None,
        mini_program_code: None,
    }
}

fn ticket() -> PosterCode {
    PosterCode {
        link: "https://code.example.cn/t/3810472956#7KQ2M9XWHD4RTB3N6VCE".to_owned(),
        token: "7KQ2M-9XWHD-4RTB3-N6VCE".to_owned(),
        place: String::new(),
        batch: String::new(),
        emblem: None,
        mini_program_code: None,
    }
}

fn member(names: Names) -> PosterMember {
    PosterMember {
        name: names.member.to_owned(),
        sector: "医药卫生界".to_owned(),
        duty: "每月第一、第三个周三 9:00–11:30".to_owned(),
        portrait: (names.word == "short").then(portrait),
    }
}

/// A drawn face, since no real one may stand here.
pub fn portrait() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(300, 400, |x, y| {
        let inside = |cx: f64, cy: f64, rx: f64, ry: f64| {
            ((f64::from(x) - cx) / rx).powi(2) + ((f64::from(y) - cy) / ry).powi(2) < 1.0
        };
        image::Rgb(if inside(150.0, 125.0, 78.0, 62.0) && y < 150 {
            [52, 44, 40]
        } else if inside(150.0, 165.0, 68.0, 86.0) {
            [231, 190, 160]
        } else if inside(150.0, 420.0, 130.0, 165.0) {
            [44, 62, 92]
        } else {
            [206, 219, 230]
        })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn roster(names: Names) -> Vec<RosterRow> {
    let days =
        ["2日 周三", "4日 周五", "9日 周三", "11日 周五", "16日 周三", "18日 周五", "23日 周三", "25日 周五"];
    let others = ["何守田、苏明兰", "方雨晴", "马兰花、丁一川"];
    // Long names come with long months.
    let more = if names.word == "short" { 0 } else { 5 };
    let rows = days.iter().chain(&days).take(days.len() + more).enumerate();
    let row = |(at, day): (usize, &&str)| RosterRow {
        day: format!("12月{day}"),
        time: "9:00–11:30".to_owned(),
        members: if at % 2 == 0 { names.member } else { others[at % others.len()] }.to_owned(),
    };
    rows.map(row).collect()
}

fn slip(names: Names) -> SlipText {
    SlipText {
        number: "381-0472-956".to_owned(),
        received: "2026年12月2日 10:20".to_owned(),
        answer_by: "2026年12月16日前".to_owned(),
        member: names.member.to_owned(),
    }
}
