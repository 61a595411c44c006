import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { admin, openAPI, twoFactor } from "better-auth/plugins";
import {
	PASSKEY_ERROR_CODES,
	type Passkey,
	type PasskeyPage,
	type PasskeySignal,
	passkey,
} from "touchstone-webauthn/better-auth";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import type { pageAnswer, passkeyAnswer, signalsAnswer } from "../../../src/better-auth/openapi/response-schemas.js";
import { SoftwareAuthenticator } from "../../support/authenticator.js";
import { type Answer, Browser, type CreationBody, enrolled, openSite, type RequestBody } from "../../support/site.js";

type Schema = Record<string, unknown>;
interface Operation {
	operationId?: string;
	requestBody?: { content: { "application/json": { schema: Schema } } };
	responses: Record<string, { description: string; content: { "application/json": { schema: Schema } } }>;
}
interface Description {
	[member: string]: unknown;
	paths: Record<string, Record<string, Operation>>;
}

const links: string[] = [];
const site = await openSite(
	{ signUp: true, maxPasskeysPerUser: 3 },
	{
		plugins: [openAPI(), admin(), twoFactor()],
		emailVerification: { sendVerificationEmail: async ({ url }) => void links.push(url) },
	},
);
const { body: description } = (await site.browser().get("/open-api/generate-schema")) as unknown as {
	body: Description;
};
const operations = Object.entries(description.paths)
	.filter(([path]) => path.startsWith("/passkey/"))
	.flatMap(([path, methods]) => Object.entries(methods).map(([method, about]) => ({ path, method, about })));

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

/** Checks a request and its response against the description, and records the operation and its status. */
function check(method: string, path: string, sent: unknown, { status, body }: Answer): void {
	const operation = description.paths[path]?.[method.toLowerCase()];
	const about = `${method} ${path} ${status}`;
	expect(operation, about).toBeDefined();
	const schema = operation?.responses[String(status)]?.content["application/json"].schema;
	expect(schema, about).toBeDefined();
	expect(problems(schema, body), about).toEqual([]);
	// Better Auth describes its own codes.
	if (status >= 400 && body?.code && body.code in PASSKEY_ERROR_CODES) {
		expect(operation?.responses[String(status)]?.description, about).toContain(`${body.code}: `);
	}
	const asked = operation?.requestBody?.content["application/json"].schema;
	if (status === 200 && asked && sent !== undefined) expect(problems(asked, sent), `${about}, the body`).toEqual([]);
	seen.add(`${method.toLowerCase()} ${path} ${status}`);
}

function problems(schema: Schema | undefined, value: unknown): string[] {
	const validate = ajv.compile(schema ?? false);
	return validate(value)
		? []
		: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

type Sent<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Sent<T[K]> } : T;

/** Compiles only if the exported types and the described types are assignable to each other. */
export const sameTypes = {
	passkey: (passkey: Sent<Passkey>): z.output<ReturnType<typeof passkeyAnswer>> => passkey,
	page: (page: Sent<PasskeyPage>): z.output<ReturnType<typeof pageAnswer>> => page,
	signal: (signal: PasskeySignal[]): z.output<ReturnType<typeof signalsAnswer>> => signal,
	ofPasskey: (passkey: z.output<ReturnType<typeof passkeyAnswer>>): Sent<Passkey> => passkey,
	ofSignal: (signal: z.output<ReturnType<typeof signalsAnswer>>): PasskeySignal[] => signal,
};

const seen = new Set<string>();

class CheckedBrowser extends Browser {
	override async send(path: string, init: RequestInit): Promise<Answer> {
		const answer = await super.send(path, init);
		const [plain = ""] = path.split("?");
		const sent = init.body ? JSON.parse(String(init.body)) : undefined;
		if (plain.startsWith("/passkey/")) check(init.method ?? "GET", plain, sent, answer);
		return answer;
	}
}

const checked = () => new CheckedBrowser((request) => site.auth.handler(request));

