// The process of writer.ts: FOLDER bind|edit [PREFIX]. One that does not get the store says why.
import { writeSync } from "node:fs";
import { openStore } from "../../../../host/node/pair/store.ts";
import { makeObject } from "../../../../host/pbx/directory/object.ts";
import { readUri, type SipUri } from "../../../../host/sip/uri.ts";

const [folder = "", what, prefix = ""] = process.argv.slice(2);
const { directory, locations } = await openStore({ folder, now: () => 0 }).catch((error) => {
  writeSync(1, `${error.code}\n`);
  process.exit(1);
});
const contact = "sip:phone@192.0.2.9";

for (let n = 0; ; n++) {
  if (what === "bind") {
    const uri = readUri(contact) as SipUri;
    locations.grant(`${prefix}-${n}`, [{ contact: `<${contact}>`, uri, seconds: 3600 }], "call", n, 0);
    writeSync(1, `${prefix}-${n}\n`);
  } else {
    const password = `${directory.version}`;
    const objects = Array.from({ length: 100 }, (_, at) =>
      makeObject({ user: `${at}`, password }, "pbx.example"),
    );
    directory.edit(objects.map((object) => ({ kind: "put", object })));
    writeSync(1, `${directory.version}\n`);
  }
}
