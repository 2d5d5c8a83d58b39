//! The primitives against Project Wycheproof, `tests/vectors/wycheproof`.

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
        let expected = hex(&vector["okm"]);
        let compared = expected.len().min(KEY_LENGTH);
        let key = hkdf(&ikm, &salt, &[&info]);
        assert_eq!(key[..compared], expected[..compared], "{vector}");
        // In two pieces it is the same as in one.
        let (begin, end) = info.split_at(info.len() / 2);
        assert_eq!(*hkdf(&ikm, &salt, &[begin, end]), *key, "{vector}");
        tried += 1;
    }
    assert!(tried > 60, "{tried} were tried");
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
