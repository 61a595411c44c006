// How the time of a sign-in grows with the number of passkeys, of the user and of all users. Measures the verify
// endpoint on SQLite; the databases take turns. Needs Node 24 (node:sqlite).
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { passkey } from "../../js/node_modules/touchstone-webauthn/dist/better-auth/index.js";
import { authenticators, median } from "./common.mjs";
import { assertion, openSite } from "./site.mjs";

const quick = process.argv.includes("--quick");
const { rounds, batch, everybody } = quick
	? { rounds: 2, batch: 3, everybody: 10_000 }
	: { rounds: 30, batch: 20, everybody: 1_000_000 };
const folder = fileURLToPath(new URL("../../target/bench/growth/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const { SoftwareAuthenticator } = await authenticators(folder);
const settings = { rpID: "localhost", rpName: "Bench", origin: "http://localhost:3000" };
const databases = [
	{ name: "1 passkey of the user, 0 of others", own: 1, others: 0 },
	{ name: "10 passkeys of the user", own: 10, others: 0 },
	{ name: "1,000 passkeys of the user", own: 1000, others: 0 },
	{ name: `${everybody.toLocaleString("en")} passkeys of others`, own: 1, others: everybody },
];
for (const [at, site] of databases.entries()) {
	site.authenticator = new SoftwareAuthenticator();
	const { auth, database } = await openSite(passkey(settings), `${folder}${at}.db`, site.authenticator);
	const { userId } = database.prepare("select userId from passkey").get();
	fill(database, userId, site.own - 1);
	fill(database, "somebody", site.others);
	Object.assign(site, { auth, microseconds: [] });
}

for (const site of databases) await signIns(site, quick ? 2 : 100);
for (let round = 0; round < rounds; round++) {
	for (const site of round % 2 ? databases.toReversed() : databases) {
		site.microseconds.push(await signIns(site, batch));
	}
}

const [smallest] = databases;
console.log(`time of a sign-in: medians of ${rounds} rounds of ${batch}, and the ratio to the first line`);
for (const { name, microseconds } of databases) {
	const multiple = median(microseconds.map((time, round) => time / smallest.microseconds[round]));
	console.log(`  ${name.padEnd(40)}${median(microseconds).toFixed(0).padStart(8)} µs  ${multiple.toFixed(2)}`);
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);

async function signIns({ auth, authenticator }, count) {
	const requests = [];
	for (let i = 0; i < count; i++) requests.push(await assertion(auth, authenticator));
	const start = performance.now();
	for (const request of requests) {
		const { status } = await auth.handler(request);
		if (status !== 200) throw new Error(`a sign-in returned status ${status}`);
	}
	return ((performance.now() - start) * 1000) / count;
}

/** Inserts passkeys of this user, each with a random credential ID. */
function fill(database, userId, count) {
	database.exec("pragma foreign_keys = off");
	database
		.prepare(
			`with recursive row(at) as (select 1 union all select at + 1 from row where at < ?)
			insert into passkey (id, publicKey, userId, credentialID, counter, deviceType, backedUp)
			select hex(randomblob(16)), hex(randomblob(77)), ?, hex(randomblob(32)), 0, 'singleDevice', 0
			from row where ? > 0`,
		)
		.run(count, userId, count);
	database.exec("pragma foreign_keys = on; pragma wal_checkpoint(truncate)");
}
