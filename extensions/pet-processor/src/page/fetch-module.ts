/** How often the module of an address did not come. */
const failures = new Map<string, number>();

/** Some browsers remember that a module failed, by its address: another fragment is another try. */
export async function fetchModule<Module>(address = ""): Promise<Module> {
  const failed = failures.get(address) ?? 0;
  try {
    return (await import(failed === 0 ? address : `${address}#${failed}`)) as Module;
  } catch (fault) {
    failures.set(address, failed + 1);
    throw fault;
  }
}
