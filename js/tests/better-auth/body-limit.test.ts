import { describe, expect, it } from "vitest";
import { enrolled, ORIGIN, openSite } from "../support/site.js";

const URL = `${ORIGIN}/api/auth/passkey/verify-authentication`;
const LIMIT = 64 * 1024;

function chunked(size: number, chunk = 1000): ReadableStream<Uint8Array> {
	let left = size;
	return new ReadableStream({
		pull(controller) {
			if (left === 0) return controller.close();
			const length = Math.min(left, chunk);
			left -= length;
			controller.enqueue(new Uint8Array(length).fill(0x20));
		},
	});
}

describe("a request body over 64 KiB", () => {
	it("is refused before it is parsed", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const challenges = await site.db.findMany({ model: "verification" });
		const answer = await browser.post("/passkey/verify-authentication", { response, padding: "x".repeat(LIMIT) });
		expect(answer).toMatchObject({ status: 413, body: { code: "REQUEST_TOO_LARGE" } });
		expect(site.log()).toEqual(["warn [passkey] request refused: REQUEST_TOO_LARGE"]);
		expect(await site.db.findMany({ model: "verification" })).toEqual(challenges);
	});

	it("is refused because of its content-length, without being read", async () => {
		const site = await openSite();
		let pulled = 0;
		const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
		const headers = { "content-type": "application/json", "content-length": String(LIMIT + 1) };
		const request = new Request(URL, { method: "POST", headers, body, duplex: "half" } as RequestInit);
		expect((await site.auth.handler(request)).status).toBe(413);
		expect(pulled).toBe(0);
	});

	it.each([
		["chunked", {}],
		["chunked and also has a content-length", { "content-length": "2", "transfer-encoding": "chunked" }],
		["chunked and has a content-length that is not a number", { "content-length": "none" }],
	])("is refused when it is %s", async (_, more) => {
		const site = await openSite();
		const headers = { "content-type": "application/json", ...(more as Record<string, string>) };
		const init = { method: "POST", headers, body: chunked(LIMIT + 1), duplex: "half" } as RequestInit;
		expect((await site.auth.handler(new Request(URL, init))).status).toBe(413);
	});

	it("is accepted on other paths", async () => {
		const site = await openSite();
		const answer = await site.browser().post("/sign-in/email", { email: "x".repeat(LIMIT), password: "x" });
		expect(answer.status).not.toBe(413);
	});
});

describe("a request body of 64 KiB", () => {
	it("reaches the endpoint complete when it is chunked", async () => {
		const site = await openSite();
		const { browser, authenticator } = await enrolled(site, "ada@example.com");
		const response = authenticator.authenticate(await browser.requestOptions());
		const json = JSON.stringify({ response });
		const padded = new TextEncoder().encode(json + " ".repeat(LIMIT - json.length));
		const body = new ReadableStream({
			start(controller) {
				for (let offset = 0; offset < LIMIT; offset += 4096) controller.enqueue(padded.slice(offset, offset + 4096));
				controller.close();
			},
		});
		const init = { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" };
		expect(await browser.send("/passkey/verify-authentication", init as RequestInit)).toMatchObject({ status: 200 });
	});
});
