//! `kaohe review`: a period's months into one bundle, sealed where they are closed. What is sealed stays: other inputs make
//! a new version, and only when somebody asks for it.

use super::basis::{self, Months};
use super::bundle::{Bundle, Order, Shelf};
use super::project::Project;
use super::{Progress, close, compute, stage};
use crate::base::{Diagnostic, Error, Month, Ms, Place, Result, Severity};
use crate::lake::lock::Lock;
use crate::lake::manifest::Manifest;
use crate::review::archive::Passphrase;
use crate::review::manifest::Basis;
use crate::review::seals::{Log, Seal};
use crate::review::{PayFile, Period};
use std::path::PathBuf;

/// What is asked for.
#[derive(Debug)]
pub struct Asked {
    pub period: Period,
    /// A new version of what is sealed.
    pub amend: bool,
    /// A draft of months that are open.
    pub open_months: bool,
    pub pay: Option<PathBuf>,
    pub passphrase: Option<Passphrase>,
}

/// What was made.
#[derive(Debug)]
pub struct Reviewed {
    /// The bundle's folder.
    pub folder: PathBuf,
    pub how: How,
    pub told: Vec<Diagnostic>,
}

/// How a review ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    Sealed {
        version: u32,
        seal: String,
        /// What is other than in the version before; `None` for the first.
        changes: Option<usize>,
    },
    /// Nothing is sealed while months are open.
    Draft { open: Vec<Month> },
    /// Nothing that it is made of has changed since it was sealed.
    Unchanged { version: u32 },
}

/// Makes, amends or finds the bundle of a period.
///
/// # Errors
/// Exit 3 where months are missing or open, or where what is sealed would be another one now; exit 4 where another run
/// works. `begun` is called once the lock is ours.
pub fn review(
    project: &Project,
    asked: &Asked,
    progress: &dyn Progress,
    begun: &dyn Fn() -> Result<()>,
) -> Result<Reviewed> {
    let _lock = Lock::take(&project.data)?;
    begun()?;
    let lake = stage::manifest(project)?;
    let mut log = Log::sound(&project.data)?;
    let shelf = Shelf::open(&project.reviews, asked.period, &log)?;
    let pay = asked.pay.as_deref().map(PayFile::read).transpose()?;
    let as_of = stage::as_of(project, &lake)?;
    let work = Work { project, lake: &lake, asked, pay, as_of, progress, shelf };
    match log.newest(&asked.period.to_string()).cloned() {
        Some(seal) => work.again(seal, &mut log),
        None if asked.amend => {
            let d = Diagnostic::error("K0425", format!("nothing of {} is sealed yet", asked.period));
            Err(Error::Refused(vec![d.help("leave out `--amend`")]))
        }
        None => work.first(&mut log),
    }
}

struct Work<'a> {
    project: &'a Project,
    lake: &'a Manifest,
    asked: &'a Asked,
    pay: Option<PayFile>,
    as_of: Ms,
    progress: &'a dyn Progress,
    shelf: Shelf,
}

