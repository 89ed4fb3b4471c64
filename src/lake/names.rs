//! Texts that come up again and again (shops, accounts, people, files) as small numbers. The numbers depend on the order
//! of arrival and must never reach an output: sort by the text.

use foldhash::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Stands for "no text".
pub const NONE: u32 = u32::MAX;

#[derive(Debug, Default)]
struct Inner {
    ids: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

/// A shared interner.
#[derive(Debug, Default)]
pub struct Names(RwLock<Inner>);

impl Names {
    pub fn new() -> Names {
        Names::default()
    }

    /// The number of a text, made where it is new.
    pub fn id(&self, text: &str) -> u32 {
        if let Some(id) = self.find(text) {
            return id;
        }
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&id) = inner.ids.get(text) {
            return id;
        }
        let id = inner.texts.len() as u32;
        let text: Arc<str> = text.into();
        inner.ids.insert(text.clone(), id);
        inner.texts.push(text);
        id
    }

    /// The number of a text that is known already.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).ids.get(text).copied()
    }

    /// The text of a number; empty for [`NONE`].
    pub fn text(&self, id: u32) -> Arc<str> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        inner.texts.get(id as usize).cloned().unwrap_or_else(|| "".into())
    }

    /// All texts, by number.
    pub fn all(&self) -> Vec<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }
}
