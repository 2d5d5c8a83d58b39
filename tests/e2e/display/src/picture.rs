//! Pictures taken from the frame buffer file of Xvfb (X window dump, version 7) and saved as PNG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use crate::Error;

const BYTES_PER_PIXEL: usize = 4;
const COLOUR_ENTRY: usize = 12;
/// One pixel in so many is more than nothing; words are more.
const BARE_SHARE: usize = 500;

// Offsets of the 32-bit big-endian fields of the X window dump header.
const AT_HEADER_SIZE: usize = 0;
const AT_WIDTH: usize = 16;
const AT_HEIGHT: usize = 20;
const AT_BYTE_ORDER: usize = 28;
const AT_BITS_PER_PIXEL: usize = 44;
const AT_BYTES_PER_LINE: usize = 48;
const AT_COLOURS: usize = 76;

/// A picture of 8-bit red, green and blue.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    /// Reads an X window dump of 32 bits per pixel with blue in the lowest byte.
    pub fn from_frame_buffer(bytes: &[u8]) -> Result<Self, Error> {
        let field = |at: usize| -> Result<usize, Error> {
            let four = bytes
                .get(at..at + 4)
                .ok_or(Error::Frame("header cut off"))?;
            Ok(u32::from_be_bytes(four.try_into().expect("four bytes were taken")) as usize)
        };
        if field(AT_BITS_PER_PIXEL)? != BYTES_PER_PIXEL * 8 || field(AT_BYTE_ORDER)? != 0 {
            return Err(Error::Frame("not 32-bit little-endian pixels"));
        }
        let (width, height) = (field(AT_WIDTH)?, field(AT_HEIGHT)?);
        let line = field(AT_BYTES_PER_LINE)?;
        let begin = field(AT_HEADER_SIZE)? + field(AT_COLOURS)? * COLOUR_ENTRY;
        let pixels = bytes
            .get(begin..begin + line * height)
            .ok_or(Error::Frame("pixels cut off"))?;
        let mut rgb = Vec::with_capacity(width * height * 3);
        for row in pixels.chunks_exact(line) {
            for pixel in row[..width * BYTES_PER_PIXEL].chunks_exact(BYTES_PER_PIXEL) {
                rgb.extend_from_slice(&[pixel[2], pixel[1], pixel[0]]);
            }
        }
        Ok(Self { width, height, rgb })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether every pixel has the same colour.
    pub fn is_blank(&self) -> bool {
        self.rgb
            .chunks_exact(3)
            .all(|pixel| pixel == &self.rgb[..3])
    }

    /// Whether there is next to nothing within the outer tenths: a window that has a frame and no page yet.
    pub fn is_bare(&self) -> bool {
        let (left, top) = (self.width / 10, self.height / 10);
        let ground = self.pixel(self.width / 2, self.height / 2);
        let (mut inked, mut all) = (0, 0);
        for y in top..self.height - top {
            for x in left..self.width - left {
                all += 1;
                inked += usize::from(self.pixel(x, y) != ground);
            }
        }
        inked.min(all - inked) * BARE_SHARE < all
    }

    /// How many of a thousand pixels differ; all of them when the sizes do.
    pub fn difference_per_mille(&self, other: &Self) -> f64 {
        if (self.width, self.height) != (other.width, other.height) {
            return 1000.0;
        }
        let pairs = self.rgb.chunks_exact(3).zip(other.rgb.chunks_exact(3));
        let different = pairs.filter(|(mine, theirs)| mine != theirs).count();
        different as f64 * 1000.0 / (self.width * self.height) as f64
    }

    /// The part that differs from the colour of the upper left corner: the windows without the
    /// empty screen around them.
    pub fn trimmed(&self) -> Self {
        let ground = &self.rgb[..3];
        let inked = |x: usize, y: usize| self.pixel(x, y) != ground;
        let rows: Vec<usize> = (0..self.height)
            .filter(|&y| (0..self.width).any(|x| inked(x, y)))
            .collect();
        let columns: Vec<usize> = (0..self.width)
            .filter(|&x| (0..self.height).any(|y| inked(x, y)))
            .collect();
        let (Some((&top, &bottom)), Some((&left, &right))) = (
            rows.first().zip(rows.last()),
            columns.first().zip(columns.last()),
        ) else {
            return self.clone();
        };
        let rgb = (top..=bottom)
            .flat_map(|y| {
                let begin = (y * self.width + left) * 3;
                self.rgb[begin..begin + (right - left + 1) * 3]
                    .iter()
                    .copied()
            })
            .collect();
        Self {
            width: right - left + 1,
            height: bottom - top + 1,
            rgb,
        }
    }

    /// Writes the picture as PNG, making the folders above it.
    pub fn save_png(&self, path: &Path) -> Result<(), Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let (width, height) = (self.width as u32, self.height as u32);
        let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(())
    }

    fn pixel(&self, x: usize, y: usize) -> &[u8] {
        let begin = (y * self.width + x) * 3;
        &self.rgb[begin..begin + 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dump of 3 × 2 black pixels, with the pixels at `inked` red.
    fn dump(inked: &[(usize, usize)]) -> Vec<u8> {
        const HEADER: usize = 100;
        let mut bytes = vec![0; HEADER];
        let mut set = |at: usize, value: u32| {
            bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        };
        set(AT_HEADER_SIZE, HEADER as u32);
        set(AT_WIDTH, 3);
        set(AT_HEIGHT, 2);
        set(AT_BITS_PER_PIXEL, 32);
        set(AT_BYTES_PER_LINE, 16);
        set(AT_COLOURS, 1);
        bytes.extend([0; COLOUR_ENTRY]);
        let mut pixels = vec![0; 32];
        for (x, y) in inked {
            pixels[y * 16 + x * 4 + 2] = 0xff;
        }
        bytes.extend(pixels);
        bytes
    }

    #[test]
    fn a_dump_is_read_and_compared() {
        let blank = Picture::from_frame_buffer(&dump(&[])).unwrap();
        let inked = Picture::from_frame_buffer(&dump(&[(2, 1)])).unwrap();
        assert!(blank.is_blank());
        assert!(!inked.is_blank());
        assert_eq!(inked.pixel(2, 1), [0xff, 0, 0]);
        assert!((inked.difference_per_mille(&blank) - 1000.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_frame_around_nothing_is_bare_and_a_page_is_not() {
        let (width, height) = (100, 100);
        let mut picture = Picture {
            width,
            height,
            rgb: vec![0xee; width * height * 3],
        };
        let ink = |picture: &mut Picture, x: usize, y: usize| {
            let begin = (y * width + x) * 3;
            picture.rgb[begin..begin + 3].fill(0);
        };
        for x in 0..width {
            ink(&mut picture, x, 0);
            ink(&mut picture, x, 5);
        }
        assert!(picture.is_bare() && !picture.is_blank());
        for x in 20..60 {
            ink(&mut picture, x, 30);
        }
        assert!(!picture.is_bare());
    }

    #[test]
    fn trimming_keeps_what_differs_from_the_corner() {
        let picture = Picture::from_frame_buffer(&dump(&[(1, 0), (2, 1)]))
            .unwrap()
            .trimmed();
        assert_eq!((picture.width(), picture.height()), (2, 2));
        assert_eq!(picture.pixel(0, 0), [0xff, 0, 0]);
        assert_eq!(picture.pixel(1, 0), [0, 0, 0]);
    }

    #[test]
    fn a_dump_cut_at_any_length_is_refused() {
        let whole = dump(&[]);
        for length in 0..whole.len() {
            assert!(
                Picture::from_frame_buffer(&whole[..length]).is_err(),
                "at {length}"
            );
        }
    }

    #[test]
    fn a_saved_picture_is_a_png_of_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/picture.png");
        let picture = Picture::from_frame_buffer(&dump(&[(1, 0)])).unwrap();
        picture.save_png(&path).unwrap();
        let file = std::io::BufReader::new(File::open(path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rgb).unwrap();
        assert_eq!((reader.info().width, reader.info().height), (3, 2));
        assert_eq!(rgb, picture.rgb);
    }
}
