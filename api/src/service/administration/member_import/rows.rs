//! What the rows of a workbook say of members, and everything that is wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use domain::ids::{CommitteeId, MemberId, SectorId};
use domain::text::{Name, Remark, TextError};
use domain::vocabulary::Level;

use super::CellRemark;
use super::columns::Column;
use super::known::{Bearer, Known, Named};
use super::workbook::{MOST_ROWS, Row, Sheet, Value, WorkbookError, address};
use crate::service::administration::members::{MOST_CASES, MOST_LINKS, MemberChange, MemberRecord};
use crate::service::administration::patch::Patch;

/// In how many of the first rows the headings are looked for: a title may stand above them.
const HEADING_ROWS: usize = 10;
/// How many faults are told: whoever has more has mixed up the columns.
const MOST_FAULTS: usize = 1_000;
/// The years in which a term ends: others are slips of the pen.
const YEARS: RangeInclusive<i32> = 1950..=2150;

/// A member as a row says.
#[derive(Debug, Clone)]
pub struct Draft {
    sector_id: SectorId,
    level: Level,
    change: MemberChange,
}

impl Draft {
    /// The record of this key.
    #[must_use]
    pub fn record(self, id: MemberId, committee_id: CommitteeId) -> MemberRecord {
        MemberRecord::new(id, (committee_id, self.level), self.sector_id, self.change)
    }
}

/// A sheet that was looked over.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// How many rows of members it has.
    pub rows: usize,
    /// The members; complete only when nothing is at fault.
    pub drafts: Vec<Draft>,
    /// What keeps it from being imported; the first 1,000.
    pub faults: Vec<CellRemark>,
    /// How many faults there are in all.
    pub fault_count: usize,
    /// What does not.
    pub warnings: Vec<CellRemark>,
    /// Headings of columns that are not read.
    pub ignored_columns: Vec<String>,
}

/// Looks a whole sheet over.
///
/// # Errors
/// It has no headings, or too many rows.
pub fn look_over(sheet: &Sheet, known: &Known) -> Result<Looked, WorkbookError> {
    let mut looked = Looked::default();
    let is_heading = |row: &Row| row.values().any(|cell| heading(cell) == Some(Column::Name));
    let headings = sheet.rows.iter().take(HEADING_ROWS).find(|(_, row)| is_heading(row));
    let (top, headings) = headings.ok_or(WorkbookError::NoHeadings)?;
    let columns = looked.read_headings(*top, headings);
    let mut names: HashMap<String, Vec<(u32, SectorId)>> = HashMap::new();
    for (number, cells) in sheet.rows.range(top + 1..) {
        let own: BTreeMap<u32, &Value> = cells
            .iter()
            .filter(|(column, _)| columns.values().any(|known| known == *column))
            .map(|(column, cell)| (*column, cell))
            .collect();
        if own.is_empty() {
            continue;
        }
        looked.rows += 1;
        if looked.rows > MOST_ROWS {
            return Err(WorkbookError::TooManyRows);
        }
        let row = RowReader { number: *number, columns: &columns, cells: &own, known, looked: &mut looked };
        row.read(&mut names);
    }
    if looked.rows == 0 {
        looked.fault(address(top + 1, 0), Column::Name.heading(), "no_rows", "表头下面没有委员。".to_owned());
    }
    Ok(looked)
}

fn heading(cell: &Value) -> Option<Column> {
    match cell {
        Value::Text(text) => Column::of(text),
        Value::Number(_) | Value::Day(_) | Value::Unreadable => None,
    }
}

impl Looked {
    fn fault(&mut self, cell: String, column: &str, code: &str, detail: String) {
        self.fault_count += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(CellRemark { cell, column: column.to_owned(), code: code.to_owned(), detail });
        }
    }

    fn read_headings(&mut self, top: u32, headings: &Row) -> HashMap<Column, u32> {
        let mut columns = HashMap::new();
        for (number, cell) in headings {
            match (heading(cell), cell) {
                (Some(column), _) if columns.contains_key(&column) => {
                    let detail = format!("“{}”这一列出现了两次。", column.heading());
                    self.fault(address(top, *number), column.heading(), "repeated_column", detail);
                }
                (Some(column), _) => {
                    columns.insert(column, *number);
                }
                (None, Value::Text(text)) => self.ignored_columns.push(text.chars().take(60).collect()),
                (None, _) => {}
            }
        }
        for column in Column::ALL.into_iter().filter(|column| column.is_needed()) {
            if !columns.contains_key(&column) {
                let detail = format!("缺少“{}”这一列。", column.heading());
                self.fault(address(top, 0), column.heading(), "missing_column", detail);
            }
        }
        columns
    }
}

