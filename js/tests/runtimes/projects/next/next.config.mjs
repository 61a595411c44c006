const root = import.meta.dirname;

/** @type {import("next").NextConfig} */
export default {
	// Two builds of one application, side by side.
	distDir: process.env.DIST_DIR,
	// Not a folder above that happens to have a lock file too.
	turbopack: { root },
	outputFileTracingRoot: root,
};
