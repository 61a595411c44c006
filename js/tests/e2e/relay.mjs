import { once } from "node:events";
import { createServer, request } from "node:http";

/**
 * Serves the demo's page at another port, forwards all requests, and tells the
 * server that they come from the right origin, as a phishing site does.
 */
export async function startRelay(target) {
	const delivered = [];
	const server = createServer((incoming, outgoing) => {
		const headers = { ...incoming.headers, host: new URL(target).host };
		if (headers.origin) headers.origin = target;
		if (headers.referer) headers.referer = `${target}/`;
		delivered.push({ path: incoming.url, origin: headers.origin });
		const onward = request(`${target}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on("error", () => outgoing.destroy());
		incoming.pipe(onward);
	});
	server.listen(0, "localhost");
	await once(server, "listening");
	return {
		url: `http://localhost:${server.address().port}`,
		/** Path and claimed origin of each forwarded request. */
		delivered,
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, "close");
		},
	};
}
