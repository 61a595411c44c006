"use client";

import { useEffect } from "react";
import * as core from "touchstone-webauthn";
import * as attestation from "touchstone-webauthn/attestation";
import { judge } from "../judge.mjs";

// Also client code: in a browser, the package must not require more than on a server.
export default function Page() {
	useEffect(() => {
		judge({ core, attestation }).then((report) => console.log(JSON.stringify(report)));
	}, []);
	return <p>Verifies in the browser.</p>;
}
