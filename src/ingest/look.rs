//! Which files there are and what they are: each piece of the raw folder matched to its sources.

use super::chats::{account, qianniu};
use super::containers::{self, Form, Piece, Scratch};
use super::decode::{self, Examined};
use super::header::{self, Header, LOOKED_AT};
use super::input::{Input, Tally};
use super::nothing::{self, Says};
use super::plan::{Plan, Virtual};
use super::recognise::{Unfit, beside, fold, position};
use super::records::first;
use super::veil;
use crate::base::{Diagnostic, Place, Result, Severity};
use crate::settings::source::{Layout, Source};
use csv::StringRecord;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Rows in which an agent's account is looked for, and a form's first row.
const CONVERSATION: usize = 10_000;
/// Beginning of a text in which chat headers are looked for.
const HEAD: u64 = 64 << 10;

/// What became of one piece.
enum Seen<'a> {
    /// Inputs for one table or several, and what a form says.
    Inputs(Vec<Input<'a>>, Option<Says>),
    PassedOver(Diagnostic),
    /// No source, or nearly one: an error for a file, a note for a strange sheet beside others that are known.
    Unknown {
        told: Diagnostic,
        near: bool,
    },
    Wrong(Diagnostic),
}

/// The recognised files of the raw folder, sorted by name; `None` where there is nothing to read. What is wrong is added
/// to `told`; with an error among it nothing may be published.
pub fn look<'a>(
    raw: &Path,
    sources: &'a [Source],
    scratch: &Scratch,
    told: &mut Vec<Diagnostic>,
) -> Result<Option<Vec<Input<'a>>>> {
    let here = Place::file(raw.display().to_string(), "the raw folder");
    let help = "put the month's exports there, or name the folder under [paths] of the pipeline or with --data";
    if !raw.is_dir() {
        told.push(Diagnostic::error("K0213", "there is no folder of raw files").at(here).help(help));
        return Ok(None);
    }
    let found = containers::pieces(raw, scratch)?;
    told.extend(found.diagnostics);
    // Each piece is read once for its hash and encoding; a sheet is remembered with its workbook.
    let seen: Vec<(Option<String>, Seen<'a>)> = found
        .pieces
        .into_par_iter()
        .map(|piece| {
            let book = piece.sheet.is_some().then(|| piece.file().to_owned());
            Ok((book, see(piece, sources)?))
        })
        .collect::<Result<_>>()?;
    let known: BTreeSet<String> = seen
        .iter()
        .filter(|(_, s)| matches!(s, Seen::Inputs(..) | Seen::PassedOver(_)))
        .filter_map(|(book, _)| book.clone())
        .collect();
    let mut inputs = Vec::new();
    let mut unanswered: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
    for (book, one) in seen {
        match one {
            Seen::Inputs(some, says) => {
                if let Some((first, says)) = some.first().zip(says) {
                    told.extend(says.told(&first.name));
                    if says == Says::Unanswered {
                        unanswered.entry(book.clone()).or_default().push(first.name.clone());
                    }
                }
                inputs.extend(some);
            }
            Seen::PassedOver(d) | Seen::Wrong(d) => told.push(d),
            // A help sheet, somebody's sums: nobody expects them to be read.
            Seen::Unknown { told: d, near: false } if book.is_some_and(|b| known.contains(&b)) => {
                told.push(Diagnostic { severity: Severity::Note, ..d });
            }
            Seen::Unknown { told: d, .. } => told.push(d),
        }
    }
    told.extend(unanswered.values().map(|sheets| nothing::unanswered(sheets)));
    if inputs.is_empty() && told.iter().all(|d| d.severity != Severity::Error) {
        told.push(Diagnostic::error("K0213", "the raw folder holds no file that can be read").at(here).help(help));
        return Ok(None);
    }
    inputs.sort_by(|a, b| (&a.name, &a.source.table).cmp(&(&b.name, &b.source.table)));
    Ok(Some(inputs))
}

