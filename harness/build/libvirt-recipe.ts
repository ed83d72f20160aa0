import { PACK_PRODUCTS } from "./pack-products.ts";
import type { Recipe } from "./recipe.ts";

/** Changes when the harness builds something else from the same source. */
const RECIPE_FORMAT = 1;

/**
 * What of libvirt Xen needs, and nothing else: a whole package takes ten times as long. An option
 * that a version does not declare is left out.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  driver_libxl: "enabled",
  driver_remote: "enabled",
  driver_libvirtd: "enabled",
  remote_default_mode: "legacy",
  libnl: "enabled",
  yajl: "enabled",
  json_c: "enabled",
  docs: "disabled",
  tests: "disabled",
  rpath: "disabled",
  init_script: "none",
};

/** Where Debian puts things, so that what is built can take the place of what is installed. */
const LAYOUT = [
  ...["--buildtype=plain", "--prefix=/usr", "--libdir=lib/x86_64-linux-gnu"],
  ...["--libexecdir=/usr/lib/libvirt", "--sysconfdir=/etc", "--localstatedir=/var"],
  ...["-Drunstatedir=/run", "--wrap-mode=nodownload", "--auto-features=disabled"],
];

export const LIBVIRT: Recipe = {
  product: "libvirt",
  key: { format: RECIPE_FORMAT, options: OPTIONS, layout: LAYOUT },
  // Four of five files of a tree are what its tests compare with, and they take as long to unpack.
  unread: "tests",
  setup({ source, objects }) {
    const options = Object.entries(OPTIONS).map(([name, value]) => `${name}=${value}`);
    return ["sh", "-ec", SETUP, "setup", source, objects, ...LAYOUT, "--", ...options];
  },
  compile: ({ objects }) => ["ninja", "-C", objects],
  collect: ({ objects }, folder) => ["python3", "-c", COLLECT, objects, folder],
};

/** Which of the options are the source's own is read there: each line of its file declares one. */
const SETUP = `source=$1 objects=$2
shift 2
layout=
while [ "$1" != -- ]; do layout="$layout $1"; shift; done
shift
for option; do
  if grep -qs "^option('\${option%%=*}'" "$source/meson.options" "$source/meson_options.txt"; then
    layout="$layout -D$option"
  fi
done
exec meson setup "$objects" "$source" $layout`;

/** Programs, libraries and data that run in a host; headers, manuals and units do not. */
const COLLECT = `${PACK_PRODUCTS}
import json, sys
objects, out = sys.argv[1:]
wanted = ("/usr/lib/x86_64-linux-gnu/", "/usr/sbin/", "/usr/bin/", "/usr/lib/libvirt/", "/usr/share/libvirt/")
told = subprocess.run(["meson", "introspect", "--installed", objects], check=True, capture_output=True)
found = {}
for made, path in json.loads(told.stdout).items():
    if path.startswith(wanted) and os.path.isfile(made) and not path.endswith((".pc", ".h")):
        found[path] = made
pack(out, found)
`;
