//! Order exports of the platforms, their quirks, and what becomes of them.

use super::{book, gb, quarantine, row};
use crate::support::{Project, rows};
use polars::prelude::ChunkAgg;
use rust_xlsxwriter::{Format, Workbook};

const TAOBAO_54: &str = "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,\
    买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,\
    订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,\
    买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,\
    修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,\
    新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包";
const ORDER: [&str; 13] = [
    "shop",
    "order_id",
    "buyer_mask",
    "status",
    "created_at",
    "paid_at",
    "shipped_at",
    "signed_at",
    "goods_fen",
    "paid_fen",
    "refund_fen",
    "items",
    "source_row",
];
const ITEM: [&str; 6] = ["shop", "order_id", "sku", "title", "quantity", "paid_fen"];

/// With half of the rows allowed to be wrong.
fn project() -> Project {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    let path = "pipelines/monthly.toml";
    let text = project.read(path);
    let line = text.lines().find(|l| l.starts_with("rejects_max")).expect("a setting").to_owned();
    project.write(path, text.replace(&line, "rejects_max = \"50%\""));
    project
}

fn taobao(header: &str) -> String {
    let mut text = format!("{header}\n");
    text += &row(
        header,
        &[
            ("订单编号", "=\"392612345678901234\""),
            ("买家会员名", "甲甲"),
            ("总金额", "\"1,280.00\""),
            ("买家实际支付金额", "1280.00"),
            ("订单状态", "交易成功"),
            ("买家留言", "\"请快点,\n谢谢\""),
            ("联系手机", "'13900000001"),
            ("订单创建时间", "2026-05-01 10:00:00"),
            ("订单付款时间 ", "2026-05-01 10:00:08"),
            ("宝贝标题 ", "雨衣"),
            ("宝贝总数量", "2"),
            ("店铺名称", "云途旗舰店"),
            ("退款金额", "0.00"),
            ("确认收货时间", "2026-05-06 09:00:00"),
            ("打款商家金额", "1280.00元"),
        ],
    );
    text += &row(
        header,
        &[
            ("订单编号", "=\"392612345678901235\""),
            ("买家会员名", "乙乙"),
            ("总金额", "58.5"),
            ("买家实际支付金额", "0.00"),
            ("订单状态", "交易关闭"),
            ("订单创建时间", "2026-05-31 23:59:59"),
            ("宝贝总数量", "1"),
            ("店铺名称", "云途旗舰店"),
            ("订单关闭原因", "买家未付款"),
            ("打款商家金额", "0.00元"),
        ],
    );
    text += &row(
        header,
        &[
            ("订单编号", "3.92612E+17"),
            ("买家会员名", "丙丙"),
            ("订单状态", "\"买家已付款,等待卖家发货\""),
            ("订单创建时间", "2026/5/2 9:05"),
            ("宝贝总数量", "1"),
            ("店铺名称", "云途旗舰店"),
        ],
    );
    text += &row(
        header,
        &[
            ("订单编号", "=\"392612345678901237\""),
            ("买家会员名", "丁丁"),
            ("总金额", "12.00元"),
            ("买家实际支付金额", "¥12.00"),
            ("订单状态", "\"买家已付款,等待卖家发货\""),
            ("订单创建时间", "2026/5/2 9:05"),
            ("订单付款时间 ", "2026/5/2 9:06"),
            ("宝贝总数量", "--"),
            ("店铺名称", "云途旗舰店"),
        ],
    );
    text
}

const TAOBAO_ROWS: [&str; 3] = [
    "云途旗舰店|392612345678901234|甲**|signed|2026-05-01 10:00:00|2026-05-01 10:00:08||2026-05-06 09:00:00|128000|128000|0|2|2",
    "云途旗舰店|392612345678901235|乙**|closed|2026-05-31 23:59:59||||5850|0||1|4",
    "云途旗舰店|392612345678901237|丁**|paid|2026-05-02 09:05:00|2026-05-02 09:06:00|||1200|1200|||6",
];

