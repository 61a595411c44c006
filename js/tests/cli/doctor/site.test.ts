import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { betterAuth } from "better-auth";
import { toNodeHandler } from "better-auth/node";
import { androidOrigin, passkey, type WellKnownOptions, wellKnown } from "touchstone-webauthn/better-auth";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CommandProject } from "../../support/command.js";

const FINGERPRINT = Array.from({ length: 32 }, (_, byte) => (byte + 0xa0).toString(16).toUpperCase()).join(":");
const [ANDROID = "", ANDROID_SHA256 = ""] = androidOrigin(FINGERPRINT);
const FILES = {
	appleApps: ["ABCDE12345.com.example.app"],
	androidApps: [{ packageName: "com.example.app", fingerprints: [FINGERPRINT] }],
	relatedOrigins: ["https://example.co.uk"],
} satisfies WellKnownOptions;

/** A response of the site that replaces the correct one. */
type Answer = { status?: number; headers?: Record<string, string>; body?: string };

let project: CommandProject;
let server: Server;
let address: string;
let files: (request: Request) => Response | undefined;
const answers = new Map<string, Answer>();

async function respond(request: IncomingMessage): Promise<Answer | null> {
	const url = new URL(request.url ?? "/", address);
	const answer = answers.get(url.pathname);
	if (answer) return answer;
	const response = files(new Request(url));
	return response ? { headers: Object.fromEntries(response.headers), body: await response.text() } : null;
}

