//! Messages on their way to their buckets: fixed-size rows by month and fine bucket, in memory up to a bound and beyond
//! it on disk.

use super::conversations::FINE;
use crate::base::{Error, Month, Result, files};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows in memory before they go to disk.
const MOST: usize = 2_000_000;
/// Bytes of a row on disk.
const BYTES: usize = 40;
/// Rows of a block of memory: what a bucket takes at once, so that it never moves what it holds.
const BLOCK: usize = 256;

/// A message as numbers: account and file of `Names` and of the list of files, conversation of `Conversations`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub ts: i64,
    pub conversation: u32,
    pub account: u32,
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
        b[0..8].copy_from_slice(&self.ts.to_le_bytes());
        b[8..12].copy_from_slice(&self.conversation.to_le_bytes());
        b[12..16].copy_from_slice(&self.account.to_le_bytes());
        b[16..20].copy_from_slice(&self.row.to_le_bytes());
        b[20..24].copy_from_slice(&self.file.to_le_bytes());
        b[24..28].copy_from_slice(&self.chars.to_le_bytes());
        b[28..32].copy_from_slice(&self.quoted.to_le_bytes());
        b[32..36].copy_from_slice(&self.auto.to_le_bytes());
        b[36..40].copy_from_slice(&[self.role, self.kind, u8::from(self.closing), self.filter]);
        b
    }

    fn from_bytes(b: &[u8; BYTES]) -> Row {
        let number = |at: usize| u32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]);
        Row {
            ts: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            conversation: number(8),
            account: number(12),
            row: number(16),
            file: number(20),
            chars: number(24),
            quoted: number(28),
            auto: number(32),
            role: b[36],
            kind: b[37],
            closing: b[38] == 1,
            filter: b[39],
        }
    }
}

/// A month's rows by fine bucket.
type Parts<T> = BTreeMap<Month, Vec<T>>;

fn parts<T: Default>() -> Vec<T> {
    (0..FINE).map(|_| T::default()).collect()
}

/// A fine bucket: its blocks, and how many rows are on disk.
#[derive(Debug, Default)]
struct Fine {
    blocks: Vec<Vec<Row>>,
    on_disk: u64,
}

impl Fine {
    fn in_memory(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }
}

/// What is in memory.
#[derive(Debug, Default)]
struct Held {
    months: Parts<Fine>,
    rows: usize,
    /// Empty blocks, for whoever asks next.
    free: Vec<Vec<Row>>,
}

impl Held {
    fn part(&mut self, month: Month, fine: u32) -> &mut Fine {
        &mut self.months.entry(month).or_insert_with(parts)[fine as usize]
    }

    fn block(&mut self) -> Vec<Row> {
        self.free.pop().unwrap_or_else(|| Vec::with_capacity(BLOCK))
    }
}

/// All rows so far, by month and fine bucket. Several readers fill it side by side.
#[derive(Debug)]
pub struct Spill {
    dir: PathBuf,
    held: Mutex<Held>,
    /// Whose turn it is to write: blocks go to disk in the order in which they were taken.
    disk: Mutex<()>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Spill {
    /// `dir` is for the rows that go to disk.
    pub fn new(dir: &Path) -> Result<Spill> {
        files::remove_dir(dir)?;
        Ok(Spill { dir: dir.to_path_buf(), held: Mutex::default(), disk: Mutex::default() })
    }

    /// For the rows of one reader.
    pub fn fill(&self) -> Filling<'_> {
        Filling { spill: self, months: Parts::new(), blocks: 0 }
    }

