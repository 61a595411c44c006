/** Random bytes for challenges and user handles: 32, twice what section 13.4.3 asks for. */
export function randomBytes(): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(32));
}
