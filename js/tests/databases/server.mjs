// One of several server processes on one PostgreSQL, each with its own pool. The argument is the database's URL. The
// process prints its port as soon as it listens, and exits when its standard input ends.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { toNodeHandler } from "better-auth/node";
import pg from "pg";
import { passkey } from "touchstone-webauthn/better-auth";

const [url] = process.argv.slice(2);
const digest = (password) => createHash("sha256").update(password).digest("hex");

const auth = betterAuth({
	baseURL: "http://localhost:3000",
	secret: "one secret that every one of these processes has",
	database: new pg.Pool({ connectionString: url, max: 10 }),
	emailAndPassword: {
		enabled: true,
		// The tests are about passkeys. They sign up hundreds of users first, and a real hash takes most of a second.
		password: {
			hash: async (password) => digest(password),
			verify: async (given) => given.hash === digest(given.password),
		},
	},
	rateLimit: { enabled: false },
	logger: { level: "error" },
	plugins: [passkey()],
});

const server = createServer(toNodeHandler(auth));
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.resume().once("end", () => process.exit());