#[test]
fn taobao_s_list_of_54_and_of_61_columns() {
    let longer = TAOBAO_54.replace("买家支付宝账号,", "买家支付宝账号,支付单号,支付详情,")
        + ",是否信用购,体验期结束时间,前N有礼,配送类型,主订单编号";
    assert_eq!((TAOBAO_54.split(',').count(), longer.split(',').count()), (54, 61));
    for header in [TAOBAO_54.to_owned(), longer] {
        let project = project();
        project.raw("ExportOrderList20260601.csv", gb(&taobao(&header)));
        project.ok(&["ingest", "--pipeline", "pipelines/monthly.toml"]);
        assert_eq!(rows(&project.lake("orders"), &ORDER), TAOBAO_ROWS);
        assert_eq!(quarantine(&project), ["ExportOrderList20260601.csv|5|order_id"]);
    }
}

#[test]
fn taobao_s_workbook_without_a_buyer() {
    let header = "订单编号,支付单号,支付详情,买家应付货款,买家应付邮费,总金额,返点积分,买家实付金额,买家实付积分,订单状态,\
        买家留言,订单创建时间,订单付款时间,商品标题,宝贝种类,物流单号,物流公司,备注标签,商家备注,宝贝总数量,店铺ID,店铺名称,\
        商品属性SKU,确认收货时间,确认收货打款金额,买家支付积分,总金额(旧版)";
    let names: Vec<&str> = header.split(',').collect();
    assert_eq!(names.len(), 27);
    let at = |name: &str| names.iter().position(|n| *n == name).expect("a column") as u16;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "导出时间：2026-06-01 08:00:00").unwrap();
    names.iter().enumerate().for_each(|(c, n)| drop(sheet.write_string(1, c as u16, *n)));
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (r, id, status) in [
        (2, "392612345678901234", "卖家已发货，等待买家确认"),
        (3, "", "交易成功"),
        (4, "392612345678901236", "交易成功"),
    ] {
        sheet.write_string(r, at("订单编号"), id).unwrap();
        sheet.write_string(r, at("订单状态"), status).unwrap();
        sheet.write_string(r, at("店铺名称"), "云途旗舰店").unwrap();
        sheet.write_number(r, at("总金额"), 99.9).unwrap();
        sheet.write_string(r, at("买家实付金额"), "99.90").unwrap();
        sheet.write_number(r, at("宝贝总数量"), 3.0).unwrap();
        // 46143.41666… is 2026-05-01 10:00:00.
        sheet.write_number_with_format(r, at("订单创建时间"), 46143.0 + 10.0 / 24.0, &date).unwrap();
        sheet.write_string(r, at("订单付款时间"), "2026-05-01 10:00:08").unwrap();
    }
    // A number of 18 digits has lost the last ones.
    sheet.write_number(3, at("订单编号"), 392_612_345_678_901_235.0).unwrap();
    let project = project();
    project.raw("订单.xlsx", book.save_to_buffer().unwrap());
    project.ok(&["ingest", "--pipeline", "pipelines/monthly.toml"]);
    let rest = "2026-05-01 10:00:00|2026-05-01 10:00:08|||9990|9990||3";
    assert_eq!(
        rows(&project.lake("orders"), &ORDER),
        [
            format!("云途旗舰店|392612345678901234||shipped|{rest}|3"),
            format!("云途旗舰店|392612345678901236||signed|{rest}|5"),
        ]
    );
    assert_eq!(quarantine(&project), ["订单.xlsx#Sheet1|4|order_id"]);
}

#[test]
fn taobao_s_details_lie_in_a_shop_s_folder() {
    let project = Project::new();
    project.raw(
        "云途旗舰店/ExportOrderDetailList.csv",
        gb("订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\n\
            =\"392612345678901234\",雨衣,29.00,2,W-1,颜色:黄,,,交易成功,YY-01\n\
            =\"392612345678901234\",雨鞋,59.00,1,W-2,,,,交易成功,\n\
            =\"392612345678901235\",雨伞,19.00,1,,,,,交易关闭,\n"),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("order_items"), &ITEM),
        [
            "云途旗舰店|392612345678901234|W-2|雨鞋|1|",
            "云途旗舰店|392612345678901234|YY-01|雨衣|2|",
            "云途旗舰店|392612345678901235|雨伞|雨伞|1|",
        ]
    );
}

