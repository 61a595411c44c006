"use client";

import { useEffect } from "react";
import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "../judge.mjs";

// Client code too: what the package does not need on a server, it must not ask for in a browser.
export default function Page() {
	useEffect(() => {
		judge({ core, attestation }).then((report) => console.log(JSON.stringify(report)));
	}, []);
	return <p>Verifies in the browser.</p>;
}
