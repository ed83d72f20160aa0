import { PACK_PRODUCTS } from "./pack-products.ts";
import type { Recipe } from "./recipe.ts";

/** Changes when the harness builds something else from the same source. */
const RECIPE_FORMAT = 1;

/** Where the hypervisor is among what is collected: an ELF file, as QEMU's loader wants it. */
export const HYPERVISOR = "/boot/xen";

/** What runs in dom0 between libvirt and the hypervisor; where older sources keep it comes last. */
const TOOLS = ["include", "libs", "console", "xl", "libxc", "xenstore", "libxl"];

/** Where Debian puts things; LEAF is `xen-4.17`. */
const LAYOUT = [
  ...["--prefix=/usr", "--libdir=/usr/lib/x86_64-linux-gnu", "--sysconfdir=/etc"],
  ...["--localstatedir=/var", "--sbindir=/usr/lib/LEAF/bin", "--with-libexec-leaf-dir=LEAF"],
  // Known to Debian's source only; others warn of it.
  "--with-libexec-libdir-suffix=/x86_64-linux-gnu",
  ...["--disable-stubdom", "--disable-docs", "--disable-ocamltools", "--disable-golang"],
  ...["--disable-qemu-traditional", "--disable-rombios", "--disable-systemd"],
  "--with-system-qemu=/usr/libexec/xen-qemu-system-i386",
  "--with-system-seabios=/usr/share/seabios/bios-256k.bin",
  ...["--enable-ovmf", "--with-system-ovmf=/usr/share/ovmf/OVMF.fd"],
];

/** The hypervisor and the tools that libvirt uses, built in a copy: Xen builds where its source is. */
export const XEN: Recipe = {
  product: "xen",
  key: { format: RECIPE_FORMAT, tools: TOOLS, layout: LAYOUT },
  setup: ({ source, objects }) => ["sh", "-ec", SETUP, "setup", source, objects, ...LAYOUT],
  compile: ({ source, objects }) => ["sh", "-ec", COMPILE, "compile", source, objects, ...TOOLS],
  collect: ({ objects }, folder) => ["python3", "-c", COLLECT, objects, folder, ...TOOLS],
};

const SETUP = `source=$1 objects=$2
shift 2
cd "$source"
find . -type f | sort >"$objects/.sources"
cp --archive . "$objects"
cd "$objects"
version=$(sed -n 's/^.*XEN_VERSION *= *//p' xen/Makefile | head -n 1)
subversion=$(sed -n 's/^.*XEN_SUBVERSION *= *//p' xen/Makefile | head -n 1)
if ! [ -x configure ]; then
  cp /usr/share/misc/config.guess /usr/share/misc/config.sub .
  ./autogen.sh
fi
./configure $(echo "$*" | sed "s/LEAF/xen-$version.$subversion/g")
if [ -e debian/xen-kconfig ]; then cp debian/xen-kconfig xen/.config; fi
make -C xen XEN_TARGET_ARCH=x86_64 olddefconfig`;

/** Brings the copy up to the source, by times, and makes what depends on what has changed. */
const COMPILE = `source=$1 objects=$2
shift 2
cd "$source"
find . -type f | sort >"$objects/.sources.new"
cd "$objects"
comm -23 .sources .sources.new | xargs --no-run-if-empty --delimiter='\\n' rm -f
mv .sources.new .sources
cp --archive --update "$source/." .
export XEN_BUILD_DATE=now XEN_BUILD_TIME=now XEN_WHOAMI=xenloop XEN_DOMAIN=local XEN_BUILD_HOST=builder
make -C xen -j"$(nproc)" XEN_TARGET_ARCH=x86_64
for folder; do
  if [ -e "tools/$folder/Makefile" ]; then make -C "tools/$folder" -j"$(nproc)" CONFIG_PV_SHIM=n; fi
done`;

/** Libraries and programs that Debian's hosts have as well, from where \`make install\` puts them. */
const COLLECT = `${PACK_PRODUCTS}
import re, sys, tempfile
objects, out, *folders = sys.argv[1:]
stage = tempfile.mkdtemp()
for folder in folders:
    path = os.path.join(objects, "tools", folder)
    if os.path.exists(os.path.join(path, "Makefile")):
        subprocess.run(["make", "-C", path, "install", "CONFIG_PV_SHIM=n", "DESTDIR=" + stage], check=True)
wanted = re.compile(r"/usr/lib/(x86_64-linux-gnu/lib[^/]+\\.so\\.[\\d.]+|xen-[\\d.]+/bin/[^/]+)$")
found = {"${HYPERVISOR}": os.path.join(objects, "xen/xen")}
for folder, _, names in os.walk(stage):
    for name in names:
        made = os.path.join(folder, name)
        path = made[len(stage):]
        if wanted.match(path) and not os.path.islink(made):
            found[path] = made
pack(out, found, whole=("${HYPERVISOR}",))
`;
