//! One test for all forms: every cell of every table is the same in HTML, Markdown, the workbook and JSON.

use super::{book, files, made, small};
use calamine::{Data, Reader};
use kaohe::report::data::Inputs;
use kaohe::report::escape::markdown;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tables that only forms other than HTML have: their pages show the same as cards and lists.
const NOT_HTML: [&str; 8] =
    ["headlines", "score", "todo", "own_events", "watched_events", "terms", "kpis", "rule_texts"];

#[test]
fn every_form_says_the_same() {
    for inputs in [small(), made::department("zh", 12, 6), made::department("en", 3, 2)] {
        let files = files(&inputs);
        let json: Value = serde_json::from_str(&files["report.json"]).unwrap();
        let chapters = json["chapters"].as_array().unwrap();
        let mut cells = 0;
        for chapter in chapters {
            cells += html(chapter, &files);
        }
        assert!(cells > 200, "{cells} cells were compared");
        in_markdown(chapters, &files);
        in_workbook(chapters, &inputs);
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// All tables of a chapter, with the figure that a table belongs to.
fn tables(chapter: &Value) -> Vec<(Option<&Value>, &Value)> {
    let of_part = |part| {
        let drawn = list(part, "figures").iter().map(|f| (Some(f), &f["table"]));
        drawn.chain(list(part, "tables").iter().map(|t| (None, t))).collect::<Vec<_>>()
    };
    list(chapter, "parts").iter().flat_map(of_part).collect()
}

fn rows(table: &Value) -> Vec<&[Value]> {
    list(table, "rows").iter().map(|r| r.as_array().unwrap().as_slice()).collect()
}

/// Compares a page with its chapter; gives the number of cells.
fn html(chapter: &Value, files: &BTreeMap<String, String>) -> usize {
    let page = &files[text(chapter, "file")];
    let mut compared = 0;
    let mut in_html = 0;
    for (figure, table) in tables(chapter).into_iter().filter(|(_, t)| !rows(t).is_empty()) {
        let id = text(table, "id");
        if id == "headlines" {
            for row in rows(table) {
                let value: String = text(&row[1], "text").split_whitespace().collect();
                assert!(plain(page).contains(&value), "{} of {}", row[0], text(chapter, "file"));
            }
        }
        // Where nothing is drawn, a page says so instead.
        if NOT_HTML.contains(&id) || figure.is_some_and(|f| f["svg"].is_null()) {
            continue;
        }
        let place = format!("<table id=\"{id}-table\"");
        let body = page.split(&place).nth(1).unwrap_or_else(|| panic!("no table {id} in {}", text(chapter, "file")));
        let body = body.split("<tbody").nth(1).unwrap().split("</table>").next().unwrap();
        let shown: Vec<Vec<String>> = body
            .split("<tr")
            .skip(1)
            .map(|tr| tr.split("<td").skip(1).map(|td| plain(&format!("<td{td}"))).collect())
            .collect();
        let said: Vec<Vec<String>> = rows(table).into_iter().map(|r| r.iter().map(whole).collect()).collect();
        assert_eq!(shown, said, "{id} of {}", text(chapter, "file"));
        compared += said.iter().map(Vec::len).sum::<usize>();
        in_html += 1;
    }
    assert_eq!(page.matches("<table ").count(), in_html, "tables of {}", text(chapter, "file"));
    compared
}

/// A cell's mark, text and second line, without spaces.
fn whole(cell: &Value) -> String {
    let parts = ["tag", "text", "note"].map(|key| text(cell, key));
    parts.concat().split_whitespace().collect()
}

/// The text of HTML, without spaces.
fn plain(html: &str) -> String {
    let text: String = html.split('<').skip(1).map(|t| t.split_once('>').map_or("", |(_, t)| t)).collect();
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (from, to)| text.replace(from, to));
    text.split_whitespace().collect()
}

/// The rows of all tables, in order.
fn in_markdown(chapters: &[Value], files: &BTreeMap<String, String>) {
    let row = |row: &[Value]| -> String {
        let cell = |cell: &Value| {
            let tag = cell["tag"].as_str().map_or_else(String::new, |t| format!("({}) ", markdown(t)));
            let note = cell["note"].as_str().map_or_else(String::new, |n| format!("<br>{}", markdown(n)));
            let shown = markdown(text(cell, "text"));
            let shown = match cell["href"].as_str() {
                Some(href) => format!("[{shown}]({})", kaohe::report::forms::markdown::page(href)),
                None => shown,
            };
            format!(" {tag}{shown}{note} |")
        };
        format!("|{}", row.iter().map(cell).collect::<String>())
    };
    let expected = |chapter: &Value| -> Vec<String> {
        tables(chapter).into_iter().flat_map(|(_, t)| rows(t).into_iter().map(row).collect::<Vec<_>>()).collect()
    };
    let shown = |text: &str| -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let head = |i: usize| lines.get(i + 1).is_some_and(|l| l.starts_with("|--"));
        let rows =
            (0..lines.len()).filter(|i| lines[*i].starts_with('|') && !head(*i) && !lines[*i].starts_with("|--"));
        rows.map(|i| lines[i].to_owned()).collect()
    };
    let (folders, root): (Vec<&Value>, Vec<&Value>) = chapters.iter().partition(|c| text(c, "file").contains('/'));
    assert_eq!(shown(&files["report.md"]), root.into_iter().flat_map(expected).collect::<Vec<_>>());
    for chapter in folders {
        let file = text(chapter, "file").replace(".html", ".md");
        assert_eq!(shown(&files[&file]), expected(chapter), "{file}");
    }
    for figure in chapters.iter().flat_map(|c| list(c, "parts")).flat_map(|p| list(p, "figures")) {
        assert!(figure["svg"].is_null() || files.contains_key(text(figure, "svg")), "{}", figure["svg"]);
    }
}

