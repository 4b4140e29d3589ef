/** The page fetches other languages when they are chosen; tests have all of them from the start. */
import { fetchWords } from "../locales/translate";

await fetchWords("ja");
