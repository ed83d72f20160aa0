/** Folder in dom0 where xenconsoled logs the consoles of guests. */
export const guestConsoleFolder = "/var/log/xen/console";
