//! Looking at the page and acting in it, by role and accessible name.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};

use crate::driver::Driver;
use crate::program;

/// How long anything may take to appear.
pub const LIMIT: Duration = Duration::from_secs(15);

/// How often the page is looked at while waiting.
const LOOK_EVERY: Duration = Duration::from_millis(60);

const SUPPORT: &str = include_str!("page.js");

/// The accessible name that something must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name<'a> {
    /// Exactly this.
    Is(&'a str),
    /// This somewhere in it.
    Has(&'a str),
}

/// A name with this somewhere in it.
pub fn containing(part: &str) -> Name<'_> {
    Name::Has(part)
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(whole: &'a str) -> Self {
        Self::Is(whole)
    }
}

impl Name<'_> {
    fn json(self) -> Value {
        match self {
            Self::Is(text) => json!({ "text": text, "whole": true }),
            Self::Has(text) => json!({ "text": text, "whole": false }),
        }
    }
}

/// The page in the program's window. Every failure says what there was instead.
pub struct Page<'a>(pub &'a Driver);

impl Page<'_> {
    /// Clicks the one element of this role and name as a mouse would.
    pub fn click(&self, role: &str, name: Name<'_>, scope: Scope<'_>) -> Result<(), String> {
        let find = json!([role, name.json(), scope_json(scope)]);
        wait_for(|| {
            let element = self.only("find", &find, &format!("{role} {name:?}"))?;
            self.click_once(element)
        })
    }

    /// Types into the field of this label, after what it holds; `clear` empties it first.
    pub fn type_into(&self, label: Name<'_>, text: &str, clear: bool) -> Result<(), String> {
        let find = json!([label.json()]);
        let element = wait_for(|| {
            let element = self.only("fields", &find, &format!("field {label:?}"))?;
            let field = element.clone();
            self.click_once(field)?;
            Ok(element)
        })?;
        if clear {
            self.press("Control+a")?;
            self.press("Delete")?;
        } else {
            self.press("Control+End")?;
        }
        // A line feed among the keys sent to an element is lost; the Enter key is not.
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.press("Enter")?;
            }
            if line.is_empty() {
                // WebKitWebDriver takes no keys for a missing argument.
                continue;
            }
            let field = element.clone();
            self.0.perform(async |client| {
                Element::from_element_id(client, field)
                    .send_keys(line)
                    .await
            })?;
        }
        Ok(())
    }

    /// What the field of this label holds.
    pub fn value_of(&self, label: Name<'_>) -> Result<String, String> {
        let find = json!([label.json()]);
        wait_for(|| {
            let element = self.only("fields", &find, &format!("field {label:?}"))?;
            // Elements are only recognised as arguments of their own.
            let element = json!({ ELEMENT_KEY: element.as_ref() });
            let value = self.0.execute(
                "return window.__journey.value(arguments[0]);",
                vec![element],
            )?;
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| "the field has no value".to_owned())
        })
    }

    /// Presses keys as the keyboard would: `Tab`, `Enter`, `Control+Shift+k`, `é`.
    pub fn press(&self, keys: &str) -> Result<(), String> {
        let keys: Vec<char> = key_names(keys).map(key).collect::<Result<_, _>>()?;
        let mut actions = KeyActions::new("keyboard".to_owned());
        for &value in &keys {
            actions = actions.then(KeyAction::Down { value });
        }
        for &value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.0.follow_window()?;
        self.0
            .perform_at_most_once(async |client| client.perform_actions(actions).await)
    }

    /// Waits until the page shows these words.
    pub fn see(&self, words: &str) -> Result<(), String> {
        wait_for(|| {
            let text = self.text()?;
            if text.contains(words) {
                Ok(())
            } else {
                Err(format!("“{words}” is not shown; shown is: {text}"))
            }
        })
    }

    /// Waits until the page does not show these words.
    pub fn see_no_longer(&self, words: &str) -> Result<(), String> {
        wait_for(|| {
            let text = self.text()?;
            if text.contains(words) {
                Err(format!("“{words}” is shown: {text}"))
            } else {
                Ok(())
            }
        })
    }

    /// Waits for an element of this role and name.
    pub fn find(&self, role: &str, name: Name<'_>, scope: Scope<'_>) -> Result<(), String> {
        let find = json!([role, name.json(), scope_json(scope)]);
        wait_for(|| {
            self.only("find", &find, &format!("{role} {name:?}"))
                .map(|_| ())
        })
    }

    /// How many elements of this role and name are shown now.
    pub fn count(&self, role: &str, name: Name<'_>) -> Result<usize, String> {
        let answer = self.call("find", &json!([role, name.json(), null]))?;
        Ok(answer["found"].as_array().map_or(0, Vec::len))
    }

    /// The words of each shown element of this role.
    pub fn texts(&self, role: &str, scope: Scope<'_>) -> Result<Vec<String>, String> {
        wait_for(|| {
            let answer = self.call("texts", &json!([role, scope_json(scope)]))?;
            let texts = answer.as_array().filter(|texts| !texts.is_empty());
            let texts = texts.ok_or_else(|| format!("there is no {role} in {scope:?}"))?;
            Ok(texts
                .iter()
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect())
        })
    }

    /// Role and name of what has the focus.
    pub fn focused(&self) -> Result<(String, String), String> {
        let answer = self.call("focused", &json!([]))?;
        let part = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Ok((part("role"), part("name")))
    }

    /// The words the page shows, with single spaces between them.
    pub fn text(&self) -> Result<String, String> {
        let text = self.call("text", &json!([]))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// A line for each element that a screen reader is told of.
    pub fn outline(&self) -> Result<String, String> {
        let outline = self.call("outline", &json!([]))?;
        Ok(outline.as_str().unwrap_or_default().to_owned())
    }

    /// The computed value of a style property, of each shown element that a CSS selector finds.
    pub fn computed(&self, selector: &str, property: &str) -> Result<Vec<String>, String> {
        let answer = self.call("computed", &json!([selector, property]))?;
        let values = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(values
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect())
    }

    /// The value of an attribute, of each element that a CSS selector finds; empty where it has none.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Result<Vec<String>, String> {
        self.strings(
            "return [...document.querySelectorAll(arguments[0])]\
               .map((element) => element.getAttribute(arguments[1]) ?? '');",
            vec![json!(selector), json!(attribute)],
        )
    }

    /// The first characters of the markup of each element that a CSS selector finds.
    pub fn markup(&self, selector: &str) -> Result<Vec<String>, String> {
        self.strings(
            "return [...document.querySelectorAll(arguments[0])]\
               .map((element) => element.outerHTML.slice(0, 160));",
            vec![json!(selector)],
        )
    }

    /// Runs a script that returns a list of texts.
    fn strings(&self, script: &str, arguments: Vec<Value>) -> Result<Vec<String>, String> {
        let answer = self.0.execute(script, arguments)?;
        let values = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(values
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect())
    }

    /// What axe-core finds wrong with the page, a line for each finding; looked for once colours
    /// that are on their way have arrived.
    pub fn axe(&self) -> Result<Vec<String>, String> {
        self.prepare()?;
        let answer = self.0.execute_async(
            "const done = arguments[arguments.length - 1];\
             const frame = () => new Promise((next) => requestAnimationFrame(next));\
             const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);\
             const still = () => Promise.all(document.getAnimations().filter(ends)\
               .map((one) => one.finished.catch(() => null)));\
             frame().then(frame).then(still).then(() =>\
               axe.run(document, { resultTypes: ['violations'] })).then(\
               (result) => done({ violations: result.violations.map((rule) => ({\
                 id: rule.id, impact: rule.impact, help: rule.help,\
                 nodes: rule.nodes.map((node) => ({\
                   target: node.target.join(' '), summary: node.failureSummary ?? '' })) })) }),\
               (error) => done({ error: String(error) }));",
            Vec::new(),
        )?;
        if let Some(error) = answer["error"].as_str() {
            return Err(format!("axe-core did not run: {error}"));
        }
        let violations = answer["violations"]
            .as_array()
            .ok_or("axe-core gave no result")?;
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut findings = Vec::new();
        for rule in violations {
            for node in rule["nodes"].as_array().into_iter().flatten() {
                findings.push(format!(
                    "{} ({}): {} at {} – {}",
                    word(&rule["id"]),
                    word(&rule["impact"]),
                    word(&rule["help"]),
                    word(&node["target"]),
                    word(&node["summary"]).replace('\n', " "),
                ));
            }
        }
        Ok(findings)
    }

    /// The inner size of the window in CSS pixels.
    pub fn inner_size(&self) -> Result<(u32, u32), String> {
        let size = self
            .0
            .execute("return [innerWidth, innerHeight];", Vec::new())?;
        let part = |index: usize| {
            size[index]
                .as_u64()
                .and_then(|part| u32::try_from(part).ok())
        };
        part(0)
            .zip(part(1))
            .ok_or_else(|| format!("no size: {size}"))
    }

    /// Clicks, and takes it for done when the click itself replaces the window or ends the program:
    /// clicked again, it would do whatever stands there now.
    fn click_once(&self, element: ElementRef) -> Result<(), String> {
        self.0.perform_at_most_once(async |client| {
            Element::from_element_id(client, element).click().await
        })
    }

    /// The one element that a search finds.
    fn only(&self, search: &str, arguments: &Value, what: &str) -> Result<ElementRef, String> {
        let answer = self.call(search, arguments)?;
        let found = answer["found"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        match found {
            [one] => one[ELEMENT_KEY]
                .as_str()
                .map(|id| ElementRef::from(id.to_owned()))
                .ok_or_else(|| format!("{what} is no element: {one}")),
            [] => Err(format!(
                "there is no {what}; there are: {}",
                answer["there"]
            )),
            several => Err(format!("there are {} of {what}, which one?", several.len())),
        }
    }

    /// Calls a function of `page.js`.
    fn call(&self, function: &str, arguments: &Value) -> Result<Value, String> {
        self.prepare()?;
        self.0.execute(
            "return window.__journey[arguments[0]](...arguments[1]);",
            vec![json!(function), arguments.clone()],
        )
    }

    /// Follows a replaced window, and puts the support into a fresh page.
    fn prepare(&self) -> Result<(), String> {
        self.0.follow_window()?;
        let is_ready = "return typeof window.__journey === 'object' && !!document.body;";
        if self.0.execute(is_ready, Vec::new())? == json!(true) {
            return Ok(());
        }
        let path = program::node_modules().join("axe-core/axe.min.js");
        let axe =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        self.0
            .execute(&format!("{axe}\n;{SUPPORT}"), Vec::new())
            .map(|_| ())
    }
}

