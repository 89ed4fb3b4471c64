//! Old workbooks, looked through before they are read: the reader makes room for every cell between the first and the last
//! one, and for as many as a sheet says it has, so that a few damaged bytes would ask for more memory than there is.

use super::{Broken, TOO_BIG};
use crate::base::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Cells of all sheets for which room is made: two sheets that are filled to the last corner.
const MOST_CELLS: u64 = 1 << 25;
/// Bytes of the stream that holds the sheets.
const MOST_BYTES: u64 = 512 << 20;

// Types of records, [MS-XLS] 2.3.
const BOUND_SHEET: u16 = 0x85;
const DIMENSIONS: u16 = 0x200;
const MUL_RK: u16 = 0xBD;
const BEGIN: u16 = 0x809;
const END: u16 = 0x0A;
/// Those that begin with a row and a column.
const CELLS: [u16; 9] = [0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x207, 0x27E];

/// Refuses a workbook whose sheets would take too much.
pub fn check(path: &Path) -> Result<(), Broken> {
    let no = |e: std::io::Error| Broken::File(format!("cannot be read as a workbook: {e}"), super::sheets::SAVE);
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut parts = cfb::CompoundFile::open(file).map_err(no)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|n| parts.is_stream(n)).unwrap_or("/Workbook");
    let mut bytes = Vec::new();
    parts.open_stream(name).map_err(no)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(no)?;
    let too_big = |what: String| Err(Broken::File(what, TOO_BIG));
    if bytes.len() as u64 > MOST_BYTES {
        return too_big(format!("holds more than {} MB", MOST_BYTES >> 20));
    }
    let starts = Records(&bytes).take_while(|(kind, _)| *kind != END).filter(|(kind, _)| *kind == BOUND_SHEET);
    let (mut cells, mut walked) = (0_u64, 0_u64);
    for start in starts.filter_map(|(_, data)| Some(u32::from_le_bytes(data.get(..4)?.try_into().ok()?))) {
        let Some(sheet) = bytes.get(start as usize..) else { continue };
        let (mut room, mut inside) = (Room::default(), 0_u32);
        for (n, (kind, data)) in Records(sheet).enumerate() {
            walked += 4 + data.len() as u64;
            match kind {
                END if inside == 0 => break,
                END => inside -= 1,
                // An embedded chart; its cells are counted, too, which errs on the safe side.
                BEGIN if n > 0 => inside += 1,
                _ => room.take(kind, data),
            }
        }
        cells = cells.saturating_add(room.cells());
        if cells > MOST_CELLS {
            return too_big(format!("would take room for more than {MOST_CELLS} cells"));
        }
        // Sheets that all begin at one place.
        if walked > 4 * MOST_BYTES.min(bytes.len() as u64 * 4) {
            return too_big("has sheets that lie in each other".to_owned());
        }
    }
    Ok(())
}

/// Type and data of each record; ends where the stream does.
struct Records<'b>(&'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?).into())
}

/// First and last row and column, and what a sheet says of itself.
#[derive(Default)]
struct Room {
    rows: Option<(u64, u64)>,
    columns: Option<(u64, u64)>,
    said: u64,
}

impl Room {
    fn take(&mut self, kind: u16, data: &[u8]) {
        let wider = |range: &mut Option<(u64, u64)>, n: u16| {
            let n = u64::from(n);
            *range = Some(range.map_or((n, n), |(a, b)| (a.min(n), b.max(n))));
        };
        if kind == DIMENSIONS {
            // Rows are four bytes wide since 1997, two before. The first column is not believed: the reader does not either.
            let new = (long(data, 0), long(data, 4), short(data, 8), short(data, 10));
            let old = (short(data, 0), short(data, 2), short(data, 4), short(data, 6));
            let said = match (new, old) {
                ((Some(a), Some(b), Some(_), Some(d)), _) => b.abs_diff(a) * u64::from(d),
                (_, (Some(a), Some(b), Some(_), Some(d))) => u64::from(b.abs_diff(a)) * u64::from(d),
                _ => 0,
            };
            self.said = self.said.max(said);
        } else if CELLS.contains(&kind)
            && let (Some(row), Some(column)) = (short(data, 0), short(data, 2))
        {
            wider(&mut self.rows, row);
            wider(&mut self.columns, column);
            if let Some(last) = data.len().checked_sub(2).filter(|_| kind == MUL_RK).and_then(|at| short(data, at)) {
                wider(&mut self.columns, last);
            }
        }
    }

    fn cells(&self) -> u64 {
        let length = |range: Option<(u64, u64)>| range.map_or(0, |(a, b)| b - a + 1);
        (length(self.rows) * length(self.columns)).max(self.said)
    }
}
