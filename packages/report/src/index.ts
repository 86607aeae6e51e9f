/** @dendrite/report: charts as SVG strings, and one HTML file that shows them. */
export { type Bar, type BarOptions, bars } from './bars/bars.ts';
export {
  type ConfusionMatrixData,
  type ConfusionMatrixOptions,
  confusionMatrix,
} from './confusion-matrix/confusion-matrix.ts';
export { type Curves, type LearningCurveOptions, learningCurves } from './curves/learning-curves.ts';
export { learningRateChart } from './curves/learning-rate-chart.ts';
export { type LineChartOptions, lineChart, type Series } from './curves/line-chart.ts';
export type { Point } from './curves/points.ts';
export { calibrationChart, precisionRecallChart, rocChart, type ScoreChartOptions } from './curves/score-charts.ts';
export { type HeatMapData, type HeatMapOptions, heatMap } from './heat-map/heat-map.ts';
export { htmlReport, type ReportOptions, type ReportSection } from './html-report/html-report.ts';
export { escapeText } from './markup/markup.ts';
export { type Picture, type PicturesOptions, pictures } from './pictures/pictures.ts';
export { formatNumber, formatPercent } from './scale/numbers.ts';
export { type TableOptions, table } from './table/table.ts';
export { type TreeNode, type TreeOptions, tree } from './tree/tree.ts';