/// The element in which something is looked for, by its role and name.
pub type Scope<'a> = Option<(&'a str, Name<'a>)>;

/// The property that stands for an element (WebDriver, 12.1).
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

fn scope_json(scope: Scope<'_>) -> Value {
    scope.map_or(
        Value::Null,
        |(role, name)| json!({ "role": role, "name": name.json() }),
    )
}

/// Tries until it succeeds, and gives the last reason when the time is up.
pub fn wait_for<T>(mut attempt: impl FnMut() -> Result<T, String>) -> Result<T, String> {
    let begun = Instant::now();
    loop {
        match attempt() {
            Ok(result) => return Ok(result),
            Err(reason) if begun.elapsed() >= LIMIT => {
                return Err(format!("{reason} (after {LIMIT:?})"));
            }
            Err(_) => thread::sleep(LOOK_EVERY),
        }
    }
}

/// The keys of a combination; the last one may be `+` itself.
fn key_names(keys: &str) -> impl Iterator<Item = &str> {
    let (modifiers, last) = match keys.strip_suffix('+') {
        Some(rest) => (rest.strip_suffix('+').unwrap_or(rest), "+"),
        None => keys.rsplit_once('+').unwrap_or(("", keys)),
    };
    modifiers
        .split('+')
        .filter(|name| !name.is_empty())
        .chain([last])
}

