/** A libvirt release that changed something for Xen. */
export interface LibvirtRelease {
  version: string;
  /** Year and month, with the day where it is known. */
  date: string;
  /** Oldest Xen its configure or meson accepts, or that it compiles with. */
  minimumXen: string;
  /** What it asks of libxl; `latest` where it does not set LIBXL_API_VERSION. */
  libxlApi: string;
  changes: string;
}

/** Rows of `version | date | minimum Xen | LIBXL_API_VERSION | changes`, oldest first. */
const TABLE = `
1.2.5  | 2014-06-02 | 4.2 | latest   | no migration yet
1.2.6  | 2014-07-02 | 4.2 | latest   | migration (V3 parameters); cooperative resume; network type NICs; implicit PV console; driver name "file" means qdisk
1.2.7  | 2014-08-03 | 4.2 | latest   | migration fixes (a failed prepare removes the domain, crash of transient domains); NIC hotplug; discard
1.2.10 | 2014-11-03 | 4.2 | latest   | <emulator> honoured; choice of video
1.2.11 | 2014-12-13 | 4.2 | latest   | migration received in a thread; destination started paused and destroyed when finish fails; pygrub found by libxl
1.2.12 | 2015-01-27 | 4.2 | latest   | native format xen-xl
1.2.13 | 2015-03-02 | 4.2 | latest   | VNC and SDL off unless asked for; backend domains
1.2.14 | 2015-04-02 | 4.2 | latest   | one libxl context for the driver
1.2.15 | 2015-05-04 | 4.2 | latest   | the CI minimum (three changes of jobs and locks); libxl.conf; lock manager; HVM direct kernel boot; wait for dom0's balloon fixed
1.2.18 | 2015       | 4.2 | latest   | Domain-0 is an object; SPICE, QXL and sound came with 1.2.16 to 1.2.20
1.2.19 | 2015       | 4.2 | latest   | fixes of migration jobs and reference counts
1.2.21 | 2015-11-04 | 4.2 | latest   | migrateToURI and migrateToURI2 go through V3 parameters
1.3.0  | 2015-12-09 | 4.2 | latest   | CPU and memory statistics
1.3.1  | 2016-01-17 | 4.2 | latest   | job information and statistics
1.3.2  | 2016-03-01 | 4.2 | latest   | peer-to-peer migration and keepalive; rbd disks; interface statistics
1.3.4  | 2016-05-01 | 4.2 | 0x040200 | breaks save, restore and migration with Xen 4.6 and newer
1.3.5  | 2016-06-04 | 4.4 | 0x040400 | migration stream v2 for save, restore and the migration cookie; network disks default to qemu
2.0.0  | 2016-07    | 4.4 | 0x040400 | domain capabilities; with 2.1.0 USB devices, OVMF and block statistics
2.2.0  | 2016-09-02 | 4.4 | 0x040400 | advertises MIGRATION_V3; hooks
2.3.0  | 2016-10-04 | 4.4 | 0x040400 | persistent destination of a migration; channels; list of serial ports
2.4.0  | 2016-11-01 | 4.4 | 0x040400 | leak of migration ports fixed
3.0.0  | 2017-01-17 | 4.4 | 0x040400 | QED disks; a log for each domain; PAE always on
3.1.0  | 2017-03-03 | 4.4 | 0x040400 | tunnelled migration; dom0 balloon with Xen 4.8 fixed; disk detach fixed
3.3.0  | 2017-05-05 | 4.4 | 0x040400 | nested HVM through CPU host-passthrough
4.3.0  | 2018-05-02 | 4.4 | 0x040400 | xend driver removed; nested HVM needs nested_hvm=1 in libxl.conf; xen:///system
4.8.0  | 2018-10-01 | 4.6 | 0x040500 | peer-to-peer logic; job held through a migration; clean-up of the destination; suspend and wakeup
4.10.0 | 2018-12-03 | 4.6 | 0x040500 | PVH; soft reset
5.6.0  | 2019-08    | 4.6 | 0x040500 | format xen-sxpr removed
7.0.0  | 2021-01    | 4.6 | 0x040500 | Debian 11; before it e820_host, passthrough, <xen:commandline> and writeFiltering (6.3 to 6.8)
7.1.0  | 2021-03    | 4.6 | 0x040500 | a guest's shutdown is noticed again
7.3.0  | 2021-05-03 | 4.6 | 0x041300 | memory above 4 TiB with Xen 4.13 and newer (0x040500 with an older one); brings K01
7.5.0  | 2021-07-01 | 4.9 | 0x041300 | Xen before 4.9 no longer supported
8.0.0  | 2022-01-14 | 4.9 | 0x041300 | CVE-2021-4147 fixed; domain messages
8.2.0  | 2022-04    | 4.9 | 0x041300 | user aliases
9.0.0  | 2023-01    | 4.9 | 0x041300 | Debian 12
9.2.0  | 2023-04    | 4.9 | 0x041300 | own path of UEFI firmware
11.3.0 | 2025-05-02 | 4.9 | 0x041300 | Hyper-V flags; filterref refused; Debian 13
`;

export const LIBVIRT_RELEASES: LibvirtRelease[] = TABLE.trim()
  .split("\n")
  .map((row) => {
    const [version = "", date = "", minimumXen = "", libxlApi = "", changes = ""] = row
      .split("|")
      .map((cell) => cell.trim());
    return { version, date, minimumXen, libxlApi, changes };
  });
