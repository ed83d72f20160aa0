/** Changes when the harness builds something else from the same source. */
export const RECIPE_FORMAT = 1;

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

/** For the key of a build. */
export const LIBVIRT_RECIPE = { format: RECIPE_FORMAT, options: OPTIONS, layout: LAYOUT };

/** Paths inside the sandbox. */
export interface BuildPlaces {
  source: string;
  objects: string;
}

/** Configures a build. */
export function setupArgv({ source, objects }: BuildPlaces): string[] {
  const options = Object.entries(OPTIONS).map(([name, value]) => `${name}=${value}`);
  return ["sh", "-ec", SETUP, "setup", source, objects, ...LAYOUT, "--", ...options];
}

/** Compiles what has changed. */
export function compileArgv({ objects }: BuildPlaces): string[] {
  return ["ninja", "-C", objects];
}

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
