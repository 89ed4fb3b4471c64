//! Mapping: Chinese headers in GB18030, a BOM, full-width brackets, and a source of one's own.

use crate::support::{Project, rows};

const COLUMNS: [&str; 6] = ["shop", "account", "role", "ts", "kind", "closing"];

#[test]
fn chinese_headers_in_gb18030_give_the_same_rows() {
    let text = "店铺,买家,客服账号,角色,时间,类型,内容\n\
                旗舰店,买家甲,A1,买家,2026/05/15 10:00:00,文字,在吗\n\
                旗舰店,买家甲,A1,客服,2026-05-15 10:00:20.5,文字,\"在的,亲\"\n\
                旗舰店,买家甲,A1,买家,2026-05-15 10:01,文字,好的谢谢！\n";
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    let utf8_bom = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
    for (bytes, encoding) in [(bytes.to_vec(), "gb18030"), (utf8_bom, "utf-8-bom"), (text.into(), "utf-8")] {
        let project = Project::new();
        project.raw("聊天.csv", bytes);
        project.ok(&["ingest"]);
        assert_eq!(
            rows(&project.lake("messages"), &COLUMNS),
            [
                "旗舰店|A1|buyer|2026-05-15 10:00:00|text|false",
                "旗舰店|A1|agent|2026-05-15 10:00:20.500|text|false",
                "旗舰店|A1|buyer|2026-05-15 10:01:00|text|true",
            ]
        );
        assert!(project.read("data/lake/manifest.json").contains(&format!("\"encoding\": \"{encoding}\"")));
    }
}

#[test]
fn a_source_of_one_s_own_needs_toml_alone() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    project.write(
        "pipelines/sources/mine.toml",
        "name = \"mine\"\ntable = \"messages\"\nzone = \"UTC\"\n[columns]\nshop = { constant = \"S\" }\n\
         buyer = { from = \"客户（ID）\" }\naccount = { from = \"正文\", capture = \"^(\\\\w+)：\" }\n\
         role = { from = \"方向\", values = { \"进\" = \"buyer\", \"出\" = \"agent\" } }\n\
         ts = { from = \"时刻\", formats = [\"%d.%m.%Y %H:%M\"] }\ntext = { from = \"正文\" }\n",
    );
    project.raw("mine.csv", "客户(ID) ,方向,时刻,正文\n甲,进,15.05.2026 02:00,小满：在吗\n甲,出,15.05.2026 02:01,在\n");
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("messages"), &["shop", "account", "role", "ts"]),
        ["S|小满|buyer|2026-05-15 10:00:00", "S||agent|2026-05-15 10:01:00"]
    );
}

#[test]
fn no_customer_s_word_reaches_the_lake_or_the_pages() {
    let project = Project::staffed();
    let nick = "金丝雀买家七号";
    let said = "金丝雀的秘密话13912345678";
    project.raw(
        "messages-2026-05.csv",
        format!("shop,buyer,account,role,ts,kind,text\nS,{nick},A1,buyer,2026-05-15 10:00:00,text,{said}\n"),
    );
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
    for dir in ["data/lake", "data/mart", "reports"] {
        for file in crate::support::files(&project.path().join(dir)) {
            let bytes = std::fs::read(&file).expect("readable");
            for canary in [nick, "秘密话", "13912345678"] {
                let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
                assert!(!found, "{canary} in {}", file.display());
            }
        }
    }
    let masks = rows(&project.lake("messages"), &["buyer_mask"]);
    assert_eq!(masks, ["金**"]);
}