/// The sheets in the order of the contents; tables of folders stand one below the other.
fn in_workbook(chapters: &[Value], inputs: &Inputs) {
    let mut grids: Vec<(String, Vec<Vec<Value>>)> = Vec::new();
    let mut long: BTreeMap<(String, String, Vec<String>), usize> = BTreeMap::new();
    for chapter in chapters {
        for (figure, table) in tables(chapter).into_iter().filter(|(_, t)| !rows(t).is_empty()) {
            let of_table = rows(table).into_iter().map(<[Value]>::to_vec);
            match chapter["group"].as_str() {
                None => grids.push((text(chapter, "name").to_owned(), of_table.collect())),
                Some(_) if figure.is_some() => {}
                Some(group) => {
                    let who = [&chapter["name"], &chapter["key"]].into_iter().filter(|v| !v.is_null());
                    let who: Vec<Value> = who.map(|v| serde_json::json!({"text": v})).collect();
                    let titles = list(table, "columns").iter().map(|c| text(c, "title").to_owned()).collect();
                    let place =
                        *long.entry((group.to_owned(), text(table, "id").to_owned(), titles)).or_insert_with(|| {
                            grids.push((group.to_owned(), Vec::new()));
                            grids.len() - 1
                        });
                    grids[place].1.extend(of_table.map(|row| who.iter().cloned().chain(row).collect()));
                }
            }
        }
    }
    let mut book = book(inputs);
    let names = book.sheet_names();
    assert_eq!(names.len(), grids.len() + 1);
    for (name, (page, rows)) in names[1..].iter().zip(&grids) {
        assert!(name.starts_with(page.chars().take(8).collect::<String>().as_str()), "{name} is of {page}");
        let range = book.worksheet_range(name).unwrap();
        for (i, row) in rows.iter().enumerate() {
            let mut column = 0;
            for (j, cell) in row.iter().enumerate() {
                let at = |column: u32| range.get_value((i as u32 + 1, column)).cloned().unwrap_or(Data::Empty);
                same(cell, &at(column), &format!("{name}, row {}, column {column}", i + 2));
                column += 1;
                // What stands beside or below a figure has a column of its own.
                if rows.iter().any(|r| !r[j]["note"].is_null() || !r[j]["tag"].is_null()) {
                    let said = [text(cell, "tag"), text(cell, "note")].join(" ").trim().to_owned();
                    assert_eq!(as_text(&at(column)), said, "{name}, row {}, column {column}", i + 2);
                    column += 1;
                }
            }
        }
    }
}

fn as_text(data: &Data) -> String {
    match data {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{other:?} is not a text"),
    }
}

/// A cell of the workbook against one of JSON: a number is the bare number in its unit.
fn same(cell: &Value, data: &Data, place: &str) {
    let Some((value, unit)) = cell["value"].as_i64().zip(cell["unit"].as_str()) else {
        let shown = text(cell, "text");
        assert_eq!(as_text(data), if shown == "–" { "" } else { shown }, "{place}");
        return;
    };
    let number = match data {
        Data::Float(n) => *n,
        Data::Int(n) => *n as f64,
        Data::DateTime(at) => at.as_f64(),
        other => panic!("{place}: {other:?} for {cell}"),
    };
    const DAY_MS: f64 = 86_400_000.0;
    let back = match unit {
        "count" | "number" => number,
        "tenths" => number * 10.0,
        "ms" => number * DAY_MS,
        "share" => number * 10_000.0,
        "fen" | "points" => number * 100.0,
        // 1970-01-01 is day 25569 of a spreadsheet.
        "date" => number - 25_569.0,
        "time" => (number - 25_569.0) * DAY_MS,
        other => panic!("{place}: no unit {other}"),
    };
    assert_eq!(back.round() as i64, value, "{place}: {cell}");
    assert!((back - back.round()).abs() < 0.01, "{place}: {number} is not exact");
}
