// The one record of the message that was read.

import { MESSAGE, MESSAGE_SIZE } from "../../../assembly/base/memory";
import { FOUND, LINE, Message, message, OFFERS, TARGET, URI, VALUE } from "../../../assembly/wire/message";
import { answer, read } from "./packet";

describe("the message", () => {
  it("is one record, the last one that was read", () => {
    expect(changetype<usize>(message())).toBe(MESSAGE);
    read(answer("200 OK"));
    expect(message().status).toBe(200);
    const branch = message().branchFrom;
    read(answer("403 No"));
    expect(message().status).toBe(403);
    expect(message().branchFrom).toBe(branch);
  });

  it("leaves room behind it for what its readers find, each in its place", () => {
    expect(FOUND >= MESSAGE + offsetof<Message>()).toBe(true);
    expect(LINE > FOUND).toBe(true);
    expect(VALUE > LINE).toBe(true);
    expect(URI > VALUE).toBe(true);
    expect(OFFERS > URI).toBe(true);
    expect(TARGET > OFFERS).toBe(true);
    expect(TARGET < MESSAGE + MESSAGE_SIZE).toBe(true);
  });
});
