//! What people say, sell and call themselves. All of it is invented for this sample.

/// Questions; none of them consists of closing words alone. Some hold what makes CSV hard to read.
pub const QUESTIONS: [&str; 28] = [
    "在吗?这款还有货吗",
    "170的个子穿L还是XL",
    "两大一小,总价多少?",
    "什么时候能发货",
    "请问\"早鸟价\"到哪天截止",
    "帐篷防水吗🏕️",
    "能改地址吗",
    "地址写错了,\n能帮忙改一下吗",
    "儿童票怎么算,1米2以下免票吗",
    "这个睡袋零下5度够用吗",
    "可以开发票吗",
    "退改规则是什么",
    "包邮吗",
    "和另一款有什么区别",
    "快递到哪了,急!",
    "有优惠券吗😊",
    "尺码偏大还是偏小?",
    "下周六能用吗",
    "清单:\n1. 炉头\n2. 气罐\n这两样能一起发吗",
    "颜色和图片一样吗",
    "接送机几点开始",
    "拉链坏了怎么办😭",
    "他们说\"买一送一\",真的吗",
    "能便宜点吗",
    "门票当天能取吗",
    "背包容量多少升",
    "好的,那什么时候发?",
    "收到了,少了一根地钉",
];

/// Pictures and cards that a buyer sends.
pub const PICTURE: &str = "[图片]";
pub const CARD: &str = "[商品卡片]";

/// Messages of closing words and emoji alone.
pub const CLOSINGS: [&str; 12] = [
    "谢谢",
    "好的",
    "好的,谢谢",
    "嗯嗯",
    "👌",
    "谢谢!😊",
    "收到",
    "ok",
    "好的 辛苦了",
    "🙏🙏",
    "知道了,谢谢❤️",
    "再见👋",
];

pub const REPLIES: [&str; 24] = [
    "在的亲,有现货",
    "亲,建议拍大一码",
    "48小时内发出哦",
    "可以的,已为您备注",
    "这款防水3000mm,放心用",
    "亲,身高体重报一下",
    "满300减30,券在首页",
    "支持七天无理由",
    "帮您查一下,稍等",
    "已经催仓库了",
    "发票随货寄出",
    "1米2以下免票,\n请带户口本",
    "出发前3天可免费退改",
    "默认中通,偏远地区发邮政",
    "是的,含接送",
    "两款面料不同,\"Pro\"更轻",
    "今天17点前拍下当天发",
    "亲,地址已改好",
    "凭短信取票",
    "容量45升,可登机",
    "给您补发一份,抱歉😊",
    "活动到本月底",
    "可以一起发,一个包裹",
    "尺码标准,按平时的拍",
];

pub const WELCOME: &str = "亲,欢迎光临,客服马上到~";
pub const AWAY: &str = "在线时间9:00-23:00,留言会尽快回复";
/// The same while a promotion is on.
pub const WELCOME_SALE: &str = "亲,满300减30进行中,客服马上到~";
pub const AWAY_SALE: &str = "满300减30进行中,在线时间9:00-23:00,留言会尽快回复";
pub const WELCOME_EARLY: &str = "亲,早鸟价开抢啦,客服马上到~";
pub const AWAY_EARLY: &str = "早鸟价开抢啦,在线时间9:00-23:00,留言会尽快回复";
/// Approved in the first half of each month.
pub const HALF_MONTH: &str = "上半月下单优先发货,客服马上到~";
/// Never approved.
pub const OWN_WORDS: &str = "忙着呢,等会儿再说";
pub const BOT: &str = "您好,我是智能助手,请描述问题";
pub const NOT_AT_ALL: &str = "不客气,祝您玩得开心🎒";
pub const SORRY: &str = "抱歉久等了,昨晚的留言已看到";
pub const GREETING: &str = "亲,您看中的那款补货了";
pub const TRANSFER: &str = "会话已转接";
pub const RECALL: &str = "撤回了一条消息";
/// `{}` stands for the order's number.
pub const ORDER_SEEN: &str = "看到订单{}了,请核对地址";

/// What a shop sells: (sku, title, price in fen).
pub const GOODS: [[(&str, &str, i64); 6]; 3] = [
    [
        ("YT-101", "大理古城两日慢游", 45_900),
        ("YT-102", "雪山索道联票", 28_000),
        ("YT-103", "湖边民宿一晚", 32_800),
        ("YT-104", "机场接送(单程)", 9_900),
        ("YT-105", "亲子采茶半日", 16_800),
        ("YT-106", "行李寄存券", 1_500),
    ],
    [
        ("SY-201", "三合一冲锋衣", 59_900),
        ("SY-202", "速干长裤", 18_900),
        ("SY-203", "45升登山包", 36_900),
        ("SY-204", "碳纤维登山杖", 15_900),
        ("SY-205", "羊毛袜 三双", 6_990),
        ("SY-206", "头灯,充电款", 8_850),
    ],
    [
        ("YE-301", "双人防雨帐篷", 49_900),
        ("YE-302", "零下五度睡袋", 27_900),
        ("YE-303", "折叠月亮椅", 12_900),
        ("YE-304", "气炉套装 \"轻\"", 21_850),
        ("YE-305", "露营灯", 7_900),
        ("YE-306", "地钉十根", 2_590),
    ],
];

const PLACES: [&str; 16] = [
    "雪山下的",
    "海边的",
    "路上的",
    "云里的",
    "山谷的",
    "屋顶的",
    "雨后的",
    "北方的",
    "草原上的",
    "清晨的",
    "背包的",
    "河对岸的",
    "月光下的",
    "小镇的",
    "风里的",
    "戈壁的",
];
const BEINGS: [&str; 16] = [
    "猫",
    "小鹿",
    "鲸",
    "松鼠",
    "石头",
    "麦田",
    "旅人",
    "蒲公英",
    "狐狸",
    "企鹅",
    "老船长",
    "橘子",
    "云朵",
    "候鸟",
    "土豆",
    "海豚",
];

/// A buyer's nick: each number below 10⁹ has one of its own.
pub fn nick(buyer: u64, out: &mut Vec<u8>) {
    use std::io::Write;
    out.clear();
    let half = buyer / 2;
    // A Vec takes every write.
    let _ = if buyer.is_multiple_of(2) {
        // An odd multiplier that 5 does not divide maps the numbers below 10⁹ onto themselves.
        write!(out, "tb_{:09}", half.wrapping_mul(387_420_489).wrapping_add(174_093) % 1_000_000_000)
    } else {
        let mixed = half.wrapping_mul(7).wrapping_add(half / 256 * 3);
        let (place, being) = ((mixed % 16) as usize, (half / 16 % 16) as usize);
        write!(out, "{}{}_{}", PLACES[place], BEINGS[being], half / 256 + 1)
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nicks_are_distinct() {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for buyer in (0..40_000).chain(33_554_432..33_600_000) {
            nick(buyer, &mut out);
            assert!(seen.insert(out.clone()), "{} twice", String::from_utf8_lossy(&out));
        }
    }
}
