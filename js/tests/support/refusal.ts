import { expect } from "vitest";
import type { Answer, Site } from "./site.js";

export interface Expected {
	status: number;
	/** The error code in the response to the client. */
	code: string;
	/** The code in the log and the event; the same as `code` by default. */
	reason?: string;
}

/**
 * Runs an attempt that must fail, and checks the complete refusal: the response, one log line and one event with the
 * precise reason, and that nothing is written.
 */
export async function expectRefusal(site: Site, attempt: () => Promise<Answer>, expected: Expected): Promise<void> {
	const before = await snapshot(site);
	const lines = site.log().length;
	const events = site.events.length;
	const answer = await attempt();
	const reason = expected.reason ?? expected.code;
	expect(answer).toMatchObject({ status: expected.status, body: { code: expected.code } });
	const said = site.log().slice(lines);
	expect(said).toHaveLength(1);
	expect(said[0]).toMatch(new RegExp(`\\[passkey\\] (registration|sign-in|step-up) refused: ${reason}\\b`));
	expect(said[0]).not.toContain("\n");
	const told = site.events.slice(events).filter(({ type }) => type.endsWith("_failed"));
	expect(told).toMatchObject([{ code: reason }]);
	expect(await snapshot(site)).toEqual(before);
}

async function snapshot(site: Site) {
	return { passkeys: await site.passkeys(), sessions: await site.sessions() };
}
