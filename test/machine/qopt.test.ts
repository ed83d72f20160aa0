import t from "tap";
import { qescape, qopt } from "../../harness/machine/qopt.ts";

t.test("values are joined, commas in them doubled", async (t) => {
  t.equal(
    qopt("socket", { id: "a", path: "/x,y/z", wait: false }),
    "socket,id=a,path=/x,,y/z,wait=off",
  );
  t.equal(qopt("file", { id: "a", port: 0, share: true }), "file,id=a,port=0,share=on");
});

t.test("undefined leaves a key out", async (t) => {
  t.equal(qopt("x", { a: undefined, b: "" }), "x,b=");
  t.equal(qopt("x"), "x");
});

t.test("every comma counts", async (t) => {
  t.equal(qescape("a,,b,"), "a,,,,b,,");
});
