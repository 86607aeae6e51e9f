/** @dendrite/datasets/csv: CSV text to typed columns. Needs papaparse beside it. */
export { type CsvOptions, readCsv } from './csv/read-csv.ts';
