import { type CleanedWhere, createAdapterFactory } from "better-auth/adapters";

type Row = Record<string, unknown>;

/**
 * A Better Auth adapter over arrays with only the required methods, like many community adapters. Better Auth then
 * builds the atomic methods from conditional writes. Each method waits a moment first, so that requests interleave.
 */
export function plainAdapter(tables: Record<string, Row[]>) {
	const rows = async (model: string, where: CleanedWhere[] = []) => {
		await new Promise((resolve) => setTimeout(resolve, 1));
		const table = tables[model] ?? [];
		tables[model] = table;
		return table.filter((row) => where.every((condition) => matches(row, condition)));
	};
	return createAdapterFactory({
		config: { adapterId: "plain", supportsBooleans: true, supportsDates: true, supportsJSON: false },
		adapter: () => ({
			create: async ({ model, data }) => {
				await rows(model);
				tables[model]?.push({ ...data });
				return data;
			},
			findOne: async ({ model, where }) => clone((await rows(model, where))[0]) as never,
			findMany: async ({ model, where, limit, offset = 0 }) =>
				(await rows(model, where)).slice(offset, offset + limit).map(clone) as never,
			update: async ({ model, where, update }) => {
				const [row] = await rows(model, where);
				return (row ? Object.assign(row, update) : null) as never;
			},
			updateMany: async ({ model, where, update }) => {
				const found = await rows(model, where);
				for (const row of found) Object.assign(row, update);
				return found.length;
			},
			delete: async ({ model, where }) => void remove(tables, model, await rows(model, where)),
			deleteMany: async ({ model, where }) => remove(tables, model, await rows(model, where)),
			count: async ({ model, where }) => (await rows(model, where)).length,
		}),
	});
}

function clone(row: Row | undefined): Row | null {
	return row ? { ...row } : null;
}

function remove(tables: Record<string, Row[]>, model: string, found: Row[]): number {
	tables[model] = (tables[model] ?? []).filter((row) => !found.includes(row));
	return found.length;
}

function matches(row: Row, { field, operator, value }: CleanedWhere): boolean {
	const found = comparable(row[field]);
	const wanted = comparable(value);
	if (operator === "eq") return found === wanted;
	if (operator === "ne") return found !== wanted;
	if (operator === "lt") return Number(found) < Number(wanted);
	if (operator === "lte") return Number(found) <= Number(wanted);
	if (operator === "gte") return Number(found) >= Number(wanted);
	if (operator === "starts_with") return String(found).startsWith(String(wanted));
	throw new Error(`The tests need no ${operator}.`);
}

function comparable(value: unknown): unknown {
	return value instanceof Date ? value.getTime() : (value ?? null);
}
