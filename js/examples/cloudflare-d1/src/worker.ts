import { createAuth, type Env } from "./auth.js";

// A Worker gets its bindings with the first request. The instance that is created then serves all requests of the
// isolate. Better Auth checks the tables once per instance, so an instance for each request would check them each time.
let auth: ReturnType<typeof createAuth> | undefined;

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		auth ??= createAuth(env);
		const { pathname } = new URL(request.url);
		if (pathname.startsWith("/api/auth/")) return auth.handler(request);
		if (pathname === "/api/me") {
			const session = await auth.api.getSession({ headers: request.headers });
			return session ? Response.json({ name: session.user.name }) : new Response("Sign in first\n", { status: 401 });
		}
		return new Response("Not found\n", { status: 404 });
	},
};
