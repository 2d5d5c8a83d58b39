//! The primitives against Project Wycheproof, `tests/vectors/wycheproof`, and against the papers that they come from,
//! `tests/vectors/ietf`.

use argon2::{AssociatedData, ParamsBuilder};
use chacha20::cipher::{KeyIvInit, StreamCipher};
use chacha20::{ChaCha20, R20, hchacha};
use serde_json::Value;

use super::*;

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("a text of hexadecimal digits");
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
    (0..text.len()).step_by(2).map(digit).collect()
}

/// Every vector of a file, with how many the file says there are.
fn vectors(file: &str) -> (Vec<Value>, usize) {
    let whole: Value = serde_json::from_str(file).expect("a vector file is JSON");
    let groups = whole["testGroups"].as_array().expect("groups");
    let tests = groups.iter().flat_map(|group| {
        let tests = group["tests"].as_array().expect("tests");
        tests.iter().cloned()
    });
    let count = whole["numberOfTests"].as_u64().expect("a number");
    (tests.collect(), count as usize)
}

fn is_valid(vector: &Value) -> bool {
    match vector["result"].as_str() {
        Some("valid") => true,
        Some("invalid") => false,
        other => panic!("a result that is not known: {other:?}"),
    }
}

#[test]
fn sealing_agrees_with_every_vector_of_wycheproof() {
    let (vectors, count) = vectors(include_str!(
        "../../../../../tests/vectors/wycheproof/xchacha20_poly1305_test.json"
    ));
    assert_eq!(vectors.len(), count);
    let (mut right, mut wrong) = (0, 0);
    for vector in &vectors {
        let key: [u8; KEY_LENGTH] = hex(&vector["key"]).try_into().expect("32 bytes");
        let Ok(nonce) = <[u8; NONCE_LENGTH]>::try_from(hex(&vector["iv"])) else {
            assert!(!is_valid(vector), "no other length is right: {vector}");
            continue;
        };
        let (aad, text) = (hex(&vector["aad"]), hex(&vector["msg"]));
        let sealed = hex(&vector["ct"]);
        let tag: [u8; TAG_LENGTH] = hex(&vector["tag"]).try_into().expect("16 bytes");
        let mut opened = sealed.clone();
        let opens = unseal(&key, &nonce, &aad, &mut opened, &tag);
        assert_eq!(opens, is_valid(vector), "{vector}");
        if is_valid(vector) {
            assert_eq!(opened, text, "{vector}");
            let mut made = text.clone();
            assert_eq!(seal(&key, &nonce, &aad, &mut made), tag, "{vector}");
            assert_eq!(made, sealed, "{vector}");
            right += 1;
        } else {
            wrong += 1;
        }
    }
    assert!(right > 200 && wrong > 20, "{right} and {wrong} were tried");
}

#[test]
fn derivation_agrees_with_every_vector_of_wycheproof() {
    let (vectors, count) = vectors(include_str!(
        "../../../../../tests/vectors/wycheproof/hkdf_sha256_test.json"
    ));
    assert_eq!(vectors.len(), count);
    let mut tried = 0;
    for vector in vectors.iter().filter(|vector| is_valid(vector)) {
        let (ikm, salt, info) = (
            hex(&vector["ikm"]),
            hex(&vector["salt"]),
            hex(&vector["info"]),
        );
        compare_derived(&ikm, &salt, &info, &hex(&vector["okm"]));
        tried += 1;
    }
    assert!(tried > 60, "{tried} were tried");
}

/// The crate gives the whole output; the vault takes the first 32 bytes of it.
fn compare_derived(ikm: &[u8], salt: &[u8], info: &[u8], expected: &[u8]) {
    let mut whole = vec![0; expected.len()];
    Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand(info, &mut whole)
        .expect("no vector is longer than 255 blocks");
    assert_eq!(whole, expected);
    let compared = expected.len().min(KEY_LENGTH);
    let key = hkdf(ikm, salt, &[info]);
    assert_eq!(key[..compared], expected[..compared]);
    // In two pieces it is the same as in one.
    let (begin, end) = info.split_at(info.len() / 2);
    assert_eq!(*hkdf(ikm, salt, &[begin, end]), *key);
}

#[test]
fn derivation_agrees_with_rfc_5869() {
    let (vectors, count) = vectors(include_str!(
        "../../../../../tests/vectors/ietf/rfc5869_hkdf_sha256_test.json"
    ));
    assert_eq!((vectors.len(), count), (3, 3));
    for vector in &vectors {
        let [ikm, salt, info, prk, okm] =
            ["ikm", "salt", "info", "prk", "okm"].map(|name| hex(&vector[name]));
        assert_eq!(vector["size"], okm.len(), "{vector}");
        assert_eq!(
            Hkdf::<Sha256>::extract(Some(&salt), &ikm).0[..],
            prk[..],
            "{vector}"
        );
        compare_derived(&ikm, &salt, &info, &okm);
    }
}

