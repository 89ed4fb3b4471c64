//! Walks a rendered report as a reader does: from each number on the overview, by the links in the pages' own text
//! (navigation, crumbs and footers left aside), to rows with a file and a row number.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a report by name.
pub type Site = BTreeMap<String, String>;

/// Most clicks from a number to its rows.
const CLICKS: usize = 3;

/// An element and what is in it.
#[derive(Debug, Default)]
struct Node {
    tag: String,
    attributes: String,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Node(Node),
    Text(String),
}

impl Node {
    fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        found.unwrap_or("")
    }

    fn has_class(&self, class: &str) -> bool {
        self.attribute("class").split(' ').any(|c| c == class)
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// This node and all below, navigation left out.
    fn all(&self) -> Vec<&Node> {
        let below = self.nodes().filter(|n| n.tag != "nav").flat_map(Node::all);
        std::iter::once(self).chain(below).collect()
    }

    fn links(&self) -> Vec<&str> {
        let hrefs = self.all().into_iter().filter(|n| n.tag == "a").map(|n| n.attribute("href"));
        hrefs.filter(|href| !href.is_empty()).collect()
    }

    fn text(&self) -> String {
        let of = |c: &Child| match c {
            Child::Node(node) => node.text(),
            Child::Text(text) => text.clone(),
        };
        self.children.iter().map(of).collect()
    }
}

/// The page's `<main>` as a tree.
fn main_of(html: &str) -> Node {
    let start = html.find("<main").expect("a page has a main part");
    let end = html.find("</main>").expect("which ends");
    let mut open = vec![Node::default()];
    for piece in html[start..end].split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        if let Some(name) = tag.strip_prefix('/') {
            let node = open.pop().expect("an open element");
            assert_eq!(node.tag, name.trim(), "elements are closed in order");
            open.last_mut().expect("a parent").children.push(Child::Node(node));
        } else {
            let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
            let name = name.trim_end_matches('/');
            let node = Node { tag: name.to_owned(), attributes: attributes.to_owned(), children: Vec::new() };
            if tag.ends_with('/') || ["br", "img", "input", "hr"].contains(&name) {
                open.last_mut().expect("a parent").children.push(Child::Node(node));
            } else {
                open.push(node);
            }
        }
        open.last_mut().expect("an element").children.push(Child::Text(text.to_owned()));
    }
    open.into_iter().nth(1).expect("the main part")
}

/// The file that a link on a page leads to.
fn target(from: &str, href: &str) -> String {
    let path = href.split('#').next().unwrap_or("");
    match (path.strip_prefix("../"), from.split_once('/')) {
        _ if path.is_empty() => from.to_owned(),
        (Some(up), _) => up.to_owned(),
        (None, Some((folder, _))) => format!("{folder}/{path}"),
        (None, None) => path.to_owned(),
    }
}

/// Whether a page shows raw rows: lists of them, or the evidence of deductions.
fn has_rows(main: &Node) -> bool {
    main.all().into_iter().any(|n| {
        let rows = || n.all().into_iter().filter(|r| r.tag == "tr" && r.nodes().any(|c| c.tag == "td"));
        let is_place = |row: &Node| {
            let cells: Vec<String> = row.nodes().map(|c| c.text().trim().to_owned()).collect();
            let number = cells.last().is_some_and(|c| !c.is_empty() && c.chars().all(|c| c.is_ascii_digit()));
            number && cells.len() > 1 && !cells[cells.len() - 2].is_empty()
        };
        let listed = n.tag == "table" && n.attribute("id").starts_with("rows-") && rows().any(is_place);
        let evidence = n.tag == "table" && n.attribute("id") == "events-table" && rows().next().is_some();
        let proof = n.has_class("proof") && n.text().chars().any(|c| c.is_ascii_digit());
        listed || evidence || proof
    })
}

/// Whether it is the page of somebody who has neither deductions nor figures, and says so: his whole score stands on
/// nothing.
fn has_nothing(main: &Node) -> bool {
    let says_so = |id: &str| {
        let section = main.all().into_iter().find(|n| n.tag == "section" && n.attribute("id") == id);
        section.is_some_and(|s| s.nodes().any(|n| n.has_class("empty")))
    };
    says_so("deductions") && says_so("figures")
}

/// A report laid out for walking.
pub struct Walk {
    pages: BTreeMap<String, Node>,
    /// Pages with rows, and those that say that there are none.
    with_rows: BTreeSet<String>,
}

