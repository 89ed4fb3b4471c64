//! A file's rows, whatever they stood in: records with the row on which each starts.

use super::chats::{self, Agents};
use super::containers::Form;
use super::decode::{self, Examined};
use super::delimited::Delimited;
use super::header::MOST_COLUMNS;
use super::record::{Cut, Record};
use super::reject::Reject;
use crate::base::{Error, Result};
use crate::settings::source::{Conversation, Encoding, Layout, Source};
use csv::StringRecord;
use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Words that stand at the beginning of a row of sums, perhaps behind its date and shop.
const SUMS: [&str; 15] = [
    "汇总",
    "均值",
    "合计",
    "总计",
    "汇总值",
    "平均值",
    "全店汇总值",
    "全店平均值",
    "店铺汇总值",
    "店铺平均值",
    "店铺数据",
    "同行同层优秀",
    "同行同层均值",
    "小计",
    "平均",
];

/// A row's number, or the number and what is wrong with it.
pub type Numbered = std::result::Result<u64, (u64, Reject)>;

/// What is known of a file that is to be read.
#[derive(Debug, Clone)]
pub struct Layed<'a> {
    pub path: &'a Path,
    pub examined: &'a Examined,
    pub form: Form,
    pub delimiter: u8,
    /// Records before the first row.
    pub skip: usize,
    /// Fields of each row.
    pub width: usize,
    pub header: &'a StringRecord,
    pub source: &'a Source,
}

/// A file's records after its header.
pub struct Records {
    rows: Rows,
    /// Sums and empty rows that were passed over.
    pub skipped: u64,
    summary_rows: bool,
}

enum Rows {
    Table(Box<Table>),
    /// Conversations in cells, taken apart one by one.
    Cells(Box<Cells>),
    /// Read already.
    Ready(Box<Ready>),
}

type Queue = VecDeque<std::result::Result<(u64, StringRecord), (u64, Reject)>>;

/// Records that wait, and the one that was taken last.
#[derive(Default)]
struct Ready {
    queue: Queue,
    record: StringRecord,
    cuts: Vec<Cut>,
}

struct Cells {
    table: Table,
    dialogue: bool,
    at: chats::CellColumns,
    agents: Agents,
    ready: Ready,
}

struct Table {
    reader: Delimited,
    numbered: bool,
    ragged: bool,
    width: usize,
    path: PathBuf,
    /// Fields of a numbered row without its number.
    cuts: Vec<Cut>,
}

/// A file's first records in whatever encoding it is, the numbers of made rows taken off. Stops at a record that is wider
/// than any table.
///
/// # Errors
/// The offset of the first bad byte where it is in no encoding.
pub fn first(
    path: &Path,
    examined: &Examined,
    form: Form,
    delimiter: u8,
    most: usize,
) -> Result<std::result::Result<Vec<StringRecord>, u64>> {
    let text = match decode::open(path, examined, Encoding::Auto)? {
        Ok((text, _)) => text,
        Err(offset) => return Ok(Err(offset)),
    };
    // A file without line breaks would be one record: no header is as long as this.
    let mut reader = Delimited::new(Box::new(text.take(8 << 20)), delimiter);
    let mut all = Vec::new();
    while all.len() < most {
        match reader.advance() {
            Ok(Some((_, true))) if reader.record().len() <= MOST_COLUMNS + 1 => {}
            // Bytes cut in the middle of a character end the look, too.
            _ => break,
        }
        let from = usize::from(form == Form::Numbered);
        all.push(reader.record().iter().skip(from).collect());
    }
    Ok(Ok(all))
}