#[test]
fn a_refund_list_fills_what_the_orders_do_not_know() {
    let project = Project::staffed();
    let id = "392612345678901234";
    project.raw(
        "orders.csv",
        format!("shop,order_id,created_at,paid_at,paid\nS,{id},2026-05-01 10:00:00,2026-05-01 10:01:00,100\n"),
    );
    project.raw(
        "退款.csv",
        gb(&format!(
            "订单编号,退款编号,商品id,宝贝标题,退款总额,买家实际支付金额,退款状态,货物状态,售后类型,订单付款时间,退款完结时间,退款申请时间,买家退款原因\n\
             =\"{id}\",=\"1001\",77,雨衣,30.00,100.00,退款成功,已收到货,仅退款,2026-05-01 10:01:00,2026-05-03 12:00:00,2026-05-02 12:00:00,拍错\n\
             =\"{id}\",=\"1002\",77,雨衣,70.00,100.00,退款关闭,已收到货,仅退款,2026-05-01 10:01:00,,2026-05-04 12:00:00,拍错\n\
             =\"{id}\",=\"1003\",77,雨衣,5.00,100.00,退款待处理,已收到货,仅退款,2026-05-01 10:01:00,,2026-05-04 13:00:00,拍错\n"
        )),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("refunds"), &["shop", "refund_id", "refund_fen", "status", "closed_at"]),
        ["taobao|1001|3000|done|2026-05-03 12:00:00", "taobao|1002|7000|closed|", "taobao|1003|500|open|"]
    );
    project.ok(&["compute", "--month", "2026-05", "--as-of", "2026-06-10"]);
    let day = project.mart("staff_day", "2026-05");
    let sum = |column: &str| day.column(column).expect("a column").i64().expect("numbers").sum().unwrap_or(0);
    assert_eq!(sum("refunds_sum_fen"), 3000);
}

#[test]
fn jd_s_rows_are_skus() {
    let header = "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,\
        下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,\
        运费金额,付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道";
    for header in [header.to_owned(), format!("{header},送装服务,服务费,仓库id,仓库名称")] {
        let line = |id, sku, name, n, total, state, done| {
            row(
                &header,
                &[
                    ("订单号", id),
                    ("商品ID", sku),
                    ("商品名称", name),
                    ("订购数量", n),
                    ("下单时间", "2026-05-03 08:00:00"),
                    ("订单金额", total),
                    ("应付金额", total),
                    ("订单状态", state),
                    ("下单帐号", "戊戊"),
                    ("客户姓名", "戊先生"),
                    ("付款确认时间", "2026-05-03 08:01:00"),
                    ("订单完成时间", done),
                ],
            )
        };
        let mut text = format!("{header}\n");
        text += &line("88001", "S1", "雨衣", "2", "118.00", "完成", "2026-05-08 10:00:00");
        text += &line("88002", "S9", "雨伞", "1", "19.00", "(锁定)取消", "");
        // Not beside the order's first row.
        text += &line("88001", "S2", "雨鞋", "1", "118.00", "完成", "2026-05-08 10:00:00");
        let project = Project::new();
        project.raw("jd.csv", gb(&text));
        project.ok(&["ingest"]);
        assert_eq!(
            rows(&project.lake("orders"), &ORDER),
            [
                "jd|88001|戊**|signed|2026-05-03 08:00:00|2026-05-03 08:01:00||2026-05-08 10:00:00|11800|11800||3|2",
                "jd|88002|戊**|closed|2026-05-03 08:00:00|2026-05-03 08:01:00|||1900|1900||1|3",
            ]
        );
        assert_eq!(
            rows(&project.lake("order_items"), &ITEM),
            ["jd|88001|S1|雨衣|2|", "jd|88001|S2|雨鞋|1|", "jd|88002|S9|雨伞|1|"]
        );
    }
}

