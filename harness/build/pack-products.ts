/**
 * Python that a recipe's `collect` begins with: `pack(out, found)` copies files, by their paths in
 * a host, into the folder that {@link Recipe.collect} describes; those of `whole` keep their symbols.
 */
export const PACK_PRODUCTS = `import os, shutil, subprocess
def pack(out, found, whole=()):
    shutil.rmtree(out, ignore_errors=True)
    os.mkdir(out)
    for number, (path, made) in enumerate(sorted(found.items())):
        copy = os.path.join(out, str(number))
        shutil.copyfile(made, copy)
        with open(copy, "rb") as file:
            elf = file.read(4) == b"\\x7fELF"
        if elf and path not in whole:
            subprocess.run(["strip", "--strip-unneeded", copy], check=True)
    with open(os.path.join(out, "list"), "w") as file:
        file.write("".join(path + "\\n" for path in sorted(found)))
`;
