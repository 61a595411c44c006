import { expect } from "vitest";
import type { Answer, Site } from "./site.js";

export interface Expected {
	status: number;
	/** What the client is told. */
	code: string;
	/** What the log and the event say; the same as `code` unless given. */
	reason?: string;
}

/**
 * Runs an attempt that must fail and checks everything that a refusal promises: the answer, one line in the log with the
 * precise reason, one event with it, and nothing written.
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
