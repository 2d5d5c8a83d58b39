//! Pictures of a screen in every dress, and what axe-core says of it, gathered over a journey.

use std::cell::RefCell;

use e2e::{Journey, Theme};

/// The size the mockups are drawn at.
const USUAL: (u32, u32) = (1280, 820);

/// The smallest window.
const SMALL: (u32, u32) = (900, 600);

/// What was found on the screens so far.
#[derive(Default)]
pub struct Album {
    findings: RefCell<Vec<String>>,
}

impl Album {
    /// Pictures at the usual size, light and dark, and a look by axe-core at each.
    pub fn page(&self, window: &Journey, name: &str) {
        for theme in [Theme::Light, Theme::Dark] {
            window.show_in(theme);
            window.screenshot(name, theme);
            self.examine(window, name, theme);
        }
        window.show_in(Theme::Light);
    }

    /// The same, and pictures of it in the smallest window: what is drawn there is what was examined.
    pub fn screen(&self, window: &Journey, name: &str) {
        self.page(window, name);
        window.resize(SMALL.0, SMALL.1);
        let small = format!("{name}-{}x{}", SMALL.0, SMALL.1);
        window.screenshot(&small, Theme::Light);
        window.screenshot(&small, Theme::Dark);
        window.resize(USUAL.0, USUAL.1);
    }

    /// Fails with everything axe-core found, if it found anything.
    #[track_caller]
    pub fn close(self) {
        let findings = self.findings.into_inner();
        assert!(
            findings.is_empty(),
            "axe-core finds:\n{}",
            findings.join("\n")
        );
    }

    fn examine(&self, window: &Journey, name: &str, theme: Theme) {
        let found = window.axe_findings();
        let mut findings = self.findings.borrow_mut();
        findings.extend(found.iter().map(|one| format!("{name}, {theme:?}: {one}")));
    }
}
