// Compares each signature algorithm alone: our kernels and the library crates in one wasm module, and OpenSSL.
//
// The wasm decodes the key in each call, as a verifier does. OpenSSL gets a prepared key object: this shows the best
// that the platform can do, which a normal caller does not reach.
import { verify } from "node:crypto";
import { readFileSync } from "node:fs";
import * as wasm from "../../target/wasm/peers/peers.js";
import { algorithms, forged, signed } from "./vectors.mjs";

const implementations = {
	ES256: { ours: wasm.ours_es256, theirs: wasm.crate_es256, crate: "p256", digest: "sha256" },
	EdDSA: { ours: wasm.ours_eddsa, theirs: wasm.crate_eddsa, crate: "ed25519-dalek", digest: null },
	RS256: { ours: wasm.ours_rs256, theirs: wasm.crate_rs256, crate: "rsa", digest: "sha256" },
};

export function bareSignatures() {
	wasm.initSync({ module: readFileSync(new URL("../../target/wasm/peers/peers_bg.wasm", import.meta.url)) });
	return algorithms.map((algorithm) => {
		const { key, raw, message, signature } = signed(algorithm);
		const { ours, theirs, crate, digest } = implementations[algorithm];
		const contestant = (name, accepts) => ({
			name,
			run: (calls) => {
				for (let call = 0; call < calls; call++) {
					if (!accepts(signature)) throw new Error(`${algorithm}: ${name} refuses the vector`);
				}
			},
			refusesForgery: () => !accepts(forged(signature)),
		});
		return {
			id: `signature/${algorithm}`,
			title: `${algorithm} signature alone`,
			contestants: [
				contestant("ours, wasm", (signature) => ours(raw, message, signature)),
				contestant(`${crate}, wasm`, (signature) => theirs(raw, message, signature)),
				contestant("node:crypto, native", (signature) => verify(digest, message, key, signature)),
			],
		};
	});
}