#[test]
fn stretching_agrees_with_rfc_9106() {
    let (vectors, count) = vectors(include_str!(
        "../../../../../tests/vectors/ietf/rfc9106_argon2_test.json"
    ));
    assert_eq!((vectors.len(), count), (3, 3));
    for vector in &vectors {
        let algorithm = match vector["type"].as_str() {
            Some("Argon2d") => Algorithm::Argon2d,
            Some("Argon2i") => Algorithm::Argon2i,
            Some("Argon2id") => Algorithm::Argon2id,
            other => panic!("a type that is not known: {other:?}"),
        };
        assert_eq!(vector["version"], Version::V0x13 as u32);
        let cost = |name: &str| vector[name].as_u64().expect("a number") as u32;
        let [password, salt, secret, data, tag] =
            ["password", "salt", "secret", "associatedData", "tag"].map(|name| hex(&vector[name]));
        let params = ParamsBuilder::new()
            .m_cost(cost("memoryKiB"))
            .t_cost(cost("passes"))
            .p_cost(cost("lanes"))
            .output_len(tag.len())
            .data(AssociatedData::new(&data).expect("short enough"))
            .build()
            .expect("costs that the crate takes");
        let argon = Argon2::new_with_secret(&secret, algorithm, Version::V0x13, params);
        let mut made = vec![0; tag.len()];
        argon
            .and_then(|argon| argon.hash_password_into(&password, &salt, &mut made))
            .expect("inputs that the crate takes");
        assert_eq!(made, tag, "{vector}");
    }
}

#[test]
fn sealing_agrees_with_the_xchacha_draft() {
    let (subkeys, count) = vectors(include_str!(
        "../../../../../tests/vectors/ietf/xchacha_03_hchacha20_test.json"
    ));
    assert_eq!((subkeys.len(), count), (1, 1));
    for vector in &subkeys {
        let [key, nonce, subkey] = ["key", "nonce", "subkey"].map(|name| hex(&vector[name]));
        assert_eq!(derive_subkey(&key, &nonce)[..], subkey[..], "{vector}");
    }
    let (sealed, count) = vectors(include_str!(
        "../../../../../tests/vectors/ietf/xchacha_03_aead_test.json"
    ));
    assert_eq!((sealed.len(), count), (1, 1));
    for vector in &sealed {
        let [aad, text, expected] = ["aad", "msg", "ct"].map(|name| hex(&vector[name]));
        let key: [u8; KEY_LENGTH] = hex(&vector["key"]).try_into().expect("32 bytes");
        let nonce: [u8; NONCE_LENGTH] = hex(&vector["iv"]).try_into().expect("24 bytes");
        let tag: [u8; TAG_LENGTH] = hex(&vector["tag"]).try_into().expect("16 bytes");
        let mut buffer = text.clone();
        assert_eq!(seal(&key, &nonce, &aad, &mut buffer), tag);
        assert_eq!(buffer, expected);
        assert!(unseal(&key, &nonce, &aad, &mut buffer, &tag));
        assert_eq!(buffer, text);
        assert!(!unseal(&key, &nonce, b"other", &mut buffer, &tag));
        // The subkey's first block is the key of the tag, and what follows it seals the text.
        let [subkey, rest] = [&nonce[..16], &nonce[16..]];
        let subkey = derive_subkey(&key, subkey);
        let short: [u8; 12] = [&[0; 4], rest].concat().try_into().expect("12 bytes");
        let mut stream = vec![0; 64 + text.len()];
        stream[64..].copy_from_slice(&text);
        ChaCha20::new(&subkey.into(), &short.into()).apply_keystream(&mut stream);
        assert_eq!(stream[..32], hex(&vector["poly1305Key"])[..]);
        assert_eq!(stream[64..], expected[..]);
    }
}

/// HChaCha20, as the crate under the sealing has it.
fn derive_subkey(key: &[u8], nonce: &[u8]) -> [u8; KEY_LENGTH] {
    let key: [u8; KEY_LENGTH] = key.try_into().expect("32 bytes");
    let nonce: [u8; 16] = nonce.try_into().expect("16 bytes");
    hchacha::<R20>(&key.into(), &nonce.into()).into()
}

#[test]
fn authentication_agrees_with_every_vector_of_wycheproof_for_such_keys() {
    let (vectors, count) = vectors(include_str!(
        "../../../../../tests/vectors/wycheproof/hmac_sha256_test.json"
    ));
    assert_eq!(vectors.len(), count);
    let (mut right, mut wrong) = (0, 0);
    for vector in &vectors {
        let Ok(key) = <[u8; KEY_LENGTH]>::try_from(hex(&vector["key"])) else {
            continue;
        };
        let (message, tag) = (hex(&vector["msg"]), hex(&vector["tag"]));
        let made = hmac(&key, &[&message]);
        // A group of the file asks for tags that were cut.
        let same = equal(&made[..tag.len()], &tag);
        assert_eq!(same, is_valid(vector), "{vector}");
        if same {
            right += 1;
        } else {
            wrong += 1;
        }
    }
    assert!(right > 20 && wrong > 20, "{right} and {wrong} were tried");
}
