// A Better Auth server on SQLite in this process, with one of two passkey plugins, and a browser that calls it.
import { DatabaseSync } from "node:sqlite";
import { getMigrations } from "../../js/node_modules/better-auth/dist/db/get-migration.mjs";
import { betterAuth } from "../../js/node_modules/better-auth/dist/index.mjs";

const ORIGIN = "http://localhost:3000";

/** Starts a server with one user and one passkey. */
export async function openSite(plugin, file, authenticator) {
	const database = new DatabaseSync(file);
	database.exec("pragma journal_mode = wal; pragma synchronous = normal");
	const auth = betterAuth({
		baseURL: ORIGIN,
		secret: "a secret of a benchmark, forty characters long",
		database,
		emailAndPassword: { enabled: true },
		rateLimit: { enabled: false },
		logger: { disabled: true },
		plugins: [plugin],
	});
	await (await getMigrations(auth.options)).runMigrations();

	const owner = browser(auth);
	await owner("/sign-up/email", { email: "user@example.com", password: "correct horse", name: "User" });
	const options = await owner("/passkey/generate-register-options");
	await owner("/passkey/verify-registration", { response: authenticator.register(options) });
	return { auth, database };
}

/** The last request of a sign-in, after the user has touched the authenticator. */
export async function assertion(auth, authenticator, deviations = {}) {
	const visitor = browser(auth);
	const response = authenticator.authenticate(await visitor("/passkey/generate-authenticate-options"), deviations);
	return visitor.request("/passkey/verify-authentication", { response });
}

/** Keeps cookies and sends requests as a page's `fetch` does. Throws for every status except 200. */
function browser(auth) {
	const cookies = new Map();
	const request = (path, body) => {
		const text = body && JSON.stringify(body);
		return new Request(`${ORIGIN}/api/auth${path}`, {
			method: body ? "POST" : "GET",
			headers: {
				origin: ORIGIN,
				"content-type": "application/json",
				cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
				// Requests over the network have this header; a `Request` in this process does not.
				...(text && { "content-length": `${Buffer.byteLength(text)}` }),
			},
			body: text,
		});
	};
	const send = async (path, body) => {
		const response = await auth.handler(request(path, body));
		if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			cookies.set(name, value);
		}
		return response.json();
	};
	return Object.assign(send, { request });
}
