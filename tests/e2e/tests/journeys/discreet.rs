//! Discreet mode: names and words cannot be read by somebody who passes by.

use e2e::{Journey, Name, Plan, Theme, containing};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

/// Everything that holds a person's words, and the covers that hold their initials.
const WORDS: &str = "[data-words]";

#[test]
fn names_and_words_are_blurred_and_gone_from_the_title() {
    let window = Plan::named("discreet").argument("--demo").begin();
    window.see("You promised");
    assert!(
        blurred(&window) == 0,
        "nothing is blurred before it is asked for"
    );
    window.press("Control+Shift+d");
    all_is_blurred(&window, "today");

    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.see("Apply for senior lecturer");
    all_is_blurred(&window, "relationship");
    window.click_in(MAIN, "link", "Journal");
    window.find("textbox", "The page");
    all_is_blurred(&window, "journal");
    window.click_in(MAIN, "link", "Summaries");
    window.click("link", containing("Mentoring summary for Dr Amara Nwosu"));
    window.find("textbox", "The page");
    all_is_blurred(&window, "summary");
    window.press("Control+k");
    window.find("group", "Notebooks");
    all_is_blurred(&window, "palette");
    window.press("Escape");

    window.press("Control+Shift+d");
    assert_eq!(blurred(&window), 0, "nothing is blurred any more");
}

#[track_caller]
fn all_is_blurred(window: &Journey, screen: &str) {
    let styles = window.computed(WORDS, "filter");
    assert!(styles.len() > 3, "{screen} shows words: {styles:?}");
    assert_eq!(blurred(window), styles.len(), "{screen}: {styles:?}");
    assert_eq!(window.window_title(), "Confidant", "{screen}");
    window.screenshot(screen, Theme::Light);
}

#[track_caller]
fn blurred(window: &Journey) -> usize {
    let styles = window.computed(WORDS, "filter");
    styles.iter().filter(|style| style.contains("blur")).count()
}
