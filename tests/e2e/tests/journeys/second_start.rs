//! Starting the program a second time brings the first one to the front.

use e2e::{Name, Plan};

use crate::person;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

#[test]
fn a_second_start_brings_the_open_window_to_the_front() {
    let mut window = Plan::named("second-start").in_usual_places().begin();
    person::begin_a_vault(&window);
    window.minimise();

    let second = window
        .run_beside()
        .expect("the second start ends by itself");
    assert!(second.status.success(), "{second:?}");
    window.wait_until_in_front();
    window.click_in(MAIN, "link", "Summaries");
    window.find("heading", "Summaries");

    window.restart();
    person::unlock(&window);
    window.close();
}
