import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Caller } from "./caller.mjs";
import { SoftwareAuthenticator } from "./software-authenticator.mjs";
import { closer } from "./suite.mjs";
import { startDemo } from "./support.mjs";

let demo;
const closing = closer();
before(async () => {
	demo = await startDemo(closing);
});
after(closing.close);

const VERIFY = "passkey/verify-authentication";

/** Creates an account with a passkey; returns its signed-out caller and its authenticator. */
async function signedOutOwner() {
	const caller = await Caller.withAccount(demo);
	const authenticator = new SoftwareAuthenticator({ origin: demo.url });
	await caller.register(authenticator);
	caller.forgetCookies();
	return { caller, authenticator, email: caller.account.email };
}

const assertion = async ({ caller, authenticator }) =>
	authenticator.get((await caller.get("passkey/generate-authenticate-options")).body);

test("signs in 60 accounts at the same time, each to itself", async () => {
	const owners = await Promise.all(Array.from({ length: 60 }, signedOutOwner));
	const answers = await Promise.all(
		owners.map(async (owner) => owner.caller.post(VERIFY, { response: await assertion(owner) })),
	);
	assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
	const sessions = await Promise.all(owners.map(({ caller }) => caller.get("get-session")));
	assert.deepEqual(
		sessions.map(({ body }) => body.user.email),
		owners.map(({ email }) => email),
	);
});

test("creates one session for 50 copies of one assertion that arrive together", async () => {
	const owner = await signedOutOwner();
	const before = await demo.sessions(owner.email);
	const response = await assertion(owner);
	const answers = await Promise.all(Array.from({ length: 50 }, () => owner.caller.post(VERIFY, { response })));
	assert.equal(answers.filter(({ status }) => status === 200).length, 1);
	assert.equal(answers.filter(({ status, signedIn }) => status === 400 && !signedIn).length, 49);
	assert.equal(await demo.sessions(owner.email), before + 1);
});

test("consumes a challenge even if the response is wrong", async () => {
	const owner = await signedOutOwner();
	const good = await assertion(owner);
	const bad = structuredClone(good);
	bad.response.signature = flipLastByte(good.response.signature);
	const first = await owner.caller.copy().post(VERIFY, { response: bad });
	assert.equal(first.body.code, "AUTHENTICATION_FAILED");
	const second = await owner.caller.copy().post(VERIFY, { response: good });
	assert.equal(second.body.code, "CHALLENGE_NOT_FOUND");
	const third = await owner.caller.post(VERIFY, { response: await assertion(owner) });
	assert.equal(third.status, 200, "the passkey itself is still good");
});

test("refuses malformed input, and never responds with a server error", async () => {
	const owner = await signedOutOwner();
	const good = await assertion(owner);
	const spoilt = (part, value) => ({ response: { ...good, response: { ...good.response, [part]: value } } });
	const bodies = {
		"no JSON": '{"response":',
		"no object": "[]",
		"no response": {},
		"null response": { response: null },
		"empty response": { response: {} },
		"client data that is not base64url": spoilt("clientDataJSON", "%%%"),
		"client data that is not JSON": spoilt("clientDataJSON", Buffer.from("{").toString("base64url")),
		"a number as signature": spoilt("signature", 7),
		"no authenticator data": spoilt("authenticatorData", undefined),
		"truncated authenticator data": spoilt("authenticatorData", good.response.authenticatorData.slice(0, 20)),
		"an unknown credential": { response: { ...good, id: "AAAA", rawId: "AAAA" } },
	};
	const sessions = await demo.sessions(owner.email);
	for (const [what, body] of Object.entries(bodies)) {
		await owner.caller.get("passkey/generate-authenticate-options");
		const { status, signedIn } = await owner.caller.post(VERIFY, body);
		assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
		assert.equal(signedIn, false, what);
	}
	assert.equal(await demo.sessions(owner.email), sessions);
});

test("refuses a body of more than 64 KiB", async () => {
	const owner = await signedOutOwner();
	const response = await assertion(owner);
	const { status } = await owner.caller.post(VERIFY, { response, padding: "x".repeat(65 * 1024) });
	assert.equal(status, 413);
	// The body was refused before it was read, so the challenge is still there.
	assert.equal((await owner.caller.post(VERIFY, { response })).status, 200);
});

test("keeps its secret, so that a restart signs out no one", async (t) => {
	const first = await startDemo(t);
	assert.equal(statSync(join(first.folder, "secret")).mode & 0o777, 0o600);
	const caller = await Caller.withAccount(first);
	await first.stop();
	const second = await startDemo(t, first.folder);
	const { body } = await caller.at(second.url).get("get-session");
	assert.equal(body.user.email, caller.account.email);
});

function flipLastByte(base64url) {
	const bytes = Buffer.from(base64url, "base64url");
	bytes[bytes.length - 1] ^= 1;
	return bytes.toString("base64url");
}
