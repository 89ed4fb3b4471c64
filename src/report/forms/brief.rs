//! A short message for group chats, as one Markdown file that fits all three tools.
//!
//! What they allow (looked up in 2026):
//!
//! | tool | limit | Markdown |
//! |---|---|---|
//! | WeCom robot | 4096 bytes of UTF-8 for the content (work.weixin.qq.com `90000/90136/91770`; error 40058) | headings, bold, links, inline code, quotes, three font colours; no lists, no tables |
//! | DingTalk robot | 20,000 bytes for the whole request (error 460101) | headings, bold, quotes, links, images, lists; two lines need a list or an empty line between them |
//! | Feishu custom robot | 20 KB for the whole request (open.feishu.cn `bot-v3/add-custom-bot`); 30 KB for a card of an application (error 230025) | in cards of JSON 1.0 bold, italics, links, lists; headings, quotes and tables only in JSON 2.0 |
//!
//! So the message is bold lines and list items (which WeCom shows as lines with a dash), at most 4096 bytes; inside a
//! JSON request with every character written as `\uXXXX` that is under 9 KB. Colours, tables, headings and links are left
//! out: a chat cannot open a file of a folder. Text that is not ours cannot mark, link or mention anybody
//! ([`crate::report::escape::chat`]).

use super::{File, Report};
use crate::base::Result;
use crate::report::views::brief::Brief;
use schemars::JsonSchema;
use serde::Serialize;

pub const TEMPLATE: &str = "brief.md";
/// The strictest limit of the three.
pub const MOST_BYTES: usize = 4096;

/// What `brief.md` is given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Message")]
pub struct Context<'a> {
    pub brief: &'a Brief,
}

pub fn files(report: &Report) -> Result<Vec<File>> {
    let text = report.engine.text(TEMPLATE, &Context { brief: &report.brief })?;
    let text = fit(text, MOST_BYTES, &report.words.text("brief.cut"));
    Ok(vec![(TEMPLATE.to_owned(), text.into_bytes())])
}

/// The text where it fits; else as many of its first lines as do, and a line that says so.
fn fit(text: String, most: usize, told: &str) -> String {
    if text.len() <= most {
        return text;
    }
    let told = format!("\n{told}\n");
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        if kept.len() + line.len() + told.len() > most {
            break;
        }
        kept.push_str(line);
    }
    kept.push_str(&told);
    kept
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn whole_lines_are_kept() {
        let text = "甲乙\n丙丁\n戊己\n".to_owned();
        assert_eq!(fit(text.clone(), 21, "…"), text);
        // 7 bytes a line; 5 for what is told.
        assert_eq!(fit(text.clone(), 20, "…"), "甲乙\n丙丁\n\n…\n");
        assert_eq!(fit(text, 18, "…"), "甲乙\n\n…\n");
    }
}
