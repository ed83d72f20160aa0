import t from "tap";
import { lastWords, parseVagrant } from "../../harness/vagrant/machine-readable.ts";

const UP = `Ruby says: warning
1700000000,default,ui,output,==> default: Box 'a'
1700000001,,ui,error,The box could not be found:\\n\\nxenloop/none%!(VAGRANT_COMMA) for libvirt
`;

t.test("lines that are data", async (t) => {
  t.strictSame(parseVagrant(UP), [
    { target: "default", type: "ui", data: ["output", "==> default: Box 'a'"] },
    {
      ...{ target: "", type: "ui" },
      data: ["error", "The box could not be found:\n\nxenloop/none, for libvirt"],
    },
  ]);
});

t.test("why it fails, in one line", async (t) => {
  t.equal(lastWords(UP), "The box could not be found: xenloop/none, for libvirt");
  const quiet = UP.split("\n")[1]!;
  t.equal(lastWords(quiet), "==> default: Box 'a'", "else what it says last");
  t.equal(lastWords(quiet, "driver.rb:65: no socket\n\tfrom up.rb\n"), "driver.rb:65: no socket");
  t.equal(lastWords("no data\nat all"), "no data at all", "else whatever it says");
  t.equal(lastWords(""), "");
});
