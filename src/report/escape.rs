//! Text of others made harmless: in HTML and SVG, in Markdown, and in messages of chat tools.

/// For HTML and SVG, between tags and inside quoted attributes. Control characters that XML forbids are dropped.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // No XML may hold them, escaped or not.
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// For messages of chat tools: what could mark, link, tag or mention is written with the wide forms of the characters,
/// because the tools do not agree on an escape. It stays on its line.
pub fn chat(text: &str) -> String {
    const MARKS: &str = "<>&\\`*_[]|~#!$@";
    let wide = |c: char| char::from_u32(c as u32 + 0xfee0).unwrap_or(' ');
    let plain = text.chars().map(|c| match c {
        c if MARKS.contains(c) => wide(c),
        c if c.is_control() => ' ',
        c => c,
    });
    unlinked(&plain.collect::<String>())
}

/// Addresses that programs would link by themselves, broken by a space of no width.
fn unlinked(text: &str) -> String {
    text.replace("://", ":\u{200b}//").replace("www.", "www\u{200b}.")
}

/// For Markdown, inside a sentence or a table's cell: nothing in it can open a tag, a link, a code span or a column,
/// and it stays on its line. Numbers and dates come out as they are.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    unlinked(&out)
}
