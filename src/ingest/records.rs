//! A file's rows, whatever they stood in: records with the row on which each starts.

use super::chats::{self, Agents};
use super::containers::Form;
use super::decode::{self, Examined};
use super::delimited::Delimited;
use super::header::MOST_COLUMNS;
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
    Ready(Queue),
}

type Queue = VecDeque<std::result::Result<(u64, StringRecord), (u64, Reject)>>;

struct Cells {
    table: Table,
    dialogue: bool,
    at: chats::CellColumns,
    agents: Agents,
    ready: Queue,
}

struct Table {
    reader: Delimited,
    numbered: bool,
    ragged: bool,
    width: usize,
    path: PathBuf,
    /// A numbered row with its number.
    whole: StringRecord,
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
    let mut record = StringRecord::new();
    while all.len() < most {
        match reader.next(&mut record) {
            Ok(Some((_, true))) if record.len() <= MOST_COLUMNS + 1 => {}
            // Bytes cut in the middle of a character end the look, too.
            _ => break,
        }
        let from = usize::from(form == Form::Numbered);
        all.push(record.iter().skip(from).collect());
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
            return Ok(Records { rows: Rows::Ready(chats::qianniu(&whole, agents)), skipped: 0, summary_rows });
        }
        let mut table = Table {
            reader: Delimited::new(text, of.delimiter),
            numbered: of.form == Form::Numbered,
            ragged: of.source.ragged,
            width: of.width,
            path: of.path.to_path_buf(),
            whole: StringRecord::new(),
        };
        for _ in 0..of.skip {
            if !matches!(table.reader.next(&mut table.whole), Ok(None | Some((_, true)))) {
                return Err(changed());
            }
        }
        let rows = match of.source.layout {
            Layout::Table | Layout::Qianniu => Rows::Table(Box::new(table)),
            Layout::Cells | Layout::Dialogue => {
                let columns: &Conversation = &of.source.conversation;
                let (at, dialogue) =
                    (chats::CellColumns::new(columns, of.header), of.source.layout == Layout::Dialogue);
                Rows::Cells(Box::new(Cells { table, dialogue, at, agents: agents.clone(), ready: Queue::new() }))
            }
        };
        Ok(Records { rows, skipped: 0, summary_rows })
    }

    /// The next record into `record`; `None` at the end.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<Option<Numbered>> {
        loop {
            let read = match &mut self.rows {
                Rows::Table(table) => table.next(record)?,
                Rows::Cells(cells) => cells.next(record)?,
                Rows::Ready(queue) => take(queue, record),
            };
            let row = matches!(read, Some(Ok(_)));
            if !row || !(record.as_slice().is_empty() || self.summary_rows && is_sum(record)) {
                return Ok(read);
            }
            self.skipped += 1;
        }
    }
}

fn is_sum(record: &StringRecord) -> bool {
    record.iter().map(str::trim).filter(|c| !c.is_empty()).take(3).any(|c| SUMS.contains(&c))
}

fn take(queue: &mut Queue, record: &mut StringRecord) -> Option<Numbered> {
    Some(queue.pop_front()?.map(|(row, found)| {
        *record = found;
        row
    }))
}

impl Table {
    fn next(&mut self, record: &mut StringRecord) -> Result<Option<Numbered>> {
        let read = self.reader.next(if self.numbered { &mut self.whole } else { &mut *record });
        match read.map_err(Error::io("cannot read", &self.path))? {
            None => Ok(None),
            Some((line, false)) => Ok(Some(Err((line, Reject::row("the row holds bytes that are no text"))))),
            Some(_) if self.numbered => {
                let row = self.whole.get(0).and_then(|n| n.parse().ok()).unwrap_or(0);
                // A sheet's row ends with its last filled cell.
                record.clear();
                (1..=self.width).for_each(|i| record.push_field(self.whole.get(i).unwrap_or("")));
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
}

impl Cells {
    fn next(&mut self, record: &mut StringRecord) -> Result<Option<Numbered>> {
        loop {
            if let Some(row) = take(&mut self.ready, record) {
                return Ok(Some(row));
            }
            let mut cells = StringRecord::new();
            match self.table.next(&mut cells)? {
                None => return Ok(None),
                Some(Err(wrong)) => return Ok(Some(Err(wrong))),
                Some(Ok(row)) => self.ready = chats::cell(&self.at, &cells, row, self.dialogue, &self.agents),
            }
        }
    }
}
