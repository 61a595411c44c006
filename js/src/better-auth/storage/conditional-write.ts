import type { AuthContext, Where } from "better-auth";

type Adapter = AuthContext["adapter"];

interface Guarded {
	model: string;
	/** The row's ID and the conditions that the row must fulfil. */
	where: Where[];
}

/**
 * On MySQL, Prisma's client returns the row that it read earlier, even if another request was faster and nothing was
 * written. Its methods for many rows return the number of written rows.
 */
const answersUnwritten = (adapter: Adapter) => adapter.id === "prisma";

/**
 * Changes the row in one atomic step if it fulfils the conditions. Returns the changed row, or null if nothing was
 * written.
 */
export async function writeGuarded<T>(
	adapter: Adapter,
	{ model, where, set }: Guarded & { set: Record<string, unknown> },
): Promise<T | null> {
	if (!answersUnwritten(adapter)) return adapter.incrementOne<T>({ model, where, increment: {}, set });
	const written = await adapter.updateMany({ model, where, update: set });
	return written > 0 ? adapter.findOne<T>({ model, where: where.filter(({ field }) => field === "id") }) : null;
}

/**
 * Removes the row if it fulfils the conditions. Of several concurrent removals, one gets the row and the others get
 * null.
 */
export async function removeGuarded<T>(adapter: Adapter, { model, where }: Guarded): Promise<T | null> {
	if (!answersUnwritten(adapter)) return adapter.consumeOne<T>({ model, where });
	const row = await adapter.findOne<T>({ model, where });
	return row && (await adapter.deleteMany({ model, where })) > 0 ? row : null;
}
