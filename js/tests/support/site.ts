import { getTestInstance } from "better-auth/test";
import { type PasskeyEvent, type PasskeyOptions, passkey } from "touchstone-webauthn/better-auth";
import { type Deviations, SoftwareAuthenticator } from "./authenticator.js";

export const ORIGIN = "http://localhost:3000";
const BASE = `${ORIGIN}/api/auth`;

type InstanceOptions = NonNullable<Parameters<typeof getTestInstance>[0]>;

/** A Better Auth server with the plugin in this process, with its log lines and events. */
export async function openSite(options: PasskeyOptions = {}, instance: Partial<InstanceOptions> = {}) {
	const events: PasskeyEvent[] = [];
	const log: string[] = [];
	const plugin = passkey({ onEvent: (event) => void events.push(event), ...options });
	const config = {
		// Better Auth disables its origin check in test runners; here it stays enabled, as in production.
		advanced: { disableOriginCheck: false },
		logger: { level: "debug", log: (level, message) => void log.push(`${level} ${message}`) },
		...instance,
		plugins: [...(instance.plugins ?? []), plugin],
	} satisfies InstanceOptions;
	const { auth, db } = await getTestInstance(config, { disableTestUser: true });
	return {
		auth,
		db,
		events,
		/** The log lines of the plugin, without those of Better Auth itself. */
		log: () => log.filter((line) => line.includes("[passkey]")),
		fullLog: log,
		browser: () => new Browser((request) => auth.handler(request)),
		passkeys: () => db.findMany<Record<string, unknown>>({ model: "passkey" }),
		sessions: () => db.findMany<Record<string, unknown>>({ model: "session" }),
	};
}

export type Site = Awaited<ReturnType<typeof openSite>>;

export interface Answer<T = Record<string, unknown>> {
	status: number;
	/** The JSON of the response; null if there is none. */
	body: T & { code?: string; message?: string };
	headers: Headers;
}

/** A browser: a cookie jar, and the requests that pages send. */
export class Browser {
	readonly cookies = new Map<string, string>();
	readonly #handler: (request: Request) => Promise<Response>;

	constructor(handler: (request: Request) => Promise<Response>) {
		this.#handler = handler;
	}

	get(path: string) {
		return this.send(path, { method: "GET" });
	}

	post(path: string, body: unknown) {
		return this.send(path, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
	}

	async send(path: string, init: RequestInit): Promise<Answer> {
		const response = await this.fetch(`${BASE}${path}`, init);
		const text = await response.text();
		return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers };
	}

	/** Acts as `fetch` on a page of the site: sends the cookies and stores those of the response. */
	readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
		const headers = new Headers(init.headers);
		headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
		if (!headers.has("origin")) headers.set("origin", ORIGIN);
		const response = await this.#handler(new Request(url, { ...init, headers }));
		for (const line of response.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (/max-age=0/i.test(line)) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		return response;
	};