impl Walk {
    pub fn new(site: &Site) -> Walk {
        let html = site.iter().filter(|(name, _)| name.ends_with(".html"));
        let pages: BTreeMap<String, Node> = html.map(|(name, text)| (name.clone(), main_of(text))).collect();
        let with_rows = pages
            .iter()
            .filter(|(_, main)| has_rows(main) || has_nothing(main))
            .map(|(name, _)| name.clone())
            .collect();
        Walk { pages, with_rows }
    }

    pub fn has_rows(&self, page: &str) -> bool {
        self.with_rows.contains(page)
    }

    /// How many clicks it takes from a page by one of these links.
    pub fn clicks(&self, from: &str, links: &[&str]) -> Option<usize> {
        // A way that comes back is no way.
        let away = |page: &String| page != from;
        let mut at: BTreeSet<String> = links.iter().map(|href| target(from, href)).filter(away).collect();
        for clicks in 1..=CLICKS {
            if at.iter().any(|page| self.has_rows(page)) {
                return Some(clicks);
            }
            let next = |page: &String| -> Vec<String> {
                let links = self.pages.get(page).map(Node::links).unwrap_or_default();
                links.into_iter().map(|href| target(page, href)).collect()
            };
            at = at.iter().flat_map(next).filter(away).collect();
        }
        None
    }

    /// Numbers of the overview from which no rows are reached: what they are and where they stand.
    pub fn unproven(&self) -> Vec<String> {
        let main = &self.pages["index.html"];
        let mut found = Vec::new();
        self.look(&mut vec![main], &mut found);
        found
    }

    /// Every number of the overview that must be proven.
    fn look(&self, above: &mut Vec<&Node>, found: &mut Vec<String>) {
        let node = *above.last().expect("the node itself");
        for child in &node.children {
            match child {
                Child::Node(below) if below.tag == "nav" => {}
                Child::Node(below) => {
                    above.push(below);
                    self.look(above, found);
                    above.pop();
                }
                // 0 has no rows, and nothing is no number.
                Child::Text(text) if text.chars().any(|c| ('1'..='9').contains(&c)) => {
                    let Some(links) = links_of(above) else { continue };
                    if self.clicks("index.html", &links).is_none() {
                        let place: Vec<&str> =
                            above.iter().map(|n| n.attribute("id")).filter(|id| !id.is_empty()).collect();
                        found.push(format!("{} in {}", text.trim(), place.join(" > ")));
                    }
                }
                Child::Text(_) => {}
            }
        }
    }
}

/// The links that stand for a number, nearest first; `None` where the text is a name, a date or a title.
fn links_of<'a>(above: &[&'a Node]) -> Option<Vec<&'a str>> {
    let nearest = |tag: &str| above.iter().rev().find(|n| n.tag == tag).copied();
    if ["h1", "h2", "h3", "caption", "th", "figcaption", "summary"].iter().any(|tag| nearest(tag).is_some())
        || above.iter().any(|n| n.has_class("lead"))
    {
        return None;
    }
    if let (Some(cell), Some(row), Some(table)) = (nearest("td"), nearest("tr"), nearest("table")) {
        if !cell.has_class("num") {
            return None;
        }
        let column = row.nodes().filter(|n| n.tag == "td").position(|n| std::ptr::eq(n, cell))?;
        let heads: Vec<&Node> = table.all().into_iter().filter(|n| n.tag == "th").collect();
        let own = [cell.links(), heads.get(column).map(|h| h.links()).unwrap_or_default(), row.links()];
        return own.into_iter().find(|links| !links.is_empty()).or(Some(Vec::new()));
    }
    if nearest("svg").is_some() {
        // The drawing's numbers stand in its table.
        let figure = nearest("figure")?;
        let heads = figure.all().into_iter().filter(|n| n.tag == "th" && n.has_class("num"));
        return Some(heads.flat_map(Node::links).collect());
    }
    if let Some(card) = above.iter().rev().find(|n| n.tag == "li" && n.attribute("id").starts_with("h-")) {
        let line = nearest("p")?;
        if line.has_class("change") {
            return Some(card.links());
        }
        // Until when, as of when: `2026-05-31 23:00:00`.
        return if line.has_class("small") && line.text().contains("20") && line.text().contains('-') {
            None
        } else {
            Some(line.links())
        };
    }
    nearest("section").map(Node::links)
}
