//! A row's fields where they lie in the text that was read.

/// From where to where a field goes in the text.
pub type Cut = (usize, usize);

/// The fields of one row.
#[derive(Clone, Copy, Default)]
pub struct Record<'r> {
    text: &'r str,
    cuts: &'r [Cut],
}

/// The fields alone: other rows lie in the same text.
impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'r> Record<'r> {
    /// `cuts` lie in `text`, on whole characters.
    #[inline]
    pub fn new(text: &'r str, cuts: &'r [Cut]) -> Record<'r> {
        Record { text, cuts }
    }

    /// Where the fields lie.
    #[inline]
    pub fn cuts(&self) -> &'r [Cut] {
        self.cuts
    }

    /// Other fields of the same text.
    #[inline]
    pub fn at<'c>(&self, cuts: &'c [Cut]) -> Record<'c>
    where
        'r: 'c,
    {
        Record { text: self.text, cuts }
    }

    #[inline]
    pub fn get(&self, at: usize) -> Option<&'r str> {
        let (from, to) = *self.cuts.get(at)?;
        self.text.get(from..to)
    }

    /// Number of fields.
    #[inline]
    pub fn len(&self) -> usize {
        self.cuts.len()
    }

    /// Whether nothing stands in any field.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.cuts.iter().all(|(from, to)| from == to)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let text = self.text;
        self.cuts.iter().map(move |(from, to)| text.get(*from..*to).unwrap_or(""))
    }
}
