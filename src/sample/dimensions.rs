//! The small tables: people, accounts, shifts, waivers and awards.

use super::people::People;
use super::sheet::{Monthly, Sheet};
use super::truth::Waiver;
use super::wall::{self, Stamp};
use super::world::World;
use crate::base::time::{DAY, HOUR, MINUTE, format_time_of_day};
use crate::base::{Month, Result};
use std::path::Path;

/// Writes all of them.
pub fn write(world: &World, dir: &Path, waivers: &[Waiver]) -> Result<()> {
    roster(world, &dir.join("roster.csv"))?;
    accounts(world, &dir.join("accounts.csv"))?;
    shifts(world, dir)?;
    write_waivers(&dir.join("waivers.csv"), waivers)?;
    awards(world, &dir.join("awards.csv"))
}

/// A date; empty where there is none.
fn date(day: Option<i32>) -> String {
    let mut stamp = Stamp::default();
    day.map(|d| String::from_utf8_lossy(stamp.date(d)).into_owned()).unwrap_or_default()
}

fn roster(world: &World, path: &Path) -> Result<()> {
    let header =
        ["staff_id", "name", "role", "team", "supervisor_id", "joined_on", "left_on", "valid_from", "valid_to"];
    let mut sheet = Sheet::create(path, &header)?;
    for s in &world.people.roster {
        let dates = [date(Some(s.joined)), date(s.left), date(Some(s.from)), date(s.to)];
        let mut row = vec![s.id, s.name, s.role, s.team, s.supervisor];
        row.extend(dates.iter().map(String::as_str));
        sheet.row(&row)?;
    }
    sheet.finish()
}

fn accounts(world: &World, path: &Path) -> Result<()> {
    let mut sheet = Sheet::create(path, &["shop", "account", "staff_id", "valid_from", "valid_to"])?;
    for account in &world.people.accounts {
        for (agent, from, to) in &account.users {
            let shop = super::people::SHOPS.get(account.shop).copied().unwrap_or_default();
            let bounds = [date(People::bound(*from)), date(People::bound(*to))];
            sheet.row(&[shop, &account.name, People::id(Some(*agent)), &bounds[0], &bounds[1]])?;
        }
    }
    sheet.finish()
}

fn shifts(world: &World, dir: &Path) -> Result<()> {
    let header = &["staff_id", "date", "start", "end", "lunch_start", "lunch_end", "duty"];
    let mut monthly = Monthly::new(dir, "shifts", header);
    let clock = |ms: i64| format_time_of_day(ms % DAY);
    for (day, agent, shift) in world.shifts.all() {
        let lunch = [shift.lunch.map(clock), shift.lunch.map(|l| clock(l + HOUR))].map(Option::unwrap_or_default);
        monthly.turn_to(wall::month(day))?.row(&[
            People::id(Some(agent)),
            &date(Some(day)),
            &clock(shift.start),
            &clock(shift.end),
            &lunch[0],
            &lunch[1],
            if shift.weekend { "weekend" } else { "normal" },
        ])?;
    }
    monthly.close()
}

fn write_waivers(path: &Path, waivers: &[Waiver]) -> Result<()> {
    let header = ["deduction_id", "rule_id", "staff_id", "from", "to", "reason", "approved_by", "approved_at"];
    let mut sheet = Sheet::create(path, &header)?;
    let mut stamp = Stamp::default();
    let mut time = |at| String::from_utf8_lossy(stamp.seconds(at)).into_owned();
    for w in waivers {
        // The head approves some days later.
        let approved = wall::midnight(wall::day(w.to) + 3) + 10 * HOUR + w.from % (40 * MINUTE);
        let times = [time(w.from), time(w.to), time(approved)];
        sheet.row(&["", w.rule.id(), People::id(Some(w.agent)), &times[0], &times[1], w.reason, "H01", &times[2]])?;
    }
    sheet.finish()
}

/// One a month: points as people write them, and in hundredths.
const AWARDS: [(usize, &str, i64, &str); 6] = [
    (0, "2", 200, "客户来信表扬"),
    (2, "1.5", 150, "大促期间主动补位"),
    (6, "1", 100, "整理常见问答"),
    (8, "2", 200, "挽回大额退款"),
    (11, "0.5", 50, "培训新人"),
    (5, "1", 100, "发现链接价格错误并及时上报"),
];

/// (agent, month, hundredths) of all awards.
pub fn awarded(world: &World) -> Vec<(usize, Month, i64)> {
    AWARDS
        .into_iter()
        .cycle()
        .zip(world.months())
        .map(|((agent, _, points, _), month)| (agent, month, points))
        .collect()
}

fn awards(world: &World, path: &Path) -> Result<()> {
    let mut sheet = Sheet::create(path, &["staff_id", "points", "reason", "on"])?;
    for ((agent, points, _, reason), month) in AWARDS.into_iter().cycle().zip(world.months()) {
        let on = crate::base::time::day_of(month.first_day()) + 24;
        sheet.row(&[People::id(Some(agent)), points, reason, &date(Some(on))])?;
    }
    sheet.finish()
}
