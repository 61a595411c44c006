import assert from "node:assert/strict";

/** A client without a browser: sends JSON and keeps cookies. */
export class Caller {
	#url;
	#cookies = new Map();

	constructor(url) {
		this.#url = url;
	}

	/** Creates an account and returns its signed-in caller. */
	static async withAccount(demo) {
		const caller = new Caller(demo.url);
		caller.account = await demo.createAccount();
		caller.#cookies.set(caller.account.cookie.name, caller.account.cookie.value);
		return caller;
	}

	get = (path) => this.#send(path, { method: "GET" });

	post = (path, body) =>
		this.#send(path, {
			method: "POST",
			body: typeof body === "string" ? body : JSON.stringify(body),
			headers: { "content-type": "application/json" },
		});

	/** Registers the authenticator's passkey for the signed-in account. */
	async register(authenticator) {
		const { body: options } = await this.get("passkey/generate-register-options");
		const answer = await this.post("passkey/verify-registration", { response: authenticator.create(options) });
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
		return answer.body;
	}

	/** Another caller with a copy of the cookies, which it still sends after the server has deleted the original ones. */
	copy = () => this.at(this.#url);

	/** The same caller at another address. */
	at(url) {
		const copy = new Caller(url);
		copy.#cookies = new Map(this.#cookies);
		return copy;
	}

	forgetCookies() {
		this.#cookies.clear();
	}

	async #send(path, { method, body, headers = {} }) {
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const response = await fetch(`${this.#url}/api/auth/${path}`, {
			method,
			body,
			headers: { origin: this.#url, cookie, ...headers },
		});
		for (const line of response.headers.getSetCookie()) {
			const [name, value] = line.split(";", 1)[0].split(/=(.*)/s);
			this.#cookies.set(name, value);
		}
		const text = await response.text();
		return {
			status: response.status,
			body: text === "" ? undefined : JSON.parse(text),
			signedIn: response.headers.getSetCookie().some((line) => /session_token=[^;]/.test(line)),
		};
	}
}