fn see<'a>(piece: Piece, sources: &'a [Source]) -> Result<Seen<'a>> {
    let examined = decode::examine(&piece.path)?;
    let name = &piece.name;
    if examined.bytes <= if examined.bom { 3 } else { 0 } {
        let d = Diagnostic::error("K0215", format!("{name} is empty")).at(Place::file(name.clone(), "0 bytes"));
        let help = "export it again, or move it away; where there was nothing, a header alone says so";
        return Ok(Seen::Wrong(d.help(help)));
    }
    let (found, delimiter) = match table(&piece, &examined, sources)? {
        Ok(found) => found,
        Err(offset) => return Ok(Seen::Wrong(undecodable(name, offset))),
    };
    let header = match found {
        Ok(header) => header,
        Err(Unfit::Two(told)) => return Ok(Seen::Wrong(told)),
        Err(Unfit::Nobody { told, near }) => match chat(&piece, &examined, sources)? {
            Some(source) => Header { source, names: StringRecord::new(), skip: 0 },
            None => return Ok(Seen::Unknown { told, near }),
        },
    };
    if let Some(why) = &header.source.passed_over {
        let d = Diagnostic::note("K0214", format!("{name} is passed over: {why}"));
        return Ok(Seen::PassedOver(d.at(Place::file(name.clone(), format!("known as `{}`", header.source.name)))));
    }
    let folded: Vec<String> = header.names.iter().map(fold).collect();
    let all = std::iter::once(header.source).chain(beside(sources, header.source, &folded));
    let says = says(&piece, &examined, &header, delimiter)?;
    let mut inputs = Vec::new();
    for source in all {
        match input(&piece, &examined, &header, source, delimiter)? {
            Ok(mut input) => {
                input.asks = says.is_some();
                if says.is_some_and(|s| !s.delivers()) {
                    input.plan.delivered.clear();
                }
                inputs.push(input);
            }
            Err(d) => return Ok(Seen::Wrong(d)),
        }
    }
    Ok(Seen::Inputs(inputs, says))
}

/// What a form says of itself: only a piece with something above its header can be one.
fn says(piece: &Piece, examined: &Examined, header: &Header<'_>, delimiter: u8) -> Result<Option<Says>> {
    if header.skip < 2 {
        return Ok(None);
    }
    let records = first(&piece.path, examined, piece.form, delimiter, CONVERSATION)?.unwrap_or_default();
    Ok(Says::of(&records, header.skip, &piece.name))
}

/// A piece's header under the delimiter that gives it most known columns; the offset of the first bad byte where it is
/// no text.
#[allow(clippy::type_complexity)]
fn table<'a>(
    piece: &Piece,
    examined: &Examined,
    sources: &'a [Source],
) -> Result<std::result::Result<(std::result::Result<Header<'a>, Unfit>, u8), u64>> {
    let mut delimiters = vec![b',', b'\t', b';'];
    if piece.form == Form::Numbered {
        delimiters.truncate(1);
    } else {
        delimiters.extend(sources.iter().map(|s| s.delimiter).collect::<BTreeSet<_>>());
    }
    let mut best: Option<(std::result::Result<Header<'a>, Unfit>, u8, usize)> = None;
    for (i, delimiter) in delimiters.iter().enumerate().filter(|(i, d)| !delimiters[..*i].contains(d)) {
        let records = match first(&piece.path, examined, piece.form, *delimiter, LOOKED_AT)? {
            Ok(records) => records,
            Err(offset) => return Ok(Err(offset)),
        };
        let widest = records.iter().map(StringRecord::len).max().unwrap_or(0);
        let found = header::find(sources, &records, &piece.name);
        // One that is found is right; else the widest is the nearest to what was meant.
        if found.is_ok() {
            return Ok(Ok((found, *delimiter)));
        }
        if i == 0 || best.as_ref().is_some_and(|(.., w)| widest > *w) {
            best = Some((found, *delimiter, widest));
        }
    }
    let nothing = || (Err(super::recognise::nobody(sources, &[], &piece.name)), b',', 0);
    let (found, delimiter, _) = best.unwrap_or_else(nothing);
    Ok(Ok((found, delimiter)))
}

/// The source of copied chat text, where a piece looks like it.
fn chat<'a>(piece: &Piece, examined: &Examined, sources: &'a [Source]) -> Result<Option<&'a Source>> {
    let Some(source) = sources.iter().find(|s| s.layout == Layout::Qianniu) else { return Ok(None) };
    if piece.form != Form::Text || piece.name.to_ascii_lowercase().ends_with(".csv") {
        return Ok(None);
    }
    let Ok((text, _)) = decode::open(&piece.path, examined, source.encoding)? else { return Ok(None) };
    let mut head = Vec::new();
    let read = text.take(HEAD).read_to_end(&mut head);
    read.map_err(crate::base::Error::io("cannot read", &piece.path))?;
    Ok(qianniu::looks_like(&String::from_utf8_lossy(&head)).then_some(source))
}

