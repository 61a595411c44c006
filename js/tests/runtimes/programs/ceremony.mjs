import { SoftwareAuthenticator } from "./authenticator.mjs";
import { ORIGIN } from "./site.mjs";

/** A browser at the site whose requests `handle` answers. */
class Browser {
	#cookies = new Map();
	#handle;

	constructor(handle) {
		this.#handle = handle;
	}

	async send(path, body) {
		const headers = {
			origin: ORIGIN,
			cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
			...(body && { "content-type": "application/json" }),
		};
		const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
		const response = await this.#handle(new Request(`${ORIGIN}/api/auth${path}`, init));
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (/max-age=0/i.test(line)) this.#cookies.delete(name);
			else this.#cookies.set(name, value);
		}
		const text = await response.text();
		// A body that is not JSON is an error page of the runtime.
		if (!/^(null|[[{])/.test(text)) throw new Error(`${path}: ${response.status} ${text}`);
		return { status: response.status, body: JSON.parse(text) };
	}

	async get(path) {
		const { status, body } = await this.send(path);
		if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
		return body;
	}

	async post(path, content) {
		const { status, body } = await this.send(path, content);
		if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
		return body;
	}
}

/**
 * Signs up, adds a passkey, signs out, is refused with a wrong signature, and signs in with the right one.
 *
 * @returns what happened; the runner compares it.
 */
export async function perform(handle) {
	const browser = new Browser(handle);
	const authenticator = new SoftwareAuthenticator({ origin: ORIGIN });
	const { user } = await browser.post("/sign-up/email", {
		email: "ada@example.com",
		password: "correct horse battery",
		name: "Ada",
	});
	const creation = await browser.get("/passkey/generate-register-options");
	await browser.post("/passkey/verify-registration", { response: authenticator.register(creation) });
	await browser.post("/sign-out", {});
	const signedOut = await browser.get("/get-session");

	const assertion = async (deviations) =>
		authenticator.authenticate(await browser.get("/passkey/generate-authenticate-options"), deviations);
	const path = "/passkey/verify-authentication";
	const wrong = await browser.send(path, { response: await assertion({ wrongSignature: true }) });
	const stillSignedOut = await browser.get("/get-session");
	await browser.post(path, { response: await assertion() });
	const session = await browser.get("/get-session");
	const passkeys = await browser.get("/passkey/list-user-passkeys");
	return {
		signedOut: signedOut === null && stillSignedOut === null,
		wrongSignature: [wrong.status, wrong.body.code],
		signedInAsTheSame: session.user.id === user.id,
		passkeys: passkeys.length,
	};
}