impl Work<'_> {
    fn months(&self) -> Result<Months> {
        Months::of(self.project, self.lake, self.asked.period, self.asked.open_months)
    }

    fn basis(&self, months: &Months) -> Result<Basis> {
        basis::basis(self.project, self.lake, months, self.pay.as_ref().map(|p| p.hash.clone()))
    }

    fn order<'o>(&self, version: u32, basis: Basis) -> Order<'o> {
        let pay = self.pay.clone();
        Order { period: self.asked.period, version, as_of: self.as_of, pay, basis, before: None }
    }

    fn make(&self, months: &Months, order: Order<'_>) -> Result<Bundle> {
        self.progress.begin("review", 0);
        let bundle = Bundle::make(self.project, self.lake, months, order);
        self.progress.end();
        bundle
    }

    fn done(&self, version: u32, how: How, told: Vec<Diagnostic>) -> Reviewed {
        Reviewed { folder: self.shelf.place(version), how, told }
    }

    /// Nothing is sealed yet. What came after the months were closed is told: closing them was a decision.
    fn first(&self, log: &mut Log) -> Result<Reviewed> {
        let mut months = self.months()?;
        let late = months.late(self.project, self.lake)?.into_iter().map(|(_, d)| d);
        let told = std::mem::take(&mut months.told).into_iter().chain(late).collect();
        if !months.open.is_empty() {
            return self.draft(&months, told);
        }
        let bundle = self.make(&months, self.order(1, self.basis(&months)?))?;
        self.shelf.seal(&bundle, self.asked.passphrase.as_ref(), &self.project.data, log)?;
        Ok(self.done(1, How::Sealed { version: 1, seal: bundle.seal, changes: None }, told))
    }

    fn draft(&self, months: &Months, told: Vec<Diagnostic>) -> Result<Reviewed> {
        let bundle = self.make(months, self.order(0, self.basis(months)?))?;
        self.shelf.draft(&bundle, self.asked.passphrase.as_ref())?;
        Ok(self.done(0, How::Draft { open: months.open.clone() }, told))
    }

    /// A version is sealed: the same again, refused, or the next one.
    fn again(&self, seal: Seal, log: &mut Log) -> Result<Reviewed> {
        if self.asked.amend {
            self.take_in_late_data()?;
        }
        let mut months = self.months()?;
        let told = std::mem::take(&mut months.told);
        if !months.open.is_empty() {
            return self.draft(&months, told);
        }
        let late: Vec<Diagnostic> = months.late(self.project, self.lake)?.into_iter().map(|(_, d)| d).collect();
        let basis = self.basis(&months)?;
        if basis.hash()? == seal.basis && (late.is_empty() || self.asked.amend) {
            return self.unchanged(&seal, &months, basis, log, told);
        }
        let before = self.shelf.published(&seal)?;
        if !self.asked.amend {
            return Err(Error::Refused(refused(&seal, &basis.changed(&before.manifest.basis), late)));
        }
        let version = seal.version + 1;
        let bundle = self.make(&months, Order { before: Some(&before), ..self.order(version, basis) })?;
        self.shelf.seal(&bundle, self.asked.passphrase.as_ref(), &self.project.data, log)?;
        let changes = Some(bundle.changes.len());
        Ok(self.done(version, How::Sealed { version, seal: bundle.seal, changes }, told))
    }

    /// The sealed bundle is the one that would be made now; where its folder was taken away, it is put back.
    fn unchanged(
        &self,
        seal: &Seal,
        months: &Months,
        basis: Basis,
        log: &Log,
        told: Vec<Diagnostic>,
    ) -> Result<Reviewed> {
        if !self.shelf.place(seal.version).exists() {
            let amended = seal.version.checked_sub(1).and_then(|v| log.find(&seal.period, v));
            let before = amended.map(|s| self.shelf.published(s)).transpose()?;
            let order = self.order(seal.version, basis);
            let bundle = self.make(months, Order { as_of: seal.as_of, before: before.as_ref(), ..order })?;
            self.shelf.put_back(&bundle, seal)?;
        }
        Ok(self.done(seal.version, How::Unchanged { version: seal.version }, told))
    }

    /// An amendment takes in what came after months were closed: they are opened (which the log of closed months keeps),
    /// computed and closed again. One that was killed in between goes on.
    fn take_in_late_data(&self) -> Result<()> {
        let (project, lake) = (self.project, self.lake);
        let reason = format!("review --amend {}", self.asked.period);
        let mine = self.asked.period.months();
        let begun = close::reopened(&project.data)?.into_iter().filter(|(m, why)| mine.contains(m) && *why == reason);
        let begun: Vec<Month> = begun.map(|(month, _)| month).collect();
        let closed = close::closed(&project.data)?.into_keys().filter(|m| mine.contains(m)).collect();
        let months = Months { all: closed, ..Months::default() };
        let late: Vec<Month> = months.late(project, lake)?.into_iter().map(|(month, _)| month).collect();
        let mut all = begun;
        all.extend(&late);
        all.sort_unstable();
        if all.is_empty() {
            return Ok(());
        }
        let mut early = Vec::new();
        for month in &all {
            let over = close::settles_at(project, lake, *month, self.as_of)?;
            if self.as_of < over {
                let until = project.zone().format(over);
                let d = Diagnostic::error("K0411", format!("a deadline or window of {month} runs until {until}"));
                early.push(d.help("amend after that (with `--as-of`)"));
            }
        }
        if !early.is_empty() {
            return Err(Error::Refused(early));
        }
        close::reopen_unlocked(project, &late, self.as_of, &reason)?;
        compute::these(project, lake, &all, self.as_of, self.progress)?;
        close::close_unlocked(project, lake, &all, self.as_of, None).map(drop)
    }
}

fn refused(seal: &Seal, changed: &[String], late: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let d = Diagnostic::error("K0423", format!("{} is sealed, and what it is made of has changed", seal.name()));
    let d = changed.iter().fold(d, |d, what| d.at(Place::file(what.clone(), "is other than it was")));
    let d =
        d.help("nothing sealed is changed: `--amend` makes a new version with a list of what changed for whom and why");
    let late = late.into_iter().map(|d| Diagnostic { help: None, severity: Severity::Error, ..d });
    std::iter::once(d).chain(late).collect()
}
