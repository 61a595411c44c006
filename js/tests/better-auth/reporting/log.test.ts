import { getTestInstance } from "better-auth/test";
import { passkey } from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import type { PasskeyOptions } from "../../../src/better-auth/options/options.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { Browser, openSite } from "../../support/site.js";

/** The plugin's log lines for one registration, one sign-in, one refusal and one failing callback. */
async function linesOf(options: PasskeyOptions, level: "debug" | "error" = "debug") {
	const written: { line: string; about: unknown }[] = [];
	const log = (severity: string, message: string, ...about: unknown[]) => {
		if (message.startsWith("[passkey]")) written.push({ line: `${severity} ${message}`, about: about[0] });
	};
	const after = () => {
		throw new Error("down");
	};
	const site = await openSite({ authentication: { after }, ...options }, { logger: { level, log } });
	const browser = site.browser();
	const userId = await browser.signUp("ada@example.com");
	const authenticator = new SoftwareAuthenticator();
	await browser.addPasskey(authenticator);
	await browser.signIn(authenticator);
	await browser.signIn(authenticator, { wrongSignature: true });
	return { written, lines: written.map(({ line }) => line), userId, passkeys: await site.passkeys() };
}

const INFO = [
	"info [passkey] passkey.registered",
	"info [passkey] passkey.authenticated",
	"info [passkey] session.created",
];
const ERROR = "error [passkey] authentication.after failed";
const WARN = "warn [passkey] sign-in refused: SIGNATURE_INVALID (response.signature)";

describe("logLevel", () => {
	it.each<[PasskeyOptions["logLevel"], string[]]>([
		[undefined, [ERROR, WARN]],
		["debug", [...INFO, ERROR, WARN]],
		["info", [...INFO, ERROR, WARN]],
		["warn", [ERROR, WARN]],
		["error", [ERROR]],
		["silent", []],
	])("%s writes only the lines of its level", async (logLevel, lines) => {
		expect((await linesOf({ logLevel })).lines).toEqual(lines);
	});

	it("is limited by the level of Better Auth's logger", async () => {
		expect((await linesOf({ logLevel: "info" }, "error")).lines).toEqual([ERROR]);
	});

	it("writes each line with its event as an object, or with the error of the callback", async () => {
		const { written, userId, passkeys } = await linesOf({ logLevel: "info" });
		const about = { userId, passkeyId: passkeys[0]?.id };
		expect(written.map((entry) => entry.about)).toEqual([
			{ type: "passkey.registered", ...about },
			{ type: "passkey.authenticated", ...about },
			{ type: "session.created", ...about, sessionId: expect.any(String) },
			new Error("down"),
			{ type: "passkey.authentication_failed", ...about, code: "SIGNATURE_INVALID", field: "response.signature" },
		]);
	});

	it("also silences the line about a body that is too large", async () => {
		const site = await openSite({ logLevel: "silent" });
		const answer = await site.browser().post("/passkey/verify-authentication", { padding: "x".repeat(65_536) });
		expect(answer.status).toBe(413);
		expect(site.log()).toEqual([]);
	});

	it("is refused when the plugin is created if the value is unknown", () => {
		expect(() => passkey({ logLevel: "verbose" as never })).toThrow(
			'logLevel is "verbose". Use one of "debug", "info"',
		);
	});
});

describe("a plugin that wraps ours and drops what its init returns", () => {
	it("still gets refusals, and their log lines at the default level", async () => {
		const lines: string[] = [];
		const wrapped = { ...passkey(), init: () => ({}) };
		const { auth } = await getTestInstance(
			{ plugins: [wrapped], logger: { level: "debug", log: (level, line) => void lines.push(`${level} ${line}`) } },
			{ disableTestUser: true },
		);
		const answer = await new Browser((request) => auth.handler(request)).verifyAuthentication({});
		expect(answer).toMatchObject({ status: 400, body: { code: "CHALLENGE_NOT_FOUND" } });
		const ours = lines.filter((line) => line.includes("[passkey]"));
		expect(ours).toEqual([expect.stringMatching(/^warn \[passkey\] sign-in refused: CHALLENGE_NOT_FOUND/)]);
	});
});