beforeAll(async () => {
	server = createServer(async (request, response) => {
		const answer = await respond(request);
		if (answer) response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
		else await handler(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	address = `http://localhost:${(server.address() as AddressInfo).port}`;
	const origin = [address, ANDROID, ANDROID_SHA256];
	const relatedOrigins = ["https://example.co.uk"];
	const auth = betterAuth({
		baseURL: address,
		secret: "kV1r7yq0c3ZJm5QGf2xW9sTbN8uHaPdE",
		plugins: [passkey({ origin, relatedOrigins })],
		logger: { disabled: true },
	});
	const handler = toNodeHandler(auth);
	project = new CommandProject({
		"auth.js": `
			import { betterAuth } from "better-auth";
			import { passkey } from "touchstone-webauthn/better-auth";
			const origin = ${JSON.stringify(origin)};
			const relatedOrigins = [${JSON.stringify(relatedOrigins[0])}, ...(process.env.MORE_ORIGINS ?? "").split(" ")];
			const rpID = process.env.RP_ID ?? "localhost";
			export const auth = betterAuth({
				baseURL: "${address}",
				trustedOrigins: ["https://example.co.uk"],
				plugins: [passkey({ rpID, origin: rpID === "localhost" ? origin : \`https://\${rpID}\`, relatedOrigins: relatedOrigins.filter(Boolean) })],
			});`,
	});
});
afterAll(() => {
	server.close();
	project.remove();
});
afterEach(() => {
	answers.clear();
	files = wellKnown(FILES);
});
files = wellKnown(FILES);

/** The doctor's checks of the site, and those of them that are not ok. */
async function look(env: Record<string, string> = {}, args: string[] = ["--url", address]) {
	const { code, report } = await project.doctor(args, { NODE_ENV: "development", ...env });
	const ids = ["site-endpoint", "site-rp-id", "site-origin", "apple-app-site-association", "assetlinks", "webauthn"];
	const checks = report.checks.filter(({ id }) => ids.includes(id));
	return { code, checks, wrong: checks.filter(({ status }) => status !== "ok") };
}

describe("a running site", () => {
	it("without problems passes", async () => {
		const { code, checks } = await look();
		expect(checks).toEqual([
			{
				id: "site-rp-id",
				status: "ok",
				message: `localhost, from ${address}/api/auth/passkey/generate-authenticate-options`,
			},
			{ id: "apple-app-site-association", status: "ok", message: "ABCDE12345.com.example.app" },
			{ id: "assetlinks", status: "ok", message: "1 certificate" },
			{ id: "webauthn", status: "ok", message: "https://example.co.uk" },
		]);
		expect(code).toBe(0);
	});

	it("is also checked without the project", async () => {
		const empty = new CommandProject({});
		const { code, report, wrong } = await empty.doctor(["--url", address]);
		empty.remove();
		expect(code).toBe(0);
		expect(wrong).toMatchObject([{ id: "config", status: "warn" }]);
		expect(report.checks.map(({ id }) => id)).toContain("site-rp-id");
	});

	const apple = "apple-app-site-association";
	const json = { "content-type": "application/json" };
	it.each<[string, string, Answer, string, string]>([
		[
			"that redirects Apple",
			apple,
			{ status: 301, headers: { location: "/elsewhere" } },
			apple,
			"redirects to /elsewhere",
		],
		[
			"that serves a file as text",
			apple,
			{ headers: { "content-type": "text/plain" }, body: "{}" },
			apple,
			"content type text/plain",
		],
		["that serves a file that is not JSON", apple, { headers: json, body: "{" }, apple, "is not JSON"],
		["that serves no apps", apple, { headers: json, body: '{"applinks":{}}' }, apple, "lists no apps"],
		[
			"that serves an app without a valid team ID",
			apple,
			{ headers: json, body: '{"webcredentials":{"apps":["a.b"]}}' },
			apple,
			"a.b is not",
		],
		["that hides a file", apple, { status: 403 }, apple, "returns status 403"],
		["without links to its app", "assetlinks.json", { status: 404 }, "assetlinks", "origin has an Android app"],
		[
			"that serves an HTML page for every path",
			"assetlinks.json",
			{ headers: { "content-type": "text/html" }, body: "<p>" },
			"assetlinks",
			"is not served",
		],
		[
			"that lets no app use passkeys",
			"assetlinks.json",
			{ headers: json, body: "[null,{}]" },
			"assetlinks",
			"does not allow any app to use passkeys",
		],
		["without its related origins", "webauthn", { status: 404 }, "webauthn", "origin has https://example.co.uk"],
		[
			"with an empty list of origins",
			"webauthn",
			{ headers: json, body: '{"origins":[]}' },
			"webauthn",
			"lacks https://example.co.uk",
		],
		["without a list of origins", "webauthn", { headers: json, body: "null" }, "webauthn", "has no list of origins"],
	])("%s fails", async (_, name, answer, id, message) => {
		answers.set(`/.well-known/${name}`, answer);
		const { code, wrong } = await look();
		expect(code).toBe(1);
		expect(wrong).toMatchObject([{ id, status: "fail", message: expect.stringContaining(message) }]);
		expect(wrong[0]?.fix).toMatch(/\w/);
	});

	it("may redirect browsers to its related origins", async () => {
		const { origin } = new URL(address);
		answers.set("/.well-known/webauthn", { status: 302, headers: { location: `${origin}/related.json` } });
		answers.set("/related.json", { headers: json, body: '{"origins":["https://example.co.uk"]}' });
		expect(await look()).toMatchObject({ code: 0, wrong: [] });
	});

	it("passes without the files if the configuration does not need them", async () => {
		for (const name of [apple, "assetlinks.json", "webauthn"]) answers.set(`/.well-known/${name}`, { status: 404 });
		const empty = new CommandProject({});
		const { code, wrong } = await empty.doctor(["--url", address]);
		empty.remove();
		expect([code, wrong.map(({ id }) => id)]).toEqual([0, ["config"]]);
	});

	it("fails if its apps are signed with other certificates, with a check for each side", async () => {
		const other = FINGERPRINT.replace(/^A0/, "FF");
		files = wellKnown({ ...FILES, androidApps: [{ packageName: "com.example.app", fingerprints: [other] }] });
		const { code, wrong } = await look();
		expect(code).toBe(1);
		expect(wrong).toMatchObject([
			{ id: "assetlinks", status: "fail", message: expect.stringContaining(`lacks the certificate of ${ANDROID}`) },
			{ id: "assetlinks", status: "fail", message: expect.stringContaining(`origin lacks ${androidOrigin(other)[0]}`) },
		]);
	});

	it("with a fingerprint in a format that Google does not accept fails", async () => {
		const hex = FINGERPRINT.replaceAll(":", "");
		const served = await files(new Request(`${address}/.well-known/assetlinks.json`))?.text();
		answers.set("/.well-known/assetlinks.json", { headers: json, body: served?.replace(FINGERPRINT, hex) ?? "" });
		expect((await look()).wrong).toMatchObject([
			{ id: "assetlinks", message: expect.stringContaining(`fingerprint ${hex}`) },
		]);
	});

	it("fails with related origins that the server refuses, and causes a warning with too many", async () => {
		const more = ["a.com", "b.com", "c.com", "d.com", "e.com"].map((host) => `https://${host}`);
		files = wellKnown({ ...FILES, relatedOrigins: [...FILES.relatedOrigins, ...more], maxLabels: 6 });
		const refused = await look({ MORE_ORIGINS: more.slice(1).join(" ") });
		expect(refused.code).toBe(1);
		expect(refused.wrong).toMatchObject([
			{ id: "webauthn", status: "fail", message: expect.stringContaining("relatedOrigins lacks https://a.com") },
			{ id: "webauthn", status: "warn", message: expect.stringContaining("6 different names") },
		]);
		expect((await look({ MORE_ORIGINS: more.join(" ") })).wrong).toMatchObject([{ id: "webauthn", status: "warn" }]);
	});

	it("that runs another configuration fails", async () => {
		const { code, wrong } = await look({ RP_ID: "example.co.uk" });
		expect(code).toBe(1);
		expect(wrong[0]).toMatchObject({
			id: "site-rp-id",
			status: "fail",
			message: "the RP ID of the site is localhost, but the RP ID of the configuration is example.co.uk.",
		});
	});

	it("that is at another path, redirected or stopped fails with a fix", async () => {
		const elsewhere = await look({}, ["--url", `${address}/auth`]);
		expect(elsewhere.wrong[0]).toMatchObject({
			id: "site-endpoint",
			status: "fail",
			fix: expect.stringContaining("--url"),
		});
		answers.set("/api/auth/passkey/generate-authenticate-options", {
			status: 308,
			headers: { location: "https://www.example.com/api/auth" },
		});
		const redirected = await look();
		expect(redirected.wrong[0]?.fix).toContain("--url https://www.example.com");
		const stopped = await look({}, ["--url", "http://localhost:1"]);
		expect(stopped.wrong[0]).toMatchObject({
			id: "site-endpoint",
			message: expect.stringContaining("does not answer"),
		});
		expect([elsewhere.code, redirected.code, stopped.code]).toEqual([1, 1, 1]);
	});

	it("whose origin is not accepted causes a warning", async () => {
		const other = address.replace("localhost", "127.0.0.1");
		const { wrong } = await look({}, ["--url", other]);
		expect(wrong.find(({ id }) => id === "site-origin")).toMatchObject({
			status: "warn",
			fix: expect.stringContaining(`add "${other}" to origin`),
		});
	});
});
