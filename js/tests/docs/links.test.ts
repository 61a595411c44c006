import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** The Markdown files in a folder and, with `recursive`, below it; paths from the root. */
function pagesIn(folder: string, { recursive = false } = {}): string[] {
	const names = readdirSync(join(root, folder), { recursive, encoding: "utf8" });
	return names.filter((name) => name.endsWith(".md")).map((name) => normalize(join(folder, name)));
}

const examples = readdirSync(join(root, "js/examples")).map((name) => join("js/examples", name));
const pages = [...pagesIn("."), ...pagesIn("docs", { recursive: true }), ...examples.flatMap((name) => pagesIn(name))];
const decisions = pages.filter((page) => dirname(dirname(page)) === join("docs", "decisions"));

const read = (page: string) => readFileSync(join(root, page), "utf8");

/** Without code, where brackets and `#` have other meanings. */
const prose = (page: string) => read(page).replaceAll(/^```.*?^```/gms, "");

/** The targets of the links to files and headings, `[text](target)`. Other sites are not asked. */
function linksOf(page: string): string[] {
	const text = prose(page).replaceAll(/`[^`\n]*`/g, "");
	return [...text.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target]) =>
		target && !/^[a-z]+:/.test(target) ? [target] : [],
	);
}

/** The fragments of the headings, as GitHub makes them: lower case, no punctuation, hyphens for spaces. */
function fragmentsOf(page: string): string[] {
	return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);
}

/** Why a link leads nowhere, or null. */
function problemOf(page: string, link: string): string | null {
	const [path = "", fragment] = link.split("#");
	const target = path === "" ? page : normalize(join(dirname(page), path));
	if (!existsSync(join(root, target))) return `${link}: no such file`;
	if (fragment === undefined) return null;
	if (statSync(join(root, target)).isDirectory()) return `${link}: a folder has no headings`;
	return fragmentsOf(target).includes(fragment) ? null : `${link}: no such heading`;
}

describe("links", () => {
	it.each(pages)("of %s lead to files and headings that exist", (page) => {
		expect(linksOf(page).flatMap((link) => problemOf(page, link) ?? [])).toEqual([]);
	});

	it("are found at all, and broken ones are recognized", () => {
		expect(pages).toEqual(expect.arrayContaining(["docs/errors.md", "js/examples/node-sqlite/README.md"]));
		expect(decisions).toContain("docs/decisions/crate/cbor-subset.md");
		expect(linksOf("README.md")).toContain("docs/better-auth.md");
		expect(problemOf("docs/better-auth.md", "missing.md")).toBe("missing.md: no such file");
		expect(problemOf("README.md", "SECURITY.md#missing")).toBe("SECURITY.md#missing: no such heading");
		expect(problemOf("README.md", "docs#missing")).toBe("docs#missing: a folder has no headings");
	});
});

describe("comments", () => {
	it.each(["src", "js/src", "js/build", "tools", "tests/fuzz/src"])(
		"in %s name pages of docs/ that exist",
		(folder) => {
			const sources = readdirSync(join(root, folder), { recursive: true, withFileTypes: true, encoding: "utf8" })
				.filter((entry) => entry.isFile() && /\.(rs|ts|mjs|sh)$/.test(entry.name))
				.map((entry) => join(entry.parentPath, entry.name));
			expect(sources).not.toEqual([]);
			const named = sources.flatMap((path) => readFileSync(path, "utf8").match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
			expect(named.filter((page) => !existsSync(join(root, page)))).toEqual([]);
		},
	);
});

describe("the index of decisions", () => {
	const index = read("docs/decisions/README.md").replaceAll(/\s+/g, " ");

	it.each(decisions)("has the title of %s, then its link", (page) => {
		const [title] = read(page).split("\n");
		const [folder, name] = [basename(dirname(page)), basename(page, ".md")];
		expect(index).toContain(`- ${title?.slice(2)}: [${name}](${folder}/${name}.md)`);
	});
});
