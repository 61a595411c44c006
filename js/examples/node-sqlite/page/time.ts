const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
	["day", 86_400],
	["hour", 3_600],
	["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" });

/** A `<time>` element: "3 minutes ago", or the date if it is older. Shows the exact time on hover. */
export function timeElement(date: Date): HTMLTimeElement {
	const element = document.createElement("time");
	element.dateTime = date.toISOString();
	element.title = moment.format(date);
	element.textContent = wording(date);
	return element;
}

function wording(date: Date): string {
	const seconds = (date.getTime() - Date.now()) / 1000;
	const age = Math.abs(seconds);
	if (age >= 7 * 86_400) return day.format(date);
	const step = STEPS.find(([, length]) => age >= length);
	// The server's clock may be slightly ahead: "in 2 seconds" would be confusing.
	return step ? relative.format(Math.trunc(seconds / step[1]), step[0]) : "just now";
}
