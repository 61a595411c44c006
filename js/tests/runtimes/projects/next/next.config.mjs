const root = import.meta.dirname;

/** @type {import("next").NextConfig} */
export default {
	// Two builds of one application exist side by side.
	distDir: process.env.DIST_DIR,
	// Not a parent folder that also has a lock file.
	turbopack: { root },
	outputFileTracingRoot: root,
};
