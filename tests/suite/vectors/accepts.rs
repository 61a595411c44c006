//! The accepted cases.

use serde_json::{Value, json};
use touchstone_webauthn::Value as Cbor;

use super::{bent, ceremony};
use crate::common::authenticator::{Ceremony, ED, Key, UP, UV, cbor_bytes};
use crate::common::encode;

pub(super) fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let keys: [(&str, fn() -> Key); 3] = [
        ("ES256", || Key::es256(1)),
        ("EdDSA", || Key::eddsa(2)),
        ("RS256", Key::rs256),
    ];
    for (name, key) in keys {
        cases.push(Ceremony::new(key()).registration(&format!("none.{name}/registration")));
        let mut packed = Ceremony::new(key());
        packed.format = "packed";
        cases.push(packed.registration(&format!("packed-self.{name}/registration")));
        cases.push(Ceremony::new(key()).authentication(&format!("{name}/authentication")));
    }
    let counted = ceremony(|c| c.counter = 7).authentication("counter-increased/authentication");
    cases.push(bent(counted, |case| case["credential"]["counter"] = json!(6)));
    cases.push(ceremony(|c| c.user_handle = None).authentication("no-user-handle/authentication"));
    let known = ceremony(|_| {}).authentication("known-user-handle/authentication");
    cases.push(bent(known, |case| {
        case["credential"]["userHandle"] = json!(encode(b"handle of the user"));
        case["credential"]["backupEligible"] = json!(true);
        case["allowCredentials"] = json!([case["credential"]["id"]]);
    }));
    let framed = json!({ "crossOrigin": true, "topOrigin": "https://example.com" });
    let framed = ceremony(|c| c.client_data = framed).authentication("expected-top-origin/authentication");
    cases.push(bent(framed, |case| {
        case["crossOrigin"] = json!(true);
        case["expectedTopOrigin"] = json!("https://example.com");
    }));
    let extended = |c: &mut Ceremony| {
        c.flags |= ED;
        c.tail = cbor_bytes(&Cbor::Map(vec![("credProtect".into(), 2.into())]));
    };
    cases.push(ceremony(extended).registration("extensions/registration"));
    cases.push(ceremony(extended).authentication("extensions/authentication"));
    cases.push(ceremony(|c| c.flags = UP | UV | 0b0010_0010).registration("reserved-flags/registration"));
    cases
}
