//! The rules whose truth is known: their ids and what they cost.

/// In the order of the table below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Rule {
    DayUnfinished,
    NightUnfinished,
    FirstResponse,
    Missed,
    Shipment,
    LunchUncovered,
    UnmarkedAway,
    WeekendUncovered,
    HoursUncovered,
    MissingAnnotation,
    AutoReply,
    PromotionMissing,
    PromotionStale,
    Phone,
    BadReview,
    BadReviewText,
    Misquote,
    RecordLate,
    RecordMissing,
    RecordWrong,
    WeeklySummary,
    Leak,
    FollowupLate,
    FollowupForm,
    Overnight,
    PaymentSlip,
    SlipMisplaced,
    Feedback,
    MonthEnd,
    MonthEndUnhandled,
    MeetingAbsent,
    TrainingAbsent,
    ListingLate,
    UpdateLate,
    CheckError,
    Uncooperative,
    OtherLate,
    LogMissing,
    CopyLate,
    CopyMaterial,
    DesignLate,
    DesignMaterial,
    DutyUnfinished,
    HelpUnresolved,
    FailedStaff,
}

/// Id, and hundredths of a point (0: monitored; a range: its least).
const TABLE: [(&str, i64); 45] = [
    ("cs.online.day_unfinished", 150),
    ("cs.online.night_unfinished", 150),
    ("cs.reply.first_response", 0),
    ("cs.reply.missed", 0),
    ("cs.aftersales.shipment", 300),
    ("cs.online.lunch_uncovered", 100),
    ("cs.online.unmarked_away", 100),
    ("cs.online.weekend_uncovered", 100),
    ("cs.online.hours_uncovered", 0),
    ("cs.online.missing_annotation", 150),
    ("cs.reply.auto_reply_content", 50),
    ("cs.reply.promotion_missing", 50),
    ("cs.reply.promotion_stale", 50),
    ("cs.reply.phone", 100),
    ("cs.reply.bad_review", 300),
    ("cs.reply.bad_review_text", 500),
    ("cs.reply.misquote", 500),
    ("cs.record.late", 150),
    ("cs.record.missing", 150),
    ("cs.record.wrong", 150),
    ("cs.record.weekly_summary", 50),
    ("cs.record.leak", 1000),
    ("cs.followup.late", 50),
    ("cs.followup.form", 100),
    ("cs.documents.overnight", 300),
    ("cs.documents.payment_slip", 300),
    ("cs.documents.slip_misplaced", 0),
    ("cs.aftersales.feedback", 300),
    ("cs.aftersales.month_end", 300),
    ("cs.aftersales.month_end_unhandled", 300),
    ("cs.meeting.absent", 50),
    ("cs.meeting.training_absent", 0),
    ("ed.listing.late", 500),
    ("ed.update.late", 300),
    ("ed.check.error", 100),
    ("ed.support.uncooperative", 300),
    ("ed.other.late", 200),
    ("ed.log.missing", 0),
    ("cw.copy.late", 300),
    ("cw.material.slack", 100),
    ("ar.design.late", 300),
    ("ar.material.slack", 100),
    ("hd.duty.unfinished", 500),
    ("hd.help.unresolved", 500),
    ("hd.training.failed_staff", 300),
];

impl Rule {
    pub fn id(self) -> &'static str {
        TABLE[self as usize].0
    }

    /// Hundredths of a point; 0: monitored.
    pub fn points(self) -> i64 {
        TABLE[self as usize].1
    }
}

const _: () = assert!(TABLE.len() == Rule::FailedStaff as usize + 1);
