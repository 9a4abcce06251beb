// Rows as CSV (RFC 4180) that a spreadsheet opens without harm.

// What begins so, a spreadsheet would take for a formula, in a script of wide characters too.
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function cell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value !== "string") return String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Objects as lines below the names of their columns.
export const csv = (columns, rows) => [columns.map(cell), ...rows.map(row => columns.map(column => cell(row[column])))].map(cells => `${cells.join(",")}\r\n`).join("");

// Hand text to the browser as a file to keep.
export function keep(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], {type}));
    link.download = name;
    link.click();
    // Once the browser has begun to write it.
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
