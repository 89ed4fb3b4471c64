//! Whether an empty sheet says that there was nothing. A sheet of the registers' workbook asks above its header, and an
//! empty one counts only where somebody has answered: nobody shall lose points because a form lay unfilled in the raw
//! folder. A file that does not ask, such as a CSV export, says it with its header alone.

use super::period;
use crate::base::{Diagnostic, Place};
use csv::StringRecord;

/// A language's question and the answer to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    pub lang: &'static str,
    /// Stands in the first cell above the header.
    pub question: &'static str,
    /// Is chosen in the cell beside it.
    pub answer: &'static str,
}

/// What the workbook's sheets ask. The first language is that of who has another one.
pub const ASKED: [Asked; 2] = [
    Asked { lang: "zh", question: "本月无记录？", answer: "已核对无记录" },
    Asked { lang: "en", question: "Nothing this month?", answer: "checked, none" },
];

/// The question of a language.
pub fn asked(lang: &str) -> &'static Asked {
    ASKED.iter().find(|a| a.lang == lang).unwrap_or(&ASKED[0])
}

/// What a sheet that asks says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// It has rows.
    Holds,
    /// There was nothing in the month that its file's name states.
    Nothing,
    /// Nobody has filled it in.
    Unanswered,
    /// The answer is none that is known.
    Unclear,
    /// Nothing, but of no month: the file's name states none.
    NoMonth,
    /// There was nothing, above rows: the rows count.
    Both,
}

impl Says {
    /// What the records of a piece say; the first `skip` of them stand above its rows. `file` as the lineage calls it.
    /// `None` where it does not ask: what it holds is all that there was.
    pub fn of(records: &[StringRecord], skip: usize, file: &str) -> Option<Says> {
        let (above, rows) = records.split_at(skip.min(records.len()));
        let first_two = |r: &StringRecord| [0, 1].map(|i| r.get(i).unwrap_or("").trim().to_owned());
        let asks = |r: &StringRecord| {
            let [first, second] = first_two(r);
            ASKED.iter().find(|a| a.question == first).map(|_| second)
        };
        let answer = above.iter().find_map(asks)?;
        let any = rows.iter().any(|r| r.iter().any(|cell| !cell.trim().is_empty()));
        let nothing = ASKED.iter().any(|a| a.answer == answer);
        Some(match (any, answer.as_str()) {
            (true, _) if nothing => Says::Both,
            (true, _) => Says::Holds,
            (false, "") => Says::Unanswered,
            (false, _) if !nothing => Says::Unclear,
            (false, _) if period::named_month(file).is_none() => Says::NoMonth,
            (false, _) => Says::Nothing,
        })
    }

    /// Whether the piece delivers its table.
    pub fn delivers(self) -> bool {
        matches!(self, Says::Holds | Says::Nothing | Says::Both)
    }

    /// The finding about one sheet; an unanswered one is told with all others of its workbook, see [`unanswered`].
    pub fn told(self, file: &str) -> Option<Diagnostic> {
        let [zh, en] = [ASKED[0].answer, ASKED[1].answer];
        let (message, help) = match self {
            Says::Holds | Says::Nothing | Says::Unanswered => return None,
            Says::Unclear => (
                format!("{file} is empty and does not say that there was nothing: it counts as not delivered"),
                format!("choose `{zh}` (`{en}`) in the cell beside the question, or clear it"),
            ),
            Says::NoMonth => (
                format!("{file} says that there was nothing, but not in which month: it counts as not delivered"),
                "write the month into the file's name, such as 登记表-2026-05.xlsx".to_owned(),
            ),
            Says::Both => (
                format!("{file} says that there was nothing, and holds rows: the rows count"),
                "clear the cell beside the question, or take the rows out".to_owned(),
            ),
        };
        Some(Diagnostic::warning("K0227", message).at(Place::file(file, "this sheet")).help(help))
    }
}

/// The note about the sheets of a workbook that nobody has filled in.
pub fn unanswered(sheets: &[String]) -> Diagnostic {
    let message = format!("{} sheet(s) are not filled in: they count as not delivered", sheets.len());
    let d =
        sheets.iter().fold(Diagnostic::note("K0227", message), |d, s| d.at(Place::file(s.clone(), "not filled in")));
    d.help(format!("where there was nothing, choose `{}` (`{}`) above the header", ASKED[0].answer, ASKED[1].answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(answer: &str, rows: &[&str], file: &str) -> Option<Says> {
        let mut records = vec![StringRecord::from(vec![ASKED[0].question, answer]), StringRecord::from(vec!["工号"])];
        records.extend(rows.iter().map(|r| StringRecord::from(vec![*r])));
        Says::of(&records, 2, file)
    }

    #[test]
    fn an_empty_sheet_says_nothing_until_somebody_answers() {
        let may = "登记表-2026-05.xlsx#违规登记";
        assert_eq!(says("", &[], may), Some(Says::Unanswered));
        assert_eq!(says("", &[" "], may), Some(Says::Unanswered));
        assert_eq!(says(" 已核对无记录 ", &[], may), Some(Says::Nothing));
        assert_eq!(says("checked, none", &[], may), Some(Says::Nothing));
        assert_eq!(says("无", &[], may), Some(Says::Unclear));
        assert_eq!(says("已核对无记录", &[], "登记表.xlsx#违规登记"), Some(Says::NoMonth));
        assert_eq!(says("", &["S01"], may), Some(Says::Holds));
        assert_eq!(says("已核对无记录", &["S01"], may), Some(Says::Both));
        // A file that does not ask.
        let header = [StringRecord::from(vec!["工号"])];
        assert_eq!(Says::of(&header, 1, "incidents.csv"), None);
    }
}
