import { WebAuthnError } from "touchstone-webauthn";
import { expect } from "vitest";
import { cases, run, type Verifiers } from "./vectors.js";

const files = ["accepts", "rejects", "attestation"];
const vectors = new Map(
	files.flatMap((file) => cases(`tests/vectors/${file}.json`)).map((found) => [found.name, found]),
);

/** Checks an entry's verdicts on honest vectors and on vectors that differ from them in one point. */
export async function expectVerdicts(
	library: Verifiers,
	{ accepted, refused }: { accepted: string[]; refused: Record<string, string> },
): Promise<void> {
	for (const name of accepted) expect(await verdict(library, name), name).not.toBeInstanceOf(WebAuthnError);
	for (const [name, code] of Object.entries(refused)) {
		const outcome = await verdict(library, name);
		expect(outcome, name).toBeInstanceOf(WebAuthnError);
		expect(outcome, name).toMatchObject({ code });
	}
}

function verdict(library: Verifiers, name: string) {
	const vector = vectors.get(name);
	if (!vector) throw new Error(`no vector ${name}`);
	return run(library, vector);
}
