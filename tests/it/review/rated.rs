//! x

use super::half;

#[test]
fn dump() {
    let (_, content) = half();
    let root = std::path::Path::new("/tmp/w/review-out");
    let _ = std::fs::remove_dir_all(root);
    let put = |dir: std::path::PathBuf, files: &kaohe::review::Files| {
        for (name, bytes) in files {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    };
    put(root.join("hr"), &content.hr);
    content.managers.iter().for_each(|(id, f)| put(root.join("manager").join(id), f));
    content.staff.iter().for_each(|(id, f)| put(root.join("staff").join(id), f));
}
