// Files that are chosen or dropped, those in folders too.

// In a folder there are other things, too.
const AUDIO_NAME = /\.(wav|wave|w64|rf64|flac|ogg|oga|opus|mp3|aif|aiff|aifc|caf|au|m4a|mp4|mov|webm|mka|mkv|amr|3gp|aac|wma|spx)$/i;
const isAudio = file => file.type.startsWith("audio/") || AUDIO_NAME.test(file.name);
const isHidden = path => path.split("/").some(name => name.startsWith("."));

const {compare} = new Intl.Collator(undefined, {numeric: true});

const fileOf = entry => new Promise((resolve, reject) => entry.file(resolve, reject));

// A reader hands over some entries at a time, and none at the end.
async function entriesOf(directory) {
    const reader = directory.createReader(), found = [];
    for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return found;
        found.push(...some);
    }
}

async function walk(entry, path, found) {
    const its = path + entry.name;
    if (entry.isFile) return found.push({file: await fileOf(entry), path: its, isInFolder: path !== ""});
    for (const inner of await entriesOf(entry)) await walk(inner, `${its}/`, found);
}

function sorted(found) {
    const taken = found.filter(item => !item.isInFolder || (isAudio(item.file) && !isHidden(item.path)));
    taken.sort((a, b) => compare(a.path, b.path));
    return {files: taken.map(({file, path}) => ({file, path})), n_others: found.length - taken.length};
}

// {files: [{file, path}], n_others}: by path, and how many of a folder are no recordings by their names.
export async function dropped(transfer) {
    // The list is empty once the event is over.
    const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return chosen(transfer.files);
    const found = [];
    for (const entry of entries) await walk(entry, "", found);
    return sorted(found);
}

export const chosen = files => sorted([...files].map(file => ({file, path: file.webkitRelativePath || file.name, isInFolder: Boolean(file.webkitRelativePath)})));

// Whether a drop is more than one recording.
export const isMany = transfer => transfer.items.length > 1 || Boolean(transfer.items[0]?.webkitGetAsEntry?.()?.isDirectory);
