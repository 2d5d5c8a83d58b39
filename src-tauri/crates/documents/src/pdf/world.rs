//! What typst can see: one template, one piece of data, the fonts of this crate, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use zeroize::Zeroizing;

/// Fonts by `fonts/make-fonts.py`, each under the SIL Open Font License in `fonts/OFL-*.txt`.
const FONT_FILES: [&[u8]; 10] = [
    include_bytes!("../../fonts/Literata-Regular.ttf"),
    include_bytes!("../../fonts/Literata-SemiBold.ttf"),
    include_bytes!("../../fonts/Literata-Italic.ttf"),
    include_bytes!("../../fonts/Literata-SemiBoldItalic.ttf"),
    include_bytes!("../../fonts/LiterataDisplay-Regular.ttf"),
    include_bytes!("../../fonts/HankenGrotesk-Regular.ttf"),
    include_bytes!("../../fonts/HankenGrotesk-SemiBold.ttf"),
    include_bytes!("../../fonts/NotoSerifHebrew-Regular.ttf"),
    include_bytes!("../../fonts/Vazirmatn-Regular.ttf"),
    include_bytes!("../../fonts/NotoEmoji-Regular.ttf"),
];

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    FONT_FILES
        .into_iter()
        .map(|file| Font::new(Bytes::new(file), 0).expect("a font of this crate is a font"))
        .collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static TEMPLATE: LazyLock<FileId> = LazyLock::new(|| file_id("page.typ"));
static DATA: LazyLock<FileId> = LazyLock::new(|| file_id("data.json"));

/// Whether one of the fonts has a shape for the character, or none is needed.
pub(super) fn can_draw(c: char) -> bool {
    let shapeless = matches!(
        c,
        ' ' | '\u{200c}'..='\u{200f}' | '\u{61c}' | '\u{fe0e}' | '\u{fe0f}'
    );
    shapeless
        || FONTS
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(c)))
}

/// One rendering's view of the world.
pub(super) struct PageWorld {
    template: Source,
    data: Bytes,
}

impl PageWorld {
    pub(super) fn new(template: &'static str, data: Zeroizing<Vec<u8>>) -> Self {
        Self {
            template: Source::new(*TEMPLATE, template.into()),
            data: Bytes::new(data),
        }
    }
}

impl World for PageWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        *TEMPLATE
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *TEMPLATE {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
