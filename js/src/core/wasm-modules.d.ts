/** A loader of the compiled core, chosen by the `imports` conditions of package.json. */
declare module "#core-wasm" {
	const load: () => WebAssembly.Module;
	export default load;
}

/** What wasm-bindgen makes of `src/wasm.rs`. */
declare module "#core-glue" {
	export function initSync(input: { module: WebAssembly.Module }): unknown;
	/** Forgets the instance, so that `initSync` makes a new one. */
	export function reset(): void;
	export function verify_registration(message: Uint8Array): unknown;
	export function verify_authentication(message: Uint8Array, publicKey: Uint8Array): unknown;
	export function decode_client_data(text: unknown): unknown;
	export function decode_attestation_object(text: unknown): unknown;
	export function decode_authenticator_data(text: unknown): unknown;
}
