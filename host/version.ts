// The version of the package, from the one place that holds it.
import description from "../package.json" with { type: "json" };

export const VERSION: string = description.version;
