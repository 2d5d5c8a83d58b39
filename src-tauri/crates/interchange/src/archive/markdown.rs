//! What a record says, as Markdown that reads well in any editor.

use chrono::NaiveDate;
use mentoring::{
    RecordBody, commitments::Commitment, feedback::Feedback, goals::Goal, heard::Heard,
    meetings::Meeting, notes::Note, people::Person,
};
use serde::Serialize;
use sharing::SummaryView;
use words::Words;

/// All that a record says but its title.
pub fn record_markdown(body: &RecordBody, words: &Words) -> String {
    let mut page = Page::new(words);
    match body {
        RecordBody::Note(note) => page.note(note),
        RecordBody::Meeting(meeting) => page.meeting(meeting),
        RecordBody::Heard(heard) => page.heard(heard),
        RecordBody::Goal(goal) => page.goal(goal),
        RecordBody::Feedback(feedback) => page.feedback(feedback),
        RecordBody::Commitment(commitment) => page.commitment(commitment),
        RecordBody::Person(person) => page.person(person),
    }
    page.text()
}

/// All that a summary says but its title, and who agreed to it.
pub fn summary_markdown(summary: &SummaryView, words: &Words) -> String {
    let text = &summary.text;
    let mut page = Page::new(words);
    page.fact("archive-purpose", &text.purpose);
    page.fact("archive-audience", &text.audience);
    page.fact("archive-from", &page.day(text.from));
    page.fact("archive-to", &page.day(text.to));
    page.date("archive-expires", text.expires);
    for paragraph in &text.paragraphs {
        let sentences = paragraph
            .sentences
            .iter()
            .map(|sentence| sentence.text.trim());
        let line = sentences.collect::<Vec<_>>().join(" ");
        match paragraph.heading {
            true => page.block(&format!("## {line}")),
            false => page.block(&line),
        }
    }
    let consents = summary.consents.iter().map(|consent| {
        let day = page.day(consent.at.date_naive());
        format!(
            "- {} ({}), {day}",
            consent.name.trim(),
            page.value(consent.by)
        )
    });
    let consents = consents.collect::<Vec<_>>().join("\n");
    page.section("archive-consents", &consents);
    page.text()
}

/// A page as it grows: first the facts, then blocks of text.
struct Page<'w> {
    words: &'w Words,
    facts: Vec<String>,
    blocks: Vec<String>,
}

impl<'w> Page<'w> {
    fn new(words: &'w Words) -> Self {
        Self {
            words,
            facts: Vec::new(),
            blocks: Vec::new(),
        }
    }

    fn text(self) -> String {
        let facts = (!self.facts.is_empty()).then(|| self.facts.join("\n"));
        let blocks: Vec<_> = facts.into_iter().chain(self.blocks).collect();
        blocks.join("\n\n")
    }

    fn note(&mut self, note: &Note) {
        self.fact("archive-time", note.at.as_deref().unwrap_or_default());
        self.fact("archive-tags", &note.tags.join(", "));
        if let Some(prompt) = &note.prompt {
            self.block(&format!("> {}", prompt.trim()));
        }
        self.block(&note.text);
    }

    fn meeting(&mut self, meeting: &Meeting) {
        self.fact("archive-time", meeting.at.as_deref().unwrap_or_default());
        self.number("archive-minutes", meeting.minutes);
        self.fact("archive-how", &self.value(meeting.medium));
        self.fact("archive-where", &meeting.place);
        self.section("archive-agenda", &meeting.agenda());
    }

    fn heard(&mut self, heard: &Heard) {
        self.fact("archive-stands", &self.value(heard.state));
        self.block(&heard.text);
        self.section("archive-correction", &heard.correction);
    }

    fn goal(&mut self, goal: &Goal) {
        self.fact("archive-stands", &self.value(goal.state));
        self.date("archive-settled", goal.closed_on);
        self.date("archive-due", goal.due);
        self.fact("archive-horizon", &self.value(goal.horizon));
        self.fact("archive-sphere", &self.value(goal.sphere));
        self.number("archive-confidence", goal.confidence);
        self.section("archive-why", &goal.why);
        self.section("archive-measure", &goal.measure);
        let steps = goal.milestones.iter().map(|step| {
            let mark = if step.done_on.is_some() { "x" } else { " " };
            let mut line = format!("- [{mark}] {}", step.text.trim());
            for (id, day) in [("archive-due", step.due), ("archive-done", step.done_on)] {
                if let Some(day) = day {
                    line += &format!(" ({}: {})", self.words.say(id), self.day(day));
                }
            }
            line
        });
        let steps = steps.collect::<Vec<_>>().join("\n");
        self.section("archive-steps", &steps);
        if !goal.reports.is_empty() {
            self.block(&format!("## {}", self.words.say("archive-reports")));
        }
        for report in &goal.reports {
            let (day, outcome) = (self.day(report.on), self.value(report.outcome));
            self.block(&format!("### {day} ({outcome})"));
            self.block(&report.text);
            if !report.next.trim().is_empty() {
                let next = self.words.say("archive-next");
                self.block(&format!("{next}: {}", report.next.trim()));
            }
        }
    }

    fn feedback(&mut self, feedback: &Feedback) {
        self.fact("archive-direction", &self.value(feedback.direction));
        for (id, text) in [
            ("archive-situation", &feedback.situation),
            ("archive-behaviour", &feedback.behaviour),
            ("archive-impact", &feedback.impact),
            ("archive-next", &feedback.next),
            ("archive-reply", &feedback.reply),
        ] {
            self.section(id, text);
        }
    }

    fn commitment(&mut self, commitment: &Commitment) {
        self.fact("archive-owner", &self.value(commitment.owner));
        self.date("archive-due", commitment.due);
        self.fact("archive-stands", &self.value(commitment.state));
        self.date("archive-settled", commitment.settled_on);
        self.block(&commitment.text);
        self.block(&commitment.note);
    }

    fn person(&mut self, person: &Person) {
        for (id, text) in [
            ("archive-name", &person.name),
            ("archive-pronouns", &person.pronouns),
            ("archive-work", &person.work),
            ("archive-contact", &person.contact),
        ] {
            self.fact(id, text);
        }
        self.block(&person.about);
    }

    /// A line of the facts, where there is anything to say.
    fn fact(&mut self, id: &str, value: &str) {
        if !value.trim().is_empty() {
            self.facts
                .push(format!("- {}: {}", self.words.say(id), value.trim()));
        }
    }

    fn number(&mut self, id: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.fact(id, &value.to_string());
        }
    }

    fn date(&mut self, id: &str, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.fact(id, &self.day(day));
        }
    }

    fn block(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.blocks.push(text.trim_matches(['\n', '\r']).to_owned());
        }
    }

    fn section(&mut self, id: &str, text: &str) {
        if !text.trim().is_empty() {
            self.block(&format!("## {}", self.words.say(id)));
            self.block(text);
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        day.to_string()
    }

    /// The words for one of several possibilities.
    fn value(&self, value: impl Serialize) -> String {
        let name = serde_json::to_value(value).ok();
        let name = name
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        self.words.with("archive-value", [("value", name.into())])
    }
}