describe("the description of the API", () => {
	it("is valid OpenAPI 3.1, and describes the request and response of each endpoint", async () => {
		const { valid, errors } = await new Validator().validate(structuredClone(description));
		expect(errors ?? []).toEqual([]);
		expect(valid).toBe(true);
		expect(operations).toHaveLength(16);
		for (const { path, method, about } of operations) {
			const answer = about.responses["200"]?.content["application/json"].schema ?? {};
			expect(answer.properties ?? answer.items ?? answer.anyOf, `${method} ${path}`).toBeDefined();
			expect(about.responses["200"]).toBeDefined();
		}
	});

	it("is computed only on request", () => {
		for (const { path, options } of Object.values(passkey().endpoints)) {
			const { metadata } = options as { metadata?: { openapi?: object } };
			const lazy = metadata?.openapi && Object.getOwnPropertyDescriptor(metadata.openapi, "responses")?.get;
			expect(lazy, path ?? "of the server").toEqual(path && expect.any(Function));
		}
	});

	it("matches the successful responses of all endpoints", async () => {
		const browser = checked();
		const authenticator = new SoftwareAuthenticator();
		await signUpWithPasskey(browser, authenticator);
		const token = new URL(links[0] ?? "").searchParams.get("token");
		await browser.get(`/passkey/confirm-email?token=${token}`);
		await manage(browser);
		await stepUp(browser, authenticator);
		await browser.signOut();
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 200 });
		await administrate(browser);
		const answered = operations.map(({ path, method }) => `${method} ${path} 200`);
		expect(answered.filter((operation) => !seen.has(operation))).toEqual([]);
	});

	it("matches the refusals of the endpoints", async () => {
		const browser = checked();
		for (const { path, method } of operations) {
			const answer = await (method === "get" ? browser.get(path) : browser.post(path, { id: "nobody" }));
			expect([200, 400, 401, 403, 404]).toContain(answer.status);
		}
		const { authenticator, passkeyId } = await enrolled(site, "carol@example.com");
		await browser.signUp("dave@example.com");
		for (const path of ["update-passkey", "revoke-passkey", "delete-passkey"]) {
			const change = { name: "mine" };
			expect(await browser.post(`/passkey/${path}`, { id: passkeyId, ...change })).toMatchObject({ status: 401 });
			expect(await browser.post(`/passkey/${path}`, { id: "nobody", ...change })).toMatchObject({ status: 404 });
		}
		expect(await browser.signIn(authenticator)).toMatchObject({ status: 403, body: { code: "SESSION_MISMATCH" } });
		for (let count = 0; count < 3; count++) await browser.addPasskey(new SoftwareAuthenticator());
		const full = await browser.get("/passkey/generate-register-options");
		expect(full).toMatchObject({ status: 409, body: { code: "TOO_MANY_PASSKEYS" } });
	});
});

async function signUpWithPasskey(browser: Browser, authenticator: SoftwareAuthenticator) {
	const { body } = await browser.post("/passkey/generate-register-options", {
		signUp: { name: "Ada", email: "ada@example.com" },
	});
	const { ceremonyId, ...options } = body as unknown as CreationBody;
	const description = { platform: "web", deviceName: "Laptop", metadata: { seat: 4 } };
	const response = authenticator.register(options);
	const answer = await browser.verifyRegistration(response, { ceremonyId, name: "First", ...description });
	expect(answer).toMatchObject({ status: 200, body: { session: { id: expect.any(String) } } });
}

async function manage(browser: Browser) {
	await browser.addPasskey(new SoftwareAuthenticator());
	const { body } = await browser.addPasskey(new SoftwareAuthenticator());
	await browser.get("/passkey/list-user-passkeys");
	await browser.get("/passkey/list-user-passkeys?limit=1");
	await browser.get("/passkey/signals");
	await browser.post("/passkey/update-passkey", { id: body.id, name: "Renamed", metadata: null });
	await browser.post("/passkey/revoke-passkey", { id: body.id, reason: "lost" });
	await browser.get("/passkey/list-user-passkeys?includeRevoked=true");
	await browser.post("/passkey/delete-passkey", { id: body.id });
}

async function stepUp(browser: Browser, authenticator: SoftwareAuthenticator) {
	const { body } = await browser.post("/passkey/generate-step-up-options", { purpose: "transfer" });
	const { ceremonyId, ...options } = body as unknown as RequestBody;
	const response = authenticator.authenticate(options);
	expect(await browser.post("/passkey/verify-step-up", { response, ceremonyId })).toMatchObject({ status: 200 });
}

async function administrate(browser: Browser) {
	const { user } = (await browser.session()) ?? {};
	const { adapter } = await site.auth.$context;
	await adapter.update({ model: "user", where: [{ field: "id", value: user?.id ?? "" }], update: { role: "admin" } });
	const member = await enrolled(site, "bob@example.com");
	await browser.get(`/passkey/admin/list-user-passkeys?userId=${member.userId}`);
	await browser.post("/passkey/admin/revoke-passkey", { id: member.passkeyId });
	await browser.post("/passkey/generate-authenticate-options", {});
}
