//! A Tauri window with one plain page and nothing behind it.

fn main() {
    tauri::Builder::default()
        .run(tauri::generate_context!())
        .expect("a window can be opened on this display");
}
