//! Embeds the one page.

fn main() {
    tauri_build::build();
}
