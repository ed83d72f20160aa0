/** Folder in dom0 of the toolstack's logs: device models, hotplug scripts, bootloaders. */
export const hostLogFolder = "/var/log/xen";

/** Folder in dom0 where xenconsoled logs the consoles of guests. */
export const guestConsoleFolder = `${hostLogFolder}/console`;