/// One row, and where what is wrong with it is noted.
struct RowReader<'a> {
    number: u32,
    columns: &'a HashMap<Column, u32>,
    cells: &'a BTreeMap<u32, &'a Value>,
    known: &'a Known,
    looked: &'a mut Looked,
}

impl RowReader<'_> {
    fn read(mut self, names: &mut HashMap<String, Vec<(u32, SectorId)>>) {
        let before = self.looked.fault_count;
        let name = self.needed(Column::Name).map(|text| closed_up(&text));
        let name = name.and_then(|text| self.text(Column::Name, &text, Name::parse));
        let sector = self.needed(Column::Sector);
        let known = self.known;
        let sector_id = sector.and_then(|text| self.one_of(Column::Sector, &text, &known.sectors));
        let level = self.cell_text(Column::Level).and_then(|text| self.level(&text));
        let post = self.cell_text(Column::Post).and_then(|text| self.text(Column::Post, &text, Name::parse));
        let bio = self.cell_text(Column::Bio).and_then(|text| self.text(Column::Bio, &text, Remark::parse));
        let stations = self.several(Column::Stations, &known.stations);
        let specialities = self.several(Column::Specialities, &known.categories);
        let capacity = self.cell_text(Column::Capacity).and_then(|text| self.capacity(&text));
        let left_on = self.day();
        if let (Some(name), Some(sector_id)) = (&name, sector_id) {
            self.check_namesakes(name.as_str(), sector_id, names);
        }
        let (Some(sector_id), true) = (sector_id, self.looked.fault_count == before) else { return };
        let change = MemberChange {
            sector_id: None,
            name,
            level,
            post: post.map_or(Patch::Keep, Patch::Set),
            bio: bio.map_or(Patch::Keep, Patch::Set),
            capacity,
            left_on: left_on.map_or(Patch::Keep, Patch::Set),
            stations: Some(stations),
            specialities: Some(specialities),
        };
        self.looked.drafts.push(Draft { sector_id, level: known.level, change });
    }

    fn place(&self, column: Column) -> String {
        address(self.number, self.columns.get(&column).copied().unwrap_or(0))
    }

    fn wrong(&mut self, column: Column, code: &str, detail: impl Into<String>) {
        let cell = self.place(column);
        self.looked.fault(cell, column.heading(), code, detail.into());
    }

    fn cell(&self, column: Column) -> Option<&Value> {
        self.cells.get(self.columns.get(&column)?).copied()
    }

    /// The words of a cell; what can't be read is noted.
    fn cell_text(&mut self, column: Column) -> Option<String> {
        match self.cell(column)? {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Day(day) => Some(day.to_string()),
            Value::Unreadable => {
                self.wrong(column, "unreadable", "这个单元格的内容无法识别，请改为文字。");
                None
            }
        }
    }

    /// The same for a column that can't be empty. One that is not there was noted with the headings.
    fn needed(&mut self, column: Column) -> Option<String> {
        if self.cell(column).is_none() && self.columns.contains_key(&column) {
            self.wrong(column, "required", format!("请填写{}。", column.heading()));
        }
        self.cell_text(column)
    }

    fn text<T>(&mut self, column: Column, raw: &str, parse: fn(&str) -> Result<T, TextError>) -> Option<T> {
        let (code, detail) = match parse(raw) {
            Ok(text) => return Some(text),
            Err(TextError::TooLong { max }) => ("too_long", format!("最多{max}字。")),
            Err(TextError::ControlCharacter) => ("control_character", "含有无法识别的字符。".to_owned()),
            Err(TextError::Blank | TextError::NotAPhone) => ("blank", "不能为空。".to_owned()),
        };
        self.wrong(column, code, detail);
        None
    }

    /// The one thing of this name.
    fn one_of<Id: Copy>(&mut self, column: Column, name: &str, things: &Named<Id>) -> Option<Id> {
        let shown: String = name.chars().take(Name::MAX).collect();
        let (code, detail) = match things.bearer(name) {
            Some(Bearer::One(id)) => return Some(id),
            Some(Bearer::Several) => ("ambiguous", format!("有多个“{shown}”，请导入后再逐个设置。")),
            Some(Bearer::Closed) => ("closed", format!("“{shown}”已关闭。")),
            None => ("unknown", format!("本委员会没有“{shown}”。")),
        };
        self.wrong(column, code, detail);
        None
    }

    /// All things that a cell names, with 、 or another mark between.
    fn several<Id: Copy>(&mut self, column: Column, things: &Named<Id>) -> Vec<Id> {
        let Some(text) = self.cell_text(column) else { return Vec::new() };
        let names = text.split(['、', '，', ',', '；', ';', '\n', '/']).map(str::trim);
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        if names.len() > MOST_LINKS {
            self.wrong(column, "too_many", format!("最多 {MOST_LINKS} 项。"));
            return Vec::new();
        }
        names.into_iter().filter_map(|name| self.one_of(column, name, things)).collect()
    }

    fn level(&mut self, text: &str) -> Option<Level> {
        let level = match text.trim_end_matches('级') {
            "全国" | "国家" => Some(Level::National),
            "省" => Some(Level::Province),
            "市" => Some(Level::City),
            "区县" | "县区" | "区" | "县" => Some(Level::District),
            _ => None,
        };
        if level.is_none() {
            self.wrong(Column::Level, "invalid", "应为全国、省、市或区县。");
        }
        level
    }

    fn capacity(&mut self, text: &str) -> Option<i32> {
        let capacity = text.parse().ok().filter(|capacity| (1..=MOST_CASES).contains(capacity));
        if capacity.is_none() {
            self.wrong(Column::Capacity, "out_of_range", format!("应为 1 到 {MOST_CASES} 的整数。"));
        }
        capacity
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let text = self.cell_text(Column::LeftOn)?;
        let plain = text.replace(['年', '月', '/', '.'], "-").replace('日', "");
        let day = plain.get(..10).unwrap_or(&plain).parse::<NaiveDate>();
        let day = day.ok().filter(|day| YEARS.contains(&day.year()));
        if day.is_none() {
            self.wrong(Column::LeftOn, "invalid", "请写成 2027-01-31 这样的日期。");
        }
        day
    }

    /// Of the same name and sector nobody comes twice; the same name alone may be another person.
    fn check_namesakes(
        &mut self,
        name: &str,
        sector_id: SectorId,
        names: &mut HashMap<String, Vec<(u32, SectorId)>>,
    ) {
        let earlier = names.entry(name.to_owned()).or_default();
        let known = self.known.members.get(name).into_iter().flatten();
        let others = earlier
            .iter()
            .map(|(row, sector)| (*sector, format!("第 {} 行", row + 1)))
            .chain(known.map(|sector| (*sector, "已登记的委员".to_owned())));
        let namesake = others.max_by_key(|(sector, _)| *sector == sector_id);
        earlier.push((self.number, sector_id));
        match namesake {
            Some((sector, who)) if sector == sector_id => {
                self.wrong(Column::Name, "duplicate", format!("与{who}同名且界别相同。"));
            }
            Some((_, who)) => self.looked.warnings.push(CellRemark {
                cell: self.place(Column::Name),
                column: Column::Name.heading().to_owned(),
                code: "namesake".to_owned(),
                detail: format!("与{who}同名，请确认不是同一人。"),
            }),
            None => {}
        }
    }
}

/// A name without the blanks by which a list lets names of two characters stand as wide as those of three.
fn closed_up(name: &str) -> String {
    if name.chars().any(|c| c.is_ascii_alphanumeric()) {
        return name.to_owned();
    }
    name.chars().filter(|c| !c.is_whitespace()).collect()
}
