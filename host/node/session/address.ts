// Addresses of other programs as an application writes them down. Above: provider.ts, lease.ts.

/**
 * @param what the option, as messages call it
 * @throws RangeError: no http or https URL, or one with a password in it, which is never repeated
 */
export function checkAddress(what: string, address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== ""))
    throw new RangeError(
      `${what}: an account stands in the address of ${url.host}; take it out, addresses are shown`,
    );
  if (!/^https?:$/.test(url?.protocol ?? ""))
    throw new RangeError(`${what}: "${address}" is no address such as http://10.0.0.1:8080`);
}
