// What all pages share, in one import.

export * from "./elements.js";
export * from "./keep.js";
export * from "./words.js";
export * from "./scene.js";
export * from "./numbers.js";
export * from "./reading.js";
export * from "./sentences.js";
export * from "./door.js";
export * from "./live.js";
export * from "./pieces.js";