fn input<'a>(
    piece: &Piece,
    examined: &Examined,
    header: &Header<'a>,
    source: &'a Source,
    delimiter: u8,
) -> Result<std::result::Result<Input<'a>, Diagnostic>> {
    let encoding = match decode::open(&piece.path, examined, source.encoding)? {
        Ok((_, encoding)) => encoding,
        Err(offset) => return Ok(Err(undecodable(&piece.name, offset))),
    };
    let chat: StringRecord = Layout::CHAT.into_iter().collect();
    let columns = if source.layout == Layout::Table { &header.names } else { &chat };
    let folders = piece.file().rsplit_once('/').map_or("", |(folders, _)| folders);
    // An archive's entries lie where the archive lies; a folder called 2026-05 or 2026年5月 says nothing of a shop.
    let named = |part: &&str| part.chars().any(|c| c.is_alphabetic() && !"年月日".contains(c));
    let folder = folders.split('/').take_while(|part| !is_container(part)).find(named);
    let of_file = Virtual {
        file: piece.file().rsplit('/').next().unwrap_or("").to_owned(),
        sheet: piece.sheet.clone().map(|(_, name)| name).unwrap_or_default(),
        folder: folder.unwrap_or("").to_owned(),
        main: main_account(piece, examined, header, source, delimiter)?,
    };
    let customers = customers(piece, examined, header, source, delimiter)?;
    let (bytes, sha256) = piece.origin.clone().unwrap_or_else(|| (examined.bytes, examined.sha256.clone()));
    let name = veil::name(piece, &customers, &sha256);
    Ok(Ok(Input {
        name,
        path: piece.path.clone(),
        examined: examined.clone(),
        sha256,
        bytes,
        form: piece.form,
        asks: false,
        encoding: piece.made_of.unwrap_or(encoding),
        delimiter,
        skip: header.skip,
        header: header.names.clone(),
        source,
        plan: Plan::new(source, columns, &of_file),
        agents: Arc::default(),
        version: 1,
        tally: Tally::default(),
    }))
}

/// See [`Virtual::main`].
fn main_account(
    piece: &Piece,
    examined: &Examined,
    header: &Header<'_>,
    source: &Source,
    delimiter: u8,
) -> Result<String> {
    let asked = source.fields.values().flat_map(|f| &f.ways).any(|w| w.from.iter().any(|n| n == "@main"));
    let folded: Vec<String> = header.names.iter().map(fold).collect();
    let ways = source.fields.get("account").into_iter().flat_map(|f| &f.ways).flat_map(|w| &w.from);
    let at = ways.filter_map(|name| position(&folded, name)).next();
    let Some(at) = at.filter(|_| asked) else { return Ok(String::new()) };
    let Ok(records) = first(&piece.path, examined, piece.form, delimiter, CONVERSATION)? else {
        return Ok(String::new());
    };
    let mut accounts = records.iter().skip(header.skip).filter_map(|r| r.get(at)).map(account);
    Ok(accounts.find_map(|a| a.split_once(':').map(|(main, _)| main.to_owned())).unwrap_or_default())
}

/// Whose conversations a piece holds, as far as one looks: some tools call files and sheets after the customer.
fn customers(
    piece: &Piece,
    examined: &Examined,
    header: &Header<'_>,
    source: &Source,
    delimiter: u8,
) -> Result<BTreeSet<String>> {
    if source.layout == Layout::Qianniu {
        let Ok((text, _)) = decode::open(&piece.path, examined, source.encoding)? else { return Ok(BTreeSet::new()) };
        let mut head = Vec::new();
        let read = text.take(HEAD).read_to_end(&mut head);
        read.map_err(crate::base::Error::io("cannot read", &piece.path))?;
        return Ok(qianniu::customers(&String::from_utf8_lossy(&head)));
    }
    let named = source.fields.get("buyer").into_iter().flat_map(|f| &f.ways).flat_map(|w| &w.from);
    let folded: Vec<String> = header.names.iter().map(fold).collect();
    let at: Vec<usize> =
        named.chain(&source.conversation.customer).filter_map(|name| position(&folded, name)).collect();
    if at.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Ok(records) = first(&piece.path, examined, piece.form, delimiter, CONVERSATION)? else {
        return Ok(BTreeSet::new());
    };
    let nicks = records.iter().skip(header.skip).flat_map(|r| at.iter().filter_map(|i| r.get(*i)));
    Ok(nicks.map(|n| n.trim().to_owned()).collect())
}

fn is_container(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    [".zip", ".gz", ".zst"].iter().any(|e| lower.ends_with(e))
}

fn undecodable(name: &str, offset: u64) -> Diagnostic {
    Diagnostic::error("K0216", format!("{name} is neither UTF-8 nor GB18030 nor marked UTF-16"))
        .at(Place::file(name, format!("first bad byte at offset {offset}")))
        .help("export it again as CSV UTF-8")
}
