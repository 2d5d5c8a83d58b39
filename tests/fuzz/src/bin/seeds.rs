//! Writes inputs to begin with into `seeds/<target>/`, from the golden vaults and from nothing.

use std::error::Error;
use std::fs;
use std::path::Path;

use vault::SpareKey;
use vault::fuzzing::seeds;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vectors = here.join("../vectors/v1");
    let golden = fs::read_to_string(vectors.join("basic/golden.json"))?;
    let words = golden
        .split_once("\"spare_key\": \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .ok_or("the golden vault names its spare key")?
        .0;
    let mut all = seeds::golden(&vectors, &SpareKey::parse(words)?)?;
    all.extend(seeds::made());
    for (number, (target, bytes)) in all.iter().enumerate() {
        let folder = here.join("seeds").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{number:04}")), bytes)?;
    }
    Ok(())
}