    /// Writes what is in memory to disk.
    fn flush(&self, mut held: MutexGuard<'_, Held>) -> Result<()> {
        let turn = lock(&self.disk);
        let mut taken = Vec::new();
        for (month, parts) in &mut held.months {
            for (fine, part) in (0..).zip(parts).filter(|(_, part)| !part.blocks.is_empty()) {
                part.on_disk += part.in_memory() as u64;
                taken.push((*month, fine, std::mem::take(&mut part.blocks)));
            }
        }
        held.rows = 0;
        drop(held);
        files::make_dir(&self.dir)?;
        let mut bytes = Vec::new();
        for (month, fine, blocks) in &taken {
            bytes.clear();
            blocks.iter().flatten().for_each(|row| bytes.extend_from_slice(&row.bytes()));
            let path = file(&self.dir, *month, *fine);
            let out = OpenOptions::new().create(true).append(true).open(&path);
            out.and_then(|mut out| out.write_all(&bytes)).map_err(Error::io("cannot write", &path))?;
        }
        drop(turn);
        let blocks = taken.into_iter().flat_map(|(.., blocks)| blocks);
        lock(&self.held).free.extend(blocks.map(|mut block| {
            block.clear();
            block
        }));
        Ok(())
    }

    /// Rows of each month, when all are there.
    pub fn months(&self) -> BTreeMap<Month, u64> {
        let mut held = lock(&self.held);
        held.free = Vec::new();
        let of = |part: &Fine| part.in_memory() as u64 + part.on_disk;
        held.months.iter().map(|(month, parts)| (*month, parts.iter().map(of).sum())).collect()
    }

    /// The rows of a month's fine bucket, each file's in its order; those in memory are handed over once.
    pub fn rows(&self, month: Month, fine: u32) -> Result<Vec<Row>> {
        let part = std::mem::take(lock(&self.held).part(month, fine));
        let mut all = Vec::with_capacity(part.in_memory() + part.on_disk as usize);
        if part.on_disk > 0 {
            let path = file(&self.dir, month, fine);
            let mut bytes = Vec::with_capacity(part.on_disk as usize * BYTES);
            File::open(&path).and_then(|mut f| f.read_to_end(&mut bytes)).map_err(Error::io("cannot read", &path))?;
            all.extend(bytes.as_chunks().0.iter().map(Row::from_bytes));
        }
        part.blocks.iter().for_each(|block| all.extend_from_slice(block));
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

/// Blocks that a reader fills before it hands over those that are not full, too.
const PRIVATE: usize = 2 * FINE as usize;

/// Rows of one reader on their way: it shares the blocks that are full.
pub struct Filling<'s> {
    spill: &'s Spill,
    months: Parts<Vec<Row>>,
    /// How many blocks it fills.
    blocks: usize,
}

impl Filling<'_> {
    /// Takes a row.
    #[inline]
    pub fn push(&mut self, month: Month, fine: u32, row: Row) -> Result<()> {
        if self.blocks > PRIVATE {
            self.hand_over()?;
        }
        let block = &mut self.months.entry(month).or_insert_with(parts)[fine as usize];
        if block.len() == block.capacity() {
            let mut held = lock(&self.spill.held);
            let full = std::mem::replace(block, held.block());
            self.blocks += usize::from(full.is_empty());
            if !full.is_empty() {
                held.rows += full.len();
                held.part(month, fine).blocks.push(full);
                if held.rows > MOST {
                    self.spill.flush(held)?;
                }
            }
        }
        block.push(row);
        Ok(())
    }

    /// Hands the rest over.
    pub fn finish(mut self) -> Result<()> {
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<()> {
        let mut held = lock(&self.spill.held);
        self.blocks = 0;
        for (month, parts) in std::mem::take(&mut self.months) {
            for (fine, mut block) in (0..).zip(parts).filter(|(_, block)| !block.is_empty()) {
                held.rows += block.len();
                let part = held.part(month, fine);
                // Small files must not leave a block of room each.
                match part.blocks.last_mut().filter(|last| last.len() + block.len() <= last.capacity()) {
                    Some(last) => {
                        last.append(&mut block);
                        held.free.push(block);
                    }
                    None => part.blocks.push(block),
                }
            }
        }
        if held.rows > MOST { self.spill.flush(held) } else { Ok(()) }
    }
}
