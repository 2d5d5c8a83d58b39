//! Little-endian reading and writing. Reading never panics: whatever does not fit is `None`.

/// Reads fields from the front of a byte string.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(front)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.slice(N)?.try_into().ok()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// Takes a length that a u32 states; refuses one beyond what is left.
    pub fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.slice(usize::try_from(length).ok()?)
    }

    /// Takes exactly these bytes.
    pub fn exactly(&mut self, expected: &[u8]) -> Option<()> {
        (self.slice(expected.len())? == expected).then_some(())
    }

    /// Takes bytes that must be zero.
    pub fn zeros(&mut self, length: usize) -> Option<()> {
        self.slice(length)?
            .iter()
            .all(|byte| *byte == 0)
            .then_some(())
    }

    /// Takes everything left, which must be zero.
    pub fn only_zeros_left(&mut self) -> Option<()> {
        self.zeros(self.rest.len())
    }

    pub fn left(&self) -> usize {
        self.rest.len()
    }
}

/// Writes fields to the end of a buffer.
pub trait Put {
    fn put(&mut self, bytes: &[u8]);
    fn zeros(&mut self, length: usize);

    fn put_u8(&mut self, value: u8) {
        self.put(&[value]);
    }

    fn put_u16(&mut self, value: u16) {
        self.put(&value.to_le_bytes());
    }

    fn put_u32(&mut self, value: u32) {
        self.put(&value.to_le_bytes());
    }

    fn put_u64(&mut self, value: u64) {
        self.put(&value.to_le_bytes());
    }

    fn put_i64(&mut self, value: i64) {
        self.put(&value.to_le_bytes());
    }
}

impl Put for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn zeros(&mut self, length: usize) {
        self.resize(self.len() + length, 0);
    }
}
