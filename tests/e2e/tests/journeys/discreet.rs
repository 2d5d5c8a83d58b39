//! Discreet mode: names and words cannot be read by somebody who passes by.

use e2e::{Journey, Name, Plan, Theme, containing};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const TABS: (&str, Name<'static>) = ("navigation", Name::Is("In this notebook"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));

/// Everything that holds a person's words, and the covers that hold their initials.
const WORDS: &str = "[data-words]";

/// The people of the demo, and its owner.
const NAMES: [&str; 8] = [
    "Amara", "Nwosu", "Daniel", "Rhee", "Edith", "Calloway", "Helen", "Marsh",
];

#[test]
fn names_and_words_are_blurred_and_gone_from_the_title() {
    let window = Plan::named("discreet").argument("--demo").begin();
    window.see("You promised");
    assert!(
        blurred(&window) == 0,
        "nothing is blurred before it is asked for"
    );
    for name in ["Amara", "Helen"] {
        let places = filters_over(&window, name);
        assert!(!places.is_empty(), "{name} stands on Today");
        assert!(
            places.iter().all(|filters| !is_blurred(filters)),
            "{name} can be read: {places:?}"
        );
    }
    window.press("Control+Shift+d");
    all_is_blurred(&window, "today");

    notebook(&window);
    summary(&window);
    window.click_in(MAIN, "link", "Journal");
    window.find("textbox", "The page");
    all_is_blurred(&window, "journal");
    window.press("Control+,");
    window.click_in(SETTINGS, "link", "You");
    window.find("textbox", "Your name");
    all_is_blurred(&window, "settings");
    window.press("Control+k");
    window.find("group", "Notebooks");
    all_is_blurred(&window, "palette");
    window.press("Escape");

    window.press("Control+Shift+d");
    assert_eq!(blurred(&window), 0, "nothing is blurred any more");
}

fn notebook(window: &Journey) {
    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.see("Apply for senior lecturer");
    all_is_blurred(window, "relationship");

    window.click_in(TABS, "link", containing("Meetings"));
    window.see("To come");
    window.click("link", containing("The whole draft on the table"));
    window.find("heading", "The whole draft on the table");
    window.see("We read it aloud");
    window.value_of("What I heard, in my words");
    all_is_blurred(window, "meeting");

    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.click_in(TABS, "link", containing("Feedback"));
    window.click("link", containing("You repeated his question slowly"));
    window.find("textbox", containing("Situation"));
    all_is_blurred(window, "feedback");

    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.click_in(TABS, "link", containing("Promises"));
    window.find("heading", "Settled");
    all_is_blurred(window, "promises");
}

fn summary(window: &Journey) {
    window.click_in(MAIN, "link", "Summaries");
    window.click("link", containing("Mentoring summary for Dr Amara Nwosu"));
    window.find("textbox", "The page");
    all_is_blurred(window, "summary");

    window.click_in(MAIN, "link", "Summaries");
    window.click("link", containing("Towards a fellowship: Dr Daniel Rhee"));
    window.find("textbox", "The page");
    window.see("May be used");
    window.click("button", containing("is here and agrees"));
    window.find("dialog", containing("For Daniel Rhee to read"));
    all_is_blurred(window, "agreement");
    window.press("Escape");
}

/// Fails unless every word of a person is blurred, and every name, wherever it is drawn.
#[track_caller]
fn all_is_blurred(window: &Journey, screen: &str) {
    let styles = window.computed(WORDS, "filter");
    assert!(styles.len() > 3, "{screen} shows words: {styles:?}");
    // One reading: a page that is still filling has more words at the next.
    let open = styles.iter().filter(|style| !is_blurred(style)).count();
    assert_eq!(
        open,
        0,
        "{screen}: {styles:?}\n{}",
        window.markup_of(WORDS).join("\n")
    );
    let mut drawn = 0;
    for name in NAMES {
        let places = filters_over(window, name);
        let open = places.iter().filter(|filters| !is_blurred(filters)).count();
        assert_eq!(
            open,
            0,
            "{screen}: {name} can be read somewhere in: {}",
            window.text()
        );
        drawn += places.len();
    }
    assert!(drawn > 0, "{screen} names somebody");
    assert_eq!(window.window_title(), "Confidant", "{screen}");
    window.screenshot(screen, Theme::Light);
}

/// For each place where a name is drawn, the filters of its element and of all it stands in.
#[track_caller]
fn filters_over(window: &Journey, name: &str) -> Vec<String> {
    window.computed(&format!(":text({name})"), "filter")
}

fn is_blurred(filters: &str) -> bool {
    filters.contains("blur")
}

#[track_caller]
fn blurred(window: &Journey) -> usize {
    let styles = window.computed(WORDS, "filter");
    styles.iter().filter(|style| is_blurred(style)).count()
}