#[test]
fn pdd_has_no_buyer_and_tabs_behind_its_numbers() {
    let project = Project::new();
    project.raw(
        "拼多多一店/2026-05/orders.csv",
        "\u{feff}商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),用户实付金额(元),\
         商家实收金额(元),商品数量(件),发货时间,确认收货时间,商品id,商品规格,样式ID,商家编码-规格维度,商家编码-商品维度,商家备注,\
         售后状态,快递单号,快递公司,订单成交时间,是否分期,分期期数,手续费承担方,分期方式\n\
         雨衣,\"260501-123456789012345\t\",已发货，待收货,29.90,0.00,0,0,0,27.90,27.90,1,2026-05-01 18:00:00,\"\t\",1,黄,2,,,,无售后,\"\t\",,2026-05-01 10:00:00,否,,,\n\
         雨伞,\"260502-123456789012346\t\",已取消，退款成功,19.00,0.00,0,0,0,19.00,19.00,1,\"\t\",\"\t\",1,黑,2,,,,退款成功,\"\t\",,2026-05-02 10:00:00,否,,,\n",
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("orders"), &ORDER),
        [
            "拼多多一店|260501-123456789012345||shipped|2026-05-01 10:00:00|2026-05-01 10:00:00|2026-05-01 18:00:00||2990|2790||1|2",
            "拼多多一店|260502-123456789012346||closed|2026-05-02 10:00:00||||1900|1900||1|3",
        ]
    );
}

#[test]
fn douyin_s_sub_orders_are_one_order() {
    let project = Project::new();
    project.raw(
        "1780000000_orders.csv",
        "\u{feff}主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,详细地址,订单提交时间,\
         商家备注,订单完成时间,订单状态,售后状态,取消原因,发货时间,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额\n\
         \"\t6917000000000000001\",\"\t6917000000000000002\",雨衣,黄,2,YY-01,58.00,0,##密文,$$密文,##,2026-05-01 10:00:00,-,\"\t\",已发货,-,-,2026-05-01 18:00:00,0,0,0,\n\
         \"\t6917000000000000001\",\"\t6917000000000000003\",雨鞋,黑,1,,59.00,0,##密文,$$密文,##,2026-05-01 10:00:00,-,\"\t\",备货中,-,-,\"\t\",0,0,0,\n\
         \"\t6917000000000000009\",\"\t6917000000000000010\",雨伞,红,1,YS-01,19.00,0,##密文,$$密文,##,2026-05-02 10:00:00,-,2026-05-07 10:00:00,已完成,-,-,2026-05-02 18:00:00,0,0,0,\n",
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("orders"), &ORDER),
        [
            // Its second part is not shipped yet, so neither is the order.
            "douyin|6917000000000000001||paid|2026-05-01 10:00:00|||||11700||3|2",
            "douyin|6917000000000000009||signed|2026-05-02 10:00:00||2026-05-02 18:00:00|2026-05-07 10:00:00||1900||1|4",
        ]
    );
    assert_eq!(
        rows(&project.lake("order_items"), &ITEM),
        [
            "douyin|6917000000000000001|6917000000000000003|雨鞋|1|5900",
            "douyin|6917000000000000001|YY-01|雨衣|2|5800",
            "douyin|6917000000000000009|YS-01|雨伞|1|1900",
        ]
    );
    // Columns are the user's choice.
    let project = Project::new();
    project.raw(
        "orders.csv",
        "主订单编号,子订单编号,选购商品,商品ID,商家编码,商品数量,商品金额,订单提交时间,支付完成时间,订单状态,售后状态,订单应付金额,快递信息\n\
         6917000000000000001,6917000000000000002,雨衣,3500,,2,60.00,2026-05-01 10:00:00,2026-05-01 10:00:30,待发货,-,58.00,-\n",
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("orders"), &ORDER),
        ["douyin|6917000000000000001||paid|2026-05-01 10:00:00|2026-05-01 10:00:30|||6000|5800||2|2"]
    );
    assert_eq!(rows(&project.lake("order_items"), &ITEM), ["douyin|6917000000000000001|3500|雨衣|2|5800"]);
}