	/** Another browser with a copy of the cookies. */
	copy(): Browser {
		const copy = new Browser(this.#handler);
		for (const [name, value] of this.cookies) copy.cookies.set(name, value);
		return copy;
	}

	async signUp(email: string): Promise<string> {
		const { body } = await this.post("/sign-up/email", { email, password: "correct horse", name: email.split("@")[0] });
		return (body as unknown as { user: { id: string } }).user.id;
	}

	async signOut(): Promise<void> {
		await this.post("/sign-out", {});
	}

	async session(): Promise<{ user: { id: string } } | null> {
		const { body } = await this.get("/get-session");
		return body as unknown as { user: { id: string } } | null;
	}

	async creationOptions(query = "") {
		const { body } = await this.get(`/passkey/generate-register-options${query}`);
		return body as unknown as CreationBody;
	}

	async requestOptions() {
		const { body } = await this.get("/passkey/generate-authenticate-options");
		return body as unknown as RequestBody;
	}

	verifyRegistration(response: unknown, more: Record<string, unknown> = {}) {
		return this.post("/passkey/verify-registration", { response, ...more });
	}

	verifyAuthentication(response: unknown, more: Record<string, unknown> = {}) {
		return this.post("/passkey/verify-authentication", { response, ...more });
	}

	/** The complete step-up ceremony; returns the answer to the response. */
	async stepUp(authenticator: SoftwareAuthenticator, purpose: string, deviations: Deviations = {}) {
		const { body } = await this.post("/passkey/generate-step-up-options", { purpose });
		const { ceremonyId, ...options } = body as unknown as RequestBody;
		const response = authenticator.authenticate(options, deviations);
		return this.post("/passkey/verify-step-up", { response, ceremonyId });
	}

	/** The complete ceremony that adds a passkey. */
	async addPasskey(authenticator: SoftwareAuthenticator, deviations: Deviations = {}) {
		const options = await this.creationOptions();
		return this.verifyRegistration(authenticator.register(options, deviations));
	}

	/** The complete sign-up with a passkey alone. */
	async signUpWithPasskey(authenticator: SoftwareAuthenticator, signUp: unknown, more: Record<string, unknown> = {}) {
		const { ceremonyId, ...options } = await this.signUpOptions(signUp);
		return this.verifyRegistration(authenticator.register(options), { ceremonyId, ...more });
	}

	async signUpOptions(signUp: unknown) {
		const { body } = await this.post("/passkey/generate-register-options", { signUp });
		return body as unknown as CreationBody;
	}

	/** The complete sign-in with a passkey. */
	async signIn(authenticator: SoftwareAuthenticator, deviations: Deviations = {}) {
		const options = await this.requestOptions();
		return this.verifyAuthentication(authenticator.authenticate(options, deviations));
	}
}

export interface CreationBody {
	ceremonyId: string;
	challenge: string;
	rp: { id: string; name: string };
	user: { id: string; name: string; displayName: string };
	pubKeyCredParams: { alg: number; type: string }[];
	excludeCredentials: { id: string }[];
	authenticatorSelection: Record<string, unknown>;
	attestation: string;
	extensions?: Record<string, unknown>;
}

export interface RequestBody {
	ceremonyId: string;
	challenge: string;
	rpId: string;
	userVerification: string;
	allowCredentials?: { id: string }[];
	extensions?: Record<string, unknown>;
}

/** A signed-in user with `count` passkeys and no other sign-in method. */
export async function withPasskeysOnly(site: Site, email: string, count: number) {
	const browser = site.browser();
	const userId = await browser.signUp(email);
	const authenticators = Array.from({ length: count }, () => new SoftwareAuthenticator());
	const passkeyIds: string[] = [];
	for (const authenticator of authenticators) {
		passkeyIds.push(String((await browser.addPasskey(authenticator)).body.id));
	}
	await site.db.deleteMany({ model: "account", where: [{ field: "userId", value: userId }] });
	site.events.length = 0;
	return { browser, userId, authenticators, passkeyIds };
}

/** Adds `count` passkeys to the account of this browser, all at once. */
export async function addAtOnce(browser: Browser, count: number): Promise<Answer[]> {
	const attempts = [];
	for (let made = 0; made < count; made++) {
		const { ceremonyId, ...options } = await browser.creationOptions();
		attempts.push({ ceremonyId, response: new SoftwareAuthenticator().register(options) });
	}
	return Promise.all(
		attempts.map(({ response, ceremonyId }) => browser.copy().verifyRegistration(response, { ceremonyId })),
	);
}

/** A user who signed up, added a passkey and signed out. */
export async function enrolled(site: Site, email: string, authenticator = new SoftwareAuthenticator()) {
	const browser = site.browser();
	const userId = await browser.signUp(email);
	const { body } = await browser.addPasskey(authenticator);
	await browser.signOut();
	site.events.length = 0;
	return { browser, userId, authenticator, passkeyId: String((body as { id?: unknown }).id) };
}
