//! Who paints the window: the graphics card where there is one, otherwise the processor by itself.
//!
//! Without a card WebKitGTK still paints through OpenGL, which the processor then imitates: each kind of drawing has to be
//! compiled first, and the first screen waits for that. Painting without OpenGL is a switch of the web view, documented in
//! WebKit's `environment-variables.md`.

use std::{env, ffi::OsStr, fs, path::Path};

const SWITCH: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";

/// Where Linux shows the cards that can render, as `renderD128` and so on.
const CARDS: &str = "/dev/dri";

/// Lets the processor paint where there is no card, unless whoever started the program has decided. To be called while the
/// program has a single thread: the environment belongs to all of them.
pub fn choose() {
    if env::var_os(SWITCH).is_some() || has_card(Path::new(CARDS)) {
        return;
    }
    #[expect(unsafe_code, reason = "it writes the environment")]
    // SAFETY: no other thread is there that could read it, as demanded above.
    unsafe {
        env::set_var(SWITCH, "1");
    }
}

fn has_card(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| is_render_node(&entry.file_name()))
    })
}

fn is_render_node(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"renderD")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_card_that_renders_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_card(&folder.path().join("missing")));
        // A screen without a card behind it, as virtual machines have.
        fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_card(folder.path()));
        fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_card(folder.path()));
    }
}
