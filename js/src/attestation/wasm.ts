import * as glue from "#attestation-glue";
import * as loader from "#attestation-wasm";
import { Core, type Glue } from "../core/wasm.js";

/** The module that wasm-bindgen generates from `src/wasm.rs` with the feature `attestation`. */
export interface AttestationGlue extends Glue {
	verify_attested_registration(message: Uint8Array): unknown;
	verify_metadata(blob: Uint8Array, message: Uint8Array): unknown;
	model_of(attestationObject: unknown): unknown;
}

export const core: Core<AttestationGlue> = /* @__PURE__ */ new Core<AttestationGlue>("attestation", glue, loader);
