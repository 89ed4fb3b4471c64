//! Messages on their way to their buckets: fixed-size rows by month and fine bucket, in memory up to a bound and beyond
//! it on disk.

use crate::base::{Error, Month, Result, files};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Fine buckets of a month; the final ones are runs of them.
pub const FINE: u32 = 256;
/// Rows in memory before they go to disk.
const MOST: usize = 1_250_000;
/// Bytes of a row on disk.
const BYTES: usize = 56;
/// Rows of a block of memory: what a bucket takes at once, so that it never moves what it holds.
const BLOCK: usize = 256;

/// A message as numbers: shop, account and file of `Names` and of the list of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub shop: u32,
    pub account: u32,
    pub buyer: [u8; 12],
    /// First character of the nick.
    pub mask: u32,
    pub ts: i64,
    pub row: u32,
    pub file: u32,
    pub chars: u32,
    /// 1 + index of the quoted order numbers; 0: none.
    pub quoted: u32,
    /// 1 + index of what an auto reply was found to be; 0: nothing.
    pub auto: u32,
    pub role: u8,
    pub kind: u8,
    pub closing: bool,
    pub filter: u8,
}

impl Row {
    fn bytes(&self) -> [u8; BYTES] {
        let mut b = [0; BYTES];
        b[0..4].copy_from_slice(&self.shop.to_le_bytes());
        b[4..8].copy_from_slice(&self.account.to_le_bytes());
        b[8..20].copy_from_slice(&self.buyer);
        b[20..24].copy_from_slice(&self.mask.to_le_bytes());
        b[24..32].copy_from_slice(&self.ts.to_le_bytes());
        b[32..36].copy_from_slice(&self.row.to_le_bytes());
        b[36..40].copy_from_slice(&self.file.to_le_bytes());
        b[40..44].copy_from_slice(&self.chars.to_le_bytes());
        b[44..48].copy_from_slice(&self.quoted.to_le_bytes());
        b[48..52].copy_from_slice(&self.auto.to_le_bytes());
        b[52..56].copy_from_slice(&[self.role, self.kind, u8::from(self.closing), self.filter]);
        b
    }

    fn from_bytes(b: &[u8]) -> Row {
        let four = |at: usize| [b[at], b[at + 1], b[at + 2], b[at + 3]];
        let number = |at: usize| u32::from_le_bytes(four(at));
        let mut buyer = [0; 12];
        buyer.copy_from_slice(&b[8..20]);
        let mut ts = [0; 8];
        ts.copy_from_slice(&b[24..32]);
        Row {
            shop: number(0),
            account: number(4),
            buyer,
            mask: number(20),
            ts: i64::from_le_bytes(ts),
            row: number(32),
            file: number(36),
            chars: number(40),
            quoted: number(44),
            auto: number(48),
            role: b[52],
            kind: b[53],
            closing: b[54] == 1,
            filter: b[55],
        }
    }
}

/// A fine bucket: blocks that are full, the one that is being filled, and how many rows are on disk.
#[derive(Debug, Default)]
struct Fine {
    full: Vec<Vec<Row>>,
    rows: Vec<Row>,
    on_disk: u64,
}

impl Fine {
    fn in_memory(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.rows.len()
    }
}

/// All rows so far, by month and fine bucket.
#[derive(Debug)]
pub struct Spill {
    dir: PathBuf,
    months: BTreeMap<Month, Vec<Mutex<Fine>>>,
    in_memory: usize,
    /// Empty blocks, for whichever bucket asks next.
    free: Vec<Vec<Row>>,
}

impl Spill {
    /// `dir` is for the rows that go to disk.
    pub fn new(dir: &Path) -> Result<Spill> {
        files::remove_dir(dir)?;
        Ok(Spill { dir: dir.to_path_buf(), months: BTreeMap::new(), in_memory: 0, free: Vec::new() })
    }

    /// Takes rows with their month and fine bucket.
    pub fn take(&mut self, rows: &[(Month, u32, Row)]) -> Result<()> {
        // Rows come in order of time: a month is looked up once a run.
        for run in rows.chunk_by(|a, b| a.0 == b.0) {
            let month = self.months.entry(run[0].0).or_insert_with(|| (0..FINE).map(|_| Mutex::default()).collect());
            for (_, fine, row) in run {
                let part = month[*fine as usize].get_mut().unwrap_or_else(PoisonError::into_inner);
                if part.rows.len() == part.rows.capacity() {
                    let next = self.free.pop().unwrap_or_else(|| Vec::with_capacity(BLOCK));
                    let full = std::mem::replace(&mut part.rows, next);
                    part.full.extend(Some(full).filter(|f| !f.is_empty()));
                }
                part.rows.push(*row);
            }
        }
        self.in_memory += rows.len();
        if self.in_memory > MOST { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        files::make_dir(&self.dir)?;
        let mut bytes = Vec::new();
        for (month, parts) in &mut self.months {
            for (fine, part) in parts.iter_mut().enumerate() {
                let part = part.get_mut().unwrap_or_else(PoisonError::into_inner);
                if part.rows.is_empty() {
                    continue;
                }
                bytes.clear();
                for mut block in part.full.drain(..).chain([std::mem::take(&mut part.rows)]) {
                    block.iter().for_each(|r| bytes.extend_from_slice(&r.bytes()));
                    block.clear();
                    self.free.push(block);
                }
                let path = file(&self.dir, *month, fine as u32);
                let open = OpenOptions::new().create(true).append(true).open(&path);
                let mut out = open.map_err(Error::io("cannot write", &path))?;
                out.write_all(&bytes).map_err(Error::io("cannot write", &path))?;
                part.on_disk += (bytes.len() / BYTES) as u64;
            }
        }
        self.in_memory = 0;
        Ok(())
    }

    /// Rows of each month, when all are there.
    pub fn months(&mut self) -> BTreeMap<Month, u64> {
        self.free = Vec::new();
        let of = |part: &Mutex<Fine>| {
            let part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.in_memory() as u64 + part.on_disk
        };
        self.months.iter().map(|(month, parts)| (*month, parts.iter().map(of).sum())).collect()
    }

    /// The rows of a month's fine bucket, each file's in its order; those in memory are handed over once.
    pub fn rows(&self, month: Month, fine: u32) -> Result<Vec<Row>> {
        let Some(part) = self.months.get(&month).and_then(|parts| parts.get(fine as usize)) else {
            return Ok(Vec::new());
        };
        let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
        let mut all = Vec::with_capacity(part.in_memory() + part.on_disk as usize);
        if part.on_disk > 0 {
            let path = file(&self.dir, month, fine);
            let mut bytes = Vec::with_capacity(part.on_disk as usize * BYTES);
            File::open(&path).and_then(|mut f| f.read_to_end(&mut bytes)).map_err(Error::io("cannot read", &path))?;
            all.extend(bytes.chunks_exact(BYTES).map(Row::from_bytes));
        }
        part.full.iter().chain([&part.rows]).for_each(|block| all.extend_from_slice(block));
        Ok(all)
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        let _ = files::remove_dir(&self.dir);
    }
}

fn file(dir: &Path, month: Month, fine: u32) -> PathBuf {
    dir.join(format!("{month}-{fine:03}"))
}
