type ElementType<T extends Element> = new () => T;

/** The element with this ID. If the page does not have it, that is a bug. */
export function byId<T extends HTMLElement>(id: string, type: ElementType<T>): T {
	return checked(document.getElementById(id), type, `#${id}`);
}

/** The first element inside `root` that matches the selector. */
export function find<T extends Element>(root: ParentNode, selector: string, type: ElementType<T>): T {
	return checked(root.querySelector(selector), type, selector);
}

function checked<T extends Element>(found: Element | null, type: ElementType<T>, what: string): T {
	if (found instanceof type) return found;
	throw new Error(`The page has no ${type.name} ${what}`);
}

/** An icon from the sprite at the top of the page. */
export function icon(name: string): SVGSVGElement {
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	svg.classList.add("icon");
	svg.setAttribute("aria-hidden", "true");
	const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
	use.setAttribute("href", `#icon-${name}`);
	svg.append(use);
	return svg;
}
