// What all pages share, in one import.

export * from "../base/elements.js";
export * from "../base/keep.js";
export * from "../base/words.js";
export * from "../base/scene.js";
export * from "../base/numbers.js";
export * from "../base/reading.js";
export * from "../base/sentences.js";
export * from "./door.js";
export * from "./live.js";
export * from "./pieces.js";
