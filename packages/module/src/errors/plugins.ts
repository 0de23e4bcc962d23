import { defineErrors } from "./define.ts";

/** Plugins: their archives, their lock, their signatures, and what is in their folders. */
export const pluginErrors = defineErrors({
  PLUGIN_FILE_CHANGED: {
    message: 'the file {file} of the plugin "{plugin}" is not the one that was installed',
    fix: "Find out who changed it, then put the plugin back as it was with platformctl plugins restore.",
    why: "Every file of a plugin is pinned by its hash in plugins.lock, and nothing of a plugin is imported before all of them match. A change that nobody announced may be an accident or an attack; the platform cannot tell which.",
  },
  PLUGIN_FILE_ADDED: {
    message: 'there is {file} in the folder of the plugin "{plugin}", which was not installed with it',
    fix: "Find out who put it there, then remove it, or put the plugin back as it was with platformctl plugins restore.",
    why: "A file that is not in plugins.lock could be imported by the plugin's code without anybody having checked it.",
  },
  PLUGIN_FILE_MISSING: {
    message: 'the file {file} of the plugin "{plugin}" is missing',
    fix: "Put the plugin back as it was with platformctl plugins restore.",
    why: "Without one of its files a plugin is another plugin: an import that fails may be caught by its code, and something else done instead.",
  },
  PLUGIN_FILE_KIND: {
    message: '{file} of the plugin "{plugin}" is {kind} instead of a plain {expected}',
    fix: "Find out who put it there, then put the plugin back as it was with platformctl plugins restore.",
    why: "A link can lead to other content at any moment after it was checked, and a device or pipe has no content to check.",
  },
  PLUGIN_FILE_UNREADABLE: {
    message: '{file} of the plugin "{plugin}" cannot be read: {reason}',
    fix: "Let the user that the platform runs as read the plugin's folder.",
    why: "What cannot be read cannot be checked, and what was not checked is not imported.",
  },
  PLUGIN_FOLDER_MISSING: {
    message: 'the plugin "{plugin}" is in plugins.lock, but its folder {folder} is missing',
    fix: "Put it back with platformctl plugins restore, or take it out with platformctl plugins remove {plugin}.",
    why: "The lock says what is installed. A platform that starts without one of its plugins would be another platform.",
  },
  PLUGIN_MANIFEST_OTHER: {
    message: 'the plugin "{plugin}" version {version} holds the manifest of {found}',
    fix: "Install it again with platformctl plugins add.",
    why: "Name and version in plugins.lock and in the plugin's own manifest must be the same.",
  },
  PLUGIN_NOT_LOCKED: {
    message: "{folder} is not in plugins.lock, so nobody knows what should be in it",
    fix: "Install it with platformctl plugins add, or remove the folder.",
    why: "A plugin is known by the hashes in plugins.lock. What was only copied into the folder of plugins is never imported; in production (NODE_ENV=production) the platform does not even start, because somebody expects it to run, or put it there for no good reason.",
  },
  PLUGIN_LOCK_UNREADABLE: {
    message: "plugins.lock cannot be read: {reason}",
    fix: "Let the user that the platform runs as read the file.",
    why: "Without the lock it is unknown what plugins there should be.",
  },
  PLUGIN_LOCK_INVALID: {
    message: "plugins.lock is not as platformctl writes it: {reason}",
    fix: "Take the file back from version control; or delete it and install the plugins again.",
    why: "The lock is written by platformctl plugins add and remove, always with the same bytes for the same content. A file that differs was damaged, merged badly or edited by hand, and decides over what code runs.",
  },
  PLUGIN_LOCK_CHANGED: {
    message: 'the entry of the plugin "{plugin}" in plugins.lock was changed after it had been written',
    fix: "Take the file back from version control, or install the plugin again with platformctl plugins add.",
    why: "Each entry carries a checksum of itself, so that an accident or an edit by hand is noticed. Rights are granted by platformctl plugins add, which shows what the plugin asks for.",
  },
  PLUGIN_LOCK_NEWER: {
    message: "plugins.lock has the format {found}, but this platform reads format {known}",
    fix: "Update Plinth to the version that wrote the file.",
    why: "A newer format may say things that an older platform would pass over.",
  },
  PLUGIN_ARCHIVE_UNREADABLE: {
    message: "the archive cannot be read: {reason}",
    fix: "Make it anew with platformctl plugins pack or npm pack, and copy it whole.",
    why: "A plugin's archive is a tar file compressed by gzip, one and only one, from its first byte to its last. Programs differ in what they make of damaged or concatenated archives, so that one could look harmless to whoever checks it.",
  },
  PLUGIN_ARCHIVE_LIMIT: {
    message: "the archive is too large: {reason}",
    fix: "Leave out what the plugin does not need at run time; a plugin's code and migrations are small.",
    why: "The limits keep an archive that was made to fill memory and disk from doing so. They are checked before anything is written.",
  },
  PLUGIN_ENTRY_KIND: {
    message: "the plugin holds {path}, which is {kind}",
    fix: "Make the plugin from plain files and folders.",
    why: "Links lead out of the folder that a plugin is unpacked in, and devices, pipes and the like are nothing that a plugin needs.",
  },
  PLUGIN_PATH: {
    message: "the plugin has a file with the name {path}, {reason}",
    fix: "Rename the file in the plugin and pack it again.",
    why: "A plugin must unpack to the same files on every system, and all of them inside its own folder.",
  },
  PLUGIN_PATH_TWINS: {
    message: "the plugin has the files {one} and {other}, which are one file on some systems",
    fix: "Rename one of them in the plugin and pack it again.",
    why: "Some file systems do not tell upper from lower case, or ways of writing the same character. One of the files would take the place of the other there, and what was checked would not be what runs.",
  },
  PLUGIN_SOURCE_MISSING: {
    message: 'there is neither a folder nor an archive "{source}"',
    fix: "Name the folder of a plugin, a .tgz archive, or a package such as @acme/sla@1.2.0.",
    why: "What begins with a dot or a slash, or ends in .tgz, is a place on this machine; everything else is a package that npm is asked for.",
  },
  PLUGIN_MANIFEST_MISSING: {
    message: "there is no module.yaml in {source}",
    fix: "Put module.yaml beside the plugin's package.json; where package.json has files, name it there.",
    why: "A plugin is a module, and its manifest says which. It must stand at the top of the plugin's folder or archive.",
  },
  PLUGIN_NPM: {
    message: "npm could not get {spec}: {reason}",
    fix: "Try npm pack {spec} by itself; registry and access are taken from your .npmrc.",
    why: "Packages are fetched by the npm that is installed here, so that its registry, proxy and access settings hold. Scripts of packages are never run.",
  },
  PLUGIN_PACKAGE_FILE: {
    message: "the package.json of the plugin cannot be used: {reason}",
    fix: "Correct package.json in the plugin and pack it again.",
    why: "It says which packages the plugin's code needs.",
  },
  PLUGIN_PACKAGES_MISSING: {
    message: 'the plugin "{plugin}" needs packages that it does not bring along: {packages}',
    fix: "Bundle them into the plugin (bundleDependencies in its package.json, or one bundled file); what the platform has anyway, such as @plinth/module, belongs in peerDependencies.",
    why: "Nothing is installed beside a plugin when it is added, because then other code than the one that was checked and signed would run.",
  },
  PLUGIN_PEERS_MISSING: {
    message: 'the plugin "{plugin}" expects packages from the platform that are not there: {packages}',
    fix: "Install them in the platform with npm install, in the versions that the plugin names.",
    why: "Peer dependencies of a plugin are taken from the node_modules of the platform.",
  },
  PLUGIN_NAME_TAKEN: {
    message: 'there is a module "{plugin}" in the platform already, from {owner}',
    fix: "Rename one of them, or take the other one out.",
    why: "A module is known by its name: its tables, permissions and settings hang on it.",
  },
  PLUGIN_INSTALLED: {
    message: 'the plugin "{plugin}" is installed in version {installed} already',
    fix: "Add --force to put version {version} in its place.",
    why: "Only a newer version takes the place of an installed one by itself. An older one may meet a database that it does not know, and the same version with other content is a reason to ask.",
  },
  PLUGIN_RESTORE_OTHER: {
    message: 'what {source} holds is not the plugin "{plugin}" as it was installed: {difference}',
    fix: "Get the archive that was installed, or install what is there now with platformctl plugins add.",
    why: "A plugin is put back exactly as plugins.lock has it, file by file. Other content is another plugin, which somebody has to agree to.",
  },
  PLUGIN_NEEDED: {
    message: 'the plugin "{plugin}" is needed by {dependents}',
    fix: "Remove {dependents} first, or add --force.",
    why: "Without it the modules that depend on it could not start any more.",
  },
  PLUGIN_UNKNOWN: {
    message: 'there is no plugin "{plugin}" in plugins.lock',
    fix: "{hint}",
    why: "Only what platformctl plugins add has installed can be shown and removed.",
  },
  PLUGIN_FOLDER_OUTSIDE: {
    message: 'plugins.folder is "{folder}", which is not a folder of its own inside the platform',
    fix: "Name a folder below platform.yaml that holds nothing but plugins, such as plugins.",
    why: "Plugins are unpacked there and removed again, so nothing else may be in it.",
  },
  PLUGIN_INSTALL_BUSY: {
    message: "plugins are being changed by process {pid}{place}",
    fix: "Wait until it has ended{mend}.",
    why: "Only one process at a time may change the plugins of a platform. The lock of a process that died is taken over by itself; what runs on another machine or in another container cannot be seen from here.",
  },
  PLUGIN_INSTALL_LOCK: {
    message: "the lock file {lock} cannot be understood",
    fix: "Make sure that no platformctl plugins is running, then delete the file.",
    why: "Something else wrote or cut off the file that says who is changing the plugins.",
  },
  PLUGIN_UNWRITABLE: {
    message: "{file} cannot be written: {reason}",
    fix: "Let the user that you work as write there, and make room where the disk is full.",
    why: "Plugins are unpacked beside platform.yaml. What was begun has been removed again, and plugins.lock is as it was.",
  },
  PLUGIN_SNAPSHOT: {
    message: "the checked files of the plugins cannot be laid down in {folder}: {reason}",
    fix: "Let the user that the platform runs as write there.",
    why: "What was checked is copied to a place that only this process uses, and runs from there, so that nobody can change it between the check and the import.",
  },
  PLUGIN_SIGNATURE_INVALID: {
    message: 'the signature of the plugin "{plugin}" is wrong: {reason}',
    fix: "Do not use it; get the plugin anew from whoever makes it.",
    why: "The plugin says that it was signed, and what is there now is not what was signed. That is refused whether or not signatures are required.",
  },
  PLUGIN_SIGNATURE_MISSING: {
    message: 'the plugin "{plugin}" is not signed, but plugins.signatures is required',
    fix: "Get a signed one, or sign it yourself with platformctl plugins sign and a key that platform.yaml trusts.",
    why: "With plugins.signatures: required only plugins that a trusted key has signed are installed and loaded.",
  },
  PLUGIN_SIGNATURE_UNKNOWN: {
    message: 'the plugin "{plugin}" is signed with the key {key}, which is not among plugins.trustedKeys',
    fix: "If you know whose key it is, add it to plugins.trustedKeys in platform.yaml.",
    why: "A signature says who made a plugin only to those who know the key. Where signatures are optional this is a remark and nothing is refused.",
  },
  PLUGIN_KEY_INVALID: {
    message: "{place} is no Ed25519 key: {reason}",
    fix: "{mend}",
    why: "A public key is written as the base64 of its 32 bytes, as platformctl plugins keygen prints it; a private key is kept in the PEM file that keygen writes.",
  },
  PLUGIN_KEY_EXISTS: {
    message: "there is a file {file} already",
    fix: "Name another file; a key that is overwritten is lost for good.",
    why: "The private key is the only thing that can sign as you do.",
  },
  PLUGIN_RIGHT_UNKNOWN: {
    message: '"{right}" is no right that can be granted: {reason}',
    fix: "Write network, childProcess, workers, addons, read=PATH, write=PATH or env=NAME.",
    why: "Rights say what a plugin in a process of its own may do besides reading its own files.",
  },
  PLUGIN_NOT_CONFIRMED: {
    message: 'the plugin "{plugin}" was not installed, as nobody agreed to what it asks for',
    fix: "Look at what is listed above and add --yes.",
    why: "Without a terminal nobody can be asked. A plugin that asks for rights is installed only when somebody says so.",
  },
});