#[test]
fn an_order_that_is_closed_without_a_time_is_no_longer_waiting() {
    let project = Project::staffed();
    project.raw(
        "ExportOrderList.xlsx",
        book(&[(
            "订单",
            &[
                &[
                    "订单编号",
                    "订单状态",
                    "订单创建时间",
                    "订单付款时间",
                    "宝贝种类",
                    "宝贝总数量",
                    "店铺名称",
                    "发货时间",
                    "买家实付金额",
                ],
                &[
                    "392612345678901234",
                    "交易关闭",
                    "2026-05-01 10:00:00",
                    "2026-05-01 10:01:00",
                    "1",
                    "1",
                    "S",
                    "",
                    "5",
                ],
                &[
                    "392612345678901235",
                    "买家已付款，等待卖家发货",
                    "2026-05-01 10:00:00",
                    "2026-05-01 10:01:00",
                    "1",
                    "1",
                    "S",
                    "",
                    "5",
                ],
            ],
        )]),
    );
    project.ok(&["ingest"]);
    let found = kaohe::lake::names::Names::new();
    let path = crate::support::files(&project.path().join("data/lake/orders"))
        .into_iter()
        .find(|p| p.ends_with("part.parquet"));
    let orders = kaohe::lake::orders::read(&path.expect("a table"), &(0..i64::MAX), 0, &found).expect("orders");
    let closed: Vec<bool> = orders.into_iter().flatten().map(|o| o.closed_at.is_some()).collect();
    assert_eq!(closed, [true, false]);
}

/// Saved by a spreadsheet, every number ends in zeros behind its fifteenth digit; of genuine ones hardly any does.
#[test]
fn numbers_that_a_spreadsheet_has_filled_up_with_zeros() {
    let file = |ids: &[&str]| -> String {
        let row = |id: &&str| format!("S,{id},wang,paid,2026-05-01 09:00:00,2026-05-01 09:01:00,10.00\n");
        ["shop,order_id,buyer,status,created_at,paid_at,paid\n".to_owned()]
            .into_iter()
            .chain(ids.iter().map(row))
            .collect()
    };
    let project = Project::new();
    project.raw("orders.csv", file(&["2156438912345680000", "2156438912345690000"]));
    let output = project.on_data(&["ingest"]);
    let told = crate::support::stderr(&output);
    assert_eq!(output.status.code(), Some(3));
    assert!(told.contains("has cut this number's digits") && told.contains("export the file again"), "{told}");
    project.raw("orders.csv", file(&["2156438912345680000", "2156438912345690017"]));
    project.ok(&["ingest"]);
    assert_eq!(project.lake("orders").height(), 2, "chance gives zeros, too");
}

#[test]
fn an_order_of_two_shops_and_money_without_a_day_are_told() {
    let project = Project::new();
    let header = "shop,order_id,buyer,status,created_at,paid_at,paid\n";
    project.raw(
        "a.csv",
        format!("{header}S,2156438912345678901,wang,paid,2026-05-01 09:00:00,2026-05-01 09:01:00,10.00\n"),
    );
    let (twice, untimed) = (
        "T,2156438912345678901,wang,paid,2026-05-01 09:00:00,2026-05-01 09:01:00,10.00",
        "T,7,li,signed,2026-05-02 09:00:00,,20.00",
    );
    project.raw("b.csv", format!("{header}{twice}\n{untimed}\nT,8,li,closed,2026-05-02 09:00:00,,20.00\n"));
    let output = project.on_data(&["ingest"]);
    let told = crate::support::stderr(&output);
    assert!(output.status.success());
    for words in ["K0229", "1 order(s) stand under two shops", "a.csv:2", "b.csv:2", "shop `T`"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    for words in ["K0230", "1 paid order(s) have no time of payment", "b.csv:3", "1 order(s)"] {
        assert!(told.contains(words), "{words} in {told}");
    }
}