/// The code point that stands for a key (WebDriver, 17.4.2).
fn key(name: &str) -> Result<char, String> {
    let named = match name {
        "Backspace" => '\u{e003}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Alt" => '\u{e00a}',
        "Escape" => '\u{e00c}',
        "\n" => '\u{e007}',
        "Space" => ' ',
        "PageUp" => '\u{e00e}',
        "PageDown" => '\u{e00f}',
        "End" => '\u{e010}',
        "Home" => '\u{e011}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Insert" => '\u{e016}',
        "Delete" => '\u{e017}',
        "F1" => '\u{e031}',
        "F2" => '\u{e032}',
        "F8" => '\u{e038}',
        "F11" => '\u{e03b}',
        "Meta" => '\u{e03d}',
        _ => {
            let mut characters = name.chars();
            return match (characters.next(), characters.next()) {
                (Some(one), None) => Ok(one),
                _ => Err(format!("there is no key “{name}”")),
            };
        }
    };
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_taken_apart() {
        let names = |keys| key_names(keys).collect::<Vec<_>>();
        assert_eq!(names("Tab"), ["Tab"]);
        assert_eq!(names("Control+Shift+k"), ["Control", "Shift", "k"]);
        assert_eq!(names("+"), ["+"]);
        assert_eq!(names("Control++"), ["Control", "+"]);
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert_eq!(key("é"), Ok('é'));
        assert!(key("Kontrol").is_err());
    }
}
