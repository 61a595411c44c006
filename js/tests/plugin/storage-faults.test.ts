import { twoFactor } from "better-auth/plugins";
import { expect, it } from "vitest";
import { SoftwareAuthenticator } from "../support/authenticator.js";
import { type Answer, enrolled, openSite, type RequestBody, type Site } from "../support/site.js";

type Write = (query: { model: string }) => Promise<unknown>;

interface Flow {
	site: Site;
	run: () => Promise<Answer>;
}

const WRITES = ["create", "update", "updateMany", "delete", "deleteMany", "incrementOne", "consumeOne"] as const;
const PENDING = { plugins: [twoFactor({ otpOptions: { sendOTP: () => {} } })] };
const EMAIL = "ada@example.com";

/** A user with a second factor and a passkey, signed out. */
async function withSecondFactor(options: Parameters<typeof openSite>[0] = {}) {
	const site = await openSite(options, PENDING);
	const user = await enrolled(site, EMAIL);
	const where = [{ field: "id", value: user.userId }];
	await site.db.update({ model: "user", where, update: { twoFactorEnabled: true } });
	return { site, ...user };
}

/** Each flow, prepared up to the request that writes most. */
const flows: Record<string, () => Promise<Flow>> = {
	async "a sign-in"() {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, EMAIL);
		const response = authenticator.authenticate(await browser.requestOptions());
		return { site, run: () => browser.verifyAuthentication(response) };
	},
	async "a sign-in that a second factor has to follow"() {
		const { site, browser, authenticator } = await withSecondFactor({ twoFactor: { countsAsBoth: false } });
		const response = authenticator.authenticate(await browser.requestOptions());
		return { site, run: () => browser.verifyAuthentication(response) };
	},
	async "a second factor"() {
		const { site, browser, authenticator } = await withSecondFactor();
		await browser.post("/sign-in/email", { email: EMAIL, password: "correct horse" });
		const { body } = await browser.post("/passkey/generate-authenticate-options", { secondFactor: true });
		const { ceremonyId, ...options } = body as unknown as RequestBody;
		const response = authenticator.authenticate(options);
		return { site, run: () => browser.verifyAuthentication(response, { ceremonyId }) };
	},
	async "a registration that asks for a session"() {
		const site = await openSite();
		const browser = site.browser();
		await browser.signUp(EMAIL);
		const response = new SoftwareAuthenticator().register(await browser.creationOptions());
		return { site, run: () => browser.verifyRegistration(response, { createSession: true }) };
	},
	async "a sign-up"() {
		const emailVerification = { sendVerificationEmail: async () => {} };
		const site = await openSite({ signUp: true }, { emailVerification });
		const browser = site.browser();
		const { ceremonyId, ...options } = await browser.signUpOptions({ name: "Ada", email: EMAIL });
		const response = new SoftwareAuthenticator().register(options);
		return { site, run: () => browser.verifyRegistration(response, { ceremonyId }) };
	},
	async "a step-up"() {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, EMAIL);
		await browser.post("/sign-in/email", { email: EMAIL, password: "correct horse" });
		const { body } = await browser.post("/passkey/generate-step-up-options", { purpose: "transfer" });
		const { ceremonyId, ...options } = body as unknown as RequestBody;
		const response = authenticator.authenticate(options);
		return { site, run: () => browser.post("/passkey/verify-step-up", { response, ceremonyId }) };
	},
};

/** Runs the flow; its write with this number fails before or after it is executed. Null if there are fewer writes. */
async function runWithFault({ site, run }: Flow, failing: number, done: boolean) {
	const { adapter } = await site.auth.$context;
	const methods = adapter as unknown as Record<(typeof WRITES)[number], Write>;
	let writes = 0;
	let failed = "";
	const wrap = (name: string, write: Write): Write => {
		return async (query) => {
			if (writes++ !== failing) return write(query);
			failed = `${name} ${query.model}`;
			if (done) await write(query);
			throw new Error("the disk is broken");
		};
	};
	const originals = Object.fromEntries(WRITES.map((name) => [name, methods[name]]));
	for (const name of WRITES) methods[name] = wrap(name, methods[name].bind(adapter));
	const answer = await run();
	Object.assign(methods, originals);
	return failed ? { answer, failed } : null;
}

async function stateOf(site: Site) {
	const users = await site.db.findMany<{ id: string }>({ model: "user" });
	const passkeys = (await site.passkeys()).map(({ id, lastUsedAt }) => [id, lastUsedAt ?? null]);
	return { users: users.map(({ id }) => id), passkeys, sessions: await site.sessions() };
}

it.each(Object.entries(flows))(
	"%s has its complete effect or none, regardless of the write that fails",
	async (_, prepare) => {
		const faults: string[] = [];
		for (const done of [false, true]) {
			for (let failing = 0; ; failing++) {
				const flow = await prepare();
				const before = await stateOf(flow.site);
				const result = await runWithFault(flow, failing, done);
				if (!result) break;
				const { answer, failed } = result;
				faults.push(failed);
				const after = await stateOf(flow.site);
				// Only the database's answer was lost, or a write after the effect failed.
				if (answer.status === 200) {
					expect(after.passkeys, failed).toHaveLength(before.passkeys.length + 1);
					continue;
				}
				expect(answer.status, failed).toBe(500);
				expect(answer.headers.getSetCookie().join(), failed).not.toMatch(/(session_token|two_factor)=[^;]/);
				// The token of a session is unknown to everyone if the database's answer to its creation was lost.
				if (done && failed === "create session") after.sessions.length = before.sessions.length;
				expect(after, failed).toEqual(before);
				const isUsed = done || failing > 0;
				const again = isUsed ? { status: 400, body: { code: "CHALLENGE_NOT_FOUND" } } : { status: 200 };
				expect(await flow.run(), failed).toMatchObject(again);
			}
		}
		expect(faults.filter((name) => name.startsWith("consumeOne"))).not.toEqual([]);
		expect(faults.length).toBeGreaterThanOrEqual(6);
	},
);
