/** A secondary storage for Better Auth in memory. Like Redis, it counts in whole seconds and drops expired values. */
export function memoryStorage() {
	const values = new Map<string, { value: string; until: number }>();
	const read = (key: string) => {
		const found = values.get(key);
		return found && found.until > Date.now() ? found.value : null;
	};
	return {
		get: async (key: string) => read(key),
		set: async (key: string, value: string, seconds = Number.POSITIVE_INFINITY) =>
			void values.set(key, { value, until: Date.now() + seconds * 1000 }),
		delete: async (key: string) => void values.delete(key),
		getAndDelete: async (key: string) => {
			const value = read(key);
			values.delete(key);
			return value;
		},
		increment: async () => 1,
		keys: () => [...values.keys()],
	};
}
