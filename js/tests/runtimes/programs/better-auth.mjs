import { perform } from "./ceremony.mjs";
import { handle } from "./site.mjs";

perform(handle).then((report) => console.log(JSON.stringify(report)));