impl Records {
    /// Opens a file behind its header. `agents`: whose names in a conversation are agents'.
    ///
    /// # Errors
    /// The machine; and a text that is not what it was when it was examined.
    pub fn open(of: &Layed<'_>, agents: &Agents) -> Result<Records> {
        let changed = || Error::Failed(format!("{} was changed while it was read", of.path.display()));
        let summary_rows = of.source.summary_rows;
        let (mut text, _) = decode::open(of.path, of.examined, of.source.encoding)?.map_err(|_| changed())?;
        if of.source.layout == Layout::Qianniu {
            let mut whole = String::new();
            text.read_to_string(&mut whole).map_err(Error::io("cannot read", of.path))?;
            let ready = Ready { queue: chats::qianniu(&whole, agents), ..Ready::default() };
            return Ok(Records { rows: Rows::Ready(Box::new(ready)), skipped: 0, summary_rows });
        }
        let mut table = Table {
            reader: Delimited::new(text, of.delimiter),
            numbered: of.form == Form::Numbered,
            ragged: of.source.ragged,
            width: of.width,
            path: of.path.to_path_buf(),
            cuts: Vec::new(),
        };
        for _ in 0..of.skip {
            if !matches!(table.reader.advance(), Ok(None | Some((_, true)))) {
                return Err(changed());
            }
        }
        let rows = match of.source.layout {
            Layout::Table | Layout::Qianniu => Rows::Table(Box::new(table)),
            Layout::Cells | Layout::Dialogue => {
                let columns: &Conversation = &of.source.conversation;
                let (at, dialogue) =
                    (chats::CellColumns::new(columns, of.header), of.source.layout == Layout::Dialogue);
                Rows::Cells(Box::new(Cells { table, dialogue, at, agents: agents.clone(), ready: Ready::default() }))
            }
        };
        Ok(Records { rows, skipped: 0, summary_rows })
    }

    /// Goes on to the next record; `None` at the end.
    pub fn advance(&mut self) -> Result<Option<Numbered>> {
        loop {
            let read = match &mut self.rows {
                Rows::Table(table) => table.advance()?,
                Rows::Cells(cells) => cells.advance()?,
                Rows::Ready(ready) => ready.advance(),
            };
            if !matches!(read, Some(Ok(_))) {
                return Ok(read);
            }
            let record = self.record();
            if !(record.is_empty() || self.summary_rows && is_sum(record)) {
                return Ok(read);
            }
            self.skipped += 1;
        }
    }

    /// The record that [`Records::advance`] gave last, where it was a good one.
    #[inline]
    pub fn record(&self) -> Record<'_> {
        match &self.rows {
            Rows::Table(table) => table.record(),
            Rows::Cells(cells) => cells.ready.record(),
            Rows::Ready(ready) => ready.record(),
        }
    }
}

fn is_sum(record: Record<'_>) -> bool {
    record.iter().map(str::trim).filter(|c| !c.is_empty()).take(3).any(|c| SUMS.contains(&c))
}

impl Ready {
    fn advance(&mut self) -> Option<Numbered> {
        let (row, record) = match self.queue.pop_front()? {
            Ok(found) => found,
            Err(wrong) => return Some(Err(wrong)),
        };
        self.cuts.clear();
        self.cuts.extend((0..record.len()).filter_map(|i| record.range(i)).map(|r| (r.start, r.end)));
        self.record = record;
        Some(Ok(row))
    }

    fn record(&self) -> Record<'_> {
        Record::new(self.record.as_slice(), &self.cuts)
    }
}

impl Table {
    fn advance(&mut self) -> Result<Option<Numbered>> {
        let read = self.reader.advance().map_err(|e| Error::io("cannot read", &self.path)(e))?;
        let record = self.reader.record();
        match read {
            None => Ok(None),
            Some((line, false)) => Ok(Some(Err((line, Reject::row("the row holds bytes that are no text"))))),
            Some(_) if self.numbered => {
                let row = record.get(0).and_then(|n| n.parse().ok()).unwrap_or(0);
                // A sheet's row ends with its last filled cell.
                self.cuts.clear();
                self.cuts.extend(record.cuts().iter().skip(1).take(self.width));
                self.cuts.resize(self.width, (0, 0));
                Ok(Some(Ok(row)))
            }
            Some((line, true)) => {
                if record.len() == self.width || self.ragged && record.len() > self.width {
                    return Ok(Some(Ok(line)));
                }
                let reason = format!("{} fields where the header has {}", record.len(), self.width);
                Ok(Some(Err((line, Reject::row(reason)))))
            }
        }
    }

    #[inline]
    fn record(&self) -> Record<'_> {
        let record = self.reader.record();
        if self.numbered { record.at(&self.cuts) } else { record }
    }
}

impl Cells {
    fn advance(&mut self) -> Result<Option<Numbered>> {
        loop {
            if let Some(row) = self.ready.advance() {
                return Ok(Some(row));
            }
            match self.table.advance()? {
                None => return Ok(None),
                Some(Err(wrong)) => return Ok(Some(Err(wrong))),
                Some(Ok(row)) => {
                    let cells: StringRecord = self.table.record().iter().collect();
                    self.ready.queue = chats::cell(&self.at, &cells, row, self.dialogue, &self.agents);
                }
            }
        }
    }
}
