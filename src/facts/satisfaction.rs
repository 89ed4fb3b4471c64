//! What buyers say afterwards: ratings of sessions and reviews of orders, from the registers (kpis.md, "satisfaction").

use super::context::Context;
use super::staff_day::{Measure, StaffDays};
use crate::lake::names::NONE;
use crate::lake::registers::{Register, Row};
use crate::lake::schema::{RATINGS, REVIEWS};

/// The registers that the sums of a month read.
pub const REGISTERS: [&str; 2] = [RATINGS.name, REVIEWS.name];

/// A rating from this score on is a satisfied buyer's, of 1 to 5.
const SATISFIED: i64 = 4;

impl StaffDays {
    /// Ratings count for the person who had the account that day, reviews for the one whom they name; by local date.
    pub fn satisfaction(&mut self, context: &Context<'_>) {
        if let Some(ratings) = context.registers.get(RATINGS.name) {
            self.each(context, ratings, |row, shop, day| {
                let account = ratings.get(row, "account").text().map_or(NONE, |a| context.names.id(a));
                let staff = context.people.owner(shop, account, day).unwrap_or(NONE);
                let satisfied = ratings.get(row, "score").int().is_some_and(|score| score >= SATISFIED);
                (staff, [(Measure::Rated, true), (Measure::Satisfied, satisfied)])
            });
        }
        if let Some(reviews) = context.registers.get(REVIEWS.name) {
            self.each(context, reviews, |row, _, _| {
                let staff = reviews.get(row, "staff_id").text().map_or(NONE, |s| context.names.id(s));
                let bad = reviews.get(row, "rating").text() == Some("bad");
                (staff, [(Measure::Reviews, true), (Measure::BadReviews, bad)])
            });
        }
    }

    /// Counts the rows of the month that have happened: `of` names whose one is and what it counts for.
    fn each(
        &mut self,
        context: &Context<'_>,
        register: &Register,
        of: impl Fn(&Row, u32, i32) -> (u32, [(Measure, bool); 2]),
    ) {
        for row in &register.rows {
            let Some(at) = register.get(row, "ts").int().filter(|t| *t <= context.as_of) else { continue };
            let day = context.zone.day(at);
            let Some(shop) = register.get(row, "shop").text().filter(|_| context.in_month(day)) else { continue };
            let shop = context.names.id(shop);
            let (staff, measures) = of(row, shop, day);
            for (measure, counts) in measures {
                self.count((day, shop, staff), measure, i64::from(counts));
            }
        }
    }
}
